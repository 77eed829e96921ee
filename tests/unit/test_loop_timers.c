/* A loop's timers: order, what a dispatch may see of them, who waits for them. Most of it on a clock of the test's. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infra/alloc.h"
#include "session/loop.h"
#include "support/leftovers.h"
#include "support/scripted_session.h"

enum { PATIENCE_MS = 5000 };

static xhr__time fake_time;

static xhr__time fake_now(void *user) {
  (void)user;
  return fake_time;
}

static xhr_loop *new_loop(void) {
  static const xhr__clock clock = {fake_now, NULL};
  xhr_loop *loop;
  fake_time = 1000;
  assert_int_equal(xhr_loop_new(NULL, NULL, &loop), XHR_OK);
  xhr__loop_set_clock(loop, &clock);
  return loop;
}

/* A timer that notes its letter when it fires. */
typedef struct noted {
  xhr__loop_timer timer;
  char letter;
  xhr_loop *loop;
  struct noted *other; /* what it stops or sets, by `action` */
  enum { NOTHING, STOP_OTHER, SET_OTHER, SET_ITSELF, FREE_ITSELF } action;
  xhr__time next;
} noted;

static char notes[64];

static void note(xhr__loop_timer *timer) {
  noted *n = XHR__OWNER(timer, noted, timer);
  size_t len = strlen(notes);
  assert_false(xhr__loop_timer_is_set(timer));
  assert_true(len + 1 < sizeof notes);
  notes[len] = n->letter;
  notes[len + 1] = '\0';
  switch (n->action) {
    case NOTHING: break;
    case STOP_OTHER: xhr__loop_timer_stop(n->loop, &n->other->timer); break;
    case SET_OTHER:
      assert_int_equal(xhr__loop_timer_set(n->loop, &n->other->timer, n->next), XHR_OK);
      break;
    case SET_ITSELF: assert_int_equal(xhr__loop_timer_set(n->loop, timer, n->next), XHR_OK); break;
    case FREE_ITSELF: xhr__free(n); break;
  }
}

static noted new_noted(xhr_loop *loop, char letter) {
  notes[0] = '\0';
  return (noted){.timer = {.fire = note, .holds = true}, .letter = letter, .loop = loop};
}

static void set(noted *n, xhr__time deadline) {
  assert_int_equal(xhr__loop_timer_set(n->loop, &n->timer, deadline), XHR_OK);
}

static void dispatch(xhr_loop *loop) {
  assert_int_equal(xhr_loop_dispatch(loop), XHR_OK);
}

static void test_order(void **state) {
  (void)state;
  xhr_loop *loop = new_loop();
  noted timers[26];
  for (int i = 0; i < 26; i++)
    timers[i] = new_noted(loop, (char)('a' + i));
  /* Odd ones later; among equals the first one set comes first. */
  for (int i = 0; i < 26; i++)
    set(&timers[i], i % 2 ? 3000 : 2000);
  dispatch(loop);
  assert_string_equal(notes, "");
  fake_time = 2999;
  dispatch(loop);
  assert_string_equal(notes, "acegikmoqsuwy");
  fake_time = 3000;
  dispatch(loop);
  assert_string_equal(notes, "acegikmoqsuwybdfhjlnprtvxz");
  xhr_loop_unref(loop);
}

/* Setting one again moves it, in time and behind its equals. */
static void test_moved_and_stopped(void **state) {
  (void)state;
  xhr_loop *loop = new_loop();
  noted a = new_noted(loop, 'a'), b = new_noted(loop, 'b'), c = new_noted(loop, 'c');
  set(&a, 2000);
  set(&b, 2000);
  set(&c, 2000);
  set(&a, 2000);
  assert_true(xhr__loop_timer_is_set(&b.timer));
  xhr__loop_timer_stop(loop, &b.timer);
  xhr__loop_timer_stop(loop, &b.timer);
  assert_false(xhr__loop_timer_is_set(&b.timer));
  fake_time = 2000;
  dispatch(loop);
  assert_string_equal(notes, "ca");
  set(&a, 2000);
  set(&a, XHR__NEVER);
  dispatch(loop);
  assert_string_equal(notes, "ca");
  assert_false(xhr__loop_is_alive(loop));
  xhr_loop_unref(loop);
}

/* A timer that fires may stop one that is due in the same dispatch, and set it anew; itself too. What it sets waits for
 * the next dispatch, even if the clock stands still. */
