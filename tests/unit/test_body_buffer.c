/* Tests of src/infra/body_buffer.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/resource.h>

#include "infra/body_buffer.h"
#include "support/failing_allocator.h"
#include "support/leftovers.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define UNDER_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define UNDER_SANITIZER 1
#endif
#endif

/* Appends `len` bytes, each its place in the body modulo 251. */
static void append(xhr__body_buffer *buffer, size_t len) {
  static char piece[1 << 20];
  size_t start = xhr__body_buffer_len(buffer);
  assert_true(len <= sizeof piece);
  for (size_t i = 0; i < len; i++)
    piece[i] = (char)((start + i) % 251);
  assert_int_equal(xhr__body_buffer_append(buffer, xhr__str_of(piece, len)), XHR_OK);
  assert_int_equal(xhr__body_buffer_len(buffer), start + len);
}

static void check(xhr__body_buffer *buffer) {
  xhr__str bytes = xhr__body_buffer_bytes(buffer, xhr__body_buffer_len(buffer));
  for (size_t i = 0; i < bytes.len; i++) {
    if (bytes.data[i] != (char)(i % 251))
      fail_msg("byte %zu is wrong", i);
  }
}

static void test_small(void **state) {
  (void)state;
  xhr__body_buffer *buffer;
  assert_int_equal(xhr__body_buffer_new(0, &buffer), XHR_OK);
  assert_int_equal(xhr__body_buffer_len(buffer), 0);
  assert_int_equal(xhr__body_buffer_bytes(buffer, 0).len, 0);
  assert_int_equal(xhr__body_buffer_append(buffer, XHR__STR_EMPTY), XHR_OK);
  append(buffer, 27);
  append(buffer, 100);
  check(buffer);
  assert_ptr_equal(xhr__body_buffer_ref(buffer), buffer);
  xhr__body_buffer_unref(buffer);
  check(buffer);
  xhr__body_buffer_unref(buffer);
  xhr__body_buffer_unref(NULL);
}

/* A body of the announced length is one block that never moves; one that is longer gets another. */
static void test_announced(void **state) {
  (void)state;
  static const uint64_t lengths[] = {
      1, 100, 65536, XHR__BODY_TRUST, XHR__BODY_TRUST + 1, (uint64_t)9 << 20};
  for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
    xhr__body_buffer *buffer;
    assert_int_equal(xhr__body_buffer_new(lengths[i], &buffer), XHR_OK);
    append(buffer, 1);
    const char *data = xhr__body_buffer_bytes(buffer, 1).data;
    while (xhr__body_buffer_len(buffer) < lengths[i]) {
      size_t rest = lengths[i] - xhr__body_buffer_len(buffer);
      append(buffer, rest < 100000 ? rest : 100000);
    }
    assert_ptr_equal(xhr__body_buffer_bytes(buffer, 1).data, data);
    append(buffer, 1 << 20);
    append(buffer, 1);
    check(buffer);
    xhr__body_buffer_unref(buffer);
  }
}

/* What an old block's reader holds stays as it is. */
static void test_outgrown_blocks_stay(void **state) {
  (void)state;
  xhr__body_buffer *buffer;
  struct {
    xhr__str bytes;
  } seen[64];
  size_t count = 0;
  assert_int_equal(xhr__body_buffer_new(10, &buffer), XHR_OK);
  while (xhr__body_buffer_len(buffer) < (size_t)40 << 20) {
    append(buffer, count < 20 ? (size_t)1 << count : (size_t)1 << 20);
    if (count < 64)
      seen[count++].bytes = xhr__body_buffer_bytes(buffer, xhr__body_buffer_len(buffer));
  }
  check(buffer);
  for (size_t i = 0; i < count; i++) {
    xhr__str now = xhr__body_buffer_bytes(buffer, seen[i].bytes.len);
    assert_true(xhr__str_equals(seen[i].bytes, now));
  }
  xhr__body_buffer_unref(buffer);
}

static void test_room(void **state) {
  (void)state;
  xhr__body_buffer *buffer;
  assert_int_equal(xhr__body_buffer_new(0, &buffer), XHR_OK);
  while (xhr__body_buffer_len(buffer) < (size_t)20 << 20) {
    size_t size = 0, start = xhr__body_buffer_len(buffer);
    char *room = xhr__body_buffer_room(buffer, &size);
    assert_non_null(room);
    assert_true(size >= 1);
    if (size > 300000)
      size = 300000;
    for (size_t i = 0; i < size; i++)
      room[i] = (char)((start + i) % 251);
    xhr__body_buffer_commit(buffer, size);
  }
  check(buffer);
  xhr__body_buffer_unref(buffer);
}

