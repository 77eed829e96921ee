#include "fetch/extract_mime_type.h"
#include "infra/alloc.h"
#include "mime/mime_type_groups.h"
#include "xhr/xmlhttprequest.h"

/* https://xhr.spec.whatwg.org/#response-mime-type */
static xhr_status get_response_mime_type(const xhr *request, xhr__mime_type *mime_type) {
  xhr__str *values = NULL;
  size_t count = 0;
  xhr_status status = XHR_OK;
  /* 1. */
  if (request->response) {
    status = xhr__header_list_values(&request->response->header_list, XHR__STR("Content-Type"),
                                     &values, &count);
  }
  if (status == XHR_OK)
    status = xhr__extract_mime_type(values, count, mime_type);
  xhr__free(values);
  /* 2. */
  if (status == XHR_SYNTAX_ERR)
    status = xhr__mime_type_parse(mime_type, XHR__STR("text/xml"));
  /* 3. */
  return status;
}

xhr_status xhr__get_final_mime_type(const xhr *request, xhr__mime_type *mime_type) {
  *mime_type = (xhr__mime_type){0};
  /* 1. */
  if (!request->has_override_mime_type)
    return get_response_mime_type(request, mime_type);
  /* 2. */
  return xhr__mime_type_copy(mime_type, &request->override_mime_type);
}

xhr_status xhr__get_final_encoding(const xhr *request, xhr__encoding *encoding, bool *is_xml) {
  xhr__mime_type response_mime = {0};
  /* 1. */
  xhr__str label;
  bool has_label = false;
  *encoding = XHR__ENCODING_NONE;
  /* 2. */
  xhr_status status = get_response_mime_type(request, &response_mime);
  if (status != XHR_OK)
    return status;
  /* 3. */
  has_label = xhr__mime_type_get_parameter(&response_mime, XHR__STR("charset"), &label);
  /* 4. */
  if (request->has_override_mime_type) {
    has_label |=
        xhr__mime_type_get_parameter(&request->override_mime_type, XHR__STR("charset"), &label);
  }
  /* 5. - 8. */
  if (has_label)
    *encoding = xhr__encoding_get(label);
  *is_xml = xhr__is_xml_mime_type(request->has_override_mime_type ? &request->override_mime_type
                                                                  : &response_mime);
  xhr__mime_type_free(&response_mime);
  return XHR_OK;
}

/* https://xhr.spec.whatwg.org/#the-overridemimetype()-method */
xhr_status xhr_override_mime_type(xhr *request, xhr_string mime) {
  xhr_status status = xhr__check(request);
  if (status != XHR_OK)
    return status;
  if (!mime.data)
    return XHR_INVALID_ARGUMENT;
  /* 1. */
  if (request->state == XHR_LOADING || request->state == XHR_DONE)
    return XHR_INVALID_STATE_ERR;
  /* 2. */
  status = xhr__mime_type_parse_utf8(&request->override_mime_type, xhr__argument(mime));
  /* 3. */
  if (status == XHR_SYNTAX_ERR)
    status =
        xhr__mime_type_parse(&request->override_mime_type, XHR__STR("application/octet-stream"));
  if (status == XHR_OK)
    request->has_override_mime_type = true;
  return status;
}

xhr_status xhr_get_response_mime_type(xhr *request, xhr_string *mime) {
  xhr__mime_type final_mime = {0};
  if (mime)
    *mime = (xhr_string){NULL, 0};
  xhr_status status = xhr__check(request);
  if (status != XHR_OK)
    return status;
  if (!mime)
    return XHR_INVALID_ARGUMENT;
  status = xhr__get_final_mime_type(request, &final_mime);
  if (status == XHR_OK) {
    xhr__bytes_clear(&request->mime_text);
    status = xhr__mime_type_serialize_utf8(&final_mime, &request->mime_text);
  }
  if (status == XHR_OK)
    *mime = xhr__lent(xhr__bytes_str(&request->mime_text));
  xhr__mime_type_free(&final_mime);
  return status;
}
