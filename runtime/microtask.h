/* https://html.spec.whatwg.org/#microtask-queuing: a member of the global scope. */
#ifndef XHR__RUNTIME_MICROTASK_H
#define XHR__RUNTIME_MICROTASK_H

#include "runtime/realm.h"

/* queueMicrotask(callback): length 1. */
xhr__operation xhr__queue_microtask;

#endif
