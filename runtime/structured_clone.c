/* https://html.spec.whatwg.org/#structuredserializeinternal and https://html.spec.whatwg.org/#structureddeserialize in one:
 * what the former finds the latter makes at once, so that no serialization is needed in between. The order in which
 * getters run is the same. Objects wait for their parts on a stack of frames, not on the machine's. */
#include "runtime/structured_clone.h"

#include "infra/alloc.h"
#include "runtime/convert.h"
#include "runtime/sequence.h"

/* ---- memory ----------------------------------------------------------------------------------------------------- */

/* Where the object is, or where it belongs. */
static xhr__clone_pair *place_of(xhr__clone_pair *places, size_t count, JSValueConst object) {
  uintptr_t hash = (uintptr_t)JS_VALUE_GET_PTR(object);
  size_t i = (size_t)((hash >> 4) * 0x9E3779B97F4A7C15u >> 20) & (count - 1);
  while (!JS_IsUndefined(places[i].source) &&
         JS_VALUE_GET_PTR(places[i].source) != JS_VALUE_GET_PTR(object))
    i = (i + 1) & (count - 1);
  return &places[i];
}

/* The object's clone, borrowed; JS_UNDEFINED. */
static JSValueConst remembered(const xhr__cloner *cloner, JSValueConst object) {
  if (cloner->place_count == 0)
    return JS_UNDEFINED;
  xhr__clone_pair *place = place_of(cloner->memory, cloner->place_count, object);
  return JS_IsUndefined(place->source) ? JS_UNDEFINED : place->clone;
}

static bool grow(xhr__cloner *cloner) {
  if (cloner->pair_count * 4 < cloner->place_count * 3)
    return true;
  size_t count = cloner->place_count ? cloner->place_count * 2 : 16;
  xhr__clone_pair *places = xhr__calloc(count, sizeof *places);
  if (!places)
    return false;
  for (size_t i = 0; i < count; i++)
    places[i].source = JS_UNDEFINED;
  for (size_t i = 0; i < cloner->place_count; i++) {
    xhr__clone_pair *pair = &cloner->memory[i];
    if (!JS_IsUndefined(pair->source))
      *place_of(places, count, pair->source) = *pair;
  }
  xhr__free(cloner->memory);
  cloner->memory = places;
  cloner->place_count = count;
  return true;
}

/* False where it threw. */
static bool remember(xhr__cloner *cloner, JSValueConst object, JSValueConst clone) {
  JSContext *js = cloner->realm->js;
  if (!grow(cloner)) {
    JS_ThrowOutOfMemory(js);
    return false;
  }
  *place_of(cloner->memory, cloner->place_count, object) =
      (xhr__clone_pair){JS_DupValue(js, object), JS_DupValue(js, clone)};
  cloner->pair_count++;
  return true;
}

/* ---- frames ----------------------------------------------------------------------------------------------------- */

static void free_frame(JSContext *js, const xhr__clone_frame *frame) {
  for (uint32_t i = 0; frame->keys && i < frame->count; i++)
    JS_FreeAtom(js, frame->keys[i].atom);
  js_free(js, frame->keys);
  JS_FreeValue(js, frame->list);
  JS_FreeValue(js, frame->key);
  JS_FreeValue(js, frame->source);
  JS_FreeValue(js, frame->target);
}

static void free_cloner(xhr__cloner *cloner) {
  JSContext *js = cloner->realm->js;
  while (cloner->frame_count > 0)
    free_frame(js, &cloner->frames[--cloner->frame_count]);
  xhr__free(cloner->frames);
  for (size_t i = 0; i < cloner->place_count; i++) {
    if (JS_IsUndefined(cloner->memory[i].source))
      continue;
    JS_FreeValue(js, cloner->memory[i].source);
    JS_FreeValue(js, cloner->memory[i].clone);
  }
  xhr__free(cloner->memory);
}

/* What of the source has to be gone through: its list of items, or its keys. False where it threw. */
static bool list_parts(xhr__cloner *cloner, xhr__clone_frame *frame) {
  xhr__realm *realm = cloner->realm;
  JSContext *js = realm->js;
  frame->is_map = xhr__is_class(realm, frame->source, XHR__CLASS_MAP);
  if (!frame->is_map && !xhr__is_class(realm, frame->source, XHR__CLASS_SET))
    return JS_GetOwnPropertyNames(js, &frame->keys, &frame->count, frame->source,
                                  JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY) >= 0;
  xhr__intrinsic lister = frame->is_map ? XHR__INTRINSIC_MAP_LIST : XHR__INTRINSIC_SET_LIST;
  frame->list = xhr__call_intrinsic(realm, lister, JS_UNDEFINED, 1, &frame->source);
  if (JS_IsException(frame->list))
    return false;
  JSValue length = JS_GetPropertyStr(js, frame->list, "length");
  return JS_ToUint32(js, &frame->count, length) == 0;
}

