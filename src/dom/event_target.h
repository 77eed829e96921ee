/* https://dom.spec.whatwg.org/#interface-eventtarget */
#ifndef XHR__DOM_EVENT_TARGET_H
#define XHR__DOM_EVENT_TARGET_H

#include "xhr/event.h"

/* A listener's callback, whatever language it is written in. */
typedef struct xhr__callback_methods {
  void (*invoke)(void *callback, const xhr_event *event);
  /* Whether the two are the same callback (both of these methods). */
  bool (*same)(const void *callback, const void *other);
  /* Frees it, once. */
  void (*release)(void *callback);
} xhr__callback_methods;

typedef struct xhr__listener xhr__listener;

/* The public xhr_event_target: embedded in its XHR. Zero-initialise, then set `xhr`. */
struct xhr_event_target {
  struct xhr *xhr;           /* borrowed: whose target it is */
  xhr__listener **listeners; /* in order */
  size_t count;
  size_t capacity;
  unsigned dispatching; /* how many dispatches are under way, one within the other */
  bool
      has_removed; /* listeners were removed meanwhile, and leave the list once none is under way */
};

/* The two calls that src/xhr fires through. dom/'s EventTarget is one implementation, an engine's own is another. */
typedef struct xhr__event_sink {
  /* Calls the listeners for `event`. The caller sees to it that the target outlives the call. */
  void (*fire)(xhr_event_target *target, const xhr_event *event);
  /* Whether anybody listens to any event. */
  bool (*has_listeners)(const xhr_event_target *target);
  /* Nothing of the XHR is in flight any more: its last event has been fired, or never will. NULL: it does not care. */
  void (*landed)(struct xhr *request);
} xhr__event_sink;

extern const xhr__event_sink xhr__dom_event_sink;

/* Frees all listeners. */
void xhr__event_target_free(xhr_event_target *target);
/* https://dom.spec.whatwg.org/#add-an-event-listener: takes over `callback`, released at once where an equal one is
 * there, and on failure. XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__event_target_add(xhr_event_target *target, xhr_event_type type,
                                 const xhr__callback_methods *methods, void *callback);
/* https://dom.spec.whatwg.org/#remove-an-event-listener: `callback` stays the caller's. */
void xhr__event_target_remove(xhr_event_target *target, xhr_event_type type,
                              const xhr__callback_methods *methods, const void *callback);

#endif
