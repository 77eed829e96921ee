#include "fetch/fetch_params.h"
#include "fetch/get_decode_split.h"
#include "fetch/origin_header.h"
#include "fetch/referrer.h"
#include "infra/base64.h"

/* The URL's credentials as the value of an Authorization header, of the Basic scheme. */
static xhr_status append_url_authorization(xhr__header_list *list, const xhr__url *url) {
  xhr__bytes plain = {0}, value = {0};
  xhr_status status = xhr__percent_decode(xhr__url_username(url), &plain);
  if (status == XHR_OK)
    status = xhr__bytes_append_byte(&plain, ':');
  if (status == XHR_OK)
    status = xhr__percent_decode(xhr__url_password(url), &plain);
  if (status == XHR_OK)
    status = xhr__bytes_append(&value, XHR__STR("Basic "));
  if (status == XHR_OK)
    status = xhr__base64_encode(xhr__bytes_str(&plain), &value);
  if (status == XHR_OK) {
    status = xhr__header_list_append(list, XHR__STR("Authorization"), xhr__bytes_str(&value));
  }
  xhr__bytes_free(&plain);
  xhr__bytes_free(&value);
  return status;
}

/* Steps 8.21.2.1. to 8.21.2.4. */
static xhr_status add_authorization(xhr__fetch_params *params) {
  const xhr__request *request = params->request;
  const xhr__url *url = xhr__request_current_url(request);
  xhr__header_list *headers = &params->http_header_list;
  /* 8.21.2.2. */
  if (!request->use_url_credentials || !xhr__url_includes_credentials(url)) {
    xhr__str entry =
        xhr__authentication_entry_for(&params->engine->authentication_entries, request);
    return entry.len > 0 ? xhr__header_list_append(headers, XHR__STR("Authorization"), entry)
                         : XHR_OK;
  }
  /* 8.21.2.3. */
  return params->is_authentication_fetch ? append_url_authorization(headers, url) : XHR_OK;
}

/* Steps 8.11 to 8.13: what tells the server who asks. */
static xhr_status add_headers_of_the_client(const xhr__request *request,
                                            xhr__header_list *headers) {
  xhr_status status = XHR_OK;
  /* 8.11. */
  xhr__str referrer = xhr__referrer_url(request);
  if (referrer.len > 0)
    status = xhr__header_list_append(headers, XHR__STR("Referer"), referrer);
  /* 8.12. */
  if (status == XHR_OK)
    status = xhr__append_origin_header(request, headers);
  /* 8.13. */
  return status == XHR_OK ? xhr__append_fetch_metadata_headers(request, headers) : status;
}

/* Steps 8.16 to 8.18: what tells caches that they are passed by. */
static xhr_status add_headers_for_caches(xhr__header_list *headers) {
  static const char *const conditions[] = {"If-Modified-Since", "If-None-Match",
                                           "If-Unmodified-Since", "If-Match", "If-Range"};
  bool conditional = false;
  /* 8.16. The author asks on a condition: the cache mode becomes "no-store". Else it is "default". */
  for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++)
    conditional = conditional || xhr__header_list_contains(headers, xhr__str_c(conditions[i]));
  /* 8.17. "no-cache": never. */
  if (!conditional)
    return XHR_OK;
  /* 8.18. */
  xhr_status status =
      xhr__header_list_append_if_missing(headers, XHR__STR("Pragma"), XHR__STR("no-cache"));
  return status == XHR_OK ? xhr__header_list_append_if_missing(headers, XHR__STR("Cache-Control"),
                                                               XHR__STR("no-cache"))
                          : status;
}

/* Steps 8.9 to 8.21: what the standard adds to httpRequest's header list. */
static xhr_status add_headers(xhr__fetch_params *params) {
  const xhr__request *request = params->request;
  xhr__header_list *headers = &params->http_header_list;
  /* 8.5-8.9. Content-Length: the transport writes it from the exchange's body_length, see HTTP-network fetch. NOTE: the
   * author of a system context may have set it too, or a Transfer-Encoding. Neither goes out: a server that believed a
   * wrong one would take the connection's next request for the body's rest. */
  xhr__header_list_delete(headers, XHR__STR("Content-Length"));
  xhr__header_list_delete(headers, XHR__STR("Transfer-Encoding"));
  /* 8.10. Keepalive: not built. */
  /* 8.11-8.13. Referer, Origin, fetch metadata: a system context sends none. */
  xhr_status status = request->client ? add_headers_of_the_client(request, headers) : XHR_OK;
  /* 8.14. Sec-Purpose: never a prefetch. */
  /* 8.15. */
  xhr__str user_agent = xhr__bytes_str(&params->engine->user_agent);
  if (status == XHR_OK && user_agent.len > 0)
    status = xhr__header_list_append_if_missing(headers, XHR__STR("User-Agent"), user_agent);
  /* 8.16-8.18. */
  if (status == XHR_OK)
    status = add_headers_for_caches(headers);
  /* 8.19. A range of coded bytes would be of no use. */
  if (status == XHR_OK && xhr__header_list_contains(headers, XHR__STR("Range"))) {
    status = xhr__header_list_append_if_missing(headers, XHR__STR("Accept-Encoding"),
                                                XHR__STR("identity"));
  }
  /* 8.20. What HTTP adds: codings here, Host and Connection in the transport. */
  if (status == XHR_OK) {
    status = xhr__header_list_append_if_missing(headers, XHR__STR("Accept-Encoding"),
                                                XHR__STR("gzip, deflate, br, zstd"));
  }
  if (status != XHR_OK || !params->include_credentials)
    return status;
  /* 8.21.1. FIXME: cookies are not built yet. */
  /* 8.21.2. */
  return xhr__header_list_contains(headers, XHR__STR("Authorization")) ? XHR_OK
                                                                       : add_authorization(params);
}

