/* Wrong arguments for every public function: NULL, values out of range, another thread, NUL, CR and LF inside. Each gives
 * its code, never a crash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>

#include "support/leftovers.h"
#include "xhr.h"

static xhr_session *session;
static xhr_loop *loop;
static xhr_context *context;
static xhr *request;

static const xhr_string null = {NULL, 0};
/* Not null, yet without bytes to read. */
static const xhr_string bad = {NULL, 5};

static int setup(void **state) {
  (void)state;
  xhr_session_options *options;
  assert_int_equal(xhr_session_options_new(&options), XHR_OK);
  assert_int_equal(xhr_session_options_set_driver(options, XHR_DRIVER_INLINE), XHR_OK);
  assert_int_equal(xhr_session_new(options, &session), XHR_OK);
  xhr_session_options_free(options);
  assert_int_equal(xhr_loop_new(NULL, NULL, &loop), XHR_OK);
  assert_int_equal(xhr_context_new(session, loop, xhr_str("http://h/"), &context), XHR_OK);
  assert_int_equal(xhr_new(context, &request), XHR_OK);
  return 0;
}

static int teardown(void **state) {
  (void)state;
  xhr_unref(request);
  xhr_context_unref(context);
  xhr_loop_unref(loop);
  xhr_session_unref(session);
  return 0;
}

static void hear(const xhr_event *event, void *user) {
  (void)event;
  (void)user;
}

/* ---- NULL ------------------------------------------------------------------------------------------------ */

static void test_null_objects(void **state) {
  (void)state;
  xhr_string value = xhr_str("untouched");
  xhr_string text = xhr_str("x");
  assert_int_equal(xhr_open(NULL, text, text), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_open_with_credentials(NULL, text, text, text, text), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_open_synchronous(NULL, text, text, text, text), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_set_request_header(NULL, text, text), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_set_timeout(NULL, 1), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_set_with_credentials(NULL, true), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_send(NULL, NULL), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_abort(NULL), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_get_response_header(NULL, text, &value), XHR_INVALID_ARGUMENT);
  assert_null(value.data);
  assert_int_equal(xhr_get_all_response_headers(NULL, &value), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_override_mime_type(NULL, text), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_set_response_type(NULL, XHR_RESPONSE_TYPE_TEXT), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_get_response(NULL, &value), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_get_response_text(NULL, &value), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_get_response_mime_type(NULL, &value), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_add_event_listener(NULL, XHR_EVENT_LOAD, hear, NULL), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_remove_event_listener(NULL, XHR_EVENT_LOAD, hear, NULL),
                   XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_loop_dispatch(NULL), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_loop_wait(NULL, 0), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_loop_run(NULL), XHR_INVALID_ARGUMENT);
  xhr *made = request;
  assert_int_equal(xhr_new(NULL, &made), XHR_INVALID_ARGUMENT);
  assert_null(made);
}

static void test_null_defaults(void **state) {
  (void)state;
  assert_null(xhr_ref(NULL));
  assert_null(xhr_context_ref(NULL));
  assert_null(xhr_session_ref(NULL));
  assert_null(xhr_loop_ref(NULL));
  assert_null(xhr_body_ref(NULL));
  xhr_unref(NULL);
  xhr_context_unref(NULL);
  xhr_context_destroy(NULL);
  xhr_session_unref(NULL);
  xhr_loop_unref(NULL);
  xhr_loop_stop(NULL);
  xhr_body_unref(NULL);
  xhr_session_options_free(NULL);
  xhr_form_data_free(NULL);
  assert_null(xhr_get_event_target(NULL));
  assert_null(xhr_get_upload(NULL));
  assert_null(xhr_context_loop(NULL));
  assert_null(xhr_failure(NULL));
  assert_int_equal(xhr_get_ready_state(NULL), XHR_UNSENT);
  assert_int_equal(xhr_get_status(NULL), 0);
  assert_int_equal(xhr_get_timeout(NULL), 0);
  assert_false(xhr_get_with_credentials(NULL));
  assert_int_equal(xhr_get_response_type(NULL), XHR_RESPONSE_TYPE_EMPTY);
  assert_int_equal(xhr_get_response_url(NULL).len, 0);
  assert_int_equal(xhr_get_status_text(NULL).len, 0);
  assert_int_equal(xhr_body_length(NULL), 0);
  assert_int_equal(xhr_loop_fd(NULL), -1);
  assert_int_equal(xhr_loop_in_flight(NULL), 0);
}

