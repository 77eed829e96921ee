/* https://streams.spec.whatwg.org/#readable-stream-from-iterable */
#include "infra/alloc.h"
#include "runtime/iterator.h"
#include "runtime/readable_stream_internal.h"

/* https://webidl.spec.whatwg.org/#async-iterator: an Iterator Record, and whether it is a synchronous one, which
 * https://tc39.es/ecma262/#sec-createasyncfromsynciterator would wrap. */
typedef struct iterable_source {
  xhr__stream_source source;
  JSValue iterator, next;
  bool is_sync;
  bool at_end; /* the next value is "end of iteration" */
} iterable_source;

static void finalize(JSRuntime *runtime, void *object) {
  iterable_source *self = object;
  JS_FreeValueRT(runtime, self->iterator);
  JS_FreeValueRT(runtime, self->next);
  xhr__free(self);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  iterable_source *self = object;
  JS_MarkValue(runtime, self->iterator, mark_func);
  JS_MarkValue(runtime, self->next, mark_func);
}

/* https://tc39.es/ecma262/#sec-getmethod of a property, which it takes over; JS_UNDEFINED: there is none. JS_EXCEPTION. */
static JSValue get_method(JSContext *js, JSValue method) {
  if (JS_IsNull(method))
    return JS_UNDEFINED;
  if (JS_IsException(method) || JS_IsUndefined(method) || JS_IsFunction(js, method))
    return method;
  JS_FreeValue(js, method);
  return JS_ThrowTypeError(js, "what should be a method of an iterator is no function");
}

/* ---- iterator results ------------------------------------------------------------------------------------------- */

/* https://tc39.es/ecma262/#sec-iteratorcomplete: false where it threw. */
static bool iterator_complete(JSContext *js, JSValueConst result, bool *done) {
  if (!JS_IsObject(result)) {
    JS_ThrowTypeError(js, "an iterator's result is no object");
    return false;
  }
  JSValue value = JS_GetPropertyStr(js, result, "done");
  if (JS_IsException(value))
    return false;
  *done = JS_ToBool(js, value) > 0;
  JS_FreeValue(js, value);
  return true;
}

/* https://tc39.es/ecma262/#sec-iteratorclose, behind a throw completion, which stays pending. */
static void close_after_throw(JSContext *js, JSValueConst iterator) {
  JSValue reason = JS_GetException(js);
  JSValue method = get_method(js, JS_GetPropertyStr(js, iterator, "return"));
  JSValue result = JS_UNDEFINED;
  if (JS_IsFunction(js, method))
    result = JS_Call(js, method, iterator, 0, NULL);
  if (JS_IsException(method) || JS_IsException(result))
    JS_FreeValue(js, JS_GetException(js));
  JS_FreeValue(js, result);
  JS_FreeValue(js, method);
  JS_Throw(js, reason);
}

/* https://tc39.es/ecma262/#sec-async-from-sync-iterator-value-unwrap-functions: data[0] is whether it is done. */
static JSValue unwrap(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv,
                      int magic, JSValue *data) {
  (void)this_value, (void)argc, (void)magic;
  return xhr__iterator_result_new(js, JS_DupValue(js, argv[0]), JS_VALUE_GET_BOOL(data[0]));
}

/* https://tc39.es/ecma262/#sec-asyncfromsynciteratorcontinuation, step 13.: data[1] is the iterator to be closed. */
static JSValue close_iterator(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv,
                              int magic, JSValue *data) {
  (void)this_value, (void)argc, (void)magic;
  JS_Throw(js, JS_DupValue(js, argv[0]));
  close_after_throw(js, data[1]);
  return JS_EXCEPTION;
}

/* https://tc39.es/ecma262/#sec-asyncfromsynciteratorcontinuation: a promise; JS_EXCEPTION stands for a rejected one. Takes over
 * `result`. */
