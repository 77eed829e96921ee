#include "fetch/fetch_params.h"

/* https://fetch.spec.whatwg.org/#http-fetch */
void xhr__http_fetch(xhr__fetch_params *params, bool make_cors_preflight) {
  /* 1-2. Locals. */
  /* 3. Service workers: not built. */
  /* 4.1. FIXME: CORS preflight is not built yet; a system context makes none. */
  (void)make_cors_preflight;
  /* 4.2. Service-workers mode: see 3. */
  /* 4.3. */
  xhr__http_network_or_cache_fetch(params, false, false);
}

bool xhr__http_fetch_redirects(const xhr__fetch_params *params) {
  return xhr__is_redirect_status(params->response->status) &&
         params->request->redirect_mode == XHR__REDIRECT_FOLLOW &&
         xhr__header_list_contains(&params->response->header_list, XHR__STR("Location"));
}

/* Step 4.4 on, with params->response. */
void xhr__http_fetch_response(xhr__fetch_params *params) {
  /* 4.4. CORS check, 4.5. TAO check: tainting is basic. */
  /* 5. Cross-origin resource policy: for opaque responses only. */
  /* 6. A redirect status. */
  if (xhr__is_redirect_status(params->response->status)) {
    /* 6.1. Navigation: never. 6.2. An upload still under way has been cancelled by HTTP-network fetch. */
    /* 6.3. By redirect mode. */
    switch (params->request->redirect_mode) {
      case XHR__REDIRECT_ERROR:
        xhr__fetch_network_error(params, XHR_FAILURE_REDIRECT_LIMIT,
                                 XHR__STR("a redirect, where none is allowed"));
        return;
      case XHR__REDIRECT_MANUAL: break;
      case XHR__REDIRECT_FOLLOW: xhr__http_redirect_fetch(params); return;
    }
  }
  /* 7. Back in main fetch. */
  xhr__main_fetch_response(params);
}
