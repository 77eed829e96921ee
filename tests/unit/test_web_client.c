/* Tests of what a client with a web origin tells of itself, and what it may fetch at all: src/fetch/client_snapshot.c,
 * potentially_trustworthy.c, mixed_content.c, port_blocking.c, referrer.c, origin_header.c, fetch_metadata.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fetch/mixed_content.h"
#include "fetch/origin_header.h"
#include "fetch/port_blocking.h"
#include "fetch/potentially_trustworthy.h"
#include "fetch/referrer.h"
#include "support/failing_allocator.h"
#include "support/leftovers.h"

static xhr__url parse(const char *text) {
  xhr__url url;
  assert_int_equal(xhr__url_parse(xhr__str_c(text), NULL, &url), XHR_OK);
  return url;
}

/* A request for `to`, of a page at the URL `from`; NULL: of an opaque origin. */
static xhr__request *request_of(const char *from, const char *to) {
  xhr__request *request;
  xhr__origin origin;
  xhr__url page = {0}, url = parse(to);
  if (from) {
    page = parse(from);
    assert_int_equal(xhr__url_origin(&page, &origin), XHR_OK);
  } else {
    xhr__origin_new_opaque(&origin);
  }
  assert_int_equal(xhr__request_new(&url, &request), XHR_OK);
  assert_int_equal(xhr__bytes_assign(&request->method, XHR__STR("GET")), XHR_OK);
  assert_int_equal(xhr__client_snapshot_new(&origin, from ? &page : NULL, &request->client),
                   XHR_OK);
  request->referrer_policy = XHR__STRICT_ORIGIN_WHEN_CROSS_ORIGIN;
  xhr__origin_free(&origin);
  xhr__url_free(&page);
  xhr__url_free(&url);
  return request;
}

static void redirect(xhr__request *request, const char *to) {
  xhr__url url = parse(to);
  assert_int_equal(xhr__request_append_url(request, &url), XHR_OK);
}

static void assert_str(xhr__str actual, const char *wanted) {
  assert_int_equal(actual.len, strlen(wanted));
  assert_memory_equal(actual.data, wanted, actual.len);
}

/* ---- trust ----------------------------------------------------------------------------------------- */

static bool trustworthy(const char *text) {
  xhr__url url = parse(text);
  xhr__origin origin;
  bool by_url = xhr__is_url_potentially_trustworthy(&url);
  assert_int_equal(xhr__url_origin(&url, &origin), XHR_OK);
  if (!xhr__origin_is_opaque(&origin))
    assert_int_equal(xhr__is_origin_potentially_trustworthy(&origin), by_url);
  xhr__origin_free(&origin);
  xhr__url_free(&url);
  return by_url;
}

static void test_trustworthy(void **state) {
  (void)state;
  static const char *const yes[] = {"https://a.test",
                                    "http://localhost",
                                    "http://LOCALHOST.:3000",
                                    "http://a.localhost",
                                    "http://a.b.localhost./",
                                    "http://127.0.0.1:8080",
                                    "http://127.255.1.2",
                                    "http://[::1]",
                                    "wss://a.test",
                                    "blob:https://a.test/id",
                                    "blob:http://[::1]/id",
                                    "data:,",
                                    "about:blank",
                                    "about:blank?a#b"};
  static const char *const no[] = {"http://a.test",
                                   "http://localhost.test",
                                   "http://notlocalhost",
                                   "http://128.0.0.1",
                                   "http://127.0.0.1.test",
                                   "http://[::2]",
                                   "http://[::ffff:127.0.0.1]",
                                   "ws://a.test",
                                   "file:///etc/hosts",
                                   "blob:http://a.test/id",
                                   "blob:null/id",
                                   "about:config",
                                   "foo://localhost/"};
  for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
    assert_true(trustworthy(yes[i]));
  for (size_t i = 0; i < sizeof no / sizeof *no; i++)
    assert_false(trustworthy(no[i]));
}

static bool mixed(const char *from, const char *to) {
  xhr__request *request = request_of(from, to);
  bool blocked = xhr__is_blocked_as_mixed_content(request);
  xhr__request_free(request);
  return blocked;
}

static void test_mixed_content(void **state) {
  (void)state;
  assert_true(mixed("https://a.test", "http://b.test"));
  assert_false(mixed("https://a.test", "https://b.test"));
  assert_false(mixed("https://a.test", "http://localhost:1234"));
  assert_false(mixed("https://a.test", "http://127.0.0.1"));
  assert_false(mixed("http://a.test", "http://b.test"));
  assert_false(mixed("http://localhost", "http://b.test"));
  assert_false(mixed(NULL, "http://b.test"));
}

static bool bad_port(const char *text) {
  xhr__url url = parse(text);
  bool blocked = xhr__is_blocked_due_to_a_bad_port(&url);
  xhr__url_free(&url);
  return blocked;
}

