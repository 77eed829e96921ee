/* https://url.spec.whatwg.org/#interface-urlsearchparams */
#include <stdlib.h>

#include "runtime/convert.h"
#include "runtime/iterator.h"
#include "runtime/sequence.h"
#include "runtime/url_binding.h"

typedef struct url_search_params {
  xhr__platform_object object;
  xhr__query_record *query; /* counted */
} url_search_params;

void xhr__query_record_unref(xhr__query_record *query) {
  if (--query->references > 0)
    return;
  xhr__name_values_free(&query->list);
  xhr__url_free(&query->url);
  xhr__free(query);
}

xhr_status xhr__query_record_need_list(xhr__query_record *query) {
  if (query->has_list)
    return XHR_OK;
  xhr_status status = XHR_OK;
  if (query->has_url)
    status = xhr__urlencoded_parse(xhr__url_query(&query->url), &query->list);
  query->has_list = status == XHR_OK;
  return status;
}

static void finalize(JSRuntime *runtime, void *object) {
  url_search_params *self = object;
  (void)runtime;
  xhr__query_record_unref(self->query);
  xhr__free(self);
}

static JSValue new_object(xhr__realm *realm, JSValueConst new_target, xhr__query_record *query) {
  url_search_params *self = XHR__NEW(url_search_params);
  if (!self) {
    xhr__query_record_unref(query);
    return JS_ThrowOutOfMemory(realm->js);
  }
  self->query = query;
  return xhr__platform_object_new(realm, &xhr__url_search_params_interface, new_target, self);
}

JSValue xhr__url_search_params_new(xhr__realm *realm, xhr__query_record *query) {
  return new_object(realm, JS_UNDEFINED, query);
}

bool xhr__is_url_search_params(JSValueConst value) {
  return xhr__platform_object_of(value, &xhr__url_search_params_interface) != NULL;
}

xhr_status xhr__url_search_params_serialize(JSValueConst value, xhr__bytes *out) {
  url_search_params *self = xhr__platform_object_of(value, &xhr__url_search_params_interface);
  xhr_status status = xhr__query_record_need_list(self->query);
  return status == XHR_OK ? xhr__urlencoded_serialize(&self->query->list, NULL, out) : status;
}

/* ---- the list --------------------------------------------------------------------------------------------------- */

/* The list; NULL where it threw. */
static xhr__name_values *list_of(xhr__realm *realm, void *object) {
  url_search_params *self = object;
  if (xhr__query_record_need_list(self->query) == XHR_OK)
    return &self->query->list;
  JS_ThrowOutOfMemory(realm->js);
  return NULL;
}

/* https://url.spec.whatwg.org/#concept-urlsearchparams-update */
static JSValue update(xhr__realm *realm, void *object) {
  xhr__query_record *query = ((url_search_params *)object)->query;
  /* 1. */
  if (!query->has_url)
    return JS_UNDEFINED;
  /* 2 to 4. The setter makes null of an empty one and has nothing left to encode. */
  xhr__bytes text = {0};
  xhr_status status = xhr__urlencoded_serialize(&query->list, NULL, &text);
  if (status == XHR_OK)
    status = xhr__url_set_search(&query->url, xhr__bytes_str(&text));
  xhr__bytes_free(&text);
  return status == XHR_OK ? JS_UNDEFINED : JS_ThrowOutOfMemory(realm->js);
}

/* A name, and maybe a value to go with it: what the tuples are compared with. */
typedef struct wanted {
  xhr__bytes name, value;
  bool has_value;
} wanted;

static void free_wanted(wanted *want) {
  xhr__bytes_free(&want->name);
  xhr__bytes_free(&want->value);
}

/* Converts a call's arguments: the name, and a value where there is one and it is not undefined, or `needs_value`. */
static bool read_wanted(xhr__realm *realm, int argc, JSValueConst *argv, bool needs_value,
                        wanted *out) {
  *out = (wanted){.has_value = needs_value || (argc > 1 && !JS_IsUndefined(argv[1]))};
  if (xhr__to_usv_string(realm, argv[0], &out->name) &&
      (!out->has_value || xhr__to_usv_string(realm, argv[1], &out->value)))
    return true;
  free_wanted(out);
  return false;
}

