/* Range headers: src/fetch/range.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fetch/range.h"
#include "support/failing_allocator.h"
#include "support/leftovers.h"

typedef struct range_case {
  const char *value;
  xhr__range strict, loose; /* without any member that is there: failure */
} range_case;

#define SAME(...)                                                                                  \
  {__VA_ARGS__}, {                                                                                 \
    __VA_ARGS__                                                                                    \
  }

static const range_case cases[] = {
    {"bytes=0-0", SAME(.has_start = true, .has_end = true)},
    {"bytes=2-34", SAME(.has_start = true, .has_end = true, .start = 2, .end = 34)},
    {"bytes=2-", SAME(.has_start = true, .start = 2)},
    {"bytes=-7", SAME(.has_end = true, .end = 7)},
    {"bytes=00012-13", SAME(.has_start = true, .has_end = true, .start = 12, .end = 13)},
    {"bytes=1-99999999999999999999999",
     SAME(.has_start = true, .has_end = true, .start = 1, .end = UINT64_MAX)},
    {"bytes \t=\t 1 \t- \t2", {0}, {.has_start = true, .has_end = true, .start = 1, .end = 2}},
    {"bytes= -\t5", {0}, {.has_end = true, .end = 5}},
    {"bytes=1-2 ", SAME(0)},
    {" bytes=1-2", SAME(0)},
    {"", SAME(0)},
    {"bytes", SAME(0)},
    {"bytes=", SAME(0)},
    {"bytes=-", SAME(0)},
    {"bytes=1", SAME(0)},
    {"bytes=2-1", SAME(0)},
    {"bytes=1-2,3-4", SAME(0)},
    {"bytes=x-2", SAME(0)},
    {"bytes=1-x", SAME(0)},
    {"Bytes=1-2", SAME(0)},
    {"bytes=+1-2", SAME(0)},
    {"bytes1-2", SAME(0)},
};

static void check(const char *value, bool allow_whitespace, const xhr__range *wanted) {
  xhr__range range;
  bool valid = xhr__parse_single_range(xhr__str_c(value), allow_whitespace, &range);
  assert_int_equal(valid, wanted->has_start || wanted->has_end);
  if (!valid)
    return;
  assert_int_equal(range.has_start, wanted->has_start);
  assert_int_equal(range.has_end, wanted->has_end);
  assert_true(range.start == wanted->start && range.end == wanted->end);
}

static void test_parse(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    check(cases[i].value, false, &cases[i].strict);
    check(cases[i].value, true, &cases[i].loose);
  }
}

static void build(void *user) {
  xhr__bytes out = {0};
  (void)user;
  xhr_status status = xhr__build_content_range(0, 9, 1234567890123, &out);
  if (status == XHR_OK)
    assert_string_equal(out.data, "bytes 0-9/1234567890123");
  else
    assert_int_equal(status, XHR_OUT_OF_MEMORY);
  xhr__bytes_free(&out);
}

static void test_build(void **state) {
  (void)state;
  assert_true(failing_allocator_loop(build, NULL, NULL) > 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_parse),
      cmocka_unit_test(test_build),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
