/* https://html.spec.whatwg.org/#named-access-on-the-window-object
 * NOTE: of the named objects there are the elements with an ID; child navigables there are none. */
#include "dom/node.h"
#include "infra/alloc.h"
#include "runtime/document_binding.h"
#include "runtime/legacy_platform_object.h"
#include "runtime/window.h"

enum { HASHES = 65536 };

typedef struct window_properties {
  xhr__platform_object object;
  /* A bit for each hash that a name in the document has, so that the many names that are none cost no look at all of it. */
  uint64_t version; /* of the document that they are of; UINT64_MAX: none yet */
  uint64_t hashes[HASHES / 64];
} window_properties;

static void finalize(JSRuntime *runtime, void *object) {
  (void)runtime;
  xhr__free(object);
}

/* ---- names ------------------------------------------------------------------------------------------------------- */

/* The two names that https://html.spec.whatwg.org/#dom-window-nameditem-filter looks at; empty where there is none: the ID, and
 * the name of elements that may have one. */
typedef struct element_names {
  xhr__str id, name;
} element_names;

static element_names names_of(const lxb_dom_node_t *node) {
  static const lxb_tag_id_t with_names[] = {LXB_TAG_EMBED, LXB_TAG_FORM, LXB_TAG_IMG,
                                            LXB_TAG_OBJECT};
  const lxb_dom_element_t *element = lxb_dom_interface_element((lxb_dom_node_t *)node);
  element_names names = {0};
  if (!xhr__node_is_element(node))
    return names;
  (void)xhr__element_attribute(element, XHR__STR("id"), &names.id);
  for (size_t i = 0; i < sizeof with_names / sizeof *with_names; i++) {
    if (xhr__node_is_html(node, with_names[i]))
      (void)xhr__element_attribute(element, XHR__STR("name"), &names.name);
  }
  return names;
}

/* FNV-1a */
static uint32_t hash_of(xhr__str name) {
  uint32_t hash = 2166136261u;
  for (size_t i = 0; i < name.len; i++)
    hash = (hash ^ xhr__str_at(name, i)) * 16777619u;
  return (hash ^ hash >> 16) % HASHES;
}

static void add_hash(window_properties *self, xhr__str name) {
  uint32_t hash = hash_of(name);
  if (name.len > 0)
    self->hashes[hash / 64] |= UINT64_C(1) << hash % 64;
}

/* Whether an element may have that name. */
static bool may_be_named(window_properties *self, const xhr__document *document, xhr__str name) {
  const lxb_dom_node_t *root = xhr__document_node(document);
  if (self->version != document->version) {
    memset(self->hashes, 0, sizeof self->hashes);
    self->version = document->version;
    for (lxb_dom_node_t *node = xhr__node_following(root, root); node;
         node = xhr__node_following(node, root)) {
      element_names names = names_of(node);
      add_hash(self, names.id);
      add_hash(self, names.name);
    }
  }
  uint32_t hash = hash_of(name);
  return (self->hashes[hash / 64] >> hash % 64 & 1) != 0;
}

/* https://html.spec.whatwg.org/#dom-window-nameditem
 * DEVIATION: of several objects it is the first one, and no HTMLCollection of them: nothing but old pages wants that. */
static JSValue named(xhr__realm *realm, void *self, xhr__str name) {
  const xhr__document *document = xhr__document_of(xhr__window_of(realm)->document);
  if (!document || name.len == 0 || !may_be_named(self, document, name))
    return JS_UNDEFINED;
  const lxb_dom_node_t *root = xhr__document_node(document);
  for (lxb_dom_node_t *node = xhr__node_following(root, root); node;
       node = xhr__node_following(node, root)) {
    element_names names = names_of(node);
    if (xhr__str_equals(names.id, name) || xhr__str_equals(names.name, name))
      return xhr__node_wrap(realm, node);
  }
  return JS_UNDEFINED;
}

/* ---- the object -------------------------------------------------------------------------------------------------- */

static const xhr__legacy_properties legacy = {
    .named = named,
    .unenumerable = true,
    .is_named_properties_object = true,
};

const xhr__interface xhr__window_properties_interface = {
    .name = "WindowProperties",
    .hidden = true,
    .exposed = XHR__EXPOSED_WINDOW,
    .legacy = &legacy,
    .finalize = finalize,
};

/* Its prototype and tag. False where it threw. */
static bool define(xhr__realm *realm, JSValueConst value) {
  JSContext *js = realm->js;
  JSValue prototype = xhr__interface_prototype(realm, &xhr__event_target_interface);
  JSValue symbols = JS_GetPropertyStr(js, realm->global, "Symbol");
  JSValue tag = JS_GetPropertyStr(js, symbols, "toStringTag");
  JSAtom key = JS_ValueToAtom(js, tag);
  bool done = !JS_IsException(prototype) && key != JS_ATOM_NULL &&
              JS_DefinePropertyValue(js, value, key, JS_NewString(js, "WindowProperties"),
                                     JS_PROP_CONFIGURABLE) >= 0 &&
              JS_SetPrototype(js, value, prototype) >= 0;
  JS_FreeAtom(js, key);
  JS_FreeValue(js, tag);
  JS_FreeValue(js, symbols);
  JS_FreeValue(js, prototype);
  return done;
}

JSValue xhr__window_properties_new(xhr__realm *realm) {
  window_properties *self = XHR__NEW(window_properties);
  if (!self)
    return JS_ThrowOutOfMemory(realm->js);
  self->version = UINT64_MAX;
  JSValue value =
      xhr__platform_object_new(realm, &xhr__window_properties_interface, JS_UNDEFINED, self);
  if (JS_IsException(value) || define(realm, value))
    return value;
  JS_FreeValue(realm->js, value);
  return JS_EXCEPTION;
}
