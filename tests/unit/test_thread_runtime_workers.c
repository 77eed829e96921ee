/* Workers that are torn down at every moment, and what an embedder sees of their threads. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "session/loop.h"
#include "support/failing_allocator.h"
#include "support/leftovers.h"
#include "test_runtime_fixture.h"

#define HEAD "HTTP/1.1 200 OK\r\nConnection: close\r\n"

/* Requests get an answer that never comes to its end. */
static const xhr__script_step stalled[] = {
    SCRIPT_READ, SCRIPT_SEND(HEAD "Content-Length: 100\r\n\r\nsome"), SCRIPT_STALL};
static const xhr__script_step answered[] = {
    SCRIPT_READ, SCRIPT_SEND(HEAD "Content-Length: 5\r\n\r\nhello"), SCRIPT_CLOSE};

/* How long anything that is to end may take: not long, but the machine may be busy. */
enum { SOON_MS = 5000 };

static uint64_t now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void sleep_us(unsigned us) {
  struct timespec time = {.tv_nsec = (long)us * 1000};
  nanosleep(&time, NULL);
}

/* Dispatches until the script's global variable `done` is true. */
static void run_until_done(js_fixture *f) {
  uint64_t begin = now_us();
  JSValue global = JS_GetGlobalObject(f->js);
  for (;;) {
    JSValue done = JS_GetPropertyStr(f->js, global, "done");
    bool is_done = JS_ToBool(f->js, done) > 0;
    JS_FreeValue(f->js, done);
    if (is_done)
      break;
    assert_true(now_us() - begin < SOON_MS * 1000);
    assert_int_equal(xhr_loop_wait(f->s.loop, 100), XHR_OK);
  }
  JS_FreeValue(f->js, global);
}

/* The worker's script as a data: URL in the variable `url`. */
static void set_url(js_fixture *f, const char *code) {
  JSValue global = JS_GetGlobalObject(f->js);
  JS_SetPropertyStr(f->js, global, "code", JS_NewString(f->js, code));
  js_fixture_eval(f, "url = 'data:text/javascript,' + encodeURIComponent(code); done = false;");
  JS_FreeValue(f->js, global);
}

/* ---- the end ---------------------------------------------------------------------------------------------------- */

static const char *const lives[] = {
    "",
    "close()",
    "postMessage(1); throw new Error('x')",
    "for (;;);",
    "for (;;) try { for (;;); } catch {}",
    "for (let i = 0;; i++) postMessage(i)",
    "x = new XMLHttpRequest(); x.open('GET', 'http://a/', false); x.send()",
    "for (;;) try { x = new XMLHttpRequest(); x.open('GET', 'http://a/', false); x.send() } catch {}",
    "x = new XMLHttpRequest(); x.open('GET', 'http://a/'); x.send(); x.onprogress = () => { for (;;); }",
    "importScripts('http://a/')",
    "import('http://a/')",
    "setInterval(() => postMessage(1))",
    "const f = () => Promise.resolve().then(f); f()",
    "new Worker('data:text/javascript,for(;;);'); for (;;);",
    "new Worker('data:text/javascript,close()').onerror = () => {}; onmessage = () => close()",
    "not a script",
};

static void end_at_every_moment(scripted_driver driver, const char *make) {
  static const unsigned moments[] = {0, 50, 500, 3000, 12000};
  for (size_t i = 0; i < sizeof lives / sizeof *lives; i++) {
    for (size_t k = 0; k < sizeof moments / sizeof *moments; k++) {
      js_fixture f = {0};
      js_fixture_begin(&f, driver, stalled, sizeof stalled / sizeof *stalled);
      set_url(&f, lives[i]);
      js_fixture_eval(&f, make);
      sleep_us(moments[k]);
      if (k % 2)
        assert_int_equal(xhr_loop_dispatch(f.s.loop), XHR_OK);
      uint64_t begin = now_us();
      js_fixture_end(&f);
      assert_true(now_us() - begin < SOON_MS * 1000);
    }
  }
}

