/* https://html.spec.whatwg.org/#html-fragment-parsing-algorithm and https://html.spec.whatwg.org/#serialising-html-fragments */
#ifndef XHR__DOM_HTML_FRAGMENT_H
#define XHR__DOM_HTML_FRAGMENT_H

#include "dom/document.h"

/* A fragment with what `markup` is, parsed as the children of an element such as `context`; NULL for want of memory. */
lxb_dom_node_t *xhr__html_parse_fragment(lxb_dom_element_t *context, xhr__str markup);

/* Appends the markup of the node's children (of a template: of its contents), or with `outer` of the node itself. */
xhr_status xhr__html_serialize(const lxb_dom_node_t *node, bool outer, xhr__bytes *out);

#endif
