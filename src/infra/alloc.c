#include "infra/alloc.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static void *default_malloc(size_t size, void *user) {
  (void)user;
  return malloc(size);
}

static void *default_realloc(void *pointer, size_t size, void *user) {
  (void)user;
  return realloc(pointer, size);
}

static void default_free(void *pointer, void *user) {
  (void)user;
  free(pointer);
}

#define DEFAULT_ALLOCATOR                                                                          \
  { default_malloc, default_realloc, default_free, NULL }

static const xhr_allocator default_allocator = DEFAULT_ALLOCATOR;
static xhr_allocator current = DEFAULT_ALLOCATOR;
/* Blocks of a replaced allocator that are in use; malloc's own are not counted, so that the default costs nothing. */
static atomic_size_t replaced_in_use;
static bool replaced;

xhr_status xhr_set_allocator(const xhr_allocator *allocator) {
  if (allocator && (!allocator->malloc || !allocator->realloc || !allocator->free)) {
    return XHR_INVALID_ARGUMENT;
  }
  if (atomic_load(&replaced_in_use) != 0)
    return XHR_INVALID_STATE_ERR;
  current = allocator ? *allocator : default_allocator;
  replaced = allocator != NULL;
  return XHR_OK;
}

static void *counted(void *pointer) {
  if (replaced && pointer)
    atomic_fetch_add_explicit(&replaced_in_use, 1, memory_order_relaxed);
  return pointer;
}

void *xhr__malloc(size_t size) {
  return counted(current.malloc(size ? size : 1, current.user));
}

void *xhr__calloc(size_t count, size_t size) {
  size_t total;
  if (!xhr__size_mul(count, size, &total))
    return NULL;
  void *pointer = xhr__malloc(total);
  if (pointer)
    memset(pointer, 0, total);
  return pointer;
}

void *xhr__realloc(void *pointer, size_t size) {
  if (!pointer)
    return xhr__malloc(size);
  return current.realloc(pointer, size ? size : 1, current.user);
}

void xhr__free(void *pointer) {
  if (!pointer)
    return;
  if (replaced)
    atomic_fetch_sub_explicit(&replaced_in_use, 1, memory_order_relaxed);
  current.free(pointer, current.user);
}

char *xhr__memdup0(const char *data, size_t len) {
  size_t total;
  if (!xhr__size_add(len, 1, &total))
    return NULL;
  char *copy = xhr__malloc(total);
  if (!copy)
    return NULL;
  if (len)
    memcpy(copy, data, len);
  copy[len] = '\0';
  return copy;
}

bool xhr__grow(void **array, size_t *capacity, size_t want, size_t size) {
  if (want <= *capacity)
    return true;
  size_t next = *capacity ? *capacity : 8;
  while (next < want) {
    if (!xhr__size_mul(next, 2, &next))
      return false;
  }
  size_t total;
  if (!xhr__size_mul(next, size, &total))
    return false;
  void *grown = xhr__realloc(*array, total);
  if (!grown)
    return false;
  *array = grown;
  *capacity = next;
  return true;
}
