/* The libcurl transport against a real server: HTTP/1.1, HTTP/2, TLS. */
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
#include "support/nginx.h"

static nginx server;

static const char *url_of(const char *scheme, unsigned port, const char *path, char buffer[256]) {
  snprintf(buffer, 256, "%s://localhost:%u%s", scheme, port, path);
  return buffer;
}

/* Trusts the test CA; `buffer` holds the path. */
static xhr__transport_options trusting(char buffer[256]) {
  xhr__transport_options options = exchanges_options();
  options.ca_file = xhr__str_c(nginx_file(&server, "ca.pem", buffer));
  return options;
}

static void assert_good(const recorder *r, unsigned status) {
  if (r->failure.code)
    fail_msg("%s: %s", xhr_failure_code_name(r->failure.code), r->failure.message);
  assert_int_equal(r->status, status);
}

static void assert_starts(xhr__str text, const char *start) {
  if (!xhr__str_starts_with(text, xhr__str_c(start)))
    fail_msg("\"%.*s\" does not start with \"%s\"", (int)text.len, text.data, start);
}

/* The number behind "connection " in the server's answer. */
static unsigned connection_of(const recorder *r) {
  return (unsigned)strtoul(r->body.data + strlen("connection "), NULL, 10);
}

/* One GET with these options; the failure's code. */
static xhr_failure_code outcome(const xhr__transport_options *options, const char *url) {
  exchanges all;
  recorder r;
  exchanges_begin(&all, options);
  recorder_get(&r, &all, url);
  xhr_failure_code code = r.failure.code;
  if (code)
    print_message("%s: %s\n", xhr_failure_code_name(code), r.failure.message);
  recorder_free(&r);
  exchanges_end(&all);
  return code;
}

static void test_http(void **state) {
  (void)state;
  exchanges all;
  recorder r;
  char url[256];
  exchanges_begin(&all, NULL);
  for (unsigned i = 1; i <= 3; i++) {
    char expected[64];
    recorder_init(&r, &all, "POST", url_of("http", server.http, "/", url));
    recorder_send(&r, XHR__STR("0123456789"));
    recorder_start(&r);
    exchanges_run(&all);
    assert_good(&r, 200);
    snprintf(expected, sizeof expected, "connection %u request %u POST 10", connection_of(&r), i);
    assert_starts(xhr__bytes_str(&r.body), expected);
    recorder_free(&r);
  }
  recorder_get(&r, &all, url_of("http", server.http, "/missing", url));
  assert_good(&r, 404);
  assert_starts(xhr__bytes_str(&r.reason), "Not Found");
  recorder_free(&r);
  exchanges_end(&all);
}

static void check_pattern(recorder *r, recorder_moment moment) {
  size_t *at = r->user;
  if (moment != RECORDER_BODY)
    return;
  for (size_t i = 0; i < r->body.len; i++, (*at)++) {
    if ((unsigned char)r->body.data[i] != *at % 251)
      fail_msg("byte %zu is wrong", *at);
  }
  xhr__bytes_clear(&r->body);
}

static void check_large(const char *scheme, unsigned port, unsigned version) {
  exchanges all;
  recorder r;
  char url[256], path[256];
  size_t at = 0;
  xhr__transport_options options = trusting(path);
  exchanges_begin(&all, &options);
  recorder_init(&r, &all, "GET", url_of(scheme, port, "/large", url));
  r.hook = check_pattern;
  r.user = &at;
  recorder_start(&r);
  exchanges_run(&all);
  assert_good(&r, 200);
  assert_int_equal(at, NGINX_LARGE);
  assert_int_equal(r.http_version, version);
  recorder_free(&r);
  exchanges_end(&all);
}

static void test_large(void **state) {
  (void)state;
  check_large("http", server.http, 11);
  check_large("https", server.https, 11);
  check_large("https", server.http2, 20);
}