static bool is_wanted(const xhr__name_value *item, const wanted *want) {
  return xhr__str_equals(xhr__bytes_str(&item->name), xhr__bytes_str(&want->name)) &&
         (!want->has_value ||
          xhr__str_equals(xhr__bytes_str(&item->value), xhr__bytes_str(&want->value)));
}

/* The first tuple at or behind `from`, or the list's end. */
static size_t find(const xhr__name_values *list, size_t from, const wanted *want) {
  while (from < list->count && !is_wanted(&list->items[from], want))
    from++;
  return from;
}

/* Removes all of them at or behind `from`. */
static void remove_all(xhr__name_values *list, size_t from, const wanted *want) {
  size_t kept = from;
  for (size_t i = from; i < list->count; i++) {
    xhr__name_value *item = &list->items[i];
    if (is_wanted(item, want)) {
      xhr__bytes_free(&item->name);
      xhr__bytes_free(&item->value);
    } else {
      list->items[kept++] = *item;
    }
  }
  list->count = kept;
}

/* ---- construction ----------------------------------------------------------------------------------------------- */

/* The items of an inner sequence. */
typedef struct pair {
  xhr__bytes parts[2];
  size_t count;
} pair;

static bool add_part(xhr__realm *realm, JSValueConst item, void *user) {
  pair *p = user;
  xhr__bytes more = {0};
  bool done = xhr__to_usv_string(realm, item, p->count < 2 ? &p->parts[p->count] : &more);
  xhr__bytes_free(&more);
  p->count++;
  return done;
}

/* 1 of "initialize", for one inner sequence. All are converted before the sizes are looked at, so a wrong size is only
 * noted: `user` is the list, with a count of pairs. */
typedef struct pairs {
  xhr__name_values list;
  bool wrong_size;
} pairs;

static bool add_pair(xhr__realm *realm, JSValueConst item, void *user) {
  pairs *all = user;
  pair p = {0};
  bool done = xhr__each_of_sequence(realm, item, "new URLSearchParams: an item", add_part, &p);
  if (done && p.count != 2)
    all->wrong_size = true;
  else if (done && xhr__name_values_append(&all->list, xhr__bytes_str(&p.parts[0]),
                                           xhr__bytes_str(&p.parts[1])) != XHR_OK) {
    JS_ThrowOutOfMemory(realm->js);
    done = false;
  }
  xhr__bytes_free(&p.parts[0]);
  xhr__bytes_free(&p.parts[1]);
  return done;
}

static bool list_of_sequence(xhr__realm *realm, JSValueConst init, JSValueConst method,
                             xhr__name_values *list) {
  pairs all = {0};
  bool done = xhr__each_of_iterable(realm, init, method, add_pair, &all);
  if (done && all.wrong_size) {
    JS_ThrowTypeError(realm->js, "new URLSearchParams: an item is no pair of name and value");
    done = false;
  }
  *list = all.list;
  return done;
}

/* 4.2 of https://webidl.spec.whatwg.org/#js-record for one property: result[name] = value. */
static bool set_entry(xhr__realm *realm, xhr__name_values *list, const xhr__bytes *name,
                      xhr__bytes *value) {
  xhr__str text = xhr__bytes_str(name);
  /* Keys are unique, unless converting has made them equal. */
  if (xhr__str_find_str(text, 0, XHR__STR("\xEF\xBF\xBD")) < text.len) {
    const wanted same = {.name = *name};
    size_t i = find(list, 0, &same);
    if (i < list->count) {
      xhr__bytes_move(&list->items[i].value, value);
      return true;
    }
  }
  if (xhr__name_values_append(list, text, xhr__bytes_str(value)) == XHR_OK)
    return true;
  JS_ThrowOutOfMemory(realm->js);
  return false;
}

