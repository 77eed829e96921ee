/* https://html.spec.whatwg.org/#safe-passing-of-structured-data, within one realm and in memory. */
#ifndef XHR__RUNTIME_STRUCTURED_CLONE_H
#define XHR__RUNTIME_STRUCTURED_CLONE_H

#include "runtime/realm.h"

/* structuredClone(value, optional options): length 1. A member of the global scope. */
xhr__operation xhr__structured_clone;

/* ---- between runtime/structured_clone*.c ------------------------------------------------------------------------ */

/* One object whose parts are still to be cloned. */
typedef struct xhr__clone_frame {
  JSValue source, target;
  JSPropertyEnum *keys; /* of an object or array; NULL: a Map or Set */
  JSValue list;         /* of a Map or Set: its items */
  bool is_map;
  uint32_t count, index;
  JSValue key; /* of a Map's entry, cloned already; JS_UNINITIALIZED */
} xhr__clone_frame;

/* "memory": what has been cloned, by identity. Both are held. */
typedef struct xhr__clone_pair {
  JSValue source; /* JS_UNDEFINED: an empty place */
  JSValue clone;
} xhr__clone_pair;

typedef struct xhr__cloner {
  xhr__realm *realm;
  xhr__clone_pair *memory;
  size_t place_count; /* a power of two */
  size_t pair_count;
  xhr__clone_frame *frames;
  size_t frame_count, frame_capacity;
} xhr__cloner;

/* A clone of any value, the caller's; of an object with parts only its shell, and a frame that asks for the parts.
 * JS_EXCEPTION. */
JSValue xhr__clone_value(xhr__cloner *cloner, JSValueConst value);
/* A new object for one that is not in the memory yet. `*has_parts`: a frame is needed. JS_EXCEPTION. */
JSValue xhr__clone_shell(xhr__cloner *cloner, JSValueConst value, bool *has_parts);

#endif
