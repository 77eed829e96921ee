/* XMLHttpRequests of scripts: what keeps them alive, and what becomes of them when the realm goes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/failing_allocator.h"
#include "support/leftovers.h"
#include "unit/test_runtime_fixture.h"

#define OK_5 "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\n"

static const xhr__script_step hello[] = {
    SCRIPT_READ,      SCRIPT_READ_REST,   SCRIPT_SEND(OK_5 "he"),
    SCRIPT_WAIT(100), SCRIPT_SEND("llo"), SCRIPT_CLOSE};

static size_t received;

static void count_received(void *user, size_t connection, bool begins, xhr__str bytes) {
  (void)user;
  (void)connection;
  (void)begins;
  received += bytes.len;
}

static void a_dropped_post_goes_out_whole(void **state) {
  js_fixture f = {0};
  (void)state;
  received = 0;
  f.received = count_received;
  js_fixture_begin(&f, SCRIPTED_FAKE_CLOCK, hello, sizeof hello / sizeof *hello);
  js_fixture_eval(&f, "(() => {"
                      "  const xhr = new XMLHttpRequest();"
                      "  xhr.open('POST', '/');"
                      "  xhr.send('x'.repeat(300000));"
                      "})()");
  JS_RunGC(f.runtime);
  assert_int_equal(xhr_quickjs_pending(f.js), 1);
  scripted_session_run(&f.s);
  assert_true(received > 300000);
  assert_int_equal(xhr_quickjs_pending(f.js), 0);
  js_fixture_end(&f);
}

static size_t object_count(js_fixture *f) {
  JSMemoryUsage usage;
  JS_RunGC(f->runtime);
  JS_ComputeMemoryUsage(f->runtime, &usage);
  return (size_t)usage.obj_count;
}

static void what_is_done_is_collected(void **state) {
  js_fixture f = {0};
  (void)state;
  js_fixture_begin(&f, SCRIPTED_FAKE_CLOCK, hello, sizeof hello / sizeof *hello);
  const char *code = "(() => {"
                     "  const xhr = new XMLHttpRequest();"
                     "  xhr.open('GET', '/');"
                     "  xhr.onload = () => xhr.responseText;"
                     "  xhr.upload.onload = () => xhr;"
                     "  xhr.self = xhr;"
                     "  xhr.send();"
                     "})()";
  js_fixture_eval(&f, code);
  scripted_session_run(&f.s);
  size_t before = object_count(&f);
  for (int i = 0; i < 5; i++)
    js_fixture_eval(&f, code);
  assert_true(object_count(&f) > before);
  scripted_session_run(&f.s);
  assert_int_equal(object_count(&f), before);
  js_fixture_end(&f);
}

/* What the engine's memory and libxhr's come to once garbage is collected. */
static size_t memory_in_use(js_fixture *f, size_t *blocks) {
  JSMemoryUsage usage;
  JS_RunGC(f->runtime);
  JS_ComputeMemoryUsage(f->runtime, &usage);
  *blocks = failing_allocator_live();
  return (size_t)usage.malloc_size;
}

static void ten_thousand_leave_memory_flat(void **state) {
  (void)state;
  failing_allocator_install();
  js_fixture f = {0};
  js_fixture_begin(&f, SCRIPTED_FAKE_CLOCK, hello, sizeof hello / sizeof *hello);
  js_fixture_eval(&f, "function make(count) {"
                      "  for (let i = 0; i < count; i++) {"
                      "    const xhr = new XMLHttpRequest();"
                      "    xhr.open('POST', '/' + i);"
                      "    xhr.setRequestHeader('X-Count', String(i));"
                      "    xhr.onload = xhr.upload.onprogress = () => xhr;"
                      "    xhr.self = xhr.upload;"
                      "    if (i % 3 == 0) { xhr.send('body'); xhr.abort(); }"
                      "  }"
                      "}"
                      "make(100)");
  scripted_session_run(&f.s);
  size_t blocks_before, blocks;
  size_t before = memory_in_use(&f, &blocks_before);
  js_fixture_eval(&f, "make(10000)");
  scripted_session_run(&f.s);
  size_t after = memory_in_use(&f, &blocks);
  assert_int_equal(blocks, blocks_before);
  assert_true(after <= before + 16 * 1024);
  js_fixture_end(&f);
  failing_allocator_uninstall();
}

