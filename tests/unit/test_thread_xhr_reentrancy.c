/* Every action inside every event: which events fire then, and that nothing is used after its time. Each case runs with
 * all drivers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "support/event_log.h"
#include "support/leftovers.h"
#include "support/scripted_session.h"

/* How the request goes, were it left alone. */
typedef enum path { PATH_LOAD, PATH_ERROR, PATH_TIMEOUT, PATH_ABORT } path;

typedef enum action {
  ACTION_ABORT,
  ACTION_OPEN,          /* another URL */
  ACTION_OPEN_AND_SEND, /* the same, without a body */
  ACTION_SEND,
  ACTION_DESTROY, /* the context */
  ACTION_UNREF_XHR,
  ACTION_UNREF_CONTEXT,
  ACTION_UNREF_LOOP,
  ACTION_UNREF_SESSION,
  ACTION_UNREF_ALL
} action;

typedef struct reentrancy_case {
  path path;
  size_t index; /* of the event that the action is in */
  action action;
  const char *expected;
} reentrancy_case;

/* The log of each path up to each event. */
#define L0  "1"
#define L1  L0 " loadstart"
#define L2  L1 " u.loadstart(0,16)"
#define L3  L2 " u.progress(16,16)"
#define L4  L3 " u.load(16,16)"
#define L5  L4 " u.loadend(16,16)"
#define L6  L5 " 2"
#define L7  L6 " 3"
#define L8  L7 " progress(5,5)"
#define L9  L8 " 4"
#define L10 L9 " load(5,5)"
#define L11 L10 " loadend(5,5)"
#define E3  L2 " 4"
#define E4  E3 " u.error"
#define E5  E4 " u.loadend"
#define E6  E5 " error"
#define E7  E6 " loadend"
#define T6  L5 " 4"
#define T7  T6 " timeout"
#define T8  T7 " loadend"
#define A4  E3 " u.abort"
#define A5  A4 " u.loadend"
#define A6  A5 " abort"
#define A7  A6 " loadend"
/* An abort while the upload is and is not on its way; the second request's fate. */
#define ABORTED_UPLOAD " 4 u.abort u.loadend abort loadend"
#define ABORTED        " 4 abort loadend"
#define SECOND         " 2 3 progress(5,5) 4 load(5,5) loadend(5,5)"
#define SECOND_FAILS   " 4 error loadend"
#define SECOND_LATE    " 4 timeout loadend"

static const char *const whole_logs[] = {L11, E7, T8, A7};