static void test_trust(void **state) {
  (void)state;
  char url[256], path[256];
  xhr__transport_options options = exchanges_options();
  /* Not by the system's store; by our CA; not by another. */
  assert_int_equal(outcome(&options, url_of("https", server.https, "/", url)),
                   XHR_FAILURE_TLS_CERTIFICATE);
  assert_int_equal(outcome(&options, url_of("https", server.http2, "/", url)),
                   XHR_FAILURE_TLS_CERTIFICATE);
  options = trusting(path);
  assert_int_equal(outcome(&options, url), XHR_FAILURE_NONE);
  assert_int_equal(outcome(&options, url_of("https", server.expired, "/", url)),
                   XHR_FAILURE_TLS_CERTIFICATE);
  assert_int_equal(outcome(&options, url_of("https", server.wrong_host, "/", url)),
                   XHR_FAILURE_TLS_CERTIFICATE);
  options.ca_file = xhr__str_c(nginx_file(&server, "other-ca.pem", path));
  assert_int_equal(outcome(&options, url_of("https", server.https, "/", url)),
                   XHR_FAILURE_TLS_CERTIFICATE);
}

static void test_insecure(void **state) {
  (void)state;
  char url[256];
  xhr__transport_options options = exchanges_options();
  options.insecure = true;
  assert_int_equal(outcome(&options, url_of("https", server.https, "/", url)), XHR_FAILURE_NONE);
  assert_int_equal(outcome(&options, url_of("https", server.expired, "/", url)), XHR_FAILURE_NONE);
  assert_int_equal(outcome(&options, url_of("https", server.wrong_host, "/", url)),
                   XHR_FAILURE_NONE);
}

/* The address of the URL is what the certificate must be for. */
static void test_address(void **state) {
  (void)state;
  char url[256], path[256];
  xhr__transport_options options = trusting(path);
  snprintf(url, sizeof url, "https://127.0.0.1:%u/", server.https);
  assert_int_equal(outcome(&options, url), XHR_FAILURE_NONE);
  char resolve[64];
  snprintf(resolve, sizeof resolve, "elsewhere.test:%u:127.0.0.1", server.wrong_host);
  xhr__str resolves[] = {xhr__str_c(resolve)};
  options.resolves = resolves;
  options.resolve_count = 1;
  snprintf(url, sizeof url, "https://elsewhere.test:%u/", server.wrong_host);
  assert_int_equal(outcome(&options, url), XHR_FAILURE_NONE);
}

static void test_environment(void **state) {
  (void)state;
  char url[256], path[256], before[256] = "";
  const char *file = getenv("SSL_CERT_FILE");
  if (file)
    snprintf(before, sizeof before, "%s", file);
  setenv("SSL_CERT_FILE", nginx_file(&server, "ca.pem", path), 1);
  xhr__transport_options options = exchanges_options();
  assert_int_equal(outcome(&options, url_of("https", server.https, "/", url)), XHR_FAILURE_NONE);
  if (file)
    setenv("SSL_CERT_FILE", before, 1);
  else
    unsetenv("SSL_CERT_FILE");
}

static void check_client(const xhr__transport_options *options, unsigned port, const char *who) {
  exchanges all;
  recorder r;
  char url[256];
  exchanges_begin(&all, options);
  recorder_get(&r, &all, url_of("https", port, "/client", url));
  assert_good(&r, 200);
  assert_starts(xhr__bytes_str(&r.body), who);
  recorder_free(&r);
  exchanges_end(&all);
}

static void test_client_certificate(void **state) {
  (void)state;
  char url[256], ca[256], certificate[256], key[256];
  xhr__transport_options options = trusting(ca);
  check_client(&options, server.https, "none");
  options.client_certificate = xhr__str_c(nginx_file(&server, "client.pem", certificate));
  options.client_key = xhr__str_c(nginx_file(&server, "client.key", key));
  check_client(&options, server.https, "CN=client");
  check_client(&options, server.http2, "CN=client");
  options.client_key = xhr__str_c(nginx_file(&server, "client-locked.key", key));
  options.client_key_password = XHR__STR("secret");
  check_client(&options, server.https, "CN=client");
  options.client_key_password = XHR__STR("wrong");
  assert_int_equal(outcome(&options, url_of("https", server.https, "/client", url)),
                   XHR_FAILURE_TLS_CLIENT_CERTIFICATE);
  /* A key that belongs to another certificate. */
  options.client_key = xhr__str_c(nginx_file(&server, "server.key", key));
  assert_int_equal(outcome(&options, url), XHR_FAILURE_TLS_CLIENT_CERTIFICATE);
}

/* Requests with and without credentials in turns: none finds the other's connection. */
static void check_turns(const xhr__transport_options *options, unsigned port) {
  exchanges all;
  char url[256];
  exchanges_begin(&all, options);
  for (int i = 0; i < 6; i++) {
    recorder r;
    recorder_init(&r, &all, "GET", url_of("https", port, "/client", url));
    r.exchange.without_credentials = i % 3 > 0;
    recorder_start(&r);
    exchanges_run(&all);
    assert_good(&r, 200);
    assert_starts(xhr__bytes_str(&r.body), i % 3 > 0 ? "none" : "CN=client");
    recorder_free(&r);
  }
  exchanges_end(&all);
}

