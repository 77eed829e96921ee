/* https://html.spec.whatwg.org/#structuredserializewithtransfer and https://html.spec.whatwg.org/#structureddeserializewithtransfer */
#include "infra/alloc.h"
#include "runtime/convert.h"
#include "runtime/message_port.h"
#include "runtime/sequence.h"
#include "runtime/shared_memory.h"
#include "runtime/structured_deserializer.h"
#include "runtime/structured_serializer.h"

/* ---- the serialization's life ----------------------------------------------------------------------------------- */

static void free_item(const xhr__serialized_item *item) {
  if (item->pointer)
    item->release(item->pointer);
}

static void free_contents(xhr__serialized *serialized) {
  for (size_t i = 0; i < serialized->item_count; i++)
    free_item(&serialized->items[i]);
  for (size_t i = 0; i < serialized->transfer_count; i++)
    free_item(&serialized->transfers[i].item);
  xhr__free(serialized->items);
  xhr__free(serialized->transfers);
  xhr__bytes_free(&serialized->records);
}

void xhr__serialized_free(xhr__serialized *serialized) {
  if (!serialized)
    return;
  free_contents(serialized);
  xhr__free(serialized);
}

JSValue xhr__item_array_buffer(xhr__realm *realm, xhr__serialized_item *item) {
  JSValue buffer = xhr__array_buffer_of_shared(realm->js, item->pointer, item->len);
  if (!JS_IsException(buffer))
    item->pointer = NULL;
  return buffer;
}

/* ---- serializing ------------------------------------------------------------------------------------------------ */

/* The type of a transferable platform object, and its structure; NULL where it is none. */
static const xhr__transferable *transferable_of(JSValueConst value, void **self) {
  for (size_t i = 0; i < xhr__transferable_count; i++) {
    xhr__platform_object *object = xhr__platform_object_of(value, xhr__transferables[i]->interface);
    *self = object;
    if (object && object->interface == xhr__transferables[i]->interface)
      return xhr__transferables[i];
  }
  return NULL;
}

/* Step 2 of the former for one object. */
static bool add_transferable(xhr__serializer *serializer, JSValueConst value) {
  xhr__realm *realm = serializer->realm;
  void *self;
  /* 2.1. - 2.2. */
  if (JS_GetClassID(value) != realm->buffer_classes.array_buffer &&
      !transferable_of(value, &self)) {
    (void)xhr__throw(realm, "DataCloneError", "an object that cannot be transferred");
    return false;
  }
  /* 2.3. */
  if (xhr__serializer_find(serializer, value) >= 0) {
    (void)xhr__throw(realm, "DataCloneError", "an object that is to be transferred twice");
    return false;
  }
  /* 2.4. */
  return xhr__serializer_remember(serializer, value);
}

/* 5.1. - 5.2.: whether the object can still be transferred. */
static bool check_transferable(xhr__realm *realm, JSValueConst value) {
  void *self;
  const xhr__transferable *type = transferable_of(value, &self);
  if (type && !type->is_detached(self))
    return true;
  if (!type) {
    size_t len;
    if (JS_GetArrayBuffer(realm->js, &len, value))
      return true;
    JS_FreeValue(realm->js, JS_GetException(realm->js));
  }
  (void)xhr__throw(realm, "DataCloneError", "%s that is detached",
                   type ? type->interface->name : "an ArrayBuffer");
  return false;
}

/* 5.4.: an ArrayBuffer's memory. NOTE: what the engine has allocated it does not give away: that is copied. */
static bool take_memory(xhr__realm *realm, JSValueConst value, xhr__serialized_item *item) {
  uint8_t *data = JS_GetArrayBuffer(realm->js, &item->len, value);
  item->release = xhr__shared_memory_unref;
  if (xhr__shared_memory_ref(data)) {
    item->pointer = data;
    return true;
  }
  item->pointer = xhr__shared_memory_new(item->len);
  if (!item->pointer) {
    JS_ThrowOutOfMemory(realm->js);
    return false;
  }
  if (item->len > 0)
    memcpy(item->pointer, data, item->len);
  return true;
}

