/* https://html.spec.whatwg.org/#structureddeserialize: what runtime/structured_deserialize*.c share. */
#ifndef XHR__RUNTIME_STRUCTURED_DESERIALIZER_H
#define XHR__RUNTIME_STRUCTURED_DESERIALIZER_H

#include "runtime/structured_data.h"

/* One object whose parts are still to be read. */
typedef struct xhr__deserialize_frame {
  xhr__record record;
  JSValueConst object; /* borrowed: it has a number */
  uint32_t items;      /* how many items there are, before any properties */
  uint32_t index;
  JSValue key; /* of a Map's entry; JS_UNINITIALIZED */
} xhr__deserialize_frame;

struct xhr__deserializer {
  xhr__realm *realm;
  xhr__serialized *in;
  size_t position;        /* in the records */
  size_t item;            /* the next one */
  const JSValue *strings; /* borrowed: the next one of those that a local serializer has */
  /* "memory": the objects by their number, held; JS_UNDEFINED: being made. */
  JSValue *objects;
  size_t object_count, object_capacity;
  JSAtom *names;
  size_t name_count, name_capacity;
  xhr__deserialize_frame *frames;
  size_t frame_count, frame_capacity;
};

xhr__record xhr__read_record(xhr__deserializer *deserializer);
/* Gives an object, which is taken over, the next number. False where it threw, or `object` is JS_EXCEPTION. */
bool xhr__deserializer_remember(xhr__deserializer *deserializer, JSValue object);
/* A frame for the parts of an object. False where it threw. */
bool xhr__deserializer_push(xhr__deserializer *deserializer, xhr__record record,
                            JSValueConst object, uint32_t items);
/* Reads a value with all its parts; the caller's, or JS_EXCEPTION. */
JSValue xhr__deserializer_run(xhr__deserializer *deserializer);
/* Frees what it holds, not the serialization. */
void xhr__deserializer_free(xhr__deserializer *deserializer);

/* ---- structured_deserialize_object.c ---------------------------------------------------------------------------- */

/* The object of a record that has just been read, the caller's; where it has parts, `*items` says how many items, and
 * `*has_parts`. JS_EXCEPTION. */
JSValue xhr__read_object(xhr__deserializer *deserializer, xhr__record record, bool *has_parts,
                         uint32_t *items);

#endif
