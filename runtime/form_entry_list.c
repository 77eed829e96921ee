/* https://html.spec.whatwg.org/#constructing-the-form-data-set */
#include "infra/alloc.h"
#include "infra/utf8.h"
#include "runtime/event.h"
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

static xhr__str attribute(const lxb_dom_node_t *node, const char *name) {
  xhr__str value;
  (void)xhr__element_attribute((const void *)node, xhr__str_c(name), &value);
  return value;
}

/* Step 5.1: whether the field is left out. */
static bool is_skipped(const lxb_dom_node_t *field, const lxb_dom_node_t *submitter) {
  for (const lxb_dom_node_t *at = field->parent; at; at = at->parent) {
    if (xhr__node_is_html(at, LXB_TAG_DATALIST))
      return true;
  }
  if (xhr__is_disabled(field))
    return true;
  bool is_button = xhr__node_is_html(field, LXB_TAG_BUTTON) || xhr__is_submit_button(field) ||
                   xhr__input_type_is(field, "reset") || xhr__input_type_is(field, "button");
  if (is_button)
    return field != submitter;
  bool is_box = xhr__input_type_is(field, "checkbox") || xhr__input_type_is(field, "radio");
  return is_box && !xhr__is_checked(field);
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

/* Step 5.6 */
static bool append_selected(const entries *to, xhr__str name, const lxb_dom_node_t *select) {
  bool done = true;
  for (const lxb_dom_node_t *option = NULL; done && (option = xhr__next_option(select, option));) {
    xhr__bytes value = {0};
    if (xhr__is_selected(option) && !xhr__is_disabled(option))
      done =
          xhr__control_value(to->realm, option, &value) && append(to, name, xhr__bytes_str(&value));
    xhr__bytes_free(&value);
  }
  return done;
}

/* Step 5.8: no file was selected. */
static bool append_no_file(const entries *to, xhr__str name) {
  xhr__segments *segments = NULL;
  xhr__file *file = NULL;
  xhr__bytes scalar = {0};
  xhr_status status = xhr__segments_new_bytes(XHR__STR_EMPTY, &segments);
  if (status == XHR_OK)
    status = xhr__file_new(segments, XHR__STR("application/octet-stream"), XHR__STR_EMPTY,
                           xhr__file_time_now(), &file);
  xhr__segments_unref(segments);
  if (status == XHR_OK)
    status = xhr__wtf8_append_scalar(&scalar, name);
  const xhr__form_value value = {.blob = file ? &file->blob : NULL};
  if (status == XHR_OK)
    status = xhr__form_data_append(to->list, xhr__bytes_str(&scalar), &value, NULL);
  if (file)
    xhr__blob_unref(&file->blob);
  xhr__bytes_free(&scalar);
  if (status != XHR_OK)
    (void)xhr__throw_status(to->realm, status, "FormData");
  return status == XHR_OK;
}

/* https://html.spec.whatwg.org/#the-directionality, as far as dir attributes say it. */
static xhr__str directionality(const lxb_dom_node_t *node) {
  for (; node && xhr__node_is_element(node); node = node->parent) {
    xhr__str dir = attribute(node, "dir");
    if (xhr__str_equals_ci(dir, XHR__STR("rtl")) || xhr__str_equals_ci(dir, XHR__STR("ltr")))
      return xhr__str_equals_ci(dir, XHR__STR("rtl")) ? XHR__STR("rtl") : XHR__STR("ltr");
  }
  return XHR__STR("ltr");
}

/* Step 5.7 and those behind it, of a field with one value. */
static bool append_value(const entries *to, xhr__str name, const lxb_dom_node_t *field) {
  xhr__bytes value = {0};
  xhr__str given;
  bool is_box = xhr__input_type_is(field, "checkbox") || xhr__input_type_is(field, "radio");
  bool done;
  /* 7. */
  if (is_box && !xhr__element_attribute((const void *)field, XHR__STR("value"), &given))
    done = append(to, name, XHR__STR("on"));
  /* 9. */
  else if (xhr__input_type_is(field, "hidden") && xhr__str_equals_ci(name, XHR__STR("_charset_")))
    done = append(to, name, XHR__STR("UTF-8"));
  /* 10. */
  else
    done = xhr__control_value(to->realm, field, &value) && append(to, name, xhr__bytes_str(&value));
  xhr__bytes_free(&value);
  /* 11. */
  xhr__str direction = attribute(field, "dirname");
  return done && (direction.len == 0 || append(to, direction, directionality(field)));
}

/* Step 5 for one field. */
static bool append_field(const entries *to, const lxb_dom_node_t *field,
                         const lxb_dom_node_t *submitter) {
  /* 1. */
  if (is_skipped(field, submitter))
    return true;
  /* 2. */
  xhr__str name = attribute(field, "name");
  if (xhr__input_type_is(field, "image"))
    return append_coordinates(to, name);
  /* 3. - 5. */
  if (name.len == 0)
    return true;
  /* 6. - 11. */
  if (xhr__node_is_html(field, LXB_TAG_SELECT))
    return append_selected(to, name, field);
  if (xhr__input_type_is(field, "file"))
    return append_no_file(to, name);
  return append_value(to, name, field);
}

/* Steps 6 to 9: the event, whose listeners may change what the list is. */
static bool fire(xhr__realm *realm, lxb_dom_node_t *form, xhr_form_data *list) {
  JSValue data = xhr__form_data_new(realm, list);
  JSValue target = xhr__node_wrap(realm, form);
  bool done = !JS_IsException(data) && !JS_IsException(target);
  if (done) {
    (void)xhr__dispatch_new(realm, target, xhr__form_data_event_new(realm, data));
    done = xhr__form_data_copy(realm, list, data);
  }
  JS_FreeValue(realm->js, data);
  JS_FreeValue(realm->js, target);
  return done;
}

bool xhr__construct_entry_list(xhr__realm *realm, lxb_dom_node_t *form,
                               const lxb_dom_node_t *submitter, xhr_form_data *list) {
  xhr__node_data *data = xhr__node_data_of(form);
  const entries to = {realm, list};
  if (!data) {
    JS_ThrowOutOfMemory(realm->js);
    return false;
  }
  /* 1. */
  if (data->constructing_entry_list) {
    (void)xhr__throw(realm, "InvalidStateError", "FormData: the form's entries are being made");
    return false;
  }
  /* 2. */
  data->constructing_entry_list = true;
  /* 3. - 5. */
  lxb_dom_node_t *root = xhr__node_root(form);
  bool done = true;
  for (lxb_dom_node_t *node = root; done && node; node = xhr__node_following(node, root)) {
    if (xhr__is_submittable(node) && xhr__form_owner(node) == form)
      done = append_field(&to, node, submitter);
  }
  /* 6. - 9. */
  done = done && fire(realm, form, list);
  data->constructing_entry_list = false;
  return done;
}

/* ---- FormDataEvent ---------------------------------------------------------------------------------------------- */

typedef struct form_data_event {
  xhr__js_event event;
  JSValue form_data;
} form_data_event;

static void finalize(JSRuntime *runtime, void *object) {
  JS_FreeValueRT(runtime, ((form_data_event *)object)->form_data);
  xhr__js_event_finalize(runtime, object);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  JS_MarkValue(runtime, ((form_data_event *)object)->form_data, mark_func);
  xhr__js_event_mark(runtime, object, mark_func);
}

static form_data_event *new_event(void) {
  form_data_event *event = XHR__NEW(form_data_event);
  if (event)
    event->form_data = JS_UNDEFINED;
  return event;
}

static JSValue construct(xhr__realm *realm, JSValueConst new_target, int argc, JSValueConst *argv) {
  static const xhr__dictionary_member init[] = {
      {"formData", XHR__IDL_ANY, offsetof(form_data_event, form_data)},
  };
  form_data_event *event = new_event();
  bool done = xhr__js_event_construct(realm, event, &xhr__form_data_event_interface, argc, argv) &&
              xhr__dictionary_read(realm, argv[1], init, sizeof init / sizeof *init, event);
  if (done && !xhr__form_data_of(event->form_data)) {
    JS_ThrowTypeError(realm->js, "FormDataEvent: formData is no FormData");
    done = false;
  }
  return xhr__js_event_value(realm, done, new_target, event);
}

JSValue xhr__form_data_event_new(xhr__realm *realm, JSValueConst form_data) {
  form_data_event *event = new_event();
  bool done =
      xhr__js_event_create(realm, event, &xhr__form_data_event_interface, "formdata", true, false);
  if (done)
    event->form_data = JS_DupValue(realm->js, form_data);
  return xhr__js_event_value(realm, done, JS_UNDEFINED, event);
}

static JSValue get_form_data(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_DupValue(realm->js, ((form_data_event *)self)->form_data);
}

static const xhr__member members[] = {
    XHR__DEFINE_READONLY("formData", get_form_data),
};

const xhr__interface xhr__form_data_event_interface = {
    .name = "FormDataEvent",
    .inherits = &xhr__event_interface,
    .exposed = XHR__EXPOSED_WINDOW,
    .construct = construct,
    .construct_length = 2,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = finalize,
    .mark = mark,
};
