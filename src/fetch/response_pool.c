#include "fetch/response_pool.h"

#include <stdatomic.h>

#include "infra/alloc.h"

/* How many responses wait at most, and what each may keep. */
enum { MAX_WAITING = 256, MAX_TEXT = 4096, MAX_HEADERS = 64, MAX_BODY = 4096 };

struct xhr__response_pool {
  _Atomic uint32_t references;
  /* What came back: any thread puts one on top, the engine's takes all. */
  _Atomic(xhr__response *) returned;
  _Atomic uint32_t waiting; /* there and in `ready` */
  xhr__response *ready;     /* the engine's */
};

xhr__response_pool *xhr__response_pool_new(void) {
  xhr__response_pool *pool = XHR__NEW(xhr__response_pool);
  if (pool)
    atomic_init(&pool->references, 1);
  return pool;
}

static void free_all(xhr__response *response) {
  while (response) {
    xhr__response *next = response->next_free;
    xhr__response_destroy(response);
    response = next;
  }
}

void xhr__response_pool_unref(xhr__response_pool *pool) {
  if (!pool)
    return;
  if (atomic_fetch_sub_explicit(&pool->references, 1, memory_order_acq_rel) != 1)
    return;
  free_all(atomic_load_explicit(&pool->returned, memory_order_acquire));
  free_all(pool->ready);
  xhr__free(pool);
}

xhr__response *xhr__response_pool_take(xhr__response_pool *pool) {
  if (!pool->ready)
    pool->ready = atomic_exchange_explicit(&pool->returned, NULL, memory_order_acquire);
  xhr__response *response = pool->ready;
  if (response) {
    pool->ready = response->next_free;
    response->next_free = NULL;
    atomic_fetch_sub_explicit(&pool->waiting, 1, memory_order_relaxed);
  } else {
    response = xhr__response_new();
    if (!response)
      return NULL;
    response->pool = pool;
  }
  atomic_fetch_add_explicit(&pool->references, 1, memory_order_relaxed);
  return response;
}

/* Empties the response, but keeps small blocks of memory. */
static void empty(xhr__response *response) {
  xhr__bytes message = response->status_message;
  xhr__header_list headers = response->header_list;
  xhr__body_buffer *body = response->body;
  if (message.capacity > MAX_TEXT)
    xhr__bytes_free(&message);
  xhr__bytes_clear(&message);
  if (headers.text.capacity > MAX_TEXT || headers.capacity > MAX_HEADERS)
    xhr__header_list_free(&headers);
  xhr__header_list_clear(&headers);
  if (body && !xhr__body_buffer_empty(body, MAX_BODY)) {
    xhr__body_buffer_unref(body);
    body = NULL;
  }
  xhr__url_free(&response->url);
  *response = (xhr__response){
      .status_message = message, .header_list = headers, .body = body, .pool = response->pool};
}

void xhr__response_pool_give(xhr__response *response) {
  xhr__response_pool *pool = response->pool;
  if (atomic_load_explicit(&pool->waiting, memory_order_relaxed) >= MAX_WAITING) {
    xhr__response_destroy(response);
  } else {
    atomic_fetch_add_explicit(&pool->waiting, 1, memory_order_relaxed);
    empty(response);
    xhr__response *top = atomic_load_explicit(&pool->returned, memory_order_relaxed);
    do {
      response->next_free = top;
    } while (!atomic_compare_exchange_weak_explicit(&pool->returned, &top, response,
                                                    memory_order_release, memory_order_relaxed));
  }
  xhr__response_pool_unref(pool);
}
