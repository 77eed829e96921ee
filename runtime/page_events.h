/* Events that windows are told of what happens to their page. */
#ifndef XHR__RUNTIME_PAGE_EVENTS_H
#define XHR__RUNTIME_PAGE_EVENTS_H

#include "infra/str.h"
#include "runtime/realm.h"

extern const xhr__interface xhr__page_transition_event_interface;
extern const xhr__interface xhr__hash_change_event_interface;

/* https://html.spec.whatwg.org/#fire-a-page-transition-event: a trusted one, which bubbles and can be canceled. The caller's;
 * JS_EXCEPTION. */
JSValue xhr__page_transition_event_new(xhr__realm *realm, const char *type, bool persisted);
/* A trusted "hashchange" event. The caller's; JS_EXCEPTION. */
JSValue xhr__hash_change_event_new(xhr__realm *realm, xhr__str old_url, xhr__str new_url);

#endif
