/* https://html.spec.whatwg.org/#forms: as far as scripts of pages touch controls; nothing is submitted, and forms do not list
 * their controls yet. */
#include "runtime/form_controls.h"

XHR__REFLECT_STRING(name, "name")
XHR__REFLECT_BOOLEAN(disabled, "disabled")
XHR__REFLECT_STRING(placeholder, "placeholder")
XHR__REFLECT_BOOLEAN(required, "required")
XHR__REFLECT_BOOLEAN(read_only, "readonly")
XHR__REFLECT_BOOLEAN(multiple, "multiple")
XHR__REFLECT_STRING(accept, "accept")
XHR__REFLECT_STRING(value_attribute, "value")
XHR__REFLECT_BOOLEAN(default_checked, "checked")

static JSValue get_form(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__node_wrap(realm, xhr__form_owner(xhr__self_node(self)));
}

/* One of the keywords, or what stands for none of them. */
static JSValue keyword(xhr__realm *realm, void *self, const char *attribute,
                       const char *const *keywords, const char *otherwise) {
  xhr__str value;
  (void)xhr__element_attribute(xhr__self_element(self), xhr__str_c(attribute), &value);
  for (; *keywords; keywords++) {
    if (xhr__str_equals_ci(value, xhr__str_c(*keywords)))
      return JS_NewString(realm->js, *keywords);
  }
  return JS_NewString(realm->js, otherwise);
}

/* ---- HTMLInputElement ------------------------------------------------------------------------------------------- */

static const char *const input_types[] = {
    "hidden", "text",  "search",         "tel",    "url",   "email", "password", "date",  "month",
    "week",   "time",  "datetime-local", "number", "range", "color", "checkbox", "radio", "file",
    "submit", "image", "reset",          "button", NULL};

static JSValue get_input_type(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return keyword(realm, self, "type", input_types, "text");
}

static bool set_type(xhr__realm *realm, void *self, JSValueConst this_value, JSValueConst value) {
  (void)this_value;
  return xhr__reflect_set_string(realm, self, "type", value);
}

/* https://html.spec.whatwg.org/#dom-input-value: whether the mode is "value"; else it is "default", or "default/on". */
static bool has_value_mode(void *self) {
  static const char *const others[] = {"hidden", "submit",   "image", "reset",
                                       "button", "checkbox", "radio", "file"};
  xhr__str type;
  (void)xhr__element_attribute(xhr__self_element(self), XHR__STR("type"), &type);
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    if (xhr__str_equals_ci(type, xhr__str_c(others[i])))
      return false;
  }
  return true;
}

static JSValue control_value(xhr__realm *realm, void *self) {
  xhr__bytes value = {0};
  JSValue result = xhr__control_value(realm, xhr__self_node(self), &value)
                       ? xhr__from_dom_string(realm, xhr__bytes_str(&value))
                       : JS_EXCEPTION;
  xhr__bytes_free(&value);
  return result;
}

static JSValue get_input_value(xhr__realm *realm, void *self, JSValueConst this_value) {
  const lxb_dom_node_t *node = xhr__self_node(self);
  if (has_value_mode(self))
    return control_value(realm, self);
  xhr__str value;
  bool there = xhr__element_attribute(xhr__self_element(self), XHR__STR("value"), &value);
  if (!there && (xhr__input_type_is(node, "checkbox") || xhr__input_type_is(node, "radio")))
    return JS_NewString(realm->js, "on");
  return xhr__input_type_is(node, "file") ? JS_NewString(realm->js, "")
                                          : get_value_attribute(realm, self, this_value);
}

/* Keeps a new value, and drops the old one. */
static bool keep(xhr__realm *realm, void *self, xhr__node_slot slot, JSValue value) {
  JSValue old = xhr__js_node_slot(self, slot);
  JSValue kept = xhr__js_node_keep(realm, self, slot, value);
  if (JS_IsException(kept))
    return false;
  JS_FreeValue(realm->js, kept);
  JS_FreeValue(realm->js, old);
  return true;
}