/* A lie about the length costs no memory, and where address space is short, less of it does. */
static void test_lies_and_little_space(void **state) {
  (void)state;
  xhr__body_buffer *buffers[40];
  for (size_t i = 0; i < 40; i++) {
    assert_int_equal(xhr__body_buffer_new(UINT64_MAX - i, &buffers[i]), XHR_OK);
    append(buffers[i], 5);
  }
  for (size_t i = 0; i < 40; i++) {
    check(buffers[i]);
    xhr__body_buffer_unref(buffers[i]);
  }
#ifndef UNDER_SANITIZER
  struct rlimit before, little;
  assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
  little = before;
  little.rlim_cur = (rlim_t)2 << 30;
  if (setrlimit(RLIMIT_AS, &little) == 0) {
    xhr__body_buffer *buffer;
    if (xhr__body_buffer_new(0, &buffer) == XHR_OK) {
      static const char zeros[1 << 16];
      xhr_status status = XHR_OK;
      while (status == XHR_OK && xhr__body_buffer_len(buffer) < (size_t)16 << 20)
        status = xhr__body_buffer_append(buffer, xhr__str_of(zeros, sizeof zeros));
      assert_true(status == XHR_OK || status == XHR_OUT_OF_MEMORY);
      xhr__body_buffer_unref(buffer);
    }
    assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
  }
#endif
}

static void without_memory(void *user) {
  (void)user;
  xhr__body_buffer *buffer;
  static const char zeros[1 << 20];
  if (xhr__body_buffer_new(100, &buffer) != XHR_OK)
    return;
  size_t len = 0;
  for (size_t size = 1; size <= sizeof zeros; size *= 2) {
    if (xhr__body_buffer_append(buffer, xhr__str_of(zeros, size)) == XHR_OK)
      len += size;
    assert_int_equal(xhr__body_buffer_len(buffer), len);
    size_t room;
    if (xhr__body_buffer_room(buffer, &room))
      assert_true(room > 0);
  }
  xhr__body_buffer_unref(buffer);
}

static void test_out_of_memory(void **state) {
  (void)state;
  assert_true(failing_allocator_loop(without_memory, NULL, NULL) > 3);
}

/* All of a large body, and at most 64 MiB besides. */
static void test_peak_memory(void **state) {
  (void)state;
  xhr__body_buffer *buffer;
  struct rusage before, after;
  assert_int_equal(xhr__body_buffer_new(0, &buffer), XHR_OK);
  append(buffer, 1 << 20);
  assert_int_equal(getrusage(RUSAGE_SELF, &before), 0);
  while (xhr__body_buffer_len(buffer) < (size_t)256 << 20)
    append(buffer, 1 << 20);
  assert_int_equal(getrusage(RUSAGE_SELF, &after), 0);
#ifdef UNDER_SANITIZER
  (void)before; /* its own memory counts too */
#else
  assert_true(after.ru_maxrss - before.ru_maxrss < (256 + 64) * 1024L);
#endif
  xhr__body_buffer_unref(buffer);
}

static void count(void *user) {
  ++*(unsigned *)user;
}

static void test_borrowed(void **state) {
  (void)state;
  static char lent[5000];
  unsigned released = 0;
  xhr__body_buffer *buffer;
  for (size_t i = 0; i < sizeof lent; i++)
    lent[i] = (char)(i % 251);
  const xhr__str bytes = {lent, sizeof lent};
  assert_int_equal(xhr__body_buffer_new_borrowed(bytes, count, &released, &buffer), XHR_OK);
  assert_int_equal(xhr__body_buffer_len(buffer), sizeof lent);
  assert_ptr_equal(xhr__body_buffer_bytes(buffer, 10).data, lent);
  assert_false(xhr__body_buffer_empty(buffer, SIZE_MAX));
  xhr__body_buffer_unref(buffer);
  assert_int_equal(released, 1);
  /* of its own, before anybody writes */
  assert_int_equal(xhr__body_buffer_new_borrowed(bytes, count, &released, &buffer), XHR_OK);
  assert_int_equal(xhr__body_buffer_make_own(buffer), XHR_OK);
  const char *own = xhr__body_buffer_bytes(buffer, 10).data;
  assert_ptr_not_equal(own, lent);
  assert_int_equal(xhr__body_buffer_make_own(buffer), XHR_OK);
  assert_ptr_equal(xhr__body_buffer_bytes(buffer, 10).data, own);
  append(buffer, 300);
  check(buffer);
  assert_int_equal(released, 1);
  xhr__body_buffer_unref(buffer);
  assert_int_equal(released, 2);
}

static void borrow_one(void *user) {
  xhr__body_buffer *buffer;
  unsigned released = 0;
  (void)user;
  if (xhr__body_buffer_new_borrowed(XHR__STR("lent"), count, &released, &buffer) == XHR_OK) {
    assert_int_equal(released, 0);
    xhr_status status = xhr__body_buffer_make_own(buffer);
    assert_true(status == XHR_OK || status == XHR_OUT_OF_MEMORY);
    assert_memory_equal(xhr__body_buffer_bytes(buffer, 4).data, "lent", 4);
    xhr__body_buffer_unref(buffer);
  }
  assert_int_equal(released, 1);
}

static void test_borrowed_out_of_memory(void **state) {
  (void)state;
  assert_true(failing_allocator_loop(borrow_one, NULL, NULL) > 3);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_small),
      cmocka_unit_test(test_announced),
      cmocka_unit_test(test_outgrown_blocks_stay),
      cmocka_unit_test(test_room),
      cmocka_unit_test(test_borrowed),
      cmocka_unit_test(test_borrowed_out_of_memory),
      cmocka_unit_test(test_lies_and_little_space),
      cmocka_unit_test(test_out_of_memory),
      cmocka_unit_test(test_peak_memory),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