/* 4 of https://webidl.spec.whatwg.org/#js-record for one key. */
static bool add_property(xhr__realm *realm, JSValueConst init, JSAtom key, xhr__name_values *list) {
  JSContext *js = realm->js;
  JSPropertyDescriptor descriptor;
  int found = JS_GetOwnProperty(js, &descriptor, init, key);
  if (found <= 0)
    return found == 0;
  JS_FreeValue(js, descriptor.value);
  JS_FreeValue(js, descriptor.getter);
  JS_FreeValue(js, descriptor.setter);
  if (!(descriptor.flags & JS_PROP_ENUMERABLE))
    return true;
  xhr__bytes name = {0}, value = {0};
  JSValue key_value = JS_AtomToValue(js, key);
  bool done = xhr__to_usv_string(realm, key_value, &name);
  JS_FreeValue(js, key_value);
  if (done) {
    JSValue property = JS_GetProperty(js, init, key);
    done = !JS_IsException(property) && xhr__to_usv_string(realm, property, &value) &&
           set_entry(realm, list, &name, &value);
    JS_FreeValue(js, property);
  }
  xhr__bytes_free(&name);
  xhr__bytes_free(&value);
  return done;
}

static bool list_of_record(xhr__realm *realm, JSValueConst init, xhr__name_values *list) {
  JSContext *js = realm->js;
  JSPropertyEnum *keys;
  uint32_t count;
  if (JS_GetOwnPropertyNames(js, &keys, &count, init, JS_GPN_STRING_MASK | JS_GPN_SYMBOL_MASK) < 0)
    return false;
  bool done = true;
  for (uint32_t i = 0; i < count; i++) {
    done = done && add_property(realm, init, keys[i].atom, list);
    JS_FreeAtom(js, keys[i].atom);
  }
  js_free(js, keys);
  return done;
}

static bool list_of_string(xhr__realm *realm, JSValueConst init, xhr__name_values *list) {
  xhr__bytes text = {0};
  bool done = xhr__to_usv_string(realm, init, &text);
  if (done) {
    xhr__str input = xhr__bytes_str(&text);
    bool has_mark = input.len > 0 && input.data[0] == '?';
    if (xhr__urlencoded_parse(xhr__str_from(input, has_mark), list) != XHR_OK) {
      JS_ThrowOutOfMemory(realm->js);
      done = false;
    }
  }
  xhr__bytes_free(&text);
  return done;
}

/* https://url.spec.whatwg.org/#urlsearchparams-initialize, with the union's conversion. */
static bool initialize(xhr__realm *realm, JSValueConst init, xhr__name_values *list) {
  if (JS_IsUndefined(init))
    return true;
  if (!JS_IsObject(init))
    return list_of_string(realm, init, list);
  JSValue method = xhr__iterator_method(realm, init);
  if (JS_IsException(method))
    return false;
  if (JS_IsUndefined(method))
    return list_of_record(realm, init, list);
  bool done = list_of_sequence(realm, init, method, list);
  JS_FreeValue(realm->js, method);
  return done;
}

/* https://url.spec.whatwg.org/#dom-urlsearchparams-urlsearchparams */
static JSValue construct(xhr__realm *realm, JSValueConst new_target, int argc, JSValueConst *argv) {
  xhr__query_record *query = XHR__NEW(xhr__query_record);
  if (!query)
    return JS_ThrowOutOfMemory(realm->js);
  query->references = 1;
  query->has_list = true;
  if (!initialize(realm, argc > 0 ? argv[0] : JS_UNDEFINED, &query->list)) {
    xhr__query_record_unref(query);
    return JS_EXCEPTION;
  }
  return new_object(realm, new_target, query);
}

/* ---- members ---------------------------------------------------------------------------------------------------- */

static JSValue get_size(xhr__realm *realm, void *self, JSValueConst this_value) {
  const xhr__name_values *list = list_of(realm, self);
  (void)this_value;
  return list ? JS_NewInt64(realm->js, (int64_t)list->count) : JS_EXCEPTION;
}

