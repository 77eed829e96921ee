/* https://fetch.spec.whatwg.org/#concept-filtered-response */
#ifndef XHR__FETCH_FILTERED_RESPONSE_H
#define XHR__FETCH_FILTERED_RESPONSE_H

#include "fetch/request.h"
#include "fetch/response.h"

/* Main fetch's step 14: makes the response a basic or CORS filtered one, by the request's tainting. NOTE: in place, as
 * nothing looks at the internal response any more. XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__filter_response(const xhr__request *request, xhr__response *response);

#endif
