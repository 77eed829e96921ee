/* Tests of src/infra/alloc.c, status.c, str.c, bytes.c, base64.c and clock.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "infra/base64.h"
#include "infra/bytes.h"
#include "infra/clock.h"
#include "support/failing_allocator.h"
#include "support/leftovers.h"
#include "xhr/version.h"

static void test_status(void **state) {
  (void)state;
  assert_string_equal(xhr_status_name(XHR_OK), "XHR_OK");
  assert_string_equal(xhr_status_name(XHR_SYNTAX_ERR), "XHR_SYNTAX_ERR");
  assert_string_equal(xhr_status_name((xhr_status)77), "XHR_UNKNOWN");
  assert_string_equal(xhr_status_text((xhr_status)-1000), "not a result code of libxhr");
  assert_non_null(strstr(xhr_status_text(XHR_SECURITY_ERR), "SecurityError"));
  assert_true(xhr_version()[0] >= '0' && xhr_version()[0] <= '9');
}

static void *user_malloc(size_t size, void *user) {
  ++*(size_t *)user;
  return malloc(size);
}
static void *user_realloc(void *pointer, size_t size, void *user) {
  ++*(size_t *)user;
  return realloc(pointer, size);
}
static void user_free(void *pointer, void *user) {
  ++*(size_t *)user;
  free(pointer);
}

static void test_set_allocator(void **state) {
  (void)state;
  size_t calls = 0;
  xhr_allocator allocator = {user_malloc, user_realloc, NULL, &calls};
  assert_int_equal(xhr_set_allocator(&allocator), XHR_INVALID_ARGUMENT);
  allocator.free = user_free;
  assert_int_equal(xhr_set_allocator(&allocator), XHR_OK);
  void *block = xhr__malloc(0);
  assert_non_null(block);
  assert_int_equal(xhr_set_allocator(NULL), XHR_INVALID_STATE_ERR);
  block = xhr__realloc(block, 100);
  xhr__free(block);
  assert_int_equal(calls, 3);
  assert_int_equal(xhr_set_allocator(NULL), XHR_OK);
}

static void test_size_arithmetic(void **state) {
  (void)state;
  size_t size;
  assert_false(xhr__size_add(SIZE_MAX, 1, &size));
  assert_false(xhr__size_mul(SIZE_MAX / 2, 3, &size));
  assert_null(xhr__calloc(SIZE_MAX / 2, 3));
  void *array = NULL;
  size_t capacity = 0;
  assert_false(xhr__grow(&array, &capacity, SIZE_MAX, 16));
  assert_null(array);
  assert_int_equal(capacity, 0);
  char *copy = xhr__memdup0("a\0b", 3);
  assert_memory_equal(copy, "a\0b\0", 4);
  xhr__free(copy);
}

static void test_str(void **state) {
  (void)state;
  xhr__str s = XHR__STR("Hello World");
  assert_true(xhr__str_equals_ci(s, XHR__STR("hELLO wORLD")));
  assert_false(xhr__str_equals_ci(s, XHR__STR("hELLO wORL")));
  assert_true(xhr__str_starts_with(s, XHR__STR("Hello")));
  assert_false(xhr__str_starts_with(s, XHR__STR("hello")));
  assert_true(xhr__str_ends_with(s, XHR__STR("World")));
  assert_true(xhr__str_ends_with(s, XHR__STR_EMPTY));
  assert_int_equal(xhr__str_find(s, 0, 'o'), 4);
  assert_int_equal(xhr__str_find(s, 5, 'o'), 7);
  assert_int_equal(xhr__str_find(s, 99, 'o'), s.len);
  assert_int_equal(xhr__str_find_str(s, 0, XHR__STR("World")), 6);
  assert_int_equal(xhr__str_find_str(s, 0, XHR__STR("Worlds")), s.len);
  assert_int_equal(xhr__str_find_str(XHR__STR("aaab"), 0, XHR__STR("aab")), 1);
  assert_true(xhr__str_compare(XHR__STR("a"), XHR__STR("ab")) < 0);
  assert_true(xhr__str_compare(XHR__STR("\xff"), XHR__STR("a")) > 0);
  assert_int_equal(xhr__str_compare(XHR__STR_EMPTY, (xhr__str){NULL, 0}), 0);
  assert_int_equal(xhr__str_trim_http_whitespace(XHR__STR(" \r\n\t")).len, 0);
  assert_int_equal(xhr__str_trim_http_tab_or_space(XHR__STR("\n a ")).len, 3);
  assert_int_equal(xhr__str_trim_ascii_whitespace(XHR__STR("\f a\f")).len, 1);
}

static void test_tokens(void **state) {
  (void)state;
  assert_true(xhr__is_http_token(XHR__STR("x-Token!#$%&'*+-.^_`|~09")));
  assert_false(xhr__is_http_token(XHR__STR_EMPTY));
  assert_false(xhr__is_http_token(XHR__STR("a b")));
  assert_false(xhr__is_http_token(XHR__STR("a\0b")));
  assert_false(xhr__is_http_token(XHR__STR("a\x80")));
  assert_false(xhr__is_http_token(XHR__STR("a:")));
}

static void test_numbers(void **state) {
  (void)state;
  uint64_t value = 7;
  assert_true(xhr__str_to_u64(XHR__STR("18446744073709551615"), &value));
  assert_true(value == UINT64_MAX);
  assert_false(xhr__str_to_u64(XHR__STR("18446744073709551616"), &value));
  assert_false(xhr__str_to_u64(XHR__STR(""), &value));
  assert_false(xhr__str_to_u64(XHR__STR("+1"), &value));
  assert_false(xhr__str_to_u64(XHR__STR("1 "), &value));
  assert_true(value == UINT64_MAX);
}

static void test_bytes(void **state) {
  (void)state;
  xhr__bytes bytes = {0}, other = {0};
  assert_int_equal(xhr__bytes_append(&bytes, XHR__STR("abc")), XHR_OK);
  assert_int_equal(xhr__bytes_append_u64(&bytes, UINT64_MAX), XHR_OK);
  assert_int_equal(xhr__bytes_append_u64(&bytes, 0), XHR_OK);
  assert_string_equal(bytes.data, "abc184467440737095516150");
  /* Its own contents, over and over, through several moves of the memory. */
  for (int i = 0; i < 8; i++) {
    assert_int_equal(xhr__bytes_append(&bytes, xhr__bytes_str(&bytes)), XHR_OK);
  }
  assert_int_equal(bytes.len, 24 * 256);
  assert_memory_equal(bytes.data + 24 * 255, "abc184467440737095516150", 25);
  xhr__bytes_consume(&bytes, 24 * 255 + 3);
  assert_string_equal(bytes.data, "184467440737095516150");
  assert_int_equal(xhr__bytes_append_lower(&other, XHR__STR("ÀBC")), XHR_OK);
  assert_string_equal(other.data, "Àbc");
  xhr__bytes_move(&bytes, &other);
  assert_string_equal(bytes.data, "Àbc");
  assert_null(other.data);
  xhr__bytes_clear(&bytes);
  assert_string_equal(bytes.data, "");
  assert_int_equal(xhr__bytes_reserve(&bytes, SIZE_MAX), XHR_OUT_OF_MEMORY);
  xhr__bytes_free(&bytes);
}

