/* https://dom.spec.whatwg.org/#interface-parentnode and https://dom.spec.whatwg.org/#interface-nonelementparentnode */
#include "dom/names.h"
#include "dom/selectors.h"
#include "infra/alloc.h"
#include "runtime/node_binding.h"

/* ---- children --------------------------------------------------------------------------------------------------- */

static JSValue get_children(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  JSValueConst kept = xhr__js_node_slot(self, XHR__SLOT_CHILDREN);
  if (!JS_IsUndefined(kept))
    return JS_DupValue(realm->js, kept);
  return xhr__js_node_keep(
      realm, self, XHR__SLOT_CHILDREN,
      xhr__collection_new(realm, self, XHR__COLLECT_CHILDREN, XHR__STR_EMPTY, XHR__STR_EMPTY));
}

static JSValue get_first_element_child(xhr__realm *realm, void *self, JSValueConst this_value) {
  lxb_dom_node_t *child = xhr__self_node(self)->first_child;
  (void)this_value;
  while (child && !xhr__node_is_element(child))
    child = child->next;
  return xhr__node_wrap(realm, child);
}

static JSValue get_last_element_child(xhr__realm *realm, void *self, JSValueConst this_value) {
  lxb_dom_node_t *child = xhr__self_node(self)->last_child;
  (void)this_value;
  while (child && !xhr__node_is_element(child))
    child = child->prev;
  return xhr__node_wrap(realm, child);
}

static JSValue get_child_element_count(xhr__realm *realm, void *self, JSValueConst this_value) {
  uint32_t count = 0;
  (void)this_value;
  for (const lxb_dom_node_t *child = xhr__self_node(self)->first_child; child; child = child->next)
    count += xhr__node_is_element(child);
  return JS_NewUint32(realm->js, count);
}

/* ---- inserting -------------------------------------------------------------------------------------------------- */

static JSValue done_or_throw(xhr__realm *realm, const char *error) {
  return error ? xhr__throw_dom(realm, error, "the nodes cannot be put there") : JS_UNDEFINED;
}

/* https://dom.spec.whatwg.org/#dom-parentnode-prepend */
static JSValue prepend(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                       JSValueConst *argv) {
  lxb_dom_node_t *parent = xhr__self_node(self);
  (void)this_value;
  lxb_dom_node_t *node = xhr__nodes_into_node(realm, xhr__document_of_node(parent), argc, argv);
  return node ? done_or_throw(realm, xhr__node_pre_insert(node, parent, parent->first_child))
              : JS_EXCEPTION;
}

/* https://dom.spec.whatwg.org/#dom-parentnode-append */
static JSValue append(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                      JSValueConst *argv) {
  lxb_dom_node_t *parent = xhr__self_node(self);
  (void)this_value;
  lxb_dom_node_t *node = xhr__nodes_into_node(realm, xhr__document_of_node(parent), argc, argv);
  return node ? done_or_throw(realm, xhr__node_pre_insert(node, parent, NULL)) : JS_EXCEPTION;
}

/* https://dom.spec.whatwg.org/#dom-parentnode-replacechildren */
static JSValue replace_children(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                JSValueConst *argv) {
  lxb_dom_node_t *parent = xhr__self_node(self);
  (void)this_value;
  /* 1. */
  lxb_dom_node_t *node = xhr__nodes_into_node(realm, xhr__document_of_node(parent), argc, argv);
  if (!node)
    return JS_EXCEPTION;
  /* 2. */
  const char *error = xhr__node_ensure_pre_insert_validity(node, parent, NULL);
  /* 3. */
  return done_or_throw(realm, error ? error : xhr__node_replace_all(node, parent));
}

/* ---- selectors -------------------------------------------------------------------------------------------------- */

xhr__selectors *xhr__to_selectors(xhr__realm *realm, JSValueConst value) {
  xhr__bytes text = {0};
  xhr__selectors *selectors = NULL;
  if (xhr__to_dom_string(realm, value, &text)) {
    xhr_status status = xhr__selectors_parse(xhr__bytes_str(&text), &selectors);
    if (status == XHR_SYNTAX_ERR)
      (void)xhr__throw(realm, "SyntaxError", "'%.200s' is no valid selector",
                       text.data ? text.data : "");
    else if (status != XHR_OK)
      JS_ThrowOutOfMemory(realm->js);
  }
  xhr__bytes_free(&text);
  return selectors;
}

