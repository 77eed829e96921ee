/* The libcurl transport against a peer on the same thread. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "net/curl_transport.h"
#include "support/exchanges.h"
#include "support/leftovers.h"
#include "support/peer.h"

#define ANSWER(text)                                                                               \
  { .bytes = {text, sizeof(text) - 1}, .end = PEER_KEEP }
#define ANSWER_CLOSE(text)                                                                         \
  { .bytes = {text, sizeof(text) - 1}, .end = PEER_CLOSE }
#define ANSWER_RESET(text)                                                                         \
  { .bytes = {text, sizeof(text) - 1}, .end = PEER_RESET }
#define ANSWER_AT_HEAD(text)                                                                       \
  { .bytes = {text, sizeof(text) - 1}, .end = PEER_KEEP, .at_head = true }
#define COUNT(array) (sizeof(array) / sizeof *(array))

static const peer_answer ok_answer = ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");

/* "http://127.0.0.1:port" + path, in a buffer of the caller's. */
static const char *url_of(const peer *server, const char *path, char buffer[256]) {
  snprintf(buffer, 256, "http://127.0.0.1:%u%s", peer_port(server), path);
  return buffer;
}

static void assert_text(xhr__str text, const char *expected) {
  if (!xhr__str_equals(text, xhr__str_c(expected)))
    fail_msg("\"%.*s\" is not \"%s\"", (int)text.len, text.data, expected);
}

/* What most tests need. */
typedef struct fixture {
  exchanges all;
  peer *server;
  char url[256];
} fixture;

static void begin_with(fixture *f, const xhr__transport_options *options,
                       const peer_answer *answers, size_t count) {
  exchanges_begin(&f->all, options);
  f->server = peer_new(f->all.poller, answers, count);
  url_of(f->server, "/", f->url);
}

static void begin(fixture *f, const peer_answer *answers, size_t count) {
  begin_with(f, NULL, answers, count);
}

static void end(fixture *f) {
  peer_free(f->server);
  exchanges_end(&f->all);
}

static void assert_good(const recorder *r, const char *body) {
  if (r->failure.code)
    fail_msg("%s: %s", xhr_failure_code_name(r->failure.code), r->failure.message);
  assert_true(r->done);
  assert_text(xhr__bytes_str(&r->body), body);
}

static void assert_failed(const recorder *r, xhr_failure_code code) {
  assert_true(r->done);
  if (r->failure.code != code)
    fail_msg("%s (%s) where %s was expected", xhr_failure_code_name(r->failure.code),
             r->failure.message, xhr_failure_code_name(code));
  assert_int_equal(r->failure.phase, xhr__failure_code_phase(code));
  size_t len = strlen(r->failure.message);
  assert_true(len > 0 && r->failure.message[len - 1] >= ' ');
}

/* ---- requests as they are sent ---- */

static void test_get(void **state) {
  (void)state;
  fixture f;
  recorder r;
  char expected[512];
  begin(&f, &ok_answer, 1);
  recorder_init(&r, &f.all, "GET", url_of(f.server, "/a%2Fb/../%zz?q=%C3|'\"", f.url));
  recorder_header(&r, "Accept", "*/*");
  recorder_header(&r, "X-Empty", "");
  recorder_start(&r);
  exchanges_run(&f.all);
  assert_good(&r, "hi");
  assert_int_equal(r.status, 200);
  assert_int_equal(r.http_version, 11);
  assert_text(xhr__bytes_str(&r.reason), "OK");
  assert_text(recorder_value(&r, "content-length"), "2");
  snprintf(expected, sizeof expected,
           "GET /%%zz?q=%%C3|%%27%%22 HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nAccept: */*\r\n"
           "X-Empty:\r\n\r\n",
           peer_port(f.server));
  assert_text(peer_request(f.server, 0), expected);
  recorder_free(&r);
  end(&f);
}

/* Method, body (NULL: none), headers of the request behind Host. */
static void check_request(fixture *f, size_t index, const char *method, const char *body,
                          const char *header, const char *expected_headers) {
  recorder r;
  char expected[512], head[32];
  recorder_init(&r, &f->all, method, f->url);
  if (body)
    recorder_send(&r, xhr__str_c(body));
  if (header) {
    const char *colon = strchr(header, ':');
    snprintf(head, sizeof head, "%.*s", (int)(colon - header), header);
    recorder_header(&r, head, colon + 1);
  }
  recorder_start(&r);
  exchanges_run(&f->all);
  assert_int_equal(r.failure.code, 0);
  snprintf(expected, sizeof expected, "%s / HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n%s\r\n%s", method,
           peer_port(f->server), expected_headers, body ? body : "");
  assert_text(peer_request(f->server, index), expected);
  recorder_free(&r);
}

static void test_methods_and_headers(void **state) {
  (void)state;
  static const struct {
    const char *method, *body, *header, *headers;
  } cases[] = {
      {"POST", "abc", NULL, "Content-Length: 3\r\n"},
      {"POST", "", NULL, "Content-Length: 0\r\n"},
      {"POST", NULL, "Content-Length:0", "Content-Length: 0\r\n"},
      {"PUT", "abc", "Content-Type:a/b", "Content-Type: a/b\r\nContent-Length: 3\r\n"},
      {"GET", NULL, NULL, ""},
      {"DELETE", NULL, NULL, ""},
      {"PATCH", "x", "Content-Length:9", "Content-Length: 1\r\n"},
      {"gEt", NULL, NULL, ""},
      {"HEAD", NULL, "X-A:b", "X-A: b\r\n"},
      {"GET", NULL, "Cookie:a=b;", "Cookie: a=b;\r\n"},
      {"OPTIONS", NULL, "Authorization:Basic eA==", "Authorization: Basic eA==\r\n"},
      {"GET", NULL, "User-Agent:", "User-Agent:\r\n"},
      {"M-X!", "body", "Transfer-Encoding:chunked", "Content-Length: 4\r\n"},
      {"HEAD", NULL, NULL, ""},
      {"DELETE", "x", NULL, "Content-Length: 1\r\n"},
      {"GET", NULL, "Connection:keep-alive", "Connection: keep-alive\r\n"},
  };
  peer_answer answers[COUNT(cases)];
  for (size_t i = 0; i < COUNT(cases); i++)
    answers[i] = (peer_answer)ANSWER("HTTP/1.1 204 No Content\r\n\r\n");
  fixture f;
  begin(&f, answers, COUNT(cases));
  for (size_t i = 0; i < COUNT(cases); i++)
    check_request(&f, i, cases[i].method, cases[i].body, cases[i].header, cases[i].headers);
  assert_int_equal(peer_accepted(f.server), 1);
  end(&f);
}