/* Step 5. DEVIATION: all that can fail comes before anything is detached, so that nothing is lost where it throws. */
static bool transfer(xhr__serializer *serializer, const JSValueConst *list, size_t count) {
  xhr__realm *realm = serializer->realm;
  xhr__transfer_data_holder *holders = serializer->out->transfers;
  void *self;
  for (size_t i = 0; i < count; i++) {
    if (!check_transferable(realm, list[i]))
      return false;
  }
  for (size_t i = 0; i < count; i++) {
    holders[i].type = transferable_of(list[i], &self);
    if (!holders[i].type && !take_memory(realm, list[i], &holders[i].item))
      return false;
  }
  for (size_t i = 0; i < count; i++) {
    const xhr__transferable *type = transferable_of(list[i], &self);
    if (!type) {
      JS_DetachArrayBuffer(realm->js, list[i]);
    } else {
      holders[i].item.release = type->drop;
      holders[i].item.pointer = type->transfer(realm, self);
    }
  }
  return true;
}

static bool serialize(xhr__serializer *serializer, JSValueConst value, const JSValueConst *list,
                      size_t count) {
  xhr__serialized *out = serializer->out;
  if (count > 0) {
    out->transfers = xhr__calloc(count, sizeof *out->transfers);
    if (!out->transfers) {
      JS_ThrowOutOfMemory(serializer->realm->js);
      return false;
    }
    out->transfer_count = count;
  }
  /* 1. - 2. */
  for (size_t i = 0; i < count; i++) {
    if (!add_transferable(serializer, list[i]))
      return false;
  }
  /* 3. - 6. */
  return xhr__serializer_run(serializer, value) && transfer(serializer, list, count);
}

xhr__serialized *xhr__structured_serialize(xhr__realm *realm, JSValueConst value,
                                           const JSValueConst *list, size_t count) {
  xhr__serializer serializer = {.realm = realm, .out = XHR__NEW(xhr__serialized)};
  if (!serializer.out) {
    JS_ThrowOutOfMemory(realm->js);
    return NULL;
  }
  if (!serialize(&serializer, value, list, count)) {
    xhr__serialized_free(serializer.out);
    serializer.out = NULL;
  }
  xhr__serializer_free(&serializer);
  return serializer.out;
}

/* ---- deserializing ---------------------------------------------------------------------------------------------- */

/* Step 3 of the latter for one data holder. */
static JSValue receive(xhr__realm *realm, xhr__transfer_data_holder *holder) {
  const xhr__transferable *type = holder->type;
  if (!type)
    return xhr__item_array_buffer(realm, &holder->item);
  unsigned exposed = type->interface->exposed;
  if (exposed != 0 && !(exposed & realm->global_kind))
    return xhr__throw(realm, "DataCloneError", "there is no %s here", type->interface->name);
  void *data = holder->item.pointer;
  holder->item.pointer = NULL;
  return type->receive(realm, data);
}

/* Steps 2 to 3. The ports among what was received are put into `ports`, an Array, too, or JS_UNDEFINED. */
static bool receive_all(xhr__deserializer *deserializer, JSValueConst ports) {
  xhr__serialized *in = deserializer->in;
  for (size_t i = 0; i < in->transfer_count; i++) {
    JSValue value = receive(deserializer->realm, &in->transfers[i]);
    bool is_port = in->transfers[i].type == &xhr__message_port_transferable;
    if (!xhr__deserializer_remember(deserializer, value) ||
        (is_port && JS_IsObject(ports) &&
         !xhr__array_append(deserializer->realm, ports,
                            JS_DupValue(deserializer->realm->js, value))))
      return false;
  }
  return true;
}

JSValue xhr__structured_deserialize(xhr__realm *realm, xhr__serialized *serialized,
                                    JSValue *ports) {
  xhr__deserializer deserializer = {.realm = realm, .in = serialized};
  JSValue list = ports ? JS_NewArray(realm->js) : JS_UNDEFINED;
  JSValue value = JS_EXCEPTION;
  /* 1. - 5. */
  if (!JS_IsException(list) && receive_all(&deserializer, list))
    value = xhr__deserializer_run(&deserializer);
  if (ports && !JS_IsException(value) && !xhr__array_freeze(realm, list)) {
    JS_FreeValue(realm->js, value);
    value = JS_EXCEPTION;
  }
  if (JS_IsException(value)) {
    JS_FreeValue(realm->js, list);
    list = JS_UNDEFINED;
  }
  if (ports)
    *ports = list;
  xhr__deserializer_free(&deserializer);
  xhr__serialized_free(serialized);
  return value;
}

