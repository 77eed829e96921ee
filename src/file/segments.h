/* Bytes as an immutable, atomically counted list of segments, in memory or in files: what Blobs, Files and request bodies
 * are made of. Slices and concatenations share the memory and the open files; nothing is copied. Any thread. */
#ifndef XHR__FILE_SEGMENTS_H
#define XHR__FILE_SEGMENTS_H

#include "infra/bytes.h"

typedef enum xhr__segment_kind { XHR__SEGMENT_MEMORY, XHR__SEGMENT_FILE } xhr__segment_kind;

/* What segments lie in, counted: memory, or a file that was opened once. */
typedef struct xhr__storage xhr__storage;

typedef struct xhr__segment {
  xhr__segment_kind kind;
  xhr__storage *storage; /* counted */
  const char *data;      /* memory: where it begins */
  uint64_t offset;       /* file: where it begins */
  uint64_t len;          /* > 0 */
} xhr__segment;

typedef struct xhr__segments {
  _Atomic uint32_t references;
  uint64_t length; /* of all together */
  size_t count;
  xhr__segment items[];
} xhr__segments;

/* ---- making: each gives one reference through `segments`, on XHR_OK only ---------------------------------------------- */

/* A copy of `bytes`. XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__segments_new_bytes(xhr__str bytes, xhr__segments **segments);
/* `bytes` as they lie there, until `release(user)` is called, once, on any thread (on failure too). */
xhr_status xhr__segments_new_borrowed(xhr__str bytes, void (*release)(void *user), void *user,
                                      xhr__segments **segments);
/* A regular file; `modified` (may be NULL) gets its time of change in milliseconds since 1970. XHR_OK,
 * XHR_OUT_OF_MEMORY; XHR_IO where it cannot be opened or is no regular file. `path` holds no NUL. */
xhr_status xhr__segments_new_file(xhr__str path, xhr__segments **segments, int64_t *modified);
/* From `start` up to `end` (start <= end <= length). */
xhr_status xhr__segments_slice(const xhr__segments *segments, uint64_t start, uint64_t end,
                               xhr__segments **slice);

xhr__segments *xhr__segments_ref(xhr__segments *segments);
/* NULL is allowed. */
void xhr__segments_unref(xhr__segments *segments);

/* Concatenates. Zero-initialise ({0}); free with xhr__segment_builder_free, finished or not. */
typedef struct xhr__segment_builder {
  xhr__segment *items;
  size_t count, capacity;
  uint64_t length;
  xhr__bytes text; /* copied bytes that are no segment yet: neighbours become one */
} xhr__segment_builder;

/* XHR_OK; XHR_OUT_OF_MEMORY; XHR_LIMIT where the length would pass 2^53 - 1. After a failure: free. */
xhr_status xhr__segment_builder_append_bytes(xhr__segment_builder *builder, xhr__str bytes);
xhr_status xhr__segment_builder_append(xhr__segment_builder *builder,
                                       const xhr__segments *segments);
xhr_status xhr__segment_builder_append_slice(xhr__segment_builder *builder,
                                             const xhr__segments *segments, uint64_t start,
                                             uint64_t end);
/* Gives what was appended; the builder is empty after. */
xhr_status xhr__segment_builder_finish(xhr__segment_builder *builder, xhr__segments **segments);
void xhr__segment_builder_free(xhr__segment_builder *builder);

/* ---- reading -------------------------------------------------------------------------------------------------------- */

/* Whether no byte lies in a file. */
bool xhr__segments_in_memory(const xhr__segments *segments);
/* Whether all of it is one piece of memory: `bytes`, borrowed from `segments`. True for no bytes at all. */
bool xhr__segments_bytes(const xhr__segments *segments, xhr__str *bytes);
/* Copies `len` bytes from `start` on; start + len <= length. Blocks where there are files. XHR_OK, XHR_IO. */
xhr_status xhr__segments_read(const xhr__segments *segments, uint64_t start, char *data,
                              size_t len);
/* Reads from the file of a segment, `offset` from the segment's beginning: blocks. XHR_OK with `*read` > 0; XHR_IO where
 * the file has changed since it was opened, or cannot be read. */
xhr_status xhr__segment_read_file(const xhr__segment *segment, uint64_t offset, char *data,
                                  size_t size, size_t *read);

/* Where a reader stands. A plain value; the segments must outlive it. */
typedef struct xhr__segments_cursor {
  const xhr__segments *segments;
  size_t index;
  uint64_t offset;   /* in that segment */
  uint64_t position; /* in all */
} xhr__segments_cursor;

static inline xhr__segments_cursor xhr__segments_cursor_of(const xhr__segments *segments) {
  return (xhr__segments_cursor){segments, 0, 0, 0};
}
/* Moves to `position` (<= length). */
void xhr__segments_cursor_seek(xhr__segments_cursor *cursor, uint64_t position);
/* The memory that can be read at once here: empty at the end and inside a file. */
xhr__str xhr__segments_cursor_memory(const xhr__segments_cursor *cursor);
/* Moves on by `count` bytes, which must be there. */
void xhr__segments_cursor_advance(xhr__segments_cursor *cursor, uint64_t count);
/* The segment that the cursor stands in, NULL at the end. */
const xhr__segment *xhr__segments_cursor_segment(const xhr__segments_cursor *cursor);

#endif
