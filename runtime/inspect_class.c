#include "runtime/inspector.h"

/* How many items of a collection, and bytes of a buffer, are shown. */
enum { MOST_ITEMS = 100, MOST_BYTES = 50 };

/* Takes over the value. */
static void add_one(xhr__inspector *inspector, xhr__inspect_entries *entries, JSValue value) {
  xhr__bytes *entry = xhr__entries_add(inspector, entries);
  if (entry)
    xhr__show(inspector, entry, value);
  JS_FreeValue(inspector->js, value);
}

/* "key => value". Takes over both values. */
static void add_two(xhr__inspector *inspector, xhr__inspect_entries *entries, JSValue left,
                    const char *between, JSValue right) {
  xhr__bytes *entry = xhr__entries_add(inspector, entries);
  if (entry) {
    xhr__show(inspector, entry, left);
    xhr__show_text(inspector, entry, between);
    xhr__show(inspector, entry, right);
  }
  JS_FreeValue(inspector->js, left);
  JS_FreeValue(inspector->js, right);
}

static void add_text(xhr__inspector *inspector, xhr__inspect_entries *entries, const char *text) {
  xhr__bytes *entry = xhr__entries_add(inspector, entries);
  if (entry)
    xhr__show_text(inspector, entry, text);
}

/* "name: value"; takes over the value. */
static void add_named(xhr__inspector *inspector, xhr__inspect_entries *entries, const char *name,
                      JSValue value) {
  xhr__bytes *entry = xhr__entries_add(inspector, entries);
  if (entry) {
    xhr__show_format(inspector, entry, "%s: ", name);
    xhr__show(inspector, entry, value);
  }
  JS_FreeValue(inspector->js, value);
}

/* A Map's or Set's. */
static void add_collection(xhr__inspector *inspector, JSValueConst collection, bool is_map,
                           xhr__inspect_entries *entries) {
  JSContext *js = inspector->js;
  xhr__intrinsic lister = is_map ? XHR__INTRINSIC_MAP_LIST : XHR__INTRINSIC_SET_LIST;
  JSValue list = xhr__call_intrinsic(inspector->realm, lister, JS_UNDEFINED, 1, &collection);
  if (JS_IsException(list)) {
    xhr__forget_exception(js);
    return;
  }
  int64_t length = 0, step = is_map ? 2 : 1, i = 0;
  JSValue length_value = JS_GetPropertyStr(js, list, "length");
  (void)JS_ToInt64(js, &length, length_value);
  for (; i < length && i < step * MOST_ITEMS; i += step) {
    JSValue item = JS_GetPropertyUint32(js, list, (uint32_t)i);
    if (is_map)
      add_two(inspector, entries, item, " => ", JS_GetPropertyUint32(js, list, (uint32_t)i + 1));
    else
      add_one(inspector, entries, item);
  }
  xhr__add_more(inspector, entries, (length - i) / step, "items");
  JS_FreeValue(js, list);
}

static void add_promise(xhr__inspector *inspector, JSValueConst promise,
                        xhr__inspect_entries *entries) {
  JSPromiseStateEnum state = JS_PromiseState(inspector->js, promise);
  if (state == JS_PROMISE_PENDING) {
    add_text(inspector, entries, "<pending>");
    return;
  }
  JSValue result = JS_PromiseResult(inspector->js, promise);
  xhr__bytes *entry = xhr__entries_add(inspector, entries);
  if (entry) {
    xhr__show_text(inspector, entry, state == JS_PROMISE_REJECTED ? "<rejected> " : "");
    xhr__show(inspector, entry, result);
  }
  JS_FreeValue(inspector->js, result);
}

/* "[Uint8Contents]: <01 02 …>, byteLength: 3" */
static void add_buffer(xhr__inspector *inspector, xhr__str bytes, xhr__inspect_entries *entries) {
  xhr__bytes *entry = xhr__entries_add(inspector, entries);
  if (entry) {
    xhr__show_text(inspector, entry, "[Uint8Contents]: <");
    for (size_t i = 0; i < bytes.len && i < MOST_BYTES; i++)
      xhr__show_format(inspector, entry, "%s%02x", i ? " " : "", xhr__str_at(bytes, i));
    if (bytes.len > MOST_BYTES)
      xhr__show_format(inspector, entry, " ... %zu more bytes", bytes.len - MOST_BYTES);
    xhr__show_text(inspector, entry, ">");
  }
  add_named(inspector, entries, "byteLength", JS_NewInt64(inspector->js, (int64_t)bytes.len));
}

/* ---- libxhr's own objects --------------------------------------------------------------------------------------- */

