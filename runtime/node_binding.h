/* The objects of documents and nodes, for the files of their interfaces. Identity and lifetime: document_binding.h. */
#ifndef XHR__RUNTIME_NODE_BINDING_H
#define XHR__RUNTIME_NODE_BINDING_H

#include "dom/node.h"
#include "runtime/convert.h"
#include "runtime/document_binding.h"
#include "runtime/event_target.h"

/* Objects that a node has one of: [SameObject]. */
typedef enum xhr__node_slot {
  XHR__SLOT_CHILD_NODES,
  XHR__SLOT_CHILDREN,
  XHR__SLOT_ATTRIBUTES,
  XHR__SLOT_CLASS_LIST,
  XHR__SLOT_IMPLEMENTATION,
  XHR__SLOT_SCRIPTS,
  XHR__SLOT_FORMS,
  XHR__SLOT_IMAGES,
  XHR__SLOT_LINKS,
  XHR__SLOT_FILES, /* of an input element: the FileList, once it was asked for or set */
  XHR__SLOT_ELEMENTS,
  XHR__SLOT_OPTIONS,
  XHR__SLOT_SELECTED_OPTIONS,
  XHR__SLOT_HTML_FOR,
  XHR__SLOT_COUNT
} xhr__node_slot;

typedef struct xhr__js_document xhr__js_document;

/* Of every Node. */
typedef struct xhr__js_node {
  xhr__js_event_target target;
  lxb_dom_node_t *node;
  xhr__document *document; /* counted: what keeps the node's memory */
  xhr__list member; /* of the owner's wrappers; in none where it is a document's own object */
  JSValue self;     /* the object itself: a reference of the owner's; a document's own: none */
  xhr__js_document *owner; /* borrowed; NULL for a document, and once the owner is gone */
  JSValue owner_object;
  JSValue *slots; /* XHR__SLOT_COUNT of them, or NULL */
} xhr__js_node;

struct xhr__js_document {
  xhr__js_node node;
  xhr__realm *realm; /* borrowed; NULL once it is gone */
  xhr__teardown teardown;
  xhr__list wrappers; /* of xhr__js_node: the objects of its nodes */
  const xhr__document_host *host;
  void *host_user;
  JSValue current_script;
};

/* The object of the document of an object's node. */
xhr__js_document *xhr__js_document_of(xhr__js_node *self);
/* https://html.spec.whatwg.org/#concept-document-window, the other way: NULL where the global object has none. Borrowed: the global
 * object's property cannot be changed. */
xhr__document *xhr__realm_document(xhr__realm *realm);
/* xhr__node_wrap of a new node, for a constructor. */
JSValue xhr__node_wrap_as(xhr__realm *realm, lxb_dom_node_t *node, JSValueConst new_target);
/* The object of the document itself. Borrowed. */
xhr__js_document *xhr__js_document_of_value(JSValueConst value);
/* https://html.spec.whatwg.org/#concept-document-bc: whether there is a host, and so a window. */
static inline bool xhr__js_document_has_window(const xhr__js_document *document) {
  return document->host != NULL;
}

/* The object in a slot, or JS_UNDEFINED; borrowed. Putting one there takes it over and gives it back as the caller's. */
JSValueConst xhr__js_node_slot(const xhr__js_node *self, xhr__node_slot slot);
JSValue xhr__js_node_keep(xhr__realm *realm, xhr__js_node *self, xhr__node_slot slot,
                          JSValue object);

/* `finalize` and `mark` of all interfaces of nodes. */
void xhr__js_node_finalize(JSRuntime *runtime, void *object);
void xhr__js_node_mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func);

/* An interface of nodes that scripts of windows see. */
#define XHR__NODE_INTERFACE(name_, inherits_, members_)                                            \
  .name = (name_), .inherits = (inherits_), .exposed = XHR__EXPOSED_WINDOW, .members = (members_), \
  .member_count = sizeof(members_) / sizeof *(members_), .finalize = xhr__js_node_finalize,        \
  .mark = xhr__js_node_mark
