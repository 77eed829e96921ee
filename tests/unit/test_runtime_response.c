/* What scripts get of a response: strings up to the engine's limit, buffers that are not copied, rejections told in time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runtime/blob_binding.h"
#include "runtime/xmlhttprequest.h"
#include "support/leftovers.h"
#include "unit/test_runtime_fixture.h"
#include "xhr/xmlhttprequest.h"

static const xhr__script_step hello[] = {
    SCRIPT_READ, SCRIPT_SEND("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe"), SCRIPT_WAIT(100),
    SCRIPT_SEND("llo")};

enum { STEPS = sizeof hello / sizeof *hello, LONGEST = (1 << 30) - 1 };

static xhr__js_xhr *get(js_fixture *f, const char *name) {
  JSValue global = JS_GetGlobalObject(f->js);
  JSValue value = JS_GetPropertyStr(f->js, global, name);
  xhr__js_xhr *self = xhr__platform_object_of(value, &xhr__xml_http_request_interface);
  JS_FreeValue(f->js, value);
  JS_FreeValue(f->js, global);
  assert_non_null(self);
  return self;
}

/* As if the text that is there were almost as long as a string can be. */
static void a_text_that_is_too_long(void **state) {
  js_fixture f = {0};
  (void)state;
  js_fixture_begin(&f, SCRIPTED_FAKE_CLOCK, hello, STEPS);
  js_fixture_eval(&f, "x = new XMLHttpRequest(); x.open('GET', '/'); x.send();"
                      "x.onload = () => { log = 'load ' + x.status }");
  scripted_session_advance(&f.s, 50);
  js_fixture_expect(&f, "x.responseText", "he");
  get(&f, "x")->text_len = LONGEST - 2;
  scripted_session_run(&f.s);
  js_fixture_expect(&f, "log", "load 200");
  for (int i = 0; i < 2; i++)
    js_fixture_expect(
        &f, "x.responseText",
        "RangeError: responseText: longer than the engine's longest string, 1073741823");
  js_fixture_expect(&f, "x.open('GET', '/'); x.responseText", "");
  assert_string_equal(f.reports, "");
  js_fixture_end(&f);
}

static void a_buffer_is_not_copied(void **state) {
  js_fixture f = {0};
  size_t size;
  (void)state;
  js_fixture_begin(&f, SCRIPTED_FAKE_CLOCK, hello, STEPS);
  js_fixture_eval(&f, "x = new XMLHttpRequest(); x.open('GET', '/');"
                      "x.responseType = 'arraybuffer'; x.send()");
  scripted_session_run(&f.s);
  js_fixture_eval(&f, "buffer = x.response; new Uint8Array(buffer)[0] = 72");
  JSValue global = JS_GetGlobalObject(f.js);
  JSValue buffer = JS_GetPropertyStr(f.js, global, "buffer");
  const uint8_t *data = JS_GetArrayBuffer(f.js, &size, buffer);
  assert_int_equal(size, 5);
  assert_ptr_equal(data, xhr__received_bytes(get(&f, "x")->request).data);
  js_fixture_eval(&f, "x.open('GET', '/'); x = null");
  JS_RunGC(f.runtime);
  assert_memory_equal(data, "Hello", 5);
  JS_FreeValue(f.js, buffer);
  JS_FreeValue(f.js, global);
  js_fixture_end(&f);
}

/* Nor of what a Blob is made, or slices of it. */
static void a_blob_is_not_copied(void **state) {
  js_fixture f = {0};
  xhr__str whole, part;
  (void)state;
  js_fixture_begin(&f, SCRIPTED_FAKE_CLOCK, hello, STEPS);
  js_fixture_eval(&f, "x = new XMLHttpRequest(); x.open('GET', '/');"
                      "x.responseType = 'blob'; x.send()");
  scripted_session_run(&f.s);
  const char *data = xhr__received_bytes(get(&f, "x")->request).data;
  js_fixture_eval(&f, "blob = x.response; slice = new Blob([blob.slice(1)])");
  JSValue global = JS_GetGlobalObject(f.js);
  JSValue blob = JS_GetPropertyStr(f.js, global, "blob");
  JSValue slice = JS_GetPropertyStr(f.js, global, "slice");
  assert_true(xhr__segments_bytes(xhr__blob_of(blob)->segments, &whole));
  assert_true(xhr__segments_bytes(xhr__blob_of(slice)->segments, &part));
  assert_ptr_equal(whole.data, data);
  assert_ptr_equal(part.data, data + 1);
  js_fixture_eval(&f, "x.open('GET', '/'); x = null; blob = null");
  JS_FreeValue(f.js, blob);
  JS_RunGC(f.runtime);
  assert_memory_equal(part.data, "ello", 4);
  JS_FreeValue(f.js, slice);
  JS_FreeValue(f.js, global);
  js_fixture_end(&f);
}

/* The engine tells twice of a buffer that is detached; the bytes are the request's still. */
static void a_detached_buffer(void **state) {
  js_fixture f = {0};
  (void)state;
  js_fixture_begin(&f, SCRIPTED_FAKE_CLOCK, hello, STEPS);
  js_fixture_eval(&f, "x = new XMLHttpRequest(); x.open('GET', '/');"
                      "x.responseType = 'arraybuffer'; x.send()");
  scripted_session_run(&f.s);
  js_fixture_expect(&f, "structuredClone(x.response, { transfer: [x.response] }).byteLength", "5");
  js_fixture_expect(&f, "x.response.byteLength", "0");
  assert_memory_equal(xhr__received_bytes(get(&f, "x")->request).data, "hello", 5);
  js_fixture_end(&f);
}

/* An embedder that runs scripts and jobs without asking us. */
static void rejections_of_the_embedders_own_scripts(void **state) {
  static const char code[] = "Promise.reject(new Error('r')); Promise.reject(1).catch(() => {})";
  js_fixture f = {0};
  JSContext *js;
  (void)state;
  js_fixture_begin(&f, SCRIPTED_FAKE_CLOCK, hello, STEPS);
  JS_FreeValue(f.js, JS_Eval(f.js, code, sizeof code - 1, "test.js", JS_EVAL_TYPE_GLOBAL));
  while (JS_ExecutePendingJob(f.runtime, &js) > 0)
    ;
  assert_string_equal(f.reports, "");
  scripted_session_run(&f.s);
  assert_non_null(strstr(f.reports, "|Uncaught (in promise) Error: r\n    at <eval> (test.js:1"));
  assert_null(strstr(f.reports + 1, "|"));
  js_fixture_end(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_text_that_is_too_long),
      cmocka_unit_test(a_buffer_is_not_copied),
      cmocka_unit_test(a_blob_is_not_copied),
      cmocka_unit_test(a_detached_buffer),
      cmocka_unit_test(rejections_of_the_embedders_own_scripts),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
