/* https://html.spec.whatwg.org/#constructing-the-form-data-set */
#include "infra/utf8.h"
#include "runtime/event.h"
#include "runtime/file_list.h"
#include "runtime/form_controls.h"

/* The entry list that is being made, for one form. */
typedef struct entries {
  xhr__realm *realm;
  xhr_form_data *list;
} entries;

/* Creates an entry and appends it; both strings are WTF-8. False where it threw. */
static bool append(const entries *to, xhr__str name, xhr__str value) {
  xhr__bytes scalar_name = {0}, scalar_value = {0};
  xhr_status status = xhr__wtf8_append_scalar(&scalar_name, name);
  if (status == XHR_OK)
    status = xhr__wtf8_append_scalar(&scalar_value, value);
  const xhr__form_value text = {.text = xhr__bytes_str(&scalar_value)};
  if (status == XHR_OK)
    status = xhr__form_data_append(to->list, xhr__bytes_str(&scalar_name), &text, NULL);
  xhr__bytes_free(&scalar_name);
  xhr__bytes_free(&scalar_value);
  if (status != XHR_OK)
    (void)xhr__throw_status(to->realm, status, "FormData");
  return status == XHR_OK;
}

static xhr__str attribute(const lxb_dom_element_t *element, const char *name) {
  xhr__str value;
  (void)xhr__element_attribute(element, xhr__str_c(name), &value);
  return value;
}

static bool is_input(const lxb_dom_element_t *field, xhr__input_type type) {
  return xhr__node_is_html(&field->node, LXB_TAG_INPUT) && xhr__input_type_of(field) == type;
}

static bool is_box(const lxb_dom_element_t *field) {
  return is_input(field, XHR__INPUT_CHECKBOX) || is_input(field, XHR__INPUT_RADIO);
}

/* Step 5.1: whether the field is left out. */
static bool is_skipped(const lxb_dom_element_t *field, const lxb_dom_element_t *submitter) {
  return xhr__html_ancestor(&field->node, LXB_TAG_DATALIST) ||
         xhr__form_control_is_disabled(field) || (xhr__is_button(field) && field != submitter) ||
         (is_box(field) && !xhr__input_is_checked(field));
}

/* Step 5.2: an image button's coordinates, which nobody has selected. */
static bool append_coordinates(const entries *to, xhr__str name) {
  static const char *const axes[] = {"x", "y"};
  for (int i = 0; i < 2; i++) {
    xhr__bytes full = {0};
    xhr_status status = name.len > 0 ? xhr__bytes_append(&full, name) : XHR_OK;
    if (status == XHR_OK && name.len > 0)
      status = xhr__bytes_append_byte(&full, '.');
    if (status == XHR_OK)
      status = xhr__bytes_append(&full, xhr__str_c(axes[i]));
    if (status != XHR_OK)
      JS_ThrowOutOfMemory(to->realm->js);
    bool done = status == XHR_OK && append(to, xhr__bytes_str(&full), XHR__STR("0"));
    xhr__bytes_free(&full);
    if (!done)
      return false;
  }
  return true;
}

/* An entry of what xhr__form_control_value gives. */
static bool append_value(const entries *to, xhr__str name, const lxb_dom_element_t *element) {
  xhr__bytes value = {0};
  bool done = xhr__form_control_value(element, &value) == XHR_OK;
  if (!done)
    JS_ThrowOutOfMemory(to->realm->js);
  done = done && append(to, name, xhr__bytes_str(&value));
  xhr__bytes_free(&value);
  return done;
}

/* Step 5.6 */
static bool append_selected(const entries *to, xhr__str name, const lxb_dom_element_t *select) {
  bool done = true, multiple = xhr__has_attribute(select, XHR__STR("multiple"));
  const lxb_dom_element_t *option = NULL, *only = multiple ? NULL : xhr__select_selected(select);
  while (done && (option = xhr__select_next_option(select, option)) != NULL) {
    bool selected = multiple ? xhr__option_is_selected(option) : option == only;
    if (selected && !xhr__form_control_is_disabled(option))
      done = append_value(to, name, option);
  }
  return done;
}

/* Step 5.8.1: no file was selected. */
static bool append_no_file(const entries *to, xhr__str name) {
  xhr__segments *segments = NULL;
  xhr__file *file = NULL;
  xhr_status status = xhr__segments_new_bytes(XHR__STR_EMPTY, &segments);
  if (status == XHR_OK)
    status = xhr__file_new(segments, XHR__STR("application/octet-stream"), XHR__STR_EMPTY,
                           xhr__file_time_now(), &file);
  xhr__segments_unref(segments);
  const xhr__form_value value = {.blob = file ? &file->blob : NULL};
  if (status == XHR_OK)
    status = xhr__form_data_append(to->list, name, &value, NULL);
  if (file)
    xhr__blob_unref(&file->blob);
  if (status != XHR_OK)
    (void)xhr__throw_status(to->realm, status, "FormData");
  return status == XHR_OK;
}

