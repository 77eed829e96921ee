/* https://dom.spec.whatwg.org/#interface-node */
#include "dom/names.h"
#include "runtime/node_binding.h"

/* ---- what it is ------------------------------------------------------------------------------------------------- */

static JSValue get_node_type(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewInt32(realm->js, (int32_t)xhr__self_node(self)->type);
}

/* https://dom.spec.whatwg.org/#dom-node-nodename */
static JSValue get_node_name(xhr__realm *realm, void *self, JSValueConst this_value) {
  lxb_dom_node_t *node = xhr__self_node(self);
  (void)this_value;
  switch (node->type) {
    case LXB_DOM_NODE_TYPE_ELEMENT: return xhr__element_tag_name(realm, xhr__self_element(self));
    case LXB_DOM_NODE_TYPE_ATTRIBUTE:
      return xhr__from_dom_string(realm,
                                  xhr__attribute_qualified_name(lxb_dom_interface_attr(node)));
    case LXB_DOM_NODE_TYPE_TEXT: return JS_NewString(realm->js, "#text");
    case LXB_DOM_NODE_TYPE_CDATA_SECTION: return JS_NewString(realm->js, "#cdata-section");
    case LXB_DOM_NODE_TYPE_PROCESSING_INSTRUCTION:
      return xhr__from_dom_string(realm, xhr__processing_instruction_target(node));
    case LXB_DOM_NODE_TYPE_COMMENT: return JS_NewString(realm->js, "#comment");
    case LXB_DOM_NODE_TYPE_DOCUMENT: return JS_NewString(realm->js, "#document");
    case LXB_DOM_NODE_TYPE_DOCUMENT_TYPE:
      return xhr__from_dom_string(realm, xhr__document_type_name(node));
    default: return JS_NewString(realm->js, "#document-fragment");
  }
}

/* https://dom.spec.whatwg.org/#dom-node-baseuri */
static JSValue get_base_uri(xhr__realm *realm, void *self, JSValueConst this_value) {
  xhr__url url;
  (void)this_value;
  if (xhr__document_base_url(xhr__self_document(self), &url) != XHR_OK)
    return JS_ThrowOutOfMemory(realm->js);
  JSValue value = xhr__from_usv_string(realm, xhr__url_href(&url, false));
  xhr__url_free(&url);
  return value;
}

static JSValue get_is_connected(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewBool(realm->js, xhr__node_is_connected(xhr__self_node(self)));
}

static JSValue get_owner_document(xhr__realm *realm, void *self, JSValueConst this_value) {
  lxb_dom_node_t *node = xhr__self_node(self);
  (void)this_value;
  if (node->type == LXB_DOM_NODE_TYPE_DOCUMENT)
    return JS_NULL;
  return xhr__node_wrap(realm, xhr__document_node(xhr__document_of_node(node)));
}

/* https://dom.spec.whatwg.org/#dom-node-getrootnode: there are no shadow trees. */
static JSValue get_root_node(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                             JSValueConst *argv) {
  bool composed = false;
  (void)this_value;
  if (!xhr__dictionary_get_boolean(realm, argc > 0 ? argv[0] : JS_UNDEFINED, "composed", &composed))
    return JS_EXCEPTION;
  return xhr__node_wrap(realm, xhr__node_root(xhr__self_node(self)));
}

/* ---- where it is ------------------------------------------------------------------------------------------------ */

static JSValue get_parent_node(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__node_wrap(realm, xhr__self_node(self)->parent);
}

static JSValue get_parent_element(xhr__realm *realm, void *self, JSValueConst this_value) {
  lxb_dom_node_t *parent = xhr__self_node(self)->parent;
  (void)this_value;
  return xhr__node_wrap(realm, parent && xhr__node_is_element(parent) ? parent : NULL);
}

static JSValue has_child_nodes(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                               JSValueConst *argv) {
  (void)this_value, (void)argc, (void)argv;
  return JS_NewBool(realm->js, xhr__self_node(self)->first_child != NULL);
}

static JSValue get_child_nodes(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  JSValueConst kept = xhr__js_node_slot(self, XHR__SLOT_CHILD_NODES);
  if (!JS_IsUndefined(kept))
    return JS_DupValue(realm->js, kept);
  return xhr__js_node_keep(
      realm, self, XHR__SLOT_CHILD_NODES,
      xhr__collection_new(realm, self, XHR__COLLECT_CHILD_NODES, XHR__STR_EMPTY, XHR__STR_EMPTY));
}

