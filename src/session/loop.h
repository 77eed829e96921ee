/* https://html.spec.whatwg.org/#event-loop */
#ifndef XHR__SESSION_LOOP_H
#define XHR__SESSION_LOOP_H

#include "fetch/engine.h"
#include "fetch/mailbox.h"
#include "xhr/loop.h"

/* Whether the caller is on the loop's thread. */
bool xhr__loop_is_current(const xhr_loop *loop);
/* Where the loop's fetches answer; borrowed. */
xhr__mailbox *xhr__loop_mailbox(xhr_loop *loop);
/* Counts a request as in flight, and not any more. The former holds a reference to the loop. */
void xhr__loop_hold(xhr_loop *loop);
void xhr__loop_release(xhr_loop *loop);
/* Makes the loop pump an engine with the inline driver; counted, once per context. XHR_INVALID_STATE_ERR where
 * another loop pumps it, XHR_OUT_OF_MEMORY, or what the transport's attach says. */
xhr_status xhr__loop_adopt(xhr_loop *loop, xhr__engine *engine);
void xhr__loop_disown(xhr_loop *loop, xhr__engine *engine);

#endif
