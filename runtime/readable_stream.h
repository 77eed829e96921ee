/* https://streams.spec.whatwg.org/#rs: readable streams, for what else gives or takes them. */
#ifndef XHR__RUNTIME_READABLE_STREAM_H
#define XHR__RUNTIME_READABLE_STREAM_H

#include "runtime/realm.h"

extern const xhr__interface xhr__readable_stream_interface;
extern const xhr__interface xhr__readable_stream_async_iterator_interface;
extern const xhr__interface xhr__readable_stream_default_reader_interface;
extern const xhr__interface xhr__readable_stream_byob_reader_interface;
extern const xhr__interface xhr__readable_stream_default_controller_interface;
extern const xhr__interface xhr__readable_byte_stream_controller_interface;
extern const xhr__interface xhr__readable_stream_byob_request_interface;
extern const xhr__interface xhr__stream_source_interface;
extern const xhr__interface xhr__byte_length_queuing_strategy_interface;
extern const xhr__interface xhr__count_queuing_strategy_interface;

typedef struct xhr__readable_stream_controller xhr__readable_stream_controller;

/* Where a stream's chunks come from: its algorithms and what they close over. An object of the engine's, which no script
 * sees, because the streams of a tee() share one. */
typedef struct xhr__stream_source_type {
  /* Return a promise, the caller's, or JS_UNDEFINED for one that is resolved with undefined; they never throw. `branch` is
   * the controller's. */
  JSValue (*pull)(xhr__realm *realm, void *source, int branch,
                  xhr__readable_stream_controller *controller);
  JSValue (*cancel)(xhr__realm *realm, void *source, int branch, JSValueConst reason);
  /* What start() returned, the caller's; JS_EXCEPTION where it threw. NULL: nothing is to be done. */
  JSValue (*start)(xhr__realm *realm, void *source, xhr__readable_stream_controller *controller);
  /* Frees the structure. */
  void (*finalize)(JSRuntime *runtime, void *source);
  void (*mark)(JSRuntime *runtime, void *source, JS_MarkFunc *mark_func);
} xhr__stream_source_type;

/* First member of each source's structure. */
typedef struct xhr__stream_source {
  xhr__platform_object object;
  const xhr__stream_source_type *type;
  JSValue value; /* the object itself, not counted */
} xhr__stream_source;

/* An object around `source`, which it owns from now on (on failure too). JS_EXCEPTION. */
JSValue xhr__stream_source_new(xhr__realm *realm, void *source,
                               const xhr__stream_source_type *type);

/* https://streams.spec.whatwg.org/#readablestream-set-up-with-byte-reading-support: a new stream; takes over `source`
 * (JS_EXCEPTION is allowed). JS_EXCEPTION. */
JSValue xhr__readable_stream_new_bytes(xhr__realm *realm, JSValue source);

/* What such a stream's source does with its controller while the stream is readable and not closing. None of them throws;
 * script may run in all but the first two. */

/* https://streams.spec.whatwg.org/#readablestream-current-byob-request-view: where it lies and how long it is, borrowed until
 * script runs; NULL: null. */
uint8_t *xhr__readable_stream_byob_view(xhr__realm *realm,
                                        xhr__readable_stream_controller *controller, size_t *len);
/* The controller's value, borrowed; it keeps the stream too. */
JSValueConst xhr__readable_stream_controller_value(
    const xhr__readable_stream_controller *controller);
/* https://streams.spec.whatwg.org/#readablestream-enqueue: `len` bytes that stand in the view; and those of an ArrayBuffer,
 * which it takes over, and nobody else has (JS_EXCEPTION is allowed: then the stream errors). */
void xhr__readable_stream_enqueue_view(xhr__realm *realm,
                                       xhr__readable_stream_controller *controller, size_t len);
void xhr__readable_stream_enqueue_buffer(xhr__realm *realm,
                                         xhr__readable_stream_controller *controller,
                                         JSValue buffer, size_t len);
/* https://streams.spec.whatwg.org/#readablestream-close and #readablestream-error, which takes over `reason`. */
void xhr__readable_stream_close_bytes(xhr__realm *realm,
                                      xhr__readable_stream_controller *controller);
void xhr__readable_stream_error_bytes(xhr__realm *realm,
                                      xhr__readable_stream_controller *controller, JSValue reason);

#endif
