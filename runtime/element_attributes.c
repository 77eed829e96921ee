/* The attributes of elements: https://dom.spec.whatwg.org/#interface-element */
#include "dom/names.h"
#include "runtime/node_binding.h"

bool xhr__attribute_by_name_argument(xhr__realm *realm, const lxb_dom_element_t *element,
                                     JSValueConst name, lxb_dom_attr_t **attribute) {
  xhr__bytes text = {0};
  bool done = xhr__to_dom_string(realm, name, &text);
  if (done)
    *attribute = xhr__element_get_attribute_by_name(element, xhr__bytes_str(&text));
  xhr__bytes_free(&text);
  return done;
}

bool xhr__attribute_by_namespace_arguments(xhr__realm *realm, const lxb_dom_element_t *element,
                                           JSValueConst *argv, lxb_dom_attr_t **attribute) {
  xhr__bytes namespace = {0}, name = {0};
  bool is_null;
  bool done = xhr__to_nullable_string(realm, argv[0], &namespace, &is_null) &&
              xhr__to_dom_string(realm, argv[1], &name);
  if (done)
    *attribute = xhr__element_get_attribute_by_namespace(element, xhr__bytes_str(&namespace),
                                                         xhr__bytes_str(&name));
  xhr__bytes_free(&namespace);
  xhr__bytes_free(&name);
  return done;
}

static JSValue value_or_null(xhr__realm *realm, const lxb_dom_attr_t *attribute) {
  return attribute ? xhr__from_dom_string(realm, xhr__attribute_value(attribute)) : JS_NULL;
}

