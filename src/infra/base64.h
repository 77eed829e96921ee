/* https://infra.spec.whatwg.org/#forgiving-base64 */
#ifndef XHR__INFRA_BASE64_H
#define XHR__INFRA_BASE64_H

#include "infra/bytes.h"

/* Appends the encoding of `data`, which must not lie in `out`, padded. XHR_OK, XHR_OUT_OF_MEMORY (then `out` is as before). */
xhr_status xhr__base64_encode(xhr__str data, xhr__bytes *out);
/* Appends the bytes that `text`, which must not lie in `out`, stands for. XHR_OK; XHR_SYNTAX_ERR for failure,
 * XHR_OUT_OF_MEMORY (then `out` is as before). */
xhr_status xhr__base64_decode(xhr__str text, xhr__bytes *out);

#endif
