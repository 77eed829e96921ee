/* https://w3c.github.io/webappsec-mixed-content/ */
#ifndef XHR__FETCH_MIXED_CONTENT_H
#define XHR__FETCH_MIXED_CONTENT_H

#include "fetch/request.h"

/* https://w3c.github.io/webappsec-mixed-content/#should-block-fetch; the client is not NULL. */
bool xhr__is_blocked_as_mixed_content(const xhr__request *request);

#endif
