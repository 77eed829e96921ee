/* https://html.spec.whatwg.org/#forms: what controls are, whose they are, and what they hold. What a script or a user has set is
 * kept with the node; all else is read from attributes and children when it is asked for. Strings are WTF-8. */
#ifndef XHR__DOM_FORM_CONTROL_H
#define XHR__DOM_FORM_CONTROL_H

#include "dom/node.h"

/* What a control, an option or a form keeps; see xhr__node_data. */
struct xhr__form_control {
  /* https://html.spec.whatwg.org/#form-owner that the parser gave it, where it is none of its ancestors; NULL */
  lxb_dom_element_t *parser_form;
  bool dirty_value; /* and `value` is its (raw) value, of memory of the document's group */
  char *value;
  size_t value_len, value_capacity;
  int type; /* xhr__input_type, as of when the value became dirty */
  /* Checkedness of an input element, selectedness of an option element: once it differs from what attributes say. */
  bool has_checkedness, checkedness;
  bool dirty_checkedness; /* of an option element: its dirtiness */
  size_t
      cleared_count; /* of a select element without multiple that a script made to show nothing: of how many options */
  bool constructing_entry_list; /* of a form element; and locked for reset */
  bool locked_for_reset;
};
typedef struct xhr__form_control xhr__form_control;

/* https://html.spec.whatwg.org/#attr-input-type */
typedef enum xhr__input_type {
  XHR__INPUT_HIDDEN,
  XHR__INPUT_TEXT,
  XHR__INPUT_SEARCH,
  XHR__INPUT_TEL,
  XHR__INPUT_URL,
  XHR__INPUT_EMAIL,
  XHR__INPUT_PASSWORD,
  XHR__INPUT_DATE,
  XHR__INPUT_MONTH,
  XHR__INPUT_WEEK,
  XHR__INPUT_TIME,
  XHR__INPUT_DATETIME_LOCAL,
  XHR__INPUT_NUMBER,
  XHR__INPUT_RANGE,
  XHR__INPUT_COLOR,
  XHR__INPUT_CHECKBOX,
  XHR__INPUT_RADIO,
  XHR__INPUT_FILE,
  XHR__INPUT_SUBMIT,
  XHR__INPUT_IMAGE,
  XHR__INPUT_RESET,
  XHR__INPUT_BUTTON,
  XHR__INPUT_TYPE_COUNT
} xhr__input_type;

/* https://html.spec.whatwg.org/#dom-input-value */
typedef enum xhr__value_mode {
  XHR__VALUE_MODE_VALUE,
  XHR__VALUE_MODE_DEFAULT,
  XHR__VALUE_MODE_DEFAULT_ON,
  XHR__VALUE_MODE_FILENAME
} xhr__value_mode;

/* ---- what they are ---------------------------------------------------------------------------------------------- */

/* What the element keeps, made where there is none yet; NULL for want of memory. And without making it. */
xhr__form_control *xhr__form_control_of(lxb_dom_element_t *element);
static inline xhr__form_control *xhr__form_control_if_any(const lxb_dom_element_t *element) {
  const xhr__node_data *data = xhr__node_data_if_any(&element->node);
  return data ? data->control : NULL;
}

/* https://html.spec.whatwg.org/#category-listed and #category-submit */
bool xhr__node_is_listed(const lxb_dom_node_t *node);
bool xhr__node_is_submittable(const lxb_dom_node_t *node);
/* https://html.spec.whatwg.org/#concept-button and #concept-submit-button */
bool xhr__is_button(const lxb_dom_element_t *element);
bool xhr__is_submit_button(const lxb_dom_element_t *element);
/* https://html.spec.whatwg.org/#concept-fe-disabled; of fieldsets, options and optgroups too. */
bool xhr__form_control_is_disabled(const lxb_dom_element_t *element);
/* https://html.spec.whatwg.org/#form-owner of a form-associated element; an option's is its select element's. NULL */
lxb_dom_element_t *xhr__form_owner(const lxb_dom_element_t *element);
/* The parser has made an element while its form element pointer was `form`. False for want of memory. */
bool xhr__form_control_parsed(lxb_dom_element_t *element, lxb_dom_element_t *form);

/* The nearest ancestor of that tag; NULL. */
lxb_dom_element_t *xhr__html_ancestor(const lxb_dom_node_t *node, lxb_tag_id_t tag);
/* An attribute without namespace that is not empty. */
bool xhr__has_attribute(const lxb_dom_element_t *element, xhr__str name);

