/* https://streams.spec.whatwg.org/#readable-stream-tee: what both kinds of tees do alike. */
#ifndef XHR__RUNTIME_READABLE_STREAM_TEE_H
#define XHR__RUNTIME_READABLE_STREAM_TEE_H

#include "runtime/readable_stream_internal.h"

/* The variables that the algorithms of a tee close over; [0] is what the standard numbers 1. */
typedef struct xhr__tee {
  xhr__stream_source source;
  JSValue stream;
  JSValue reader;
  bool reading;
  bool read_again[2]; /* of a default tee the first: readAgain */
  bool canceled[2];
  JSValue reason[2];
  JSValue branch[2];
  xhr__promise cancel_promise;
} xhr__tee;

/* A new one; JS_EXCEPTION. */
JSValue xhr__tee_new(xhr__realm *realm, xhr__readable_stream *stream,
                     const xhr__stream_source_type *type);
/* For xhr__stream_source_type; xhr__tee_cancel is cancel1Algorithm and cancel2Algorithm. */
void xhr__tee_finalize(JSRuntime *runtime, void *source);
void xhr__tee_mark(JSRuntime *runtime, void *source, JS_MarkFunc *mark_func);
JSValue xhr__tee_cancel(xhr__realm *realm, void *source, int branch, JSValueConst reason);

/* NULL: the branch has not been made. */
static inline xhr__readable_stream_controller *xhr__tee_controller(const xhr__tee *tee,
                                                                   int branch) {
  const xhr__readable_stream *stream = xhr__opaque(tee->branch[branch]);
  return stream ? xhr__stream_controller(stream) : NULL;
}
/* Resolves the cancel promise with undefined unless both branches are canceled. */
void xhr__tee_resolve_cancel_promise(xhr__realm *realm, xhr__tee *tee);
/* Errors both branches, and resolves the cancel promise as above. */
void xhr__tee_error_branches(xhr__realm *realm, xhr__tee *tee, JSValueConst reason);
/* Where making the branches threw, so that one may be missing: nothing comes to them. */
void xhr__tee_give_up(xhr__tee *tee);
/* What is done where a chunk cannot be cloned, with the exception that is pending. */
void xhr__tee_fail(xhr__realm *realm, xhr__tee *tee);
/* « branch1, branch2 » as an Array. JS_EXCEPTION. */
JSValue xhr__tee_branches(xhr__realm *realm, const xhr__tee *tee);

#endif
