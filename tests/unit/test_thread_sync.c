/* Synchronous requests: what is fired and returned, what else waits meanwhile, and how the wait is ended. */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "support/event_log.h"
#include "support/failing_allocator.h"
#include "support/leftovers.h"
#include "support/scripted_session.h"

#define HEAD  "HTTP/1.1 200 OK\r\nConnection: close\r\n"
#define HELLO HEAD "Content-Length: 5\r\n\r\nhello"

static const xhr_string null = {NULL, 0};

/* ---- what comes of one ------------------------------------------------------------------------------------------ */

typedef struct exchange {
  const char *method, *body;
  uint32_t timeout;
  xhr__script_step steps[5];
  size_t count;
  xhr_status sent;
  xhr_failure_code failure;
  const char *events, *text;
} exchange;

static const exchange exchanges[] = {
    {"GET",
     NULL,
     0,
     {SCRIPT_READ, SCRIPT_SEND(HELLO)},
     2,
     XHR_OK,
     XHR_FAILURE_NONE,
     "1 4 load(5,5) loadend(5,5)",
     "hello"},
    {"GET",
     NULL,
     60000,
     {SCRIPT_READ, SCRIPT_SEND(HEAD "\r\nhe"), SCRIPT_WAIT(70), SCRIPT_SEND("llo"), SCRIPT_CLOSE},
     5,
     XHR_OK,
     XHR_FAILURE_NONE,
     "1 4 load(5,0) loadend(5,0)",
     "hello"},
    {"GET",
     NULL,
     0,
     {SCRIPT_READ, SCRIPT_SEND("HTTP/1.1 204 No\r\nConnection: close\r\n\r\n")},
     2,
     XHR_OK,
     XHR_FAILURE_NONE,
     "1 4 load loadend",
     ""},
    {"POST",
     "body",
     0,
     {SCRIPT_READ, SCRIPT_READ_REST, SCRIPT_SEND(HELLO)},
     3,
     XHR_OK,
     XHR_FAILURE_NONE,
     "1 4 load(5,5) loadend(5,5)",
     "hello"},
    {"POST",
     "body",
     0,
     {SCRIPT_READ, SCRIPT_READ_REST, SCRIPT_RESET},
     3,
     XHR_NETWORK_ERR,
     XHR_FAILURE_RECEIVE,
     "1",
     ""},
    {"GET",
     NULL,
     0,
     {SCRIPT_READ, SCRIPT_SEND(HEAD "Content-Length: 5\r\n\r\nhe"), SCRIPT_WAIT(10), SCRIPT_CLOSE},
     4,
     XHR_NETWORK_ERR,
     XHR_FAILURE_BODY_INCOMPLETE,
     "1",
     ""},
    {"GET",
     NULL,
     20,
     {SCRIPT_READ, SCRIPT_STALL},
     2,
     XHR_TIMEOUT_ERR,
     XHR_FAILURE_TIMEOUT,
     "1",
     ""},
    {"POST",
     "body",
     20,
     {SCRIPT_READ, SCRIPT_SEND(HEAD "\r\nhe"), SCRIPT_STALL},
     3,
     XHR_TIMEOUT_ERR,
     XHR_FAILURE_TIMEOUT,
     "1",
     ""},
};

static void check_text(xhr *request, const char *expected) {
  xhr_string text;
  assert_int_equal(xhr_get_response_text(request, &text), XHR_OK);
  assert_int_equal(text.len, strlen(expected));
  assert_memory_equal(text.data, expected, text.len);
}

static void play(const exchange *e, scripted_driver driver) {
  scripted_session s;
  event_log log = {.len = 0};
  xhr *request;
  xhr_body *body = NULL;
  scripted_session_begin(&s, driver, e->steps, e->count);
  assert_int_equal(xhr_new(s.context, &request), XHR_OK);
  event_log_listen(&log, request);
  if (e->body)
    assert_int_equal(xhr_body_new_bytes(e->body, strlen(e->body), NULL, NULL, null, &body), XHR_OK);
  /* Twice: an object serves again, whatever came of it. */
  for (int i = 0; i < 2; i++) {
    event_log_clear(&log);
    assert_int_equal(xhr_open_synchronous(request, xhr_str(e->method), xhr_str("/x"), null, null),
                     XHR_OK);
    assert_int_equal(xhr_set_timeout(request, e->timeout), XHR_OK);
    assert_int_equal(xhr_send(request, body), e->sent);
    assert_string_equal(log.text, e->events);
    assert_int_equal(xhr_get_ready_state(request), XHR_DONE);
    assert_int_equal(xhr_loop_in_flight(s.loop), 0);
    const xhr_failure_info *failure = xhr_failure(request);
    assert_int_equal(failure ? failure->code : XHR_FAILURE_NONE, e->failure);
    check_text(request, e->text);
    assert_int_equal(xhr_send(request, body), XHR_INVALID_STATE_ERR);
  }
  /* And asynchronously, with all the events. */
  if (e->sent == XHR_OK) {
    assert_int_equal(xhr_open(request, xhr_str(e->method), xhr_str("/x")), XHR_OK);
    event_log_clear(&log);
    assert_int_equal(xhr_send(request, body), XHR_OK);
    assert_memory_equal(log.text, "loadstart", 9);
    scripted_session_run(&s);
    check_text(request, e->text);
  }
  xhr_body_unref(body);
  xhr_unref(request);
  scripted_session_end(&s);
}

