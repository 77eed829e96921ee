#include "xhr/xmlhttprequest.h"

/* https://xhr.spec.whatwg.org/#handle-response-end-of-file */
void xhr__handle_response_end_of_body(xhr *request) {
  uint64_t run = request->run;
  xhr_event_target *target = &request->event_target;
  /* 1. - 2. errors come by ways of their own, so this is none */
  /* 3. */
  uint64_t transmitted = request->received_bytes;
  /* 4. - 5. extracted when the headers came */
  uint64_t length = request->length;
  /* 6. DEVIATION: not where the last one told of the same bytes, as web-platform-tests and browsers have it. */
  if (request->told != transmitted) {
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
void xhr__handle_errors(xhr *request) {
  /* 1. */
  if (!request->send_invoked)
    return;
  bool taken = xhr__take_flight(request);
  if (!request->failed)
    note_failure(request);
  /* 2. */
  if (request->timed_out)
    xhr__request_error_steps(request, XHR_EVENT_TIMEOUT);
  /* 3. aborted: NOTE: abort() does its own steps, and nothing else aborts */
  /* 4. */
  else if (!request->response)
    xhr__request_error_steps(request, XHR_EVENT_ERROR);
  if (taken)
    xhr__end_flight(request);
}

/* https://xhr.spec.whatwg.org/#request-error-steps */
void xhr__request_error_steps(xhr *request, xhr_event_type event) {
  /* 1. - 3. */
  request->state = XHR_DONE;
  request->send_invoked = false;
  xhr__set_response(request, NULL);
  /* 4. synchronous: not built yet */
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
}

void xhr__fail(xhr *request, xhr_failure_code code) {
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
  xhr__handle_errors(request);
}
