#include "file/segments.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

/* What the numbers of JavaScript count exactly: no Blob and no body is longer. */
#define LONGEST ((uint64_t)9007199254740991)

struct xhr__storage {
  _Atomic uint32_t references;
  /* Memory: what ends it. */
  void (*release)(void *user);
  void *user;
  /* A file, and what it was when it was opened; -1: memory. */
  int fd;
  struct stat status;
};

/* ---- storage --------------------------------------------------------------------------------------------------- */

/* NULL where there is no memory; `release` has not been called then. */
static xhr__storage *new_storage(void (*release)(void *user), void *user, int fd) {
  xhr__storage *made = XHR__NEW(xhr__storage);
  if (!made)
    return NULL;
  atomic_init(&made->references, 1);
  made->release = release;
  made->user = user;
  made->fd = fd;
  return made;
}

static xhr__storage *ref_storage(xhr__storage *storage) {
  atomic_fetch_add_explicit(&storage->references, 1, memory_order_relaxed);
  return storage;
}

static void unref_storage(xhr__storage *storage) {
  if (!storage || atomic_fetch_sub_explicit(&storage->references, 1, memory_order_acq_rel) != 1) {
    return;
  }
  if (storage->fd >= 0)
    (void)close(storage->fd);
  if (storage->release)
    storage->release(storage->user);
  xhr__free(storage);
}

/* Opens a regular file for reading; -1 where it is none. */
static int open_regular(const char *path, struct stat *status) {
  int fd;
  /* O_NONBLOCK: opening a FIFO would wait for its writer. */
  do
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  while (fd < 0 && errno == EINTR);
  if (fd >= 0 && (fstat(fd, status) != 0 || !S_ISREG(status->st_mode) || status->st_size < 0)) {
    (void)close(fd);
    fd = -1;
  }
  return fd;
}

static bool is_unchanged(const xhr__storage *file) {
  struct stat now;
  const struct stat *then = &file->status;
  return fstat(file->fd, &now) == 0 && now.st_size == then->st_size &&
         now.st_mtim.tv_sec == then->st_mtim.tv_sec &&
         now.st_mtim.tv_nsec == then->st_mtim.tv_nsec &&
         now.st_ctim.tv_sec == then->st_ctim.tv_sec && now.st_ctim.tv_nsec == then->st_ctim.tv_nsec;
}

/* ---- making ---------------------------------------------------------------------------------------------------- */

/* Room for `count` segments, none of them there yet. */
static xhr__segments *new_segments(size_t count) {
  size_t size;
  if (!xhr__size_mul(count, sizeof(xhr__segment), &size) ||
      !xhr__size_add(size, sizeof(xhr__segments), &size)) {
    return NULL;
  }
  xhr__segments *made = xhr__calloc(1, size);
  if (made)
    atomic_init(&made->references, 1);
  return made;
}

/* One segment, or none where it is empty; takes over `storage`, NULL for want of memory. */
static xhr_status new_single(xhr__segment_kind kind, xhr__storage *storage, const char *data,
                             uint64_t len, xhr__segments **segments) {
  xhr__segments *made = storage ? new_segments(len > 0) : NULL;
  if (!made || len == 0)
    unref_storage(storage);
  if (!made)
    return XHR_OUT_OF_MEMORY;
  if (len > 0) {
    made->items[made->count++] =
        (xhr__segment){.kind = kind, .storage = storage, .data = data, .len = len};
  }
  made->length = len;
  *segments = made;
  return XHR_OK;
}

xhr_status xhr__segments_new_bytes(xhr__str bytes, xhr__segments **segments) {
  char *copy = NULL;
  if (bytes.len > 0) {
    copy = xhr__memdup0(bytes.data, bytes.len);
    if (!copy)
      return XHR_OUT_OF_MEMORY;
  }
  return xhr__segments_new_borrowed(xhr__str_of(copy, bytes.len), xhr__free, copy, segments);
}

xhr_status xhr__segments_new_borrowed(xhr__str bytes, void (*release)(void *user), void *user,
                                      xhr__segments **segments) {
  xhr__storage *storage = new_storage(release, user, -1);
  if (!storage && release)
    release(user);
  return new_single(XHR__SEGMENT_MEMORY, storage, bytes.data, bytes.len, segments);
}

