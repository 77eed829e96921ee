#include "runtime/base64.h"

#include "infra/base64.h"
#include "infra/utf8.h"
#include "runtime/convert.h"

/* The code points of UTF-8 as a byte each; false where one is above U+00FF. */
static bool to_bytes(xhr__str text, xhr__bytes *out, xhr_status *status) {
  for (size_t i = 0; i < text.len && *status == XHR_OK;) {
    uint32_t code_point = xhr__utf8_next(text, &i);
    if (code_point > 0xFF)
      return false;
    *status = xhr__bytes_append_byte(out, (char)(uint8_t)code_point);
  }
  return true;
}

/* https://html.spec.whatwg.org/#dom-btoa */
JSValue xhr__btoa(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                  JSValueConst *argv) {
  xhr__bytes text = {0}, bytes = {0}, encoded = {0};
  xhr_status status = XHR_OK;
  JSValue value = JS_EXCEPTION;
  (void)self, (void)this_value, (void)argc;
  if (xhr__to_dom_string(realm, argv[0], &text)) {
    bool fits = to_bytes(xhr__bytes_str(&text), &bytes, &status);
    if (fits && status == XHR_OK)
      status = xhr__base64_encode(xhr__bytes_str(&bytes), &encoded);
    value = !fits ? xhr__throw(realm, "InvalidCharacterError", "btoa: a character above U+00FF")
            : status == XHR_OK ? xhr__from_byte_string(realm, xhr__bytes_str(&encoded))
                               : JS_ThrowOutOfMemory(realm->js);
  }
  xhr__bytes_free(&text);
  xhr__bytes_free(&bytes);
  xhr__bytes_free(&encoded);
  return value;
}

/* https://html.spec.whatwg.org/#dom-atob */
JSValue xhr__atob(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                  JSValueConst *argv) {
  xhr__bytes text = {0}, decoded = {0};
  JSValue value = JS_EXCEPTION;
  (void)self, (void)this_value, (void)argc;
  if (xhr__to_dom_string(realm, argv[0], &text)) {
    xhr_status status = xhr__base64_decode(xhr__bytes_str(&text), &decoded);
    value = status == XHR_SYNTAX_ERR
                ? xhr__throw(realm, "InvalidCharacterError", "atob: the text is no base64")
            : status == XHR_OK ? xhr__from_byte_string(realm, xhr__bytes_str(&decoded))
                               : JS_ThrowOutOfMemory(realm->js);
  }
  xhr__bytes_free(&text);
  xhr__bytes_free(&decoded);
  return value;
}
