/* https://fetch.spec.whatwg.org/#port-blocking */
#ifndef XHR__FETCH_PORT_BLOCKING_H
#define XHR__FETCH_PORT_BLOCKING_H

#include "url/url.h"

/* Whether fetching the URL is blocked due to a bad port. */
bool xhr__is_blocked_due_to_a_bad_port(const xhr__url *url);

#endif
