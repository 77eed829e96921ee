/* https://html.spec.whatwg.org/#structuredserializeinternal */
#include "runtime/structured_serialize.h"

#include "infra/alloc.h"
#include "runtime/structured_serializer.h"

xhr__realm *xhr__serializer_realm(const xhr__serializer *serializer) {
  return serializer->realm;
}

static bool out_of_memory(xhr__serializer *serializer) {
  JS_ThrowOutOfMemory(serializer->realm->js);
  return false;
}

bool xhr__serializer_refuse(xhr__serializer *serializer, const char *what) {
  (void)xhr__throw(serializer->realm, "DataCloneError", "%s cannot be cloned", what);
  return false;
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

/* Room for a few bytes more, at the end of the records: NULL where it threw. The caller adds to the length what it has written
 * there. */
static char *room_for(xhr__serializer *serializer, size_t len) {
  xhr__bytes *records = &serializer->out->records;
  if (records->capacity - records->len <= len && xhr__bytes_reserve(records, len) != XHR_OK) {
    (void)out_of_memory(serializer);
    return NULL;
  }
  return records->data + records->len;
}

bool xhr__write_record(xhr__serializer *serializer, xhr__record record) {
  char *at = room_for(serializer, 1);
  if (!at)
    return false;
  *at = (char)record;
  serializer->out->records.len++;
  return true;
}

/* Seven bits a byte, the lowest first; the last one below 128. */
enum { LONGEST_NUMBER = 10 };

static size_t put_number(char *at, uint64_t number) {
  size_t len = 0;
  for (; number >= 0x80; number >>= 7)
    at[len++] = (char)(number | 0x80);
  at[len++] = (char)number;
  return len;
}

bool xhr__write_number(xhr__serializer *serializer, uint64_t number) {
  char *at = room_for(serializer, LONGEST_NUMBER);
  if (!at)
    return false;
  serializer->out->records.len += put_number(at, number);
  return true;
}

bool xhr__write_text(xhr__serializer *serializer, xhr__str text) {
  return xhr__write_number(serializer, text.len) &&
         (xhr__bytes_append(&serializer->out->records, text) == XHR_OK ||
          out_of_memory(serializer));
}

bool xhr__write_string(xhr__serializer *serializer, JSValueConst string) {
  size_t len;
  const char *text = JS_ToCStringLen(serializer->realm->js, &len, string);
  bool done = text && xhr__write_text(serializer, xhr__str_of(text, len));
  JS_FreeCString(serializer->realm->js, text);
  return done;
}

bool xhr__write_item(xhr__serializer *serializer, void *pointer, size_t len,
                     void (*release)(void *pointer)) {
  xhr__serialized *out = serializer->out;
  void *items = out->items;
  if (!xhr__grow(&items, &out->item_capacity, out->item_count + 1, sizeof *out->items)) {
    release(pointer);
    return out_of_memory(serializer);
  }
  out->items = items;
  out->items[out->item_count++] = (xhr__serialized_item){pointer, len, release};
  return true;
}

bool xhr__write_own_text(xhr__serializer *serializer, JSValueConst object, const char *name) {
  JSContext *js = serializer->realm->js;
  JSPropertyDescriptor descriptor;
  JSAtom key = JS_NewAtom(js, name);
  int found = JS_GetOwnProperty(js, &descriptor, object, key);
  JS_FreeAtom(js, key);
  if (found < 0)
    return false;
  bool has = found > 0 && !(descriptor.flags & JS_PROP_GETSET);
  bool done = xhr__write_number(serializer, has);
  if (done && has) {
    JSValue text = JS_ToString(js, descriptor.value);
    done = !JS_IsException(text) && xhr__write_string(serializer, text);
    JS_FreeValue(js, text);
  }
  if (found > 0) {
    JS_FreeValue(js, descriptor.value);
    JS_FreeValue(js, descriptor.getter);
    JS_FreeValue(js, descriptor.setter);
  }
  return done;
}

/* ---- numbers of objects and names ------------------------------------------------------------------------------- */

/* Where something with that hash is, or belongs: `is` tells whether the place of a number is it. */
static size_t hash_of(uint64_t key, size_t place_count) {
  return (size_t)(key * 0x9E3779B97F4A7C15u >> 20) & (place_count - 1);
}

static size_t place_of_object(const xhr__serializer *serializer, const void *pointer) {
  size_t i = hash_of((uintptr_t)pointer >> 4, serializer->place_count);
  while (serializer->places[i] != 0 &&
         JS_VALUE_GET_PTR(serializer->objects[serializer->places[i] - 1]) != pointer)
    i = (i + 1) & (serializer->place_count - 1);
  return i;
}

static size_t place_of_name(const xhr__serializer *serializer, JSAtom name) {
  size_t i = hash_of(name, serializer->name_place_count);
  while (serializer->name_places[i] != 0 &&
         serializer->names[serializer->name_places[i] - 1] != name)
    i = (i + 1) & (serializer->name_place_count - 1);
  return i;
}

/* Twice as many places, all empty, where three of four are used; `*grown` says so. False for want of memory. */
static bool grow_places(uint32_t **places, size_t *place_count, size_t used, bool *grown) {
  *grown = used * 4 >= *place_count * 3;
  if (!*grown)
    return true;
  size_t count = *place_count ? *place_count * 2 : 16;
  uint32_t *bigger = used < UINT32_MAX ? xhr__calloc(count, sizeof *bigger) : NULL;
  if (!bigger)
    return false;
  xhr__free(*places);
  *places = bigger;
  *place_count = count;
  return true;
}

int64_t xhr__serializer_find(const xhr__serializer *serializer, JSValueConst object) {
  if (serializer->place_count == 0)
    return -1;
  return (int64_t)serializer->places[place_of_object(serializer, JS_VALUE_GET_PTR(object))] - 1;
}

bool xhr__serializer_remember(xhr__serializer *serializer, JSValueConst object) {
  void *objects = serializer->objects;
  bool grown;
  if (!xhr__grow(&objects, &serializer->object_capacity, serializer->object_count + 1,
                 sizeof *serializer->objects))
    return out_of_memory(serializer);
  serializer->objects = objects;
  if (!grow_places(&serializer->places, &serializer->place_count, serializer->object_count, &grown))
    return out_of_memory(serializer);
  for (size_t i = 0; grown && i < serializer->object_count; i++) {
    const void *pointer = JS_VALUE_GET_PTR(serializer->objects[i]);
    serializer->places[place_of_object(serializer, pointer)] = (uint32_t)i + 1;
  }
  size_t place = place_of_object(serializer, JS_VALUE_GET_PTR(object));
  serializer->objects[serializer->object_count++] = JS_DupValue(serializer->realm->js, object);
  serializer->places[place] = (uint32_t)serializer->object_count;
  return true;
}

static bool remember_name(xhr__serializer *serializer, JSAtom name) {
  void *names = serializer->names;
  bool grown;
  if (!xhr__grow(&names, &serializer->name_capacity, serializer->name_count + 1,
                 sizeof *serializer->names))
    return out_of_memory(serializer);
  serializer->names = names;
  if (!grow_places(&serializer->name_places, &serializer->name_place_count, serializer->name_count,
                   &grown))
    return out_of_memory(serializer);
  for (size_t i = 0; grown && i < serializer->name_count; i++)
    serializer->name_places[place_of_name(serializer, serializer->names[i])] = (uint32_t)i + 1;
  size_t place = place_of_name(serializer, name);
  serializer->names[serializer->name_count++] = JS_DupAtom(serializer->realm->js, name);
  serializer->name_places[place] = (uint32_t)serializer->name_count;
  return true;
}

/* A property's name: its number, from 1 on, and behind a new number the text. 0 is the end of the properties. */
static bool write_name(xhr__serializer *serializer, JSAtom name) {
  JSContext *js = serializer->realm->js;
  if (serializer->name_place_count > 0) {
    uint32_t known = serializer->name_places[place_of_name(serializer, name)];
    if (known > 0)
      return xhr__write_number(serializer, known);
  }
  if (!remember_name(serializer, name))
    return false;
  if (serializer->local)
    return xhr__write_number(serializer, serializer->name_count);
  JSValue text = JS_AtomToString(js, name);
  bool done = !JS_IsException(text) && xhr__write_number(serializer, serializer->name_count) &&
              xhr__write_string(serializer, text);
  JS_FreeValue(js, text);
  return done;
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

/* The digits of a BigInt. */
static bool write_big_int(xhr__serializer *serializer, JSValueConst value) {
  xhr__realm *realm = serializer->realm;
  JSValue radix = JS_NewInt32(realm->js, 16);
  JSValue text = xhr__call_intrinsic(realm, XHR__INTRINSIC_BIG_INT_TO_STRING, value, 1, &radix);
  bool done = !JS_IsException(text) && xhr__write_record(serializer, XHR__RECORD_BIG_INT) &&
              xhr__write_string(serializer, text);
  JS_FreeValue(realm->js, text);
  return done;
}

static bool write_double(xhr__serializer *serializer, double number) {
  char *at = room_for(serializer, 1 + sizeof number);
  if (!at)
    return false;
  *at = XHR__RECORD_DOUBLE;
  memcpy(at + 1, &number, sizeof number);
  serializer->out->records.len += 1 + sizeof number;
  return true;
}

static bool write_int(xhr__serializer *serializer, int32_t number) {
  char *at = room_for(serializer, 1 + LONGEST_NUMBER);
  if (!at)
    return false;
  *at = XHR__RECORD_INT;
  uint32_t zigzag = (uint32_t)number << 1 ^ (number < 0 ? UINT32_MAX : 0);
  serializer->out->records.len += 1 + put_number(at + 1, zigzag);
  return true;
}

static bool write_string_value(xhr__serializer *serializer, JSValueConst value) {
  if (!serializer->local)
    return xhr__write_record(serializer, XHR__RECORD_STRING) &&
           xhr__write_string(serializer, value);
  void *strings = serializer->strings;
  if (!xhr__grow(&strings, &serializer->string_capacity, serializer->string_count + 1,
                 sizeof *serializer->strings))
    return out_of_memory(serializer);
  serializer->strings = strings;
  serializer->strings[serializer->string_count++] = JS_DupValue(serializer->realm->js, value);
  return xhr__write_record(serializer, XHR__RECORD_LOCAL_STRING);
}

/* Step 4: primitives. */
static bool write_primitive(xhr__serializer *serializer, JSValueConst value) {
  switch (JS_VALUE_GET_NORM_TAG(value)) {
    case JS_TAG_UNDEFINED: return xhr__write_record(serializer, XHR__RECORD_UNDEFINED);
    case JS_TAG_NULL: return xhr__write_record(serializer, XHR__RECORD_NULL);
    case JS_TAG_INT: return write_int(serializer, JS_VALUE_GET_INT(value));
    case JS_TAG_FLOAT64: return write_double(serializer, JS_VALUE_GET_FLOAT64(value));
    case JS_TAG_BOOL:
      return xhr__write_record(serializer,
                               JS_VALUE_GET_BOOL(value) ? XHR__RECORD_TRUE : XHR__RECORD_FALSE);
    default: break;
  }
  if (JS_IsString(value))
    return write_string_value(serializer, value);
  if (JS_IsBigInt(serializer->realm->js, value))
    return write_big_int(serializer, value);
  /* 5. */
  return xhr__serializer_refuse(serializer, "a symbol");
}

bool xhr__write_value(xhr__serializer *serializer, JSValueConst value) {
  /* 4. - 5. */
  if (!JS_IsObject(value))
    return write_primitive(serializer, value);
  /* 1. - 2. */
  int64_t known = xhr__serializer_find(serializer, value);
  if (known >= 0)
    return xhr__write_record(serializer, XHR__RECORD_REFERENCE) &&
           xhr__write_number(serializer, (uint64_t)known);
  /* 3., 6. - 24. and 25. */
  return xhr__serializer_remember(serializer, value) && xhr__write_object(serializer, value);
}

/* ---- parts ------------------------------------------------------------------------------------------------------ */

bool xhr__serializer_push(xhr__serializer *serializer, JSValueConst object,
                          xhr__serialize_frame **frame) {
  void *frames = serializer->frames;
  if (!xhr__grow(&frames, &serializer->frame_capacity, serializer->frame_count + 1,
                 sizeof *serializer->frames))
    return out_of_memory(serializer);
  serializer->frames = frames;
  *frame = &serializer->frames[serializer->frame_count++];
  **frame = (xhr__serialize_frame){.object = JS_DupValue(serializer->realm->js, object),
                                   .list = JS_UNDEFINED};
  return true;
}

static void free_frame(JSContext *js, const xhr__serialize_frame *frame) {
  /* The atoms of numbers are not counted. */
  for (uint32_t i = frame->dense; frame->keys && i < frame->count; i++)
    JS_FreeAtom(js, frame->keys[i].atom);
  js_free(js, frame->keys);
  JS_FreeValue(js, frame->list);
  JS_FreeValue(js, frame->object);
}

/* 26.4.1.: what the object has under that key by now, the caller's, getters asked: a getter before may have removed it. 1, 0
 * where there is none any more, -1 where it threw. */
static int get_own(JSContext *js, JSValueConst object, JSAtom key, JSValue *value) {
  JSPropertyDescriptor descriptor;
  int found = JS_GetOwnProperty(js, &descriptor, object, key);
  if (found <= 0)
    return found;
  *value = descriptor.value;
  if (!(descriptor.flags & JS_PROP_GETSET))
    return 1;
  JS_FreeValue(js, descriptor.value);
  *value = JS_IsFunction(js, descriptor.getter) ? JS_Call(js, descriptor.getter, object, 0, NULL)
                                                : JS_UNDEFINED;
  JS_FreeValue(js, descriptor.getter);
  JS_FreeValue(js, descriptor.setter);
  return JS_IsException(*value) ? -1 : 1;
}

/* 26.4.1. for the next property: of the items of an array only the value, or a hole. */
static bool write_property(xhr__serializer *serializer, xhr__serialize_frame *frame) {
  JSContext *js = serializer->realm->js;
  bool item = frame->index < frame->dense;
  JSAtom key = frame->keys[frame->index++].atom;
  JSValue value;
  int found = get_own(js, frame->object, key, &value);
  if (found <= 0)
    return found == 0 && (!item || xhr__write_record(serializer, XHR__RECORD_HOLE));
  bool done = (item || write_name(serializer, key)) && xhr__write_value(serializer, value);
  JS_FreeValue(js, value);
  return done;
}

/* 26.1. - 26.2.: the next item of a Map or Set. */
static bool write_item(xhr__serializer *serializer, xhr__serialize_frame *frame) {
  JSContext *js = serializer->realm->js;
  JSValue item = JS_GetPropertyUint32(js, frame->list, frame->index++);
  bool done = !JS_IsException(item) && xhr__write_value(serializer, item);
  JS_FreeValue(js, item);
  return done;
}

/* 26. for all objects that have parts. */
static bool write_parts(xhr__serializer *serializer) {
  while (serializer->frame_count > 0) {
    /* It may move when a frame is made; nothing is asked of it after that. */
    xhr__serialize_frame *frame = &serializer->frames[serializer->frame_count - 1];
    if (frame->index < frame->count) {
      if (!(frame->keys ? write_property : write_item)(serializer, frame))
        return false;
      continue;
    }
    if (frame->keys && !xhr__write_number(serializer, 0))
      return false;
    free_frame(serializer->realm->js, frame);
    serializer->frame_count--;
  }
  return true;
}

bool xhr__serializer_run(xhr__serializer *serializer, JSValueConst value) {
  return xhr__write_value(serializer, value) && write_parts(serializer);
}

void xhr__serializer_free(xhr__serializer *serializer) {
  JSContext *js = serializer->realm->js;
  while (serializer->frame_count > 0)
    free_frame(js, &serializer->frames[--serializer->frame_count]);
  xhr__free(serializer->frames);
  for (size_t i = 0; i < serializer->string_count; i++)
    JS_FreeValue(js, serializer->strings[i]);
  xhr__free(serializer->strings);
  for (size_t i = 0; i < serializer->object_count; i++)
    JS_FreeValue(js, serializer->objects[i]);
  xhr__free(serializer->objects);
  xhr__free(serializer->places);
  for (size_t i = 0; i < serializer->name_count; i++)
    JS_FreeAtom(js, serializer->names[i]);
  xhr__free(serializer->names);
  xhr__free(serializer->name_places);
}
