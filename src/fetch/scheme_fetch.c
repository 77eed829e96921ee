#include "fetch/fetch_params.h"

/* Its own path is the whole of the URL's. */
static void fetch_about(xhr__fetch_params *params) {
  xhr__segments *empty = NULL;
  if (!xhr__str_equals(xhr__url_path(xhr__request_current_url(params->request)),
                       XHR__STR("blank"))) {
    xhr__fetch_network_error(params, XHR_FAILURE_SCHEME,
                             XHR__STR("about:blank is the only about: URL that can be fetched"));
    return;
  }
  xhr_status status = xhr__fetch_new_response(params, 200, XHR__STR("OK"));
  if (status == XHR_OK) {
    status = xhr__header_list_append(&params->response->header_list, XHR__STR("Content-Type"),
                                     XHR__STR("text/html;charset=utf-8"));
  }
  if (status == XHR_OK)
    status = xhr__segments_new_bytes(XHR__STR_EMPTY, &empty);
  if (status != XHR_OK) {
    xhr__fetch_network_error(params, XHR_FAILURE_OUT_OF_MEMORY, XHR__STR_EMPTY);
    return;
  }
  xhr__local_response(params, empty);
  xhr__segments_unref(empty);
}

/* https://fetch.spec.whatwg.org/#scheme-fetch */
void xhr__scheme_fetch(xhr__fetch_params *params) {
  /* 1. Canceled: a canceled fetch's params are gone. */
  /* 2. */
  const xhr__url *url = xhr__request_current_url(params->request);
  /* 3. By scheme. */
  if (xhr__url_is_http(url))
    xhr__http_fetch(params, false);
  else if (xhr__url_scheme_is(url, "about"))
    fetch_about(params);
  else if (xhr__url_scheme_is(url, "blob"))
    xhr__scheme_fetch_blob(params);
  else if (xhr__url_scheme_is(url, "data"))
    xhr__scheme_fetch_data(params);
  else if (xhr__url_scheme_is(url, "file"))
    xhr__scheme_fetch_file(params);
  else /* 4. */
    xhr__fetch_network_error(params, XHR_FAILURE_SCHEME, XHR__STR_EMPTY);
}
