/* Pages with the 1st, 2nd, … n-th allocation of libxhr's failing: a page, or none, and nothing left behind. The engine's own
 * memory is the engine's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runtime/page.h"
#include "session/loop.h"
#include "support/failing_allocator.h"
#include "unit/test_runtime_fixture.h"

static const xhr__script_step script[] = {
    SCRIPT_READ, SCRIPT_SEND("HTTP/1.1 200 OK\r\nContent-Type: text/javascript\r\n"
                             "Content-Length: 30\r\nAccess-Control-Allow-Origin: *\r\n\r\n"
                             "document.write('<b>written')//")};
static const xhr__script_step stalled[] = {SCRIPT_READ, SCRIPT_STALL};

static void report(JSContext *js, const char *text, void *user) {
  (void)js, (void)text, (void)user;
}

static void print(JSContext *js, char level, const char *text, size_t len, void *user) {
  (void)js, (void)level, (void)text, (void)len, (void)user;
}

static void failed(void *user, xhr__str why) {
  (void)why;
  *(bool *)user = true;
}

static void closed(void *user) {
  *(bool *)user = true;
}

typedef struct played {
  const char *url;
  const xhr__script_step *steps;
  size_t count;
} played;

/* Loads a page and lets it live until nothing happens any more. */
static void play(void *user) {
  const played *p = user;
  scripted_session s = {0};
  for (size_t i = 0; i < SCRIPTED_CONNECTIONS; i++)
    s.connections[i] = (xhr__script_connection){.steps = p->steps, .count = p->count};
  if (scripted_session_try(&s, SCRIPTED_FAKE_CLOCK) != XHR_OK)
    return;
  bool over = false;
  xhr__url url;
  xhr__page *page = NULL;
  const xhr__page_settings settings = {.realm = {.report = report, .print = print},
                                       .failed = failed,
                                       .closed = closed,
                                       .user = &over};
  JSRuntime *runtime = JS_NewRuntime();
  if (xhr__url_parse(xhr__str_c(p->url), NULL, &url) == XHR_OK) {
    if (xhr__page_load(runtime, s.context, &url, &settings, &page) == XHR_OK) {
      for (int turns = 0; turns < 100 && !over && xhr__loop_is_alive(s.loop); turns++)
        scripted_session_advance(&s, 10);
    }
    xhr__url_free(&url);
  }
  xhr__page_free(page);
  JS_FreeRuntime(runtime);
  scripted_session_end(&s);
}

static void expect_no_leak(const char *url, const xhr__script_step *steps, size_t count) {
  played p = {url, steps, count};
  assert_true(failing_allocator_loop(play, NULL, &p) > 100);
}

static void pages_do_without_memory(void **state) {
  (void)state;
  expect_no_leak("data:text/html,<!doctype html><p id=a class=b>text<script>"
                 "document.body.append(document.createElement('i'));"
                 "document.body.innerHTML += '<b>c</b>'; location.hash = 'd';"
                 "document.querySelector('b').onclick = () => document.write('e');"
                 "document.querySelector('b').click()</script>",
                 script, 2);
  expect_no_leak("data:text/html,<script src=http://a/></script><script async src=http://b/>"
                 "</script><script defer src=http://c/></script><script type=module src=http://d/>"
                 "</script><script>onload = () => document.open()</script>",
                 script, 2);
}

static void what_pages_make_does_without_memory(void **state) {
  (void)state;
  expect_no_leak(
      "data:text/html,<script>"
      "const url = URL.createObjectURL(new Blob(['f'])); const x = new XMLHttpRequest();"
      "x.open('GET', url); x.responseType = 'document'; x.send(); URL.revokeObjectURL(url);"
      "postMessage({a: [1]}, '*', [new MessageChannel().port1]); onmessage = () => 1;"
      "structuredClone(new Map([[1, new Blob(['g'])]]));"
      "new DOMParser().parseFromString('<a b=\"c\"><!--d--><e/></a>', 'text/xml');"
      "requestAnimationFrame(() => document.title = 'h')</script>",
      script, 2);
}

/* What stop() ends is told of in a task: a page that is closed before is not kept by that. */
static void stopped_pages_leave_nothing_behind(void **state) {
  (void)state;
  expect_no_leak(
      "data:text/html,<script>for (let i = 0; i < 3; i++) { const x = new XMLHttpRequest();"
      "x.open('GET', 'http://a/'); x.send() } stop(); close()</script>",
      stalled, 2);
  expect_no_leak("data:text/html,<script>const x = new XMLHttpRequest(); x.onabort = close;"
                 "x.open('GET', 'http://a/'); x.send(); stop()</script>",
                 stalled, 2);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pages_do_without_memory),
      cmocka_unit_test(what_pages_make_does_without_memory),
      cmocka_unit_test(stopped_pages_leave_nothing_behind),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
