/* https://html.spec.whatwg.org/#htmlbuttonelement */
#include "runtime/form_controls.h"

XHR__REFLECT_BOOLEAN(disabled, "disabled")
XHR__REFLECT_STRING(name, "name")
XHR__REFLECT_STRING(value, "value")

/* https://html.spec.whatwg.org/#dom-button-type */
static JSValue get_type(xhr__realm *realm, void *self, JSValueConst this_value) {
  static const char *const types[] = {"submit", "reset", "button", NULL};
  (void)this_value;
  const char *automatic = xhr__is_submit_button(xhr__self_element(self)) ? "submit" : "button";
  return xhr__reflect_get_keyword(realm, self, "type", types, automatic, automatic);
}

static bool set_type(xhr__realm *realm, void *self, JSValueConst this_value, JSValueConst value) {
  (void)this_value;
  return xhr__reflect_set_string(realm, self, "type", value);
}

static const xhr__member members[] = {
    XHR__DEFINE_ATTRIBUTE("disabled", get_disabled, set_disabled),
    XHR__DEFINE_READONLY("form", xhr__control_get_form),
    XHR__DEFINE_ATTRIBUTE("name", get_name, set_name),
    XHR__DEFINE_ATTRIBUTE("type", get_type, set_type),
    XHR__DEFINE_ATTRIBUTE("value", get_value, set_value),
};

static const xhr__mixin *const includes[] = {&xhr__form_submission_attributes, NULL};

const xhr__interface xhr__html_button_element_interface = {
    XHR__HTML_INTERFACE("HTMLButtonElement", members),
    .includes = includes,
};