static bool set_dirty_value(xhr__realm *realm, void *self, JSValueConst value) {
  JSValue text = JS_IsNull(value) ? JS_NewString(realm->js, "") : JS_ToString(realm->js, value);
  return keep(realm, self, XHR__SLOT_VALUE, text);
}

static bool set_input_value(xhr__realm *realm, void *self, JSValueConst this_value,
                            JSValueConst value) {
  if (has_value_mode(self))
    return set_dirty_value(realm, self, value);
  return set_value_attribute(realm, self, this_value, value);
}

/* https://html.spec.whatwg.org/#dom-input-checked */
static JSValue get_checked(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewBool(realm->js, xhr__is_checked(xhr__self_node(self)));
}

/* https://html.spec.whatwg.org/#radio-button-group: the others of the group are unchecked. */
static bool uncheck_group(xhr__realm *realm, lxb_dom_node_t *radio) {
  lxb_dom_node_t *root = xhr__node_root(radio), *owner = xhr__form_owner(radio);
  xhr__str name, other;
  (void)xhr__element_attribute(lxb_dom_interface_element(radio), XHR__STR("name"), &name);
  for (lxb_dom_node_t *node = root; node && name.len > 0; node = xhr__node_following(node, root)) {
    if (node == radio || !xhr__input_type_is(node, "radio") || xhr__form_owner(node) != owner ||
        !xhr__element_attribute(lxb_dom_interface_element(node), XHR__STR("name"), &other) ||
        !xhr__str_equals(name, other) || !xhr__is_checked(node))
      continue;
    JSValue object = xhr__node_wrap(realm, node);
    bool done = !JS_IsException(object) &&
                keep(realm, xhr__platform_object_of(object, &xhr__node_interface),
                     XHR__SLOT_CHECKED, JS_NewBool(realm->js, false));
    JS_FreeValue(realm->js, object);
    if (!done)
      return false;
  }
  return true;
}

static bool set_checked(xhr__realm *realm, void *self, JSValueConst this_value,
                        JSValueConst value) {
  bool checked;
  (void)this_value;
  return xhr__to_boolean(realm, value, &checked) &&
         keep(realm, self, XHR__SLOT_CHECKED, JS_NewBool(realm->js, checked)) &&
         (!checked || !xhr__input_type_is(xhr__self_node(self), "radio") ||
          uncheck_group(realm, xhr__self_node(self)));
}

static const xhr__member input_members[] = {
    XHR__DEFINE_ATTRIBUTE("accept", get_accept, set_accept),
    XHR__DEFINE_ATTRIBUTE("checked", get_checked, set_checked),
    XHR__DEFINE_ATTRIBUTE("defaultChecked", get_default_checked, set_default_checked),
    XHR__DEFINE_ATTRIBUTE("defaultValue", get_value_attribute, set_value_attribute),
    XHR__DEFINE_ATTRIBUTE("disabled", get_disabled, set_disabled),
    XHR__DEFINE_READONLY("form", get_form),
    XHR__DEFINE_ATTRIBUTE("multiple", get_multiple, set_multiple),
    XHR__DEFINE_ATTRIBUTE("name", get_name, set_name),
    XHR__DEFINE_ATTRIBUTE("placeholder", get_placeholder, set_placeholder),
    XHR__DEFINE_ATTRIBUTE("readOnly", get_read_only, set_read_only),
    XHR__DEFINE_ATTRIBUTE("required", get_required, set_required),
    XHR__DEFINE_ATTRIBUTE("type", get_input_type, set_type),
    XHR__DEFINE_ATTRIBUTE("value", get_input_value, set_input_value),
};

const xhr__interface xhr__html_input_element_interface = {
    XHR__HTML_INTERFACE("HTMLInputElement", input_members),
};

/* ---- HTMLButtonElement ------------------------------------------------------------------------------------------ */

static JSValue get_button_type(xhr__realm *realm, void *self, JSValueConst this_value) {
  static const char *const types[] = {"submit", "reset", "button", NULL};
  (void)this_value;
  return keyword(realm, self, "type", types, "submit");
}

