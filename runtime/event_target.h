/* https://dom.spec.whatwg.org/#interface-eventtarget and https://html.spec.whatwg.org/#event-handler-attributes
 * The runtime's own EventTarget: listeners of JavaScript, marked for the collector, never roots. */
#ifndef XHR__RUNTIME_EVENT_TARGET_H
#define XHR__RUNTIME_EVENT_TARGET_H

#include "dom/event_target.h"
#include "runtime/realm.h"

extern const xhr__interface xhr__event_target_interface;

typedef struct xhr__js_listener xhr__js_listener;

/* What every object has that is an EventTarget: the structure begins with this. Zero-initialised it has no listeners. */
typedef struct xhr__js_event_target {
  xhr__platform_object object;
  xhr__js_listener **listeners; /* in order */
  size_t count, capacity;
  unsigned dispatching; /* how many dispatches are under way, one within the other */
  bool has_removed;     /* listeners were removed meanwhile, and leave the list once none is */
} xhr__js_event_target;

/* The structure of a value that is an EventTarget, the global object among them; NULL. */
xhr__js_event_target *xhr__js_event_target_of(xhr__realm *realm, JSValueConst value);

/* For `finalize` and `mark` of interfaces that inherit from EventTarget. */
void xhr__js_event_target_free(JSRuntime *runtime, xhr__js_event_target *target);
void xhr__js_event_target_mark(JSRuntime *runtime, xhr__js_event_target *target, JS_MarkFunc *mark);

/* To be called when an event listener or handler came or went. */
static inline void xhr__js_event_target_changed(JSRuntime *runtime, xhr__js_event_target *target) {
  if (target->object.interface->listeners_changed)
    target->object.interface->listeners_changed(runtime, target);
}

/* https://html.spec.whatwg.org/#erase-all-event-listeners-and-handlers */
void xhr__js_event_target_clear(JSRuntime *runtime, xhr__js_event_target *target);

/* Whether there is a listener or event handler for events of that type; of any type where `type` is NULL. */
bool xhr__js_event_target_has_listeners(const xhr__js_event_target *target, const char *type);

/* https://html.spec.whatwg.org/#determining-the-target-of-an-event-handler: a body element's may be its window; NULL for null. */
xhr__js_event_target *xhr__event_handler_target(xhr__realm *realm, xhr__js_event_target *target,
                                                const char *type);
/* Sets a handler to an internal raw uncompiled handler, of the element's content attribute of that name. Want of memory
 * leaves it as it was. */
void xhr__event_handler_set_uncompiled(xhr__realm *realm, xhr__js_event_target *target,
                                       const char *type, JSValueConst element);
/* An event handler attribute's value, and setting it; `type` without "on". */
JSValue xhr__event_handler_get(xhr__realm *realm, void *self, const char *type);
bool xhr__event_handler_set(xhr__realm *realm, void *self, const char *type, JSValueConst value);

/* https://dom.spec.whatwg.org/#concept-event-dispatch: `event` is a value whose interface is Event. Never throws: what
 * listeners throw is reported. Returns the standard's result: false where it was canceled. */
bool xhr__dispatch(xhr__realm *realm, JSValueConst target, JSValueConst event);
/* The same with an event.target of its own: the load event's is the document, while it is dispatched at the window. */
bool xhr__dispatch_as(xhr__realm *realm, JSValueConst target, JSValueConst event,
                      JSValueConst event_target);
/* The same for an event that was just made, which it takes over; where making it threw, that is reported. */
bool xhr__dispatch_new(xhr__realm *realm, JSValueConst target, JSValue event);

#endif
