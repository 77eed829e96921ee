/* https://dom.spec.whatwg.org/#interface-event */
#ifndef XHR__RUNTIME_EVENT_H
#define XHR__RUNTIME_EVENT_H

#include "infra/bytes.h"
#include "runtime/realm.h"

extern const xhr__interface xhr__event_interface;
extern const xhr__interface xhr__custom_event_interface;
extern const xhr__interface xhr__progress_event_interface;
extern const xhr__interface xhr__error_event_interface;

/* Members in the standard's order. All structures of events begin with this. */
typedef struct xhr__js_event {
  xhr__platform_object object;
  JSValue target; /* JS_NULL: none */
  JSValue current_target;
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
/* https://xhr.spec.whatwg.org/#concept-event-fire-progress's event. `message` (may be NULL) becomes a `message` property
 * on error events: why, in words. */
JSValue xhr__progress_event_new(xhr__realm *realm, const char *type, bool length_computable,
                                double loaded, double total, const char *message);
/* https://html.spec.whatwg.org/#errorevent, cancelable. `error` is borrowed. */
JSValue xhr__error_event_new(xhr__realm *realm, const char *message, const char *filename,
                             uint32_t line, uint32_t column, JSValueConst error);

#endif
