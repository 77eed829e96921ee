/* Tests of src/fetch/body.c, request.c and response.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <unistd.h>

#include "fetch/request.h"
#include "fetch/response.h"
#include "support/failing_allocator.h"
#include "support/leftovers.h"

static const xhr_string none = {NULL, 0};

static void count_release(void *user) {
  ++*(int *)user;
}

static void test_bytes(void **state) {
  (void)state;
  xhr_body *body;
  char data[] = "hello";
  assert_int_equal(xhr_body_new_bytes(data, 5, NULL, NULL, xhr_str("text/plain"), &body), XHR_OK);
  data[0] = 'j';
  assert_int_equal(xhr_body_length(body), 5);
  assert_true(body->has_type);
  assert_true(xhr__str_equals(xhr__bytes_str(&body->type), XHR__STR("text/plain")));
  xhr__segments_cursor cursor = xhr__segments_cursor_of(body->segments);
  assert_true(xhr__str_equals(xhr__segments_cursor_memory(&cursor), XHR__STR("hello")));
  xhr__segments_cursor_advance(&cursor, 2);
  assert_true(xhr__str_equals(xhr__segments_cursor_memory(&cursor), XHR__STR("llo")));
  xhr__segments_cursor_advance(&cursor, 3);
  assert_null(xhr__segments_cursor_segment(&cursor));
  assert_int_equal(xhr__segments_cursor_memory(&cursor).len, 0);
  xhr__segments_cursor_seek(&cursor, 4);
  assert_true(xhr__str_equals(xhr__segments_cursor_memory(&cursor), XHR__STR("o")));
  assert_ptr_equal(xhr_body_ref(body), body);
  xhr_body_unref(body);
  xhr_body_unref(body);
}

static void test_release(void **state) {
  (void)state;
  xhr_body *body;
  int released = 0;
  static const char data[] = "data";
  assert_int_equal(xhr_body_new_bytes(data, 4, count_release, &released, none, &body), XHR_OK);
  assert_ptr_equal(body->segments->items[0].data, data);
  assert_false(body->has_type);
  assert_int_equal(released, 0);
  xhr_body_unref(body);
  assert_int_equal(released, 1);
  /* Failures release too. */
  assert_int_equal(xhr_body_new_bytes(NULL, 4, count_release, &released, none, &body),
                   XHR_INVALID_ARGUMENT);
  assert_int_equal(released, 2);
  assert_null(body);
  assert_int_equal(xhr_body_new_bytes(data, 4, count_release, &released, xhr_str("a\nb"), &body),
                   XHR_SYNTAX_ERR);
  assert_int_equal(released, 3);
  assert_int_equal(xhr_body_new_bytes(data, 4, count_release, &released, none, NULL),
                   XHR_INVALID_ARGUMENT);
  assert_int_equal(released, 4);
}

static void test_empty(void **state) {
  (void)state;
  xhr_body *body;
  assert_int_equal(xhr_body_new_bytes(NULL, 0, NULL, NULL, xhr_str(""), &body), XHR_OK);
  assert_int_equal(xhr_body_length(body), 0);
  assert_true(body->has_type);
  xhr__segments_cursor cursor = xhr__segments_cursor_of(body->segments);
  assert_null(xhr__segments_cursor_segment(&cursor));
  xhr_body_unref(body);
  xhr_body_unref(NULL);
  assert_int_equal(xhr_body_length(NULL), 0);
  assert_null(xhr_body_ref(NULL));
}

static void write_file(const char *path, const char *text) {
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  assert_true(fputs(text, file) >= 0);
  assert_int_equal(fclose(file), 0);
}

static void test_file(void **state) {
  (void)state;
  char path[] = "/tmp/xhr-body-XXXXXX", data[16];
  size_t read;
  xhr_body *body;
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  (void)close(fd);
  write_file(path, "0123456789");
  assert_int_equal(xhr_body_new_file(xhr_str(path), xhr_str("a/b"), &body), XHR_OK);
  assert_int_equal(xhr_body_length(body), 10);
  const xhr__segment *file = &body->segments->items[0];
  assert_int_equal(xhr__segment_read_file(file, 4, data, sizeof data, &read), XHR_OK);
  assert_int_equal(read, 6);
  assert_memory_equal(data, "456789", 6);
  assert_int_equal(xhr__segment_read_file(file, 10, data, sizeof data, &read), XHR_IO);
  write_file(path, "0123456789+");
  assert_int_equal(xhr__segment_read_file(file, 4, data, 2, &read), XHR_IO);
  xhr_body_unref(body);
  assert_int_equal(unlink(path), 0);
}

static void test_no_file(void **state) {
  (void)state;
  xhr_body *body;
  char directory[] = "/tmp/xhr-body-XXXXXX", fifo[64];
  assert_int_equal(xhr_body_new_file(xhr_str("/nonexistent"), none, &body), XHR_IO);
  assert_null(body);
  assert_int_equal(xhr_body_new_file(xhr_str("/dev/null"), none, &body), XHR_IO);
  assert_int_equal(xhr_body_new_file(xhr_str("/tmp"), none, &body), XHR_IO);
  assert_int_equal(xhr_body_new_file(none, none, &body), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_body_new_file(xhr_str(""), none, &body), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_body_new_file(xhr_strn("/tmp\0x", 6), none, &body), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_body_new_file(xhr_str("/dev/null"), none, NULL), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_body_new_file(xhr_str("/dev/null"), xhr_str(" x"), &body), XHR_SYNTAX_ERR);
  /* A FIFO without a writer must not hold us up. */
  assert_non_null(mkdtemp(directory));
  (void)snprintf(fifo, sizeof fifo, "%s/fifo", directory);
  assert_int_equal(mkfifo(fifo, 0600), 0);
  assert_int_equal(xhr_body_new_file(xhr_str(fifo), none, &body), XHR_IO);
  assert_int_equal(unlink(fifo), 0);
  assert_int_equal(rmdir(directory), 0);
}

static void without_memory(void *user) {
  (void)user;
  xhr_body *body;
  int released = 0;
  if (xhr_body_new_bytes("abc", 3, NULL, NULL, xhr_str("a/b"), &body) == XHR_OK)
    xhr_body_unref(body);
  if (xhr_body_new_bytes("abc", 3, count_release, &released, xhr_str("a/b"), &body) == XHR_OK)
    xhr_body_unref(body);
  assert_int_equal(released, 1);
  if (xhr_body_new_file(xhr_str("/proc/self/exe"), xhr_str("a/b"), &body) == XHR_OK)
    xhr_body_unref(body);
}

static void test_out_of_memory(void **state) {
  (void)state;
  assert_true(failing_allocator_loop(without_memory, NULL, NULL) > 4);
}

static void test_response_statuses(void **state) {
  (void)state;
  for (unsigned status = 0; status < 1000; status++) {
    bool null_body =
        status == 101 || status == 103 || status == 204 || status == 205 || status == 304;
    assert_int_equal(xhr__is_null_body_status(status), null_body);
    bool redirect = (status >= 301 && status <= 303) || status == 307 || status == 308;
    assert_int_equal(xhr__is_redirect_status(status), redirect);
  }
  xhr__response *response = xhr__response_new();
  assert_non_null(response);
  assert_int_equal(xhr__body_buffer_new(0, &response->body), XHR_OK);
  xhr__response_free(response);
  xhr__response_free(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_bytes),
      cmocka_unit_test(test_release),
      cmocka_unit_test(test_empty),
      cmocka_unit_test(test_file),
      cmocka_unit_test(test_no_file),
      cmocka_unit_test(test_out_of_memory),
      cmocka_unit_test(test_response_statuses),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
