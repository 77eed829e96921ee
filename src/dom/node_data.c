#include "dom/node_data.h"

#include <lexbor/dom/interfaces/document.h>

xhr__node_data *xhr__node_data_of(lxb_dom_node_t *node) {
  if (!node->user)
    node->user = lexbor_mraw_calloc(node->owner_document->mraw, sizeof(xhr__node_data));
  return node->user;
}

bool xhr__node_is_script(const lxb_dom_node_t *node) {
  return node->type == LXB_DOM_NODE_TYPE_ELEMENT && node->local_name == LXB_TAG_SCRIPT &&
         (node->ns == LXB_NS_HTML || node->ns == LXB_NS_SVG);
}
