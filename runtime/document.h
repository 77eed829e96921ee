/* What the files of Document share. */
#ifndef XHR__RUNTIME_DOCUMENT_H
#define XHR__RUNTIME_DOCUMENT_H

#include "runtime/node_binding.h"

/* HTML's part of the interface: runtime/html_document.c */
extern const xhr__mixin xhr__html_document;

/* xhr__document_binding_new with the interface (Document, XMLDocument), for a constructor. */
JSValue xhr__document_binding_new_as(xhr__realm *realm, xhr__document *document,
                                     const xhr__interface *interface, JSValueConst new_target);
/* https://dom.spec.whatwg.org/#internal-createelementns-steps; the empty namespace is null. NULL where it threw. */
lxb_dom_element_t *xhr__create_element_ns(xhr__realm *realm, xhr__document *document,
                                          xhr__str namespace, xhr__str name);
/* https://html.spec.whatwg.org/#the-head-element-2 and #the-body-element-2; NULL. */
lxb_dom_node_t *xhr__document_head(const xhr__document *document);
lxb_dom_node_t *xhr__document_body(const xhr__document *document);

#endif
