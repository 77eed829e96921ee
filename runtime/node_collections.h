/* What the interfaces that inherit from HTMLCollection and NodeList build upon; their structure is node_collections.c's. */
#ifndef XHR__RUNTIME_NODE_COLLECTIONS_H
#define XHR__RUNTIME_NODE_COLLECTIONS_H

#include "runtime/node_binding.h"

extern const xhr__interface xhr__html_form_controls_collection_interface;
extern const xhr__interface xhr__html_options_collection_interface;
extern const xhr__interface xhr__radio_node_list_interface;

void xhr__collection_finalize(JSRuntime *runtime, void *object);
void xhr__collection_mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func);

/* The object that the collection is rooted at: borrowed. */
xhr__js_node *xhr__collection_root(void *object);
/* How many there are; one of them, or NULL; one of them as an object, or null. */
uint32_t xhr__collection_length(void *object);
lxb_dom_node_t *xhr__collection_node(void *object, size_t index);
JSValue xhr__collection_at(xhr__realm *realm, void *object, uint32_t index);
/* A named property's value, and the names, of an HTMLCollection. */
JSValue xhr__collection_named(xhr__realm *realm, void *self, xhr__str name);
bool xhr__collection_names(void *object, xhr__bytes *out);

/* Whether the element has that ID, or is an HTML element with that name attribute; `name` is not empty. */
bool xhr__is_named(const lxb_dom_node_t *node, xhr__str name);
/* Appends the names that stand for an element, without those that are listed already. False for want of memory. */
bool xhr__append_names(const lxb_dom_element_t *element, xhr__bytes *out);

/* The collection in a slot of its root's object, made where there is none yet. JS_EXCEPTION. */
JSValue xhr__collection_of_slot(xhr__realm *realm, xhr__js_node *self, xhr__node_slot slot,
                                xhr__collection_kind kind);

#endif