static void test_ports(void **state) {
  (void)state;
  assert_true(bad_port("http://h:0"));
  assert_true(bad_port("http://h:1"));
  assert_true(bad_port("https://h:25"));
  assert_true(bad_port("http://h:6000"));
  assert_true(bad_port("http://h:10080"));
  assert_false(bad_port("http://h"));
  assert_false(bad_port("http://h:443"));
  assert_false(bad_port("http://h:8080"));
  assert_false(bad_port("http://h:65535"));
  assert_false(bad_port("ftp://h:25"));
}

/* ---- the referrer ---------------------------------------------------------------------------------- */

static void expect_referrer(const char *from, xhr__referrer_policy policy, const char *to,
                            const char *wanted) {
  xhr__request *request = request_of(from, to);
  request->referrer_policy = policy;
  request->referrer = xhr__determine_referrer(request);
  assert_str(xhr__referrer_url(request), wanted);
  xhr__request_free(request);
}

static void test_referrer_policies(void **state) {
  (void)state;
  static const char page[] = "https://me:secret@a.test/p?q#f", same[] = "https://a.test/x",
                    cross[] = "https://b.test/x", down[] = "http://b.test/x";
  static const char url[] = "https://a.test/p?q", origin[] = "https://a.test/", none[] = "";
  static const struct {
    xhr__referrer_policy policy;
    const char *same, *cross, *down;
  } cases[] = {
      {XHR__NO_REFERRER, none, none, none},
      {XHR__NO_REFERRER_WHEN_DOWNGRADE, url, url, none},
      {XHR__SAME_ORIGIN, url, none, none},
      {XHR__ORIGIN, origin, origin, origin},
      {XHR__STRICT_ORIGIN, origin, origin, none},
      {XHR__ORIGIN_WHEN_CROSS_ORIGIN, url, origin, origin},
      {XHR__STRICT_ORIGIN_WHEN_CROSS_ORIGIN, url, origin, none},
      {XHR__REFERRER_POLICY_EMPTY, url, origin, none},
      {XHR__UNSAFE_URL, url, url, url},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    expect_referrer(page, cases[i].policy, same, cases[i].same);
    expect_referrer(page, cases[i].policy, cross, cases[i].cross);
    expect_referrer(page, cases[i].policy, down, cases[i].down);
    expect_referrer(NULL, cases[i].policy, same, none);
  }
  /* From an insecure page nothing is a downgrade. */
  expect_referrer("http://a.test/p", XHR__STRICT_ORIGIN, "http://b.test", "http://a.test/");
}

/* Once cut to its origin it stays so. */
static void test_referrer_after_redirects(void **state) {
  (void)state;
  xhr__request *request = request_of("http://a.test/p", "http://b.test/");
  request->referrer = xhr__determine_referrer(request);
  redirect(request, "http://a.test/back");
  request->referrer = xhr__determine_referrer(request);
  assert_str(xhr__referrer_url(request), "http://a.test/");
  request->referrer = XHR__REFERRER_NONE;
  assert_int_equal(xhr__determine_referrer(request), XHR__REFERRER_NONE);
  xhr__request_free(request);
}

static void test_referrer_policy_of_redirects(void **state) {
  (void)state;
  static const struct {
    const char *header;
    xhr__referrer_policy policy;
  } cases[] = {
      {"origin", XHR__ORIGIN},
      {"no-referrer, Unsafe-URL", XHR__UNSAFE_URL},
      {"same-origin, unknown", XHR__SAME_ORIGIN},
      {"no-referrer-when-downgrade", XHR__NO_REFERRER_WHEN_DOWNGRADE},
      {"strict-origin", XHR__STRICT_ORIGIN},
      {"origin-when-cross-origin", XHR__ORIGIN_WHEN_CROSS_ORIGIN},
      {"unknown", XHR__NO_REFERRER},
      {"", XHR__NO_REFERRER},
      {"a b", XHR__NO_REFERRER},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    xhr__request *request = request_of("http://a.test", "http://b.test");
    xhr__header_list headers = {0};
    request->referrer_policy = XHR__NO_REFERRER;
    xhr__set_referrer_policy_on_redirect(request, &headers);
    assert_int_equal(request->referrer_policy, XHR__NO_REFERRER);
    assert_int_equal(
        xhr__header_list_append(&headers, XHR__STR("referrer-policy"), xhr__str_c(cases[i].header)),
        XHR_OK);
    xhr__set_referrer_policy_on_redirect(request, &headers);
    assert_int_equal(request->referrer_policy, cases[i].policy);
    xhr__header_list_free(&headers);
    xhr__request_free(request);
  }
}

static void test_long_referrer(void **state) {
  (void)state;
  char page[5000] = "http://a.test/";
  size_t start = strlen(page);
  memset(page + start, 'a', 4096 - start);
  page[4096] = '\0';
  expect_referrer(page, XHR__UNSAFE_URL, "http://a.test/", page);
  page[4096] = 'a';
  page[4097] = '\0';
  expect_referrer(page, XHR__UNSAFE_URL, "http://a.test/", "http://a.test/");
}

/* ---- Origin and Sec-Fetch-... ---------------------------------------------------------------------- */

