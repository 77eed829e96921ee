/* Comparisons of nodes: https://dom.spec.whatwg.org/#interface-node */
#include "dom/names.h"
#include "runtime/node_binding.h"

/* ---- equality --------------------------------------------------------------------------------------------------- */

static bool same_name(const lxb_dom_node_t *a, const lxb_dom_node_t *b) {
  xhr__str left, right;
  (void)xhr__node_namespace(a, &left);
  (void)xhr__node_namespace(b, &right);
  if (!xhr__str_equals(left, right))
    return false;
  if (a->type == LXB_DOM_NODE_TYPE_ATTRIBUTE)
    return xhr__str_equals(xhr__attribute_local_name((const lxb_dom_attr_t *)(const void *)a),
                           xhr__attribute_local_name((const lxb_dom_attr_t *)(const void *)b));
  bool has_left = xhr__node_prefix(a, &left), has_right = xhr__node_prefix(b, &right);
  return has_left == has_right && xhr__str_equals(left, right) &&
         xhr__str_equals(xhr__element_local_name((const lxb_dom_element_t *)(const void *)a),
                         xhr__element_local_name((const lxb_dom_element_t *)(const void *)b));
}

static size_t attribute_count(const lxb_dom_element_t *element) {
  size_t count = 0;
  for (const lxb_dom_attr_t *at = element->first_attr; at; at = at->next)
    count++;
  return count;
}

static bool same_attributes(const lxb_dom_element_t *a, const lxb_dom_element_t *b) {
  if (attribute_count(a) != attribute_count(b))
    return false;
  for (const lxb_dom_attr_t *at = a->first_attr; at; at = at->next) {
    xhr__str namespace;
    (void)xhr__node_namespace(&at->node, &namespace);
    const lxb_dom_attr_t *other =
        xhr__element_get_attribute_by_namespace(b, namespace, xhr__attribute_local_name(at));
    if (!other || !xhr__str_equals(xhr__attribute_value(at), xhr__attribute_value(other)))
      return false;
  }
  return true;
}

static bool same_doctype(const lxb_dom_node_t *a, const lxb_dom_node_t *b) {
  return xhr__str_equals(xhr__document_type_name(a), xhr__document_type_name(b)) &&
         xhr__str_equals(xhr__document_type_public_id(a), xhr__document_type_public_id(b)) &&
         xhr__str_equals(xhr__document_type_system_id(a), xhr__document_type_system_id(b));
}

/* Whether two nodes equal each other but for their children. */
static bool same_node(const lxb_dom_node_t *a, const lxb_dom_node_t *b) {
  if (a->type != b->type)
    return false;
  switch (a->type) {
    case LXB_DOM_NODE_TYPE_DOCUMENT_TYPE: return same_doctype(a, b);
    case LXB_DOM_NODE_TYPE_ELEMENT:
      return same_name(a, b) && same_attributes((const void *)a, (const void *)b);
    case LXB_DOM_NODE_TYPE_ATTRIBUTE:
      return same_name(a, b) && xhr__str_equals(xhr__attribute_value((const void *)a),
                                                xhr__attribute_value((const void *)b));
    case LXB_DOM_NODE_TYPE_PROCESSING_INSTRUCTION:
      if (!xhr__str_equals(xhr__processing_instruction_target(a),
                           xhr__processing_instruction_target(b)))
        return false;
      return xhr__str_equals(xhr__character_data(a), xhr__character_data(b));
    default:
      return !xhr__node_is_character_data(a) ||
             xhr__str_equals(xhr__character_data(a), xhr__character_data(b));
  }
}

/* https://dom.spec.whatwg.org/#concept-node-equals, walking both trees at once. */
static bool equals(const lxb_dom_node_t *a, const lxb_dom_node_t *b) {
  const lxb_dom_node_t *left = a, *right = b;
  while (left && right) {
    if (!same_node(left, right) || !left->first_child != !right->first_child)
      return false;
    if (left != a && !left->next != !right->next)
      return false;
    left = xhr__node_following(left, a);
    right = xhr__node_following(right, b);
  }
  return !left && !right;
}

JSValue xhr__is_equal_node(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                           JSValueConst *argv) {
  lxb_dom_node_t *other;
  (void)this_value, (void)argc;
  if (!xhr__to_nullable_node(realm, argv[0], "isEqualNode", &other))
    return JS_EXCEPTION;
  return JS_NewBool(realm->js, other && equals(xhr__self_node(self), other));
}