static void aborted_and_reopened_ones_are_let_go(void **state) {
  js_fixture f = {0};
  (void)state;
  js_fixture_begin(&f, SCRIPTED_FAKE_CLOCK, hello, sizeof hello / sizeof *hello);
  js_fixture_eval(&f, "a = new XMLHttpRequest(); a.open('GET', '/'); a.send();"
                      "b = new XMLHttpRequest(); b.open('GET', '/'); b.send();");
  assert_int_equal(xhr_quickjs_pending(f.js), 2);
  js_fixture_eval(&f, "a.abort()");
  assert_int_equal(xhr_quickjs_pending(f.js), 1);
  js_fixture_eval(&f, "b.open('GET', '/')");
  assert_int_equal(xhr_quickjs_pending(f.js), 0);
  js_fixture_eval(&f, "b.send(); b.onloadend = () => { b.open('GET', '/'); b.onloadend = null; "
                      "b.send(); }");
  scripted_session_run(&f.s);
  assert_int_equal(xhr_quickjs_pending(f.js), 0);
  js_fixture_expect(&f, "b.responseText", "hello");
  assert_string_equal(f.reports, "");
  js_fixture_end(&f);
}

/* The realm goes after so many events. */
static void uninstall_at_any_moment(void **state) {
  (void)state;
  for (unsigned ms = 0; ms < 400; ms += ms < 10 ? 1 : 30) {
    js_fixture f = {0};
    js_fixture_begin(&f, SCRIPTED_FAKE_CLOCK, hello, sizeof hello / sizeof *hello);
    js_fixture_eval(&f, "x = new XMLHttpRequest(); x.open('POST', '/');"
                        "x.onreadystatechange = x.onload = x.upload.onprogress = () => x;"
                        "x.send('y'.repeat(100000));"
                        "z = new XMLHttpRequest(); z.open('GET', '/'); z.send()");
    scripted_session_advance(&f.s, ms);
    (void)xhr_quickjs_uninstall(f.js);
    assert_int_equal(xhr_quickjs_pending(f.js), 0);
    js_fixture_expect(&f, "x.readyState", "TypeError: libxhr has been uninstalled from this realm");
    scripted_session_run(&f.s);
    js_fixture_end(&f);
    assert_string_equal(f.reports, "");
  }
}

static void a_destroyed_context_lets_go(void **state) {
  js_fixture f = {0};
  (void)state;
  js_fixture_begin(&f, SCRIPTED_FAKE_CLOCK, hello, sizeof hello / sizeof *hello);
  js_fixture_eval(&f, "x = new XMLHttpRequest(); x.open('GET', '/');"
                      "x.onloadend = () => { throw 1; }; x.send()");
  xhr_context_destroy(f.s.context);
  assert_int_equal(xhr_quickjs_pending(f.js), 0);
  scripted_session_run(&f.s);
  assert_string_equal(f.reports, "");
  js_fixture_expect(&f, "x.open('GET', '/')",
                    "InvalidStateError: open: the context has been destroyed");
  js_fixture_end(&f);
}

static void the_engine_thread_too(void **state) {
  (void)state;
  for (int round = 0; round < 20; round++) {
    js_fixture f = {0};
    js_fixture_begin(&f, SCRIPTED_THREADED, hello, sizeof hello / sizeof *hello);
    js_fixture_eval(&f, "x = new XMLHttpRequest(); x.open('POST', '/'); x.send('abc')");
    for (int i = 0; i < round % 5; i++)
      (void)xhr_loop_wait(f.s.loop, 20);
    js_fixture_end(&f);
  }
}

static void realms_of_one_runtime_keep_their_own(void **state) {
  js_fixture f = {0}, other;
  (void)state;
  js_fixture_begin(&f, SCRIPTED_FAKE_CLOCK, hello, sizeof hello / sizeof *hello);
  other = f;
  other.js = JS_NewContext(f.runtime);
  xhr_quickjs_options options = {.report = js_fixture_report, .user = &other};
  assert_int_equal(xhr_quickjs_install(other.js, f.s.context, &options), XHR_OK);
  assert_int_equal(xhr_quickjs_install(other.js, f.s.context, NULL), XHR_INVALID_STATE_ERR);
  js_fixture_eval(&other, "Promise.reject(new Error('theirs'))");
  js_fixture_eval(&f, "Promise.reject(new Error('ours')); throw new Error('thrown')");
  assert_non_null(strstr(f.reports, "|Uncaught Error: thrown"));
  assert_non_null(strstr(f.reports, "|Uncaught (in promise) Error: ours"));
  assert_null(strstr(f.reports, "theirs"));
  assert_non_null(strstr(other.reports, "|Uncaught (in promise) Error: theirs"));
  (void)xhr_quickjs_uninstall(other.js);
  js_fixture_eval(&other, "Promise.reject(new Error('nobody hears'))");
  JS_FreeContext(other.js);
  js_fixture_end(&f);
}

