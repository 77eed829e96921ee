/* https://html.spec.whatwg.org/#htmlselectelement */
#include "runtime/form_controls.h"
#include "runtime/legacy_platform_object.h"

XHR__REFLECT_BOOLEAN(disabled, "disabled")
XHR__REFLECT_BOOLEAN(multiple, "multiple")
XHR__REFLECT_STRING(name, "name")
XHR__REFLECT_BOOLEAN(required, "required")

/* https://html.spec.whatwg.org/#dom-select-type */
static JSValue get_type(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  bool multiple = xhr__has_attribute(xhr__self_element(self), XHR__STR("multiple"));
  return JS_NewString(realm->js, multiple ? "select-multiple" : "select-one");
}

/* ---- options ---------------------------------------------------------------------------------------------------- */

/* https://html.spec.whatwg.org/#dom-select-size */
static JSValue get_size(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__reflect_get_unsigned(realm, self, "size", 0);
}

static bool set_size(xhr__realm *realm, void *self, JSValueConst this_value, JSValueConst value) {
  (void)this_value;
  return xhr__reflect_set_unsigned(realm, self, "size", 0, value);
}

static uint32_t length_of(void *self) {
  const lxb_dom_element_t *select = xhr__self_element(self), *option = NULL;
  uint32_t count = 0;
  while ((option = xhr__select_next_option(select, option)) != NULL)
    count++;
  return count;
}

static lxb_dom_element_t *option_at(const lxb_dom_element_t *select, uint32_t index) {
  lxb_dom_element_t *option = xhr__select_next_option(select, NULL);
  while (option && index-- > 0)
    option = xhr__select_next_option(select, option);
  return option;
}

static JSValue indexed(xhr__realm *realm, void *self, uint32_t index) {
  lxb_dom_element_t *option = option_at(xhr__self_element(self), index);
  return option ? xhr__node_wrap(realm, &option->node) : JS_NULL;
}

/* https://html.spec.whatwg.org/#dom-select-options */
static JSValue get_options(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__collection_of_slot(realm, self, XHR__SLOT_OPTIONS, XHR__COLLECT_OPTIONS);
}

static JSValue get_selected_options(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__collection_of_slot(realm, self, XHR__SLOT_SELECTED_OPTIONS,
                                 XHR__COLLECT_SELECTED_OPTIONS);
}

static JSValue get_length(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewUint32(realm->js, length_of(self));
}

/* https://html.spec.whatwg.org/#dom-select-item */
static JSValue item(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                    JSValueConst *argv) {
  uint32_t index;
  (void)this_value, (void)argc;
  return xhr__to_unsigned_long(realm, argv[0], &index) ? indexed(realm, self, index) : JS_EXCEPTION;
}

/* https://html.spec.whatwg.org/#dom-select-nameditem */
static JSValue named_item(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                          JSValueConst *argv) {
  xhr__bytes name = {0};
  xhr__str value;
  lxb_dom_element_t *option = NULL;
  (void)this_value, (void)argc;
  bool done = xhr__to_dom_string(realm, argv[0], &name);
  while (done && name.len > 0 &&
         (option = xhr__select_next_option(xhr__self_element(self), option)) != NULL) {
    if ((xhr__element_attribute(option, XHR__STR("id"), &value) &&
         xhr__str_equals(value, xhr__bytes_str(&name))) ||
        (xhr__element_attribute(option, XHR__STR("name"), &value) &&
         xhr__str_equals(value, xhr__bytes_str(&name))))
      break;
  }
  xhr__bytes_free(&name);
  if (!done)
    return JS_EXCEPTION;
  return option ? xhr__node_wrap(realm, &option->node) : JS_NULL;
}

/* The second argument of add: an element, or the option of that index, which may be NULL. False where it threw. */
static bool read_before(xhr__realm *realm, void *self, JSValueConst value,
                        lxb_dom_node_t **before) {
  uint32_t index;
  *before = NULL;
  if (JS_IsNull(value) || JS_IsUndefined(value))
    return true;
  if (xhr__platform_object_of(value, &xhr__html_element_interface)) {
    *before = xhr__node_of(value);
    return true;
  }
  if (!xhr__to_unsigned_long(realm, value, &index))
    return false;
  lxb_dom_element_t *option = option_at(xhr__self_element(self), index);
  *before = option ? &option->node : NULL;
  return true;
}

/* https://html.spec.whatwg.org/#dom-htmloptionscollection-add */
JSValue xhr__select_add(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                        JSValueConst *argv) {
  lxb_dom_node_t *select = xhr__self_node(self), *node = xhr__node_of(argv[0]), *before;
  (void)this_value;
  if (!xhr__platform_object_of(argv[0], &xhr__html_option_element_interface) &&
      !xhr__platform_object_of(argv[0], &xhr__html_opt_group_element_interface))
    return JS_ThrowTypeError(realm->js, "add: the argument is neither option nor optgroup");
  if (!read_before(realm, self, argc > 1 ? argv[1] : JS_NULL, &before))
    return JS_EXCEPTION;
  /* 1. */
  if (xhr__node_is_inclusive_ancestor(node, select))
    return xhr__throw(realm, "HierarchyRequestError", "add: the element contains the select");
  /* 2. */
  if (before && (before == select || !xhr__node_is_inclusive_ancestor(select, before)))
    return xhr__throw(realm, "NotFoundError", "add: the reference is none of the select's");
  /* 3. */
  if (node == before)
    return JS_UNDEFINED;
  /* 4. - 6. */
  const char *error = xhr__node_pre_insert(node, before ? before->parent : select, before);
  return error ? xhr__throw_dom(realm, error, "add") : JS_UNDEFINED;
}