JSValue xhr__is_same_node(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                          JSValueConst *argv) {
  lxb_dom_node_t *other;
  (void)this_value, (void)argc;
  if (!xhr__to_nullable_node(realm, argv[0], "isSameNode", &other))
    return JS_EXCEPTION;
  return JS_NewBool(realm->js, other == xhr__self_node(self));
}

/* ---- position --------------------------------------------------------------------------------------------------- */

JSValue xhr__contains(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                      JSValueConst *argv) {
  lxb_dom_node_t *other;
  (void)this_value, (void)argc;
  if (!xhr__to_nullable_node(realm, argv[0], "contains", &other))
    return JS_EXCEPTION;
  return JS_NewBool(realm->js,
                    other && xhr__node_is_inclusive_ancestor(xhr__self_node(self), other));
}

/* Whether `a` precedes `b` in a tree that they share, neither being an ancestor of the other. */
static bool precedes(const lxb_dom_node_t *a, const lxb_dom_node_t *b) {
  const lxb_dom_node_t *root = xhr__node_root(a);
  for (const lxb_dom_node_t *node = root; node; node = xhr__node_following(node, root)) {
    if (node == a || node == b)
      return node == a;
  }
  return false;
}

/* Whether attribute `a` stands before attribute `b` of the same element. */
static bool attribute_precedes(const lxb_dom_attr_t *a, const lxb_dom_attr_t *b) {
  while (a && a != b)
    a = a->next;
  return a != NULL;
}

/* https://dom.spec.whatwg.org/#dom-node-comparedocumentposition */
static int position_of(const lxb_dom_node_t *other, const lxb_dom_node_t *self) {
  enum {
    DISCONNECTED = 1,
    PRECEDING = 2,
    FOLLOWING = 4,
    CONTAINS = 8,
    CONTAINED_BY = 16,
    SPECIFIC = 32
  };
  /* 1. */
  if (self == other)
    return 0;
  /* 2. - 5. */
  const lxb_dom_node_t *node1 = other, *node2 = self;
  const lxb_dom_attr_t *attr1 = NULL, *attr2 = NULL;
  if (node1->type == LXB_DOM_NODE_TYPE_ATTRIBUTE) {
    attr1 = (const void *)node1;
    node1 = attr1->owner ? &attr1->owner->node : NULL;
  }
  if (node2->type == LXB_DOM_NODE_TYPE_ATTRIBUTE) {
    attr2 = (const void *)node2;
    node2 = attr2->owner ? &attr2->owner->node : NULL;
    if (attr1 && node1 && node1 == node2)
      return SPECIFIC | (attribute_precedes(attr1, attr2) ? PRECEDING : FOLLOWING);
  }
  /* 6. */
  if (!node1 || !node2 || xhr__node_root(node1) != xhr__node_root(node2))
    return DISCONNECTED | SPECIFIC | (other < self ? PRECEDING : FOLLOWING);
  /* 7. - 8. */
  if ((!attr1 && node1 != node2 && xhr__node_is_inclusive_ancestor(node1, node2)) ||
      (attr2 && node1 == node2))
    return CONTAINS | PRECEDING;
  if ((!attr2 && node1 != node2 && xhr__node_is_inclusive_ancestor(node2, node1)) ||
      (attr1 && node1 == node2))
    return CONTAINED_BY | FOLLOWING;
  /* 9. - 10. An attribute's element may be an ancestor of the other's. */
  return precedes(node1, node2) ? PRECEDING : FOLLOWING;
}

JSValue xhr__compare_document_position(xhr__realm *realm, void *self, JSValueConst this_value,
                                       int argc, JSValueConst *argv) {
  (void)this_value, (void)argc;
  const lxb_dom_node_t *other = xhr__to_node(realm, argv[0], "compareDocumentPosition");
  return other ? JS_NewInt32(realm->js, position_of(other, xhr__self_node(self))) : JS_EXCEPTION;
}

/* ---- namespaces ------------------------------------------------------------------------------------------------- */

/* The element at which a node's namespaces are looked up; NULL for null. */
static const lxb_dom_element_t *namespace_element(const lxb_dom_node_t *node) {
  switch (node->type) {
    case LXB_DOM_NODE_TYPE_ELEMENT: return (const void *)node;
    case LXB_DOM_NODE_TYPE_DOCUMENT: return xhr__document_element(xhr__document_of_node(node));
    case LXB_DOM_NODE_TYPE_DOCUMENT_TYPE:
    case LXB_DOM_NODE_TYPE_DOCUMENT_FRAGMENT: return NULL;
    case LXB_DOM_NODE_TYPE_ATTRIBUTE: return ((const lxb_dom_attr_t *)(const void *)node)->owner;
    default:
      return node->parent && xhr__node_is_element(node->parent) ? (const void *)node->parent : NULL;
  }
}

