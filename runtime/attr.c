/* https://dom.spec.whatwg.org/#interface-attr and https://dom.spec.whatwg.org/#interface-namednodemap */
#include "dom/names.h"
#include "infra/alloc.h"
#include "runtime/legacy_platform_object.h"
#include "runtime/node_binding.h"

static lxb_dom_attr_t *attribute_of(void *self) {
  return lxb_dom_interface_attr(xhr__self_node(self));
}

static JSValue get_namespace_uri(xhr__realm *realm, void *self, JSValueConst this_value) {
  xhr__str namespace;
  (void)this_value;
  return xhr__node_namespace(xhr__self_node(self), &namespace)
             ? xhr__from_dom_string(realm, namespace)
             : JS_NULL;
}

static JSValue get_prefix(xhr__realm *realm, void *self, JSValueConst this_value) {
  xhr__str prefix;
  (void)this_value;
  return xhr__node_prefix(xhr__self_node(self), &prefix) ? xhr__from_dom_string(realm, prefix)
                                                         : JS_NULL;
}

static JSValue get_local_name(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_dom_string(realm, xhr__attribute_local_name(attribute_of(self)));
}

static JSValue get_name(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_dom_string(realm, xhr__attribute_qualified_name(attribute_of(self)));
}

static JSValue get_value(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_dom_string(realm, xhr__attribute_value(attribute_of(self)));
}

static bool set_value(xhr__realm *realm, void *self, JSValueConst this_value, JSValueConst value) {
  xhr__bytes text = {0};
  (void)this_value;
  bool done = xhr__to_dom_string(realm, value, &text);
  if (done && xhr__attribute_change(attribute_of(self), xhr__bytes_str(&text))) {
    JS_ThrowOutOfMemory(realm->js);
    done = false;
  }
  xhr__bytes_free(&text);
  return done;
}

static JSValue get_owner_element(xhr__realm *realm, void *self, JSValueConst this_value) {
  lxb_dom_element_t *owner = attribute_of(self)->owner;
  (void)this_value;
  return xhr__node_wrap(realm, owner ? &owner->node : NULL);
}

static JSValue get_specified(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)self, (void)this_value;
  return JS_NewBool(realm->js, true);
}

static const xhr__member attr_members[] = {
    XHR__DEFINE_READONLY("namespaceURI", get_namespace_uri),
    XHR__DEFINE_READONLY("prefix", get_prefix),
    XHR__DEFINE_READONLY("localName", get_local_name),
    XHR__DEFINE_READONLY("name", get_name),
    XHR__DEFINE_ATTRIBUTE("value", get_value, set_value),
    XHR__DEFINE_READONLY("ownerElement", get_owner_element),
    XHR__DEFINE_READONLY("specified", get_specified),
};

const xhr__interface xhr__attr_interface = {
    XHR__NODE_INTERFACE("Attr", &xhr__node_interface, attr_members),
};

/* https://dom.spec.whatwg.org/#concept-element-attributes-set: gives the old one. */
JSValue xhr__element_set_attr(xhr__realm *realm, lxb_dom_element_t *element, JSValueConst value) {
  if (!xhr__platform_object_of(value, &xhr__attr_interface))
    return JS_ThrowTypeError(realm->js, "the argument is no Attr");
  lxb_dom_attr_t *attribute = lxb_dom_interface_attr(xhr__node_of(value));
  xhr__str namespace;
  /* 1. - 2. */
  if (attribute->owner && attribute->owner != element)
    return xhr__throw(realm, "InUseAttributeError", "the attribute belongs to another element");
  /* 3. */
  (void)xhr__node_namespace(&attribute->node, &namespace);
  lxb_dom_attr_t *old = xhr__element_get_attribute_by_namespace(
      element, namespace, xhr__attribute_local_name(attribute));
  /* 4. */
  if (old == attribute)
    return JS_DupValue(realm->js, value);
  /* 5. */
  const char *error = xhr__node_adopt(&attribute->node, xhr__document_of_node(&element->node));
  if (error)
    return xhr__throw_dom(realm, error, "setAttributeNode");
  /* 6. - 7. */
  if (old)
    xhr__attribute_replace(old, attribute);
  else
    xhr__attribute_append(attribute, element);
  /* 8. */
  return xhr__node_wrap(realm, old ? &old->node : NULL);
}

/* ---- NamedNodeMap ----------------------------------------------------------------------------------------------- */

typedef struct named_node_map {
  xhr__platform_object object;
  JSValue element_object;
  lxb_dom_element_t *element;
} named_node_map;

static void finalize_map(JSRuntime *runtime, void *object) {
  JS_FreeValueRT(runtime, ((named_node_map *)object)->element_object);
  xhr__free(object);
}

static void mark_map(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  JS_MarkValue(runtime, ((named_node_map *)object)->element_object, mark_func);
}

static lxb_dom_element_t *element_of(void *self) {
  return ((named_node_map *)self)->element;
}

static uint32_t length_of(void *self) {
  uint32_t count = 0;
  for (const lxb_dom_attr_t *at = element_of(self)->first_attr; at; at = at->next)
    count++;
  return count;
}

static JSValue wrap(xhr__realm *realm, lxb_dom_attr_t *attribute) {
  return xhr__node_wrap(realm, attribute ? &attribute->node : NULL);
}