static void test_within_a_dispatch(void **state) {
  (void)state;
  xhr_loop *loop = new_loop();
  noted a = new_noted(loop, 'a'), b = new_noted(loop, 'b');
  a.other = &b;
  a.action = STOP_OTHER;
  set(&a, 1000);
  set(&b, 1000);
  dispatch(loop);
  assert_string_equal(notes, "a");
  assert_false(xhr__loop_is_alive(loop));

  a.action = SET_OTHER;
  a.next = 1000;
  set(&a, 1000);
  set(&b, 1000);
  dispatch(loop);
  assert_string_equal(notes, "aa");
  dispatch(loop);
  assert_string_equal(notes, "aab");

  a.action = SET_ITSELF;
  set(&a, 1000);
  dispatch(loop);
  dispatch(loop);
  assert_string_equal(notes, "aabaa");
  xhr__loop_timer_stop(loop, &a.timer);

  noted *free_it = XHR__NEW(noted);
  *free_it = new_noted(loop, 'f');
  free_it->action = FREE_ITSELF;
  set(free_it, 1000);
  dispatch(loop);
  assert_string_equal(notes, "f");
  assert_false(xhr__loop_is_alive(loop));
  xhr_loop_unref(loop);
}

static void test_timeout(void **state) {
  (void)state;
  xhr_loop *loop = new_loop();
  noted a = new_noted(loop, 'a'), b = new_noted(loop, 'b');
  assert_int_equal(xhr_loop_timeout(NULL), -1);
  assert_int_equal(xhr_loop_timeout(loop), -1);
  set(&a, 1000 + 5 * XHR__MILLISECOND);
  assert_int_equal(xhr_loop_timeout(loop), 5);
  fake_time += 1;
  assert_int_equal(xhr_loop_timeout(loop), 5); /* rounded up: never too early */
  fake_time += XHR__MILLISECOND;
  assert_int_equal(xhr_loop_timeout(loop), 4);
  set(&b, 0);
  assert_int_equal(xhr_loop_timeout(loop), 0);
  dispatch(loop);
  assert_string_equal(notes, "b");
  xhr__loop_timer_stop(loop, &a.timer);
  assert_int_equal(xhr_loop_timeout(loop), -1);
  set(&a, XHR__NEVER - 1);
  assert_int_equal(xhr_loop_timeout(loop), INT32_MAX);
  xhr__loop_timer_stop(loop, &a.timer);
  xhr_loop_unref(loop);
}

static void count_wakeup(void *user) {
  ++*(unsigned *)user;
}

/* A loop that is woken by its callback only learns of a new earliest timer. */
static void test_wakeup(void **state) {
  (void)state;
  unsigned wakeups = 0;
  xhr_loop *loop;
  assert_int_equal(xhr_loop_new(count_wakeup, &wakeups, &loop), XHR_OK);
  noted a = new_noted(loop, 'a'), b = new_noted(loop, 'b');
  set(&a, xhr__time_after_ms(xhr__loop_now(loop), 1000));
  assert_int_equal(wakeups, 1);
  set(&b, xhr__time_after_ms(xhr__loop_now(loop), 2000));
  assert_int_equal(wakeups, 1);
  int timeout = xhr_loop_timeout(loop);
  assert_true(timeout > 0 && timeout <= 1000);
  xhr__loop_timer_stop(loop, &a.timer);
  xhr__loop_timer_stop(loop, &b.timer);
  xhr_loop_unref(loop);
}

/* ---- real time -------------------------------------------------------------------------------------------------- */

static xhr__time in_ms(xhr_loop *loop, uint64_t ms) {
  return xhr__time_after_ms(xhr__loop_now(loop), ms);
}

/* xhr_loop_run waits for timers that hold, and for no others. */
static void test_run(void **state) {
  (void)state;
  xhr_loop *loop;
  assert_int_equal(xhr_loop_new(NULL, NULL, &loop), XHR_OK);
  noted a = new_noted(loop, 'a'), b = new_noted(loop, 'b'), c = new_noted(loop, 'c');
  c.timer.holds = false;
  assert_int_equal(xhr_loop_run(loop), XHR_OK);
  xhr__time start = xhr__loop_now(loop);
  set(&b, in_ms(loop, 30));
  set(&a, in_ms(loop, 10));
  set(&c, in_ms(loop, 20));
  assert_int_equal(xhr_loop_run(loop), XHR_OK);
  assert_string_equal(notes, "acb");
  xhr__time passed = xhr__loop_now(loop) - start;
  assert_true(passed >= 30 * XHR__MILLISECOND && passed < PATIENCE_MS * XHR__MILLISECOND);
  set(&c, in_ms(loop, 3600000));
  assert_int_equal(xhr_loop_run(loop), XHR_OK);
  assert_int_equal(xhr_loop_in_flight(loop), 0);
  xhr__loop_timer_stop(loop, &c.timer);
  xhr_loop_unref(loop);
}