static bool push_frame(xhr__cloner *cloner, JSValueConst source, JSValueConst target) {
  JSContext *js = cloner->realm->js;
  void *frames = cloner->frames;
  if (!xhr__grow(&frames, &cloner->frame_capacity, cloner->frame_count + 1,
                 sizeof *cloner->frames)) {
    JS_ThrowOutOfMemory(js);
    return false;
  }
  cloner->frames = frames;
  xhr__clone_frame *frame = &cloner->frames[cloner->frame_count++];
  *frame = (xhr__clone_frame){.source = JS_DupValue(js, source),
                              .target = JS_DupValue(js, target),
                              .list = JS_UNDEFINED,
                              .key = JS_UNINITIALIZED};
  return list_parts(cloner, frame);
}

JSValue xhr__clone_value(xhr__cloner *cloner, JSValueConst value) {
  JSContext *js = cloner->realm->js;
  /* 4. Primitives; 5. symbols. */
  if (JS_IsSymbol(value))
    return xhr__throw(cloner->realm, "DataCloneError", "a symbol cannot be cloned");
  if (!JS_IsObject(value))
    return JS_DupValue(js, value);
  /* 2. */
  JSValueConst known = remembered(cloner, value);
  if (!JS_IsUndefined(known))
    return JS_DupValue(js, known);
  bool has_parts = false;
  JSValue clone = xhr__clone_shell(cloner, value, &has_parts);
  if (JS_IsException(clone))
    return clone;
  /* 25 to 26. */
  if (remember(cloner, value, clone) && (!has_parts || push_frame(cloner, value, clone)))
    return clone;
  JS_FreeValue(js, clone);
  return JS_EXCEPTION;
}

/* 26.4 of an object: its next property. */
static bool clone_property(xhr__cloner *cloner, JSValueConst source, JSValueConst target,
                           JSAtom key) {
  JSContext *js = cloner->realm->js;
  /* A getter may have removed it. */
  int found = JS_GetOwnProperty(js, NULL, source, key);
  if (found <= 0)
    return found == 0;
  JSValue value = JS_GetProperty(js, source, key);
  JSValue clone = JS_IsException(value) ? JS_EXCEPTION : xhr__clone_value(cloner, value);
  JS_FreeValue(js, value);
  return !JS_IsException(clone) &&
         JS_DefinePropertyValue(js, target, key, clone, JS_PROP_C_W_E) >= 0;
}

/* 26.1 to 26.2: the next item of a Map or Set. What was cloned has a place of its own already, wherever its parts are. */
static bool clone_item(xhr__cloner *cloner, size_t frame_index) {
  JSContext *js = cloner->realm->js;
  xhr__clone_frame *frame = &cloner->frames[frame_index];
  JSValue item = JS_GetPropertyUint32(js, frame->list, frame->index++);
  JSValue clone = JS_IsException(item) ? JS_EXCEPTION : xhr__clone_value(cloner, item);
  JS_FreeValue(js, item);
  if (JS_IsException(clone))
    return false;
  frame = &cloner->frames[frame_index];
  if (frame->is_map && JS_IsUninitialized(frame->key)) {
    frame->key = clone;
    return true;
  }
  JSValueConst arguments[] = {frame->is_map ? frame->key : clone, clone};
  JSValue result = xhr__call_intrinsic(
      cloner->realm, frame->is_map ? XHR__INTRINSIC_MAP_SET : XHR__INTRINSIC_SET_ADD, frame->target,
      frame->is_map ? 2 : 1, arguments);
  JS_FreeValue(js, clone);
  JS_FreeValue(js, frame->key);
  frame->key = JS_UNINITIALIZED;
  JS_FreeValue(js, result);
  return !JS_IsException(result);
}

