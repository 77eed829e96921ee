/* libxhr: replacing the memory allocator. */
#ifndef XHR_ALLOCATOR_H
#define XHR_ALLOCATOR_H

#include <stddef.h>

#include "xhr/status.h"

/**
 * The functions that all of libxhr's own memory goes through. They are called from any thread, must be thread-safe,
 * and follow the C standard's malloc, realloc and free (alignment included). `user` is handed to each.
 */
typedef struct xhr_allocator {
  void *(*malloc)(size_t size, void *user);
  void *(*realloc)(void *pointer, size_t size, void *user);
  void (*free)(void *pointer, void *user);
  void *user;
} xhr_allocator;

XHR_BEGIN_DECLS

/**
 * Replaces the allocator. Call it once, before any other call of libxhr and while the process has one thread.
 * The libraries beneath (libcurl, the TLS library, lexbor) keep their own. Large response bodies live in mapped
 * memory, which is not an allocator's business.
 *
 * @param allocator copied; its three functions must not be NULL. NULL brings malloc back.
 * @return XHR_OK; XHR_INVALID_ARGUMENT where a function is NULL; XHR_INVALID_STATE_ERR where memory from the present
 *         allocator is still in use.
 */
XHR_API xhr_status xhr_set_allocator(const xhr_allocator *allocator);

XHR_END_DECLS

#endif