static void test_null_results(void **state) {
  (void)state;
  xhr_string text = xhr_str("x");
  assert_int_equal(xhr_get_response_header(request, text, NULL), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_get_all_response_headers(request, NULL), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_get_response(request, NULL), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_get_response_text(request, NULL), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_get_response_mime_type(request, NULL), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_new(context, NULL), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_context_new(session, loop, null, NULL), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_loop_new(NULL, NULL, NULL), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_session_new(NULL, NULL), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_session_options_new(NULL), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_body_new_bytes("", 0, NULL, NULL, null, NULL), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_body_new_file(xhr_str("/dev/null"), null, NULL), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_body_new_text(text, NULL), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_body_new_form_data(NULL, NULL), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_form_data_new(NULL), XHR_INVALID_ARGUMENT);
}

/* ---- strings ------------------------------------------------------------------------------------------------ */

static void test_null_strings(void **state) {
  (void)state;
  xhr_string text = xhr_str("GET"), url = xhr_str("/"), value;
  xhr_string wrong[] = {null, bad};
  for (size_t i = 0; i < 2; i++) {
    assert_int_equal(xhr_open(request, wrong[i], url), XHR_INVALID_ARGUMENT);
    assert_int_equal(xhr_open(request, text, wrong[i]), XHR_INVALID_ARGUMENT);
    assert_int_equal(xhr_override_mime_type(request, wrong[i]), XHR_INVALID_ARGUMENT);
    assert_int_equal(xhr_get_response_header(request, wrong[i], &value), XHR_INVALID_ARGUMENT);
  }
  assert_int_equal(xhr_open_with_credentials(request, text, url, bad, null), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_open_with_credentials(request, text, url, null, bad), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_open_with_credentials(request, text, url, null, null), XHR_OK);
  for (size_t i = 0; i < 2; i++) {
    assert_int_equal(xhr_set_request_header(request, wrong[i], text), XHR_INVALID_ARGUMENT);
    assert_int_equal(xhr_set_request_header(request, text, wrong[i]), XHR_INVALID_ARGUMENT);
  }
  xhr_context *other;
  xhr_body *body;
  assert_int_equal(xhr_context_new(session, loop, bad, &other), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_context_new(NULL, loop, null, &other), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_body_new_bytes(NULL, 5, NULL, NULL, null, &body), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_body_new_bytes("", 0, NULL, NULL, bad, &body), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_body_new_file(null, null, &body), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_body_new_file(bad, null, &body), XHR_INVALID_ARGUMENT);
}

static void test_control_bytes(void **state) {
  (void)state;
  static const xhr_string wrong[] = {{"a\0b", 3}, {"a\rb", 3}, {"a\nb", 3}};
  xhr_string get = xhr_str("GET"), url = xhr_str("http://h/");
  assert_int_equal(xhr_open(request, get, url), XHR_OK);
  for (size_t i = 0; i < 3; i++) {
    xhr_body *body;
    xhr_string value;
    assert_int_equal(xhr_set_request_header(request, wrong[i], get), XHR_SYNTAX_ERR);
    assert_int_equal(xhr_set_request_header(request, get, wrong[i]), XHR_SYNTAX_ERR);
    assert_int_equal(xhr_open(request, wrong[i], url), XHR_SYNTAX_ERR);
    assert_int_equal(xhr_get_response_header(request, wrong[i], &value), XHR_OK);
    assert_null(value.data);
    assert_int_equal(xhr_override_mime_type(request, wrong[i]), XHR_OK);
    assert_int_equal(xhr_body_new_bytes("", 0, NULL, NULL, wrong[i], &body), XHR_SYNTAX_ERR);
    assert_int_equal(xhr_body_new_file(xhr_str("/dev/null"), wrong[i], &body), XHR_SYNTAX_ERR);
    /* In credentials they are percent-encoded. */
    assert_int_equal(xhr_open_with_credentials(request, get, url, wrong[i], wrong[i]), XHR_OK);
  }
  xhr_body *body;
  /* A URL drops CR and LF, as the URL Standard has it, and takes no NUL in a host. */
  assert_int_equal(xhr_open(request, get, xhr_strn("http://a\0b/", 11)), XHR_SYNTAX_ERR);
  assert_int_equal(xhr_open(request, get, xhr_str("http://a\r\nb/")), XHR_OK);
  assert_int_equal(xhr_body_new_file(xhr_strn("/tmp\0", 5), null, &body), XHR_INVALID_ARGUMENT);
  xhr_context *other;
  assert_int_equal(xhr_context_new(session, loop, xhr_str("no base"), &other), XHR_SYNTAX_ERR);
  assert_int_equal(xhr_context_new(session, loop, xhr_str(""), &other), XHR_SYNTAX_ERR);
}