static const lxb_dom_element_t *parent_element(const lxb_dom_element_t *element) {
  const lxb_dom_node_t *parent = element->node.parent;
  return parent && xhr__node_is_element(parent) ? (const void *)parent : NULL;
}

/* https://dom.spec.whatwg.org/#locate-a-namespace; the empty prefix is null. False for null. */
static bool locate_namespace(const lxb_dom_element_t *element, xhr__str prefix,
                             xhr__str *namespace) {
  /* 1. - 2. */
  if (element &&
      (xhr__str_equals(prefix, XHR__STR("xml")) || xhr__str_equals(prefix, XHR__STR("xmlns")))) {
    *namespace = prefix.len == 3 ? XHR__XML_NAMESPACE : XHR__XMLNS_NAMESPACE;
    return true;
  }
  for (; element; element = parent_element(element)) {
    /* 3. */
    xhr__str own;
    (void)xhr__node_prefix(&element->node, &own);
    if (xhr__node_namespace(&element->node, namespace) && xhr__str_equals(own, prefix))
      return true;
    /* 4. */
    const lxb_dom_attr_t *declaration = xhr__element_get_attribute_by_namespace(
        element, XHR__XMLNS_NAMESPACE, prefix.len > 0 ? prefix : XHR__STR("xmlns"));
    if (declaration && xhr__node_prefix(&declaration->node, &own) == (prefix.len > 0)) {
      *namespace = xhr__attribute_value(declaration);
      return namespace->len > 0;
    }
  }
  /* 5. - 6. */
  return false;
}

/* https://dom.spec.whatwg.org/#locate-a-namespace-prefix */
static bool locate_prefix(const lxb_dom_element_t *element, xhr__str namespace, xhr__str *prefix) {
  for (; element; element = parent_element(element)) {
    xhr__str own;
    /* 1. */
    if (xhr__node_namespace(&element->node, &own) && xhr__str_equals(own, namespace) &&
        xhr__node_prefix(&element->node, prefix))
      return true;
    /* 2. */
    for (const lxb_dom_attr_t *at = element->first_attr; at; at = at->next) {
      if (xhr__node_prefix(&at->node, &own) && xhr__str_equals(own, XHR__STR("xmlns")) &&
          xhr__str_equals(xhr__attribute_value(at), namespace)) {
        *prefix = xhr__attribute_local_name(at);
        return true;
      }
    }
  }
  /* 3. - 4. */
  return false;
}

JSValue xhr__lookup_prefix(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                           JSValueConst *argv) {
  xhr__bytes namespace = {0};
  xhr__str prefix;
  bool is_null;
  (void)this_value, (void)argc;
  JSValue value = JS_EXCEPTION;
  if (xhr__to_nullable_string(realm, argv[0], &namespace, &is_null))
    value = namespace.len > 0 && locate_prefix(namespace_element(xhr__self_node(self)),
                                               xhr__bytes_str(&namespace), &prefix)
                ? xhr__from_dom_string(realm, prefix)
                : JS_NULL;
  xhr__bytes_free(&namespace);
  return value;
}

JSValue xhr__lookup_namespace_uri(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                  JSValueConst *argv) {
  xhr__bytes prefix = {0};
  xhr__str namespace;
  bool is_null;
  (void)this_value, (void)argc;
  JSValue value = JS_EXCEPTION;
  if (xhr__to_nullable_string(realm, argv[0], &prefix, &is_null))
    value = locate_namespace(namespace_element(xhr__self_node(self)), xhr__bytes_str(&prefix),
                             &namespace)
                ? xhr__from_dom_string(realm, namespace)
                : JS_NULL;
  xhr__bytes_free(&prefix);
  return value;
}

JSValue xhr__is_default_namespace(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                  JSValueConst *argv) {
  xhr__bytes wanted = {0};
  xhr__str namespace = XHR__STR_EMPTY;
  bool is_null;
  (void)this_value, (void)argc;
  JSValue value = JS_EXCEPTION;
  if (xhr__to_nullable_string(realm, argv[0], &wanted, &is_null)) {
    bool found =
        locate_namespace(namespace_element(xhr__self_node(self)), XHR__STR_EMPTY, &namespace);
    value = JS_NewBool(realm->js, found ? xhr__str_equals(namespace, xhr__bytes_str(&wanted))
                                        : wanted.len == 0);
  }
  xhr__bytes_free(&wanted);
  return value;
}
