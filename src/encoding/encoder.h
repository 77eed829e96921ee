/* Encoders: UTF-8 text to the bytes of an encoding. */
#ifndef XHR__ENCODING_ENCODER_H
#define XHR__ENCODING_ENCODER_H

#include "encoding/encoding.h"
#include "infra/bytes.h"

/* https://encoding.spec.whatwg.org/#encode
 * Appends `text` (UTF-8; what is not becomes U+FFFD first) in `encoding`, which must have an encoder (an output
 * encoding). What it cannot express becomes "&#", the code point in decimal, ";". On XHR_OUT_OF_MEMORY `out` is as
 * before; XHR_INVALID_ARGUMENT for an encoding without encoder. */
xhr_status xhr__encode(xhr__str text, xhr__encoding encoding, xhr__bytes *out);

/* https://encoding.spec.whatwg.org/#encode-or-fail, for the URL Standard, which deals with each failure itself. */
typedef struct xhr__encoder {
  xhr__encoding encoding;
  uint8_t state; /* ISO-2022-JP's */
} xhr__encoder;

#define XHR__ENCODED_ALL UINT32_MAX

/* https://encoding.spec.whatwg.org/#get-an-encoder: XHR_INVALID_ARGUMENT for an encoding without encoder. */
xhr_status xhr__encoder_init(xhr__encoder *encoder, xhr__encoding encoding);
/* Encodes from `*position` on, appending to `out` and moving `*position` behind what was read, until the end, then
 * `*unencodable` is XHR__ENCODED_ALL, or until a code point that has no bytes in the encoding, then it is that code
 * point. Call it again with the same encoder to go on. XHR_OK or XHR_OUT_OF_MEMORY. */
xhr_status xhr__encode_or_fail(xhr__encoder *encoder, xhr__str text, size_t *position,
                               xhr__bytes *out, uint32_t *unencodable);

#endif
