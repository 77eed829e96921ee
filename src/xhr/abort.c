#include "xhr/xmlhttprequest.h"

/* https://xhr.spec.whatwg.org/#the-abort()-method */
xhr_status xhr_abort(xhr *request) {
  xhr_status status = xhr__check(request);
  if (status != XHR_OK)
    return status;
  xhr_ref(request);
  /* 1. */
  bool taken = xhr__take_flight(request);
  if (request->fetch_controller)
    xhr__fetch_terminate(request->fetch_controller);
  xhr__release_controller(request);
  /* 2. */
  if ((request->state == XHR_OPENED && request->send_invoked) ||
      request->state == XHR_HEADERS_RECEIVED || request->state == XHR_LOADING) {
    (void)xhr__request_error_steps(request, XHR_EVENT_ABORT, XHR_OK);
  }
  /* 3. without an event */
  if (request->state == XHR_DONE) {
    request->state = XHR_UNSENT;
    xhr__set_response(request, NULL);
  }
  if (taken)
    xhr__end_flight(request);
  xhr_unref(request);
  return XHR_OK;
}
