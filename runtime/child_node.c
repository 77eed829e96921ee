/* https://dom.spec.whatwg.org/#interface-childnode and https://dom.spec.whatwg.org/#interface-nondocumenttypechildnode */
#include "runtime/node_binding.h"

static bool is_among(const lxb_dom_node_t *node, int argc, JSValueConst *argv) {
  for (int i = 0; i < argc; i++) {
    if (xhr__node_of(argv[i]) == node)
      return true;
  }
  return false;
}

/* The first sibling before or behind the node that is none of the arguments. */
static lxb_dom_node_t *viable_previous(lxb_dom_node_t *node, int argc, JSValueConst *argv) {
  for (node = node->prev; node && is_among(node, argc, argv); node = node->prev) {}
  return node;
}

static lxb_dom_node_t *viable_next(lxb_dom_node_t *node, int argc, JSValueConst *argv) {
  for (node = node->next; node && is_among(node, argc, argv); node = node->next) {}
  return node;
}

static JSValue done_or_throw(xhr__realm *realm, const char *error) {
  return error ? xhr__throw_dom(realm, error, "the nodes cannot be put there") : JS_UNDEFINED;
}

/* https://dom.spec.whatwg.org/#dom-childnode-before */
static JSValue before(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                      JSValueConst *argv) {
  lxb_dom_node_t *this = xhr__self_node(self), *parent = this->parent;
  (void)this_value;
  /* 1. - 2. */
  if (!parent)
    return JS_UNDEFINED;
  /* 3. */
  lxb_dom_node_t *sibling = viable_previous(this, argc, argv);
  /* 4. */
  lxb_dom_node_t *node = xhr__nodes_into_node(realm, xhr__document_of_node(this), argc, argv);
  if (!node)
    return JS_EXCEPTION;
  /* 5. - 6. */
  return done_or_throw(
      realm, xhr__node_pre_insert(node, parent, sibling ? sibling->next : parent->first_child));
}

/* https://dom.spec.whatwg.org/#dom-childnode-after */
static JSValue after(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                     JSValueConst *argv) {
  lxb_dom_node_t *this = xhr__self_node(self), *parent = this->parent;
  (void)this_value;
  /* 1. - 2. */
  if (!parent)
    return JS_UNDEFINED;
  /* 3. */
  lxb_dom_node_t *sibling = viable_next(this, argc, argv);
  /* 4. */
  lxb_dom_node_t *node = xhr__nodes_into_node(realm, xhr__document_of_node(this), argc, argv);
  /* 5. */
  return node ? done_or_throw(realm, xhr__node_pre_insert(node, parent, sibling)) : JS_EXCEPTION;
}

/* https://dom.spec.whatwg.org/#dom-childnode-replacewith */
static JSValue replace_with(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                            JSValueConst *argv) {
  lxb_dom_node_t *this = xhr__self_node(self), *parent = this->parent;
  (void)this_value;
  /* 1. - 2. */
  if (!parent)
    return JS_UNDEFINED;
  /* 3. */
  lxb_dom_node_t *sibling = viable_next(this, argc, argv);
  /* 4. */
  lxb_dom_node_t *node = xhr__nodes_into_node(realm, xhr__document_of_node(this), argc, argv);
  if (!node)
    return JS_EXCEPTION;
  /* 5. - 6. */
  return done_or_throw(realm, this->parent == parent ? xhr__node_replace(this, node, parent)
                                                     : xhr__node_pre_insert(node, parent, sibling));
}

static JSValue remove_node(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                           JSValueConst *argv) {
  (void)realm, (void)this_value, (void)argc, (void)argv;
  if (xhr__self_node(self)->parent)
    xhr__node_remove(xhr__self_node(self));
  return JS_UNDEFINED;
}

static const xhr__member child_members[] = {
    XHR__DEFINE_UNSCOPABLE("before", 0, before),
    XHR__DEFINE_UNSCOPABLE("after", 0, after),
    XHR__DEFINE_UNSCOPABLE("replaceWith", 0, replace_with),
    XHR__DEFINE_UNSCOPABLE("remove", 0, remove_node),
};

const xhr__mixin xhr__child_node = {
    .members = child_members,
    .member_count = sizeof child_members / sizeof *child_members,
};

static JSValue get_previous_element_sibling(xhr__realm *realm, void *self,
                                            JSValueConst this_value) {
  lxb_dom_node_t *node = xhr__self_node(self)->prev;
  (void)this_value;
  while (node && !xhr__node_is_element(node))
    node = node->prev;
  return xhr__node_wrap(realm, node);
}

static JSValue get_next_element_sibling(xhr__realm *realm, void *self, JSValueConst this_value) {
  lxb_dom_node_t *node = xhr__self_node(self)->next;
  (void)this_value;
  while (node && !xhr__node_is_element(node))
    node = node->next;
  return xhr__node_wrap(realm, node);
}

static const xhr__member sibling_members[] = {
    XHR__DEFINE_READONLY("previousElementSibling", get_previous_element_sibling),
    XHR__DEFINE_READONLY("nextElementSibling", get_next_element_sibling),
};

const xhr__mixin xhr__non_document_type_child_node = {
    .members = sibling_members,
    .member_count = sizeof sibling_members / sizeof *sibling_members,
};
