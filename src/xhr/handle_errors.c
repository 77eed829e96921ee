#include "xhr/xmlhttprequest.h"

/* https://xhr.spec.whatwg.org/#handle-response-end-of-file */
void xhr__handle_response_end_of_body(xhr *request) {
  uint64_t run = request->run;
  xhr_event_target *target = &request->event_target;
  /* 1. - 2. errors come by ways of their own (a synchronous request's by xhr__send_sync), so this is none */
  /* 3. */
  uint64_t transmitted = request->received_bytes;
  /* 4. - 5. extracted when the headers came */
  uint64_t length = request->length;
  /* 6. DEVIATION: not where the last one told of the same bytes, as web-platform-tests and browsers have it. */
  if (!request->synchronous && request->told != transmitted) {
    request->told = transmitted;
    xhr__fire_progress_event(request, target, XHR_EVENT_PROGRESS, transmitted, length);
    /* NOTE: the standard does not ask whether a listener has ended it all. */
    if (!xhr__is_flying(request, run))
      return;
  }
  bool taken = xhr__take_flight(request);
  xhr__release_controller(request);
  /* 7. */
  request->state = XHR_DONE;
  /* 8. */
  request->send_invoked = false;
  /* 9. */
  xhr__fire_readystatechange(request);
  /* 10. - 11. */
  xhr__fire_progress_event(request, target, XHR_EVENT_LOAD, transmitted, length);
  xhr__fire_progress_event(request, target, XHR_EVENT_LOADEND, transmitted, length);
  if (taken)
    xhr__end_flight(request);
}

/* Keeps what the fetch says about its failure; the strings stay the controller's. */
static void note_failure(xhr *request) {
  const xhr__failure *failure =
      request->fetch_controller ? xhr__fetch_failure(request->fetch_controller) : NULL;
  if (!failure || failure->code == XHR_FAILURE_NONE)
    return;
  request->failed = true;
  request->failure = (xhr_failure_info){
      .code = failure->code,
      .phase = failure->phase,
      .host = xhr_str(failure->host),
      .message = xhr_str(failure->message),
  };
}

/* https://xhr.spec.whatwg.org/#handle-errors */
xhr_status xhr__handle_errors(xhr *request) {
  xhr_status thrown = XHR_OK;
  /* 1. */
  if (!request->send_invoked)
    return XHR_OK;
  bool taken = xhr__take_flight(request);
  /* The failure of a fetch that was ended is nobody's, and may be written just now. */
  if (!request->failed && !request->aborted)
    note_failure(request);
  /* 2. */
  if (request->timed_out)
    thrown = xhr__request_error_steps(request, XHR_EVENT_TIMEOUT, XHR_TIMEOUT_ERR);
  /* 3. NOTE: abort() does its own steps */
  else if (request->aborted)
    thrown = xhr__request_error_steps(request, XHR_EVENT_ABORT, XHR_ABORT_ERR);
  /* 4. */
  else if (!request->response)
    thrown = xhr__request_error_steps(request, XHR_EVENT_ERROR, XHR_NETWORK_ERR);
  if (taken)
    xhr__end_flight(request);
  return thrown;
}

/* https://xhr.spec.whatwg.org/#request-error-steps */
xhr_status xhr__request_error_steps(xhr *request, xhr_event_type event, xhr_status exception) {
  /* 1. - 3. */
  request->state = XHR_DONE;
  request->send_invoked = false;
  xhr__set_response(request, NULL);
  /* 4. */
  if (request->synchronous)
    return exception;
  /* 5. */
  xhr__fire_readystatechange(request);
  /* 6. */
  if (!request->upload_complete) {
    /* 6.1. */
    request->upload_complete = true;
    /* 6.2. */
    if (request->upload_listener) {
      xhr__fire_progress_event(request, &request->upload_object, event, 0, 0);
      xhr__fire_progress_event(request, &request->upload_object, XHR_EVENT_LOADEND, 0, 0);
    }
  }
  /* 7. - 8. */
  xhr__fire_progress_event(request, &request->event_target, event, 0, 0);
  xhr__fire_progress_event(request, &request->event_target, XHR_EVENT_LOADEND, 0, 0);
  return XHR_OK;
}

void xhr__set_failure(xhr *request, xhr_failure_code code) {
  if (request->fetch_controller)
    xhr__fetch_terminate(request->fetch_controller);
  request->failed = true;
  request->failure = (xhr_failure_info){
      .code = code,
      .phase = xhr__failure_code_phase(code),
      .host = xhr_str(""),
      .message = xhr_str(xhr_failure_code_text(code)),
  };
  xhr__set_response(request, NULL);
}

void xhr__fail(xhr *request, xhr_failure_code code) {
  xhr__set_failure(request, code);
  (void)xhr__handle_errors(request);
}
