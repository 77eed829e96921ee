/* Tests of src/file/segments.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <unistd.h>

#include "file/segments.h"
#include "support/failing_allocator.h"
#include "support/leftovers.h"

static char path[] = "/tmp/xhr-segments-XXXXXX";

static void write_file(const char *text) {
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  assert_true(fputs(text, file) >= 0);
  assert_int_equal(fclose(file), 0);
}

static int make_file(void **state) {
  if (leftovers_note(state) != 0)
    return -1;
  int fd = mkstemp(path);
  return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state) {
  return unlink(path) | leftovers_check(state);
}

static void count_release(void *user) {
  ++*(int *)user;
}

static xhr__segments *bytes_of(const char *text) {
  xhr__segments *segments;
  assert_int_equal(xhr__segments_new_bytes(xhr__str_c(text), &segments), XHR_OK);
  return segments;
}

static xhr__segments *file_of(const char *text) {
  xhr__segments *segments;
  write_file(text);
  assert_int_equal(xhr__segments_new_file(xhr__str_c(path), &segments, NULL), XHR_OK);
  return segments;
}

static void assert_reads(const xhr__segments *segments, const char *expected) {
  char data[256];
  size_t len = strlen(expected);
  assert_int_equal(segments->length, len);
  assert_int_equal(xhr__segments_read(segments, 0, data, len), XHR_OK);
  assert_memory_equal(data, expected, len);
  for (size_t start = 0; start < len; start++) {
    assert_int_equal(xhr__segments_read(segments, start, data, len - start), XHR_OK);
    assert_memory_equal(data, expected + start, len - start);
  }
}

static void test_bytes(void **state) {
  (void)state;
  xhr__str bytes;
  char text[] = "hello";
  xhr__segments *segments = bytes_of(text);
  text[0] = 'j';
  assert_reads(segments, "hello");
  assert_true(xhr__segments_in_memory(segments));
  assert_true(xhr__segments_bytes(segments, &bytes));
  assert_true(xhr__str_equals(bytes, XHR__STR("hello")));
  assert_ptr_equal(xhr__segments_ref(segments), segments);
  xhr__segments_unref(segments);
  xhr__segments_unref(segments);
  xhr__segments_unref(NULL);
}

static void test_empty(void **state) {
  (void)state;
  xhr__str bytes;
  xhr__segments *segments = bytes_of("");
  assert_int_equal(segments->count, 0);
  assert_reads(segments, "");
  assert_true(xhr__segments_bytes(segments, &bytes));
  assert_int_equal(bytes.len, 0);
  xhr__segments_unref(segments);
  /* An empty file holds no descriptor. */
  segments = file_of("");
  assert_int_equal(segments->count, 0);
  assert_true(xhr__segments_in_memory(segments));
  xhr__segments_unref(segments);
}

static void test_borrowed(void **state) {
  (void)state;
  int released = 0;
  static const char text[] = "borrowed";
  xhr__segments *segments, *slice;
  assert_int_equal(
      xhr__segments_new_borrowed(xhr__str_of(text, 8), count_release, &released, &segments),
      XHR_OK);
  assert_ptr_equal(segments->items[0].data, text);
  assert_int_equal(xhr__segments_slice(segments, 2, 5, &slice), XHR_OK);
  xhr__segments_unref(segments);
  assert_int_equal(released, 0);
  assert_ptr_equal(slice->items[0].data, text + 2);
  assert_reads(slice, "rro");
  xhr__segments_unref(slice);
  assert_int_equal(released, 1);
  /* Without bytes there is nothing to borrow. */
  assert_int_equal(xhr__segments_new_borrowed(XHR__STR_EMPTY, count_release, &released, &segments),
                   XHR_OK);
  assert_int_equal(released, 2);
  xhr__segments_unref(segments);
}

