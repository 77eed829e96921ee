/* Whole resources: src/session/resource_fetch.c, and what Fetch makes of their destinations and modes. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

#include "session/resource_fetch.h"
#include "support/failing_allocator.h"
#include "support/leftovers.h"
#include "support/scripted_session.h"

#define HEAD  "HTTP/1.1 200 OK\r\nConnection: close\r\n"
#define HELLO HEAD "Content-Length: 5\r\n\r\nhello"

static const xhr__script_step answers[] = {SCRIPT_READ, SCRIPT_SEND(HELLO)};
static const xhr__script_step stalls[] = {SCRIPT_READ, SCRIPT_SEND(HEAD "\r\nhe"), SCRIPT_STALL};

/* ---- one at a time ------------------------------------------------------------------------------------------------- */

/* What came of a fetch, in words. */
typedef struct outcome {
  unsigned calls;
  char text[512];
} outcome;

static void done(void *user, const xhr__resource *resource) {
  outcome *out = user;
  out->calls++;
  if (!resource->response) {
    (void)snprintf(out->text, sizeof out->text, "%s: %s",
                   xhr_failure_code_name(resource->failure->code), resource->failure->message);
    return;
  }
  xhr__str url = xhr__url_href(&resource->response->url, false);
  (void)snprintf(out->text, sizeof out->text, "%d %u %.*s (%zu headers) %.*s%s",
                 (int)resource->response->type, resource->response->status, (int)url.len, url.data,
                 resource->response->header_list.count, (int)resource->body.len,
                 resource->body.data,
                 resource->failure ? xhr_failure_code_name(resource->failure->code) : "");
}

static xhr__request *request_for(const xhr_context *context, const char *text,
                                 xhr__request_destination destination, xhr__request_mode mode) {
  xhr__url url;
  xhr__request *request;
  assert_int_equal(xhr__url_parse(xhr__str_c(text), NULL, &url), XHR_OK);
  assert_int_equal(xhr__resource_request_new(context, &url, destination, mode,
                                             XHR__CREDENTIALS_SAME_ORIGIN, &request),
                   XHR_OK);
  xhr__url_free(&url);
  return request;
}

static void start(xhr_context *context, outcome *out, xhr__resource_fetch **fetch) {
  xhr__request *request =
      request_for(context, "http://h/x", XHR__DESTINATION_SCRIPT, XHR__MODE_CORS);
  *out = (outcome){0};
  assert_int_equal(xhr__resource_fetch_start(context, request, done, out, fetch), XHR_OK);
}

static void test_start(void **state) {
  (void)state;
  for (scripted_driver driver = 0; driver < SCRIPTED_DRIVERS; driver++) {
    scripted_session s;
    outcome out;
    xhr__resource_fetch *fetch;
    scripted_session_begin(&s, driver, answers, 2);
    start(s.context, &out, &fetch);
    assert_int_equal(xhr_loop_in_flight(s.loop), 1);
    scripted_session_run(&s);
    assert_int_equal(xhr_loop_in_flight(s.loop), 0);
    assert_int_equal(out.calls, 1);
    assert_string_equal(out.text, "0 200 http://h/x (2 headers) hello");
    scripted_session_end(&s);
  }
}

static void test_wait(void **state) {
  (void)state;
  for (scripted_driver driver = SCRIPTED_INLINE; driver < SCRIPTED_DRIVERS; driver++) {
    scripted_session s;
    outcome out = {0}, waiting;
    xhr__resource_fetch *fetch;
    scripted_session_begin(&s, driver, answers, 2);
    start(s.context, &waiting, &fetch);
    assert_int_equal(xhr__resource_fetch_wait(s.context,
                                              request_for(s.context, "http://h/y",
                                                          XHR__DESTINATION_SCRIPT, XHR__MODE_CORS),
                                              done, &out),
                     XHR_OK);
    assert_string_equal(out.text, "0 200 http://h/y (2 headers) hello");
    assert_int_equal(waiting.calls, 0);
    scripted_session_run(&s);
    assert_int_equal(waiting.calls, 1);
    scripted_session_end(&s);
  }
}

