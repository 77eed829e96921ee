/* https://fetch.spec.whatwg.org/#concept-body and https://fetch.spec.whatwg.org/#body-with-type
 * What a request sends: an immutable, atomically counted list of segments with length, type and source. Each
 * transmission reads it through a cursor of its own. */
#ifndef XHR__FETCH_BODY_H
#define XHR__FETCH_BODY_H

#include "infra/bytes.h"
#include "xhr/body.h"

typedef enum xhr__segment_kind { XHR__SEGMENT_MEMORY, XHR__SEGMENT_FILE } xhr__segment_kind;

/* A file that segments lie in: opened once, checked at each read against the size and times it had then. */
typedef struct xhr__body_file {
  int fd;
  uint64_t size;
  int64_t mtime_s, ctime_s;
  int64_t mtime_ns, ctime_ns;
} xhr__body_file;

typedef struct xhr__segment {
  xhr__segment_kind kind;
  const char *data; /* memory */
  xhr__body_file *file;
  uint64_t offset; /* in the file */
  uint64_t len;
} xhr__segment;

/* The public xhr_body. */
struct xhr_body {
  _Atomic uint32_t references;
  uint64_t length;
  xhr__bytes type;
  bool has_type;
  bool
      is_text; /* a string, URLSearchParams or document: send() rewrites the charset of its Content-Type */
  xhr_release release;
  void *release_user;
  char *owned; /* memory that goes with the body, or NULL */
  size_t segment_count;
  xhr__segment segments[];
};

/* https://fetch.spec.whatwg.org/#concept-bodyinit-extract and "safely extract" is what the xhr_body_new_... do. */

/* Where a transmission stands. A plain value; the body must outlive it. */
typedef struct xhr__body_cursor {
  const xhr_body *body;
  size_t segment;
  uint64_t offset;   /* in the segment */
  uint64_t position; /* in the body */
} xhr__body_cursor;

static inline xhr__body_cursor xhr__body_cursor_of(const xhr_body *body) {
  return (xhr__body_cursor){body, 0, 0, 0};
}
/* Moves to `position` (<= length). */
void xhr__body_cursor_seek(xhr__body_cursor *cursor, uint64_t position);
/* The memory that can be read at once here: empty at the end of the body and inside a file. */
xhr__str xhr__body_cursor_memory(const xhr__body_cursor *cursor);
/* Moves on by `count` bytes, which must be there. */
void xhr__body_cursor_advance(xhr__body_cursor *cursor, uint64_t count);
/* The segment that the cursor stands in, NULL at the end. */
const xhr__segment *xhr__body_cursor_segment(const xhr__body_cursor *cursor);

/* Reads from a file's segment, blocking: for the helper thread. XHR_OK with `*read` > 0; XHR_IO where the file has
 * changed, is shorter than it was, or cannot be read. */
xhr_status xhr__body_file_read(const xhr__body_file *file, uint64_t offset, char *data, size_t size,
                               size_t *read);

#endif
