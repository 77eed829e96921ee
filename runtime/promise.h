/* https://webidl.spec.whatwg.org/#js-promise: promises that are ours to settle, and reactions to promises. Nothing of it is
 * seen by scripts that patch Promise or its prototype, but for what the standard has them see: a value that is resolved
 * with is asked for its then(). */
#ifndef XHR__RUNTIME_PROMISE_H
#define XHR__RUNTIME_PROMISE_H

#include "runtime/realm.h"

/* A promise and what settles it. */
typedef struct xhr__promise {
  JSValue value, resolve, reject;
} xhr__promise;

/* None at all: what may be freed and marked. */
#define XHR__NO_PROMISE ((xhr__promise){JS_UNDEFINED, JS_UNDEFINED, JS_UNDEFINED})

/* https://webidl.spec.whatwg.org/#a-new-promise. False where it threw; then it is XHR__NO_PROMISE. */
bool xhr__promise_new(xhr__realm *realm, xhr__promise *promise);
void xhr__promise_free(JSRuntime *runtime, xhr__promise *promise);
void xhr__promise_mark(JSRuntime *runtime, const xhr__promise *promise, JS_MarkFunc *mark_func);
/* https://webidl.spec.whatwg.org/#resolve and #reject. Resolving runs script where the value is an object. */
void xhr__promise_resolve(xhr__realm *realm, const xhr__promise *promise, JSValueConst value);
void xhr__promise_reject(xhr__realm *realm, const xhr__promise *promise, JSValueConst reason);

/* https://webidl.spec.whatwg.org/#a-promise-resolved-with and #a-promise-rejected-with, which takes over `reason`: the
 * caller's; JS_EXCEPTION. */
JSValue xhr__promise_resolved_with(xhr__realm *realm, JSValueConst value);
JSValue xhr__promise_rejected_with(xhr__realm *realm, JSValue reason);
/* The same with the exception that is pending. */
JSValue xhr__promise_rejected_with_exception(xhr__realm *realm);

/* https://webidl.spec.whatwg.org/#dfn-perform-steps-once-promise-is-settled: a promise for what the steps return; the caller's,
 * or JS_EXCEPTION. NULL: no such steps. `data` is what the steps are given, `count` values. */
JSValue xhr__promise_react(xhr__realm *realm, JSValueConst promise, JSCFunctionData *fulfilled,
                           JSCFunctionData *rejected, int count, JSValueConst *data);
/* The same for steps that return nothing, `rejected` among them. JS_UNDEFINED stands for a promise resolved with undefined.
 * False where it threw. */
bool xhr__promise_upon(xhr__realm *realm, JSValueConst promise, JSCFunctionData *fulfilled,
                       JSCFunctionData *rejected, JSValueConst data);
/* https://tc39.es/ecma262/#sec-properties-of-promise-instances: sets [[PromiseIsHandled]]. */
void xhr__promise_set_is_handled(xhr__realm *realm, JSValueConst promise);
/* https://html.spec.whatwg.org/#queue-a-microtask: `steps` are given undefined and `data`. False where it threw. */
bool xhr__queue_steps(xhr__realm *realm, JSCFunctionData *steps, int count, JSValueConst *data);

#endif
