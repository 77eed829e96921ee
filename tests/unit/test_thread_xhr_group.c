/* Several XHRs of one context, and what a listener of one may do to the others; dispatch within dispatch; requests that
 * are sent again and again. Each with all drivers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <limits.h>

#include "support/event_log.h"
#include "support/leftovers.h"
#include "support/scripted_session.h"

enum { REQUESTS = 10 };

static scripted_session s;
static xhr *requests[REQUESTS];
static event_log logs[REQUESTS];

static const xhr__script_step answers[] = {
    SCRIPT_READ, SCRIPT_READ_REST,
    SCRIPT_SEND("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello"),
    SCRIPT_CLOSE};

#define WHOLE "1 loadstart 2 3 progress(5,5) 4 load(5,5) loadend(5,5)"

static void send_it(xhr *request) {
  assert_int_equal(xhr_open(request, xhr_str("GET"), xhr_str("/")), XHR_OK);
  assert_int_equal(xhr_send(request, NULL), XHR_OK);
}

static void begin(int driver) {
  scripted_session_begin(&s, (scripted_driver)driver, answers, 4);
  for (size_t i = 0; i < REQUESTS; i++) {
    logs[i] = (event_log){.len = 0};
    assert_int_equal(xhr_new(s.context, &requests[i]), XHR_OK);
    event_log_listen(&logs[i], requests[i]);
  }
}

static void end(void) {
  assert_int_equal(xhr_loop_in_flight(s.loop), 0);
  for (size_t i = 0; i < REQUESTS; i++)
    xhr_unref(requests[i]);
  scripted_session_end(&s);
}

static void send_all(void) {
  for (size_t i = 0; i < REQUESTS; i++)
    send_it(requests[i]);
  assert_int_equal(xhr_loop_in_flight(s.loop), REQUESTS);
}

static void test_all_are_answered(void **state) {
  (void)state;
  for (int driver = 0; driver < SCRIPTED_DRIVERS; driver++) {
    begin(driver);
    send_all();
    scripted_session_run(&s);
    for (size_t i = 0; i < REQUESTS; i++)
      assert_string_equal(logs[i].text, WHOLE);
    end();
  }
}

/* ---- one ends the others --------------------------------------------------------------------------------- */

static void abort_others(event_log *log, const xhr_event *event, size_t index) {
  (void)event;
  if (index != 2)
    return;
  for (size_t i = 0; i < REQUESTS; i++) {
    if (&logs[i] != log)
      assert_int_equal(xhr_abort(requests[i]), XHR_OK);
  }
}

/* The first that hears of its headers aborts the others, whatever has come for them. */
static void test_abort_others(void **state) {
  (void)state;
  for (int driver = 0; driver < SCRIPTED_DRIVERS; driver++) {
    begin(driver);
    for (size_t i = 0; i < REQUESTS; i++)
      logs[i].hook = NULL;
    logs[0].hook = abort_others;
    send_all();
    scripted_session_run(&s);
    assert_string_equal(logs[0].text, WHOLE);
    for (size_t i = 1; i < REQUESTS; i++) {
      /* Done before the first was, or aborted. */
      const char *last = strrchr(logs[i].text, ' ');
      assert_true(strcmp(last, " loadend") == 0 || strcmp(logs[i].text, WHOLE) == 0);
    }
    end();
  }
}

static void release_others(event_log *log, const xhr_event *event, size_t index) {
  (void)event;
  if (index != 2)
    return;
  for (size_t i = 0; i < REQUESTS; i++) {
    if (&logs[i] != log) {
      xhr_unref(requests[i]);
      requests[i] = NULL;
    }
  }
}

static void test_release_others(void **state) {
  (void)state;
  for (int driver = 0; driver < SCRIPTED_DRIVERS; driver++) {
    begin(driver);
    logs[0].hook = release_others;
    send_all();
    scripted_session_run(&s);
    for (size_t i = 0; i < REQUESTS; i++)
      assert_string_equal(logs[i].text, WHOLE);
    end();
  }
}

static bool destroyed;

static void destroy(event_log *log, const xhr_event *event, size_t index) {
  (void)log;
  (void)event;
  assert_false(destroyed);
  if (index == 4) {
    destroyed = true;
    xhr_context_destroy(s.context);
    assert_int_equal(xhr_loop_in_flight(s.loop), 0);
  }
}

