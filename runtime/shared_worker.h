/* https://html.spec.whatwg.org/#shared-workers-and-the-sharedworker-interface */
#ifndef XHR__RUNTIME_SHARED_WORKER_H
#define XHR__RUNTIME_SHARED_WORKER_H

#include "runtime/event_target.h"
#include "runtime/worker_agent.h"

extern const xhr__interface xhr__shared_worker_interface;

/* Somebody who connects: in an agent's list of connections. */
typedef struct xhr__shared_worker_connection {
  xhr__list node;
  xhr__port_end *inside; /* counted */
} xhr__shared_worker_connection;

/* Any thread: one more that connects (NULL: none), which it takes over; all that wait get their event once the worker is
 * running; where it is over the port is closed. */
void xhr__shared_worker_connect(xhr__worker_agent *agent, xhr__shared_worker_connection *one);
/* The first that waits, taken out, the caller's to free; NULL: none, and the next to come posts the task. */
xhr__shared_worker_connection *xhr__shared_worker_take_connection(xhr__worker_agent *agent);
/* The end of a worker's thread: closes the ports of those who wait. */
void xhr__shared_worker_drop_connections(xhr__worker_agent *agent);

#endif