static const reentrancy_case cases[] = {
    /* Abort. Opened and not sent there is nothing to end; done there is no event of its own. */
    {PATH_LOAD, 0, ACTION_ABORT, L11},
    {PATH_LOAD, 1, ACTION_ABORT, L1 ABORTED_UPLOAD},
    {PATH_LOAD, 2, ACTION_ABORT, L2 ABORTED_UPLOAD},
    {PATH_LOAD, 3, ACTION_ABORT, L3 ABORTED " u.load(16,16) u.loadend(16,16)"},
    {PATH_LOAD, 4, ACTION_ABORT, L4 ABORTED " u.loadend(16,16)"},
    {PATH_LOAD, 5, ACTION_ABORT, L5 ABORTED},
    {PATH_LOAD, 6, ACTION_ABORT, L6 ABORTED},
    {PATH_LOAD, 7, ACTION_ABORT, L7 ABORTED},
    {PATH_LOAD, 8, ACTION_ABORT, L8 ABORTED},
    {PATH_LOAD, 9, ACTION_ABORT, L11},
    {PATH_LOAD, 10, ACTION_ABORT, L11},
    {PATH_LOAD, 11, ACTION_ABORT, L11},
    {PATH_ERROR, 1, ACTION_ABORT, L1 ABORTED_UPLOAD},
    {PATH_ERROR, 2, ACTION_ABORT, L2 ABORTED_UPLOAD},
    {PATH_ERROR, 3, ACTION_ABORT, E7},
    {PATH_ERROR, 4, ACTION_ABORT, E7},
    {PATH_ERROR, 5, ACTION_ABORT, E7},
    {PATH_ERROR, 6, ACTION_ABORT, E7},
    {PATH_ERROR, 7, ACTION_ABORT, E7},
    {PATH_TIMEOUT, 6, ACTION_ABORT, T8},
    {PATH_TIMEOUT, 7, ACTION_ABORT, T8},
    {PATH_TIMEOUT, 8, ACTION_ABORT, T8},
    {PATH_ABORT, 1, ACTION_ABORT, L1 ABORTED_UPLOAD},
    {PATH_ABORT, 3, ACTION_ABORT, A7},
    {PATH_ABORT, 4, ACTION_ABORT, A7},
    {PATH_ABORT, 5, ACTION_ABORT, A7},
    {PATH_ABORT, 6, ACTION_ABORT, A7},
    {PATH_ABORT, 7, ACTION_ABORT, A7},

    /* open() ends what is in flight without an event; what an algorithm has begun to fire it goes on to fire. Upload
     * events that were still to come do not: open() has taken back that anybody listens. */
    {PATH_LOAD, 1, ACTION_OPEN, L1},
    {PATH_LOAD, 2, ACTION_OPEN, L2},
    {PATH_LOAD, 3, ACTION_OPEN, L5},
    {PATH_LOAD, 4, ACTION_OPEN, L5},
    {PATH_LOAD, 5, ACTION_OPEN, L5},
    {PATH_LOAD, 6, ACTION_OPEN, L6 " 1"},
    {PATH_LOAD, 7, ACTION_OPEN, L7 " 1"},
    {PATH_LOAD, 8, ACTION_OPEN, L8 " 1"},
    {PATH_LOAD, 9, ACTION_OPEN, L9 " 1 load(5,5) loadend(5,5)"},
    {PATH_LOAD, 10, ACTION_OPEN, L10 " 1 loadend(5,5)"},
    {PATH_LOAD, 11, ACTION_OPEN, L11 " 1"},
    {PATH_ERROR, 1, ACTION_OPEN, L1},
    {PATH_ERROR, 2, ACTION_OPEN, L2},
    {PATH_ERROR, 3, ACTION_OPEN, E3 " 1 error loadend"},
    {PATH_ERROR, 4, ACTION_OPEN, E4 " 1 u.loadend error loadend"},
    {PATH_ERROR, 5, ACTION_OPEN, E5 " 1 error loadend"},
    {PATH_ERROR, 6, ACTION_OPEN, E6 " 1 loadend"},
    {PATH_ERROR, 7, ACTION_OPEN, E7 " 1"},
    {PATH_TIMEOUT, 6, ACTION_OPEN, T6 " 1 timeout loadend"},
    {PATH_TIMEOUT, 7, ACTION_OPEN, T7 " 1 loadend"},
    {PATH_TIMEOUT, 8, ACTION_OPEN, T8 " 1"},
    {PATH_ABORT, 3, ACTION_OPEN, E3 " 1 abort loadend"},
    {PATH_ABORT, 4, ACTION_OPEN, A4 " 1 u.loadend abort loadend"},
    {PATH_ABORT, 5, ACTION_OPEN, A5 " 1 abort loadend"},
    {PATH_ABORT, 6, ACTION_OPEN, A6 " 1 loadend"},
    {PATH_ABORT, 7, ACTION_OPEN, A7 " 1"},

    /* And a second request after it, whose events come where they belong. */
    {PATH_LOAD, 0, ACTION_OPEN_AND_SEND, L1 SECOND},
    {PATH_LOAD, 1, ACTION_OPEN_AND_SEND, L1 " loadstart" SECOND},
    {PATH_LOAD, 2, ACTION_OPEN_AND_SEND, L2 " loadstart" SECOND},
    {PATH_LOAD, 3, ACTION_OPEN_AND_SEND, L3 " loadstart u.load(16,16) u.loadend(16,16)" SECOND},
    {PATH_LOAD, 4, ACTION_OPEN_AND_SEND, L4 " loadstart u.loadend(16,16)" SECOND},
    {PATH_LOAD, 5, ACTION_OPEN_AND_SEND, L5 " loadstart" SECOND},
    {PATH_LOAD, 6, ACTION_OPEN_AND_SEND, L6 " 1 loadstart" SECOND},
    {PATH_LOAD, 7, ACTION_OPEN_AND_SEND, L7 " 1 loadstart" SECOND},
    {PATH_LOAD, 8, ACTION_OPEN_AND_SEND, L8 " 1 loadstart" SECOND},
    {PATH_LOAD, 9, ACTION_OPEN_AND_SEND, L9 " 1 loadstart load(5,5) loadend(5,5)" SECOND},
    {PATH_LOAD, 10, ACTION_OPEN_AND_SEND, L10 " 1 loadstart loadend(5,5)" SECOND},
    {PATH_LOAD, 11, ACTION_OPEN_AND_SEND, L11 " 1 loadstart" SECOND},
    {PATH_ERROR, 1, ACTION_OPEN_AND_SEND, L1 " loadstart" SECOND_FAILS},
    {PATH_ERROR, 2, ACTION_OPEN_AND_SEND, L2 " loadstart" SECOND_FAILS},
    {PATH_ERROR, 3, ACTION_OPEN_AND_SEND, E3 " 1 loadstart error loadend" SECOND_FAILS},
    {PATH_ERROR, 4, ACTION_OPEN_AND_SEND, E4 " 1 loadstart u.loadend error loadend" SECOND_FAILS},
    {PATH_ERROR, 5, ACTION_OPEN_AND_SEND, E5 " 1 loadstart error loadend" SECOND_FAILS},
    {PATH_ERROR, 6, ACTION_OPEN_AND_SEND, E6 " 1 loadstart loadend" SECOND_FAILS},
    {PATH_ERROR, 7, ACTION_OPEN_AND_SEND, E7 " 1 loadstart" SECOND_FAILS},
    {PATH_TIMEOUT, 6, ACTION_OPEN_AND_SEND, T6 " 1 loadstart timeout loadend" SECOND_LATE},
    {PATH_TIMEOUT, 7, ACTION_OPEN_AND_SEND, T7 " 1 loadstart loadend" SECOND_LATE},
    {PATH_TIMEOUT, 8, ACTION_OPEN_AND_SEND, T8 " 1 loadstart" SECOND_LATE},
    {PATH_ABORT, 3, ACTION_OPEN_AND_SEND, E3 " 1 loadstart abort loadend" SECOND},
    {PATH_ABORT, 4, ACTION_OPEN_AND_SEND, A4 " 1 loadstart u.loadend abort loadend" SECOND},
    {PATH_ABORT, 5, ACTION_OPEN_AND_SEND, A5 " 1 loadstart abort loadend" SECOND},
    {PATH_ABORT, 6, ACTION_OPEN_AND_SEND, A6 " 1 loadstart loadend" SECOND},
    {PATH_ABORT, 7, ACTION_OPEN_AND_SEND, A7 " 1 loadstart" SECOND},
};

