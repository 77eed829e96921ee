/* https://dom.spec.whatwg.org/#concept-event-listener: what event_target.c and event_handlers.c share. */
#ifndef XHR__RUNTIME_EVENT_LISTENER_H
#define XHR__RUNTIME_EVENT_LISTENER_H

#include "runtime/abort.h"
#include "runtime/event.h"
#include "runtime/event_target.h"

struct xhr__js_listener {
  xhr__js_event_target *target; /* borrowed: whose list it is in */
  JSValue callback;             /* JS_NULL: none; of an event handler its value */
  bool capture, passive, once, removed;
  bool handler; /* an event handler: at most one for each type */
  /* An event handler whose value is an internal raw uncompiled handler: `callback` is the element whose content attribute
   * it comes from. */
  bool uncompiled;
  /* What removes it when its signal is aborted; in the signal's list, or in none. */
  xhr__abort_algorithm on_abort;
  size_t type_len;
  char type[];
};

/* The first listener of that kind, or NULL. `callback` is not looked at for event handlers. */
xhr__js_listener *xhr__js_listener_find(const xhr__js_event_target *target, xhr__str type,
                                        bool handler, JSValueConst callback, bool capture);
/* Appends a listener without options; `callback` is borrowed. NULL where it threw, for want of memory. */
xhr__js_listener *xhr__js_listener_append(xhr__realm *realm, xhr__js_event_target *target,
                                          xhr__str type, JSValueConst callback);
/* https://dom.spec.whatwg.org/#default-passive-value */
bool xhr__default_passive_value(xhr__realm *realm, const xhr__js_event_target *target,
                                xhr__str type);
bool xhr__js_listener_has_type(const xhr__js_listener *listener, xhr__str type);
/* Frees those that were removed during a dispatch, once none is under way. */
void xhr__js_event_target_sweep(JSRuntime *runtime, xhr__js_event_target *target);
/* https://dom.spec.whatwg.org/#remove-an-event-listener */
void xhr__js_listener_remove(JSRuntime *runtime, xhr__js_listener *listener);

/* https://html.spec.whatwg.org/#getting-the-current-value-of-the-event-handler: compiles an uncompiled one. The caller's; JS_NULL where
 * there is none; never throws. */
JSValue xhr__event_handler_current_value(xhr__realm *realm, xhr__js_listener *listener);
/* https://html.spec.whatwg.org/#the-event-handler-processing-algorithm */
void xhr__event_handler_process(xhr__realm *realm, JSValueConst handler, JSValueConst target,
                                JSValueConst value, xhr__js_event *event);

#endif
