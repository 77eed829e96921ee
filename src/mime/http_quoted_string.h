/* Fetch's "collect an HTTP quoted string". It lives here and not in fetch/ because parsing a MIME type needs it. */
#ifndef XHR__MIME_HTTP_QUOTED_STRING_H
#define XHR__MIME_HTTP_QUOTED_STRING_H

#include "infra/bytes.h"

/* https://fetch.spec.whatwg.org/#collect-an-http-quoted-string
 * The same without the value: `*position` must stand on a quotation mark and is moved behind the quoted string. */
void xhr__skip_http_quoted_string(xhr__str input, size_t *position);
/* The same with extract-value: appends the value, unescaped, to `value`. XHR_OK or XHR_OUT_OF_MEMORY. */
xhr_status xhr__extract_http_quoted_string(xhr__str input, size_t *position, xhr__bytes *value);

#endif
