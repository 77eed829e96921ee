/* What is between StructuredSerialize and StructuredDeserialize: records in a byte string, written and read in the same order,
 * and a list of what cannot be bytes (Blobs, large memory, shared memory). One process writes and reads it, so that numbers
 * stand as the machine has them.
 *
 * Objects with parts (properties, items) are a record for the object itself, its parts, and an end; objects are numbered in
 * the order of their records, those that are transferred before all others. Property names are numbered too. */
#ifndef XHR__RUNTIME_STRUCTURED_DATA_H
#define XHR__RUNTIME_STRUCTURED_DATA_H

#include "infra/bytes.h"
#include "runtime/structured_serialize.h"

typedef enum xhr__record {
  /* primitives */
  XHR__RECORD_UNDEFINED,
  XHR__RECORD_NULL,
  XHR__RECORD_FALSE,
  XHR__RECORD_TRUE,
  XHR__RECORD_INT,     /* number, zigzag */
  XHR__RECORD_DOUBLE,  /* 8 bytes */
  XHR__RECORD_BIG_INT, /* text: hexadecimal digits, perhaps behind a sign */
  XHR__RECORD_STRING,  /* text */
  XHR__RECORD_LOCAL_STRING,
  /* objects */
  XHR__RECORD_REFERENCE,           /* number of the object */
  XHR__RECORD_BOXED,               /* a primitive */
  XHR__RECORD_DATE,                /* a primitive: the time */
  XHR__RECORD_REG_EXP,             /* text: source; text: flags */
  XHR__RECORD_ARRAY_BUFFER,        /* text */
  XHR__RECORD_ARRAY_BUFFER_ITEM,   /* the next item, and its length */
  XHR__RECORD_SHARED_ARRAY_BUFFER, /* the next item, and its length */
  XHR__RECORD_TYPED_ARRAY,         /* type, offset, length; its buffer */
  XHR__RECORD_DATA_VIEW,           /* offset, length; its buffer */
  XHR__RECORD_ERROR,               /* kind; own text: message, stack; number of causes; those */
  XHR__RECORD_PLATFORM_OBJECT,     /* number of its type; what that writes */
  /* objects with parts: (property, value)… END */
  XHR__RECORD_OBJECT,
  XHR__RECORD_ARRAY, /* length; number of items, each a value or HOLE; then as an object */
  XHR__RECORD_MAP,   /* number of entries; key, value … */
  XHR__RECORD_SET,   /* number of items … */
  XHR__RECORD_HOLE
} xhr__record;

/* Something with an owner. */
typedef struct xhr__serialized_item {
  void *pointer; /* NULL: somebody has taken it over */
  size_t len;
  void (*release)(void *pointer);
} xhr__serialized_item;

typedef struct xhr__transferable xhr__transferable;

/* https://html.spec.whatwg.org/#transferdataholder */
typedef struct xhr__transfer_data_holder {
  const xhr__transferable *type; /* NULL: an ArrayBuffer */
  xhr__serialized_item item;
} xhr__transfer_data_holder;

struct xhr__serialized {
  xhr__bytes records;
  xhr__serialized_item *items;
  size_t item_count, item_capacity;
  xhr__transfer_data_holder *transfers;
  size_t transfer_count;
};

/* ---- types of platform objects ---------------------------------------------------------------------------------- */

typedef struct xhr__serializer xhr__serializer;
typedef struct xhr__deserializer xhr__deserializer;

/* https://html.spec.whatwg.org/#serializable-objects */
typedef struct xhr__serializable {
  const xhr__interface *interface;
  /* https://html.spec.whatwg.org/#serialization-steps: writes what the object is with the functions below. False where it
   * threw. */
  bool (*serialize)(xhr__serializer *serializer, void *self, JSValueConst value);
  /* https://html.spec.whatwg.org/#deserialization-steps: reads that, in the same order. The object; JS_EXCEPTION. */
  JSValue (*deserialize)(xhr__deserializer *deserializer);
} xhr__serializable;

/* https://html.spec.whatwg.org/#transferable-objects */
struct xhr__transferable {
  const xhr__interface *interface;
  /* Its [[Detached]]. */
  bool (*is_detached)(const void *self);
  /* https://html.spec.whatwg.org/#transfer-steps: what travels, and the object is detached. */
  void *(*transfer)(xhr__realm *realm, void *self);
  /* https://html.spec.whatwg.org/#transfer-receiving-steps: takes over what has travelled. The object; JS_EXCEPTION. */
  JSValue (*receive)(xhr__realm *realm, void *data);
  /* Instead, where nobody receives it; any thread. */
  void (*drop)(void *data);
};

/* The tables, in runtime/structured_types.c. */
extern const xhr__serializable *const xhr__serializables[];
extern const size_t xhr__serializable_count;
extern const xhr__transferable *const xhr__transferables[];
extern const size_t xhr__transferable_count;

/* ---- writing: each throws and gives false for want of memory --------------------------------------------------------- */

bool xhr__write_number(xhr__serializer *serializer, uint64_t number);
bool xhr__write_text(xhr__serializer *serializer, xhr__str text);
/* The text of a string, which is no other value. */
bool xhr__write_string(xhr__serializer *serializer, JSValueConst string);
/* Takes over what `pointer` is, on failure too. */
bool xhr__write_item(xhr__serializer *serializer, void *pointer, size_t len,
                     void (*release)(void *pointer));
/* https://html.spec.whatwg.org/#sub-serialization of a value without parts. */
bool xhr__write_value(xhr__serializer *serializer, JSValueConst value);
/* The own data property of that name, converted to a string, or the information that there is none. */
bool xhr__write_own_text(xhr__serializer *serializer, JSValueConst object, const char *name);

/* ---- reading ---------------------------------------------------------------------------------------------------- */

uint64_t xhr__read_number(xhr__deserializer *deserializer);
/* Borrowed from the serialization. */
xhr__str xhr__read_text(xhr__deserializer *deserializer);
/* The caller's; JS_EXCEPTION. */
JSValue xhr__read_string(xhr__deserializer *deserializer);
/* Borrowed from the serialization; who takes over what the pointer is sets it to NULL. */
xhr__serialized_item *xhr__read_item(xhr__deserializer *deserializer);
/* The caller's; JS_EXCEPTION. */
JSValue xhr__read_value(xhr__deserializer *deserializer);
/* Defines the property that xhr__write_own_text wrote, where there was one. False where it threw. */
bool xhr__read_own_text(xhr__deserializer *deserializer, JSValueConst object, const char *name);
/* An ArrayBuffer of an item that is memory of runtime/shared_memory.h, which it takes over. JS_EXCEPTION. */
JSValue xhr__item_array_buffer(xhr__realm *realm, xhr__serialized_item *item);
xhr__realm *xhr__deserializer_realm(const xhr__deserializer *deserializer);
xhr__realm *xhr__serializer_realm(const xhr__serializer *serializer);

#endif
