/* https://html.spec.whatwg.org/#structureddeserialize, steps 5 to 23: objects. */
#include "infra/alloc.h"
#include "runtime/shared_memory.h"
#include "runtime/structured_deserializer.h"

/* Around a primitive: what the constructor makes of it. */
static JSValue around(xhr__deserializer *deserializer, xhr__intrinsic constructor, bool is_called) {
  xhr__realm *realm = deserializer->realm;
  JSValue primitive = xhr__read_value(deserializer);
  if (JS_IsException(primitive))
    return primitive;
  JSValue object = is_called ? xhr__call_intrinsic(realm, constructor, JS_UNDEFINED, 1, &primitive)
                             : xhr__construct_intrinsic(realm, constructor, 1, &primitive);
  JS_FreeValue(realm->js, primitive);
  return object;
}

/* 10. */
static JSValue read_reg_exp(xhr__deserializer *deserializer) {
  xhr__realm *realm = deserializer->realm;
  JSValue arguments[2], object = JS_EXCEPTION;
  arguments[0] = xhr__read_string(deserializer);
  arguments[1] = xhr__read_string(deserializer);
  if (!JS_IsException(arguments[0]) && !JS_IsException(arguments[1]))
    object = xhr__construct_intrinsic(realm, XHR__INTRINSIC_REGEXP, 2, arguments);
  JS_FreeValue(realm->js, arguments[0]);
  JS_FreeValue(realm->js, arguments[1]);
  return object;
}

/* ---- buffers ---------------------------------------------------------------------------------------------------- */

/* 11. */
static JSValue read_shared_array_buffer(xhr__deserializer *deserializer) {
  JSContext *js = deserializer->realm->js;
  xhr__serialized_item *item = xhr__read_item(deserializer);
  if (!xhr__shared_memory_is_on(JS_GetRuntime(js)))
    return xhr__throw(deserializer->realm, "DataCloneError",
                      "shared memory is not enabled in this realm");
  /* The engine takes a reference of its own. */
  return JS_NewArrayBuffer(js, item->pointer, item->len, NULL, NULL, true);
}

/* 12. */
static JSValue read_array_buffer(xhr__deserializer *deserializer, xhr__record record) {
  if (record == XHR__RECORD_ARRAY_BUFFER_ITEM)
    return xhr__item_array_buffer(deserializer->realm, xhr__read_item(deserializer));
  xhr__str bytes = xhr__read_text(deserializer);
  return JS_NewArrayBufferCopy(deserializer->realm->js, (const uint8_t *)bytes.data, bytes.len);
}

/* 14. */
static JSValue read_view(xhr__deserializer *deserializer, xhr__record record) {
  xhr__realm *realm = deserializer->realm;
  JSContext *js = realm->js;
  JSTypedArrayEnum type = 0;
  if (record == XHR__RECORD_TYPED_ARRAY)
    type = (JSTypedArrayEnum)xhr__read_number(deserializer);
  JSValue offset = JS_NewInt64(js, (int64_t)xhr__read_number(deserializer));
  JSValue len = JS_NewInt64(js, (int64_t)xhr__read_number(deserializer));
  JSValue buffer = xhr__read_value(deserializer);
  JSValueConst arguments[] = {buffer, offset, len};
  if (JS_IsException(buffer))
    return buffer;
  JSValue view = record == XHR__RECORD_TYPED_ARRAY
                     ? JS_NewTypedArray(js, 3, arguments, type)
                     : xhr__construct_intrinsic(realm, XHR__INTRINSIC_DATA_VIEW, 3, arguments);
  JS_FreeValue(js, buffer);
  return view;
}

/* ---- others ----------------------------------------------------------------------------------------------------- */

/* 17. */
static JSValue new_array(xhr__deserializer *deserializer, uint32_t *items) {
  JSContext *js = deserializer->realm->js;
  JSValue array = JS_NewArray(js);
  uint32_t length = (uint32_t)xhr__read_number(deserializer);
  *items = (uint32_t)xhr__read_number(deserializer);
  if (length == *items || JS_IsException(array) ||
      JS_SetPropertyStr(js, array, "length", JS_NewUint32(js, length)) >= 0)
    return array;
  JS_FreeValue(js, array);
  return JS_EXCEPTION;
}

/* 19. */
static JSValue read_error(xhr__deserializer *deserializer, uint32_t *items) {
  xhr__intrinsic constructor = (xhr__intrinsic)xhr__read_number(deserializer);
  JSValue error = xhr__construct_intrinsic(deserializer->realm, constructor, 0, NULL);
  if (JS_IsException(error))
    return error;
  if (xhr__read_own_text(deserializer, error, "message") &&
      xhr__read_own_text(deserializer, error, "stack")) {
    *items = (uint32_t)xhr__read_number(deserializer);
    return error;
  }
  JS_FreeValue(deserializer->realm->js, error);
  return JS_EXCEPTION;
}

/* 20. - 22. */
static JSValue read_platform_object(xhr__deserializer *deserializer) {
  xhr__realm *realm = deserializer->realm;
  const xhr__serializable *type = xhr__serializables[xhr__read_number(deserializer)];
  unsigned exposed = type->interface->exposed;
  if (exposed != 0 && !(exposed & realm->global_kind))
    return xhr__throw(realm, "DataCloneError", "there is no %s here", type->interface->name);
  return type->deserialize(deserializer);
}

JSValue xhr__read_object(xhr__deserializer *deserializer, xhr__record record, bool *has_parts,
                         uint32_t *items) {
  xhr__realm *realm = deserializer->realm;
  *has_parts = record == XHR__RECORD_OBJECT || record == XHR__RECORD_ARRAY ||
               record == XHR__RECORD_MAP || record == XHR__RECORD_SET ||
               record == XHR__RECORD_ERROR;
  switch (record) {
    case XHR__RECORD_OBJECT: return JS_NewObject(realm->js);
    case XHR__RECORD_ARRAY: return new_array(deserializer, items);
    case XHR__RECORD_BOXED: return around(deserializer, XHR__INTRINSIC_OBJECT, true);
    case XHR__RECORD_DATE: return around(deserializer, XHR__INTRINSIC_DATE, false);
    case XHR__RECORD_REG_EXP: return read_reg_exp(deserializer);
    case XHR__RECORD_ARRAY_BUFFER:
    case XHR__RECORD_ARRAY_BUFFER_ITEM: return read_array_buffer(deserializer, record);
    case XHR__RECORD_SHARED_ARRAY_BUFFER: return read_shared_array_buffer(deserializer);
    case XHR__RECORD_TYPED_ARRAY:
    case XHR__RECORD_DATA_VIEW: return read_view(deserializer, record);
    case XHR__RECORD_ERROR: return read_error(deserializer, items);
    case XHR__RECORD_PLATFORM_OBJECT: return read_platform_object(deserializer);
    case XHR__RECORD_MAP:
    case XHR__RECORD_SET:
    default: {
      bool is_map = record == XHR__RECORD_MAP;
      *items = (uint32_t)xhr__read_number(deserializer);
      return xhr__construct_intrinsic(realm, is_map ? XHR__INTRINSIC_MAP : XHR__INTRINSIC_SET, 0,
                                      NULL);
    }
  }
}
