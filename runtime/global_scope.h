/* The global object: an EventTarget with onerror and its like, timers, console and the other functions of
 * https://html.spec.whatwg.org/#windoworworkerglobalscope */
#ifndef XHR__RUNTIME_GLOBAL_SCOPE_H
#define XHR__RUNTIME_GLOBAL_SCOPE_H

#include "runtime/realm.h"

extern const xhr__interface xhr__global_scope_interface;

/* Makes the realm's global object one. False where it threw. */
bool xhr__global_scope_define(xhr__realm *realm);

/* https://html.spec.whatwg.org/#in-error-reporting-mode: sets it, and gives what it was. */
bool xhr__global_scope_set_reporting(xhr__realm *realm, bool reporting);

#endif
