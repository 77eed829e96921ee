#include "runtime/form_controls.h"

/* ---- kinds ------------------------------------------------------------------------------------------------------ */

static bool is_one_of(const lxb_dom_node_t *node, const lxb_tag_id_t *tags, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (xhr__node_is_html(node, tags[i]))
      return true;
  }
  return false;
}

bool xhr__is_listed(const lxb_dom_node_t *node) {
  static const lxb_tag_id_t tags[] = {LXB_TAG_BUTTON,  LXB_TAG_FIELDSET, LXB_TAG_INPUT,
                                      LXB_TAG_OBJECT,  LXB_TAG_OUTPUT,   LXB_TAG_SELECT,
                                      LXB_TAG_TEXTAREA};
  return is_one_of(node, tags, sizeof tags / sizeof *tags);
}

bool xhr__is_submittable(const lxb_dom_node_t *node) {
  static const lxb_tag_id_t tags[] = {LXB_TAG_BUTTON, LXB_TAG_INPUT, LXB_TAG_SELECT,
                                      LXB_TAG_TEXTAREA};
  return is_one_of(node, tags, sizeof tags / sizeof *tags);
}

static xhr__str attribute(const lxb_dom_node_t *node, const char *name) {
  xhr__str value;
  (void)xhr__element_attribute((const void *)node, xhr__str_c(name), &value);
  return value;
}

static bool has_attribute(const lxb_dom_node_t *node, const char *name) {
  xhr__str value;
  return xhr__element_attribute((const void *)node, xhr__str_c(name), &value);
}

bool xhr__input_type_is(const lxb_dom_node_t *node, const char *type) {
  return xhr__node_is_html(node, LXB_TAG_INPUT) &&
         xhr__str_equals_ci(attribute(node, "type"), xhr__str_c(type));
}

bool xhr__is_submit_button(const lxb_dom_node_t *node) {
  if (xhr__node_is_html(node, LXB_TAG_BUTTON)) {
    xhr__str type = attribute(node, "type");
    return !xhr__str_equals_ci(type, XHR__STR("reset")) &&
           !xhr__str_equals_ci(type, XHR__STR("button"));
  }
  return xhr__input_type_is(node, "submit") || xhr__input_type_is(node, "image");
}

/* ---- what belongs together -------------------------------------------------------------------------------------- */

lxb_dom_node_t *xhr__form_owner(const lxb_dom_node_t *node) {
  /* https://html.spec.whatwg.org/#reset-the-form-owner, 4. */
  if (xhr__is_listed(node) && has_attribute(node, "form") && xhr__node_is_connected(node)) {
    lxb_dom_node_t *form = xhr__element_by_id(xhr__node_root(node), attribute(node, "form"));
    return form && xhr__node_is_html(form, LXB_TAG_FORM) ? form : NULL;
  }
  /* 5. */
  lxb_dom_node_t *parent = node->parent;
  while (parent && !xhr__node_is_html(parent, LXB_TAG_FORM))
    parent = parent->parent;
  return parent;
}

static const lxb_dom_node_t *first_legend(const lxb_dom_node_t *field_set) {
  const lxb_dom_node_t *child = field_set->first_child;
  while (child && !xhr__node_is_html(child, LXB_TAG_LEGEND))
    child = child->next;
  return child;
}

bool xhr__is_disabled(const lxb_dom_node_t *node) {
  if (has_attribute(node, "disabled"))
    return true;
  if (xhr__node_is_html(node, LXB_TAG_OPTION))
    return node->parent && xhr__node_is_html(node->parent, LXB_TAG_OPTGROUP) &&
           has_attribute(node->parent, "disabled");
  for (const lxb_dom_node_t *at = node->parent; at; at = at->parent) {
    if (!xhr__node_is_html(at, LXB_TAG_FIELDSET) || !has_attribute(at, "disabled"))
      continue;
    const lxb_dom_node_t *legend = first_legend(at);
    if (!legend || !xhr__node_is_inclusive_ancestor(legend, node))
      return true;
  }
  return false;
}

/* ---- state ------------------------------------------------------------------------------------------------------ */

/* What a script has made of the state that an object keeps in a slot; JS_UNDEFINED: nothing. */
static JSValueConst dirty(const lxb_dom_node_t *node, xhr__node_slot slot) {
  const xhr__node_data *data = xhr__node_data_if_any(node);
  return data && data->wrapper ? xhr__js_node_slot(data->wrapper, slot) : JS_UNDEFINED;
}

