/* https://fetch.spec.whatwg.org/#cors-check */
#ifndef XHR__FETCH_CORS_CHECK_H
#define XHR__FETCH_CORS_CHECK_H

#include "fetch/failure.h"
#include "fetch/request.h"
#include "fetch/response.h"

/* https://fetch.spec.whatwg.org/#concept-cors-check: XHR_FAILURE_NONE for success; else `why` says what the server would
 * have to send. The request's client is not NULL. */
xhr_failure_code xhr__cors_check(const xhr__request *request, const xhr__response *response,
                                 xhr__detail *why);

#endif
