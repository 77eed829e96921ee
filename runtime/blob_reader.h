/* https://w3c.github.io/FileAPI/#blob-get-stream and reading it up: a Blob's bytes, without holding up the loop. Files are
 * read by a helper thread of the realm's, which starts with the first of them. All calls are the loop's thread's, and all
 * that is told is told in tasks of the loop. */
#ifndef XHR__RUNTIME_BLOB_READER_H
#define XHR__RUNTIME_BLOB_READER_H

#include "fetch/transport.h"
#include "file/blob.h"
#include "runtime/realm.h"

typedef struct xhr__blob_read xhr__blob_read;

/* What the engine holds in an ArrayBuffer at most; no Blob longer than that is read. */
#define XHR__LONGEST_BUFFER ((uint64_t)INT32_MAX)

typedef struct xhr__blob_read_client {
  /* The first bytes are there, or the end. It may cancel. NULL: not of interest. */
  void (*started)(xhr__blob_read *read, void *user);
  /* More bytes are there, `loaded` in all. It may cancel. NULL: not of interest. */
  void (*progress)(xhr__blob_read *read, uint64_t loaded, void *user);
  /* The end: XHR_OK; XHR_IO where a file has changed or cannot be read, XHR_OUT_OF_MEMORY, or XHR_LIMIT where the Blob
   * is too long. The read is freed behind it. */
  void (*done)(xhr__blob_read *read, xhr_status status, void *user);
  /* Instead of `done` where it is canceled or the realm goes: no script may run. */
  void (*dropped)(void *user);
} xhr__blob_read_client;

/* Starts reading; takes a reference to `blob`. It keeps the loop running. XHR_OK; XHR_OUT_OF_MEMORY, and then `client`
 * hears nothing. */
xhr_status xhr__blob_read_start(xhr__realm *realm, xhr__blob *blob,
                                const xhr__blob_read_client *client, void *user,
                                xhr__blob_read **read);
/* Ends it: `dropped` is called. Not inside `done`. */
void xhr__blob_read_cancel(xhr__blob_read *read);

/* A Blob's bytes, piece by piece, as somebody wants them. The realm's end closes it. */
typedef struct xhr__blob_source xhr__blob_source;

/* At the Blob's beginning. `on_ready(user)` is called in a task of the loop, once for each XHR__READ_LATER; it may read and
 * free. XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__blob_source_new(xhr__realm *realm, const xhr__blob *blob,
                                void (*on_ready)(void *user), void *user,
                                xhr__blob_source **source);
/* NULL is allowed. */
void xhr__blob_source_free(xhr__blob_source *source);
/* DATA stores up to `size` bytes (at least 1), at least one; END; LATER; FAILED, where a file has changed or cannot be
 * read, and where the source is closed. Memory never waits. */
xhr__read_result xhr__blob_source_read(xhr__blob_source *source, void *data, size_t size,
                                       size_t *len);

/* Inside `done`, with XHR_OK: the bytes, borrowed. */
xhr__str xhr__blob_read_bytes(const xhr__blob_read *read);
/* A new ArrayBuffer of them, which takes the memory over where it is the read's own; then there are none any more. */
JSValue xhr__blob_read_array_buffer(xhr__blob_read *read);
/* The reason of a failed read, the caller's: a NotReadableError. */
JSValue xhr__blob_read_error(xhr__realm *realm, xhr_status status);

#endif
