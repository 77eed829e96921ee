#include "fetch/extract_length.h"

#include "fetch/get_decode_split.h"

/* Step 5 of extracting a length: false where it is null. */
static bool to_number(xhr__str digits, uint64_t *number) {
  if (digits.len == 0)
    return false;
  for (size_t i = 0; i < digits.len; i++) {
    if (!xhr__is_ascii_digit(xhr__str_at(digits, i)))
      return false;
  }
  /* NOTE: the standard's numbers have no end; ours end here, above any body. */
  if (!xhr__str_to_u64(digits, number))
    *number = UINT64_MAX;
  return true;
}

/* https://fetch.spec.whatwg.org/#header-list-extract-a-length */
xhr_status xhr__extract_length(const xhr__str *values, size_t count, bool *has_length,
                               uint64_t *length) {
  xhr__bytes storage = {0};
  xhr__str combined, value;
  *has_length = false;
  /* 1. get, decode, and split */
  xhr_status status = xhr__combine_values(values, count, &storage, &combined);
  /* 2. no header: null */
  if (status == XHR_NOT_FOUND)
    return XHR_OK;
  if (status == XHR_OK) {
    /* 3. candidateValue: the first one */
    xhr__value_splitter splitter = xhr__value_splitter_of(combined);
    xhr__str candidate;
    (void)xhr__value_splitter_next(&splitter, &candidate);
    /* 4. all others must be the same */
    while (status == XHR_OK && xhr__value_splitter_next(&splitter, &value)) {
      if (!xhr__str_equals(value, candidate))
        status = XHR_SYNTAX_ERR;
    }
    /* 5. empty or no number: null; 6. */
    if (status == XHR_OK)
      *has_length = to_number(candidate, length);
  }
  xhr__bytes_free(&storage);
  return status;
}
