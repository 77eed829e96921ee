/* https://html.spec.whatwg.org/#structuredserializewithtransfer and #structureddeserializewithtransfer: a value of one
 * realm as memory that belongs to no engine, which any thread may make a value of in another realm. */
#ifndef XHR__RUNTIME_STRUCTURED_SERIALIZE_H
#define XHR__RUNTIME_STRUCTURED_SERIALIZE_H

#include "runtime/realm.h"

/* Has one owner at a time, on any thread; dropping it closes the ports and frees the buffers that travel in it. */
typedef struct xhr__serialized xhr__serialized;

/* StructuredSerializeWithTransfer. `transfer` is a list of `transfer_count` objects (NULL: none), which are detached where it
 * succeeds and stay as they were where it throws. NULL where it threw: DataCloneError, what a getter threw, or out of
 * memory. */
xhr__serialized *xhr__structured_serialize(xhr__realm *realm, JSValueConst value,
                                           const JSValueConst *transfer, size_t transfer_count);
/* StructuredDeserializeWithTransfer: takes over `serialized`, also where it throws. `ports` (NULL: not wanted) receives
 * a frozen Array, the caller's, of the MessagePorts that were transferred, in their order; JS_UNDEFINED where it throws. */
JSValue xhr__structured_deserialize(xhr__realm *realm, xhr__serialized *serialized, JSValue *ports);
/* One after the other, within the realm: what structuredClone() does. The caller's; JS_EXCEPTION. */
JSValue xhr__structured_copy(xhr__realm *realm, JSValueConst value, const JSValueConst *transfer,
                             size_t transfer_count);
/* NULL is allowed. Any thread. */
void xhr__serialized_free(xhr__serialized *serialized);

/* The objects that are to be transferred, held. */
typedef struct xhr__transfer_list {
  JSValue *items;
  size_t count;
} xhr__transfer_list;
/* The second argument of postMessage, which has two overloads: a sequence<object>, or StructuredSerializeOptions with such
 * a member `transfer`. Fills in `*list`, whose values and memory the caller frees with xhr__transfer_list_free. False, and
 * nothing to be freed, where it threw. */
bool xhr__transfer_list_of(xhr__realm *realm, JSValueConst argument, xhr__transfer_list *list);
/* The same for what can only be StructuredSerializeOptions, and only a sequence<object>. */
bool xhr__transfer_option_of(xhr__realm *realm, JSValueConst options, xhr__transfer_list *list);
bool xhr__transfer_sequence_of(xhr__realm *realm, JSValueConst sequence, xhr__transfer_list *list);
void xhr__transfer_list_free(xhr__realm *realm, xhr__transfer_list *list);

#endif
