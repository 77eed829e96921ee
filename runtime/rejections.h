/* https://html.spec.whatwg.org/#unhandled-promise-rejections */
#ifndef XHR__RUNTIME_REJECTIONS_H
#define XHR__RUNTIME_REJECTIONS_H

#include "runtime/realm.h"

extern const xhr__interface xhr__promise_rejection_event_interface;

/* Watches the engine's promises from now on; false where there is no memory. And the end. */
bool xhr__rejections_init(xhr__realm *realm);
void xhr__rejections_free(xhr__realm *realm);
/* https://html.spec.whatwg.org/#notify-about-rejected-promises: fires unhandledrejection, and reports what nobody
 * cancels; then rejectionhandled for those that got a handler late. */
void xhr__rejections_notify(xhr__realm *realm);

/* The promise of a module's evaluation, which is about to get handlers. Where it has been rejected already, promises of the
 * engine's own were so on the way, for the same reason: they are forgotten. */
void xhr__rejections_forget_evaluation(xhr__realm *realm, JSValueConst promise);

#endif
