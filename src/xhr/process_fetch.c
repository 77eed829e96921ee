/* What the standard's send() hands to Fetch: the process... algorithms. Each is called by the mailbox while the fetch is
 * in flight, so that the object is alive; a listener may end the flight, so each holds it. */
#include "xhr/xmlhttprequest.h"

/* https://xhr.spec.whatwg.org/#the-send()-method, step 11.7. */
static void process_request_body_chunk_length(void *client, uint64_t transmitted) {
  xhr *request = client;
  /* 11.7.1. - 11.7.2. counted, and spared, by the engine */
  /* 11.7.3. */
  if (!request->upload_listener)
    return;
  xhr_ref(request);
  request->upload_told = transmitted;
  xhr__fire_progress_event(request, &request->upload_object, XHR_EVENT_PROGRESS, transmitted,
                           request->request_body_length);
  xhr_unref(request);
}

/* Step 11.8. */
static void process_request_end_of_body(void *client, uint64_t transmitted) {
  xhr *request = client;
  xhr_event_target *upload = &request->upload_object;
  uint64_t length = request->request_body_length;
  /* 11.8.1. */
  request->upload_complete = true;
  /* 11.8.2. */
  if (!request->upload_listener)
    return;
  xhr_ref(request);
  /* 11.8.3. DEVIATION: not where the last one told of the same bytes, as web-platform-tests and browsers have it. */
  if (request->upload_told != transmitted) {
    request->upload_told = transmitted;
    xhr__fire_progress_event(request, upload, XHR_EVENT_PROGRESS, transmitted, length);
  }
  /* 11.8.4. - 11.8.5. */
  xhr__fire_progress_event(request, upload, XHR_EVENT_LOAD, transmitted, length);
  xhr__fire_progress_event(request, upload, XHR_EVENT_LOADEND, transmitted, length);
  xhr_unref(request);
}

/* https://fetch.spec.whatwg.org/#header-list-extract-a-length, and 0 for what is no integer.
 * DEVIATION: 0 too where a content coding was undone: what is counted is decoded, what is announced is not. Browsers
 * and web-platform-tests do so; https://github.com/whatwg/xhr/issues/403 */
static xhr_status extract_length(const xhr__response *response, uint64_t *length) {
  const xhr__header_list *headers = &response->header_list;
  bool has_length = false;
  *length = 0;
  if (response->body_was_coded)
    return XHR_OK;
  if (xhr__header_list_contains(headers, XHR__STR("Content-Encoding")))
    return XHR_OK;
  /* NOTE: a transfer coding overrides any length (RFC 9112, 6.3); browsers drop the header. */
  if (xhr__header_list_contains(headers, XHR__STR("Transfer-Encoding")))
    return XHR_OK;
  xhr_status status = xhr__header_list_extract_length(headers, &has_length, length);
  if (status == XHR_SYNTAX_ERR)
    status = XHR_OK;
  if (status != XHR_OK || !has_length)
    *length = 0;
  return status;
}

xhr_status xhr__extract_response_length(xhr *request) {
  return extract_length(request->response, &request->length);
}

/* Step 11.9. from its third step on. */
static void headers_received(xhr *request) {
  uint64_t run = request->run;
  /* 11.9.8. - 11.9.9., early, as they are the same for the end of the body, and may fail */
  if (xhr__extract_response_length(request) != XHR_OK) {
    xhr__fail(request, XHR_FAILURE_OUT_OF_MEMORY);
    return;
  }
  /* 11.9.4. */
  request->state = XHR_HEADERS_RECEIVED;
  /* 11.9.5. */
  xhr__fire_readystatechange(request);
  /* 11.9.6. */
  if (!xhr__is_flying(request, run) || request->state != XHR_HEADERS_RECEIVED)
    return;
  /* 11.9.7. a null body: NOTE: its end comes as process_end_of_body, as any other's */
  /* 11.9.10. - 11.9.13. the functions below are called as the body comes in */
}

static void process_response(void *client, xhr__response *response) {
  xhr *request = client;
  xhr_ref(request);
  /* 11.9.1. */
  xhr__set_response(request, response);
  /* 11.9.2. - 11.9.3. */
  if (response)
    headers_received(request);
  else
    (void)xhr__handle_errors(request);
  xhr_unref(request);
}

/* Step 11.9.10. */
static void body_chunk(xhr *request, uint64_t received) {
  uint64_t run = request->run;
  /* 11.9.10.1. */
  request->received_bytes = (size_t)received;
  /* 11.9.10.2. by the engine; NOTE: it also tells of what came last, 50 ms later */
  /* 11.9.10.3. */
  if (request->state == XHR_HEADERS_RECEIVED)
    request->state = XHR_LOADING;
  /* 11.9.10.4. */
  xhr__fire_readystatechange(request);
  /* 11.9.10.5. NOTE: the standard does not ask, but browsers fire nothing behind an abort's loadend. */
  if (!xhr__is_flying(request, run))
    return;
  request->told = received;
  xhr__fire_progress_event(request, &request->event_target, XHR_EVENT_PROGRESS, received,
                           request->length);
}

static void process_body_chunk(void *client, uint64_t received) {
  xhr *request = client;
  xhr_ref(request);
  body_chunk(request, received);
  xhr_unref(request);
}

/* Step 11.9.11. */
static void process_end_of_body(void *client, uint64_t received) {
  xhr *request = client;
  uint64_t run = request->run;
  xhr_ref(request);
  /* NOTE: a body that came all at once still goes through LOADING. */
  if (received > 0 && request->state == XHR_HEADERS_RECEIVED)
    body_chunk(request, received);
  if (xhr__is_flying(request, run)) {
    request->received_bytes = (size_t)received;
    xhr__handle_response_end_of_body(request);
  }
  xhr_unref(request);
}

/* Step 11.9.12. */
static void process_body_error(void *client) {
  xhr *request = client;
  xhr_ref(request);
  xhr__set_response(request, NULL);
  (void)xhr__handle_errors(request);
  xhr_unref(request);
}

/* Step 11.12.2. */
static void process_timeout(void *client) {
  xhr *request = client;
  xhr_ref(request);
  request->timed_out = true;
  (void)xhr__handle_errors(request);
  xhr_unref(request);
}

const xhr__fetch_client xhr__fetch_client_of_xhr = {
    .process_request_body_chunk_length = process_request_body_chunk_length,
    .process_request_end_of_body = process_request_end_of_body,
    .process_response = process_response,
    .process_body_chunk = process_body_chunk,
    .process_end_of_body = process_end_of_body,
    .process_body_error = process_body_error,
    .process_timeout = process_timeout,
};
