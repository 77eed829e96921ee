/* https://html.spec.whatwg.org/#htmloptionelement and https://html.spec.whatwg.org/#htmloptgroupelement */
#include "runtime/form_controls.h"

XHR__REFLECT_BOOLEAN(default_selected, "selected")
XHR__REFLECT_BOOLEAN(disabled, "disabled")
XHR__REFLECT_STRING(group_label, "label")

static JSValue text_of(xhr__realm *realm, void *self) {
  xhr__bytes text = {0};
  JSValue value = xhr__option_text(xhr__self_element(self), &text) == XHR_OK
                      ? xhr__from_dom_string(realm, xhr__bytes_str(&text))
                      : JS_ThrowOutOfMemory(realm->js);
  xhr__bytes_free(&text);
  return value;
}

/* https://html.spec.whatwg.org/#concept-option-label */
static JSValue get_label(xhr__realm *realm, void *self, JSValueConst this_value) {
  xhr__str label;
  (void)this_value;
  (void)xhr__element_attribute(xhr__self_element(self), XHR__STR("label"), &label);
  return label.len > 0 ? xhr__from_dom_string(realm, label) : text_of(realm, self);
}

static JSValue get_selected(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewBool(realm->js, xhr__option_is_selected(xhr__self_element(self)));
}

/* https://html.spec.whatwg.org/#dom-option-selected */
static bool set_selected(xhr__realm *realm, void *self, JSValueConst this_value,
                         JSValueConst value) {
  bool selected;
  (void)this_value;
  if (!xhr__to_boolean(realm, value, &selected))
    return false;
  bool done = xhr__option_set_selected(xhr__self_element(self), selected);
  if (!done)
    JS_ThrowOutOfMemory(realm->js);
  return done;
}

/* https://html.spec.whatwg.org/#dom-option-value */
static JSValue get_value(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__control_get_value(realm, self);
}

static bool set_value(xhr__realm *realm, void *self, JSValueConst this_value, JSValueConst value) {
  (void)this_value;
  return xhr__reflect_set_string(realm, self, "value", value);
}

/* https://html.spec.whatwg.org/#dom-option-text */
static JSValue get_text(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return text_of(realm, self);
}

static bool set_text(xhr__realm *realm, void *self, JSValueConst this_value, JSValueConst value) {
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

/* https://html.spec.whatwg.org/#concept-option-index */
static JSValue get_index(xhr__realm *realm, void *self, JSValueConst this_value) {
  const lxb_dom_element_t *element = xhr__self_element(self), *at = NULL;
  const lxb_dom_element_t *select = xhr__option_select(element);
  int32_t index = 0;
  (void)this_value;
  while (select && (at = xhr__select_next_option(select, at)) != NULL && at != element)
    index++;
  return JS_NewInt32(realm->js, index);
}

static const xhr__member members[] = {
    XHR__DEFINE_ATTRIBUTE("disabled", get_disabled, set_disabled),
    XHR__DEFINE_READONLY("form", xhr__control_get_form),
    XHR__DEFINE_ATTRIBUTE("label", get_label, set_group_label),
    XHR__DEFINE_ATTRIBUTE("defaultSelected", get_default_selected, set_default_selected),
    XHR__DEFINE_ATTRIBUTE("selected", get_selected, set_selected),
    XHR__DEFINE_ATTRIBUTE("value", get_value, set_value),
    XHR__DEFINE_ATTRIBUTE("text", get_text, set_text),
    XHR__DEFINE_READONLY("index", get_index),
};

const xhr__interface xhr__html_option_element_interface = {
    XHR__HTML_INTERFACE("HTMLOptionElement", members),
};

static const xhr__member group_members[] = {
    XHR__DEFINE_ATTRIBUTE("disabled", get_disabled, set_disabled),
    XHR__DEFINE_ATTRIBUTE("label", get_group_label, set_group_label),
};

const xhr__interface xhr__html_opt_group_element_interface = {
    XHR__HTML_INTERFACE("HTMLOptGroupElement", group_members),
};
