/* https://html.spec.whatwg.org/#the-select-element and https://html.spec.whatwg.org/#the-option-element */
#include "dom/form_control.h"
#include "infra/bytes.h"

/* ---- options ---------------------------------------------------------------------------------------------------- */

lxb_dom_element_t *xhr__option_select(const lxb_dom_element_t *option) {
  bool in_group = false;
  lxb_dom_node_t *ancestor = option->node.parent;
  for (; ancestor; ancestor = ancestor->parent) {
    if (xhr__node_is_html(ancestor, LXB_TAG_SELECT))
      return lxb_dom_interface_element(ancestor);
    bool is_group = xhr__node_is_html(ancestor, LXB_TAG_OPTGROUP);
    if ((is_group && in_group) || xhr__node_is_html(ancestor, LXB_TAG_DATALIST) ||
        xhr__node_is_html(ancestor, LXB_TAG_HR) || xhr__node_is_html(ancestor, LXB_TAG_OPTION))
      return NULL;
    in_group = in_group || is_group;
  }
  return NULL;
}

lxb_dom_element_t *xhr__select_next_option(const lxb_dom_element_t *select,
                                           const lxb_dom_element_t *option) {
  const lxb_dom_node_t *root = &select->node;
  lxb_dom_node_t *at = xhr__node_following(option ? &option->node : root, root);
  for (; at; at = xhr__node_following(at, root)) {
    if (xhr__node_is_html(at, LXB_TAG_OPTION) &&
        xhr__option_select(lxb_dom_interface_element(at)) == select)
      return lxb_dom_interface_element(at);
  }
  return NULL;
}

/* Descendants' text, without what is in script elements, HTML's or SVG's. */
static xhr_status text_without_scripts(const lxb_dom_node_t *root, xhr__bytes *out) {
  const lxb_dom_node_t *at = xhr__node_following(root, root);
  xhr_status status = XHR_OK;
  while (at && status == XHR_OK) {
    if (xhr__node_is_text(at))
      status = xhr__bytes_append(out, xhr__character_data(at));
    at = xhr__node_is_script(at) ? xhr__node_following_subtree(at, root)
                                 : xhr__node_following(at, root);
  }
  return status;
}

/* https://infra.spec.whatwg.org/#strip-and-collapse-ascii-whitespace */
static xhr_status append_collapsed(xhr__bytes *out, xhr__str text) {
  xhr_status status = XHR_OK;
  bool space = false, any = false;
  for (size_t i = 0; i < text.len && status == XHR_OK; i++) {
    if (xhr__is_ascii_whitespace(xhr__str_at(text, i))) {
      space = any;
      continue;
    }
    if (space)
      status = xhr__bytes_append_byte(out, ' ');
    if (status == XHR_OK)
      status = xhr__bytes_append_byte(out, text.data[i]);
    space = false;
    any = true;
  }
  return status;
}

xhr_status xhr__option_text(const lxb_dom_element_t *option, xhr__bytes *out) {
  xhr__bytes text = {0};
  xhr_status status = text_without_scripts(&option->node, &text);
  if (status == XHR_OK)
    status = append_collapsed(out, xhr__bytes_str(&text));
  xhr__bytes_free(&text);
  return status;
}

/* ---- selectedness ----------------------------------------------------------------------------------------------- */

static bool own_selectedness(const lxb_dom_element_t *option) {
  const xhr__form_control *control = xhr__form_control_if_any(option);
  return control && control->has_checkedness ? control->checkedness
                                             : xhr__has_attribute(option, XHR__STR("selected"));
}

static bool set_own_selectedness(lxb_dom_element_t *option, bool selected) {
  xhr__form_control *control = xhr__form_control_of(option);
  if (control) {
    control->has_checkedness = true;
    control->checkedness = selected;
    xhr__document_of_node(&option->node)->version++;
  }
  return control != NULL;
}

static bool is_multiple(const lxb_dom_element_t *select) {
  return xhr__has_attribute(select, XHR__STR("multiple"));
}

