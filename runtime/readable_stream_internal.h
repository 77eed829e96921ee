/* What the files of readable streams share: internal slots, and the abstract operations by the standard's names. Whoever
 * calls one that may run script keeps the stream: it and its controller keep each other. */
#ifndef XHR__RUNTIME_READABLE_STREAM_INTERNAL_H
#define XHR__RUNTIME_READABLE_STREAM_INTERNAL_H

#include "infra/list.h"
#include "runtime/promise.h"
#include "runtime/readable_stream.h"

/* The structure of a value that is known to be a platform object; NULL for undefined. */
static inline void *xhr__opaque(JSValueConst value) {
  JSClassID class;
  return JS_GetAnyOpaque(value, &class);
}

typedef enum xhr__stream_state {
  XHR__STREAM_READABLE,
  XHR__STREAM_CLOSED,
  XHR__STREAM_ERRORED
} xhr__stream_state;

/* https://streams.spec.whatwg.org/#rs-internal-slots. [[Detached]] is missing: streams are not transferred. */
typedef struct xhr__readable_stream {
  xhr__platform_object object;
  JSValue value; /* the object itself, not counted: so in all structures here */
  JSValue controller;
  bool disturbed;
  JSValue reader; /* JS_UNDEFINED: not locked */
  xhr__stream_state state;
  JSValue stored_error;
} xhr__readable_stream;

/* https://streams.spec.whatwg.org/#generic-reader-internal-slots, and those of either kind of reader. */
typedef struct xhr__readable_stream_reader {
  xhr__platform_object object;
  JSValue value;
  xhr__promise closed_promise; /* where it is settled, the value alone */
  JSValue stream;              /* JS_UNDEFINED: released */
  xhr__list read_requests;     /* or [[readIntoRequests]] */
} xhr__readable_stream_reader;

/* https://streams.spec.whatwg.org/#read-request and #read-into-request. */
typedef struct xhr__read_request xhr__read_request;
typedef struct xhr__read_request_steps {
  void (*chunk)(xhr__realm *realm, xhr__read_request *request, JSValueConst chunk);
  /* `chunk`: undefined but of read-into requests. */
  void (*close)(xhr__realm *realm, xhr__read_request *request, JSValueConst chunk);
  void (*error)(xhr__realm *realm, xhr__read_request *request, JSValueConst reason);
} xhr__read_request_steps;

struct xhr__read_request {
  xhr__list node;
  const xhr__read_request_steps *steps;
  /* What the steps close over. */
  xhr__promise promise;
  JSValue object;
  bool for_branch2;
};

/* Whoever holds a request performs one of its steps or hands it on; it is freed behind the steps. NULL where it threw. */
xhr__read_request *xhr__read_request_new(xhr__realm *realm, const xhr__read_request_steps *steps,
                                         JSValueConst object);
/* One whose steps settle `*promise`, a new promise, with ReadableStreamReadResults. */
xhr__read_request *xhr__read_request_new_promise(xhr__realm *realm, JSValue *promise);
void xhr__read_request_free(JSRuntime *runtime, xhr__read_request *request);
void xhr__read_request_chunk(xhr__realm *realm, xhr__read_request *request, JSValueConst chunk);
void xhr__read_request_close(xhr__realm *realm, xhr__read_request *request, JSValueConst chunk);
void xhr__read_request_error(xhr__realm *realm, xhr__read_request *request, JSValueConst reason);

/* https://streams.spec.whatwg.org/#rs-abstract-ops-used-by-controllers: what the two kinds of controllers differ in. */
typedef struct xhr__controller_type {
  JSValue (*cancel_steps)(xhr__realm *realm, xhr__readable_stream_controller *controller,
                          JSValueConst reason);
  void (*pull_steps)(xhr__realm *realm, xhr__readable_stream_controller *controller,
                     xhr__read_request *request);
  void (*release_steps)(xhr__realm *realm, xhr__readable_stream_controller *controller);
  bool (*should_call_pull)(xhr__readable_stream_controller *controller);
  void (*error)(xhr__realm *realm, xhr__readable_stream_controller *controller,
                JSValueConst reason);
} xhr__controller_type;

