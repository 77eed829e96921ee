/* https://dom.spec.whatwg.org/#trees */
#include <lexbor/dom/interfaces/document.h>
#include <lexbor/html/interfaces/template_element.h>

#include "dom/node.h"

lxb_dom_node_t *xhr__node_following_subtree(const lxb_dom_node_t *node,
                                            const lxb_dom_node_t *root) {
  while (node && node != root) {
    if (node->next)
      return node->next;
    node = node->parent;
  }
  return NULL;
}

lxb_dom_node_t *xhr__node_following(const lxb_dom_node_t *node, const lxb_dom_node_t *root) {
  return node->first_child ? node->first_child : xhr__node_following_subtree(node, root);
}

lxb_dom_node_t *xhr__node_root(const lxb_dom_node_t *node) {
  while (node->parent)
    node = node->parent;
  return (lxb_dom_node_t *)node;
}

bool xhr__node_is_connected(const lxb_dom_node_t *node) {
  return xhr__node_root(node)->type == LXB_DOM_NODE_TYPE_DOCUMENT;
}

bool xhr__node_is_inclusive_ancestor(const lxb_dom_node_t *ancestor, const lxb_dom_node_t *node) {
  while (node && node != ancestor)
    node = node->parent;
  return node != NULL;
}

size_t xhr__node_index(const lxb_dom_node_t *node) {
  size_t index = 0;
  while ((node = node->prev))
    index++;
  return index;
}

bool xhr__node_is_text(const lxb_dom_node_t *node) {
  return node->type == LXB_DOM_NODE_TYPE_TEXT || node->type == LXB_DOM_NODE_TYPE_CDATA_SECTION;
}

bool xhr__node_is_character_data(const lxb_dom_node_t *node) {
  return xhr__node_is_text(node) || node->type == LXB_DOM_NODE_TYPE_COMMENT ||
         node->type == LXB_DOM_NODE_TYPE_PROCESSING_INSTRUCTION;
}

bool xhr__node_is_html(const lxb_dom_node_t *node, lxb_tag_id_t tag) {
  return node->type == LXB_DOM_NODE_TYPE_ELEMENT && node->local_name == tag &&
         node->ns == LXB_NS_HTML;
}

lxb_dom_node_t *xhr__template_contents(lxb_dom_node_t *element) {
  return &lxb_html_interface_template(element)->content->node;
}

static lxb_dom_node_t *child_of_type(const lxb_dom_node_t *parent, lxb_dom_node_type_t type) {
  lxb_dom_node_t *child = parent->first_child;
  while (child && child->type != type)
    child = child->next;
  return child;
}

lxb_dom_node_t *xhr__document_doctype(const xhr__document *document) {
  return child_of_type(xhr__document_node(document), LXB_DOM_NODE_TYPE_DOCUMENT_TYPE);
}

lxb_dom_element_t *xhr__document_element(const xhr__document *document) {
  return (lxb_dom_element_t *)child_of_type(xhr__document_node(document),
                                            LXB_DOM_NODE_TYPE_ELEMENT);
}
