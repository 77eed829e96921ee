#include "infra/alloc.h"
#include "runtime/blob_binding.h"
#include "runtime/convert.h"
#include "runtime/form_controls.h"
#include "runtime/iterator.h"

typedef struct js_form_data {
  xhr__platform_object object;
  xhr_form_data form; /* an entry's wrapper is the JSValue of its File, in memory of its own */
} js_form_data;

static xhr_form_data *form_of(void *self) {
  return &((js_form_data *)self)->form;
}

const xhr_form_data *xhr__form_data_of(JSValueConst value) {
  js_form_data *self = xhr__platform_object_of(value, &xhr__form_data_interface);
  return self ? &self->form : NULL;
}

/* ---- the objects ------------------------------------------------------------------------------------------------ */

static void drop(xhr__form_entry *entry, void *runtime) {
  JSValue *wrapper = entry->wrapper;
  JS_FreeValueRT(runtime, *wrapper);
  xhr__free(wrapper);
}

static void finalize(JSRuntime *runtime, void *object) {
  js_form_data *self = object;
  (void)runtime;
  xhr__form_data_clear(&self->form);
  xhr__free(self);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  const xhr_form_data *form = form_of(object);
  for (size_t i = 0; i < form->count; i++) {
    if (form->entries[i].wrapper)
      JS_MarkValue(runtime, *(JSValue *)form->entries[i].wrapper, mark_func);
  }
}

static js_form_data *new_form_data(xhr__realm *realm) {
  js_form_data *self = XHR__NEW(js_form_data);
  if (!self) {
    JS_ThrowOutOfMemory(realm->js);
    return NULL;
  }
  self->form.drop = drop;
  self->form.drop_user = JS_GetRuntime(realm->js);
  return self;
}

/* Lets the entry keep the File object itself, which get() gives back. */
static bool keep(xhr__realm *realm, xhr__form_entry *entry, JSValueConst value) {
  JSValue *wrapper = xhr__malloc(sizeof *wrapper);
  if (!wrapper) {
    JS_ThrowOutOfMemory(realm->js);
    return false;
  }
  *wrapper = JS_DupValue(realm->js, value);
  entry->wrapper = wrapper;
  return true;
}

static bool copy_entries(xhr__realm *realm, xhr_form_data *to, const xhr_form_data *from) {
  for (size_t i = 0; i < from->count; i++) {
    const xhr__form_entry *entry = &from->entries[i];
    const xhr__form_value value = {.text = xhr__bytes_str(&entry->value),
                                   .blob = entry->file ? &entry->file->blob : NULL};
    xhr__form_entry *copy;
    xhr_status status = xhr__form_data_append(to, xhr__bytes_str(&entry->name), &value, &copy);
    if (status != XHR_OK) {
      (void)xhr__throw_status(realm, status, "FormData");
      return false;
    }
    if (entry->wrapper && !keep(realm, copy, *(const JSValue *)entry->wrapper))
      return false;
  }
  return true;
}

bool xhr__form_data_append_file(xhr__realm *realm, xhr_form_data *to, xhr__str name,
                                JSValueConst file) {
  const xhr__form_value value = {.blob = xhr__blob_of(file)};
  xhr__form_entry *entry;
  xhr_status status = xhr__form_data_append(to, name, &value, &entry);
  if (status != XHR_OK)
    (void)xhr__throw_status(realm, status, "FormData");
  return status == XHR_OK && keep(realm, entry, file);
}

bool xhr__form_data_copy(xhr__realm *realm, xhr_form_data *to, JSValueConst from) {
  xhr__form_data_clear(to);
  return copy_entries(realm, to, xhr__form_data_of(from));
}

JSValue xhr__form_data_new(xhr__realm *realm, const xhr_form_data *entries) {
  js_form_data *self = new_form_data(realm);
  if (!self || !copy_entries(realm, &self->form, entries)) {
    if (self)
      finalize(JS_GetRuntime(realm->js), self);
    return JS_EXCEPTION;
  }
  return xhr__platform_object_new(realm, &xhr__form_data_interface, JS_UNDEFINED, self);
}

