#include "fetch/origin_header.h"

/* https://fetch.spec.whatwg.org/#append-a-request-origin-header */
xhr_status xhr__append_origin_header(const xhr__request *request, xhr__header_list *headers) {
  xhr__str method = xhr__bytes_str(&request->method);
  /* 2. - 4. in one: 4.1. switches on the referrer policy for other modes than "cors", of which there are GETs only */
  if (request->response_tainting != XHR__TAINTING_CORS &&
      (xhr__str_equals(method, XHR__STR("GET")) || xhr__str_equals(method, XHR__STR("HEAD"))))
    return XHR_OK;
  return xhr__header_list_append(headers, XHR__STR("Origin"),
                                 xhr__serialize_request_origin(request));
}