static void test_host_header(void **state) {
  (void)state;
  fixture f;
  recorder r;
  begin(&f, &ok_answer, 1);
  recorder_init(&r, &f.all, "GET", f.url);
  recorder_header(&r, "Host", "other.example");
  recorder_start(&r);
  exchanges_run(&f.all);
  assert_text(peer_request(f.server, 0), "GET / HTTP/1.1\r\nHost: other.example\r\n\r\n");
  recorder_free(&r);
  end(&f);
}

/* Hosts that the URL parser yields reach the resolver as they are, and credentials do not. */
static void test_hosts(void **state) {
  (void)state;
  static const char *const hosts[] = {"under_score.test", "a.b-c.test", "xn--bcher-kva.test",
                                      "dot.test.",        "UPPER.test", "a~b.test",
                                      "127.0.0.1"};
  peer_answer answers[COUNT(hosts)];
  for (size_t i = 0; i < COUNT(hosts); i++)
    answers[i] = ok_answer;
  exchanges all;
  xhr__transport_options options = exchanges_options();
  fixture f;
  begin(&f, answers, COUNT(hosts));
  xhr__str resolves[COUNT(hosts)];
  char texts[COUNT(hosts)][128];
  for (size_t i = 0; i < COUNT(hosts); i++) {
    char host[64];
    size_t n = 0;
    for (; hosts[i][n]; n++)
      host[n] = xhr__ascii_lower(hosts[i][n]);
    host[n] = '\0';
    snprintf(texts[i], sizeof texts[i], "%s:%u:127.0.0.1", host, peer_port(f.server));
    resolves[i] = xhr__str_c(texts[i]);
  }
  options.resolves = resolves;
  options.resolve_count = COUNT(hosts);
  exchanges_begin_on(&all, &options, f.all.poller);
  for (size_t i = 0; i < COUNT(hosts); i++) {
    recorder r;
    char url[256], expected[256];
    snprintf(url, sizeof url, "http://user:pass@%s:%u/", hosts[i], peer_port(f.server));
    recorder_init(&r, &all, "GET", url);
    recorder_start(&r);
    exchanges_run(&all);
    assert_good(&r, "hi");
    xhr__str host = xhr__url_host_and_port(&r.url);
    snprintf(expected, sizeof expected, "GET / HTTP/1.1\r\nHost: %.*s\r\n\r\n", (int)host.len,
             host.data);
    assert_text(peer_request(f.server, i), expected);
    recorder_free(&r);
  }
  exchanges_end(&all);
  end(&f);
}

static void test_refused_hosts(void **state) {
  (void)state;
  fixture f;
  begin(&f, NULL, 0);
  recorder r;
  recorder_get(&r, &f.all, "http://a!b.test/");
  assert_failed(&r, XHR_FAILURE_DNS);
  recorder_free(&r);
  /* Older libcurl takes no port 0, newer tries it. */
  recorder_get(&r, &f.all, "http://127.0.0.1:0/");
  assert_failed(&r, r.failure.code == XHR_FAILURE_CONNECT ? XHR_FAILURE_CONNECT
                                                          : XHR_FAILURE_CONNECT_REFUSED);
  recorder_free(&r);
  end(&f);
}

static void test_ipv6_host(void **state) {
  (void)state;
  fixture f;
  recorder r;
  begin(&f, NULL, 0);
  recorder_get(&r, &f.all, "http://[::1]:9/");
  /* Nobody listens there, or there is no IPv6: both are the connection's trouble, not the name's. */
  assert_true(r.failure.code == XHR_FAILURE_CONNECT_REFUSED ||
              r.failure.code == XHR_FAILURE_CONNECT);
  recorder_free(&r);
  end(&f);
}

/* ---- responses ---- */

typedef struct answer_case {
  peer_answer answer;
  unsigned status;
  const char *reason, *body, *header, *value;
} answer_case;