/* ---- values out of range ----------------------------------------------------------------------------------- */

static void test_values(void **state) {
  (void)state;
  xhr_event_target *target = xhr_get_event_target(request);
  assert_int_equal(xhr_add_event_listener(target, (xhr_event_type)8, hear, NULL),
                   XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_add_event_listener(target, (xhr_event_type)-1, hear, NULL),
                   XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_add_event_listener(target, XHR_EVENT_LOAD, NULL, NULL),
                   XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_remove_event_listener(target, (xhr_event_type)8, hear, NULL),
                   XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_remove_event_listener(target, XHR_EVENT_LOAD, NULL, NULL),
                   XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_remove_event_listener(target, XHR_EVENT_LOAD, hear, NULL), XHR_OK);
  static const int types[] = {-1, 3, 6, 1000};
  for (size_t i = 0; i < 4; i++) {
    assert_int_equal(xhr_set_response_type(request, (xhr_response_type)types[i]),
                     XHR_INVALID_ARGUMENT);
  }
  assert_string_equal(xhr_event_type_name((xhr_event_type)8), "unknown");
  assert_string_equal(xhr_phase_name((xhr_phase)1000), "unknown");
  assert_string_equal(xhr_failure_code_name((xhr_failure_code)1000), "UNKNOWN");
  assert_non_null(xhr_failure_code_text((xhr_failure_code)1000));
  assert_string_equal(xhr_status_name((xhr_status)1000), "XHR_UNKNOWN");
  assert_non_null(xhr_status_text((xhr_status)1000));
  assert_non_null(xhr_version());
  const xhr_allocator none = {NULL, NULL, NULL, NULL};
  assert_int_equal(xhr_set_allocator(&none), XHR_INVALID_ARGUMENT);
}

