#include "runtime/body_init.h"

#include "fetch/extract_body.h"
#include "runtime/blob_binding.h"
#include "runtime/convert.h"
#include "runtime/form_data_binding.h"
#include "runtime/url_binding.h"

/* A body of what a URLSearchParams object holds. */
static xhr_status from_search_params(JSValueConst value, xhr_body **body) {
  xhr__bytes text = {0};
  xhr_status status = xhr__url_search_params_serialize(value, &text);
  if (status == XHR_OK)
    status = xhr__body_from_urlencoded(xhr__bytes_str(&text), body);
  xhr__bytes_free(&text);
  return status;
}

/* A body of what is none of the interfaces: a string. False where it threw. */
static bool from_string(xhr__realm *realm, JSValueConst value, xhr_body **body) {
  xhr__bytes text = {0};
  bool done = xhr__to_usv_string(realm, value, &text);
  if (done) {
    xhr_status status = xhr__body_from_string(xhr__bytes_str(&text), body);
    done = status == XHR_OK;
    if (!done)
      (void)xhr__throw_status(realm, status, "send");
  }
  xhr__bytes_free(&text);
  return done;
}

bool xhr__extract_body(xhr__realm *realm, JSValueConst value, xhr_body **body) {
  static const xhr_string no_type = {NULL, 0};
  xhr__str bytes;
  xhr_status status;
  *body = NULL;
  if (JS_IsUndefined(value) || JS_IsNull(value))
    return true;
  xhr__blob *blob = xhr__blob_of(value);
  const xhr_form_data *form = xhr__form_data_of(value);
  xhr__buffer_kind kind = xhr__buffer_source_bytes(realm, value, &bytes);
  if (blob) {
    status = xhr__body_from_blob(blob, body);
  } else if (form) {
    status = xhr_body_new_form_data(form, body);
  } else if (xhr__is_url_search_params(value)) {
    status = from_search_params(value, body);
  } else if (kind == XHR__ARRAY_BUFFER || kind == XHR__VIEW) {
    status = xhr_body_new_bytes(bytes.data, bytes.len, NULL, NULL, no_type, body);
  } else if (kind == XHR__NO_BUFFER) {
    return from_string(realm, value, body);
  } else {
    /* https://webidl.spec.whatwg.org/#js-union step 7. DEVIATION: a SharedArrayBuffer itself would become a string; browsers
     * and web-platform-tests refuse it, as they do its views. */
    JS_ThrowTypeError(realm->js, "a body may not be shared memory");
    return false;
  }
  if (status != XHR_OK)
    (void)xhr__throw_status(realm, status, "send");
  return status == XHR_OK;
}
