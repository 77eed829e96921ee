/* https://html.spec.whatwg.org/#named-access-on-the-window-object
 * NOTE: of the named objects there are the elements with an ID; child navigables there are none. */
#include "infra/alloc.h"
#include "runtime/document_binding.h"
#include "runtime/legacy_platform_object.h"
#include "runtime/window.h"

typedef struct window_properties {
  xhr__platform_object object;
} window_properties;

static void finalize(JSRuntime *runtime, void *object) {
  (void)runtime;
  xhr__free(object);
}

/* https://html.spec.whatwg.org/#dom-window-nameditem */
static JSValue named(xhr__realm *realm, void *self, xhr__str name) {
  (void)self, (void)realm, (void)name;
  return JS_UNDEFINED;
}

static const xhr__legacy_properties legacy = {.named = named, .unenumerable = true};

const xhr__interface xhr__window_properties_interface = {
    .name = "WindowProperties",
    .hidden = true,
    .exposed = XHR__EXPOSED_WINDOW,
    .legacy = &legacy,
    .finalize = finalize,
};

JSValue xhr__window_properties_new(xhr__realm *realm) {
  window_properties *self = XHR__NEW(window_properties);
  if (!self)
    return JS_ThrowOutOfMemory(realm->js);
  JSValue value =
      xhr__platform_object_new(realm, &xhr__window_properties_interface, JS_UNDEFINED, self);
  JSValue prototype = xhr__interface_prototype(realm, &xhr__event_target_interface);
  if (!JS_IsException(value) &&
      (JS_IsException(prototype) || JS_SetPrototype(realm->js, value, prototype) < 0)) {
    JS_FreeValue(realm->js, value);
    value = JS_EXCEPTION;
  }
  JS_FreeValue(realm->js, prototype);
  return value;
}