static void test_options(void **state) {
  (void)state;
  xhr_session_options *o;
  xhr_string text = xhr_str("x"), nul = xhr_strn("a\0b", 3);
  assert_int_equal(xhr_session_options_new(&o), XHR_OK);
  assert_int_equal(xhr_session_options_set_driver(NULL, XHR_DRIVER_INLINE), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_session_options_set_driver(o, (xhr_driver)2), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_session_options_set_insecure(NULL, true), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_session_options_set_file_urls(NULL, true), XHR_INVALID_ARGUMENT);
  xhr_string wrong[] = {bad, nul};
  for (size_t i = 0; i < 2; i++) {
    assert_int_equal(xhr_session_options_set_ca_file(o, wrong[i]), XHR_INVALID_ARGUMENT);
    assert_int_equal(xhr_session_options_set_client_certificate(o, wrong[i], null, null),
                     XHR_INVALID_ARGUMENT);
    assert_int_equal(xhr_session_options_set_client_certificate(o, text, wrong[i], null),
                     XHR_INVALID_ARGUMENT);
    assert_int_equal(xhr_session_options_set_client_certificate(o, text, null, wrong[i]),
                     XHR_INVALID_ARGUMENT);
    assert_int_not_equal(xhr_session_options_set_proxy(o, wrong[i], null), XHR_OK);
    assert_int_not_equal(xhr_session_options_set_proxy(o, null, wrong[i]), XHR_OK);
    assert_int_not_equal(xhr_session_options_set_user_agent(o, wrong[i]), XHR_OK);
    assert_int_not_equal(xhr_session_options_add_resolve(o, wrong[i], 80, xhr_str("127.0.0.1")),
                         XHR_OK);
    assert_int_not_equal(xhr_session_options_add_resolve(o, text, 80, wrong[i]), XHR_OK);
  }
  assert_int_equal(xhr_session_options_set_ca_file(NULL, text), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_session_options_set_client_certificate(NULL, text, null, null),
                   XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_session_options_set_proxy(NULL, text, null), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_session_options_set_user_agent(NULL, text), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_session_options_add_resolve(NULL, text, 80, text), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_session_options_set_limit(NULL, XHR_LIMIT_CONNECTIONS, 1),
                   XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_session_options_set_proxy(o, xhr_str("http://"), null), XHR_SYNTAX_ERR);
  assert_int_equal(xhr_session_options_set_user_agent(o, xhr_str("a\r\nb: c")), XHR_SYNTAX_ERR);
  assert_int_equal(xhr_session_options_add_resolve(o, text, 0, xhr_str("127.0.0.1")),
                   XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_session_options_add_resolve(o, text, 65536, xhr_str("127.0.0.1")),
                   XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_session_options_add_resolve(o, text, 80, xhr_str("localhost")),
                   XHR_SYNTAX_ERR);
  static const struct {
    int limit;
    uint64_t value;
    xhr_status status;
  } limits[] = {
      {XHR_LIMIT_CONNECTIONS, 0, XHR_INVALID_ARGUMENT},
      {XHR_LIMIT_CONNECTIONS, 1000001, XHR_INVALID_ARGUMENT},
      {XHR_LIMIT_CONNECTIONS, 1, XHR_OK},
      {XHR_LIMIT_CONNECTIONS_PER_HOST, 0, XHR_OK},
      {XHR_LIMIT_CONNECTIONS_PER_HOST, 1000001, XHR_INVALID_ARGUMENT},
      {XHR_LIMIT_HEADER_BYTES, 1023, XHR_INVALID_ARGUMENT},
      {XHR_LIMIT_HEADER_BYTES, (uint64_t)16 << 20, XHR_OK},
      {XHR_LIMIT_HEADER_BYTES, ((uint64_t)16 << 20) + 1, XHR_INVALID_ARGUMENT},
      {XHR_LIMIT_RESPONSE_BYTES, 0, XHR_OK},
      {XHR_LIMIT_DECOMPRESSION_RATIO, 0, XHR_OK},
      {-1, 1, XHR_INVALID_ARGUMENT},
      {5, 1, XHR_INVALID_ARGUMENT},
  };
  for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
    assert_int_equal(xhr_session_options_set_limit(o, (xhr_limit)limits[i].limit, limits[i].value),
                     limits[i].status);
  }
  xhr_session_options_free(o);
}

/* ---- another thread ------------------------------------------------------------------------------------------ */

static unsigned wrong_answers;

static void expect(bool right) {
  if (!right)
    wrong_answers++;
}