/* What runs. */
static struct {
  scripted_session session;
  event_log events;
  xhr *request; /* NULL once it is released */
  const reentrancy_case *now;
  bool acted;
  xhr_status sent; /* what the action's send() said */
} run;

static const xhr__script_step answers[] = {
    SCRIPT_READ, SCRIPT_READ_REST,
    SCRIPT_SEND("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello"),
    SCRIPT_CLOSE};
static const xhr__script_step stalls[] = {SCRIPT_READ, SCRIPT_READ_REST, SCRIPT_STALL};

static void unref_xhr(void) {
  xhr_unref(run.request);
  run.request = NULL;
}

static void unref_context(void) {
  xhr_context_unref(run.session.context);
  run.session.context = NULL;
}

static void unref_loop(void) {
  xhr_loop_unref(run.session.loop);
  run.session.loop = NULL;
}

static void unref_session(void) {
  xhr_session_unref(run.session.session);
  run.session.session = NULL;
}

static void act(event_log *log, const xhr_event *event, size_t index) {
  (void)log;
  xhr *request = event->xhr;
  /* Not before: it would be a race with the upload. */
  if (run.now->path == PATH_TIMEOUT && index == 5)
    assert_int_equal(xhr_set_timeout(request, 1), XHR_OK);
  if (run.acted || index != run.now->index)
    return;
  run.acted = true;
  switch (run.now->action) {
    case ACTION_ABORT: assert_int_equal(xhr_abort(request), XHR_OK); break;
    case ACTION_OPEN:
      assert_int_equal(xhr_open(request, xhr_str("GET"), xhr_str("/again")), XHR_OK);
      break;
    case ACTION_OPEN_AND_SEND:
      assert_int_equal(xhr_open(request, xhr_str("GET"), xhr_str("/again")), XHR_OK);
      assert_int_equal(xhr_send(request, NULL), XHR_OK);
      break;
    case ACTION_SEND: run.sent = xhr_send(request, NULL); break;
    case ACTION_DESTROY: xhr_context_destroy(run.session.context); break;
    case ACTION_UNREF_XHR: unref_xhr(); break;
    case ACTION_UNREF_CONTEXT: unref_context(); break;
    case ACTION_UNREF_LOOP: unref_loop(); break;
    case ACTION_UNREF_SESSION: unref_session(); break;
    case ACTION_UNREF_ALL:
      unref_session();
      unref_loop();
      unref_context();
      unref_xhr();
      break;
  }
}

