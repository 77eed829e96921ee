/* Between our encodings and lexbor's, for src/encoding/ alone.
 *
 * Lexbor 3.0 keeps to the standard but for these, which are mended here, each with a test: nine labels (encoding.c);
 * the replacement decoder, Shift_JIS's lead bytes 0xE1 to 0xFB, ISO-2022-JP's end, gb18030's U+FFFF and a flag that
 * its errors leave set (decoder.c); Shift_JIS's NEC duplicates, GB18030-2022's eighteen code points, ISO-2022-JP's way
 * out of JIS X 0208 at an error (encoder.c). */
#ifndef XHR__ENCODING_LEXBOR_ENCODING_H
#define XHR__ENCODING_LEXBOR_ENCODING_H

#include <lexbor/encoding/encoding.h>

#include "encoding/encoding.h"

/* Not for XHR__ENCODING_NONE. A constant. */
const lxb_encoding_data_t *xhr__lexbor_encoding(xhr__encoding encoding);

#endif