xhr_status xhr__segments_new_file(xhr__str path, xhr__segments **segments, int64_t *modified) {
  struct stat status;
  char *name = xhr__memdup0(path.data, path.len);
  if (!name)
    return XHR_OUT_OF_MEMORY;
  int fd = open_regular(name, &status);
  xhr__free(name);
  if (fd < 0)
    return XHR_IO;
  xhr__storage *storage = new_storage(NULL, NULL, fd);
  if (storage)
    storage->status = status;
  else
    (void)close(fd);
  if (modified)
    *modified = (int64_t)status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1000000;
  return new_single(XHR__SEGMENT_FILE, storage, NULL, (uint64_t)status.st_size, segments);
}

xhr_status xhr__segments_slice(const xhr__segments *segments, uint64_t start, uint64_t end,
                               xhr__segments **slice) {
  xhr__segment_builder builder = {0};
  xhr_status status = xhr__segment_builder_append_slice(&builder, segments, start, end);
  if (status == XHR_OK)
    status = xhr__segment_builder_finish(&builder, slice);
  xhr__segment_builder_free(&builder);
  return status;
}

xhr__segments *xhr__segments_ref(xhr__segments *segments) {
  atomic_fetch_add_explicit(&segments->references, 1, memory_order_relaxed);
  return segments;
}

void xhr__segments_unref(xhr__segments *segments) {
  if (!segments || atomic_fetch_sub_explicit(&segments->references, 1, memory_order_acq_rel) != 1) {
    return;
  }
  for (size_t i = 0; i < segments->count; i++)
    unref_storage(segments->items[i].storage);
  xhr__free(segments);
}

/* ---- concatenating --------------------------------------------------------------------------------------------- */

/* Adds to the length what is to be appended. */
static xhr_status lengthen(xhr__segment_builder *builder, uint64_t len) {
  if (len > LONGEST - builder->length)
    return XHR_LIMIT;
  builder->length += len;
  return XHR_OK;
}

/* Appends a segment; takes over its storage, NULL for want of memory. */
static xhr_status push(xhr__segment_builder *builder, xhr__segment segment) {
  void *array = builder->items;
  if (!segment.storage ||
      !xhr__grow(&array, &builder->capacity, builder->count + 1, sizeof *builder->items)) {
    unref_storage(segment.storage);
    return XHR_OUT_OF_MEMORY;
  }
  builder->items = array;
  builder->items[builder->count++] = segment;
  return XHR_OK;
}

/* Makes a segment of the copied bytes. */
static xhr_status flush(xhr__segment_builder *builder) {
  xhr__bytes *text = &builder->text;
  if (text->len == 0)
    return XHR_OK;
  /* What doubling left over goes back. */
  char *data = xhr__realloc(text->data, text->len);
  if (data)
    text->data = data;
  xhr__segment segment = {
      .kind = XHR__SEGMENT_MEMORY,
      .storage = new_storage(xhr__free, text->data, -1),
      .data = text->data,
      .len = text->len,
  };
  if (segment.storage)
    *text = (xhr__bytes){0};
  return push(builder, segment);
}

xhr_status xhr__segment_builder_append_bytes(xhr__segment_builder *builder, xhr__str bytes) {
  xhr_status status = lengthen(builder, bytes.len);
  return status == XHR_OK ? xhr__bytes_append(&builder->text, bytes) : status;
}

xhr_status xhr__segment_builder_append(xhr__segment_builder *builder,
                                       const xhr__segments *segments) {
  return xhr__segment_builder_append_slice(builder, segments, 0, segments->length);
}

xhr_status xhr__segment_builder_append_slice(xhr__segment_builder *builder,
                                             const xhr__segments *segments, uint64_t start,
                                             uint64_t end) {
  if (start == end)
    return XHR_OK;
  xhr_status status = lengthen(builder, end - start);
  if (status == XHR_OK)
    status = flush(builder);
  uint64_t at = 0; /* where the segment begins */
  for (size_t i = 0; status == XHR_OK && at < end && i < segments->count; i++) {
    xhr__segment segment = segments->items[i];
    uint64_t skip = start > at ? start - at : 0, len = segment.len;
    at += len;
    if (skip >= len)
      continue;
    if (at > end)
      len -= at - end;
    segment.storage = ref_storage(segment.storage);
    if (segment.kind == XHR__SEGMENT_MEMORY)
      segment.data += skip;
    else
      segment.offset += skip;
    segment.len = len - skip;
    status = push(builder, segment);
  }
  return status;
}

