/* Owned, growing bytes: the one buffer of the project. */
#ifndef XHR__INFRA_BYTES_H
#define XHR__INFRA_BYTES_H

#include "infra/alloc.h"
#include "infra/str.h"
#include "xhr/status.h"

/* Zero-initialise ({0}); free with xhr__bytes_free. `data` is NULL until something is stored; behind the last byte
 * stands a NUL, not counted, once there is memory. */
typedef struct xhr__bytes {
  char *data;
  size_t len;
  size_t capacity;
} xhr__bytes;

/* Frees the memory and leaves an empty value. */
void xhr__bytes_free(xhr__bytes *bytes);
/* Empties it, keeping the memory. */
void xhr__bytes_clear(xhr__bytes *bytes);
/* Room for `more` further bytes and a NUL. */
xhr_status xhr__bytes_reserve(xhr__bytes *bytes, size_t more);
/* Appending: XHR_OK or XHR_OUT_OF_MEMORY, and then nothing changed. The argument may lie inside `bytes` itself. */
xhr_status xhr__bytes_append(xhr__bytes *bytes, xhr__str s);
xhr_status xhr__bytes_append_byte(xhr__bytes *bytes, char byte);
xhr_status xhr__bytes_append_u64(xhr__bytes *bytes, uint64_t value);
/* ASCII-lowercased. */
xhr_status xhr__bytes_append_lower(xhr__bytes *bytes, xhr__str s);
/* A code point as UTF-8 (surrogates too, as WTF-8). */
xhr_status xhr__bytes_append_code_point(xhr__bytes *bytes, uint32_t code_point);
/* Replaces the contents by a copy of `s`. */
xhr_status xhr__bytes_assign(xhr__bytes *bytes, xhr__str s);
/* Drops the first `count` (<= len) bytes. */
void xhr__bytes_consume(xhr__bytes *bytes, size_t count);
/* Moves the contents of `from` into `to`, freeing what `to` held; `from` is empty after. */
void xhr__bytes_move(xhr__bytes *to, xhr__bytes *from);

/* The contents, borrowed until the next change. */
static inline xhr__str xhr__bytes_str(const xhr__bytes *bytes) {
  return (xhr__str){bytes->data ? bytes->data : "", bytes->len};
}

#endif