static JSValue get_first_child(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__node_wrap(realm, xhr__self_node(self)->first_child);
}

static JSValue get_last_child(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__node_wrap(realm, xhr__self_node(self)->last_child);
}

/* NOTE: lexbor links an element's attributes by members of their own, so that an Attr has no siblings here either. */
static JSValue get_previous_sibling(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__node_wrap(realm, xhr__self_node(self)->prev);
}

static JSValue get_next_sibling(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__node_wrap(realm, xhr__self_node(self)->next);
}

/* ---- text ------------------------------------------------------------------------------------------------------- */

/* https://dom.spec.whatwg.org/#dom-node-nodevalue */
static JSValue get_node_value(xhr__realm *realm, void *self, JSValueConst this_value) {
  lxb_dom_node_t *node = xhr__self_node(self);
  (void)this_value;
  if (node->type == LXB_DOM_NODE_TYPE_ATTRIBUTE)
    return xhr__from_dom_string(realm, xhr__attribute_value(lxb_dom_interface_attr(node)));
  return xhr__node_is_character_data(node) ? xhr__from_dom_string(realm, xhr__character_data(node))
                                           : JS_NULL;
}

/* Sets an attribute's value or a text's data; others keep what they have. */
static const char *set_value(lxb_dom_node_t *node, xhr__str value) {
  if (node->type == LXB_DOM_NODE_TYPE_ATTRIBUTE)
    return xhr__attribute_change(lxb_dom_interface_attr(node), value);
  return xhr__node_is_character_data(node) ? xhr__set_character_data(node, value) : NULL;
}

static bool set_node_value(xhr__realm *realm, void *self, JSValueConst this_value,
                           JSValueConst value) {
  xhr__bytes text = {0};
  bool is_null;
  (void)this_value;
  bool done = xhr__to_nullable_string(realm, value, &text, &is_null);
  const char *error = done ? set_value(xhr__self_node(self), xhr__bytes_str(&text)) : NULL;
  if (error)
    (void)xhr__throw_dom(realm, error, "nodeValue");
  xhr__bytes_free(&text);
  return done && !error;
}

static bool has_text_content(const lxb_dom_node_t *node) {
  return xhr__node_is_element(node) || node->type == LXB_DOM_NODE_TYPE_DOCUMENT_FRAGMENT;
}

/* https://dom.spec.whatwg.org/#dom-node-textcontent */
static JSValue get_text_content(xhr__realm *realm, void *self, JSValueConst this_value) {
  lxb_dom_node_t *node = xhr__self_node(self);
  if (!has_text_content(node))
    return get_node_value(realm, self, this_value);
  xhr__bytes text = {0};
  JSValue value = xhr__node_descendant_text(node, &text) == XHR_OK
                      ? xhr__from_dom_string(realm, xhr__bytes_str(&text))
                      : JS_ThrowOutOfMemory(realm->js);
  xhr__bytes_free(&text);
  return value;
}

static bool set_text_content(xhr__realm *realm, void *self, JSValueConst this_value,
                             JSValueConst value) {
  lxb_dom_node_t *node = xhr__self_node(self);
  if (!has_text_content(node))
    return set_node_value(realm, self, this_value, value);
  xhr__bytes text = {0};
  bool is_null;
  bool done = xhr__to_nullable_string(realm, value, &text, &is_null);
  const char *error = done ? xhr__node_string_replace_all(node, xhr__bytes_str(&text)) : NULL;
  if (error)
    (void)xhr__throw_dom(realm, error, "textContent");
  xhr__bytes_free(&text);
  return done && !error;
}

/* Puts the data of the texts that follow `node` behind its own, and removes them. */
static bool join_following(lxb_dom_node_t *node) {
  xhr__bytes data = {0};
  if (!node->next || node->next->type != LXB_DOM_NODE_TYPE_TEXT)
    return true;
  bool done = xhr__bytes_append(&data, xhr__character_data(node)) == XHR_OK;
  for (lxb_dom_node_t *next = node->next; done && next && next->type == LXB_DOM_NODE_TYPE_TEXT;
       next = next->next)
    done = xhr__bytes_append(&data, xhr__character_data(next)) == XHR_OK;
  done = done && !xhr__set_character_data(node, xhr__bytes_str(&data));
  while (done && node->next && node->next->type == LXB_DOM_NODE_TYPE_TEXT)
    xhr__node_remove(node->next);
  xhr__bytes_free(&data);
  return done;
}

