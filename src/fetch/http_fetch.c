#include "fetch/cors_check.h"
#include "fetch/cors_preflight_cache.h"
#include "fetch/cors_safelisted.h"
#include "fetch/cross_origin_resource_policy.h"
#include "fetch/fetch_params.h"

/* Step 4.1's condition, its second part: an unsafe header name for which there is no cache entry. XHR_OUT_OF_MEMORY. */
static xhr_status has_unknown_header(const xhr__fetch_params *params, bool *has) {
  const xhr__request *request = params->request;
  xhr__str *names;
  size_t count;
  xhr_status status = xhr__cors_unsafe_request_header_names(&request->header_list, &names, &count);
  *has = false;
  if (status != XHR_OK || count == 0)
    return status;
  xhr__time now = xhr__clock_now(&params->engine->clock);
  for (size_t i = 0; i < count && !*has; i++)
    *has = !xhr__header_name_cache_entry_match(&params->engine->preflight_cache, request, names[i],
                                               now);
  xhr__free(names);
  return XHR_OK;
}

/* Step 4.1's condition. */
static xhr_status needs_preflight(const xhr__fetch_params *params, bool *needs) {
  const xhr__request *request = params->request;
  xhr__str method = xhr__bytes_str(&request->method);
  *needs = (request->use_cors_preflight || !xhr__is_cors_safelisted_method(method)) &&
           !xhr__method_cache_entry_match(&params->engine->preflight_cache, request, method,
                                          xhr__clock_now(&params->engine->clock));
  return *needs ? XHR_OK : has_unknown_header(params, needs);
}

/* https://fetch.spec.whatwg.org/#http-fetch */
void xhr__http_fetch(xhr__fetch_params *params, bool make_cors_preflight) {
  /* 1-2. Locals. */
  /* 3. Service workers: not built. */
  /* 4.1. */
  bool preflight = false;
  if (make_cors_preflight && needs_preflight(params, &preflight) != XHR_OK) {
    xhr__fetch_network_error(params, XHR_FAILURE_OUT_OF_MEMORY, XHR__STR_EMPTY);
    return;
  }
  if (preflight) {
    xhr__cors_preflight_fetch(params);
    return;
  }
  xhr__http_fetch_preflighted(params);
}

/* From step 4.2 on: the server has been asked, where it had to be. */
void xhr__http_fetch_preflighted(xhr__fetch_params *params) {
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
  /* 4.4. */
  if (params->request->response_tainting == XHR__TAINTING_CORS) {
    xhr__detail why = {0};
    xhr_failure_code code = xhr__cors_check(params->request, params->response, &why);
    if (code != XHR_FAILURE_NONE) {
      xhr__fetch_network_error(params, code, xhr__detail_str(&why));
      return;
    }
  }
  /* 4.5. TAO check: timing is not built. */
  /* 5. */
  if (params->request->response_tainting == XHR__TAINTING_OPAQUE) {
    xhr_status status = xhr__cross_origin_resource_policy_check(params->request, params->response);
    if (status != XHR_OK) {
      xhr__fetch_network_error(params,
                               status == XHR_SECURITY_ERR ? XHR_FAILURE_RESOURCE_POLICY
                                                          : XHR_FAILURE_OUT_OF_MEMORY,
                               XHR__STR_EMPTY);
      return;
    }
  }
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
