/* Tests of src/xhr: what a request says and what its response gives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "infra/bytes.h"
#include "support/event_log.h"
#include "support/leftovers.h"
#include "support/scripted_session.h"

static scripted_session s;
static xhr *request;
static xhr__bytes received; /* all that the servers have read */

static void receive(void *user, size_t connection, bool begins, xhr__str bytes) {
  (void)user;
  (void)connection;
  (void)begins;
  assert_int_equal(xhr__bytes_append(&received, bytes), XHR_OK);
}

static void begin_steps(const xhr__script_step *steps, size_t count) {
  s = (scripted_session){.script = {.received = receive}};
  for (size_t i = 0; i < SCRIPTED_CONNECTIONS; i++)
    s.connections[i] = (xhr__script_connection){.steps = steps, .count = count};
  assert_int_equal(scripted_session_try(&s, SCRIPTED_FAKE_CLOCK), XHR_OK);
  assert_int_equal(xhr_new(s.context, &request), XHR_OK);
}

/* A request to a server that gives this answer and closes. */
static void begin(const char *answer) {
  static xhr__script_step steps[] = {
      SCRIPT_READ, SCRIPT_READ_REST, {.kind = XHR__STEP_SEND}, SCRIPT_CLOSE};
  steps[2].bytes = xhr__str_c(answer);
  begin_steps(steps, 4);
}

static void open_it(const char *method, const char *url) {
  assert_int_equal(xhr_open(request, xhr_str(method), xhr_str(url)), XHR_OK);
}

static void send_it(void) {
  assert_int_equal(xhr_send(request, NULL), XHR_OK);
  scripted_session_run(&s);
  assert_int_equal(xhr_get_ready_state(request), XHR_DONE);
}

static void end(void) {
  xhr_unref(request);
  scripted_session_end(&s);
  xhr__bytes_free(&received);
}

static void assert_text(xhr_string actual, const char *expected) {
  if (actual.len != strlen(expected) || memcmp(actual.data, expected, actual.len) != 0)
    fail_msg("\"%.*s\" instead of \"%s\"", (int)actual.len, actual.data, expected);
}

static void assert_sent(const char *line) {
  if (xhr__str_find_str(xhr__bytes_str(&received), 0, xhr__str_c(line)) == received.len)
    fail_msg("not sent: %s; but:\n%s", line, received.data);
}

static void assert_not_sent(const char *text) {
  assert_int_equal(xhr__str_find_str(xhr__bytes_str(&received), 0, xhr__str_c(text)), received.len);
}

/* ---- the request ---------------------------------------------------------------------------------------- */

static void test_open(void **state) {
  (void)state;
  begin("");
  static const struct {
    const char *method, *url;
    xhr_status status;
  } cases[] = {
      {"GET", "http://h/", XHR_OK},
      {"get", "relative?q#f", XHR_OK},
      {"EGG", "", XHR_OK},
      {"", "/", XHR_SYNTAX_ERR},
      {"G T", "/", XHR_SYNTAX_ERR},
      {"G\r\nT", "/", XHR_SYNTAX_ERR},
      {"TRACE", "/", XHR_SECURITY_ERR},
      {"connect", "/", XHR_SECURITY_ERR},
      {"Track", "/", XHR_SECURITY_ERR},
      {"GET", "http://", XHR_SYNTAX_ERR},
      {"GET", "http://a b/", XHR_SYNTAX_ERR},
      {"GET", "http://h:99999/", XHR_SYNTAX_ERR},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_int_equal(xhr_open(request, xhr_str(cases[i].method), xhr_str(cases[i].url)),
                     cases[i].status);
  }
  assert_int_equal(xhr_open(request, xhr_strn("G\0T", 3), xhr_str("/")), XHR_SYNTAX_ERR);
  end();
}