bool xhr__is_checked(const lxb_dom_node_t *node) {
  JSValueConst checked = dirty(node, XHR__SLOT_CHECKED);
  return JS_IsUndefined(checked) ? has_attribute(node, "checked") : JS_VALUE_GET_BOOL(checked);
}

lxb_dom_node_t *xhr__next_option(const lxb_dom_node_t *select, const lxb_dom_node_t *option) {
  lxb_dom_node_t *node = xhr__node_following(option ? option : select, select);
  while (node && !xhr__node_is_html(node, LXB_TAG_OPTION))
    node = xhr__node_following(node, select);
  return node;
}

/* The selectedness that an option has by itself. */
static bool is_marked(const lxb_dom_node_t *option) {
  JSValueConst selected = dirty(option, XHR__SLOT_CHECKED);
  return JS_IsUndefined(selected) ? has_attribute(option, "selected") : JS_VALUE_GET_BOOL(selected);
}

/* https://html.spec.whatwg.org/#selectedness-setting-algorithm: the option of a select that shows one. */
static const lxb_dom_node_t *the_selected(const lxb_dom_node_t *select) {
  const lxb_dom_node_t *last = NULL, *first = NULL;
  for (const lxb_dom_node_t *at = NULL; (at = xhr__next_option(select, at));) {
    if (is_marked(at))
      last = at;
    if (!first && !xhr__is_disabled(at))
      first = at;
  }
  uint64_t size;
  bool is_list = xhr__str_to_u64(attribute(select, "size"), &size) && size > 1;
  return last || is_list ? last : first;
}

bool xhr__is_selected(const lxb_dom_node_t *option) {
  const lxb_dom_node_t *select = option->parent;
  while (select && !xhr__node_is_html(select, LXB_TAG_SELECT))
    select = select->parent;
  if (!select || has_attribute(select, "multiple"))
    return is_marked(option);
  return the_selected(select) == option;
}

/* https://html.spec.whatwg.org/#value-sanitization-algorithm
 * NOTE: of dates, times, numbers and ranges it is what was given */
static void sanitize(const lxb_dom_node_t *input, xhr__bytes *value, size_t start) {
  bool strips = xhr__input_type_is(input, "url") || xhr__input_type_is(input, "email");
  size_t to = start;
  if (xhr__input_type_is(input, "hidden") || xhr__input_type_is(input, "submit"))
    return;
  for (size_t i = start; i < value->len; i++) {
    if (value->data[i] != '\n' && value->data[i] != '\r')
      value->data[to++] = value->data[i];
  }
  value->len = to;
  if (!strips)
    return;
  xhr__str rest = xhr__str_from(xhr__bytes_str(value), start);
  xhr__str trimmed = xhr__str_trim_ascii_whitespace(rest);
  if (trimmed.len > 0)
    memmove(value->data + start, trimmed.data, trimmed.len);
  value->len = start + trimmed.len;
}

/* https://html.spec.whatwg.org/#concept-option-value and #dom-option-text */
static xhr_status option_value(const lxb_dom_node_t *option, xhr__bytes *out) {
  if (has_attribute(option, "value"))
    return xhr__bytes_append(out, attribute(option, "value"));
  xhr__bytes text = {0};
  xhr_status status = xhr__node_descendant_text(option, &text);
  bool gap = false;
  size_t start = out->len;
  for (size_t i = 0; i < text.len && status == XHR_OK; i++) {
    bool space = xhr__is_ascii_whitespace((uint8_t)text.data[i]);
    if (!space && gap && out->len > start)
      status = xhr__bytes_append_byte(out, ' ');
    if (!space && status == XHR_OK)
      status = xhr__bytes_append_byte(out, text.data[i]);
    gap = space;
  }
  xhr__bytes_free(&text);
  return status;
}

bool xhr__control_value(xhr__realm *realm, const lxb_dom_node_t *node, xhr__bytes *out) {
  JSValueConst value = dirty(node, XHR__SLOT_VALUE);
  xhr_status status;
  size_t start = out->len;
  if (!JS_IsUndefined(value)) {
    if (!xhr__to_dom_string(realm, value, out))
      return false;
    status = XHR_OK;
  } else if (xhr__node_is_html(node, LXB_TAG_OPTION)) {
    status = option_value(node, out);
  } else if (xhr__node_is_html(node, LXB_TAG_TEXTAREA)) {
    status = xhr__node_child_text(node, out);
  } else {
    status = xhr__bytes_append(out, attribute(node, "value"));
  }
  if (status != XHR_OK)
    JS_ThrowOutOfMemory(realm->js);
  else if (xhr__node_is_html(node, LXB_TAG_INPUT))
    sanitize(node, out, start);
  return status == XHR_OK;
}
