/* Tests of src/infra/poller.c and timers.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "infra/poller.h"
#include "infra/timers.h"
#include "support/leftovers.h"

/* A watcher on one end of a socket pair that counts its calls. */
typedef struct end {
  xhr__watcher watcher;
  int peer;
  int calls;
  unsigned events;
  xhr__poller *poller;
  struct end *unwatch_other;
} end;

static void ready(xhr__watcher *watcher, unsigned events) {
  end *self = (end *)watcher;
  self->calls++;
  self->events = events;
  if (self->unwatch_other)
    xhr__poller_unwatch(self->poller, &self->unwatch_other->watcher);
}

static end open_end(xhr__poller *poller) {
  int fds[2];
  assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
  return (end){.watcher = {.ready = ready, .fd = fds[0]}, .peer = fds[1], .poller = poller};
}

static void close_end(end *self) {
  close(self->watcher.fd);
  close(self->peer);
}

static void test_watch(void **state) {
  (void)state;
  xhr__poller *poller;
  assert_int_equal(xhr__poller_new(&poller), XHR_OK);
  end a = open_end(poller);
  assert_int_equal(xhr__poller_watch(poller, &a.watcher, XHR__POLL_IN), XHR_OK);
  xhr__poller_wait(poller, 0);
  assert_int_equal(a.calls, 0);
  assert_int_equal(write(a.peer, "x", 1), 1);
  xhr__poller_wait(poller, XHR__NEVER);
  assert_int_equal(a.calls, 1);
  assert_int_equal(a.events, XHR__POLL_IN);
  assert_int_equal(xhr__poller_change(poller, &a.watcher, XHR__POLL_OUT), XHR_OK);
  xhr__poller_wait(poller, XHR__NEVER);
  assert_int_equal(a.events, XHR__POLL_OUT);
  assert_int_equal(xhr__poller_change(poller, &a.watcher, 0), XHR_OK);
  xhr__poller_wait(poller, 0);
  assert_int_equal(a.calls, 2);
  close(a.peer);
  xhr__poller_wait(poller, 0);
  assert_true(a.events & XHR__POLL_ERROR);
  xhr__poller_unwatch(poller, &a.watcher);
  close(a.watcher.fd);
  end b = {.watcher = {.ready = ready, .fd = -1}};
  assert_int_equal(xhr__poller_watch(poller, &b.watcher, XHR__POLL_IN), XHR_SYSTEM);
  xhr__poller_unref(poller);
}

static void test_unwatch_while_handed_out(void **state) {
  (void)state;
  xhr__poller *poller;
  assert_int_equal(xhr__poller_new(&poller), XHR_OK);
  end a = open_end(poller), b = open_end(poller);
  a.unwatch_other = &b;
  b.unwatch_other = &a;
  assert_int_equal(xhr__poller_watch(poller, &a.watcher, XHR__POLL_OUT), XHR_OK);
  assert_int_equal(xhr__poller_watch(poller, &b.watcher, XHR__POLL_OUT), XHR_OK);
  xhr__poller_wait(poller, XHR__NEVER);
  /* Whichever came first silenced the other. */
  assert_int_equal(a.calls + b.calls, 1);
  xhr__poller_unwatch(poller, &a.watcher);
  xhr__poller_unwatch(poller, &b.watcher);
  close_end(&a);
  close_end(&b);
  xhr__poller_unref(poller);
}

static int readable(xhr__poller *poller, int timeout_ms) {
  struct pollfd fd = {.fd = xhr__poller_fd(poller), .events = POLLIN};
  return poll(&fd, 1, timeout_ms);
}

static void test_wake_and_time(void **state) {
  (void)state;
  xhr__poller *poller;
  assert_int_equal(xhr__poller_new(&poller), XHR_OK);
  assert_int_equal(readable(poller, 0), 0);
  xhr__poller_wake(poller);
  assert_int_equal(readable(poller, 0), 1);
  xhr__poller_wait(poller, XHR__NEVER);
  assert_int_equal(readable(poller, 0), 0);

  xhr__time before = xhr__clock_now(&xhr__monotonic_clock);
  xhr__poller_wait(poller, 5 * XHR__MILLISECOND);
  assert_true(xhr__clock_now(&xhr__monotonic_clock) - before >= 5 * XHR__MILLISECOND);

  assert_int_equal(xhr__poller_arm(poller, 2 * XHR__MILLISECOND), XHR_OK);
  assert_int_equal(readable(poller, 5000), 1);
  xhr__poller_wait(poller, XHR__NEVER);
  assert_int_equal(readable(poller, 0), 0);
  assert_int_equal(xhr__poller_arm(poller, 0), XHR_OK);
  assert_int_equal(readable(poller, 5000), 1);
  assert_int_equal(xhr__poller_arm(poller, XHR__NEVER), XHR_OK);
  assert_int_equal(readable(poller, 0), 0);
  assert_ptr_equal(xhr__poller_ref(poller), poller);
  xhr__poller_unref(poller);
  xhr__poller_unref(poller);
  xhr__poller_unref(NULL);
}

enum { TIMERS = 500 };

static void test_timers(void **state) {
  (void)state;
  static xhr__timer timer[TIMERS];
  xhr__timers timers = {0};
  assert_true(xhr__timers_next(&timers) == XHR__NEVER);
  assert_null(xhr__timers_take_due(&timers, XHR__NEVER - 1));
  assert_int_equal(xhr__timers_reserve(&timers, TIMERS), XHR_OK);
  srand(7);
  for (int i = 0; i < TIMERS; i++) {
    xhr__timers_set(&timers, &timer[i], (xhr__time)(rand() % 1000));
  }
  /* Some move, some stop. */
  size_t set = TIMERS;
  for (int i = 0; i < TIMERS; i += 3) {
    bool stop = i % 2 == 0;
    xhr__timers_set(&timers, &timer[i], stop ? XHR__NEVER : (xhr__time)(rand() % 1000));
    if (stop)
      set--;
  }
  xhr__timers_stop(&timers, &timer[0]);
  xhr__time last = 0;
  while (set > 0) {
    xhr__time next = xhr__timers_next(&timers);
    assert_true(next >= last);
    assert_null(next ? xhr__timers_take_due(&timers, next - 1) : NULL);
    xhr__timer *due = xhr__timers_take_due(&timers, next);
    assert_non_null(due);
    assert_true(due->deadline == next);
    assert_int_equal(due->index, 0);
    last = next;
    set--;
  }
  assert_true(xhr__timers_next(&timers) == XHR__NEVER);
  xhr__timers_free(&timers);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_watch), cmocka_unit_test(test_unwatch_while_handed_out),
      cmocka_unit_test(test_wake_and_time), cmocka_unit_test(test_timers)};
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
