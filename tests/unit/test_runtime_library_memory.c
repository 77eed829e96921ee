/* Timers, console, URLs, text encoding and structuredClone with the 1st, 2nd, … n-th allocation of libxhr's failing: an
 * exception or a report each time, nothing left behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/failing_allocator.h"
#include "unit/test_runtime_fixture.h"

static void quiet(JSContext *js, const char *text, void *user) {
  (void)js;
  (void)text;
  (void)user;
}

static void drop(JSContext *js, char level, const char *text, size_t len, void *user) {
  (void)js;
  (void)level;
  (void)text;
  (void)len;
  (void)user;
}

/* In every statement by itself, so that those behind a failure run too. */
static void run(JSContext *js, const char *const *statements) {
  for (; *statements; statements++) {
    JSValue value = JS_Eval(js, *statements, strlen(*statements), "test.js", JS_EVAL_TYPE_GLOBAL);
    if (JS_IsException(value))
      xhr__realm_report_pending(xhr__realm_of(js));
    JS_FreeValue(js, value);
  }
  xhr__realm_checkpoint(xhr__realm_of(js));
}

static void play(void *user) {
  scripted_session s = {0};
  if (scripted_session_try(&s, SCRIPTED_FAKE_CLOCK) != XHR_OK)
    return;
  JSRuntime *runtime = JS_NewRuntime();
  JSContext *js = JS_NewContext(runtime);
  const xhr_quickjs_options options = {.report = quiet, .print = drop};
  xhr_status status = xhr_quickjs_install(js, s.context, &options);
  assert_true(status == XHR_OK || status == XHR_OUT_OF_MEMORY);
  if (status == XHR_OK) {
    run(js, user);
    scripted_session_advance(&s, 100);
  }
  (void)xhr_quickjs_uninstall(js);
  JS_FreeContext(js);
  JS_FreeRuntime(runtime);
  scripted_session_end(&s);
}

static void test_timers(void **state) {
  static const char *const statements[] = {
      "for (let i = 0; i < 40; i++) setTimeout(() => {}, i % 5, i)",
      "var id = setInterval(() => { ++n == 3 && clearInterval(id) }, 7), n = 0",
      "setTimeout('n++'); clearTimeout(1); queueMicrotask(() => performance.now())",
      "setTimeout(() => { setTimeout(() => { throw 1 }); throw 2 })", NULL};
  (void)state;
  assert_true(failing_allocator_loop(play, NULL, (void *)statements) > 20);
}

static void test_urls(void **state) {
  static const char *const statements[] = {
      "var u = new URL('../b?c=1&d=%20#e', 'http://user:pw@h:81/x/y'); var p = u.searchParams",
      "u.search = 'a=1&b=2'; u.hash = 'x'; u.pathname = 'ä'; u.host = 'g:82'; u.href = 'http://h/?q=1'",
      "p.append('x', 'ä'); p.set('q', '2'); p.delete('x'); p.has('q', '2'); p.getAll('q'); p.sort(); String(p)",
      "[...p].map(String); p.forEach(() => {}); URL.canParse('a', 'b:'); URL.parse('x'); u.origin; u.protocol; u.hash",
      "new URLSearchParams([['a', 'b'], ['c', 'd']]); new URLSearchParams({a: 1, b: 2}); new URLSearchParams('?a=%41')",
      "new URL('no url')",
      NULL};
  (void)state;
  assert_true(failing_allocator_loop(play, NULL, (void *)statements) > 100);
}

static void test_encoding(void **state) {
  static const char *const statements[] = {
      "var bytes = new TextEncoder().encode('aä€'); new TextEncoder().encodeInto('ä', new Uint8Array(2))",
      "var d = new TextDecoder('latin1'); d.decode(bytes, {stream: true}); d.decode(); d.encoding",
      "new TextDecoder('utf-8', {fatal: true}).decode(bytes); new TextDecoder('sjis').decode(bytes)",
      NULL};
  (void)state;
  assert_true(failing_allocator_loop(play, NULL, (void *)statements) > 20);
}

static void test_clone(void **state) {
  static const char *const statements[] = {
      "var o = {l: [1, {m: new Map([['k', new Set([new Date, /a/g])]])}], e: new TypeError('x'), b: new Uint8Array(3)}",
      "o.self = o; for (let i = 0; i < 30; i++) o = {o}; structuredClone(o)",
      "structuredClone([new DOMException('a', 'b'), new Blob(['c'])]); structuredClone(() => {})",
      "var t = new ArrayBuffer(8); structuredClone({t, v: new DataView(t)}, {transfer: [t]})",
      NULL};
  (void)state;
  assert_true(failing_allocator_loop(play, NULL, (void *)statements) > 20);
}

static void test_console(void **state) {
  static const char *const statements[] = {
      "console.log('%s %d %o', 'a', 1, {b: [1, 'x', new Map([[1, 2]])], f() {}, e: new Error('x')}, 'rest')",
      "console.log(new URL('http://h/?a=1'), new URLSearchParams('a=1'), new Event('x'), class A {}, new Uint8Array(2))",
      "console.table([{a: 1}, {b: 2}, 3]); console.group('g'); console.count(); console.count(); console.countReset()",
      "console.time(); console.timeLog('default', 'x'); console.timeEnd(); console.trace('t'); console.assert(0, 'x'); console.dir({})",
      NULL};
  (void)state;
  assert_true(failing_allocator_loop(play, NULL, (void *)statements) > 100);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_timers),   cmocka_unit_test(test_urls),
      cmocka_unit_test(test_encoding), cmocka_unit_test(test_clone),
      cmocka_unit_test(test_console),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
