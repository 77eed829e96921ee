/* UTF-8 in src/infra. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "infra/utf8.h"
#include "support/failing_allocator.h"
#include "support/leftovers.h"

#define R "\xEF\xBF\xBD"

static const struct {
  xhr__str input;
  const char *decoded; /* by the Encoding Standard's decoder */
  const char *scalar;  /* as WTF-8; NULL: the same */
} cases[] = {
    {{"", 0}, "", NULL},
    {{"abc", 3}, "abc", NULL},
    {{"abcdefghijklmnop\xC3\xA9", 18}, "abcdefghijklmnop\xC3\xA9", NULL},
    {{"\xE2\x82\xAC\xF0\x9F\x98\x80", 7}, "\xE2\x82\xAC\xF0\x9F\x98\x80", NULL},
    {{R, 3}, R, NULL},
    {{"a\x80z", 3}, "a" R "z", NULL},
    {{"\xC0\x80", 2}, R R, NULL},
    {{"\xC1\xBF", 2}, R R, NULL},
    {{"\xC3", 1}, R, NULL},
    {{"\xC3z", 2}, R "z", NULL},
    {{"\xE2\x82", 2}, R, NULL},
    {{"\xE2\x82z", 3}, R "z", NULL},
    {{"\xE0\x80\x80", 3}, R R R, NULL},
    {{"\xF0\x9F\x98", 3}, R, NULL},
    {{"\xF0\x80\x80\x80", 4}, R R R R, NULL},
    {{"\xF4\x90\x80\x80", 4}, R R R R, NULL},
    {{"\xF5\x80", 2}, R R, NULL},
    {{"\xFF\xFE", 2}, R R, NULL},
    {{"\xED\xA0\x80", 3}, R R R, R},
    {{"\xED\xBF\xBFz", 4}, R R R "z", R "z"},
    {{"\xED\xA0", 2}, R R, R R},
    {{"\xED\x9F\xBF\xEE\x80\x80", 6}, "\xED\x9F\xBF\xEE\x80\x80", NULL},
};

static void assert_str(xhr__str s, const char *want) {
  assert_int_equal(s.len, strlen(want));
  assert_memory_equal(s.data, want, s.len);
}

static void replacing(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    xhr__bytes out = {0};
    assert_int_equal(xhr__utf8_append_valid(&out, cases[i].input), XHR_OK);
    assert_str(xhr__bytes_str(&out), cases[i].decoded);
    xhr__bytes_clear(&out);
    assert_int_equal(xhr__wtf8_append_scalar(&out, cases[i].input), XHR_OK);
    assert_str(xhr__bytes_str(&out), cases[i].scalar ? cases[i].scalar : cases[i].decoded);
    xhr__bytes_free(&out);
  }
}

static void validity(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    bool same = xhr__str_equals(cases[i].input, xhr__str_c(cases[i].decoded));
    assert_int_equal(xhr__utf8_is_valid(cases[i].input), same);
  }
  assert_true(xhr__is_ascii_string(XHR__STR("")));
  assert_true(xhr__is_ascii_string(XHR__STR("0123456789\x7F")));
  assert_false(xhr__is_ascii_string(XHR__STR("01234567\x80")));
  assert_false(xhr__is_ascii_string(XHR__STR("0123\x80"
                                             "4567")));
}

/* Every code point survives. */
static void every_code_point(void **state) {
  (void)state;
  xhr__bytes bytes = {0};
  for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
    if (cp >= 0xD800 && cp <= 0xDFFF)
      continue;
    size_t position = 0;
    xhr__bytes_clear(&bytes);
    assert_int_equal(xhr__bytes_append_code_point(&bytes, cp), XHR_OK);
    if (xhr__utf8_next(xhr__bytes_str(&bytes), &position) != cp || position != bytes.len)
      fail_msg("U+%04X", (unsigned)cp);
  }
  xhr__bytes_free(&bytes);
}

static void run(void *user) {
  xhr__bytes out = {0};
  (void)user;
  xhr_status status = xhr__bytes_append(&out, XHR__STR("<"));
  if (status == XHR_OK) {
    status = xhr__utf8_append_valid(&out, XHR__STR("0123456789\xFF"
                                                   "0123456789\xFF"));
    assert_int_equal(out.len, status == XHR_OK ? 27 : 1);
  }
  xhr__bytes_free(&out);
}

static void every_allocation_fails(void **state) {
  (void)state;
  assert_true(failing_allocator_loop(run, NULL, NULL) > 4);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(replacing),
      cmocka_unit_test(validity),
      cmocka_unit_test(every_code_point),
      cmocka_unit_test(every_allocation_fails),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