/* Clones all parts of all objects. */
static bool clone_parts(xhr__cloner *cloner) {
  while (cloner->frame_count > 0) {
    size_t top = cloner->frame_count - 1;
    xhr__clone_frame *frame = &cloner->frames[top];
    if (frame->index == frame->count) {
      cloner->frame_count--;
      free_frame(cloner->realm->js, &cloner->frames[top]);
    } else if (!frame->keys) {
      if (!clone_item(cloner, top))
        return false;
    } else {
      /* The frames may move, these stay. */
      JSAtom key = frame->keys[frame->index++].atom;
      if (!clone_property(cloner, frame->source, frame->target, key))
        return false;
    }
  }
  return true;
}

/* ---- transfer --------------------------------------------------------------------------------------------------- */

/* Steps 2 of https://html.spec.whatwg.org/#structuredserializewithtransfer for one item. */
static bool add_transfer(xhr__realm *realm, JSValueConst item, void *user) {
  xhr__cloner *cloner = user;
  if (!JS_IsObject(item)) {
    JS_ThrowTypeError(realm->js, "structuredClone: what is to be transferred is no object");
    return false;
  }
  bool has_parts;
  if (xhr__buffer_kind_of(realm, item) != XHR__ARRAY_BUFFER) {
    (void)xhr__throw(realm, "DataCloneError", "an object that cannot be transferred");
    return false;
  }
  if (!JS_IsUndefined(remembered(cloner, item))) {
    (void)xhr__throw(realm, "DataCloneError", "an ArrayBuffer that is to be transferred twice");
    return false;
  }
  JSValue clone = xhr__clone_shell(cloner, item, &has_parts);
  bool done = !JS_IsException(clone) && remember(cloner, item, clone);
  JS_FreeValue(realm->js, clone);
  return done;
}

/* Step 5 for all: they have nothing but the memory's pairs so far, `transferred` of them.
 * NOTE: the engine does not give a buffer's memory away: what is transferred is copied, then detached. */
static bool transfer(xhr__realm *realm, const xhr__clone_pair *pairs, size_t count) {
  for (size_t i = 0; i < count; i++) {
    size_t from_len, to_len;
    uint8_t *from = JS_GetArrayBuffer(realm->js, &from_len, pairs[i].source);
    if (!from) {
      JS_FreeValue(realm->js, JS_GetException(realm->js));
      (void)xhr__throw(realm, "DataCloneError", "an ArrayBuffer that is detached");
      return false;
    }
    uint8_t *to = JS_GetArrayBuffer(realm->js, &to_len, pairs[i].clone);
    /* A getter may have written to it since it was copied. */
    memcpy(to, from, from_len < to_len ? from_len : to_len);
    JS_DetachArrayBuffer(realm->js, pairs[i].source);
  }
  return true;
}

/* Copies of the memory's pairs, which are what is to be transferred. The caller frees the array. */
static xhr__clone_pair *list_transfers(const xhr__cloner *cloner) {
  xhr__clone_pair *pairs = xhr__calloc(cloner->pair_count + 1, sizeof *pairs);
  size_t count = 0;
  for (size_t i = 0; pairs && i < cloner->place_count; i++) {
    if (!JS_IsUndefined(cloner->memory[i].source))
      pairs[count++] = cloner->memory[i];
  }
  return pairs;
}

static JSValue clone_and_transfer(xhr__cloner *cloner, JSValueConst value) {
  xhr__realm *realm = cloner->realm;
  size_t transfer_count = cloner->pair_count;
  xhr__clone_pair *transfers = list_transfers(cloner);
  if (!transfers)
    return JS_ThrowOutOfMemory(realm->js);
  JSValue clone = xhr__clone_value(cloner, value);
  if (!JS_IsException(clone) &&
      (!clone_parts(cloner) || !transfer(realm, transfers, transfer_count))) {
    JS_FreeValue(realm->js, clone);
    clone = JS_EXCEPTION;
  }
  xhr__free(transfers);
  return clone;
}

/* https://html.spec.whatwg.org/#dom-structuredclone */
JSValue xhr__structured_clone(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                              JSValueConst *argv) {
  xhr__cloner cloner = {.realm = realm};
  JSValue list, clone = JS_EXCEPTION;
  (void)self, (void)this_value;
  if (!xhr__dictionary_get(realm, argc > 1 ? argv[1] : JS_UNDEFINED, "transfer", &list))
    return JS_EXCEPTION;
  if (JS_IsUndefined(list) ||
      xhr__each_of_sequence(realm, list, "structuredClone: transfer", add_transfer, &cloner))
    clone = clone_and_transfer(&cloner, argv[0]);
  JS_FreeValue(realm->js, list);
  free_cloner(&cloner);
  return clone;
}
