/* Workers, and ports between threads, with the 1st, 2nd, … n-th allocation of libxhr's failing on whichever thread: nothing is
 * left behind, and nothing waits for ever. The engine's own memory is the engine's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "session/loop.h"
#include "support/failing_allocator.h"
#include "unit/test_runtime_fixture.h"

/* A script for which there was no memory may never say that it is done; then its realm ends all the same. */
enum { PATIENCE_MS = 20 };

static const xhr__script_step script[] = {
    SCRIPT_READ, SCRIPT_SEND("HTTP/1.1 200 OK\r\nContent-Type: text/javascript\r\n"
                             "Content-Length: 14\r\n\r\npostMessage(1)")};

static void report(JSContext *js, const char *text, void *user) {
  (void)js, (void)text, (void)user;
}

static void print(JSContext *js, char level, const char *text, size_t len, void *user) {
  (void)js, (void)level, (void)text, (void)len, (void)user;
}

static void run_code(JSContext *js, const char *code, xhr_loop *loop) {
  JSValue value = JS_Eval(js, code, strlen(code), "test.js", JS_EVAL_TYPE_GLOBAL);
  if (JS_IsException(value))
    xhr__realm_report_pending(xhr__realm_of(js));
  JS_FreeValue(js, value);
  xhr__realm_checkpoint(xhr__realm_of(js));
  xhr__time until = xhr__loop_now(loop) + PATIENCE_MS * XHR__MILLISECOND;
  while (xhr__loop_is_alive(loop) && xhr__loop_now(loop) < until)
    assert_int_equal(xhr_loop_wait(loop, PATIENCE_MS), XHR_OK);
}

static void play(void *user) {
  scripted_session s = {0};
  for (size_t i = 0; i < SCRIPTED_CONNECTIONS; i++)
    s.connections[i] = (xhr__script_connection){.steps = script, .count = 2};
  if (scripted_session_try(&s, SCRIPTED_INLINE) != XHR_OK)
    return;
  JSRuntime *runtime = JS_NewRuntime();
  JSContext *js = JS_NewContext(runtime);
  xhr_quickjs_options options = {.report = report, .print = print};
  xhr_status status = xhr_quickjs_install(js, s.context, &options);
  assert_true(status == XHR_OK || status == XHR_OUT_OF_MEMORY);
  if (status == XHR_OK)
    run_code(js, user, s.loop);
  assert_int_equal(xhr_quickjs_uninstall(js), XHR_OK);
  JS_FreeContext(js);
  JS_FreeRuntime(runtime);
  scripted_session_end(&s);
}

static void expect_no_leak(const char *code) {
  assert_true(failing_allocator_loop(play, NULL, (void *)code) > 100);
}

static void dedicated_workers_do_without_memory(void **state) {
  (void)state;
  expect_no_leak("w = new Worker('data:text/javascript,onmessage=(e)=>{try{postMessage(e.data)}"
                 "finally{close()}};onmessageerror=close;', {name: 'n'});"
                 "w.onerror = () => true; w.postMessage({a: [1], b: new Blob(['c'])})");
  expect_no_leak(
      "w = new Worker('http://a/', {type: 'module'}); w.onmessage = w.onerror = () => w.terminate();");
}

static void shared_workers_do_without_memory(void **state) {
  (void)state;
  expect_no_leak(
      "for (let i = 0; i < 2; i++) {"
      "const w = new SharedWorker('data:text/javascript,onconnect=(e)=>{e.ports[0].postMessage(1);close()}');"
      "w.port.onmessage = () => w.port.close(); w.onerror = () => true }");
}

static void ports_between_threads_do_without_memory(void **state) {
  (void)state;
  expect_no_leak("w = new Worker('data:text/javascript,onmessage=(e)=>{const p=e.ports[0];"
                 "p.onmessage=(e)=>{p.postMessage(e.data,[e.data]);close()};p.postMessage(0)}');"
                 "c = new MessageChannel(); w.postMessage(1, [c.port2]); w.onerror = () => true;"
                 "c.port1.onmessage = (e) => { if (e.data === 0) { const b = new ArrayBuffer(100);"
                 "c.port1.postMessage(b, [b]) } else { c.port1.close(); w.terminate() } }");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(dedicated_workers_do_without_memory),
      cmocka_unit_test(shared_workers_do_without_memory),
      cmocka_unit_test(ports_between_threads_do_without_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
