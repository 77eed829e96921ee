/* Percent-encoded bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "support/failing_allocator.h"
#include "support/leftovers.h"
#include "url/percent.h"

static void assert_str(xhr__str s, const char *want) {
  assert_int_equal(s.len, strlen(want));
  assert_memory_equal(s.data, want, s.len);
}

/* The members of each set among the printable ASCII, as the standard lists them. */
static void sets(void **state) {
  static const struct {
    xhr__percent_encode_set set;
    const char *members;
  } cases[] = {
      {XHR__C0_CONTROL_PERCENT_ENCODE_SET, ""},
      {XHR__FRAGMENT_PERCENT_ENCODE_SET, " \"<>`"},
      {XHR__QUERY_PERCENT_ENCODE_SET, " \"#<>"},
      {XHR__SPECIAL_QUERY_PERCENT_ENCODE_SET, " \"#<>'"},
      {XHR__PATH_PERCENT_ENCODE_SET, " \"#<>?^`{}"},
      {XHR__USERINFO_PERCENT_ENCODE_SET, " \"#<>?^`{}/:;=@[\\]|"},
      {XHR__COMPONENT_PERCENT_ENCODE_SET, " \"#<>?^`{}/:;=@[\\]|$%&+,"},
      {XHR__URLENCODED_PERCENT_ENCODE_SET, " \"#<>?^`{}/:;=@[\\]|$%&+,!'()~"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    for (int c = 0; c < 256; c++) {
      bool member = c < 0x20 || c > 0x7E || strchr(cases[i].members, c) != NULL;
      assert_int_equal(xhr__in_percent_encode_set((uint8_t)c, cases[i].set), member);
    }
  }
}

static void decode(void **state) {
  static const struct {
    const char *input, *output;
  } cases[] = {
      {"", ""},       {"abc", "abc"},         {"%41%62c", "Abc"},   {"%", "%"},
      {"%4", "%4"},   {"%%34%31", "%41"},     {"%4g%g4", "%4g%g4"}, {"%e2%82%AC", "\xE2\x82\xAC"},
      {"a+b", "a+b"}, {"%25%s%1G", "%%s%1G"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    xhr__bytes out = {0};
    assert_int_equal(xhr__percent_decode(xhr__str_c(cases[i].input), &out), XHR_OK);
    assert_str(xhr__bytes_str(&out), cases[i].output);
    xhr__bytes_free(&out);
  }
  xhr__bytes nul = {0};
  assert_int_equal(xhr__percent_decode(XHR__STR("a%00b"), &nul), XHR_OK);
  assert_int_equal(nul.len, 3);
  assert_memory_equal(nul.data, "a\0b", 3);
  xhr__bytes_free(&nul);
}

static void encode(void **state) {
  static const struct {
    xhr__percent_encode_set set;
    const char *input, *output;
  } cases[] = {
      {XHR__USERINFO_PERCENT_ENCODE_SET, "≡", "%E2%89%A1"},
      {XHR__USERINFO_PERCENT_ENCODE_SET, "Say what‽", "Say%20what%E2%80%BD"},
      {XHR__C0_CONTROL_PERCENT_ENCODE_SET, "a b%\x7F", "a b%%7F"},
      {XHR__COMPONENT_PERCENT_ENCODE_SET, "100% (a+b)", "100%25%20(a%2Bb)"},
      {XHR__URLENCODED_PERCENT_ENCODE_SET, "100% (a+b)~", "100%25+%28a%2Bb%29%7E"},
      {XHR__QUERY_PERCENT_ENCODE_SET, "", ""},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    xhr__bytes out = {0};
    assert_int_equal(xhr__utf8_percent_encode(xhr__str_c(cases[i].input), cases[i].set, &out),
                     XHR_OK);
    assert_str(xhr__bytes_str(&out), cases[i].output);
    xhr__bytes_free(&out);
  }
}

/* ASCII in which "x" takes two bytes, and what is not ASCII is an error. */
static xhr_status doubled(void *encoder, xhr__str input, size_t *position, xhr__bytes *out,
                          uint32_t *error) {
  size_t *calls = encoder;
  ++*calls;
  *error = XHR__PERCENT_NO_ERROR;
  while (*position < input.len) {
    char c = input.data[(*position)++];
    if ((uint8_t)c >= 0x80) {
      (*position)++;
      *error = 383;
      return XHR_OK;
    }
    xhr_status status = xhr__bytes_append(out, c == 'x' ? XHR__STR("x'") : xhr__str_of(&c, 1));
    if (status != XHR_OK)
      return status;
  }
  return XHR_OK;
}

static void encode_after_encoding(void **state) {
  size_t calls = 0;
  const xhr__percent_encoding encoding = {doubled, &calls};
  xhr__bytes out = {0};
  (void)state;
  assert_int_equal(xhr__percent_encode_after_encoding(&encoding, XHR__STR("1+1 ſxſ"),
                                                      XHR__URLENCODED_PERCENT_ENCODE_SET, &out),
                   XHR_OK);
  assert_str(xhr__bytes_str(&out), "1%2B1+%26%23383%3Bx%27%26%23383%3B");
  assert_int_equal(calls, 3);
  xhr__bytes_free(&out);
}

static void run(void *user) {
  size_t calls = 0;
  const xhr__percent_encoding encoding = {doubled, &calls};
  xhr__bytes out = {0};
  (void)user;
  xhr_status status = xhr__bytes_append(&out, XHR__STR("<"));
  if (status == XHR_OK) {
    status = xhr__percent_encode_after_encoding(&encoding, XHR__STR("1+1 ſxſ ſſſſ"),
                                                XHR__SPECIAL_QUERY_PERCENT_ENCODE_SET, &out);
    assert_true(status == XHR_OK || out.len == 1);
  }
  if (status == XHR_OK)
    status = xhr__percent_decode(XHR__STR("%41%41%41%41%41%41%41%41%41%41"), &out);
  assert_true(status == XHR_OK || failing_allocator_failed());
  xhr__bytes_free(&out);
}

static void every_allocation_fails(void **state) {
  (void)state;
  assert_true(failing_allocator_loop(run, NULL, NULL) > 4);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sets),
      cmocka_unit_test(decode),
      cmocka_unit_test(encode),
      cmocka_unit_test(encode_after_encoding),
      cmocka_unit_test(every_allocation_fails),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
