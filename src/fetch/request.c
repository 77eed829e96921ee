#include "fetch/request.h"

xhr_status xhr__request_new(const xhr__url *url, xhr__request **request) {
  xhr__url copy;
  *request = XHR__NEW(xhr__request);
  if (!*request)
    return XHR_OUT_OF_MEMORY;
  xhr_status status = xhr__url_copy(url, &copy);
  if (status == XHR_OK)
    status = xhr__request_append_url(*request, &copy);
  if (status != XHR_OK) {
    xhr__request_free(*request);
    *request = NULL;
  }
  return status;
}

void xhr__request_free(xhr__request *request) {
  if (!request)
    return;
  xhr__bytes_free(&request->method);
  xhr__header_list_free(&request->header_list);
  xhr_body_unref(request->body);
  xhr__client_snapshot_unref(request->client);
  for (size_t i = 0; i < request->url_count; i++)
    xhr__url_free(&request->url_list[i]);
  xhr__free(request->url_list);
  xhr__free(request);
}

xhr_status xhr__request_append_url(xhr__request *request, xhr__url *url) {
  void *list = request->url_list;
  /* Nearly every request has one URL: room for that, then for many. */
  bool grown = request->url_capacity == 0
                   ? (list = xhr__malloc(sizeof *url)) != NULL
                   : xhr__grow(&list, &request->url_capacity, request->url_count + 1, sizeof *url);
  if (!grown) {
    xhr__url_free(url);
    return XHR_OUT_OF_MEMORY;
  }
  if (request->url_capacity == 0)
    request->url_capacity = 1;
  request->url_list = list;
  request->url_list[request->url_count++] = *url;
  *url = (xhr__url){0};
  return XHR_OK;
}

xhr__str xhr__destination_name(xhr__request_destination destination) {
  switch (destination) {
#define NAME_CASE(name, text)                                                                      \
  case XHR__DESTINATION_##name: return XHR__STR(text);
    XHR__DESTINATION_MAP(NAME_CASE)
#undef NAME_CASE
  }
  return XHR__STR("empty");
}

bool xhr__is_script_like(xhr__request_destination destination) {
  return destination == XHR__DESTINATION_SCRIPT || destination == XHR__DESTINATION_SHAREDWORKER ||
         destination == XHR__DESTINATION_WORKER;
}

/* https://fetch.spec.whatwg.org/#concept-request-tainted-origin */
bool xhr__request_has_redirect_taint(const xhr__request *request) {
  const xhr__origin *origin = &request->client->origin;
  /* 4. each URL and the one before it, the last */
  for (size_t i = 1; i < request->url_count; i++) {
    const xhr__url *last = &request->url_list[i - 1];
    if (!xhr__urls_same_origin(&request->url_list[i], last) && !xhr__url_same_origin(last, origin))
      return true;
  }
  return false;
}

/* https://fetch.spec.whatwg.org/#serializing-a-request-origin */
xhr__str xhr__serialize_request_origin(const xhr__request *request) {
  /* 2. */
  if (xhr__request_has_redirect_taint(request))
    return XHR__STR("null");
  /* 3. */
  return xhr__origin_serialization(&request->client->origin);
}
