/* https://streams.spec.whatwg.org/#rs-abstract-ops-used-by-controllers: what the two kinds of controllers do alike. The links
 * are those of default controllers; byte stream controllers have the same steps. */
#include "runtime/readable_stream_internal.h"

void xhr__controller_init(xhr__readable_stream_controller *controller,
                          const xhr__controller_type *type) {
  controller->type = type;
  controller->source = controller->stream = JS_UNDEFINED;
  xhr__list_init(&controller->queue);
}

void xhr__controller_finalize(JSRuntime *runtime, xhr__readable_stream_controller *controller) {
  JS_FreeValueRT(runtime, controller->source);
  JS_FreeValueRT(runtime, controller->stream);
}

void xhr__controller_mark(JSRuntime *runtime, const xhr__readable_stream_controller *controller,
                          JS_MarkFunc *mark_func) {
  JS_MarkValue(runtime, controller->source, mark_func);
  JS_MarkValue(runtime, controller->stream, mark_func);
}

JSValue xhr__new_type_error(xhr__realm *realm, const char *message) {
  JS_ThrowTypeError(realm->js, "%s", message);
  return JS_GetException(realm->js);
}

JSValueConst xhr__readable_stream_controller_value(
    const xhr__readable_stream_controller *controller) {
  return controller->value;
}

/* Performs ReadableStreamDefaultControllerError with the exception that is pending. */
static void error_with_exception(xhr__realm *realm, xhr__readable_stream_controller *controller) {
  JSValue reason = JS_GetException(realm->js);
  controller->type->error(realm, controller, reason);
  JS_FreeValue(realm->js, reason);
}

/* ---- pulling ---------------------------------------------------------------------------------------------------- */

/* Of data[0]: the controller; NULL where its realm is gone. */
static xhr__readable_stream_controller *controller_of(JSContext *js, JSValue *data,
                                                      xhr__realm **realm) {
  *realm = xhr__realm_of(js);
  return *realm ? xhr__opaque(data[0]) : NULL;
}

/* https://streams.spec.whatwg.org/#readable-stream-default-controller-call-pull-if-needed, step 7. */
static JSValue pull_fulfilled(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv,
                              int magic, JSValue *data) {
  xhr__realm *realm;
  xhr__readable_stream_controller *controller = controller_of(js, data, &realm);
  (void)this_value, (void)argc, (void)argv, (void)magic;
  if (!controller)
    return JS_UNDEFINED;
  controller->pulling = false;
  if (controller->pull_again) {
    controller->pull_again = false;
    xhr__controller_call_pull_if_needed(realm, controller);
  }
  return JS_UNDEFINED;
}

/* Step 8., and step 12. of setting up. */
static JSValue rejected(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv,
                        int magic, JSValue *data) {
  xhr__realm *realm;
  xhr__readable_stream_controller *controller = controller_of(js, data, &realm);
  (void)this_value, (void)argc, (void)magic;
  if (controller)
    controller->type->error(realm, controller, argv[0]);
  return JS_UNDEFINED;
}

/* https://streams.spec.whatwg.org/#readable-stream-default-controller-call-pull-if-needed */
void xhr__controller_call_pull_if_needed(xhr__realm *realm,
                                         xhr__readable_stream_controller *controller) {
  JSContext *js = realm->js;
  /* 1. - 2. */
  if (!controller->type->should_call_pull(controller))
    return;
  /* 3. */
  if (controller->pulling) {
    controller->pull_again = true;
    return;
  }
  /* 4. - 5. */
  controller->pulling = true;
  /* 6. What it calls may clear the algorithms. */
  JSValue source = JS_DupValue(js, controller->source);
  xhr__stream_source *self = xhr__opaque(source);
  JSValue promise = self->type->pull(realm, self, controller->branch, controller);
  JS_FreeValue(js, source);
  /* 7. - 8. */
  if (JS_IsException(promise) ||
      !xhr__promise_upon(realm, promise, pull_fulfilled, rejected, controller->value))
    error_with_exception(realm, controller);
  JS_FreeValue(js, promise);
}

JSValue xhr__controller_cancel_algorithm(xhr__realm *realm,
                                         xhr__readable_stream_controller *controller,
                                         JSValueConst reason) {
  JSValue source = JS_DupValue(realm->js, controller->source);
  xhr__stream_source *self = xhr__opaque(source);
  JSValue promise =
      self ? self->type->cancel(realm, self, controller->branch, reason) : JS_UNDEFINED;
  JS_FreeValue(realm->js, source);
  return promise;
}

/* https://streams.spec.whatwg.org/#readable-stream-default-controller-get-desired-size */
JSValue xhr__controller_get_desired_size(xhr__realm *realm,
                                         const xhr__readable_stream_controller *controller) {
  switch (xhr__controller_stream(controller)->state) {
    case XHR__STREAM_ERRORED: return JS_NULL;
    case XHR__STREAM_CLOSED: return JS_NewInt32(realm->js, 0);
    case XHR__STREAM_READABLE: break;
  }
  return JS_NewFloat64(realm->js, controller->strategy_hwm - controller->queue_total_size);
}

/* ---- setting up ------------------------------------------------------------------------------------------------- */

/* https://streams.spec.whatwg.org/#set-up-readable-stream-default-controller, step 11. */
static JSValue start_fulfilled(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv,
                               int magic, JSValue *data) {
  xhr__realm *realm;
  xhr__readable_stream_controller *controller = controller_of(js, data, &realm);
  (void)this_value, (void)argc, (void)argv, (void)magic;
  if (!controller)
    return JS_UNDEFINED;
  controller->started = true;
  xhr__controller_call_pull_if_needed(realm, controller);
  return JS_UNDEFINED;
}

/* https://streams.spec.whatwg.org/#set-up-readable-stream-default-controller and
 * https://streams.spec.whatwg.org/#set-up-readable-byte-stream-controller */
bool xhr__controller_set_up(xhr__realm *realm, xhr__readable_stream *stream,
                            xhr__readable_stream_controller *controller, JSValue source, int branch,
                            double high_water_mark) {
  JSContext *js = realm->js;
  JSValue result = JS_UNDEFINED, promise = JS_UNDEFINED;
  /* 1. - 8. */
  controller->stream = JS_DupValue(js, stream->value);
  controller->strategy_hwm = high_water_mark;
  controller->source = source;
  controller->branch = branch;
  stream->controller = JS_DupValue(js, controller->value);
  /* 9. */
  JSValue kept = JS_DupValue(js, source);
  xhr__stream_source *self = xhr__opaque(kept);
  if (self->type->start)
    result = self->type->start(realm, self, controller);
  JS_FreeValue(js, kept);
  if (JS_IsException(result))
    return false;
  /* 10. */
  if (JS_IsObject(result))
    promise = xhr__promise_resolved_with(realm, result);
  JS_FreeValue(js, result);
  /* 11. - 12. */
  bool good = !JS_IsException(promise) &&
              xhr__promise_upon(realm, promise, start_fulfilled, rejected, controller->value);
  JS_FreeValue(js, promise);
  return good;
}
