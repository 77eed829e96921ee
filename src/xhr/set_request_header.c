#include "fetch/forbidden_header.h"
#include "xhr/xmlhttprequest.h"

/* https://xhr.spec.whatwg.org/#the-setrequestheader()-method */
xhr_status xhr_set_request_header(xhr *request, xhr_string name, xhr_string value) {
  xhr_status status = xhr__check(request);
  if (status != XHR_OK)
    return status;
  if (!name.data || !value.data)
    return XHR_INVALID_ARGUMENT;
  /* 1. - 2. */
  if (request->state != XHR_OPENED || request->send_invoked)
    return XHR_INVALID_STATE_ERR;
  /* 3. */
  xhr__str normalized = xhr__header_value_normalize(xhr__argument(value));
  /* 4. */
  if (!xhr__is_header_name(xhr__argument(name)) || !xhr__is_header_value(normalized))
    return XHR_SYNTAX_ERR;
  /* 5. */
  if (!xhr__context_is_system(request->context) &&
      xhr__is_forbidden_request_header(xhr__argument(name), normalized)) {
    return XHR_OK;
  }
  /* 6. */
  return xhr__header_list_combine(&request->author_request_headers, xhr__argument(name),
                                  normalized);
}