/* ---- values ----------------------------------------------------------------------------------------------------- */

/* The keyword of an input element's type, and the type. */
const char *xhr__input_type_keyword(xhr__input_type type);
xhr__input_type xhr__input_type_of(const lxb_dom_element_t *input);
xhr__value_mode xhr__input_value_mode(xhr__input_type type);

/* https://html.spec.whatwg.org/#concept-fe-value of an input element whose mode is "value", a textarea (with LF for newlines:
 * its API value), a button, an option: appends it. An input element of another mode: its value attribute, or "on". */
xhr_status xhr__form_control_value(const lxb_dom_element_t *element, xhr__bytes *out);
/* Sets the value of an input element of the mode "value" (sanitized) or a textarea, and its dirty value flag. */
xhr_status xhr__form_control_set_value(lxb_dom_element_t *element, xhr__str value);
/* https://html.spec.whatwg.org/#value-sanitization-algorithm: of `*value`, in place. */
xhr_status xhr__input_sanitize(const lxb_dom_element_t *input, xhr__input_type type,
                               xhr__bytes *value);
/* https://html.spec.whatwg.org/#concept-form-reset-control */
void xhr__form_control_reset(lxb_dom_element_t *element);

/* https://html.spec.whatwg.org/#concept-fe-checked; setting makes it dirty. False for want of memory. */
bool xhr__input_is_checked(const lxb_dom_element_t *input);
bool xhr__input_set_checked(lxb_dom_element_t *input, bool checked);

/* ---- select elements -------------------------------------------------------------------------------------------- */

/* https://html.spec.whatwg.org/#concept-select-option-list: the first option, the next one; NULL behind the last. */
lxb_dom_element_t *xhr__select_next_option(const lxb_dom_element_t *select,
                                           const lxb_dom_element_t *option);
/* https://html.spec.whatwg.org/#option-element-nearest-ancestor-select; NULL */
lxb_dom_element_t *xhr__option_select(const lxb_dom_element_t *option);
/* https://html.spec.whatwg.org/#concept-option-selectedness; setting makes it dirty. False for want of memory. */
bool xhr__option_is_selected(const lxb_dom_element_t *option);
bool xhr__option_set_selected(lxb_dom_element_t *option, bool selected);
/* The option that is selected in a select element without multiple, and otherwise the first one; NULL: none. */
lxb_dom_element_t *xhr__select_selected(const lxb_dom_element_t *select);
/* Selects that option alone; NULL: none. */
bool xhr__select_only(lxb_dom_element_t *select, lxb_dom_element_t *option);
/* https://html.spec.whatwg.org/#dom-option-text: appends it. */
xhr_status xhr__option_text(const lxb_dom_element_t *option, xhr__bytes *out);

/* ---- what the tree tells ---------------------------------------------------------------------------------------- */

/* An attribute without namespace came, changed or went; not of what a parser sets. Want of memory leaves a state as it was. */
void xhr__form_control_attribute_changed(lxb_dom_element_t *element, xhr__str name, bool exists);
/* https://dom.spec.whatwg.org/#concept-node-clone-ext of input and textarea elements. False for want of memory. */
bool xhr__form_control_clone(const lxb_dom_element_t *element, lxb_dom_element_t *copy);
/* A node has been inserted: of radio buttons and of options, what is inserted checked or selected is so alone. */
void xhr__form_controls_inserted(lxb_dom_node_t *node);
/* A node has been removed from the tree of that root: what the parser associated is over where the form is in the other tree. */
void xhr__form_control_removed(lxb_dom_node_t *node, lxb_dom_node_t *root);

/* The option is selected now, unless the select element is multiple no other is. Want of memory leaves a state as it was. */
void xhr__option_deselect_others(lxb_dom_element_t *option);
/* https://html.spec.whatwg.org/#attr-option-selected: it came, or went, while the dirtiness is false. */
void xhr__option_selected_changed(lxb_dom_element_t *option, bool exists);

/* ---- direction -------------------------------------------------------------------------------------------------- */

/* https://html.spec.whatwg.org/#the-directionality: whether it is "rtl". *status: XHR_OK, XHR_OUT_OF_MEMORY. */
bool xhr__element_is_rtl(const lxb_dom_element_t *element, xhr_status *status);
/* https://html.spec.whatwg.org/#auto-directionality-form-associated-elements */
bool xhr__has_auto_directionality(const lxb_dom_element_t *element);

#endif
