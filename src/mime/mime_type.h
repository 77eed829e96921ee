/* https://mimesniff.spec.whatwg.org/#mime-type-representation
 * A MIME type record: parsed, serialized, its parameters read and set.
 *
 * Strings inside a record are isomorphic: one byte is one code point up to U+00FF, as the standard limits them, and as
 * a header carries them. Functions without a suffix take and give such bytes; those called _utf8 take and give UTF-8,
 * for strings that come from or go to a program. */
#ifndef XHR__MIME_MIME_TYPE_H
#define XHR__MIME_MIME_TYPE_H

#include "infra/bytes.h"

typedef struct xhr__mime_parameter {
  xhr__bytes name;
  xhr__bytes value;
} xhr__mime_parameter;

/* Zero-initialise ({0}); free with xhr__mime_type_free. Type and subtype are stored joined, as the essence. */
typedef struct xhr__mime_type {
  xhr__bytes essence;
  size_t type_len;
  xhr__mime_parameter *parameters; /* in order */
  size_t parameter_count;
  size_t parameter_capacity;
} xhr__mime_type;

/* Frees the memory and leaves a zeroed record. */
void xhr__mime_type_free(xhr__mime_type *mime_type);
/* Makes `to` a copy; on XHR_OUT_OF_MEMORY `to` is unchanged. What `to` held is freed. */
xhr_status xhr__mime_type_copy(xhr__mime_type *to, const xhr__mime_type *from);
/* Moves the record, freeing what `to` held; `from` is zeroed. */
void xhr__mime_type_move(xhr__mime_type *to, xhr__mime_type *from);

/* https://mimesniff.spec.whatwg.org/#parse-a-mime-type-from-bytes
 * XHR_OK; XHR_SYNTAX_ERR for the standard's failure; XHR_OUT_OF_MEMORY. `mime_type` changes on XHR_OK only, then what
 * it held is freed. */
xhr_status xhr__mime_type_parse(xhr__mime_type *mime_type, xhr__str input);
/* https://mimesniff.spec.whatwg.org/#parse-a-mime-type, the string given as UTF-8. */
xhr_status xhr__mime_type_parse_utf8(xhr__mime_type *mime_type, xhr__str input);

/* https://mimesniff.spec.whatwg.org/#serialize-a-mime-type-to-bytes
 * Appends to `out`; on XHR_OUT_OF_MEMORY `out` is as before. */
xhr_status xhr__mime_type_serialize(const xhr__mime_type *mime_type, xhr__bytes *out);
/* https://mimesniff.spec.whatwg.org/#serialize-a-mime-type, as UTF-8. */
xhr_status xhr__mime_type_serialize_utf8(const xhr__mime_type *mime_type, xhr__bytes *out);

/* Type, subtype, essence; lower case, borrowed from the record. */
xhr__str xhr__mime_type_type(const xhr__mime_type *mime_type);
xhr__str xhr__mime_type_subtype(const xhr__mime_type *mime_type);
xhr__str xhr__mime_type_essence(const xhr__mime_type *mime_type);
/* `essence` in lower case. */
bool xhr__mime_type_essence_is(const xhr__mime_type *mime_type, xhr__str essence);

/* False where the parameter does not exist. `name` in lower case; the value is borrowed from the record. */
bool xhr__mime_type_get_parameter(const xhr__mime_type *mime_type, xhr__str name, xhr__str *value);
/* Sets, in place where it exists, else at the end. `name` a lower-case token, `value` isomorphic. On
 * XHR_OUT_OF_MEMORY nothing changed. */
xhr_status xhr__mime_type_set_parameter(xhr__mime_type *mime_type, xhr__str name, xhr__str value);

#endif
