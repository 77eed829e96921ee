#include "runtime/promise.h"

bool xhr__promise_new(xhr__realm *realm, xhr__promise *promise) {
  JSValue functions[2];
  *promise = XHR__NO_PROMISE;
  JSValue value = JS_NewPromiseCapability(realm->js, functions);
  if (JS_IsException(value))
    return false;
  *promise = (xhr__promise){value, functions[0], functions[1]};
  return true;
}

void xhr__promise_free(JSRuntime *runtime, xhr__promise *promise) {
  JS_FreeValueRT(runtime, promise->value);
  JS_FreeValueRT(runtime, promise->resolve);
  JS_FreeValueRT(runtime, promise->reject);
  *promise = XHR__NO_PROMISE;
}

void xhr__promise_mark(JSRuntime *runtime, const xhr__promise *promise, JS_MarkFunc *mark_func) {
  JS_MarkValue(runtime, promise->value, mark_func);
  JS_MarkValue(runtime, promise->resolve, mark_func);
  JS_MarkValue(runtime, promise->reject, mark_func);
}

/* Drops an exception of which nobody can be told: there is no memory. */
static void forget(JSContext *js, JSValue result) {
  if (JS_IsException(result))
    JS_FreeValue(js, JS_GetException(js));
  JS_FreeValue(js, result);
}

/* Calls a resolving function, which may be called once only: script may drop the last other reference meanwhile. */
static void settle(xhr__realm *realm, JSValueConst function, JSValueConst value) {
  JSContext *js = realm->js;
  JSValue kept = JS_DupValue(js, function);
  forget(js, JS_Call(js, kept, JS_UNDEFINED, 1, &value));
  JS_FreeValue(js, kept);
}

void xhr__promise_resolve(xhr__realm *realm, const xhr__promise *promise, JSValueConst value) {
  settle(realm, promise->resolve, value);
}

void xhr__promise_reject(xhr__realm *realm, const xhr__promise *promise, JSValueConst reason) {
  settle(realm, promise->reject, reason);
}

static JSValue settled(xhr__realm *realm, bool good, JSValueConst value) {
  xhr__promise promise;
  if (!xhr__promise_new(realm, &promise))
    return JS_EXCEPTION;
  settle(realm, good ? promise.resolve : promise.reject, value);
  JSValue made = JS_DupValue(realm->js, promise.value);
  xhr__promise_free(JS_GetRuntime(realm->js), &promise);
  return made;
}

JSValue xhr__promise_resolved_with(xhr__realm *realm, JSValueConst value) {
  return settled(realm, true, value);
}

JSValue xhr__promise_rejected_with(xhr__realm *realm, JSValue reason) {
  JSValue promise = settled(realm, false, reason);
  JS_FreeValue(realm->js, reason);
  return promise;
}

JSValue xhr__promise_rejected_with_exception(xhr__realm *realm) {
  return xhr__promise_rejected_with(realm, JS_GetException(realm->js));
}

/* https://tc39.es/ecma262/#sec-performpromisethen. The engine has Promise.prototype.then() only, which asks the promise for
 * its constructor: for as long as that takes it has one of its own, undefined, which stands for %Promise%. */
static JSValue perform_promise_then(xhr__realm *realm, JSValueConst promise,
                                    JSValueConst *handlers) {
  JSContext *js = realm->js;
  JSAtom constructor = JS_NewAtom(js, "constructor");
  bool hidden =
      JS_GetOwnProperty(js, NULL, promise, constructor) == 0 &&
      JS_DefinePropertyValue(js, promise, constructor, JS_UNDEFINED, JS_PROP_CONFIGURABLE) > 0;
  JSValue result = xhr__call_intrinsic(realm, XHR__INTRINSIC_PROMISE_THEN, promise, 2, handlers);
  if (hidden)
    (void)JS_DeleteProperty(js, promise, constructor, 0);
  JS_FreeAtom(js, constructor);
  return result;
}

/* A function of steps; undefined for none. */
static JSValue function_of(JSContext *js, JSCFunctionData *steps, int count, JSValueConst *data) {
  return steps ? JS_NewCFunctionData(js, steps, 1, 0, count, data) : JS_UNDEFINED;
}

JSValue xhr__promise_react(xhr__realm *realm, JSValueConst promise, JSCFunctionData *fulfilled,
                           JSCFunctionData *rejected, int count, JSValueConst *data) {
  JSContext *js = realm->js;
  JSValue result = JS_EXCEPTION;
  JSValue handlers[2] = {function_of(js, fulfilled, count, data),
                         function_of(js, rejected, count, data)};
  if (!JS_IsException(handlers[0]) && !JS_IsException(handlers[1]))
    result = perform_promise_then(realm, promise, (JSValueConst *)handlers);
  JS_FreeValue(js, handlers[0]);
  JS_FreeValue(js, handlers[1]);
  return result;
}

static JSValue run_steps(JSContext *js, int argc, JSValueConst *argv) {
  JSValueConst argument = JS_UNDEFINED;
  (void)argc;
  return JS_Call(js, argv[0], JS_UNDEFINED, 1, &argument);
}

bool xhr__queue_steps(xhr__realm *realm, JSCFunctionData *steps, int count, JSValueConst *data) {
  JSContext *js = realm->js;
  JSValue function = function_of(js, steps, count, data);
  if (JS_IsException(function))
    return false;
  bool done = JS_EnqueueJob(js, run_steps, 1, (JSValueConst *)&function) >= 0;
  JS_FreeValue(js, function);
  return done;
}

bool xhr__promise_upon(xhr__realm *realm, JSValueConst promise, JSCFunctionData *fulfilled,
                       JSCFunctionData *rejected, JSValueConst data) {
  if (JS_IsUndefined(promise))
    return xhr__queue_steps(realm, fulfilled, 1, &data);
  JSValue result = xhr__promise_react(realm, promise, fulfilled, rejected, 1, &data);
  JS_FreeValue(realm->js, result);
  return !JS_IsException(result);
}

static JSValue nothing(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv,
                       int magic, JSValue *data) {
  (void)js, (void)this_value, (void)argc, (void)argv, (void)magic, (void)data;
  return JS_UNDEFINED;
}

void xhr__promise_set_is_handled(xhr__realm *realm, JSValueConst promise) {
  forget(realm->js, xhr__promise_react(realm, promise, NULL, nothing, 0, NULL));
}
