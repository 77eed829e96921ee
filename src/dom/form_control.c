/* https://html.spec.whatwg.org/#form-control-infrastructure */
#include "dom/form_control.h"

#include <lexbor/dom/interfaces/document.h>

xhr__form_control *xhr__form_control_of(lxb_dom_element_t *element) {
  xhr__node_data *data = xhr__node_data_of(&element->node);
  if (data && !data->control)
    data->control =
        lexbor_mraw_calloc(element->node.owner_document->mraw, sizeof(xhr__form_control));
  return data ? data->control : NULL;
}

/* ---- what they are ---------------------------------------------------------------------------------------------- */

bool xhr__node_is_submittable(const lxb_dom_node_t *node) {
  return xhr__node_is_html(node, LXB_TAG_BUTTON) || xhr__node_is_html(node, LXB_TAG_INPUT) ||
         xhr__node_is_html(node, LXB_TAG_SELECT) || xhr__node_is_html(node, LXB_TAG_TEXTAREA);
}

bool xhr__node_is_listed(const lxb_dom_node_t *node) {
  return xhr__node_is_submittable(node) || xhr__node_is_html(node, LXB_TAG_FIELDSET) ||
         xhr__node_is_html(node, LXB_TAG_OBJECT) || xhr__node_is_html(node, LXB_TAG_OUTPUT);
}

lxb_dom_element_t *xhr__html_ancestor(const lxb_dom_node_t *node, lxb_tag_id_t tag) {
  lxb_dom_node_t *ancestor = node->parent;
  while (ancestor && !xhr__node_is_html(ancestor, tag))
    ancestor = ancestor->parent;
  return ancestor ? lxb_dom_interface_element(ancestor) : NULL;
}

bool xhr__has_attribute(const lxb_dom_element_t *element, xhr__str name) {
  xhr__str value;
  return xhr__element_attribute(element, name, &value);
}

bool xhr__is_button(const lxb_dom_element_t *element) {
  if (!xhr__node_is_html(&element->node, LXB_TAG_INPUT))
    return xhr__node_is_html(&element->node, LXB_TAG_BUTTON);
  return xhr__input_type_of(element) >= XHR__INPUT_SUBMIT;
}

bool xhr__is_submit_button(const lxb_dom_element_t *element) {
  xhr__str type;
  if (xhr__node_is_html(&element->node, LXB_TAG_INPUT)) {
    xhr__input_type input_type = xhr__input_type_of(element);
    return input_type == XHR__INPUT_SUBMIT || input_type == XHR__INPUT_IMAGE;
  }
  if (!xhr__node_is_html(&element->node, LXB_TAG_BUTTON))
    return false;
  /* https://html.spec.whatwg.org/#attr-button-type: the auto state's too, without a command */
  (void)xhr__element_attribute(element, XHR__STR("type"), &type);
  if (xhr__str_equals_ci(type, XHR__STR("submit")))
    return true;
  return !xhr__str_equals_ci(type, XHR__STR("reset")) &&
         !xhr__str_equals_ci(type, XHR__STR("button")) &&
         !xhr__has_attribute(element, XHR__STR("command")) &&
         !xhr__has_attribute(element, XHR__STR("commandfor"));
}

/* Whether the node is in that fieldset's first legend child. */
static bool is_in_first_legend(const lxb_dom_node_t *node, const lxb_dom_node_t *fieldset) {
  const lxb_dom_node_t *legend = fieldset->first_child;
  while (legend && !xhr__node_is_html(legend, LXB_TAG_LEGEND))
    legend = legend->next;
  return legend && xhr__node_is_inclusive_ancestor(legend, node);
}