static void expect_origin(const xhr__request *request, const char *wanted) {
  xhr__header_list headers = {0};
  xhr__bytes storage = {0};
  xhr__str value = XHR__STR_EMPTY;
  assert_int_equal(xhr__append_origin_header(request, &headers), XHR_OK);
  xhr_status status = xhr__header_list_get(&headers, XHR__STR("Origin"), &storage, &value);
  assert_int_equal(status, wanted ? XHR_OK : XHR_NOT_FOUND);
  if (wanted)
    assert_str(value, wanted);
  xhr__bytes_free(&storage);
  xhr__header_list_free(&headers);
}

static void test_origin_header(void **state) {
  (void)state;
  xhr__request *request = request_of("http://a.test:81/p", "http://b.test/");
  expect_origin(request, NULL);
  assert_int_equal(xhr__bytes_assign(&request->method, XHR__STR("HEAD")), XHR_OK);
  expect_origin(request, NULL);
  assert_int_equal(xhr__bytes_assign(&request->method, XHR__STR("POST")), XHR_OK);
  expect_origin(request, "http://a.test:81");
  assert_int_equal(xhr__bytes_assign(&request->method, XHR__STR("GET")), XHR_OK);
  request->response_tainting = XHR__TAINTING_CORS;
  expect_origin(request, "http://a.test:81");
  redirect(request, "http://b.test/2");
  expect_origin(request, "http://a.test:81");
  redirect(request, "http://a.test:81/back");
  expect_origin(request, "null");
  xhr__request_free(request);
}

static void expect_site(const char *from, const char *to, const char *then, const char *wanted) {
  xhr__request *request = request_of(from, to);
  xhr__header_list headers = {0};
  xhr__bytes storage = {0};
  xhr__str value;
  if (then)
    redirect(request, then);
  assert_int_equal(xhr__append_fetch_metadata_headers(request, &headers), XHR_OK);
  xhr_status status = xhr__header_list_get(&headers, XHR__STR("Sec-Fetch-Site"), &storage, &value);
  assert_int_equal(status, wanted ? XHR_OK : XHR_NOT_FOUND);
  assert_int_equal(headers.count, wanted ? 3 : 0);
  if (wanted)
    assert_str(value, wanted);
  xhr__bytes_free(&storage);
  xhr__header_list_free(&headers);
  xhr__request_free(request);
}

static void test_fetch_metadata(void **state) {
  (void)state;
  expect_site("https://a.test", "https://a.test/x", NULL, "same-origin");
  expect_site("https://a.test", "https://a.test:81/x", NULL, "same-site");
  expect_site("https://a.test", "https://b.test/x", NULL, "cross-site");
  expect_site("https://a.test", "https://www.a.test/x", NULL, "same-site");
  expect_site("https://x.a.test", "https://y.a.test/x", NULL, "same-site");
  expect_site("https://x.a.test", "http://localhost/x", NULL, "cross-site");
  expect_site("https://one.github.io", "https://two.github.io/x", NULL, "cross-site");
  expect_site("https://one.co.uk", "https://two.co.uk/x", NULL, "cross-site");
  expect_site("http://a.test", "https://a.test/x", NULL, "cross-site");
  expect_site("https://a.test", "https://b.test/x", "https://a.test/", "cross-site");
  expect_site("https://a.test", "https://a.test:81/x", "https://a.test/", "same-site");
  expect_site(NULL, "https://a.test/x", NULL, "cross-site");
  /* Who could be listened to is told nothing. */
  expect_site("http://a.test", "http://a.test/x", NULL, NULL);
  expect_site("http://a.test", "http://127.0.0.1/x", NULL, "cross-site");
}

/* ---- memory ---------------------------------------------------------------------------------------- */

static void make_and_append(void *user) {
  static const char page[] = "http://me@a.test/p";
  xhr__url url = {0};
  xhr__origin origin = {0};
  xhr__client_snapshot *client = NULL;
  (void)user;
  xhr_status status = xhr__url_parse(xhr__str_c(page), NULL, &url);
  if (status == XHR_OK)
    status = xhr__url_origin(&url, &origin);
  if (status == XHR_OK)
    status = xhr__client_snapshot_new(&origin, &url, &client);
  assert_true(status == XHR_OK || (status == XHR_OUT_OF_MEMORY && !client));
  xhr__client_snapshot_unref(client);
  xhr__origin_free(&origin);
  xhr__url_free(&url);
}

static void test_out_of_memory(void **state) {
  (void)state;
  assert_true(failing_allocator_loop(make_and_append, NULL, NULL) > 5);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_trustworthy),
      cmocka_unit_test(test_mixed_content),
      cmocka_unit_test(test_ports),
      cmocka_unit_test(test_referrer_policies),
      cmocka_unit_test(test_referrer_after_redirects),
      cmocka_unit_test(test_referrer_policy_of_redirects),
      cmocka_unit_test(test_long_referrer),
      cmocka_unit_test(test_origin_header),
      cmocka_unit_test(test_fetch_metadata),
      cmocka_unit_test(test_out_of_memory),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
