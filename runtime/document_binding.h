/* Documents and their nodes as objects of a realm's scripts.
 *
 * Identity: a node has one object at most, which it points at through its node data, without holding it. Lifetime: a node's object
 * holds the document's object, and that holds all the objects of its nodes; so a document and its nodes' objects live and
 * go together, whatever scripts keep of them, and an expando on an element is there as long as the document is. The document's
 * object holds one reference to the xhr__document, and each node's object one of its own, so that finalizers may run in any order. */
#ifndef XHR__RUNTIME_DOCUMENT_BINDING_H
#define XHR__RUNTIME_DOCUMENT_BINDING_H

#include "dom/document.h"
#include "runtime/document_host.h"
#include "runtime/realm.h"

extern const xhr__interface xhr__node_interface;
extern const xhr__interface xhr__document_interface;
extern const xhr__interface xhr__element_interface;

/* The Document object of a document that has none yet; a reference to it is taken. The caller's; JS_EXCEPTION. */
JSValue xhr__document_binding_new(xhr__realm *realm, xhr__document *document);
/* Sets its host, which is borrowed, as `user` is: until it is set to NULL, which has to be done before they go. */
void xhr__document_set_host(JSValueConst document, const xhr__document_host *host, void *user);

/* The object of a node, made where there is none yet (its document's too); JS_NULL for NULL. The caller's; JS_EXCEPTION. */
JSValue xhr__node_wrap(xhr__realm *realm, lxb_dom_node_t *node);
/* The node, the element, the document of a value that is one; else NULL. Borrowed from the value. */
lxb_dom_node_t *xhr__node_of(JSValueConst value);
lxb_dom_element_t *xhr__element_of(JSValueConst value);
xhr__document *xhr__document_of(JSValueConst value);

/* https://html.spec.whatwg.org/#update-the-current-document-readiness, with its readystatechange event. */
void xhr__document_set_ready_state(xhr__realm *realm, JSValueConst document,
                                   xhr__ready_state ready_state);
/* document.currentScript, JS_NULL for none; gives what it was, so that it can be set back (both are the caller's to free).
 * https://html.spec.whatwg.org/#execute-the-script-element */
JSValue xhr__document_exchange_current_script(JSValueConst document, JSValue script);

#endif
