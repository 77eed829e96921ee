/* application/x-www-form-urlencoded: https://url.spec.whatwg.org/#application/x-www-form-urlencoded */
#ifndef XHR__URL_URLENCODED_H
#define XHR__URL_URLENCODED_H

#include "infra/bytes.h"
#include "url/percent.h"

/* A list of name-value tuples; names and values are UTF-8 and may hold NUL. Zero-initialise ({0}); free with
 * xhr__name_values_free. */
typedef struct xhr__name_value {
  xhr__bytes name;
  xhr__bytes value;
} xhr__name_value;

typedef struct xhr__name_values {
  xhr__name_value *items;
  size_t count;
  size_t capacity;
} xhr__name_values;

void xhr__name_values_free(xhr__name_values *list);
/* Appends a copy of both. On XHR_OUT_OF_MEMORY nothing changed. */
xhr_status xhr__name_values_append(xhr__name_values *list, xhr__str name, xhr__str value);

/* The parser: appends the tuples of `input` to `list`; on XHR_OUT_OF_MEMORY the list is as it was. */
xhr_status xhr__urlencoded_parse(xhr__str input, xhr__name_values *list);
/* The serializer: appends to `out`; `encoding` NULL means UTF-8. */
xhr_status xhr__urlencoded_serialize(const xhr__name_values *list,
                                     const xhr__percent_encoding *encoding, xhr__bytes *out);

#endif
