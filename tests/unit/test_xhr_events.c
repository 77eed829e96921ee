/* Tests of src/xhr: which events fire, in which order, with which numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/event_log.h"
#include "support/leftovers.h"
#include "support/scripted_session.h"

#define HEAD "HTTP/1.1 200 OK\r\n"

static scripted_session s;
static event_log events;
static xhr *request;

/* An opened request to a server that follows the steps; its events are logged from open on. */
static void begin(scripted_driver driver, const char *method, const xhr__script_step *steps,
                  size_t count) {
  scripted_session_begin(&s, driver, steps, count);
  events = (event_log){.len = 0};
  assert_int_equal(xhr_new(s.context, &request), XHR_OK);
  event_log_listen(&events, request);
  assert_int_equal(xhr_open(request, xhr_str(method), xhr_str("/x")), XHR_OK);
}

static void send_text(const char *text) {
  xhr_body *body = NULL;
  if (text) {
    assert_int_equal(
        xhr_body_new_bytes(text, strlen(text), NULL, NULL, xhr_str("text/plain"), &body), XHR_OK);
  }
  assert_int_equal(xhr_send(request, body), XHR_OK);
  xhr_body_unref(body);
}

static void end(void) {
  xhr_unref(request);
  scripted_session_end(&s);
}

typedef struct exchange {
  const char *name, *method, *body;
  xhr__script_step steps[8];
  size_t count;
  const char *expected;
} exchange;

static const exchange exchanges[] = {
    {"a small body",
     "GET",
     NULL,
     {SCRIPT_READ, SCRIPT_SEND(HEAD "Content-Length: 5\r\n\r\nhello")},
     2,
     "1 loadstart 2 3 progress(5,5) 4 load(5,5) loadend(5,5)"},
    {"an empty body",
     "GET",
     NULL,
     {SCRIPT_READ, SCRIPT_SEND(HEAD "Content-Length: 0\r\n\r\n")},
     2,
     "1 loadstart 2 progress 4 load loadend"},
    {"no length",
     "GET",
     NULL,
     {SCRIPT_READ, SCRIPT_SEND(HEAD "\r\nhello"), SCRIPT_CLOSE},
     3,
     "1 loadstart 2 3 progress(5,0) 4 load(5,0) loadend(5,0)"},
    {"HEAD",
     "HEAD",
     NULL,
     {SCRIPT_READ, SCRIPT_SEND(HEAD "Content-Length: 5\r\n\r\n")},
     2,
     "1 loadstart 2 progress(0,5) 4 load(0,5) loadend(0,5)"},
    {"a null-body status",
     "GET",
     NULL,
     {SCRIPT_READ, SCRIPT_SEND("HTTP/1.1 204 No Content\r\n\r\n")},
     2,
     "1 loadstart 2 progress 4 load loadend"},
    {"an error status is a response",
     "GET",
     NULL,
     {SCRIPT_READ, SCRIPT_SEND("HTTP/1.1 500 Oops\r\nContent-Length: 1\r\n\r\nx")},
     2,
     "1 loadstart 2 3 progress(1,1) 4 load(1,1) loadend(1,1)"},
    {"an upload",
     "POST",
     "body of 16 bytes",
     {SCRIPT_READ, SCRIPT_READ_REST, SCRIPT_SEND(HEAD "Content-Length: 5\r\n\r\nhello")},
     3,
     "1 loadstart u.loadstart(0,16) u.progress(16,16) u.load(16,16) u.loadend(16,16) "
     "2 3 progress(5,5) 4 load(5,5) loadend(5,5)"},
    {"an upload of nothing",
     "POST",
     "",
     {SCRIPT_READ, SCRIPT_SEND(HEAD "Content-Length: 0\r\n\r\n")},
     2,
     "1 loadstart u.loadstart u.progress u.load u.loadend 2 progress 4 load loadend"},
    {"POST without a body",
     "POST",
     NULL,
     {SCRIPT_READ, SCRIPT_SEND(HEAD "Content-Length: 0\r\n\r\n")},
     2,
     "1 loadstart 2 progress 4 load loadend"},
    {"GET drops its body",
     "GET",
     "dropped",
     {SCRIPT_READ, SCRIPT_SEND(HEAD "Content-Length: 0\r\n\r\n")},
     2,
     "1 loadstart 2 progress 4 load loadend"},
    {"more chunks than one, 100 ms apart",
     "GET",
     NULL,
     {SCRIPT_READ, SCRIPT_SEND(HEAD "Content-Length: 6\r\n\r\nab"), SCRIPT_WAIT(100),
      SCRIPT_SEND("cd"), SCRIPT_WAIT(100), SCRIPT_SEND("ef")},
     6,
     "1 loadstart 2 3 progress(2,6) 3 progress(4,6) 3 progress(6,6) 4 load(6,6) loadend(6,6)"},
    {"a chunk that is told of 50 ms later",
     "GET",
     NULL,
     {SCRIPT_READ, SCRIPT_SEND(HEAD "Content-Length: 6\r\n\r\nab"), SCRIPT_WAIT(10),
      SCRIPT_SEND("cd"), SCRIPT_WAIT(100), SCRIPT_SEND("ef")},
     6,
     "1 loadstart 2 3 progress(2,6) 3 progress(4,6) 3 progress(6,6) 4 load(6,6) loadend(6,6)"},
    {"chunks that come too fast to be told of",
     "GET",
     NULL,
     {SCRIPT_READ, SCRIPT_SEND(HEAD "Content-Length: 6\r\n\r\nab"), SCRIPT_WAIT(10),
      SCRIPT_SEND("cd"), SCRIPT_WAIT(10), SCRIPT_SEND("ef")},
     6,
     "1 loadstart 2 3 progress(2,6) progress(6,6) 4 load(6,6) loadend(6,6)"},
    {"an unknown coding has no length either",
     "GET",
     NULL,
     {SCRIPT_READ, SCRIPT_SEND(HEAD "Content-Encoding: x\r\nContent-Length: 5\r\n\r\nhello")},
     2,
     "1 loadstart 2 3 progress(5,0) 4 load(5,0) loadend(5,0)"},
    {"the connection breaks",
     "GET",
     NULL,
     {SCRIPT_READ, SCRIPT_RESET},
     2,
     "1 loadstart 4 error loadend"},
    {"the connection breaks in the body",
     "GET",
     NULL,
     {SCRIPT_READ, SCRIPT_SEND(HEAD "Content-Length: 6\r\n\r\nab"), SCRIPT_RESET},
     3,
     "1 loadstart 2 3 progress(2,6) 4 error loadend"},
};