/* Opens and sends, unless the action in the first event has left nothing to do so with. Returns whether there is
 * anything to run. */
static bool open_and_send(void) {
  xhr_body *body;
  xhr *request = run.request;
  assert_int_equal(xhr_open(request, xhr_str("POST"), xhr_str("/first")), XHR_OK);
  if (!run.request)
    return false;
  assert_int_equal(xhr_body_new_bytes("body of 16 bytes", 16, NULL, NULL, xhr_str("a/b"), &body),
                   XHR_OK);
  xhr_status status = xhr_send(request, body);
  xhr_body_unref(body);
  if (run.now->index == 0 && run.now->action == ACTION_DESTROY)
    assert_int_equal(status, XHR_CLOSED);
  else if (run.now->index == 0 &&
           (run.now->action == ACTION_OPEN_AND_SEND || run.now->action == ACTION_SEND))
    assert_int_equal(status, XHR_INVALID_STATE_ERR);
  else
    assert_int_equal(status, XHR_OK);
  /* In flight, it is there still. */
  if (run.now->path == PATH_ABORT && status == XHR_OK)
    assert_int_equal(xhr_abort(request), XHR_OK);
  return true;
}

static void run_case(const reentrancy_case *now, scripted_driver driver) {
  run.now = now;
  run.acted = false;
  run.sent = XHR_OK;
  run.events = (event_log){.hook = act};
  bool is_late = now->path == PATH_TIMEOUT;
  run.session = (scripted_session){0};
  for (size_t i = 0; i < SCRIPTED_CONNECTIONS; i++) {
    run.session.connections[i] = (xhr__script_connection){
        .failure = now->path == PATH_ERROR ? XHR_FAILURE_CONNECT_REFUSED : XHR_FAILURE_NONE,
        .steps = is_late ? stalls : answers,
        .count = is_late ? 3 : 4};
  }
  assert_int_equal(scripted_session_try(&run.session, driver), XHR_OK);
  assert_int_equal(xhr_new(run.session.context, &run.request), XHR_OK);
  event_log_listen(&run.events, run.request);
  /* The runner needs a loop to run; where its last reference goes in a listener, the run itself keeps it. */
  if (open_and_send() && run.session.loop)
    scripted_session_run(&run.session);
  if (strcmp(run.events.text, now->expected) != 0) {
    fail_msg("path %d, event %zu, action %d, driver %d:\n  %s\ninstead of\n  %s", now->path,
             now->index, now->action, driver, run.events.text, now->expected);
  }
  assert_true(run.acted);
  if (now->action == ACTION_DESTROY) {
    assert_int_equal(xhr_open(run.request, xhr_str("GET"), xhr_str("/")), XHR_CLOSED);
    assert_int_equal(xhr_send(run.request, NULL), XHR_CLOSED);
  }
  if (run.session.loop)
    assert_int_equal(xhr_loop_in_flight(run.session.loop), 0);
  xhr_unref(run.request);
  scripted_session_end(&run.session);
}

