/* https://dom.spec.whatwg.org/#dispatching-events */
#include "infra/alloc.h"
#include "runtime/document.h"
#include "runtime/event_listener.h"

bool xhr__default_passive_value(xhr__realm *realm, const xhr__js_event_target *target,
                                xhr__str type) {
  /* 1. */
  if (!xhr__str_equals(type, XHR__STR("touchstart")) &&
      !xhr__str_equals(type, XHR__STR("touchmove")) && !xhr__str_equals(type, XHR__STR("wheel")) &&
      !xhr__str_equals(type, XHR__STR("mousewheel")))
    return false;
  if (realm->global_kind == XHR__EXPOSED_WINDOW && &target->object == realm->global_object)
    return true;
  if (!xhr__interface_is(target->object.interface, &xhr__node_interface))
    return false;
  const lxb_dom_node_t *node = ((const xhr__js_node *)(const void *)target)->node;
  const xhr__document *document = xhr__document_of_node(node);
  return node == xhr__document_node(document) ||
         node == (const void *)xhr__document_element(document) ||
         node == xhr__document_body(document);
  /* 2. */
}

/* https://webidl.spec.whatwg.org/#call-a-user-objects-operation for handleEvent */
static void call_handle_event(xhr__realm *realm, JSValueConst callback, JSValueConst target,
                              JSValueConst event) {
  JSContext *js = realm->js;
  if (JS_IsFunction(js, callback)) {
    (void)xhr__realm_call(realm, callback, target, 1, &event, NULL);
    return;
  }
  /* The checkpoint comes once, behind it all. */
  realm->depth++;
  JSValue function = JS_GetPropertyStr(js, callback, "handleEvent");
  if (JS_IsException(function)) {
    xhr__realm_report_pending(realm);
  } else if (!JS_IsFunction(js, function)) {
    JS_ThrowTypeError(js, "the listener is no function, and its handleEvent is none either");
    xhr__realm_report_pending(realm);
  } else {
    (void)xhr__realm_call(realm, function, callback, 1, &event, NULL);
  }
  JS_FreeValue(js, function);
  if (--realm->depth == 0)
    xhr__realm_checkpoint(realm);
}

/* https://dom.spec.whatwg.org/#concept-event-listener-inner-invoke, for one listener */
static void inner_invoke(xhr__realm *realm, xhr__js_listener *listener, JSValueConst target,
                         JSValueConst value, xhr__js_event *event) {
  bool handler = listener->handler;
  /* It may be removed meanwhile. */
  JSValue callback = handler ? xhr__event_handler_current_value(realm, listener)
                             : JS_DupValue(realm->js, listener->callback);
  JSValue current_event = realm->current_event;
  /* 5. */
  if (!handler && listener->once)
    xhr__js_listener_remove(JS_GetRuntime(realm->js), listener);
  /* 6. - 8. */
  realm->current_event = value;
  /* 9. */
  event->in_passive_listener = !handler && listener->passive;
  /* 10. - 11. timing and exceptions: the call reports them */
  if (handler)
    xhr__event_handler_process(realm, callback, target, value, event);
  else
    call_handle_event(realm, callback, target, value);
  /* 12. - 13. */
  event->in_passive_listener = false;
  realm->current_event = current_event;
  JS_FreeValue(realm->js, callback);
}

/* Steps 4 to 6 of invoking; whether there was a listener. */
static bool call_listeners(xhr__realm *realm, xhr__js_event_target *listened, bool capturing,
                           JSValueConst target, JSValueConst value, xhr__js_event *event) {
  bool found = false;
  /* 6. Listeners that are added from here on stand behind these, and are not called. */
  size_t count = listened->count;
  listened->dispatching++;
  for (size_t i = 0; i < count && !event->stop_immediate_propagation; i++) {
    xhr__js_listener *listener = listened->listeners[i];
    if (listener->removed || listener->capture != capturing ||
        !xhr__js_listener_has_type(listener, xhr__bytes_str(&event->type)))
      continue;
    found = true;
    inner_invoke(realm, listener, target, value, event);
  }
  if (--listened->dispatching == 0 && listened->has_removed)
    xhr__js_event_target_sweep(JS_GetRuntime(realm->js), listened);
  return found;
}

/* Steps 8 and 9: events that have an older name, too. */
static void call_legacy(xhr__realm *realm, xhr__js_event_target *listened, bool capturing,
                        JSValueConst target, JSValueConst value, xhr__js_event *event) {
  static const char *const names[][2] = {
      {"animationend", "webkitAnimationEnd"},
      {"animationiteration", "webkitAnimationIteration"},
      {"animationstart", "webkitAnimationStart"},
      {"transitionend", "webkitTransitionEnd"},
  };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (!xhr__str_equals(xhr__bytes_str(&event->type), xhr__str_c(names[i][0])))
      continue;
    xhr__bytes original = event->type, legacy = {0};
    if (xhr__bytes_assign(&legacy, xhr__str_c(names[i][1])) != XHR_OK)
      return;
    event->type = legacy;
    (void)call_listeners(realm, listened, capturing, target, value, event);
    xhr__bytes_free(&event->type);
    event->type = original;
    return;
  }
}

