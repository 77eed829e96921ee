/* libxhr for QuickJS: the standard's objects in a JSContext. Library libxhr-quickjs; it contains no QuickJS.
 *
 * Needs the API of bellard/quickjs 2025-04-26 or newer; include <quickjs.h> before this header. */
#ifndef XHR_QUICKJS_H
#define XHR_QUICKJS_H

#include <stdbool.h>

#include "xhr/context.h"
#include "xhr/status.h"

struct JSContext;
struct JSRuntime;

/** How the objects are to behave. Zero-initialise what you do not need. */
typedef struct xhr_quickjs_options {
  /**
   * Called with an uncaught exception or unhandled rejection's text (message and stack, UTF-8, NUL-terminated), once the
   * script's own `onerror` and `error` listeners have been asked and did not cancel it. NULL: it goes to stderr.
   */
  void (*report)(struct JSContext *js, const char *text, void *user);
  /**
   * Where console writes: `level` is 'l'og, 'i'nfo, 'w'arn, 'e'rror or 'd'ebug; `text` is UTF-8, whole lines with their
   * newlines, one call of a console method at a time. NULL: stdout, and stderr for w and e.
   */
  void (*print)(struct JSContext *js, char level, const char *text, size_t len, void *user);
  /**
   * Called with the JSContext of each worker that scripts make (new Worker, new SharedWorker), on the worker's own thread,
   * before its script runs: to set limits of its JSRuntime, to define more. The runtime's interrupt handler and module loader
   * are libxhr's there, and have to stay. NULL: nothing.
   *
   * A worker's `report`, `print` and `worker` are those of the realm that made it, and are called on the worker's thread, with its
   * JSContext. Workers end with that realm's xhr_quickjs_uninstall, but a shared one with that of the last realm that has
   * asked for it: so long its `user` must be valid. What a dedicated worker throws and nobody handles is reported by its
   * owner, on the owner's thread.
   */
  void (*worker)(struct JSContext *js, void *user);
  void *user;
} xhr_quickjs_options;

XHR_BEGIN_DECLS

/**
 * Defines XMLHttpRequest and all that goes with it (events, Blob, FormData, URL, timers, console …) on the global object
 * of a JSContext. Events fire inside xhr_loop_dispatch of the context's loop, and microtasks run behind each listener.
 *
 * @param js the engine's context, used on the loop's thread only
 * @param context where its requests are made; a reference is taken
 * @param options copied; NULL for the defaults
 * @return XHR_OK; XHR_INVALID_ARGUMENT; XHR_INVALID_STATE_ERR where it is installed already; XHR_WRONG_THREAD;
 *         XHR_OUT_OF_MEMORY
 */
XHR_API xhr_status xhr_quickjs_install(struct JSContext *js, xhr_context *context,
                                       const xhr_quickjs_options *options);

/**
 * Ends what scripts of that JSContext have pending (requests, timers, workers, whose threads are waited for), without firing
 * anything, and lets go of the context. To be called before JS_FreeContext; objects that scripts still hold answer InvalidStateError from then on.
 *
 * @param js NULL, or one in which nothing is installed: nothing happens
 * @return XHR_OK; XHR_REENTRANT while a script's listener, timer or other callback runs, and then nothing has changed:
 *         call it once xhr_loop_dispatch is back
 */
XHR_API xhr_status xhr_quickjs_uninstall(struct JSContext *js);

/**
 * How many timers, requests, and workers that run, scripts have pending: what a program may end on when it is 0.
 */
XHR_API size_t xhr_quickjs_pending(struct JSContext *js);

/**
 * Makes the SharedArrayBuffers of a runtime out of memory that several runtimes, each on its thread, can share: they can be posted
 * to workers and through MessagePorts. Without it such a message is a DataCloneError. It sets the engine's
 * JS_SetSharedArrayBufferFunctions, so it is not for runtimes in which these are set otherwise (as quickjs-libc does).
 *
 * @param runtime in which no SharedArrayBuffer was made yet; on its thread
 * @return XHR_OK, also where it was called before; XHR_INVALID_ARGUMENT; XHR_OUT_OF_MEMORY
 */
XHR_API xhr_status xhr_quickjs_share_memory(struct JSRuntime *runtime);

XHR_END_DECLS

#endif
