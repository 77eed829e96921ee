/* https://dom.spec.whatwg.org/#mutation-algorithms */
#include <lexbor/dom/interfaces/document.h>
#include <lexbor/html/interfaces/template_element.h>

#include "dom/form_control.h"
#include "dom/names.h"
#include "dom/node.h"

const char xhr__dom_out_of_memory[] = "out of memory";

/* ---- validity --------------------------------------------------------------------------------------------------- */

static bool is_of(const lxb_dom_node_t *node, lxb_dom_node_type_t type) {
  return node->type == type;
}

static bool has_child(const lxb_dom_node_t *parent, lxb_dom_node_type_t type) {
  for (const lxb_dom_node_t *child = parent->first_child; child; child = child->next) {
    if (is_of(child, type))
      return true;
  }
  return false;
}

/* A child of that type other than `except`. */
static bool has_other_child(const lxb_dom_node_t *parent, lxb_dom_node_type_t type,
                            const lxb_dom_node_t *except) {
  for (const lxb_dom_node_t *child = parent->first_child; child; child = child->next) {
    if (child != except && is_of(child, type))
      return true;
  }
  return false;
}

static bool follows(const lxb_dom_node_t *child, lxb_dom_node_type_t type) {
  for (child = child->next; child; child = child->next) {
    if (is_of(child, type))
      return true;
  }
  return false;
}

static bool precedes(const lxb_dom_node_t *child, lxb_dom_node_type_t type) {
  for (child = child->prev; child; child = child->prev) {
    if (is_of(child, type))
      return true;
  }
  return false;
}

/* https://dom.spec.whatwg.org/#concept-tree-host-including-inclusive-ancestor, hosts being those of template contents. */
static bool is_host_including_ancestor(const lxb_dom_node_t *ancestor, const lxb_dom_node_t *node) {
  while (node && node != ancestor) {
    const lxb_dom_node_t *parent = node->parent;
    const lxb_dom_element_t *host = parent ? NULL : xhr__document_fragment_host(node);
    if (host)
      parent = &host->node;
    node = parent;
  }
  return node != NULL;
}

/* Steps 1 to 5 of ensuring validity, which replacing a child has too. */
static const char *ensure_kinds(const lxb_dom_node_t *node, const lxb_dom_node_t *parent,
                                const lxb_dom_node_t *child) {
  /* 1. */
  if (!is_of(parent, LXB_DOM_NODE_TYPE_DOCUMENT) &&
      !is_of(parent, LXB_DOM_NODE_TYPE_DOCUMENT_FRAGMENT) &&
      !is_of(parent, LXB_DOM_NODE_TYPE_ELEMENT))
    return "HierarchyRequestError";
  /* 2. */
  if (is_host_including_ancestor(node, parent))
    return "HierarchyRequestError";
  /* 3. */
  if (child && child->parent != parent)
    return "NotFoundError";
  /* 4. */
  if (!is_of(node, LXB_DOM_NODE_TYPE_DOCUMENT_FRAGMENT) &&
      !is_of(node, LXB_DOM_NODE_TYPE_DOCUMENT_TYPE) && !is_of(node, LXB_DOM_NODE_TYPE_ELEMENT) &&
      !xhr__node_is_character_data(node))
    return "HierarchyRequestError";
  /* 5. */
  bool in_document = is_of(parent, LXB_DOM_NODE_TYPE_DOCUMENT);
  if ((xhr__node_is_text(node) && in_document) ||
      (is_of(node, LXB_DOM_NODE_TYPE_DOCUMENT_TYPE) && !in_document))
    return "HierarchyRequestError";
  return NULL;
}

/* How many elements a fragment has, two for more than one; and two where it has text. */
static unsigned fragment_weight(const lxb_dom_node_t *fragment) {
  unsigned elements = 0;
  for (const lxb_dom_node_t *child = fragment->first_child; child; child = child->next) {
    if (xhr__node_is_text(child))
      return 2;
    if (is_of(child, LXB_DOM_NODE_TYPE_ELEMENT) && elements < 2)
      elements++;
  }
  return elements;
}

