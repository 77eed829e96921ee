#include "encoding/decode.h"
#include "xhr/xmlhttprequest.h"

/* Step 8 of the response getter: the text that would be parsed. */
static xhr_status get_json(xhr *request, xhr_string *value) {
  /* 8.1. - 8.2. */
  if (!request->response->body)
    return XHR_OK;
  /* 8.3. - 8.4. decoded; C parses it itself */
  if (!request->has_json) {
    xhr_status status = xhr__utf_8_decode(xhr__received_bytes(request), &request->json);
    if (status != XHR_OK)
      return status;
    request->has_json = true;
  }
  *value = xhr__lent(xhr__bytes_str(&request->json));
  return XHR_OK;
}

/* https://xhr.spec.whatwg.org/#the-response-attribute */
xhr_status xhr_get_response(xhr *request, xhr_string *value) {
  if (value)
    *value = (xhr_string){NULL, 0};
  xhr_status status = xhr__check(request);
  if (status != XHR_OK)
    return status;
  if (!value)
    return XHR_INVALID_ARGUMENT;
  /* 1. */
  if (request->response_type == XHR_RESPONSE_TYPE_EMPTY ||
      request->response_type == XHR_RESPONSE_TYPE_TEXT) {
    return xhr_get_response_text(request, value);
  }
  /* 2. DEVIATION: null after a failure too, as browsers have it: there is no telling half a body from a whole one. */
  if (request->state != XHR_DONE || !request->response)
    return XHR_OK;
  /* 3. - 4. the bytes need no object of their own, and cannot fail */
  /* 5. - 6. arraybuffer and blob: the bytes where they lie */
  if (request->response_type == XHR_RESPONSE_TYPE_ARRAYBUFFER ||
      request->response_type == XHR_RESPONSE_TYPE_BLOB) {
    *value = xhr__lent(xhr__received_bytes(request));
    return XHR_OK;
  }
  /* 7. document: not built yet */
  /* 8. */
  return get_json(request, value);
}

/* https://xhr.spec.whatwg.org/#the-responsetext-attribute */
xhr_status xhr_get_response_text(xhr *request, xhr_string *text) {
  if (text)
    *text = (xhr_string){NULL, 0};
  xhr_status status = xhr__check(request);
  if (status != XHR_OK)
    return status;
  if (!text)
    return XHR_INVALID_ARGUMENT;
  /* 1. */
  if (request->response_type != XHR_RESPONSE_TYPE_EMPTY &&
      request->response_type != XHR_RESPONSE_TYPE_TEXT) {
    return XHR_INVALID_STATE_ERR;
  }
  /* 2. */
  if (request->state != XHR_LOADING && request->state != XHR_DONE) {
    *text = xhr_str("");
    return XHR_OK;
  }
  /* 3. */
  return xhr__get_text_response(request, text);
}