static void test_without_credentials(void **state) {
  (void)state;
  char ca[256], certificate[256], key[256];
  xhr__transport_options options = trusting(ca);
  options.client_certificate = xhr__str_c(nginx_file(&server, "client.pem", certificate));
  options.client_key = xhr__str_c(nginx_file(&server, "client.key", key));
  check_turns(&options, server.https);
  check_turns(&options, server.http2);
}

/* Many at once on a few connections, uploads among them; some are cancelled, the others go on. */
static void test_http2_together(void **state) {
  (void)state;
  enum { REQUESTS = 200 };
  static recorder r[REQUESTS];
  static char data[60000];
  exchanges all;
  char url[256], path[256];
  xhr__transport_options options = trusting(path);
  exchanges_begin(&all, &options);
  recorder_get(&r[0], &all, url_of("https", server.http2, "/", url));
  assert_good(&r[0], 200);
  assert_int_equal(r[0].reason.len, 0);
  unsigned first = connection_of(&r[0]);
  recorder_free(&r[0]);
  for (size_t i = 0; i < REQUESTS; i++) {
    bool large = i % 10 == 3;
    recorder_init(&r[i], &all, i % 4 ? "GET" : "POST",
                  url_of("https", server.http2, large ? "/large" : "/", url));
    if (i % 4 == 0)
      recorder_send(&r[i], xhr__str_of(data, sizeof data));
    r[i].keep_nothing = large;
    recorder_start(&r[i]);
  }
  exchanges_step(&all, 10);
  exchanges_step(&all, 10);
  for (size_t i = 3; i < REQUESTS; i += 10) {
    if (!r[i].done && i % 20 == 3)
      recorder_cancel(&r[i]);
  }
  exchanges_run(&all);
  unsigned others = 0;
  for (size_t i = 0; i < REQUESTS; i++) {
    if (!r[i].cancelled)
      assert_good(&r[i], 200);
    if (!r[i].cancelled && i % 10 == 3)
      assert_int_equal(r[i].body_bytes, NGINX_LARGE);
    else if (!r[i].cancelled)
      others += connection_of(&r[i]) != first;
    recorder_free(&r[i]);
  }
  /* libcurl puts 100 streams onto one connection; what is beyond takes others. */
  assert_true(others < REQUESTS * 3 / 4);
  exchanges_end(&all);
}

/* Bodies of many sizes to a server that answers without reading them. */
static void test_uploads(void **state) {
  (void)state;
  static const size_t sizes[] = {0, 1, 16384, 65535, 65536, 200000, 3000000};
  static char data[3000000];
  exchanges all;
  char url[256], path[256], length[32];
  xhr__transport_options options = trusting(path);
  exchanges_begin(&all, &options);
  for (size_t round = 0; round < 3; round++) {
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
      recorder r;
      recorder_init(&r, &all, "POST", url_of("https", server.http2, "/", url));
      recorder_send(&r, xhr__str_of(data, sizes[i]));
      recorder_start(&r);
      exchanges_run(&all);
      assert_good(&r, 200);
      snprintf(length, sizeof length, "POST %zu", sizes[i]);
      assert_true(xhr__str_ends_with(xhr__bytes_str(&r.body), xhr__str_c(length)));
      if (sizes[i] < 65536)
        assert_int_equal(r.http_version, 20);
      recorder_free(&r);
    }
  }
  exchanges_end(&all);
}

static int start(void **state) {
  nginx_start(&server);
  return leftovers_note(state);
}

static int stop(void **state) {
  int left = leftovers_check(state);
  nginx_stop(&server);
  return left;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_http),
      cmocka_unit_test(test_large),
      cmocka_unit_test(test_trust),
      cmocka_unit_test(test_insecure),
      cmocka_unit_test(test_address),
      cmocka_unit_test(test_environment),
      cmocka_unit_test(test_client_certificate),
      cmocka_unit_test(test_without_credentials),
      cmocka_unit_test(test_http2_together),
      cmocka_unit_test(test_uploads),
  };
  return cmocka_run_group_tests(tests, start, stop);
}
