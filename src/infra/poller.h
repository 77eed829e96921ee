/* Waiting for descriptors, time and other threads: one epoll, one eventfd, and a timerfd where somebody watches from
 * outside. Belongs to one thread, but for xhr__poller_wake and the references. */
#ifndef XHR__INFRA_POLLER_H
#define XHR__INFRA_POLLER_H

#include "infra/clock.h"
#include "xhr/status.h"

typedef struct xhr__poller xhr__poller;

#define XHR__POLL_IN  1u
#define XHR__POLL_OUT 2u
/* Only reported: an error or hang-up. */
#define XHR__POLL_ERROR 4u

/* Watches one descriptor. Embedded by its owner, who keeps it until xhr__poller_unwatch. */
typedef struct xhr__watcher {
  /* Called from xhr__poller_wait with XHR__POLL_... bits. It may watch, change and unwatch any watcher, itself too. */
  void (*ready)(struct xhr__watcher *watcher, unsigned events);
  int fd;
  unsigned interest;
} xhr__watcher;

/* XHR_OK, XHR_OUT_OF_MEMORY, XHR_SYSTEM. With one reference; they are counted atomically. */
xhr_status xhr__poller_new(xhr__poller **poller);
xhr__poller *xhr__poller_ref(xhr__poller *poller);
/* NULL is allowed. With the last reference no watcher may be left. */
void xhr__poller_unref(xhr__poller *poller);

/* Starts watching `watcher->fd` for `interest` (one watcher per descriptor); XHR_SYSTEM where the kernel refuses. */
xhr_status xhr__poller_watch(xhr__poller *poller, xhr__watcher *watcher, unsigned interest);
/* Changes what is watched for; 0 keeps it registered and reports errors only. Never fails for a watched descriptor
 * that is open. */
xhr_status xhr__poller_change(xhr__poller *poller, xhr__watcher *watcher, unsigned interest);
/* Stops watching: events of it that xhr__poller_wait has already collected are dropped. The descriptor may be closed
 * already. */
void xhr__poller_unwatch(xhr__poller *poller, xhr__watcher *watcher);

/* Waits until something is ready, `timeout` nanoseconds passed (0: only looks; XHR__NEVER: no end), or a wake; then
 * calls the watchers that are ready. */
void xhr__poller_wait(xhr__poller *poller, xhr__time timeout);
/* Makes the present or next xhr__poller_wait return at once. Any thread. */
void xhr__poller_wake(xhr__poller *poller);

/* For loops of others: the descriptor that is readable when xhr__poller_wait(0) would find something. */
int xhr__poller_fd(xhr__poller *poller);
/* Makes that descriptor readable once `timeout` nanoseconds have passed (XHR__NEVER: not). Only of use with
 * xhr__poller_fd; XHR_SYSTEM where there is no timer to be had. */
xhr_status xhr__poller_arm(xhr__poller *poller, xhr__time timeout);

#endif
