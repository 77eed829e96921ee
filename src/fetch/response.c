#include "fetch/response.h"

#include "fetch/response_pool.h"
#include "infra/alloc.h"

xhr__response *xhr__response_new(void) {
  return XHR__NEW(xhr__response);
}

void xhr__response_free(xhr__response *response) {
  if (response && response->pool)
    xhr__response_pool_give(response);
  else if (response)
    xhr__response_destroy(response);
}

void xhr__response_destroy(xhr__response *response) {
  xhr__url_free(&response->url);
  xhr__bytes_free(&response->status_message);
  xhr__header_list_free(&response->header_list);
  xhr__body_buffer_unref(response->body);
  xhr__free(response);
}

bool xhr__is_null_body_status(unsigned status) {
  return status == 101 || status == 103 || status == 204 || status == 205 || status == 304;
}

bool xhr__is_redirect_status(unsigned status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}
