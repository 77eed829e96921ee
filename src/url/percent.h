/* Percent-encoded bytes: https://url.spec.whatwg.org/#percent-encoded-bytes */
#ifndef XHR__URL_PERCENT_H
#define XHR__URL_PERCENT_H

#include "infra/bytes.h"

/* The percent-encode sets; each is one bit of xhr__percent_encode_sets[byte]. */
typedef enum xhr__percent_encode_set {
  XHR__C0_CONTROL_PERCENT_ENCODE_SET = 1,
  XHR__FRAGMENT_PERCENT_ENCODE_SET = 2,
  XHR__QUERY_PERCENT_ENCODE_SET = 4,
  XHR__SPECIAL_QUERY_PERCENT_ENCODE_SET = 8,
  XHR__PATH_PERCENT_ENCODE_SET = 16,
  XHR__USERINFO_PERCENT_ENCODE_SET = 32,
  XHR__COMPONENT_PERCENT_ENCODE_SET = 64,
  XHR__URLENCODED_PERCENT_ENCODE_SET = 128
} xhr__percent_encode_set;

extern const uint8_t xhr__percent_encode_sets[256];

static inline bool xhr__in_percent_encode_set(uint8_t byte, xhr__percent_encode_set set) {
  return (xhr__percent_encode_sets[byte] & set) != 0;
}

/* An encoding other than UTF-8: the standard's "encode or fail". Reads `input` (UTF-8) from `*position` on, appends
 * the encoded bytes to `out` and moves `*position` behind what was read. It stops at the end with `*error` =
 * XHR__PERCENT_NO_ERROR, or behind a code point which the encoding lacks, with that code point in `*error`. `encoder` keeps what a stateful
 * encoder must remember between two calls for one input. Returns XHR_OK or XHR_OUT_OF_MEMORY. */
#define XHR__PERCENT_NO_ERROR UINT32_MAX
typedef struct xhr__percent_encoding {
  xhr_status (*encode_or_fail)(void *encoder, xhr__str input, size_t *position, xhr__bytes *out,
                               uint32_t *error);
  void *encoder;
} xhr__percent_encoding;

/* Appends the percent-decoding of `input` to `out`. */
xhr_status xhr__percent_decode(xhr__str input, xhr__bytes *out);

/* Percent-encode after encoding: appends to `out`. `input` is UTF-8; `encoding` NULL means UTF-8. */
xhr_status xhr__percent_encode_after_encoding(const xhr__percent_encoding *encoding, xhr__str input,
                                              xhr__percent_encode_set set, xhr__bytes *out);

/* UTF-8 percent-encode: appends to `out`. */
xhr_status xhr__utf8_percent_encode(xhr__str input, xhr__percent_encode_set set, xhr__bytes *out);

#endif
