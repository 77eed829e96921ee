/* What a synchronous send() throws in scripts, and how its wait is ended from outside. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "support/leftovers.h"
#include "unit/test_runtime_fixture.h"
#include "xhr/xmlhttprequest.h"

#define SEND(timeout)                                                                              \
  "x = new XMLHttpRequest(); log = []; x.open('POST', '/', false); x.timeout = " timeout           \
  "; for (const type of ['readystatechange', 'error', 'abort', 'timeout', 'loadend'])"             \
  "    x.addEventListener(type, () => log.push(type));"                                            \
  "try { x.send('body'); log.push('sent') }"                                                       \
  "catch (e) { log.push(e instanceof DOMException, e.name, e.code, e.message) };"                  \
  "[...log, x.readyState, x.status, x.responseText, x.failure && x.failure.code].join()"

static const xhr__script_step stalls[] = {SCRIPT_READ, SCRIPT_STALL};
static const xhr__script_step resets[] = {SCRIPT_READ, SCRIPT_RESET};
static const xhr__script_step answers[] = {
    SCRIPT_READ, SCRIPT_READ_REST,
    SCRIPT_SEND("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")};

static void *stop_soon(void *loop) {
  const struct timespec pause = {.tv_nsec = 50 * 1000 * 1000};
  nanosleep(&pause, NULL);
  xhr_loop_stop(loop);
  return NULL;
}

static void stopped(void **state) {
  (void)state;
  for (scripted_driver driver = SCRIPTED_INLINE; driver <= SCRIPTED_THREADED; driver++) {
    js_fixture f = {0};
    pthread_t thread;
    js_fixture_begin(&f, driver, stalls, 2);
    assert_int_equal(pthread_create(&thread, NULL, stop_soon, f.s.loop), 0);
    js_fixture_expect(&f, SEND("0"), "true,AbortError,20,send: the request was aborted,4,0,,");
    assert_int_equal(pthread_join(thread, NULL), 0);
    /* The next one is ended as well, until the loop has seen it. */
    js_fixture_expect(&f, SEND("0"), "true,AbortError,20,send: the request was aborted,4,0,,");
    assert_int_equal(xhr_loop_wait(f.s.loop, 0), XHR_OK);
    js_fixture_eval(&f, SEND("20"));
    js_fixture_expect(&f, "log.slice(0, 3).join()", "true,TimeoutError,23");
    js_fixture_expect(&f, "log[3] === 'send: ' + x.failure.message", "true");
    js_fixture_expect(&f, "x.failure.code", "TIMEOUT");
    assert_string_equal(f.reports, "");
    js_fixture_end(&f);
  }
}

static void failed(void **state) {
  (void)state;
  for (scripted_driver driver = SCRIPTED_INLINE; driver <= SCRIPTED_THREADED; driver++) {
    js_fixture f = {0};
    js_fixture_begin(&f, driver, resets, 2);
    js_fixture_eval(&f, SEND("0"));
    js_fixture_expect(&f, "log.slice(0, 3).join()", "true,NetworkError,19");
    js_fixture_expect(&f, "log[3] === 'send: ' + x.failure.message", "true");
    js_fixture_expect(&f, "x.failure.code", "RECEIVE");
    assert_string_equal(f.reports, "");
    js_fixture_end(&f);
  }
}

static void answered(void **state) {
  (void)state;
  for (scripted_driver driver = 0; driver < SCRIPTED_DRIVERS; driver++) {
    js_fixture f = {0};
    js_fixture_begin(&f, driver, answers, 3);
    js_fixture_expect(&f, SEND("0"), "readystatechange,loadend,sent,4,200,hello,");
    assert_string_equal(f.reports, "");
    js_fixture_end(&f);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(stopped),
      cmocka_unit_test(failed),
      cmocka_unit_test(answered),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
