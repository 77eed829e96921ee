/* https://html.spec.whatwg.org/#named-access-on-the-window-object
 * NOTE: of the named objects there are the elements with an ID; child navigables there are none. */
#include "dom/node.h"
#include "infra/alloc.h"
#include "runtime/document_binding.h"
#include "runtime/legacy_platform_object.h"
#include "runtime/window.h"

typedef struct window_properties {
  xhr__platform_object object;
} window_properties;

static void finalize(JSRuntime *runtime, void *object) {
  (void)runtime;
  xhr__free(object);
}

/* https://html.spec.whatwg.org/#dom-window-nameditem-filter: its ID, or the name of those that may have one. */
static bool is_named(const lxb_dom_node_t *node, xhr__str name) {
  static const lxb_tag_id_t with_names[] = {LXB_TAG_EMBED, LXB_TAG_FORM, LXB_TAG_IMG,
                                            LXB_TAG_OBJECT};
  const lxb_dom_element_t *element = lxb_dom_interface_element((lxb_dom_node_t *)node);
  xhr__str value;
  if (xhr__element_attribute(element, XHR__STR("id"), &value) && xhr__str_equals(value, name))
    return true;
  for (size_t i = 0; i < sizeof with_names / sizeof *with_names; i++) {
    if (xhr__node_is_html(node, with_names[i]))
      return xhr__element_attribute(element, XHR__STR("name"), &value) &&
             xhr__str_equals(value, name);
  }
  return false;
}

/* https://html.spec.whatwg.org/#dom-window-nameditem
 * DEVIATION: of several objects it is the first one, and no HTMLCollection of them: nothing but old pages wants that. */
static JSValue named(xhr__realm *realm, void *self, xhr__str name) {
  const xhr__document *document = xhr__document_of(xhr__window_of(realm)->document);
  (void)self;
  if (!document || name.len == 0)
    return JS_UNDEFINED;
  const lxb_dom_node_t *root = xhr__document_node(document);
  for (lxb_dom_node_t *node = xhr__node_following(root, root); node;
       node = xhr__node_following(node, root)) {
    if (xhr__node_is_element(node) && is_named(node, name))
      return xhr__node_wrap(realm, node);
  }
  return JS_UNDEFINED;
}

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

JSValue xhr__window_properties_new(xhr__realm *realm) {
  window_properties *self = XHR__NEW(window_properties);
  if (!self)
    return JS_ThrowOutOfMemory(realm->js);
  JSValue value =
      xhr__platform_object_new(realm, &xhr__window_properties_interface, JS_UNDEFINED, self);
  JSValue prototype = xhr__interface_prototype(realm, &xhr__event_target_interface);
  if (!JS_IsException(value) &&
      (JS_IsException(prototype) || JS_SetPrototype(realm->js, value, prototype) < 0)) {
    JS_FreeValue(realm->js, value);
    value = JS_EXCEPTION;
  }
  JS_FreeValue(realm->js, prototype);
  return value;
}