#define XHR__EMPTY_NODE_INTERFACE(name_, inherits_)                                                \
  .name = (name_), .inherits = (inherits_), .exposed = XHR__EXPOSED_WINDOW,                        \
  .finalize = xhr__js_node_finalize, .mark = xhr__js_node_mark

extern const xhr__interface xhr__xml_document_interface;
extern const xhr__interface xhr__document_fragment_interface;
extern const xhr__interface xhr__document_type_interface;
extern const xhr__interface xhr__attr_interface;
extern const xhr__interface xhr__character_data_interface;
extern const xhr__interface xhr__text_interface;
extern const xhr__interface xhr__cdata_section_interface;
extern const xhr__interface xhr__processing_instruction_interface;
extern const xhr__interface xhr__comment_interface;
extern const xhr__interface xhr__dom_implementation_interface;
extern const xhr__interface xhr__node_list_interface;
extern const xhr__interface xhr__html_collection_interface;
extern const xhr__interface xhr__named_node_map_interface;
extern const xhr__interface xhr__dom_token_list_interface;

extern const xhr__mixin xhr__parent_node;
extern const xhr__mixin xhr__child_node;
extern const xhr__mixin xhr__non_document_type_child_node;
extern const xhr__mixin xhr__non_element_parent_node;

/* ---- conversions ------------------------------------------------------------------------------------------------ */

/* Throws what a mutation gave; `what` says where. JS_EXCEPTION. */
JSValue xhr__throw_dom(xhr__realm *realm, const char *error, const char *what);
/* A Node argument; NULL where it threw. `nullable`: null and undefined are NULL, without throwing: *threw tells. */
lxb_dom_node_t *xhr__to_node(xhr__realm *realm, JSValueConst value, const char *what);
bool xhr__to_nullable_node(xhr__realm *realm, JSValueConst value, const char *what,
                           lxb_dom_node_t **node);
/* A DOMString that is null as such ([LegacyNullToEmptyString] makes it the empty string). False where it threw. */
bool xhr__to_nullable_string(xhr__realm *realm, JSValueConst value, xhr__bytes *out, bool *is_null);
bool xhr__to_string_null_to_empty(xhr__realm *realm, JSValueConst value, xhr__bytes *out);
/* The document of an object whose `self` is an xhr__js_node. */
static inline xhr__document *xhr__self_document(void *self) {
  return xhr__document_of_node(((xhr__js_node *)self)->node);
}
static inline lxb_dom_node_t *xhr__self_node(void *self) {
  return ((xhr__js_node *)self)->node;
}
static inline lxb_dom_element_t *xhr__self_element(void *self) {
  return lxb_dom_interface_element(((xhr__js_node *)self)->node);
}

/* https://dom.spec.whatwg.org/#converting-nodes-into-a-node: of arguments. NULL where it threw. */
lxb_dom_node_t *xhr__nodes_into_node(xhr__realm *realm, xhr__document *document, int argc,
                                     JSValueConst *argv);

/* ---- collections ------------------------------------------------------------------------------------------------ */

typedef enum xhr__collection_kind {
  XHR__COLLECT_CHILD_NODES,    /* a NodeList; the others with a filter: */
  XHR__COLLECT_CHILDREN,       /* element children */
  XHR__COLLECT_QUALIFIED_NAME, /* name, "*" for all */
  XHR__COLLECT_NAMESPACE,      /* namespace and local name, "*" for all */
  XHR__COLLECT_CLASS_NAMES,    /* name: the classes */
  XHR__COLLECT_NAME,           /* a NodeList of HTML elements whose name attribute it is */
  XHR__COLLECT_SCRIPTS,
  XHR__COLLECT_FORMS,
  XHR__COLLECT_IMAGES,
  XHR__COLLECT_LINKS,         /* a and area elements with href */
  XHR__COLLECT_FORM_ELEMENTS, /* of a form: its listed elements */
  XHR__COLLECT_FORM_ELEMENTS_NAMED, /* of a form: a RadioNodeList of those whose ID or name attribute it is */
  XHR__COLLECT_FIELD_SET_ELEMENTS, /* of a fieldset */
  XHR__COLLECT_OPTIONS,            /* of a select: its list of options */
  XHR__COLLECT_SELECTED_OPTIONS,
  XHR__COLLECT_DATA_LIST, /* of a datalist: option elements */
} xhr__collection_kind;

