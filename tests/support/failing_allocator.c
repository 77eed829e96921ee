#include "support/failing_allocator.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "xhr/allocator.h"

static atomic_size_t calls;
static atomic_size_t live;
static atomic_size_t fail_at;
static atomic_bool fail_forever;
static atomic_bool has_failed;

static bool fails(void) {
  size_t call = atomic_fetch_add(&calls, 1) + 1;
  size_t at = atomic_load(&fail_at);
  if (at == 0 || call < at || (call > at && !atomic_load(&fail_forever)))
    return false;
  atomic_store(&has_failed, true);
  return true;
}

static void *failing_malloc(size_t size, void *user) {
  (void)user;
  void *pointer = fails() ? NULL : malloc(size);
  if (pointer)
    atomic_fetch_add(&live, 1);
  return pointer;
}

static void *failing_realloc(void *pointer, size_t size, void *user) {
  (void)user;
  void *grown = fails() ? NULL : realloc(pointer, size);
  if (grown && !pointer)
    atomic_fetch_add(&live, 1);
  return grown;
}

static void failing_free(void *pointer, void *user) {
  (void)user;
  if (pointer)
    atomic_fetch_sub(&live, 1);
  free(pointer);
}

static void set(const xhr_allocator *allocator) {
  if (xhr_set_allocator(allocator) != XHR_OK) {
    fputs("failing_allocator: memory is still in use\n", stderr);
    abort();
  }
}

void failing_allocator_install(void) {
  const xhr_allocator allocator = {failing_malloc, failing_realloc, failing_free, NULL};
  failing_allocator_arm(0, false);
  set(&allocator);
}

void failing_allocator_uninstall(void) {
  set(NULL);
}

void failing_allocator_arm(size_t nth, bool forever) {
  atomic_store(&fail_at, nth);
  atomic_store(&fail_forever, forever);
  atomic_store(&has_failed, false);
  atomic_store(&calls, 0);
}

size_t failing_allocator_calls(void) {
  return atomic_load(&calls);
}

bool failing_allocator_failed(void) {
  return atomic_load(&has_failed);
}

size_t failing_allocator_live(void) {
  return atomic_load(&live);
}

size_t failing_allocator_loop(void (*run)(void *user), void (*check)(bool failed, void *user),
                              void *user) {
  size_t runs = 0;
  failing_allocator_install();
  for (int forever = 0; forever < 2; forever++) {
    bool failed = true;
    for (size_t nth = 1; failed; nth++) {
      failing_allocator_arm(nth, forever != 0);
      run(user);
      runs++;
      failed = failing_allocator_failed();
      failing_allocator_arm(0, false);
      if (check)
        check(failed, user);
      if (failing_allocator_live() != 0) {
        fprintf(stderr, "failing_allocator: %zu blocks leaked with allocation %zu failing%s\n",
                failing_allocator_live(), nth, forever ? " and all behind it" : "");
        abort();
      }
    }
  }
  failing_allocator_uninstall();
  return runs;
}