/* https://html.spec.whatwg.org/#dom-select-remove; without an argument https://dom.spec.whatwg.org/#dom-childnode-remove */
JSValue xhr__select_remove(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                           JSValueConst *argv) {
  lxb_dom_node_t *node = xhr__self_node(self);
  uint32_t index;
  (void)this_value;
  if (argc > 0) {
    if (!xhr__to_unsigned_long(realm, argv[0], &index))
      return JS_EXCEPTION;
    lxb_dom_element_t *option = option_at(xhr__self_element(self), index);
    node = option ? &option->node : NULL;
  }
  if (node && node->parent)
    xhr__node_remove(node);
  return JS_UNDEFINED;
}

/* ---- what is selected ------------------------------------------------------------------------------------------- */

/* https://html.spec.whatwg.org/#dom-select-selectedindex */
JSValue xhr__select_get_selected_index(xhr__realm *realm, void *self, JSValueConst this_value) {
  const lxb_dom_element_t *select = xhr__self_element(self), *option = NULL;
  const lxb_dom_element_t *selected = xhr__select_selected(select);
  int32_t index = selected ? 0 : -1;
  (void)this_value;
  while (selected && (option = xhr__select_next_option(select, option)) != selected)
    index++;
  return JS_NewInt32(realm->js, index);
}

static bool select_only(xhr__realm *realm, void *self, lxb_dom_element_t *option) {
  bool done = xhr__select_only(xhr__self_element(self), option);
  if (!done)
    JS_ThrowOutOfMemory(realm->js);
  return done;
}

bool xhr__select_set_selected_index(xhr__realm *realm, void *self, JSValueConst this_value,
                                    JSValueConst value) {
  uint32_t index;
  (void)this_value;
  return xhr__to_unsigned_long(realm, value, &index) &&
         select_only(realm, self, option_at(xhr__self_element(self), index));
}

/* https://html.spec.whatwg.org/#dom-select-value */
static JSValue get_value(xhr__realm *realm, void *self, JSValueConst this_value) {
  const lxb_dom_element_t *option = xhr__select_selected(xhr__self_element(self));
  xhr__bytes value = {0};
  (void)this_value;
  JSValue result = !option || xhr__form_control_value(option, &value) == XHR_OK
                       ? xhr__from_dom_string(realm, xhr__bytes_str(&value))
                       : JS_ThrowOutOfMemory(realm->js);
  xhr__bytes_free(&value);
  return result;
}

/* The first option of that value; NULL. False for want of memory. */
static bool find_value(const lxb_dom_element_t *select, xhr__str wanted,
                       lxb_dom_element_t **option) {
  bool done = true, found = false;
  *option = NULL;
  while (done && !found && (*option = xhr__select_next_option(select, *option)) != NULL) {
    xhr__bytes value = {0};
    done = xhr__form_control_value(*option, &value) == XHR_OK;
    found = done && xhr__str_equals(xhr__bytes_str(&value), wanted);
    xhr__bytes_free(&value);
  }
  return done;
}

static bool set_value(xhr__realm *realm, void *self, JSValueConst this_value, JSValueConst value) {
  lxb_dom_element_t *option;
  xhr__bytes wanted = {0};
  (void)this_value;
  bool done = xhr__to_dom_string(realm, value, &wanted);
  if (done && !find_value(xhr__self_element(self), xhr__bytes_str(&wanted), &option)) {
    JS_ThrowOutOfMemory(realm->js);
    done = false;
  }
  xhr__bytes_free(&wanted);
  return done && select_only(realm, self, option);
}

static const xhr__legacy_properties properties = {.length = length_of, .indexed = indexed};

static const xhr__member members[] = {
    XHR__DEFINE_ATTRIBUTE("disabled", get_disabled, set_disabled),
    XHR__DEFINE_READONLY("form", xhr__control_get_form),
    XHR__DEFINE_ATTRIBUTE("multiple", get_multiple, set_multiple),
    XHR__DEFINE_ATTRIBUTE("name", get_name, set_name),
    XHR__DEFINE_ATTRIBUTE("required", get_required, set_required),
    XHR__DEFINE_ATTRIBUTE("size", get_size, set_size),
    XHR__DEFINE_READONLY("type", get_type),
    XHR__DEFINE_READONLY("options", get_options),
    XHR__DEFINE_READONLY("length", get_length),
    XHR__DEFINE_OPERATION("item", 1, item),
    XHR__DEFINE_OPERATION("namedItem", 1, named_item),
    XHR__DEFINE_OPERATION("add", 1, xhr__select_add),
    XHR__DEFINE_OPERATION("remove", 0, xhr__select_remove),
    XHR__DEFINE_READONLY("selectedOptions", get_selected_options),
    XHR__DEFINE_ATTRIBUTE("selectedIndex", xhr__select_get_selected_index,
                          xhr__select_set_selected_index),
    XHR__DEFINE_ATTRIBUTE("value", get_value, set_value),
    XHR__DEFINE_ARRAY_ITERATOR,
};

const xhr__interface xhr__html_select_element_interface = {
    XHR__HTML_INTERFACE("HTMLSelectElement", members),
    .legacy = &properties,
};
