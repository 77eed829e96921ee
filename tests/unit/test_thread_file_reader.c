/* Tests of src/fetch/file_reader.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <semaphore.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fetch/file_reader.h"
#include "support/leftovers.h"

enum { FILE_SIZE = 1 << 20 | 12345 };

static char path[] = "/tmp/xhr-reader-XXXXXX";
static sem_t news;
static const xhr_string none = {NULL, 0};

static char byte_at(size_t index) {
  return (char)(index * 31 % 251);
}

static int make_file(void **state) {
  if (leftovers_note(state) != 0)
    return -1;
  int fd = mkstemp(path);
  FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
  if (!file)
    return -1;
  for (size_t i = 0; i < FILE_SIZE; i++)
    (void)fputc(byte_at(i), file);
  return fclose(file) | sem_init(&news, 0, 0);
}

static int remove_file(void **state) {
  return unlink(path) | sem_destroy(&news) | leftovers_check(state);
}

static void wake(void *user) {
  (void)user;
  (void)sem_post(&news);
}

static void count_ready(void *user) {
  ++*(int *)user;
}

/* Waits for news as an engine would and collects them. */
static void collect(xhr__file_reader *reader) {
  while (sem_wait(&news) != 0) {}
  xhr__file_reader_collect(reader);
}

/* Reads up to `count` bytes from where it stands, in pieces, and checks them. Returns the last answer. */
static xhr__read_result read_some(xhr__file_reader *reader, xhr__body_source *source, int *ready,
                                  size_t count, size_t piece) {
  static char data[1 << 16];
  for (;;) {
    size_t at = xhr__body_source_position(source), len = 0;
    if (count == 0)
      return XHR__READ_DATA;
    int before = *ready;
    xhr__read_result result =
        xhr__body_source_read(source, data, piece < count ? piece : count, &len);
    if (result == XHR__READ_LATER) {
      while (*ready == before)
        collect(reader);
      continue;
    }
    if (result != XHR__READ_DATA)
      return result;
    for (size_t i = 0; i < len; i++) {
      if (data[i] != byte_at(at + i))
        fail_msg("byte %zu is wrong", at + i);
    }
    count -= len;
  }
}

static void test_whole_file(void **state) {
  (void)state;
  static const size_t pieces[] = {1000, 16384, 65536};
  xhr__file_reader *reader;
  assert_int_equal(xhr__file_reader_new(wake, NULL, &reader), XHR_OK);
  for (size_t i = 0; i < 3; i++) {
    xhr_body *body;
    xhr__body_source *source;
    int ready = 0;
    assert_int_equal(xhr_body_new_file(xhr_str(path), none, &body), XHR_OK);
    assert_int_equal(xhr__body_source_new(reader, body, count_ready, &ready, &source), XHR_OK);
    xhr_body_unref(body);
    assert_int_equal(read_some(reader, source, &ready, SIZE_MAX, pieces[i]), XHR__READ_END);
    assert_int_equal(xhr__body_source_position(source), FILE_SIZE);
    assert_true(ready > 0);
    assert_int_equal(xhr__body_source_failure(source), XHR_FAILURE_NONE);
    xhr__body_source_free(source);
  }
  xhr__file_reader_free(reader);
}

static void test_rewind(void **state) {
  (void)state;
  xhr__file_reader *reader;
  xhr_body *body;
  xhr__body_source *source;
  int ready = 0;
  static char data[1];
  size_t len;
  assert_int_equal(xhr__file_reader_new(wake, NULL, &reader), XHR_OK);
  assert_int_equal(xhr_body_new_file(xhr_str(path), none, &body), XHR_OK);
  assert_int_equal(xhr__body_source_new(reader, body, count_ready, &ready, &source), XHR_OK);
  for (size_t i = 0; i < 200; i++) {
    size_t to = i * 7919 * 101 % FILE_SIZE;
    xhr__body_source_rewind(source, to);
    /* Now and then, while the helper is at it. */
    if (i % 3 == 0)
      (void)xhr__body_source_read(source, data, 1, &len);
    else
      (void)read_some(reader, source, &ready, i * 1000, 9999);
  }
  xhr__body_source_rewind(source, 3);
  assert_int_equal(read_some(reader, source, &ready, SIZE_MAX, 65536), XHR__READ_END);
  xhr__body_source_rewind(source, FILE_SIZE);
  assert_int_equal(xhr__body_source_read(source, data, 1, &len), XHR__READ_END);
  xhr__body_source_free(source);
  xhr_body_unref(body);
  xhr__file_reader_free(reader);
}

