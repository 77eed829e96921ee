/* The runtime with the 1st, 2nd, … n-th allocation of libxhr's failing: an exception or a report each time, and nothing
 * left behind. The engine's own memory is the engine's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/failing_allocator.h"
#include "unit/test_runtime_fixture.h"

#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

static const xhr__script_step steps[] = {
    SCRIPT_READ, SCRIPT_READ_REST, SCRIPT_SEND(HEAD "Content-Length: 14\r\n\r\n{\"a\":"),
    SCRIPT_WAIT(100), SCRIPT_SEND("\"\xC3\xA9\xE2\x82\xAC\"}\n")};

static void quiet(JSContext *js, const char *text, void *user) {
  (void)js;
  (void)text;
  (void)user;
}

static void play(void *user) {
  const char *code = user;
  scripted_session s = {0};
  for (size_t i = 0; i < SCRIPTED_CONNECTIONS; i++)
    s.connections[i] =
        (xhr__script_connection){.steps = steps, .count = sizeof steps / sizeof *steps};
  if (scripted_session_try(&s, SCRIPTED_FAKE_CLOCK) != XHR_OK)
    return;
  JSRuntime *runtime = JS_NewRuntime();
  JSContext *js = JS_NewContext(runtime);
  xhr_quickjs_options options = {.report = quiet};
  xhr_status status = xhr_quickjs_install(js, s.context, &options);
  assert_true(status == XHR_OK || status == XHR_OUT_OF_MEMORY);
  if (status == XHR_OK) {
    JSValue value = JS_Eval(js, code, strlen(code), "test.js", JS_EVAL_TYPE_GLOBAL);
    if (JS_IsException(value))
      xhr__realm_report_pending(xhr__realm_of(js));
    JS_FreeValue(js, value);
    xhr__realm_checkpoint(xhr__realm_of(js));
    scripted_session_run(&s);
  }
  (void)xhr_quickjs_uninstall(js);
  JS_FreeContext(js);
  JS_FreeRuntime(runtime);
  scripted_session_end(&s);
}

static void no_allocation_fails_badly(void **state) {
  static const char *const scripts[] = {
      "x = new XMLHttpRequest(); x.responseType = 'json';"
      "x.onload = x.onerror = x.upload.onprogress = () => x.response;"
      "x.open('POST', '/p', true, 'u', 'p'); x.setRequestHeader('a', 'b'); x.send('body')",
      "x = new XMLHttpRequest(); x.onprogress = x.onloadend = () => x.responseText;"
      "x.open('GET', '/'); x.send(); x.overrideMimeType('text/plain;charset=utf-8')",
      "for (const type of ['arraybuffer', 'blob']) { const x = new XMLHttpRequest();"
      "x.responseType = type; x.onload = () => [x.response, x.getAllResponseHeaders(),"
      "x.getResponseHeader('content-type'), x.responseURL]; x.open('GET', '/'); x.send() }",
      "const c = new AbortController(); const t = new EventTarget();"
      "const any = AbortSignal.any([c.signal, AbortSignal.timeout(1000)]);"
      "t.addEventListener('x', () => { throw new Error('y') }, {signal: any});"
      "any.onabort = () => {}; t.dispatchEvent(new CustomEvent('x', {detail: 1})); c.abort();"
      "onerror = () => true; reportError(new DOMException('a', 'b'));"
      "onunhandledrejection = () => true; Promise.reject(1)",
      "const value = {a: [1, 'two', 3n, , {}], b: new Map([[1, new Set([2])]]), c: new Date(0), d: /e/g,"
      "  e: new TypeError('f', {cause: {}}), g: new Float64Array(1000), h: new DataView(new ArrayBuffer(3)),"
      "  i: Object('boxed'), j: new File(['k'], 'l'), m: new DOMException('n', 'o'), p: new URL('http://q/')};"
      "delete value.p; value.self = value; structuredClone(value);"
      "structuredClone(value.g, {transfer: [value.g.buffer]})",
      "const value = {a: ['b', 'c'.repeat(300)], d: new Error('e'), f: new Blob(['g']), h: 5n};"
      "const {port1, port2} = new MessageChannel(); const other = new MessageChannel();"
      "port1.onmessage = ({data, ports}) => { ports[0].onclose = () => {}; ports[0].postMessage(data) };"
      "port1.onclose = port1.onmessageerror = () => {}; other.port2.start();"
      "const buffer = new ArrayBuffer(9); value.i = buffer; other.port2.postMessage('waits');"
      "port2.postMessage(value, [buffer, other.port1]); port2.postMessage('x'); port2.close();"
      "new MessageEvent('y', {ports: [port1], origin: 'z'}).initMessageEvent('a', true, true, 1, 'b', 'c')",
  };
  (void)state;
  for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++)
    assert_true(failing_allocator_loop(play, NULL, (void *)scripts[i]) > 50);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(no_allocation_fails_badly)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