static JSValue item_at(xhr__realm *realm, void *self, uint32_t index) {
  lxb_dom_attr_t *attribute = element_of(self)->first_attr;
  while (attribute && index-- > 0)
    attribute = attribute->next;
  return wrap(realm, attribute);
}

static JSValue named(xhr__realm *realm, void *self, xhr__str name) {
  lxb_dom_attr_t *attribute = xhr__element_get_attribute_by_name(element_of(self), name);
  return attribute ? wrap(realm, attribute) : JS_UNDEFINED;
}

/* The supported property names. */
static bool names(void *self, xhr__bytes *out) {
  const lxb_dom_element_t *element = element_of(self);
  bool html = element->node.ns == LXB_NS_HTML && xhr__document_of_node(&element->node)->is_html;
  for (const lxb_dom_attr_t *at = element->first_attr; at; at = at->next) {
    xhr__str name = xhr__attribute_qualified_name(at);
    bool skip = xhr__element_get_attribute_by_name(element, name) != at;
    for (size_t i = 0; html && i < name.len; i++)
      skip = skip || xhr__is_ascii_upper(xhr__str_at(name, i));
    if (!skip &&
        (xhr__bytes_append(out, name) != XHR_OK || xhr__bytes_append_byte(out, 0) != XHR_OK))
      return false;
  }
  return true;
}

static JSValue get_length(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewUint32(realm->js, length_of(self));
}

static JSValue item(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                    JSValueConst *argv) {
  uint32_t index;
  (void)this_value, (void)argc;
  return xhr__to_unsigned_long(realm, argv[0], &index) ? item_at(realm, self, index) : JS_EXCEPTION;
}

static JSValue get_named_item(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                              JSValueConst *argv) {
  (void)this_value, (void)argc;
  lxb_dom_attr_t *attribute;
  return xhr__attribute_by_name_argument(realm, element_of(self), argv[0], &attribute)
             ? wrap(realm, attribute)
             : JS_EXCEPTION;
}

static JSValue get_named_item_ns(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                 JSValueConst *argv) {
  (void)this_value, (void)argc;
  lxb_dom_attr_t *attribute;
  return xhr__attribute_by_namespace_arguments(realm, element_of(self), argv, &attribute)
             ? wrap(realm, attribute)
             : JS_EXCEPTION;
}

static JSValue set_named_item(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                              JSValueConst *argv) {
  (void)this_value, (void)argc;
  return xhr__element_set_attr(realm, element_of(self), argv[0]);
}

/* Removes it and gives it, or throws. */
static JSValue remove_found(xhr__realm *realm, lxb_dom_attr_t *attribute) {
  if (!attribute)
    return xhr__throw(realm, "NotFoundError", "there is no such attribute");
  JSValue value = wrap(realm, attribute);
  xhr__attribute_remove(attribute);
  return value;
}

static JSValue remove_named_item(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                 JSValueConst *argv) {
  (void)this_value, (void)argc;
  lxb_dom_attr_t *attribute;
  return xhr__attribute_by_name_argument(realm, element_of(self), argv[0], &attribute)
             ? remove_found(realm, attribute)
             : JS_EXCEPTION;
}

static JSValue remove_named_item_ns(xhr__realm *realm, void *self, JSValueConst this_value,
                                    int argc, JSValueConst *argv) {
  (void)this_value, (void)argc;
  lxb_dom_attr_t *attribute;
  return xhr__attribute_by_namespace_arguments(realm, element_of(self), argv, &attribute)
             ? remove_found(realm, attribute)
             : JS_EXCEPTION;
}

static const xhr__legacy_properties map_properties = {
    .length = length_of, .indexed = item_at, .named = named, .names = names, .unenumerable = true};

static const xhr__member map_members[] = {
    XHR__DEFINE_READONLY("length", get_length),
    XHR__DEFINE_OPERATION("item", 1, item),
    XHR__DEFINE_OPERATION("getNamedItem", 1, get_named_item),
    XHR__DEFINE_OPERATION("getNamedItemNS", 2, get_named_item_ns),
    XHR__DEFINE_OPERATION("setNamedItem", 1, set_named_item),
    XHR__DEFINE_OPERATION("setNamedItemNS", 1, set_named_item),
    XHR__DEFINE_OPERATION("removeNamedItem", 1, remove_named_item),
    XHR__DEFINE_OPERATION("removeNamedItemNS", 2, remove_named_item_ns),
    XHR__DEFINE_ARRAY_ITERATOR,
};

const xhr__interface xhr__named_node_map_interface = {
    .name = "NamedNodeMap",
    .exposed = XHR__EXPOSED_WINDOW,
    .members = map_members,
    .member_count = sizeof map_members / sizeof *map_members,
    .legacy = &map_properties,
    .finalize = finalize_map,
    .mark = mark_map,
};

JSValue xhr__named_node_map_new(xhr__realm *realm, xhr__js_node *element) {
  named_node_map *self = XHR__NEW(named_node_map);
  if (!self)
    return JS_ThrowOutOfMemory(realm->js);
  self->element_object = JS_DupValue(realm->js, element->self);
  self->element = lxb_dom_interface_element(element->node);
  return xhr__platform_object_new(realm, &xhr__named_node_map_interface, JS_UNDEFINED, self);
}