static void *stop_soon(void *loop) {
  const struct timespec pause = {.tv_nsec = 50 * 1000 * 1000};
  nanosleep(&pause, NULL);
  xhr_loop_stop(loop);
  return NULL;
}

static void test_stop(void **state) {
  (void)state;
  for (scripted_driver driver = SCRIPTED_INLINE; driver < SCRIPTED_DRIVERS; driver++) {
    scripted_session s;
    outcome out = {0};
    pthread_t thread;
    scripted_session_begin(&s, driver, stalls, 3);
    assert_int_equal(pthread_create(&thread, NULL, stop_soon, s.loop), 0);
    assert_int_equal(xhr__resource_fetch_wait(s.context,
                                              request_for(s.context, "http://h/y",
                                                          XHR__DESTINATION_SCRIPT, XHR__MODE_CORS),
                                              done, &out),
                     XHR_OK);
    assert_int_equal(out.calls, 1);
    assert_string_equal(out.text, "ABORTED: the request was ended before its answer was there");
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(xhr_loop_in_flight(s.loop), 0);
    scripted_session_end(&s);
  }
}

static void test_ends(void **state) {
  (void)state;
  for (scripted_driver driver = SCRIPTED_INLINE; driver < SCRIPTED_DRIVERS; driver++) {
    scripted_session s;
    outcome cancelled, destroyed;
    xhr__resource_fetch *fetch, *other;
    scripted_session_begin(&s, driver, stalls, 3);
    start(s.context, &cancelled, &fetch);
    start(s.context, &destroyed, &other);
    assert_int_equal(xhr_loop_wait(s.loop, 20), XHR_OK);
    xhr__resource_fetch_cancel(fetch);
    assert_int_equal(xhr_loop_in_flight(s.loop), 1);
    xhr_context_destroy(s.context);
    assert_int_equal(xhr_loop_in_flight(s.loop), 0);
    assert_int_equal(cancelled.calls, 0);
    assert_int_equal(destroyed.calls, 1);
    assert_memory_equal(destroyed.text, "ABORTED", 7);
    /* A closed context fetches nothing. */
    xhr__request *request =
        request_for(s.context, "http://h/", XHR__DESTINATION_SCRIPT, XHR__MODE_CORS);
    assert_int_equal(xhr__resource_fetch_start(s.context, request, done, &destroyed, &fetch),
                     XHR_CLOSED);
    request = request_for(s.context, "http://h/", XHR__DESTINATION_SCRIPT, XHR__MODE_CORS);
    assert_int_equal(xhr__resource_fetch_wait(s.context, request, done, &destroyed), XHR_CLOSED);
    assert_int_equal(destroyed.calls, 1);
    scripted_session_end(&s);
  }
}

/* ---- what a page's requests say and get ---------------------------------------------------------------------------- */

typedef struct page_case {
  xhr__request_destination destination;
  xhr__request_mode mode;
  const char *url, *answer;
  const char *said, *outcome; /* parts of what was sent (NULL: nothing was), and what came of it */
} page_case;

#define ANSWERED(headers) HEAD headers "Content-Length: 2\r\n\r\nok"
#define REDIRECT(to)                                                                               \
  "HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: " to "\r\nContent-Length: 0\r\n\r\n"

