/* https://encoding.spec.whatwg.org/#specification-hooks: whole byte sequences to UTF-8 text. All append to `out`; on
 * any failure `out` is as before. XHR_OK or XHR_OUT_OF_MEMORY where nothing else is said. */
#ifndef XHR__ENCODING_DECODE_H
#define XHR__ENCODING_DECODE_H

#include "encoding/encoding.h"
#include "infra/bytes.h"

/* https://encoding.spec.whatwg.org/#bom-sniff
 * XHR__ENCODING_NONE for null; else also the mark's length through `len`, which may be NULL. */
xhr__encoding xhr__bom_sniff(xhr__str bytes, size_t *len);
/* https://encoding.spec.whatwg.org/#decode: a byte order mark overrides `fallback`. */
xhr_status xhr__decode(xhr__str bytes, xhr__encoding fallback, xhr__bytes *out);
/* https://encoding.spec.whatwg.org/#utf-8-decode: a byte order mark is dropped. */
xhr_status xhr__utf_8_decode(xhr__str bytes, xhr__bytes *out);
/* https://encoding.spec.whatwg.org/#utf-8-decode-without-bom: a byte order mark is kept as U+FEFF. */
xhr_status xhr__utf_8_decode_without_bom(xhr__str bytes, xhr__bytes *out);
/* https://encoding.spec.whatwg.org/#utf-8-decode-without-bom-or-fail: XHR_ENCODING_ERR for failure. */
xhr_status xhr__utf_8_decode_without_bom_or_fail(xhr__str bytes, xhr__bytes *out);

#endif