/* https://streams.spec.whatwg.org/#rs-default-controller-internal-slots and #rbs-controller-internal-slots: what both have. */
struct xhr__readable_stream_controller {
  xhr__platform_object object;
  const xhr__controller_type *type;
  JSValue value;
  JSValue source; /* [[pullAlgorithm]] and [[cancelAlgorithm]]; JS_UNDEFINED: cleared */
  int branch;
  bool close_requested, pull_again, pulling, started;
  xhr__list queue;
  double queue_total_size;
  double strategy_hwm;
  JSValue stream;
};

static inline xhr__readable_stream *xhr__controller_stream(
    const xhr__readable_stream_controller *controller) {
  return xhr__opaque(controller->stream);
}
static inline xhr__readable_stream_controller *xhr__stream_controller(
    const xhr__readable_stream *stream) {
  return xhr__opaque(stream->controller);
}

/* What the standard does alike for both kinds. The structure's beginning, its list and values made empty. */
void xhr__controller_init(xhr__readable_stream_controller *controller,
                          const xhr__controller_type *type);
/* https://streams.spec.whatwg.org/#set-up-readable-stream-default-controller and
 * #set-up-readable-byte-stream-controller: takes over `source`. False where start() threw. */
bool xhr__controller_set_up(xhr__realm *realm, xhr__readable_stream *stream,
                            xhr__readable_stream_controller *controller, JSValue source, int branch,
                            double high_water_mark);
void xhr__controller_call_pull_if_needed(xhr__realm *realm,
                                         xhr__readable_stream_controller *controller);
/* Performs [[cancelAlgorithm]]: a promise, or JS_UNDEFINED for one resolved with undefined. */
JSValue xhr__controller_cancel_algorithm(xhr__realm *realm,
                                         xhr__readable_stream_controller *controller,
                                         JSValueConst reason);
/* JS_NULL: the stream is errored. */
JSValue xhr__controller_get_desired_size(xhr__realm *realm,
                                         const xhr__readable_stream_controller *controller);
void xhr__controller_finalize(JSRuntime *runtime, xhr__readable_stream_controller *controller);
void xhr__controller_mark(JSRuntime *runtime, const xhr__readable_stream_controller *controller,
                          JS_MarkFunc *mark_func);
/* A TypeError with that message, the caller's. */
JSValue xhr__new_type_error(xhr__realm *realm, const char *message);

/* ---- streams: https://streams.spec.whatwg.org/#rs-abstract-ops -------------------------------------------------- */

/* InitializeReadableStream, of a new object. JS_EXCEPTION. */
JSValue xhr__readable_stream_new(xhr__realm *realm, JSValueConst new_target);
/* CreateReadableStream and CreateReadableByteStream: take over `source` (JS_EXCEPTION is allowed). JS_EXCEPTION. */
JSValue xhr__create_readable_stream(xhr__realm *realm, JSValue source, int branch,
                                    double high_water_mark);
JSValue xhr__create_readable_byte_stream(xhr__realm *realm, JSValue source, int branch);
bool xhr__is_readable_stream_locked(const xhr__readable_stream *stream);
/* A promise; JS_EXCEPTION. */
JSValue xhr__readable_stream_cancel(xhr__realm *realm, xhr__readable_stream *stream,
                                    JSValueConst reason);
void xhr__readable_stream_close(xhr__realm *realm, xhr__readable_stream *stream);
void xhr__readable_stream_error(xhr__realm *realm, xhr__readable_stream *stream,
                                JSValueConst reason);
/* ReadableStreamFulfillReadRequest and ReadableStreamFulfillReadIntoRequest. */
void xhr__readable_stream_fulfill_read_request(xhr__realm *realm, xhr__readable_stream *stream,
                                               JSValueConst chunk, bool done);
/* ReadableStreamAddReadRequest and ReadableStreamAddReadIntoRequest. */
void xhr__readable_stream_add_read_request(xhr__readable_stream *stream,
                                           xhr__read_request *request);
bool xhr__readable_stream_has_default_reader(const xhr__readable_stream *stream);
bool xhr__readable_stream_has_byob_reader(const xhr__readable_stream *stream);
/* Whether the reader has requests: that ReadableStreamGetNumReadRequests or …ReadIntoRequests is > 0. */
bool xhr__readable_stream_has_requests(const xhr__readable_stream *stream);
/* ReadableStreamFromIterable. JS_EXCEPTION. */
JSValue xhr__readable_stream_from_iterable(xhr__realm *realm, JSValueConst iterable);
/* ReadableStreamDefaultTee and ReadableByteStreamTee: an Array. JS_EXCEPTION. */
JSValue xhr__readable_stream_default_tee(xhr__realm *realm, xhr__readable_stream *stream);
JSValue xhr__readable_byte_stream_tee(xhr__realm *realm, xhr__readable_stream *stream);
/* The asynchronous iterator. JS_EXCEPTION. */
JSValue xhr__readable_stream_iterate(xhr__realm *realm, xhr__readable_stream *stream,
                                     bool prevent_cancel);

