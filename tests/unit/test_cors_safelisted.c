/* Tests of src/fetch/cors_safelisted.c and src/fetch/header_values.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fetch/cors_safelisted.h"
#include "infra/alloc.h"
#include "support/failing_allocator.h"
#include "support/leftovers.h"

static bool safelisted(const char *name, const char *value) {
  return xhr__is_cors_safelisted_request_header(xhr__str_c(name), xhr__str_c(value));
}

static void append(xhr__header_list *list, const char *name, const char *value) {
  assert_int_equal(xhr__header_list_append(list, xhr__str_c(name), xhr__str_c(value)), XHR_OK);
}

/* ---- one header ------------------------------------------------------------------------------------ */

static void test_methods(void **state) {
  (void)state;
  static const char *const no[] = {"PUT", "get", "PATCH", "OPTIONS", "DELETE", "", "GETS"};
  assert_true(xhr__is_cors_safelisted_method(XHR__STR("GET")));
  assert_true(xhr__is_cors_safelisted_method(XHR__STR("HEAD")));
  assert_true(xhr__is_cors_safelisted_method(XHR__STR("POST")));
  for (size_t i = 0; i < sizeof no / sizeof *no; i++)
    assert_false(xhr__is_cors_safelisted_method(xhr__str_c(no[i])));
}

static void test_accept(void **state) {
  (void)state;
  static const char unsafe[] = "\"():<>?@[\\]{}\x7f\x01\x1f";
  assert_true(safelisted("ACCEPT", "text/html, */*;q=0.8"));
  assert_true(safelisted("accept", "\ta\x80\xff"));
  assert_true(safelisted("accept", ""));
  for (size_t i = 0; i < sizeof unsafe - 1; i++) {
    char value[] = {'a', unsafe[i], '\0'};
    assert_false(safelisted("accept", value));
    assert_false(safelisted("content-type", value));
  }
  assert_true(xhr__is_cors_safelisted_request_header(XHR__STR("accept"), xhr__str_of("a/b/c", 5)));
  assert_false(xhr__is_cors_safelisted_request_header(XHR__STR("accept"), xhr__str_of("a\0b", 3)));
}

static void test_languages(void **state) {
  (void)state;
  static const char *const names[] = {"Accept-Language", "content-LANGUAGE"};
  for (size_t i = 0; i < 2; i++) {
    assert_true(safelisted(names[i], "de-DE, en;q=0.5, *;x=1.0"));
    assert_true(safelisted(names[i], ""));
    assert_false(safelisted(names[i], "de_DE"));
    assert_false(safelisted(names[i], "d\te"));
    assert_false(safelisted(names[i], "\xc3\xa4"));
    assert_false(
        xhr__is_cors_safelisted_request_header(xhr__str_c(names[i]), xhr__str_of("d\0e", 3)));
  }
}

static void test_content_types(void **state) {
  (void)state;
  static const char *const yes[] = {
      "text/plain",    "TEXT/Plain;charset=UTF-8",           "text/plain ; x",
      "text/plain;;;", "multipart/form-data;boundary=----x", "application/x-www-form-urlencoded",
      "\ttext/plain"};
  static const char *const no[] = {"application/json",
                                   "text /plain",
                                   "text/ plain",
                                   "text/plain/x",
                                   "text",
                                   "",
                                   "/plain",
                                   "text/",
                                   "text/html",
                                   "text/plain, application/json",
                                   "text/plain;x=\"y\""};
  for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
    assert_true(safelisted("Content-Type", yes[i]));
  for (size_t i = 0; i < sizeof no / sizeof *no; i++)
    assert_false(safelisted("Content-Type", no[i]));
}

static void test_ranges(void **state) {
  (void)state;
  static const char *const yes[] = {"bytes=0-", "bytes=0-0", "bytes=007-8",
                                    "bytes=18446744073709551615-18446744073709551616"};
  static const char *const no[] = {"",           "bytes",     "bytes=",      "bytes=-",
                                   "bytes=-5",   "bytes=5",   "bytes=5-4",   "bytes=0-1,3-4",
                                   "bytes=0 -1", "bytes= 0-", "Bytes=0-1",   "bytes=0-1 ",
                                   "bytes=10-9", "chars=0-1", "bytes=0x1-2", "bytes=010-9"};
  for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
    assert_true(safelisted("Range", yes[i]));
  for (size_t i = 0; i < sizeof no / sizeof *no; i++)
    assert_false(safelisted("Range", no[i]));
}

