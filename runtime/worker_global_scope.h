/* https://html.spec.whatwg.org/#the-workerglobalscope-common-interface */
#ifndef XHR__RUNTIME_WORKER_GLOBAL_SCOPE_H
#define XHR__RUNTIME_WORKER_GLOBAL_SCOPE_H

#include "runtime/global_scope.h"
#include "runtime/worker_agent.h"

extern const xhr__interface xhr__worker_global_scope_interface;
extern const xhr__interface xhr__dedicated_worker_global_scope_interface;
extern const xhr__interface xhr__shared_worker_global_scope_interface;
extern const xhr__interface xhr__worker_location_interface;
extern const xhr__interface xhr__worker_navigator_interface;

/* The structure of a worker's global object, of both kinds. */
typedef struct xhr__worker_global_scope {
  xhr__global_scope scope;
  JSValue location, navigator; /* JS_UNDEFINED: nobody has asked for it */
} xhr__worker_global_scope;

/* NULL for want of memory. */
xhr__worker_global_scope *xhr__worker_global_scope_new(void);
/* For the interfaces of both kinds. */
void xhr__worker_global_scope_finalize(JSRuntime *runtime, void *object);
void xhr__worker_global_scope_mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func);
/* Their members, of which each has its own. */
xhr__getter xhr__worker_global_scope_get_name;
xhr__setter xhr__worker_global_scope_replace_name;
xhr__operation xhr__worker_global_scope_close;

/* WorkerLocation and WorkerNavigator objects, the caller's; JS_EXCEPTION. */
JSValue xhr__worker_location_new(xhr__realm *realm);
JSValue xhr__worker_navigator_new(xhr__realm *realm);

/* xhr__realm_install for a worker. What it says. */
xhr_status xhr__worker_realm_install(JSContext *js, xhr_context *context, xhr__worker_agent *agent);
/* What follows upon the run of its script: its messages, or those who connect, are delivered from now on. False for want of
 * memory. */
bool xhr__worker_realm_open(xhr__realm *realm);
/* That of each kind. */
bool xhr__dedicated_worker_open(xhr__realm *realm);
bool xhr__shared_worker_open(xhr__realm *realm);

#endif
