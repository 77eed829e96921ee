/* The URL parser: the project's own cases, foreign bytes, other encodings, big inputs, no memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "support/failing_allocator.h"
#include "support/leftovers.h"
#include "support/url_cases.h"
#include "url/url.h"

#define DATA XHR_SOURCE_DIR "/tests/data/url/"

static void run(const char *file, void (*cases)(const json *, tally *)) {
  json *document = json_read(file);
  tally t = {0};
  assert_non_null(document);
  cases(document, &t);
  json_free(document);
  tally_print(&t, file + sizeof XHR_SOURCE_DIR);
  assert_true(t.all > 0);
  assert_int_equal(t.good, t.all);
}

static void own_parse_cases(void **state) {
  (void)state;
  run(DATA "parse.json", url_cases_parse);
}

static void own_setter_cases(void **state) {
  (void)state;
  run(DATA "setters.json", url_cases_setters);
}

static void own_domain_cases(void **state) {
  (void)state;
  run(DATA "domains.json", url_cases_to_ascii);
  run(DATA "domains.json", url_cases_to_ascii_setter);
}

/* Parses `input`, whose bytes may be any, and compares. */
static void expect(xhr__str input, const char *href) {
  xhr__url url;
  xhr_status status = xhr__url_parse(input, NULL, &url);
  assert_int_equal(status, href ? XHR_OK : XHR_SYNTAX_ERR);
  if (href)
    assert_string_equal(url.href.data, href);
  else
    assert_false(xhr__url_is_set(&url));
  xhr__url_free(&url);
}

static void bytes_that_are_no_utf_8(void **state) {
  (void)state;
  expect(XHR__STR("http://h/\xFF"), "http://h/%EF%BF%BD");
  expect(XHR__STR("http://h/\xE2\x82?\xF0\x9F#\xC3"), "http://h/%EF%BF%BD?%EF%BF%BD#%EF%BF%BD");
  /* A surrogate in WTF-8 is one replacement character, other wrong bytes are as many as a decoder makes of them. */
  expect(XHR__STR("http://h/\xED\xA0\x80"), "http://h/%EF%BF%BD");
  expect(XHR__STR("http://h/\xC0\x80"), "http://h/%EF%BF%BD%EF%BF%BD");
  expect(XHR__STR("http://\xFF/"), NULL);
  expect(XHR__STR("\xFF"), NULL);
}

static void nul_bytes(void **state) {
  (void)state;
  expect(XHR__STR("\0http://h/a\0b?c\0d#e\0f\0"), "http://h/a%00b?c%00d#e%00f");
  expect(XHR__STR("http://a\0b/"), NULL);
  expect(XHR__STR("x://a\0b/"), NULL);
}

static void empty_and_null(void **state) {
  (void)state;
  expect(xhr__str_of(NULL, 0), NULL);
  expect(XHR__STR_EMPTY, NULL);
  expect(XHR__STR(":"), NULL);
  expect(XHR__STR("//"), NULL);
}

/* ---- an encoding for the query ---- */

/* Latin-1, in which what lies above U+00FF is an error. */
static xhr_status latin1(void *encoder, xhr__str input, size_t *position, xhr__bytes *out,
                         uint32_t *error) {
  (void)encoder;
  *error = XHR__PERCENT_NO_ERROR;
  while (*position < input.len) {
    uint8_t byte = xhr__str_at(input, (*position)++);
    if (byte >= 0xC0) {
      uint32_t cp = (byte & 0x1Fu) << 6 | (xhr__str_at(input, (*position)++) & 0x3Fu);
      if (cp > 0xFF) {
        *error = cp;
        return XHR_OK;
      }
      byte = (uint8_t)cp;
    }
    xhr_status status = xhr__bytes_append_byte(out, (char)byte);
    if (status != XHR_OK)
      return status;
  }
  return XHR_OK;
}

static void encoding_of_the_query(void **state) {
  static const struct {
    const char *input, *href;
  } cases[] = {
      {"http://h/é?é'ſ#é", "http://h/%C3%A9?%E9%27%26%23383%3B#%C3%A9"},
      {"https://h/?ſſx", "https://h/?%26%23383%3B%26%23383%3Bx"},
      {"http://h/?", "http://h/?"},
      {"ws://h/?é", "ws://h/?%C3%A9"},
      {"wss://h/?é", "wss://h/?%C3%A9"},
      {"x://h/?é", "x://h/?%C3%A9"},
      {"file:///?é", "file:///?%E9"},
  };
  const xhr__percent_encoding encoding = {latin1, NULL};
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    xhr__url url;
    assert_int_equal(
        xhr__url_parse_with_encoding(xhr__str_c(cases[i].input), NULL, &encoding, &url), XHR_OK);
    assert_string_equal(url.href.data, cases[i].href);
    xhr__url_free(&url);
  }
}

/* ---- megabytes ---- */

static void parse_repeated(const char *start, const char *unit, bool good) {
  xhr__bytes text = {0};
  xhr__url url;
  assert_int_equal(xhr__bytes_append(&text, xhr__str_c(start)), XHR_OK);
  for (size_t i = 0; i < 1 << 19; i++)
    assert_int_equal(xhr__bytes_append(&text, xhr__str_c(unit)), XHR_OK);
  assert_int_equal(xhr__bytes_append_byte(&text, 'h'), XHR_OK);
  assert_int_equal(xhr__url_parse(xhr__bytes_str(&text), NULL, &url),
                   good ? XHR_OK : XHR_SYNTAX_ERR);
  xhr__url_free(&url);
  xhr__bytes_free(&text);
}

