/* https://fetch.spec.whatwg.org/#forbidden-request-header */
#ifndef XHR__FETCH_FORBIDDEN_HEADER_H
#define XHR__FETCH_FORBIDDEN_HEADER_H

#include "infra/str.h"

/* Whether a web origin may not set this request header. */
bool xhr__is_forbidden_request_header(xhr__str name, xhr__str value);
/* https://fetch.spec.whatwg.org/#forbidden-response-header-name */
bool xhr__is_forbidden_response_header_name(xhr__str name);

#endif
