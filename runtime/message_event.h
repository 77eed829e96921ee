/* https://html.spec.whatwg.org/#messageevent */
#ifndef XHR__RUNTIME_MESSAGE_EVENT_H
#define XHR__RUNTIME_MESSAGE_EVENT_H

#include "infra/str.h"
#include "runtime/realm.h"

extern const xhr__interface xhr__message_event_interface;

/* A trusted event of that type, "message" or "messageerror", which neither bubbles nor can be canceled. All values are borrowed:
 * `source` is JS_NULL, a MessagePort or a global object; `ports` a frozen Array, as xhr__structured_deserialize gives it, or
 * JS_UNDEFINED for none. `origin` is UTF-8. The event is the caller's; JS_EXCEPTION. */
JSValue xhr__message_event_new(xhr__realm *realm, const char *type, JSValueConst data,
                               xhr__str origin, JSValueConst source, JSValueConst ports);

#endif
