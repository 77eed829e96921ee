#include "runtime/array_buffer.h"

#include <string.h>

#include "runtime/shared_memory.h"

uint8_t *xhr__array_buffer_data(xhr__realm *realm, JSValueConst buffer, size_t *len) {
  uint8_t *data = JS_GetArrayBuffer(realm->js, len, buffer);
  if (!data)
    JS_FreeValue(realm->js, JS_GetException(realm->js));
  return data;
}

/* ---- views ------------------------------------------------------------------------------------------------------ */

/* A number that a DataView's getter gives. Those of a detached one throw. */
static size_t data_view_number(xhr__realm *realm, JSValueConst value, int which) {
  int64_t number = 0;
  JSValue result = JS_Call(realm->js, realm->buffer_classes.data_view_get[which], value, 0, NULL);
  if (JS_IsException(result))
    JS_FreeValue(realm->js, JS_GetException(realm->js));
  else
    (void)JS_ToInt64(realm->js, &number, result);
  JS_FreeValue(realm->js, result);
  return (size_t)number;
}

static void read_data_view(xhr__realm *realm, JSValueConst value, xhr__array_buffer_view *view) {
  view->is_data_view = true;
  view->buffer = JS_Call(realm->js, realm->buffer_classes.data_view_get[0], value, 0, NULL);
  view->element_size = 1;
  if (!xhr__array_buffer_data(realm, view->buffer, &view->buffer_byte_length))
    return;
  view->byte_offset = data_view_number(realm, value, 1);
  view->byte_length = data_view_number(realm, value, 2);
}

static void read_typed_array(xhr__realm *realm, JSValueConst value, JSTypedArrayEnum type,
                             xhr__array_buffer_view *view) {
  view->type = type;
  view->buffer = JS_GetTypedArrayBuffer(realm->js, value, &view->byte_offset, &view->byte_length,
                                        &view->element_size);
}

bool xhr__array_buffer_view_read(xhr__realm *realm, JSValueConst value, const char *what,
                                 xhr__array_buffer_view *view) {
  const xhr__buffer_classes *classes = &realm->buffer_classes;
  JSClassID class = JS_IsObject(value) ? JS_GetClassID(value) : JS_INVALID_CLASS_ID;
  *view = (xhr__array_buffer_view){.buffer = JS_UNDEFINED};
  if (xhr__buffer_kind_of(realm, value) != XHR__VIEW) {
    JS_ThrowTypeError(realm->js, "%s: no view of an ArrayBuffer", what);
    return false;
  }
  if (class == classes->data_view)
    read_data_view(realm, value, view);
  else
    read_typed_array(realm, value, (JSTypedArrayEnum)(class - classes->first_typed_array), view);
  /* The engine does not give the buffer of a typed array that is detached. */
  if (JS_IsException(view->buffer)) {
    JS_FreeValue(realm->js, JS_GetException(realm->js));
    view->buffer = JS_UNDEFINED;
  }
  view->is_detached = JS_IsUndefined(view->buffer) ||
                      !xhr__array_buffer_data(realm, view->buffer, &view->buffer_byte_length);
  return true;
}

JSValue xhr__array_buffer_view_new(xhr__realm *realm, const xhr__array_buffer_view *like,
                                   JSValueConst buffer, size_t byte_offset, size_t byte_length) {
  JSContext *js = realm->js;
  size_t element_size = like ? like->element_size : 1;
  JSValueConst arguments[] = {buffer, JS_NewInt64(js, (int64_t)byte_offset),
                              JS_NewInt64(js, (int64_t)(byte_length / element_size))};
  if (like && like->is_data_view)
    return xhr__construct_intrinsic(realm, XHR__INTRINSIC_DATA_VIEW, 3, arguments);
  return JS_NewTypedArray(js, 3, arguments, like ? like->type : JS_TYPED_ARRAY_UINT8);
}

/* ---- buffers ---------------------------------------------------------------------------------------------------- */

/* A buffer around memory of which it takes over a reference, on failure too. */
static JSValue buffer_around(xhr__realm *realm, uint8_t *data, size_t len) {
  JSValue buffer = xhr__array_buffer_of_shared(realm->js, data, len);
  if (JS_IsException(buffer))
    xhr__shared_memory_unref(data);
  return buffer;
}

/* One of `len` bytes at `*data`, which are not zeroed. */
static JSValue create(xhr__realm *realm, size_t len, uint8_t **data) {
  *data = xhr__shared_memory_new(len);
  return *data ? buffer_around(realm, *data, len) : JS_ThrowOutOfMemory(realm->js);
}

JSValue xhr__array_buffer_clone(xhr__realm *realm, JSValueConst buffer, size_t byte_offset,
                                size_t byte_length) {
  size_t len;
  uint8_t *copy, *data = xhr__array_buffer_data(realm, buffer, &len);
  if (!data || byte_offset > len || byte_length > len - byte_offset)
    return JS_ThrowTypeError(realm->js, "the ArrayBuffer is detached");
  JSValue clone = create(realm, byte_length, &copy);
  if (!JS_IsException(clone) && byte_length > 0)
    memcpy(copy, data + byte_offset, byte_length);
  return clone;
}

JSValue xhr__array_buffer_transfer(xhr__realm *realm, JSValueConst buffer) {
  size_t len;
  uint8_t *data = xhr__array_buffer_data(realm, buffer, &len);
  if (!data)
    return JS_ThrowTypeError(realm->js, "the ArrayBuffer is detached");
  /* NOTE: what the engine has allocated it does not give away: that is copied, once. */
  JSValue made = xhr__shared_memory_ref(data) ? buffer_around(realm, data, len)
                                              : xhr__array_buffer_clone(realm, buffer, 0, len);
  if (!JS_IsException(made))
    JS_DetachArrayBuffer(realm->js, buffer);
  return made;
}

JSValue xhr__clone_as_uint8_array(xhr__realm *realm, JSValueConst value) {
  xhr__array_buffer_view view;
  if (!xhr__array_buffer_view_read(realm, value, "chunk", &view))
    return JS_EXCEPTION;
  JSValue array = JS_EXCEPTION;
  JSValue buffer = xhr__array_buffer_clone(realm, view.buffer, view.byte_offset, view.byte_length);
  if (!JS_IsException(buffer))
    array = xhr__array_buffer_view_new(realm, NULL, buffer, 0, view.byte_length);
  JS_FreeValue(realm->js, buffer);
  JS_FreeValue(realm->js, view.buffer);
  return array;
}
