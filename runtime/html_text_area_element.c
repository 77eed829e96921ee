/* https://html.spec.whatwg.org/#htmltextareaelement */
#include "infra/utf8.h"
#include "runtime/form_controls.h"

XHR__REFLECT_STRING(dir_name, "dirname")
XHR__REFLECT_BOOLEAN(disabled, "disabled")
XHR__REFLECT_STRING(name, "name")
XHR__REFLECT_STRING(placeholder, "placeholder")
XHR__REFLECT_BOOLEAN(read_only, "readonly")
XHR__REFLECT_BOOLEAN(required, "required")
XHR__REFLECT_STRING(wrap, "wrap")

static JSValue get_type(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)self, (void)this_value;
  return JS_NewString(realm->js, "textarea");
}

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

/* https://html.spec.whatwg.org/#dom-textarea-value: the API value */
static JSValue get_value(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__control_get_value(realm, self);
}

static bool set_value(xhr__realm *realm, void *self, JSValueConst this_value, JSValueConst value) {
  xhr__bytes text = {0};
  (void)this_value;
  /* 1. - 3. */
  bool done = xhr__to_string_null_to_empty(realm, value, &text);
  if (done &&
      xhr__form_control_set_value(xhr__self_element(self), xhr__bytes_str(&text)) != XHR_OK) {
    JS_ThrowOutOfMemory(realm->js);
    done = false;
  }
  /* 4. there is no selection */
  xhr__bytes_free(&text);
  return done;
}

/* https://html.spec.whatwg.org/#dom-textarea-textlength: code units of the API value */
static JSValue get_text_length(xhr__realm *realm, void *self, JSValueConst this_value) {
  xhr__bytes value = {0};
  uint32_t length = 0;
  (void)this_value;
  xhr_status status = xhr__form_control_value(xhr__self_element(self), &value);
  for (size_t position = 0; position < value.len;)
    length += xhr__utf8_next(xhr__bytes_str(&value), &position) > 0xFFFF ? 2 : 1;
  xhr__bytes_free(&value);
  return status == XHR_OK ? JS_NewUint32(realm->js, length) : JS_ThrowOutOfMemory(realm->js);
}

static const xhr__member members[] = {
    XHR__DEFINE_ATTRIBUTE("dirName", get_dir_name, set_dir_name),
    XHR__DEFINE_ATTRIBUTE("disabled", get_disabled, set_disabled),
    XHR__DEFINE_READONLY("form", xhr__control_get_form),
    XHR__DEFINE_ATTRIBUTE("name", get_name, set_name),
    XHR__DEFINE_ATTRIBUTE("placeholder", get_placeholder, set_placeholder),
    XHR__DEFINE_ATTRIBUTE("readOnly", get_read_only, set_read_only),
    XHR__DEFINE_ATTRIBUTE("required", get_required, set_required),
    XHR__DEFINE_ATTRIBUTE("wrap", get_wrap, set_wrap),
    XHR__DEFINE_READONLY("type", get_type),
    XHR__DEFINE_ATTRIBUTE("defaultValue", get_default_value, set_default_value),
    XHR__DEFINE_ATTRIBUTE("value", get_value, set_value),
    XHR__DEFINE_READONLY("textLength", get_text_length),
};

const xhr__interface xhr__html_text_area_element_interface = {
    XHR__HTML_INTERFACE("HTMLTextAreaElement", members),
};