static void test_exchanges(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof exchanges / sizeof *exchanges; i++) {
    const exchange *e = &exchanges[i];
    for (int cut = 0; cut < 2; cut++) {
      begin(SCRIPTED_FAKE_CLOCK, e->method, e->steps, e->count);
      s.script.cut = cut ? XHR__CUT_EVERY_BYTE : XHR__CUT_NOWHERE;
      send_text(e->body);
      scripted_session_run(&s);
      if (strcmp(events.text, e->expected) != 0)
        fail_msg("%s:\n  %s\ninstead of\n  %s", e->name, events.text, e->expected);
      assert_int_equal(xhr_get_ready_state(request), XHR_DONE);
      assert_int_equal(xhr_loop_in_flight(s.loop), 0);
      end();
    }
  }
}

/* ---- upload ----------------------------------------------------------------------------------------- */

static const xhr__script_step stalls[] = {SCRIPT_READ, SCRIPT_STALL};
static const xhr__script_step answers[] = {
    SCRIPT_READ, SCRIPT_READ_REST,
    SCRIPT_SEND(HEAD "Connection: close\r\nContent-Length: 2\r\n\r\nhi"), SCRIPT_CLOSE};

static void send_large(void) {
  static const char zeros[200000];
  xhr_body *body;
  xhr_string no_type = {NULL, 0};
  assert_int_equal(xhr_body_new_bytes(zeros, sizeof zeros, NULL, NULL, no_type, &body), XHR_OK);
  assert_int_equal(xhr_send(request, body), XHR_OK);
  xhr_body_unref(body);
}

