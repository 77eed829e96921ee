/* https://html.spec.whatwg.org/#environment-settings-object */
#ifndef XHR__SESSION_CONTEXT_H
#define XHR__SESSION_CONTEXT_H

#include "encoding/encoding.h"
#include "fetch/request.h"
#include "infra/list.h"
#include "session/loop.h"
#include "session/session.h"
#include "url/url.h"
#include "xhr/context.h"

/* A request in flight, as its context knows it (https://fetch.spec.whatwg.org/#concept-fetch-group). */
typedef struct xhr__fetch_record {
  xhr__list node;
  /* Ends the request without firing anything; it must leave the group. */
  void (*terminate)(struct xhr__fetch_record *record);
} xhr__fetch_record;

/* Of which kind the global object is, as the standards ask for it. */
typedef enum xhr__context_kind {
  XHR__CONTEXT_PLAIN, /* a system context that is no worker */
  XHR__CONTEXT_WINDOW, /* a web context that is no worker: what is forbidden to windows alone is forbidden to it */
  XHR__CONTEXT_DEDICATED_WORKER,
  XHR__CONTEXT_SHARED_WORKER
} xhr__context_kind;

/* The public xhr_context. */
struct xhr_context {
  uint32_t references;
  bool destroyed;
  xhr__context_kind kind;
  xhr_session *session;   /* counted */
  xhr_loop *loop;         /* counted */
  xhr__url api_base_url;  /* the empty record where there is none */
  xhr__encoding encoding; /* of a window's document; NONE stands for UTF-8 */
  /* Counted: what Fetch has to know of it; NULL for a system context. */
  xhr__client_snapshot *client;
  xhr__list fetch_group; /* of xhr__fetch_record */
};

/* A context for a page or a worker, with one reference. `origin` NULL: of a system context; `url` is copied: its creation URL,
 * which is its base URL at first, and where referrers are taken from. XHR_OK; XHR_OUT_OF_MEMORY, XHR_SYSTEM;
 * XHR_INVALID_STATE_ERR as xhr_context_new. */
xhr_status xhr__context_new_environment(xhr_session *session, xhr_loop *loop,
                                        xhr__context_kind kind, const xhr__origin *origin,
                                        const xhr__url *url, xhr_context **context);
/* https://html.spec.whatwg.org/#encoding-parsing-a-url relative to the context; `url` as xhr__url_parse's. */
xhr_status xhr__context_parse_url(const xhr_context *context, xhr__str input, xhr__url *url);
/* Another API base URL, which is copied: a document's <base>. XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__context_set_base_url(xhr_context *context, const xhr__url *url);

/* Lets contexts on other threads use the context's session: one with the inline driver goes over to a thread. Inside a
 * dispatch, too. XHR_OK, XHR_OUT_OF_MEMORY, XHR_SYSTEM. */
xhr_status xhr__context_share_session(xhr_context *context);

/* Puts a record into the fetch group and counts it as in flight on the loop; and takes it out. */
void xhr__context_enter(xhr_context *context, xhr__fetch_record *record);
void xhr__context_leave(xhr_context *context, xhr__fetch_record *record);

/* Whether the context has no web origin, so that what browsers forbid is allowed. */
static inline bool xhr__context_is_system(const xhr_context *context) {
  return !context->client;
}

#endif
