/* The one allocator. Nothing allocated here is freed elsewhere, and the other way round. */
#ifndef XHR__INFRA_ALLOC_H
#define XHR__INFRA_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

#include "xhr/allocator.h"

/* Uninitialised memory, or NULL. A size of 0 gives a pointer that may be freed. Caller frees with xhr__free. */
void *xhr__malloc(size_t size);
/* `count` elements of `size` bytes, zeroed; NULL where the product overflows too. */
void *xhr__calloc(size_t count, size_t size);
/* As realloc; on NULL the old block stays. */
void *xhr__realloc(void *pointer, size_t size);
/* NULL is allowed. */
void xhr__free(void *pointer);
/* A copy of `len` bytes with a NUL behind, or NULL. Caller frees with xhr__free. */
char *xhr__memdup0(const char *data, size_t len);

/* Grows an array to hold at least `want` elements of `size` bytes, doubling; false where memory or size_t ends
 * (then nothing changed). */
bool xhr__grow(void **array, size_t *capacity, size_t want, size_t size);

/* Checked size arithmetic: false on overflow. */
static inline bool xhr__size_add(size_t a, size_t b, size_t *sum) {
  return !__builtin_add_overflow(a, b, sum);
}
static inline bool xhr__size_mul(size_t a, size_t b, size_t *product) {
  return !__builtin_mul_overflow(a, b, product);
}

#define XHR__NEW(type) ((type *)xhr__calloc(1, sizeof(type)))

#endif
