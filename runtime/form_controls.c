#include "runtime/form_controls.h"

JSValue xhr__control_get_form(xhr__realm *realm, void *self, JSValueConst this_value) {
  lxb_dom_element_t *form = xhr__form_owner(xhr__self_element(self));
  (void)this_value;
  return form ? xhr__node_wrap(realm, &form->node) : JS_NULL;
}

JSValue xhr__control_get_value(xhr__realm *realm, void *self) {
  xhr__bytes value = {0};
  JSValue result = xhr__form_control_value(xhr__self_element(self), &value) == XHR_OK
                       ? xhr__from_dom_string(realm, xhr__bytes_str(&value))
                       : JS_ThrowOutOfMemory(realm->js);
  xhr__bytes_free(&value);
  return result;
}

/* ---- what submits ----------------------------------------------------------------------------------------------- */

JSValue xhr__control_get_action(xhr__realm *realm, void *self, const char *attribute) {
  xhr__str action;
  (void)xhr__element_attribute(xhr__self_element(self), xhr__str_c(attribute), &action);
  return action.len > 0
             ? xhr__reflect_get_url(realm, self, attribute)
             : xhr__from_usv_string(realm, xhr__url_href(&xhr__self_document(self)->url, false));
}

JSValue xhr__control_get_method(xhr__realm *realm, void *self, const char *attribute,
                                const char *missing) {
  static const char *const methods[] = {"get", "post", "dialog", NULL};
  return xhr__reflect_get_keyword(realm, self, attribute, methods, "get", missing);
}

JSValue xhr__control_get_enctype(xhr__realm *realm, void *self, const char *attribute,
                                 const char *missing) {
  static const char *const types[] = {"application/x-www-form-urlencoded", "multipart/form-data",
                                      "text/plain", NULL};
  return xhr__reflect_get_keyword(realm, self, attribute, types, types[0], missing);
}

static JSValue get_form_action(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__control_get_action(realm, self, "formaction");
}

static bool set_form_action(xhr__realm *realm, void *self, JSValueConst this_value,
                            JSValueConst value) {
  (void)this_value;
  return xhr__reflect_set_url(realm, self, "formaction", value);
}

XHR__REFLECT_KEYWORD(form_enctype, "formenctype", xhr__control_get_enctype, "")
XHR__REFLECT_KEYWORD(form_method, "formmethod", xhr__control_get_method, "")
XHR__REFLECT_BOOLEAN(form_no_validate, "formnovalidate")
XHR__REFLECT_STRING(form_target, "formtarget")

static const xhr__member submission_members[] = {
    XHR__DEFINE_ATTRIBUTE("formAction", get_form_action, set_form_action),
    XHR__DEFINE_ATTRIBUTE("formEnctype", get_form_enctype, set_form_enctype),
    XHR__DEFINE_ATTRIBUTE("formMethod", get_form_method, set_form_method),
    XHR__DEFINE_ATTRIBUTE("formNoValidate", get_form_no_validate, set_form_no_validate),
    XHR__DEFINE_ATTRIBUTE("formTarget", get_form_target, set_form_target),
};
const xhr__mixin xhr__form_submission_attributes = {
    submission_members, sizeof submission_members / sizeof *submission_members};
