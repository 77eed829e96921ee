#include "fetch/cors_check.h"
#include "fetch/cors_preflight_cache.h"
#include "fetch/cors_safelisted.h"
#include "fetch/fetch_params.h"
#include "infra/alloc.h"

/* ---- the question ----------------------------------------------------------------------------------------------- */

/* Steps 4 and 5. */
static xhr_status append_request_headers(const xhr__request *request, xhr__header_list *list) {
  xhr__str *names;
  size_t count;
  xhr__bytes value = {0};
  /* 4. */
  xhr_status status = xhr__cors_unsafe_request_header_names(&request->header_list, &names, &count);
  if (status != XHR_OK || count == 0)
    return status;
  /* 5.1. */
  for (size_t i = 0; i < count && status == XHR_OK; i++) {
    if (i > 0)
      status = xhr__bytes_append_byte(&value, ',');
    if (status == XHR_OK)
      status = xhr__bytes_append_lower(&value, names[i]);
  }
  /* 5.2. */
  if (status == XHR_OK)
    status = xhr__header_list_append(list, XHR__STR("Access-Control-Request-Headers"),
                                     xhr__bytes_str(&value));
  xhr__bytes_free(&value);
  xhr__free(names);
  return status;
}

/* Step 1: a request with that request's URL list, destination and client. */
static xhr_status new_request(const xhr__request *request, xhr__request **out) {
  xhr__request *preflight;
  xhr_status status = xhr__request_new(&request->url_list[0], &preflight);
  if (status != XHR_OK)
    return status;
  for (size_t i = 1; i < request->url_count && status == XHR_OK; i++) {
    xhr__url url;
    status = xhr__url_copy(&request->url_list[i], &url);
    if (status == XHR_OK)
      status = xhr__request_append_url(preflight, &url);
  }
  if (status == XHR_OK)
    status = xhr__bytes_assign(&preflight->method, XHR__STR("OPTIONS"));
  if (status != XHR_OK) {
    xhr__request_free(preflight);
    return status;
  }
  preflight->destination = request->destination;
  preflight->client = xhr__client_snapshot_ref(request->client);
  preflight->referrer = request->referrer;
  preflight->referrer_policy = request->referrer_policy;
  preflight->mode = XHR__MODE_CORS;
  preflight->response_tainting = XHR__TAINTING_CORS;
  *out = preflight;
  return XHR_OK;
}

/* Steps 1 to 5. */
static xhr_status make_preflight(const xhr__request *request, xhr__request **out) {
  /* 1. */
  xhr_status status = new_request(request, out);
  if (status != XHR_OK)
    return status;
  /* 2. */
  xhr__header_list *headers = &(*out)->header_list;
  status = xhr__header_list_append(headers, XHR__STR("Accept"), XHR__STR("*/*"));
  /* 3. */
  if (status == XHR_OK)
    status = xhr__header_list_append(headers, XHR__STR("Access-Control-Request-Method"),
                                     xhr__bytes_str(&request->method));
  /* 4. - 5. */
  if (status == XHR_OK)
    status = append_request_headers(request, headers);
  if (status != XHR_OK)
    xhr__request_free(*out);
  return status;
}

/* https://fetch.spec.whatwg.org/#cors-preflight-fetch-0 */
void xhr__cors_preflight_fetch(xhr__fetch_params *params) {
  xhr__request *request;
  /* 1. - 5. */
  if (make_preflight(params->request, &request) != XHR_OK) {
    xhr__fetch_network_error(params, XHR_FAILURE_OUT_OF_MEMORY, XHR__STR_EMPTY);
    return;
  }
  /* 6. with fetch params of its own */
  xhr__fetch_params *preflight = XHR__NEW(xhr__fetch_params);
  if (!preflight) {
    xhr__request_free(request);
    xhr__fetch_network_error(params, XHR_FAILURE_OUT_OF_MEMORY, XHR__STR_EMPTY);
    return;
  }
  preflight->engine = params->engine;
  preflight->controller = params->controller;
  preflight->request = request;
  preflight->deadline = XHR__NEVER;
  preflight->parent = params;
  xhr__list_init(&preflight->node);
  xhr__list_init(&preflight->deferred_node);
  params->preflight = preflight;
  xhr__http_network_or_cache_fetch(preflight, false, false);
}

