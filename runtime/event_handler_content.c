/* https://html.spec.whatwg.org/#event-handler-content-attributes */
#include "dom/names.h"
#include "runtime/document.h"
#include "runtime/event_listener.h"
#include "runtime/global_event_handlers.h"
#include "runtime/html_elements.h"

static bool has_member(const xhr__mixin *mixin, xhr__str name) {
  for (size_t i = 0; i < mixin->member_count; i++) {
    if (xhr__str_equals(name, xhr__str_c(mixin->members[i].name)))
      return true;
  }
  return false;
}

static bool is_body(const lxb_dom_node_t *node) {
  return xhr__node_is_html(node, LXB_TAG_BODY) || xhr__node_is_html(node, LXB_TAG_FRAMESET);
}

/* Whether an attribute is an event handler content attribute of the element. */
static bool is_handler(const lxb_dom_attr_t *attribute, const lxb_dom_element_t *element) {
  xhr__str name = xhr__attribute_local_name(attribute);
  if (!xhr__str_starts_with(name, XHR__STR("on")) || xhr__attribute_namespace(attribute) ||
      element->node.ns != LXB_NS_HTML)
    return false;
  return has_member(&xhr__global_event_handlers, name) ||
         (is_body(&element->node) && has_member(&xhr__window_event_handlers, name));
}

/* https://html.spec.whatwg.org/#event-handler-attributes:event-handler-content-attributes-3, the attribute change steps */
static void set_handler(xhr__realm *realm, xhr__js_node *self, const lxb_dom_attr_t *attribute,
                        bool exists) {
  const char *type = xhr__attribute_local_name(attribute).data + 2;
  xhr__js_event_target *target = xhr__event_handler_target(realm, &self->target, type);
  if (!target)
    return;
  if (exists)
    xhr__event_handler_set_uncompiled(realm, target, type, self->self);
  else
    (void)xhr__event_handler_set(realm, target, type, JS_NULL);
}

void xhr__event_handlers_of_attributes(xhr__realm *realm, xhr__js_node *self) {
  const lxb_dom_element_t *element = lxb_dom_interface_element(self->node);
  for (const lxb_dom_attr_t *at = element->first_attr; at; at = at->next) {
    if (is_handler(at, element))
      set_handler(realm, self, at, true);
  }
}

void xhr__event_handler_attribute_changed(xhr__realm *realm, lxb_dom_attr_t *attribute,
                                          lxb_dom_element_t *element, bool exists) {
  if (!is_handler(attribute, element))
    return;
  xhr__node_data *data = xhr__node_data_if_any(&element->node);
  if (data && data->wrapper)
    set_handler(realm, data->wrapper, attribute, exists);
}

/* ---- the target ------------------------------------------------------------------------------------------------- */

/* https://html.spec.whatwg.org/#window-reflecting-body-element-event-handler-set, and WindowEventHandlers */
static bool is_of_window(const char *type) {
  static const char *const reflecting[] = {"blur", "error", "focus", "load", "resize", "scroll"};
  for (size_t i = 0; i < sizeof reflecting / sizeof *reflecting; i++) {
    if (strcmp(type, reflecting[i]) == 0)
      return true;
  }
  const xhr__mixin *mixin = &xhr__window_event_handlers;
  for (size_t i = 0; i < mixin->member_count; i++) {
    if (strcmp(type, mixin->members[i].name + 2) == 0)
      return true;
  }
  return false;
}

xhr__js_event_target *xhr__event_handler_target(xhr__realm *realm, xhr__js_event_target *target,
                                                const char *type) {
  /* 1. - 2. */
  if (!xhr__interface_is(target->object.interface, &xhr__html_element_interface))
    return target;
  xhr__js_node *self = (xhr__js_node *)(void *)target;
  if (!is_body(self->node) || !is_of_window(type))
    return target;
  /* 3. - 4. */
  return xhr__js_document_has_window(xhr__js_document_of(self)) && realm->global_object
             ? (xhr__js_event_target *)(void *)realm->global_object
             : NULL;
}

