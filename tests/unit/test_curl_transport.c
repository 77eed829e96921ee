/* The libcurl transport against a peer on the same thread. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "support/exchanges.h"
#include "support/peer.h"

#define ANSWER(text)                                                                               \
  { .bytes = {text, sizeof(text) - 1}, .end = PEER_KEEP }
#define ANSWER_CLOSE(text)                                                                         \
  { .bytes = {text, sizeof(text) - 1}, .end = PEER_CLOSE }
#define ANSWER_RESET(text)                                                                         \
  { .bytes = {text, sizeof(text) - 1}, .end = PEER_RESET }
#define COUNT(array) (sizeof(array) / sizeof *(array))

static const peer_answer ok = ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");

/* "http://127.0.0.1:port" + path, in a buffer of the caller's. */
static const char *url_of(const peer *server, const char *path, char buffer[256]) {
  snprintf(buffer, 256, "http://127.0.0.1:%u%s", peer_port(server), path);
  return buffer;
}

static void assert_text(xhr__str text, const char *expected) {
  if (!xhr__str_equals(text, xhr__str_c(expected)))
    fail_msg("\"%.*s\" is not \"%s\"", (int)text.len, text.data, expected);
}

static void test_get(void **state) {
  (void)state;
  exchanges all;
  char url[256];
  exchanges_begin(&all, NULL);
  peer *server = peer_new(all.poller, (peer_answer[]){ok}, 1);
  recorder r;
  recorder_init(&r, &all, "GET", url_of(server, "/a%2Fb/../%zz?q=%C3|'\"", url));
  recorder_header(&r, "Accept", "*/*");
  recorder_header(&r, "X-Empty", "");
  recorder_start(&r);
  exchanges_run(&all);
  assert_int_equal(r.failure.code, XHR_FAILURE_NONE);
  assert_int_equal(r.status, 200);
  assert_int_equal(r.http_version, 11);
  assert_text(xhr__bytes_str(&r.reason), "OK");
  assert_text(xhr__bytes_str(&r.body), "hi");
  assert_text(recorder_value(&r, "content-length"), "2");
  char expected[256];
  snprintf(
      expected, sizeof expected,
      "GET /%%zz?q=%%C3|%%27%%22 HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nAccept: */*\r\nX-Empty:\r\n\r\n",
      peer_port(server));
  assert_text(peer_request(server, 0), expected);
  recorder_free(&r);
  peer_free(server);
  exchanges_end(&all);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_get),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