static void uninstalling_ends_workers(void **state) {
  (void)state;
  end_at_every_moment(SCRIPTED_INLINE, "w = new Worker(url); w.postMessage(1)");
  end_at_every_moment(SCRIPTED_THREADED, "w = new Worker(url, {type: 'module'}); w.postMessage(1)");
}

static void uninstalling_ends_shared_workers(void **state) {
  (void)state;
  end_at_every_moment(
      SCRIPTED_THREADED,
      "w = new SharedWorker(url); v = new SharedWorker(url); w.port.onmessage = () => {}");
}

/* A worker that waits on a stalled server: terminate() is back at once, and its thread ends within 100 ms, but for a machine
 * that is busy: then once in a few times. */
static void a_stalled_request_ends_soon(void **state) {
  uint64_t least = UINT64_MAX;
  (void)state;
  for (int i = 0; i < 5 && least > 100000; i++) {
    js_fixture f = {0};
    js_fixture_begin(&f, SCRIPTED_THREADED, stalled, sizeof stalled / sizeof *stalled);
    set_url(
        &f,
        "x = new XMLHttpRequest(); x.open('GET', 'http://a/', false); postMessage(1); x.send()");
    js_fixture_eval(&f, "w = new Worker(url); w.onmessage = () => { done = true }");
    run_until_done(&f);
    sleep_us(20000);
    assert_int_equal(xhr_quickjs_pending(f.js), 1);
    uint64_t begin = now_us();
    js_fixture_eval(&f, "w.terminate()");
    assert_int_equal(xhr_quickjs_pending(f.js), 0);
    assert_int_equal(xhr_quickjs_uninstall(f.js), XHR_OK);
    uint64_t took = now_us() - begin;
    least = took < least ? took : least;
    js_fixture_end(&f);
  }
  assert_true(least <= 100000);
}

/* A loop runs as long as a worker does, and no longer. */
static void a_worker_keeps_the_loop(void **state) {
  static const char *const ends[] = {"close()", "onmessage = () => close()",
                                     "setTimeout(() => close(), 20)", "postMessage('terminate')"};
  (void)state;
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
    js_fixture f = {0};
    js_fixture_begin(&f, SCRIPTED_INLINE, answered, sizeof answered / sizeof *answered);
    set_url(&f, ends[i]);
    js_fixture_eval(&f, "w = new Worker(url); w.postMessage(1); w.onmessage = () => w.terminate()");
    assert_true(xhr__loop_is_alive(f.s.loop));
    assert_int_equal(xhr_loop_run(f.s.loop), XHR_OK);
    assert_int_equal(xhr_quickjs_pending(f.js), 0);
    js_fixture_end(&f);
  }
}

/* ---- a session that goes over to a thread ----------------------------------------------------------------------- */

static void requests_in_flight_go_on(void **state) {
  static const xhr__script_step slow[] = {SCRIPT_READ,
                                          SCRIPT_SEND(HEAD "Content-Length: 5\r\n\r\nhe"),
                                          SCRIPT_WAIT(50), SCRIPT_SEND("llo"), SCRIPT_CLOSE};
  js_fixture f = {0};
  (void)state;
  js_fixture_begin(&f, SCRIPTED_INLINE, slow, sizeof slow / sizeof *slow);
  set_url(&f, "x = new XMLHttpRequest(); x.open('GET', 'http://a/', false); x.send();"
              "postMessage(x.responseText); close()");
  js_fixture_eval(
      &f,
      "got = []; const count = () => { done = got.length === 11 };"
      "for (let i = 0; i < 10; i++) { const x = new XMLHttpRequest(); x.open('GET', 'http://a/');"
      "x.onload = () => { got.push(x.responseText); count() }; x.send() }");
  assert_int_equal(xhr_loop_wait(f.s.loop, 20), XHR_OK);
  js_fixture_eval(&f, "w = new Worker(url); w.onmessage = ({data}) => { got.push(data); count() }");
  run_until_done(&f);
  js_fixture_expect(&f, "got.every((text) => text === 'hello')", "true");
  assert_string_equal(f.reports, "");
  js_fixture_end(&f);
}

