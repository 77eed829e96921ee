/* A body buffer that one thread appends to while another reads: under ThreadSanitizer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>

#include "infra/body_buffer.h"
#include "support/leftovers.h"

enum { TOTAL = 24 << 20, PIECE = 50021 };

/* The message: how much has been appended, told under a lock. */
static struct {
  pthread_mutex_t mutex;
  size_t len;
} told = {PTHREAD_MUTEX_INITIALIZER, 0};

static char byte_at(size_t index) {
  return (char)(index * 7 % 253);
}

static void *append_all(void *user) {
  xhr__body_buffer *buffer = user;
  static char piece[PIECE];
  for (size_t len = 0; len < TOTAL; len += PIECE) {
    for (size_t i = 0; i < PIECE; i++)
      piece[i] = byte_at(len + i);
    if (xhr__body_buffer_append(buffer, xhr__str_of(piece, PIECE)) != XHR_OK)
      break;
    (void)pthread_mutex_lock(&told.mutex);
    told.len = len + PIECE;
    (void)pthread_mutex_unlock(&told.mutex);
  }
  xhr__body_buffer_unref(buffer);
  return NULL;
}

static void test_reader(void **state) {
  (void)state;
  static const uint64_t expected[] = {0, 1000, TOTAL, (uint64_t)1 << 40};
  for (size_t round = 0; round < sizeof expected / sizeof *expected; round++) {
    xhr__body_buffer *buffer;
    pthread_t thread;
    size_t checked = 0;
    told.len = 0;
    assert_int_equal(xhr__body_buffer_new(expected[round], &buffer), XHR_OK);
    assert_int_equal(pthread_create(&thread, NULL, append_all, xhr__body_buffer_ref(buffer)), 0);
    while (checked < TOTAL) {
      (void)pthread_mutex_lock(&told.mutex);
      size_t len = told.len;
      (void)pthread_mutex_unlock(&told.mutex);
      xhr__str bytes = xhr__body_buffer_bytes(buffer, len);
      for (; checked < len; checked++) {
        if (bytes.data[checked] != byte_at(checked))
          fail_msg("byte %zu is wrong", checked);
      }
    }
    assert_int_equal(pthread_join(thread, NULL), 0);
    xhr__body_buffer_unref(buffer);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_reader)};
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
