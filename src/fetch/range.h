/* https://fetch.spec.whatwg.org/#range-header */
#ifndef XHR__FETCH_RANGE_H
#define XHR__FETCH_RANGE_H

#include "infra/bytes.h"

/* A single range; at least one of them is there. */
typedef struct xhr__range {
  bool has_start, has_end;
  uint64_t start, end; /* past 2^64 - 1: that */
} xhr__range;

/* https://fetch.spec.whatwg.org/#simple-range-header-value; false for failure. */
bool xhr__parse_single_range(xhr__str value, bool allow_whitespace, xhr__range *range);
/* https://fetch.spec.whatwg.org/#build-a-content-range, appended to `out`. */
xhr_status xhr__build_content_range(uint64_t start, uint64_t end, uint64_t full_length,
                                    xhr__bytes *out);

#endif