/* https://dom.spec.whatwg.org/#dom-parentnode-queryselector */
static JSValue query_selector(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                              JSValueConst *argv) {
  lxb_dom_node_t **nodes;
  size_t count;
  (void)this_value, (void)argc;
  xhr__selectors *selectors = xhr__to_selectors(realm, argv[0]);
  if (!selectors)
    return JS_EXCEPTION;
  xhr_status status = xhr__selectors_find(selectors, xhr__self_node(self), true, &nodes, &count);
  xhr__selectors_free(selectors);
  if (status != XHR_OK)
    return JS_ThrowOutOfMemory(realm->js);
  JSValue value = xhr__node_wrap(realm, count > 0 ? nodes[0] : NULL);
  xhr__free(nodes);
  return value;
}

/* https://dom.spec.whatwg.org/#dom-parentnode-queryselectorall */
static JSValue query_selector_all(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                  JSValueConst *argv) {
  lxb_dom_node_t **nodes;
  size_t count;
  (void)this_value, (void)argc;
  xhr__selectors *selectors = xhr__to_selectors(realm, argv[0]);
  if (!selectors)
    return JS_EXCEPTION;
  xhr_status status = xhr__selectors_find(selectors, xhr__self_node(self), false, &nodes, &count);
  xhr__selectors_free(selectors);
  if (status != XHR_OK)
    return JS_ThrowOutOfMemory(realm->js);
  JSValue value = xhr__static_node_list_new(realm, self, nodes, count);
  xhr__free(nodes);
  return value;
}

static const xhr__member parent_members[] = {
    XHR__DEFINE_READONLY("children", get_children),
    XHR__DEFINE_READONLY("firstElementChild", get_first_element_child),
    XHR__DEFINE_READONLY("lastElementChild", get_last_element_child),
    XHR__DEFINE_READONLY("childElementCount", get_child_element_count),
    XHR__DEFINE_UNSCOPABLE("prepend", 0, prepend),
    XHR__DEFINE_UNSCOPABLE("append", 0, append),
    XHR__DEFINE_UNSCOPABLE("replaceChildren", 0, replace_children),
    XHR__DEFINE_OPERATION("querySelector", 1, query_selector),
    XHR__DEFINE_OPERATION("querySelectorAll", 1, query_selector_all),
};

const xhr__mixin xhr__parent_node = {
    .members = parent_members,
    .member_count = sizeof parent_members / sizeof *parent_members,
};

/* ---- NonElementParentNode --------------------------------------------------------------------------------------- */

lxb_dom_node_t *xhr__element_by_id(lxb_dom_node_t *root, xhr__str id) {
  for (lxb_dom_node_t *node = root; node && id.len > 0; node = xhr__node_following(node, root)) {
    const lxb_dom_element_t *element = (const void *)node;
    if (xhr__node_is_element(node) && element->attr_id &&
        xhr__str_equals(xhr__attribute_value(element->attr_id), id))
      return node;
  }
  return NULL;
}

/* https://dom.spec.whatwg.org/#dom-nonelementparentnode-getelementbyid */
static JSValue get_element_by_id(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                 JSValueConst *argv) {
  xhr__bytes id = {0};
  (void)this_value, (void)argc;
  JSValue value = JS_EXCEPTION;
  if (xhr__to_dom_string(realm, argv[0], &id))
    value = xhr__node_wrap(realm, xhr__element_by_id(xhr__self_node(self), xhr__bytes_str(&id)));
  xhr__bytes_free(&id);
  return value;
}

static const xhr__member lookup_members[] = {
    XHR__DEFINE_OPERATION("getElementById", 1, get_element_by_id),
};

const xhr__mixin xhr__non_element_parent_node = {
    .members = lookup_members,
    .member_count = sizeof lookup_members / sizeof *lookup_members,
};
