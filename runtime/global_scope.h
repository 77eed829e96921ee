/* The global object: an EventTarget with onerror and its like, timers, console and the other functions of
 * https://html.spec.whatwg.org/#windoworworkerglobalscope */
#ifndef XHR__RUNTIME_GLOBAL_SCOPE_H
#define XHR__RUNTIME_GLOBAL_SCOPE_H

#include "runtime/event_target.h"
#include "runtime/realm.h"

/* What every kind of global object has: their structures begin with it. Zero-initialise it. */
typedef struct xhr__global_scope {
  xhr__js_event_target target;
  bool in_error_reporting_mode;
} xhr__global_scope;

/* For `finalize` and `mark` of their interfaces; the former leaves the structure itself. */
void xhr__global_scope_free(JSRuntime *runtime, xhr__global_scope *scope);
void xhr__global_scope_mark(JSRuntime *runtime, xhr__global_scope *scope, JS_MarkFunc *mark_func);

/* That of programs which are neither pages nor workers. */
extern const xhr__interface xhr__global_scope_interface;
/* https://html.spec.whatwg.org/#windoworworkerglobalscope */
extern const xhr__mixin xhr__window_or_worker_global_scope;

/* Makes the realm's global object one of that interface, and takes over `scope`. False where it threw. */
bool xhr__global_scope_define(xhr__realm *realm, const xhr__interface *interface, void *scope);

/* https://html.spec.whatwg.org/#in-error-reporting-mode: sets it, and gives what it was. */
bool xhr__global_scope_set_reporting(xhr__realm *realm, bool reporting);

#endif
