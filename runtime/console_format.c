#include "runtime/console.h"
#include "runtime/convert.h"
#include "runtime/inspect.h"

/* Appends, or throws for want of memory. */
static bool put(xhr__realm *realm, xhr_status status) {
  if (status != XHR_OK)
    JS_ThrowOutOfMemory(realm->js);
  return status == XHR_OK;
}

/* A value as an argument of its own: a string as it is, others described. */
static bool put_value(xhr__realm *realm, JSValueConst value, xhr__bytes *out) {
  if (JS_IsString(value))
    return xhr__to_usv_string(realm, value, out);
  return put(realm, xhr__inspect(realm, value, XHR__INSPECT_DEPTH, out));
}

/* %d, %i and %f: NaN for a symbol, else what the function makes of it. */
static bool put_number(xhr__realm *realm, JSValueConst value, xhr__intrinsic parse,
                       xhr__bytes *out) {
  JSContext *js = realm->js;
  if (JS_IsSymbol(value))
    return put(realm, xhr__bytes_append(out, XHR__STR("NaN")));
  JSValueConst arguments[] = {value, JS_NewInt32(js, 10)};
  JSValue number = xhr__call_intrinsic(realm, parse, JS_UNDEFINED,
                                       parse == XHR__INTRINSIC_PARSE_INT ? 2 : 1, arguments);
  bool done =
      !JS_IsException(number) && put(realm, xhr__inspect(realm, number, XHR__INSPECT_DEPTH, out));
  JS_FreeValue(js, number);
  return done;
}

/* %s: String(value). */
static bool put_string(xhr__realm *realm, JSValueConst value, xhr__bytes *out) {
  if (JS_IsSymbol(value))
    return put_value(realm, value, out);
  return xhr__to_usv_string(realm, value, out);
}

/* https://console.spec.whatwg.org/#formatter for one specifier. */
static bool put_by_specifier(xhr__realm *realm, char specifier, JSValueConst value,
                             xhr__bytes *out) {
  switch (specifier) {
    case 's': return put_string(realm, value, out);
    case 'd':
    case 'i': return put_number(realm, value, XHR__INTRINSIC_PARSE_INT, out);
    case 'f': return put_number(realm, value, XHR__INTRINSIC_PARSE_FLOAT, out);
    case 'o':
    case 'O': return put(realm, xhr__inspect(realm, value, XHR__INSPECT_DEPTH, out));
    default: return true; /* %c: a text has no style */
  }
}

static bool is_specifier(uint8_t byte) {
  return byte != '\0' && strchr("sdifoOc", byte);
}

/* The first argument with its specifiers replaced; `*used` counts the arguments that are gone. */
static bool put_format(xhr__realm *realm, xhr__str format, int argc, JSValueConst *argv, int *used,
                       xhr__bytes *out) {
  size_t start = 0;
  for (size_t i = 0; i + 1 < format.len; i++) {
    uint8_t next = xhr__str_at(format, i + 1);
    bool replaced = is_specifier(next) && *used < argc;
    if (xhr__str_at(format, i) != '%' || (next != '%' && !replaced))
      continue;
    /* A "%%" leaves its first "%". */
    if (!put(realm, xhr__bytes_append(out, xhr__str_slice(format, start, i + (next == '%')))))
      return false;
    if (next != '%' && !put_by_specifier(realm, (char)next, argv[(*used)++], out))
      return false;
    start = i + 2;
    i++;
  }
  return put(realm, xhr__bytes_append(out, xhr__str_from(format, start)));
}

bool xhr__console_format(xhr__realm *realm, int argc, JSValueConst *argv, xhr__bytes *out) {
  int used = 0;
  /* 1. https://console.spec.whatwg.org/#logger */
  if (argc == 0)
    return true;
  /* 4 to 6. One argument alone is no format. */
  if (argc > 1 && JS_IsString(argv[0])) {
    xhr__bytes format = {0};
    used = 1;
    bool done = xhr__to_usv_string(realm, argv[0], &format) &&
                put_format(realm, xhr__bytes_str(&format), argc, argv, &used, out);
    xhr__bytes_free(&format);
    if (!done)
      return false;
  }
  for (int i = used; i < argc; i++) {
    if ((i > 0 && !put(realm, xhr__bytes_append_byte(out, ' '))) || !put_value(realm, argv[i], out))
      return false;
  }
  return true;
}
