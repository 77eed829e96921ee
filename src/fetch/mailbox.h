/* Where fetches answer: the news that they have for one thread, in the order in which it came. News of the same kind that
 * comes before the first was delivered takes its place. Atomically counted. */
#ifndef XHR__FETCH_MAILBOX_H
#define XHR__FETCH_MAILBOX_H

#include <stdbool.h>

#include "xhr/status.h"

typedef struct xhr__mailbox xhr__mailbox;

/* `wake(user)` is called, on any thread and under no lock, after the first news came into an empty mailbox: at once, or
 * with a threaded engine at the end of its turn, so that the owner finds all that the turn brought. With one reference. XHR_OK, XHR_OUT_OF_MEMORY, XHR_SYSTEM. */
xhr_status xhr__mailbox_new(void (*wake)(void *user), void *user, xhr__mailbox **mailbox);
xhr__mailbox *xhr__mailbox_ref(xhr__mailbox *mailbox);
/* NULL is allowed. */
void xhr__mailbox_unref(xhr__mailbox *mailbox);
/* The owning thread: no more wakes, as the owner goes away. Waits for one that is under way. */
void xhr__mailbox_close(xhr__mailbox *mailbox);
/* The owning thread: tells the clients all that is new. News that comes meanwhile waits for the next call. True where
 * there was any. */
bool xhr__mailbox_deliver(xhr__mailbox *mailbox);
/* Whether there are news. */
bool xhr__mailbox_has_news(xhr__mailbox *mailbox);

#endif
