#include <stdlib.h>

#include "infra/alloc.h"
#include "xhr/xmlhttprequest.h"

/* The response, or NULL for a network error, for NULL and on another thread. */
static const xhr__response *response_of(const xhr *request) {
  return xhr__check(request) == XHR_OK ? request->response : NULL;
}

/* https://xhr.spec.whatwg.org/#the-responseurl-attribute */
xhr_string xhr_get_response_url(const xhr *request) {
  const xhr__response *response = response_of(request);
  return xhr__lent(response ? xhr__url_href(&response->url, true) : XHR__STR_EMPTY);
}

/* https://xhr.spec.whatwg.org/#the-status-attribute */
unsigned xhr_get_status(const xhr *request) {
  const xhr__response *response = response_of(request);
  return response ? response->status : 0;
}

/* https://xhr.spec.whatwg.org/#the-statustext-attribute */
xhr_string xhr_get_status_text(const xhr *request) {
  const xhr__response *response = response_of(request);
  return xhr__lent(response ? xhr__bytes_str(&response->status_message) : XHR__STR_EMPTY);
}

/* https://xhr.spec.whatwg.org/#the-getresponseheader()-method */
xhr_status xhr_get_response_header(xhr *request, xhr_string name, xhr_string *value) {
  xhr__str found;
  if (value)
    *value = (xhr_string){NULL, 0};
  xhr_status status = xhr__check(request);
  if (status != XHR_OK)
    return status;
  if (!name.data || !value)
    return XHR_INVALID_ARGUMENT;
  if (!request->response)
    return XHR_OK;
  status = xhr__header_list_get(&request->response->header_list, xhr__argument(name),
                                &request->one_header, &found);
  if (status == XHR_OK)
    *value = xhr__lent(found);
  return status == XHR_NOT_FOUND ? XHR_OK : status;
}

typedef struct sorted_header {
  xhr__str name, value;
  size_t index;
} sorted_header;

/* https://xhr.spec.whatwg.org/#legacy-uppercased-byte-less-than, equal names in their order */
static int compare_names(const void *a, const void *b) {
  const sorted_header *left = a, *right = b;
  size_t len = left->name.len < right->name.len ? left->name.len : right->name.len;
  for (size_t i = 0; i < len; i++) {
    uint8_t x = (uint8_t)xhr__ascii_upper(left->name.data[i]);
    uint8_t y = (uint8_t)xhr__ascii_upper(right->name.data[i]);
    if (x != y)
      return x < y ? -1 : 1;
  }
  if (left->name.len != right->name.len)
    return left->name.len < right->name.len ? -1 : 1;
  return left->index < right->index ? -1 : 1;
}

/* Steps 3 and 4 of getAllResponseHeaders(). */
static xhr_status write_headers(const xhr__header_list *headers, xhr__bytes *output) {
  sorted_header *sorted = xhr__calloc(headers->count, sizeof *sorted);
  xhr_status status = sorted ? XHR_OK : XHR_OUT_OF_MEMORY;
  if (status == XHR_OK)
    status = xhr__bytes_reserve(output, headers->text.len + 4 * headers->count);
  /* 3. */
  for (size_t i = 0; i < headers->count && status == XHR_OK; i++) {
    sorted[i] =
        (sorted_header){xhr__header_list_name(headers, i), xhr__header_list_value(headers, i), i};
  }
  if (status == XHR_OK)
    qsort(sorted, headers->count, sizeof *sorted, compare_names);
  /* 4. */
  for (size_t i = 0; i < headers->count && status == XHR_OK; i++) {
    xhr__str line[] = {sorted[i].name, XHR__STR(": "), sorted[i].value, XHR__STR("\r\n")};
    for (size_t j = 0; j < 4 && status == XHR_OK; j++)
      status = xhr__bytes_append(output, line[j]);
  }
  xhr__free(sorted);
  return status;
}

/* https://xhr.spec.whatwg.org/#the-getallresponseheaders()-method */
static xhr_status make_all_headers(xhr *request) {
  xhr__header_list initial = {0};
  /* 1. */
  xhr__bytes_clear(&request->all_headers);
  if (!request->response || request->response->header_list.count == 0)
    return XHR_OK;
  /* 2. */
  xhr_status status = xhr__header_list_sort_and_combine(&request->response->header_list, &initial);
  if (status != XHR_OK)
    return status;
  /* 3. - 5. */
  status = write_headers(&initial, &request->all_headers);
  xhr__header_list_free(&initial);
  return status;
}

xhr_status xhr_get_all_response_headers(xhr *request, xhr_string *headers) {
  if (headers)
    *headers = (xhr_string){NULL, 0};
  xhr_status status = xhr__check(request);
  if (status != XHR_OK)
    return status;
  if (!headers)
    return XHR_INVALID_ARGUMENT;
  if (!request->has_all_headers) {
    status = make_all_headers(request);
    if (status != XHR_OK)
      return status;
    request->has_all_headers = true;
  }
  *headers = xhr__lent(xhr__bytes_str(&request->all_headers));
  return XHR_OK;
}
