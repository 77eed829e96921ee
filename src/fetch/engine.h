/* The engine: everything of a session that runs apart from its loops. It holds the fetches in flight and drives the
 * transport, on a thread of its own or pumped by one loop (the inline driver). */
#ifndef XHR__FETCH_ENGINE_H
#define XHR__FETCH_ENGINE_H

#include "fetch/transport.h"
#include "infra/bytes.h"
#include "infra/clock.h"
#include "infra/poller.h"

typedef struct xhr__engine xhr__engine;

/* Copied. */
typedef struct xhr__engine_options {
  bool threaded;
  xhr__clock clock;
  xhr__str user_agent;
  bool file_urls;                                       /* system contexts may fetch them */
  uint64_t max_response_bytes, max_decompression_ratio; /* 0: no limit */
} xhr__engine_options;

/* Takes over `transport` (also on failure). With the threaded driver its thread starts here. XHR_OK,
 * XHR_OUT_OF_MEMORY, XHR_SYSTEM, or what the transport's attach says. */
xhr_status xhr__engine_new(xhr__transport *transport, const xhr__engine_options *options,
                           xhr__engine **engine);
/* Ends the fetches in flight, which answer nothing any more, joins the thread and frees all. Any thread but the
 * engine's own. Inline: the pumping thread, or any once the pumping loop is gone. NULL is allowed. */
void xhr__engine_free(xhr__engine *engine);

bool xhr__engine_is_inline(const xhr__engine *engine);
/* Inline only, on the thread that will pump: takes a reference to the poller that the pumping loop waits on, for good.
 * `wake(user)` is called, on any thread, when a turn is due before its time; it must not call the engine.
 * XHR_INVALID_STATE_ERR where it has another poller already, or what the transport's attach says. */
xhr_status xhr__engine_attach(xhr__engine *engine, xhr__poller *poller, void (*wake)(void *user),
                              void *wake_user);
/* Inline only: `wake` is not called any more. */
void xhr__engine_detach(xhr__engine *engine);
/* Inline only, between two turns of the pumping thread: from now on the engine has a thread of its own, on which all that is
 * in flight goes on; nobody pumps it any more. XHR_OK; XHR_OUT_OF_MEMORY, XHR_SYSTEM, and then nothing changed. */
xhr_status xhr__engine_start_thread(xhr__engine *engine);
/* Inline only: takes new orders, does what is due. To be called before and after each wait on the poller. */
void xhr__engine_turn(xhr__engine *engine);
/* Inline only: when the next turn is due; 0: at once; XHR__NEVER. */
xhr__time xhr__engine_deadline(xhr__engine *engine);
/* The engine's clock. */
const xhr__clock *xhr__engine_clock(const xhr__engine *engine);

#endif
