/* https://dom.spec.whatwg.org/#trees and https://dom.spec.whatwg.org/#mutation-algorithms. The tree is changed through these
 * alone, so that whoever stands for the document is told (xhr__document_steps). */
#ifndef XHR__DOM_NODE_H
#define XHR__DOM_NODE_H

#include "dom/document.h"
#include "dom/node_data.h"

/* ---- trees ------------------------------------------------------------------------------------------------------ */

/* The next node in tree order within `root`'s inclusive descendants; NULL behind the last. */
lxb_dom_node_t *xhr__node_following(const lxb_dom_node_t *node, const lxb_dom_node_t *root);
/* The same, without the node's descendants. */
lxb_dom_node_t *xhr__node_following_subtree(const lxb_dom_node_t *node, const lxb_dom_node_t *root);
lxb_dom_node_t *xhr__node_root(const lxb_dom_node_t *node);
/* https://dom.spec.whatwg.org/#connected: whether its root is a document. */
bool xhr__node_is_connected(const lxb_dom_node_t *node);
bool xhr__node_is_inclusive_ancestor(const lxb_dom_node_t *ancestor, const lxb_dom_node_t *node);
/* Its number among its parent's children. */
size_t xhr__node_index(const lxb_dom_node_t *node);
static inline bool xhr__node_is_element(const lxb_dom_node_t *node) {
  return node->type == LXB_DOM_NODE_TYPE_ELEMENT;
}
/* Text and CDATASection. */
bool xhr__node_is_text(const lxb_dom_node_t *node);
bool xhr__node_is_character_data(const lxb_dom_node_t *node);
bool xhr__node_is_html(const lxb_dom_node_t *node, lxb_tag_id_t tag);

/* https://html.spec.whatwg.org/#template-contents of a template element. */
lxb_dom_node_t *xhr__template_contents(lxb_dom_node_t *element);

/* A document's doctype, its document element; NULL. */
lxb_dom_node_t *xhr__document_doctype(const xhr__document *document);
lxb_dom_element_t *xhr__document_element(const xhr__document *document);

/* ---- making ----------------------------------------------------------------------------------------------------- */

/* NULL for want of memory. Text is WTF-8. */
lxb_dom_node_t *xhr__text_new(xhr__document *document, xhr__str data);
lxb_dom_node_t *xhr__comment_new(xhr__document *document, xhr__str data);
lxb_dom_node_t *xhr__cdata_section_new(xhr__document *document, xhr__str data);
lxb_dom_node_t *xhr__processing_instruction_new(xhr__document *document, xhr__str target,
                                                xhr__str data);
/* https://dom.spec.whatwg.org/#concept-pi-target: borrowed. */
xhr__str xhr__processing_instruction_target(const lxb_dom_node_t *node);
lxb_dom_node_t *xhr__document_fragment_new(xhr__document *document);
lxb_dom_node_t *xhr__document_type_new(xhr__document *document, xhr__str name, xhr__str public_id,
                                       xhr__str system_id);
/* https://dom.spec.whatwg.org/#concept-doctype, of a document type: borrowed. */
xhr__str xhr__document_type_name(const lxb_dom_node_t *node);
xhr__str xhr__document_type_public_id(const lxb_dom_node_t *node);
xhr__str xhr__document_type_system_id(const lxb_dom_node_t *node);
/* https://dom.spec.whatwg.org/#concept-documentfragment-host; NULL. */
lxb_dom_element_t *xhr__document_fragment_host(const lxb_dom_node_t *node);
/* https://dom.spec.whatwg.org/#concept-node-clone of a node that is no document; NULL for want of memory. */
lxb_dom_node_t *xhr__node_clone(lxb_dom_node_t *node, xhr__document *document, bool subtree);

/* ---- mutation --------------------------------------------------------------------------------------------------- */

/* What mutations give: NULL where they succeeded, else the name of the DOMException that they throw; this one, by its
 * address, for want of memory. */
extern const char xhr__dom_out_of_memory[];