/* Step 1 of the constructor. False where it threw. */
static bool take_form(xhr__realm *realm, JSValueConst form, JSValueConst submitter,
                      xhr_form_data *list) {
  const lxb_dom_element_t *button = NULL;
  if (!xhr__platform_object_of(form, &xhr__html_form_element_interface)) {
    JS_ThrowTypeError(realm->js, "FormData's first argument is no HTMLFormElement");
    return false;
  }
  /* 1.1. */
  if (!JS_IsNull(submitter) && !JS_IsUndefined(submitter)) {
    button = xhr__element_of(submitter);
    if (!button || !xhr__is_submit_button(button)) {
      JS_ThrowTypeError(realm->js, "FormData's second argument is no submit button");
      return false;
    }
    if (xhr__form_owner(button) != xhr__element_of(form)) {
      (void)xhr__throw(realm, "NotFoundError", "FormData: the button is none of the form's");
      return false;
    }
  }
  /* 1.2. - 1.4. */
  return xhr__construct_entry_list(realm, xhr__element_of(form), button, list);
}

/* https://xhr.spec.whatwg.org/#dom-formdata */
static JSValue construct(xhr__realm *realm, JSValueConst new_target, int argc, JSValueConst *argv) {
  JSValueConst submitter = argc > 1 ? argv[1] : JS_NULL;
  if (!JS_IsNull(submitter) && !JS_IsUndefined(submitter) &&
      !xhr__platform_object_of(submitter, &xhr__html_element_interface))
    return JS_ThrowTypeError(realm->js, "FormData's second argument is no HTMLElement");
  js_form_data *self = new_form_data(realm);
  if (!self)
    return JS_EXCEPTION;
  /* 1. */
  if (argc > 0 && !JS_IsUndefined(argv[0]) && !take_form(realm, argv[0], submitter, &self->form)) {
    finalize(JS_GetRuntime(realm->js), self);
    return JS_EXCEPTION;
  }
  return xhr__platform_object_new(realm, &xhr__form_data_interface, new_target, self);
}

/* ---- append and set --------------------------------------------------------------------------------------------- */

typedef xhr_status change(xhr_form_data *form, xhr__str name, const xhr__form_value *value,
                          xhr__form_entry **entry);

/* Converts the second and third argument, by the overload that fits. False where it threw. */
static bool read_value(xhr__realm *realm, int argc, JSValueConst *argv, xhr__form_value *value,
                       xhr__bytes *text) {
  value->blob = xhr__blob_of(argv[1]);
  if (value->blob) {
    value->has_filename = argc > 2 && !JS_IsUndefined(argv[2]);
    if (value->has_filename && !xhr__to_usv_string(realm, argv[2], text))
      return false;
    value->filename = xhr__bytes_str(text);
    return true;
  }
  if (argc > 2) {
    JS_ThrowTypeError(realm->js, "a filename, but the second argument is no Blob");
    return false;
  }
  bool done = xhr__to_usv_string(realm, argv[1], text);
  value->text = xhr__bytes_str(text);
  return done;
}

/* Both methods. */
static JSValue add(xhr__realm *realm, xhr_form_data *form, int argc, JSValueConst *argv,
                   change *how) {
  xhr__bytes name = {0}, text = {0};
  xhr__form_value value = {0};
  xhr__form_entry *entry;
  JSValue result = JS_EXCEPTION;
  if (xhr__to_usv_string(realm, argv[0], &name) && read_value(realm, argc, argv, &value, &text)) {
    xhr_status status = how(form, xhr__bytes_str(&name), &value, &entry);
    if (status != XHR_OK) {
      result = xhr__throw_status(realm, status, "FormData");
    } else if (!entry->file || &entry->file->blob != value.blob || keep(realm, entry, argv[1])) {
      result = JS_UNDEFINED;
    }
  }
  xhr__bytes_free(&name);
  xhr__bytes_free(&text);
  return result;
}

/* https://xhr.spec.whatwg.org/#dom-formdata-append */
static JSValue append(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                      JSValueConst *argv) {
  (void)this_value;
  return add(realm, form_of(self), argc, argv, xhr__form_data_append);
}

/* https://xhr.spec.whatwg.org/#dom-formdata-set */
static JSValue set(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                   JSValueConst *argv) {
  (void)this_value;
  return add(realm, form_of(self), argc, argv, xhr__form_data_set);
}

/* ---- the others ------------------------------------------------------------------------------------------------- */

/* An entry's value, the caller's. A File is the same object each time. */
static JSValue value_of(xhr__realm *realm, xhr__form_entry *entry) {
  if (!entry->file)
    return xhr__from_usv_string(realm, xhr__bytes_str(&entry->value));
  if (entry->wrapper)
    return JS_DupValue(realm->js, *(JSValue *)entry->wrapper);
  JSValue value = xhr__blob_value(realm, &entry->file->blob);
  if (!JS_IsException(value) && !keep(realm, entry, value)) {
    JS_FreeValue(realm->js, value);
    return JS_EXCEPTION;
  }
  return value;
}