const char *xhr__node_ensure_pre_insert_validity(const lxb_dom_node_t *node,
                                                 const lxb_dom_node_t *parent,
                                                 const lxb_dom_node_t *child) {
  /* 1. - 5. */
  const char *error = ensure_kinds(node, parent, child);
  if (error || !is_of(parent, LXB_DOM_NODE_TYPE_DOCUMENT))
    return error;
  /* 6. */
  bool is_fragment = is_of(node, LXB_DOM_NODE_TYPE_DOCUMENT_FRAGMENT);
  unsigned weight = is_fragment ? fragment_weight(node) : is_of(node, LXB_DOM_NODE_TYPE_ELEMENT);
  if (weight > 1)
    return "HierarchyRequestError";
  if (weight == 1 && (has_child(parent, LXB_DOM_NODE_TYPE_ELEMENT) ||
                      (child && (is_of(child, LXB_DOM_NODE_TYPE_DOCUMENT_TYPE) ||
                                 follows(child, LXB_DOM_NODE_TYPE_DOCUMENT_TYPE)))))
    return "HierarchyRequestError";
  if (is_of(node, LXB_DOM_NODE_TYPE_DOCUMENT_TYPE) &&
      (has_child(parent, LXB_DOM_NODE_TYPE_DOCUMENT_TYPE) ||
       (child ? precedes(child, LXB_DOM_NODE_TYPE_ELEMENT)
              : has_child(parent, LXB_DOM_NODE_TYPE_ELEMENT))))
    return "HierarchyRequestError";
  return NULL;
}

/* Replacing's steps 1 to 6. */
static const char *ensure_replace_validity(const lxb_dom_node_t *child, const lxb_dom_node_t *node,
                                           const lxb_dom_node_t *parent) {
  /* 1. - 5. */
  const char *error = ensure_kinds(node, parent, child);
  if (error || !is_of(parent, LXB_DOM_NODE_TYPE_DOCUMENT))
    return error;
  /* 6. */
  bool is_fragment = is_of(node, LXB_DOM_NODE_TYPE_DOCUMENT_FRAGMENT);
  unsigned weight = is_fragment ? fragment_weight(node) : is_of(node, LXB_DOM_NODE_TYPE_ELEMENT);
  if (weight > 1)
    return "HierarchyRequestError";
  if (weight == 1 && (has_other_child(parent, LXB_DOM_NODE_TYPE_ELEMENT, child) ||
                      follows(child, LXB_DOM_NODE_TYPE_DOCUMENT_TYPE)))
    return "HierarchyRequestError";
  if (is_of(node, LXB_DOM_NODE_TYPE_DOCUMENT_TYPE) &&
      (has_other_child(parent, LXB_DOM_NODE_TYPE_DOCUMENT_TYPE, child) ||
       precedes(child, LXB_DOM_NODE_TYPE_ELEMENT)))
    return "HierarchyRequestError";
  return NULL;
}

/* ---- telling ---------------------------------------------------------------------------------------------------- */

/* Whether a base element is among the node's inclusive descendants. */
static bool has_base(const lxb_dom_node_t *node) {
  for (const lxb_dom_node_t *at = node; at; at = xhr__node_following(at, node)) {
    if (xhr__node_is_html(at, LXB_TAG_BASE))
      return true;
  }
  return false;
}

static void tell_base(xhr__document *document) {
  if (document->steps && document->steps->base_url_changed)
    document->steps->base_url_changed(document->steps_user);
}

/* https://html.spec.whatwg.org/#script-processing-model's post-connection steps and children changed steps */
static void tell_script(lxb_dom_node_t *node) {
  xhr__document *document = xhr__document_of_node(node);
  const xhr__node_data *data = xhr__node_data_if_any(node);
  if (!document->steps || !document->steps->script_changed || !xhr__node_is_connected(node) ||
      (data && (data->script.parser_inserted || data->script.already_started)))
    return;
  document->steps->script_changed(document->steps_user, lxb_dom_interface_element(node));
}

/* A parent's children have changed. */
static void children_changed(lxb_dom_node_t *parent) {
  if (xhr__node_is_script(parent))
    tell_script(parent);
}

/* The scripts among what was inserted. */
typedef struct script_list {
  lxb_dom_node_t **items;
  size_t count, capacity;
} script_list;

static bool collect_scripts(script_list *list, lxb_dom_node_t *node) {
  for (lxb_dom_node_t *at = node; at; at = xhr__node_following(at, node)) {
    if (!xhr__node_is_script(at))
      continue;
    void *items = list->items;
    if (!xhr__grow(&items, &list->capacity, list->count + 1, sizeof *list->items))
      return false;
    list->items = items;
    list->items[list->count++] = at;
  }
  return true;
}

/* ---- inserting -------------------------------------------------------------------------------------------------- */

static void link_node(lxb_dom_node_t *node, lxb_dom_node_t *parent, lxb_dom_node_t *child) {
  if (child)
    lxb_dom_node_insert_before_wo_events(child, node);
  else
    lxb_dom_node_insert_child_wo_events(parent, node);
}

