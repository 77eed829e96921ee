/* XHRs with the 1st, 2nd, … n-th allocation failing, once and for ever, until all goes well: a clean error each time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/event_log.h"
#include "support/failing_allocator.h"
#include "support/leftovers.h"
#include "support/scripted_session.h"

#define HEAD "HTTP/1.1 200 OK\r\n"

typedef struct exchange {
  const char *method;
  bool has_body;
  xhr_response_type type;
  const char *override;
  uint32_t timeout;
  xhr__script_step steps[6];
  size_t count;
  const char *expected; /* the log of a run in which nothing fails */
} exchange;

static const exchange exchanges[] = {
    {"GET",
     false,
     XHR_RESPONSE_TYPE_EMPTY,
     NULL,
     0,
     {SCRIPT_READ, SCRIPT_SEND(HEAD "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhe"),
      SCRIPT_WAIT(100), SCRIPT_SEND("llo")},
     4,
     "1 loadstart 2 3 progress(2,5) 3 progress(5,5) 4 load(5,5) loadend(5,5)"},
    {"POST",
     true,
     XHR_RESPONSE_TYPE_JSON,
     "text/plain;charset=koi8-r",
     1000,
     {SCRIPT_READ, SCRIPT_READ_REST, SCRIPT_SEND(HEAD "Content-Length: 2\r\n\r\n{}")},
     3,
     "1 loadstart u.loadstart(0,4) u.progress(4,4) u.load(4,4) u.loadend(4,4) "
     "2 3 progress(2,2) 4 load(2,2) loadend(2,2)"},
    {"GET",
     false,
     XHR_RESPONSE_TYPE_TEXT,
     NULL,
     50,
     {SCRIPT_READ, SCRIPT_SEND(HEAD "Content-Length: 9\r\n\r\nhalf"), SCRIPT_STALL},
     3,
     "1 loadstart 2 3 progress(4,9) 4 timeout loadend"},
    {"GET",
     false,
     XHR_RESPONSE_TYPE_BLOB,
     NULL,
     0,
     {SCRIPT_READ, SCRIPT_RESET},
     2,
     "1 loadstart 4 error loadend"},
    {"POST",
     true,
     XHR_RESPONSE_TYPE_ARRAYBUFFER,
     NULL,
     0,
     {SCRIPT_READ, SCRIPT_READ_REST,
      SCRIPT_SEND("HTTP/1.1 307 R\r\nLocation: /a\r\nContent-Length: 0\r\n\r\n"), SCRIPT_READ,
      SCRIPT_READ_REST, SCRIPT_SEND(HEAD "Content-Length: 2\r\n\r\n{}")},
     6,
     "1 loadstart u.loadstart(0,4) u.progress(4,4) u.load(4,4) u.loadend(4,4) "
     "2 3 progress(2,2) 4 load(2,2) loadend(2,2)"},
};

static struct {
  const exchange *now;
  event_log events;
  bool listening; /* to all events */
  xhr_status sent;
  xhr_failure_code failure;
} run;

/* Either what it does without failures, or want of memory and nothing else. */
static bool is_good(xhr_status status) {
  assert_true(status == XHR_OK || status == XHR_OUT_OF_MEMORY);
  return status == XHR_OK;
}

static void look_at(xhr *request) {
  xhr_string value;
  (void)is_good(xhr_get_all_response_headers(request, &value));
  (void)is_good(xhr_get_response_header(request, xhr_str("content-length"), &value));
  (void)is_good(xhr_get_response_mime_type(request, &value));
  (void)is_good(xhr_get_response(request, &value));
}

static void look(event_log *log, const xhr_event *event, size_t index) {
  (void)log;
  (void)index;
  look_at(event->xhr);
}

static void listen_to(event_log *log, xhr *request) {
  event_log_listen(log, request);
  run.listening = log->len == 0;
  event_log_clear(log);
}

static void send_it(scripted_session *s, xhr *request) {
  const exchange *e = run.now;
  xhr_body *body = NULL;
  if (!is_good(xhr_open(request, xhr_str(e->method), xhr_str("/x"))))
    return;
  if (!is_good(xhr_set_request_header(request, xhr_str("X-A"), xhr_str("b"))))
    return;
  if (e->override && !is_good(xhr_override_mime_type(request, xhr_str(e->override))))
    return;
  assert_int_equal(xhr_set_timeout(request, e->timeout), XHR_OK);
  assert_int_equal(xhr_set_response_type(request, e->type), XHR_OK);
  if (e->has_body &&
      !is_good(xhr_body_new_bytes("body", 4, NULL, NULL, xhr_str("text/plain"), &body)))
    return;
  run.sent = xhr_send(request, body);
  if (!is_good(run.sent)) {
    /* Nothing has happened: it may be sent again. */
    assert_int_equal(xhr_get_ready_state(request), XHR_OPENED);
    assert_int_equal(xhr_loop_in_flight(s->loop), 0);
    run.sent = xhr_send(request, body);
    (void)is_good(run.sent);
  }
  xhr_body_unref(body);
  if (run.sent != XHR_OK)
    return;
  scripted_session_run(s);
  assert_int_equal(xhr_get_ready_state(request), XHR_DONE);
  assert_int_equal(xhr_loop_in_flight(s->loop), 0);
  const xhr_failure_info *failure = xhr_failure(request);
  run.failure = failure ? failure->code : XHR_FAILURE_NONE;
  look_at(request);
}

static void run_once(void *user) {
  static scripted_session s;
  xhr *request;
  run.now = user;
  run.events = (event_log){.hook = look};
  run.listening = false;
  run.sent = XHR_INVALID_STATE_ERR;
  run.failure = XHR_FAILURE_NONE;
  s = (scripted_session){.now = 0};
  for (size_t i = 0; i < SCRIPTED_CONNECTIONS; i++) {
    s.connections[i] = (xhr__script_connection){.steps = run.now->steps, .count = run.now->count};
  }
  if (!is_good(scripted_session_try(&s, SCRIPTED_FAKE_CLOCK)))
    return;
  if (is_good(xhr_new(s.context, &request))) {
    listen_to(&run.events, request);
    send_it(&s, request);
    xhr_unref(request);
  }
  scripted_session_end(&s);
}

/* What was sent came to an end, a good one or one that says what was missing. */
static void check(bool failed, void *user) {
  const exchange *e = user;
  if (run.sent != XHR_OK || !run.listening)
    return;
  bool as_expected = strcmp(run.events.text, e->expected) == 0;
  if (!failed)
    assert_true(as_expected);
  if (as_expected)
    return;
  assert_int_equal(run.failure, XHR_FAILURE_OUT_OF_MEMORY);
  size_t len = strlen(" error loadend");
  assert_true(run.events.len > len);
  assert_string_equal(run.events.text + run.events.len - len, " error loadend");
}

static void test_exchanges(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof exchanges / sizeof *exchanges; i++) {
    exchange e = exchanges[i];
    size_t runs = failing_allocator_loop(run_once, check, &e);
    assert_true(runs > 40);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_exchanges),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
