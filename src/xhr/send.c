#include "session/session.h"
#include "xhr/xmlhttprequest.h"

/* Step 4: the Content-Type that goes with the body. The last thing that can fail, and then nothing has changed. */
static xhr_status set_content_type(xhr *request, const xhr_body *body) {
  static const xhr__str content_type = {"Content-Type", 12};
  xhr__header_list *headers = &request->author_request_headers;
  xhr__bytes storage = {0}, serialized = {0};
  xhr__mime_type record = {0};
  xhr__str original, charset;
  /* 4.1. - 4.3. a document: not built yet; the others were extracted when the body was made */
  /* 4.4. */
  xhr_status status = xhr__header_list_get(headers, content_type, &storage, &original);
  if (status == XHR_NOT_FOUND) {
    /* 4.6. documents: not built yet; else the body's own type, if it has one */
    return body->has_type ? xhr__header_list_set(headers, content_type, xhr__bytes_str(&body->type))
                          : XHR_OK;
  }
  /* 4.5. the author's stays, but text goes out as UTF-8 and has to say so */
  if (status == XHR_OK && body->is_text) {
    status = xhr__mime_type_parse(&record, original);
    if (status == XHR_OK && xhr__mime_type_get_parameter(&record, XHR__STR("charset"), &charset) &&
        !xhr__str_equals_ci(charset, XHR__STR("UTF-8"))) {
      status = xhr__mime_type_set_parameter(&record, XHR__STR("charset"), XHR__STR("UTF-8"));
      if (status == XHR_OK)
        status = xhr__mime_type_serialize(&record, &serialized);
      if (status == XHR_OK)
        status = xhr__header_list_set(headers, content_type, xhr__bytes_str(&serialized));
    } else if (status == XHR_SYNTAX_ERR) {
      status = XHR_OK;
    }
  }
  xhr__mime_type_free(&record);
  xhr__bytes_free(&serialized);
  xhr__bytes_free(&storage);
  return status;
}

/* Steps 4 to 6: the request. */
static xhr_status new_request(xhr *request, xhr_body *body, xhr__request **out) {
  xhr__request *req = NULL;
  /* 6. */
  xhr_status status = xhr__request_new(&request->request_url, &req);
  if (status == XHR_OK)
    status = xhr__bytes_assign(&req->method, xhr__bytes_str(&request->request_method));
  /* 4. */
  if (status == XHR_OK && body)
    status = set_content_type(request, body);
  if (status != XHR_OK) {
    xhr__request_free(req);
    return status;
  }
  /* 5. */
  if (request->sink->has_listeners(&request->upload_object))
    request->upload_listener = true;
  /* 6. NOTE: the header list is moved: until open() empties it, nothing looks at the author's any more. */
  xhr__header_list_move(&req->header_list, &request->author_request_headers);
  req->unsafe_request = true;
  req->body = xhr_body_ref(body);
  req->client = xhr__client_snapshot_ref(request->context->client);
  req->mode = XHR__MODE_CORS;
  req->use_cors_preflight = request->upload_listener;
  req->credentials_mode =
      request->cross_origin_credentials ? XHR__CREDENTIALS_INCLUDE : XHR__CREDENTIALS_SAME_ORIGIN;
  req->use_url_credentials = xhr__url_includes_credentials(&request->request_url);
  *out = req;
  return XHR_OK;
}

/* Step 11, asynchronous. Takes over `req`. */
static void send_async(xhr *request, xhr__request *req) {
  uint64_t run = request->run;
  xhr_event_target *upload = &request->upload_object;
  /* 11.1. */
  xhr__fire_progress_event(request, &request->event_target, XHR_EVENT_LOADSTART, 0, 0);
  /* 11.2. - 11.5. */
  if (xhr__is_flying(request, run) && !request->upload_complete && request->upload_listener) {
    xhr__fire_progress_event(request, upload, XHR_EVENT_LOADSTART, 0, request->request_body_length);
  }
  /* 11.6. NOTE: the standard asks for the state and for send() invoked, which are those of a second send() where a
   * listener has aborted this one and sent another; that one must not be sent twice. */
  if (!xhr__is_flying(request, run)) {
    xhr__request_free(req);
    return;
  }
  /* 11.7. - 11.9. are in process_fetch.c */
  /* 11.10. */
  xhr__fetch_options options = {
      .client = &xhr__fetch_client_of_xhr,
      .client_data = request,
      .mailbox = xhr__loop_mailbox(request->context->loop),
      /* 11.11. - 11.12. counted by the engine, which tells when it has passed */
      .timeout_ms = request->timeout,
      .report_upload = request->upload_listener && req->body,
  };
  xhr__engine *engine = xhr__session_engine(request->context->session);
  if (xhr__fetch(engine, req, &options, &request->fetch_controller) != XHR_OK) {
    request->fetch_controller = NULL;
    xhr__fail(request, XHR_FAILURE_OUT_OF_MEMORY);
  }
}

/* https://xhr.spec.whatwg.org/#the-send()-method */
xhr_status xhr_send(xhr *request, xhr_body *body) {
  xhr__request *req = NULL;
  xhr_status status = xhr__check(request);
  if (status != XHR_OK)
    return status;
  if (request->context->destroyed)
    return XHR_CLOSED;
  /* 1. - 2. */
  if (request->state != XHR_OPENED || request->send_invoked)
    return XHR_INVALID_STATE_ERR;
  /* 3. */
  xhr__str method = xhr__bytes_str(&request->request_method);
  if (xhr__str_equals(method, XHR__STR("GET")) || xhr__str_equals(method, XHR__STR("HEAD")))
    body = NULL;
  /* 4. - 6. */
  status = new_request(request, body, &req);
  if (status != XHR_OK)
    return status;
  xhr__release_controller(request);
  request->request_body_length = xhr_body_length(body);
  request->length = 0;
  request->told = request->upload_told = XHR__NOTHING_TOLD;
  /* 7. and 9. */
  request->upload_complete = !body;
  /* 8. */
  request->timed_out = request->aborted = false;
  /* 10. */
  request->send_invoked = true;
  xhr_ref(request);
  xhr__begin_flight(request);
  /* 11. - 12. */
  if (request->synchronous)
    status = xhr__send_sync(request, req);
  else
    send_async(request, req);
  xhr_unref(request);
  return status;
}
