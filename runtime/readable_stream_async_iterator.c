/* https://streams.spec.whatwg.org/#rs-asynciterator: what ReadableStream's asynchronous iterators do. */
#include "infra/alloc.h"
#include "runtime/iterator.h"
#include "runtime/readable_stream_internal.h"

/* https://webidl.spec.whatwg.org/#js-default-asynchronous-iterator-object; its target is the reader's stream. */
typedef struct async_iterator {
  xhr__platform_object object;
  JSValue value;
  JSValue reader;
  bool prevent_cancel;
  JSValue ongoing_promise; /* JS_UNDEFINED: null */
  bool is_finished;
  bool at_end; /* the value of the promise for the next iteration result is "end of iteration" */
} async_iterator;

static void finalize(JSRuntime *runtime, void *object) {
  async_iterator *self = object;
  JS_FreeValueRT(runtime, self->reader);
  JS_FreeValueRT(runtime, self->ongoing_promise);
  xhr__free(self);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  async_iterator *self = object;
  JS_MarkValue(runtime, self->reader, mark_func);
  JS_MarkValue(runtime, self->ongoing_promise, mark_func);
}

/* https://streams.spec.whatwg.org/#rs-get-iterator */
JSValue xhr__readable_stream_iterate(xhr__realm *realm, xhr__readable_stream *stream,
                                     bool prevent_cancel) {
  /* 1. */
  JSValue reader = xhr__acquire_readable_stream_default_reader(realm, stream);
  if (JS_IsException(reader))
    return reader;
  async_iterator *self = XHR__NEW(async_iterator);
  if (!self) {
    JS_FreeValue(realm->js, reader);
    return JS_ThrowOutOfMemory(realm->js);
  }
  /* 2. - 4. */
  self->reader = reader;
  self->prevent_cancel = prevent_cancel;
  self->ongoing_promise = JS_UNDEFINED;
  JSValue value = xhr__platform_object_new(realm, &xhr__readable_stream_async_iterator_interface,
                                           JS_UNDEFINED, self);
  if (!JS_IsException(value))
    self->value = value;
  return value;
}

/* Sets [[ongoing promise]], taken over. */
static void set_ongoing(JSContext *js, async_iterator *self, JSValue promise) {
  JSValue old = self->ongoing_promise;
  self->ongoing_promise = promise;
  JS_FreeValue(js, old);
}

/* A promise resolved with an iterator result. */
static JSValue resolved_with_result(xhr__realm *realm, JSValueConst value) {
  JSValue result = xhr__iterator_result_new(realm->js, JS_DupValue(realm->js, value), true);
  if (JS_IsException(result))
    return result;
  JSValue promise = xhr__promise_resolved_with(realm, result);
  JS_FreeValue(realm->js, result);
  return promise;
}

/* ---- the next iteration result: https://streams.spec.whatwg.org/#rs-asynciterator-prototype-next ----------------- */

static void chunk_steps(xhr__realm *realm, xhr__read_request *request, JSValueConst chunk) {
  /* 1. */
  xhr__promise_resolve(realm, &request->promise, chunk);
}

/* Releases the reader of a request's iterator. */
static void release(xhr__realm *realm, const async_iterator *self) {
  xhr__readable_stream_reader *reader = xhr__opaque(self->reader);
  JSValue stream = JS_DupValue(realm->js, reader->stream);
  if (!JS_IsUndefined(stream))
    xhr__readable_stream_reader_release(realm, reader);
  JS_FreeValue(realm->js, stream);
}

static void close_steps(xhr__realm *realm, xhr__read_request *request, JSValueConst chunk) {
  async_iterator *self = xhr__opaque(request->object);
  (void)chunk;
  /* 1. - 2. */
  release(realm, self);
  self->at_end = true;
  xhr__promise_resolve(realm, &request->promise, JS_UNDEFINED);
}

static void error_steps(xhr__realm *realm, xhr__read_request *request, JSValueConst reason) {
  /* 1. - 2. */
  release(realm, xhr__opaque(request->object));
  xhr__promise_reject(realm, &request->promise, reason);
}

static JSValue next_iteration_result(xhr__realm *realm, async_iterator *self) {
  static const xhr__read_request_steps steps = {chunk_steps, close_steps, error_steps};
  /* 1. - 4. */
  xhr__read_request *request = xhr__read_request_new(realm, &steps, self->value);
  if (!request)
    return JS_EXCEPTION;
  if (!xhr__promise_new(realm, &request->promise)) {
    xhr__read_request_free(JS_GetRuntime(realm->js), request);
    return JS_EXCEPTION;
  }
  JSValue promise = JS_DupValue(realm->js, request->promise.value);
  /* 5. - 6. */
  xhr__readable_stream_default_reader_read(realm, xhr__opaque(self->reader), request);
  return promise;
}

/* ---- next(): https://webidl.spec.whatwg.org/#js-asynchronous-iterator-prototype-object --------------------------- */

/* data[0] is the iterator. */
static JSValue fulfill_steps(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv,
                             int magic, JSValue *data) {
  async_iterator *self = xhr__opaque(data[0]);
  (void)this_value, (void)argc, (void)magic;
  /* 1. */
  set_ongoing(js, self, JS_UNDEFINED);
  /* 2. */
  if (self->at_end) {
    self->is_finished = true;
    return xhr__iterator_result_new(js, JS_UNDEFINED, true);
  }
  /* 4. */
  return xhr__iterator_result_new(js, JS_DupValue(js, argv[0]), false);
}

