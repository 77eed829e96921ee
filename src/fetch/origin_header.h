/* https://fetch.spec.whatwg.org/#origin-header and https://w3c.github.io/webappsec-fetch-metadata/: what tells a server
 * who asks. For requests of clients with a web origin. */
#ifndef XHR__FETCH_ORIGIN_HEADER_H
#define XHR__FETCH_ORIGIN_HEADER_H

#include "fetch/request.h"

/* https://fetch.spec.whatwg.org/#append-a-request-origin-header, to `headers`, which are httpRequest's. */
xhr_status xhr__append_origin_header(const xhr__request *request, xhr__header_list *headers);
/* https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-append-the-fetch-metadata-headers-for-a-request */
xhr_status xhr__append_fetch_metadata_headers(const xhr__request *request,
                                              xhr__header_list *headers);

#endif
