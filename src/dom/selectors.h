/* https://dom.spec.whatwg.org/#scope-match-a-selectors-string, on lexbor's selectors.
 * DEVIATION: they know neither :scope nor :target nor pseudo-elements, which are syntax errors, and look at no namespaces. */
#ifndef XHR__DOM_SELECTORS_H
#define XHR__DOM_SELECTORS_H

#include "dom/document.h"

/* A list of selectors, parsed. */
typedef struct xhr__selectors xhr__selectors;

/* XHR_OK; XHR_SYNTAX_ERR; XHR_OUT_OF_MEMORY. The caller frees it. */
xhr_status xhr__selectors_parse(xhr__str text, xhr__selectors **selectors);
void xhr__selectors_free(xhr__selectors *selectors);

/* The elements among the root's descendants that match, in tree order; with `first` the first of them alone. The caller
 * frees the array. XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__selectors_find(xhr__selectors *selectors, lxb_dom_node_t *root, bool first,
                               lxb_dom_node_t ***nodes, size_t *count);
/* Whether the element matches. */
bool xhr__selectors_match(xhr__selectors *selectors, lxb_dom_node_t *element);

#endif