/* https://html.spec.whatwg.org/#concept-select-size of a select element without multiple: whether it is 1. */
static bool has_display_size_one(const lxb_dom_element_t *select) {
  xhr__str size;
  uint64_t value;
  (void)xhr__element_attribute(select, XHR__STR("size"), &size);
  size = xhr__str_trim_ascii_whitespace(size);
  if (size.len > 0 && size.data[0] == '+')
    size = xhr__str_from(size, 1);
  size_t digits = 0;
  while (digits < size.len && xhr__is_ascii_digit(xhr__str_at(size, digits)))
    digits++;
  return digits == 0 || !xhr__str_to_u64(xhr__str_slice(size, 0, digits), &value) || value <= 1;
}

/* https://html.spec.whatwg.org/#selectedness-setting-algorithm, done when selectedness is asked for: the option that is selected in a
 * select element without multiple. NULL: none. */
static lxb_dom_element_t *selected_of_one(const lxb_dom_element_t *select) {
  const xhr__form_control *control = xhr__form_control_if_any(select);
  lxb_dom_element_t *selected = NULL, *first = NULL, *option = NULL;
  size_t count = 0;
  for (; (option = xhr__select_next_option(select, option)) != NULL; count++) {
    if (own_selectedness(option))
      selected = option;
    if (!first && !xhr__form_control_is_disabled(option))
      first = option;
  }
  bool is_cleared = count > 0 && control && control->cleared_count == count;
  return selected || is_cleared || !has_display_size_one(select) ? selected : first;
}

lxb_dom_element_t *xhr__select_selected(const lxb_dom_element_t *select) {
  if (!is_multiple(select))
    return selected_of_one(select);
  lxb_dom_element_t *option = xhr__select_next_option(select, NULL);
  while (option && !own_selectedness(option))
    option = xhr__select_next_option(select, option);
  return option;
}

bool xhr__option_is_selected(const lxb_dom_element_t *option) {
  const lxb_dom_element_t *select = xhr__option_select(option);
  if (!select || is_multiple(select))
    return own_selectedness(option);
  return selected_of_one(select) == option;
}

/* Selects that option alone; NULL: none. *count: how many there are. */
static bool select_alone(const lxb_dom_element_t *select, const lxb_dom_element_t *option,
                         size_t *count) {
  lxb_dom_element_t *at = NULL;
  bool done = true;
  for (*count = 0; done && (at = xhr__select_next_option(select, at)) != NULL; ++*count) {
    if (at == option || own_selectedness(at))
      done = set_own_selectedness(at, at == option);
  }
  return done;
}

bool xhr__select_only(lxb_dom_element_t *select, lxb_dom_element_t *option) {
  xhr__form_control *control = xhr__form_control_of(select);
  size_t count;
  if (!control || !select_alone(select, option, &count))
    return false;
  control->cleared_count = option ? 0 : count;
  if (option)
    xhr__form_control_of(option)->dirty_checkedness = true;
  return true;
}

/* https://html.spec.whatwg.org/#dom-option-selected */
bool xhr__option_set_selected(lxb_dom_element_t *option, bool selected) {
  lxb_dom_element_t *select = xhr__option_select(option);
  xhr__form_control *control = xhr__form_control_of(option);
  if (!control)
    return false;
  control->dirty_checkedness = true;
  if (!select || is_multiple(select))
    return set_own_selectedness(option, selected);
  xhr__form_control *state = xhr__form_control_of(select);
  size_t count;
  if (!state)
    return false;
  state->cleared_count = 0;
  /* Whoever is deselected by this one stays deselected without it. */
  if (selected || selected_of_one(select) == option)
    return select_alone(select, selected ? option : NULL, &count);
  return set_own_selectedness(option, selected);
}

void xhr__option_deselect_others(lxb_dom_element_t *option) {
  lxb_dom_element_t *select = xhr__option_select(option), *other = NULL;
  if (!select || is_multiple(select) || !own_selectedness(option))
    return;
  while ((other = xhr__select_next_option(select, other)) != NULL) {
    if (other != option && own_selectedness(other))
      (void)set_own_selectedness(other, false);
  }
}

void xhr__option_selected_changed(lxb_dom_element_t *option, bool exists) {
  if (set_own_selectedness(option, exists) && exists)
    xhr__option_deselect_others(option);
}
