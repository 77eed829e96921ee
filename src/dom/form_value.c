/* https://html.spec.whatwg.org/#the-input-element and https://html.spec.whatwg.org/#the-textarea-element: what they hold */
#include <string.h>

#include "dom/form_control.h"

/* ---- types ------------------------------------------------------------------------------------------------------ */

static const char *const keywords[XHR__INPUT_TYPE_COUNT] = {
    "hidden", "text",  "search",         "tel",    "url",   "email", "password", "date",  "month",
    "week",   "time",  "datetime-local", "number", "range", "color", "checkbox", "radio", "file",
    "submit", "image", "reset",          "button"};

const char *xhr__input_type_keyword(xhr__input_type type) {
  return keywords[type];
}

xhr__input_type xhr__input_type_of(const lxb_dom_element_t *input) {
  xhr__str value;
  (void)xhr__element_attribute(input, XHR__STR("type"), &value);
  for (int i = 0; i < XHR__INPUT_TYPE_COUNT; i++) {
    if (xhr__str_equals_ci(value, xhr__str_c(keywords[i])))
      return (xhr__input_type)i;
  }
  return XHR__INPUT_TEXT;
}

xhr__value_mode xhr__input_value_mode(xhr__input_type type) {
  switch (type) {
    case XHR__INPUT_HIDDEN:
    case XHR__INPUT_SUBMIT:
    case XHR__INPUT_IMAGE:
    case XHR__INPUT_RESET:
    case XHR__INPUT_BUTTON: return XHR__VALUE_MODE_DEFAULT;
    case XHR__INPUT_CHECKBOX:
    case XHR__INPUT_RADIO: return XHR__VALUE_MODE_DEFAULT_ON;
    case XHR__INPUT_FILE: return XHR__VALUE_MODE_FILENAME;
    default: return XHR__VALUE_MODE_VALUE;
  }
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

static bool is_textarea(const lxb_dom_element_t *element) {
  return xhr__node_is_html(&element->node, LXB_TAG_TEXTAREA);
}

static bool is_input(const lxb_dom_element_t *element) {
  return xhr__node_is_html(&element->node, LXB_TAG_INPUT);
}

/* https://infra.spec.whatwg.org/#normalize-newlines, from `start` on, in place. */
static void normalize_newlines(xhr__bytes *text, size_t start) {
  size_t to = start;
  for (size_t from = start; from < text->len; from++) {
    char c = text->data[from];
    if (c == '\r' && from + 1 < text->len && text->data[from + 1] == '\n')
      continue;
    text->data[to++] = c == '\r' ? '\n' : c;
  }
  if (to < text->len) {
    text->data[to] = 0;
    text->len = to;
  }
}

/* https://html.spec.whatwg.org/#concept-fe-api-value */
static xhr_status textarea_value(const lxb_dom_element_t *element, xhr__bytes *out) {
  const xhr__form_control *control = xhr__form_control_if_any(element);
  size_t start = out->len;
  xhr_status status = control && control->dirty_value
                          ? xhr__bytes_append(out, xhr__str_of(control->value, control->value_len))
                          : xhr__node_child_text(&element->node, out);
  if (status == XHR_OK)
    normalize_newlines(out, start);
  return status;
}

static xhr_status input_value(const lxb_dom_element_t *element, xhr__bytes *out) {
  const xhr__form_control *control = xhr__form_control_if_any(element);
  xhr__input_type type = xhr__input_type_of(element);
  xhr__value_mode mode = xhr__input_value_mode(type);
  xhr__bytes value = {0};
  xhr__str attribute;
  bool there = xhr__element_attribute(element, XHR__STR("value"), &attribute);
  if (mode == XHR__VALUE_MODE_FILENAME)
    return XHR_OK;
  if (mode != XHR__VALUE_MODE_VALUE)
    return xhr__bytes_append(out,
                             there || mode == XHR__VALUE_MODE_DEFAULT ? attribute : XHR__STR("on"));
  if (control && control->dirty_value)
    return xhr__bytes_append(out, xhr__str_of(control->value, control->value_len));
  xhr_status status = xhr__bytes_append(&value, attribute);
  if (status == XHR_OK)
    status = xhr__input_sanitize(element, type, &value);
  if (status == XHR_OK)
    status = xhr__bytes_append(out, xhr__bytes_str(&value));
  xhr__bytes_free(&value);
  return status;
}

xhr_status xhr__form_control_value(const lxb_dom_element_t *element, xhr__bytes *out) {
  xhr__str value;
  if (is_textarea(element))
    return textarea_value(element, out);
  if (is_input(element))
    return input_value(element, out);
  bool there = xhr__element_attribute(element, XHR__STR("value"), &value);
  /* https://html.spec.whatwg.org/#concept-option-value */
  if (!there && xhr__node_is_html(&element->node, LXB_TAG_OPTION))
    return xhr__option_text(element, out);
  return xhr__bytes_append(out, value);
}

/* Keeps a value, dirty from now on. NOTE: what there is no room for any more stays in the arena; the room doubles each time. */
static xhr_status keep(lxb_dom_element_t *element, xhr__str value) {
  xhr__form_control *control = xhr__form_control_of(element);
  size_t capacity;
  if (!control || !xhr__size_mul(value.len, 2, &capacity))
    return XHR_OUT_OF_MEMORY;
  if (!control->value || control->value_capacity < value.len) {
    char *memory = lexbor_mraw_alloc(element->node.owner_document->text, capacity + 16);
    if (!memory)
      return XHR_OUT_OF_MEMORY;
    control->value = memory;
    control->value_capacity = capacity + 16;
  }
  if (value.len > 0)
    memmove(control->value, value.data, value.len);
  control->value_len = value.len;
  control->dirty_value = true;
  control->type = is_input(element) ? (int)xhr__input_type_of(element) : 0;
  return XHR_OK;
}

xhr_status xhr__form_control_set_value(lxb_dom_element_t *element, xhr__str value) {
  xhr__bytes sanitized = {0};
  xhr_status status = xhr__bytes_append(&sanitized, value);
  if (status == XHR_OK && is_input(element))
    status = xhr__input_sanitize(element, xhr__input_type_of(element), &sanitized);
  if (status == XHR_OK)
    status = keep(element, xhr__bytes_str(&sanitized));
  xhr__bytes_free(&sanitized);
  return status;
}

/* ---- checkedness ------------------------------------------------------------------------------------------------ */

static bool own_checkedness(const lxb_dom_element_t *input) {
  const xhr__form_control *control = xhr__form_control_if_any(input);
  return control && control->has_checkedness ? control->checkedness
                                             : xhr__has_attribute(input, XHR__STR("checked"));
}

static bool set_own_checkedness(lxb_dom_element_t *input, bool checked) {
  xhr__form_control *control = xhr__form_control_of(input);
  if (control) {
    control->has_checkedness = true;
    control->checkedness = checked;
    xhr__document_of_node(&input->node)->version++;
  }
  return control != NULL;
}

/* https://html.spec.whatwg.org/#radio-button-group: the next member behind `other`, which is NULL or an element of the same tree, in tree
 * order; NULL. */
static lxb_dom_element_t *next_in_group(const lxb_dom_element_t *input,
                                        const lxb_dom_node_t *other) {
  lxb_dom_node_t *root = xhr__node_root(&input->node);
  xhr__str name, other_name;
  if (xhr__input_type_of(input) != XHR__INPUT_RADIO ||
      !xhr__element_attribute(input, XHR__STR("name"), &name) || name.len == 0)
    return NULL;
  const lxb_dom_element_t *form = xhr__form_owner(input);
  for (lxb_dom_node_t *at = xhr__node_following(other ? other : root, root); at;
       at = xhr__node_following(at, root)) {
    lxb_dom_element_t *element = lxb_dom_interface_element(at);
    if (at != &input->node && xhr__node_is_html(at, LXB_TAG_INPUT) &&
        xhr__input_type_of(element) == XHR__INPUT_RADIO &&
        xhr__element_attribute(element, XHR__STR("name"), &other_name) &&
        xhr__str_equals(name, other_name) && xhr__form_owner(element) == form)
      return element;
  }
  return NULL;
}

/* Makes the others of its group unchecked. */
static bool uncheck_others(lxb_dom_element_t *input) {
  bool done = true;
  for (lxb_dom_element_t *other = next_in_group(input, NULL); done && other;
       other = next_in_group(input, &other->node))
    done = !own_checkedness(other) || set_own_checkedness(other, false);
  return done;
}

/* Whether it unchecks others without having been set: in a document, or with a form owner. */
static bool has_group_by_itself(const lxb_dom_element_t *input) {
  return xhr__node_is_connected(&input->node) || xhr__form_owner(input);
}

/* NOTE: of radio buttons that a parser made checked, or that became a group by attributes, the last one in tree order is. */
bool xhr__input_is_checked(const lxb_dom_element_t *input) {
  if (!own_checkedness(input))
    return false;
  if (!has_group_by_itself(input))
    return true;
  for (const lxb_dom_element_t *other = next_in_group(input, &input->node); other;
       other = next_in_group(input, &other->node)) {
    if (own_checkedness(other))
      return false;
  }
  return true;
}

bool xhr__input_set_checked(lxb_dom_element_t *input, bool checked) {
  xhr__form_control *control = xhr__form_control_of(input);
  /* Whoever is unchecked by this one stays unchecked without it. */
  if (!control || ((checked || xhr__input_is_checked(input)) && !uncheck_others(input)))
    return false;
  control->dirty_checkedness = true;
  return set_own_checkedness(input, checked);
}

/* ---- resetting -------------------------------------------------------------------------------------------------- */

void xhr__form_control_reset(lxb_dom_element_t *element) {
  xhr__form_control *control = xhr__form_control_if_any(element);
  lxb_dom_element_t *option = NULL;
  if (control) {
    control->dirty_value = control->has_checkedness = control->dirty_checkedness = false;
    control->cleared_count = 0;
    xhr__document_of_node(&element->node)->version++;
  }
  if (!xhr__node_is_html(&element->node, LXB_TAG_SELECT))
    return;
  /* https://html.spec.whatwg.org/#the-select-element:concept-form-reset-control */
  while ((option = xhr__select_next_option(element, option)) != NULL)
    xhr__form_control_reset(option);
}

/* ---- what the tree tells ---------------------------------------------------------------------------------------- */

/* https://html.spec.whatwg.org/#input-type-change */
static void type_changed(lxb_dom_element_t *input) {
  xhr__form_control *control = xhr__form_control_if_any(input);
  if (!control || !control->dirty_value)
    return;
  xhr__value_mode old_mode = xhr__input_value_mode((xhr__input_type)control->type);
  xhr__value_mode mode = xhr__input_value_mode(xhr__input_type_of(input));
  xhr__str value = xhr__str_of(control->value, control->value_len);
  if (old_mode != XHR__VALUE_MODE_VALUE)
    return;
  /* 1. */
  if ((mode == XHR__VALUE_MODE_DEFAULT || mode == XHR__VALUE_MODE_DEFAULT_ON) && value.len > 0)
    (void)xhr__element_set_attribute_value(input, XHR__STR_EMPTY, XHR__STR("value"), 0, value);
  /* 2. - 3. its value is the attribute's, or none, from now on; 7. */
  if (mode != XHR__VALUE_MODE_VALUE)
    control->dirty_value = false;
  else
    (void)xhr__form_control_set_value(input, value);
  /* 4. - 6., 8. - 9. there is nothing to show, and no selection */
}

/* What the value sanitization algorithm reads has changed. */
static void limits_changed(lxb_dom_element_t *input) {
  const xhr__form_control *control = xhr__form_control_if_any(input);
  if (control && control->dirty_value)
    (void)xhr__form_control_set_value(input, xhr__str_of(control->value, control->value_len));
}

void xhr__form_control_attribute_changed(lxb_dom_element_t *element, xhr__str name, bool exists) {
  const xhr__form_control *control = xhr__form_control_if_any(element);
  if (xhr__str_equals(name, XHR__STR("form")) && control && control->parser_form) {
    xhr__form_control_of(element)->parser_form = NULL;
  } else if (xhr__node_is_html(&element->node, LXB_TAG_OPTION)) {
    /* https://html.spec.whatwg.org/#attr-option-selected */
    if (xhr__str_equals(name, XHR__STR("selected")) && !(control && control->dirty_checkedness))
      xhr__option_selected_changed(element, exists);
  } else if (is_input(element)) {
    if (xhr__str_equals(name, XHR__STR("type")))
      type_changed(element);
    if (xhr__str_equals(name, XHR__STR("multiple")) || xhr__str_equals(name, XHR__STR("min")) ||
        xhr__str_equals(name, XHR__STR("max")) || xhr__str_equals(name, XHR__STR("step")))
      limits_changed(element);
    /* https://html.spec.whatwg.org/#attr-input-checked */
    if (xhr__str_equals(name, XHR__STR("checked")) && !(control && control->dirty_checkedness) &&
        (!exists || uncheck_others(element)))
      (void)set_own_checkedness(element, exists);
  }
}

void xhr__form_controls_inserted(lxb_dom_node_t *node) {
  for (lxb_dom_node_t *at = node; at; at = xhr__node_following(at, node)) {
    if (xhr__node_is_html(at, LXB_TAG_OPTION))
      xhr__option_deselect_others(lxb_dom_interface_element(at));
    else if (xhr__node_is_html(at, LXB_TAG_INPUT) &&
             own_checkedness(lxb_dom_interface_element(at)) &&
             has_group_by_itself(lxb_dom_interface_element(at)))
      (void)uncheck_others(lxb_dom_interface_element(at));
  }
}

bool xhr__form_control_clone(const lxb_dom_element_t *element, lxb_dom_element_t *copy) {
  const xhr__form_control *control = xhr__form_control_if_any(element);
  if (!control || !(is_input(element) || is_textarea(element)))
    return true;
  if (control->dirty_value && keep(copy, xhr__str_of(control->value, control->value_len)) != XHR_OK)
    return false;
  xhr__form_control *copied = xhr__form_control_of(copy);
  if (!copied)
    return false;
  copied->has_checkedness = control->has_checkedness;
  copied->checkedness = control->checkedness;
  copied->dirty_checkedness = control->dirty_checkedness;
  return true;
}
