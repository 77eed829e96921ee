/* Names of elements and attributes, and namespaces: https://dom.spec.whatwg.org/#namespaces
 *
 * Lexbor's tree was made for HTML: its tables know local names, prefixes and namespaces in lower case. So nothing else reads
 * or writes names in lexbor's structures: here the raw qualified name is kept wherever it differs from the lower-cased local
 * name, local name and prefix are read from it, and namespaces that lexbor does not know are interned as they are. */
#ifndef XHR__DOM_NAMES_H
#define XHR__DOM_NAMES_H

#include "dom/document.h"

/* Borrowed; they live as long as the document's tables. */
xhr__str xhr__element_local_name(const lxb_dom_element_t *element);
xhr__str xhr__element_qualified_name(const lxb_dom_element_t *element);
xhr__str xhr__attribute_local_name(const lxb_dom_attr_t *attribute);
xhr__str xhr__attribute_qualified_name(const lxb_dom_attr_t *attribute);
/* The prefix of a node that is an element or an attribute; false for null. */
bool xhr__node_prefix(const lxb_dom_node_t *node, xhr__str *prefix);
/* The namespace of a node that is an element or an attribute; false for null. */
bool xhr__node_namespace(const lxb_dom_node_t *node, xhr__str *namespace);

/* A namespace as nodes of the document's group carry it: equal ones are equal within one document. LXB_NS__UNDEF for null,
 * which the empty string stands for too. False for want of memory. */
bool xhr__namespace_intern(xhr__document *document, xhr__str namespace, lxb_ns_id_t *id);
/* The key of an attribute's namespace: lexbor gives those of parsed attributes their element's. */
lxb_ns_id_t xhr__attribute_namespace(const lxb_dom_attr_t *attribute);

/* A new element without attributes or parent; NULL for want of memory. `prefix_len` is the prefix's in the qualified name, 0 for
 * null. */
lxb_dom_element_t *xhr__element_new(xhr__document *document, lxb_ns_id_t namespace,
                                    xhr__str qualified_name, size_t prefix_len);
/* A new attribute of the null namespace or another, with an empty value and without an element. */
lxb_dom_attr_t *xhr__attribute_new(xhr__document *document, lxb_ns_id_t namespace,
                                   xhr__str qualified_name, size_t prefix_len);

/* Makes the names of a node of one document those of another's tables. False for want of memory. */
bool xhr__node_adopt_names(lxb_dom_node_t *node, xhr__document *to);

/* https://dom.spec.whatwg.org/#valid-element-local-name, #valid-attribute-local-name, #valid-namespace-prefix, #valid-doctype-name */
bool xhr__is_valid_element_local_name(xhr__str name);
bool xhr__is_valid_attribute_local_name(xhr__str name);
bool xhr__is_valid_namespace_prefix(xhr__str prefix);
bool xhr__is_valid_doctype_name(xhr__str name);

/* https://www.w3.org/TR/xml/#NT-Name */
bool xhr__is_xml_name(xhr__str name);
/* https://dom.spec.whatwg.org/#validate-and-extract. NULL, or the name of the DOMException that it throws. */
const char *xhr__validate_and_extract(xhr__str namespace, xhr__str qualified_name, bool is_element,
                                      size_t *prefix_len);

#define XHR__HTML_NAMESPACE  XHR__STR("http://www.w3.org/1999/xhtml")
#define XHR__XML_NAMESPACE   XHR__STR("http://www.w3.org/XML/1998/namespace")
#define XHR__XMLNS_NAMESPACE XHR__STR("http://www.w3.org/2000/xmlns/")

#endif
