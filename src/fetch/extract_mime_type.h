/* The Content-Type header. */
#ifndef XHR__FETCH_EXTRACT_MIME_TYPE_H
#define XHR__FETCH_EXTRACT_MIME_TYPE_H

#include "encoding/encoding.h"
#include "mime/mime_type.h"

/* https://fetch.spec.whatwg.org/#concept-header-extract-mime-type
 * `values` are those of the Content-Type headers, in order; `count` may be 0. XHR_OK; XHR_SYNTAX_ERR for the
 * standard's failure (no header, or none that parses); XHR_OUT_OF_MEMORY. `mime_type` changes on XHR_OK only. */
xhr_status xhr__extract_mime_type(const xhr__str *values, size_t count, xhr__mime_type *mime_type);

/* https://fetch.spec.whatwg.org/#legacy-extract-an-encoding
 * `mime_type` is NULL for failure. */
xhr__encoding xhr__legacy_extract_encoding(const xhr__mime_type *mime_type, xhr__encoding fallback);

#endif
