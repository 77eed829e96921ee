/* https://html.spec.whatwg.org/#timers: members of the global scope, on the loop's timers. */
#ifndef XHR__RUNTIME_TIMERS_H
#define XHR__RUNTIME_TIMERS_H

#include "runtime/realm.h"

/* setTimeout(handler, optional timeout, ...arguments): length 1. */
xhr__operation xhr__set_timeout;
/* setInterval(handler, optional timeout, ...arguments): length 1. */
xhr__operation xhr__set_interval;
/* clearTimeout(optional id) and clearInterval(optional id): length 0. */
xhr__operation xhr__clear_timeout;

#endif
