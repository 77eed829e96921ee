#include "fetch/fetch_params.h"

/* https://fetch.spec.whatwg.org/#scheme-fetch */
void xhr__scheme_fetch(xhr__fetch_params *params) {
  /* 1. Canceled: a canceled fetch's params are gone. */
  /* 2. */
  const xhr__url *url = xhr__request_current_url(params->request);
  /* 3. By scheme. FIXME: about, blob, data and file are not built yet. */
  if (xhr__url_is_http(url)) {
    xhr__http_fetch(params, false);
    return;
  }
  /* 4. */
  xhr__fetch_network_error(params, XHR_FAILURE_SCHEME, XHR__STR_EMPTY);
}
