/* Tests of src/fetch/get_decode_split.c, extract_mime_type.c and extract_length.c, with web-platform-tests' data where
 * it is there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fetch/extract_length.h"
#include "fetch/extract_mime_type.h"
#include "fetch/get_decode_split.h"
#include "mime/mime_type_groups.h"
#include "support/failing_allocator.h"
#include "support/json.h"
#include "support/leftovers.h"
#include "support/wpt.h"

enum { MAX_VALUES = 8 };

/* Values up to the first NULL. */
static size_t to_values(const char *const *texts, xhr__str *values) {
  size_t count = 0;
  for (; count < MAX_VALUES && texts[count]; count++)
    values[count] = xhr__str_c(texts[count]);
  return count;
}

/* ---- get, decode, and split ------------------------------------------------------------------------------ */

static void assert_splits(const char *input, const char *const *expected) {
  xhr__value_splitter splitter = xhr__value_splitter_of(xhr__str_c(input));
  xhr__str value;
  size_t count = 0;
  while (xhr__value_splitter_next(&splitter, &value)) {
    assert_non_null(expected[count]);
    assert_true(xhr__str_equals(value, xhr__str_c(expected[count])));
    count++;
  }
  assert_null(expected[count]);
  assert_false(xhr__value_splitter_next(&splitter, &value));
}