/* ---- readers: https://streams.spec.whatwg.org/#rs-reader-abstract-ops ------------------------------------------- */

/* The members that both kinds have. */
extern const xhr__mixin xhr__readable_stream_generic_reader_mixin;
void xhr__readable_stream_reader_finalize(JSRuntime *runtime, void *reader);
void xhr__readable_stream_reader_mark(JSRuntime *runtime, void *reader, JS_MarkFunc *mark_func);
/* ReadableStreamReaderGenericInitialize, of a new object. JS_EXCEPTION. */
JSValue xhr__readable_stream_reader_new(xhr__realm *realm, const xhr__interface *interface,
                                        JSValueConst new_target, xhr__readable_stream *stream);
/* JS_EXCEPTION. */
JSValue xhr__acquire_readable_stream_default_reader(xhr__realm *realm,
                                                    xhr__readable_stream *stream);
JSValue xhr__acquire_readable_stream_byob_reader(xhr__realm *realm, xhr__readable_stream *stream);
/* ReadableStreamDefaultReaderErrorReadRequests and ReadableStreamBYOBReaderErrorReadIntoRequests. */
void xhr__readable_stream_reader_error_requests(xhr__realm *realm,
                                                xhr__readable_stream_reader *reader,
                                                JSValueConst reason);
/* ReadableStreamDefaultReaderRelease and ReadableStreamBYOBReaderRelease. */
void xhr__readable_stream_reader_release(xhr__realm *realm, xhr__readable_stream_reader *reader);
void xhr__readable_stream_default_reader_read(xhr__realm *realm,
                                              xhr__readable_stream_reader *reader,
                                              xhr__read_request *request);
void xhr__readable_stream_byob_reader_read(xhr__realm *realm, xhr__readable_stream_reader *reader,
                                           JSValueConst view, uint64_t min,
                                           xhr__read_request *request);

/* ---- default controllers: https://streams.spec.whatwg.org/#rs-default-controller-abstract-ops ------------------- */

/* A new one, set up; takes over `source`. `size`: the strategy's function, or JS_UNDEFINED for 1. False where it threw. */
bool xhr__set_up_readable_stream_default_controller(xhr__realm *realm, xhr__readable_stream *stream,
                                                    JSValue source, int branch,
                                                    double high_water_mark, JSValueConst size);
void xhr__readable_stream_default_controller_close(xhr__realm *realm,
                                                   xhr__readable_stream_controller *controller);
/* False where it threw. */
bool xhr__readable_stream_default_controller_enqueue(xhr__realm *realm,
                                                     xhr__readable_stream_controller *controller,
                                                     JSValueConst chunk);

/* ---- queuing strategies: https://streams.spec.whatwg.org/#qs-abstract-ops --------------------------------------- */

/* https://streams.spec.whatwg.org/#dictdef-queuingstrategy */
typedef struct xhr__queuing_strategy {
  bool has_high_water_mark;
  double high_water_mark;
  JSValue size; /* JS_UNDEFINED: missing */
} xhr__queuing_strategy;

/* False where it threw; the caller frees `size` in any case. */
bool xhr__queuing_strategy_read(xhr__realm *realm, JSValueConst value,
                                xhr__queuing_strategy *strategy);
bool xhr__extract_high_water_mark(xhr__realm *realm, const xhr__queuing_strategy *strategy,
                                  double otherwise, double *high_water_mark);

/* ---- underlying sources: https://streams.spec.whatwg.org/#underlying-source-api ---------------------------------- */

typedef struct xhr__underlying_source {
  JSValue source; /* the algorithms, the caller's */
  bool bytes;
  bool has_auto_allocate_chunk_size;
  uint64_t auto_allocate_chunk_size;
} xhr__underlying_source;

/* Converts to an UnderlyingSource; `value` is an object or undefined. False where it threw. */
bool xhr__underlying_source_read(xhr__realm *realm, JSValueConst value,
                                 xhr__underlying_source *source);

#endif
