/* What main fetch, step 20, checks of responses to script-like requests. */
#ifndef XHR__FETCH_SCRIPT_RESPONSE_H
#define XHR__FETCH_SCRIPT_RESPONSE_H

#include "fetch/failure.h"
#include "fetch/response.h"

/* https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-mime-type? and
 * https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-nosniff?, for a script-like destination.
 * XHR_OK; XHR_SYNTAX_ERR: blocked, and `why` says it; XHR_OUT_OF_MEMORY. */
xhr_status xhr__check_script_response(const xhr__response *response, xhr__detail *why);

#endif