/* Reads what a local serializer has written. */
static JSValue deserialize_local(const xhr__serializer *serializer) {
  xhr__deserializer deserializer = {.realm = serializer->realm,
                                    .in = serializer->out,
                                    .strings = serializer->strings,
                                    .names = serializer->names,
                                    .name_count = serializer->name_count};
  JSValue value = JS_EXCEPTION;
  if (receive_all(&deserializer, JS_UNDEFINED))
    value = xhr__deserializer_run(&deserializer);
  /* They are the serializer's. */
  deserializer.names = NULL;
  deserializer.name_count = 0;
  xhr__deserializer_free(&deserializer);
  return value;
}

JSValue xhr__structured_copy(xhr__realm *realm, JSValueConst value, const JSValueConst *list,
                             size_t count) {
  xhr__serialized serialized = {0};
  xhr__serializer serializer = {.realm = realm, .out = &serialized, .local = true};
  JSValue copy = JS_EXCEPTION;
  if (serialize(&serializer, value, list, count))
    copy = deserialize_local(&serializer);
  free_contents(&serialized);
  xhr__serializer_free(&serializer);
  return copy;
}

/* ---- transfer lists --------------------------------------------------------------------------------------------- */

typedef struct list_builder {
  xhr__transfer_list *list;
  size_t capacity;
} list_builder;

static bool add_to_list(xhr__realm *realm, JSValueConst item, void *user) {
  list_builder *builder = user;
  xhr__transfer_list *list = builder->list;
  void *items = list->items;
  if (!JS_IsObject(item)) {
    JS_ThrowTypeError(realm->js, "transfer: what is to be transferred is no object");
    return false;
  }
  if (!xhr__grow(&items, &builder->capacity, list->count + 1, sizeof *list->items)) {
    JS_ThrowOutOfMemory(realm->js);
    return false;
  }
  list->items = items;
  list->items[list->count++] = JS_DupValue(realm->js, item);
  return true;
}

bool xhr__transfer_sequence_of(xhr__realm *realm, JSValueConst sequence, xhr__transfer_list *list) {
  list_builder builder = {.list = list};
  *list = (xhr__transfer_list){0};
  bool done = xhr__each_of_sequence(realm, sequence, "transfer", add_to_list, &builder);
  if (!done)
    xhr__transfer_list_free(realm, list);
  return done;
}

/* https://html.spec.whatwg.org/#structuredserializeoptions */
bool xhr__transfer_option_of(xhr__realm *realm, JSValueConst options, xhr__transfer_list *list) {
  JSValue sequence;
  *list = (xhr__transfer_list){0};
  if (!xhr__dictionary_get(realm, options, "transfer", &sequence))
    return false;
  bool done = JS_IsUndefined(sequence) || xhr__transfer_sequence_of(realm, sequence, list);
  JS_FreeValue(realm->js, sequence);
  return done;
}

/* https://webidl.spec.whatwg.org/#es-overloads: an object with an iterator is the sequence, any other the options. */
bool xhr__transfer_list_of(xhr__realm *realm, JSValueConst argument, xhr__transfer_list *list) {
  list_builder builder = {.list = list};
  *list = (xhr__transfer_list){0};
  JSValue method = xhr__iterator_method(realm, argument);
  if (JS_IsException(method))
    return false;
  if (JS_IsUndefined(method))
    return xhr__transfer_option_of(realm, argument, list);
  bool done = xhr__each_of_iterable(realm, argument, method, add_to_list, &builder);
  JS_FreeValue(realm->js, method);
  if (!done)
    xhr__transfer_list_free(realm, list);
  return done;
}

void xhr__transfer_list_free(xhr__realm *realm, xhr__transfer_list *list) {
  for (size_t i = 0; i < list->count; i++)
    JS_FreeValue(realm->js, list->items[i]);
  xhr__free(list->items);
  *list = (xhr__transfer_list){0};
}
