/* The libcurl transport against a peer on the same thread: requests, responses, failures, proxies, limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "net/curl_transport.h"
#include "support/leftovers.h"
#include "support/transport_fixture.h"

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
      {ANSWER_CLOSE("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nX: "), XHR_FAILURE_BODY_INCOMPLETE, 1},
      {ANSWER_CLOSE("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"),
       XHR_FAILURE_BODY_INCOMPLETE, 1},
      {ANSWER_CLOSE("HTTP/1.1 20 OK\r\n"), XHR_FAILURE_RESPONSE_INVALID, 0},
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

static void count_lines(void *user, xhr__trace_kind kind, xhr__str text) {
  (void)text;
  if (kind == XHR__TRACE_RECEIVED)
    ++*(unsigned *)user;
}

/* On a handle that has been used, with a trace as well: libcurl before 8.1.1 would read freed memory. */
static void test_folded_first_header(void **state) {
  (void)state;
  static const peer_answer answers[] = {
      ANSWER("HTTP/1.1 200 OK\r\nX: 1\r\nContent-Length: 2\r\n\r\nhi"),
      ANSWER_CLOSE("HTTP/1.1 200 OK\r\n folded: 1\r\nContent-Length: 2\r\n\r\nhi"),
  };
  unsigned lines = 0;
  const xhr__trace trace = {count_lines, &lines};
  for (int traced = 0; traced < 2; traced++) {
    xhr__transport_options options = exchanges_options();
    fixture f;
    recorder r;
    if (traced)
      options.trace = &trace;
    begin_with(&f, &options, answers, 2);
    recorder_get(&r, &f.all, f.url);
    assert_good(&r, "hi");
    recorder_free(&r);
    recorder_get(&r, &f.all, f.url);
    assert_failed(&r, XHR_FAILURE_RESPONSE_INVALID);
    recorder_free(&r);
    end(&f);
  }
  assert_true(lines >= 6);
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
  options.has_no_proxy = true;
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

/* What the options say of no_proxy, and the environment not. */
static xhr_failure_code without_exceptions(const char *no_proxy) {
  xhr__transport_options options = exchanges_options();
  exchanges all;
  recorder r;
  options.proxy = XHR__STR("http://127.0.0.1:9");
  options.has_no_proxy = no_proxy != NULL;
  options.no_proxy = xhr__str_c(no_proxy ? no_proxy : "");
  exchanges_begin(&all, &options);
  recorder_get(&r, &all, "http://host.invalid/");
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
  setenv("NO_PROXY", "host.invalid", 1);
  assert_int_equal(without_exceptions(NULL), XHR_FAILURE_DNS);
  assert_int_equal(without_exceptions(""), XHR_FAILURE_PROXY);
  clear_proxies();
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

/* ---- options ---- */

/* Wrong ones, and a transport that is never attached. */
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
      cmocka_unit_test(test_folded_first_header),
      cmocka_unit_test(test_reset_in_body),
      cmocka_unit_test(test_connect_failures),
      cmocka_unit_test(test_tls_with_plain_server),
      cmocka_unit_test(test_proxy_failures),
      cmocka_unit_test(test_proxy),
      cmocka_unit_test(test_proxy_environment),
      cmocka_unit_test(test_header_limit),
      cmocka_unit_test(test_options),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