static void test_table(void **state) {
  (void)state;
  for (int driver = 0; driver < SCRIPTED_DRIVERS; driver++) {
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
      run_case(&cases[i], (scripted_driver)driver);
  }
}

/* The first `count` + 1 words of a log. */
static const char *first_words(const char *text, size_t count) {
  static char words[1024];
  size_t len = 0;
  for (; text[len] && len + 1 < sizeof words; len++) {
    if (text[len] == ' ' && count-- == 0)
      break;
    words[len] = text[len];
  }
  words[len] = '\0';
  return words;
}

static size_t count_words(const char *text) {
  size_t count = 1;
  for (; *text; text++)
    count += *text == ' ';
  return count;
}

/* Runs one action in every event of every path, with every driver. */
static void run_everywhere(action what, const char *(*expected)(const char *whole, size_t index)) {
  for (int driver = 0; driver < SCRIPTED_DRIVERS; driver++) {
    for (int p = PATH_LOAD; p <= PATH_ABORT; p++) {
      for (size_t index = 0; index < count_words(whole_logs[p]); index++) {
        reentrancy_case now = {(path)p, index, what, expected(whole_logs[p], index)};
        run_case(&now, (scripted_driver)driver);
      }
    }
  }
}

static const char *up_to(const char *whole, size_t index) {
  return first_words(whole, index);
}

static const char *all_of_it(const char *whole, size_t index) {
  (void)index;
  return whole;
}

/* Without the XHR nothing can be sent. */
static const char *all_once_sent(const char *whole, size_t index) {
  return index == 0 ? L0 : whole;
}

/* A destroyed context fires nothing more, in the middle of an algorithm too. */
static void test_destroy(void **state) {
  (void)state;
  run_everywhere(ACTION_DESTROY, up_to);
}

/* A request in flight goes on, whoever lets go of what. */
static void test_unref(void **state) {
  (void)state;
  run_everywhere(ACTION_UNREF_XHR, all_once_sent);
  run_everywhere(ACTION_UNREF_CONTEXT, all_of_it);
  run_everywhere(ACTION_UNREF_SESSION, all_of_it);
}

static void test_unref_loop(void **state) {
  (void)state;
  for (int driver = 0; driver < SCRIPTED_DRIVERS; driver++) {
    for (int p = PATH_LOAD; p <= PATH_ABORT; p++) {
      /* From the run on; before it, there would be nothing left to run. */
      for (size_t index = 3; index < count_words(whole_logs[p]) && p != PATH_ABORT; index++) {
        reentrancy_case now = {(path)p, index, ACTION_UNREF_LOOP, whole_logs[p]};
        run_case(&now, (scripted_driver)driver);
        now.action = ACTION_UNREF_ALL;
        run_case(&now, (scripted_driver)driver);
      }
    }
    reentrancy_case at_once = {PATH_LOAD, 0, ACTION_UNREF_ALL, L0};
    run_case(&at_once, (scripted_driver)driver);
  }
}

/* send() inside an event needs an open() before it. */
static void test_send(void **state) {
  (void)state;
  for (int driver = 0; driver < SCRIPTED_DRIVERS; driver++) {
    for (size_t index = 1; index < 12; index++) {
      reentrancy_case now = {PATH_LOAD, index, ACTION_SEND, L11};
      run_case(&now, (scripted_driver)driver);
      assert_int_equal(run.sent, XHR_INVALID_STATE_ERR);
    }
    reentrancy_case opened = {PATH_LOAD, 0, ACTION_SEND, L1 SECOND};
    run_case(&opened, (scripted_driver)driver);
    assert_int_equal(run.sent, XHR_OK);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_table), cmocka_unit_test(test_destroy),
      cmocka_unit_test(test_unref), cmocka_unit_test(test_unref_loop),
      cmocka_unit_test(test_send),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
