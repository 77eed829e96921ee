/* A response body's bytes: one contiguous buffer that one thread appends to and that never moves under another that
 * reads. Small ones are heap memory; large ones are reserved address space, committed as they grow. Atomically counted. */
#ifndef XHR__INFRA_BODY_BUFFER_H
#define XHR__INFRA_BODY_BUFFER_H

#include "infra/str.h"
#include "xhr/status.h"

typedef struct xhr__body_buffer xhr__body_buffer;

/* A Content-Length is trusted up to this many bytes: no more is allocated before the bytes are there. */
#define XHR__BODY_TRUST ((uint64_t)4 << 20)

/* With one reference. `expected`: how long the body says it will be; 0 where it does not. */
xhr_status xhr__body_buffer_new(uint64_t expected, xhr__body_buffer **buffer);
/* A buffer that is whole already, of bytes that stay where and as they are until `release(user)` is called, once, on any
 * thread (on failure too). Nobody may write into it: see xhr__body_buffer_make_own. */
xhr_status xhr__body_buffer_new_borrowed(xhr__str bytes, void (*release)(void *user), void *user,
                                         xhr__body_buffer **buffer);
xhr__body_buffer *xhr__body_buffer_ref(xhr__body_buffer *buffer);
/* NULL is allowed. */
void xhr__body_buffer_unref(xhr__body_buffer *buffer);

/* Empties the buffer for another body, where nobody else holds it and its memory is one heap block of at most `most`
 * bytes; false, and nothing changed, where not. */
bool xhr__body_buffer_empty(xhr__body_buffer *buffer, size_t most);
/* Of an empty buffer: whether a body of `expected` bytes (0: unknown) fits its memory; then it expects that. */
bool xhr__body_buffer_expect(xhr__body_buffer *buffer, uint64_t expected);

/* The appending thread only. XHR_OK, XHR_OUT_OF_MEMORY (then nothing changed). */
xhr_status xhr__body_buffer_append(xhr__body_buffer *buffer, xhr__str bytes);
/* Room behind the last byte, at least 1 byte, for decoding in place: its size through `size`. NULL: out of memory. */
char *xhr__body_buffer_room(xhr__body_buffer *buffer, size_t *size);
/* Takes over `count` bytes that were written into the room. */
void xhr__body_buffer_commit(xhr__body_buffer *buffer, size_t count);
/* Bytes appended so far. */
size_t xhr__body_buffer_len(const xhr__body_buffer *buffer);

/* Any thread, given a length that the appending thread told it of (by a message): those bytes, borrowed as long as a
 * reference is held. */
xhr__str xhr__body_buffer_bytes(xhr__body_buffer *buffer, size_t len);

/* Before a whole buffer's bytes are written into, by the thread that has them alone: moves them into memory of the
 * buffer's own, where they are not. XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__body_buffer_make_own(xhr__body_buffer *buffer);

#endif