const char *xhr__node_insert(lxb_dom_node_t *node, lxb_dom_node_t *parent, lxb_dom_node_t *child) {
  xhr__document *document = xhr__document_of_node(parent);
  bool is_fragment = is_of(node, LXB_DOM_NODE_TYPE_DOCUMENT_FRAGMENT), told_base = false;
  script_list scripts = {0};
  /* 1. - 3. nodes: the fragment's children, or the node */
  lxb_dom_node_t *first = is_fragment ? node->first_child : node;
  if (!first)
    return NULL;
  const char *error = is_fragment ? NULL : xhr__node_adopt(node, document);
  bool connected = xhr__node_is_connected(parent);
  for (lxb_dom_node_t *at = first; !error && connected && at; at = is_fragment ? at->next : NULL) {
    told_base = told_base || has_base(at);
    if (!collect_scripts(&scripts, at))
      error = xhr__dom_out_of_memory;
  }
  if (error) {
    xhr__free(scripts.items);
    return error;
  }
  /* 4. - 6. the fragment loses them; observers and ranges: not built yet */
  /* 7. */
  while (first && !error) {
    lxb_dom_node_t *next = is_fragment ? first->next : NULL;
    if (is_fragment)
      error = xhr__node_adopt(first, document);
    if (!error) {
      link_node(first, parent, child);
      xhr__form_controls_inserted(first);
    }
    first = next;
  }
  document->version++;
  /* 8. - 9. */
  if (told_base)
    tell_base(document);
  children_changed(parent);
  /* 10. - 12. */
  for (size_t i = 0; i < scripts.count; i++)
    tell_script(scripts.items[i]);
  xhr__free(scripts.items);
  return error;
}

const char *xhr__node_pre_insert(lxb_dom_node_t *node, lxb_dom_node_t *parent,
                                 lxb_dom_node_t *child) {
  /* 1. */
  const char *error = xhr__node_ensure_pre_insert_validity(node, parent, child);
  if (error)
    return error;
  /* 2. - 3. */
  lxb_dom_node_t *reference = child == node ? node->next : child;
  /* 4. - 5. */
  return xhr__node_insert(node, parent, reference);
}

/* ---- removing --------------------------------------------------------------------------------------------------- */

void xhr__node_remove(lxb_dom_node_t *node) {
  lxb_dom_node_t *parent = node->parent;
  xhr__document *document = xhr__document_of_node(parent);
  bool told_base = xhr__node_is_connected(parent) && has_base(node);
  lxb_dom_node_remove_wo_events(node);
  xhr__form_control_removed(node, xhr__node_root(parent));
  document->version++;
  if (told_base)
    tell_base(document);
}

const char *xhr__node_replace(lxb_dom_node_t *child, lxb_dom_node_t *node, lxb_dom_node_t *parent) {
  /* 1. - 6. */
  const char *error = ensure_replace_validity(child, node, parent);
  if (error)
    return error;
  /* 7. - 9. */
  lxb_dom_node_t *reference = child->next == node ? node->next : child->next;
  /* 10. - 11. */
  if (child->parent && child != node)
    xhr__node_remove(child);
  /* 12. - 15. */
  return xhr__node_insert(node, parent, reference);
}

const char *xhr__node_replace_all(lxb_dom_node_t *node, lxb_dom_node_t *parent) {
  /* 1. - 4. observers: not built yet */
  /* 5. */
  while (parent->first_child)
    xhr__node_remove(parent->first_child);
  /* 6. - 7. */
  if (node)
    return xhr__node_insert(node, parent, NULL);
  children_changed(parent);
  return NULL;
}

/* ---- adopting --------------------------------------------------------------------------------------------------- */

static bool adopt_one(lxb_dom_node_t *node, xhr__document *document) {
  xhr__document *old_document = xhr__document_of_node(node);
  if (!xhr__node_adopt_names(node, document))
    return false;
  node->owner_document = document->tree;
  if (node->user && document->steps && document->steps->adopted)
    document->steps->adopted(document->steps_user, node, old_document);
  if (node->type != LXB_DOM_NODE_TYPE_ELEMENT)
    return true;
  for (lxb_dom_attr_t *attribute = lxb_dom_interface_element(node)->first_attr; attribute;
       attribute = attribute->next) {
    if (!adopt_one(&attribute->node, document))
      return false;
  }
  return true;
}

static bool adopt_all(lxb_dom_node_t *root, xhr__document *document) {
  for (lxb_dom_node_t *node = root; node; node = xhr__node_following(node, root)) {
    if (!adopt_one(node, document))
      return false;
    /* https://html.spec.whatwg.org/#the-template-element:concept-node-adopt-ext */
    if (xhr__node_is_html(node, LXB_TAG_TEMPLATE)) {
      lxb_dom_document_fragment_t *content = lxb_html_interface_template(node)->content;
      if (content && !adopt_all(&content->node, document))
        return false;
    }
  }
  return true;
}

const char *xhr__node_adopt(lxb_dom_node_t *node, xhr__document *document) {
  /* 1. */
  xhr__document *old_document = xhr__document_of_node(node);
  /* 2. */
  if (node->parent)
    xhr__node_remove(node);
  /* 3. */
  if (document == old_document)
    return NULL;
  if (!xhr__document_join(document, old_document) || !adopt_all(node, document))
    return xhr__dom_out_of_memory;
  return NULL;
}