static void test_exchanges(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof exchanges / sizeof *exchanges; i++) {
    play(&exchanges[i], SCRIPTED_INLINE);
    play(&exchanges[i], SCRIPTED_THREADED);
  }
}

static void test_opening(void **state) {
  static const xhr__script_step steps[] = {SCRIPT_STALL};
  scripted_session s;
  xhr_context *web;
  xhr *request;
  (void)state;
  scripted_session_begin(&s, SCRIPTED_FAKE_CLOCK, steps, 1);
  assert_int_equal(xhr_context_new_web(s.session, s.loop, xhr_str("http://h"), null, &web), XHR_OK);
  assert_int_equal(xhr_new(web, &request), XHR_OK);
  xhr_string get = xhr_str("GET"), url = xhr_str("/x");
  assert_int_equal(xhr_open_synchronous(NULL, get, url, null, null), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_open_synchronous(request, get, null, null, null), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_open_synchronous(request, xhr_str("G T"), url, null, null), XHR_SYNTAX_ERR);
  assert_int_equal(xhr_open_synchronous(request, get, xhr_str("http://["), null, null),
                   XHR_SYNTAX_ERR);
  /* What a window's may not have. */
  assert_int_equal(xhr_set_timeout(request, 10), XHR_OK);
  assert_int_equal(xhr_open_synchronous(request, get, url, null, null), XHR_INVALID_ACCESS_ERR);
  assert_int_equal(xhr_set_timeout(request, 0), XHR_OK);
  assert_int_equal(xhr_set_response_type(request, XHR_RESPONSE_TYPE_TEXT), XHR_OK);
  assert_int_equal(xhr_open_synchronous(request, get, url, null, null), XHR_INVALID_ACCESS_ERR);
  assert_int_equal(xhr_set_response_type(request, XHR_RESPONSE_TYPE_EMPTY), XHR_OK);
  assert_int_equal(xhr_get_ready_state(request), XHR_UNSENT);
  assert_int_equal(xhr_open_synchronous(request, get, url, null, null), XHR_OK);
  assert_int_equal(xhr_set_timeout(request, 10), XHR_INVALID_ACCESS_ERR);
  assert_int_equal(xhr_set_response_type(request, XHR_RESPONSE_TYPE_TEXT), XHR_INVALID_ACCESS_ERR);
  xhr_unref(request);
  xhr_context_unref(web);
  scripted_session_end(&s);
}

/* ---- inside others' listeners ----------------------------------------------------------------------------------- */

static struct {
  scripted_session session;
  event_log events;
  xhr *outer, *inner;
  xhr__task task;
  xhr__loop_timer timer;
} run;

static void on_task(xhr__task *task) {
  (void)task;
  event_log_note(&run.events, "task");
}

static void on_timer(xhr__loop_timer *timer) {
  (void)timer;
  event_log_note(&run.events, "timer");
}

static void send_inner(void) {
  event_log_note(&run.events, "[");
  assert_int_equal(xhr_open_synchronous(run.inner, xhr_str("GET"), xhr_str("/in"), null, null),
                   XHR_OK);
  assert_int_equal(xhr_send(run.inner, NULL), XHR_OK);
  event_log_note(&run.events, "]");
  check_text(run.inner, "hello");
}

/* With the outer one's headers; its body comes, and the rest becomes due, while the inner one is waited for. */
static void within(event_log *log, const xhr_event *event, size_t index) {
  (void)log;
  (void)index;
  if (event->xhr != run.outer || event->type != XHR_EVENT_READYSTATECHANGE ||
      xhr_get_ready_state(run.outer) != XHR_HEADERS_RECEIVED)
    return;
  xhr_loop *loop = run.session.loop;
  assert_true(xhr__task_queue_post(xhr__loop_tasks(loop), &run.task));
  assert_int_equal(xhr__loop_timer_set(loop, &run.timer, xhr__loop_now(loop) + XHR__MILLISECOND),
                   XHR_OK);
  send_inner();
}