static void *use_elsewhere(void *user) {
  (void)user;
  xhr_string text = xhr_str("GET"), value;
  xhr_context *other;
  xhr *made;
  xhr_event_target *target = xhr_get_event_target(request);
  expect(xhr_open(request, text, text) == XHR_WRONG_THREAD);
  expect(xhr_open_with_credentials(request, text, text, text, text) == XHR_WRONG_THREAD);
  expect(xhr_open_synchronous(request, text, text, text, text) == XHR_WRONG_THREAD);
  expect(xhr_set_request_header(request, text, text) == XHR_WRONG_THREAD);
  expect(xhr_set_timeout(request, 1) == XHR_WRONG_THREAD);
  expect(xhr_set_with_credentials(request, true) == XHR_WRONG_THREAD);
  expect(xhr_send(request, NULL) == XHR_WRONG_THREAD);
  expect(xhr_abort(request) == XHR_WRONG_THREAD);
  expect(xhr_get_response_header(request, text, &value) == XHR_WRONG_THREAD);
  expect(xhr_get_all_response_headers(request, &value) == XHR_WRONG_THREAD);
  expect(xhr_override_mime_type(request, text) == XHR_WRONG_THREAD);
  expect(xhr_set_response_type(request, XHR_RESPONSE_TYPE_TEXT) == XHR_WRONG_THREAD);
  expect(xhr_get_response(request, &value) == XHR_WRONG_THREAD);
  expect(xhr_get_response_text(request, &value) == XHR_WRONG_THREAD);
  expect(xhr_get_response_mime_type(request, &value) == XHR_WRONG_THREAD);
  expect(xhr_add_event_listener(target, XHR_EVENT_LOAD, hear, NULL) == XHR_WRONG_THREAD);
  expect(xhr_remove_event_listener(target, XHR_EVENT_LOAD, hear, NULL) == XHR_WRONG_THREAD);
  expect(xhr_new(context, &made) == XHR_WRONG_THREAD);
  expect(xhr_context_new(session, loop, null, &other) == XHR_WRONG_THREAD);
  expect(xhr_loop_dispatch(loop) == XHR_WRONG_THREAD);
  expect(xhr_loop_wait(loop, 0) == XHR_WRONG_THREAD);
  expect(xhr_loop_run(loop) == XHR_WRONG_THREAD);
  expect(xhr_loop_fd(loop) == -1);
  expect(xhr_loop_in_flight(loop) == 0);
  /* These cannot say so: they do nothing. */
  expect(xhr_get_ready_state(request) == XHR_UNSENT);
  expect(xhr_get_timeout(request) == 0);
  expect(!xhr_get_with_credentials(request));
  expect(xhr_get_response_type(request) == XHR_RESPONSE_TYPE_EMPTY);
  expect(xhr_get_status(request) == 0);
  expect(xhr_get_response_url(request).len == 0);
  expect(xhr_get_status_text(request).len == 0);
  expect(xhr_failure(request) == NULL);
  expect(xhr_ref(request) == request);
  xhr_unref(request);
  xhr_unref(request);
  expect(xhr_context_ref(context) == context);
  xhr_context_unref(context);
  xhr_context_unref(context);
  xhr_context_destroy(context);
  expect(xhr_loop_ref(loop) == loop);
  xhr_loop_unref(loop);
  xhr_loop_unref(loop);
  /* A session belongs to everybody. */
  expect(xhr_session_ref(session) == session);
  xhr_session_unref(session);
  return NULL;
}

static void test_wrong_thread(void **state) {
  (void)state;
  pthread_t thread;
  assert_int_equal(xhr_open(request, xhr_str("GET"), xhr_str("/")), XHR_OK);
  assert_int_equal(xhr_set_timeout(request, 5), XHR_OK);
  assert_int_equal(xhr_set_response_type(request, XHR_RESPONSE_TYPE_BLOB), XHR_OK);
  wrong_answers = 0;
  assert_int_equal(pthread_create(&thread, NULL, use_elsewhere, NULL), 0);
  assert_int_equal(pthread_join(thread, NULL), 0);
  assert_int_equal(wrong_answers, 0);
  /* Nothing has changed. */
  assert_int_equal(xhr_get_ready_state(request), XHR_OPENED);
  assert_int_equal(xhr_get_timeout(request), 5);
  assert_int_equal(xhr_get_response_type(request), XHR_RESPONSE_TYPE_BLOB);
  assert_int_equal(xhr_set_request_header(request, xhr_str("a"), xhr_str("b")), XHR_OK);
}

/* ---- a destroyed context --------------------------------------------------------------------------------------- */

static void test_closed(void **state) {
  (void)state;
  xhr *other;
  xhr_string value;
  assert_int_equal(xhr_open(request, xhr_str("GET"), xhr_str("/")), XHR_OK);
  xhr_context_destroy(context);
  xhr_context_destroy(context);
  assert_int_equal(xhr_new(context, &other), XHR_CLOSED);
  assert_null(other);
  assert_int_equal(xhr_open(request, xhr_str("GET"), xhr_str("/")), XHR_CLOSED);
  assert_int_equal(xhr_send(request, NULL), XHR_CLOSED);
  assert_int_equal(xhr_abort(request), XHR_OK);
  assert_int_equal(xhr_get_response_text(request, &value), XHR_OK);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_null_objects, setup, teardown),
      cmocka_unit_test_setup_teardown(test_null_defaults, setup, teardown),
      cmocka_unit_test_setup_teardown(test_null_results, setup, teardown),
      cmocka_unit_test_setup_teardown(test_null_strings, setup, teardown),
      cmocka_unit_test_setup_teardown(test_control_bytes, setup, teardown),
      cmocka_unit_test_setup_teardown(test_values, setup, teardown),
      cmocka_unit_test_setup_teardown(test_options, setup, teardown),
      cmocka_unit_test_setup_teardown(test_wrong_thread, setup, teardown),
      cmocka_unit_test_setup_teardown(test_closed, setup, teardown),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
