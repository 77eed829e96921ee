/* New nodes, and clones: https://dom.spec.whatwg.org/#concept-node-clone */
#include <lexbor/dom/interfaces/cdata_section.h>
#include <lexbor/dom/interfaces/comment.h>
#include <lexbor/dom/interfaces/document_fragment.h>
#include <lexbor/dom/interfaces/document_type.h>
#include <lexbor/dom/interfaces/processing_instruction.h>
#include <lexbor/dom/interfaces/text.h>
#include <lexbor/html/interface.h>
#include <lexbor/html/interfaces/template_element.h>

#include "dom/form_control.h"
#include "dom/names.h"
#include "dom/node.h"

static bool set_str(xhr__document *document, lexbor_str_t *to, xhr__str from) {
  return lexbor_str_init(to, document->tree->text, from.len) &&
         lexbor_str_append(to, document->tree->text, (const lxb_char_t *)from.data, from.len);
}

static lxb_dom_node_t *new_character_data(xhr__document *document, lxb_tag_id_t tag,
                                          xhr__str data) {
  lxb_dom_character_data_t *text =
      lxb_html_interface_create(xhr__document_html(document), tag, LXB_NS_HTML);
  return text && set_str(document, &text->data, data) ? &text->node : NULL;
}

lxb_dom_node_t *xhr__text_new(xhr__document *document, xhr__str data) {
  return new_character_data(document, LXB_TAG__TEXT, data);
}

lxb_dom_node_t *xhr__comment_new(xhr__document *document, xhr__str data) {
  return new_character_data(document, LXB_TAG__EM_COMMENT, data);
}

lxb_dom_node_t *xhr__cdata_section_new(xhr__document *document, xhr__str data) {
  lxb_dom_cdata_section_t *section = lxb_dom_cdata_section_interface_create(document->tree);
  return section && set_str(document, &section->text.char_data.data, data)
             ? &section->text.char_data.node
             : NULL;
}

lxb_dom_node_t *xhr__processing_instruction_new(xhr__document *document, xhr__str target,
                                                xhr__str data) {
  lxb_dom_processing_instruction_t *instruction =
      lxb_dom_processing_instruction_interface_create(document->tree);
  return instruction && set_str(document, &instruction->target, target) &&
                 set_str(document, &instruction->char_data.data, data)
             ? &instruction->char_data.node
             : NULL;
}

lxb_dom_node_t *xhr__document_fragment_new(xhr__document *document) {
  lxb_dom_document_fragment_t *fragment =
      lxb_dom_document_fragment_interface_create(document->tree);
  return fragment ? &fragment->node : NULL;
}

LXB_API lxb_dom_attr_data_t *lxb_dom_attr_qualified_name_append(lexbor_hash_t *hash,
                                                                const lxb_char_t *name,
                                                                size_t length);

lxb_dom_node_t *xhr__document_type_new(xhr__document *document, xhr__str name, xhr__str public_id,
                                       xhr__str system_id) {
  lxb_dom_document_type_t *doctype = lxb_dom_document_type_interface_create(document->tree);
  if (!doctype || !set_str(document, &doctype->public_id, public_id) ||
      !set_str(document, &doctype->system_id, system_id))
    return NULL;
  doctype->node.local_name = LXB_TAG__EM_DOCTYPE;
  doctype->node.ns = LXB_NS_HTML;
  doctype->name = LXB_DOM_ATTR__UNDEF;
  if (name.len == 0)
    return &doctype->node;
  lxb_dom_attr_data_t *data = lxb_dom_attr_qualified_name_append(
      document->tree->attrs, (const lxb_char_t *)name.data, name.len);
  doctype->name = (lxb_dom_attr_id_t)data;
  return data ? &doctype->node : NULL;
}

/* ---- cloning ---------------------------------------------------------------------------------------------------- */

static lxb_dom_node_t *clone_element(lxb_dom_element_t *element, xhr__document *document) {
  xhr__str namespace, prefix;
  lxb_ns_id_t id;
  (void)xhr__node_namespace(&element->node, &namespace);
  (void)xhr__node_prefix(&element->node, &prefix);
  if (!xhr__namespace_intern(document, namespace, &id))
    return NULL;
  lxb_dom_element_t *copy =
      xhr__element_new(document, id, xhr__element_qualified_name(element), prefix.len);
  if (!copy)
    return NULL;
  for (const lxb_dom_attr_t *attribute = element->first_attr; attribute;
       attribute = attribute->next) {
    (void)xhr__node_namespace(&attribute->node, &namespace);
    (void)xhr__node_prefix(&attribute->node, &prefix);
    if (xhr__element_set_attribute_value(copy, namespace, xhr__attribute_qualified_name(attribute),
                                         prefix.len, xhr__attribute_value(attribute)))
      return NULL;
  }
  /* https://html.spec.whatwg.org/#script-processing-model: cloning steps */
  const xhr__node_data *data = xhr__node_data_if_any(&element->node);
  if (data && data->script.already_started) {
    xhr__node_data *copied = xhr__node_data_of(&copy->node);
    if (!copied)
      return NULL;
    copied->script.already_started = true;
  }
  return xhr__form_control_clone(element, copy) ? &copy->node : NULL;
}

