/* https://fetch.spec.whatwg.org/#fetch-controller
 * The seam. A controller is one fetch as both sides see it: the thread that asked, and the engine. Each side tells the
 * other by marking what is new in the controller and queueing the controller itself, so that telling never allocates
 * and a fetch is queued once, however much is new. Atomically counted; each side holds a reference. */
#ifndef XHR__FETCH_FETCH_CONTROLLER_H
#define XHR__FETCH_FETCH_CONTROLLER_H

#include "fetch/failure.h"
#include "fetch/mailbox.h"
#include "fetch/request.h"
#include "fetch/response.h"
#include "infra/clock.h"

struct xhr__engine;

typedef struct xhr__fetch_controller xhr__fetch_controller;

/* Fetch's process... algorithms, called on the mailbox's thread in this order. Each may terminate the fetch; after
 * that none is called. The last of them is process_end_of_body, process_body_error or process_response(NULL). */
typedef struct xhr__fetch_client {
  /* `transmitted`: body bytes sent so far; never more than the body's length, never less than before. */
  void (*process_request_body_chunk_length)(void *client, uint64_t transmitted);
  void (*process_request_end_of_body)(void *client, uint64_t transmitted);
  /* Takes over `response`. NULL is a network error, which xhr__fetch_failure explains. A response without a body is
   * followed by process_end_of_body as any other. */
  void (*process_response)(void *client, xhr__response *response);
  /* `received`: how long the response's body buffer is by now. Called at once for the first bytes, then at most every
   * 50 ms, with a last one 50 ms after bytes that were not told of. */
  void (*process_body_chunk)(void *client, uint64_t received);
  void (*process_end_of_body)(void *client, uint64_t received);
  /* The body broke off: xhr__fetch_failure says why. */
  void (*process_body_error)(void *client);
  /* The deadline passed: the fetch has been terminated. xhr__fetch_failure says where it was. */
  void (*process_timeout)(void *client);
} xhr__fetch_client;

/* How a fetch is to be done. Borrowed for the call. */
typedef struct xhr__fetch_options {
  const xhr__fetch_client *client;
  void *client_data;
  xhr__mailbox *mailbox; /* where it answers; counted */
  uint32_t timeout_ms;   /* from now; 0: none */
  bool report_upload;    /* false: process_request_body_chunk_length is not called */
} xhr__fetch_options;

/* https://fetch.spec.whatwg.org/#concept-fetch: begins a fetch and takes over `request` (also on failure). Thread of
 * the mailbox. The controller has one reference for the caller. XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__fetch(struct xhr__engine *engine, xhr__request *request,
                      const xhr__fetch_options *options, xhr__fetch_controller **controller);

/* All below: the mailbox's thread. */

/* Never used twice in a process. */
uint64_t xhr__fetch_id(const xhr__fetch_controller *controller);
/* https://fetch.spec.whatwg.org/#fetch-controller-terminate (and abort): from now on the client hears nothing. It
 * cannot fail, and is harmless for a fetch that is over. */
void xhr__fetch_terminate(xhr__fetch_controller *controller);
/* A new timeout, from the beginning of the fetch; 0: none. */
void xhr__fetch_set_timeout(xhr__fetch_controller *controller, uint32_t timeout_ms);
/* Why it failed; valid once the client was told so, until the last reference goes. */
const xhr__failure *xhr__fetch_failure(const xhr__fetch_controller *controller);
/* Drops the caller's reference; does not terminate. NULL is allowed. */
void xhr__fetch_controller_unref(xhr__fetch_controller *controller);

#endif
