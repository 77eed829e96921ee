#include "runtime/blob_binding.h"
#include "runtime/convert.h"
#include "runtime/dom_exception.h"
#include "runtime/structured_clone.h"

static JSValue refuse(xhr__cloner *cloner, const char *what) {
  return xhr__throw(cloner->realm, "DataCloneError", "%s cannot be cloned", what);
}

/* 7 to 10: [[BooleanData]], [[NumberData]], [[BigIntData]], [[StringData]]: the object around what its value is. */
static JSValue clone_boxed(xhr__cloner *cloner, JSValueConst value, xhr__intrinsic value_of) {
  JSContext *js = cloner->realm->js;
  JSValue primitive = xhr__call_intrinsic(cloner->realm, value_of, value, 0, NULL);
  JSValue clone =
      JS_IsException(primitive)
          ? JS_EXCEPTION
          : xhr__call_intrinsic(cloner->realm, XHR__INTRINSIC_OBJECT, JS_UNDEFINED, 1, &primitive);
  JS_FreeValue(js, primitive);
  return clone;
}

/* 11: [[DateValue]]. */
static JSValue clone_date(xhr__cloner *cloner, JSValueConst value) {
  JSValue time = xhr__call_intrinsic(cloner->realm, XHR__INTRINSIC_DATE_GET_TIME, value, 0, NULL);
  return JS_IsException(time)
             ? JS_EXCEPTION
             : xhr__construct_intrinsic(cloner->realm, XHR__INTRINSIC_DATE, 1, &time);
}

/* 12: [[RegExpMatcher]]. */
static JSValue clone_regexp(xhr__cloner *cloner, JSValueConst value) {
  JSContext *js = cloner->realm->js;
  JSValue arguments[] = {
      xhr__call_intrinsic(cloner->realm, XHR__INTRINSIC_REGEXP_SOURCE, value, 0, NULL),
      xhr__call_intrinsic(cloner->realm, XHR__INTRINSIC_REGEXP_FLAGS, value, 0, NULL)};
  JSValue clone = JS_EXCEPTION;
  if (!JS_IsException(arguments[0]) && !JS_IsException(arguments[1]))
    clone = xhr__construct_intrinsic(cloner->realm, XHR__INTRINSIC_REGEXP, 2, arguments);
  JS_FreeValue(js, arguments[0]);
  JS_FreeValue(js, arguments[1]);
  return clone;
}

/* 13: [[ArrayBufferData]].
 * NOTE: a SharedArrayBuffer stays within its agent cluster, which would have to be cross-origin isolated.
 * FIXME: [[ArrayBufferMaxByteLength]], once the engine has resizable ones: the clone has a fixed length. */
static JSValue clone_buffer(xhr__cloner *cloner, JSValueConst value) {
  JSContext *js = cloner->realm->js;
  size_t len;
  const uint8_t *data = JS_GetArrayBuffer(js, &len, value);
  if (data)
    return JS_NewArrayBufferCopy(js, data, len);
  JS_FreeValue(js, JS_GetException(js));
  return refuse(cloner, "an ArrayBuffer that is detached");
}

/* 14: [[ViewedArrayBuffer]], a typed array's. */
static JSValue clone_typed_array(xhr__cloner *cloner, JSValueConst value) {
  xhr__realm *realm = cloner->realm;
  JSContext *js = realm->js;
  size_t offset, len, size;
  JSValue buffer = JS_GetTypedArrayBuffer(js, value, &offset, &len, &size);
  if (JS_IsException(buffer)) {
    JS_FreeValue(js, JS_GetException(js));
    return refuse(cloner, "a view of a detached ArrayBuffer");
  }
  JSValue clone = xhr__clone_value(cloner, buffer);
  JS_FreeValue(js, buffer);
  if (JS_IsException(clone))
    return clone;
  JSValueConst arguments[] = {clone, JS_NewInt64(js, (int64_t)offset),
                              JS_NewInt64(js, (int64_t)(len / size))};
  JSTypedArrayEnum type =
      (JSTypedArrayEnum)(JS_GetClassID(value) - realm->buffer_classes.first_typed_array);
  JSValue array = JS_NewTypedArray(js, 3, arguments, type);
  JS_FreeValue(js, clone);
  return array;
}

