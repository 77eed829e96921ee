/* A streaming decoder: bytes of any encoding in, in pieces cut anywhere; UTF-8 text out.
 *
 *   xhr__decoder decoder;
 *   xhr__decoder_init(&decoder, encoding, XHR__BOM_SNIFF, false);
 *   xhr__decoder_feed(&decoder, bytes, &text);   as often as there are bytes
 *   xhr__decoder_finish(&decoder, &text);
 *
 * It is a plain value that owns nothing: no freeing, and it may be copied. */
#ifndef XHR__ENCODING_DECODER_H
#define XHR__ENCODING_DECODER_H

#include <lexbor/encoding/base.h>

#include "encoding/encoding.h"
#include "infra/bytes.h"

/* What a byte order mark at the start does. */
typedef enum xhr__bom {
  /* https://encoding.spec.whatwg.org/#decode: one of UTF-8 or UTF-16 is taken off and overrides the encoding. */
  XHR__BOM_SNIFF,
  /* https://encoding.spec.whatwg.org/#utf-8-decode, and TextDecoder: one of the encoding itself is taken off. */
  XHR__BOM_REMOVE,
  /* https://encoding.spec.whatwg.org/#utf-8-decode-without-bom, and TextDecoder's ignoreBOM: it is text. */
  XHR__BOM_KEEP
} xhr__bom;

typedef struct xhr__decoder {
  xhr__encoding encoding;
  xhr__bom bom;
  bool fatal;
  bool started;        /* no byte order mark can come any more */
  bool failed;         /* every further call fails */
  bool error_returned; /* the replacement decoder's */
  uint8_t held_len;
  char held[3];                 /* what may become a byte order mark; UTF-8's incomplete tail */
  lxb_encoding_decode_t lexbor; /* the state of the others */
} xhr__decoder;

/* Starts, or starts again. `encoding` is not NONE. `fatal`: an error ends decoding instead of giving U+FFFD. */
void xhr__decoder_init(xhr__decoder *decoder, xhr__encoding encoding, xhr__bom bom, bool fatal);
/* Appends the text of all complete characters to `out`; an incomplete one is held back.
 * XHR_OK; XHR_ENCODING_ERR in fatal mode (what was valid before it is appended); XHR_OUT_OF_MEMORY. After a failure
 * every further call fails with XHR_ENCODING_ERR until init. */
xhr_status xhr__decoder_feed(xhr__decoder *decoder, xhr__str bytes, xhr__bytes *out);
/* The end: what was held back becomes U+FFFD, or an error in fatal mode. Feeding after it needs an init. */
xhr_status xhr__decoder_finish(xhr__decoder *decoder, xhr__bytes *out);
/* The encoding in use: XHR__ENCODING_NONE while a byte order mark may still decide it, which is for two bytes at
 * most. */
xhr__encoding xhr__decoder_encoding(const xhr__decoder *decoder);

#endif
