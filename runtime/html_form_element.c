/* https://html.spec.whatwg.org/#htmlformelement
 * NOTE: nothing is submitted: there are neither submit() nor requestSubmit(), nor what validates */
#include "runtime/event.h"
#include "runtime/form_controls.h"
#include "runtime/legacy_platform_object.h"

XHR__REFLECT_STRING(accept_charset, "accept-charset")
XHR__REFLECT_KEYWORD(enctype, "enctype", xhr__control_get_enctype,
                     "application/x-www-form-urlencoded")
XHR__REFLECT_KEYWORD(method, "method", xhr__control_get_method, "get")
XHR__REFLECT_STRING(name, "name")
XHR__REFLECT_BOOLEAN(no_validate, "novalidate")
XHR__REFLECT_STRING(target, "target")
XHR__REFLECT_STRING(rel, "rel")

/* https://html.spec.whatwg.org/#dom-form-autocomplete */
static JSValue get_autocomplete(xhr__realm *realm, void *self, JSValueConst this_value) {
  static const char *const states[] = {"on", "off", NULL};
  (void)this_value;
  return xhr__reflect_get_keyword(realm, self, "autocomplete", states, "on", "on");
}

static bool set_autocomplete(xhr__realm *realm, void *self, JSValueConst this_value,
                             JSValueConst value) {
  (void)this_value;
  return xhr__reflect_set_string(realm, self, "autocomplete", value);
}

static JSValue get_action(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__control_get_action(realm, self, "action");
}

static bool set_action(xhr__realm *realm, void *self, JSValueConst this_value, JSValueConst value) {
  (void)this_value;
  return xhr__reflect_set_url(realm, self, "action", value);
}

/* ---- elements --------------------------------------------------------------------------------------------------- */

/* https://html.spec.whatwg.org/#dom-form-elements */
static JSValue get_elements(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__collection_of_slot(realm, self, XHR__SLOT_ELEMENTS, XHR__COLLECT_FORM_ELEMENTS);
}

static uint32_t length_of(void *self) {
  lxb_dom_element_t *form = xhr__self_element(self);
  lxb_dom_node_t *root = xhr__node_root(&form->node);
  uint32_t count = 0;
  for (lxb_dom_node_t *node = root; node; node = xhr__node_following(node, root))
    count += xhr__is_form_element(form, node);
  return count;
}

static JSValue indexed(xhr__realm *realm, void *self, uint32_t index) {
  lxb_dom_element_t *form = xhr__self_element(self);
  lxb_dom_node_t *root = xhr__node_root(&form->node), *node = root;
  while (node && !(xhr__is_form_element(form, node) && index-- == 0))
    node = xhr__node_following(node, root);
  return xhr__node_wrap(realm, node);
}

static JSValue get_length(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewUint32(realm->js, length_of(self));
}

/* https://html.spec.whatwg.org/#dom-form-nameditem
 * NOTE: image elements and the past names map do not count */
static JSValue named(xhr__realm *realm, void *self, xhr__str name) {
  JSValue elements = get_elements(realm, self, JS_UNDEFINED);
  JSValue value =
      JS_IsException(elements) ? elements : xhr__form_controls_named(realm, elements, name);
  JS_FreeValue(realm->js, elements);
  return JS_IsNull(value) ? JS_UNDEFINED : value;
}

/* The supported property names. */
static bool names(void *self, xhr__bytes *out) {
  lxb_dom_element_t *form = xhr__self_element(self);
  lxb_dom_node_t *root = xhr__node_root(&form->node);
  bool done = true;
  for (lxb_dom_node_t *node = root; done && node; node = xhr__node_following(node, root)) {
    if (xhr__is_form_element(form, node))
      done = xhr__append_names(lxb_dom_interface_element(node), out);
  }
  return done;
}

/* ---- resetting -------------------------------------------------------------------------------------------------- */

/* https://html.spec.whatwg.org/#concept-form-reset: true where it was not canceled */
static bool fire_reset(xhr__realm *realm, JSValueConst form) {
  JSValue event = xhr__event_new(realm, "reset", true, true);
  bool done = !JS_IsException(event) && xhr__dispatch(realm, form, event);
  JS_FreeValue(realm->js, event);
  return done;
}

/* https://html.spec.whatwg.org/#dom-form-reset */
static JSValue reset(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                     JSValueConst *argv) {
  lxb_dom_element_t *form = xhr__self_element(self);
  xhr__form_control *state = xhr__form_control_of(form);
  (void)argc, (void)argv;
  if (!state)
    return JS_ThrowOutOfMemory(realm->js);
  /* 1. */
  if (state->locked_for_reset)
    return JS_UNDEFINED;
  /* 2. */
  state->locked_for_reset = true;
  /* 3. */
  if (fire_reset(realm, this_value)) {
    lxb_dom_node_t *root = xhr__node_root(&form->node);
    for (lxb_dom_node_t *node = root; node; node = xhr__node_following(node, root)) {
      if (!xhr__node_is_listed(node) || xhr__form_owner(lxb_dom_interface_element(node)) != form)
        continue;
      xhr__form_control_reset(lxb_dom_interface_element(node));
      xhr__forget_files(realm, node);
    }
  }
  /* 4. */
  state->locked_for_reset = false;
  return JS_HasException(realm->js) ? JS_EXCEPTION : JS_UNDEFINED;
}

static const xhr__legacy_properties properties = {
    .length = length_of,
    .indexed = indexed,
    .named = named,
    .names = names,
    .override_builtins = true,
    .unenumerable = true,
};

static const xhr__member members[] = {
    XHR__DEFINE_ATTRIBUTE("acceptCharset", get_accept_charset, set_accept_charset),
    XHR__DEFINE_ATTRIBUTE("action", get_action, set_action),
    XHR__DEFINE_ATTRIBUTE("autocomplete", get_autocomplete, set_autocomplete),
    XHR__DEFINE_ATTRIBUTE("enctype", get_enctype, set_enctype),
    XHR__DEFINE_ATTRIBUTE("encoding", get_enctype, set_enctype),
    XHR__DEFINE_ATTRIBUTE("method", get_method, set_method),
    XHR__DEFINE_ATTRIBUTE("name", get_name, set_name),
    XHR__DEFINE_ATTRIBUTE("noValidate", get_no_validate, set_no_validate),
    XHR__DEFINE_ATTRIBUTE("target", get_target, set_target),
    XHR__DEFINE_ATTRIBUTE("rel", get_rel, set_rel),
    XHR__DEFINE_READONLY("elements", get_elements),
    XHR__DEFINE_READONLY("length", get_length),
    XHR__DEFINE_OPERATION("reset", 0, reset),
    XHR__DEFINE_ARRAY_ITERATOR,
};

const xhr__interface xhr__html_form_element_interface = {
    XHR__HTML_INTERFACE("HTMLFormElement", members),
    .legacy = &properties,
};
