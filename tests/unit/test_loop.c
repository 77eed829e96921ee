/* Loops: when they are to be dispatched and how that is told, how they are run, waited on and stopped, and what may be
 * released inside. Each with both drivers where they differ. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/failing_allocator.h"
#include "support/leftovers.h"
#include "support/scripted_session.h"

#define ANSWER "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello"

static const xhr__script_step answers[] = {SCRIPT_READ, SCRIPT_READ_REST, SCRIPT_SEND(ANSWER)};
static const xhr__script_step stalls[] = {SCRIPT_READ, SCRIPT_STALL};
static const xhr__script_step late[] = {SCRIPT_READ, SCRIPT_WAIT(30), SCRIPT_SEND(ANSWER)};

static const scripted_driver drivers[] = {SCRIPTED_INLINE, SCRIPTED_THREADED};
enum { DRIVERS = sizeof drivers / sizeof *drivers, PATIENCE_MS = 5000 };

static void count(const xhr_event *event, void *user) {
  (void)event;
  ++*(unsigned *)user;
}

static xhr *new_request(xhr_context *context, xhr_event_type type, xhr_listener listener,
                        void *user) {
  xhr *request;
  assert_int_equal(xhr_new(context, &request), XHR_OK);
  assert_int_equal(xhr_add_event_listener(xhr_get_event_target(request), type, listener, user),
                   XHR_OK);
  assert_int_equal(xhr_open(request, xhr_str("GET"), xhr_str("http://h/")), XHR_OK);
  return request;
}

static void send(xhr *request) {
  assert_int_equal(xhr_send(request, NULL), XHR_OK);
}

/* Whether the loop's descriptor is readable within `ms`. */
static bool readable(xhr_loop *loop, int ms) {
  struct pollfd fd = {.fd = xhr_loop_fd(loop), .events = POLLIN};
  return poll(&fd, 1, ms) == 1;
}

/* Dispatches whenever the descriptor says so, until nothing is in flight. */
static void drive_by_descriptor(xhr_loop *loop) {
  while (xhr_loop_in_flight(loop) > 0) {
    assert_true(readable(loop, PATIENCE_MS));
    assert_int_equal(xhr_loop_dispatch(loop), XHR_OK);
  }
}

/* Dispatches until the descriptor is quiet. */
static void settle(xhr_loop *loop) {
  for (unsigned i = 0; readable(loop, 20); i++) {
    assert_true(i < 100);
    assert_int_equal(xhr_loop_dispatch(loop), XHR_OK);
  }
}

/* ---- the descriptor ---- */

static void test_descriptor(void **state) {
  (void)state;
  for (int i = 0; i < DRIVERS; i++) {
    scripted_session s;
    unsigned loads = 0;
    scripted_session_begin(&s, drivers[i], answers, 3);
    settle(s.loop);
    xhr *request = new_request(s.context, XHR_EVENT_LOAD, count, &loads);
    /* A send from outside any dispatch is work to do. */
    send(request);
    drive_by_descriptor(s.loop);
    assert_int_equal(loads, 1);
    settle(s.loop);
    xhr_unref(request);
    scripted_session_end(&s);
  }
}

/* What happened before anybody watched is told of too. */
static void test_descriptor_of_late_watcher(void **state) {
  (void)state;
  for (int i = 0; i < DRIVERS; i++) {
    scripted_session s;
    unsigned loads = 0;
    scripted_session_begin(&s, drivers[i], answers, 3);
    xhr *request = new_request(s.context, XHR_EVENT_LOAD, count, &loads);
    send(request);
    (void)nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    drive_by_descriptor(s.loop);
    assert_int_equal(loads, 1);
    xhr_unref(request);
    scripted_session_end(&s);
  }
}

/* Timers: the server's delay, and the request's own deadline. */
static void test_descriptor_for_timers(void **state) {
  (void)state;
  for (int i = 0; i < DRIVERS; i++) {
    scripted_session s;
    unsigned loads = 0, timeouts = 0;
    scripted_session_begin(&s, drivers[i], late, 3);
    settle(s.loop);
    xhr *request = new_request(s.context, XHR_EVENT_LOAD, count, &loads);
    send(request);
    drive_by_descriptor(s.loop);
    assert_int_equal(loads, 1);
    xhr_unref(request);
    scripted_session_end(&s);

    scripted_session_begin(&s, drivers[i], stalls, 2);
    request = new_request(s.context, XHR_EVENT_TIMEOUT, count, &timeouts);
    send(request);
    settle(s.loop);
    /* Set in flight, from outside. */
    assert_int_equal(xhr_set_timeout(request, 40), XHR_OK);
    drive_by_descriptor(s.loop);
    assert_int_equal(timeouts, 1);
    xhr_unref(request);
    scripted_session_end(&s);
  }
}