static void test_code_points(void **state) {
  (void)state;
  xhr__bytes bytes = {0};
  const uint32_t code_points[] = {0x7F, 0x80, 0x7FF, 0x800, 0xFFFF, 0x10000, 0x10FFFF, 0xD800};
  for (size_t i = 0; i < sizeof code_points / sizeof *code_points; i++) {
    assert_int_equal(xhr__bytes_append_code_point(&bytes, code_points[i]), XHR_OK);
  }
  assert_string_equal(bytes.data, "\x7f"
                                  "\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf"
                                  "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\xed\xa0\x80");
  xhr__bytes_free(&bytes);
}

static void test_base64(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"", ""},        {"f", "Zg=="},        {"fo", "Zm8="},
      {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"\xff\xfe", "//4="},
      {"a:b", "YTpi"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    xhr__bytes out = {0};
    assert_int_equal(xhr__base64_encode(xhr__str_c(cases[i][0]), &out), XHR_OK);
    assert_string_equal(out.data ? out.data : "", cases[i][1]);
    xhr__bytes_free(&out);
  }
}

static void append_things(void *user) {
  xhr__bytes bytes = {0};
  xhr_status *status = user;
  *status = xhr__bytes_append(&bytes, XHR__STR("some text that needs more than eight bytes"));
  if (*status == XHR_OK)
    *status = xhr__base64_encode(XHR__STR("user:password"), &bytes);
  if (*status == XHR_OK)
    *status = xhr__bytes_assign(&bytes, XHR__STR("x"));
  xhr__bytes_free(&bytes);
}

static void check_status(bool failed, void *user) {
  assert_int_equal(*(xhr_status *)user, failed ? XHR_OUT_OF_MEMORY : XHR_OK);
}

static void test_allocation_failures(void **state) {
  (void)state;
  xhr_status status;
  assert_true(failing_allocator_loop(append_things, check_status, &status) > 3);
}

static void test_clock(void **state) {
  (void)state;
  xhr__time before = xhr__clock_now(&xhr__monotonic_clock);
  assert_true(xhr__clock_now(&xhr__monotonic_clock) >= before);
  assert_true(xhr__time_after_ms(5, 2) == 2 * XHR__MILLISECOND + 5);
  assert_true(xhr__time_after_ms(XHR__NEVER - 1, 2) == XHR__NEVER);
  assert_true(xhr__time_after_ms(0, UINT64_MAX) == XHR__NEVER);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_status),
                                     cmocka_unit_test(test_set_allocator),
                                     cmocka_unit_test(test_size_arithmetic),
                                     cmocka_unit_test(test_str),
                                     cmocka_unit_test(test_tokens),
                                     cmocka_unit_test(test_numbers),
                                     cmocka_unit_test(test_bytes),
                                     cmocka_unit_test(test_code_points),
                                     cmocka_unit_test(test_base64),
                                     cmocka_unit_test(test_allocation_failures),
                                     cmocka_unit_test(test_clock)};
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