bool xhr__form_control_is_disabled(const lxb_dom_element_t *element) {
  const lxb_dom_node_t *node = &element->node;
  if (xhr__has_attribute(element, XHR__STR("disabled")))
    return true;
  /* https://html.spec.whatwg.org/#concept-option-disabled */
  if (xhr__node_is_html(node, LXB_TAG_OPTION)) {
    const lxb_dom_element_t *group = xhr__html_ancestor(node, LXB_TAG_OPTGROUP);
    return group && xhr__has_attribute(group, XHR__STR("disabled"));
  }
  if (xhr__node_is_html(node, LXB_TAG_OPTGROUP))
    return false;
  /* https://html.spec.whatwg.org/#concept-fieldset-disabled */
  const lxb_dom_element_t *fieldset = xhr__html_ancestor(node, LXB_TAG_FIELDSET);
  for (; fieldset; fieldset = xhr__html_ancestor(&fieldset->node, LXB_TAG_FIELDSET)) {
    if (xhr__has_attribute(fieldset, XHR__STR("disabled")) &&
        !is_in_first_legend(node, &fieldset->node))
      return true;
  }
  return false;
}

/* ---- form owners ------------------------------------------------------------------------------------------------ */

/* The first element of that ID in the node's tree. */
static lxb_dom_element_t *element_by_id(const lxb_dom_node_t *node, xhr__str wanted) {
  lxb_dom_node_t *root = xhr__node_root(node);
  for (lxb_dom_node_t *at = root; wanted.len > 0 && at; at = xhr__node_following(at, root)) {
    xhr__str id;
    if (xhr__node_is_element(at) &&
        xhr__element_attribute(lxb_dom_interface_element(at), XHR__STR("id"), &id) &&
        xhr__str_equals(id, wanted))
      return lxb_dom_interface_element(at);
  }
  return NULL;
}

/* https://html.spec.whatwg.org/#reset-the-form-owner: done whenever the owner is asked for */
lxb_dom_element_t *xhr__form_owner(const lxb_dom_element_t *element) {
  const lxb_dom_node_t *node = &element->node;
  xhr__str id;
  if (xhr__node_is_html(node, LXB_TAG_OPTION)) {
    const lxb_dom_element_t *select = xhr__option_select(element);
    return select ? xhr__form_owner(select) : NULL;
  }
  /* 4. */
  if (xhr__node_is_listed(node) && xhr__element_attribute(element, XHR__STR("form"), &id) &&
      xhr__node_is_connected(node)) {
    lxb_dom_element_t *form = element_by_id(node, id);
    return form && xhr__node_is_html(&form->node, LXB_TAG_FORM) ? form : NULL;
  }
  /* 1. - 3. what the parser associated stays */
  const xhr__form_control *control = xhr__form_control_if_any(element);
  if (control && control->parser_form)
    return control->parser_form;
  /* 5. */
  return xhr__html_ancestor(node, LXB_TAG_FORM);
}

/* https://html.spec.whatwg.org/#create-an-element-for-the-token, the association with the form element pointer's element */
bool xhr__form_control_parsed(lxb_dom_element_t *element, lxb_dom_element_t *form) {
  if ((xhr__node_is_listed(&element->node) && xhr__has_attribute(element, XHR__STR("form"))) ||
      xhr__node_root(&element->node) != xhr__node_root(&form->node) ||
      xhr__html_ancestor(&element->node, LXB_TAG_FORM) == form)
    return true;
  xhr__form_control *control = xhr__form_control_of(element);
  if (control) {
    control->parser_form = form;
    xhr__document_of_node(&element->node)->has_parser_forms = true;
  }
  return control != NULL;
}

/* Ends what the parser associated within the tree of that root with a form that is in none of it. True: there is a form. */
static bool dissociate(lxb_dom_node_t *root) {
  bool has_form = false;
  for (lxb_dom_node_t *at = root; at; at = xhr__node_following(at, root)) {
    const xhr__node_data *data = xhr__node_data_if_any(at);
    has_form = has_form || xhr__node_is_html(at, LXB_TAG_FORM);
    if (xhr__node_is_element(at) && data && data->control && data->control->parser_form &&
        xhr__node_root(&data->control->parser_form->node) != root)
      data->control->parser_form = NULL;
  }
  return has_form;
}

void xhr__form_control_removed(lxb_dom_node_t *node, lxb_dom_node_t *root) {
  if (xhr__document_of_node(node)->has_parser_forms && dissociate(node))
    (void)dissociate(root);
}
