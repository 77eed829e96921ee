/* Tests of src/fetch/method.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fetch/method.h"
#include "support/leftovers.h"

static void test_is_method(void **state) {
  (void)state;
  assert_true(xhr__is_method(XHR__STR("GET")));
  assert_true(xhr__is_method(XHR__STR("CHICKEN")));
  assert_true(xhr__is_method(XHR__STR("!#$%&'*+-.^_`|~09azAZ")));
  static const char *const wrong[] = {"",    " GET",   "GET ", "G,T",
                                      "G T", "G\r\nT", "G:T",  "\xc3\xbc"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    assert_false(xhr__is_method(xhr__str_c(wrong[i])));
  assert_false(xhr__is_method(xhr__str_of("G\0T", 3)));
}

static void test_forbidden(void **state) {
  (void)state;
  assert_true(xhr__is_forbidden_method(XHR__STR("CONNECT")));
  assert_true(xhr__is_forbidden_method(XHR__STR("trace")));
  assert_true(xhr__is_forbidden_method(XHR__STR("TrAcK")));
  assert_false(xhr__is_forbidden_method(XHR__STR("GET")));
  assert_false(xhr__is_forbidden_method(XHR__STR("CONNECTS")));
}

static void test_normalize(void **state) {
  (void)state;
  static const char *const names[] = {"delete",  "DELETE",  "gEt",  "GET",  "head", "HEAD",
                                      "options", "OPTIONS", "post", "POST", "pUT",  "PUT"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i += 2) {
    xhr__str method = xhr__normalize_method(xhr__str_c(names[i]));
    assert_true(xhr__str_equals(method, xhr__str_c(names[i + 1])));
  }
  assert_true(xhr__str_equals(xhr__normalize_method(XHR__STR("patch")), XHR__STR("patch")));
  assert_true(xhr__str_equals(xhr__normalize_method(XHR__STR("Egg")), XHR__STR("Egg")));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_is_method),
      cmocka_unit_test(test_forbidden),
      cmocka_unit_test(test_normalize),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