static void test_others(void **state) {
  (void)state;
  char value[130] = {0};
  memset(value, 'a', 129);
  assert_false(safelisted("accept", value));
  value[128] = '\0';
  assert_true(safelisted("accept", value));
  assert_false(safelisted("X-Mine", ""));
  assert_false(safelisted("Authorization", "x"));
  assert_false(safelisted("", ""));
  assert_true(xhr__is_cors_non_wildcard_request_header_name(XHR__STR("AUTHORIZATION")));
  assert_false(xhr__is_cors_non_wildcard_request_header_name(XHR__STR("Cookie")));
}

/* ---- unsafe names ---------------------------------------------------------------------------------- */

static void expect_names(const xhr__header_list *list, size_t wanted_count,
                         const char *const *wanted) {
  xhr__str *names;
  size_t count;
  assert_int_equal(xhr__cors_unsafe_request_header_names(list, &names, &count), XHR_OK);
  assert_int_equal(count, wanted_count);
  assert_int_equal(xhr__has_cors_unsafe_request_header_names(list), count > 0);
  for (size_t i = 0; i < count; i++)
    assert_true(xhr__str_equals_ci(names[i], xhr__str_c(wanted[i])));
  xhr__free(names);
}

static void test_unsafe_names(void **state) {
  (void)state;
  xhr__header_list list = {0};
  expect_names(&list, 0, NULL);
  append(&list, "Accept", "*/*");
  expect_names(&list, 0, NULL);
  append(&list, "X-B", "1");
  append(&list, "x-a", "1");
  append(&list, "X-b", "2");
  append(&list, "X-", "2");
  append(&list, "Content-Type", "a/b");
  const char *const names[] = {"content-type", "x-", "x-a", "x-b"};
  expect_names(&list, 4, names);
  xhr__header_list_free(&list);
}

/* More than 1024 bytes in safelisted headers make all of them unsafe. */
static void test_too_much(void **state) {
  (void)state;
  xhr__header_list list = {0};
  char value[129] = {0};
  memset(value, 'a', 128);
  for (int i = 0; i < 4; i++) {
    append(&list, "Accept", value);
    append(&list, "Content-Language", value);
  }
  expect_names(&list, 0, NULL);
  append(&list, "Accept-Language", "a");
  const char *const names[] = {"accept", "accept-language", "content-language"};
  expect_names(&list, 3, names);
  xhr__header_list_free(&list);
}

static void names_out_of_memory(void *user) {
  xhr__header_list list = {0};
  xhr__str *names;
  size_t count;
  (void)user;
  if (xhr__header_list_append(&list, XHR__STR("X-A"), XHR__STR("1")) == XHR_OK) {
    xhr_status status = xhr__cors_unsafe_request_header_names(&list, &names, &count);
    assert_true(status == XHR_OK ? count == 1 : status == XHR_OUT_OF_MEMORY && !names);
    xhr__free(names);
  }
  xhr__header_list_free(&list);
}

static void test_out_of_memory(void **state) {
  (void)state;
  assert_true(failing_allocator_loop(names_out_of_memory, NULL, NULL) > 2);
}

/* ---- response headers, lists ----------------------------------------------------------------------- */

static void test_response_names(void **state) {
  (void)state;
  xhr__header_list list = {0};
  xhr__tokens exposed = {0};
  assert_true(xhr__is_cors_safelisted_response_header_name(XHR__STR("content-LENGTH"), &exposed));
  assert_true(xhr__is_cors_safelisted_response_header_name(XHR__STR("Pragma"), &exposed));
  assert_false(xhr__is_cors_safelisted_response_header_name(XHR__STR("X-A"), &exposed));
  append(&list, "Expose", "x-a, SET-COOKIE");
  assert_int_equal(xhr__extract_tokens(&list, XHR__STR("expose"), &exposed), XHR__EXTRACTED_VALUES);
  assert_true(xhr__is_cors_safelisted_response_header_name(XHR__STR("X-A"), &exposed));
  assert_false(xhr__is_cors_safelisted_response_header_name(XHR__STR("Set-Cookie"), &exposed));
  xhr__header_list_free(&list);
}