/* https://fetch.spec.whatwg.org/#http-network-or-cache-fetch */
void xhr__http_network_or_cache_fetch(xhr__fetch_params *params, bool is_authentication_fetch,
                                      bool is_new_connection_fetch) {
  const xhr__request *request = params->request;
  params->is_authentication_fetch = is_authentication_fetch;
  params->is_new_connection_fetch = is_new_connection_fetch;
  /* 1-7. Locals. */
  /* 8.1-8.2. Of httpRequest's clone only the header list differs. */
  xhr__header_list_free(&params->http_header_list);
  xhr_status status = xhr__header_list_copy(&request->header_list, &params->http_header_list);
  /* 8.3. Credentials are included. */
  params->include_credentials = request->credentials_mode == XHR__CREDENTIALS_INCLUDE ||
                                (request->credentials_mode == XHR__CREDENTIALS_SAME_ORIGIN &&
                                 request->response_tainting == XHR__TAINTING_BASIC);
  /* 8.4. Cross-Origin-Embedder-Policy: for no-cors requests only. */
  if (status == XHR_OK)
    status = add_headers(params);
  if (status != XHR_OK) {
    xhr__fetch_network_error(params, XHR_FAILURE_OUT_OF_MEMORY, XHR__STR_EMPTY);
    return;
  }
  /* 8.22. Proxy authentication is the transport's. 8.23. WebDriver BiDi. 8.24-8.26. FIXME: the cache. */
  /* 9. A canceled fetch's params are gone. 10. BiDi. */
  /* 11.1. Only-if-cached: there is no cache. 11.2. */
  xhr__http_network_fetch(params);
}

/* Whether the server offers the Basic scheme. It is asked twice and must not answer differently, so that it may not
 * want memory: each header is looked at by itself. */
static bool offers_basic(const xhr__response *response) {
  const xhr__header_list *headers = &response->header_list;
  const xhr__str name = XHR__STR("WWW-Authenticate");
  for (size_t at = xhr__header_list_find(headers, 0, name); at < headers->count;
       at = xhr__header_list_find(headers, at + 1, name)) {
    xhr__value_splitter splitter = xhr__value_splitter_of(xhr__header_list_value(headers, at));
    xhr__str challenge;
    while (xhr__value_splitter_next(&splitter, &challenge)) {
      if (xhr__str_starts_with_ci(challenge, XHR__STR("Basic")) &&
          (challenge.len == 5 || challenge.data[5] == ' '))
        return true;
    }
  }
  return false;
}

/* Step 15's condition. DEVIATION: the standard wants a navigable that could prompt; a system context prompts nobody,
 * but the credentials that its URL brings are used. */
static bool authenticates(const xhr__fetch_params *params) {
  const xhr__request *request = params->request;
  return params->response->status == 401 && params->include_credentials &&
         request->response_tainting != XHR__TAINTING_CORS && request->use_url_credentials &&
         !params->is_authentication_fetch &&
         xhr__url_includes_credentials(xhr__request_current_url(request)) &&
         !xhr__header_list_contains(&request->header_list, XHR__STR("Authorization")) &&
         offers_basic(params->response);
}

/* Step 17's condition; a body always has a source here. */
static bool misdirected(const xhr__fetch_params *params) {
  return params->response->status == 421 && !params->is_new_connection_fetch;
}

bool xhr__http_network_or_cache_fetch_repeats(const xhr__fetch_params *params) {
  return authenticates(params) || misdirected(params);
}

/* Step 18, and what a refusal teaches. NOTE: the standard makes an entry of whatever was tried, and would have a user
 * prompted for better ones; here only what the server accepts is kept. */
static void learn_authentication(xhr__fetch_params *params) {
  xhr__authentication_entries *entries = &params->engine->authentication_entries;
  const xhr__request *request = params->request;
  const xhr__header_list *sent = &params->http_header_list;
  size_t at = xhr__header_list_find(sent, 0, XHR__STR("Authorization"));
  if (at == sent->count)
    return;
  xhr__str authorization = xhr__header_list_value(sent, at);
  bool refused = params->response->status == 401;
  if (params->is_authentication_fetch && !refused)
    xhr__authentication_entry_create(entries, request, authorization);
  else if (refused &&
           xhr__str_equals(authorization, xhr__authentication_entry_for(entries, request)))
    xhr__authentication_entry_forget(entries, request);
}

static void drop_response(xhr__fetch_params *params) {
  xhr__response_free(params->response);
  params->response = NULL;
}

/* Step 11.3 on, with params->response. */
void xhr__http_network_or_cache_fetch_response(xhr__fetch_params *params) {
  /* 11.3-11.5. FIXME: the cache. */
  /* 12. URL list: main fetch sets the URL. 13-14. Range-requested, request-includes-credentials: not needed yet. */
  /* 15. 401, with credentials that have not been tried. The body comes again from its source. */
  if (authenticates(params)) {
    drop_response(params);
    xhr__http_network_or_cache_fetch(params, true, params->is_new_connection_fetch);
    return;
  }
  /* 16. DEVIATION: a 407 is told as the response that it is; the transport answers a proxy's challenge. */
  /* 17. 421: once more, on a new connection. */
  if (misdirected(params)) {
    drop_response(params);
    xhr__http_network_or_cache_fetch(params, params->is_authentication_fetch, true);
    return;
  }
  /* 18. */
  learn_authentication(params);
  /* 19. Back in who asked. */
  if (params->parent) {
    xhr__cors_preflight_fetch_response(params);
    return;
  }
  xhr__http_fetch_response(params);
}
