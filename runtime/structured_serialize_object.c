/* https://html.spec.whatwg.org/#structuredserializeinternal, steps 6 to 26: objects. */
#include "infra/alloc.h"
#include "runtime/convert.h"
#include "runtime/sequence.h"
#include "runtime/shared_memory.h"
#include "runtime/structured_serializer.h"

/* ---- values in objects ------------------------------------------------------------------------------------------ */

/* 7. - 11.: [[BooleanData]], [[NumberData]], [[BigIntData]], [[StringData]], [[DateValue]]. */
static bool write_inner(xhr__serializer *serializer, JSValueConst value, xhr__record record,
                        xhr__intrinsic value_of) {
  xhr__realm *realm = serializer->realm;
  JSValue primitive = xhr__call_intrinsic(realm, value_of, value, 0, NULL);
  bool done = !JS_IsException(primitive) && xhr__write_record(serializer, record) &&
              xhr__write_value(serializer, primitive);
  JS_FreeValue(realm->js, primitive);
  return done;
}

/* 12.: [[RegExpMatcher]]. */
static bool write_reg_exp(xhr__serializer *serializer, JSValueConst value) {
  static const xhr__intrinsic getters[] = {XHR__INTRINSIC_REGEXP_SOURCE,
                                           XHR__INTRINSIC_REGEXP_FLAGS};
  bool done = xhr__write_record(serializer, XHR__RECORD_REG_EXP);
  for (int i = 0; done && i < 2; i++) {
    JSValue text = xhr__call_intrinsic(serializer->realm, getters[i], value, 0, NULL);
    done = !JS_IsException(text) && xhr__write_string(serializer, text);
    JS_FreeValue(serializer->realm->js, text);
  }
  return done;
}

/* ---- buffers ---------------------------------------------------------------------------------------------------- */

/* From here on a buffer's memory is no part of the records, which would be copied twice. */
enum { LARGE_BUFFER = 4096 };

/* 13.: [[ArrayBufferData]], not shared.
 * FIXME: [[ArrayBufferMaxByteLength]], once the engine has resizable ones: the clone has a fixed length. */
static bool write_array_buffer(xhr__serializer *serializer, JSValueConst value) {
  JSContext *js = serializer->realm->js;
  size_t len;
  const uint8_t *data = JS_GetArrayBuffer(js, &len, value);
  if (!data) {
    JS_FreeValue(js, JS_GetException(js));
    return xhr__serializer_refuse(serializer, "an ArrayBuffer that is detached");
  }
  if (len < LARGE_BUFFER)
    return xhr__write_record(serializer, XHR__RECORD_ARRAY_BUFFER) &&
           xhr__write_text(serializer, xhr__str_of((const char *)data, len));
  void *copy = xhr__shared_memory_new(len);
  if (!copy) {
    JS_ThrowOutOfMemory(js);
    return false;
  }
  memcpy(copy, data, len);
  return xhr__write_item(serializer, copy, len, xhr__shared_memory_unref) &&
         xhr__write_record(serializer, XHR__RECORD_ARRAY_BUFFER_ITEM);
}

/* 13.1.: shared. NOTE: all agents of a process are of one agent cluster, which counts as cross-origin isolated. */
static bool write_shared_array_buffer(xhr__serializer *serializer, JSValueConst value) {
  size_t len;
  void *data = JS_GetArrayBuffer(serializer->realm->js, &len, value);
  if (!xhr__shared_memory_ref(data))
    return xhr__serializer_refuse(serializer, "a SharedArrayBuffer of this engine's");
  return xhr__write_item(serializer, data, len, xhr__shared_memory_unref) &&
         xhr__write_record(serializer, XHR__RECORD_SHARED_ARRAY_BUFFER);
}

static bool refuse_view(xhr__serializer *serializer) {
  JSContext *js = serializer->realm->js;
  JS_FreeValue(js, JS_GetException(js));
  return xhr__serializer_refuse(serializer, "a view of an ArrayBuffer that is detached");
}

