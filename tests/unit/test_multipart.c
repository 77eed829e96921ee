/* Tests of src/file/multipart.c and src/fetch/extract_body.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <unistd.h>

#include "fetch/extract_body.h"
#include "file/multipart.h"
#include "support/failing_allocator.h"
#include "support/form_fixture.h"
#include "support/leftovers.h"

static const xhr_string null = {NULL, 0};

static void append_bytes(const char *name, const char *data, const char *filename,
                         const char *type) {
  assert_int_equal(xhr_form_data_append_bytes(form, xhr_str(name), data, strlen(data), NULL, NULL,
                                              xhr_str(filename), xhr_str(type)),
                   XHR_OK);
}

static void assert_bytes(const xhr__segments *segments, const char *expected) {
  char *data = malloc(segments->length + 1);
  assert_non_null(data);
  assert_int_equal(xhr__segments_read(segments, 0, data, segments->length), XHR_OK);
  data[segments->length] = '\0';
  assert_string_equal(data, expected);
  free(data);
}

/* What the form is with the boundary "B". */
static void assert_encoded(const char *expected) {
  xhr__segments *segments;
  assert_int_equal(xhr__multipart_encode(form, XHR__STR("B"), &segments), XHR_OK);
  assert_bytes(segments, expected);
  xhr__segments_unref(segments);
}

#define TEXT_PART(name, value)                                                                     \
  "--B\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"
#define FILE_PART(name, filename, type, data)                                                      \
  "--B\r\nContent-Disposition: form-data; name=\"" name "\"; filename=\"" filename                 \
  "\"\r\nContent-Type: " type "\r\n\r\n" data "\r\n"

static void test_empty(void **state) {
  (void)state;
  assert_encoded("--B--\r\n");
}

static void test_texts(void **state) {
  (void)state;
  form_append_text("a", "1");
  form_append_text("", "");
  form_append_text("\xC3\xA9", "\xE2\x82\xAC");
  assert_encoded(TEXT_PART("a", "1") TEXT_PART("", "")
                     TEXT_PART("\xC3\xA9", "\xE2\x82\xAC") "--B--\r\n");
}

/* Newlines become CR LF in names and values, then names are escaped. */
static void test_newlines(void **state) {
  (void)state;
  form_append_text("a\nb", "\n");
  form_append_text("a\rb", "x\ry");
  form_append_text("a\r\nb", "\r\n");
  form_append_text("\n\r", "\n\r\n\n\r\r");
  form_append_text("q\"\\%22", "\"");
  assert_encoded(TEXT_PART("a%0D%0Ab", "\r\n") TEXT_PART("a%0D%0Ab", "x\r\ny")
                     TEXT_PART("a%0D%0Ab", "\r\n") TEXT_PART("%0D%0A%0D%0A", "\r\n\r\n\r\n\r\n\r\n")
                         TEXT_PART("q%22\\%22", "\"") "--B--\r\n");
}

/* A File's name keeps its newlines, escaped, and its bytes are as they are. */
static void test_files(void **state) {
  (void)state;
  append_bytes("a\n", "x\ny\r", "f\n\r\r\n\".txt", "Text/Plain;Charset=UTF-8");
  append_bytes("b", "", "", "");
  form_append_text("c", "t");
  append_bytes("d", "d", "\xC3\xA9", "a/b");
  assert_encoded(FILE_PART("a%0D%0A", "f%0A%0D%0D%0A%22.txt", "text/plain;charset=utf-8", "x\ny\r")
                     FILE_PART("b", "", "application/octet-stream", "") TEXT_PART("c", "t")
                         FILE_PART("d", "\xC3\xA9", "a/b", "d") "--B--\r\n");
}

/* A file on disk is a segment of its own, not read. */
static void test_file_on_disk(void **state) {
  (void)state;
  char path[] = "/tmp/xhr-multipart-XXXXXX";
  xhr__segments *segments;
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  assert_int_equal(write(fd, "0123", 4), 4);
  (void)close(fd);
  assert_int_equal(xhr_form_data_append_file(form, xhr_str("f"), xhr_str(path), xhr_str("n"), null),
                   XHR_OK);
  assert_int_equal(xhr__multipart_encode(form, XHR__STR("B"), &segments), XHR_OK);
  assert_int_equal(segments->count, 3);
  assert_int_equal(segments->items[1].kind, XHR__SEGMENT_FILE);
  xhr__segments_unref(segments);
  assert_encoded(FILE_PART("f", "n", "application/octet-stream", "0123") "--B--\r\n");
  assert_int_equal(unlink(path), 0);
}

static void test_boundaries(void **state) {
  (void)state;
  enum { COUNT = 200 };
  xhr__bytes boundaries[COUNT] = {{0}};
  for (size_t i = 0; i < COUNT; i++) {
    assert_int_equal(xhr__multipart_boundary(&boundaries[i]), XHR_OK);
    assert_int_equal(boundaries[i].len, 46);
    /* RFC 2046: at most 70 characters; these need no quotes. */
    assert_true(xhr__is_http_token(xhr__bytes_str(&boundaries[i])));
    for (size_t k = 0; k < i; k++)
      assert_string_not_equal(boundaries[i].data, boundaries[k].data);
  }
  for (size_t i = 0; i < COUNT; i++)
    xhr__bytes_free(&boundaries[i]);
}

