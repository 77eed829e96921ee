/* Reads what stands before a response's body on the wire, line by line. */
#ifndef XHR__NET_RESPONSE_HEAD_H
#define XHR__NET_RESPONSE_HEAD_H

#include "fetch/header_list.h"
#include "xhr/failure.h"

/* Zero-initialise, then set `limit`. Cleared for each response, its memory is used again. */
typedef struct xhr__response_head_reader {
  uint64_t limit;         /* bytes of one block, and of all interim blocks together */
  uint64_t interim_bytes; /* of the interim responses so far */
  xhr__bytes block;       /* the present block's lines, each ended by LF */
  /* Once complete: */
  unsigned status;
  unsigned http_version;
  xhr__str reason; /* in `block` */
  xhr__header_list headers;
  /* Once failed: */
  xhr_failure_code failure;
  const char *detail;
} xhr__response_head_reader;

typedef enum xhr__response_head_result {
  XHR__RESPONSE_HEAD_MORE,     /* go on */
  XHR__RESPONSE_HEAD_COMPLETE, /* the final response's head is there */
  XHR__RESPONSE_HEAD_FAILED    /* `failure` says why */
} xhr__response_head_result;

/* Takes one line, its end included. A line that starts with "HTTP/" at the start of a block is a status line; an empty
 * line ends the block; interim responses are dropped. */
xhr__response_head_result xhr__response_head_line(xhr__response_head_reader *reader, xhr__str line);
/* Whether a complete head says that bytes of a body follow, to a request that is no HEAD. */
bool xhr__response_head_announces_body(const xhr__response_head_reader *reader);
/* Whether it names the length of a body that its status does not let follow. */
bool xhr__response_head_announces_stray_body(const xhr__response_head_reader *reader);
/* Ready for the next response. */
void xhr__response_head_clear(xhr__response_head_reader *reader);
void xhr__response_head_free(xhr__response_head_reader *reader);

#endif
