/* https://dom.spec.whatwg.org/#concept-element-attribute */
#include <lexbor/dom/interfaces/element.h>

#include "dom/form_control.h"
#include "dom/names.h"
#include "dom/node.h"

/* Lower-casing within one comparison, for names of HTML elements in HTML documents. */
static bool matches(xhr__str name, xhr__str wanted, bool lower) {
  if (!lower)
    return xhr__str_equals(name, wanted);
  if (name.len != wanted.len)
    return false;
  for (size_t i = 0; i < name.len; i++) {
    if (name.data[i] != xhr__ascii_lower(wanted.data[i]))
      return false;
  }
  return true;
}

lxb_dom_attr_t *xhr__element_get_attribute_by_name(const lxb_dom_element_t *element,
                                                   xhr__str qualified_name) {
  /* 1. */
  bool lower = element->node.ns == LXB_NS_HTML && xhr__document_of_node(&element->node)->is_html;
  /* 2. */
  lxb_dom_attr_t *attribute = element->first_attr;
  while (attribute && !matches(xhr__attribute_qualified_name(attribute), qualified_name, lower))
    attribute = attribute->next;
  return attribute;
}

lxb_dom_attr_t *xhr__element_get_attribute_by_namespace(const lxb_dom_element_t *element,
                                                        xhr__str namespace, xhr__str local_name) {
  /* 1. - 2. */
  lxb_dom_attr_t *attribute = element->first_attr;
  for (; attribute; attribute = attribute->next) {
    xhr__str own;
    (void)xhr__node_namespace(&attribute->node, &own);
    if (xhr__str_equals(own, namespace) &&
        xhr__str_equals(xhr__attribute_local_name(attribute), local_name))
      break;
  }
  return attribute;
}

xhr__str xhr__attribute_value(const lxb_dom_attr_t *attribute) {
  const lexbor_str_t *value = attribute->value;
  return value && value->data ? xhr__str_of((const char *)value->data, value->length)
                              : XHR__STR_EMPTY;
}

bool xhr__element_attribute(const lxb_dom_element_t *element, xhr__str name, xhr__str *value) {
  const lxb_dom_attr_t *attribute =
      xhr__element_get_attribute_by_namespace(element, XHR__STR_EMPTY, name);
  *value = attribute ? xhr__attribute_value(attribute) : XHR__STR_EMPTY;
  return attribute != NULL;
}

/* https://dom.spec.whatwg.org/#handle-attribute-changes, and the elements' own attribute change steps. `exists`: it has a
 * value now. */
static void changed(lxb_dom_attr_t *attribute, lxb_dom_element_t *element, bool exists) {
  lxb_dom_node_t *node = &element->node;
  xhr__document *document = xhr__document_of_node(node);
  const xhr__document_steps *steps = document->steps;
  xhr__str name = xhr__attribute_local_name(attribute);
  bool is_href = xhr__str_equals(name, XHR__STR("href")),
       is_src = xhr__str_equals(name, XHR__STR("src"));
  document->version++;
  if (node->ns == LXB_NS_HTML && xhr__attribute_namespace(attribute) == LXB_NS__UNDEF)
    xhr__form_control_attribute_changed(element, name, exists);
  if (!steps)
    return;
  if (steps->attribute_changed)
    steps->attribute_changed(document->steps_user, attribute, element, exists);
  if (is_href && xhr__node_is_html(node, LXB_TAG_BASE) && steps->base_url_changed)
    steps->base_url_changed(document->steps_user);
  /* https://html.spec.whatwg.org/#script-processing-model: its attribute change steps */
  const xhr__node_data *data = xhr__node_data_if_any(node);
  if (exists && steps->script_changed && xhr__node_is_script(node) &&
      (is_src || (is_href && node->ns == LXB_NS_SVG)) && xhr__node_is_connected(node) &&
      !(data && (data->script.parser_inserted || data->script.already_started)))
    steps->script_changed(document->steps_user, element);
}

const char *xhr__attribute_change(lxb_dom_attr_t *attribute, xhr__str value) {
  /* 1. - 2. */
  if (lxb_dom_attr_set_value(attribute, (const lxb_char_t *)value.data, value.len) != LXB_STATUS_OK)
    return xhr__dom_out_of_memory;
  /* 3. */
  if (attribute->owner)
    changed(attribute, attribute->owner, true);
  return NULL;
}

/* Puts an attribute into its element's list, before `next` or at the end. NOTE: not by lexbor's own function, which destroys
 * another attribute of the local name id or class. */
static void link_attribute(lxb_dom_attr_t *attribute, lxb_dom_element_t *element,
                           lxb_dom_attr_t *next) {
  if (!attribute->node.prefix && xhr__attribute_namespace(attribute) == LXB_NS__UNDEF) {
    if (attribute->node.local_name == LXB_DOM_ATTR_ID)
      element->attr_id = attribute;
    else if (attribute->node.local_name == LXB_DOM_ATTR_CLASS)
      element->attr_class = attribute;
  }
  attribute->owner = element;
  attribute->next = next;
  attribute->prev = next ? next->prev : element->last_attr;
  *(attribute->prev ? &attribute->prev->next : &element->first_attr) = attribute;
  *(next ? &next->prev : &element->last_attr) = attribute;
}

void xhr__attribute_append(lxb_dom_attr_t *attribute, lxb_dom_element_t *element) {
  /* 1. - 3. */
  link_attribute(attribute, element, NULL);
  /* 4. */
  changed(attribute, element, true);
}

void xhr__attribute_remove(lxb_dom_attr_t *attribute) {
  /* 1. */
  lxb_dom_element_t *element = attribute->owner;
  /* 2. - 3. */
  lxb_dom_attr_remove(attribute);
  /* 4. */
  changed(attribute, element, false);
}

void xhr__attribute_replace(lxb_dom_attr_t *old, lxb_dom_attr_t *new) {
  /* 1. - 5. */
  lxb_dom_element_t *element = old->owner;
  lxb_dom_attr_t *next = old->next;
  lxb_dom_attr_remove(old);
  link_attribute(new, element, next);
  /* 6. */
  changed(new, element, true);
}

const char *xhr__element_set_attribute_value(lxb_dom_element_t *element, xhr__str namespace,
                                             xhr__str qualified_name, size_t prefix_len,
                                             xhr__str value) {
  xhr__document *document = xhr__document_of_node(&element->node);
  xhr__str local_name =
      prefix_len > 0 ? xhr__str_from(qualified_name, prefix_len + 1) : qualified_name;
  /* 1. */
  lxb_dom_attr_t *attribute =
      xhr__element_get_attribute_by_namespace(element, namespace, local_name);
  /* 3. */
  if (attribute)
    return xhr__attribute_change(attribute, value);
  /* 2. */
  lxb_ns_id_t id;
  if (!xhr__namespace_intern(document, namespace, &id))
    return xhr__dom_out_of_memory;
  attribute = xhr__attribute_new(document, id, qualified_name, prefix_len);
  if (!attribute ||
      lxb_dom_attr_set_value(attribute, (const lxb_char_t *)value.data, value.len) != LXB_STATUS_OK)
    return xhr__dom_out_of_memory;
  xhr__attribute_append(attribute, element);
  return NULL;
}
