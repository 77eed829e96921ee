/* What the scripted transport's client makes of a response's bytes: head and transfer coding, by RFC 9112. */
#ifndef XHR__NET_SCRIPTED_RESPONSE_H
#define XHR__NET_SCRIPTED_RESPONSE_H

#include "fetch/failure.h"
#include "net/response_head.h"

typedef enum xhr__response_part {
  XHR__PART_HEAD,
  XHR__PART_LENGTH,      /* a body of `left` more bytes */
  XHR__PART_CHUNK_SIZE,  /* a chunk's first line */
  XHR__PART_CHUNK_DATA,  /* `left` more bytes of it */
  XHR__PART_CHUNK_END,   /* the line's end behind it */
  XHR__PART_TRAILER,     /* lines to an empty one */
  XHR__PART_UNTIL_CLOSE, /* a body that the connection's end ends */
  XHR__PART_COMPLETE
} xhr__response_part;

/* Zero-initialise, then set head.limit; free with xhr__response_reader_free. */
typedef struct xhr__response_reader {
  xhr__response_part part;
  xhr__response_head_reader head;
  xhr__bytes line; /* the part of a line that is there */
  uint64_t left;
  uint64_t bytes; /* read so far, interim responses too */
  bool keep_alive;
  xhr_failure_code failure;
  const char *detail;
} xhr__response_reader;

typedef enum xhr__response_reader_result {
  XHR__RESPONSE_MORE,     /* all bytes are used up */
  XHR__RESPONSE_HEAD,     /* reader->head is complete */
  XHR__RESPONSE_BODY,     /* `body` is the next piece of the body */
  XHR__RESPONSE_COMPLETE, /* what is left of the bytes is not part of the response */
  XHR__RESPONSE_FAILED    /* `failure` says why */
} xhr__response_reader_result;

/* Reads on in `bytes`, which are cut from the front. `to_head`: the request's method is HEAD. */
xhr__response_reader_result xhr__response_reader_read(xhr__response_reader *reader, bool to_head,
                                                      xhr__str *bytes, xhr__str *body);
/* The connection was closed in good order inside the head, behind a header line: whether there is one. What is there of
 * another is dropped, and an empty line makes the head complete for xhr__response_reader_read. */
bool xhr__response_reader_may_end_head(xhr__response_reader *reader);
/* What the connection's end means: XHR_FAILURE_NONE for a complete response. */
xhr_failure_code xhr__response_reader_closed(const xhr__response_reader *reader);
/* Ready for the next response. */
void xhr__response_reader_clear(xhr__response_reader *reader);
void xhr__response_reader_free(xhr__response_reader *reader);

#endif
