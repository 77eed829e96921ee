#include "runtime/readable_stream_tee.h"

#include "infra/alloc.h"

void xhr__tee_finalize(JSRuntime *runtime, void *source) {
  xhr__tee *tee = source;
  JS_FreeValueRT(runtime, tee->stream);
  JS_FreeValueRT(runtime, tee->reader);
  for (int i = 0; i < 2; i++) {
    JS_FreeValueRT(runtime, tee->reason[i]);
    JS_FreeValueRT(runtime, tee->branch[i]);
  }
  xhr__promise_free(runtime, &tee->cancel_promise);
  xhr__free(tee);
}

void xhr__tee_mark(JSRuntime *runtime, void *source, JS_MarkFunc *mark_func) {
  xhr__tee *tee = source;
  JS_MarkValue(runtime, tee->stream, mark_func);
  JS_MarkValue(runtime, tee->reader, mark_func);
  for (int i = 0; i < 2; i++) {
    JS_MarkValue(runtime, tee->reason[i], mark_func);
    JS_MarkValue(runtime, tee->branch[i], mark_func);
  }
  xhr__promise_mark(runtime, &tee->cancel_promise, mark_func);
}

JSValue xhr__tee_new(xhr__realm *realm, xhr__readable_stream *stream,
                     const xhr__stream_source_type *type) {
  JSContext *js = realm->js;
  JSValue reader = xhr__acquire_readable_stream_default_reader(realm, stream);
  if (JS_IsException(reader))
    return reader;
  xhr__tee *tee = XHR__NEW(xhr__tee);
  if (!tee) {
    JS_FreeValue(js, reader);
    return JS_ThrowOutOfMemory(js);
  }
  tee->stream = JS_DupValue(js, stream->value);
  tee->reader = reader;
  tee->reason[0] = tee->reason[1] = tee->branch[0] = tee->branch[1] = JS_UNDEFINED;
  tee->cancel_promise = XHR__NO_PROMISE;
  JSValue value = xhr__stream_source_new(realm, tee, type);
  if (JS_IsException(value) || xhr__promise_new(realm, &tee->cancel_promise))
    return value;
  JS_FreeValue(js, value);
  return JS_EXCEPTION;
}

/* [a, b] */
static JSValue new_pair(JSContext *js, JSValueConst a, JSValueConst b) {
  JSValue array = JS_NewArray(js);
  if (JS_IsException(array) ||
      (JS_DefinePropertyValueUint32(js, array, 0, JS_DupValue(js, a), JS_PROP_C_W_E) >= 0 &&
       JS_DefinePropertyValueUint32(js, array, 1, JS_DupValue(js, b), JS_PROP_C_W_E) >= 0))
    return array;
  JS_FreeValue(js, array);
  return JS_EXCEPTION;
}

JSValue xhr__tee_branches(xhr__realm *realm, const xhr__tee *tee) {
  return new_pair(realm->js, tee->branch[0], tee->branch[1]);
}

/* Cancels the stream, and resolves the cancel promise with what comes of it. */
static void cancel_stream(xhr__realm *realm, xhr__tee *tee, JSValueConst reason) {
  JSValue result = xhr__readable_stream_cancel(realm, xhr__opaque(tee->stream), reason);
  if (JS_IsException(result)) {
    result = JS_GetException(realm->js);
    xhr__promise_reject(realm, &tee->cancel_promise, result);
  } else {
    xhr__promise_resolve(realm, &tee->cancel_promise, result);
  }
  JS_FreeValue(realm->js, result);
}

/* https://streams.spec.whatwg.org/#abstract-opdef-readablestreamdefaulttee, steps 14. and 15., and
 * https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamtee, steps 19. and 20. */
JSValue xhr__tee_cancel(xhr__realm *realm, void *source, int branch, JSValueConst reason) {
  JSContext *js = realm->js;
  xhr__tee *tee = source;
  /* 1. - 2. */
  tee->canceled[branch] = true;
  JS_FreeValue(js, tee->reason[branch]);
  tee->reason[branch] = JS_DupValue(js, reason);
  /* 3. */
  if (tee->canceled[1 - branch]) {
    JSValue composite = new_pair(js, tee->reason[0], tee->reason[1]);
    if (JS_IsException(composite))
      return xhr__promise_rejected_with_exception(realm);
    cancel_stream(realm, tee, composite);
    JS_FreeValue(js, composite);
  }
  /* 4. */
  return JS_DupValue(js, tee->cancel_promise.value);
}

void xhr__tee_resolve_cancel_promise(xhr__realm *realm, xhr__tee *tee) {
  if (!tee->canceled[0] || !tee->canceled[1])
    xhr__promise_resolve(realm, &tee->cancel_promise, JS_UNDEFINED);
}

static void error_branches(xhr__realm *realm, const xhr__tee *tee, JSValueConst reason) {
  for (int i = 0; i < 2; i++) {
    xhr__readable_stream_controller *controller = xhr__tee_controller(tee, i);
    if (controller)
      controller->type->error(realm, controller, reason);
  }
}

void xhr__tee_error_branches(xhr__realm *realm, xhr__tee *tee, JSValueConst reason) {
  error_branches(realm, tee, reason);
  xhr__tee_resolve_cancel_promise(realm, tee);
}

void xhr__tee_give_up(xhr__tee *tee) {
  tee->canceled[0] = tee->canceled[1] = true;
}

void xhr__tee_fail(xhr__realm *realm, xhr__tee *tee) {
  JSValue reason = JS_GetException(realm->js);
  error_branches(realm, tee, reason);
  cancel_stream(realm, tee, reason);
  JS_FreeValue(realm->js, reason);
}
