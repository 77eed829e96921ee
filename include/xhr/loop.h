/* libxhr: loops, each one thread's queue of events. */
#ifndef XHR_LOOP_H
#define XHR_LOOP_H

#include <stdbool.h>
#include <stddef.h>

#include "xhr/status.h"

/**
 * One thread's queue of events (HTML's event loop). It belongs to the thread that made it; counted, not atomically.
 * See https://html.spec.whatwg.org/#event-loop
 */
typedef struct xhr_loop xhr_loop;

/**
 * Tells your own loop that xhr_loop_dispatch has work to do. Called from any thread, never while libxhr holds a lock
 * that your call could want, and once per batch, not per event. It must be thread-safe and must not call libxhr:
 * uv_async_send, g_main_context_wakeup, a write to an eventfd.
 */
typedef void (*xhr_wakeup)(void *user);

XHR_BEGIN_DECLS

/**
 * Makes a loop, bound to the calling thread.
 *
 * @param wakeup NULL where you use xhr_loop_fd, xhr_loop_wait or xhr_loop_run. Sessions with the inline driver need
 *               one of these three.
 * @param user handed to wakeup
 * @param loop receives it, with one reference, yours
 * @return XHR_OK, XHR_INVALID_ARGUMENT, XHR_OUT_OF_MEMORY, XHR_SYSTEM
 */
XHR_API xhr_status xhr_loop_new(xhr_wakeup wakeup, void *user, xhr_loop **loop);

/** Takes a reference. The loop's thread. @return its argument */
XHR_API xhr_loop *xhr_loop_ref(xhr_loop *loop);

/**
 * Drops a reference; contexts hold one each. The loop's thread.
 *
 * @param loop NULL is allowed
 */
XHR_API void xhr_loop_unref(xhr_loop *loop);

/**
 * A descriptor that polls readable (POLLIN) whenever xhr_loop_dispatch has work to do, timers included. It stays the
 * loop's: neither read nor close it.
 *
 * @return the descriptor, or -1 for NULL or another thread
 */
XHR_API int xhr_loop_fd(xhr_loop *loop);

/**
 * How long until the next dispatch is due by time (a timer of a script), for loops that learn of everything else through
 * wakeup: ask after each dispatch; a wakeup also comes where a timer is set between two. With xhr_loop_fd, xhr_loop_wait
 * or xhr_loop_run it is of no use.
 *
 * @return milliseconds, rounded up; 0: now; -1: no time is set; or NULL, or another thread
 */
XHR_API int xhr_loop_timeout(const xhr_loop *loop);

/**
 * Does what is to be done now, without waiting: fires the events and timers that are due. What these make due in turn
 * waits for the next dispatch.
 *
 * @return XHR_OK, XHR_INVALID_ARGUMENT, XHR_WRONG_THREAD, XHR_REENTRANT
 */
XHR_API xhr_status xhr_loop_dispatch(xhr_loop *loop);

/**
 * Waits until there is something to do, then dispatches once. It may return before an event fires.
 *
 * @param timeout_ms how long to wait at most, in milliseconds; negative: without end
 * @return XHR_OK (also when the time ran out), XHR_INVALID_ARGUMENT, XHR_WRONG_THREAD, XHR_REENTRANT
 */
XHR_API xhr_status xhr_loop_wait(xhr_loop *loop, int timeout_ms);

/**
 * Waits and dispatches until nothing is pending any more, or xhr_loop_stop is called. Pending are requests in flight, and
 * what the language binding of a script has set: timers, tasks. For programs without a loop.
 *
 * @return XHR_OK, XHR_INVALID_ARGUMENT, XHR_WRONG_THREAD, XHR_REENTRANT
 */
XHR_API xhr_status xhr_loop_run(xhr_loop *loop);

/**
 * Makes the running (or else the next) xhr_loop_run or xhr_loop_wait return once its dispatch is done. Any thread; a
 * signal handler too, which then keeps errno itself. Until that returns it also ends synchronous requests, the one that
 * waits and those that are sent then, with XHR_ABORT_ERR.
 *
 * @param loop NULL is allowed; the caller sees to it that the loop lives
 */
XHR_API void xhr_loop_stop(xhr_loop *loop);

/**
 * How many requests are in flight: sent, and their last event not yet fired. What your loop may end on, where no script
 * sets timers: these hold xhr_loop_run, but are not counted here.
 *
 * @return the number; 0 for NULL or another thread
 */
XHR_API size_t xhr_loop_in_flight(const xhr_loop *loop);

XHR_END_DECLS

#endif
