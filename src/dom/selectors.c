#include "dom/selectors.h"

#include <lexbor/css/css.h>
#include <lexbor/selectors/selectors.h>

struct xhr__selectors {
  lxb_css_parser_t *parser;
  lxb_css_selectors_t *css;
  lxb_selectors_t *engine;
  lxb_css_selector_list_t *list;
};

void xhr__selectors_free(xhr__selectors *selectors) {
  if (selectors->list)
    lxb_css_selector_list_destroy_memory(selectors->list);
  (void)lxb_selectors_destroy(selectors->engine, true);
  (void)lxb_css_selectors_destroy(selectors->css, true);
  (void)lxb_css_parser_destroy(selectors->parser, true);
  xhr__free(selectors);
}

static bool make(xhr__selectors *selectors) {
  selectors->parser = lxb_css_parser_create();
  selectors->css = lxb_css_selectors_create();
  selectors->engine = lxb_selectors_create();
  if (!selectors->parser || lxb_css_parser_init(selectors->parser, NULL) != LXB_STATUS_OK ||
      !selectors->css || lxb_css_selectors_init(selectors->css) != LXB_STATUS_OK ||
      !selectors->engine || lxb_selectors_init(selectors->engine) != LXB_STATUS_OK)
    return false;
  lxb_css_parser_selectors_set(selectors->parser, selectors->css);
  /* A node that several of the list match is told of once. */
  lxb_selectors_opt_set(selectors->engine, LXB_SELECTORS_OPT_MATCH_FIRST);
  return true;
}

xhr_status xhr__selectors_parse(xhr__str text, xhr__selectors **selectors) {
  xhr__selectors *self = XHR__NEW(xhr__selectors);
  if (!self || !make(self)) {
    if (self)
      xhr__selectors_free(self);
    return XHR_OUT_OF_MEMORY;
  }
  self->list = lxb_css_selectors_parse(self->parser, (const lxb_char_t *)text.data, text.len);
  if (!self->list) {
    xhr__selectors_free(self);
    return XHR_SYNTAX_ERR;
  }
  *selectors = self;
  return XHR_OK;
}

typedef struct findings {
  bool first;
  lxb_dom_node_t **nodes;
  size_t count, capacity;
} findings;

static lxb_status_t found(lxb_dom_node_t *node, lxb_css_selector_specificity_t specificity,
                          void *context) {
  findings *all = context;
  void *nodes = all->nodes;
  (void)specificity;
  if (!xhr__grow(&nodes, &all->capacity, all->count + 1, sizeof *all->nodes))
    return LXB_STATUS_ERROR_MEMORY_ALLOCATION;
  all->nodes = nodes;
  all->nodes[all->count++] = node;
  return all->first ? LXB_STATUS_STOP : LXB_STATUS_OK;
}

xhr_status xhr__selectors_find(xhr__selectors *selectors, lxb_dom_node_t *root, bool first,
                               lxb_dom_node_t ***nodes, size_t *count) {
  findings all = {.first = first};
  lxb_status_t status = lxb_selectors_find(selectors->engine, root, selectors->list, found, &all);
  *nodes = all.nodes;
  *count = all.count;
  if (status == LXB_STATUS_OK || status == LXB_STATUS_STOP)
    return XHR_OK;
  xhr__free(all.nodes);
  return XHR_OUT_OF_MEMORY;
}

static lxb_status_t matched(lxb_dom_node_t *node, lxb_css_selector_specificity_t specificity,
                            void *context) {
  (void)node;
  (void)specificity;
  *(bool *)context = true;
  return LXB_STATUS_OK;
}

bool xhr__selectors_match(xhr__selectors *selectors, lxb_dom_node_t *element) {
  bool matches = false;
  (void)lxb_selectors_match_node(selectors->engine, element, selectors->list, matched, &matches);
  return matches;
}
