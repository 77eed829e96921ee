#include "runtime/iterator.h"

#include "infra/alloc.h"

/* https://webidl.spec.whatwg.org/#js-default-iterator-object */
typedef struct pair_iterator {
  xhr__platform_object object;
  const xhr__pair_iterable *iterable;
  JSValue target;
  xhr__iterate kind;
  size_t index;
} pair_iterator;

void xhr__pair_iterator_finalize(JSRuntime *runtime, void *object) {
  pair_iterator *self = object;
  JS_FreeValueRT(runtime, self->target);
  xhr__free(self);
}

void xhr__pair_iterator_mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  JS_MarkValue(runtime, ((pair_iterator *)object)->target, mark_func);
}

JSValue xhr__pair_iterator_new(xhr__realm *realm, const xhr__pair_iterable *iterable,
                               JSValueConst target, xhr__iterate kind) {
  pair_iterator *self = XHR__NEW(pair_iterator);
  if (!self)
    return JS_ThrowOutOfMemory(realm->js);
  self->iterable = iterable;
  self->target = JS_DupValue(realm->js, target);
  self->kind = kind;
  return xhr__platform_object_new(realm, iterable->iterator_interface, JS_UNDEFINED, self);
}

/* Frees both and throws on, where one of them is an exception. */
static bool is_exception(JSContext *js, JSValue key, JSValue value) {
  if (!JS_IsException(key) && !JS_IsException(value))
    return false;
  JS_FreeValue(js, key);
  JS_FreeValue(js, value);
  return true;
}

/* [key, value]; takes over both. */
static JSValue new_entry(JSContext *js, JSValue key, JSValue value) {
  JSValue entry = JS_NewArray(js);
  if (JS_IsException(entry)) {
    JS_FreeValue(js, key);
    JS_FreeValue(js, value);
    return entry;
  }
  /* Both values are given away, whatever it returns. */
  bool done = JS_DefinePropertyValueUint32(js, entry, 0, key, JS_PROP_C_W_E) >= 0;
  if (JS_DefinePropertyValueUint32(js, entry, 1, value, JS_PROP_C_W_E) >= 0 && done)
    return entry;
  JS_FreeValue(js, entry);
  return JS_EXCEPTION;
}

JSValue xhr__iterator_result_new(JSContext *js, JSValue value, bool done) {
  JSValue result = JS_IsException(value) ? JS_EXCEPTION : JS_NewObject(js);
  if (JS_IsException(result)) {
    JS_FreeValue(js, value);
    return result;
  }
  if (JS_DefinePropertyValueStr(js, result, "value", value, JS_PROP_C_W_E) >= 0 &&
      JS_DefinePropertyValueStr(js, result, "done", JS_NewBool(js, done), JS_PROP_C_W_E) >= 0)
    return result;
  JS_FreeValue(js, result);
  return JS_EXCEPTION;
}

/* https://webidl.spec.whatwg.org/#js-iterator-prototype-object: next() */
static JSValue next(xhr__realm *realm, void *object, JSValueConst this_value, int argc,
                    JSValueConst *argv) {
  pair_iterator *self = object;
  JSContext *js = realm->js;
  JSValue key = JS_UNDEFINED, value = JS_UNDEFINED;
  (void)this_value, (void)argc, (void)argv;
  /* 1 to 5. What `this` is has been checked. 6 to 9. */
  void *target = xhr__platform_object_of(self->target, self->iterable->interface);
  if (!self->iterable->pair(realm, target, self->index, &key, &value))
    return xhr__iterator_result_new(js, JS_UNDEFINED, true);
  if (is_exception(js, key, value))
    return JS_EXCEPTION;
  /* 10 to 11. */
  self->index++;
  /* 12. */
  if (self->kind == XHR__ITERATE_ENTRIES)
    return xhr__iterator_result_new(js, new_entry(js, key, value), false);
  bool keys = self->kind == XHR__ITERATE_KEYS;
  JS_FreeValue(js, keys ? value : key);
  return xhr__iterator_result_new(js, keys ? key : value, false);
}

const xhr__member xhr__pair_iterator_members[XHR__PAIR_ITERATOR_MEMBERS] = {
    XHR__DEFINE_OPERATION("next", 0, next)};

JSValue xhr__pair_for_each(xhr__realm *realm, const xhr__pair_iterable *iterable, void *self,
                           JSValueConst this_value, int argc, JSValueConst *argv) {
  JSContext *js = realm->js;
  JSValueConst this_argument = argc > 1 ? argv[1] : JS_UNDEFINED;
  JSValue key, value;
  if (!JS_IsFunction(js, argv[0]))
    return JS_ThrowTypeError(js, "forEach: the callback is no function");
  for (size_t i = 0; iterable->pair(realm, self, i, &key, &value); i++) {
    if (is_exception(js, key, value))
      return JS_EXCEPTION;
    JSValueConst arguments[] = {value, key, this_value};
    JSValue result = JS_Call(js, argv[0], this_argument, 3, arguments);
    JS_FreeValue(js, key);
    JS_FreeValue(js, value);
    if (JS_IsException(result))
      return result;
    JS_FreeValue(js, result);
  }
  return JS_UNDEFINED;
}
