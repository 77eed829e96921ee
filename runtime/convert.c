#include "runtime/convert.h"

#include <math.h>

#include "infra/utf8.h"

/* The engine's UTF-8 of a value converted to a string, in which unpaired surrogates stand as three bytes (WTF-8). To be
 * freed with JS_FreeCString; NULL where it threw. */
static const char *text_of(xhr__realm *realm, JSValueConst value, xhr__str *text) {
  size_t len;
  const char *data = JS_ToCStringLen(realm->js, &len, value);
  *text = xhr__str_of(data, data ? len : 0);
  return data;
}

/* Throws what a status of a conversion means. */
static bool converted(xhr__realm *realm, xhr_status status) {
  if (status != XHR_OK)
    JS_ThrowOutOfMemory(realm->js);
  return status == XHR_OK;
}

/* Appends the isomorphic encoding of `text`; XHR_TYPE_ERR for a code point above U+00FF. */
static xhr_status isomorphic_encode(xhr__str text, xhr__bytes *out) {
  if (xhr__is_ascii_string(text))
    return xhr__bytes_append(out, text);
  for (size_t i = 0; i < text.len;) {
    uint8_t byte = xhr__str_at(text, i);
    if (byte > 0xC3)
      return XHR_TYPE_ERR;
    if (byte >= 0xC2) {
      byte = (uint8_t)((byte & 3u) << 6 | (xhr__str_at(text, i + 1) & 0x3Fu));
      i++;
    }
    i++;
    xhr_status status = xhr__bytes_append_byte(out, (char)byte);
    if (status != XHR_OK)
      return status;
  }
  return XHR_OK;
}

bool xhr__to_byte_string(xhr__realm *realm, JSValueConst value, xhr__bytes *out) {
  xhr__str text;
  const char *data = text_of(realm, value, &text);
  if (!data)
    return false;
  xhr_status status = isomorphic_encode(text, out);
  JS_FreeCString(realm->js, data);
  if (status == XHR_TYPE_ERR) {
    JS_ThrowTypeError(realm->js, "a character above U+00FF in a ByteString");
    return false;
  }
  return converted(realm, status);
}

bool xhr__to_usv_string(xhr__realm *realm, JSValueConst value, xhr__bytes *out) {
  xhr__str text;
  const char *data = text_of(realm, value, &text);
  if (!data)
    return false;
  xhr_status status = xhr__wtf8_append_scalar(out, text);
  JS_FreeCString(realm->js, data);
  return converted(realm, status);
}

bool xhr__to_dom_string(xhr__realm *realm, JSValueConst value, xhr__bytes *out) {
  xhr__str text;
  const char *data = text_of(realm, value, &text);
  if (!data)
    return false;
  xhr_status status = xhr__bytes_append(out, text);
  JS_FreeCString(realm->js, data);
  return converted(realm, status);
}

/* The longest string that the engine makes. */
enum { LONGEST_STRING = (1 << 30) - 1 };

JSValue xhr__from_usv_string(xhr__realm *realm, xhr__str utf8) {
  if (utf8.len > LONGEST_STRING) {
    size_t units = 0;
    for (size_t i = 0; i < utf8.len; i++) {
      uint8_t byte = xhr__str_at(utf8, i);
      /* One unit for each first byte, two for those of four. */
      units += ((byte & 0xC0) != 0x80) + (byte >= 0xF0);
    }
    if (units > LONGEST_STRING)
      return JS_ThrowRangeError(realm->js, "a string longer than %d characters", LONGEST_STRING);
  }
  return JS_NewStringLen(realm->js, utf8.data ? utf8.data : "", utf8.len);
}

JSValue xhr__from_dom_string(xhr__realm *realm, xhr__str wtf8) {
  return xhr__from_usv_string(realm, wtf8);
}

JSValue xhr__from_byte_string(xhr__realm *realm, xhr__str bytes) {
  if (xhr__is_ascii_string(bytes))
    return JS_NewStringLen(realm->js, bytes.data ? bytes.data : "", bytes.len);
  xhr__bytes utf8 = {0};
  xhr_status status = XHR_OK;
  for (size_t i = 0; status == XHR_OK && i < bytes.len; i++)
    status = xhr__bytes_append_code_point(&utf8, xhr__str_at(bytes, i));
  JSValue value = status == XHR_OK ? JS_NewStringLen(realm->js, utf8.data, utf8.len)
                                   : JS_ThrowOutOfMemory(realm->js);
  xhr__bytes_free(&utf8);
  return value;
}

/* ---- numbers ---------------------------------------------------------------------------------------------------- */

bool xhr__to_unsigned_long(xhr__realm *realm, JSValueConst value, uint32_t *out) {
  return JS_ToUint32(realm->js, out, value) == 0;
}

bool xhr__to_unsigned_short(xhr__realm *realm, JSValueConst value, uint16_t *out) {
  uint32_t wide;
  if (!xhr__to_unsigned_long(realm, value, &wide))
    return false;
  *out = (uint16_t)wide;
  return true;
}

