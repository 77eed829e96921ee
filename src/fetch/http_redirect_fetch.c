#include "fetch/fetch_params.h"
#include "fetch/referrer.h"
#include "infra/utf8.h"

/* https://infra.spec.whatwg.org/#isomorphic-decode, appended to `out` as UTF-8. */
static xhr_status isomorphic_decode(xhr__str bytes, xhr__bytes *out) {
  for (size_t i = 0; i < bytes.len; i++) {
    xhr_status status = xhr__bytes_append_code_point(out, xhr__str_at(bytes, i));
    if (status != XHR_OK)
      return status;
  }
  return XHR_OK;
}

/* https://fetch.spec.whatwg.org/#concept-response-location-url: XHR_NOT_FOUND for null, XHR_SYNTAX_ERR for failure.
 * `location` is the caller's to free. NOTE: the standard leaves open how the header's bytes become a string; as
 * browsers do, UTF-8 counts as such and all else is decoded isomorphically. */
static xhr_status location_url(const xhr__response *response, const xhr__url *request_url,
                               xhr__url *location) {
  xhr__bytes utf8 = {0};
  /* 1. Not a redirect status: the caller knows that it is. */
  /* 2. Extract header list values: Location's, of which there may be one only. */
  const xhr__header_list *headers = &response->header_list;
  const xhr__str name = XHR__STR("Location");
  size_t at = xhr__header_list_find(headers, 0, name);
  if (at == headers->count)
    return XHR_NOT_FOUND;
  if (xhr__header_list_find(headers, at + 1, name) < headers->count)
    return XHR_SYNTAX_ERR;
  xhr__str value = xhr__header_list_value(headers, at);
  xhr_status status = XHR_OK;
  /* 3. Parse with the response's URL, which is the request's current one. */
  if (!xhr__utf8_is_valid(value)) {
    status = isomorphic_decode(value, &utf8);
    if (status != XHR_OK)
      goto done;
    value = xhr__bytes_str(&utf8);
  }
  status = xhr__url_parse(value, request_url, location);
  if (status != XHR_OK)
    goto done;
  /* 4. A fragment is inherited. */
  if (!xhr__url_has_fragment(location) && xhr__url_has_fragment(request_url)) {
    status = xhr__url_set_fragment(location, xhr__url_fragment(request_url));
    if (status != XHR_OK)
      xhr__url_free(location);
  }
done:
  xhr__bytes_free(&utf8);
  return status;
}

/* https://fetch.spec.whatwg.org/#request-body-header-name */
static void delete_request_body_headers(xhr__header_list *list) {
  xhr__header_list_delete(list, XHR__STR("Content-Encoding"));
  xhr__header_list_delete(list, XHR__STR("Content-Language"));
  xhr__header_list_delete(list, XHR__STR("Content-Location"));
  xhr__header_list_delete(list, XHR__STR("Content-Type"));
  /* NOTE: a system context may set these two, which a browser never lets through. They describe the body too. */
  xhr__header_list_delete(list, XHR__STR("Content-Length"));
  xhr__header_list_delete(list, XHR__STR("Transfer-Encoding"));
}

/* Headers that belong to the origin they were meant for. */
static void delete_origin_bound_headers(xhr__header_list *list) {
  /* https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name */
  xhr__header_list_delete(list, XHR__STR("Authorization"));
  /* NOTE: a system context may set these, which a browser never lets through; they must not leak either. */
  xhr__header_list_delete(list, XHR__STR("Cookie"));
  xhr__header_list_delete(list, XHR__STR("Cookie2"));
  xhr__header_list_delete(list, XHR__STR("Host"));
  xhr__header_list_delete(list, XHR__STR("Proxy-Authorization"));
}