/* 14: [[ViewedArrayBuffer]], a DataView's. */
static JSValue clone_data_view(xhr__cloner *cloner, JSValueConst value) {
  xhr__realm *realm = cloner->realm;
  JSContext *js = realm->js;
  JSValue arguments[3], clone = JS_EXCEPTION;
  bool done = true;
  for (int i = 0; i < 3; i++) {
    arguments[i] = JS_Call(js, realm->buffer_classes.data_view_get[i], value, 0, NULL);
    done = done && !JS_IsException(arguments[i]);
  }
  if (!done) {
    JS_FreeValue(js, JS_GetException(js));
    (void)refuse(cloner, "a view of a detached ArrayBuffer");
  } else {
    JSValue buffer = xhr__clone_value(cloner, arguments[0]);
    JS_FreeValue(js, arguments[0]);
    arguments[0] = buffer;
    if (!JS_IsException(buffer))
      clone = xhr__construct_intrinsic(realm, XHR__INTRINSIC_DATA_VIEW, 3, arguments);
  }
  for (int i = 0; i < 3; i++)
    JS_FreeValue(js, arguments[i]);
  return clone;
}

/* ---- errors ----------------------------------------------------------------------------------------------------- */

/* 17.1 to 17.2: the constructor that an error's name stands for. False where it threw. */
static bool error_constructor(xhr__cloner *cloner, JSValueConst error, xhr__intrinsic *which) {
  static const struct {
    const char *name;
    xhr__intrinsic constructor;
  } errors[] = {{"EvalError", XHR__INTRINSIC_EVAL_ERROR},
                {"RangeError", XHR__INTRINSIC_RANGE_ERROR},
                {"ReferenceError", XHR__INTRINSIC_REFERENCE_ERROR},
                {"SyntaxError", XHR__INTRINSIC_SYNTAX_ERROR},
                {"TypeError", XHR__INTRINSIC_TYPE_ERROR},
                {"URIError", XHR__INTRINSIC_URI_ERROR}};
  xhr__bytes name = {0};
  JSValue value = JS_GetPropertyStr(cloner->realm->js, error, "name");
  bool done = !JS_IsException(value) && xhr__to_dom_string(cloner->realm, value, &name);
  JS_FreeValue(cloner->realm->js, value);
  *which = XHR__INTRINSIC_ERROR;
  for (size_t i = 0; done && i < sizeof errors / sizeof *errors; i++) {
    if (xhr__str_equals(xhr__bytes_str(&name), xhr__str_c(errors[i].name)))
      *which = errors[i].constructor;
  }
  xhr__bytes_free(&name);
  return done;
}

/* Takes an own data property over as a string; where there is none the clone has none. False where it threw. */
static bool copy_text(JSContext *js, JSValueConst from, JSValueConst to, const char *name) {
  JSPropertyDescriptor descriptor;
  JSAtom key = JS_NewAtom(js, name);
  int found = JS_GetOwnProperty(js, &descriptor, from, key);
  bool done = found >= 0;
  if (found > 0) {
    if (!(descriptor.flags & JS_PROP_GETSET)) {
      JSValue text = JS_ToString(js, descriptor.value);
      done =
          !JS_IsException(text) &&
          JS_DefinePropertyValue(js, to, key, text, JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE) >= 0;
    }
    JS_FreeValue(js, descriptor.value);
    JS_FreeValue(js, descriptor.getter);
    JS_FreeValue(js, descriptor.setter);
  }
  JS_FreeAtom(js, key);
  return done;
}

/* 17: [[ErrorData]]. */
static JSValue clone_error(xhr__cloner *cloner, JSValueConst value) {
  JSContext *js = cloner->realm->js;
  xhr__intrinsic constructor;
  if (!error_constructor(cloner, value, &constructor))
    return JS_EXCEPTION;
  JSValue clone = xhr__construct_intrinsic(cloner->realm, constructor, 0, NULL);
  if (JS_IsException(clone))
    return clone;
  if (copy_text(js, value, clone, "message") && copy_text(js, value, clone, "stack"))
    return clone;
  JS_FreeValue(js, clone);
  return JS_EXCEPTION;
}

/* https://webidl.spec.whatwg.org/#dom-exception-objects: its serialization steps. */
static JSValue clone_dom_exception(xhr__cloner *cloner, JSValueConst value, const char *name,
                                   const char *message) {
  JSValue clone = xhr__dom_exception_new(cloner->realm, name, message);
  if (JS_IsException(clone) || copy_text(cloner->realm->js, value, clone, "stack"))
    return clone;
  JS_FreeValue(cloner->realm->js, clone);
  return JS_EXCEPTION;
}