void xhr__cors_preflight_free(xhr__fetch_params *params) {
  xhr__fetch_params *preflight = params->preflight;
  if (!preflight)
    return;
  params->preflight = NULL;
  if (preflight->exchanging)
    xhr__transport_cancel(preflight->engine->transport, &preflight->exchange);
  xhr__list_remove(&preflight->deferred_node);
  xhr__response_free(preflight->response);
  xhr__header_list_free(&preflight->http_header_list);
  xhr__request_free(preflight->request);
  xhr__free(preflight);
}

/* ---- the answer ------------------------------------------------------------------------------------------------- */

static xhr_failure_code refuse_status(const xhr__response *response, xhr__detail *why) {
  const char digits[] = {(char)('0' + response->status / 100 % 10),
                         (char)('0' + response->status / 10 % 10),
                         (char)('0' + response->status % 10)};
  xhr__detail_add(why, XHR__STR("the preflight, an OPTIONS request, was answered with status "));
  xhr__detail_add(why, xhr__str_of(digits, sizeof digits));
  if (xhr__is_redirect_status(response->status))
    xhr__detail_add(why, XHR__STR(", and is not redirected"));
  xhr__detail_add(why, XHR__STR("; the server has to answer it with one from 200 to 299"));
  return XHR_FAILURE_CORS_PREFLIGHT_STATUS;
}

/* Step 7.3: what should be a list is none. */
static xhr_failure_code refuse_list(xhr_failure_code code, const char *header, xhr__detail *why) {
  xhr__detail_add(why, XHR__STR("the preflight's answer has a malformed "));
  xhr__detail_add(why, xhr__str_c(header));
  xhr__detail_add(why, XHR__STR("; the server has to send names with commas between them"));
  return code;
}

/* "…; the server has to add it to HEADER", and where a `*` is there, why that does not help. */
static xhr_failure_code refuse_name(xhr_failure_code code, const char *what, xhr__str name,
                                    const char *header, bool has_wildcard, xhr__detail *why) {
  xhr__detail_add(why, XHR__STR("the preflight's answer does not allow the "));
  xhr__detail_add(why, xhr__str_c(what));
  xhr__detail_add(why, XHR__STR(" "));
  xhr__detail_add(why, name);
  xhr__detail_add(why, XHR__STR("; the server has to add it to "));
  xhr__detail_add(why, xhr__str_c(header));
  if (has_wildcard)
    xhr__detail_add(why, XHR__STR(", where * does not stand for it"));
  return code;
}

/* Whether `*` is in the list and counts. */
static bool has_wildcard(const xhr__request *request, const xhr__tokens *tokens) {
  return request->credentials_mode != XHR__CREDENTIALS_INCLUDE &&
         xhr__tokens_contain(tokens, XHR__STR("*"));
}

/* Steps 7.6 and 7.7. */
static xhr_failure_code check_header_names(const xhr__request *request,
                                           const xhr__tokens *header_names, xhr__detail *why) {
  static const char header[] = "Access-Control-Allow-Headers";
  xhr__str *names;
  size_t count;
  if (xhr__cors_unsafe_request_header_names(&request->header_list, &names, &count) != XHR_OK)
    return XHR_FAILURE_OUT_OF_MEMORY;
  xhr_failure_code code = XHR_FAILURE_NONE;
  bool listed = xhr__tokens_contain(header_names, XHR__STR("*"));
  bool wildcard = has_wildcard(request, header_names);
  for (size_t i = 0; i < count && code == XHR_FAILURE_NONE; i++) {
    /* 7.6. NOTE: such a name is never safelisted, so that it is among the unsafe ones. */
    bool covered = wildcard && !xhr__is_cors_non_wildcard_request_header_name(names[i]);
    /* 7.7. */
    if (!covered && !xhr__tokens_contain_name(header_names, names[i]))
      code = refuse_name(XHR_FAILURE_CORS_HEADER, "header", names[i], header, listed, why);
  }
  xhr__free(names);
  return code;
}