/* A task that takes longer than the timeout holds up the engine, or the news, but is not the network's delay. */
static void test_timeout_behind_a_long_task(void **state) {
  (void)state;
  for (int i = 0; i < DRIVERS; i++) {
    scripted_session s;
    unsigned loads = 0;
    scripted_session_begin(&s, drivers[i], late, 3);
    xhr *request = new_request(s.context, XHR_EVENT_LOAD, count, &loads);
    assert_int_equal(xhr_set_timeout(request, 100), XHR_OK);
    send(request);
    (void)nanosleep(&(struct timespec){.tv_nsec = 150000000}, NULL);
    assert_int_equal(xhr_loop_run(s.loop), XHR_OK);
    assert_int_equal(loads, 1);
    xhr_unref(request);
    scripted_session_end(&s);
  }
}

static void send_again(const xhr_event *event, void *user) {
  unsigned *left = user;
  if (*left == 0)
    return;
  --*left;
  assert_int_equal(xhr_open(event->xhr, xhr_str("GET"), xhr_str("http://h/")), XHR_OK);
  send(event->xhr);
}

/* What a listener sends wakes nobody at once, but the descriptor tells of it once the dispatch is over. */
static void test_descriptor_after_listeners(void **state) {
  (void)state;
  for (int i = 0; i < DRIVERS; i++) {
    scripted_session s;
    unsigned left = 10;
    scripted_session_begin(&s, drivers[i], answers, 3);
    settle(s.loop);
    xhr *request = new_request(s.context, XHR_EVENT_LOADEND, send_again, &left);
    send(request);
    drive_by_descriptor(s.loop);
    assert_int_equal(left, 0);
    xhr_unref(request);
    scripted_session_end(&s);
  }
}

/* ---- wakeup ---- */

static void count_wakeup(void *user) {
  atomic_fetch_add((atomic_uint *)user, 1);
}

