/* https://html.spec.whatwg.org/#htmlinputelement */
#include "runtime/blob_binding.h"
#include "runtime/file_list.h"
#include "runtime/form_controls.h"

XHR__REFLECT_STRING(accept, "accept")
XHR__REFLECT_STRING(alt, "alt")
XHR__REFLECT_BOOLEAN(default_checked, "checked")
XHR__REFLECT_STRING(dir_name, "dirname")
XHR__REFLECT_BOOLEAN(disabled, "disabled")
XHR__REFLECT_STRING(max, "max")
XHR__REFLECT_STRING(min, "min")
XHR__REFLECT_BOOLEAN(multiple, "multiple")
XHR__REFLECT_STRING(name, "name")
XHR__REFLECT_STRING(pattern, "pattern")
XHR__REFLECT_STRING(placeholder, "placeholder")
XHR__REFLECT_BOOLEAN(read_only, "readonly")
XHR__REFLECT_BOOLEAN(required, "required")
XHR__REFLECT_URL(src, "src")
XHR__REFLECT_STRING(step, "step")
XHR__REFLECT_STRING(default_value, "value")

static xhr__input_type type_of(void *self) {
  return xhr__input_type_of(xhr__self_element(self));
}

/* https://html.spec.whatwg.org/#dom-input-type */
static JSValue get_type(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewString(realm->js, xhr__input_type_keyword(type_of(self)));
}

static bool set_type(xhr__realm *realm, void *self, JSValueConst this_value, JSValueConst value) {
  (void)this_value;
  return xhr__reflect_set_string(realm, self, "type", value);
}

/* https://html.spec.whatwg.org/#dom-input-list */
static JSValue get_list(xhr__realm *realm, void *self, JSValueConst this_value) {
  xhr__str id;
  lxb_dom_node_t *node = NULL;
  xhr__input_type type = type_of(self);
  (void)this_value;
  bool applies =
      type != XHR__INPUT_HIDDEN && type != XHR__INPUT_PASSWORD && type < XHR__INPUT_CHECKBOX;
  if (applies && xhr__element_attribute(xhr__self_element(self), XHR__STR("list"), &id) &&
      id.len > 0)
    node = xhr__element_by_id(xhr__node_root(xhr__self_node(self)), id);
  return xhr__node_wrap(realm, node && xhr__node_is_html(node, LXB_TAG_DATALIST) ? node : NULL);
}

/* ---- checkedness ------------------------------------------------------------------------------------------------ */

static JSValue get_checked(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewBool(realm->js, xhr__input_is_checked(xhr__self_element(self)));
}

/* https://html.spec.whatwg.org/#dom-input-checked */
static bool set_checked(xhr__realm *realm, void *self, JSValueConst this_value,
                        JSValueConst value) {
  bool checked;
  (void)this_value;
  if (!xhr__to_boolean(realm, value, &checked))
    return false;
  bool done = xhr__input_set_checked(xhr__self_element(self), checked);
  if (!done)
    JS_ThrowOutOfMemory(realm->js);
  return done;
}

/* ---- files ------------------------------------------------------------------------------------------------------ */

/* Puts another FileList into its slot; takes it over. */
static bool keep_files(xhr__realm *realm, void *self, JSValue files) {
  JSValue old = xhr__js_node_slot(self, XHR__SLOT_FILES);
  JSValue kept = xhr__js_node_keep(realm, self, XHR__SLOT_FILES, files);
  if (JS_IsException(kept))
    return false;
  JS_FreeValue(realm->js, kept);
  JS_FreeValue(realm->js, old);
  return true;
}

void xhr__forget_files(xhr__realm *realm, lxb_dom_node_t *node) {
  const xhr__node_data *data = xhr__node_data_if_any(node);
  if (data && data->wrapper && !JS_IsUndefined(xhr__js_node_slot(data->wrapper, XHR__SLOT_FILES)))
    (void)keep_files(realm, data->wrapper, JS_UNDEFINED);
}

/* https://html.spec.whatwg.org/#dom-input-files */
static JSValue get_files(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  if (type_of(self) != XHR__INPUT_FILE)
    return JS_NULL;
  JSValueConst files = xhr__js_node_slot(self, XHR__SLOT_FILES);
  if (!JS_IsUndefined(files))
    return JS_DupValue(realm->js, files);
  return xhr__js_node_keep(realm, self, XHR__SLOT_FILES, xhr__file_list_new(realm, 0, NULL));
}

