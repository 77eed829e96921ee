#include "infra/body_buffer.h"

#include <stdatomic.h>
#include <sys/mman.h>

#include "infra/alloc.h"

/* The first block of a body of unknown length; each further one is four times as large, up to XHR__BODY_TRUST. What
 * grows past that gets address space. */
#define FIRST_BLOCK ((size_t)4 << 10)
#define NEXT_BLOCK  4
/* Address space for a body of unknown length. Where it is refused, half of it, and so on. */
#define RESERVATION ((uint64_t)64 << 30)
/* Address space becomes memory in steps as large as what is there, within these bounds. */
#define MIN_COMMIT ((size_t)1 << 20)
#define MAX_COMMIT ((size_t)64 << 20)
/* Where huge pages begin. */
#define HUGE_PAGE ((size_t)2 << 20)

/* Memory of a buffer. Outgrown blocks stay until the buffer dies, as another thread may be reading them. */
typedef struct block {
  struct block *outgrown;
  char *data;
  size_t capacity; /* usable now */
  /* Of reserved address space; 0 for heap memory, which lies right behind this structure. */
  size_t reserved;
  void *map;
  size_t map_size;
  /* Of borrowed memory: what ends it; else NULL. */
  void (*release)(void *user);
  void *user;
} block;

struct xhr__body_buffer {
  atomic_uint references;
  /* The newest block's bytes: written with release behind a copy, read with acquire. */
  _Atomic(char *) data;
  size_t len;
  uint64_t expected;
  block *block;
};

xhr_status xhr__body_buffer_new(uint64_t expected, xhr__body_buffer **buffer) {
  *buffer = XHR__NEW(xhr__body_buffer);
  if (!*buffer)
    return XHR_OUT_OF_MEMORY;
  atomic_init(&(*buffer)->references, 1);
  atomic_init(&(*buffer)->data, NULL);
  (*buffer)->expected = expected;
  return XHR_OK;
}

xhr_status xhr__body_buffer_new_borrowed(xhr__str bytes, void (*release)(void *user), void *user,
                                         xhr__body_buffer **buffer) {
  block *borrowed = XHR__NEW(block);
  xhr_status status = borrowed ? xhr__body_buffer_new(bytes.len, buffer) : XHR_OUT_OF_MEMORY;
  if (status != XHR_OK) {
    xhr__free(borrowed);
    release(user);
    return status;
  }
  *borrowed =
      (block){.data = (char *)bytes.data, .capacity = bytes.len, .release = release, .user = user};
  (*buffer)->block = borrowed;
  (*buffer)->len = bytes.len;
  atomic_store_explicit(&(*buffer)->data, borrowed->data, memory_order_release);
  return XHR_OK;
}

xhr__body_buffer *xhr__body_buffer_ref(xhr__body_buffer *buffer) {
  atomic_fetch_add_explicit(&buffer->references, 1, memory_order_relaxed);
  return buffer;
}

void xhr__body_buffer_unref(xhr__body_buffer *buffer) {
  if (!buffer || atomic_fetch_sub_explicit(&buffer->references, 1, memory_order_acq_rel) != 1)
    return;
  while (buffer->block) {
    block *old = buffer->block;
    buffer->block = old->outgrown;
    if (old->map)
      munmap(old->map, old->map_size);
    if (old->release)
      old->release(old->user);
    xhr__free(old);
  }
  xhr__free(buffer);
}

bool xhr__body_buffer_empty(xhr__body_buffer *buffer, size_t most) {
  /* First of all: as long as another holds it, that one may be appending. */
  if (atomic_load_explicit(&buffer->references, memory_order_acquire) != 1)
    return false;
  const block *only = buffer->block;
  if (!only || only->outgrown || only->map || only->release || only->capacity > most)
    return false;
  buffer->len = 0;
  return true;
}

bool xhr__body_buffer_expect(xhr__body_buffer *buffer, uint64_t expected) {
  if (expected > buffer->block->capacity)
    return false;
  buffer->expected = expected;
  return true;
}

static block *new_heap_block(size_t size) {
  size_t total;
  if (!xhr__size_add(sizeof(block), size, &total))
    return NULL;
  block *made = xhr__malloc(total);
  if (made)
    *made = (block){.data = (char *)(made + 1), .capacity = size};
  return made;
}

