#include "fetch/extract_body.h"

#include "fetch/header_list.h"
#include "file/multipart.h"
#include "infra/utf8.h"

/* Steps 1 to 5 and 11 to 13 are about streams: bodies here are what their source is, as often as it is read. */

/* Step 10, Blob. */
xhr_status xhr__body_from_blob(const xhr__blob *blob, xhr_body **body) {
  /* NOTE: a Blob's type may begin or end with spaces, which no header value does. */
  xhr__str type = xhr__header_value_normalize(xhr__bytes_str(&blob->type));
  return xhr__body_new(blob->segments, type.len > 0 ? &type : NULL, false, body);
}

/* A body of a copy of `text`. */
static xhr_status from_text(xhr__str text, xhr__str type, xhr_body **body) {
  xhr__segments *segments;
  xhr_status status = xhr__segments_new_bytes(text, &segments);
  if (status != XHR_OK)
    return status;
  status = xhr__body_new(segments, &type, true, body);
  xhr__segments_unref(segments);
  return status;
}

/* Step 10, scalar value string. */
xhr_status xhr__body_from_string(xhr__str text, xhr_body **body) {
  return from_text(text, XHR__STR("text/plain;charset=UTF-8"), body);
}

/* Step 10, URLSearchParams. */
xhr_status xhr__body_from_urlencoded(xhr__str serialized, xhr_body **body) {
  return from_text(serialized, XHR__STR("application/x-www-form-urlencoded;charset=UTF-8"), body);
}

xhr_status xhr_body_new_text(xhr_string text, xhr_body **body) {
  xhr__bytes valid = {0};
  if (body)
    *body = NULL;
  if (!body || (!text.data && text.len > 0))
    return XHR_INVALID_ARGUMENT;
  xhr__str utf8 = xhr__str_of(text.data, text.len);
  if (xhr__utf8_is_valid(utf8))
    return xhr__body_from_string(utf8, body);
  xhr_status status = xhr__utf8_append_valid(&valid, utf8);
  if (status == XHR_OK)
    status = xhr__body_from_string(xhr__bytes_str(&valid), body);
  xhr__bytes_free(&valid);
  return status;
}

/* Step 10, FormData. */
xhr_status xhr_body_new_form_data(const xhr_form_data *form, xhr_body **body) {
  static const xhr__str prefix = {"multipart/form-data; boundary=", 30};
  xhr__bytes type = {0};
  xhr__segments *segments = NULL;
  if (body)
    *body = NULL;
  if (!form || !body)
    return XHR_INVALID_ARGUMENT;
  xhr_status status = xhr__bytes_append(&type, prefix);
  if (status == XHR_OK)
    status = xhr__multipart_boundary(&type);
  xhr__str value = xhr__bytes_str(&type);
  if (status == XHR_OK)
    status = xhr__multipart_encode(form, xhr__str_from(value, prefix.len), &segments);
  if (status == XHR_OK)
    status = xhr__body_new(segments, &value, false, body);
  xhr__segments_unref(segments);
  xhr__bytes_free(&type);
  return status;
}