/* ---- compiling -------------------------------------------------------------------------------------------------- */

/* The code of a function that makes the handler in the scopes of the document, the form and the element. */
static xhr_status write_code(xhr__str type, bool window_error, xhr__str body, xhr__bytes *code) {
  const xhr__str parts[] = {
      XHR__STR("(function(d,f,e){with(d){with(f){with(e){return function on"),
      type,
      window_error ? XHR__STR("(event, source, lineno, colno, error) {\n")
                   : XHR__STR("(event) {\n"),
      body,
      XHR__STR("\n}}}}})"),
  };
  xhr_status status = XHR_OK;
  for (size_t i = 0; i < sizeof parts / sizeof *parts && status == XHR_OK; i++)
    status = xhr__bytes_append(code, parts[i]);
  return status;
}

/* https://html.spec.whatwg.org/#form-owner, as far as ancestors go; an empty object where there is none. */
static JSValue form_scope(xhr__realm *realm, lxb_dom_node_t *node) {
  while (node && !xhr__node_is_html(node, LXB_TAG_FORM))
    node = node->parent;
  return node ? xhr__node_wrap(realm, node) : JS_NewObject(realm->js);
}

/* The function, or JS_EXCEPTION. */
static JSValue compile(xhr__realm *realm, JSValueConst element, xhr__str type, bool window_error) {
  JSContext *js = realm->js;
  lxb_dom_element_t *inner = xhr__element_of(element);
  xhr__document *document = xhr__document_of_node(&inner->node);
  xhr__bytes name = {0}, code = {0};
  xhr__str body;
  JSValue result = JS_EXCEPTION;
  if (xhr__bytes_append(&name, XHR__STR("on")) == XHR_OK &&
      xhr__bytes_append(&name, type) == XHR_OK) {
    (void)xhr__element_attribute(inner, xhr__bytes_str(&name), &body);
    if (write_code(type, window_error, body, &code) != XHR_OK)
      result = JS_ThrowOutOfMemory(js);
    else
      result = JS_Eval(js, code.data, code.len, xhr__bytes_str(&document->url.href).data,
                       JS_EVAL_TYPE_GLOBAL);
  }
  xhr__bytes_free(&name);
  xhr__bytes_free(&code);
  if (JS_IsException(result))
    return result;
  JSValue scopes[] = {
      window_error ? JS_NewObject(js) : xhr__node_wrap(realm, xhr__document_node(document)),
      window_error ? JS_NewObject(js) : form_scope(realm, &inner->node),
      window_error ? JS_NewObject(js) : JS_DupValue(js, element),
  };
  JSValue function = JS_Call(js, result, JS_UNDEFINED, 3, scopes);
  for (int i = 0; i < 3; i++)
    JS_FreeValue(js, scopes[i]);
  JS_FreeValue(js, result);
  return function;
}

JSValue xhr__event_handler_current_value(xhr__realm *realm, xhr__js_listener *listener) {
  JSContext *js = realm->js;
  if (!listener->uncompiled)
    return JS_DupValue(js, listener->callback);
  xhr__str type = xhr__str_of(listener->type, listener->type_len);
  bool on_window = &listener->target->object == realm->global_object;
  /* 3.1. - 3.6., 3.8. - 3.10. */
  JSValue element = listener->callback;
  JSValue function =
      compile(realm, element, type, on_window && xhr__str_equals(type, XHR__STR("error")));
  /* 3.7. */
  if (JS_IsException(function)) {
    xhr__js_listener_remove(JS_GetRuntime(js), listener);
    xhr__realm_report_pending(realm);
    return JS_NULL;
  }
  /* 3.11. - 3.12. */
  listener->callback = JS_DupValue(js, function);
  listener->uncompiled = false;
  JS_FreeValue(js, element);
  /* 4. */
  return function;
}
