/* https://fetch.spec.whatwg.org/#concept-fetch with processResponseConsumeBody: a fetch whose whole body is wanted before
 * anything is done with it, as scripts and pages are fetched. */
#ifndef XHR__SESSION_RESOURCE_FETCH_H
#define XHR__SESSION_RESOURCE_FETCH_H

#include "fetch/fetch_controller.h"
#include "session/context.h"

/* A GET request for what a context's scripts, workers and pages are made of: with its client, and the URL's credentials
 * in use. Caller frees, or gives it to one of those below. XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__resource_request_new(const xhr_context *context, const xhr__url *url,
                                     xhr__request_destination destination, xhr__request_mode mode,
                                     xhr__credentials_mode credentials_mode,
                                     xhr__request **request);

/* What came of it. NOTE: the response is not filtered: HTML reads the internal one ("unsafe response"); its type tells
 * whether it is CORS-cross-origin. Borrowed for the call. */
typedef struct xhr__resource {
  const xhr__response
      *response;               /* its url is the last one of the redirects; NULL: a network error */
  xhr__str body;               /* decoded of content codings; empty where there is none */
  const xhr__failure *failure; /* why there is no response, or no whole body; else NULL */
} xhr__resource;

typedef struct xhr__resource_fetch xhr__resource_fetch;
/* Inside a dispatch of the context's loop (or inside xhr__resource_fetch_wait); the fetch is over and freed after it. */
typedef void xhr__resource_done(void *user, const xhr__resource *resource);

/* Begins one in the context's fetch group and takes over `request` (also on failure). The loop counts it as in flight.
 * `*fetch` may be cancelled until `done` is called. Where the context is destroyed, `done` is called with a network
 * error's resource, and must not run script. XHR_OK; XHR_OUT_OF_MEMORY; XHR_CLOSED for a destroyed context. */
xhr_status xhr__resource_fetch_start(xhr_context *context, xhr__request *request,
                                     xhr__resource_done *done, void *user,
                                     xhr__resource_fetch **fetch);
/* Ends it without calling `done`. */
void xhr__resource_fetch_cancel(xhr__resource_fetch *fetch);
/* The same while the thread waits, as a synchronous XMLHttpRequest does: `done` is called before it returns, with a
 * network error's resource where xhr_loop_stop ended the wait. XHR_OK; XHR_OUT_OF_MEMORY; XHR_CLOSED. */
xhr_status xhr__resource_fetch_wait(xhr_context *context, xhr__request *request,
                                    xhr__resource_done *done, void *user);

#endif