/* Whatever took quadratic time would run into the test's time limit. */
static void megabytes(void **state) {
  (void)state;
  parse_repeated("http://h/", "a/", true);
  parse_repeated("http://h/", "../", true);
  parse_repeated("http://h/", "é", true);
  parse_repeated("http://h/?", "é'", true);
  parse_repeated("http://h/#", "\xFF", true);
  parse_repeated("http://", "@", true);
  parse_repeated("http://", "u:", false);
  parse_repeated("http://", "a.", true);
  parse_repeated("http://", "xn--a.", false);
  parse_repeated("http://", "%41", true);
  parse_repeated("http://", "é", false);
  parse_repeated("http://", "1.", true);
  parse_repeated("http://[", ":", false);
  parse_repeated("http://h:", "0", false);
  parse_repeated("x:", " ", true);
  parse_repeated("x:", "\t", true);
  parse_repeated("", "\n ", false);
  parse_repeated("a", "b", false);
}

/* ---- no memory ---- */

static void parse_and_set(void *user) {
  static const char *const inputs[] = {
      "http://u:p@bücher.example:8080/a b/../c?d é#f é",
      "x:/..//p",
      "http://h/\xFF",
      "http://%62\u0308\u0915\u094d\u200c\u0937.xn--bcher-kva/",
      "file:///C|/a",
      "http://[1::2]/",
      "../d?x",
      "mailto:a b ?c",
  };
  (void)user;
  for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++) {
    xhr__url base = {0}, url = {0}, copy = {0};
    xhr_status status = xhr__url_parse(XHR__STR("http://u:p@h:8/a/b?c#d"), NULL, &base);
    if (status == XHR_OK)
      status = xhr__url_parse(xhr__str_c(inputs[i]), &base, &url);
    assert_true(status == XHR_OK || (status == XHR_OUT_OF_MEMORY && failing_allocator_failed()));
    if (status == XHR_OK)
      status = xhr__url_copy(&url, &copy);
    if (status == XHR_OK) {
      xhr__url_set_protocol(&url, XHR__STR("https"));
      xhr__url_set_username(&url, XHR__STR("é\xFF"));
      xhr__url_set_password(&url, XHR__STR("p"));
      xhr__url_set_host(&url, XHR__STR("bücher.example:8"));
      xhr__url_set_port(&url, XHR__STR("9"));
      xhr__url_set_pathname(&url, XHR__STR("//a b"));
      xhr__url_set_search(&url, XHR__STR("?é"));
      xhr__url_set_hash(&url, XHR__STR("#é"));
      xhr__url_set_fragment(&url, XHR__STR("x"));
      assert_true(xhr__url_is_set(&url));
      status = xhr__url_set_href(&url, XHR__STR("http://h/"));
      assert_true(status == XHR_OK || failing_allocator_failed());
    }
    xhr__url_free(&copy);
    xhr__url_free(&url);
    xhr__url_free(&base);
  }
}

static void every_allocation_fails(void **state) {
  (void)state;
  assert_true(failing_allocator_loop(parse_and_set, NULL, NULL) > 100);
}

/* A setter that runs out of memory changes nothing. */
static void setters_change_all_or_nothing(void **state) {
  static xhr_status (*const setters[])(xhr__url *, xhr__str) = {
      xhr__url_set_href,   xhr__url_set_protocol, xhr__url_set_username, xhr__url_set_password,
      xhr__url_set_host,   xhr__url_set_hostname, xhr__url_set_port,     xhr__url_set_pathname,
      xhr__url_set_search, xhr__url_set_hash,     xhr__url_set_fragment,
  };
  static const char href[] = "http://u:p@h:8/a?b#c";
  (void)state;
  failing_allocator_install();
  for (size_t i = 0; i < sizeof setters / sizeof setters[0]; i++) {
    for (size_t nth = 1;; nth++) {
      xhr__url url;
      assert_int_equal(xhr__url_parse(xhr__str_c(href), NULL, &url), XHR_OK);
      failing_allocator_arm(nth, true);
      xhr_status status = setters[i](&url, XHR__STR("https://g"));
      bool failed = failing_allocator_failed();
      failing_allocator_arm(0, false);
      assert_int_equal(status, failed ? XHR_OUT_OF_MEMORY : XHR_OK);
      if (failed)
        assert_string_equal(url.href.data, href);
      xhr__url_free(&url);
      if (!failed)
        break;
    }
  }
  assert_int_equal(failing_allocator_live(), 0);
  failing_allocator_uninstall();
}

/* A usual URL takes one block. */
static void one_allocation(void **state) {
  xhr__url url;
  (void)state;
  failing_allocator_install();
  assert_int_equal(xhr__url_parse(XHR__STR("https://u:p@h.example:8/a/../b?c#d"), NULL, &url),
                   XHR_OK);
  assert_int_equal(failing_allocator_calls(), 1);
  assert_int_equal(failing_allocator_live(), 1);
  xhr__url_free(&url);
  failing_allocator_uninstall();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(own_parse_cases),
      cmocka_unit_test(own_setter_cases),
      cmocka_unit_test(own_domain_cases),
      cmocka_unit_test(bytes_that_are_no_utf_8),
      cmocka_unit_test(nul_bytes),
      cmocka_unit_test(empty_and_null),
      cmocka_unit_test(encoding_of_the_query),
      cmocka_unit_test(megabytes),
      cmocka_unit_test(every_allocation_fails),
      cmocka_unit_test(setters_change_all_or_nothing),
      cmocka_unit_test(one_allocation),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
