/* https://fetch.spec.whatwg.org/#header-value-get-decode-and-split
 * One value after the other, borrowed from the input:
 *
 *   xhr__value_splitter splitter = xhr__value_splitter_of(combined);
 *   xhr__str value;
 *   while (xhr__value_splitter_next(&splitter, &value))
 *     ...
 */
#ifndef XHR__FETCH_GET_DECODE_SPLIT_H
#define XHR__FETCH_GET_DECODE_SPLIT_H

#include "infra/bytes.h"

typedef struct xhr__value_splitter {
  xhr__str input;
  size_t position;
  bool done;
} xhr__value_splitter;

/* Over one combined value. There is always at least one value, the empty string for an empty input. */
xhr__value_splitter xhr__value_splitter_of(xhr__str input);
/* False behind the last value. */
bool xhr__value_splitter_next(xhr__value_splitter *splitter, xhr__str *value);

/* https://fetch.spec.whatwg.org/#concept-header-list-get, from the values of the headers of one name, in order:
 * joined by ", ". With one value it is borrowed and `storage` stays empty; else it lies in `storage`, which must be
 * empty before and is the caller's to free. XHR_NOT_FOUND for no value at all (null); XHR_OUT_OF_MEMORY. */
xhr_status xhr__combine_values(const xhr__str *values, size_t count, xhr__bytes *storage,
                               xhr__str *combined);

#endif
