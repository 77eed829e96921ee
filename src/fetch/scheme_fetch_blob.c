#include "fetch/fetch_params.h"
#include "fetch/range.h"
#include "file/blob_url_store.h"

/* What is answered with. */
typedef struct blob_part {
  const xhr__blob *blob;
  uint64_t start, end; /* inclusive */
  bool is_range;
} blob_part;

/* 13.2. - 13.7.: which bytes the Range header asks for. False for a network error. */
static bool find_range(xhr__str header, blob_part *out) {
  uint64_t full_length = xhr__blob_size(out->blob);
  xhr__range range;
  /* 13.3. - 13.5. */
  if (!xhr__parse_single_range(header, true, &range))
    return false;
  /* 13.6. DEVIATION: a suffix that is longer than the Blob begins with it, where the standard's range would begin before,
   * and one of no bytes is none: https://www.rfc-editor.org/rfc/rfc9110#section-14.1.2 */
  if (!range.has_start) {
    out->start = range.end < full_length ? full_length - range.end : 0;
    out->end = full_length - 1;
    return full_length > 0 && range.end > 0;
  }
  /* 13.7.1. */
  if (range.start >= full_length)
    return false;
  /* 13.7.2. */
  out->start = range.start;
  out->end = range.has_end && range.end < full_length ? range.end : full_length - 1;
  return true;
}

static xhr_status append_number(xhr__header_list *headers, xhr__str name, uint64_t number) {
  xhr__bytes text = {0};
  xhr_status status = xhr__bytes_append_u64(&text, number);
  if (status == XHR_OK)
    status = xhr__header_list_append(headers, name, xhr__bytes_str(&text));
  xhr__bytes_free(&text);
  return status;
}

static xhr_status append_content_range(xhr__header_list *headers, const blob_part *part) {
  xhr__bytes text = {0};
  xhr_status status =
      xhr__build_content_range(part->start, part->end, xhr__blob_size(part->blob), &text);
  if (status == XHR_OK)
    status = xhr__header_list_append(headers, XHR__STR("Content-Range"), xhr__bytes_str(&text));
  xhr__bytes_free(&text);
  return status;
}

/* 12.2. - 12.4., 13.8. - 13.14.: the response, and its body. */
static xhr_status respond(xhr__fetch_params *params, const blob_part *part, xhr__segments **body) {
  const xhr__segments *whole = part->blob->segments;
  xhr_status status = part->is_range
                          ? xhr__fetch_new_response(params, 206, XHR__STR("Partial Content"))
                          : xhr__fetch_new_response(params, 200, XHR__STR("OK"));
  if (status == XHR_OK && part->is_range)
    status = xhr__segments_slice(whole, part->start, part->end + 1, body);
  else if (status == XHR_OK)
    *body = xhr__segments_ref(part->blob->segments);
  if (status != XHR_OK)
    return status;
  xhr__header_list *headers = &params->response->header_list;
  status = append_number(headers, XHR__STR("Content-Length"), (*body)->length);
  if (status == XHR_OK) {
    status = xhr__header_list_append(headers, XHR__STR("Content-Type"),
                                     xhr__bytes_str(&part->blob->type));
  }
  if (status == XHR_OK && part->is_range)
    status = append_content_range(headers, part);
  return status;
}

/* 8. - 14. */
static void fetch_blob(xhr__fetch_params *params, const xhr__blob *blob) {
  blob_part part = {.blob = blob};
  const xhr__header_list *headers = &params->request->header_list;
  xhr__bytes storage = {0};
  xhr__str range;
  xhr__segments *body = NULL;
  bool found = true;
  xhr_status status = xhr__header_list_get(headers, XHR__STR("Range"), &storage, &range);
  if (status == XHR_OK) {
    part.is_range = true;
    found = find_range(range, &part);
  }
  if (found && status != XHR_OUT_OF_MEMORY)
    status = respond(params, &part, &body);
  xhr__bytes_free(&storage);
  if (found && status == XHR_OK)
    xhr__local_response(params, body);
  else
    xhr__fetch_network_error(params, found ? XHR_FAILURE_OUT_OF_MEMORY : XHR_FAILURE_RANGE,
                             XHR__STR_EMPTY);
  xhr__segments_unref(body);
}

/* https://fetch.spec.whatwg.org/#scheme-fetch, step 3, "blob". */
void xhr__scheme_fetch_blob(xhr__fetch_params *params) {
  const xhr__request *request = params->request;
  /* 1. */
  const xhr__url *url = xhr__request_current_url(request);
  /* 2. */
  if (!xhr__str_equals(xhr__bytes_str(&request->method), XHR__STR("GET"))) {
    xhr__fetch_network_error(params, XHR_FAILURE_METHOD,
                             XHR__STR("blob: URLs can be fetched with GET only"));
    return;
  }
  /* 3. - 6. a page that fetches itself is of the entry's origin anyway; 7. */
  xhr__blob *blob = request->destination == XHR__DESTINATION_DOCUMENT
                        ? xhr__obtain_blob_for_navigation(url)
                        : xhr__obtain_blob(url, request->client ? &request->client->origin : NULL);
  if (blob)
    fetch_blob(params, blob);
  else
    xhr__fetch_network_error(params, XHR_FAILURE_BLOB_URL, XHR__STR_EMPTY);
}
