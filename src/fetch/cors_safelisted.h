/* What the CORS protocol lets pass without asking: https://fetch.spec.whatwg.org/#cors-safelisted-method and the
 * sections on headers. */
#ifndef XHR__FETCH_CORS_SAFELISTED_H
#define XHR__FETCH_CORS_SAFELISTED_H

#include "fetch/header_list.h"
#include "fetch/header_values.h"

/* https://fetch.spec.whatwg.org/#cors-safelisted-method */
bool xhr__is_cors_safelisted_method(xhr__str method);
/* https://fetch.spec.whatwg.org/#cors-safelisted-request-header */
bool xhr__is_cors_safelisted_request_header(xhr__str name, xhr__str value);
/* https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name */
bool xhr__is_cors_non_wildcard_request_header_name(xhr__str name);
/* https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name; `exposed` is the standard's list. */
bool xhr__is_cors_safelisted_response_header_name(xhr__str name, const xhr__tokens *exposed);

/* https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names: sorted as in lower case, without duplicates, but in
 * the list's own spelling, from which they are borrowed. `*names` is NULL where there are none; the caller frees it
 * with xhr__free. XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__cors_unsafe_request_header_names(const xhr__header_list *headers, xhr__str **names,
                                                 size_t *count);
/* Whether there are any. */
bool xhr__has_cors_unsafe_request_header_names(const xhr__header_list *headers);

#endif