static JSValue async_from_sync_continuation(xhr__realm *realm, JSValue result,
                                            JSValueConst iterator, bool close) {
  JSContext *js = realm->js;
  bool done = true;
  JSValue value = JS_EXCEPTION;
  if (JS_IsException(result))
    return result;
  /* 1. - 4. */
  if (iterator_complete(js, result, &done))
    value = JS_GetPropertyStr(js, result, "value");
  JS_FreeValue(js, result);
  if (JS_IsException(value))
    return value;
  /* 6. - 7. */
  JSValue wrapper = xhr__call_intrinsic(realm, XHR__INTRINSIC_PROMISE_RESOLVE, JS_UNDEFINED, 1,
                                        (JSValueConst *)&value);
  JS_FreeValue(js, value);
  close = close && !done;
  if (JS_IsException(wrapper) && close)
    close_after_throw(js, iterator);
  if (JS_IsException(wrapper))
    return wrapper;
  /* 8. - 14. */
  JSValueConst data[] = {JS_NewBool(js, done), iterator};
  JSValue promise =
      xhr__promise_react(realm, wrapper, unwrap, close ? close_iterator : NULL, 2, data);
  JS_FreeValue(js, wrapper);
  return promise;
}

/* A promise resolved with what a method of the iterator returned, taken over, or rejected with what it threw. */
static JSValue promise_of(xhr__realm *realm, JSValue result) {
  /* %AsyncFromSyncIteratorPrototype%'s methods give a rejected promise instead of throwing: it comes to the same. */
  if (JS_IsException(result))
    return xhr__promise_rejected_with_exception(realm);
  JSValue promise = xhr__promise_resolved_with(realm, result);
  JS_FreeValue(realm->js, result);
  return promise;
}

/* ---- pulling ---------------------------------------------------------------------------------------------------- */

/* https://webidl.spec.whatwg.org/#async-iterator-get-next-value, step 4.: data[0] is the source. */
static JSValue next_fulfilled(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv,
                              int magic, JSValue *data) {
  iterable_source *self = xhr__opaque(data[0]);
  (void)this_value, (void)argc, (void)magic;
  /* 4.1. - 4.2. */
  if (!iterator_complete(js, argv[0], &self->at_end))
    return JS_EXCEPTION;
  /* 4.3. - 4.4. */
  return self->at_end ? JS_UNDEFINED : JS_GetPropertyStr(js, argv[0], "value");
}

/* Step 4.2., fulfilled: data[0] is the source, data[1] the controller. */
static JSValue value_fulfilled(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv,
                               int magic, JSValue *data) {
  xhr__realm *realm = xhr__realm_of(js);
  const iterable_source *self = xhr__opaque(data[0]);
  xhr__readable_stream_controller *controller = xhr__opaque(data[1]);
  (void)this_value, (void)argc, (void)magic;
  if (!realm)
    return JS_UNDEFINED;
  if (self->at_end)
    xhr__readable_stream_default_controller_close(realm, controller);
  else if (!xhr__readable_stream_default_controller_enqueue(realm, controller, argv[0]))
    return JS_EXCEPTION;
  return JS_UNDEFINED;
}

/* Step 4.2., rejected. */
static JSValue value_rejected(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv,
                              int magic, JSValue *data) {
  xhr__realm *realm = xhr__realm_of(js);
  xhr__readable_stream_controller *controller = xhr__opaque(data[1]);
  (void)this_value, (void)argc, (void)magic;
  if (realm)
    controller->type->error(realm, controller, argv[0]);
  return JS_UNDEFINED;
}

/* Step 4. */
static JSValue pull(xhr__realm *realm, void *source, int branch,
                    xhr__readable_stream_controller *controller) {
  JSContext *js = realm->js;
  iterable_source *self = source;
  JSValue next_value = JS_EXCEPTION, result = JS_EXCEPTION;
  JSValueConst data[] = {self->source.value, controller->value};
  (void)branch;
  /* 4.1. */
  JSValue next = JS_Call(js, self->next, self->iterator, 0, NULL);
  if (self->is_sync)
    next = async_from_sync_continuation(realm, next, self->iterator, true);
  JSValue promise = promise_of(realm, next);
  if (!JS_IsException(promise))
    next_value = xhr__promise_react(realm, promise, next_fulfilled, NULL, 1, data);
  JS_FreeValue(js, promise);
  /* 4.2. */
  if (!JS_IsException(next_value))
    result = xhr__promise_react(realm, next_value, value_fulfilled, value_rejected, 2, data);
  JS_FreeValue(js, next_value);
  return JS_IsException(result) ? xhr__promise_rejected_with_exception(realm) : result;
}

/* ---- canceling: https://webidl.spec.whatwg.org/#async-iterator-close --------------------------------------------- */

static JSValue return_fulfilled(JSContext *js, JSValueConst this_value, int argc,
                                JSValueConst *argv, int magic, JSValue *data) {
  (void)this_value, (void)argc, (void)magic, (void)data;
  /* 8.1. - 8.2. */
  return JS_IsObject(argv[0]) ? JS_UNDEFINED
                              : JS_ThrowTypeError(js, "an iterator's return() gave no object");
}

