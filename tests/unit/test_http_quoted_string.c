/* Tests of src/mime/http_quoted_string.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mime/http_quoted_string.h"
#include "support/failing_allocator.h"
#include "support/leftovers.h"

static const struct {
  const char *input, *value;
  size_t end;
} cases[] = {
    {"\"\\", "\\", 2},
    {"\"Hello\" World", "Hello", 7},
    {"\"Hello \\\\ World\\\"\"", "Hello \\ World\"", 18},
    {"\"", "", 1},
    {"\"\"", "", 2},
    {"\"\\\"", "\"", 3},
    {"\"a\\b\"c\"", "ab", 5},
    {"\"\\\\\\", "\\\\", 4},
    {"\"\xFF\x80\"", "\xFF\x80", 4},
};

static void test_cases(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    xhr__str input = xhr__str_c(cases[i].input);
    xhr__bytes value = {0};
    size_t position = 0, other = 0;
    assert_int_equal(xhr__extract_http_quoted_string(input, &position, &value), XHR_OK);
    xhr__skip_http_quoted_string(input, &other);
    assert_true(xhr__str_equals(xhr__bytes_str(&value), xhr__str_c(cases[i].value)));
    assert_int_equal(position, cases[i].end);
    assert_int_equal(other, cases[i].end);
    xhr__bytes_free(&value);
  }
}

static void extract(void *user) {
  (void)user;
  xhr__bytes value = {0};
  size_t position = 2;
  xhr_status status = xhr__extract_http_quoted_string(
      XHR__STR("x=\"some \\\" longer value\\\\ than one allocation\""), &position, &value);
  assert_int_equal(status, failing_allocator_failed() ? XHR_OUT_OF_MEMORY : XHR_OK);
  xhr__bytes_free(&value);
}

static void test_out_of_memory(void **state) {
  (void)state;
  assert_true(failing_allocator_loop(extract, NULL, NULL) > 2);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_cases),
      cmocka_unit_test(test_out_of_memory),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
