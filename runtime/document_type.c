/* https://dom.spec.whatwg.org/#interface-documenttype and https://dom.spec.whatwg.org/#interface-documentfragment */
#include "runtime/node_binding.h"

static JSValue get_name(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_dom_string(realm, xhr__document_type_name(xhr__self_node(self)));
}

static JSValue get_public_id(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_dom_string(realm, xhr__document_type_public_id(xhr__self_node(self)));
}

static JSValue get_system_id(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_dom_string(realm, xhr__document_type_system_id(xhr__self_node(self)));
}

static const xhr__member members[] = {
    XHR__DEFINE_READONLY("name", get_name),
    XHR__DEFINE_READONLY("publicId", get_public_id),
    XHR__DEFINE_READONLY("systemId", get_system_id),
};

static const xhr__mixin *const includes[] = {&xhr__child_node, NULL};

const xhr__interface xhr__document_type_interface = {
    XHR__NODE_INTERFACE("DocumentType", &xhr__node_interface, members),
    .includes = includes,
};

/* ---- DocumentFragment ------------------------------------------------------------------------------------------- */

/* https://dom.spec.whatwg.org/#dom-documentfragment-documentfragment */
static JSValue construct_fragment(xhr__realm *realm, JSValueConst new_target, int argc,
                                  JSValueConst *argv) {
  xhr__document *document = xhr__realm_document(realm);
  (void)argc, (void)argv;
  if (!document)
    return xhr__throw(realm, "InvalidStateError", "there is no document");
  lxb_dom_node_t *node = xhr__document_fragment_new(document);
  return node ? xhr__node_wrap_as(realm, node, new_target) : JS_ThrowOutOfMemory(realm->js);
}

static const xhr__mixin *const fragment_includes[] = {&xhr__parent_node,
                                                      &xhr__non_element_parent_node, NULL};

const xhr__interface xhr__document_fragment_interface = {
    XHR__EMPTY_NODE_INTERFACE("DocumentFragment", &xhr__node_interface),
    .construct = construct_fragment,
    .includes = fragment_includes,
};