/* A method of one realm called on an object of the other's: what that one does afterwards is its own realm's. */
static void methods_of_another_realm(void **state) {
  (void)state;
  for (int first = 0; first < 2; first++) {
    js_fixture f = {0}, other;
    js_fixture_begin(&f, SCRIPTED_FAKE_CLOCK, hello, sizeof hello / sizeof *hello);
    other = f;
    other.js = JS_NewContext(f.runtime);
    assert_int_equal(xhr_quickjs_install(other.js, f.s.context, NULL), XHR_OK);
    JSValue object = JS_Eval(other.js, "x = new XMLHttpRequest()", 24, "t", JS_EVAL_TYPE_GLOBAL);
    JSValue ours = JS_GetGlobalObject(f.js);
    assert_true(JS_SetPropertyStr(f.js, ours, "x", object) >= 0);
    JS_FreeValue(f.js, ours);
    js_fixture_eval(&other, "log = ''; x.onreadystatechange = e =>"
                            "  { log += e instanceof Event ? x.readyState : 'foreign' }");
    js_fixture_eval(&f, "const {open, send} = XMLHttpRequest.prototype; open.call(x, 'GET', '/');"
                        "send.call(x)");
    assert_int_equal(xhr_quickjs_pending(other.js), 1);
    assert_int_equal(xhr_quickjs_pending(f.js), 0);
    scripted_session_run(&f.s);
    js_fixture_expect(&other, "log", "12334");
    (void)xhr_quickjs_uninstall(first == 0 ? other.js : f.js);
    if (first == 0) {
      /* Its realm is gone: it tells nobody of anything, and sends nothing. */
      js_fixture_eval(&f, "open.call(x, 'GET', '/');"
                          "try { send.call(x); said = 'sent' } catch (e) { said = e.name }");
      js_fixture_expect(&f, "said", "InvalidStateError");
    } else {
      js_fixture_eval(&other, "x.open('GET', '/')");
      js_fixture_expect(&other, "log", "123341");
    }
    (void)xhr_quickjs_uninstall(other.js);
    JS_FreeContext(other.js);
    js_fixture_end(&f);
  }
}

static xhr_status uninstalled;

static JSValue uninstall(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv) {
  (void)this_value, (void)argc, (void)argv;
  uninstalled = xhr_quickjs_uninstall(js);
  return JS_UNDEFINED;
}

static void not_while_a_callback_runs(void **state) {
  js_fixture f = {0};
  (void)state;
  js_fixture_begin(&f, SCRIPTED_FAKE_CLOCK, hello, sizeof hello / sizeof *hello);
  JSValue global = JS_GetGlobalObject(f.js);
  JS_SetPropertyStr(f.js, global, "uninstall", JS_NewCFunction(f.js, uninstall, "uninstall", 0));
  JS_FreeValue(f.js, global);
  uninstalled = XHR_OK;
  js_fixture_eval(&f,
                  "x = new XMLHttpRequest(); x.open('GET', '/'); x.onload = uninstall; x.send()");
  scripted_session_run(&f.s);
  assert_int_equal(uninstalled, XHR_REENTRANT);
  js_fixture_expect(&f, "x.responseText", "hello");
  uninstalled = XHR_OK;
  js_fixture_eval(&f, "setTimeout(uninstall, 1)");
  scripted_session_advance(&f.s, 5);
  assert_int_equal(uninstalled, XHR_REENTRANT);
  /* From a script that the embedder runs, and behind it all. */
  js_fixture_eval(&f, "uninstall()");
  assert_int_equal(uninstalled, XHR_OK);
  js_fixture_end(&f);
}

static void wrong_arguments(void **state) {
  js_fixture f = {0};
  (void)state;
  assert_int_equal(xhr_quickjs_install(NULL, NULL, NULL), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_quickjs_uninstall(NULL), XHR_OK);
  assert_int_equal(xhr_quickjs_pending(NULL), 0);
  js_fixture_begin(&f, SCRIPTED_FAKE_CLOCK, hello, sizeof hello / sizeof *hello);
  assert_int_equal(xhr_quickjs_install(f.js, NULL, NULL), XHR_INVALID_ARGUMENT);
  js_fixture_end(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_dropped_post_goes_out_whole),
      cmocka_unit_test(what_is_done_is_collected),
      cmocka_unit_test(ten_thousand_leave_memory_flat),
      cmocka_unit_test(aborted_and_reopened_ones_are_let_go),
      cmocka_unit_test(uninstall_at_any_moment),
      cmocka_unit_test(a_destroyed_context_lets_go),
      cmocka_unit_test(the_engine_thread_too),
      cmocka_unit_test(realms_of_one_runtime_keep_their_own),
      cmocka_unit_test(methods_of_another_realm),
      cmocka_unit_test(not_while_a_callback_runs),
      cmocka_unit_test(wrong_arguments),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
