#include "xhr/xmlhttprequest.h"

#include "infra/alloc.h"

xhr_status xhr__check(const xhr *request) {
  if (!request)
    return XHR_INVALID_ARGUMENT;
  return xhr__loop_is_current(request->context->loop) ? XHR_OK : XHR_WRONG_THREAD;
}

/* The context is destroyed: the flight ends, and nothing is fired. */
static void terminate(xhr__fetch_record *record) {
  xhr *request = XHR__OWNER(record, xhr, record);
  xhr_ref(request);
  request->entered = false;
  xhr__context_leave(request->context, record);
  /* Where a listener is running, its flight is on the stack already and ends there. */
  if (xhr__take_flight(request)) {
    request->send_invoked = false;
    if (request->fetch_controller)
      xhr__fetch_terminate(request->fetch_controller);
    xhr__release_controller(request);
    xhr__end_flight(request);
  }
  xhr_unref(request);
}

xhr *xhr__of_fetch_record(xhr__fetch_record *record) {
  return record->terminate == terminate ? XHR__OWNER(record, xhr, record) : NULL;
}

/* https://xhr.spec.whatwg.org/#constructors */
xhr_status xhr_new(xhr_context *context, xhr **request) {
  if (request)
    *request = NULL;
  if (!context || !request)
    return XHR_INVALID_ARGUMENT;
  if (!xhr__loop_is_current(context->loop))
    return XHR_WRONG_THREAD;
  if (context->destroyed)
    return XHR_CLOSED;
  xhr *made = XHR__NEW(xhr);
  if (!made)
    return XHR_OUT_OF_MEMORY;
  made->references = 1;
  made->context = xhr_context_ref(context);
  made->sink = &xhr__dom_event_sink;
  made->event_target.xhr = made;
  /* 1. the upload object */
  made->upload_object.xhr = made;
  made->told = made->upload_told = XHR__NOTHING_TOLD;
  xhr__list_init(&made->record.node);
  made->record.terminate = terminate;
  *request = made;
  return XHR_OK;
}

xhr *xhr_ref(xhr *request) {
  if (xhr__check(request) == XHR_OK)
    request->references++;
  return request;
}

void xhr_unref(xhr *request) {
  /* Another thread's reference is better lost than dropped while this one counts. */
  if (xhr__check(request) != XHR_OK || --request->references > 0)
    return;
  /* https://xhr.spec.whatwg.org/#garbage-collection: nothing is in flight, as a flight holds a reference. */
  xhr__release_controller(request);
  xhr__event_target_free(&request->event_target);
  xhr__event_target_free(&request->upload_object);
  xhr__bytes_free(&request->request_method);
  xhr__url_free(&request->request_url);
  xhr__header_list_free(&request->author_request_headers);
  xhr__set_response(request, NULL);
  xhr__mime_type_free(&request->override_mime_type);
  xhr__bytes_free(&request->one_header);
  xhr__bytes_free(&request->all_headers);
  xhr__bytes_free(&request->mime_text);
  xhr_context_unref(request->context);
  xhr__free(request);
}

void xhr__begin_flight(xhr *request) {
  request->in_flight = true;
  request->run++;
  request->flights++;
  request->references++;
  if (!request->entered) {
    request->entered = true;
    xhr__context_enter(request->context, &request->record);
  }
}

bool xhr__take_flight(xhr *request) {
  bool taken = request->in_flight;
  request->in_flight = false;
  return taken;
}

void xhr__end_flight(xhr *request) {
  if (--request->flights == 0 && request->entered) {
    request->entered = false;
    xhr__context_leave(request->context, &request->record);
  }
  if (request->flights == 0 && request->sink->landed)
    request->sink->landed(request);
  xhr_unref(request);
}

void xhr__set_response(xhr *request, xhr__response *response) {
  xhr__response_free(request->response);
  request->response = response;
  request->responses++;
  request->received_bytes = 0;
  request->has_json = false;
  xhr__bytes_free(&request->json);
  xhr__text_response_reset(&request->text);
  request->has_all_headers = false;
}

void xhr__release_controller(xhr *request) {
  xhr__fetch_controller_unref(request->fetch_controller);
  request->fetch_controller = NULL;
  request->failed = false;
}

xhr__str xhr__received_bytes(const xhr *request) {
  if (!request->response || !request->response->body)
    return XHR__STR_EMPTY;
  return xhr__body_buffer_bytes(request->response->body, request->received_bytes);
}
