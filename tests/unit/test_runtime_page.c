/* Pages with the 1st, 2nd, … n-th allocation of libxhr's failing: the page is refused, or a script reports, or something does not
 * happen; and nothing is left behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runtime/page.h"
#include "support/failing_allocator.h"
#include "unit/test_runtime_fixture.h"

static void report(JSContext *js, const char *text, void *user) {
  (void)js, (void)text, (void)user;
}

static void print(JSContext *js, char level, const char *text, size_t len, void *user) {
  size_t *printed = user;
  (void)js, (void)text;
  *printed += level == 'l' ? len : 0;
}

static void failed(void *user, xhr__str why) {
  (void)user, (void)why;
}

static void closed(void *user) {
  (void)user;
}

/* What a page printed by console.log, in bytes. */
static size_t load(const char *address) {
  scripted_session s = {0};
  xhr__url url;
  xhr__page *page = NULL;
  size_t printed = 0;
  if (scripted_session_try(&s, SCRIPTED_FAKE_CLOCK) != XHR_OK)
    return 0;
  const xhr__page_settings settings = {
      .realm = {.report = report, .print = print, .user = &printed},
      .failed = failed,
      .closed = closed};
  JSRuntime *runtime = JS_NewRuntime();
  xhr_status status = xhr__url_parse(xhr__str_c(address), NULL, &url);
  if (status == XHR_OK)
    status = xhr__page_load(runtime, s.context, &url, &settings, &page);
  assert_true(status == XHR_OK || status == XHR_OUT_OF_MEMORY);
  if (status == XHR_OK)
    scripted_session_run(&s);
  xhr__page_free(page);
  xhr__url_free(&url);
  JS_FreeRuntime(runtime);
  scripted_session_end(&s);
  return printed;
}

static void play(void *user) {
  (void)load(user);
}

static const char *const pages[] = {
    "data:text/html,<!doctype html><meta charset=utf-8><base href=http://host/><p id=named>"
    "<script>named.id; onload = (e) => console.log(e.target === document, navigator.languages);"
    "onpageshow = () => console.log(1); onhashchange = () => console.log(2); location.hash = 'x';"
    "location.href = 'http://elsewhere/'; name = 'n'; requestAnimationFrame(() => console.log(3));"
    "postMessage({a: 1}, '*'); onmessage = (e) => console.log(e.data, e.origin);"
    "addEventListener('load', () => stop())</script>",
    "data:text/html,<script src='data:text/javascript,console.log(1)' onload=console.log(2)></script>"
    "<script defer src='data:text/javascript,console.log(3)'></script>"
    "<script async src='data:text/javascript,console.log(4)'></script>"
    "<script src='data:image/png,' onerror=console.log(5)></script><script src='' onerror=console.log(6)></script>"
    "<script>const s = document.createElement('script'); s.src = 'data:text/javascript,throw 1';"
    "document.head.append(s); document.write('<script>console.log(7)</script'.concat('>')); onerror = () => true;"
    "onload = () => { document.open(); document.write('x<script>console.log(8)</script'.concat('>')); document.close() }"
    "</script>",
    "data:text/html,<script type=module>import {a} from 'data:text/javascript,export const a = 1';"
    "console.log(a, import.meta.url.length)</script>"
    "<script type=module src='data:text/javascript,console.log(2); await null; throw 1'></script>"
    "<script type=module onerror=console.log(3)>import 'data:text/plain,'</script>"
    "<script>onerror = () => true</script>",
};

static void pages_print(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
    assert_true(load(pages[i]) > 5);
}

static void no_allocation_fails_badly(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
    assert_true(failing_allocator_loop(play, NULL, (void *)pages[i]) > 100);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pages_print),
      cmocka_unit_test(no_allocation_fails_badly),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
