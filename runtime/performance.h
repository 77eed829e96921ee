/* https://w3c.github.io/hr-time/#sec-performance */
#ifndef XHR__RUNTIME_PERFORMANCE_H
#define XHR__RUNTIME_PERFORMANCE_H

#include "runtime/realm.h"

extern const xhr__interface xhr__performance_interface;

/* Milliseconds since the realm's time origin: performance.now(), Event.timeStamp. */
double xhr__performance_now(const xhr__realm *realm);

/* The global scope's `performance`, which is [Replaceable]. */
xhr__getter xhr__get_performance;
xhr__setter xhr__replace_performance;

#endif