static JSValue wrap(xhr__realm *realm, lxb_dom_attr_t *attribute) {
  return xhr__node_wrap(realm, attribute ? &attribute->node : NULL);
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static JSValue has_attributes(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                              JSValueConst *argv) {
  (void)this_value, (void)argc, (void)argv;
  return JS_NewBool(realm->js, xhr__self_element(self)->first_attr != NULL);
}

static JSValue get_attributes(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  JSValueConst kept = xhr__js_node_slot(self, XHR__SLOT_ATTRIBUTES);
  if (!JS_IsUndefined(kept))
    return JS_DupValue(realm->js, kept);
  return xhr__js_node_keep(realm, self, XHR__SLOT_ATTRIBUTES, xhr__named_node_map_new(realm, self));
}

static JSValue get_attribute_names(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                   JSValueConst *argv) {
  JSValue names = JS_NewArray(realm->js);
  uint32_t index = 0;
  (void)this_value, (void)argc, (void)argv;
  for (const lxb_dom_attr_t *at = xhr__self_element(self)->first_attr; at && !JS_IsException(names);
       at = at->next) {
    JSValue name = xhr__from_dom_string(realm, xhr__attribute_qualified_name(at));
    if (JS_IsException(name) ||
        JS_DefinePropertyValueUint32(realm->js, names, index++, name, JS_PROP_C_W_E) < 0) {
      JS_FreeValue(realm->js, names);
      names = JS_EXCEPTION;
    }
  }
  return names;
}

static JSValue get_attribute(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                             JSValueConst *argv) {
  lxb_dom_attr_t *attribute;
  (void)this_value, (void)argc;
  return xhr__attribute_by_name_argument(realm, xhr__self_element(self), argv[0], &attribute)
             ? value_or_null(realm, attribute)
             : JS_EXCEPTION;
}

static JSValue get_attribute_ns(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                JSValueConst *argv) {
  lxb_dom_attr_t *attribute;
  (void)this_value, (void)argc;
  return xhr__attribute_by_namespace_arguments(realm, xhr__self_element(self), argv, &attribute)
             ? value_or_null(realm, attribute)
             : JS_EXCEPTION;
}

static JSValue has_attribute(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                             JSValueConst *argv) {
  lxb_dom_attr_t *attribute;
  (void)this_value, (void)argc;
  return xhr__attribute_by_name_argument(realm, xhr__self_element(self), argv[0], &attribute)
             ? JS_NewBool(realm->js, attribute != NULL)
             : JS_EXCEPTION;
}

static JSValue has_attribute_ns(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                JSValueConst *argv) {
  lxb_dom_attr_t *attribute;
  (void)this_value, (void)argc;
  return xhr__attribute_by_namespace_arguments(realm, xhr__self_element(self), argv, &attribute)
             ? JS_NewBool(realm->js, attribute != NULL)
             : JS_EXCEPTION;
}

static JSValue get_attribute_node(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                  JSValueConst *argv) {
  lxb_dom_attr_t *attribute;
  (void)this_value, (void)argc;
  return xhr__attribute_by_name_argument(realm, xhr__self_element(self), argv[0], &attribute)
             ? wrap(realm, attribute)
             : JS_EXCEPTION;
}

static JSValue get_attribute_node_ns(xhr__realm *realm, void *self, JSValueConst this_value,
                                     int argc, JSValueConst *argv) {
  lxb_dom_attr_t *attribute;
  (void)this_value, (void)argc;
  return xhr__attribute_by_namespace_arguments(realm, xhr__self_element(self), argv, &attribute)
             ? wrap(realm, attribute)
             : JS_EXCEPTION;
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

bool xhr__element_set(xhr__realm *realm, lxb_dom_element_t *element, xhr__str name,
                      xhr__str value) {
  const char *error = xhr__element_set_attribute_value(element, XHR__STR_EMPTY, name, 0, value);
  if (error)
    (void)xhr__throw_dom(realm, error, "an attribute");
  return !error;
}

/* Sets an attribute by its qualified name: changes the first of that name, or appends one. Steps 2 to 5 of setAttribute. */
static bool set_by_name(xhr__realm *realm, lxb_dom_element_t *element, xhr__bytes *name,
                        xhr__str value) {
  xhr__bytes lower = {0};
  bool done = true;
  /* 2. */
  if (element->node.ns == LXB_NS_HTML && xhr__document_of_node(&element->node)->is_html) {
    if (xhr__bytes_append_lower(&lower, xhr__bytes_str(name)) != XHR_OK) {
      xhr__bytes_free(&lower);
      JS_ThrowOutOfMemory(realm->js);
      return false;
    }
    xhr__bytes_move(name, &lower);
  }
  /* 3. - 5. */
  lxb_dom_attr_t *attribute = xhr__element_get_attribute_by_name(element, xhr__bytes_str(name));
  if (!attribute)
    return xhr__element_set(realm, element, xhr__bytes_str(name), value);
  if (xhr__attribute_change(attribute, value)) {
    JS_ThrowOutOfMemory(realm->js);
    done = false;
  }
  return done;
}

/* https://dom.spec.whatwg.org/#dom-element-setattribute */
static JSValue set_attribute(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                             JSValueConst *argv) {
  xhr__bytes name = {0}, value = {0};
  (void)this_value, (void)argc;
  bool done =
      xhr__to_dom_string(realm, argv[0], &name) && xhr__to_dom_string(realm, argv[1], &value);
  /* 1. */
  if (done && !xhr__is_valid_attribute_local_name(xhr__bytes_str(&name))) {
    (void)xhr__throw(realm, "InvalidCharacterError", "setAttribute: no valid name");
    done = false;
  }
  done = done && set_by_name(realm, xhr__self_element(self), &name, xhr__bytes_str(&value));
  xhr__bytes_free(&name);
  xhr__bytes_free(&value);
  return done ? JS_UNDEFINED : JS_EXCEPTION;
}

/* https://dom.spec.whatwg.org/#dom-element-setattributens */
static JSValue set_attribute_ns(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                JSValueConst *argv) {
  xhr__bytes namespace = {0}, name = {0}, value = {0};
  size_t prefix_len = 0;
  bool is_null;
  const char *error = NULL;
  (void)this_value, (void)argc;
  bool done = xhr__to_nullable_string(realm, argv[0], &namespace, &is_null) &&
              xhr__to_dom_string(realm, argv[1], &name) &&
              xhr__to_dom_string(realm, argv[2], &value);
  /* 1. */
  if (done)
    error = xhr__validate_and_extract(xhr__bytes_str(&namespace), xhr__bytes_str(&name), false,
                                      &prefix_len);
  /* 2. - 3. */
  if (done && !error)
    error =
        xhr__element_set_attribute_value(xhr__self_element(self), xhr__bytes_str(&namespace),
                                         xhr__bytes_str(&name), prefix_len, xhr__bytes_str(&value));
  if (error)
    (void)xhr__throw_dom(realm, error, "setAttributeNS: no valid name");
  xhr__bytes_free(&namespace);
  xhr__bytes_free(&name);
  xhr__bytes_free(&value);
  return done && !error ? JS_UNDEFINED : JS_EXCEPTION;
}

static JSValue set_attribute_node(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                  JSValueConst *argv) {
  (void)this_value, (void)argc;
  return xhr__element_set_attr(realm, xhr__self_element(self), argv[0]);
}

static JSValue remove_attribute(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                JSValueConst *argv) {
  lxb_dom_attr_t *attribute;
  (void)this_value, (void)argc;
  if (!xhr__attribute_by_name_argument(realm, xhr__self_element(self), argv[0], &attribute))
    return JS_EXCEPTION;
  if (attribute)
    xhr__attribute_remove(attribute);
  return JS_UNDEFINED;
}

static JSValue remove_attribute_ns(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                   JSValueConst *argv) {
  lxb_dom_attr_t *attribute;
  (void)this_value, (void)argc;
  if (!xhr__attribute_by_namespace_arguments(realm, xhr__self_element(self), argv, &attribute))
    return JS_EXCEPTION;
  if (attribute)
    xhr__attribute_remove(attribute);
  return JS_UNDEFINED;
}

static JSValue remove_attribute_node(xhr__realm *realm, void *self, JSValueConst this_value,
                                     int argc, JSValueConst *argv) {
  (void)this_value, (void)argc;
  if (!xhr__platform_object_of(argv[0], &xhr__attr_interface))
    return JS_ThrowTypeError(realm->js, "removeAttributeNode: the argument is no Attr");
  lxb_dom_attr_t *attribute = lxb_dom_interface_attr(xhr__node_of(argv[0]));
  if (attribute->owner != xhr__self_element(self))
    return xhr__throw(realm, "NotFoundError", "removeAttributeNode: it is none of the element's");
  xhr__attribute_remove(attribute);
  return JS_DupValue(realm->js, argv[0]);
}

/* https://dom.spec.whatwg.org/#dom-element-toggleattribute */
static JSValue toggle_attribute(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                JSValueConst *argv) {
  lxb_dom_element_t *element = xhr__self_element(self);
  xhr__bytes name = {0};
  bool force = false, has_force = argc > 1 && !JS_IsUndefined(argv[1]), there = false;
  (void)this_value;
  bool done = xhr__to_dom_string(realm, argv[0], &name) &&
              (!has_force || xhr__to_boolean(realm, argv[1], &force));
  /* 1. */
  if (done && !xhr__is_valid_attribute_local_name(xhr__bytes_str(&name))) {
    (void)xhr__throw(realm, "InvalidCharacterError", "toggleAttribute: no valid name");
    done = false;
  }
  if (done) {
    /* 2. - 5. */
    lxb_dom_attr_t *attribute = xhr__element_get_attribute_by_name(element, xhr__bytes_str(&name));
    there = attribute ? has_force && force : !has_force || force;
    if (attribute && !there)
      xhr__attribute_remove(attribute);
    else if (!attribute && there)
      done = set_by_name(realm, element, &name, XHR__STR_EMPTY);
  }
  xhr__bytes_free(&name);
  return done ? JS_NewBool(realm->js, there) : JS_EXCEPTION;
}

static const xhr__member members[] = {
    XHR__DEFINE_OPERATION("hasAttributes", 0, has_attributes),
    XHR__DEFINE_READONLY("attributes", get_attributes),
    XHR__DEFINE_OPERATION("getAttributeNames", 0, get_attribute_names),
    XHR__DEFINE_OPERATION("getAttribute", 1, get_attribute),
    XHR__DEFINE_OPERATION("getAttributeNS", 2, get_attribute_ns),
    XHR__DEFINE_OPERATION("setAttribute", 2, set_attribute),
    XHR__DEFINE_OPERATION("setAttributeNS", 3, set_attribute_ns),
    XHR__DEFINE_OPERATION("removeAttribute", 1, remove_attribute),
    XHR__DEFINE_OPERATION("removeAttributeNS", 2, remove_attribute_ns),
    XHR__DEFINE_OPERATION("toggleAttribute", 1, toggle_attribute),
    XHR__DEFINE_OPERATION("hasAttribute", 1, has_attribute),
    XHR__DEFINE_OPERATION("hasAttributeNS", 2, has_attribute_ns),
    XHR__DEFINE_OPERATION("getAttributeNode", 1, get_attribute_node),
    XHR__DEFINE_OPERATION("getAttributeNodeNS", 2, get_attribute_node_ns),
    XHR__DEFINE_OPERATION("setAttributeNode", 1, set_attribute_node),
    XHR__DEFINE_OPERATION("setAttributeNodeNS", 1, set_attribute_node),
    XHR__DEFINE_OPERATION("removeAttributeNode", 1, remove_attribute_node),
};

const xhr__mixin xhr__element_attributes = {
    .members = members,
    .member_count = sizeof members / sizeof *members,
};