/* Whether the redirect turns the request into a GET without a body: step 12's condition. */
static bool becomes_get(unsigned status, xhr__str method) {
  if (status == 301 || status == 302)
    return xhr__str_equals(method, XHR__STR("POST"));
  return status == 303 && !xhr__str_equals(method, XHR__STR("GET")) &&
         !xhr__str_equals(method, XHR__STR("HEAD"));
}

/* Steps 9 and 10: credentials in the location URL, which another origin's server could have put there. */
static bool brings_credentials(const xhr__request *request, const xhr__url *location) {
  if (!request->client || !xhr__url_includes_credentials(location))
    return false;
  return (request->mode == XHR__MODE_CORS &&
          !xhr__url_same_origin(location, &request->client->origin)) ||
         request->response_tainting == XHR__TAINTING_CORS;
}

/* Steps 3 to 11: XHR_FAILURE_NONE with `location`, which is the caller's to free, or why there is a network error. */
static xhr_failure_code check_location(const xhr__fetch_params *params, xhr__url *location) {
  const xhr__request *request = params->request;
  /* 3-5. The location URL; null cannot be, see xhr__http_redirect_fetch. */
  xhr_status status = location_url(params->response, xhr__request_current_url(request), location);
  if (status == XHR_OUT_OF_MEMORY)
    return XHR_FAILURE_OUT_OF_MEMORY;
  if (status != XHR_OK)
    return XHR_FAILURE_REDIRECT_LOCATION;
  /* 6. */
  if (!xhr__url_is_http(location))
    return XHR_FAILURE_REDIRECT_SCHEME;
  /* 7. */
  if (request->redirect_count == 20)
    return XHR_FAILURE_REDIRECT_LIMIT;
  /* 9-10. A system context is same origin with it, and its tainting is basic. */
  if (brings_credentials(request, location))
    return XHR_FAILURE_CORS_REDIRECT;
  /* 11. A body that can be sent only once: bodies here always have their segments. */
  return XHR_FAILURE_NONE;
}

/* https://fetch.spec.whatwg.org/#http-redirect-fetch */
void xhr__http_redirect_fetch(xhr__fetch_params *params) {
  /* 1-2. */
  xhr__request *request = params->request;
  unsigned status = params->response->status;
  /* 4. No location URL: the response itself. */
  if (!xhr__http_fetch_redirects(params)) {
    xhr__main_fetch_response(params);
    return;
  }
  xhr__url location = {0};
  xhr_failure_code failure = check_location(params, &location);
  if (failure != XHR_FAILURE_NONE) {
    xhr__url_free(&location);
    xhr__fetch_network_error(params, failure, XHR__STR_EMPTY);
    return;
  }
  /* 8. */
  request->redirect_count++;
  /* 12. Only a GET is left of it. */
  if (becomes_get(status, xhr__bytes_str(&request->method))) {
    if (xhr__bytes_assign(&request->method, XHR__STR("GET")) != XHR_OK) {
      xhr__url_free(&location);
      xhr__fetch_network_error(params, XHR_FAILURE_OUT_OF_MEMORY, XHR__STR_EMPTY);
      return;
    }
    xhr_body_unref(request->body);
    request->body = NULL;
    delete_request_body_headers(&request->header_list);
  }
  /* 13. */
  if (!xhr__urls_same_origin(xhr__request_current_url(request), &location)) {
    delete_origin_bound_headers(&request->header_list);
  }
  /* 14. The body again from its source: each transmission has a cursor of its own. */
  /* 15-17. Timing: not built. */
  /* 18. */
  if (xhr__request_append_url(request, &location) != XHR_OK) {
    xhr__fetch_network_error(params, XHR_FAILURE_OUT_OF_MEMORY, XHR__STR_EMPTY);
    return;
  }
  /* 19. A system context has no referrer. */
  if (request->client)
    xhr__set_referrer_policy_on_redirect(request, &params->response->header_list);
  xhr__response_free(params->response);
  params->response = NULL;
  /* 20-22. */
  xhr__main_fetch(params, true);
}
