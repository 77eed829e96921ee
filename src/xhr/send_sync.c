/* A synchronous send(): the same path as any other, but that the fetch answers into a mailbox of its own, which the thread
 * waits on. Nothing is fired meanwhile, at no object. */
#include "session/session.h"
#include "xhr/xmlhttprequest.h"

/* The fetch, as its algorithms below know it. */
typedef struct sync_fetch {
  xhr *request;
  bool processed_response; /* or the timeout has passed */
} sync_fetch;

/* Step 12.2., processResponseConsumeBody, in pieces. NOTE: the response is set, and gets longer, before all of it is
 * there; nobody can see it yet. */
static void process_response(void *client, xhr__response *response) {
  sync_fetch *fetch = client;
  xhr *request = fetch->request;
  /* 12.2.1. */
  xhr__set_response(request, response);
  if (response && xhr__extract_response_length(request) != XHR_OK) {
    xhr__set_failure(request, XHR_FAILURE_OUT_OF_MEMORY);
    response = NULL;
  }
  fetch->processed_response = !response;
}

static void process_end_of_body(void *client, uint64_t received) {
  sync_fetch *fetch = client;
  /* 12.2.2. */
  fetch->request->received_bytes = (size_t)received;
  /* 12.2.3. */
  fetch->processed_response = true;
}

static void process_body_error(void *client) {
  sync_fetch *fetch = client;
  xhr__set_response(fetch->request, NULL);
  fetch->processed_response = true;
}

/* Step 12.6. */
static void process_timeout(void *client) {
  sync_fetch *fetch = client;
  fetch->request->timed_out = true;
  fetch->processed_response = true;
}

/* Told of the upload and of a body that is coming in: nobody is to hear of it. */
static void process_nothing(void *client, uint64_t bytes) {
  (void)client;
  (void)bytes;
}

static const xhr__fetch_client client = {
    .process_request_body_chunk_length = process_nothing,
    .process_request_end_of_body = process_nothing,
    .process_response = process_response,
    .process_body_chunk = process_nothing,
    .process_end_of_body = process_end_of_body,
    .process_body_error = process_body_error,
    .process_timeout = process_timeout,
};

/* Steps 12.1. to 12.6. */
static void fetch_and_wait(xhr *request, xhr__request *req, xhr__mailbox *mailbox) {
  xhr_context *context = request->context;
  sync_fetch fetch = {.request = request};
  /* 12.3. */
  xhr__fetch_options options = {
      .client = &client,
      .client_data = &fetch,
      .mailbox = mailbox,
      /* 12.4. counted by the engine, which tells when it has passed */
      .timeout_ms = request->timeout,
  };
  if (xhr__fetch(xhr__session_engine(context->session), req, &options,
                 &request->fetch_controller) != XHR_OK) {
    request->fetch_controller = NULL;
    xhr__set_failure(request, XHR_FAILURE_OUT_OF_MEMORY);
    return;
  }
  /* 12.5. */
  if (xhr__loop_pause(context->loop, mailbox, &fetch.processed_response))
    return;
  /* NOTE: the standard's way to end the wait is to end its whole agent; here xhr_loop_stop() does. */
  request->aborted = true;
  xhr__fetch_terminate(request->fetch_controller);
}

xhr_status xhr__send_sync(xhr *request, xhr__request *req) {
  xhr__mailbox *mailbox;
  if (xhr__loop_private_mailbox(request->context->loop, &mailbox) == XHR_OK) {
    fetch_and_wait(request, req, mailbox);
    xhr__mailbox_close(mailbox);
    xhr__mailbox_unref(mailbox);
  } else {
    xhr__request_free(req);
    xhr__set_failure(request, XHR_FAILURE_OUT_OF_MEMORY);
  }
  /* 12.7. timing: not built yet */
  /* 12.8. handle errors first, which is the first step of the other */
  if (request->timed_out || request->aborted || !request->response)
    return xhr__handle_errors(request);
  xhr__handle_response_end_of_body(request);
  return XHR_OK;
}