static const page_case cases[] = {
    /* the opaque response's own headers and body */
    {XHR__DESTINATION_SCRIPT, XHR__MODE_NO_CORS, "https://other.test/a.js",
     ANSWERED("Set-Cookie: a=b\r\nX: y\r\n"),
     "Sec-Fetch-Dest: script\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Site: cross-site\r\n",
     "3 200 https://other.test/a.js (4 headers) ok"},
    {XHR__DESTINATION_SCRIPT, XHR__MODE_NO_CORS, "https://page.test/a.js",
     ANSWERED("Set-Cookie: a=b\r\n"), "Sec-Fetch-Site: same-origin\r\n",
     "1 200 https://page.test/a.js (3 headers) ok"},
    {XHR__DESTINATION_SCRIPT, XHR__MODE_CORS, "https://other.test/a.js",
     ANSWERED("Access-Control-Allow-Origin: *\r\nX: y\r\n"), "Origin: https://page.test\r\n",
     "2 200 https://other.test/a.js (4 headers) ok"},
    {XHR__DESTINATION_SCRIPT, XHR__MODE_CORS, "https://other.test/a.js", ANSWERED(""),
     "Origin: ", "CORS_ORIGIN"},
    /* a worker's script is of its own origin, also behind redirects */
    {XHR__DESTINATION_WORKER, XHR__MODE_SAME_ORIGIN, "https://page.test/w.js", ANSWERED(""),
     "Sec-Fetch-Dest: worker\r\nSec-Fetch-Mode: same-origin\r\nSec-Fetch-Site: same-origin\r\n",
     "1 200 https://page.test/w.js (2 headers) ok"},
    {XHR__DESTINATION_SHAREDWORKER, XHR__MODE_SAME_ORIGIN, "https://other.test/w.js", NULL, NULL,
     "SAME_ORIGIN: the URL is not of the page's own origin, and has to be"},
    {XHR__DESTINATION_WORKER, XHR__MODE_SAME_ORIGIN, "https://page.test/w.js",
     REDIRECT("https://other.test/"), "Accept: */*\r\n", "SAME_ORIGIN"},
    /* credentials that a redirect brings are for requests that scripts do not read the answer of; the same redirect comes
     * again and again */
    {XHR__DESTINATION_SCRIPT, XHR__MODE_NO_CORS, "https://page.test/a",
     REDIRECT("https://u:p@other.test/"), "Sec-Fetch-Site: cross-site\r\n", "REDIRECT_LIMIT"},
    {XHR__DESTINATION_SCRIPT, XHR__MODE_CORS, "https://page.test/a",
     REDIRECT("https://u:p@other.test/"), "Sec-Fetch-Site: same-origin\r\n", "CORS_REDIRECT"},
    /* pages come from anywhere */
    {XHR__DESTINATION_DOCUMENT, XHR__MODE_NAVIGATE, "https://other.test/", ANSWERED(""),
     "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n",
     "1 200 https://other.test/ (2 headers) ok"},
    {XHR__DESTINATION_DOCUMENT, XHR__MODE_NAVIGATE, "https://page.test/", ANSWERED(""),
     "Sec-Fetch-Dest: document\r\nSec-Fetch-Mode: navigate\r\n",
     "1 200 https://page.test/ (2 headers) ok"},
    {XHR__DESTINATION_JSON, XHR__MODE_CORS, "https://page.test/", ANSWERED(""),
     "Accept: application/json,*/*;q=0.5\r\n", "1 200 https://page.test/ (2 headers) ok"},
    /* what is no script */
    {XHR__DESTINATION_SCRIPT, XHR__MODE_NO_CORS, "https://page.test/a",
     ANSWERED("Content-Type: image/png\r\n"), "Sec-Fetch-Dest: script\r\n",
     "MIME_TYPE: a script's response has the MIME type \"image/png\"; let the server say "
     "text/javascript"},
    {XHR__DESTINATION_WORKER, XHR__MODE_SAME_ORIGIN, "https://page.test/a",
     ANSWERED("Content-Type: text/csv\r\n"), "Sec-Fetch-Dest: worker\r\n", "MIME_TYPE"},
    {XHR__DESTINATION_SCRIPT, XHR__MODE_NO_CORS, "https://page.test/a",
     ANSWERED("Content-Type: text/plain\r\n"), "Sec-Fetch-Dest: script\r\n",
     "1 200 https://page.test/a (3 headers) ok"},
    {XHR__DESTINATION_SCRIPT, XHR__MODE_NO_CORS, "https://page.test/a",
     ANSWERED("Content-Type: text/plain\r\nX-Content-Type-Options: NoSniff, x\r\n"),
     "Sec-Fetch-Dest: script\r\n", "MIME_TYPE"},
    {XHR__DESTINATION_SCRIPT, XHR__MODE_NO_CORS, "https://page.test/a",
     ANSWERED("X-Content-Type-Options: nosniff\r\n"), "Sec-Fetch-Dest: script\r\n", "MIME_TYPE"},
    {XHR__DESTINATION_SCRIPT, XHR__MODE_NO_CORS, "https://page.test/a",
     ANSWERED("Content-Type: text/plain\r\nX-Content-Type-Options: x, nosniff\r\n"),
     "Sec-Fetch-Dest: script\r\n", "1 200 https://page.test/a (4 headers) ok"},
    {XHR__DESTINATION_SCRIPT, XHR__MODE_NO_CORS, "https://page.test/a",
     ANSWERED("Content-Type: text/javascript;a=b\r\nX-Content-Type-Options: nosniff\r\n"),
     "Sec-Fetch-Dest: script\r\n", "1 200 https://page.test/a (4 headers) ok"},
    {XHR__DESTINATION_EMPTY, XHR__MODE_CORS, "https://page.test/a",
     ANSWERED("Content-Type: image/png\r\nX-Content-Type-Options: nosniff\r\n"),
     "Sec-Fetch-Dest: empty\r\n", "1 200 https://page.test/a (4 headers) ok"},
    /* what a server keeps to itself, of opaque responses */
    {XHR__DESTINATION_SCRIPT, XHR__MODE_NO_CORS, "https://other.test/a",
     ANSWERED("Cross-Origin-Resource-Policy: same-origin\r\n"), "Sec-Fetch-Dest: script\r\n",
     "RESOURCE_POLICY: the server keeps its resource from this origin's pages"},
    {XHR__DESTINATION_SCRIPT, XHR__MODE_NO_CORS, "https://www.page.test/a",
     ANSWERED("Cross-Origin-Resource-Policy: same-origin\r\n"), "Sec-Fetch-Site: same-site\r\n",
     "RESOURCE_POLICY"},
    {XHR__DESTINATION_SCRIPT, XHR__MODE_NO_CORS, "https://www.page.test/a",
     ANSWERED("Cross-Origin-Resource-Policy: same-site\r\n"), "Sec-Fetch-Dest: script\r\n",
     "3 200 https://www.page.test/a (3 headers) ok"},
    {XHR__DESTINATION_SCRIPT, XHR__MODE_NO_CORS, "https://other.test/a",
     ANSWERED("Cross-Origin-Resource-Policy: same-site\r\n"), "Sec-Fetch-Dest: script\r\n",
     "RESOURCE_POLICY"},
    {XHR__DESTINATION_SCRIPT, XHR__MODE_NO_CORS, "https://other.test/a",
     ANSWERED("Cross-Origin-Resource-Policy: cross-origin\r\n"), "Sec-Fetch-Dest: script\r\n",
     "3 200 https://other.test/a (3 headers) ok"},
    {XHR__DESTINATION_SCRIPT, XHR__MODE_NO_CORS, "https://other.test/a",
     ANSWERED("Cross-Origin-Resource-Policy: Same-Origin\r\n"), "Sec-Fetch-Dest: script\r\n",
     "3 200 https://other.test/a (3 headers) ok"},
    {XHR__DESTINATION_SCRIPT, XHR__MODE_NO_CORS, "https://page.test/a",
     ANSWERED("Cross-Origin-Resource-Policy: same-origin\r\n"), "Sec-Fetch-Dest: script\r\n",
     "1 200 https://page.test/a (3 headers) ok"},
    /* what breaks off */
    {XHR__DESTINATION_SCRIPT, XHR__MODE_NO_CORS, "https://page.test/a",
     HEAD "Content-Length: 9\r\n\r\nok", "Sec-Fetch-Dest: script\r\n",
     "1 200 https://page.test/a (2 headers) BODY_INCOMPLETE"},
    {XHR__DESTINATION_SCRIPT, XHR__MODE_NO_CORS, "https://page.test/a",
     "HTTP/1.1 204 No\r\nConnection: close\r\n\r\n", "Sec-Fetch-Dest: script\r\n",
     "1 204 https://page.test/a (1 headers) "},
};

