/* https://tc39.es/ecma262/#sec-createsharedbytedatablock: the memory of SharedArrayBuffers, counted, so that the runtimes of several
 * threads can share it; and that of ArrayBuffers which were transferred, which the next transfer need not copy. */
#ifndef XHR__RUNTIME_SHARED_MEMORY_H
#define XHR__RUNTIME_SHARED_MEMORY_H

#include <quickjs.h>
#include <stdbool.h>
#include <stddef.h>

/* Whether SharedArrayBuffers of that runtime are made here: xhr_quickjs_share_memory was called for it. */
bool xhr__shared_memory_is_on(JSRuntime *runtime);
/* With one reference, not zeroed; NULL for want of memory. Any thread. */
void *xhr__shared_memory_new(size_t size);
/* A further reference to memory that was made here; false for any other. Any thread. */
bool xhr__shared_memory_ref(void *data);
void xhr__shared_memory_unref(void *data);

#endif
