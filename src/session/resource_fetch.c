#include "session/resource_fetch.h"

#include "infra/alloc.h"
#include "session/session.h"

struct xhr__resource_fetch {
  xhr__fetch_record record;
  xhr_context *context; /* counted */
  xhr__fetch_controller *controller;
  xhr__response *response; /* owned */
  xhr__resource_done *done;
  void *user;
  bool waited_for; /* by xhr__resource_fetch_wait, which frees it */
  bool over;       /* `done` has been called */
};

xhr_status xhr__resource_request_new(const xhr_context *context, const xhr__url *url,
                                     xhr__request_destination destination, xhr__request_mode mode,
                                     xhr__credentials_mode credentials_mode,
                                     xhr__request **request) {
  xhr_status status = xhr__request_new(url, request);
  if (status != XHR_OK)
    return status;
  xhr__request *made = *request;
  status = xhr__bytes_append(&made->method, XHR__STR("GET"));
  if (status != XHR_OK) {
    xhr__request_free(made);
    *request = NULL;
    return status;
  }
  made->client = xhr__client_snapshot_ref(context->client);
  made->destination = destination;
  made->mode = mode;
  made->credentials_mode = credentials_mode;
  made->use_url_credentials = true;
  return XHR_OK;
}

static void free_fetch(xhr__resource_fetch *fetch) {
  if (!xhr__list_empty(&fetch->record.node))
    xhr__context_leave(fetch->context, &fetch->record);
  if (fetch->controller)
    xhr__fetch_terminate(fetch->controller);
  xhr__fetch_controller_unref(fetch->controller);
  xhr__response_free(fetch->response);
  xhr_context_unref(fetch->context);
  xhr__free(fetch);
}

/* Tells what came of it. The caller, or who waits, frees the fetch. */
static void tell(xhr__resource_fetch *fetch, xhr__str body, const xhr__failure *failure) {
  xhr__resource resource = {.response = fetch->response, .body = body, .failure = failure};
  fetch->over = true;
  xhr__context_leave(fetch->context, &fetch->record);
  fetch->done(fetch->user, &resource);
}

/* The end that comes from this side. */
static void tell_aborted(xhr__resource_fetch *fetch) {
  xhr__failure failure = {0};
  xhr__failure_set(&failure, XHR_FAILURE_ABORTED, XHR__STR_EMPTY);
  xhr__response_free(fetch->response);
  fetch->response = NULL;
  tell(fetch, XHR__STR_EMPTY, &failure);
}

/* ---- what Fetch tells -------------------------------------------------------------------------------------------- */

/* Told of the upload and of a body that is coming in: all of it is wanted first. */
static void process_nothing(void *client, uint64_t bytes) {
  (void)client;
  (void)bytes;
}

/* `done` was called: the fetch is freed here, but where somebody waits for it. */
static void finish(xhr__resource_fetch *fetch) {
  if (!fetch->waited_for)
    free_fetch(fetch);
}

static void process_body_error(void *client) {
  xhr__resource_fetch *fetch = client;
  tell(fetch, XHR__STR_EMPTY, xhr__fetch_failure(fetch->controller));
  finish(fetch);
}

static void process_response(void *client, xhr__response *response) {
  xhr__resource_fetch *fetch = client;
  fetch->response = response;
  if (!response)
    process_body_error(fetch);
}

static void process_end_of_body(void *client, uint64_t received) {
  xhr__resource_fetch *fetch = client;
  xhr__body_buffer *body = fetch->response->body;
  tell(fetch, body ? xhr__body_buffer_bytes(body, (size_t)received) : XHR__STR_EMPTY, NULL);
  finish(fetch);
}

static const xhr__fetch_client client = {
    .process_request_body_chunk_length = process_nothing,
    .process_request_end_of_body = process_nothing,
    .process_response = process_response,
    .process_body_chunk = process_nothing,
    .process_end_of_body = process_end_of_body,
    .process_body_error = process_body_error,
    .process_timeout = process_body_error, /* never: no time is set */
};

/* ---- beginning and ending ---------------------------------------------------------------------------------------- */

/* The context goes away: https://fetch.spec.whatwg.org/#fetch-group-terminate */
static void terminate(xhr__fetch_record *record) {
  xhr__resource_fetch *fetch = XHR__OWNER(record, xhr__resource_fetch, record);
  tell_aborted(fetch);
  free_fetch(fetch);
}

/* Makes one that stands in the context's fetch group; NULL for want of memory. */
static xhr__resource_fetch *new_fetch(xhr_context *context, xhr__resource_done *done, void *user) {
  xhr__resource_fetch *fetch = XHR__NEW(xhr__resource_fetch);
  if (!fetch)
    return NULL;
  xhr__list_init(&fetch->record.node);
  fetch->record.terminate = terminate;
  fetch->context = xhr_context_ref(context);
  fetch->done = done;
  fetch->user = user;
  xhr__context_enter(context, &fetch->record);
  return fetch;
}

/* Begins a fetch that answers into `mailbox`. */
static xhr_status begin(xhr_context *context, xhr__request *request, xhr__mailbox *mailbox,
                        xhr__resource_done *done, void *user, xhr__resource_fetch **out) {
  xhr__resource_fetch *fetch = new_fetch(context, done, user);
  if (!fetch) {
    xhr__request_free(request);
    return XHR_OUT_OF_MEMORY;
  }
  request->internal_response = true;
  xhr__fetch_options options = {.client = &client, .client_data = fetch, .mailbox = mailbox};
  xhr_status status =
      xhr__fetch(xhr__session_engine(context->session), request, &options, &fetch->controller);
  if (status != XHR_OK) {
    fetch->controller = NULL;
    free_fetch(fetch);
    return status;
  }
  *out = fetch;
  return XHR_OK;
}

xhr_status xhr__resource_fetch_start(xhr_context *context, xhr__request *request,
                                     xhr__resource_done *done, void *user,
                                     xhr__resource_fetch **fetch) {
  if (context->destroyed) {
    xhr__request_free(request);
    return XHR_CLOSED;
  }
  return begin(context, request, xhr__loop_mailbox(context->loop), done, user, fetch);
}

void xhr__resource_fetch_cancel(xhr__resource_fetch *fetch) {
  free_fetch(fetch);
}

xhr_status xhr__resource_fetch_wait(xhr_context *context, xhr__request *request,
                                    xhr__resource_done *done, void *user) {
  xhr__mailbox *mailbox;
  xhr__resource_fetch *fetch;
  xhr_status status =
      context->destroyed ? XHR_CLOSED : xhr__loop_private_mailbox(context->loop, &mailbox);
  if (status != XHR_OK) {
    xhr__request_free(request);
    return status;
  }
  status = begin(context, request, mailbox, done, user, &fetch);
  if (status == XHR_OK) {
    fetch->waited_for = true;
    if (!xhr__loop_pause(context->loop, mailbox, &fetch->over))
      tell_aborted(fetch);
    free_fetch(fetch);
  }
  xhr__mailbox_close(mailbox);
  xhr__mailbox_unref(mailbox);
  return status;
}
