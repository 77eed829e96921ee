/* https://html.spec.whatwg.org/#entangle: two ends, each with the messages that were sent to it and not delivered yet. What a
 * MessagePort stands on, and the implicit ports of workers. Ends are atomically counted; any thread may post. */
#ifndef XHR__RUNTIME_PORT_PIPE_H
#define XHR__RUNTIME_PORT_PIPE_H

#include "runtime/structured_serialize.h"

typedef struct xhr__port_end xhr__port_end;

/* Who is told of what comes to an end that is attached: on the loop's thread, each call a task of its own. */
typedef struct xhr__port_client {
  /* Takes over the message. */
  void (*deliver)(void *user, xhr__serialized *message);
  /* The other end has been closed (https://html.spec.whatwg.org/#disentangle); what it had posted before was delivered.
   * NULL: of no interest. */
  void (*closed)(void *user);
} xhr__port_client;

/* Two ends, one reference each. XHR_OK, XHR_OUT_OF_MEMORY, XHR_SYSTEM. */
xhr_status xhr__port_pipe_new(xhr__port_end **one, xhr__port_end **other);
xhr__port_end *xhr__port_end_ref(xhr__port_end *end);
/* The last reference closes it. NULL is allowed. Any thread. */
void xhr__port_end_unref(xhr__port_end *end);

/* Any thread: leaves a message for the other end, and takes it over. Where that is closed, or this one, it is dropped.
 * XHR_OK, XHR_OUT_OF_MEMORY (the message is dropped). */
xhr_status xhr__port_end_post(xhr__port_end *end, xhr__serialized *message);

/* Any thread: `port` lies in a message that is to be posted from `end`, until it is taken out again; counts neither. False, and
 * it lies nowhere, where the other end lies in a message that waits in `port`, directly or in that of another port in
 * between: nobody could ever receive either, and they would hold each other for ever. */
bool xhr__port_end_put_in(xhr__port_end *port, xhr__port_end *end);
/* Harmless where it lies nowhere. */
void xhr__port_end_take_out(xhr__port_end *port);

/* The thread of `loop`, for an end that is not attached: from now on what came and comes to this end is delivered there, in the
 * order of posting. Unless `enabled` (https://html.spec.whatwg.org/#port-message-queue) messages wait for
 * xhr__port_end_enable; `closed` does not. It holds no reference to the loop's owner: detach before `user` goes. By itself
 * an attached end keeps no loop going, but its deliveries do. XHR_OK; XHR_OUT_OF_MEMORY, and then it is not attached. */
xhr_status xhr__port_end_attach(xhr__port_end *end, xhr_loop *loop, const xhr__port_client *client,
                                void *user, bool enabled);
/* The same thread; harmless where it is enabled. XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__port_end_enable(xhr__port_end *end);
/* The same thread: deliveries stop; what has come and comes waits in the end, which may be attached on another thread.
 * Harmless where it is not attached. */
void xhr__port_end_detach(xhr__port_end *end);
/* Any thread but not while another is inside attach or detach: https://html.spec.whatwg.org/#disentangle; what waits in it is
 * dropped, what was posted to the other end before is still delivered there. */
void xhr__port_end_close(xhr__port_end *end);

/* Where the other end is. */
typedef enum xhr__port_peer {
  XHR__PORT_PEER_CLOSED,
  XHR__PORT_PEER_LOCAL, /* both are attached to the same loop */
  XHR__PORT_PEER_REMOTE /* on another thread, or on its way somewhere */
} xhr__port_peer;
/* The thread that this end is attached on. `user` gets that of the other end where it is local and has the same client,
 * else NULL. */
xhr__port_peer xhr__port_end_peer(xhr__port_end *end, void **user);
/* The same thread: whether something is on its way to the client. */
bool xhr__port_end_has_deliveries(xhr__port_end *end);

#endif
