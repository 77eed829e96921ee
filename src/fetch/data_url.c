#include "fetch/data_url.h"

#include "infra/base64.h"

void xhr__data_url_struct_free(xhr__data_url_struct *data) {
  xhr__mime_type_free(&data->mime_type);
  xhr__bytes_free(&data->body);
}

static xhr__str strip_trailing_spaces(xhr__str text) {
  while (text.len > 0 && text.data[text.len - 1] == ' ')
    text.len--;
  return text;
}

/* Step 11's condition, and 11.4. to 11.6.: what stands before ";base64". */
static bool ends_with_base64(xhr__str *mime_type) {
  const size_t len = sizeof "base64" - 1;
  if (mime_type->len < len ||
      !xhr__str_equals_ci(xhr__str_from(*mime_type, mime_type->len - len), XHR__STR("base64")))
    return false;
  xhr__str before = strip_trailing_spaces(xhr__str_slice(*mime_type, 0, mime_type->len - len));
  if (before.len == 0 || before.data[before.len - 1] != ';')
    return false;
  *mime_type = xhr__str_slice(before, 0, before.len - 1);
  return true;
}

/* Steps 12 to 14. */
static xhr_status parse_mime_type(xhr__str text, xhr__mime_type *mime_type) {
  xhr__bytes whole = {0};
  xhr_status status = XHR_OK;
  /* 12. */
  if (xhr__str_starts_with(text, XHR__STR(";")))
    status = xhr__bytes_append(&whole, XHR__STR("text/plain"));
  if (status == XHR_OK)
    status = xhr__bytes_append(&whole, text);
  /* 13. */
  if (status == XHR_OK)
    status = xhr__mime_type_parse(mime_type, xhr__bytes_str(&whole));
  /* 14. */
  if (status == XHR_SYNTAX_ERR)
    status = xhr__mime_type_parse(mime_type, XHR__STR("text/plain;charset=US-ASCII"));
  xhr__bytes_free(&whole);
  return status;
}

xhr_status xhr__data_url_processor(const xhr__url *data_url, xhr__data_url_struct *out) {
  xhr__bytes decoded = {0};
  /* 2. - 4. */
  xhr__str input = xhr__str_from(xhr__url_href(data_url, true), sizeof "data:" - 1);
  /* 5. - 6. */
  size_t comma = xhr__str_find(input, 0, ',');
  xhr__str mime_type = xhr__str_trim_ascii_whitespace(xhr__str_slice(input, 0, comma));
  /* 7. */
  if (comma == input.len)
    return XHR_SYNTAX_ERR;
  /* 8. - 10. */
  bool base64 = ends_with_base64(&mime_type);
  xhr_status status =
      xhr__percent_decode(xhr__str_from(input, comma + 1), base64 ? &decoded : &out->body);
  /* 11.1. - 11.3. an isomorphic decoding is the bytes themselves */
  if (status == XHR_OK && base64)
    status = xhr__base64_decode(xhr__bytes_str(&decoded), &out->body);
  xhr__bytes_free(&decoded);
  /* 12. - 15. */
  return status == XHR_OK ? parse_mime_type(mime_type, &out->mime_type) : status;
}
