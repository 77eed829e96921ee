/* Tests of xhr_context_new_web: its arguments, and memory that ends. What such a context may do is in
 * tests/scenario/cases/cors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "session/context.h"
#include "support/failing_allocator.h"
#include "support/leftovers.h"
#include "support/scripted_session.h"

static const xhr_string null = {NULL, 0};

static void begin(scripted_session *s) {
  static const xhr__script_step steps[] = {SCRIPT_STALL};
  scripted_session_begin(s, SCRIPTED_FAKE_CLOCK, steps, 1);
}

static void assert_str(xhr__str actual, const char *wanted) {
  assert_int_equal(actual.len, strlen(wanted));
  assert_memory_equal(actual.data, wanted, actual.len);
}

/* Makes one and looks at its origin, its base URL ("": none) and whether it is a secure context. */
static void expect(const scripted_session *s, const char *origin, const char *base,
                   const char *serialized, const char *base_href, bool secure) {
  xhr_context *context;
  assert_int_equal(
      xhr_context_new_web(s->session, s->loop, xhr_str(origin), xhr_str(base), &context), XHR_OK);
  assert_false(xhr__context_is_system(context));
  assert_str(xhr__origin_serialization(&context->client->origin), serialized);
  assert_str(xhr__url_href(&context->api_base_url, false), base_href);
  assert_int_equal(context->client->secure_context, secure);
  xhr_context_unref(context);
}

static void test_origins(void **state) {
  (void)state;
  scripted_session s;
  begin(&s);
  assert_true(xhr__context_is_system(s.context));
  expect(&s, "https://app.example", NULL, "https://app.example", "https://app.example/", true);
  expect(&s, "HTTPS://u:p@App.example:443/a/b?c#d", NULL, "https://app.example",
         "https://app.example/", true);
  expect(&s, "http://a.test:81", NULL, "http://a.test:81", "http://a.test:81/", false);
  expect(&s, "http://localhost", "http://other.test/x", "http://localhost", "http://other.test/x",
         true);
  expect(&s, "null", NULL, "null", "", false);
  expect(&s, "null", "https://a.test/x", "null", "https://a.test/x", false);
  expect(&s, "blob:https://a.test/id", NULL, "https://a.test", "https://a.test/", true);
  scripted_session_end(&s);
}

static void test_arguments(void **state) {
  (void)state;
  static const char *const wrong[] = {"",  "app.example", "*",     "file:///etc/hosts", "data:,",
                                      "/", "Null",        "foo:x", "about:blank",       "http://"};
  scripted_session s;
  xhr_context *context;
  begin(&s);
  const xhr_string origin = xhr_str("http://a.test"), bad = {NULL, 5};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    assert_int_equal(xhr_context_new_web(s.session, s.loop, xhr_str(wrong[i]), null, &context),
                     XHR_SYNTAX_ERR);
  /* What is left out weakens nothing. */
  assert_int_equal(xhr_context_new_web(s.session, s.loop, null, null, &context),
                   XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_context_new_web(s.session, s.loop, bad, null, &context),
                   XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_context_new_web(s.session, s.loop, origin, bad, &context),
                   XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_context_new_web(s.session, s.loop, origin, xhr_str("x"), &context),
                   XHR_SYNTAX_ERR);
  assert_int_equal(xhr_context_new_web(NULL, s.loop, origin, null, &context), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_context_new_web(s.session, s.loop, origin, null, NULL),
                   XHR_INVALID_ARGUMENT);
  scripted_session_end(&s);
}

/* A request outlives its context, and needs what its context was. */
static void test_context_goes_first(void **state) {
  (void)state;
  scripted_session s;
  xhr_context *context;
  xhr *request;
  begin(&s);
  assert_int_equal(xhr_context_new_web(s.session, s.loop, xhr_str("http://a.test"), null, &context),
                   XHR_OK);
  assert_int_equal(xhr_new(context, &request), XHR_OK);
  assert_int_equal(xhr_open(request, xhr_str("PUT"), xhr_str("http://b.test/")), XHR_OK);
  assert_int_equal(xhr_send(request, NULL), XHR_OK);
  xhr_context_destroy(context);
  xhr_context_unref(context);
  xhr_unref(request);
  scripted_session_run(&s);
  scripted_session_end(&s);
}

static void make(void *user) {
  (void)user;
  static const xhr__script_step steps[] = {SCRIPT_STALL};
  scripted_session s = {.connections = {{.steps = steps, .count = 1}}};
  s.script = (xhr__script){.connections = s.connections, .count = 1, .max_header_bytes = 4096};
  if (scripted_session_try(&s, SCRIPTED_FAKE_CLOCK) != XHR_OK)
    return;
  xhr_context *context = NULL;
  xhr_status status = xhr_context_new_web(s.session, NULL, xhr_str("http://a.test/x"),
                                          xhr_str("http://a.test/y"), &context);
  /* The loop is another than the session's first. */
  assert_true(status == XHR_INVALID_STATE_ERR || status == XHR_OUT_OF_MEMORY);
  status = xhr_context_new_web(s.session, s.loop, xhr_str("http://a.test/x"), null, &context);
  assert_true(status == XHR_OK || (status == XHR_OUT_OF_MEMORY && !context));
  xhr_context_unref(context);
  scripted_session_end(&s);
}

static void test_out_of_memory(void **state) {
  (void)state;
  assert_true(failing_allocator_loop(make, NULL, NULL) > 10);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_origins),
      cmocka_unit_test(test_arguments),
      cmocka_unit_test(test_context_goes_first),
      cmocka_unit_test(test_out_of_memory),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