/* Step 5.8 */
static bool append_files(const entries *to, xhr__str wtf8_name, const lxb_dom_element_t *field) {
  const xhr__node_data *data = xhr__node_data_if_any(&field->node);
  JSValueConst files =
      data && data->wrapper ? xhr__js_node_slot(data->wrapper, XHR__SLOT_FILES) : JS_UNDEFINED;
  size_t count = xhr__file_list_length(files);
  xhr__bytes name = {0};
  bool done = xhr__wtf8_append_scalar(&name, wtf8_name) == XHR_OK;
  if (!done)
    JS_ThrowOutOfMemory(to->realm->js);
  /* 1. */
  if (done && count == 0)
    done = append_no_file(to, xhr__bytes_str(&name));
  /* 2. */
  for (size_t i = 0; done && i < count; i++)
    done = xhr__form_data_append_file(to->realm, to->list, xhr__bytes_str(&name),
                                      xhr__file_list_item(files, i));
  xhr__bytes_free(&name);
  return done;
}

/* Step 5.11 */
static bool append_direction(const entries *to, const lxb_dom_element_t *field) {
  xhr__str name = attribute(field, "dirname");
  xhr_status status;
  if (name.len == 0 || !xhr__has_auto_directionality(field))
    return true;
  bool rtl = xhr__element_is_rtl(field, &status);
  if (status == XHR_OK)
    return append(to, name, rtl ? XHR__STR("rtl") : XHR__STR("ltr"));
  JS_ThrowOutOfMemory(to->realm->js);
  return false;
}

/* Step 5 for one field. */
static bool append_field(const entries *to, const lxb_dom_element_t *field,
                         const lxb_dom_element_t *submitter) {
  bool done;
  /* 1. */
  if (is_skipped(field, submitter))
    return true;
  /* 2. */
  xhr__str name = attribute(field, "name");
  if (is_input(field, XHR__INPUT_IMAGE))
    return append_coordinates(to, name);
  /* 3. there are no custom elements; 4. - 5. */
  if (name.len == 0)
    return true;
  /* 6. */
  if (xhr__node_is_html(&field->node, LXB_TAG_SELECT))
    done = append_selected(to, name, field);
  /* 8. */
  else if (is_input(field, XHR__INPUT_FILE))
    done = append_files(to, name, field);
  /* 9. the encoding is FormData's, UTF-8 */
  else if (is_input(field, XHR__INPUT_HIDDEN) && xhr__str_equals_ci(name, XHR__STR("_charset_")))
    done = append(to, name, XHR__STR("UTF-8"));
  /* 7. and 10. */
  else
    done = append_value(to, name, field);
  /* 11. */
  return done && append_direction(to, field);
}

/* Steps 6 to 9: the event, whose listeners may change what the list is. */
static bool fire(xhr__realm *realm, lxb_dom_element_t *form, xhr_form_data *list) {
  JSValue data = xhr__form_data_new(realm, list);
  JSValue target = xhr__node_wrap(realm, &form->node);
  bool done = !JS_IsException(data) && !JS_IsException(target);
  if (done) {
    (void)xhr__dispatch_new(realm, target, xhr__form_data_event_new(realm, data));
    done = xhr__form_data_copy(realm, list, data);
  }
  JS_FreeValue(realm->js, data);
  JS_FreeValue(realm->js, target);
  return done;
}

bool xhr__construct_entry_list(xhr__realm *realm, lxb_dom_element_t *form,
                               const lxb_dom_element_t *submitter, xhr_form_data *list) {
  xhr__form_control *state = xhr__form_control_of(form);
  const entries to = {realm, list};
  if (!state) {
    JS_ThrowOutOfMemory(realm->js);
    return false;
  }
  /* 1. */
  if (state->constructing_entry_list) {
    (void)xhr__throw(realm, "InvalidStateError", "FormData: the form's entries are being made");
    return false;
  }
  /* 2. */
  state->constructing_entry_list = true;
  /* 3. - 5. */
  lxb_dom_node_t *root = xhr__node_root(&form->node);
  bool done = true;
  for (lxb_dom_node_t *node = root; done && node; node = xhr__node_following(node, root)) {
    if (xhr__node_is_submittable(node) && xhr__form_owner(lxb_dom_interface_element(node)) == form)
      done = append_field(&to, lxb_dom_interface_element(node), submitter);
  }
  /* 6. - 9. */
  done = done && fire(realm, form, list);
  state->constructing_entry_list = false;
  return done;
}