/* A failed open leaves everything as it is. */
static void test_failed_open(void **state) {
  (void)state;
  begin("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
  open_it("GET", "/");
  assert_int_equal(xhr_send(request, NULL), XHR_OK);
  assert_int_equal(xhr_open(request, xhr_str("GET"), xhr_str("http://")), XHR_SYNTAX_ERR);
  assert_int_equal(xhr_loop_in_flight(s.loop), 1);
  scripted_session_run(&s);
  assert_int_equal(xhr_get_status(request), 200);
  end();
}

static void test_request_on_the_wire(void **state) {
  (void)state;
  begin("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  open_it("put", "path?query#fragment");
  xhr_body *body;
  assert_int_equal(xhr_set_request_header(request, xhr_str("X-One"), xhr_str(" \t1 \r\n")), XHR_OK);
  assert_int_equal(xhr_set_request_header(request, xhr_str("x-one"), xhr_str("2")), XHR_OK);
  assert_int_equal(xhr_set_request_header(request, xhr_str("Cookie"), xhr_str("a=b")), XHR_OK);
  assert_int_equal(xhr_set_request_header(request, xhr_str("X-Empty"), xhr_str("")), XHR_OK);
  assert_int_equal(xhr_body_new_bytes("{}", 2, NULL, NULL, xhr_str("application/json"), &body),
                   XHR_OK);
  assert_int_equal(xhr_send(request, body), XHR_OK);
  xhr_body_unref(body);
  scripted_session_run(&s);
  assert_sent("PUT /path?query HTTP/1.1\r\n");
  assert_sent("\r\nX-One: 1, 2\r\n");
  assert_sent("\r\nCookie: a=b\r\n");
  assert_sent("\r\nContent-Type: application/json\r\n");
  assert_sent("\r\nContent-Length: 2\r\n");
  assert_sent("\r\n\r\n{}");
  end();
}

/* The author's Content-Type goes before the body's. */
static void test_content_type(void **state) {
  (void)state;
  begin("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  open_it("POST", "/");
  xhr_body *body;
  assert_int_equal(xhr_set_request_header(request, xhr_str("content-type"), xhr_str("a/b")),
                   XHR_OK);
  assert_int_equal(xhr_body_new_bytes("{}", 2, NULL, NULL, xhr_str("application/json"), &body),
                   XHR_OK);
  assert_int_equal(xhr_send(request, body), XHR_OK);
  xhr_body_unref(body);
  scripted_session_run(&s);
  assert_sent("\r\ncontent-type: a/b\r\n");
  assert_not_sent("application/json");
  end();
}

/* Text says that it is UTF-8, whatever charset the author thinks of. */
static void test_content_type_of_text(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"text/plain;charset=latin1", "text/plain;charset=UTF-8"},
      {"text/plain ; Charset=\"x y\"; a=b", "text/plain;charset=UTF-8;a=b"},
      {"text/plain;charset=utf-8;x=y ", "text/plain;charset=utf-8;x=y"},
      {"text/plain", "text/plain"},
      {"bogus;charset=latin1", "bogus;charset=latin1"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char line[128];
    xhr_body *body;
    begin("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    open_it("POST", "/");
    assert_int_equal(xhr_set_request_header(request, xhr_str("Content-Type"), xhr_str(cases[i][0])),
                     XHR_OK);
    assert_int_equal(xhr_body_new_text(xhr_str("text"), &body), XHR_OK);
    assert_int_equal(xhr_send(request, body), XHR_OK);
    xhr_body_unref(body);
    scripted_session_run(&s);
    (void)snprintf(line, sizeof line, "\r\nContent-Type: %s\r\n", cases[i][1]);
    assert_sent(line);
    end();
  }
}

/* A form says its boundary, and its length beforehand. */
static void test_form_data(void **state) {
  (void)state;
  xhr_form_data *form;
  xhr_body *body;
  begin("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  open_it("POST", "/");
  assert_int_equal(xhr_form_data_new(&form), XHR_OK);
  assert_int_equal(xhr_form_data_append_text(form, xhr_str("n"), xhr_str("v")), XHR_OK);
  assert_int_equal(xhr_body_new_form_data(form, &body), XHR_OK);
  xhr_form_data_free(form);
  assert_int_equal(xhr_send(request, body), XHR_OK);
  xhr_body_unref(body);
  scripted_session_run(&s);
  assert_sent("\r\nContent-Type: multipart/form-data; boundary=----libxhrFormBoundary");
  assert_sent("\r\nContent-Length: 149\r\n");
  assert_sent(
      "\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\nv\r\n------libxhrFormBoundary");
  assert_not_sent("chunked");
  end();
}

static void test_states(void **state) {
  (void)state;
  begin("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
  xhr_string name = xhr_str("a"), value = xhr_str("b");
  assert_int_equal(xhr_get_ready_state(request), XHR_UNSENT);
  assert_int_equal(xhr_send(request, NULL), XHR_INVALID_STATE_ERR);
  assert_int_equal(xhr_set_request_header(request, name, value), XHR_INVALID_STATE_ERR);
  assert_int_equal(xhr_set_with_credentials(request, true), XHR_OK);
  open_it("GET", "/");
  assert_int_equal(xhr_set_with_credentials(request, false), XHR_OK);
  assert_int_equal(xhr_send(request, NULL), XHR_OK);
  assert_int_equal(xhr_send(request, NULL), XHR_INVALID_STATE_ERR);
  assert_int_equal(xhr_set_request_header(request, name, value), XHR_INVALID_STATE_ERR);
  assert_int_equal(xhr_set_with_credentials(request, true), XHR_INVALID_STATE_ERR);
  assert_int_equal(xhr_set_response_type(request, XHR_RESPONSE_TYPE_TEXT), XHR_OK);
  assert_int_equal(xhr_override_mime_type(request, xhr_str("a/b")), XHR_OK);
  scripted_session_run(&s);
  assert_int_equal(xhr_set_with_credentials(request, true), XHR_INVALID_STATE_ERR);
  assert_int_equal(xhr_set_response_type(request, XHR_RESPONSE_TYPE_JSON), XHR_INVALID_STATE_ERR);
  assert_int_equal(xhr_override_mime_type(request, xhr_str("a/b")), XHR_INVALID_STATE_ERR);
  assert_int_equal(xhr_send(request, NULL), XHR_INVALID_STATE_ERR);
  end();
}

/* ---- the response ------------------------------------------------------------------------------------------ */

static void test_headers(void **state) {
  (void)state;
  xhr_string value;
  begin("HTTP/1.1 299 Fine, \xfcse it\r\nfoo-TEST: 1\r\nSet-Cookie: b=2\r\nFOO-test: 2\r\n"
        "__Custom: kinda\r\nABC: \r\nset-cookie: a=1\r\nContent-Length: 0\r\n\r\n");
  open_it("GET", "/x#y");
  assert_int_equal(xhr_get_response_header(request, xhr_str("abc"), &value), XHR_OK);
  assert_null(value.data);
  assert_int_equal(xhr_get_all_response_headers(request, &value), XHR_OK);
  assert_text(value, "");
  send_it();
  assert_int_equal(xhr_get_status(request), 299);
  assert_text(xhr_get_status_text(request), "Fine, \xfcse it");
  assert_text(xhr_get_response_url(request), "http://h/x");
  assert_int_equal(xhr_get_response_header(request, xhr_str("Foo-Test"), &value), XHR_OK);
  assert_text(value, "1, 2");
  assert_int_equal(xhr_get_response_header(request, xhr_str("abc"), &value), XHR_OK);
  assert_text(value, "");
  assert_non_null(value.data);
  assert_int_equal(xhr_get_response_header(request, xhr_str("none"), &value), XHR_OK);
  assert_null(value.data);
  assert_int_equal(xhr_get_response_header(request, xhr_str("not a name"), &value), XHR_OK);
  assert_null(value.data);
  assert_int_equal(xhr_get_response_header(request, xhr_str("SET-COOKIE"), &value), XHR_OK);
  assert_text(value, "b=2, a=1");
  /* "_" sorts behind the letters, as they did when names were upper-cased. */
  for (int i = 0; i < 2; i++) {
    assert_int_equal(xhr_get_all_response_headers(request, &value), XHR_OK);
    assert_text(value, "abc: \r\ncontent-length: 0\r\nfoo-test: 1, 2\r\nset-cookie: b=2\r\n"
                       "set-cookie: a=1\r\n__custom: kinda\r\n");
  }
  /* open() forgets it all. */
  open_it("GET", "/");
  assert_int_equal(xhr_get_all_response_headers(request, &value), XHR_OK);
  assert_text(value, "");
  assert_int_equal(xhr_get_status(request), 0);
  assert_text(xhr_get_status_text(request), "");
  assert_text(xhr_get_response_url(request), "");
  end();
}

#define JSON_ANSWER                                                                                \
  "HTTP/1.1 200 OK\r\nContent-Type: application/json;charset=koi8-r\r\nContent-Length: 12\r\n\r\n" \
  "\xef\xbb\xbf{\"a\":\xc3\xa9}z"

static void test_response_types(void **state) {
  (void)state;
  static const struct {
    xhr_response_type type;
    const char *expected;
  } cases[] = {
      {XHR_RESPONSE_TYPE_EMPTY, "{\"a\":\xc3\xa9}z"},
      {XHR_RESPONSE_TYPE_TEXT, "{\"a\":\xc3\xa9}z"},
      {XHR_RESPONSE_TYPE_JSON, "{\"a\":\xc3\xa9}z"},
      {XHR_RESPONSE_TYPE_ARRAYBUFFER, "\xef\xbb\xbf{\"a\":\xc3\xa9}z"},
      {XHR_RESPONSE_TYPE_BLOB, "\xef\xbb\xbf{\"a\":\xc3\xa9}z"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    xhr_string value;
    bool is_text = i < 2;
    begin(JSON_ANSWER);
    assert_int_equal(xhr_set_response_type(request, cases[i].type), XHR_OK);
    assert_int_equal(xhr_get_response_type(request), cases[i].type);
    open_it("GET", "/");
    assert_int_equal(xhr_get_response(request, &value), XHR_OK);
    assert_int_equal(value.data != NULL, is_text);
    send_it();
    for (int again = 0; again < 2; again++) {
      assert_int_equal(xhr_get_response(request, &value), XHR_OK);
      assert_text(value, cases[i].expected);
    }
    assert_int_equal(xhr_get_response_text(request, &value),
                     is_text ? XHR_OK : XHR_INVALID_STATE_ERR);
    assert_int_equal(xhr_get_response_mime_type(request, &value), XHR_OK);
    assert_text(value, "application/json;charset=koi8-r");
    assert_int_equal(xhr_abort(request), XHR_OK);
    assert_int_equal(xhr_get_response(request, &value), XHR_OK);
    assert_int_equal(value.data != NULL, is_text);
    assert_int_equal(value.len, 0);
    end();
  }
}

/* A null body: text is "", bytes are none, JSON is null. */
static void test_null_body(void **state) {
  (void)state;
  for (int type = 0; type < 6; type++) {
    xhr_string value;
    begin("HTTP/1.1 204 No Content\r\n\r\n");
    if (xhr_set_response_type(request, (xhr_response_type)type) == XHR_OK) {
      open_it("GET", "/");
      send_it();
      assert_int_equal(xhr_get_response(request, &value), XHR_OK);
      assert_int_equal(value.len, 0);
      assert_int_equal(value.data != NULL, type != XHR_RESPONSE_TYPE_JSON);
    } else {
      assert_int_equal(type, 3);
    }
    end();
  }
}

/* A body that breaks off is no body. */
static void test_broken_body(void **state) {
  (void)state;
  static const xhr__script_step steps[] = {
      SCRIPT_READ, SCRIPT_SEND("HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 9\r\n\r\nhalf"),
      SCRIPT_RESET};
  for (int type = 0; type < 6; type++) {
    xhr_string value;
    begin_steps(steps, 3);
    if (xhr_set_response_type(request, (xhr_response_type)type) == XHR_OK) {
      open_it("GET", "/");
      send_it();
      assert_int_equal(xhr_get_response(request, &value), XHR_OK);
      assert_int_equal(value.len, 0);
      assert_int_equal(value.data != NULL,
                       type == XHR_RESPONSE_TYPE_EMPTY || type == XHR_RESPONSE_TYPE_TEXT);
      assert_int_equal(xhr_get_status(request), 0);
      assert_int_equal(xhr_get_all_response_headers(request, &value), XHR_OK);
      assert_text(value, "");
      const xhr_failure_info *failure = xhr_failure(request);
      assert_non_null(failure);
      assert_int_equal(failure->phase, XHR_PHASE_RECEIVE);
      assert_text(failure->host, "h");
      assert_true(failure->message.len > 0);
      assert_int_equal(failure->message.data[failure->message.len], '\0');
      /* open() forgets that too. */
      open_it("GET", "/");
      assert_null(xhr_failure(request));
    }
    end();
  }
}

static void test_mime_types(void **state) {
  (void)state;
  static const struct {
    const char *header, *override, *expected;
  } cases[] = {
      {"X: y", NULL, "text/xml"},
      {"Content-Type: bogus", NULL, "text/xml"},
      {"Content-Type: Text/HTML; Charset=X", NULL, "text/html;charset=X"},
      {"Content-Type: text/html;charset=a\r\nContent-Type: */*", NULL, "text/html;charset=a"},
      {"Content-Type: a/b", "TEXT/plain; charset=\"q q\"", "text/plain;charset=\"q q\""},
      {"Content-Type: a/b", "bogus", "application/octet-stream"},
      {"Content-Type: a/b", "", "application/octet-stream"},
      {"Content-Type: a/b", "x/y;p=\xc3\xa9", "x/y;p=\"\xc3\xa9\""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char answer[256];
    xhr_string mime;
    (void)snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\n%s\r\nContent-Length: 0\r\n\r\n",
                   cases[i].header);
    begin(answer);
    if (cases[i].override)
      assert_int_equal(xhr_override_mime_type(request, xhr_str(cases[i].override)), XHR_OK);
    open_it("GET", "/");
    send_it();
    assert_int_equal(xhr_get_response_mime_type(request, &mime), XHR_OK);
    assert_text(mime, cases[i].expected);
    /* The override outlives open(). */
    open_it("GET", "/");
    assert_int_equal(xhr_get_response_mime_type(request, &mime), XHR_OK);
    assert_text(mime, cases[i].override ? cases[i].expected : "text/xml");
    end();
  }
}

static void test_failures(void **state) {
  (void)state;
  static const struct {
    xhr_failure_code code;
    xhr_phase phase;
  } cases[] = {
      {XHR_FAILURE_DNS, XHR_PHASE_DNS},
      {XHR_FAILURE_CONNECT_REFUSED, XHR_PHASE_CONNECT},
      {XHR_FAILURE_TLS_CERTIFICATE, XHR_PHASE_TLS},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    s = (scripted_session){.now = 0};
    for (size_t j = 0; j < SCRIPTED_CONNECTIONS; j++)
      s.connections[j].failure = cases[i].code;
    assert_int_equal(scripted_session_try(&s, SCRIPTED_FAKE_CLOCK), XHR_OK);
    assert_int_equal(xhr_new(s.context, &request), XHR_OK);
    open_it("GET", "http://unreachable.example/");
    assert_null(xhr_failure(request));
    send_it();
    const xhr_failure_info *failure = xhr_failure(request);
    assert_non_null(failure);
    assert_int_equal(failure->code, cases[i].code);
    assert_int_equal(failure->phase, cases[i].phase);
    assert_text(failure->host, "unreachable.example");
    assert_int_equal(xhr_abort(request), XHR_OK);
    assert_null(xhr_failure(request));
    end();
  }
}

/* open() without credentials after one with them has none. */
static void test_credentials(void **state) {
  (void)state;
  begin("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  xhr_string null = {NULL, 0};
  assert_int_equal(xhr_open_with_credentials(request, xhr_str("GET"), xhr_str("/"),
                                             xhr_str("us:er"), xhr_str("p@ss")),
                   XHR_OK);
  assert_int_equal(xhr_send(request, NULL), XHR_OK);
  assert_int_equal(xhr_open_with_credentials(request, xhr_str("GET"), xhr_str("/"), null, null),
                   XHR_OK);
  send_it();
  assert_not_sent("Authorization");
  end();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_open),
      cmocka_unit_test(test_failed_open),
      cmocka_unit_test(test_request_on_the_wire),
      cmocka_unit_test(test_content_type),
      cmocka_unit_test(test_content_type_of_text),
      cmocka_unit_test(test_form_data),
      cmocka_unit_test(test_states),
      cmocka_unit_test(test_headers),
      cmocka_unit_test(test_response_types),
      cmocka_unit_test(test_null_body),
      cmocka_unit_test(test_broken_body),
      cmocka_unit_test(test_mime_types),
      cmocka_unit_test(test_failures),
      cmocka_unit_test(test_credentials),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
