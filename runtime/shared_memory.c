#include "runtime/shared_memory.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "infra/alloc.h"
#include "infra/list.h"
#include "xhr/quickjs.h"

/* What stands before the memory itself. */
typedef struct block {
  xhr__list node;
  _Atomic uint32_t references;
  _Alignas(max_align_t) char data[];
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

void *xhr__shared_memory_new(size_t size) {
  size_t all;
  block *made = xhr__size_add(size, sizeof *made, &all) ? xhr__malloc(all) : NULL;
  if (!made)
    return NULL;
  atomic_init(&made->references, 1);
  pthread_mutex_lock(&blocks.lock);
  xhr__list_append(bucket_of(made->data), &made->node);
  pthread_mutex_unlock(&blocks.lock);
  return made->data;
}

bool xhr__shared_memory_ref(void *data) {
  pthread_mutex_lock(&blocks.lock);
  xhr__list *bucket = bucket_of(data), *node = bucket->next;
  while (node != bucket && XHR__OWNER(node, block, node)->data != data)
    node = node->next;
  bool found = node != bucket;
  if (found)
    atomic_fetch_add_explicit(&XHR__OWNER(node, block, node)->references, 1, memory_order_relaxed);
  pthread_mutex_unlock(&blocks.lock);
  return found;
}

void xhr__shared_memory_unref(void *data) {
  block *of = XHR__OWNER((char *)data, block, data);
  if (atomic_fetch_sub_explicit(&of->references, 1, memory_order_acq_rel) != 1)
    return;
  pthread_mutex_lock(&blocks.lock);
  xhr__list_remove(&of->node);
  pthread_mutex_unlock(&blocks.lock);
  xhr__free(of);
}

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