static void test_split(void **state) {
  (void)state;
  static const struct {
    const char *input, *values[5];
  } cases[] = {
      {"", {""}},
      {"nosniff,", {"nosniff", ""}},
      {"nosniff, ", {"nosniff", ""}},
      {"text/html;\", x/x", {"text/html;\", x/x"}},
      {"x/x;test=\"hi\",y/y", {"x/x;test=\"hi\"", "y/y"}},
      {"x / x,,,1", {"x / x", "", "", "1"}},
      {"\"1,2\", 3", {"\"1,2\"", "3"}},
      {"a\"b\\\"c,d\"e , f", {"a\"b\\\"c,d\"e", "f"}},
      {" \ta b\t , \r", {"a b", "\r"}},
      {"\"", {"\""}},
      {"\"\",", {"\"\"", ""}},
      {"\"a\"\"b,\",c", {"\"a\"\"b,\"", "c"}},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_splits(cases[i].input, cases[i].values);
}

static void test_combine(void **state) {
  (void)state;
  const xhr__str values[] = {XHR__STR("a"), XHR__STR_EMPTY, XHR__STR("b")};
  xhr__bytes storage = {0};
  xhr__str combined;
  assert_int_equal(xhr__combine_values(values, 0, &storage, &combined), XHR_NOT_FOUND);
  assert_int_equal(xhr__combine_values(values, 1, &storage, &combined), XHR_OK);
  assert_ptr_equal(combined.data, values[0].data);
  assert_null(storage.data);
  assert_int_equal(xhr__combine_values(values, 3, &storage, &combined), XHR_OK);
  assert_true(xhr__str_equals(combined, XHR__STR("a, , b")));
  xhr__bytes_free(&storage);
}

/* ---- extract a MIME type --------------------------------------------------------------------------------- */

/* NULL expects failure. The same must come of the values combined into one. */
static void assert_extracts(const xhr__str *values, size_t count, const char *expected) {
  xhr__bytes storage = {0};
  xhr__str combined = XHR__STR_EMPTY;
  (void)xhr__combine_values(values, count, &storage, &combined);
  for (int once = 0; once < 2; once++) {
    xhr__mime_type mime_type = {0};
    xhr__bytes output = {0};
    xhr_status status = once ? xhr__extract_mime_type(&combined, 1, &mime_type)
                             : xhr__extract_mime_type(values, count, &mime_type);
    assert_int_equal(status, expected ? XHR_OK : XHR_SYNTAX_ERR);
    if (expected) {
      assert_int_equal(xhr__mime_type_serialize(&mime_type, &output), XHR_OK);
      assert_string_equal(output.data, expected);
    }
    xhr__bytes_free(&output);
    xhr__mime_type_free(&mime_type);
  }
  xhr__bytes_free(&storage);
}

static void test_mime_type(void **state) {
  (void)state;
  static const struct {
    const char *values[MAX_VALUES], *output;
  } cases[] = {
      {{NULL}, NULL},
      {{""}, NULL},
      {{"text/plain;charset=gbk, text/html"}, "text/html"},
      {{"text/html;charset=gbk;a=b, text/html;x=y"}, "text/html;x=y;charset=gbk"},
      {{"text/html;charset=gbk;a=b", "text/html;x=y"}, "text/html;x=y;charset=gbk"},
      {{"text/html;charset=gbk", "x/x", "text/html;x=y"}, "text/html;x=y"},
      {{"text/html", "cannot-parse"}, "text/html"},
      {{"text/html", "*/*"}, "text/html"},
      {{"text/html", ""}, "text/html"},
      {{"*/*"}, NULL},
      {{"*/*;charset=gbk", "text/html"}, "text/html"},
      {{"text/html;charset=gbk", "text/html;charset=utf-8", "text/html;a=b"},
       "text/html;a=b;charset=gbk"},
      {{"text/html;\"", "x/x"}, "text/html"},
      {{"text/html;charset=\"", "x/x"}, "text/html;charset=\", x/x\""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    xhr__str values[MAX_VALUES];
    assert_extracts(values, to_values(cases[i].values, values), cases[i].output);
  }
}

static void test_encoding(void **state) {
  (void)state;
  xhr__mime_type mime_type = {0};
  assert_int_equal(xhr__legacy_extract_encoding(NULL, XHR__ENCODING_UTF_8), XHR__ENCODING_UTF_8);
  assert_int_equal(xhr__mime_type_parse(&mime_type, XHR__STR("a/b")), XHR_OK);
  assert_int_equal(xhr__legacy_extract_encoding(&mime_type, XHR__ENCODING_NONE),
                   XHR__ENCODING_NONE);
  assert_int_equal(xhr__mime_type_parse(&mime_type, XHR__STR("a/b;charset=\" SJIS \"")), XHR_OK);
  assert_int_equal(xhr__legacy_extract_encoding(&mime_type, XHR__ENCODING_UTF_8),
                   XHR__ENCODING_SHIFT_JIS);
  assert_int_equal(xhr__mime_type_parse(&mime_type, XHR__STR("a/b;charset=no")), XHR_OK);
  assert_int_equal(xhr__legacy_extract_encoding(&mime_type, XHR__ENCODING_UTF_8),
                   XHR__ENCODING_UTF_8);
  xhr__mime_type_free(&mime_type);
}

/* ---- extract a length ------------------------------------------------------------------------------------ */

static void test_length(void **state) {
  (void)state;
  static const struct {
    const char *values[MAX_VALUES];
    xhr_status status;
    bool has;
    uint64_t length;
  } cases[] = {
      {{NULL}, XHR_OK, false, 0},
      {{"42"}, XHR_OK, true, 42},
      {{" 42 "}, XHR_OK, true, 42},
      {{"0"}, XHR_OK, true, 0},
      {{"0042"}, XHR_OK, true, 42},
      {{"42", "42"}, XHR_OK, true, 42},
      {{"42, 42", "42"}, XHR_OK, true, 42},
      {{"42", "43"}, XHR_SYNTAX_ERR, false, 0},
      {{"42", "042"}, XHR_SYNTAX_ERR, false, 0},
      {{"42,"}, XHR_SYNTAX_ERR, false, 0},
      {{"", "42"}, XHR_SYNTAX_ERR, false, 0},
      {{""}, XHR_OK, false, 0},
      {{"", ""}, XHR_OK, false, 0},
      {{"+42"}, XHR_OK, false, 0},
      {{"-1"}, XHR_OK, false, 0},
      {{"4 2"}, XHR_OK, false, 0},
      {{"42.0"}, XHR_OK, false, 0},
      {{"\"42\""}, XHR_OK, false, 0},
      {{"x", "x"}, XHR_OK, false, 0},
      {{"18446744073709551615"}, XHR_OK, true, UINT64_MAX},
      {{"18446744073709551616"}, XHR_OK, true, UINT64_MAX},
      {{"99999999999999999999999999"}, XHR_OK, true, UINT64_MAX},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    xhr__str values[MAX_VALUES];
    size_t count = to_values(cases[i].values, values);
    bool has = true;
    uint64_t length = 0;
    assert_int_equal(xhr__extract_length(values, count, &has, &length), cases[i].status);
    assert_int_equal(has, cases[i].has);
    assert_true(length == cases[i].length);
  }
}

/* ---- web-platform-tests ---------------------------------------------------------------------------------- */

static json *read_wpt(const char *name) {
  const char *path = wpt_path(name);
  if (!path)
    skip();
  json *data = json_read(path);
  assert_non_null(data);
  print_message("%s: %zu cases\n", name, json_count(data));
  assert_true(json_count(data) > 10);
  return data;
}

static void assert_encoding(const json *test, const xhr__str *values, size_t count) {
  xhr__mime_type mime_type = {0};
  bool failed = xhr__extract_mime_type(values, count, &mime_type) != XHR_OK;
  xhr__encoding found =
      xhr__legacy_extract_encoding(failed ? NULL : &mime_type, XHR__ENCODING_NONE);
  xhr__encoding expected = json_has_string(test, "encoding")
                               ? xhr__encoding_get(json_string(test, "encoding"))
                               : XHR__ENCODING_NONE;
  if (json_get(test, "executes")) {
    bool executes = !failed && xhr__is_javascript_mime_type(&mime_type);
    assert_int_equal(executes, json_get(test, "executes")->type == JSON_TRUE);
    if (!executes)
      found = expected;
  }
  assert_int_equal(found, expected);
  xhr__mime_type_free(&mime_type);
}

static void test_wpt_content_type(void **state) {
  (void)state;
  static const char *const names[] = {"fetch/content-type/resources/content-types.json",
                                      "fetch/content-type/resources/script-content-types.json"};
  for (size_t i = 0; i < 2; i++) {
    json *data = read_wpt(names[i]);
    for (const json *test = data->child; test; test = test->next) {
      xhr__str values[MAX_VALUES];
      size_t count = 0;
      for (const json *item = json_get(test, "contentType")->child; item; item = item->next) {
        assert_true(count < MAX_VALUES);
        values[count++] = item->text;
      }
      if (json_has_string(test, "mimeType")) {
        xhr__str expected = json_string(test, "mimeType");
        assert_extracts(values, count, expected.len ? expected.data : NULL);
      }
      assert_encoding(test, values, count);
    }
    json_free(data);
  }
}

/* "Content-Length: 42\r\nContent-Length: 42,43": what is no such line is another header. */
static size_t content_lengths(xhr__str input, xhr__str *values) {
  const xhr__str name = XHR__STR("Content-Length:");
  size_t count = 0;
  for (size_t at = 0; at < input.len;) {
    size_t end = xhr__str_find_str(input, at, XHR__STR("\r\n"));
    xhr__str line = xhr__str_slice(input, at, end);
    if (xhr__str_starts_with_ci(line, name)) {
      assert_true(count < MAX_VALUES);
      values[count++] = xhr__str_trim_http_whitespace(xhr__str_from(line, name.len));
    }
    at = end + 2;
  }
  return count;
}

/* The data's body has 42 bytes and ends with the connection: without a length all of them count. */
static void test_wpt_content_length(void **state) {
  (void)state;
  json *data = read_wpt("fetch/content-length/resources/content-lengths.json");
  for (const json *test = data->child; test; test = test->next) {
    const json *output = json_get(test, "output");
    xhr__str values[MAX_VALUES];
    size_t count = content_lengths(json_string(test, "input"), values);
    bool has;
    uint64_t length = 0;
    xhr_status status = xhr__extract_length(values, count, &has, &length);
    bool as_expected = output->type == JSON_NULL
                           ? status == XHR_SYNTAX_ERR
                           : status == XHR_OK && (has ? (long)length : 42) == json_integer(output);
    if (!as_expected)
      fail_msg("%s", json_string(test, "input").data);
  }
  json_free(data);
}

/* ---- allocation failure ---------------------------------------------------------------------------------- */

static void extract_all(void *user) {
  (void)user;
  const xhr__str types[] = {XHR__STR("text/html;charset=a-longer-one-than-that"),
                            XHR__STR("text/html;b=c"), XHR__STR("x/x;d=e;charset=f, x/x;g=h")};
  const xhr__str lengths[] = {XHR__STR("1234567890"), XHR__STR("1234567890")};
  xhr__mime_type mime_type = {0};
  bool has;
  uint64_t length = 0;
  xhr_status status = xhr__extract_mime_type(types, 3, &mime_type);
  if (status == XHR_OK)
    status = xhr__extract_length(lengths, 2, &has, &length);
  assert_int_equal(status, failing_allocator_failed() ? XHR_OUT_OF_MEMORY : XHR_OK);
  xhr__mime_type_free(&mime_type);
}

static void test_out_of_memory(void **state) {
  (void)state;
  assert_true(failing_allocator_loop(extract_all, NULL, NULL) > 20);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_split),
      cmocka_unit_test(test_combine),
      cmocka_unit_test(test_mime_type),
      cmocka_unit_test(test_encoding),
      cmocka_unit_test(test_length),
      cmocka_unit_test(test_wpt_content_type),
      cmocka_unit_test(test_wpt_content_length),
      cmocka_unit_test(test_out_of_memory),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
