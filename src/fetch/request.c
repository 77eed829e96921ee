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