/* Several answers at once make one wakeup, not one each; and none is lost. */
static void test_wakeup(void **state) {
  (void)state;
  scripted_session s;
  atomic_uint wakeups = 0;
  unsigned loads = 0;
  xhr_loop *loop;
  xhr_context *context;
  xhr *requests[8];
  scripted_session_begin(&s, SCRIPTED_THREADED, answers, 3);
  assert_int_equal(xhr_loop_new(count_wakeup, &wakeups, &loop), XHR_OK);
  assert_int_equal(xhr_context_new(s.session, loop, xhr_str(NULL), &context), XHR_OK);
  for (int i = 0; i < 8; i++) {
    requests[i] = new_request(context, XHR_EVENT_LOAD, count, &loads);
    send(requests[i]);
  }
  for (unsigned seen = 0, ms = 0; xhr_loop_in_flight(loop) > 0; ms++) {
    assert_true(ms < PATIENCE_MS);
    (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    unsigned now = atomic_load(&wakeups);
    if (now != seen)
      assert_int_equal(xhr_loop_dispatch(loop), XHR_OK);
    seen = now;
  }
  assert_int_equal(loads, 8);
  assert_true(atomic_load(&wakeups) >= 1 && atomic_load(&wakeups) <= 32);
  for (int i = 0; i < 8; i++)
    xhr_unref(requests[i]);
  xhr_context_unref(context);
  xhr_loop_unref(loop);
  scripted_session_end(&s);
}

/* ---- a file is read while the loop gets ready to wait ---- */

/* A clock that takes its time: what other threads do meanwhile has been done when it answers. */
static xhr__time slow_now(void *user) {
  (void)nanosleep(&(struct timespec){.tv_nsec = 3000000}, NULL);
  (void)user;
  return xhr__clock_now(&xhr__monotonic_clock);
}

/* "load" or "timeout". */
static void note_type(const xhr_event *event, void *user) {
  *(const char **)user = xhr_event_type_name(event->type);
}

/* Sends a file, and removes it when the request is over. */
static void put_file(xhr *request, void (*drive)(xhr_loop *loop), xhr_loop *loop) {
  char path[] = "/tmp/xhr-loop-XXXXXX";
  xhr_body *body;
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  assert_int_equal(ftruncate(fd, (off_t)1 << 20), 0);
  assert_int_equal(close(fd), 0);
  assert_int_equal(xhr_body_new_file(xhr_str(path), xhr_str(NULL), &body), XHR_OK);
  assert_int_equal(xhr_open(request, xhr_str("PUT"), xhr_str("http://h/")), XHR_OK);
  assert_int_equal(xhr_set_timeout(request, 3000), XHR_OK);
  assert_int_equal(xhr_send(request, body), XHR_OK);
  xhr_body_unref(body);
  drive(loop);
  assert_int_equal(unlink(path), 0);
}

static void drive_by_run(xhr_loop *loop) {
  assert_int_equal(xhr_loop_run(loop), XHR_OK);
}

static void test_file_is_read_before_the_wait(void **state) {
  (void)state;
  const xhr__clock clock = {slow_now, NULL};
  const xhr__script_connection connection = {.steps = answers, .count = 3};
  const xhr__script script = {.connections = &connection, .count = 1, .max_header_bytes = 4096};
  xhr_session_options *options;
  xhr__transport *transport;
  xhr_session *session;
  xhr_context *context;
  const char *last = "";
  assert_int_equal(xhr_session_options_new(&options), XHR_OK);
  assert_int_equal(xhr_session_options_set_driver(options, XHR_DRIVER_INLINE), XHR_OK);
  assert_int_equal(xhr__scripted_transport_new(&script, &transport), XHR_OK);
  assert_int_equal(xhr__session_new_with(options, transport, &clock, &session), XHR_OK);
  xhr_session_options_free(options);
  assert_int_equal(xhr_context_new(session, NULL, xhr_str(NULL), &context), XHR_OK);
  xhr *request = new_request(context, XHR_EVENT_LOAD, note_type, &last);
  assert_int_equal(
      xhr_add_event_listener(xhr_get_event_target(request), XHR_EVENT_TIMEOUT, note_type, &last),
      XHR_OK);
  put_file(request, drive_by_run, xhr_context_loop(context));
  assert_string_equal(last, "load");
  xhr_unref(request);
  xhr_context_unref(context);
  xhr_session_unref(session);
}

/* The same with a descriptor that somebody watches. */
static void test_file_by_descriptor(void **state) {
  (void)state;
  for (int i = 0; i < DRIVERS; i++) {
    scripted_session s;
    unsigned loads = 0;
    scripted_session_begin(&s, drivers[i], answers, 3);
    xhr *request = new_request(s.context, XHR_EVENT_LOAD, count, &loads);
    put_file(request, drive_by_descriptor, s.loop);
    assert_int_equal(loads, 1);
    xhr_unref(request);
    scripted_session_end(&s);
  }
}

/* ---- dispatch within dispatch, releases within dispatch ---- */

static void dispatch_inside(const xhr_event *event, void *user) {
  xhr_loop *loop = user;
  (void)event;
  assert_int_equal(xhr_loop_dispatch(loop), XHR_REENTRANT);
  assert_int_equal(xhr_loop_wait(loop, 0), XHR_REENTRANT);
  assert_int_equal(xhr_loop_run(loop), XHR_REENTRANT);
  assert_int_equal(xhr_loop_in_flight(loop), 1);
}

static void test_reentrant(void **state) {
  (void)state;
  for (int i = 0; i < DRIVERS; i++) {
    scripted_session s;
    scripted_session_begin(&s, drivers[i], answers, 3);
    xhr *request = new_request(s.context, XHR_EVENT_LOAD, dispatch_inside, s.loop);
    send(request);
    assert_int_equal(xhr_loop_run(s.loop), XHR_OK);
    assert_int_equal(xhr_loop_in_flight(s.loop), 0);
    xhr_unref(request);
    scripted_session_end(&s);
  }
}

typedef enum turner { BY_DISPATCH, BY_WAIT, BY_RUN, TURNERS } turner;

static struct {
  scripted_session session;
  xhr *request;
} all;

static void release_all(const xhr_event *event, void *user) {
  (void)event;
  *(bool *)user = true;
  xhr_unref(all.request);
  all.request = NULL;
  scripted_session_end(&all.session);
}

/* Whatever dispatches, a listener may let go of everything: the loop is there until the call returns. */
static void test_release_of_all(void **state) {
  (void)state;
  for (int i = 0; i < DRIVERS; i++) {
    for (int by = 0; by < TURNERS; by++) {
      bool released = false;
      scripted_session_begin(&all.session, drivers[i], answers, 3);
      all.request = new_request(all.session.context, XHR_EVENT_LOADEND, release_all, &released);
      send(all.request);
      while (!released) {
        xhr_loop *loop = all.session.loop;
        switch ((turner)by) {
          case BY_DISPATCH: assert_int_equal(xhr_loop_dispatch(loop), XHR_OK); break;
          case BY_WAIT: assert_int_equal(xhr_loop_wait(loop, PATIENCE_MS), XHR_OK); break;
          default: assert_int_equal(xhr_loop_run(loop), XHR_OK); break;
        }
      }
    }
  }
}

/* ---- counts, stops ---- */

static void test_in_flight(void **state) {
  (void)state;
  for (int i = 0; i < DRIVERS; i++) {
    scripted_session s;
    unsigned ends = 0;
    xhr *requests[3];
    scripted_session_begin(&s, drivers[i], stalls, 2);
    for (size_t n = 0; n < 3; n++) {
      requests[n] = new_request(s.context, XHR_EVENT_LOADEND, count, &ends);
      assert_int_equal(xhr_loop_in_flight(s.loop), n);
      send(requests[n]);
    }
    assert_int_equal(xhr_loop_in_flight(s.loop), 3);
    assert_int_equal(xhr_abort(requests[0]), XHR_OK);
    assert_int_equal(ends, 1);
    assert_int_equal(xhr_loop_in_flight(s.loop), 2);
    /* open() ends a request without an event. */
    assert_int_equal(xhr_open(requests[1], xhr_str("GET"), xhr_str("http://h/")), XHR_OK);
    assert_int_equal(xhr_loop_in_flight(s.loop), 1);
    xhr_context_destroy(s.context);
    assert_int_equal(xhr_loop_in_flight(s.loop), 0);
    assert_int_equal(xhr_loop_run(s.loop), XHR_OK);
    assert_int_equal(ends, 1);
    for (size_t n = 0; n < 3; n++)
      xhr_unref(requests[n]);
    scripted_session_end(&s);
  }
}

static void stop(const xhr_event *event, void *user) {
  (void)event;
  xhr_loop_stop(user);
}

static void test_stop(void **state) {
  (void)state;
  for (int i = 0; i < DRIVERS; i++) {
    scripted_session s;
    unsigned loads = 0;
    scripted_session_begin(&s, drivers[i], late, 3);
    xhr *first = new_request(s.context, XHR_EVENT_READYSTATECHANGE, stop, s.loop);
    assert_int_equal(
        xhr_add_event_listener(xhr_get_event_target(first), XHR_EVENT_LOAD, count, &loads), XHR_OK);
    /* Stopped before it runs: it returns at once, and the stop is used up. */
    send(first);
    xhr_loop_stop(s.loop);
    assert_int_equal(xhr_loop_run(s.loop), XHR_OK);
    assert_int_equal(xhr_loop_in_flight(s.loop), 1);
    /* Stopped by a listener: once its dispatch is done. */
    assert_int_equal(xhr_loop_run(s.loop), XHR_OK);
    assert_int_equal(loads, 1);
    assert_int_equal(xhr_loop_in_flight(s.loop), 0);
    /* And a wait without end. */
    xhr_loop_stop(s.loop);
    assert_int_equal(xhr_loop_wait(s.loop, -1), XHR_OK);
    xhr_unref(first);
    scripted_session_end(&s);
  }
}

/* ---- contexts come and go ---- */

/* An inline session on one loop: each context is the only one of its time, so that the loop takes the session up and
 * lets it go again and again. The request of every other one is cut off. */
static void test_contexts_come_and_go(void **state) {
  (void)state;
  for (int i = 0; i < DRIVERS; i++) {
    scripted_session s;
    scripted_session_begin(&s, drivers[i], answers, 3);
    xhr_context_unref(s.context);
    s.context = NULL;
    for (unsigned n = 0; n < 30; n++) {
      unsigned loads = 0;
      xhr_context *context;
      assert_int_equal(xhr_context_new(s.session, s.loop, xhr_str(NULL), &context), XHR_OK);
      xhr *request = new_request(context, XHR_EVENT_LOAD, count, &loads);
      send(request);
      if (n % 2) {
        xhr_context_destroy(context);
      } else if (n % 4) {
        drive_by_descriptor(s.loop);
      } else {
        assert_int_equal(xhr_loop_run(s.loop), XHR_OK);
      }
      assert_int_equal(loads, n % 2 ? 0 : 1);
      xhr_unref(request);
      xhr_context_unref(context);
    }
    scripted_session_end(&s);
  }
}

/* The last context goes inside a listener of another session's request, and takes its session with it. */
static void end_other(const xhr_event *event, void *user) {
  (void)event;
  scripted_session *other = user;
  xhr_context_destroy(other->context);
  xhr_context_unref(other->context);
  other->context = NULL;
  xhr_session_unref(other->session);
  other->session = NULL;
}

static void test_session_ends_in_others_listener(void **state) {
  (void)state;
  for (int i = 0; i < DRIVERS * DRIVERS; i++) {
    scripted_session s, other;
    unsigned events = 0;
    scripted_session_begin(&s, drivers[i % DRIVERS], late, 3);
    /* One without a context, so that an inline session belongs to no loop yet. */
    other = (scripted_session){0};
    other.connections[0] = (xhr__script_connection){.steps = stalls, .count = 2};
    other.script = (xhr__script){other.connections, 1, .max_header_bytes = 4096};
    xhr_session_options *options;
    xhr__transport *transport;
    assert_int_equal(xhr_session_options_new(&options), XHR_OK);
    assert_int_equal(xhr_session_options_set_driver(options, i / DRIVERS ? XHR_DRIVER_INLINE
                                                                         : XHR_DRIVER_THREAD),
                     XHR_OK);
    assert_int_equal(xhr__scripted_transport_new(&other.script, &transport), XHR_OK);
    assert_int_equal(xhr__session_new_with(options, transport, NULL, &other.session), XHR_OK);
    xhr_session_options_free(options);
    assert_int_equal(xhr_context_new(other.session, s.loop, xhr_str(NULL), &other.context), XHR_OK);
    xhr *stalled = new_request(other.context, XHR_EVENT_LOADEND, count, &events);
    send(stalled);
    xhr *request = new_request(s.context, XHR_EVENT_LOAD, end_other, &other);
    send(request);
    assert_int_equal(xhr_loop_run(s.loop), XHR_OK);
    assert_int_equal(events, 0);
    /* The XHR held its context, and that the session. */
    xhr_unref(stalled);
    xhr_unref(request);
    scripted_session_end(&s);
  }
}

/* ---- memory ends ---- */

/* An inline session's first context takes the session up. Where it cannot be made, nothing has changed: the next one can,
 * on another loop too. */
static void test_context_after_out_of_memory(void **state) {
  (void)state;
  /* So that it has certificates to find, which takes memory. */
  assert_int_equal(unsetenv("SSL_CERT_FILE"), 0);
  assert_int_equal(unsetenv("SSL_CERT_DIR"), 0);
  failing_allocator_install();
  bool failed = true;
  for (size_t nth = 1; failed; nth++) {
    xhr_session_options *options;
    xhr_session *session;
    xhr_context *context;
    assert_int_equal(xhr_session_options_new(&options), XHR_OK);
    assert_int_equal(xhr_session_options_set_driver(options, XHR_DRIVER_INLINE), XHR_OK);
    assert_int_equal(xhr_session_new(options, &session), XHR_OK);
    xhr_session_options_free(options);
    failing_allocator_arm(nth, true);
    xhr_status status = xhr_context_new(session, NULL, xhr_str("http://h/"), &context);
    failed = failing_allocator_failed();
    failing_allocator_arm(0, false);
    assert_int_equal(status, failed ? XHR_OUT_OF_MEMORY : XHR_OK);
    if (failed) {
      assert_int_equal(xhr_context_new(session, NULL, xhr_str("http://h/"), &context), XHR_OK);
    }
    xhr_context_unref(context);
    xhr_session_unref(session);
  }
  assert_int_equal(failing_allocator_live(), 0);
  failing_allocator_uninstall();
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_descriptor),
                                     cmocka_unit_test(test_descriptor_of_late_watcher),
                                     cmocka_unit_test(test_descriptor_for_timers),
                                     cmocka_unit_test(test_timeout_behind_a_long_task),
                                     cmocka_unit_test(test_descriptor_after_listeners),
                                     cmocka_unit_test(test_wakeup),
                                     cmocka_unit_test(test_file_is_read_before_the_wait),
                                     cmocka_unit_test(test_file_by_descriptor),
                                     cmocka_unit_test(test_reentrant),
                                     cmocka_unit_test(test_release_of_all),
                                     cmocka_unit_test(test_in_flight),
                                     cmocka_unit_test(test_stop),
                                     cmocka_unit_test(test_contexts_come_and_go),
                                     cmocka_unit_test(test_session_ends_in_others_listener),
                                     cmocka_unit_test(test_context_after_out_of_memory)};
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