/* https://dom.spec.whatwg.org/#dom-node-normalize; ranges: not built yet */
static JSValue normalize(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                         JSValueConst *argv) {
  lxb_dom_node_t *root = xhr__self_node(self);
  (void)this_value, (void)argc, (void)argv;
  for (lxb_dom_node_t *node = xhr__node_following(root, root); node;) {
    lxb_dom_node_t *next;
    if (node->type != LXB_DOM_NODE_TYPE_TEXT) {
      next = xhr__node_following(node, root);
    } else if (xhr__character_data(node).len == 0) {
      next = xhr__node_following_subtree(node, root);
      xhr__node_remove(node);
    } else {
      if (!join_following(node))
        return JS_ThrowOutOfMemory(realm->js);
      next = xhr__node_following_subtree(node, root);
    }
    node = next;
  }
  return JS_UNDEFINED;
}

/* ---- cloning ---------------------------------------------------------------------------------------------------- */

/* https://dom.spec.whatwg.org/#dom-node-clonenode */
static JSValue clone_node(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                          JSValueConst *argv) {
  lxb_dom_node_t *node = xhr__self_node(self);
  bool subtree = false;
  (void)this_value;
  /* 1. there are no shadow roots */
  if (argc > 0 && !xhr__to_boolean(realm, argv[0], &subtree))
    return JS_EXCEPTION;
  /* 2. */
  if (node->type == LXB_DOM_NODE_TYPE_DOCUMENT)
    return xhr__document_clone(realm, self, subtree);
  lxb_dom_node_t *copy = xhr__node_clone(node, xhr__document_of_node(node), subtree);
  return copy ? xhr__node_wrap(realm, copy) : JS_ThrowOutOfMemory(realm->js);
}

/* ---- mutation --------------------------------------------------------------------------------------------------- */

/* The node that an operation gives back, or what it threw. */
static JSValue result_of(xhr__realm *realm, const char *error, JSValueConst node,
                         const char *what) {
  return error ? xhr__throw_dom(realm, error, what) : JS_DupValue(realm->js, node);
}

static JSValue insert_before(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                             JSValueConst *argv) {
  (void)this_value, (void)argc;
  lxb_dom_node_t *child, *node = xhr__to_node(realm, argv[0], "insertBefore");
  if (!node || !xhr__to_nullable_node(realm, argv[1], "insertBefore", &child))
    return JS_EXCEPTION;
  return result_of(realm, xhr__node_pre_insert(node, xhr__self_node(self), child), argv[0],
                   "insertBefore: the node cannot be put there");
}

static JSValue append_child(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                            JSValueConst *argv) {
  (void)this_value, (void)argc;
  lxb_dom_node_t *node = xhr__to_node(realm, argv[0], "appendChild");
  if (!node)
    return JS_EXCEPTION;
  return result_of(realm, xhr__node_pre_insert(node, xhr__self_node(self), NULL), argv[0],
                   "appendChild: the node cannot be put there");
}

static JSValue replace_child(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                             JSValueConst *argv) {
  (void)this_value, (void)argc;
  lxb_dom_node_t *node = xhr__to_node(realm, argv[0], "replaceChild");
  lxb_dom_node_t *child = node ? xhr__to_node(realm, argv[1], "replaceChild") : NULL;
  if (!child)
    return JS_EXCEPTION;
  return result_of(realm, xhr__node_replace(child, node, xhr__self_node(self)), argv[1],
                   "replaceChild: the node cannot be put there");
}

/* https://dom.spec.whatwg.org/#concept-node-pre-remove */
static JSValue remove_child(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                            JSValueConst *argv) {
  (void)this_value, (void)argc;
  lxb_dom_node_t *child = xhr__to_node(realm, argv[0], "removeChild");
  if (!child)
    return JS_EXCEPTION;
  if (child->parent != xhr__self_node(self))
    return xhr__throw(realm, "NotFoundError", "removeChild: the node is no child of this one");
  xhr__node_remove(child);
  return JS_DupValue(realm->js, argv[0]);
}