typedef struct upload_watch {
  unsigned events;
  uint64_t loaded;
} upload_watch;

static void watch_upload(const xhr_event *event, void *user) {
  upload_watch *watch = user;
  assert_true(event->loaded > watch->loaded && event->loaded <= event->total);
  watch->loaded = event->loaded;
  watch->events++;
}

/* What the server has not read stays unsent, but for what lies in the sockets. */
static void test_upload_that_stalls(void **state) {
  (void)state;
  begin(SCRIPTED_FAKE_CLOCK, "POST", stalls, 2);
  events.no_progress = true;
  upload_watch watch = {0};
  assert_int_equal(
      xhr_add_event_listener(xhr_get_upload(request), XHR_EVENT_PROGRESS, watch_upload, &watch),
      XHR_OK);
  send_large();
  scripted_session_run(&s);
  assert_string_equal(events.text, "1 loadstart u.loadstart(0,200000)");
  assert_true(watch.events > 0);
  assert_true(watch.loaded > 0 && watch.loaded <= XHR__SCRIPTED_SOCKET_BYTES);
  event_log_clear(&events);
  assert_int_equal(xhr_abort(request), XHR_OK);
  assert_string_equal(events.text, "4 u.abort u.loadend abort loadend");
  end();
}

static void test_upload_that_breaks(void **state) {
  (void)state;
  static const xhr__script_step breaks[] = {SCRIPT_READ, SCRIPT_RESET};
  begin(SCRIPTED_FAKE_CLOCK, "POST", breaks, 2);
  events.no_progress = true;
  send_large();
  scripted_session_run(&s);
  assert_string_equal(events.text, "1 loadstart u.loadstart(0,200000) "
                                   "4 u.error u.loadend error loadend");
  assert_non_null(xhr_failure(request));
  end();
}

/* Whether anybody listens to the upload is settled by send(). */
static void test_upload_listener_flag(void **state) {
  (void)state;
  scripted_session_begin(&s, SCRIPTED_FAKE_CLOCK, answers, 4);
  events = (event_log){.len = 0};
  assert_int_equal(xhr_new(s.context, &request), XHR_OK);
  event_log_listen_to(&events, xhr_get_event_target(request));
  assert_int_equal(xhr_open(request, xhr_str("POST"), xhr_str("/x")), XHR_OK);
  send_text("0123456789");
  event_log_listen_to(&events, xhr_get_upload(request));
  scripted_session_run(&s);
  assert_string_equal(events.text, "1 loadstart 2 3 progress(2,2) 4 load(2,2) loadend(2,2)");
  event_log_clear(&events);
  /* For the next one they are in time. */
  assert_int_equal(xhr_open(request, xhr_str("POST"), xhr_str("/x")), XHR_OK);
  send_text("0123456789");
  scripted_session_run(&s);
  assert_string_equal(events.text, "1 loadstart u.loadstart(0,10) u.progress(10,10) u.load(10,10) "
                                   "u.loadend(10,10) 2 3 progress(2,2) 4 load(2,2) loadend(2,2)");
  end();
}

static void hear_nothing(const xhr_event *event, void *user) {
  (void)event;
  (void)user;
  fail_msg("a listener that was removed, or came too late");
}

static void listen_late(event_log *log, const xhr_event *event, size_t index) {
  (void)log;
  if (index == 1)
    assert_int_equal(
        xhr_add_event_listener(xhr_get_upload(event->xhr), XHR_EVENT_LOADSTART, hear_nothing, NULL),
        XHR_OK);
}

/* Too late by one event: in loadstart. */
static void test_upload_listener_in_loadstart(void **state) {
  (void)state;
  scripted_session_begin(&s, SCRIPTED_FAKE_CLOCK, answers, 4);
  events = (event_log){.hook = listen_late};
  assert_int_equal(xhr_new(s.context, &request), XHR_OK);
  event_log_listen_to(&events, xhr_get_event_target(request));
  assert_int_equal(xhr_open(request, xhr_str("POST"), xhr_str("/x")), XHR_OK);
  send_text("0123456789");
  scripted_session_run(&s);
  assert_string_equal(events.text, "1 loadstart 2 3 progress(2,2) 4 load(2,2) loadend(2,2)");
  end();
}

