/* Forgiving-base64 decode, also without memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infra/base64.h"
#include "support/failing_allocator.h"

static void decodes(xhr__str text, xhr__str expected) {
  xhr__bytes out = {0};
  assert_int_equal(xhr__bytes_append(&out, XHR__STR("x")), XHR_OK);
  assert_int_equal(xhr__base64_decode(text, &out), XHR_OK);
  assert_true(xhr__str_equals(xhr__str_from(xhr__bytes_str(&out), 1), expected));
  xhr__bytes_free(&out);
}

static void fails(xhr__str text) {
  xhr__bytes out = {0};
  assert_int_equal(xhr__base64_decode(text, &out), XHR_SYNTAX_ERR);
  assert_int_equal(out.len, 0);
  xhr__bytes_free(&out);
}

static void test_decode(void **state) {
  (void)state;
  decodes(XHR__STR(""), XHR__STR(""));
  decodes(XHR__STR(" \t\n\f\r"), XHR__STR(""));
  decodes(XHR__STR("YWJj"), XHR__STR("abc"));
  decodes(XHR__STR("YWI="), XHR__STR("ab"));
  decodes(XHR__STR("YWI"), XHR__STR("ab"));
  decodes(XHR__STR("Y\nQ = ="), XHR__STR("a"));
  decodes(XHR__STR("YR"), XHR__STR("a"));
  decodes(XHR__STR("AP+A/w=="), XHR__STR("\0\xFF\x80\xFF"));
}

static void test_failure(void **state) {
  (void)state;
  fails(XHR__STR("Y"));
  fails(XHR__STR("YWJjZ"));
  fails(XHR__STR("="));
  fails(XHR__STR("YQ="));
  fails(XHR__STR("YQ==="));
  fails(XHR__STR("YWJj===="));
  fails(XHR__STR("YQ==YQ=="));
  fails(XHR__STR("Y=Q="));
  fails(XHR__STR("YWJ\0"));
  fails(XHR__STR("YW-_"));
  fails(XHR__STR("YW\x0BJj"));
  fails(XHR__STR("\xFFQ=="));
}

static void test_round_trip(void **state) {
  (void)state;
  char data[300];
  for (size_t i = 0; i < sizeof data; i++)
    data[i] = (char)(i * 37);
  for (size_t len = 0; len <= sizeof data; len++) {
    xhr__bytes encoded = {0};
    assert_int_equal(xhr__base64_encode(xhr__str_of(data, len), &encoded), XHR_OK);
    decodes(xhr__bytes_str(&encoded), xhr__str_of(data, len));
    xhr__bytes_free(&encoded);
  }
}

static void decode_once(void *user) {
  xhr__bytes out = {0};
  xhr_status status = xhr__base64_decode(XHR__STR("YWJj"), &out);
  *(bool *)user = status == XHR_OK;
  assert_true(status == XHR_OK || (status == XHR_OUT_OF_MEMORY && out.len == 0));
  xhr__bytes_free(&out);
}

static void test_no_memory(void **state) {
  bool decoded = false;
  (void)state;
  assert_true(failing_allocator_loop(decode_once, NULL, &decoded) > 1);
  assert_true(decoded);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_decode), cmocka_unit_test(test_failure),
                                     cmocka_unit_test(test_round_trip),
                                     cmocka_unit_test(test_no_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