static void test_file(void **state) {
  (void)state;
  xhr__str bytes;
  int64_t modified = 0;
  struct stat status;
  xhr__segments *segments, *slice, *again;
  write_file("0123456789");
  assert_int_equal(stat(path, &status), 0);
  assert_int_equal(xhr__segments_new_file(xhr__str_c(path), &segments, &modified), XHR_OK);
  assert_int_equal(modified / 1000, status.st_mtim.tv_sec);
  assert_false(xhr__segments_in_memory(segments));
  assert_false(xhr__segments_bytes(segments, &bytes));
  assert_reads(segments, "0123456789");
  assert_int_equal(xhr__segments_slice(segments, 3, 9, &slice), XHR_OK);
  assert_reads(slice, "345678");
  assert_int_equal(xhr__segments_slice(slice, 1, 3, &again), XHR_OK);
  assert_reads(again, "45");
  /* All of them lie in one open file. */
  assert_ptr_equal(again->items[0].storage, segments->items[0].storage);
  xhr__segments_unref(segments);
  xhr__segments_unref(slice);
  assert_reads(again, "45");
  xhr__segments_unref(again);
}

static void test_changed_file(void **state) {
  (void)state;
  char data[16];
  xhr__segments *segments = file_of("0123456789"), *slice;
  assert_int_equal(xhr__segments_slice(segments, 2, 4, &slice), XHR_OK);
  write_file("0123456789+");
  assert_int_equal(xhr__segments_read(segments, 0, data, 4), XHR_IO);
  assert_int_equal(xhr__segments_read(slice, 0, data, 2), XHR_IO);
  xhr__segments_unref(segments);
  xhr__segments_unref(slice);
  segments = file_of("0123456789");
  assert_int_equal(truncate(path, 3), 0);
  assert_int_equal(xhr__segments_read(segments, 5, data, 4), XHR_IO);
  xhr__segments_unref(segments);
}

static void test_no_file(void **state) {
  (void)state;
  xhr__segments *segments;
  static const char *const paths[] = {"/nonexistent", "/tmp", "/dev/null"};
  for (size_t i = 0; i < 3; i++)
    assert_int_equal(xhr__segments_new_file(xhr__str_c(paths[i]), &segments, NULL), XHR_IO);
}

/* "ab" + file "0123456789" from 2 to 8 + "cd" + "ef" + slice "ell" of "hello". */
static xhr__segments *mixture(void) {
  xhr__segments *file = file_of("0123456789"), *hello = bytes_of("hello"), *all = NULL;
  xhr__segment_builder builder = {0};
  assert_int_equal(xhr__segment_builder_append_bytes(&builder, XHR__STR("ab")), XHR_OK);
  assert_int_equal(xhr__segment_builder_append_slice(&builder, file, 2, 8), XHR_OK);
  assert_int_equal(xhr__segment_builder_append_bytes(&builder, XHR__STR("cd")), XHR_OK);
  assert_int_equal(xhr__segment_builder_append_bytes(&builder, XHR__STR_EMPTY), XHR_OK);
  assert_int_equal(xhr__segment_builder_append_bytes(&builder, XHR__STR("ef")), XHR_OK);
  assert_int_equal(xhr__segment_builder_append_slice(&builder, hello, 1, 4), XHR_OK);
  assert_int_equal(xhr__segment_builder_append_slice(&builder, hello, 2, 2), XHR_OK);
  assert_int_equal(xhr__segment_builder_finish(&builder, &all), XHR_OK);
  xhr__segment_builder_free(&builder);
  xhr__segments_unref(file);
  xhr__segments_unref(hello);
  return all;
}

static void test_builder(void **state) {
  (void)state;
  xhr__segments *all = mixture();
  /* Copied neighbours are one segment. */
  assert_int_equal(all->count, 4);
  assert_reads(all, "ab234567cdefell");
  xhr__segments_unref(all);
  xhr__segment_builder nothing = {0};
  assert_int_equal(xhr__segment_builder_finish(&nothing, &all), XHR_OK);
  assert_int_equal(all->length, 0);
  xhr__segments_unref(all);
}

static void test_every_slice(void **state) {
  (void)state;
  static const char text[] = "ab234567cdefell";
  xhr__segments *all = mixture();
  for (size_t start = 0; start <= all->length; start++) {
    for (size_t end = start; end <= all->length; end++) {
      char expected[32] = {0};
      xhr__segments *slice;
      memcpy(expected, text + start, end - start);
      assert_int_equal(xhr__segments_slice(all, start, end, &slice), XHR_OK);
      assert_reads(slice, expected);
      xhr__segments_unref(slice);
    }
  }
  xhr__segments_unref(all);
}

