/* https://fetch.spec.whatwg.org/#handle-content-codings
 * Content codings undone while the bytes arrive: gzip, x-gzip, deflate (with or without zlib's wrapping, as browsers
 * take both), br, zstd, one after the other where several were applied.
 *
 * Buffers are bounded: a piece given out has at most XHR__CODINGS_PIECE bytes, and each coding of a chain holds at
 * most one such piece beside its library's window. */
#ifndef XHR__FETCH_CODINGS_H
#define XHR__FETCH_CODINGS_H

#include "infra/bytes.h"

#define XHR__CODINGS_PIECE ((size_t)64 * 1024)
/* More codings than this in one header are refused with XHR_LIMIT. */
#define XHR__CODINGS_MAX 5
/* The ratio limit holds from this number of decoded bytes on: small bodies may well shrink a thousandfold. */
#define XHR__CODINGS_GRACE ((uint64_t)1024 * 1024)

typedef struct xhr__codings xhr__codings;

/* 0 is no limit. NOTE: a ratio that is never met by honest bodies does not exist: web-platform-tests has one of 49 bytes
 * in br that must become 27 MB. */
typedef struct xhr__codings_limits {
  uint64_t max_bytes; /* decoded bytes in all */
  uint64_t
      max_ratio; /* decoded bytes per encoded byte, once XHR__CODINGS_GRACE decoded bytes are passed */
} xhr__codings_limits;

/* Takes a decoded piece, borrowed for the call. Anything but XHR_OK stops the feeding, which returns it. */
typedef xhr_status (*xhr__codings_sink)(void *user, xhr__str piece);

/* From the values of the Content-Encoding headers, in order. `*codings` is NULL with XHR_OK where there is nothing to
 * undo: no header, only `identity`, or, as Fetch wants it, anything unknown or malformed in it, and then the body is
 * passed on as it is. `limits` may be NULL. XHR_LIMIT for too many codings; XHR_OUT_OF_MEMORY. Caller frees. */
xhr_status xhr__codings_new(const xhr__str *values, size_t count, const xhr__codings_limits *limits,
                            xhr__codings **codings);
/* NULL is allowed. */
void xhr__codings_free(xhr__codings *codings);

/* Decodes `bytes` and gives all that comes of it to `sink`. XHR_OK; XHR_ENCODING_ERR for a corrupt stream;
 * XHR_LIMIT for a limit passed; XHR_OUT_OF_MEMORY; what `sink` returned. After any of those, only free it (or, where
 * it was the sink's, go on with xhr__codings_read, see below). */
xhr_status xhr__codings_feed(xhr__codings *codings, xhr__str bytes, xhr__codings_sink sink,
                             void *user);
/* The end of the body: XHR_OK; XHR_ENCODING_ERR where a stream is cut short. Not one byte at all is a good body. */
xhr_status xhr__codings_finish(xhr__codings *codings);

/* The same, pulled, for decoding straight into one's own memory and for pausing: give input, then read until
 * `*len` is 0, which means that all input is used up. */
/* `bytes` are borrowed until they are read up; give none before that. */
void xhr__codings_input(xhr__codings *codings, xhr__str bytes);
/* At most `capacity` (> 0) decoded bytes into `buffer`, and at most XHR__CODINGS_PIECE. */
xhr_status xhr__codings_read(xhr__codings *codings, char *buffer, size_t capacity, size_t *len);
/* What is left of the input: to be kept, and given to xhr__codings_input again where it has moved. */
xhr__str xhr__codings_unread(const xhr__codings *codings);

/* After a failure, what was wrong, in a few words: a constant, or NULL. */
const char *xhr__codings_message(const xhr__codings *codings);

#endif
