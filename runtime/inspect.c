#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "infra/alloc.h"
#include "infra/utf8.h"
#include "runtime/convert.h"
#include "runtime/inspector.h"

/* How wide a line may be, and how many bytes of a string within an object are shown. */
enum { WIDTH = 76, LONGEST_STRING = 10000 };

void xhr__forget_exception(JSContext *js) {
  JS_FreeValue(js, JS_GetException(js));
}

/* ---- text ------------------------------------------------------------------------------------------------------- */

static void show_str(xhr__inspector *inspector, xhr__bytes *out, xhr__str text) {
  if (inspector->status == XHR_OK)
    inspector->status = xhr__bytes_append(out, text);
}

void xhr__show_text(xhr__inspector *inspector, xhr__bytes *out, const char *text) {
  show_str(inspector, out, xhr__str_c(text));
}

void xhr__show_format(xhr__inspector *inspector, xhr__bytes *out, const char *format, ...) {
  char text[160];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  xhr__show_text(inspector, out, text);
}

/* Converts a primitive to text. */
static void to_text(xhr__inspector *inspector, JSValueConst value, xhr__bytes *text) {
  if (inspector->status != XHR_OK || xhr__to_usv_string(inspector->realm, value, text))
    return;
  xhr__forget_exception(inspector->js);
  inspector->status = XHR_OUT_OF_MEMORY;
}

void xhr__show_string(xhr__inspector *inspector, xhr__bytes *out, JSValueConst string) {
  to_text(inspector, string, out);
}

/* The quote that the text does not hold, if there is one. */
static char choose_quote(xhr__str text) {
  static const char quotes[] = {'\'', '"', '`'};
  for (size_t i = 0; i < sizeof quotes; i++) {
    if (xhr__str_find(text, 0, quotes[i]) == text.len)
      return quotes[i];
  }
  return '\'';
}

static void show_escaped(xhr__inspector *inspector, xhr__bytes *out, uint8_t byte, char quote) {
  static const char letters[] = "btnvfr"; /* of U+0008 on */
  const char bytes[] = {'\\', (char)byte};
  if (byte == (uint8_t)quote || byte == '\\')
    show_str(inspector, out, xhr__str_of(bytes, 2));
  else if (byte >= 8 && byte <= 13)
    xhr__show_format(inspector, out, "\\%c", letters[byte - 8]);
  else if (byte < 0x20 || byte == 0x7F)
    xhr__show_format(inspector, out, "\\x%02X", byte);
  else
    show_str(inspector, out, xhr__str_of(bytes + 1, 1));
}

/* The end of the last whole character within `most` bytes. */
static size_t cut(xhr__str text, size_t most) {
  if (text.len <= most)
    return text.len;
  while (most > 0 && (xhr__str_at(text, most) & 0xC0) == 0x80)
    most--;
  return most;
}

static void show_quoted_text(xhr__inspector *inspector, xhr__bytes *out, xhr__str text) {
  const char quote[] = {choose_quote(text)};
  size_t end = cut(text, LONGEST_STRING);
  show_str(inspector, out, xhr__str_of(quote, 1));
  for (size_t i = 0; i < end; i++)
    show_escaped(inspector, out, xhr__str_at(text, i), quote[0]);
  show_str(inspector, out, xhr__str_of(quote, 1));
  if (end < text.len)
    xhr__show_format(inspector, out, "... %zu more bytes", text.len - end);
}

void xhr__show_quoted(xhr__inspector *inspector, xhr__bytes *out, JSValueConst string) {
  xhr__bytes text = {0};
  to_text(inspector, string, &text);
  show_quoted_text(inspector, out, xhr__bytes_str(&text));
  xhr__bytes_free(&text);
}

static bool is_identifier(xhr__str text) {
  for (size_t i = 0; i < text.len; i++) {
    uint8_t c = xhr__str_at(text, i);
    if (!xhr__is_ascii_alpha(c) && c != '_' && c != '$' && (i == 0 || !xhr__is_ascii_digit(c)))
      return false;
  }
  return text.len > 0;
}

/* "Symbol(description)" */
static void show_symbol(xhr__inspector *inspector, xhr__bytes *out, JSValueConst symbol) {
  JSValue description = JS_GetPropertyStr(inspector->js, symbol, "description");
  xhr__show_text(inspector, out, "Symbol(");
  if (JS_IsString(description))
    xhr__show_string(inspector, out, description);
  xhr__show_text(inspector, out, ")");
  JS_FreeValue(inspector->js, description);
}

void xhr__show_key(xhr__inspector *inspector, xhr__bytes *out, JSAtom key) {
  JSValue value = JS_AtomToValue(inspector->js, key);
  if (JS_IsSymbol(value)) {
    xhr__show_text(inspector, out, "[");
    show_symbol(inspector, out, value);
    xhr__show_text(inspector, out, "]");
  } else {
    xhr__bytes text = {0};
    to_text(inspector, value, &text);
    if (is_identifier(xhr__bytes_str(&text)))
      show_str(inspector, out, xhr__bytes_str(&text));
    else
      show_quoted_text(inspector, out, xhr__bytes_str(&text));
    xhr__bytes_free(&text);
  }
  JS_FreeValue(inspector->js, value);
}

/* ---- entries ---------------------------------------------------------------------------------------------------- */

xhr__bytes *xhr__entries_add(xhr__inspector *inspector, xhr__inspect_entries *entries) {
  void *items = entries->items;
  if (inspector->status != XHR_OK)
    return NULL;
  if (!xhr__grow(&items, &entries->capacity, entries->count + 1, sizeof *entries->items)) {
    inspector->status = XHR_OUT_OF_MEMORY;
    return NULL;
  }
  entries->items = items;
  entries->items[entries->count] = (xhr__bytes){0};
  return &entries->items[entries->count++];
}