/* 14.: [[ViewedArrayBuffer]], a typed array's. */
static bool write_typed_array(xhr__serializer *serializer, JSValueConst value) {
  xhr__realm *realm = serializer->realm;
  size_t offset, len, size;
  JSValue buffer = JS_GetTypedArrayBuffer(realm->js, value, &offset, &len, &size);
  if (JS_IsException(buffer))
    return refuse_view(serializer);
  JSClassID type = JS_GetClassID(value) - realm->buffer_classes.first_typed_array;
  bool done = xhr__write_record(serializer, XHR__RECORD_TYPED_ARRAY) &&
              xhr__write_number(serializer, type) && xhr__write_number(serializer, offset) &&
              xhr__write_number(serializer, len / size) && xhr__write_value(serializer, buffer);
  JS_FreeValue(realm->js, buffer);
  return done;
}

/* 14.: [[ViewedArrayBuffer]], a DataView's. */
static bool write_data_view(xhr__serializer *serializer, JSValueConst value) {
  xhr__realm *realm = serializer->realm;
  JSValue parts[3]; /* buffer, offset, length */
  bool got = true;
  for (int i = 0; i < 3; i++) {
    parts[i] = JS_Call(realm->js, realm->buffer_classes.data_view_get[i], value, 0, NULL);
    got = got && !JS_IsException(parts[i]);
  }
  int64_t offset, len;
  bool done = got ? JS_ToInt64(realm->js, &offset, parts[1]) == 0 &&
                        JS_ToInt64(realm->js, &len, parts[2]) == 0 &&
                        xhr__write_record(serializer, XHR__RECORD_DATA_VIEW) &&
                        xhr__write_number(serializer, (uint64_t)offset) &&
                        xhr__write_number(serializer, (uint64_t)len) &&
                        xhr__write_value(serializer, parts[0])
                  : refuse_view(serializer);
  for (int i = 0; i < 3; i++)
    JS_FreeValue(realm->js, parts[i]);
  return done;
}

/* ---- errors ----------------------------------------------------------------------------------------------------- */

/* 17.1. - 17.2.: the constructor that an error's name stands for. False where it threw. */
static bool error_constructor(xhr__realm *realm, JSValueConst error, xhr__intrinsic *which) {
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
  JSValue value = JS_GetPropertyStr(realm->js, error, "name");
  bool done = !JS_IsException(value) && xhr__to_dom_string(realm, value, &name);
  JS_FreeValue(realm->js, value);
  *which = XHR__INTRINSIC_ERROR;
  for (size_t i = 0; done && i < sizeof errors / sizeof *errors; i++) {
    if (xhr__str_equals(xhr__bytes_str(&name), xhr__str_c(errors[i].name)))
      *which = errors[i].constructor;
  }
  xhr__bytes_free(&name);
  return done;
}

/* A list of the own data property `cause`, or JS_UNDEFINED where there is none; JS_EXCEPTION. The caller's. */
static JSValue list_cause(xhr__realm *realm, JSValueConst error) {
  JSContext *js = realm->js;
  JSPropertyDescriptor descriptor;
  JSAtom key = JS_NewAtom(js, "cause");
  int found = JS_GetOwnProperty(js, &descriptor, error, key);
  JS_FreeAtom(js, key);
  if (found <= 0)
    return found < 0 ? JS_EXCEPTION : JS_UNDEFINED;
  JS_FreeValue(js, descriptor.getter);
  JS_FreeValue(js, descriptor.setter);
  JSValue list = descriptor.flags & JS_PROP_GETSET ? JS_UNDEFINED : JS_NewArray(js);
  if (!JS_IsObject(list)) {
    JS_FreeValue(js, descriptor.value);
    return list;
  }
  if (xhr__array_append(realm, list, descriptor.value))
    return list;
  JS_FreeValue(js, list);
  return JS_EXCEPTION;
}