static void test_cursor(void **state) {
  (void)state;
  xhr__segments *all = mixture();
  xhr__segments_cursor cursor = xhr__segments_cursor_of(all);
  assert_true(xhr__str_equals(xhr__segments_cursor_memory(&cursor), XHR__STR("ab")));
  xhr__segments_cursor_advance(&cursor, 1);
  assert_true(xhr__str_equals(xhr__segments_cursor_memory(&cursor), XHR__STR("b")));
  xhr__segments_cursor_advance(&cursor, 1);
  assert_int_equal(xhr__segments_cursor_memory(&cursor).len, 0);
  assert_int_equal(xhr__segments_cursor_segment(&cursor)->kind, XHR__SEGMENT_FILE);
  assert_int_equal(xhr__segments_cursor_segment(&cursor)->len, 6);
  xhr__segments_cursor_advance(&cursor, 7);
  assert_int_equal(cursor.position, 9);
  assert_true(xhr__str_equals(xhr__segments_cursor_memory(&cursor), XHR__STR("def")));
  xhr__segments_cursor_seek(&cursor, all->length);
  assert_null(xhr__segments_cursor_segment(&cursor));
  assert_int_equal(xhr__segments_cursor_memory(&cursor).len, 0);
  xhr__segments_cursor_seek(&cursor, 0);
  assert_true(xhr__str_equals(xhr__segments_cursor_memory(&cursor), XHR__STR("ab")));
  xhr__segments_unref(all);
}

/* A length that numbers cannot count is refused. */
static void test_limit(void **state) {
  (void)state;
  xhr__segments *file = file_of("");
  xhr__segments_unref(file);
  assert_int_equal(truncate(path, (off_t)1 << 40), 0);
  assert_int_equal(xhr__segments_new_file(xhr__str_c(path), &file, NULL), XHR_OK);
  xhr__segment_builder builder = {0};
  xhr_status status = XHR_OK;
  size_t count = 0;
  while (status == XHR_OK && count < 10000) {
    status = xhr__segment_builder_append(&builder, file);
    count++;
  }
  assert_int_equal(status, XHR_LIMIT);
  assert_int_equal(count, 8192);
  xhr__segment_builder_free(&builder);
  xhr__segments_unref(file);
}

static void without_memory(void *user) {
  (void)user;
  int released = 0;
  xhr__segments *bytes = NULL, *borrowed = NULL, *file = NULL, *slice = NULL, *all = NULL;
  xhr__segment_builder builder = {0};
  (void)xhr__segments_new_bytes(XHR__STR("abc"), &bytes);
  (void)xhr__segments_new_borrowed(XHR__STR("abc"), count_release, &released, &borrowed);
  (void)xhr__segments_new_file(XHR__STR("/proc/self/exe"), &file, NULL);
  if (bytes && borrowed && file &&
      xhr__segment_builder_append_bytes(&builder, XHR__STR("text")) == XHR_OK &&
      xhr__segment_builder_append(&builder, bytes) == XHR_OK &&
      xhr__segment_builder_append(&builder, file) == XHR_OK &&
      xhr__segment_builder_append_bytes(&builder, XHR__STR("text")) == XHR_OK &&
      xhr__segment_builder_append(&builder, borrowed) == XHR_OK &&
      xhr__segment_builder_finish(&builder, &all) == XHR_OK) {
    assert_int_equal(all->length, 14 + file->length);
    (void)xhr__segments_slice(all, 2, 6, &slice);
  }
  xhr__segment_builder_free(&builder);
  xhr__segments_unref(slice);
  xhr__segments_unref(all);
  xhr__segments_unref(bytes);
  xhr__segments_unref(borrowed);
  xhr__segments_unref(file);
  assert_int_equal(released, 1);
}

static void test_out_of_memory(void **state) {
  (void)state;
  assert_true(failing_allocator_loop(without_memory, NULL, NULL) > 20);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_bytes),         cmocka_unit_test(test_empty),
      cmocka_unit_test(test_borrowed),      cmocka_unit_test(test_file),
      cmocka_unit_test(test_changed_file),  cmocka_unit_test(test_no_file),
      cmocka_unit_test(test_builder),       cmocka_unit_test(test_every_slice),
      cmocka_unit_test(test_cursor),        cmocka_unit_test(test_limit),
      cmocka_unit_test(test_out_of_memory),
  };
  return cmocka_run_group_tests(tests, make_file, remove_file);
}