/* ---- bodies ------------------------------------------------------------------------------------------------------ */

static void test_form_body(void **state) {
  (void)state;
  static const char prefix[] = "multipart/form-data; boundary=";
  char expected[256];
  xhr_body *body, *other;
  form_append_text("a", "1");
  assert_int_equal(xhr_body_new_form_data(form, &body), XHR_OK);
  assert_int_equal(xhr_body_new_form_data(form, &other), XHR_OK);
  assert_true(body->has_type && !body->is_text);
  assert_memory_equal(body->type.data, prefix, sizeof prefix - 1);
  const char *boundary = body->type.data + sizeof prefix - 1;
  (void)snprintf(expected, sizeof expected,
                 "--%s\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--%s--\r\n",
                 boundary, boundary);
  assert_bytes(body->segments, expected);
  assert_int_equal(xhr_body_length(body), strlen(expected));
  assert_string_not_equal(body->type.data, other->type.data);
  xhr_body_unref(body);
  xhr_body_unref(other);
  assert_int_equal(xhr_body_new_form_data(NULL, &body), XHR_INVALID_ARGUMENT);
  assert_null(body);
  assert_int_equal(xhr_body_new_form_data(form, NULL), XHR_INVALID_ARGUMENT);
}

static void test_text_body(void **state) {
  (void)state;
  xhr_body *body;
  assert_int_equal(xhr_body_new_text(xhr_str("\xE2\x82\xAC"), &body), XHR_OK);
  assert_true(body->has_type && body->is_text);
  assert_string_equal(body->type.data, "text/plain;charset=UTF-8");
  assert_bytes(body->segments, "\xE2\x82\xAC");
  xhr_body_unref(body);
  assert_int_equal(xhr_body_new_text(xhr_str("a\xFFz"), &body), XHR_OK);
  assert_bytes(body->segments, "a\xEF\xBF\xBDz");
  xhr_body_unref(body);
  assert_int_equal(xhr_body_new_text(null, &body), XHR_OK);
  assert_int_equal(xhr_body_length(body), 0);
  xhr_body_unref(body);
  assert_int_equal(xhr_body_new_text((xhr_string){NULL, 3}, &body), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_body_new_text(null, NULL), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr__body_from_urlencoded(XHR__STR("a=b"), &body), XHR_OK);
  assert_true(body->is_text);
  assert_string_equal(body->type.data, "application/x-www-form-urlencoded;charset=UTF-8");
  xhr_body_unref(body);
}

static void test_blob_body(void **state) {
  (void)state;
  static const char *const types[][2] = {
      {"Text/X", "text/x"}, {" a/b ", "a/b"}, {"", NULL}, {"  ", NULL}};
  for (size_t i = 0; i < 4; i++) {
    xhr__segments *segments;
    xhr__blob *blob;
    xhr_body *body;
    assert_int_equal(xhr__segments_new_bytes(XHR__STR("abc"), &segments), XHR_OK);
    assert_int_equal(xhr__blob_new(segments, xhr__str_c(types[i][0]), &blob), XHR_OK);
    assert_int_equal(xhr__body_from_blob(blob, &body), XHR_OK);
    assert_ptr_equal(body->segments, segments);
    assert_int_equal(body->has_type, types[i][1] != NULL);
    if (types[i][1])
      assert_string_equal(body->type.data, types[i][1]);
    assert_false(body->is_text);
    xhr__segments_unref(segments);
    xhr__blob_unref(blob);
    assert_bytes(body->segments, "abc");
    xhr_body_unref(body);
  }
}

static void without_memory(void *user) {
  xhr_form_data *list;
  xhr_body *body;
  (void)user;
  if (xhr_form_data_new(&list) != XHR_OK)
    return;
  (void)xhr_form_data_append_text(list, xhr_str("a\n"), xhr_str("b\n"));
  (void)xhr_form_data_append_bytes(list, xhr_str("c"), "d", 1, NULL, NULL, xhr_str("e\""),
                                   xhr_str("f/g"));
  if (xhr_body_new_form_data(list, &body) == XHR_OK)
    xhr_body_unref(body);
  else
    assert_null(body);
  if (xhr_body_new_text(xhr_str("\xFF"), &body) == XHR_OK)
    xhr_body_unref(body);
  else
    assert_null(body);
  xhr_form_data_free(list);
}

static void test_out_of_memory(void **state) {
  (void)state;
  assert_true(failing_allocator_loop(without_memory, NULL, NULL) > 30);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      FORM_TEST(test_empty),
      FORM_TEST(test_texts),
      FORM_TEST(test_newlines),
      FORM_TEST(test_files),
      FORM_TEST(test_file_on_disk),
      cmocka_unit_test(test_boundaries),
      FORM_TEST(test_form_body),
      cmocka_unit_test(test_text_body),
      cmocka_unit_test(test_blob_body),
      cmocka_unit_test(test_out_of_memory),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