/* ---- what an embedder sees -------------------------------------------------------------------------------------- */

typedef struct seen {
  pthread_t owner;
  atomic_int begun, printed, reported;
  atomic_bool wrong;
} seen;

static void see_thread(seen *all, JSContext *js) {
  const xhr__realm *realm = xhr__realm_of(js);
  if (pthread_equal(pthread_self(), all->owner) || !realm || realm->js != js)
    all->wrong = true;
}

static void on_worker(JSContext *js, void *user) {
  seen *all = user;
  see_thread(all, js);
  all->begun++;
  JSValue global = JS_GetGlobalObject(js);
  JS_SetPropertyStr(js, global, "extra", JS_NewInt32(js, 5));
  JS_FreeValue(js, global);
  JS_SetMemoryLimit(JS_GetRuntime(js), 64 << 20);
}

static void on_print(JSContext *js, char level, const char *text, size_t len, void *user) {
  seen *all = user;
  see_thread(all, js);
  if (level != 'l' || len != 8 || memcmp(text, "extra 5\n", 8) != 0)
    all->wrong = true;
  all->printed++;
}

static void on_report(JSContext *js, const char *text, void *user) {
  seen *all = user;
  see_thread(all, js);
  if (!strstr(text, "a rejection"))
    all->wrong = true;
  all->reported++;
}

static void callbacks_come_on_the_workers_thread(void **state) {
  seen all = {.owner = pthread_self()};
  js_fixture f = {0};
  (void)state;
  js_fixture_begin(&f, SCRIPTED_THREADED, answered, sizeof answered / sizeof *answered);
  xhr_quickjs_options options = {
      .report = on_report, .print = on_print, .worker = on_worker, .user = &all};
  assert_int_equal(xhr_quickjs_uninstall(f.js), XHR_OK);
  assert_int_equal(xhr_quickjs_install(f.js, f.s.context, &options), XHR_OK);
  set_url(&f, "console.log('extra', extra); Promise.reject(new Error('a rejection'));"
              "let limited; try { new ArrayBuffer(1 << 28) } catch (e) { limited = true }"
              "setTimeout(() => { postMessage(limited); close() })");
  js_fixture_eval(&f, "w = new Worker(url); w.onmessage = ({data}) => { done = data }");
  run_until_done(&f);
  js_fixture_end(&f);
  assert_false(all.wrong);
  assert_int_equal(all.begun, 1);
  assert_int_equal(all.printed, 1);
  assert_int_equal(all.reported, 1);
}

/* ---- shared workers of several threads -------------------------------------------------------------------------- */

typedef struct sharer {
  xhr_session *session;
  pthread_t thread;
  int number; /* what the worker counted it as */
} sharer;

static void *share(void *user) {
  sharer *self = user;
  js_fixture f = {0};
  assert_int_equal(xhr_loop_new(NULL, NULL, &f.s.loop), XHR_OK);
  assert_int_equal(xhr_context_new(self->session, f.s.loop, xhr_str(NULL), &f.s.context), XHR_OK);
  f.runtime = JS_NewRuntime();
  f.js = JS_NewContext(f.runtime);
  assert_int_equal(xhr_quickjs_install(f.js, f.s.context, NULL), XHR_OK);
  set_url(&f, "let n = 0; onconnect = (e) => e.ports[0].postMessage(++n)");
  js_fixture_eval(&f, "w = new SharedWorker(url, 'shared');"
                      "w.port.onmessage = ({data}) => { number = data; done = true }");
  run_until_done(&f);
  JSValue number = JS_Eval(f.js, "number", 6, "test.js", JS_EVAL_TYPE_GLOBAL);
  JS_ToInt32(f.js, &self->number, number);
  sleep_us(20000);
  assert_int_equal(xhr_quickjs_uninstall(f.js), XHR_OK);
  JS_FreeContext(f.js);
  JS_FreeRuntime(f.runtime);
  xhr_context_unref(f.s.context);
  xhr_loop_unref(f.s.loop);
  return NULL;
}