/* ---- by class --------------------------------------------------------------------------------------------------- */

/* 18: an array with its length, and no items yet. */
static JSValue new_array(xhr__cloner *cloner, JSValueConst value) {
  JSContext *js = cloner->realm->js;
  JSValue array = JS_NewArray(js);
  JSValue length = JS_GetPropertyStr(js, value, "length");
  if (!JS_IsException(array) && JS_SetPropertyStr(js, array, "length", length) >= 0)
    return array;
  JS_FreeValue(js, array);
  return JS_EXCEPTION;
}

/* 19 to 21: libxhr's own objects. JS_UNDEFINED where it is none of them. */
static JSValue clone_platform_object(xhr__cloner *cloner, JSValueConst value) {
  const char *name, *message;
  xhr__blob *blob = xhr__blob_of(value);
  if (blob)
    return xhr__blob_value(cloner->realm, blob);
  if (xhr__dom_exception_parts(value, &name, &message))
    return clone_dom_exception(cloner, value, name, message);
  return JS_UNDEFINED;
}

static JSValue clone_view_or_buffer(xhr__cloner *cloner, JSValueConst value) {
  const xhr__buffer_classes *classes = &cloner->realm->buffer_classes;
  JSClassID class = JS_GetClassID(value);
  if (class == classes->array_buffer)
    return clone_buffer(cloner, value);
  if (class >= classes->first_typed_array && class <= classes->last_typed_array)
    return clone_typed_array(cloner, value);
  return class == classes->data_view ? clone_data_view(cloner, value) : JS_UNDEFINED;
}

/* The class of the engine's that the value is an object of; XHR__CLASS_COUNT for any other. */
static xhr__class class_of(const xhr__realm *realm, JSValueConst value) {
  JSClassID id = JS_GetClassID(value);
  unsigned class = 0;
  while (class < XHR__CLASS_COUNT && realm->intrinsics->classes[class] != id)
    class ++;
  return (xhr__class) class;
}

JSValue xhr__clone_shell(xhr__cloner *cloner, JSValueConst value, bool *has_parts) {
  xhr__realm *realm = cloner->realm;
  xhr__class class = class_of(realm, value);
  *has_parts = class == XHR__CLASS_MAP || class == XHR__CLASS_SET || class == XHR__CLASS_ARRAY ||
               class == XHR__CLASS_OBJECT;
  switch (class) {
    case XHR__CLASS_BOOLEAN: return clone_boxed(cloner, value, XHR__INTRINSIC_BOOLEAN_VALUE_OF);
    case XHR__CLASS_NUMBER: return clone_boxed(cloner, value, XHR__INTRINSIC_NUMBER_VALUE_OF);
    case XHR__CLASS_BIG_INT: return clone_boxed(cloner, value, XHR__INTRINSIC_BIG_INT_VALUE_OF);
    case XHR__CLASS_STRING: return clone_boxed(cloner, value, XHR__INTRINSIC_STRING_VALUE_OF);
    case XHR__CLASS_DATE: return clone_date(cloner, value);
    case XHR__CLASS_REGEXP: return clone_regexp(cloner, value);
    case XHR__CLASS_MAP: return xhr__construct_intrinsic(realm, XHR__INTRINSIC_MAP, 0, NULL);
    case XHR__CLASS_SET: return xhr__construct_intrinsic(realm, XHR__INTRINSIC_SET, 0, NULL);
    case XHR__CLASS_ERROR: return clone_error(cloner, value);
    case XHR__CLASS_ARRAY: return new_array(cloner, value);
    case XHR__CLASS_OBJECT: return JS_NewObject(realm->js);
    default: break;
  }
  JSValue clone = clone_view_or_buffer(cloner, value);
  if (JS_IsUndefined(clone))
    clone = clone_platform_object(cloner, value);
  /* 22 to 24. */
  if (!JS_IsUndefined(clone))
    return clone;
  return refuse(cloner, JS_IsFunction(realm->js, value) ? "a function"
                        : class == XHR__CLASS_PROXY     ? "a proxy"
                                                        : "an object of this kind");
}
