/* The session: what requests share. Composes the engine (fetch/) and its transport (net/). */
#ifndef XHR__SESSION_SESSION_H
#define XHR__SESSION_SESSION_H

#include "fetch/engine.h"
#include "fetch/transport.h"
#include "xhr/session.h"

/* For tests: a session on a given transport and clock (NULL: libcurl, the monotonic clock). Takes over `transport`,
 * also on failure. */
xhr_status xhr__session_new_with(const xhr_session_options *options, xhr__transport *transport,
                                 const xhr__clock *clock, xhr_session **session);

/* Borrowed. */
xhr__engine *xhr__session_engine(xhr_session *session);

#endif