static JSValue append(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                      JSValueConst *argv) {
  wanted given;
  (void)this_value;
  if (!read_wanted(realm, argc, argv, true, &given))
    return JS_EXCEPTION;
  xhr__name_values *list = list_of(realm, self);
  xhr_status status = XHR_OUT_OF_MEMORY;
  if (list)
    status =
        xhr__name_values_append(list, xhr__bytes_str(&given.name), xhr__bytes_str(&given.value));
  free_wanted(&given);
  return status == XHR_OK ? update(realm, self) : JS_ThrowOutOfMemory(realm->js);
}

static JSValue delete (xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                       JSValueConst *argv) {
  wanted given;
  (void)this_value;
  if (!read_wanted(realm, argc, argv, false, &given))
    return JS_EXCEPTION;
  xhr__name_values *list = list_of(realm, self);
  if (list)
    remove_all(list, 0, &given);
  free_wanted(&given);
  return list ? update(realm, self) : JS_EXCEPTION;
}

static JSValue get(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                   JSValueConst *argv) {
  wanted given;
  (void)this_value;
  if (!read_wanted(realm, argc < 1 ? argc : 1, argv, false, &given))
    return JS_EXCEPTION;
  xhr__name_values *list = list_of(realm, self);
  JSValue value = list ? JS_NULL : JS_EXCEPTION;
  if (list) {
    size_t i = find(list, 0, &given);
    if (i < list->count)
      value = xhr__from_usv_string(realm, xhr__bytes_str(&list->items[i].value));
  }
  free_wanted(&given);
  return value;
}

/* The values of all tuples of that name, as an array. */
static JSValue new_array(xhr__realm *realm, const xhr__name_values *list, const wanted *given) {
  JSContext *js = realm->js;
  JSValue array = JS_NewArray(js);
  uint32_t count = 0;
  if (JS_IsException(array))
    return array;
  for (size_t i = find(list, 0, given); i < list->count; i = find(list, i + 1, given)) {
    JSValue value = xhr__from_usv_string(realm, xhr__bytes_str(&list->items[i].value));
    if (JS_IsException(value) ||
        JS_DefinePropertyValueUint32(js, array, count++, value, JS_PROP_C_W_E) < 0) {
      JS_FreeValue(js, array);
      return JS_EXCEPTION;
    }
  }
  return array;
}

static JSValue get_all(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                       JSValueConst *argv) {
  wanted given;
  (void)this_value;
  if (!read_wanted(realm, argc < 1 ? argc : 1, argv, false, &given))
    return JS_EXCEPTION;
  const xhr__name_values *list = list_of(realm, self);
  JSValue array = list ? new_array(realm, list, &given) : JS_EXCEPTION;
  free_wanted(&given);
  return array;
}

static JSValue has(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                   JSValueConst *argv) {
  wanted given;
  (void)this_value;
  if (!read_wanted(realm, argc, argv, false, &given))
    return JS_EXCEPTION;
  const xhr__name_values *list = list_of(realm, self);
  bool found = list && find(list, 0, &given) < list->count;
  free_wanted(&given);
  return list ? JS_NewBool(realm->js, found) : JS_EXCEPTION;
}

static xhr_status set_value(xhr__name_values *list, wanted *given) {
  given->has_value = false;
  size_t first = find(list, 0, given);
  if (first == list->count)
    return xhr__name_values_append(list, xhr__bytes_str(&given->name),
                                   xhr__bytes_str(&given->value));
  xhr__bytes_move(&list->items[first].value, &given->value);
  remove_all(list, first + 1, given);
  return XHR_OK;
}

static JSValue set(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                   JSValueConst *argv) {
  wanted given;
  (void)this_value;
  if (!read_wanted(realm, argc, argv, true, &given))
    return JS_EXCEPTION;
  xhr__name_values *list = list_of(realm, self);
  xhr_status status = list ? set_value(list, &given) : XHR_OUT_OF_MEMORY;
  free_wanted(&given);
  return status == XHR_OK ? update(realm, self) : JS_ThrowOutOfMemory(realm->js);
}

