#include "fetch/method.h"
#include "xhr/xmlhttprequest.h"

/* Steps 5 to 8: the URL with its credentials. */
static xhr_status parse_url(const xhr *request, xhr_string url, xhr_string username,
                            xhr_string password, xhr__url *parsed) {
  /* 5. - 6. */
  xhr_status status = xhr__context_parse_url(request->context, xhr__argument(url), parsed);
  /* 7. async, and both are null, where they are left out */
  /* 8. only where there is a host */
  if (status == XHR_OK && xhr__url_has_host(parsed)) {
    if (username.data)
      status = xhr__url_set_the_username(parsed, xhr__argument(username));
    if (status == XHR_OK && password.data)
      status = xhr__url_set_the_password(parsed, xhr__argument(password));
  }
  if (status != XHR_OK)
    xhr__url_free(parsed);
  return status;
}

/* Steps 10 to 12, which cannot fail any more. Takes over both. */
static void open_request(xhr *request, xhr__bytes *method, xhr__url *url, bool async) {
  /* 10. a fetch may be going on: it ends without a word */
  bool taken = xhr__take_flight(request);
  if (request->fetch_controller)
    xhr__fetch_terminate(request->fetch_controller);
  xhr__release_controller(request);
  /* 11. */
  request->send_invoked = false;
  xhr__bytes_move(&request->request_method, method);
  xhr__url_free(&request->request_url);
  request->request_url = *url;
  request->synchronous = !async;
  xhr__header_list_free(&request->author_request_headers);
  request->upload_listener = false;
  xhr__set_response(request, NULL);
  /* 12. */
  if (request->state != XHR_OPENED) {
    request->state = XHR_OPENED;
    xhr__fire_readystatechange(request);
  }
  if (taken)
    xhr__end_flight(request);
}

/* https://xhr.spec.whatwg.org/#the-open()-method */
static xhr_status open_method(xhr *request, xhr_string method, xhr_string url, bool async,
                              xhr_string username, xhr_string password) {
  xhr__bytes request_method = {0};
  xhr__url parsed_url = {0};
  xhr_status status = xhr__check(request);
  if (status != XHR_OK)
    return status;
  if (!method.data || !url.data || !xhr__is_argument(username) || !xhr__is_argument(password))
    return XHR_INVALID_ARGUMENT;
  /* 1. a document that is not fully active: here a context that is destroyed */
  if (request->context->destroyed)
    return XHR_CLOSED;
  /* 2. */
  if (!xhr__is_method(xhr__argument(method)))
    return XHR_SYNTAX_ERR;
  /* 3. NOTE: for system contexts too, as nobody can answer them. */
  if (xhr__is_forbidden_method(xhr__argument(method)))
    return XHR_SECURITY_ERR;
  /* 4. */
  status = xhr__bytes_assign(&request_method, xhr__normalize_method(xhr__argument(method)));
  /* 5. - 8. */
  if (status == XHR_OK)
    status = parse_url(request, url, username, password, &parsed_url);
  /* 9. */
  if (status == XHR_OK && !async && xhr__is_in_window(request) &&
      (request->timeout != 0 || request->response_type != XHR_RESPONSE_TYPE_EMPTY)) {
    xhr__url_free(&parsed_url);
    status = XHR_INVALID_ACCESS_ERR;
  }
  if (status != XHR_OK) {
    xhr__bytes_free(&request_method);
    return status;
  }
  /* 10. - 12. */
  xhr_ref(request);
  open_request(request, &request_method, &parsed_url, async);
  xhr_unref(request);
  return XHR_OK;
}

xhr_status xhr_open_with_credentials(xhr *request, xhr_string method, xhr_string url,
                                     xhr_string username, xhr_string password) {
  return open_method(request, method, url, true, username, password);
}

xhr_status xhr_open_synchronous(xhr *request, xhr_string method, xhr_string url,
                                xhr_string username, xhr_string password) {
  return open_method(request, method, url, false, username, password);
}

xhr_status xhr_open(xhr *request, xhr_string method, xhr_string url) {
  xhr_string null = {NULL, 0};
  return xhr_open_with_credentials(request, method, url, null, null);
}
