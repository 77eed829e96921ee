/* https://html.spec.whatwg.org/#environment-settings-object */
#ifndef XHR__SESSION_CONTEXT_H
#define XHR__SESSION_CONTEXT_H

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

/* The public xhr_context. */
struct xhr_context {
  uint32_t references;
  bool destroyed;
  xhr_session *session;  /* counted */
  xhr_loop *loop;        /* counted */
  xhr__url api_base_url; /* the empty record where there is none */
  /* Counted: what Fetch has to know of it; NULL for a system context. */
  xhr__client_snapshot *client;
  xhr__list fetch_group; /* of xhr__fetch_record */
};

/* Puts a record into the fetch group and counts it as in flight on the loop; and takes it out. */
void xhr__context_enter(xhr_context *context, xhr__fetch_record *record);
void xhr__context_leave(xhr_context *context, xhr__fetch_record *record);

/* Whether the context has no web origin, so that what browsers forbid is allowed. */
static inline bool xhr__context_is_system(const xhr_context *context) {
  return !context->client;
}

#endif