static void test_answers(void **state) {
  (void)state;
  static const answer_case cases[] = {
      {ANSWER("HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx"), 200, "", "x", "", ""},
      {ANSWER("HTTP/1.1 200 \r\nContent-Length: 1\r\n\r\nx"), 200, "", "x", "", ""},
      {ANSWER("HTTP/1.1 299 \xe9t\xe9  \r\nContent-Length: 0\r\n\r\n"), 299, "\xe9t\xe9  ", "", "",
       ""},
      {ANSWER("HTTP/1.1 999 x\r\nContent-Length: 0\r\n\r\n"), 999, "x", "", "", ""},
      {ANSWER_CLOSE("HTTP/1.0 200 OK\r\n\r\nuntil the end"), 200, "OK", "until the end", "", ""},
      {ANSWER_CLOSE("HTTP/1.1 200 OK\r\n\r\n"), 200, "OK", "", "", ""},
      {ANSWER("HTTP/1.1 200 OK\nContent-Length: 1\nX: lf\n\nx"), 200, "OK", "x", "x", "lf"},
      {ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: \t a\t b \t\r\n\r\n"), 200, "OK", "", "X",
       "a\t b"},
      {ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: a\r\n \t b\r\n\tc\r\n\r\n"), 200, "OK",
       "", "x", "a b c"},
      {ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX:\r\n b\r\nY: c\r\n\r\n"), 200, "OK", "",
       "x", "b"},
      {ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nA B: c\r\n d\r\nX: \xff\x80\r\n\r\n"), 200,
       "OK", "", "x", "\xff\x80"},
      {ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX :y\r\nX: z\r\n\r\n"), 200, "OK", "", "x",
       "z"},
      {ANSWER("HTTP/1.1 100 Continue\r\nX: interim\r\n\r\nHTTP/1.1 103 Early\r\nX: more\r\n\r\n"
              "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nX: last\r\n\r\nx"),
       200, "OK", "x", "x", "last"},
      {ANSWER("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n"
              "1;ext=1\r\na\r\nA\r\n0123456789\r\n0\r\nX: trailer\r\n\r\n"),
       200, "OK", "a0123456789", "x", ""},
      {ANSWER("HTTP/1.1 204 No Content\r\nX: y\r\n\r\n"), 204, "No Content", "", "X", "y"},
      {ANSWER("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n"), 304, "Not Modified", "",
       "", ""},
      {ANSWER("HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 1\r\n\r\nx"), 302, "Found",
       "x", "location", "/x"},
      {ANSWER("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nContent-Length: 1\r\n\r\nx"),
       401, "Unauthorized", "x", "", ""},
      {ANSWER("HTTP/1.1 407 Proxy\r\nProxy-Authenticate: Basic\r\nContent-Length: 1\r\n\r\nx"), 407,
       "Proxy", "x", "", ""},
      {ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx"), 200, "OK", "x",
       "", ""},
      {ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Encoding: gzip\r\n\r\nraw"), 200,
       "OK", "raw", "content-encoding", "gzip"},
      {ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
              "2\r\nab\r\n0\r\n\r\n"),
       200, "OK", "ab", "", ""},
  };
  for (size_t piece = 0; piece < 2; piece++) {
    for (size_t i = 0; i < COUNT(cases); i++) {
      fixture f;
      recorder r;
      begin(&f, &cases[i].answer, 1);
      peer_set_piece(f.server, piece);
      recorder_get(&r, &f.all, f.url);
      assert_good(&r, cases[i].body);
      assert_int_equal(r.status, cases[i].status);
      assert_text(xhr__bytes_str(&r.reason), cases[i].reason);
      assert_text(recorder_value(&r, cases[i].header), cases[i].value);
      recorder_free(&r);
      end(&f);
    }
  }
}

static void test_head_response(void **state) {
  (void)state;
  static const peer_answer answers[] = {
      ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"),
      ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
  };
  fixture f;
  recorder r;
  begin(&f, answers, 2);
  recorder_init(&r, &f.all, "HEAD", f.url);
  recorder_start(&r);
  exchanges_run(&f.all);
  assert_good(&r, "");
  assert_text(recorder_value(&r, "content-length"), "1000000");
  recorder_free(&r);
  recorder_get(&r, &f.all, f.url);
  assert_good(&r, "hi");
  assert_int_equal(peer_accepted(f.server), 1);
  recorder_free(&r);
  end(&f);
}

/* ---- failures ---- */

typedef struct failure_case {
  peer_answer answer;
  xhr_failure_code code;
  unsigned heads;
} failure_case;

static void check_failure(const failure_case *c, size_t piece) {
  fixture f;
  recorder r;
  begin(&f, &c->answer, 1);
  peer_set_piece(f.server, piece);
  recorder_get(&r, &f.all, f.url);
  if (r.failure.code != c->code)
    print_message("after \"%.*s\":\n", (int)c->answer.bytes.len, c->answer.bytes.data);
  assert_failed(&r, c->code);
  assert_int_equal(r.heads, c->heads);
  recorder_free(&r);
  end(&f);
}