typedef struct wire {
  size_t len;
  char text[16384];
} wire;

static void received(void *user, size_t connection, bool begins, xhr__str bytes) {
  wire *log = user;
  (void)connection;
  (void)begins;
  assert_true(log->len + bytes.len < sizeof log->text);
  memcpy(log->text + log->len, bytes.data, bytes.len);
  log->len += bytes.len;
}

static void play(const page_case *c) {
  scripted_session s = {0};
  wire log = {0};
  outcome out = {0};
  xhr_context *page;
  xhr__resource_fetch *fetch;
  xhr__script_step steps[] = {SCRIPT_READ, {.kind = XHR__STEP_SEND}, SCRIPT_CLOSE};
  steps[1].bytes = xhr__str_c(c->answer);
  for (size_t i = 0; i < SCRIPTED_CONNECTIONS; i++)
    s.connections[i] = (xhr__script_connection){.steps = steps, .count = 3};
  s.script.received = received;
  s.script.user = &log;
  assert_int_equal(scripted_session_try(&s, SCRIPTED_FAKE_CLOCK), XHR_OK);
  assert_int_equal(xhr_context_new_web(s.session, s.loop, xhr_str("https://page.test"),
                                       (xhr_string){NULL, 0}, &page),
                   XHR_OK);
  assert_int_equal(xhr__resource_fetch_start(page,
                                             request_for(page, c->url, c->destination, c->mode),
                                             done, &out, &fetch),
                   XHR_OK);
  scripted_session_run(&s);
  assert_int_equal(out.calls, 1);
  assert_memory_equal(out.text, c->outcome, strlen(c->outcome));
  if (c->said)
    assert_non_null(strstr(log.text, c->said));
  else
    assert_int_equal(log.len, 0);
  xhr_context_unref(page);
  scripted_session_end(&s);
}