/* https://dom.spec.whatwg.org/#concept-event-listener-invoke; `object` is the object of the target that listens. */
static void invoke(xhr__realm *realm, xhr__js_event_target *listened, bool capturing,
                   JSValueConst object, JSValueConst value, xhr__js_event *event) {
  /* 1. - 2. the target stands in the event; 3. */
  if (event->stop_propagation || !listened)
    return;
  /* 5. */
  JSValue old = event->current_target;
  event->current_target = JS_DupValue(realm->js, object);
  JS_FreeValue(realm->js, old);
  /* 4., 6. - 9. */
  if (listened->count > 0 && !call_listeners(realm, listened, capturing, object, value, event) &&
      event->is_trusted)
    call_legacy(realm, listened, capturing, object, value, event);
}

/* ---- the path --------------------------------------------------------------------------------------------------- */

/* Takes over the object. */
static bool append_to_path(xhr__realm *realm, xhr__event_path *path, JSValue object) {
  void *objects = path->objects;
  if (JS_IsException(object) ||
      !xhr__grow(&objects, &path->capacity, path->count + 1, sizeof(JSValue))) {
    JS_FreeValue(realm->js, object);
    return false;
  }
  path->objects = objects;
  path->objects[path->count++] = object;
  return true;
}

/* The path of an event that is dispatched at a node: https://dom.spec.whatwg.org/#ref-for-get-the-parent, of nodes and documents.
 * False for want of memory. */
static bool make_path(xhr__realm *realm, xhr__js_node *target, const xhr__js_event *event,
                      xhr__event_path *path) {
  lxb_dom_node_t *node = target->node, *last = node;
  for (; node; node = node->parent) {
    if (!append_to_path(realm, path, xhr__node_wrap(realm, node)))
      return false;
    last = node;
  }
  if (last->type != LXB_DOM_NODE_TYPE_DOCUMENT ||
      xhr__str_equals(xhr__bytes_str(&event->type), XHR__STR("load")) ||
      !xhr__js_document_has_window(xhr__js_document_of(target)))
    return true;
  return append_to_path(realm, path, JS_DupValue(realm->js, realm->global));
}

static void free_path(xhr__realm *realm, xhr__event_path *path) {
  for (size_t i = 0; i < path->count; i++)
    JS_FreeValue(realm->js, path->objects[i]);
  xhr__free(path->objects);
}

/* Steps 5.12 to 5.14 of dispatching, along a path. */
static void invoke_path(xhr__realm *realm, const xhr__event_path *path, JSValueConst value,
                        xhr__js_event *event) {
  for (size_t i = path->count; i-- > 0;) {
    event->event_phase = i == 0 ? XHR__PHASE_AT_TARGET : XHR__PHASE_CAPTURING;
    invoke(realm, xhr__js_event_target_of(realm, path->objects[i]), true, path->objects[i], value,
           event);
  }
  for (size_t i = 0; i < path->count && (i == 0 || event->bubbles); i++) {
    event->event_phase = i == 0 ? XHR__PHASE_AT_TARGET : XHR__PHASE_BUBBLING;
    invoke(realm, xhr__js_event_target_of(realm, path->objects[i]), false, path->objects[i], value,
           event);
  }
}

/* ---- dispatch --------------------------------------------------------------------------------------------------- */

/* Step 5: at a target of parents along its path, else at the target alone, for which there is no path to be made. */
static void invoke_all(xhr__realm *realm, xhr__js_event_target *listened, JSValueConst target,
                       JSValueConst value, xhr__js_event *event) {
  xhr__event_path path = {0};
  if (!xhr__interface_is(listened->object.interface, &xhr__node_interface)) {
    event->event_phase = XHR__PHASE_AT_TARGET;
    invoke(realm, listened, true, target, value, event);
    invoke(realm, listened, false, target, value, event);
    return;
  }
  if (make_path(realm, (xhr__js_node *)(void *)listened, event, &path)) {
    event->path = &path;
    invoke_path(realm, &path, value, event);
    event->path = NULL;
  } else {
    JS_ThrowOutOfMemory(realm->js);
    xhr__realm_report_pending(realm);
  }
  free_path(realm, &path);
}

bool xhr__dispatch_as(xhr__realm *realm, JSValueConst target, JSValueConst value,
                      JSValueConst event_target) {
  JSContext *js = realm->js;
  xhr__js_event *event = xhr__platform_object_of(value, &xhr__event_interface);
  xhr__js_event_target *listened = xhr__js_event_target_of(realm, target);
  if (!event || !listened)
    return true;
  JSValue kept = JS_DupValue(js, value), at = JS_DupValue(js, target);
  /* 1. */
  event->dispatch = true;
  /* 2. - 5. NOTE: nothing has activation behavior */
  JSValue old = event->target;
  event->target = JS_DupValue(js, event_target);
  JS_FreeValue(js, old);
  invoke_all(realm, listened, target, value, event);
  /* 6. - 7. */
  event->event_phase = XHR__PHASE_NONE;
  JS_FreeValue(js, event->current_target);
  event->current_target = JS_NULL;
  /* 8. - 9. */
  event->dispatch = event->stop_propagation = event->stop_immediate_propagation = false;
  /* 10. - 12. */
  bool not_canceled = !event->canceled;
  JS_FreeValue(js, at);
  JS_FreeValue(js, kept);
  return not_canceled;
}

bool xhr__dispatch(xhr__realm *realm, JSValueConst target, JSValueConst value) {
  return xhr__dispatch_as(realm, target, value, target);
}

bool xhr__dispatch_new(xhr__realm *realm, JSValueConst target, JSValue event) {
  if (JS_IsException(event)) {
    xhr__realm_report_pending(realm);
    return true;
  }
  bool not_canceled = xhr__dispatch(realm, target, event);
  JS_FreeValue(realm->js, event);
  return not_canceled;
}