static JSValue reject_steps(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv,
                            int magic, JSValue *data) {
  async_iterator *self = xhr__opaque(data[0]);
  (void)this_value, (void)argc, (void)magic;
  /* 1. - 3. */
  set_ongoing(js, self, JS_UNDEFINED);
  self->is_finished = true;
  return JS_Throw(js, JS_DupValue(js, argv[0]));
}

static JSValue next_steps(xhr__realm *realm, async_iterator *self) {
  /* 2. */
  if (self->is_finished)
    return resolved_with_result(realm, JS_UNDEFINED);
  /* 4. */
  JSValue promise = next_iteration_result(realm, self);
  if (JS_IsException(promise))
    return promise;
  /* 5. - 10. */
  JSValue result = xhr__promise_react(realm, promise, fulfill_steps, reject_steps, 1,
                                      (JSValueConst *)&self->value);
  JS_FreeValue(realm->js, promise);
  return result;
}

/* onSettled of next(): data[0] is the iterator. */
static JSValue next_settled(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv,
                            int magic, JSValue *data) {
  xhr__realm *realm = xhr__realm_of(js);
  (void)this_value, (void)argc, (void)argv, (void)magic;
  return realm ? next_steps(realm, xhr__opaque(data[0])) : JS_UNDEFINED;
}

static JSValue next(xhr__realm *realm, void *object, JSValueConst this_value, int argc,
                    JSValueConst *argv) {
  async_iterator *self = object;
  (void)this_value, (void)argc, (void)argv;
  /* 1. - 8. are checks. 9. - 11. */
  JSValue promise = JS_IsUndefined(self->ongoing_promise)
                        ? next_steps(realm, self)
                        : xhr__promise_react(realm, self->ongoing_promise, next_settled,
                                             next_settled, 1, (JSValueConst *)&self->value);
  if (JS_IsException(promise))
    return promise;
  set_ongoing(realm->js, self, JS_DupValue(realm->js, promise));
  /* 12. */
  return promise;
}

/* ---- return() --------------------------------------------------------------------------------------------------- */

/* https://streams.spec.whatwg.org/#rs-asynciterator-prototype-return */
static JSValue return_algorithm(xhr__realm *realm, async_iterator *self, JSValueConst arg) {
  /* 1. - 3. */
  xhr__readable_stream_reader *reader = xhr__opaque(self->reader);
  JSValue stream = JS_DupValue(realm->js, reader->stream), result;
  /* 4. */
  if (self->prevent_cancel || JS_IsUndefined(stream))
    result = xhr__promise_resolved_with(realm, JS_UNDEFINED);
  else
    result = xhr__readable_stream_cancel(realm, xhr__opaque(stream), arg);
  /* 5. - 6. */
  release(realm, self);
  JS_FreeValue(realm->js, stream);
  return result;
}

static JSValue return_steps(xhr__realm *realm, async_iterator *self, JSValueConst value) {
  /* 2. */
  if (self->is_finished)
    return resolved_with_result(realm, value);
  /* 3. - 4. */
  self->is_finished = true;
  return return_algorithm(realm, self, value);
}

/* onSettled of return(): data[0] is the iterator, data[1] the value. */
static JSValue return_settled(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv,
                              int magic, JSValue *data) {
  xhr__realm *realm = xhr__realm_of(js);
  (void)this_value, (void)argc, (void)argv, (void)magic;
  return realm ? return_steps(realm, xhr__opaque(data[0]), data[1]) : JS_UNDEFINED;
}

/* data[0] is the value. */
static JSValue returned(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv,
                        int magic, JSValue *data) {
  (void)this_value, (void)argc, (void)argv, (void)magic;
  return xhr__iterator_result_new(js, JS_DupValue(js, data[0]), true);
}

static JSValue return_iterator(xhr__realm *realm, void *object, JSValueConst this_value, int argc,
                               JSValueConst *argv) {
  async_iterator *self = object;
  JSValueConst data[] = {self->value, argc > 0 ? argv[0] : JS_UNDEFINED};
  (void)this_value;
  /* 1. - 8. are checks. 9. - 11. */
  JSValue promise = JS_IsUndefined(self->ongoing_promise)
                        ? return_steps(realm, self, data[1])
                        : xhr__promise_react(realm, self->ongoing_promise, return_settled,
                                             return_settled, 2, data);
  if (JS_IsException(promise))
    return promise;
  set_ongoing(realm->js, self, JS_DupValue(realm->js, promise));
  /* 12. - 15. */
  JSValue result = xhr__promise_react(realm, promise, returned, NULL, 1, &data[1]);
  JS_FreeValue(realm->js, promise);
  return result;
}

static const xhr__member members[] = {
    XHR__DEFINE_PROMISE("next", 0, next),
    {.name = "return",
     .kind = XHR__OPERATION,
     .optional = 1,
     .call = return_iterator,
     .gives_promise = true},
};

const xhr__interface xhr__readable_stream_async_iterator_interface = {
    .name = "ReadableStream AsyncIterator",
    .is_async_iterator = true,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = finalize,
    .mark = mark,
};