static void test_tokens(void **state) {
  (void)state;
  static const char *const bad[] = {"a b", "a,b c", "\"a\"", "a;b", "(a)", "a\x80", "a, b@"};
  xhr__header_list list = {0};
  xhr__tokens tokens;
  xhr__str token;
  assert_int_equal(xhr__extract_tokens(&list, XHR__STR("A"), &tokens), XHR__EXTRACTED_NULL);
  assert_false(xhr__tokens_contain(&tokens, XHR__STR("")));
  append(&list, "A", "");
  assert_int_equal(xhr__extract_tokens(&list, XHR__STR("A"), &tokens), XHR__EXTRACTED_VALUES);
  assert_false(xhr__tokens_contain(&tokens, XHR__STR("")));
  append(&list, "B", "other");
  append(&list, "a", " ,a\t,, B,");
  append(&list, "A", "*");
  assert_int_equal(xhr__extract_tokens(&list, XHR__STR("A"), &tokens), XHR__EXTRACTED_VALUES);
  xhr__token_iterator iterator = {.tokens = &tokens};
  static const char *const wanted[] = {"a", "B", "*"};
  for (size_t i = 0; i < 3; i++) {
    assert_true(xhr__tokens_next(&iterator, &token));
    assert_true(xhr__str_equals(token, xhr__str_c(wanted[i])));
  }
  assert_false(xhr__tokens_next(&iterator, &token));
  assert_false(xhr__tokens_next(&iterator, &token));
  assert_true(xhr__tokens_contain_name(&tokens, XHR__STR("b")));
  assert_false(xhr__tokens_contain(&tokens, XHR__STR("b")));
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    assert_int_equal(xhr__header_list_set(&list, XHR__STR("B"), xhr__str_c(bad[i])), XHR_OK);
    assert_int_equal(xhr__extract_tokens(&list, XHR__STR("B"), &tokens), XHR__EXTRACTED_FAILURE);
    assert_false(xhr__tokens_contain(&tokens, XHR__STR("a")));
  }
  xhr__header_list_free(&list);
}

static void test_delta_seconds(void **state) {
  (void)state;
  static const char *const bad[] = {"", "-1", "1.5", "a", "1 2", "+1", "1,2"};
  xhr__header_list list = {0};
  uint64_t seconds = 1;
  const xhr__str name = XHR__STR("A");
  assert_int_equal(xhr__extract_delta_seconds(&list, name, &seconds), XHR__EXTRACTED_NULL);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    assert_int_equal(xhr__header_list_set(&list, name, xhr__str_c(bad[i])), XHR_OK);
    assert_int_equal(xhr__extract_delta_seconds(&list, name, &seconds), XHR__EXTRACTED_FAILURE);
  }
  assert_int_equal(xhr__header_list_set(&list, name, XHR__STR("0600")), XHR_OK);
  assert_int_equal(xhr__extract_delta_seconds(&list, name, &seconds), XHR__EXTRACTED_VALUES);
  assert_int_equal(seconds, 600);
  assert_int_equal(xhr__header_list_set(&list, name, XHR__STR("18446744073709551616")), XHR_OK);
  assert_int_equal(xhr__extract_delta_seconds(&list, name, &seconds), XHR__EXTRACTED_VALUES);
  assert_true(seconds == UINT64_MAX);
  append(&list, "A", "1");
  assert_int_equal(xhr__extract_delta_seconds(&list, name, &seconds), XHR__EXTRACTED_FAILURE);
  xhr__header_list_free(&list);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_methods),       cmocka_unit_test(test_accept),
      cmocka_unit_test(test_languages),     cmocka_unit_test(test_content_types),
      cmocka_unit_test(test_ranges),        cmocka_unit_test(test_others),
      cmocka_unit_test(test_unsafe_names),  cmocka_unit_test(test_too_much),
      cmocka_unit_test(test_out_of_memory), cmocka_unit_test(test_response_names),
      cmocka_unit_test(test_tokens),        cmocka_unit_test(test_delta_seconds),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