static void threads_share_one_worker(void **state) {
  enum { SHARERS = 6 };
  sharer sharers[SHARERS] = {{0}};
  scripted_session s = {0};
  unsigned numbers = 0;
  (void)state;
  scripted_session_begin(&s, SCRIPTED_THREADED, answered, sizeof answered / sizeof *answered);
  for (int i = 0; i < SHARERS; i++) {
    sharers[i].session = s.session;
    assert_int_equal(pthread_create(&sharers[i].thread, NULL, share, &sharers[i]), 0);
  }
  for (int i = 0; i < SHARERS; i++) {
    assert_int_equal(pthread_join(sharers[i].thread, NULL), 0);
    numbers |= 1u << sharers[i].number;
  }
  /* At least the first is counted as the first; where all were there at once each has a number of its own. */
  assert_true(numbers & 2);
  scripted_session_end(&s);
}

/* ---- no memory -------------------------------------------------------------------------------------------------- */

static void quiet(JSContext *js, const char *text, void *user) {
  (void)js, (void)text, (void)user;
}

static void play(void *user) {
  const char *code = user;
  scripted_session s = {0};
  for (size_t i = 0; i < SCRIPTED_CONNECTIONS; i++)
    s.connections[i] =
        (xhr__script_connection){.steps = answered, .count = sizeof answered / sizeof *answered};
  if (scripted_session_try(&s, SCRIPTED_INLINE) != XHR_OK)
    return;
  JSRuntime *runtime = JS_NewRuntime();
  JSContext *js = JS_NewContext(runtime);
  xhr_quickjs_options options = {.report = quiet};
  if (xhr_quickjs_install(js, s.context, &options) == XHR_OK) {
    JSValue value = JS_Eval(js, code, strlen(code), "test.js", JS_EVAL_TYPE_GLOBAL);
    if (JS_IsException(value))
      xhr__realm_report_pending(xhr__realm_of(js));
    JS_FreeValue(js, value);
    /* A message that was lost is not waited for. */
    for (int i = 0; i < 10 && xhr__loop_is_alive(s.loop); i++)
      (void)xhr_loop_wait(s.loop, 1);
  }
  (void)xhr_quickjs_uninstall(js);
  JS_FreeContext(js);
  JS_FreeRuntime(runtime);
  scripted_session_end(&s);
}

static void no_allocation_fails_badly(void **state) {
  static const char *const scripts[] = {
      "w = new Worker(\"data:text/javascript,postMessage({a:[1]});throw 1\", {name: 'n'});"
      "w.onmessage = w.onerror = () => w.terminate(); w.postMessage(1)",
      "w = new SharedWorker(\"data:text/javascript,onconnect=(e)=>{e.ports[0].postMessage(1);close()}\");"
      "w.port.onmessage = w.onerror = () => w.port.close()",
      "w = new Worker(\"data:text/javascript,import 'data:text/javascript,1';close()\", {type: 'module'})",
  };
  (void)state;
  for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++)
    (void)failing_allocator_loop(play, NULL, (void *)(uintptr_t)scripts[i]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(uninstalling_ends_workers),
      cmocka_unit_test(uninstalling_ends_shared_workers),
      cmocka_unit_test(a_stalled_request_ends_soon),
      cmocka_unit_test(a_worker_keeps_the_loop),
      cmocka_unit_test(requests_in_flight_go_on),
      cmocka_unit_test(callbacks_come_on_the_workers_thread),
      cmocka_unit_test(threads_share_one_worker),
      cmocka_unit_test(no_allocation_fails_badly),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