typedef struct placed {
  xhr__name_value item;
  size_t place;
} placed;

/* https://infra.spec.whatwg.org/#code-unit-less-than, on UTF-8: bytes are in the order of code points, and only there
 * it differs that U+E000 to U+FFFF come behind the surrogate pairs. Equal names keep their places. */
static int compare_placed(const void *a, const void *b) {
  const placed *left = a, *right = b;
  xhr__str l = xhr__bytes_str(&left->item.name), r = xhr__bytes_str(&right->item.name);
  size_t i = 0, shorter = l.len < r.len ? l.len : r.len;
  while (i < shorter && l.data[i] == r.data[i])
    i++;
  if (i == shorter) {
    if (l.len != r.len)
      return l.len < r.len ? -1 : 1;
    return left->place < right->place ? -1 : 1;
  }
  uint8_t x = xhr__str_at(l, i), y = xhr__str_at(r, i);
  bool behind_pairs = (x >= 0xEE && x < 0xF0 && y >= 0xF0) || (y >= 0xEE && y < 0xF0 && x >= 0xF0);
  return (x < y) != behind_pairs ? -1 : 1;
}

static JSValue sort(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                    JSValueConst *argv) {
  xhr__name_values *list = list_of(realm, self);
  (void)this_value, (void)argc, (void)argv;
  if (!list)
    return JS_EXCEPTION;
  placed *items = xhr__calloc(list->count + 1, sizeof *items);
  if (!items)
    return JS_ThrowOutOfMemory(realm->js);
  for (size_t i = 0; i < list->count; i++)
    items[i] = (placed){list->items[i], i};
  qsort(items, list->count, sizeof *items, compare_placed);
  for (size_t i = 0; i < list->count; i++)
    list->items[i] = items[i].item;
  xhr__free(items);
  return update(realm, self);
}

static JSValue to_string(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                         JSValueConst *argv) {
  xhr__bytes text = {0};
  (void)self, (void)argc, (void)argv;
  xhr_status status = xhr__url_search_params_serialize(this_value, &text);
  JSValue value = status == XHR_OK ? xhr__from_usv_string(realm, xhr__bytes_str(&text))
                                   : JS_ThrowOutOfMemory(realm->js);
  xhr__bytes_free(&text);
  return value;
}

static bool value_pair(xhr__realm *realm, void *self, size_t index, JSValue *key, JSValue *value) {
  const xhr__name_values *list = list_of(realm, self);
  *key = *value = JS_UNDEFINED;
  if (!list)
    *key = JS_EXCEPTION;
  if (!list || index >= list->count)
    return !list;
  *key = xhr__from_usv_string(realm, xhr__bytes_str(&list->items[index].name));
  *value = xhr__from_usv_string(realm, xhr__bytes_str(&list->items[index].value));
  return true;
}

static const xhr__pair_iterable iterable = {&xhr__url_search_params_interface,
                                            &xhr__url_search_params_iterator_interface, value_pair};
XHR__PAIR_ITERABLE_FUNCTIONS(iterable)

static const xhr__member members[] = {
    XHR__DEFINE_READONLY("size", get_size),
    XHR__DEFINE_OPERATION("append", 2, append),
    XHR__DEFINE_OPERATION("delete", 1, delete),
    XHR__DEFINE_OPERATION("get", 1, get),
    XHR__DEFINE_OPERATION("getAll", 1, get_all),
    XHR__DEFINE_OPERATION("has", 1, has),
    XHR__DEFINE_OPERATION("set", 2, set),
    XHR__DEFINE_OPERATION("sort", 0, sort),
    XHR__DEFINE_PAIR_ITERABLE,
    XHR__DEFINE_OPERATION("toString", 0, to_string),
};

const xhr__interface xhr__url_search_params_interface = {
    .name = "URLSearchParams",
    .construct = construct,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = finalize,
};

const xhr__interface xhr__url_search_params_iterator_interface =
    XHR__PAIR_ITERATOR_INTERFACE("URLSearchParams Iterator");
