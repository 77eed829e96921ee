/* Timers of scripts on a clock that the test moves, and their end with the realm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "session/loop.h"
#include "support/leftovers.h"
#include "unit/test_runtime_fixture.h"

static js_fixture f;

static void begin(void) {
  js_fixture_begin(&f, SCRIPTED_FAKE_CLOCK, NULL, 0);
  js_fixture_eval(&f,
                  "var log = [], note = x => log.push(x + '@' + Math.round(performance.now()))");
}

static void expect_log(const char *expected) {
  js_fixture_expect(&f, "log.join(' ')", expected);
}

static void test_times(void **state) {
  (void)state;
  begin();
  js_fixture_eval(&f,
                  "setTimeout(note, 20, 'b'); setTimeout(note, 10, 'a'); setTimeout(note, 20, 'c');"
                  "id = setInterval(note, 15, 'i')");
  assert_int_equal(xhr_quickjs_pending(f.js), 4);
  scripted_session_advance(&f.s, 9);
  expect_log("");
  scripted_session_advance(&f.s, 1);
  expect_log("a@10");
  assert_int_equal(xhr_quickjs_pending(f.js), 3);
  scripted_session_advance(&f.s, 21);
  expect_log("a@10 i@15 b@20 c@20 i@30");
  assert_true(xhr__loop_is_alive(f.s.loop));
  js_fixture_eval(&f, "clearInterval(id)");
  assert_int_equal(xhr_quickjs_pending(f.js), 0);
  assert_false(xhr__loop_is_alive(f.s.loop));
  js_fixture_end(&f);
}

/* https://html.spec.whatwg.org/#timer-initialisation-steps, 5: from the seventh level on 4 ms at least. */
static void test_nesting(void **state) {
  (void)state;
  begin();
  js_fixture_eval(&f, "(function again(n) { note(n); if (n < 9) setTimeout(again, 0, n + 1) })(0)");
  scripted_session_advance(&f.s, 100);
  expect_log("0@0 1@0 2@0 3@0 4@0 5@0 6@0 7@4 8@8 9@12");
  /* What is not within a timer starts anew. */
  js_fixture_eval(&f, "log = []; setTimeout(note, 1, 'x')");
  scripted_session_advance(&f.s, 100);
  expect_log("x@101");
  /* An interval is nested in itself. */
  js_fixture_eval(
      &f, "log = []; var n = 0, id = setInterval(() => { note(++n); n < 9 || clearInterval(id) })");
  scripted_session_advance(&f.s, 100);
  expect_log("1@200 2@200 3@200 4@200 5@200 6@200 7@204 8@208 9@212");
  js_fixture_end(&f);
}

static void test_longest(void **state) {
  (void)state;
  begin();
  js_fixture_eval(&f, "setTimeout(note, 2 ** 31 - 1, 'far'); setTimeout(note, 2 ** 31, 'wrapped')");
  scripted_session_advance(&f.s, 2147483646);
  expect_log("wrapped@0");
  scripted_session_advance(&f.s, 1);
  expect_log("wrapped@0 far@2147483647");
  js_fixture_end(&f);
}

/* Timers are news of their own: a request's events come between them. */
static void test_beside_requests(void **state) {
  (void)state;
  static const xhr__script_step steps[] = {
      SCRIPT_READ, SCRIPT_WAIT(30), SCRIPT_SEND("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")};
  js_fixture_begin(&f, SCRIPTED_FAKE_CLOCK, steps, 3);
  js_fixture_eval(
      &f,
      "var log = [], note = x => log.push(x); setTimeout(note, 20, 'a'); setTimeout(note, 40, 'b');"
      "x = new XMLHttpRequest; x.open('GET', 'http://h/'); x.onload = () => note('load'); x.send()");
  scripted_session_run(&f.s);
  expect_log("a load b");
  js_fixture_end(&f);
}

/* The realm's end stops them; the loop has nothing to wait for then. */
static void test_end(void **state) {
  (void)state;
  begin();
  js_fixture_eval(&f, "for (let i = 0; i < 1000; i++) setTimeout(note, i, {}, 'unused');"
                      "setInterval('note(1)', 1); queueMicrotask(() => setInterval(() => {}))");
  assert_int_equal(xhr_quickjs_pending(f.js), 1002);
  scripted_session_advance(&f.s, 3);
  (void)xhr_quickjs_uninstall(f.js);
  assert_false(xhr__loop_is_alive(f.s.loop));
  scripted_session_advance(&f.s, 100);
  js_fixture_expect(&f, "typeof setTimeout", "function");
  js_fixture_expect(&f, "try { setTimeout('1') } catch (e) { e.name }", "TypeError");
  assert_string_equal(f.reports, "");
  js_fixture_end(&f);
}

/* xhr_loop_run ends when the last timer has fired. */
static void test_run(void **state) {
  (void)state;
  js_fixture_begin(&f, SCRIPTED_THREADED, NULL, 0);
  js_fixture_eval(&f, "var log = [], n = 0; setTimeout(() => log.push('once'), 5);"
                      "id = setInterval(() => { log.push(++n); n < 3 || clearInterval(id) }, 10)");
  assert_int_equal(xhr_loop_run(f.s.loop), XHR_OK);
  expect_log("once 1 2 3");
  js_fixture_end(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_times),   cmocka_unit_test(test_nesting),
      cmocka_unit_test(test_longest), cmocka_unit_test(test_beside_requests),
      cmocka_unit_test(test_end),     cmocka_unit_test(test_run),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
