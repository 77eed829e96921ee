#include "runtime/buffer_source.h"

#include <string.h>

#include "runtime/realm.h"

/* The class of what `code` gives, and the value itself where `value` is not NULL. */
static bool class_of(JSContext *js, const char *code, JSClassID *id, JSValue *value) {
  JSValue result = JS_Eval(js, code, strlen(code), "<libxhr>", JS_EVAL_TYPE_GLOBAL);
  if (JS_IsException(result))
    return false;
  *id = JS_GetClassID(result);
  if (value)
    *value = result;
  else
    JS_FreeValue(js, result);
  return true;
}

/* The getter of an accessor on the prototype of `object`. */
static bool getter_of(JSContext *js, JSValueConst object, const char *name, JSValue *getter) {
  JSPropertyDescriptor descriptor;
  JSValue prototype = JS_GetPrototype(js, object);
  JSAtom atom = JS_NewAtom(js, name);
  int found = JS_GetOwnProperty(js, &descriptor, prototype, atom);
  JS_FreeAtom(js, atom);
  JS_FreeValue(js, prototype);
  if (found <= 0)
    return false;
  *getter = descriptor.getter;
  JS_FreeValue(js, descriptor.setter);
  JS_FreeValue(js, descriptor.value);
  return true;
}

bool xhr__buffer_classes_init(xhr__realm *realm) {
  static const char *const names[] = {"buffer", "byteOffset", "byteLength"};
  JSContext *js = realm->js;
  xhr__buffer_classes *classes = &realm->buffer_classes;
  JSValue view = JS_UNDEFINED;
  for (int i = 0; i < 3; i++)
    classes->data_view_get[i] = JS_UNDEFINED;
  bool done = class_of(js, "new ArrayBuffer(0)", &classes->array_buffer, NULL) &&
              class_of(js, "new SharedArrayBuffer(0)", &classes->shared_array_buffer, NULL) &&
              class_of(js, "new Uint8ClampedArray(0)", &classes->first_typed_array, NULL) &&
              class_of(js, "new Float64Array(0)", &classes->last_typed_array, NULL) &&
              class_of(js, "new DataView(new ArrayBuffer(0))", &classes->data_view, &view);
  for (int i = 0; done && i < 3; i++)
    done = getter_of(js, view, names[i], &classes->data_view_get[i]);
  JS_FreeValue(js, view);
  return done;
}

void xhr__buffer_classes_free(xhr__realm *realm) {
  for (int i = 0; i < 3; i++)
    JS_FreeValue(realm->js, realm->buffer_classes.data_view_get[i]);
}

/* Throws away the exception that a question to a detached buffer has left. */
static void forget_exception(JSContext *js) {
  JS_FreeValue(js, JS_GetException(js));
}

/* What a DataView's getter says of it; -1 for one whose buffer is detached or too short by now. */
static int64_t data_view_number(xhr__realm *realm, JSValueConst view, int which) {
  JSContext *js = realm->js;
  int64_t number = -1;
  JSValue value = JS_Call(js, realm->buffer_classes.data_view_get[which], view, 0, NULL);
  if (JS_IsException(value))
    forget_exception(js);
  else
    (void)JS_ToInt64(js, &number, value);
  JS_FreeValue(js, value);
  return number;
}

/* The buffer of a view, the caller's, and which part of it the view shows; JS_UNDEFINED where the value is no view. */
static JSValue view_buffer(xhr__realm *realm, JSValueConst value, size_t *offset, size_t *len) {
  JSContext *js = realm->js;
  const xhr__buffer_classes *classes = &realm->buffer_classes;
  JSClassID id = JS_GetClassID(value);
  if (id >= classes->first_typed_array && id <= classes->last_typed_array) {
    JSValue buffer = JS_GetTypedArrayBuffer(js, value, offset, len, NULL);
    if (!JS_IsException(buffer))
      return buffer;
    forget_exception(js);
    *offset = *len = 0;
    return JS_NewArrayBufferCopy(js, NULL, 0);
  }
  if (id != classes->data_view)
    return JS_UNDEFINED;
  JSValue buffer = JS_Call(js, classes->data_view_get[0], value, 0, NULL);
  int64_t from = data_view_number(realm, value, 1), size = data_view_number(realm, value, 2);
  *offset = from > 0 ? (size_t)from : 0;
  *len = from >= 0 && size > 0 ? (size_t)size : 0;
  return buffer;
}

static xhr__buffer_kind plain_kind(const xhr__realm *realm, JSValueConst value) {
  JSClassID id = JS_IsObject(value) ? JS_GetClassID(value) : JS_INVALID_CLASS_ID;
  if (id == JS_INVALID_CLASS_ID)
    return XHR__NO_BUFFER;
  if (id == realm->buffer_classes.array_buffer)
    return XHR__ARRAY_BUFFER;
  return id == realm->buffer_classes.shared_array_buffer ? XHR__SHARED_ARRAY_BUFFER
                                                         : XHR__NO_BUFFER;
}

/* The part of a buffer, empty where the buffer does not reach so far (any more). */
static xhr__str part(JSContext *js, JSValueConst buffer, size_t offset, size_t len) {
  size_t size;
  const uint8_t *data = JS_GetArrayBuffer(js, &size, buffer);
  if (!data) {
    forget_exception(js);
    return XHR__STR_EMPTY;
  }
  if (offset > size || len > size - offset)
    return XHR__STR_EMPTY;
  return xhr__str_of((const char *)data + offset, len);
}

xhr__buffer_kind xhr__buffer_source_bytes(xhr__realm *realm, JSValueConst value, xhr__str *bytes) {
  size_t offset, len;
  xhr__buffer_kind kind = plain_kind(realm, value);
  if (kind != XHR__NO_BUFFER) {
    size_t size;
    const uint8_t *data = JS_GetArrayBuffer(realm->js, &size, value);
    if (!data)
      forget_exception(realm->js);
    *bytes = data ? xhr__str_of((const char *)data, size) : XHR__STR_EMPTY;
    return kind;
  }
  if (!JS_IsObject(value))
    return XHR__NO_BUFFER;
  JSValue buffer = view_buffer(realm, value, &offset, &len);
  if (JS_IsUndefined(buffer))
    return XHR__NO_BUFFER;
  *bytes = part(realm->js, buffer, offset, len);
  kind = plain_kind(realm, buffer) == XHR__SHARED_ARRAY_BUFFER ? XHR__SHARED_VIEW : XHR__VIEW;
  JS_FreeValue(realm->js, buffer);
  return kind;
}

xhr__buffer_kind xhr__buffer_kind_of(xhr__realm *realm, JSValueConst value) {
  xhr__str bytes;
  return xhr__buffer_source_bytes(realm, value, &bytes);
}
