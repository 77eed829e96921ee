/* The Content-Length header. */
#ifndef XHR__FETCH_EXTRACT_LENGTH_H
#define XHR__FETCH_EXTRACT_LENGTH_H

#include "infra/bytes.h"

/* https://fetch.spec.whatwg.org/#header-list-extract-a-length
 * `values` are those of the Content-Length headers, in order; `count` may be 0. XHR_OK, with `*has_length` false for
 * the standard's null; XHR_SYNTAX_ERR for its failure (values that contradict each other); XHR_OUT_OF_MEMORY.
 * A number past 64 bits gives UINT64_MAX. */
xhr_status xhr__extract_length(const xhr__str *values, size_t count, bool *has_length,
                               uint64_t *length);

#endif
