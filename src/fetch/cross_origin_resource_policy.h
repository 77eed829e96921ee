/* https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header */
#ifndef XHR__FETCH_CROSS_ORIGIN_RESOURCE_POLICY_H
#define XHR__FETCH_CROSS_ORIGIN_RESOURCE_POLICY_H

#include "fetch/request.h"
#include "fetch/response.h"

/* https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check, of a response to the request's current URL. The
 * request's client is not NULL. XHR_OK; XHR_SECURITY_ERR: blocked; XHR_OUT_OF_MEMORY. */
xhr_status xhr__cross_origin_resource_policy_check(const xhr__request *request,
                                                   const xhr__response *response);

#endif