static void begin_both(scripted_driver driver) {
  static const xhr__script_step outer[] = {SCRIPT_READ,
                                           SCRIPT_SEND(HEAD "Content-Length: 5\r\n\r\n"),
                                           SCRIPT_WAIT(20), SCRIPT_SEND("hello"), SCRIPT_CLOSE};
  static const xhr__script_step inner[] = {SCRIPT_READ, SCRIPT_WAIT(100), SCRIPT_SEND(HELLO),
                                           SCRIPT_CLOSE};
  scripted_session *s = &run.session;
  *s = (scripted_session){0};
  for (size_t i = 0; i < SCRIPTED_CONNECTIONS; i++)
    s->connections[i] = (xhr__script_connection){.steps = inner, .count = 4};
  s->connections[0] = (xhr__script_connection){.steps = outer, .count = 5};
  assert_int_equal(scripted_session_try(s, driver), XHR_OK);
  assert_int_equal(xhr_new(s->context, &run.outer), XHR_OK);
  assert_int_equal(xhr_new(s->context, &run.inner), XHR_OK);
  run.events = (event_log){.len = 0};
  event_log_listen(&run.events, run.outer);
  event_log_listen(&run.events, run.inner);
  xhr__task_init(&run.task, on_task, NULL);
  run.timer = (xhr__loop_timer){.holds = true, .fire = on_timer};
  assert_int_equal(xhr_open(run.outer, xhr_str("GET"), xhr_str("/out")), XHR_OK);
  assert_int_equal(xhr_send(run.outer, NULL), XHR_OK);
}

static void end_both(void) {
  xhr_unref(run.outer);
  xhr_unref(run.inner);
  scripted_session_end(&run.session);
}

static void test_within_a_listener(void **state) {
  (void)state;
  for (scripted_driver driver = SCRIPTED_INLINE; driver <= SCRIPTED_THREADED; driver++) {
    begin_both(driver);
    run.events.hook = within;
    assert_int_equal(xhr_loop_run(run.session.loop), XHR_OK);
    assert_string_equal(run.events.text,
                        "1 loadstart 2 [ 1 4 load(5,5) loadend(5,5) ] task timer 3 "
                        "progress(5,5) 4 load(5,5) loadend(5,5)");
    end_both();
  }
}

/* Whoever watches the descriptor is told of what came meanwhile. */
static void test_descriptor(void **state) {
  (void)state;
  for (scripted_driver driver = SCRIPTED_INLINE; driver <= SCRIPTED_THREADED; driver++) {
    begin_both(driver);
    struct pollfd fd = {.fd = xhr_loop_fd(run.session.loop), .events = POLLIN};
    send_inner();
    assert_string_equal(run.events.text, "1 loadstart [ 1 4 load(5,5) loadend(5,5) ]");
    while (xhr_loop_in_flight(run.session.loop) > 0) {
      assert_int_equal(poll(&fd, 1, 10000), 1);
      assert_int_equal(xhr_loop_dispatch(run.session.loop), XHR_OK);
    }
    assert_string_equal(run.events.text, "1 loadstart [ 1 4 load(5,5) loadend(5,5) ] 2 3 "
                                         "progress(5,5) 4 load(5,5) loadend(5,5)");
    end_both();
  }
}

/* In its own last event: the outer algorithm goes on to fire what it has begun. */
static void again(event_log *log, const xhr_event *event, size_t index) {
  (void)log;
  if (index != 2 || event->type != XHR_EVENT_LOAD)
    return;
  assert_int_equal(xhr_open_synchronous(event->xhr, xhr_str("GET"), xhr_str("/y"), null, null),
                   XHR_OK);
  assert_int_equal(xhr_send(event->xhr, NULL), XHR_OK);
}

/* A destroyed context fires nothing more, but what was sent is over. */
static void destroy(event_log *log, const xhr_event *event, size_t index) {
  (void)event;
  if (index == 1)
    xhr_context_destroy(log->user);
}

static void test_own_listeners(void **state) {
  static const xhr__script_step steps[] = {SCRIPT_READ, SCRIPT_SEND(HELLO), SCRIPT_CLOSE};
  (void)state;
  for (scripted_driver driver = 0; driver < SCRIPTED_DRIVERS; driver++) {
    scripted_session s;
    event_log log = {.hook = again};
    xhr *request;
    scripted_session_begin(&s, driver, steps, 3);
    assert_int_equal(xhr_new(s.context, &request), XHR_OK);
    event_log_listen(&log, request);
    for (int i = 0; i < 2; i++) {
      assert_int_equal(xhr_open_synchronous(request, xhr_str("GET"), xhr_str("/x"), null, null),
                       XHR_OK);
      assert_int_equal(xhr_send(request, NULL), XHR_OK);
      assert_string_equal(log.text,
                          i == 0 ? "1 4 load(5,5) 1 4 load(5,5) loadend(5,5) loadend(5,5)" : "1 4");
      log = (event_log){.hook = destroy, .user = s.context};
    }
    assert_int_equal(xhr_send(request, NULL), XHR_CLOSED);
    assert_int_equal(xhr_loop_in_flight(s.loop), 0);
    xhr_unref(request);
    scripted_session_end(&s);
  }
}

