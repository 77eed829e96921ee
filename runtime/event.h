/* https://dom.spec.whatwg.org/#interface-event */
#ifndef XHR__RUNTIME_EVENT_H
#define XHR__RUNTIME_EVENT_H

#include "infra/bytes.h"
#include "runtime/realm.h"

extern const xhr__interface xhr__event_interface;
extern const xhr__interface xhr__custom_event_interface;
extern const xhr__interface xhr__progress_event_interface;
extern const xhr__interface xhr__error_event_interface;

/* https://dom.spec.whatwg.org/#dom-event-eventphase */
enum {
  XHR__PHASE_NONE = 0,
  XHR__PHASE_CAPTURING = 1,
  XHR__PHASE_AT_TARGET = 2,
  XHR__PHASE_BUBBLING = 3
};

/* https://dom.spec.whatwg.org/#event-path of a target that has parents: objects, the target first. */
typedef struct xhr__event_path {
  JSValue *objects;
  size_t count, capacity;
} xhr__event_path;

/* Members in the standard's order. All structures of events begin with this. */
typedef struct xhr__js_event {
  xhr__platform_object object;
  JSValue target; /* JS_NULL: none */
  JSValue current_target;
  const xhr__event_path *path; /* borrowed, while it is dispatched; NULL: the path is the target */
  unsigned event_phase;
  bool stop_propagation, stop_immediate_propagation, canceled, in_passive_listener, composed,
      initialized, dispatch;
  xhr__bytes type; /* DOMString */
  bool bubbles, cancelable, is_trusted;
  double time_stamp; /* milliseconds since the realm's time origin */
} xhr__js_event;

/* https://dom.spec.whatwg.org/#concept-event-create: a trusted event, initialised with bubbles and cancelable. The
 * caller's; JS_EXCEPTION. */
JSValue xhr__event_new(xhr__realm *realm, const char *type, bool bubbles, bool cancelable);
/* https://dom.spec.whatwg.org/#dom-document-createevent, steps 5 to 9: neither initialized nor trusted. */
JSValue xhr__event_create_uninitialized(xhr__realm *realm, const xhr__interface *interface);
/* https://xhr.spec.whatwg.org/#concept-event-fire-progress's event. `message` (may be NULL) becomes a `message` property
 * on error events: why, in words. */
JSValue xhr__progress_event_new(xhr__realm *realm, const char *type, bool length_computable,
                                double loaded, double total, const char *message);
/* https://html.spec.whatwg.org/#errorevent, cancelable. `error` is borrowed. */
JSValue xhr__error_event_new(xhr__realm *realm, const char *message, const char *filename,
                             uint32_t line, uint32_t column, JSValueConst error);
/* The five arguments of the global object's onerror, the caller's; false where it threw.
 * https://html.spec.whatwg.org/#the-event-handler-processing-algorithm */
bool xhr__error_event_arguments(xhr__realm *realm, JSValueConst event, JSValue arguments[5]);

/* https://dom.spec.whatwg.org/#set-the-canceled-flag */
void xhr__event_set_canceled(xhr__js_event *event);

/* ---- for the interfaces that inherit from Event ----------------------------------------------------------------- */

/* What constructors do first: sets what a new event has, and what the arguments, type and EventInit, say. False where it
 * threw, as it does for an `object` of NULL: want of memory. */
bool xhr__js_event_construct(xhr__realm *realm, void *object, const xhr__interface *interface,
                             int argc, JSValueConst *argv);
/* The same for a trusted event. */
bool xhr__js_event_create(xhr__realm *realm, void *object, const xhr__interface *interface,
                          const char *type, bool bubbles, bool cancelable);
/* https://dom.spec.whatwg.org/#concept-event-initialize, with what a script has given converted already; takes over what
 * `type` holds. False, and nothing happens, while the event is being dispatched. */
bool xhr__js_event_initialize(xhr__realm *realm, xhr__js_event *event, xhr__bytes *type,
                              bool bubbles, bool cancelable);
/* The event's value; takes over the structure, which is finalized where it threw. `done` is what the steps before came
 * to: where it is false the structure (NULL is allowed) is finalized and JS_EXCEPTION given. */
JSValue xhr__js_event_value(xhr__realm *realm, bool done, JSValueConst new_target, void *object);
/* For `finalize` and `mark`: what all events hold; and `finalize` for those that hold nothing else. */
void xhr__js_event_free(JSRuntime *runtime, xhr__js_event *event);
void xhr__js_event_finalize(JSRuntime *runtime, void *object);
void xhr__js_event_mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark);

#endif