static const xhr__member members[] = {
    XHR__DEFINE_CONSTANT("ELEMENT_NODE", 1),
    XHR__DEFINE_CONSTANT("ATTRIBUTE_NODE", 2),
    XHR__DEFINE_CONSTANT("TEXT_NODE", 3),
    XHR__DEFINE_CONSTANT("CDATA_SECTION_NODE", 4),
    XHR__DEFINE_CONSTANT("ENTITY_REFERENCE_NODE", 5),
    XHR__DEFINE_CONSTANT("ENTITY_NODE", 6),
    XHR__DEFINE_CONSTANT("PROCESSING_INSTRUCTION_NODE", 7),
    XHR__DEFINE_CONSTANT("COMMENT_NODE", 8),
    XHR__DEFINE_CONSTANT("DOCUMENT_NODE", 9),
    XHR__DEFINE_CONSTANT("DOCUMENT_TYPE_NODE", 10),
    XHR__DEFINE_CONSTANT("DOCUMENT_FRAGMENT_NODE", 11),
    XHR__DEFINE_CONSTANT("NOTATION_NODE", 12),
    XHR__DEFINE_READONLY("nodeType", get_node_type),
    XHR__DEFINE_READONLY("nodeName", get_node_name),
    XHR__DEFINE_READONLY("baseURI", get_base_uri),
    XHR__DEFINE_READONLY("isConnected", get_is_connected),
    XHR__DEFINE_READONLY("ownerDocument", get_owner_document),
    XHR__DEFINE_OPERATION("getRootNode", 0, get_root_node),
    XHR__DEFINE_READONLY("parentNode", get_parent_node),
    XHR__DEFINE_READONLY("parentElement", get_parent_element),
    XHR__DEFINE_OPERATION("hasChildNodes", 0, has_child_nodes),
    XHR__DEFINE_READONLY("childNodes", get_child_nodes),
    XHR__DEFINE_READONLY("firstChild", get_first_child),
    XHR__DEFINE_READONLY("lastChild", get_last_child),
    XHR__DEFINE_READONLY("previousSibling", get_previous_sibling),
    XHR__DEFINE_READONLY("nextSibling", get_next_sibling),
    XHR__DEFINE_ATTRIBUTE("nodeValue", get_node_value, set_node_value),
    XHR__DEFINE_ATTRIBUTE("textContent", get_text_content, set_text_content),
    XHR__DEFINE_OPERATION("normalize", 0, normalize),
    XHR__DEFINE_OPERATION("cloneNode", 0, clone_node),
    XHR__DEFINE_OPERATION("isEqualNode", 1, xhr__is_equal_node),
    XHR__DEFINE_OPERATION("isSameNode", 1, xhr__is_same_node),
    XHR__DEFINE_CONSTANT("DOCUMENT_POSITION_DISCONNECTED", 0x01),
    XHR__DEFINE_CONSTANT("DOCUMENT_POSITION_PRECEDING", 0x02),
    XHR__DEFINE_CONSTANT("DOCUMENT_POSITION_FOLLOWING", 0x04),
    XHR__DEFINE_CONSTANT("DOCUMENT_POSITION_CONTAINS", 0x08),
    XHR__DEFINE_CONSTANT("DOCUMENT_POSITION_CONTAINED_BY", 0x10),
    XHR__DEFINE_CONSTANT("DOCUMENT_POSITION_IMPLEMENTATION_SPECIFIC", 0x20),
    XHR__DEFINE_OPERATION("compareDocumentPosition", 1, xhr__compare_document_position),
    XHR__DEFINE_OPERATION("contains", 1, xhr__contains),
    XHR__DEFINE_OPERATION("lookupPrefix", 1, xhr__lookup_prefix),
    XHR__DEFINE_OPERATION("lookupNamespaceURI", 1, xhr__lookup_namespace_uri),
    XHR__DEFINE_OPERATION("isDefaultNamespace", 1, xhr__is_default_namespace),
    XHR__DEFINE_OPERATION("insertBefore", 2, insert_before),
    XHR__DEFINE_OPERATION("appendChild", 1, append_child),
    XHR__DEFINE_OPERATION("replaceChild", 2, replace_child),
    XHR__DEFINE_OPERATION("removeChild", 1, remove_child),
};

const xhr__interface xhr__node_interface = {
    XHR__NODE_INTERFACE("Node", &xhr__event_target_interface, members),
};
