/* https://html.spec.whatwg.org/#handler-list-global: the event handler IDL attributes that windows share with documents and
 * elements, as mixins. */
#ifndef XHR__RUNTIME_GLOBAL_EVENT_HANDLERS_H
#define XHR__RUNTIME_GLOBAL_EVENT_HANDLERS_H

#include "runtime/webidl.h"

/* https://html.spec.whatwg.org/#globaleventhandlers */
extern const xhr__mixin xhr__global_event_handlers;
/* https://html.spec.whatwg.org/#windoweventhandlers */
extern const xhr__mixin xhr__window_event_handlers;

#endif
