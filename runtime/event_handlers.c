/* https://html.spec.whatwg.org/#event-handler-attributes */
#include "runtime/event_listener.h"

static xhr__js_listener *find(const xhr__js_event_target *target, const char *type) {
  return xhr__js_listener_find(target, xhr__str_c(type), true, JS_NULL, false);
}

/* https://html.spec.whatwg.org/#event-handler-idl-attributes: getting */
JSValue xhr__event_handler_get(xhr__realm *realm, void *self, const char *type) {
  /* 1. - 2. */
  xhr__js_event_target *target = xhr__event_handler_target(realm, self, type);
  /* 3. - 4. */
  xhr__js_listener *listener = target ? find(target, type) : NULL;
  return listener ? xhr__event_handler_current_value(realm, listener) : JS_NULL;
}

/* Gives a handler a value; it has a listener from then on. */
static bool activate(xhr__realm *realm, xhr__js_event_target *target, const char *type,
                     JSValueConst value, bool uncompiled) {
  xhr__js_listener *listener = find(target, type);
  /* The listener stays where it is; */
  if (listener) {
    JSValue old = listener->callback;
    listener->callback = JS_DupValue(realm->js, value);
    listener->uncompiled = uncompiled;
    JS_FreeValue(realm->js, old);
    return true;
  }
  /* or it goes behind all that are there. */
  listener = xhr__js_listener_append(realm, target, xhr__str_c(type), value);
  if (!listener)
    return false;
  listener->handler = true;
  listener->uncompiled = uncompiled;
  xhr__js_event_target_changed(JS_GetRuntime(realm->js), target);
  return true;
}

void xhr__event_handler_set_uncompiled(xhr__realm *realm, xhr__js_event_target *target,
                                       const char *type, JSValueConst element) {
  if (!activate(realm, target, type, element, true))
    JS_FreeValue(realm->js, JS_GetException(realm->js));
}

/* Setting. An event handler has a listener as long as its value is not null. */
bool xhr__event_handler_set(xhr__realm *realm, void *self, const char *type, JSValueConst value) {
  /* 1. - 2. */
  xhr__js_event_target *target = xhr__event_handler_target(realm, self, type);
  if (!target)
    return true;
  /* 4. */
  if (JS_IsObject(value))
    return activate(realm, target, type, value, false);
  /* 3. deactivate. [LegacyTreatNonObjectAsNull]: what is no object is null. */
  xhr__js_listener *listener = find(target, type);
  if (listener)
    xhr__js_listener_remove(JS_GetRuntime(realm->js), listener);
  return true;
}

/* Steps 2 to 4: whether the handler is the global object's onerror, which is called as none other is. */
static bool is_special_error_event(xhr__realm *realm, JSValueConst target, JSValueConst value,
                                   const xhr__js_event *event) {
  return JS_VALUE_GET_PTR(target) == JS_VALUE_GET_PTR(realm->global) &&
         xhr__str_equals(xhr__bytes_str(&event->type), XHR__STR("error")) &&
         xhr__platform_object_of(value, &xhr__error_event_interface);
}

void xhr__event_handler_process(xhr__realm *realm, JSValueConst handler, JSValueConst target,
                                JSValueConst value, xhr__js_event *event) {
  JSContext *js = realm->js;
  JSValue arguments[5], result;
  /* https://webidl.spec.whatwg.org/#js-invoking-callback-functions, step 4: an object that is no function does nothing. */
  if (!JS_IsFunction(js, handler))
    return;
  /* 1. - 4. */
  bool special = is_special_error_event(realm, target, value, event);
  bool done;
  if (special) {
    done = xhr__error_event_arguments(realm, value, arguments);
    if (done)
      done = xhr__realm_call(realm, handler, target, 5, arguments, &result);
    else
      xhr__realm_report_pending(realm);
    for (int i = 0; i < 5; i++)
      JS_FreeValue(js, arguments[i]);
  } else {
    done = xhr__realm_call(realm, handler, target, 1, &value, &result);
  }
  /* 5. beforeunload: there is none; an exception has been reported */
  if (!done)
    return;
  /* 6. */
  if (JS_IsBool(result) && (JS_VALUE_GET_BOOL(result) != 0) == special)
    xhr__event_set_canceled(event);
  JS_FreeValue(js, result);
}