/* Steps 7.1 to 7.7; gives the lists for what follows. */
static xhr_failure_code check_lists(const xhr__request *request, const xhr__response *response,
                                    xhr__tokens *methods, bool *has_methods, xhr__tokens *names,
                                    xhr__detail *why) {
  const xhr__header_list *headers = &response->header_list;
  xhr__str method = xhr__bytes_str(&request->method);
  /* 7.1. - 7.3. */
  xhr__extracted extracted =
      xhr__extract_tokens(headers, XHR__STR("Access-Control-Allow-Methods"), methods);
  if (extracted == XHR__EXTRACTED_FAILURE)
    return refuse_list(XHR_FAILURE_CORS_METHOD, "Access-Control-Allow-Methods", why);
  *has_methods = extracted == XHR__EXTRACTED_VALUES;
  if (xhr__extract_tokens(headers, XHR__STR("Access-Control-Allow-Headers"), names) ==
      XHR__EXTRACTED_FAILURE)
    return refuse_list(XHR_FAILURE_CORS_HEADER, "Access-Control-Allow-Headers", why);
  /* 7.4. Null, and the request's own method where use_cors_preflight is set. 7.5. */
  bool allowed = xhr__is_cors_safelisted_method(method) || xhr__tokens_contain(methods, method) ||
                 has_wildcard(request, methods) || (!*has_methods && request->use_cors_preflight);
  if (!allowed)
    return refuse_name(XHR_FAILURE_CORS_METHOD, "method", method, "Access-Control-Allow-Methods",
                       xhr__tokens_contain(methods, XHR__STR("*")), why);
  /* 7.6. - 7.7. */
  return check_header_names(request, names, why);
}

/* Steps 7.8 to 7.15. */
static void remember(xhr__fetch_params *params, const xhr__response *response,
                     const xhr__tokens *methods, bool has_methods, const xhr__tokens *names) {
  const xhr__request *request = params->request;
  xhr__preflight_cache *cache = &params->engine->preflight_cache;
  xhr__time now = xhr__clock_now(&params->engine->clock);
  xhr__str token;
  /* 7.8. - 7.9. */
  uint64_t max_age;
  if (xhr__extract_delta_seconds(&response->header_list, XHR__STR("Access-Control-Max-Age"),
                                 &max_age) != XHR__EXTRACTED_VALUES)
    max_age = 5;
  /* 7.10. - 7.11. the cache's limit. 7.12. - 7.13. */
  xhr__token_iterator method = {.tokens = methods};
  while (xhr__tokens_next(&method, &token))
    xhr__preflight_cache_set_method(cache, request, token, max_age, now);
  /* 7.4. */
  if (!has_methods && request->use_cors_preflight)
    xhr__preflight_cache_set_method(cache, request, xhr__bytes_str(&request->method), max_age, now);
  /* 7.14. - 7.15. */
  xhr__token_iterator name = {.tokens = names};
  while (xhr__tokens_next(&name, &token))
    xhr__preflight_cache_set_header_name(cache, request, token, max_age, now);
}

/* Steps 7 and 8. */
static xhr_failure_code take_answer(xhr__fetch_params *params, const xhr__response *response,
                                    xhr__detail *why) {
  const xhr__request *request = params->request;
  /* 7. NOTE: both have to hold; the status tells more, where a server knows no OPTIONS at all. */
  if (response->status < 200 || response->status > 299)
    return refuse_status(response, why);
  xhr__detail_add(why, XHR__STR("CORS preflight: "));
  xhr_failure_code code = xhr__cors_check(request, response, why);
  if (code != XHR_FAILURE_NONE)
    return code;
  *why = (xhr__detail){0};
  /* 7.1. - 7.7. */
  xhr__tokens methods, names;
  bool has_methods;
  code = check_lists(request, response, &methods, &has_methods, &names, why);
  /* 7.8. - 7.16. */
  if (code == XHR_FAILURE_NONE)
    remember(params, response, &methods, has_methods, &names);
  return code;
}

/* Step 7 on, with preflight->response, whose body nobody looks at. */
void xhr__cors_preflight_fetch_response(xhr__fetch_params *preflight) {
  xhr__fetch_params *params = preflight->parent;
  xhr__detail why = {0};
  xhr_failure_code code = take_answer(params, preflight->response, &why);
  xhr__cors_preflight_free(params);
  if (code != XHR_FAILURE_NONE) {
    xhr__fetch_network_error(params, code, xhr__detail_str(&why));
    return;
  }
  xhr__http_fetch_preflighted(params);
}
