#include "runtime/sequence.h"

JSValue xhr__iterator_method(xhr__realm *realm, JSValueConst value) {
  JSContext *js = realm->js;
  if (!JS_IsObject(value))
    return JS_UNDEFINED;
  JSValue method = JS_GetProperty(js, value, realm->symbol_iterator);
  if (JS_IsNull(method))
    return JS_UNDEFINED;
  if (JS_IsException(method) || JS_IsUndefined(method) || JS_IsFunction(js, method))
    return method;
  JS_FreeValue(js, method);
  return JS_ThrowTypeError(js, "[Symbol.iterator] is no function");
}

/* https://tc39.es/ecma262/#sec-iteratorstepvalue: the next item, the caller's; `*done` where there is none. */
static JSValue step(JSContext *js, JSValueConst iterator, JSValueConst next, bool *done) {
  JSValue item = JS_UNDEFINED, truth;
  JSValue result = JS_Call(js, next, iterator, 0, NULL);
  if (JS_IsException(result))
    return result;
  if (!JS_IsObject(result)) {
    JS_FreeValue(js, result);
    return JS_ThrowTypeError(js, "an iterator's result is no object");
  }
  truth = JS_GetPropertyStr(js, result, "done");
  if (JS_IsException(truth))
    item = JS_EXCEPTION;
  else
    *done = JS_ToBool(js, truth) > 0;
  JS_FreeValue(js, truth);
  if (!JS_IsException(item) && !*done)
    item = JS_GetPropertyStr(js, result, "value");
  JS_FreeValue(js, result);
  return item;
}

bool xhr__each_of_iterable(xhr__realm *realm, JSValueConst iterable, JSValueConst method,
                           bool (*each)(xhr__realm *realm, JSValueConst item, void *user),
                           void *user) {
  JSContext *js = realm->js;
  JSValue iterator = JS_Call(js, method, iterable, 0, NULL);
  if (JS_IsException(iterator))
    return false;
  if (!JS_IsObject(iterator)) {
    JS_FreeValue(js, iterator);
    JS_ThrowTypeError(js, "[Symbol.iterator]() gave no object");
    return false;
  }
  JSValue next = JS_GetPropertyStr(js, iterator, "next");
  bool good = !JS_IsException(next), done = false;
  while (good) {
    JSValue item = step(js, iterator, next, &done);
    good = !JS_IsException(item);
    if (done)
      break;
    good = good && each(realm, item, user);
    JS_FreeValue(js, item);
  }
  JS_FreeValue(js, next);
  JS_FreeValue(js, iterator);
  return good;
}

bool xhr__each_of_sequence(xhr__realm *realm, JSValueConst value, const char *what,
                           bool (*each)(xhr__realm *realm, JSValueConst item, void *user),
                           void *user) {
  JSValue method = xhr__iterator_method(realm, value);
  if (JS_IsException(method))
    return false;
  if (JS_IsUndefined(method)) {
    JS_ThrowTypeError(realm->js, "%s is no sequence", what);
    return false;
  }
  bool good = xhr__each_of_iterable(realm, value, method, each, user);
  JS_FreeValue(realm->js, method);
  return good;
}

bool xhr__array_append(xhr__realm *realm, JSValueConst array, JSValue item) {
  uint32_t length = 0;
  if (JS_IsException(item))
    return false;
  JSValue value = JS_GetPropertyStr(realm->js, array, "length");
  if (JS_ToUint32(realm->js, &length, value) == 0)
    return JS_DefinePropertyValueUint32(realm->js, array, length, item, JS_PROP_C_W_E) >= 0;
  JS_FreeValue(realm->js, item);
  return false;
}

bool xhr__array_freeze(xhr__realm *realm, JSValueConst array) {
  JSValue frozen = xhr__call_intrinsic(realm, XHR__INTRINSIC_FREEZE, JS_UNDEFINED, 1, &array);
  JS_FreeValue(realm->js, frozen);
  return !JS_IsException(frozen);
}