/* From the destruction on no listener of any is called. */
static void test_destroy_with_many(void **state) {
  (void)state;
  for (int driver = 0; driver < SCRIPTED_DRIVERS; driver++) {
    begin(driver);
    destroyed = false;
    for (size_t i = 0; i < REQUESTS; i++)
      logs[i].hook = destroy;
    send_all();
    scripted_session_run(&s);
    assert_true(destroyed);
    for (size_t i = 0; i < REQUESTS; i++)
      assert_int_equal(xhr_send(requests[i], NULL), XHR_CLOSED);
    end();
  }
}

/* Outside of any listener, and twice. */
static void test_destroy_in_flight(void **state) {
  (void)state;
  for (int driver = 0; driver < SCRIPTED_DRIVERS; driver++) {
    begin(driver);
    send_all();
    xhr_context_destroy(s.context);
    xhr_context_destroy(s.context);
    assert_int_equal(xhr_loop_in_flight(s.loop), 0);
    for (size_t i = 0; i < REQUESTS; i++)
      assert_string_equal(logs[i].text, "1 loadstart");
    end();
  }
}

/* Everything is let go with requests in flight that nobody will ever dispatch. */
static void test_let_go_in_flight(void **state) {
  (void)state;
  for (int driver = 0; driver < SCRIPTED_DRIVERS; driver++) {
    begin(driver);
    send_all();
    for (size_t i = 0; i < REQUESTS; i++) {
      xhr_unref(requests[i]);
      requests[i] = NULL;
    }
    assert_int_equal(xhr_loop_in_flight(s.loop), REQUESTS);
    xhr_context_destroy(s.context);
    end();
  }
}

/* ---- dispatch within dispatch ------------------------------------------------------------------------------- */

static void dispatch(event_log *log, const xhr_event *event, size_t index) {
  (void)log;
  (void)event;
  if (index < 2)
    return; /* open's and send's own, which are outside of any dispatch */
  assert_int_equal(xhr_loop_dispatch(s.loop), XHR_REENTRANT);
  assert_int_equal(xhr_loop_wait(s.loop, 0), XHR_REENTRANT);
  assert_int_equal(xhr_loop_run(s.loop), XHR_REENTRANT);
}

static void test_reentrant(void **state) {
  (void)state;
  for (int driver = 0; driver < SCRIPTED_DRIVERS; driver++) {
    begin(driver);
    logs[0].hook = dispatch;
    send_it(requests[0]);
    scripted_session_run(&s);
    assert_string_equal(logs[0].text, WHOLE);
    end();
  }
}

/* ---- again and again ------------------------------------------------------------------------------------------- */

static unsigned left;

static void send_again(const xhr_event *event, void *user) {
  (void)user;
  assert_int_equal(xhr_loop_in_flight(s.loop), 1);
  if (left-- > 0)
    send_it(event->xhr);
}

/* Each loadend sends the next request; the program let go of the XHR long ago. */
static void test_chain(void **state) {
  (void)state;
  for (int driver = 0; driver < SCRIPTED_DRIVERS; driver++) {
    scripted_session_begin(&s, (scripted_driver)driver, answers, 4);
    xhr *request;
    left = SCRIPTED_CONNECTIONS - 1;
    assert_int_equal(xhr_new(s.context, &request), XHR_OK);
    assert_int_equal(
        xhr_add_event_listener(xhr_get_event_target(request), XHR_EVENT_LOADEND, send_again, NULL),
        XHR_OK);
    send_it(request);
    xhr_unref(request);
    scripted_session_run(&s);
    assert_int_equal(left, UINT_MAX);
    assert_int_equal(xhr_loop_in_flight(s.loop), 0);
    scripted_session_end(&s);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_all_are_answered),  cmocka_unit_test(test_abort_others),
      cmocka_unit_test(test_release_others),    cmocka_unit_test(test_destroy_with_many),
      cmocka_unit_test(test_destroy_in_flight), cmocka_unit_test(test_let_go_in_flight),
      cmocka_unit_test(test_reentrant),         cmocka_unit_test(test_chain),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
