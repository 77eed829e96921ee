#include "fetch/fetch_params.h"

/* https://fetch.spec.whatwg.org/#main-fetch */
void xhr__main_fetch(xhr__fetch_params *params, bool recursive) {
  /* 1. */
  xhr__request *request = params->request;
  /* 2-3. Local-URLs-only: nothing sets it. */
  /* 4-5. Content Security Policy and its upgrade: they bind web origins only. */
  /* 6. Mixed content upgrade: web origins only. */
  /* 7. Bad ports, mixed content, CSP, integrity policy: web origins only. */
  /* 8-9. Referrer: a system context has none. */
  /* 10. FIXME: HSTS is not built yet. */
  /* 11. In parallel: the engine is. */
  (void)recursive;

  /* 12, second case. A system context is same origin with every URL, and its tainting is basic. FIXME: the other
   * cases, with CORS, are not built yet. */
  if (request->client.system) {
    xhr__scheme_fetch(params);
    return;
  }
  xhr__fetch_network_error(params, XHR_FAILURE_INTERNAL,
                           XHR__STR("this context's kind is not supported"));
}

/* Steps 13 on, with params->response. Network errors never come here: they end the fetch where they arise. */
void xhr__main_fetch_response(xhr__fetch_params *params) {
  /* 13. Recursive: the one caller is the outermost main fetch, since redirects do not nest here. */
  /* 14. Tainting basic for a system context: Set-Cookie stays readable to it. FIXME: filtered responses. */
  xhr__response *response = params->response;
  /* 15-16. The response's URL: the request's current one. */
  xhr__url_free(&response->url);
  if (xhr__url_copy(xhr__request_current_url(params->request), &response->url) != XHR_OK) {
    xhr__fetch_network_error(params, XHR_FAILURE_OUT_OF_MEMORY, XHR__STR_EMPTY);
    return;
  }
  /* 17-19. Redirect taint, navigation, timing: not built. */
  /* 20. Mixed content, CSP, MIME type, nosniff: they block scripts, styles and web origins only. */
  /* 21. Opaque range responses: there are none. */
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
  /* 8. A null body's end; 9. any other's comes with the exchange's. */
  if (!params->body)
    xhr__http_network_fetch_disregard_body(params);
  /* 10. Process response consume body: not used. */
}
