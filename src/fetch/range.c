#include "fetch/range.h"

static void collect_whitespace(xhr__str data, size_t *position, bool allowed) {
  while (allowed && *position < data.len && xhr__is_http_tab_or_space(xhr__str_at(data, *position)))
    ++*position;
}

/* Collects digits: false where there are none. */
static bool collect_number(xhr__str data, size_t *position, uint64_t *value) {
  size_t start = *position;
  *value = 0;
  while (*position < data.len && xhr__is_ascii_digit(xhr__str_at(data, *position)))
    ++*position;
  if (*position == start)
    return false;
  if (!xhr__str_to_u64(xhr__str_slice(data, start, *position), value))
    *value = UINT64_MAX;
  return true;
}

static bool take(xhr__str data, size_t *position, char byte) {
  if (*position == data.len || data.data[*position] != byte)
    return false;
  ++*position;
  return true;
}

bool xhr__parse_single_range(xhr__str value, bool allow_whitespace, xhr__range *range) {
  /* 1. - 3. */
  if (!xhr__str_starts_with(value, XHR__STR("bytes")))
    return false;
  size_t position = sizeof "bytes" - 1;
  /* 4. - 6. */
  collect_whitespace(value, &position, allow_whitespace);
  if (!take(value, &position, '='))
    return false;
  /* 7. - 9. */
  collect_whitespace(value, &position, allow_whitespace);
  range->has_start = collect_number(value, &position, &range->start);
  /* 10. - 12. */
  collect_whitespace(value, &position, allow_whitespace);
  if (!take(value, &position, '-'))
    return false;
  /* 13. - 15. */
  collect_whitespace(value, &position, allow_whitespace);
  range->has_end = collect_number(value, &position, &range->end);
  /* 16. - 17. */
  if (position < value.len || (!range->has_start && !range->has_end))
    return false;
  /* 18. - 19. */
  return !range->has_start || !range->has_end || range->start <= range->end;
}

xhr_status xhr__build_content_range(uint64_t start, uint64_t end, uint64_t full_length,
                                    xhr__bytes *out) {
  /* 1. - 2. */
  xhr_status status = xhr__bytes_append(out, XHR__STR("bytes "));
  if (status == XHR_OK)
    status = xhr__bytes_append_u64(out, start);
  /* 3. - 4. */
  if (status == XHR_OK)
    status = xhr__bytes_append_byte(out, '-');
  if (status == XHR_OK)
    status = xhr__bytes_append_u64(out, end);
  /* 5. - 6. */
  if (status == XHR_OK)
    status = xhr__bytes_append_byte(out, '/');
  return status == XHR_OK ? xhr__bytes_append_u64(out, full_length) : status;
}
