/* https://html.spec.whatwg.org/#structuredserializeinternal: what runtime/structured_serialize*.c share. */
#ifndef XHR__RUNTIME_STRUCTURED_SERIALIZER_H
#define XHR__RUNTIME_STRUCTURED_SERIALIZER_H

#include "runtime/structured_data.h"

/* One object whose parts are still to be written. */
typedef struct xhr__serialize_frame {
  JSValue object;
  /* Of an object or array: its own enumerable properties, as they were at first. NULL: an error, a Map or a Set. */
  JSPropertyEnum *keys;
  JSValue list; /* of a Map or Set: its items; of an error: its cause */
  uint32_t count, index;
  uint32_t dense; /* so many keys are the items of an array: 0, 1, 2 … */
} xhr__serialize_frame;

struct xhr__serializer {
  xhr__realm *realm;
  xhr__serialized *out;
  /* What is written is read at once, in the same runtime: strings stay values, in their order, and names have no text. */
  bool local;
  JSValue *strings;
  size_t string_count, string_capacity;
  /* "memory": the objects by their number, held, and where to find the number. */
  JSValue *objects;
  size_t object_count, object_capacity;
  uint32_t *places; /* number + 1; 0: empty */
  size_t place_count;
  /* The property names, likewise. */
  JSAtom *names;
  size_t name_count, name_capacity;
  uint32_t *name_places;
  size_t name_place_count;
  /* Objects wait for their parts here, not on the machine's stack. */
  xhr__serialize_frame *frames;
  size_t frame_count, frame_capacity;
};

/* Throws a DataCloneError: "… cannot be cloned"; gives false. */
bool xhr__serializer_refuse(xhr__serializer *serializer, const char *what);
bool xhr__write_record(xhr__serializer *serializer, xhr__record record);
/* A frame for the parts of an object whose record has just been written. False where it threw. The frame is borrowed until the next
 * one is made. */
bool xhr__serializer_push(xhr__serializer *serializer, JSValueConst object,
                          xhr__serialize_frame **frame);
/* Gives an object the next number. False where it threw. */
bool xhr__serializer_remember(xhr__serializer *serializer, JSValueConst object);
/* The object's number, or -1. */
int64_t xhr__serializer_find(const xhr__serializer *serializer, JSValueConst object);
/* Writes a value and all its parts. False where it threw. */
bool xhr__serializer_run(xhr__serializer *serializer, JSValueConst value);
void xhr__serializer_free(xhr__serializer *serializer);

/* ---- structured_serialize_object.c ------------------------------------------------------------------------------ */

/* Writes an object that has its number already; where it has parts, a frame asks for them. False where it threw. */
bool xhr__write_object(xhr__serializer *serializer, JSValueConst value);

#endif