static void test_pages(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    play(&cases[i]);
}

/* ---- without memory ------------------------------------------------------------------------------------------------ */

static void fetch_both_ways(xhr_context *context, const xhr__url *url, outcome *out,
                            scripted_session *s) {
  xhr__request *request;
  xhr__resource_fetch *fetch;
  for (int i = 0; i < 2; i++) {
    *out = (outcome){0};
    xhr_status status =
        xhr__resource_request_new(context, url, XHR__DESTINATION_SCRIPT, XHR__MODE_NO_CORS,
                                  XHR__CREDENTIALS_SAME_ORIGIN, &request);
    if (status == XHR_OK && i == 0)
      status = xhr__resource_fetch_start(context, request, done, out, &fetch);
    else if (status == XHR_OK)
      status = xhr__resource_fetch_wait(context, request, done, out);
    scripted_session_run(s);
    assert_true(status == XHR_OK || status == XHR_OUT_OF_MEMORY);
    assert_int_equal(out->calls, status == XHR_OK);
    assert_true(status != XHR_OK || strstr(out->text, " hello") ||
                strstr(out->text, "OUT_OF_MEMORY"));
  }
}

static void fetch_one(void *user) {
  static const xhr__script_step steps[] = {
      SCRIPT_READ,
      SCRIPT_SEND(HEAD "X-Content-Type-Options: nosniff\r\nContent-Type: text/javascript\r\n"
                       "Content-Length: 5\r\n\r\nhello"),
      SCRIPT_CLOSE};
  scripted_session s = {0};
  outcome *out = user;
  xhr__url url = {0};
  xhr_context *page = NULL;
  for (size_t i = 0; i < SCRIPTED_CONNECTIONS; i++)
    s.connections[i] = (xhr__script_connection){.steps = steps, .count = 3};
  xhr_status status = scripted_session_try(&s, SCRIPTED_FAKE_CLOCK);
  if (status == XHR_OK)
    status =
        xhr_context_new_web(s.session, s.loop, xhr_str("http://h"), (xhr_string){NULL, 0}, &page);
  if (status == XHR_OK)
    status = xhr__url_parse(XHR__STR("http://other/"), NULL, &url);
  if (status == XHR_OK)
    fetch_both_ways(page, &url, out, &s);
  xhr__url_free(&url);
  xhr_context_unref(page);
  scripted_session_end(&s);
}

static void test_out_of_memory(void **state) {
  (void)state;
  outcome out;
  assert_true(failing_allocator_loop(fetch_one, NULL, &out) > 20);
  assert_string_equal(out.text, "3 200 http://other/ (4 headers) hello");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_start), cmocka_unit_test(test_wait),
      cmocka_unit_test(test_stop),  cmocka_unit_test(test_ends),
      cmocka_unit_test(test_pages), cmocka_unit_test(test_out_of_memory),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