/* ---- the end from outside --------------------------------------------------------------------------------------- */

static void *stop_soon(void *loop) {
  const struct timespec pause = {.tv_nsec = 50 * 1000 * 1000};
  nanosleep(&pause, NULL);
  xhr_loop_stop(loop);
  return NULL;
}

static void send_aborted(xhr *request) {
  assert_int_equal(xhr_open_synchronous(request, xhr_str("POST"), xhr_str("/x"), null, null),
                   XHR_OK);
  assert_int_equal(xhr_send(request, NULL), XHR_ABORT_ERR);
  assert_int_equal(xhr_get_ready_state(request), XHR_DONE);
  assert_null(xhr_failure(request));
}

static void test_stop(void **state) {
  static const xhr__script_step stalls[] = {SCRIPT_READ, SCRIPT_SEND(HEAD "\r\nhe"), SCRIPT_STALL};
  static const xhr__script_step answers[] = {SCRIPT_READ, SCRIPT_SEND(HELLO), SCRIPT_CLOSE};
  (void)state;
  for (scripted_driver driver = SCRIPTED_INLINE; driver <= SCRIPTED_THREADED; driver++) {
    scripted_session s = {0};
    event_log log = {.len = 0};
    pthread_t thread;
    xhr *request;
    s.connections[0] = (xhr__script_connection){.steps = stalls, .count = 3};
    for (size_t i = 1; i < SCRIPTED_CONNECTIONS; i++)
      s.connections[i] = (xhr__script_connection){.steps = answers, .count = 3};
    assert_int_equal(scripted_session_try(&s, driver), XHR_OK);
    assert_int_equal(xhr_new(s.context, &request), XHR_OK);
    event_log_listen(&log, request);
    assert_int_equal(pthread_create(&thread, NULL, stop_soon, s.loop), 0);
    send_aborted(request);
    assert_int_equal(pthread_join(thread, NULL), 0);
    /* It holds, until the loop's wait or run has returned. */
    send_aborted(request);
    assert_int_equal(xhr_loop_wait(s.loop, -1), XHR_OK);
    xhr_loop_stop(s.loop);
    send_aborted(request);
    assert_int_equal(xhr_loop_run(s.loop), XHR_OK);
    assert_string_equal(log.text, "1 1 1");
    event_log_clear(&log);
    assert_int_equal(xhr_open_synchronous(request, xhr_str("GET"), xhr_str("/x"), null, null),
                     XHR_OK);
    assert_int_equal(xhr_send(request, NULL), XHR_OK);
    assert_string_equal(log.text, "1 4 load(5,5) loadend(5,5)");
    xhr_unref(request);
    scripted_session_end(&s);
  }
}

/* ---- without memory --------------------------------------------------------------------------------------------- */

static void send_one(void *user) {
  static const xhr__script_step steps[] = {SCRIPT_READ, SCRIPT_SEND(HELLO), SCRIPT_CLOSE};
  scripted_session s = {0};
  xhr *request = NULL;
  (void)user;
  for (size_t i = 0; i < SCRIPTED_CONNECTIONS; i++)
    s.connections[i] = (xhr__script_connection){.steps = steps, .count = 3};
  xhr_status status = scripted_session_try(&s, SCRIPTED_FAKE_CLOCK);
  if (status == XHR_OK)
    status = xhr_new(s.context, &request);
  if (status == XHR_OK)
    status = xhr_open_synchronous(request, xhr_str("GET"), xhr_str("/x"), null, null);
  if (status == XHR_OK)
    status = xhr_send(request, NULL);
  if (status == XHR_NETWORK_ERR) {
    assert_int_equal(xhr_failure(request)->code, XHR_FAILURE_OUT_OF_MEMORY);
    status = XHR_OUT_OF_MEMORY;
  }
  assert_true(status == XHR_OUT_OF_MEMORY || (status == XHR_OK && !failing_allocator_failed()) ||
              (status == XHR_OK && xhr_get_status(request) == 200));
  if (request)
    assert_int_equal(xhr_loop_in_flight(s.loop), 0);
  xhr_unref(request);
  scripted_session_end(&s);
}

static void test_out_of_memory(void **state) {
  (void)state;
  assert_true(failing_allocator_loop(send_one, NULL, NULL) > 20);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_exchanges),         cmocka_unit_test(test_opening),
      cmocka_unit_test(test_within_a_listener), cmocka_unit_test(test_descriptor),
      cmocka_unit_test(test_own_listeners),     cmocka_unit_test(test_stop),
      cmocka_unit_test(test_out_of_memory),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