static const xhr__member button_members[] = {
    XHR__DEFINE_ATTRIBUTE("disabled", get_disabled, set_disabled),
    XHR__DEFINE_READONLY("form", get_form),
    XHR__DEFINE_ATTRIBUTE("name", get_name, set_name),
    XHR__DEFINE_ATTRIBUTE("type", get_button_type, set_type),
    XHR__DEFINE_ATTRIBUTE("value", get_value_attribute, set_value_attribute),
};

const xhr__interface xhr__html_button_element_interface = {
    XHR__HTML_INTERFACE("HTMLButtonElement", button_members),
};

/* ---- HTMLTextAreaElement ---------------------------------------------------------------------------------------- */

/* https://html.spec.whatwg.org/#dom-textarea-defaultvalue */
static JSValue get_default_value(xhr__realm *realm, void *self, JSValueConst this_value) {
  xhr__bytes text = {0};
  (void)this_value;
  JSValue value = xhr__node_child_text(xhr__self_node(self), &text) == XHR_OK
                      ? xhr__from_dom_string(realm, xhr__bytes_str(&text))
                      : JS_ThrowOutOfMemory(realm->js);
  xhr__bytes_free(&text);
  return value;
}

static bool set_default_value(xhr__realm *realm, void *self, JSValueConst this_value,
                              JSValueConst value) {
  xhr__bytes text = {0};
  (void)this_value;
  bool done = xhr__to_dom_string(realm, value, &text);
  if (done && xhr__node_string_replace_all(xhr__self_node(self), xhr__bytes_str(&text))) {
    JS_ThrowOutOfMemory(realm->js);
    done = false;
  }
  xhr__bytes_free(&text);
  return done;
}

static JSValue get_text_value(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return control_value(realm, self);
}

static bool set_text_value(xhr__realm *realm, void *self, JSValueConst this_value,
                           JSValueConst value) {
  (void)this_value;
  return set_dirty_value(realm, self, value);
}

static JSValue get_text_type(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)self, (void)this_value;
  return JS_NewString(realm->js, "textarea");
}

static const xhr__member text_members[] = {
    XHR__DEFINE_ATTRIBUTE("disabled", get_disabled, set_disabled),
    XHR__DEFINE_READONLY("form", get_form),
    XHR__DEFINE_ATTRIBUTE("name", get_name, set_name),
    XHR__DEFINE_ATTRIBUTE("placeholder", get_placeholder, set_placeholder),
    XHR__DEFINE_ATTRIBUTE("readOnly", get_read_only, set_read_only),
    XHR__DEFINE_ATTRIBUTE("required", get_required, set_required),
    XHR__DEFINE_READONLY("type", get_text_type),
    XHR__DEFINE_ATTRIBUTE("defaultValue", get_default_value, set_default_value),
    XHR__DEFINE_ATTRIBUTE("value", get_text_value, set_text_value),
};

const xhr__interface xhr__html_text_area_element_interface = {
    XHR__HTML_INTERFACE("HTMLTextAreaElement", text_members),
};

/* ---- HTMLFormElement -------------------------------------------------------------------------------------------- */

XHR__REFLECT_STRING(accept_charset, "accept-charset")
XHR__REFLECT_STRING(target, "target")

static JSValue get_method(xhr__realm *realm, void *self, JSValueConst this_value) {
  static const char *const methods[] = {"get", "post", "dialog", NULL};
  (void)this_value;
  return keyword(realm, self, "method", methods, "get");
}

static JSValue get_enctype(xhr__realm *realm, void *self, JSValueConst this_value) {
  static const char *const types[] = {"application/x-www-form-urlencoded", "multipart/form-data",
                                      "text/plain", NULL};
  (void)this_value;
  return keyword(realm, self, "enctype", types, types[0]);
}

/* https://html.spec.whatwg.org/#dom-fs-action: the document's URL where there is none. */
static JSValue get_action(xhr__realm *realm, void *self, JSValueConst this_value) {
  xhr__str action;
  (void)this_value;
  (void)xhr__element_attribute(xhr__self_element(self), XHR__STR("action"), &action);
  return action.len > 0
             ? xhr__reflect_get_url(realm, self, "action")
             : xhr__from_usv_string(realm, xhr__url_href(&xhr__self_document(self)->url, false));
}