/* https://xhr.spec.whatwg.org/#dom-formdata-delete */
static JSValue delete_entries(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                              JSValueConst *argv) {
  xhr__bytes name = {0};
  (void)this_value, (void)argc;
  bool done = xhr__to_usv_string(realm, argv[0], &name);
  if (done)
    xhr__form_data_delete(form_of(self), xhr__bytes_str(&name));
  xhr__bytes_free(&name);
  return done ? JS_UNDEFINED : JS_EXCEPTION;
}

/* https://xhr.spec.whatwg.org/#dom-formdata-get */
static JSValue get(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                   JSValueConst *argv) {
  xhr__bytes name = {0};
  JSValue value = JS_EXCEPTION;
  (void)this_value, (void)argc;
  if (xhr__to_usv_string(realm, argv[0], &name)) {
    xhr__form_entry *entry = xhr__form_data_find(form_of(self), xhr__bytes_str(&name), 0);
    /* 1. - 2. */
    value = entry ? value_of(realm, entry) : JS_NULL;
  }
  xhr__bytes_free(&name);
  return value;
}

/* https://xhr.spec.whatwg.org/#dom-formdata-getall */
static JSValue get_all(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                       JSValueConst *argv) {
  JSContext *js = realm->js;
  xhr_form_data *form = form_of(self);
  xhr__bytes name = {0};
  xhr__form_entry *entry;
  uint32_t count = 0;
  (void)this_value, (void)argc;
  bool done = xhr__to_usv_string(realm, argv[0], &name);
  /* 1. */
  JSValue list = done ? JS_NewArray(js) : JS_EXCEPTION;
  done = !JS_IsException(list);
  /* 2. */
  for (size_t i = 0; done && (entry = xhr__form_data_find(form, xhr__bytes_str(&name), i)) != NULL;
       i = (size_t)(entry - form->entries) + 1) {
    JSValue value = value_of(realm, entry);
    done = !JS_IsException(value) &&
           JS_DefinePropertyValueUint32(js, list, count++, value, JS_PROP_C_W_E) >= 0;
  }
  xhr__bytes_free(&name);
  if (done)
    return list;
  JS_FreeValue(js, list);
  return JS_EXCEPTION;
}

/* https://xhr.spec.whatwg.org/#dom-formdata-has */
static JSValue has(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                   JSValueConst *argv) {
  xhr__bytes name = {0};
  JSValue value = JS_EXCEPTION;
  (void)this_value, (void)argc;
  if (xhr__to_usv_string(realm, argv[0], &name)) {
    value =
        JS_NewBool(realm->js, xhr__form_data_find(form_of(self), xhr__bytes_str(&name), 0) != NULL);
  }
  xhr__bytes_free(&name);
  return value;
}

/* The value pairs to iterate over. */
static bool pair(xhr__realm *realm, void *self, size_t index, JSValue *key, JSValue *value) {
  xhr_form_data *form = form_of(self);
  if (index >= form->count)
    return false;
  xhr__form_entry *entry = &form->entries[index];
  *key = xhr__from_usv_string(realm, xhr__bytes_str(&entry->name));
  *value = value_of(realm, entry);
  return true;
}

static const xhr__pair_iterable iterable = {&xhr__form_data_interface,
                                            &xhr__form_data_iterator_interface, pair};
XHR__PAIR_ITERABLE_FUNCTIONS(iterable)

static const xhr__member members[] = {
    XHR__DEFINE_OPERATION("append", 2, append),
    XHR__DEFINE_OPERATION("delete", 1, delete_entries),
    XHR__DEFINE_OPERATION("get", 1, get),
    XHR__DEFINE_OPERATION("getAll", 1, get_all),
    XHR__DEFINE_OPERATION("has", 1, has),
    XHR__DEFINE_OPERATION("set", 2, set),
    XHR__DEFINE_PAIR_ITERABLE,
};

const xhr__interface xhr__form_data_interface = {
    .name = "FormData",
    .construct = construct,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = finalize,
    .mark = mark,
};

const xhr__interface xhr__form_data_iterator_interface =
    XHR__PAIR_ITERATOR_INTERFACE("FormData Iterator");
