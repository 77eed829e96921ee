#include "infra/poller.h"

#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "infra/alloc.h"

enum { EVENTS_AT_ONCE = 256 };

struct xhr__poller {
  _Atomic uint32_t references;
  int epoll;
  int event;
  int timer;
  /* What the last epoll_wait gave, while it is handed out: xhr__poller_unwatch strikes entries out. */
  struct epoll_event ready[EVENTS_AT_ONCE];
  int ready_count;
};

xhr_status xhr__poller_new(xhr__poller **out) {
  xhr__poller *poller = XHR__NEW(xhr__poller);
  if (!poller)
    return XHR_OUT_OF_MEMORY;
  poller->references = 1;
  poller->epoll = poller->event = poller->timer = -1;
  xhr_status status = XHR_SYSTEM;
  poller->epoll = epoll_create1(EPOLL_CLOEXEC);
  if (poller->epoll < 0)
    goto fail;
  poller->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (poller->event < 0)
    goto fail;
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = &poller->event};
  if (epoll_ctl(poller->epoll, EPOLL_CTL_ADD, poller->event, &event) != 0)
    goto fail;
  *out = poller;
  return XHR_OK;
fail:
  xhr__poller_unref(poller);
  return status;
}

xhr__poller *xhr__poller_ref(xhr__poller *poller) {
  atomic_fetch_add_explicit(&poller->references, 1, memory_order_relaxed);
  return poller;
}

void xhr__poller_unref(xhr__poller *poller) {
  if (!poller)
    return;
  if (atomic_fetch_sub_explicit(&poller->references, 1, memory_order_acq_rel) != 1)
    return;
  if (poller->timer >= 0)
    close(poller->timer);
  if (poller->event >= 0)
    close(poller->event);
  if (poller->epoll >= 0)
    close(poller->epoll);
  xhr__free(poller);
}

static xhr_status control(xhr__poller *poller, int operation, xhr__watcher *watcher,
                          unsigned interest) {
  struct epoll_event event = {.data.ptr = watcher};
  if (interest & XHR__POLL_IN)
    event.events |= EPOLLIN;
  if (interest & XHR__POLL_OUT)
    event.events |= EPOLLOUT;
  if (epoll_ctl(poller->epoll, operation, watcher->fd, &event) != 0)
    return XHR_SYSTEM;
  watcher->interest = interest;
  return XHR_OK;
}

xhr_status xhr__poller_watch(xhr__poller *poller, xhr__watcher *watcher, unsigned interest) {
  return control(poller, EPOLL_CTL_ADD, watcher, interest);
}

xhr_status xhr__poller_change(xhr__poller *poller, xhr__watcher *watcher, unsigned interest) {
  if (watcher->interest == interest)
    return XHR_OK;
  return control(poller, EPOLL_CTL_MOD, watcher, interest);
}

void xhr__poller_unwatch(xhr__poller *poller, xhr__watcher *watcher) {
  /* A descriptor that was closed before has left the set by itself. */
  epoll_ctl(poller->epoll, EPOLL_CTL_DEL, watcher->fd, NULL);
  watcher->interest = 0;
  for (int i = 0; i < poller->ready_count; i++) {
    if (poller->ready[i].data.ptr == watcher)
      poller->ready[i].data.ptr = NULL;
  }
}

static int timeout_ms(xhr__time timeout) {
  if (timeout == XHR__NEVER)
    return -1;
  xhr__time ms = timeout / XHR__MILLISECOND + (timeout % XHR__MILLISECOND != 0);
  return ms > INT_MAX ? INT_MAX : (int)ms;
}

/* Reads a counter descriptor empty. */
static void drain(int fd) {
  uint64_t count;
  while (read(fd, &count, sizeof count) < 0 && errno == EINTR)
    continue;
}

static void hand_out(xhr__poller *poller, struct epoll_event *event) {
  if (!event->data.ptr)
    return;
  if (event->data.ptr == &poller->event || event->data.ptr == &poller->timer) {
    drain(*(int *)event->data.ptr);
    return;
  }
  xhr__watcher *watcher = event->data.ptr;
  unsigned events = 0;
  if (event->events & (EPOLLIN | EPOLLRDHUP))
    events |= XHR__POLL_IN;
  if (event->events & EPOLLOUT)
    events |= XHR__POLL_OUT;
  if (event->events & (EPOLLERR | EPOLLHUP))
    events |= XHR__POLL_ERROR;
  watcher->ready(watcher, events);
}

void xhr__poller_wait(xhr__poller *poller, xhr__time timeout) {
  int count = epoll_wait(poller->epoll, poller->ready, EVENTS_AT_ONCE, timeout_ms(timeout));
  poller->ready_count = count > 0 ? count : 0;
  for (int i = 0; i < poller->ready_count; i++)
    hand_out(poller, &poller->ready[i]);
  poller->ready_count = 0;
}

void xhr__poller_wake(xhr__poller *poller) {
  uint64_t one = 1;
  while (write(poller->event, &one, sizeof one) < 0 && errno == EINTR)
    continue;
}

int xhr__poller_fd(xhr__poller *poller) {
  return poller->epoll;
}

xhr_status xhr__poller_arm(xhr__poller *poller, xhr__time timeout) {
  if (poller->timer < 0) {
    if (timeout == XHR__NEVER)
      return XHR_OK;
    poller->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (poller->timer < 0)
      return XHR_SYSTEM;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &poller->timer};
    if (epoll_ctl(poller->epoll, EPOLL_CTL_ADD, poller->timer, &event) != 0) {
      close(poller->timer);
      poller->timer = -1;
      return XHR_SYSTEM;
    }
  }
  struct itimerspec spec = {{0, 0}, {0, 0}};
  if (timeout != XHR__NEVER) {
    if (timeout == 0)
      timeout = 1; /* all zero would disarm it */
    spec.it_value.tv_sec = (time_t)(timeout / 1000000000u);
    spec.it_value.tv_nsec = (long)(timeout % 1000000000u);
  }
  return timerfd_settime(poller->timer, 0, &spec, NULL) == 0 ? XHR_OK : XHR_SYSTEM;
}