static bool set_action(xhr__realm *realm, void *self, JSValueConst this_value, JSValueConst value) {
  (void)this_value;
  return xhr__reflect_set_url(realm, self, "action", value);
}

static bool set_method(xhr__realm *realm, void *self, JSValueConst this_value, JSValueConst value) {
  (void)this_value;
  return xhr__reflect_set_string(realm, self, "method", value);
}

static bool set_enctype(xhr__realm *realm, void *self, JSValueConst this_value,
                        JSValueConst value) {
  (void)this_value;
  return xhr__reflect_set_string(realm, self, "enctype", value);
}

static const xhr__member form_members[] = {
    XHR__DEFINE_ATTRIBUTE("acceptCharset", get_accept_charset, set_accept_charset),
    XHR__DEFINE_ATTRIBUTE("action", get_action, set_action),
    XHR__DEFINE_ATTRIBUTE("enctype", get_enctype, set_enctype),
    XHR__DEFINE_ATTRIBUTE("encoding", get_enctype, set_enctype),
    XHR__DEFINE_ATTRIBUTE("method", get_method, set_method),
    XHR__DEFINE_ATTRIBUTE("name", get_name, set_name),
    XHR__DEFINE_ATTRIBUTE("target", get_target, set_target),
};

const xhr__interface xhr__html_form_element_interface = {
    XHR__HTML_INTERFACE("HTMLFormElement", form_members),
};

/* ---- HTMLOptionElement ------------------------------------------------------------------------------------------ */

XHR__REFLECT_BOOLEAN(default_selected, "selected")

static JSValue get_option_value(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return control_value(realm, self);
}

static JSValue get_selected(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewBool(realm->js, xhr__is_selected(xhr__self_node(self)));
}

/* https://html.spec.whatwg.org/#concept-option-selectedness of one option of a select, `node`. */
static bool select_option(xhr__realm *realm, lxb_dom_node_t *node, bool selected) {
  JSValue object = xhr__node_wrap(realm, node);
  bool done =
      !JS_IsException(object) && keep(realm, xhr__platform_object_of(object, &xhr__node_interface),
                                      XHR__SLOT_CHECKED, JS_NewBool(realm->js, selected));
  JS_FreeValue(realm->js, object);
  return done;
}

/* Selects that one of a select's options, and no other; NULL: none. */
static bool select_only(xhr__realm *realm, const lxb_dom_node_t *select,
                        const lxb_dom_node_t *wanted) {
  bool done = true;
  for (lxb_dom_node_t *option = NULL; done && (option = xhr__next_option(select, option));)
    done = select_option(realm, option, option == wanted);
  return done;
}

/* https://html.spec.whatwg.org/#dom-option-selected */
static bool set_selected(xhr__realm *realm, void *self, JSValueConst this_value,
                         JSValueConst value) {
  lxb_dom_node_t *option = xhr__self_node(self), *select = option->parent;
  xhr__str multiple;
  bool selected;
  (void)this_value;
  if (!xhr__to_boolean(realm, value, &selected))
    return false;
  while (select && !xhr__node_is_html(select, LXB_TAG_SELECT))
    select = select->parent;
  bool only =
      selected && select &&
      !xhr__element_attribute(lxb_dom_interface_element(select), XHR__STR("multiple"), &multiple);
  return only ? select_only(realm, select, option) : select_option(realm, option, selected);
}

static const xhr__member option_members[] = {
    XHR__DEFINE_ATTRIBUTE("disabled", get_disabled, set_disabled),
    XHR__DEFINE_READONLY("form", get_form),
    XHR__DEFINE_ATTRIBUTE("defaultSelected", get_default_selected, set_default_selected),
    XHR__DEFINE_ATTRIBUTE("selected", get_selected, set_selected),
    XHR__DEFINE_ATTRIBUTE("value", get_option_value, set_value_attribute),
};

const xhr__interface xhr__html_option_element_interface = {
    XHR__HTML_INTERFACE("HTMLOptionElement", option_members),
};

/* ---- HTMLSelectElement ------------------------------------------------------------------------------------------ */