xhr_status xhr__segment_builder_finish(xhr__segment_builder *builder, xhr__segments **segments) {
  xhr_status status = flush(builder);
  if (status != XHR_OK)
    return status;
  xhr__segments *made = new_segments(builder->count);
  if (!made)
    return XHR_OUT_OF_MEMORY;
  if (builder->count > 0)
    memcpy(made->items, builder->items, builder->count * sizeof *made->items);
  made->count = builder->count;
  made->length = builder->length;
  builder->count = 0;
  xhr__segment_builder_free(builder);
  *segments = made;
  return XHR_OK;
}

void xhr__segment_builder_free(xhr__segment_builder *builder) {
  for (size_t i = 0; i < builder->count; i++)
    unref_storage(builder->items[i].storage);
  xhr__free(builder->items);
  xhr__bytes_free(&builder->text);
  *builder = (xhr__segment_builder){0};
}

/* ---- reading --------------------------------------------------------------------------------------------------- */

bool xhr__segments_in_memory(const xhr__segments *segments) {
  for (size_t i = 0; i < segments->count; i++) {
    if (segments->items[i].kind != XHR__SEGMENT_MEMORY)
      return false;
  }
  return true;
}

bool xhr__segments_bytes(const xhr__segments *segments, xhr__str *bytes) {
  if (segments->count > 1 || !xhr__segments_in_memory(segments))
    return false;
  *bytes = segments->count == 0
               ? XHR__STR_EMPTY
               : xhr__str_of(segments->items[0].data, (size_t)segments->items[0].len);
  return true;
}

xhr_status xhr__segment_read_file(const xhr__segment *segment, uint64_t offset, char *data,
                                  size_t size, size_t *read) {
  ssize_t count;
  if (size > segment->len - offset)
    size = (size_t)(segment->len - offset);
  do
    count = pread(segment->storage->fd, data, size, (off_t)(segment->offset + offset));
  while (count < 0 && errno == EINTR);
  /* Looked at after the reading, so that what was read is what the file held when it was opened. */
  if (count <= 0 || !is_unchanged(segment->storage))
    return XHR_IO;
  *read = (size_t)count;
  return XHR_OK;
}

xhr_status xhr__segments_read(const xhr__segments *segments, uint64_t start, char *data,
                              size_t len) {
  xhr__segments_cursor cursor = xhr__segments_cursor_of(segments);
  xhr__segments_cursor_seek(&cursor, start);
  while (len > 0) {
    xhr__str memory = xhr__segments_cursor_memory(&cursor);
    size_t count = memory.len < len ? memory.len : len;
    if (count > 0) {
      memcpy(data, memory.data, count);
    } else {
      const xhr__segment *segment = xhr__segments_cursor_segment(&cursor);
      if (!segment || xhr__segment_read_file(segment, cursor.offset, data, len, &count) != XHR_OK)
        return XHR_IO;
    }
    xhr__segments_cursor_advance(&cursor, count);
    data += count;
    len -= count;
  }
  return XHR_OK;
}

/* Past segments that are read up. */
static void settle(xhr__segments_cursor *cursor) {
  const xhr__segments *segments = cursor->segments;
  while (cursor->index < segments->count && cursor->offset >= segments->items[cursor->index].len) {
    cursor->offset -= segments->items[cursor->index].len;
    cursor->index++;
  }
}

void xhr__segments_cursor_seek(xhr__segments_cursor *cursor, uint64_t position) {
  cursor->index = 0;
  cursor->offset = cursor->position = position;
  settle(cursor);
}

void xhr__segments_cursor_advance(xhr__segments_cursor *cursor, uint64_t count) {
  cursor->offset += count;
  cursor->position += count;
  settle(cursor);
}

const xhr__segment *xhr__segments_cursor_segment(const xhr__segments_cursor *cursor) {
  return cursor->index < cursor->segments->count ? &cursor->segments->items[cursor->index] : NULL;
}

xhr__str xhr__segments_cursor_memory(const xhr__segments_cursor *cursor) {
  const xhr__segment *segment = xhr__segments_cursor_segment(cursor);
  if (!segment || segment->kind != XHR__SEGMENT_MEMORY)
    return XHR__STR_EMPTY;
  return xhr__str_of(segment->data + cursor->offset, (size_t)(segment->len - cursor->offset));
}
