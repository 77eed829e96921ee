#include "fetch/cors_safelisted.h"
#include "fetch/fetch_params.h"
#include "fetch/filtered_response.h"
#include "fetch/mixed_content.h"
#include "fetch/port_blocking.h"
#include "fetch/referrer.h"
#include "fetch/script_response.h"

/* Step 7 for a client with a web origin: whether the request is blocked, and then it has ended. */
static bool is_blocked(xhr__fetch_params *params) {
  const xhr__request *request = params->request;
  const xhr__url *url = xhr__request_current_url(request);
  xhr__detail why = {0};
  /* FIXME: Content Security Policy and Integrity Policy are not built yet. */
  if (xhr__is_blocked_due_to_a_bad_port(url)) {
    xhr__detail_add(&why, xhr__url_host_and_port(url));
    xhr__detail_add(&why, XHR__STR(": web pages may not fetch from this port, which is that of "
                                   "another protocol; let the server listen on another one"));
    xhr__fetch_network_error(params, XHR_FAILURE_BAD_PORT, xhr__detail_str(&why));
    return true;
  }
  if (xhr__is_blocked_as_mixed_content(request)) {
    xhr__detail_add(&why, xhr__origin_serialization(&request->client->origin));
    xhr__detail_add(&why, XHR__STR(" is secure and may not fetch http://"));
    xhr__detail_add(&why, xhr__url_host_and_port(url));
    xhr__detail_add(&why, XHR__STR("; let the server speak https:"));
    xhr__fetch_network_error(params, XHR_FAILURE_MIXED_CONTENT, xhr__detail_str(&why));
    return true;
  }
  return false;
}

/* Step 12's first cases. */
static bool is_basic(const xhr__request *request) {
  const xhr__url *url = xhr__request_current_url(request);
  /* Preloaded: not built. Same origin and not tainted yet. */
  if (xhr__url_same_origin(url, &request->client->origin) &&
      request->response_tainting == XHR__TAINTING_BASIC)
    return true;
  return xhr__url_scheme_is(url, "data") || request->mode == XHR__MODE_NAVIGATE;
}

/* Step 12's last cases, those of the CORS protocol. */
static void fetch_with_cors(xhr__fetch_params *params) {
  xhr__request *request = params->request;
  request->response_tainting = XHR__TAINTING_CORS;
  /* With a preflight. */
  bool preflight = request->use_cors_preflight ||
                   (request->unsafe_request &&
                    (!xhr__is_cors_safelisted_method(xhr__bytes_str(&request->method)) ||
                     xhr__has_cors_unsafe_request_header_names(&request->header_list)));
  /* A network error clears its cache entries: see xhr__fetch_network_error. */
  params->cors_with_preflight = params->cors_with_preflight || preflight;
  xhr__http_fetch(params, preflight);
}

/* Step 12 for a client with a web origin. Its redirect mode is never "manual". */
static void fetch_by_origin(xhr__fetch_params *params) {
  xhr__request *request = params->request;
  if (is_basic(request)) {
    request->response_tainting = XHR__TAINTING_BASIC;
    xhr__scheme_fetch(params);
  } else if (request->mode == XHR__MODE_SAME_ORIGIN) {
    xhr__fetch_network_error(params, XHR_FAILURE_SAME_ORIGIN, XHR__STR_EMPTY);
  } else if (request->mode == XHR__MODE_NO_CORS) {
    request->response_tainting = XHR__TAINTING_OPAQUE;
    xhr__scheme_fetch(params);
  } else if (!xhr__url_is_http(xhr__request_current_url(request))) {
    /* Other schemes, file: and ftp: among them. */
    xhr__fetch_network_error(params, XHR_FAILURE_SCHEME, XHR__STR_EMPTY);
  } else {
    fetch_with_cors(params);
  }
}

