/* https://html.spec.whatwg.org/#event-loop */
#ifndef XHR__SESSION_LOOP_H
#define XHR__SESSION_LOOP_H

#include "fetch/engine.h"
#include "fetch/mailbox.h"
#include "infra/list.h"
#include "infra/timers.h"
#include "session/task_queue.h"
#include "xhr/loop.h"

/* Whether the caller is on the loop's thread. */
bool xhr__loop_is_current(const xhr_loop *loop);
/* Where the loop's fetches answer; borrowed. */
xhr__mailbox *xhr__loop_mailbox(xhr_loop *loop);
/* Counts a request as in flight, and not any more. The former holds a reference to the loop. */
void xhr__loop_hold(xhr_loop *loop);
void xhr__loop_release(xhr_loop *loop);
/* Makes the loop pump an engine with the inline driver; counted, once per context. XHR_INVALID_STATE_ERR where
 * another loop pumps it, XHR_OUT_OF_MEMORY, or what the transport's attach says. */
xhr_status xhr__loop_adopt(xhr_loop *loop, xhr__engine *engine);
void xhr__loop_disown(xhr_loop *loop, xhr__engine *engine);
/* Has an engine that this loop pumps go over to a thread of its own, so that other loops may use it too; not inside its turn.
 * XHR_OK, XHR_OUT_OF_MEMORY, XHR_SYSTEM. */
xhr_status xhr__loop_part_with(xhr_loop *loop, xhr__engine *engine);

/* ---- pausing: the loop's thread --------------------------------------------------------------------------------- */

/* A mailbox for what xhr__loop_pause waits for. It has to be closed before the loop goes. XHR_OK, XHR_OUT_OF_MEMORY,
 * XHR_SYSTEM. */
xhr_status xhr__loop_private_mailbox(xhr_loop *loop, xhr__mailbox **mailbox);
/* https://html.spec.whatwg.org/#pause: delivers what comes into the private mailbox until its clients have set `*over`;
 * all else of the loop, its timers and tasks and the news of other fetches, waits for the next dispatch, in its order.
 * False where xhr_loop_stop has ended the wait, or came before it. Legal inside a dispatch. */
bool xhr__loop_pause(xhr_loop *loop, xhr__mailbox *mailbox, const bool *over);
/* Whether xhr_loop_stop has been called and its effect is not over: no further script is to begin. */
bool xhr__loop_is_stopping(const xhr_loop *loop);
/* Takes xhr_loop_stop back, where nothing runs that it could end. */
void xhr__loop_forget_stop(xhr_loop *loop);

/* ---- timers: the loop's thread ---------------------------------------------------------------------------------- */

/* Embedded by its owner, who keeps it, and a reference to the loop, as long as it is set. Zero-initialise; fill in `fire`
 * and `holds`. */
typedef struct xhr__loop_timer {
  xhr__timer timer;
  xhr__list due; /* while it is due in a dispatch; NULLs: never yet */
  bool holds;    /* xhr_loop_run goes on as long as it is set; not to be changed meanwhile */
  /* Inside a dispatch; the timer is not set any more, and may be set again or freed. */
  void (*fire)(struct xhr__loop_timer *timer);
} xhr__loop_timer;

/* The time, by the loop's clock; and that clock replaced, for tests, before any timer is set. */
xhr__time xhr__loop_now(const xhr_loop *loop);
void xhr__loop_set_clock(xhr_loop *loop, const xhr__clock *clock);
/* Sets a timer, or moves one that is set. A dispatch fires the timers that were due when it began, earliest first, of
 * equal ones the one first that was set first. XHR_OK; XHR_OUT_OF_MEMORY, and then nothing changed. */
xhr_status xhr__loop_timer_set(xhr_loop *loop, xhr__loop_timer *timer, xhr__time deadline);
/* Harmless where it is not set. */
void xhr__loop_timer_stop(xhr_loop *loop, xhr__loop_timer *timer);
bool xhr__loop_timer_is_set(const xhr__loop_timer *timer);
/* When the next dispatch is due by time: of timers, tasks (0) and engines that this loop pumps; XHR__NEVER. */
xhr__time xhr__loop_deadline(xhr_loop *loop);

/* ---- tasks ------------------------------------------------------------------------------------------------------ */

/* Where to post tasks; borrowed. Who posts from another thread takes a reference. xhr_loop_run goes on as long as a task
 * waits. */
xhr__task_queue *xhr__loop_tasks(xhr_loop *loop);
/* Keeps xhr_loop_run going, for things that will post a task; and not any more. */
void xhr__loop_keep(xhr_loop *loop);
void xhr__loop_let_go(xhr_loop *loop);
/* Whether xhr_loop_run would go on: requests in flight, timers that hold, tasks, or it is kept. */
bool xhr__loop_is_alive(const xhr_loop *loop);

#endif