/* A getter that costs memory or has an effect. */
static bool is_costly(const char *name) {
  return strcmp(name, "response") == 0 || strcmp(name, "responseText") == 0 ||
         strcmp(name, "responseXML") == 0 || strcmp(name, "srcElement") == 0;
}

/* Attributes, those of the interfaces that it inherits from first. */
static void add_attributes(xhr__inspector *inspector, const xhr__interface *interface, void *self,
                           JSValueConst value, xhr__inspect_entries *entries) {
  if (interface->inherits)
    add_attributes(inspector, interface->inherits, self, value, entries);
  for (size_t i = 0; i < interface->member_count; i++) {
    const xhr__member *member = &interface->members[i];
    bool is_attribute = member->kind == XHR__ATTRIBUTE || member->kind == XHR__UNFORGEABLE;
    if (!is_attribute || is_costly(member->name))
      continue;
    JSValue attribute = member->get(inspector->realm, self, value);
    if (JS_IsException(attribute))
      xhr__forget_exception(inspector->js);
    else
      add_named(inspector, entries, member->name, attribute);
  }
}

static const xhr__member *find_member(const xhr__interface *interface, xhr__member_kind kind,
                                      const char *name) {
  for (size_t i = 0; i < interface->member_count; i++) {
    const xhr__member *member = &interface->members[i];
    if (member->kind == kind && strcmp(member->name, name) == 0)
      return member;
  }
  return NULL;
}

/* [name, value] of an iterator's result: true where there is one. Takes over the result. */
static bool add_pair(xhr__inspector *inspector, JSValue result, xhr__inspect_entries *entries) {
  JSContext *js = inspector->js;
  JSValue done = JS_GetPropertyStr(js, result, "done");
  JSValue pair = JS_GetPropertyStr(js, result, "value");
  bool is_pair = !JS_ToBool(js, done) && JS_IsObject(pair);
  if (is_pair)
    add_two(inspector, entries, JS_GetPropertyUint32(js, pair, 0), " => ",
            JS_GetPropertyUint32(js, pair, 1));
  JS_FreeValue(js, pair);
  JS_FreeValue(js, done);
  JS_FreeValue(js, result);
  return is_pair;
}

/* The pairs of an iterable interface. */
static void add_pairs(xhr__inspector *inspector, const xhr__member *operation, void *self,
                      JSValueConst value, xhr__inspect_entries *entries) {
  JSContext *js = inspector->js;
  void *iterator_self;
  JSValue iterator = operation->call(inspector->realm, self, value, 0, NULL);
  const xhr__interface *interface =
      JS_IsException(iterator) ? NULL : xhr__interface_of(iterator, &iterator_self);
  const xhr__member *next = interface ? find_member(interface, XHR__OPERATION, "next") : NULL;
  while (next && entries->count < MOST_ITEMS) {
    JSValue result = next->call(inspector->realm, iterator_self, iterator, 0, NULL);
    if (JS_IsException(result) || !add_pair(inspector, result, entries))
      break;
  }
  if (JS_HasException(js))
    xhr__forget_exception(js);
  JS_FreeValue(js, iterator);
}

static void add_platform_object(xhr__inspector *inspector, const xhr__interface *interface,
                                void *self, JSValueConst value, xhr__inspect_entries *entries) {
  const xhr__member *pairs = find_member(interface, XHR__ITERATOR, "entries");
  if (pairs)
    pairs = find_member(interface, XHR__OPERATION, "entries");
  if (pairs)
    add_pairs(inspector, pairs, self, value, entries);
  else if (!interface->is_iterator)
    add_attributes(inspector, interface, self, value, entries);
}

void xhr__add_class_entries(xhr__inspector *inspector, JSValueConst object,
                            xhr__inspect_entries *entries) {
  xhr__realm *realm = inspector->realm;
  xhr__str bytes;
  void *self;
  const xhr__interface *interface = xhr__interface_of(object, &self);
  if (interface) {
    add_platform_object(inspector, interface, self, object, entries);
  } else if (xhr__is_class(realm, object, XHR__CLASS_MAP)) {
    add_collection(inspector, object, true, entries);
  } else if (xhr__is_class(realm, object, XHR__CLASS_SET)) {
    add_collection(inspector, object, false, entries);
  } else if (xhr__is_class(realm, object, XHR__CLASS_PROMISE)) {
    add_promise(inspector, object, entries);
  } else if (xhr__is_class(realm, object, XHR__CLASS_WEAK_MAP) ||
             xhr__is_class(realm, object, XHR__CLASS_WEAK_SET)) {
    add_text(inspector, entries, "<items unknown>");
  } else if (xhr__buffer_source_bytes(realm, object, &bytes) != XHR__NO_BUFFER) {
    add_buffer(inspector, bytes, entries);
  }
}