/* Steps 14 and 20: what of the response is for whoever asked. False where it ended the fetch. */
static bool shape_response(xhr__fetch_params *params) {
  const xhr__request *request = params->request;
  xhr__response *response = params->response;
  xhr__detail why = {0};
  xhr_status status = XHR_OK;
  /* 20., which looks at the internal response. Mixed content: its URL is the request's current one, which was not
   * blocked. FIXME: Content Security Policy is not built yet. */
  if (xhr__is_script_like(request->destination))
    status = xhr__check_script_response(response, &why);
  /* 14. To a system context all headers stay readable, Set-Cookie too. */
  if (status == XHR_OK && request->client)
    status = xhr__filter_response(request, response);
  if (status == XHR_OK)
    return true;
  xhr__fetch_network_error(
      params, status == XHR_SYNTAX_ERR ? XHR_FAILURE_MIME_TYPE : XHR_FAILURE_OUT_OF_MEMORY,
      xhr__detail_str(&why));
  return false;
}

/* https://fetch.spec.whatwg.org/#main-fetch */
void xhr__main_fetch(xhr__fetch_params *params, bool recursive) {
  /* 1. */
  xhr__request *request = params->request;
  /* 2-3. Local-URLs-only: nothing sets it. */
  /* 4-5. FIXME: Content Security Policy and its upgrade are not built yet; they bind web origins only. */
  /* 6. Mixed content upgrade: of images and media only. */
  /* 10. FIXME: HSTS is not built yet. */
  /* 11. In parallel: the engine is. */
  (void)recursive;

  /* 7-9. bind web origins only. 12, second case. A system context is same origin with every URL: tainting is basic. */
  if (!request->client) {
    xhr__scheme_fetch(params);
    return;
  }
  /* 7. */
  if (is_blocked(params))
    return;
  /* 8. The policy container has none, which stands for the default. */
  if (request->referrer_policy == XHR__REFERRER_POLICY_EMPTY)
    request->referrer_policy = XHR__STRICT_ORIGIN_WHEN_CROSS_ORIGIN;
  /* 9. */
  request->referrer = xhr__determine_referrer(request);
  /* 12. */
  fetch_by_origin(params);
}

/* Steps 13 on, with params->response. Network errors never come here: they end the fetch where they arise. */
void xhr__main_fetch_response(xhr__fetch_params *params) {
  /* 13. Recursive: the one caller is the outermost main fetch, since redirects do not nest here. */
  /* 14 and 20 */
  if (!shape_response(params))
    return;
  xhr__response *response = params->response;
  /* 15-16. The response's URL: the request's current one. */
  xhr__url_free(&response->url);
  if (xhr__url_copy(xhr__request_current_url(params->request), &response->url) != XHR_OK) {
    xhr__fetch_network_error(params, XHR_FAILURE_OUT_OF_MEMORY, XHR__STR_EMPTY);
    return;
  }
  /* 17-19. Redirect taint, navigation, timing: not built. */
  /* 21. Opaque range responses: nobody asks for ranges of them, and there is no cache that would keep them. */
  /* 22. A null body, whatever comes. */
  xhr__str method = xhr__bytes_str(&params->request->method);
  if (xhr__str_equals(method, XHR__STR("HEAD")) || xhr__is_null_body_status(response->status)) {
    xhr__body_buffer_unref(response->body);
    response->body = NULL;
    xhr__body_buffer_unref(params->body);
    params->body = NULL;
  }
  /* 23. Integrity metadata: XMLHttpRequest has none. */
  /* 24. */
  xhr__fetch_response_handover(params);
}

/* https://fetch.spec.whatwg.org/#fetch-finale */
void xhr__fetch_response_handover(xhr__fetch_params *params) {
  /* 1-3. Timing info, Server-Timing: not built. */
  /* 4. Process response end-of-body: xhr__fetch_end_of_body. */
  /* 5. Process response. */
  xhr__response *response = params->response;
  params->response = NULL;
  params->handed_over = true;
  xhr__mailbox_post(params->controller,
                    &(xhr__news){.what = XHR__NEWS_RESPONSE, .response = response});
  /* 6-7. Internal response, WebDriver BiDi: not built. */
  /* 8. A null body's end; 9. any other's comes with the exchange's, or is read here. */
  if (params->local)
    xhr__local_response_begin_body(params);
  else if (!params->body)
    xhr__http_network_fetch_disregard_body(params);
  /* 10. Process response consume body: not used. */
}
