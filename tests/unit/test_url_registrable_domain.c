/* Registrable domains: src/url/registrable_domain.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/leftovers.h"
#include "url/registrable_domain.h"
#include "url/url.h"

static xhr__url parse(const char *host) {
  xhr__bytes text = {0};
  xhr__url url;
  assert_int_equal(xhr__bytes_append(&text, XHR__STR("https://")), XHR_OK);
  assert_int_equal(xhr__bytes_append(&text, xhr__str_c(host)), XHR_OK);
  assert_int_equal(xhr__url_parse(xhr__bytes_str(&text), NULL, &url), XHR_OK);
  xhr__bytes_free(&text);
  return url;
}

/* The standard's examples (https://url.spec.whatwg.org/#example-host-psl), and others. */
static const struct {
  const char *host, *domain; /* "": null */
} cases[] = {
    {"com", ""},
    {"example.com", "example.com"},
    {"www.example.com", "example.com"},
    {"sub.www.example.com", "example.com"},
    {"EXAMPLE.COM", "example.com"},
    {"example.com.", "example.com."},
    {"www.example.com.", "example.com."},
    {"github.io", ""},
    {"whatwg.github.io", "whatwg.github.io"},
    {"a.b.whatwg.github.io", "whatwg.github.io"},
    {"co.uk", ""},
    {"a.b.co.uk", "b.co.uk"},
    {"إختبار", ""},
    {"example.إختبار", "example.xn--kgbechtv"},
    {"sub.example.إختبار", "example.xn--kgbechtv"},
    {"a.食狮.公司.cn", "xn--85x722f.xn--55qx5d.cn"},
    {"localhost", ""},
    {"a.localhost", "a.localhost"},
    {"one.test", "one.test"},
    {"127.0.0.1", ""},
    {"[2001:0db8:85a3::8a2e:0370:7334]", ""},
};

static void test_domains(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    xhr__url url = parse(cases[i].host);
    xhr__str domain = xhr__registrable_domain(xhr__url_host(&url), xhr__url_host_kind(&url));
    if (!xhr__str_equals(domain, xhr__str_c(cases[i].domain)))
      fail_msg("%s: \"%.*s\"", cases[i].host, (int)domain.len, domain.data);
    xhr__url_free(&url);
  }
}

static bool same_site(const char *a, const char *b) {
  xhr__url first = parse(a), second = parse(b);
  bool same = xhr__hosts_same_site(xhr__url_host(&first), xhr__url_host_kind(&first),
                                   xhr__url_host(&second), xhr__url_host_kind(&second));
  xhr__url_free(&first);
  xhr__url_free(&second);
  return same;
}

static void test_same_site(void **state) {
  (void)state;
  assert_true(same_site("a.example.com", "b.example.com"));
  assert_true(same_site("example.com", "b.example.com"));
  assert_true(same_site("com", "com"));
  assert_true(same_site("127.0.0.1", "127.0.0.1"));
  assert_true(same_site("[::1]", "[::1]"));
  assert_false(same_site("127.0.0.1", "127.0.0.2"));
  assert_false(same_site("a.com", "b.com"));
  assert_false(same_site("a.github.io", "b.github.io"));
  assert_false(same_site("example.com", "example.com."));
  assert_false(same_site("com", "example.com"));
}

/* Longer than any name there is: no site but itself. */
static void test_long(void **state) {
  char host[400];
  (void)state;
  memset(host, 'a', sizeof host);
  for (size_t i = 50; i < sizeof host; i += 50)
    host[i] = '.';
  xhr__str text = xhr__str_of(host, sizeof host);
  assert_int_equal(xhr__registrable_domain(text, XHR__HOST_DOMAIN).len, 0);
  assert_true(xhr__hosts_same_site(text, XHR__HOST_DOMAIN, text, XHR__HOST_DOMAIN));
  assert_int_equal(xhr__registrable_domain(XHR__STR("."), XHR__HOST_DOMAIN).len, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_domains),
      cmocka_unit_test(test_same_site),
      cmocka_unit_test(test_long),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
