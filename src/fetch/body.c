#include "fetch/body.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fetch/header_list.h"

/* ---- making ---------------------------------------------------------------------------------------------------- */

/* Whether a public string argument is well-formed. */
static bool is_string(xhr_string string) {
  return string.data || string.len == 0;
}

/* A body with room for one segment, and its type. */
static xhr_status new_body(xhr_string type, xhr_body **body) {
  xhr__str value = {type.data, type.len};
  if (type.data && !xhr__is_header_value(value))
    return XHR_SYNTAX_ERR;
  xhr_body *made = xhr__calloc(1, sizeof *made + sizeof made->segments[0]);
  if (!made)
    return XHR_OUT_OF_MEMORY;
  atomic_init(&made->references, 1);
  made->has_type = type.data != NULL;
  if (made->has_type && xhr__bytes_assign(&made->type, value) != XHR_OK) {
    xhr__free(made);
    return XHR_OUT_OF_MEMORY;
  }
  *body = made;
  return XHR_OK;
}

xhr_status xhr_body_new_bytes(const void *data, size_t len, xhr_release release, void *user,
                              xhr_string type, xhr_body **body) {
  xhr_body *made = NULL;
  xhr_status status = XHR_INVALID_ARGUMENT;
  if (body)
    *body = NULL;
  if (!body || (!data && len > 0) || !is_string(type))
    goto done;
  status = new_body(type, &made);
  if (status != XHR_OK)
    goto done;
  if (!release && len > 0) {
    made->owned = xhr__memdup0(data, len);
    if (!made->owned) {
      status = XHR_OUT_OF_MEMORY;
      goto done;
    }
    data = made->owned;
  }
  made->length = len;
  if (len > 0)
    made->segments[made->segment_count++] =
        (xhr__segment){.kind = XHR__SEGMENT_MEMORY, .data = data, .len = len};
  made->release = release;
  made->release_user = user;
  *body = made;
  made = NULL;
done:
  xhr_body_unref(made);
  if (status != XHR_OK && release)
    release(user);
  return status;
}

/* Opens a regular file and notes what it is now. */
static xhr_status open_file(xhr_string path, xhr__body_file **file) {
  struct stat now;
  xhr_status status = XHR_IO;
  char *name = xhr__memdup0(path.data, path.len);
  xhr__body_file *made = XHR__NEW(xhr__body_file);
  if (!name || !made) {
    xhr__free(name);
    xhr__free(made);
    return XHR_OUT_OF_MEMORY;
  }
  /* O_NONBLOCK: opening a FIFO would wait for its writer. */
  do
    made->fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  while (made->fd < 0 && errno == EINTR);
  if (made->fd >= 0 && fstat(made->fd, &now) == 0 && S_ISREG(now.st_mode) && now.st_size >= 0) {
    made->size = (uint64_t)now.st_size;
    made->mtime_s = now.st_mtim.tv_sec;
    made->mtime_ns = now.st_mtim.tv_nsec;
    made->ctime_s = now.st_ctim.tv_sec;
    made->ctime_ns = now.st_ctim.tv_nsec;
    *file = made;
    status = XHR_OK;
  } else {
    if (made->fd >= 0)
      (void)close(made->fd);
    xhr__free(made);
  }
  xhr__free(name);
  return status;
}

xhr_status xhr_body_new_file(xhr_string path, xhr_string type, xhr_body **body) {
  xhr_body *made = NULL;
  xhr__body_file *file = NULL;
  if (body)
    *body = NULL;
  if (!body || !path.data || path.len == 0 || !is_string(type) ||
      memchr(path.data, '\0', path.len)) {
    return XHR_INVALID_ARGUMENT;
  }
  xhr_status status = new_body(type, &made);
  if (status != XHR_OK)
    return status;
  status = open_file(path, &file);
  if (status != XHR_OK) {
    xhr_body_unref(made);
    return status;
  }
  /* The segment owns the file, an empty one too. */
  made->length = file->size;
  made->segments[made->segment_count++] =
      (xhr__segment){.kind = XHR__SEGMENT_FILE, .file = file, .len = file->size};
  *body = made;
  return XHR_OK;
}

uint64_t xhr_body_length(const xhr_body *body) {
  return body ? body->length : 0;
}

xhr_body *xhr_body_ref(xhr_body *body) {
  if (body)
    atomic_fetch_add_explicit(&body->references, 1, memory_order_relaxed);
  return body;
}

void xhr_body_unref(xhr_body *body) {
  if (!body || atomic_fetch_sub_explicit(&body->references, 1, memory_order_acq_rel) != 1)
    return;
  for (size_t i = 0; i < body->segment_count; i++) {
    xhr__body_file *file = body->segments[i].file;
    if (file) {
      (void)close(file->fd);
      xhr__free(file);
    }
  }
  if (body->release)
    body->release(body->release_user);
  xhr__bytes_free(&body->type);
  xhr__free(body->owned);
  xhr__free(body);
}

/* ---- reading --------------------------------------------------------------------------------------------------- */

/* Past segments that are read up, and empty ones. */
static void settle(xhr__body_cursor *cursor) {
  const xhr_body *body = cursor->body;
  while (cursor->segment < body->segment_count &&
         cursor->offset >= body->segments[cursor->segment].len) {
    cursor->offset -= body->segments[cursor->segment].len;
    cursor->segment++;
  }
}

void xhr__body_cursor_seek(xhr__body_cursor *cursor, uint64_t position) {
  cursor->segment = 0;
  cursor->offset = cursor->position = position;
  settle(cursor);
}

void xhr__body_cursor_advance(xhr__body_cursor *cursor, uint64_t count) {
  cursor->offset += count;
  cursor->position += count;
  settle(cursor);
}

const xhr__segment *xhr__body_cursor_segment(const xhr__body_cursor *cursor) {
  xhr__body_cursor at = *cursor;
  settle(&at);
  return at.segment < at.body->segment_count ? &at.body->segments[at.segment] : NULL;
}

xhr__str xhr__body_cursor_memory(const xhr__body_cursor *cursor) {
  xhr__body_cursor at = *cursor;
  settle(&at);
  if (at.segment == at.body->segment_count ||
      at.body->segments[at.segment].kind != XHR__SEGMENT_MEMORY) {
    return XHR__STR_EMPTY;
  }
  const xhr__segment *segment = &at.body->segments[at.segment];
  return xhr__str_of(segment->data + at.offset, (size_t)(segment->len - at.offset));
}

static bool is_unchanged(const xhr__body_file *file) {
  struct stat now;
  return fstat(file->fd, &now) == 0 && (uint64_t)now.st_size == file->size &&
         now.st_mtim.tv_sec == file->mtime_s && now.st_mtim.tv_nsec == file->mtime_ns &&
         now.st_ctim.tv_sec == file->ctime_s && now.st_ctim.tv_nsec == file->ctime_ns;
}

xhr_status xhr__body_file_read(const xhr__body_file *file, uint64_t offset, char *data, size_t size,
                               size_t *read) {
  ssize_t count;
  do
    count = pread(file->fd, data, size, (off_t)offset);
  while (count < 0 && errno == EINTR);
  /* Looked at after the reading, so that what was read is what the file held when the body was made. */
  if (count <= 0 || !is_unchanged(file))
    return XHR_IO;
  *read = (size_t)count;
  return XHR_OK;
}
