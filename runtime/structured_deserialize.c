/* https://html.spec.whatwg.org/#structureddeserialize */
#include "infra/alloc.h"
#include "runtime/structured_deserializer.h"

xhr__realm *xhr__deserializer_realm(const xhr__deserializer *deserializer) {
  return deserializer->realm;
}

static bool out_of_memory(xhr__deserializer *deserializer) {
  JS_ThrowOutOfMemory(deserializer->realm->js);
  return false;
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static uint8_t next_byte(xhr__deserializer *deserializer) {
  return (uint8_t)deserializer->in->records.data[deserializer->position++];
}

xhr__record xhr__read_record(xhr__deserializer *deserializer) {
  return (xhr__record)next_byte(deserializer);
}

uint64_t xhr__read_number(xhr__deserializer *deserializer) {
  uint64_t number = 0;
  for (unsigned shift = 0;; shift += 7) {
    uint8_t byte = next_byte(deserializer);
    number |= (uint64_t)(byte & 0x7Fu) << shift;
    if (byte < 0x80)
      return number;
  }
}

xhr__str xhr__read_text(xhr__deserializer *deserializer) {
  size_t len = (size_t)xhr__read_number(deserializer);
  xhr__str text = xhr__str_of(deserializer->in->records.data + deserializer->position, len);
  deserializer->position += len;
  return text;
}

JSValue xhr__read_string(xhr__deserializer *deserializer) {
  xhr__str text = xhr__read_text(deserializer);
  return JS_NewStringLen(deserializer->realm->js, text.data, text.len);
}

xhr__serialized_item *xhr__read_item(xhr__deserializer *deserializer) {
  return &deserializer->in->items[deserializer->item++];
}

bool xhr__read_own_text(xhr__deserializer *deserializer, JSValueConst object, const char *name) {
  if (xhr__read_number(deserializer) == 0)
    return true;
  JSValue text = xhr__read_string(deserializer);
  return !JS_IsException(text) &&
         JS_DefinePropertyValueStr(deserializer->realm->js, object, name, text,
                                   JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE) >= 0;
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

static JSValue read_big_int(xhr__deserializer *deserializer) {
  xhr__realm *realm = deserializer->realm;
  xhr__str text = xhr__read_text(deserializer);
  bool negative = xhr__str_starts_with(text, XHR__STR("-"));
  text = xhr__str_from(text, negative);
  JSValue arguments[] = {JS_NewStringLen(realm->js, text.data, text.len),
                         JS_NewBool(realm->js, negative)};
  JSValue value = JS_EXCEPTION;
  if (!JS_IsException(arguments[0]))
    value =
        xhr__call_intrinsic(realm, XHR__INTRINSIC_BIG_INT_OF_DIGITS, JS_UNDEFINED, 2, arguments);
  JS_FreeValue(realm->js, arguments[0]);
  return value;
}

static JSValue read_double(xhr__deserializer *deserializer) {
  double number;
  memcpy(&number, deserializer->in->records.data + deserializer->position, sizeof number);
  deserializer->position += sizeof number;
  return JS_NewFloat64(deserializer->realm->js, number);
}

static JSValue read_int(xhr__deserializer *deserializer) {
  uint32_t zigzag = (uint32_t)xhr__read_number(deserializer);
  return JS_NewInt32(deserializer->realm->js, (int32_t)(zigzag >> 1 ^ (0 - (zigzag & 1))));
}

bool xhr__deserializer_remember(xhr__deserializer *deserializer, JSValue object) {
  void *objects = deserializer->objects;
  if (JS_IsException(object))
    return false;
  if (!xhr__grow(&objects, &deserializer->object_capacity, deserializer->object_count + 1,
                 sizeof *deserializer->objects)) {
    JS_FreeValue(deserializer->realm->js, object);
    return out_of_memory(deserializer);
  }
  deserializer->objects = objects;
  deserializer->objects[deserializer->object_count++] = object;
  return true;
}

bool xhr__deserializer_push(xhr__deserializer *deserializer, xhr__record record,
                            JSValueConst object, uint32_t items) {
  void *frames = deserializer->frames;
  if (!xhr__grow(&frames, &deserializer->frame_capacity, deserializer->frame_count + 1,
                 sizeof *deserializer->frames))
    return out_of_memory(deserializer);
  deserializer->frames = frames;
  deserializer->frames[deserializer->frame_count++] = (xhr__deserialize_frame){
      .record = record, .object = object, .items = items, .key = JS_UNINITIALIZED};
  return true;
}

/* Steps 16 to 24: an object that was not there yet. */
static JSValue read_new_object(xhr__deserializer *deserializer, xhr__record record) {
  size_t number = deserializer->object_count;
  bool has_parts = false;
  uint32_t items = 0;
  /* Its number comes before those of its parts. */
  if (!xhr__deserializer_remember(deserializer, JS_UNDEFINED))
    return JS_EXCEPTION;
  JSValue object = xhr__read_object(deserializer, record, &has_parts, &items);
  if (JS_IsException(object))
    return object;
  deserializer->objects[number] = JS_DupValue(deserializer->realm->js, object);
  if (!has_parts || xhr__deserializer_push(deserializer, record, object, items))
    return object;
  JS_FreeValue(deserializer->realm->js, object);
  return JS_EXCEPTION;
}

JSValue xhr__read_value(xhr__deserializer *deserializer) {
  JSContext *js = deserializer->realm->js;
  xhr__record record = xhr__read_record(deserializer);
  switch (record) {
    /* 4. */
    case XHR__RECORD_UNDEFINED: return JS_UNDEFINED;
    case XHR__RECORD_NULL: return JS_NULL;
    case XHR__RECORD_FALSE: return JS_FALSE;
    case XHR__RECORD_TRUE: return JS_TRUE;
    case XHR__RECORD_INT: return read_int(deserializer);
    case XHR__RECORD_DOUBLE: return read_double(deserializer);
    case XHR__RECORD_BIG_INT: return read_big_int(deserializer);
    case XHR__RECORD_STRING: return xhr__read_string(deserializer);
    case XHR__RECORD_LOCAL_STRING: return JS_DupValue(js, *deserializer->strings++);
    /* 1. - 2. */
    case XHR__RECORD_REFERENCE:
      return JS_DupValue(js, deserializer->objects[xhr__read_number(deserializer)]);
    default: return read_new_object(deserializer, record);
  }
}

/* ---- parts ------------------------------------------------------------------------------------------------------ */

/* The name of the next property, borrowed; JS_ATOM_NULL at the end, and where it threw, which `*threw` says. */
static JSAtom read_name(xhr__deserializer *deserializer, bool *threw) {
  size_t number = (size_t)xhr__read_number(deserializer);
  *threw = false;
  if (number == 0)
    return JS_ATOM_NULL;
  if (number <= deserializer->name_count)
    return deserializer->names[number - 1];
  xhr__str text = xhr__read_text(deserializer);
  void *names = deserializer->names;
  *threw = !xhr__grow(&names, &deserializer->name_capacity, deserializer->name_count + 1,
                      sizeof *deserializer->names);
  if (*threw) {
    JS_ThrowOutOfMemory(deserializer->realm->js);
    return JS_ATOM_NULL;
  }
  deserializer->names = names;
  JSAtom name = JS_NewAtomLen(deserializer->realm->js, text.data, text.len);
  *threw = name == JS_ATOM_NULL;
  if (!*threw)
    deserializer->names[deserializer->name_count++] = name;
  return name;
}

/* 24.2. for the next property. `*over`: there is none any more. */
static bool read_property(xhr__deserializer *deserializer, JSValueConst object, bool *over) {
  bool threw;
  JSAtom name = read_name(deserializer, &threw);
  *over = name == JS_ATOM_NULL;
  if (*over)
    return !threw;
  JSValue value = xhr__read_value(deserializer);
  return !JS_IsException(value) &&
         JS_DefinePropertyValue(deserializer->realm->js, object, name, value, JS_PROP_C_W_E) >= 0;
}

/* A hole, where a getter removed the item: what is behind it counts all the same. */
static bool skip_item(JSContext *js, JSValueConst array, uint32_t index) {
  uint32_t length;
  JSValue number = JS_GetPropertyStr(js, array, "length");
  return JS_ToUint32(js, &length, number) == 0 &&
         (length > index ||
          JS_SetPropertyStr(js, array, "length", JS_NewUint32(js, index + 1)) >= 0);
}

/* The next item of an array. */
static bool read_array_item(xhr__deserializer *deserializer, JSValueConst object, uint32_t index) {
  JSContext *js = deserializer->realm->js;
  if (deserializer->in->records.data[deserializer->position] == XHR__RECORD_HOLE) {
    deserializer->position++;
    return skip_item(js, object, index);
  }
  JSValue value = xhr__read_value(deserializer);
  if (JS_IsException(value))
    return false;
  JSAtom key = JS_NewAtomUInt32(js, index);
  bool done = JS_DefinePropertyValue(js, object, key, value, JS_PROP_C_W_E) >= 0;
  JS_FreeAtom(js, key);
  return done;
}

/* Adds to a Map or Set; takes over the values. */
static bool add(xhr__realm *realm, JSValueConst object, xhr__intrinsic function, int argc,
                JSValue *arguments) {
  JSValue result = xhr__call_intrinsic(realm, function, object, argc, arguments);
  JS_FreeValue(realm->js, result);
  for (int i = 0; i < argc; i++)
    JS_FreeValue(realm->js, arguments[i]);
  return !JS_IsException(result);
}

/* 24.1.: the next key or value of a Map. What is read has its place already, wherever its parts are. */
static bool read_map_item(xhr__deserializer *deserializer, size_t at) {
  JSValue value = xhr__read_value(deserializer);
  /* The frames may have moved. */
  xhr__deserialize_frame *frame = &deserializer->frames[at];
  if (JS_IsException(value))
    return false;
  if (JS_IsUninitialized(frame->key)) {
    frame->key = value;
    frame->index--;
    return true;
  }
  JSValue arguments[] = {frame->key, value};
  frame->key = JS_UNINITIALIZED;
  return add(deserializer->realm, frame->object, XHR__INTRINSIC_MAP_SET, 2, arguments);
}

static bool read_set_item(xhr__deserializer *deserializer, JSValueConst object) {
  JSValue value = xhr__read_value(deserializer);
  return !JS_IsException(value) &&
         add(deserializer->realm, object, XHR__INTRINSIC_SET_ADD, 1, &value);
}

static bool read_cause(xhr__deserializer *deserializer, JSValueConst error) {
  JSValue value = xhr__read_value(deserializer);
  return !JS_IsException(value) &&
         JS_DefinePropertyValueStr(deserializer->realm->js, error, "cause", value,
                                   JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE) >= 0;
}

/* The next part of the object on top. `*over`: there is none any more. False where it threw. */
static bool read_part(xhr__deserializer *deserializer, bool *over) {
  size_t at = deserializer->frame_count - 1;
  xhr__deserialize_frame *frame = &deserializer->frames[at];
  JSValueConst object = frame->object;
  uint32_t index = frame->index;
  *over = false;
  if (index == frame->items) {
    *over = frame->record != XHR__RECORD_OBJECT && frame->record != XHR__RECORD_ARRAY;
    return *over || read_property(deserializer, object, over);
  }
  frame->index++;
  switch (frame->record) {
    case XHR__RECORD_ARRAY: return read_array_item(deserializer, object, index);
    case XHR__RECORD_MAP: return read_map_item(deserializer, at);
    case XHR__RECORD_SET: return read_set_item(deserializer, object);
    default: return read_cause(deserializer, object);
  }
}

JSValue xhr__deserializer_run(xhr__deserializer *deserializer) {
  JSValue value = xhr__read_value(deserializer);
  if (JS_IsException(value))
    return value;
  while (deserializer->frame_count > 0) {
    size_t top = deserializer->frame_count - 1;
    bool over;
    if (!read_part(deserializer, &over)) {
      JS_FreeValue(deserializer->realm->js, value);
      return JS_EXCEPTION;
    }
    /* A part with parts has a frame of its own by now, and comes first. */
    if (over)
      deserializer->frame_count = top;
  }
  return value;
}

void xhr__deserializer_free(xhr__deserializer *deserializer) {
  JSContext *js = deserializer->realm->js;
  for (size_t i = 0; i < deserializer->frame_count; i++)
    JS_FreeValue(js, deserializer->frames[i].key);
  xhr__free(deserializer->frames);
  for (size_t i = 0; i < deserializer->object_count; i++)
    JS_FreeValue(js, deserializer->objects[i]);
  xhr__free(deserializer->objects);
  for (size_t i = 0; i < deserializer->name_count; i++)
    JS_FreeAtom(js, deserializer->names[i]);
  xhr__free(deserializer->names);
}
