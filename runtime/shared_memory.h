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
/* A further reference to memory that is known here; false for any other. Any thread. */
bool xhr__shared_memory_ref(void *data);
void xhr__shared_memory_unref(void *data);

/* An ArrayBuffer of memory that stays where it is until `release(user)` is called, once, on any thread; nobody else may write
 * there meanwhile. A transfer moves it, without copying. JS_EXCEPTION, and then `release` is not called. */
JSValue xhr__array_buffer_new(JSContext *js, void *data, size_t len, void (*release)(void *user),
                              void *user);
/* The same of memory with a reference (xhr__shared_memory_new), which it takes over. */
JSValue xhr__array_buffer_of_shared(JSContext *js, void *data, size_t len);

#endif