/* Whether all go on one line. */
static bool fit_one_line(const xhr__inspect_entries *entries) {
  size_t len = 0;
  for (size_t i = 0; i < entries->count; i++) {
    xhr__str text = xhr__bytes_str(&entries->items[i]);
    len += text.len + 2;
    if (len > WIDTH || xhr__str_find(text, 0, '\n') < text.len)
      return false;
  }
  return true;
}

/* With two spaces more in front of all lines but the first. */
static void show_indented(xhr__inspector *inspector, xhr__bytes *out, xhr__str text) {
  for (size_t start = 0, end; start <= text.len; start = end + 1) {
    end = xhr__str_find(text, start, '\n');
    show_str(inspector, out, xhr__str_slice(text, start, end));
    if (end < text.len)
      xhr__show_text(inspector, out, "\n  ");
  }
}

static void show_lines(xhr__inspector *inspector, xhr__bytes *out,
                       const xhr__inspect_entries *entries, bool fill) {
  size_t column = 0;
  for (size_t i = 0; i < entries->count; i++) {
    xhr__str text = xhr__bytes_str(&entries->items[i]);
    if (i > 0)
      xhr__show_text(inspector, out, ",");
    if (fill && i > 0 && column + text.len + 2 <= WIDTH) {
      xhr__show_text(inspector, out, " ");
    } else {
      xhr__show_text(inspector, out, "\n  ");
      column = 0;
    }
    column += text.len + 2;
    show_indented(inspector, out, text);
  }
  xhr__show_text(inspector, out, "\n");
}

void xhr__show_entries(xhr__inspector *inspector, xhr__bytes *out, xhr__inspect_entries *entries,
                       const char *open, const char *close, bool fill) {
  xhr__show_text(inspector, out, open);
  if (entries->count > 0 && fit_one_line(entries)) {
    for (size_t i = 0; i < entries->count; i++) {
      xhr__show_text(inspector, out, i ? ", " : " ");
      show_str(inspector, out, xhr__bytes_str(&entries->items[i]));
    }
    xhr__show_text(inspector, out, " ");
  } else if (entries->count > 0) {
    show_lines(inspector, out, entries, fill);
  }
  xhr__show_text(inspector, out, close);
  for (size_t i = 0; i < entries->count; i++)
    xhr__bytes_free(&entries->items[i]);
  xhr__free(entries->items);
  *entries = (xhr__inspect_entries){0};
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

static bool is_minus_zero(JSValueConst value) {
  if (!JS_TAG_IS_FLOAT64(JS_VALUE_GET_TAG(value)))
    return false;
  double number = JS_VALUE_GET_FLOAT64(value);
  return number == 0 && signbit(number);
}

/* The object's text, unless it is around itself or lies too deep. */
static void show_nested(xhr__inspector *inspector, xhr__bytes *out, JSValueConst object) {
  void *identity = JS_VALUE_GET_PTR(object);
  for (int i = 0; i < inspector->within_count; i++) {
    if (inspector->within[i] == identity) {
      xhr__show_text(inspector, out, "[Circular]");
      return;
    }
  }
  if (inspector->within_count == XHR__INSPECT_NESTED) {
    xhr__show_text(inspector, out, "[...]");
    return;
  }
  inspector->within[inspector->within_count++] = identity;
  inspector->depth--;
  xhr__show_object(inspector, out, object);
  inspector->depth++;
  inspector->within_count--;
}

void xhr__show(xhr__inspector *inspector, xhr__bytes *out, JSValueConst value) {
  if (JS_IsObject(value)) {
    show_nested(inspector, out, value);
  } else if (JS_IsString(value)) {
    xhr__show_quoted(inspector, out, value);
  } else if (JS_IsSymbol(value)) {
    show_symbol(inspector, out, value);
  } else {
    xhr__show_text(inspector, out, is_minus_zero(value) ? "-" : "");
    xhr__show_string(inspector, out, value);
    xhr__show_text(inspector, out, JS_IsBigInt(inspector->js, value) ? "n" : "");
  }
}

void xhr__show_descriptor(xhr__inspector *inspector, xhr__bytes *out,
                          const JSPropertyDescriptor *descriptor) {
  if (!(descriptor->flags & JS_PROP_GETSET)) {
    xhr__show(inspector, out, descriptor->value);
    return;
  }
  bool has_getter = !JS_IsUndefined(descriptor->getter);
  bool has_setter = !JS_IsUndefined(descriptor->setter);
  xhr__show_text(inspector, out,
                 has_getter && has_setter ? "[Getter/Setter]"
                 : has_getter             ? "[Getter]"
                                          : "[Setter]");
}

xhr_status xhr__inspect(xhr__realm *realm, JSValueConst value, int depth, xhr__bytes *out) {
  xhr__inspector inspector = {.realm = realm, .js = realm->js, .depth = depth + 1};
  xhr__show(&inspector, out, value);
  return inspector.status;
}

xhr_status xhr__inspect_property(xhr__realm *realm, JSValueConst object, JSAtom key, int depth,
                                 xhr__bytes *out) {
  xhr__inspector inspector = {.realm = realm, .js = realm->js, .depth = depth + 1};
  JSPropertyDescriptor descriptor;
  int found = JS_GetOwnProperty(realm->js, &descriptor, object, key);
  if (found < 0)
    xhr__forget_exception(realm->js);
  if (found <= 0)
    return XHR_OK;
  xhr__show_descriptor(&inspector, out, &descriptor);
  JS_FreeValue(realm->js, descriptor.value);
  JS_FreeValue(realm->js, descriptor.getter);
  JS_FreeValue(realm->js, descriptor.setter);
  return inspector.status;
}