/* xhr_loop_wait ends when a timer is due, at the latest. */
static void test_wait(void **state) {
  (void)state;
  xhr_loop *loop;
  assert_int_equal(xhr_loop_new(NULL, NULL, &loop), XHR_OK);
  noted a = new_noted(loop, 'a');
  set(&a, in_ms(loop, 10));
  assert_int_equal(xhr_loop_wait(loop, PATIENCE_MS), XHR_OK);
  assert_string_equal(notes, "a");
  set(&a, in_ms(loop, PATIENCE_MS));
  assert_int_equal(xhr_loop_wait(loop, 1), XHR_OK);
  assert_string_equal(notes, "a");
  xhr__loop_timer_stop(loop, &a.timer);
  xhr_loop_unref(loop);
}

static bool readable(xhr_loop *loop, int ms) {
  struct pollfd fd = {.fd = xhr_loop_fd(loop), .events = POLLIN};
  return poll(&fd, 1, ms) == 1;
}

static void test_descriptor(void **state) {
  (void)state;
  xhr_loop *loop;
  assert_int_equal(xhr_loop_new(NULL, NULL, &loop), XHR_OK);
  noted a = new_noted(loop, 'a');
  a.action = SET_ITSELF;
  while (readable(loop, 5))
    dispatch(loop);
  set(&a, in_ms(loop, 3600000));
  assert_false(readable(loop, 5));
  /* An earlier one set between two dispatches, and one set inside. */
  set(&a, in_ms(loop, 10));
  a.next = in_ms(loop, 25);
  while (strlen(notes) < 1) {
    assert_true(readable(loop, PATIENCE_MS));
    dispatch(loop);
  }
  a.action = NOTHING;
  while (strlen(notes) < 2) {
    assert_true(readable(loop, PATIENCE_MS));
    dispatch(loop);
  }
  assert_false(readable(loop, 5));
  xhr_loop_unref(loop);
}

/* ---- beside requests ---- */

static void note_load(const xhr_event *event, void *user) {
  (void)event;
  (void)user;
  size_t len = strlen(notes);
  notes[len] = 'L';
  notes[len + 1] = '\0';
}

/* Timers and a server's delay, on one fake clock. */
static void test_beside_requests(void **state) {
  (void)state;
  static const xhr__script_step steps[] = {
      SCRIPT_READ, SCRIPT_WAIT(30), SCRIPT_SEND("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")};
  scripted_session s;
  xhr *request;
  scripted_session_begin(&s, SCRIPTED_FAKE_CLOCK, steps, 3);
  noted a = new_noted(s.loop, 'a'), b = new_noted(s.loop, 'b');
  assert_int_equal(xhr_new(s.context, &request), XHR_OK);
  assert_int_equal(
      xhr_add_event_listener(xhr_get_event_target(request), XHR_EVENT_LOAD, note_load, NULL),
      XHR_OK);
  assert_int_equal(xhr_open(request, xhr_str("GET"), xhr_str("http://h/")), XHR_OK);
  assert_int_equal(xhr_send(request, NULL), XHR_OK);
  set(&b, in_ms(s.loop, 40));
  set(&a, in_ms(s.loop, 20));
  scripted_session_run(&s);
  assert_string_equal(notes, "aLb");
  assert_int_equal(s.now, 41 * XHR__MILLISECOND);
  xhr_unref(request);
  scripted_session_end(&s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_order),
      cmocka_unit_test(test_moved_and_stopped),
      cmocka_unit_test(test_within_a_dispatch),
      cmocka_unit_test(test_timeout),
      cmocka_unit_test(test_wakeup),
      cmocka_unit_test(test_run),
      cmocka_unit_test(test_wait),
      cmocka_unit_test(test_descriptor),
      cmocka_unit_test(test_beside_requests),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
