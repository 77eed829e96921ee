/* https://url.spec.whatwg.org/#host-registrable-domain */
#ifndef XHR__URL_REGISTRABLE_DOMAIN_H
#define XHR__URL_REGISTRABLE_DOMAIN_H

#include "url/host.h"

/* Of a serialized host: its end, borrowed; empty for null. */
xhr__str xhr__registrable_domain(xhr__str host, xhr__host_kind kind);
/* Whether two serialized hosts are the same, or have the same registrable domain: what
 * https://html.spec.whatwg.org/multipage/browsers.html#schemelessly-same-site says of tuple origins. */
bool xhr__hosts_same_site(xhr__str a, xhr__host_kind a_kind, xhr__str b, xhr__host_kind b_kind);

#endif