static void test_failures(void **state) {
  (void)state;
  static const failure_case cases[] = {
      {ANSWER_CLOSE(""), XHR_FAILURE_EMPTY_REPLY, 0},
      {ANSWER_RESET(""), XHR_FAILURE_RECEIVE, 0},
      {ANSWER_CLOSE("HTTP/1.1 200 OK\r\nX: "), XHR_FAILURE_HEADERS_INCOMPLETE, 0},
      {ANSWER_CLOSE("HTTP/1.1 200 OK\r\n"), XHR_FAILURE_HEADERS_INCOMPLETE, 0},
      {ANSWER_CLOSE("HTTP/1.1 200"), XHR_FAILURE_EMPTY_REPLY, 0}, /* as libcurl sees it */
      {ANSWER_CLOSE("HTTP/1.1 100 Continue\r\n\r\n"), XHR_FAILURE_HEADERS_INCOMPLETE, 0},
      {ANSWER_CLOSE("this is not HTTP at all\r\n\r\n"), XHR_FAILURE_RESPONSE_INVALID, 0},
      {ANSWER_CLOSE("\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"), XHR_FAILURE_RESPONSE_INVALID, 0},
      {ANSWER_CLOSE("HTTP/1.1 20 OK\r\n\r\n"), XHR_FAILURE_RESPONSE_INVALID, 0},
      {ANSWER_CLOSE("HTTP/1.1 2000 OK\r\n\r\n"), XHR_FAILURE_RESPONSE_INVALID, 0},
      {ANSWER_CLOSE("HTTP/1.1 099 OK\r\n\r\n"), XHR_FAILURE_RESPONSE_INVALID, 0},
      {ANSWER_CLOSE("HTTP/1.1 OK\r\n\r\n"), XHR_FAILURE_RESPONSE_INVALID, 0},
      {ANSWER_CLOSE("HTTP/3.7 200 OK\r\n\r\n"), XHR_FAILURE_RESPONSE_INVALID, 0},
      {ANSWER_CLOSE("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nhello"),
       XHR_FAILURE_RESPONSE_INVALID, 0},
      {ANSWER_CLOSE("HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n"), XHR_FAILURE_RESPONSE_INVALID, 0},
      {ANSWER_CLOSE("HTTP/1.1 200 O\0K\r\n\r\n"), XHR_FAILURE_RESPONSE_INVALID, 0},
      {ANSWER_CLOSE("HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n"), XHR_FAILURE_RESPONSE_INVALID, 0},
      {ANSWER_CLOSE("HTTP/1.1 200 OK\r\nno colon\r\n\r\n"), XHR_FAILURE_RESPONSE_INVALID, 0},
      {ANSWER_CLOSE("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc"), XHR_FAILURE_BODY_INCOMPLETE,
       1},
      {ANSWER_CLOSE("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc"),
       XHR_FAILURE_BODY_INCOMPLETE, 1},
      {ANSWER_CLOSE("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"),
       XHR_FAILURE_BODY_INCOMPLETE, 1},
      {ANSWER_CLOSE("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n"),
       XHR_FAILURE_RESPONSE_INVALID, 1},
      {ANSWER_CLOSE("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
       XHR_FAILURE_CONTENT_LENGTH, 0},
      {ANSWER_CLOSE("HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\nab"),
       XHR_FAILURE_CONTENT_LENGTH, 0},
      {ANSWER_CLOSE("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nab"), XHR_FAILURE_CONTENT_LENGTH,
       0},
      {ANSWER_CLOSE("HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\nab"), XHR_FAILURE_CONTENT_LENGTH,
       0},
      {ANSWER_CLOSE("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nab"),
       XHR_FAILURE_CONTENT_LENGTH, 0},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    check_failure(&cases[i], 0);
    check_failure(&cases[i], 1);
  }
  check_failure(
      &(failure_case){ANSWER_RESET("HTTP/1.1 200 OK\r\nX:"), XHR_FAILURE_HEADERS_INCOMPLETE, 0}, 0);
}

/* A reset inside the body, once the client has read what came before it. */
static void reset_all(recorder *r, recorder_moment moment) {
  if (moment == RECORDER_HEAD)
    *(bool *)r->user = true;
}

static void test_reset_in_body(void **state) {
  (void)state;
  static const peer_answer answer = ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
  fixture f;
  recorder r;
  bool headed = false;
  begin(&f, &answer, 1);
  recorder_init(&r, &f.all, "GET", f.url);
  r.hook = reset_all;
  r.user = &headed;
  recorder_start(&r);
  exchanges_run_until(&f.all, &headed);
  peer_reset_all(f.server);
  exchanges_run(&f.all);
  assert_failed(&r, XHR_FAILURE_RECEIVE);
  recorder_free(&r);
  end(&f);
}

static void test_connect_failures(void **state) {
  (void)state;
  fixture f;
  recorder r;
  begin(&f, NULL, 0);
  char url[256];
  url_of(f.server, "/", url);
  peer_free(f.server);
  recorder_get(&r, &f.all, url);
  assert_failed(&r, XHR_FAILURE_CONNECT_REFUSED);
  recorder_free(&r);
  recorder_get(&r, &f.all, "http://no-such-host.invalid/");
  assert_failed(&r, XHR_FAILURE_DNS);
  recorder_free(&r);
  exchanges_end(&f.all);
}

static void test_tls_with_plain_server(void **state) {
  (void)state;
  static const peer_answer answer = ANSWER_CLOSE("HTTP/1.1 400 Bad\r\n\r\n");
  fixture f;
  recorder r;
  char url[256];
  begin(&f, &answer, 1);
  peer_set_greeting(f.server, "HTTP/1.1 400 Bad\r\n\r\n");
  snprintf(url, sizeof url, "https://127.0.0.1:%u/", peer_port(f.server));
  recorder_get(&r, &f.all, url);
  assert_failed(&r, XHR_FAILURE_TLS_HANDSHAKE);
  recorder_free(&r);
  end(&f);
}

/* Requests of any kind through a proxy that is not there or says no. */
static void test_proxy_failures(void **state) {
  (void)state;
  recorder r;
  exchanges all;
  xhr__transport_options options = exchanges_options();
  options.proxy = XHR__STR("http://127.0.0.1:9");
  exchanges_begin(&all, &options);
  recorder_get(&r, &all, "http://host.test/");
  assert_failed(&r, XHR_FAILURE_PROXY);
  recorder_free(&r);
  recorder_get(&r, &all, "https://host.test/");
  assert_failed(&r, XHR_FAILURE_PROXY);
  recorder_free(&r);
  exchanges_end(&all);
  options.proxy = XHR__STR("http://no-such-proxy.invalid:9");
  exchanges_begin(&all, &options);
  recorder_get(&r, &all, "http://host.test/");
  assert_failed(&r, XHR_FAILURE_PROXY);
  recorder_free(&r);
  exchanges_end(&all);
}

static void through_proxy(const char *url, const char *no_proxy, const peer_answer *answer,
                          const char *expected_start, xhr_failure_code code) {
  xhr__poller *poller;
  assert_int_equal(xhr__poller_new(&poller), XHR_OK);
  peer *server = peer_new(poller, answer, 1);
  char proxy[64];
  snprintf(proxy, sizeof proxy, "http://127.0.0.1:%u", peer_port(server));
  xhr__transport_options options = exchanges_options();
  options.proxy = xhr__str_c(proxy);
  options.no_proxy = xhr__str_c(no_proxy);
  exchanges all;
  recorder r;
  exchanges_begin_on(&all, &options, poller);
  recorder_get(&r, &all, url);
  assert_int_equal(r.failure.code, code);
  if (expected_start) {
    xhr__str request = peer_request(server, 0);
    if (!xhr__str_starts_with(request, xhr__str_c(expected_start)))
      fail_msg("\"%.*s\"", (int)request.len, request.data);
  } else {
    assert_int_equal(peer_accepted(server), 0);
  }
  recorder_free(&r);
  peer_free(server);
  exchanges_end(&all);
  xhr__poller_unref(poller);
}

static void test_proxy(void **state) {
  (void)state;
  static const peer_answer forbidden = ANSWER_CLOSE("HTTP/1.1 403 Forbidden\r\n\r\n");
  through_proxy("http://host.test:81/a?b", "", &ok_answer,
                "GET http://host.test:81/a?b HTTP/1.1\r\nHost: host.test:81\r\n", XHR_FAILURE_NONE);
  through_proxy("https://host.test/a?b", "", &forbidden, "CONNECT host.test:443 HTTP/1.1\r\n",
                XHR_FAILURE_PROXY);
  through_proxy("http://host.invalid/", "other.test,host.invalid", &ok_answer, NULL,
                XHR_FAILURE_DNS);
}

/* Names of proxy variables, which a test may set: the first is what libcurl reads for http:. */
static const char *const proxy_variables[] = {"http_proxy",  "HTTP_PROXY", "https_proxy",
                                              "HTTPS_PROXY", "all_proxy",  "ALL_PROXY",
                                              "no_proxy",    "NO_PROXY"};

static void clear_proxies(void) {
  for (size_t i = 0; i < COUNT(proxy_variables); i++)
    unsetenv(proxy_variables[i]);
}

/* What a request to http://host.invalid/ meets with one variable naming a proxy that is not there. */
static xhr_failure_code with_variable(const char *name, const char *value, const char *url) {
  xhr__transport_options options = exchanges_options();
  options.has_proxy = false;
  exchanges all;
  recorder r;
  setenv(name, value, 1);
  exchanges_begin(&all, &options);
  clear_proxies(); /* read once, when the transport is made */
  recorder_get(&r, &all, url);
  xhr_failure_code code = r.failure.code;
  recorder_free(&r);
  exchanges_end(&all);
  return code;
}

static void test_proxy_environment(void **state) {
  (void)state;
  static const char proxy[] = "http://127.0.0.1:9", http[] = "http://host.invalid/",
                    https[] = "https://host.invalid/";
  clear_proxies();
  assert_int_equal(with_variable("http_proxy", proxy, http), XHR_FAILURE_PROXY);
  assert_int_equal(with_variable("HTTP_PROXY", proxy, http), XHR_FAILURE_DNS);
  assert_int_equal(with_variable("https_proxy", proxy, http), XHR_FAILURE_DNS);
  assert_int_equal(with_variable("https_proxy", proxy, https), XHR_FAILURE_PROXY);
  assert_int_equal(with_variable("HTTPS_PROXY", proxy, https), XHR_FAILURE_PROXY);
  assert_int_equal(with_variable("all_proxy", proxy, http), XHR_FAILURE_PROXY);
  assert_int_equal(with_variable("ALL_PROXY", proxy, https), XHR_FAILURE_PROXY);
  setenv("no_proxy", "a.test,.invalid", 1);
  assert_int_equal(with_variable("http_proxy", proxy, http), XHR_FAILURE_DNS);
  setenv("NO_PROXY", "*", 1);
  assert_int_equal(with_variable("http_proxy", proxy, http), XHR_FAILURE_DNS);
}

/* ---- limits ---- */

static void check_limit(xhr__str bytes, peer_end then, xhr_failure_code code) {
  peer_answer answer = {.bytes = bytes, .end = then};
  xhr__transport_options options = exchanges_options();
  options.max_header_bytes = 2000;
  fixture f;
  recorder r;
  begin_with(&f, &options, &answer, 1);
  recorder_get(&r, &f.all, f.url);
  if (code)
    assert_failed(&r, code);
  else
    assert_good(&r, "");
  recorder_free(&r);
  end(&f);
}

static void test_header_limit(void **state) {
  (void)state;
  xhr__bytes text = {0};
  /* One block of exactly the limit, and one byte more. */
  for (size_t total = 2000; total <= 2001; total++) {
    xhr__bytes_clear(&text);
    xhr__bytes_append(&text, XHR__STR("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: "));
    while (text.len < total - 4)
      xhr__bytes_append_byte(&text, 'x');
    xhr__bytes_append(&text, XHR__STR("\r\n\r\n"));
    check_limit(xhr__bytes_str(&text), PEER_KEEP,
                total == 2000 ? XHR_FAILURE_NONE : XHR_FAILURE_HEADER_LIMIT);
  }
  /* Many lines; many interim responses; one line that never ends. */
  xhr__bytes_clear(&text);
  xhr__bytes_append(&text, XHR__STR("HTTP/1.1 200 OK\r\n"));
  while (text.len < 3000)
    xhr__bytes_append(&text, XHR__STR("X: y\r\n"));
  check_limit(xhr__bytes_str(&text), PEER_KEEP, XHR_FAILURE_HEADER_LIMIT);
  xhr__bytes_clear(&text);
  while (text.len < 3000)
    xhr__bytes_append(&text, XHR__STR("HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n"));
  check_limit(xhr__bytes_str(&text), PEER_KEEP, XHR_FAILURE_HEADER_LIMIT);
  xhr__bytes_clear(&text);
  xhr__bytes_append(&text, XHR__STR("HTTP/1.1 200 OK\r\nX: "));
  while (text.len < 400000)
    xhr__bytes_append(&text, XHR__STR("endless, endless, endless, "));
  check_limit(xhr__bytes_str(&text), PEER_KEEP, XHR_FAILURE_HEADER_LIMIT);
  xhr__bytes_free(&text);
}

/* ---- connections ---- */

static void test_keep_alive(void **state) {
  (void)state;
  static const peer_answer answers[] = {
      ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na"),
      ANSWER("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nb\r\n0\r\n\r\n"),
      ANSWER("HTTP/1.1 204 No Content\r\n\r\n"),
      ANSWER_CLOSE("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nd"),
      ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\ne"),
  };
  static const char *const bodies[] = {"a", "b", "", "d", "e"};
  fixture f;
  begin(&f, answers, COUNT(answers));
  for (size_t i = 0; i < COUNT(answers); i++) {
    recorder r;
    recorder_get(&r, &f.all, f.url);
    assert_good(&r, bodies[i]);
    recorder_free(&r);
    assert_int_equal(peer_accepted(f.server), i < 4 ? 1 : 2);
  }
  end(&f);
}

/* The server closed a connection while it was idle: both kinds of request go out again on a new one. */
static void test_dead_connection(void **state) {
  (void)state;
  peer_answer answers[4] = {ok_answer, ok_answer, ok_answer, ok_answer};
  fixture f;
  begin(&f, answers, 4);
  for (size_t i = 0; i < 4; i++) {
    recorder r;
    recorder_init(&r, &f.all, i % 2 ? "POST" : "GET", f.url);
    if (i % 2)
      recorder_send(&r, XHR__STR("the body"));
    recorder_start(&r);
    exchanges_run(&f.all);
    assert_good(&r, "hi");
    recorder_free(&r);
    peer_close_all(f.server);
  }
  assert_int_equal(peer_accepted(f.server), 4);
  end(&f);
}

/* Closed the moment that the next request arrives, so that libcurl could not know: it sends it again. */
static void test_dies_with_request(void **state) {
  (void)state;
  static const peer_answer answers[] = {
      ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na"), ANSWER_CLOSE(""),
      ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb"), ANSWER_CLOSE(""),
      ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nc"),
  };
  fixture f;
  begin(&f, answers, COUNT(answers));
  static const char *const bodies[] = {"a", "b", "c"};
  for (size_t i = 0; i < 3; i++) {
    recorder r;
    recorder_init(&r, &f.all, i == 2 ? "POST" : "GET", f.url);
    if (i == 2)
      recorder_send(&r, XHR__STR("again and again"));
    recorder_start(&r);
    exchanges_run(&f.all);
    assert_good(&r, bodies[i]);
    assert_int_equal(r.rewinds, i == 2 ? 1 : 0);
    recorder_free(&r);
  }
  assert_int_equal(peer_accepted(f.server), 3);
  assert_int_equal(peer_request_count(f.server), 5);
  xhr__str last = peer_request(f.server, 4);
  assert_true(xhr__str_ends_with(last, XHR__STR("\r\n\r\nagain and again")));
  end(&f);
}

/* An idle connection that the server closed is not looked at again and again. */
static void test_idle_does_not_spin(void **state) {
  (void)state;
  fixture f;
  recorder r;
  begin(&f, &ok_answer, 1);
  recorder_get(&r, &f.all, f.url);
  recorder_free(&r);
  peer_close_all(f.server);
  xhr__time start = xhr__clock_now(&xhr__monotonic_clock);
  for (int i = 0; i < 3; i++)
    xhr__poller_wait(f.all.poller, 20 * XHR__MILLISECOND);
  assert_true(xhr__clock_now(&xhr__monotonic_clock) - start >= 40 * XHR__MILLISECOND);
  end(&f);
}

static void test_connection_limit(void **state) {
  (void)state;
  enum { REQUESTS = 60 };
  peer_answer answers[REQUESTS];
  for (size_t i = 0; i < REQUESTS; i++)
    answers[i] = ok_answer;
  for (int by_host = 0; by_host < 2; by_host++) {
    xhr__transport_options options = exchanges_options();
    if (by_host)
      options.max_connections_per_host = 5;
    else
      options.max_connections = 5;
    fixture f;
    static recorder r[REQUESTS];
    begin_with(&f, &options, answers, REQUESTS);
    for (size_t i = 0; i < REQUESTS; i++) {
      recorder_init(&r[i], &f.all, "GET", f.url);
      recorder_start(&r[i]);
    }
    exchanges_run(&f.all);
    for (size_t i = 0; i < REQUESTS; i++) {
      assert_good(&r[i], "hi");
      recorder_free(&r[i]);
    }
    assert_int_equal(peer_accepted(f.server), 5);
    end(&f);
  }
}

/* ---- uploads ---- */

static void test_upload(void **state) {
  (void)state;
  static char data[300000];
  memset(data, 'u', sizeof data);
  fixture f;
  recorder r;
  begin(&f, &ok_answer, 1);
  recorder_init(&r, &f.all, "POST", f.url);
  recorder_send(&r, xhr__str_of(data, sizeof data));
  recorder_start(&r);
  exchanges_run(&f.all);
  assert_good(&r, "hi");
  assert_int_equal(r.sent, sizeof data);
  xhr__str request = peer_request(f.server, 0);
  assert_true(request.len > sizeof data);
  assert_memory_equal(request.data + request.len - sizeof data, data, sizeof data);
  assert_true(xhr__str_find_str(request, 0, XHR__STR("Content-Length: 300000\r\n\r\n")) <
              request.len);
  recorder_free(&r);
  end(&f);
}

static void note_later(recorder *r, recorder_moment moment) {
  if (moment == RECORDER_READ_BODY && r->laters > 0)
    *(bool *)r->user = true;
}

/* Resumed from outside, from inside the call that answers LATER, and before there is anything to resume. */
static void resume_inside(recorder *r, recorder_moment moment) {
  if (moment == RECORDER_READ_BODY)
    xhr__transport_resume(r->all->transport, &r->exchange);
}

static void test_upload_later(void **state) {
  (void)state;
  peer_answer answers[2] = {ok_answer, ok_answer};
  fixture f;
  recorder r;
  bool later = false;
  begin(&f, answers, 2);
  recorder_init(&r, &f.all, "PUT", f.url);
  recorder_send(&r, XHR__STR("in pieces, later"));
  r.piece = 5;
  r.later = 1;
  r.hook = note_later;
  r.user = &later;
  recorder_start(&r);
  xhr__transport_resume(f.all.transport, &r.exchange);
  exchanges_run_until(&f.all, &later);
  for (int i = 0; i < 3; i++)
    exchanges_step(&f.all, 5);
  assert_int_equal(r.sent, 0);
  xhr__transport_resume(f.all.transport, &r.exchange);
  exchanges_run(&f.all);
  assert_good(&r, "hi");
  recorder_free(&r);

  recorder_init(&r, &f.all, "PUT", f.url);
  recorder_send(&r, XHR__STR("in pieces, later"));
  r.piece = 1;
  r.later = 3;
  r.hook = resume_inside;
  recorder_start(&r);
  exchanges_run(&f.all);
  assert_good(&r, "hi");
  assert_int_equal(r.laters, 3);
  recorder_free(&r);
  end(&f);
}

static void test_upload_fails(void **state) {
  (void)state;
  peer_answer answers[2] = {ok_answer, ok_answer};
  fixture f;
  recorder r;
  begin(&f, answers, 2);
  recorder_init(&r, &f.all, "POST", f.url);
  recorder_send(&r, XHR__STR("never sent"));
  r.read_fails = true;
  recorder_start(&r);
  exchanges_run(&f.all);
  assert_failed(&r, XHR_FAILURE_BODY_READ);
  recorder_free(&r);

  recorder_init(&r, &f.all, "POST", f.url);
  recorder_send(&r, XHR__STR("half of it"));
  r.piece = 5;
  r.ends_early = true;
  recorder_start(&r);
  exchanges_run(&f.all);
  assert_failed(&r, XHR_FAILURE_BODY_READ);
  recorder_free(&r);
  end(&f);
}

/* A server that stops reading: what we were asked for stays near what it took. */
static void test_upload_truth(void **state) {
  (void)state;
  enum { SIZE = 64 << 20 };
  static char data[SIZE];
  fixture f;
  recorder r;
  begin(&f, &ok_answer, 1);
  peer_set_deaf(f.server, true);
  recorder_init(&r, &f.all, "POST", f.url);
  recorder_send(&r, xhr__str_of(data, SIZE));
  recorder_start(&r);
  size_t before;
  do {
    before = r.sent;
    for (int i = 0; i < 5; i++)
      exchanges_step(&f.all, 20);
  } while (r.sent != before || r.sent == 0);
  assert_true(r.sent < 16 << 20);
  recorder_cancel(&r);
  recorder_free(&r);
  end(&f);
}

/* The answer comes before the body is out. */
static void test_early_answer(void **state) {
  (void)state;
  static const peer_answer answers[] = {
      ANSWER_AT_HEAD("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno"),
      ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
  };
  static char data[3 << 20];
  fixture f;
  recorder r;
  begin(&f, answers, 2);
  recorder_init(&r, &f.all, "POST", f.url);
  recorder_send(&r, xhr__str_of(data, sizeof data));
  recorder_start(&r);
  exchanges_run(&f.all);
  assert_good(&r, "no");
  assert_int_equal(r.status, 413);
  recorder_free(&r);
  recorder_get(&r, &f.all, f.url);
  assert_good(&r, "hi");
  recorder_free(&r);
  end(&f);
}

/* ---- calls from inside callbacks ---- */

static void cancel_at(recorder *r, recorder_moment moment) {
  if (moment == *(recorder_moment *)r->user)
    recorder_cancel(r);
}

static void test_cancel_inside(void **state) {
  (void)state;
  static const recorder_moment moments[] = {RECORDER_READ_BODY, RECORDER_HEAD, RECORDER_BODY};
  for (size_t i = 0; i < COUNT(moments); i++) {
    fixture f;
    recorder r;
    recorder_moment moment = moments[i];
    peer_answer answers[2] = {ok_answer, ok_answer};
    begin(&f, answers, 2);
    recorder_init(&r, &f.all, "POST", f.url);
    recorder_send(&r, XHR__STR("body"));
    r.hook = cancel_at;
    r.user = &moment;
    recorder_start(&r);
    exchanges_run(&f.all);
    assert_true(r.cancelled);
    assert_false(r.done);
    recorder_free(&r);
    /* Cancelled before its end, it takes its connection along. */
    while (peer_open(f.server) > 0)
      exchanges_step(&f.all, 100);
    end(&f);
  }
}

static void test_cancel_outside(void **state) {
  (void)state;
  fixture f;
  recorder r[3];
  xhr__transport_options options = exchanges_options();
  options.max_connections = 1;
  begin_with(&f, &options, &ok_answer, 1);
  for (int i = 0; i < 3; i++)
    recorder_init(&r[i], &f.all, "GET", f.url);
  /* Before the first turn; while it waits for a place; while it connects. */
  recorder_start(&r[0]);
  recorder_cancel(&r[0]);
  recorder_start(&r[1]);
  recorder_start(&r[2]);
  f.all.transport->methods->turn(f.all.transport);
  recorder_cancel(&r[2]);
  recorder_cancel(&r[1]);
  for (int i = 0; i < 3; i++)
    recorder_free(&r[i]);
  recorder_get(&r[0], &f.all, f.url);
  assert_good(&r[0], "hi");
  recorder_free(&r[0]);
  end(&f);
}

static void cancel_other(recorder *r, recorder_moment moment) {
  recorder *other = r->user;
  if (moment == RECORDER_HEAD && !other->cancelled)
    recorder_cancel(other);
}

static void test_cancel_another_inside(void **state) {
  (void)state;
  peer_answer answers[2] = {ok_answer, ok_answer};
  fixture f;
  recorder a, b;
  begin(&f, answers, 2);
  recorder_init(&a, &f.all, "GET", f.url);
  recorder_init(&b, &f.all, "GET", f.url);
  a.hook = cancel_other;
  a.user = &b;
  b.hook = cancel_other;
  b.user = &a;
  recorder_start(&a);
  recorder_start(&b);
  exchanges_run(&f.all);
  assert_true(a.cancelled != b.cancelled);
  assert_good(a.cancelled ? &b : &a, "hi");
  recorder_free(&a);
  recorder_free(&b);
  end(&f);
}

typedef struct chain {
  recorder r[40];
  size_t started;
  recorder_moment moment;
  const char *url;
} chain;

static void start_next(recorder *r, recorder_moment moment) {
  chain *c = r->user;
  if (moment != c->moment || c->started == COUNT(c->r) || &c->r[c->started - 1] != r)
    return;
  recorder *next = &c->r[c->started++];
  recorder_init(next, r->all, "GET", c->url);
  next->hook = start_next;
  next->user = c;
  recorder_start(next);
}

static void test_start_inside(void **state) {
  (void)state;
  static const recorder_moment moments[] = {RECORDER_HEAD, RECORDER_BODY, RECORDER_DONE};
  static chain c;
  peer_answer answers[COUNT(c.r)];
  for (size_t i = 0; i < COUNT(c.r); i++)
    answers[i] = ok_answer;
  for (size_t i = 0; i < COUNT(moments); i++) {
    fixture f;
    begin(&f, answers, COUNT(answers));
    c = (chain){.started = 1, .moment = moments[i], .url = f.url};
    recorder_init(&c.r[0], &f.all, "GET", f.url);
    c.r[0].hook = start_next;
    c.r[0].user = &c;
    recorder_start(&c.r[0]);
    exchanges_run(&f.all);
    assert_int_equal(c.started, COUNT(c.r));
    for (size_t k = 0; k < COUNT(c.r); k++) {
      assert_good(&c.r[k], "hi");
      recorder_free(&c.r[k]);
    }
    assert_true(peer_accepted(f.server) <= 2);
    end(&f);
  }
}

/* Complete, though its end has not been told yet: the connection is kept. */
static void test_cancel_complete(void **state) {
  (void)state;
  static const peer_answer answers[] = {
      ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
      ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
  };
  fixture f;
  recorder r;
  begin(&f, answers, 2);
  recorder_init(&r, &f.all, "GET", f.url);
  recorder_start(&r);
  /* Turns without the one behind the wait, so that the end is not told at once. */
  while (r.body.len < 2) {
    f.all.transport->methods->turn(f.all.transport);
    xhr__poller_wait(f.all.poller, 100 * XHR__MILLISECOND);
  }
  recorder_cancel(&r);
  recorder_free(&r);
  recorder_get(&r, &f.all, f.url);
  assert_good(&r, "hi");
  recorder_free(&r);
  assert_int_equal(peer_accepted(f.server), 1);
  end(&f);
}

/* Destroyed with connections open, and never attached at all. */
static void test_options(void **state) {
  (void)state;
  xhr__transport_options options = exchanges_options();
  xhr__transport *transport;
  options.ca_file = XHR__STR("/no/such/file.pem");
  assert_int_equal(xhr__curl_transport_new(&options, &transport), XHR_IO);
  options = exchanges_options();
  options.client_certificate = XHR__STR("/no/such/file.pem");
  assert_int_equal(xhr__curl_transport_new(&options, &transport), XHR_IO);
  options = exchanges_options();
  options.proxy = XHR__STR("http://a\0b");
  assert_int_equal(xhr__curl_transport_new(&options, &transport), XHR_INVALID_ARGUMENT);
  options = exchanges_options();
  assert_int_equal(xhr__curl_transport_new(&options, &transport), XHR_OK);
  transport->methods->destroy(transport);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_get),
      cmocka_unit_test(test_methods_and_headers),
      cmocka_unit_test(test_host_header),
      cmocka_unit_test(test_hosts),
      cmocka_unit_test(test_refused_hosts),
      cmocka_unit_test(test_ipv6_host),
      cmocka_unit_test(test_answers),
      cmocka_unit_test(test_head_response),
      cmocka_unit_test(test_failures),
      cmocka_unit_test(test_reset_in_body),
      cmocka_unit_test(test_connect_failures),
      cmocka_unit_test(test_tls_with_plain_server),
      cmocka_unit_test(test_proxy_failures),
      cmocka_unit_test(test_proxy),
      cmocka_unit_test(test_proxy_environment),
      cmocka_unit_test(test_header_limit),
      cmocka_unit_test(test_keep_alive),
      cmocka_unit_test(test_dead_connection),
      cmocka_unit_test(test_dies_with_request),
      cmocka_unit_test(test_idle_does_not_spin),
      cmocka_unit_test(test_connection_limit),
      cmocka_unit_test(test_upload),
      cmocka_unit_test(test_upload_later),
      cmocka_unit_test(test_upload_fails),
      cmocka_unit_test(test_upload_truth),
      cmocka_unit_test(test_early_answer),
      cmocka_unit_test(test_cancel_inside),
      cmocka_unit_test(test_cancel_outside),
      cmocka_unit_test(test_cancel_another_inside),
      cmocka_unit_test(test_start_inside),
      cmocka_unit_test(test_cancel_complete),
      cmocka_unit_test(test_options),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
