/* https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy */
#ifndef XHR__FETCH_POTENTIALLY_TRUSTWORTHY_H
#define XHR__FETCH_POTENTIALLY_TRUSTWORTHY_H

#include "url/origin.h"

bool xhr__is_origin_potentially_trustworthy(const xhr__origin *origin);
/* https://w3c.github.io/webappsec-secure-contexts/#is-url-trustworthy. A blob: URL may want memory; where that ends
 * the answer is false. */
bool xhr__is_url_potentially_trustworthy(const xhr__url *url);

#endif