static JSValue get_select_type(xhr__realm *realm, void *self, JSValueConst this_value) {
  xhr__str multiple;
  (void)this_value;
  bool many = xhr__element_attribute(xhr__self_element(self), XHR__STR("multiple"), &multiple);
  return JS_NewString(realm->js, many ? "select-multiple" : "select-one");
}

static JSValue get_select_length(xhr__realm *realm, void *self, JSValueConst this_value) {
  uint32_t count = 0;
  (void)this_value;
  for (lxb_dom_node_t *at = NULL; (at = xhr__next_option(xhr__self_node(self), at));)
    count++;
  return JS_NewUint32(realm->js, count);
}

/* The first selected option and its number; NULL. */
static lxb_dom_node_t *first_selected(const lxb_dom_node_t *select, int32_t *index) {
  lxb_dom_node_t *option = xhr__next_option(select, NULL);
  *index = 0;
  while (option && !xhr__is_selected(option)) {
    option = xhr__next_option(select, option);
    (*index)++;
  }
  return option;
}

/* https://html.spec.whatwg.org/#dom-select-selectedindex */
static JSValue get_selected_index(xhr__realm *realm, void *self, JSValueConst this_value) {
  int32_t index;
  (void)this_value;
  return JS_NewInt32(realm->js, first_selected(xhr__self_node(self), &index) ? index : -1);
}

static bool set_selected_index(xhr__realm *realm, void *self, JSValueConst this_value,
                               JSValueConst value) {
  const lxb_dom_node_t *select = xhr__self_node(self);
  uint32_t index;
  (void)this_value;
  if (!xhr__to_unsigned_long(realm, value, &index))
    return false;
  const lxb_dom_node_t *option = xhr__next_option(select, NULL);
  while (option && index-- > 0)
    option = xhr__next_option(select, option);
  return select_only(realm, select, option);
}

/* https://html.spec.whatwg.org/#dom-select-value */
static JSValue get_select_value(xhr__realm *realm, void *self, JSValueConst this_value) {
  int32_t index;
  xhr__bytes value = {0};
  (void)this_value;
  const lxb_dom_node_t *option = first_selected(xhr__self_node(self), &index);
  JSValue result = !option || xhr__control_value(realm, option, &value)
                       ? xhr__from_dom_string(realm, xhr__bytes_str(&value))
                       : JS_EXCEPTION;
  xhr__bytes_free(&value);
  return result;
}

static bool set_select_value(xhr__realm *realm, void *self, JSValueConst this_value,
                             JSValueConst value) {
  const lxb_dom_node_t *select = xhr__self_node(self), *found = NULL;
  xhr__bytes wanted = {0};
  (void)this_value;
  bool done = xhr__to_dom_string(realm, value, &wanted);
  for (const lxb_dom_node_t *at = NULL; done && !found && (at = xhr__next_option(select, at));) {
    xhr__bytes own = {0};
    done = xhr__control_value(realm, at, &own);
    if (done && xhr__str_equals(xhr__bytes_str(&own), xhr__bytes_str(&wanted)))
      found = at;
    xhr__bytes_free(&own);
  }
  xhr__bytes_free(&wanted);
  return done && select_only(realm, select, found);
}

static const xhr__member select_members[] = {
    XHR__DEFINE_ATTRIBUTE("disabled", get_disabled, set_disabled),
    XHR__DEFINE_READONLY("form", get_form),
    XHR__DEFINE_ATTRIBUTE("multiple", get_multiple, set_multiple),
    XHR__DEFINE_ATTRIBUTE("name", get_name, set_name),
    XHR__DEFINE_ATTRIBUTE("required", get_required, set_required),
    XHR__DEFINE_READONLY("type", get_select_type),
    XHR__DEFINE_READONLY("length", get_select_length),
    XHR__DEFINE_ATTRIBUTE("selectedIndex", get_selected_index, set_selected_index),
    XHR__DEFINE_ATTRIBUTE("value", get_select_value, set_select_value),
};

const xhr__interface xhr__html_select_element_interface = {
    XHR__HTML_INTERFACE("HTMLSelectElement", select_members),
};
