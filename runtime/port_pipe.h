/* https://html.spec.whatwg.org/#entangle: two ends, each with the messages that were sent to it and not delivered yet. What a
 * MessagePort stands on, and the implicit ports of workers. Ends are atomically counted; any thread may post. */
#ifndef XHR__RUNTIME_PORT_PIPE_H
#define XHR__RUNTIME_PORT_PIPE_H

#include "runtime/structured_serialize.h"

typedef struct xhr__port_end xhr__port_end;

/* Two ends, one reference each. XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__port_pipe_new(xhr__port_end **one, xhr__port_end **other);
xhr__port_end *xhr__port_end_ref(xhr__port_end *end);
/* The last reference closes it. NULL is allowed. Any thread. */
void xhr__port_end_unref(xhr__port_end *end);

/* Any thread: leaves a message for the other end, and takes it over. Where that is closed it is dropped. XHR_OK,
 * XHR_OUT_OF_MEMORY (the message is dropped). */
xhr_status xhr__port_end_post(xhr__port_end *end, xhr__serialized *message);

/* The thread of `loop`: from now on what came to this end is delivered there, each message a task of its own in the order
 * of posting (https://html.spec.whatwg.org/#port-message-queue, enabled). `deliver` takes over the message. It holds no
 * reference to the loop's owner: detach before `user` goes. */
xhr_status xhr__port_end_attach(xhr__port_end *end, xhr_loop *loop,
                                void (*deliver)(void *user, xhr__serialized *message), void *user);
/* The same thread: deliveries stop; what has come and comes waits in the end, which may be attached on another thread. */
void xhr__port_end_detach(xhr__port_end *end);
/* Any thread but not while another is inside attach or detach: https://html.spec.whatwg.org/#disentangle; what waits in it is
 * dropped, what was posted to the other end before is still delivered there. */
void xhr__port_end_close(xhr__port_end *end);

#endif