/* 17.: [[ErrorData]]. 17.6. leaves it open what else goes with an error: its stack, and the cause, as browsers have it. */
static bool write_error(xhr__serializer *serializer, JSValueConst value) {
  xhr__intrinsic constructor;
  xhr__serialize_frame *frame;
  if (!error_constructor(serializer->realm, value, &constructor) ||
      !xhr__write_record(serializer, XHR__RECORD_ERROR) ||
      !xhr__write_number(serializer, constructor) ||
      !xhr__write_own_text(serializer, value, "message") ||
      !xhr__write_own_text(serializer, value, "stack") ||
      !xhr__serializer_push(serializer, value, &frame))
    return false;
  frame->list = list_cause(serializer->realm, value);
  frame->count = JS_IsObject(frame->list);
  return !JS_IsException(frame->list) && xhr__write_number(serializer, frame->count);
}

/* ---- objects with parts ----------------------------------------------------------------------------------------- */

/* 15. - 16. and 26.1. - 26.2.: the items as they are now. */
static bool write_collection(xhr__serializer *serializer, JSValueConst value, bool is_map) {
  JSContext *js = serializer->realm->js;
  xhr__serialize_frame *frame;
  if (!xhr__serializer_push(serializer, value, &frame))
    return false;
  frame->list = xhr__call_intrinsic(serializer->realm,
                                    is_map ? XHR__INTRINSIC_MAP_LIST : XHR__INTRINSIC_SET_LIST,
                                    JS_UNDEFINED, 1, &value);
  if (JS_IsException(frame->list))
    return false;
  JSValue length = JS_GetPropertyStr(js, frame->list, "length");
  return JS_ToUint32(js, &frame->count, length) == 0 &&
         xhr__write_record(serializer, is_map ? XHR__RECORD_MAP : XHR__RECORD_SET) &&
         xhr__write_number(serializer, is_map ? frame->count / 2 : frame->count);
}

/* 26.4.: a frame with the own enumerable properties. */
static bool push_properties(xhr__serializer *serializer, JSValueConst value,
                            xhr__serialize_frame **frame) {
  return xhr__serializer_push(serializer, value, frame) &&
         JS_GetOwnPropertyNames(serializer->realm->js, &(*frame)->keys, &(*frame)->count, value,
                                JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY) >= 0;
}

/* 24. */
static bool write_plain_object(xhr__serializer *serializer, JSValueConst value) {
  xhr__serialize_frame *frame;
  return push_properties(serializer, value, &frame) &&
         xhr__write_record(serializer, XHR__RECORD_OBJECT);
}

/* Whether key number `index` of an array is that index. */
static bool is_index(JSContext *js, const xhr__serialize_frame *frame, uint32_t index) {
  JSAtom atom = JS_NewAtomUInt32(js, index);
  bool same = frame->keys[index].atom == atom;
  JS_FreeAtom(js, atom);
  return same;
}

/* How many of the first keys are 0, 1, 2 …: they come first, in order, so the last one of these tells for all before it. */
static uint32_t count_dense(JSContext *js, const xhr__serialize_frame *frame) {
  uint32_t least = 0, most = frame->count;
  while (least < most) {
    uint32_t middle = most - (most - least) / 2;
    if (is_index(js, frame, middle - 1))
      least = middle;
    else
      most = middle - 1;
  }
  return least;
}

/* 18. */
static bool write_array(xhr__serializer *serializer, JSValueConst value) {
  JSContext *js = serializer->realm->js;
  xhr__serialize_frame *frame;
  uint32_t length;
  JSValue number = JS_GetPropertyStr(js, value, "length");
  if (JS_ToUint32(js, &length, number) != 0 || !push_properties(serializer, value, &frame))
    return false;
  frame->dense = count_dense(js, frame);
  return xhr__write_record(serializer, XHR__RECORD_ARRAY) &&
         xhr__write_number(serializer, length) && xhr__write_number(serializer, frame->dense);
}

