/* What a node has besides what lexbor keeps for it: lxb_dom_node_t's `user` points at it, or is NULL as long as nobody
 * needs it. It lives as long as the node. */
#ifndef XHR__DOM_NODE_DATA_H
#define XHR__DOM_NODE_DATA_H

#include <lexbor/dom/interfaces/node.h>
#include <stdbool.h>

typedef struct xhr__node_data {
  /* The object of a script's language that stands for the node: not owned, unset by its finalizer. */
  void *wrapper;
  /* https://html.spec.whatwg.org/#script-processing-model, of script elements (HTML and SVG). What belongs to one run of
   * preparing it (type, result, whether it is ready) is its owner's. */
  struct {
    bool parser_inserted; /* its parser document is not null */
    bool not_force_async; /* its force async is false */
    bool already_started;
    bool from_an_external_file;
  } script;
  /* What an element of forms keeps: see form_control.h. NULL: nothing yet */
  struct xhr__form_control *control;
} xhr__node_data;

/* The node's data, made where there is none yet; NULL for want of memory. */
xhr__node_data *xhr__node_data_of(lxb_dom_node_t *node);
/* The same, without making it: NULL where there is none. */
static inline xhr__node_data *xhr__node_data_if_any(const lxb_dom_node_t *node) {
  return (xhr__node_data *)node->user;
}

/* An HTML or SVG script element. */
bool xhr__node_is_script(const lxb_dom_node_t *node);

#endif