/* A redirect sends the body again, and tells of it once. */
static void test_upload_with_redirect(void **state) {
  (void)state;
  static const xhr__script_step redirects[] = {
      SCRIPT_READ,
      SCRIPT_READ_REST,
      SCRIPT_SEND("HTTP/1.1 307 T\r\nLocation: /y\r\nContent-Length: 0\r\n\r\n"),
      SCRIPT_READ,
      SCRIPT_READ_REST,
      SCRIPT_SEND(HEAD "Content-Length: 2\r\n\r\nhi")};
  begin(SCRIPTED_FAKE_CLOCK, "POST", redirects, 6);
  send_text("0123456789");
  scripted_session_run(&s);
  assert_string_equal(events.text, "1 loadstart u.loadstart(0,10) u.progress(10,10) u.load(10,10) "
                                   "u.loadend(10,10) 2 3 progress(2,2) 4 load(2,2) loadend(2,2)");
  xhr_string url = xhr_get_response_url(request);
  assert_int_equal(url.len, 10);
  assert_memory_equal(url.data, "http://h/y", 10);
  end();
}

/* ---- abort and open ----------------------------------------------------------------------------------- */

static void test_abort(void **state) {
  (void)state;
  begin(SCRIPTED_FAKE_CLOCK, "GET", stalls, 2);
  /* Opened, not sent: nothing happens. */
  assert_int_equal(xhr_abort(request), XHR_OK);
  assert_int_equal(xhr_get_ready_state(request), XHR_OPENED);
  send_text(NULL);
  assert_int_equal(xhr_loop_in_flight(s.loop), 1);
  assert_int_equal(xhr_abort(request), XHR_OK);
  assert_string_equal(events.text, "1 loadstart 4 abort loadend");
  assert_int_equal(xhr_get_ready_state(request), XHR_UNSENT);
  assert_int_equal(xhr_loop_in_flight(s.loop), 0);
  assert_null(xhr_failure(request));
  assert_int_equal(xhr_abort(request), XHR_OK);
  scripted_session_run(&s);
  assert_string_equal(events.text, "1 loadstart 4 abort loadend");
  end();
}

static void test_abort_when_done(void **state) {
  (void)state;
  begin(SCRIPTED_FAKE_CLOCK, "GET", answers, 4);
  send_text(NULL);
  scripted_session_run(&s);
  event_log_clear(&events);
  assert_int_equal(xhr_get_status(request), 200);
  assert_int_equal(xhr_abort(request), XHR_OK);
  assert_int_equal(xhr_get_ready_state(request), XHR_UNSENT);
  assert_int_equal(xhr_get_status(request), 0);
  assert_int_equal(xhr_get_response_url(request).len, 0);
  assert_string_equal(events.text, "");
  end();
}

/* open() ends what is in flight without a word, and fires only where the state changes. */
static void test_open_in_flight(void **state) {
  (void)state;
  begin(SCRIPTED_FAKE_CLOCK, "GET", answers, 4);
  send_text(NULL);
  assert_int_equal(xhr_open(request, xhr_str("GET"), xhr_str("/y")), XHR_OK);
  assert_int_equal(xhr_loop_in_flight(s.loop), 0);
  scripted_session_run(&s);
  assert_string_equal(events.text, "1 loadstart");
  send_text(NULL);
  scripted_session_run(&s);
  assert_string_equal(events.text,
                      "1 loadstart loadstart 2 3 progress(2,2) 4 load(2,2) loadend(2,2)");
  end();
}

/* ---- timeout ------------------------------------------------------------------------------------------- */

