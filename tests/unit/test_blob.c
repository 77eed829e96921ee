/* Tests of src/file/blob.c and file.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "file/file.h"
#include "support/failing_allocator.h"
#include "support/leftovers.h"

static xhr__blob *blob_of(const char *text, const char *type) {
  xhr__segments *segments;
  xhr__blob *blob;
  assert_int_equal(xhr__segments_new_bytes(xhr__str_c(text), &segments), XHR_OK);
  assert_int_equal(xhr__blob_new(segments, xhr__str_c(type), &blob), XHR_OK);
  xhr__segments_unref(segments);
  return blob;
}

static void assert_blob(const xhr__blob *blob, const char *text, const char *type) {
  xhr__str bytes;
  assert_true(xhr__segments_bytes(blob->segments, &bytes));
  assert_int_equal(bytes.len, strlen(text));
  assert_memory_equal(bytes.data, text, bytes.len);
  assert_true(xhr__str_equals(xhr__bytes_str(&blob->type), xhr__str_c(type)));
}

static void test_types(void **state) {
  (void)state;
  static const struct {
    xhr__str given;
    const char *type;
  } cases[] = {
      {{"", 0}, ""},
      {{"text/plain", 10}, "text/plain"},
      {{"Text/HTML; Charset=UTF-8", 24}, "text/html; charset=utf-8"},
      {{" any~thing ", 11}, " any~thing "},
      {{"a\tb", 3}, ""},
      {{"a\x7F", 2}, ""},
      {{"a\0b", 3}, ""},
      {{"te\xC3\xA9", 4}, ""},
      {{"a\r\nX: y", 7}, ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    xhr__bytes type = {0};
    assert_int_equal(xhr__blob_append_type(&type, cases[i].given), XHR_OK);
    assert_true(xhr__str_equals(xhr__bytes_str(&type), xhr__str_c(cases[i].type)));
    xhr__bytes_free(&type);
  }
}

static void test_slice(void **state) {
  (void)state;
  static const struct {
    int64_t start, end;
    const char *text;
  } cases[] = {
      {0, 10, "0123456789"},
      {3, 7, "3456"},
      {-3, 10, "789"},
      {-3, -1, "78"},
      {0, -4, "012345"},
      {7, 3, ""},
      {-1, -3, ""},
      {10, 10, ""},
      {11, 20, ""},
      {-20, 4, "0123"},
      {5, 100, "56789"},
      {INT64_MIN, INT64_MAX, "0123456789"},
      {INT64_MAX, INT64_MIN, ""},
      {-9007199254740991, 9007199254740991, "0123456789"},
  };
  xhr__blob *blob = blob_of("0123456789", "a/b");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    xhr__blob *slice;
    assert_int_equal(
        xhr__blob_slice(blob, cases[i].start, cases[i].end, XHR__STR("Text/X"), &slice), XHR_OK);
    assert_blob(slice, cases[i].text, "text/x");
    xhr__blob_unref(slice);
  }
  xhr__blob_unref(blob);
}

static void test_file(void **state) {
  (void)state;
  xhr__blob *blob = blob_of("abc", "a/b"), *slice;
  xhr__file *file;
  assert_null(xhr__file_of_blob(blob));
  assert_int_equal(xhr__file_new(blob->segments, XHR__STR("X/Y"), XHR__STR("n\xC3\xA9"), -5, &file),
                   XHR_OK);
  xhr__blob_unref(blob);
  assert_ptr_equal(xhr__file_of_blob(&file->blob), file);
  assert_blob(&file->blob, "abc", "x/y");
  assert_true(xhr__str_equals(xhr__bytes_str(&file->name), XHR__STR("n\xC3\xA9")));
  assert_int_equal(file->last_modified, -5);
  assert_int_equal(xhr__blob_size(&file->blob), 3);
  /* A slice of a File is a plain Blob. */
  assert_int_equal(xhr__blob_slice(&file->blob, 1, 3, XHR__STR_EMPTY, &slice), XHR_OK);
  assert_null(xhr__file_of_blob(slice));
  assert_ptr_equal(xhr__blob_ref(slice), slice);
  xhr__blob_unref(slice);
  xhr__blob_unref(&file->blob);
  assert_blob(slice, "bc", "");
  xhr__blob_unref(slice);
  xhr__blob_unref(NULL);
  assert_true(xhr__file_time_now() > 1500000000000);
}

static void test_line_endings(void **state) {
  (void)state;
  static const struct {
    const char *given, *native;
  } cases[] = {
      {"", ""},         {"abc", "abc"},       {"\r", "\n"},       {"\n", "\n"},
      {"\r\n", "\n"},   {"\n\r", "\n\n"},     {"\r\r\n", "\n\n"}, {"a\rb\nc\r\nd", "a\nb\nc\nd"},
      {"x\r\n", "x\n"}, {"\r\ny\r", "\ny\n"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    xhr__bytes out = {0};
    assert_int_equal(xhr__append_native_line_endings(&out, xhr__str_c(cases[i].given)), XHR_OK);
    assert_true(xhr__str_equals(xhr__bytes_str(&out), xhr__str_c(cases[i].native)));
    xhr__bytes_free(&out);
  }
}

static void without_memory(void *user) {
  (void)user;
  xhr__segments *segments = NULL;
  xhr__blob *blob = NULL, *slice = NULL;
  xhr__file *file = NULL;
  if (xhr__segments_new_bytes(XHR__STR("abcdef"), &segments) == XHR_OK) {
    if (xhr__blob_new(segments, XHR__STR("a/b"), &blob) == XHR_OK)
      (void)xhr__blob_slice(blob, 1, 2, XHR__STR("c/d"), &slice);
    if (xhr__file_new(segments, XHR__STR("a/b"), XHR__STR("name"), 0, &file) == XHR_OK)
      xhr__blob_unref(&file->blob);
  }
  xhr__blob_unref(slice);
  xhr__blob_unref(blob);
  xhr__segments_unref(segments);
}

static void test_out_of_memory(void **state) {
  (void)state;
  assert_true(failing_allocator_loop(without_memory, NULL, NULL) > 10);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_types),         cmocka_unit_test(test_slice),
      cmocka_unit_test(test_file),          cmocka_unit_test(test_line_endings),
      cmocka_unit_test(test_out_of_memory),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
