/* https://html.spec.whatwg.org/#message-port-post-message-steps and what follows upon them, for the implicit ports of dedicated
 * workers. */
#ifndef XHR__RUNTIME_WORKER_MESSAGES_H
#define XHR__RUNTIME_WORKER_MESSAGES_H

#include "runtime/port_pipe.h"

/* postMessage(message, transfer) and postMessage(message, options): `argc` is 1 at least. */
JSValue xhr__worker_post_message(xhr__realm *realm, xhr__port_end *end, int argc,
                                 JSValueConst *argv);
/* Fires message or messageerror at `target`; takes over `message`. */
void xhr__worker_deliver_message(xhr__realm *realm, JSValueConst target, xhr__serialized *message);

#endif