/* https://dom.spec.whatwg.org/#concept-node-ensure-pre-insertion-validity; `child` may be NULL. */
const char *xhr__node_ensure_pre_insert_validity(const lxb_dom_node_t *node,
                                                 const lxb_dom_node_t *parent,
                                                 const lxb_dom_node_t *child);
/* https://dom.spec.whatwg.org/#concept-node-pre-insert */
const char *xhr__node_pre_insert(lxb_dom_node_t *node, lxb_dom_node_t *parent,
                                 lxb_dom_node_t *child);
/* https://dom.spec.whatwg.org/#concept-node-insert: valid already. */
const char *xhr__node_insert(lxb_dom_node_t *node, lxb_dom_node_t *parent, lxb_dom_node_t *child);
/* https://dom.spec.whatwg.org/#concept-node-replace */
const char *xhr__node_replace(lxb_dom_node_t *child, lxb_dom_node_t *node, lxb_dom_node_t *parent);
/* https://dom.spec.whatwg.org/#concept-node-replace-all; `node` may be NULL. */
const char *xhr__node_replace_all(lxb_dom_node_t *node, lxb_dom_node_t *parent);
/* https://dom.spec.whatwg.org/#concept-node-remove of a node that has a parent. */
void xhr__node_remove(lxb_dom_node_t *node);
/* https://dom.spec.whatwg.org/#concept-node-adopt */
const char *xhr__node_adopt(lxb_dom_node_t *node, xhr__document *document);

/* ---- text ------------------------------------------------------------------------------------------------------- */

/* https://dom.spec.whatwg.org/#concept-cd-data, borrowed until it changes. */
xhr__str xhr__character_data(const lxb_dom_node_t *node);
/* Sets it. NULL, or xhr__dom_out_of_memory. */
const char *xhr__set_character_data(lxb_dom_node_t *node, xhr__str data);
/* https://dom.spec.whatwg.org/#concept-descendant-text-content: appends it. */
xhr_status xhr__node_descendant_text(const lxb_dom_node_t *node, xhr__bytes *out);
/* https://dom.spec.whatwg.org/#concept-child-text-content: appends it. */
xhr_status xhr__node_child_text(const lxb_dom_node_t *node, xhr__bytes *out);
/* https://dom.spec.whatwg.org/#string-replace-all */
const char *xhr__node_string_replace_all(lxb_dom_node_t *parent, xhr__str string);

/* ---- attributes ------------------------------------------------------------------------------------------------- */

/* https://dom.spec.whatwg.org/#concept-element-attributes-get-by-name: NULL for none. */
lxb_dom_attr_t *xhr__element_get_attribute_by_name(const lxb_dom_element_t *element,
                                                   xhr__str qualified_name);
/* https://dom.spec.whatwg.org/#concept-element-attributes-get-by-namespace */
lxb_dom_attr_t *xhr__element_get_attribute_by_namespace(const lxb_dom_element_t *element,
                                                        xhr__str namespace, xhr__str local_name);
xhr__str xhr__attribute_value(const lxb_dom_attr_t *attribute);
/* The value of an attribute without namespace; false where there is none. `name` in lower case. */
bool xhr__element_attribute(const lxb_dom_element_t *element, xhr__str name, xhr__str *value);
/* https://dom.spec.whatwg.org/#concept-element-attributes-change: NULL, or xhr__dom_out_of_memory. */
const char *xhr__attribute_change(lxb_dom_attr_t *attribute, xhr__str value);
/* https://dom.spec.whatwg.org/#concept-element-attributes-append of an attribute without an element, and -remove. */
void xhr__attribute_append(lxb_dom_attr_t *attribute, lxb_dom_element_t *element);
void xhr__attribute_remove(lxb_dom_attr_t *attribute);
/* https://dom.spec.whatwg.org/#concept-element-attributes-replace */
void xhr__attribute_replace(lxb_dom_attr_t *old, lxb_dom_attr_t *new);
/* https://dom.spec.whatwg.org/#concept-element-attributes-set-value; `prefix_len` as in names.h. */
const char *xhr__element_set_attribute_value(lxb_dom_element_t *element, xhr__str namespace,
                                             xhr__str qualified_name, size_t prefix_len,
                                             xhr__str value);

#endif
