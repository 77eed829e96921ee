/* https://html.spec.whatwg.org/#the-htmlformcontrolscollection-interface, and its RadioNodeList */
#include "runtime/form_controls.h"
#include "runtime/legacy_platform_object.h"

bool xhr__is_form_element(const lxb_dom_element_t *form, const lxb_dom_node_t *node) {
  const lxb_dom_element_t *element = (const void *)node;
  return xhr__node_is_listed(node) && xhr__form_owner(element) == form &&
         !(xhr__node_is_html(node, LXB_TAG_INPUT) &&
           xhr__input_type_of(element) == XHR__INPUT_IMAGE);
}

/* https://html.spec.whatwg.org/#dom-htmlformcontrolscollection-nameditem */
static JSValue find_named(xhr__realm *realm, void *self, xhr__str name) {
  lxb_dom_node_t *found = NULL, *node;
  size_t count = 0;
  for (size_t i = 0; name.len > 0 && (node = xhr__collection_node(self, i)) != NULL; i++) {
    if (!xhr__is_named(node, name))
      continue;
    found = found ? found : node;
    count++;
  }
  /* 1. - 3. */
  if (count < 2)
    return xhr__node_wrap(realm, found);
  /* 4. */
  return xhr__collection_new(realm, xhr__collection_root(self), XHR__COLLECT_FORM_ELEMENTS_NAMED,
                             name, XHR__STR_EMPTY);
}

JSValue xhr__form_controls_named(xhr__realm *realm, JSValueConst elements, xhr__str name) {
  return find_named(
      realm, xhr__platform_object_of(elements, &xhr__html_form_controls_collection_interface),
      name);
}

static JSValue named(xhr__realm *realm, void *self, xhr__str name) {
  JSValue value = find_named(realm, self, name);
  return JS_IsNull(value) ? JS_UNDEFINED : value;
}

static JSValue named_item(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                          JSValueConst *argv) {
  xhr__bytes name = {0};
  (void)this_value, (void)argc;
  JSValue value = xhr__to_dom_string(realm, argv[0], &name)
                      ? find_named(realm, self, xhr__bytes_str(&name))
                      : JS_EXCEPTION;
  xhr__bytes_free(&name);
  return value;
}

static const xhr__legacy_properties properties = {
    .length = xhr__collection_length,
    .indexed = xhr__collection_at,
    .named = named,
    .names = xhr__collection_names,
    .unenumerable = true,
};

static const xhr__member members[] = {
    XHR__DEFINE_OPERATION("namedItem", 1, named_item),
    XHR__DEFINE_ARRAY_ITERATOR,
};

const xhr__interface xhr__html_form_controls_collection_interface = {
    .name = "HTMLFormControlsCollection",
    .inherits = &xhr__html_collection_interface,
    .exposed = XHR__EXPOSED_WINDOW,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .legacy = &properties,
    .finalize = xhr__collection_finalize,
    .mark = xhr__collection_mark,
};

/* ---- RadioNodeList ---------------------------------------------------------------------------------------------- */

static lxb_dom_element_t *radio_at(void *self, size_t index) {
  lxb_dom_node_t *node = xhr__collection_node(self, index);
  bool is_radio = node && xhr__node_is_html(node, LXB_TAG_INPUT) &&
                  xhr__input_type_of(lxb_dom_interface_element(node)) == XHR__INPUT_RADIO;
  return is_radio ? lxb_dom_interface_element(node) : NULL;
}

/* https://html.spec.whatwg.org/#dom-radionodelist-value */
static JSValue get_value(xhr__realm *realm, void *self, JSValueConst this_value) {
  xhr__bytes value = {0};
  xhr_status status = XHR_OK;
  (void)this_value;
  /* 1. - 3. */
  for (size_t i = 0; xhr__collection_node(self, i); i++) {
    const lxb_dom_element_t *element = radio_at(self, i);
    if (!element || !xhr__input_is_checked(element))
      continue;
    status = xhr__form_control_value(element, &value);
    break;
  }
  JSValue result = status == XHR_OK ? xhr__from_dom_string(realm, xhr__bytes_str(&value))
                                    : JS_ThrowOutOfMemory(realm->js);
  xhr__bytes_free(&value);
  return result;
}

/* The first radio button of that value. False for want of memory. */
static bool find_radio(void *self, xhr__str wanted, lxb_dom_element_t **radio) {
  bool done = true;
  *radio = NULL;
  for (size_t i = 0; done && !*radio && xhr__collection_node(self, i); i++) {
    lxb_dom_element_t *element = radio_at(self, i);
    xhr__bytes value = {0};
    done = !element || xhr__form_control_value(element, &value) == XHR_OK;
    if (done && element && xhr__str_equals(xhr__bytes_str(&value), wanted))
      *radio = element;
    xhr__bytes_free(&value);
  }
  return done;
}

static bool set_value(xhr__realm *realm, void *self, JSValueConst this_value, JSValueConst value) {
  xhr__bytes wanted = {0};
  lxb_dom_element_t *radio;
  (void)this_value;
  bool done = xhr__to_dom_string(realm, value, &wanted);
  /* 1. - 2. */
  if (done && (!find_radio(self, xhr__bytes_str(&wanted), &radio) ||
               (radio && !xhr__input_set_checked(radio, true)))) {
    JS_ThrowOutOfMemory(realm->js);
    done = false;
  }
  xhr__bytes_free(&wanted);
  return done;
}

static const xhr__legacy_properties list_properties = {.length = xhr__collection_length,
                                                       .indexed = xhr__collection_at};

static const xhr__member list_members[] = {
    XHR__DEFINE_ATTRIBUTE("value", get_value, set_value),
    XHR__DEFINE_ARRAY_ITERATOR,
};

const xhr__interface xhr__radio_node_list_interface = {
    .name = "RadioNodeList",
    .inherits = &xhr__node_list_interface,
    .exposed = XHR__EXPOSED_WINDOW,
    .members = list_members,
    .member_count = sizeof list_members / sizeof *list_members,
    .legacy = &list_properties,
    .finalize = xhr__collection_finalize,
    .mark = xhr__collection_mark,
};