/* ---- by class --------------------------------------------------------------------------------------------------- */

static bool write_view_or_buffer(xhr__serializer *serializer, JSValueConst value, bool *known) {
  const xhr__buffer_classes *classes = &serializer->realm->buffer_classes;
  JSClassID class = JS_GetClassID(value);
  *known = true;
  if (class == classes->array_buffer)
    return write_array_buffer(serializer, value);
  if (class == classes->shared_array_buffer)
    return write_shared_array_buffer(serializer, value);
  if (class >= classes->first_typed_array && class <= classes->last_typed_array)
    return write_typed_array(serializer, value);
  if (class == classes->data_view)
    return write_data_view(serializer, value);
  *known = false;
  return false;
}

/* 19. - 20.: platform objects. */
static bool write_platform_object(xhr__serializer *serializer, JSValueConst value, bool *known) {
  for (size_t i = 0; i < xhr__serializable_count; i++) {
    const xhr__serializable *type = xhr__serializables[i];
    xhr__platform_object *self = xhr__platform_object_of(value, type->interface);
    if (!self || self->interface != type->interface)
      continue;
    *known = true;
    return xhr__write_record(serializer, XHR__RECORD_PLATFORM_OBJECT) &&
           xhr__write_number(serializer, i) && type->serialize(serializer, self, value);
  }
  return false;
}

/* The class of the engine's that the value is an object of; XHR__CLASS_COUNT for any other. */
static xhr__class class_of(const xhr__realm *realm, JSValueConst value) {
  JSClassID id = JS_GetClassID(value);
  unsigned class = 0;
  while (class < XHR__CLASS_COUNT && realm->intrinsics->classes[class] != id)
    class ++;
  return (xhr__class) class;
}

bool xhr__write_object(xhr__serializer *serializer, JSValueConst value) {
  xhr__realm *realm = serializer->realm;
  xhr__class class = class_of(realm, value);
  bool known;
  switch (class) {
    case XHR__CLASS_OBJECT:
      /* The global object is none of the engine's kind, but a platform object. */
      if (JS_VALUE_GET_PTR(value) == JS_VALUE_GET_PTR(realm->global))
        break;
      return write_plain_object(serializer, value);
    case XHR__CLASS_ARRAY: return write_array(serializer, value);
    case XHR__CLASS_BOOLEAN:
      return write_inner(serializer, value, XHR__RECORD_BOXED, XHR__INTRINSIC_BOOLEAN_VALUE_OF);
    case XHR__CLASS_NUMBER:
      return write_inner(serializer, value, XHR__RECORD_BOXED, XHR__INTRINSIC_NUMBER_VALUE_OF);
    case XHR__CLASS_BIG_INT:
      return write_inner(serializer, value, XHR__RECORD_BOXED, XHR__INTRINSIC_BIG_INT_VALUE_OF);
    case XHR__CLASS_STRING:
      return write_inner(serializer, value, XHR__RECORD_BOXED, XHR__INTRINSIC_STRING_VALUE_OF);
    case XHR__CLASS_DATE:
      return write_inner(serializer, value, XHR__RECORD_DATE, XHR__INTRINSIC_DATE_GET_TIME);
    case XHR__CLASS_REGEXP: return write_reg_exp(serializer, value);
    case XHR__CLASS_MAP: return write_collection(serializer, value, true);
    case XHR__CLASS_SET: return write_collection(serializer, value, false);
    case XHR__CLASS_ERROR: return write_error(serializer, value);
    default: {
      bool done = write_view_or_buffer(serializer, value, &known);
      if (!known)
        done = write_platform_object(serializer, value, &known);
      if (known)
        return done;
      break;
    }
  }
  /* 21. - 23. */
  return xhr__serializer_refuse(serializer, JS_IsFunction(realm->js, value) ? "a function"
                                            : class == XHR__CLASS_PROXY     ? "a proxy"
                                                                        : "an object of this kind");
}