/* Address space for at least `least` and, where it is to be had, `wish` bytes; none of it usable yet. */
static block *new_reserved_block(size_t least, uint64_t wish) {
  block *made = XHR__NEW(block);
  if (!made)
    return NULL;
  /* Never more than the address space can hold twice over. */
  size_t size = wish > SIZE_MAX / 4 ? SIZE_MAX / 4 : (size_t)wish;
  for (;;) {
    if (size < least)
      size = least;
    size_t total;
    if (!xhr__size_add(size, 2 * HUGE_PAGE, &total))
      break;
    total -= total % HUGE_PAGE;
    void *map = mmap(NULL, total, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (map != MAP_FAILED) {
      size_t skip = (HUGE_PAGE - (uintptr_t)map % HUGE_PAGE) % HUGE_PAGE;
      made->map = map;
      made->map_size = total;
      made->data = (char *)map + skip;
      made->reserved = total - skip - (total - skip) % MIN_COMMIT;
#ifdef MADV_HUGEPAGE
      /* Far fewer page faults; where it is refused, it goes without. */
      (void)madvise(made->data, made->reserved, MADV_HUGEPAGE);
#endif
      return made;
    }
    if (size == least)
      break;
    size /= 2;
  }
  xhr__free(made);
  return NULL;
}

static size_t round_up(size_t size, size_t unit) {
  return size % unit ? size + (unit - size % unit) : size;
}

/* Makes the address space from what is usable up to `end` usable too. */
static bool commit_to(block *reserved, size_t end) {
  size_t rounded = round_up(end, MIN_COMMIT);
  if (rounded > reserved->reserved)
    rounded = reserved->reserved;
  if (mprotect(reserved->data + reserved->capacity, rounded - reserved->capacity,
               PROT_READ | PROT_WRITE) != 0) {
    return false;
  }
  reserved->capacity = rounded;
  return true;
}

/* Makes the first `want` (<= reserved) bytes usable and, where they are to be had, some more. */
static bool commit_more(block *reserved, size_t want) {
  size_t step = reserved->capacity;
  if (step < MIN_COMMIT)
    step = MIN_COMMIT;
  if (step > MAX_COMMIT)
    step = MAX_COMMIT;
  size_t wish = reserved->capacity + step;
  return (wish > want && commit_to(reserved, wish)) || commit_to(reserved, want);
}

/* A block for `want` bytes of this body. */
static block *new_block(const xhr__body_buffer *buffer, size_t want) {
  size_t capacity = buffer->block ? buffer->block->capacity : 0;
  bool trusted = buffer->expected <= XHR__BODY_TRUST;
  if (capacity == 0 && trusted && want <= buffer->expected)
    return new_heap_block((size_t)buffer->expected);
  size_t size = capacity < FIRST_BLOCK / NEXT_BLOCK ? FIRST_BLOCK : capacity * NEXT_BLOCK;
  if (size < want)
    size = want;
  if (trusted && size <= XHR__BODY_TRUST)
    return new_heap_block(size);
  bool announced = !trusted && want <= buffer->expected && buffer->expected < RESERVATION;
  block *made = new_reserved_block(want, announced ? buffer->expected : RESERVATION);
  if (made && !commit_more(made, want)) {
    munmap(made->map, made->map_size);
    xhr__free(made);
    return NULL;
  }
  return made;
}

/* Sees to it that `want` bytes fit in all. */
static bool ensure(xhr__body_buffer *buffer, size_t want) {
  block *now = buffer->block;
  if (now && want <= now->capacity)
    return true;
  if (now && want <= now->reserved)
    return commit_more(now, want);
  block *made = new_block(buffer, want);
  if (!made)
    return false;
  if (now)
    memcpy(made->data, now->data, buffer->len);
  made->outgrown = now;
  buffer->block = made;
  atomic_store_explicit(&buffer->data, made->data, memory_order_release);
  return true;
}

xhr_status xhr__body_buffer_append(xhr__body_buffer *buffer, xhr__str bytes) {
  size_t want;
  if (bytes.len == 0)
    return XHR_OK;
  if (!xhr__size_add(buffer->len, bytes.len, &want) || !ensure(buffer, want))
    return XHR_OUT_OF_MEMORY;
  memcpy(buffer->block->data + buffer->len, bytes.data, bytes.len);
  buffer->len = want;
  return XHR_OK;
}

char *xhr__body_buffer_room(xhr__body_buffer *buffer, size_t *size) {
  size_t want;
  if (!xhr__size_add(buffer->len, 1, &want) || !ensure(buffer, want))
    return NULL;
  *size = buffer->block->capacity - buffer->len;
  return buffer->block->data + buffer->len;
}

void xhr__body_buffer_commit(xhr__body_buffer *buffer, size_t count) {
  buffer->len += count;
}

size_t xhr__body_buffer_len(const xhr__body_buffer *buffer) {
  return buffer->len;
}

xhr__str xhr__body_buffer_bytes(xhr__body_buffer *buffer, size_t len) {
  if (len == 0)
    return XHR__STR_EMPTY;
  return xhr__str_of(atomic_load_explicit(&buffer->data, memory_order_acquire), len);
}

xhr_status xhr__body_buffer_make_own(xhr__body_buffer *buffer) {
  size_t more;
  if (!buffer->block || !buffer->block->release)
    return XHR_OK;
  return xhr__body_buffer_room(buffer, &more) ? XHR_OK : XHR_OUT_OF_MEMORY;
}