/* Freed while the helper reads: the helper frees it. */
static void test_free_early(void **state) {
  (void)state;
  xhr__file_reader *reader;
  char data[10];
  size_t len;
  int ready = 0;
  assert_int_equal(xhr__file_reader_new(wake, NULL, &reader), XHR_OK);
  for (int i = 0; i < 100; i++) {
    xhr_body *body;
    xhr__body_source *source;
    assert_int_equal(xhr_body_new_file(xhr_str(path), none, &body), XHR_OK);
    assert_int_equal(xhr__body_source_new(reader, body, count_ready, &ready, &source), XHR_OK);
    xhr_body_unref(body);
    assert_int_equal(xhr__body_source_read(source, data, sizeof data, &len), XHR__READ_LATER);
    if (i % 5 == 0)
      (void)usleep(200);
    xhr__body_source_free(source);
  }
  xhr__file_reader_collect(reader);
  assert_int_equal(ready, 0);
  xhr__file_reader_free(reader);
}

static void test_several_at_once(void **state) {
  (void)state;
  enum { SOURCES = 20 };
  xhr__file_reader *reader;
  xhr__body_source *sources[SOURCES];
  int ready[SOURCES] = {0};
  xhr_body *body;
  static char data[20000];
  size_t finished = 0;
  assert_int_equal(xhr__file_reader_new(wake, NULL, &reader), XHR_OK);
  assert_int_equal(xhr_body_new_file(xhr_str(path), none, &body), XHR_OK);
  for (size_t i = 0; i < SOURCES; i++)
    assert_int_equal(xhr__body_source_new(reader, body, count_ready, &ready[i], &sources[i]),
                     XHR_OK);
  while (finished < SOURCES) {
    finished = 0;
    xhr__file_reader_collect(reader);
    for (size_t i = 0; i < SOURCES; i++) {
      size_t len = 0, at = xhr__body_source_position(sources[i]);
      xhr__read_result result = xhr__body_source_read(sources[i], data, sizeof data, &len);
      assert_int_not_equal(result, XHR__READ_FAILED);
      finished += result == XHR__READ_END;
      for (size_t j = 0; j < len; j++)
        assert_true(data[j] == byte_at(at + j));
    }
  }
  for (size_t i = 0; i < SOURCES; i++)
    xhr__body_source_free(sources[i]);
  xhr_body_unref(body);
  xhr__file_reader_free(reader);
}

static void test_changed_file(void **state) {
  (void)state;
  xhr__file_reader *reader;
  xhr_body *body;
  xhr__body_source *source;
  int ready = 0;
  assert_int_equal(xhr__file_reader_new(wake, NULL, &reader), XHR_OK);
  assert_int_equal(xhr_body_new_file(xhr_str(path), none, &body), XHR_OK);
  assert_int_equal(xhr__body_source_new(reader, body, count_ready, &ready, &source), XHR_OK);
  assert_int_equal(read_some(reader, source, &ready, 100, 100), XHR__READ_DATA);
  assert_int_equal(truncate(path, FILE_SIZE - 1), 0);
  assert_int_equal(read_some(reader, source, &ready, SIZE_MAX, 65536), XHR__READ_FAILED);
  assert_int_equal(xhr__body_source_failure(source), XHR_FAILURE_BODY_READ);
  xhr__body_source_rewind(source, 0);
  assert_int_equal(read_some(reader, source, &ready, SIZE_MAX, 65536), XHR__READ_FAILED);
  xhr__body_source_free(source);
  xhr_body_unref(body);
  xhr__file_reader_free(reader);
}

static size_t threads(void) {
  struct stat tasks;
  assert_int_equal(stat("/proc/self/task", &tasks), 0);
  return tasks.st_nlink;
}

/* Memory is answered at once and starts no thread. */
static void test_memory(void **state) {
  (void)state;
  xhr__file_reader *reader;
  xhr_body *body;
  xhr__body_source *source;
  char data[4];
  size_t len, before = threads();
  assert_int_equal(xhr__file_reader_new(wake, NULL, &reader), XHR_OK);
  assert_int_equal(xhr_body_new_bytes("abcdef", 6, NULL, NULL, none, &body), XHR_OK);
  assert_int_equal(xhr__body_source_new(reader, body, count_ready, NULL, &source), XHR_OK);
  assert_int_equal(xhr__body_source_read(source, data, 4, &len), XHR__READ_DATA);
  assert_int_equal(len, 4);
  assert_int_equal(xhr__body_source_read(source, data, 4, &len), XHR__READ_DATA);
  assert_int_equal(len, 2);
  assert_memory_equal(data, "ef", 2);
  assert_int_equal(xhr__body_source_read(source, data, 4, &len), XHR__READ_END);
  assert_int_equal(threads(), before);
  xhr__body_source_free(source);
  xhr_body_unref(body);
  xhr__file_reader_free(reader);
  xhr__file_reader_free(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_memory),
      cmocka_unit_test(test_whole_file),
      cmocka_unit_test(test_rewind),
      cmocka_unit_test(test_free_early),
      cmocka_unit_test(test_several_at_once),
      cmocka_unit_test(test_changed_file), /* the last: it changes the file */
  };
  return cmocka_run_group_tests(tests, make_file, remove_file);
}
