/* Unicode IDNA Compatibility Processing, as the URL Standard uses it: https://www.unicode.org/reports/tr46/
 * The mapping, the normalization and Punycode are lexbor's; the steps and what lexbor's own ToASCII leaves out (bidi,
 * joiners, marks, normalization of decoded labels, buffers beyond 4096) are here. */
#ifndef XHR__URL_IDNA_H
#define XHR__URL_IDNA_H

#include "infra/bytes.h"

/* A growing list of code points. Zero-initialise; free with xhr__code_points_free. */
typedef struct xhr__code_points {
  uint32_t *data;
  size_t len;
  size_t capacity;
} xhr__code_points;

void xhr__code_points_free(xhr__code_points *list);
xhr_status xhr__code_points_append(xhr__code_points *list, const uint32_t *data, size_t len);

/* Unicode ToASCII with CheckHyphens, UseSTD3ASCIIRules, Transitional_Processing, VerifyDnsLength and
 * IgnoreInvalidPunycode false, CheckBidi and CheckJoiners true. Appends to `out`. XHR_OK, XHR_SYNTAX_ERR (failure) or
 * XHR_OUT_OF_MEMORY; `out` is unchanged then. `domain` is valid UTF-8. */
xhr_status xhr__domain_parser_to_ascii(xhr__str domain, xhr__bytes *out);

/* Normalization Form C of a list, in place. */
xhr_status xhr__nfc(xhr__code_points *list);

/* The validity criteria for one label, but for NFC and CheckBidi: idna_validity.c */
bool xhr__idna_label_is_valid(const uint32_t *label, size_t len);
/* Whether it has a code point that makes its domain a Bidi domain name; whether it follows the Bidi Rule. */
bool xhr__idna_label_is_bidi(const uint32_t *label, size_t len);
bool xhr__idna_follows_bidi_rule(const uint32_t *label, size_t len);

#endif
