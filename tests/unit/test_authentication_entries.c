/* What is remembered of servers that accepted credentials: src/fetch/authentication_entries.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "fetch/authentication_entries.h"
#include "support/failing_allocator.h"
#include "support/leftovers.h"

static xhr__url parse(const char *text) {
  xhr__url url;
  assert_int_equal(xhr__url_parse(xhr__str_c(text), NULL, &url), XHR_OK);
  return url;
}

/* A request for `to`, of a page at `page`; NULL: of a system context. */
static xhr__request *request_of(const char *page, const char *to) {
  xhr__request *request;
  xhr__url url = parse(to);
  assert_int_equal(xhr__request_new(&url, &request), XHR_OK);
  xhr__url_free(&url);
  if (page) {
    xhr__origin origin;
    url = parse(page);
    assert_int_equal(xhr__url_origin(&url, &origin), XHR_OK);
    assert_int_equal(xhr__client_snapshot_new(&origin, NULL, &request->client), XHR_OK);
    xhr__origin_free(&origin);
    xhr__url_free(&url);
  }
  return request;
}

static void create(xhr__authentication_entries *entries, const char *page, const char *to,
                   const char *authorization) {
  xhr__request *request = request_of(page, to);
  xhr__authentication_entry_create(entries, request, xhr__str_c(authorization));
  xhr__request_free(request);
}

static void check(const xhr__authentication_entries *entries, const char *page, const char *to,
                  const char *wanted) {
  xhr__request *request = request_of(page, to);
  xhr__str found = xhr__authentication_entry_for(entries, request);
  if (!xhr__str_equals(found, xhr__str_c(wanted)))
    fail_msg("%s: \"%.*s\", not \"%s\"", to, (int)found.len, found.data, wanted);
  xhr__request_free(request);
}

static void forget(xhr__authentication_entries *entries, const char *page, const char *to) {
  xhr__request *request = request_of(page, to);
  xhr__authentication_entry_forget(entries, request);
  xhr__request_free(request);
}

static void test_folders(void **state) {
  xhr__authentication_entries entries = {0};
  (void)state;
  check(&entries, NULL, "http://h/", "");
  forget(&entries, NULL, "http://h/");
  create(&entries, NULL, "http://u:p@h/a/b?c#d", "one");
  create(&entries, NULL, "http://h/a/deep/", "two");
  check(&entries, NULL, "http://h/a/", "one");
  check(&entries, NULL, "http://h/a/x/y", "one");
  check(&entries, NULL, "http://h/a/deep/x", "two");
  check(&entries, NULL, "http://h/a/deep", "one");
  check(&entries, NULL, "http://h/a", "");
  check(&entries, NULL, "http://h/ab/", "");
  check(&entries, NULL, "http://h/?/a/", "");
  create(&entries, NULL, "http://h/a/other", "three");
  assert_int_equal(entries.count, 2);
  check(&entries, NULL, "http://h/a/b", "three");
  forget(&entries, NULL, "http://h/a/deep/x");
  check(&entries, NULL, "http://h/a/deep/x", "three");
  xhr__authentication_entries_free(&entries);
  check(&entries, NULL, "http://h/a/", "");
}

static void test_origins(void **state) {
  xhr__authentication_entries entries = {0};
  (void)state;
  create(&entries, NULL, "http://h:81/", "system");
  create(&entries, "http://page", "http://h:81/", "page");
  check(&entries, NULL, "http://h:81/", "system");
  check(&entries, "http://page", "http://h:81/x", "page");
  check(&entries, "https://page", "http://h:81/", "");
  check(&entries, "data:,", "http://h:81/", "");
  check(&entries, NULL, "https://h:81/", "");
  check(&entries, NULL, "http://h/", "");
  check(&entries, NULL, "http://h:811/", "");
  check(&entries, NULL, "http://xh:81/", "");
  xhr__authentication_entries_free(&entries);
}

static void test_limit(void **state) {
  xhr__authentication_entries entries = {0};
  char url[64];
  (void)state;
  for (int i = 0; i <= XHR__AUTHENTICATION_ENTRIES; i++) {
    (void)snprintf(url, sizeof url, "http://h%d/", i);
    create(&entries, NULL, url, "x");
  }
  assert_int_equal(entries.count, XHR__AUTHENTICATION_ENTRIES);
  check(&entries, NULL, "http://h0/", "");
  check(&entries, NULL, "http://h1/", "x");
  check(&entries, NULL, url, "x");
  xhr__authentication_entries_free(&entries);
}

static void create_one(void *user) {
  xhr__authentication_entries entries = {0};
  xhr__request *request = NULL;
  xhr__url url;
  (void)user;
  if (xhr__url_parse(XHR__STR("http://h/"), NULL, &url) != XHR_OK)
    return;
  if (xhr__request_new(&url, &request) == XHR_OK) {
    xhr__authentication_entry_create(&entries, request, XHR__STR("x"));
    xhr__str found = xhr__authentication_entry_for(&entries, request);
    assert_int_equal(found.len, entries.count);
  }
  xhr__authentication_entries_free(&entries);
  xhr__request_free(request);
  xhr__url_free(&url);
}

static void test_out_of_memory(void **state) {
  (void)state;
  assert_true(failing_allocator_loop(create_one, NULL, NULL) > 4);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_folders),
      cmocka_unit_test(test_origins),
      cmocka_unit_test(test_limit),
      cmocka_unit_test(test_out_of_memory),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