/* A live collection rooted at the object's node. The strings are copied. The caller's; JS_EXCEPTION. */
JSValue xhr__collection_new(xhr__realm *realm, xhr__js_node *root, xhr__collection_kind kind,
                            xhr__str name, xhr__str namespace);
/* A static NodeList; `nodes` are of the root's group. */
JSValue xhr__static_node_list_new(xhr__realm *realm, xhr__js_node *root, lxb_dom_node_t **nodes,
                                  size_t count);

/* ---- by file ---------------------------------------------------------------------------------------------------- */

/* The interface of an element: runtime/html_elements.c */
const xhr__interface *xhr__interface_of_element(const lxb_dom_element_t *element);
/* runtime/named_node_map.c, dom_token_list.c, dom_implementation.c: what the slots hold. */
JSValue xhr__named_node_map_new(xhr__realm *realm, xhr__js_node *element);
JSValue xhr__dom_token_list_new(xhr__realm *realm, xhr__js_node *element, const char *attribute);
JSValue xhr__dom_implementation_new(xhr__realm *realm, xhr__js_node *document);

/* runtime/parent_node.c: throws and gives NULL; and the first element of that id among the root's inclusive descendants. */
struct xhr__selectors *xhr__to_selectors(xhr__realm *realm, JSValueConst value);
lxb_dom_node_t *xhr__element_by_id(lxb_dom_node_t *root, xhr__str id);
/* runtime/attr.c: https://dom.spec.whatwg.org/#concept-element-attributes-set */
JSValue xhr__element_set_attr(xhr__realm *realm, lxb_dom_element_t *element, JSValueConst value);
/* runtime/element_attributes.c: the attribute (NULL: none) that arguments name: a qualified name; a namespace and a local name. False
 * where it threw. */
bool xhr__attribute_by_name_argument(xhr__realm *realm, const lxb_dom_element_t *element,
                                     JSValueConst name, lxb_dom_attr_t **attribute);
bool xhr__attribute_by_namespace_arguments(xhr__realm *realm, const lxb_dom_element_t *element,
                                           JSValueConst *argv, lxb_dom_attr_t **attribute);
/* Sets an attribute without namespace; false where it threw. `name` in lower case. */
bool xhr__element_set(xhr__realm *realm, lxb_dom_element_t *element, xhr__str name, xhr__str value);
extern const xhr__mixin xhr__element_attributes;
/* runtime/node_compare.c */
xhr__operation xhr__is_equal_node, xhr__is_same_node, xhr__compare_document_position, xhr__contains,
    xhr__lookup_prefix, xhr__lookup_namespace_uri, xhr__is_default_namespace;
/* runtime/element.c: https://dom.spec.whatwg.org/#element-html-uppercased-qualified-name */
JSValue xhr__element_tag_name(xhr__realm *realm, lxb_dom_element_t *element);
/* runtime/dom_implementation.c: https://dom.spec.whatwg.org/#concept-node-clone of a document. */
JSValue xhr__document_clone(xhr__realm *realm, xhr__js_node *document, bool subtree);

/* runtime/document_write.c */
xhr__operation xhr__document_write, xhr__document_writeln, xhr__document_open_operation,
    xhr__document_close;
/* runtime/document_lookup.c */
xhr__operation xhr__get_elements_by_tag_name, xhr__get_elements_by_tag_name_ns,
    xhr__get_elements_by_class_name;

/* runtime/event_handler_content.c: the node's event handler content attributes become event handlers. */
void xhr__event_handlers_of_attributes(xhr__realm *realm, xhr__js_node *self);
void xhr__event_handler_attribute_changed(xhr__realm *realm, lxb_dom_attr_t *attribute,
                                          lxb_dom_element_t *element, bool exists);

#endif