static bool set_files(xhr__realm *realm, void *self, JSValueConst this_value, JSValueConst value) {
  (void)this_value;
  bool is_null = JS_IsNull(value) || JS_IsUndefined(value);
  if (!is_null && !xhr__platform_object_of(value, &xhr__file_list_interface)) {
    JS_ThrowTypeError(realm->js, "files: the value is no FileList");
    return false;
  }
  /* 1. */
  if (is_null || type_of(self) != XHR__INPUT_FILE)
    return true;
  /* 2. */
  return keep_files(realm, self, JS_DupValue(realm->js, value));
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

/* https://html.spec.whatwg.org/#dom-input-value-filename */
static JSValue get_filename(xhr__realm *realm, void *self) {
  JSValueConst file = xhr__file_list_item(xhr__js_node_slot(self, XHR__SLOT_FILES), 0);
  xhr__bytes text = {0};
  if (JS_IsUndefined(file))
    return JS_NewString(realm->js, "");
  const xhr__file *first = xhr__file_of_blob(xhr__blob_of(file));
  bool done = xhr__bytes_append(&text, XHR__STR("C:\\fakepath\\")) == XHR_OK &&
              xhr__bytes_append(&text, xhr__bytes_str(&first->name)) == XHR_OK;
  JSValue value =
      done ? xhr__from_usv_string(realm, xhr__bytes_str(&text)) : JS_ThrowOutOfMemory(realm->js);
  xhr__bytes_free(&text);
  return value;
}

/* https://html.spec.whatwg.org/#dom-input-value */
static JSValue get_value(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return type_of(self) == XHR__INPUT_FILE ? get_filename(realm, self)
                                          : xhr__control_get_value(realm, self);
}

/* Setting, in the mode "filename": nothing but "" may be set. */
static bool set_filename(xhr__realm *realm, void *self, xhr__str value) {
  if (value.len == 0)
    return keep_files(realm, self, xhr__file_list_new(realm, 0, NULL));
  (void)xhr__throw(realm, "InvalidStateError", "value: files are not selected by script");
  return false;
}

static bool set_value(xhr__realm *realm, void *self, JSValueConst this_value, JSValueConst value) {
  lxb_dom_element_t *element = xhr__self_element(self);
  xhr__bytes text = {0};
  (void)this_value;
  bool done = xhr__to_string_null_to_empty(realm, value, &text);
  xhr__value_mode mode = xhr__input_value_mode(type_of(self));
  if (done && mode == XHR__VALUE_MODE_FILENAME) {
    done = set_filename(realm, self, xhr__bytes_str(&text));
  } else if (done && mode == XHR__VALUE_MODE_VALUE) {
    done = xhr__form_control_set_value(element, xhr__bytes_str(&text)) == XHR_OK;
    if (!done)
      JS_ThrowOutOfMemory(realm->js);
  } else if (done) {
    done = xhr__element_set(realm, element, XHR__STR("value"), xhr__bytes_str(&text));
  }
  xhr__bytes_free(&text);
  return done;
}

static const xhr__member members[] = {
    XHR__DEFINE_ATTRIBUTE("accept", get_accept, set_accept),
    XHR__DEFINE_ATTRIBUTE("alt", get_alt, set_alt),
    XHR__DEFINE_ATTRIBUTE("defaultChecked", get_default_checked, set_default_checked),
    XHR__DEFINE_ATTRIBUTE("checked", get_checked, set_checked),
    XHR__DEFINE_ATTRIBUTE("dirName", get_dir_name, set_dir_name),
    XHR__DEFINE_ATTRIBUTE("disabled", get_disabled, set_disabled),
    XHR__DEFINE_READONLY("form", xhr__control_get_form),
    XHR__DEFINE_ATTRIBUTE("files", get_files, set_files),
    XHR__DEFINE_READONLY("list", get_list),
    XHR__DEFINE_ATTRIBUTE("max", get_max, set_max),
    XHR__DEFINE_ATTRIBUTE("min", get_min, set_min),
    XHR__DEFINE_ATTRIBUTE("multiple", get_multiple, set_multiple),
    XHR__DEFINE_ATTRIBUTE("name", get_name, set_name),
    XHR__DEFINE_ATTRIBUTE("pattern", get_pattern, set_pattern),
    XHR__DEFINE_ATTRIBUTE("placeholder", get_placeholder, set_placeholder),
    XHR__DEFINE_ATTRIBUTE("readOnly", get_read_only, set_read_only),
    XHR__DEFINE_ATTRIBUTE("required", get_required, set_required),
    XHR__DEFINE_ATTRIBUTE("src", get_src, set_src),
    XHR__DEFINE_ATTRIBUTE("step", get_step, set_step),
    XHR__DEFINE_ATTRIBUTE("type", get_type, set_type),
    XHR__DEFINE_ATTRIBUTE("defaultValue", get_default_value, set_default_value),
    XHR__DEFINE_ATTRIBUTE("value", get_value, set_value),
};

static const xhr__mixin *const includes[] = {&xhr__form_submission_attributes, NULL};

const xhr__interface xhr__html_input_element_interface = {
    XHR__HTML_INTERFACE("HTMLInputElement", members),
    .includes = includes,
};
