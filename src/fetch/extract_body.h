/* https://fetch.spec.whatwg.org/#concept-bodyinit-extract: a body with type of each kind of object. Byte sequences are
 * xhr_body_new_bytes, entry lists xhr_body_new_form_data. Each gives one reference through `body`, on XHR_OK only. */
#ifndef XHR__FETCH_EXTRACT_BODY_H
#define XHR__FETCH_EXTRACT_BODY_H

#include "fetch/body.h"
#include "file/blob.h"

/* Shares the Blob's bytes. XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__body_from_blob(const xhr__blob *blob, xhr_body **body);
/* A scalar value string, UTF-8, copied. XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__body_from_string(xhr__str text, xhr_body **body);
/* A list as the urlencoded serializer wrote it, copied. XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__body_from_urlencoded(xhr__str serialized, xhr_body **body);

#endif