static void test_timeout(void **state) {
  (void)state;
  begin(SCRIPTED_FAKE_CLOCK, "POST", stalls, 2);
  assert_int_equal(xhr_set_timeout(request, 100), XHR_OK);
  events.no_progress = true;
  send_large();
  scripted_session_advance(&s, 99);
  assert_int_equal(xhr_get_ready_state(request), XHR_OPENED);
  scripted_session_advance(&s, 2);
  assert_string_equal(events.text, "1 loadstart u.loadstart(0,200000) "
                                   "4 u.timeout u.loadend timeout loadend");
  assert_int_equal(xhr_failure(request)->code, XHR_FAILURE_TIMEOUT);
  end();
}

/* Counted from send(), however late it is set. */
static void test_timeout_set_in_flight(void **state) {
  (void)state;
  begin(SCRIPTED_FAKE_CLOCK, "GET", stalls, 2);
  send_text(NULL);
  scripted_session_advance(&s, 80);
  assert_int_equal(xhr_set_timeout(request, 100), XHR_OK);
  scripted_session_advance(&s, 18);
  assert_int_equal(xhr_set_timeout(request, 200), XHR_OK);
  scripted_session_advance(&s, 50);
  assert_int_equal(xhr_get_ready_state(request), XHR_OPENED);
  /* 0 is never; then one that has passed already. */
  assert_int_equal(xhr_set_timeout(request, 0), XHR_OK);
  scripted_session_advance(&s, 500);
  assert_int_equal(xhr_get_ready_state(request), XHR_OPENED);
  assert_int_equal(xhr_set_timeout(request, 1), XHR_OK);
  scripted_session_advance(&s, 0);
  assert_string_equal(events.text, "1 loadstart 4 timeout loadend");
  /* And it does nothing to one that is over. */
  assert_int_equal(xhr_set_timeout(request, 1), XHR_OK);
  scripted_session_advance(&s, 10);
  assert_string_equal(events.text, "1 loadstart 4 timeout loadend");
  end();
}

static void test_timeout_in_the_body(void **state) {
  (void)state;
  static const xhr__script_step slow[] = {
      SCRIPT_READ, SCRIPT_SEND(HEAD "Content-Length: 4\r\n\r\nab"), SCRIPT_STALL};
  begin(SCRIPTED_FAKE_CLOCK, "GET", slow, 3);
  assert_int_equal(xhr_set_timeout(request, 100), XHR_OK);
  send_text(NULL);
  scripted_session_run(&s);
  assert_string_equal(events.text, "1 loadstart 2 3 progress(2,4) 4 timeout loadend");
  assert_int_equal(xhr_get_status(request), 0);
  end();
}

/* ---- listeners ------------------------------------------------------------------------------------------ */

static void test_removed_listener(void **state) {
  (void)state;
  begin(SCRIPTED_FAKE_CLOCK, "GET", answers, 4);
  xhr_event_target *target = xhr_get_event_target(request);
  assert_int_equal(xhr_add_event_listener(target, XHR_EVENT_LOAD, hear_nothing, NULL), XHR_OK);
  assert_int_equal(xhr_remove_event_listener(target, XHR_EVENT_LOAD, hear_nothing, &s), XHR_OK);
  assert_int_equal(xhr_remove_event_listener(target, XHR_EVENT_LOAD, hear_nothing, NULL), XHR_OK);
  send_text(NULL);
  scripted_session_run(&s);
  assert_int_equal(xhr_get_ready_state(request), XHR_DONE);
  end();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_exchanges),
      cmocka_unit_test(test_upload_that_stalls),
      cmocka_unit_test(test_upload_that_breaks),
      cmocka_unit_test(test_upload_listener_flag),
      cmocka_unit_test(test_upload_listener_in_loadstart),
      cmocka_unit_test(test_upload_with_redirect),
      cmocka_unit_test(test_abort),
      cmocka_unit_test(test_abort_when_done),
      cmocka_unit_test(test_open_in_flight),
      cmocka_unit_test(test_timeout),
      cmocka_unit_test(test_timeout_set_in_flight),
      cmocka_unit_test(test_timeout_in_the_body),
      cmocka_unit_test(test_removed_listener),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
