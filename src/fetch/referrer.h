/* https://w3c.github.io/webappsec-referrer-policy/ for requests of clients with a web origin. */
#ifndef XHR__FETCH_REFERRER_H
#define XHR__FETCH_REFERRER_H

#include "fetch/request.h"

/* https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer, for the request's current URL. */
xhr__referrer xhr__determine_referrer(const xhr__request *request);
/* https://w3c.github.io/webappsec-referrer-policy/#set-requests-referrer-policy-on-redirect */
void xhr__set_referrer_policy_on_redirect(xhr__request *request,
                                          const xhr__header_list *response_headers);
/* The policy of that name, in any case; EMPTY where there is none. */
xhr__referrer_policy xhr__referrer_policy_by_name(xhr__str name);
/* The referrer as a URL, borrowed from the client; empty for none. */
xhr__str xhr__referrer_url(const xhr__request *request);

#endif