/* What the return() of a synchronous iterator gave, as %AsyncFromSyncIteratorPrototype%.return() has it; taken over. */
static JSValue sync_returned(xhr__realm *realm, const iterable_source *self, JSValue result) {
  if (JS_IsException(result) || JS_IsObject(result))
    return async_from_sync_continuation(realm, result, self->iterator, false);
  JS_FreeValue(realm->js, result);
  return JS_ThrowTypeError(realm->js, "an iterator's return() gave no object");
}

/* Step 5. */
static JSValue cancel(xhr__realm *realm, void *source, int branch, JSValueConst reason) {
  JSContext *js = realm->js;
  iterable_source *self = source;
  (void)branch;
  /* 1. - 4. */
  JSValue method = get_method(js, JS_GetPropertyStr(js, self->iterator, "return"));
  if (JS_IsException(method))
    return xhr__promise_rejected_with_exception(realm);
  /* 5. */
  if (JS_IsUndefined(method))
    return JS_UNDEFINED;
  /* 6. - 7. */
  JSValue result = JS_Call(js, method, self->iterator, 1, &reason);
  JS_FreeValue(js, method);
  if (self->is_sync)
    result = sync_returned(realm, self, result);
  /* 8. */
  JSValue promise = promise_of(realm, result), made = JS_EXCEPTION;
  if (!JS_IsException(promise))
    made = xhr__promise_react(realm, promise, return_fulfilled, NULL, 0, NULL);
  JS_FreeValue(js, promise);
  return JS_IsException(made) ? xhr__promise_rejected_with_exception(realm) : made;
}

/* ---- opening ---------------------------------------------------------------------------------------------------- */

/* https://webidl.spec.whatwg.org/#js-to-async-iterable: the method, the caller's; JS_EXCEPTION. */
static JSValue method_of(xhr__realm *realm, JSValueConst value, bool *is_sync) {
  JSContext *js = realm->js;
  *is_sync = false;
  /* 1. */
  if (!JS_IsObject(value))
    return JS_ThrowTypeError(js, "ReadableStream.from: no iterable object");
  /* 2. */
  JSAtom atom = JS_ValueToAtom(js, realm->intrinsics->functions[XHR__INTRINSIC_ASYNC_ITERATOR]);
  JSValue method = get_method(js, JS_GetProperty(js, value, atom));
  JS_FreeAtom(js, atom);
  if (!JS_IsUndefined(method))
    return method;
  /* 3. */
  *is_sync = true;
  method = get_method(js, JS_GetProperty(js, value, realm->symbol_iterator));
  if (JS_IsUndefined(method))
    return JS_ThrowTypeError(js, "ReadableStream.from: the object is not iterable");
  return method;
}

/* https://webidl.spec.whatwg.org/#async-sequence-open: the source, the caller's; JS_EXCEPTION. */
static JSValue open_sequence(xhr__realm *realm, JSValueConst value) {
  static const xhr__stream_source_type type = {
      .pull = pull, .cancel = cancel, .finalize = finalize, .mark = mark};
  JSContext *js = realm->js;
  bool is_sync;
  JSValue method = method_of(realm, value, &is_sync);
  if (JS_IsException(method))
    return method;
  /* 1. */
  JSValue iterator = JS_Call(js, method, value, 0, NULL);
  JS_FreeValue(js, method);
  if (JS_IsException(iterator))
    return iterator;
  JSValue next = JS_IsObject(iterator) ? JS_GetPropertyStr(js, iterator, "next")
                                       : JS_ThrowTypeError(js, "an iterator is no object");
  iterable_source *self = JS_IsException(next) ? NULL : XHR__NEW(iterable_source);
  if (!self) {
    JS_FreeValue(js, iterator);
    JS_FreeValue(js, next);
    return JS_IsException(next) ? next : JS_ThrowOutOfMemory(js);
  }
  /* 2. - 3. */
  self->iterator = iterator;
  self->next = next;
  self->is_sync = is_sync;
  return xhr__stream_source_new(realm, self, &type);
}

JSValue xhr__readable_stream_from_iterable(xhr__realm *realm, JSValueConst iterable) {
  /* 1. - 7. */
  return xhr__create_readable_stream(realm, open_sequence(realm, iterable), 0, 0);
}