static xhr__str lexbor_text(const lexbor_str_t *str) {
  return xhr__str_of(str->data ? (const char *)str->data : "", str->data ? str->length : 0);
}

xhr__str xhr__processing_instruction_target(const lxb_dom_node_t *node) {
  return lexbor_text(&((const lxb_dom_processing_instruction_t *)(const void *)node)->target);
}

xhr__str xhr__document_type_name(const lxb_dom_node_t *node) {
  size_t len = 0;
  const lxb_char_t *name = lxb_dom_document_type_name((const void *)node, &len);
  return name ? xhr__str_of((const char *)name, len) : XHR__STR_EMPTY;
}

xhr__str xhr__document_type_public_id(const lxb_dom_node_t *node) {
  return lexbor_text(&((const lxb_dom_document_type_t *)(const void *)node)->public_id);
}

xhr__str xhr__document_type_system_id(const lxb_dom_node_t *node) {
  return lexbor_text(&((const lxb_dom_document_type_t *)(const void *)node)->system_id);
}

lxb_dom_element_t *xhr__document_fragment_host(const lxb_dom_node_t *node) {
  return node->type == LXB_DOM_NODE_TYPE_DOCUMENT_FRAGMENT
             ? ((const lxb_dom_document_fragment_t *)(const void *)node)->host
             : NULL;
}

static lxb_dom_node_t *clone_attribute(const lxb_dom_attr_t *attribute, xhr__document *document) {
  xhr__str namespace, prefix;
  lxb_ns_id_t id;
  (void)xhr__node_namespace(&attribute->node, &namespace);
  (void)xhr__node_prefix(&attribute->node, &prefix);
  if (!xhr__namespace_intern(document, namespace, &id))
    return NULL;
  lxb_dom_attr_t *copy =
      xhr__attribute_new(document, id, xhr__attribute_qualified_name(attribute), prefix.len);
  return copy && !xhr__attribute_change(copy, xhr__attribute_value(attribute)) ? &copy->node : NULL;
}

/* https://dom.spec.whatwg.org/#clone-a-single-node */
static lxb_dom_node_t *clone_one(lxb_dom_node_t *node, xhr__document *document) {
  switch (node->type) {
    case LXB_DOM_NODE_TYPE_ELEMENT: return clone_element(lxb_dom_interface_element(node), document);
    case LXB_DOM_NODE_TYPE_TEXT: return xhr__text_new(document, xhr__character_data(node));
    case LXB_DOM_NODE_TYPE_COMMENT: return xhr__comment_new(document, xhr__character_data(node));
    case LXB_DOM_NODE_TYPE_DOCUMENT_FRAGMENT: return xhr__document_fragment_new(document);
    case LXB_DOM_NODE_TYPE_DOCUMENT_TYPE:
      return xhr__document_type_new(document, xhr__document_type_name(node),
                                    xhr__document_type_public_id(node),
                                    xhr__document_type_system_id(node));
    case LXB_DOM_NODE_TYPE_ATTRIBUTE:
      return clone_attribute(lxb_dom_interface_attr(node), document);
    case LXB_DOM_NODE_TYPE_CDATA_SECTION:
      return xhr__cdata_section_new(document, xhr__character_data(node));
    case LXB_DOM_NODE_TYPE_PROCESSING_INSTRUCTION:
      return xhr__processing_instruction_new(document, xhr__processing_instruction_target(node),
                                             xhr__character_data(node));
    default: return NULL;
  }
}

/* https://html.spec.whatwg.org/#the-template-element: cloning steps */
static bool clone_template_contents(lxb_dom_node_t *from, lxb_dom_node_t *to,
                                    xhr__document *document) {
  lxb_dom_document_fragment_t *source = lxb_html_interface_template(from)->content;
  lxb_dom_document_fragment_t *target = lxb_html_interface_template(to)->content;
  for (lxb_dom_node_t *child = source ? source->node.first_child : NULL; child && target;
       child = child->next) {
    lxb_dom_node_t *copy = xhr__node_clone(child, document, true);
    if (!copy)
      return false;
    lxb_dom_node_insert_child_wo_events(&target->node, copy);
  }
  return true;
}

/* The next node to be cloned behind `*source`, whose copy is `*target`, which becomes the parent of the next one's copy. NULL
 * behind the last. */
static lxb_dom_node_t *next_to_clone(lxb_dom_node_t *source, lxb_dom_node_t **target,
                                     const lxb_dom_node_t *root) {
  if (source->first_child)
    return source->first_child;
  while (source != root && !source->next) {
    source = source->parent;
    *target = (*target)->parent;
  }
  if (source == root)
    return NULL;
  *target = (*target)->parent;
  return source->next;
}

lxb_dom_node_t *xhr__node_clone(lxb_dom_node_t *node, xhr__document *document, bool subtree) {
  lxb_dom_node_t *copy = clone_one(node, document), *target = copy, *source = node;
  while (subtree && copy) {
    if (xhr__node_is_html(source, LXB_TAG_TEMPLATE) &&
        !clone_template_contents(source, target, document))
      return NULL;
    source = next_to_clone(source, &target, node);
    if (!source)
      break;
    lxb_dom_node_t *child = clone_one(source, document);
    if (!child)
      return NULL;
    lxb_dom_node_insert_child_wo_events(target, child);
    target = child;
  }
  return copy;
}
