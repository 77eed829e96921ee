#include "xhr/xmlhttprequest.h"

/* Getters that have no way to say so answer as a new object would, to NULL and on another thread. */

/* https://xhr.spec.whatwg.org/#the-upload-attribute */
xhr_event_target *xhr_get_upload(xhr *request) {
  return request ? &request->upload_object : NULL;
}

xhr_event_target *xhr_get_event_target(xhr *request) {
  return request ? &request->event_target : NULL;
}

/* https://xhr.spec.whatwg.org/#dom-xmlhttprequest-readystate */
xhr_ready_state xhr_get_ready_state(const xhr *request) {
  return xhr__check(request) == XHR_OK ? request->state : XHR_UNSENT;
}

/* https://xhr.spec.whatwg.org/#the-timeout-attribute */
xhr_status xhr_set_timeout(xhr *request, uint32_t milliseconds) {
  xhr_status status = xhr__check(request);
  if (status != XHR_OK)
    return status;
  /* 1. */
  if (xhr__is_in_window(request) && request->synchronous)
    return XHR_INVALID_ACCESS_ERR;
  /* 2. */
  request->timeout = milliseconds;
  if (request->in_flight && request->fetch_controller)
    xhr__fetch_set_timeout(request->fetch_controller, milliseconds);
  return XHR_OK;
}

uint32_t xhr_get_timeout(const xhr *request) {
  return xhr__check(request) == XHR_OK ? request->timeout : 0;
}

/* https://xhr.spec.whatwg.org/#the-withcredentials-attribute */
xhr_status xhr_set_with_credentials(xhr *request, bool with_credentials) {
  xhr_status status = xhr__check(request);
  if (status != XHR_OK)
    return status;
  /* 1. - 2. */
  if ((request->state != XHR_UNSENT && request->state != XHR_OPENED) || request->send_invoked)
    return XHR_INVALID_STATE_ERR;
  /* 3. */
  request->cross_origin_credentials = with_credentials;
  return XHR_OK;
}

bool xhr_get_with_credentials(const xhr *request) {
  return xhr__check(request) == XHR_OK && request->cross_origin_credentials;
}

/* https://xhr.spec.whatwg.org/#the-responsetype-attribute */
xhr_status xhr_set_response_type(xhr *request, xhr_response_type type) {
  xhr_status status = xhr__check(request);
  if (status != XHR_OK)
    return status;
  /* 1. "document": not built yet, so no value of the type */
  switch (type) {
    case XHR_RESPONSE_TYPE_EMPTY:
    case XHR_RESPONSE_TYPE_ARRAYBUFFER:
    case XHR_RESPONSE_TYPE_BLOB:
    case XHR_RESPONSE_TYPE_JSON:
    case XHR_RESPONSE_TYPE_TEXT: break;
    default: return XHR_INVALID_ARGUMENT;
  }
  /* 2. */
  if (request->state == XHR_LOADING || request->state == XHR_DONE)
    return XHR_INVALID_STATE_ERR;
  /* 3. */
  if (xhr__is_in_window(request) && request->synchronous)
    return XHR_INVALID_ACCESS_ERR;
  /* 4. */
  request->response_type = type;
  return XHR_OK;
}

xhr_response_type xhr_get_response_type(const xhr *request) {
  return xhr__check(request) == XHR_OK ? request->response_type : XHR_RESPONSE_TYPE_EMPTY;
}

const xhr_failure_info *xhr_failure(const xhr *request) {
  return xhr__check(request) == XHR_OK && request->failed ? &request->failure : NULL;
}
