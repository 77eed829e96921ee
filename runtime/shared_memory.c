#include "runtime/shared_memory.h"

#include <pthread.h>
#include <stdint.h>

#include "infra/alloc.h"
#include "infra/list.h"
#include "xhr/quickjs.h"

/* A piece of memory; where it was allocated here it stands behind this. */
typedef struct block {
  xhr__list node;
  uint32_t references;
  void *data;
  void (*release)(void *user); /* NULL: nothing but the block is to be freed */
  void *user;
  _Alignas(max_align_t) char own[];
} block;

/* All blocks that there are, by their address: the engine does not tell whose memory a buffer has. */
enum { BUCKETS = 1024 };
static struct {
  pthread_mutex_t lock;
  xhr__list buckets[BUCKETS]; /* with NULLs where nothing was ever put */
} blocks = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* Under the lock. */
static xhr__list *bucket_of(const void *data) {
  xhr__list *bucket =
      &blocks.buckets[(uintptr_t)data / 16 * 0x9E3779B97F4A7C15u >> 32 & (BUCKETS - 1)];
  if (!bucket->next)
    xhr__list_init(bucket);
  return bucket;
}

/* Under the lock: NULL for memory that is not known. */
static block *find(const void *data) {
  xhr__list *bucket = bucket_of(data);
  for (xhr__list *node = bucket->next; node != bucket; node = node->next) {
    block *one = XHR__OWNER(node, block, node);
    if (one->data == data)
      return one;
  }
  return NULL;
}

static void enter(block *made, void *data) {
  made->references = 1;
  made->data = data;
  pthread_mutex_lock(&blocks.lock);
  xhr__list_append(bucket_of(data), &made->node);
  pthread_mutex_unlock(&blocks.lock);
}

void *xhr__shared_memory_new(size_t size) {
  size_t all;
  block *made = xhr__size_add(size, sizeof *made, &all) ? xhr__malloc(all) : NULL;
  if (!made)
    return NULL;
  made->release = NULL;
  enter(made, made->own);
  return made->own;
}

bool xhr__shared_memory_ref(void *data) {
  pthread_mutex_lock(&blocks.lock);
  block *found = find(data);
  if (found)
    found->references++;
  pthread_mutex_unlock(&blocks.lock);
  return found != NULL;
}

void xhr__shared_memory_unref(void *data) {
  pthread_mutex_lock(&blocks.lock);
  block *found = find(data);
  bool last = found && --found->references == 0;
  if (last)
    xhr__list_remove(&found->node);
  pthread_mutex_unlock(&blocks.lock);
  if (!last)
    return;
  if (found->release)
    found->release(found->user);
  xhr__free(found);
}

/* ---- ArrayBuffers ----------------------------------------------------------------------------------------------- */

/* The engine calls it when the buffer is detached, and then again, without data, when the detached one goes. */
static void free_data(JSRuntime *runtime, void *opaque, void *data) {
  (void)runtime;
  (void)opaque;
  if (data)
    xhr__shared_memory_unref(data);
}

JSValue xhr__array_buffer_of_shared(JSContext *js, void *data, size_t len) {
  return JS_NewArrayBuffer(js, data, len, free_data, NULL, false);
}

JSValue xhr__array_buffer_new(JSContext *js, void *data, size_t len, void (*release)(void *user),
                              void *user) {
  block *made = XHR__NEW(block);
  if (!made)
    return JS_ThrowOutOfMemory(js);
  enter(made, data);
  JSValue buffer = xhr__array_buffer_of_shared(js, data, len);
  if (JS_IsException(buffer)) {
    xhr__shared_memory_unref(data);
    return buffer;
  }
  made->user = user;
  made->release = release;
  return buffer;
}

/* ---- SharedArrayBuffers ----------------------------------------------------------------------------------------- */

static void *allocate(void *opaque, size_t size) {
  (void)opaque;
  return xhr__shared_memory_new(size);
}

static void release(void *opaque, void *data) {
  (void)opaque;
  xhr__shared_memory_unref(data);
}

static void duplicate(void *opaque, void *data) {
  (void)opaque;
  (void)xhr__shared_memory_ref(data);
}

/* ---- which runtimes --------------------------------------------------------------------------------------------- */

/* Registered in a runtime it says that the functions are set: the engine cannot be asked. */
static JSClassID mark_class;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_class(void) {
  JS_NewClassID(&mark_class);
}

bool xhr__shared_memory_is_on(JSRuntime *runtime) {
  (void)pthread_once(&once, make_class);
  return JS_IsRegisteredClass(runtime, mark_class);
}

xhr_status xhr_quickjs_share_memory(JSRuntime *runtime) {
  static const JSClassDef class = {.class_name = "libxhr shared memory"};
  static const JSSharedArrayBufferFunctions functions = {allocate, release, duplicate, NULL};
  if (!runtime)
    return XHR_INVALID_ARGUMENT;
  if (xhr__shared_memory_is_on(runtime))
    return XHR_OK;
  if (JS_NewClass(runtime, mark_class, &class) < 0)
    return XHR_OUT_OF_MEMORY;
  JS_SetSharedArrayBufferFunctions(runtime, &functions);
  return XHR_OK;
}
