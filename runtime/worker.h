/* https://html.spec.whatwg.org/#dedicated-workers-and-the-worker-interface */
#ifndef XHR__RUNTIME_WORKER_H
#define XHR__RUNTIME_WORKER_H

#include "runtime/event_target.h"
#include "runtime/worker_agent.h"

extern const xhr__interface xhr__worker_interface;
/* https://html.spec.whatwg.org/#abstractworker */
extern const xhr__mixin xhr__abstract_worker;

/* Fires error at a Worker or SharedWorker whose script there is not. Where nobody listens the developer is told. */
void xhr__worker_fire_failure(xhr__realm *realm, JSValueConst worker,
                              const xhr__error_information *information);

#endif
