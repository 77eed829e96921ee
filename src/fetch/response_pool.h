/* Responses to be used again, with the memory that they have: a response is made on the engine's thread and freed on a
 * loop's, which is the dearest way to use an allocator. Atomically counted: the engine holds a reference, and so does
 * every response that came out of the pool. */
#ifndef XHR__FETCH_RESPONSE_POOL_H
#define XHR__FETCH_RESPONSE_POOL_H

#include "fetch/response.h"

typedef struct xhr__response_pool xhr__response_pool;

/* With one reference, or NULL for want of memory. */
xhr__response_pool *xhr__response_pool_new(void);
/* NULL is allowed. */
void xhr__response_pool_unref(xhr__response_pool *pool);
/* The engine's thread: an empty response that xhr__response_free gives back to the pool; NULL: out of memory. */
xhr__response *xhr__response_pool_take(xhr__response_pool *pool);
/* Any thread, for xhr__response_free: takes back a response of the pool. */
void xhr__response_pool_give(xhr__response *response);

#endif
