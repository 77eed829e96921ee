/* https://html.spec.whatwg.org/#forms: as far as scripts of pages touch controls; nothing is submitted, and forms do not list
 * their controls yet. */
#include "runtime/html_elements.h"

XHR__REFLECT_STRING(name, "name")
XHR__REFLECT_BOOLEAN(disabled, "disabled")
XHR__REFLECT_STRING(placeholder, "placeholder")
XHR__REFLECT_BOOLEAN(required, "required")
XHR__REFLECT_BOOLEAN(read_only, "readonly")
XHR__REFLECT_BOOLEAN(multiple, "multiple")
XHR__REFLECT_STRING(accept, "accept")
XHR__REFLECT_STRING(value_attribute, "value")
XHR__REFLECT_BOOLEAN(default_checked, "checked")

/* The nearest ancestor form. NOTE: the form attribute does not count, nor what the parser associates. */
static JSValue get_form(xhr__realm *realm, void *self, JSValueConst this_value) {
  lxb_dom_node_t *node = xhr__self_node(self);
  (void)this_value;
  while (node && !xhr__node_is_html(node, LXB_TAG_FORM))
    node = node->parent;
  return xhr__node_wrap(realm, node);
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

static bool type_is(void *self, const char *wanted) {
  xhr__str type;
  (void)xhr__element_attribute(xhr__self_element(self), XHR__STR("type"), &type);
  return xhr__str_equals_ci(type, xhr__str_c(wanted));
}

/* NOTE: values are not sanitized */
static JSValue get_input_value(xhr__realm *realm, void *self, JSValueConst this_value) {
  JSValueConst dirty = xhr__js_node_slot(self, XHR__SLOT_VALUE);
  xhr__str value;
  (void)this_value;
  if (has_value_mode(self) && !JS_IsUndefined(dirty))
    return JS_DupValue(realm->js, dirty);
  bool there = xhr__element_attribute(xhr__self_element(self), XHR__STR("value"), &value);
  if (!there && (type_is(self, "checkbox") || type_is(self, "radio")))
    return JS_NewString(realm->js, "on");
  return xhr__from_dom_string(realm, value);
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
  JSValueConst dirty = xhr__js_node_slot(self, XHR__SLOT_CHECKED);
  return JS_IsUndefined(dirty) ? get_default_checked(realm, self, this_value) : dirty;
}

static bool set_checked(xhr__realm *realm, void *self, JSValueConst this_value,
                        JSValueConst value) {
  bool checked;
  (void)this_value;
  return xhr__to_boolean(realm, value, &checked) &&
         keep(realm, self, XHR__SLOT_CHECKED, JS_NewBool(realm->js, checked));
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
  JSValueConst dirty = xhr__js_node_slot(self, XHR__SLOT_VALUE);
  return JS_IsUndefined(dirty) ? get_default_value(realm, self, this_value)
                               : JS_DupValue(realm->js, dirty);
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

/* ---- HTMLFormElement, HTMLOptionElement ------------------------------------------------------------------------- */

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

static const xhr__member option_members[] = {
    XHR__DEFINE_ATTRIBUTE("disabled", get_disabled, set_disabled),
    XHR__DEFINE_READONLY("form", get_form),
};

const xhr__interface xhr__html_option_element_interface = {
    XHR__HTML_INTERFACE("HTMLOptionElement", option_members),
};