bool xhr__to_unsigned_long_long(xhr__realm *realm, JSValueConst value, uint64_t *out) {
  int64_t wrapped;
  if (!xhr__to_long_long(realm, value, &wrapped, false))
    return false;
  *out = (uint64_t)wrapped;
  return true;
}

/* https://webidl.spec.whatwg.org/#abstract-opdef-converttoint for 64 bits, of a finite number: modulo 2^64. */
static int64_t wrap(double number) {
  const double two_63 = 9223372036854775808.0, two_64 = 2 * two_63;
  double rest = fmod(trunc(number), two_64);
  /* Both are exact: such large numbers are even. */
  if (rest >= two_63)
    rest -= two_64;
  else if (rest < -two_63)
    rest += two_64;
  return (int64_t)rest;
}

bool xhr__to_long_long(xhr__realm *realm, JSValueConst value, int64_t *out, bool clamp) {
  double number;
  if (JS_ToFloat64(realm->js, &number, value) != 0)
    return false;
  const double most = 9007199254740991.0;
  if (clamp) {
    number = number > most ? most : number < -most ? -most : number;
    *out = isnan(number) ? 0 : (int64_t)nearbyint(number);
  } else {
    *out = isfinite(number) ? wrap(number) : 0;
  }
  return true;
}

bool xhr__enforce_range_unsigned_long_long(xhr__realm *realm, JSValueConst value, uint64_t *out) {
  double number;
  if (JS_ToFloat64(realm->js, &number, value) != 0)
    return false;
  number = isfinite(number) ? trunc(number) : -1;
  if (number < 0 || number > 9007199254740991.0) {
    JS_ThrowTypeError(realm->js, "a number that is not from 0 to 2^53 - 1");
    return false;
  }
  *out = (uint64_t)number;
  return true;
}

bool xhr__to_unrestricted_double(xhr__realm *realm, JSValueConst value, double *out) {
  return JS_ToFloat64(realm->js, out, value) == 0;
}

bool xhr__to_double(xhr__realm *realm, JSValueConst value, double *out) {
  if (!xhr__to_unrestricted_double(realm, value, out))
    return false;
  if (!isfinite(*out))
    JS_ThrowTypeError(realm->js, "not a finite number");
  return isfinite(*out);
}

bool xhr__to_boolean(xhr__realm *realm, JSValueConst value, bool *out) {
  int truth = JS_ToBool(realm->js, value);
  *out = truth > 0;
  return truth >= 0;
}

/* ---- dictionaries -------------------------------------------------------------------------------------- */

bool xhr__dictionary_get(xhr__realm *realm, JSValueConst dictionary, const char *name,
                         JSValue *member) {
  *member = JS_UNDEFINED;
  if (JS_IsUndefined(dictionary) || JS_IsNull(dictionary))
    return true;
  if (!JS_IsObject(dictionary)) {
    JS_ThrowTypeError(realm->js, "the options are no object");
    return false;
  }
  *member = JS_GetPropertyStr(realm->js, dictionary, name);
  return !JS_IsException(*member);
}

bool xhr__dictionary_get_boolean(xhr__realm *realm, JSValueConst dictionary, const char *name,
                                 bool *out) {
  JSValue member;
  if (!xhr__dictionary_get(realm, dictionary, name, &member))
    return false;
  bool done = JS_IsUndefined(member) || xhr__to_boolean(realm, member, out);
  JS_FreeValue(realm->js, member);
  return done;
}

static bool to_idl(xhr__realm *realm, JSValueConst value, xhr__idl_type type, void *out) {
  switch (type) {
    case XHR__IDL_BOOLEAN: return xhr__to_boolean(realm, value, out);
    case XHR__IDL_UNSIGNED_LONG: return xhr__to_unsigned_long(realm, value, out);
    case XHR__IDL_DOUBLE: return xhr__to_double(realm, value, out);
    case XHR__IDL_DOM_STRING: return xhr__to_dom_string(realm, value, out);
    case XHR__IDL_USV_STRING: return xhr__to_usv_string(realm, value, out);
    case XHR__IDL_ANY: break;
  }
  JS_FreeValue(realm->js, *(JSValue *)out);
  *(JSValue *)out = JS_DupValue(realm->js, value);
  return true;
}

bool xhr__dictionary_read(xhr__realm *realm, JSValueConst dictionary,
                          const xhr__dictionary_member *members, size_t count, void *structure) {
  for (size_t i = 0; i < count; i++) {
    JSValue value;
    if (!xhr__dictionary_get(realm, dictionary, members[i].name, &value))
      return false;
    bool done = JS_IsUndefined(value) ||
                to_idl(realm, value, members[i].type, (char *)structure + members[i].offset);
    JS_FreeValue(realm->js, value);
    if (!done)
      return false;
  }
  return true;
}
