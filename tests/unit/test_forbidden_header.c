/* Tests of src/fetch/forbidden_header.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fetch/forbidden_header.h"
#include "support/leftovers.h"

static bool forbidden(const char *name, const char *value) {
  return xhr__is_forbidden_request_header(xhr__str_c(name), xhr__str_c(value));
}

static void test_names(void **state) {
  (void)state;
  static const char *const yes[] = {"Accept-Charset",
                                    "ACCEPT-ENCODING",
                                    "access-control-request-headers",
                                    "Access-Control-Request-Method",
                                    "connection",
                                    "Content-Length",
                                    "cookie",
                                    "Cookie2",
                                    "date",
                                    "dnt",
                                    "Expect",
                                    "HOST",
                                    "Keep-Alive",
                                    "origin",
                                    "Referer",
                                    "set-cookie",
                                    "te",
                                    "Trailer",
                                    "Transfer-Encoding",
                                    "Upgrade",
                                    "via",
                                    "Proxy-",
                                    "proxy-authorization",
                                    "SEC-",
                                    "Sec-Fetch"};
  static const char *const no[] = {"Accept",  "Accept-Language", "Authorization", "Content-Type",
                                   "Cookie3", "User-Agent",      "Proxy",         "Sec",
                                   "Section", "X-Proxy-A",       "Range",         ""};
  for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
    assert_true(forbidden(yes[i], "x"));
  for (size_t i = 0; i < sizeof no / sizeof *no; i++)
    assert_false(forbidden(no[i], "x"));
}

static void test_method_overrides(void **state) {
  (void)state;
  static const char *const names[] = {"X-HTTP-Method", "x-http-method-override",
                                      "X-METHOD-OVERRIDE"};
  for (size_t i = 0; i < 3; i++) {
    assert_true(forbidden(names[i], "TRACE"));
    assert_true(forbidden(names[i], "GET, \t track"));
    assert_true(forbidden(names[i], "a,connect,b"));
    assert_false(forbidden(names[i], "GET"));
    assert_false(forbidden(names[i], "\"TRACE\""));
    assert_false(forbidden(names[i], "\"a,TRACE\",b"));
    assert_false(forbidden(names[i], ""));
  }
  assert_false(forbidden("X-Method", "TRACE"));
}

static void test_response_names(void **state) {
  (void)state;
  assert_true(xhr__is_forbidden_response_header_name(XHR__STR("set-cookie")));
  assert_true(xhr__is_forbidden_response_header_name(XHR__STR("Set-Cookie2")));
  assert_false(xhr__is_forbidden_response_header_name(XHR__STR("Cookie")));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_names),
      cmocka_unit_test(test_method_overrides),
      cmocka_unit_test(test_response_names),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
