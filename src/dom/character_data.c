/* https://dom.spec.whatwg.org/#interface-characterdata and the text of nodes. */
#include <lexbor/dom/interfaces/character_data.h>

#include "dom/node.h"

static xhr__str str_of(const lexbor_str_t *str) {
  return xhr__str_of(str->data ? (const char *)str->data : "", str->data ? str->length : 0);
}

xhr__str xhr__character_data(const lxb_dom_node_t *node) {
  return str_of(&((const lxb_dom_character_data_t *)(const void *)node)->data);
}

const char *xhr__set_character_data(lxb_dom_node_t *node, xhr__str data) {
  lxb_dom_character_data_t *text = lxb_dom_interface_character_data(node);
  xhr__document *document = xhr__document_of_node(node);
  lexbor_mraw_t *memory = document->tree->text;
  lexbor_str_t old = text->data, new = {0};
  if (!lexbor_str_init(&new, memory, data.len) ||
      !lexbor_str_append(&new, memory, (const lxb_char_t *)data.data, data.len))
    return xhr__dom_out_of_memory;
  text->data = new;
  if (old.data)
    (void)lexbor_str_destroy(&old, memory, false);
  document->version++;
  return NULL;
}

xhr_status xhr__node_descendant_text(const lxb_dom_node_t *node, xhr__bytes *out) {
  xhr_status status = XHR_OK;
  for (const lxb_dom_node_t *at = node; at && status == XHR_OK;
       at = xhr__node_following(at, node)) {
    if (xhr__node_is_text(at))
      status = xhr__bytes_append(out, xhr__character_data(at));
  }
  return status;
}

xhr_status xhr__node_child_text(const lxb_dom_node_t *node, xhr__bytes *out) {
  xhr_status status = XHR_OK;
  for (const lxb_dom_node_t *child = node->first_child; child && status == XHR_OK;
       child = child->next) {
    if (xhr__node_is_text(child))
      status = xhr__bytes_append(out, xhr__character_data(child));
  }
  return status;
}

const char *xhr__node_string_replace_all(lxb_dom_node_t *parent, xhr__str string) {
  /* 1. */
  lxb_dom_node_t *node = NULL;
  /* 2. */
  if (string.len > 0) {
    node = xhr__text_new(xhr__document_of_node(parent), string);
    if (!node)
      return xhr__dom_out_of_memory;
  }
  /* 3. */
  return xhr__node_replace_all(node, parent);
}
