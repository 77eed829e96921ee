#include "infra/str.h"

bool xhr__str_equals(xhr__str a, xhr__str b) {
  return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

bool xhr__str_equals_ci(xhr__str a, xhr__str b) {
  return a.len == b.len && xhr__str_starts_with_ci(a, b);
}

bool xhr__str_starts_with(xhr__str s, xhr__str prefix) {
  return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.data, prefix.data, prefix.len) == 0);
}

bool xhr__str_starts_with_ci(xhr__str s, xhr__str prefix) {
  if (s.len < prefix.len)
    return false;
  for (size_t i = 0; i < prefix.len; i++) {
    if (xhr__ascii_lower(s.data[i]) != xhr__ascii_lower(prefix.data[i]))
      return false;
  }
  return true;
}

bool xhr__str_ends_with(xhr__str s, xhr__str suffix) {
  return s.len >= suffix.len && xhr__str_equals(xhr__str_from(s, s.len - suffix.len), suffix);
}

int xhr__str_compare(xhr__str a, xhr__str b) {
  size_t common = a.len < b.len ? a.len : b.len;
  int order = common ? memcmp(a.data, b.data, common) : 0;
  if (order != 0)
    return order;
  return a.len < b.len ? -1 : a.len > b.len;
}

size_t xhr__str_find(xhr__str s, size_t start, char byte) {
  if (start >= s.len)
    return s.len;
  const char *found = memchr(s.data + start, byte, s.len - start);
  return found ? (size_t)(found - s.data) : s.len;
}

size_t xhr__str_find_str(xhr__str s, size_t start, xhr__str needle) {
  if (needle.len == 0)
    return start < s.len ? start : s.len;
  for (size_t i = xhr__str_find(s, start, needle.data[0]); i < s.len && s.len - i >= needle.len;
       i = xhr__str_find(s, i + 1, needle.data[0])) {
    if (memcmp(s.data + i, needle.data, needle.len) == 0)
      return i;
  }
  return s.len;
}

bool xhr__is_http_token_byte(uint8_t c) {
  if (xhr__is_ascii_alnum(c))
    return true;
  return c != 0 && strchr("!#$%&'*+-.^_`|~", c) != NULL;
}

bool xhr__is_http_token(xhr__str s) {
  for (size_t i = 0; i < s.len; i++) {
    if (!xhr__is_http_token_byte(xhr__str_at(s, i)))
      return false;
  }
  return s.len > 0;
}

static xhr__str trim(xhr__str s, bool (*in_class)(uint8_t)) {
  while (s.len > 0 && in_class(xhr__str_at(s, 0)))
    s = xhr__str_from(s, 1);
  while (s.len > 0 && in_class(xhr__str_at(s, s.len - 1)))
    s.len--;
  return s;
}

xhr__str xhr__str_trim_http_whitespace(xhr__str s) {
  return trim(s, xhr__is_http_whitespace);
}

xhr__str xhr__str_trim_http_tab_or_space(xhr__str s) {
  return trim(s, xhr__is_http_tab_or_space);
}

xhr__str xhr__str_trim_ascii_whitespace(xhr__str s) {
  return trim(s, xhr__is_ascii_whitespace);
}

bool xhr__str_to_u64(xhr__str s, uint64_t *value) {
  uint64_t sum = 0;
  if (s.len == 0)
    return false;
  for (size_t i = 0; i < s.len; i++) {
    if (!xhr__is_ascii_digit(xhr__str_at(s, i)))
      return false;
    if (__builtin_mul_overflow(sum, 10, &sum))
      return false;
    if (__builtin_add_overflow(sum, (uint64_t)(s.data[i] - '0'), &sum))
      return false;
  }
  *value = sum;
  return true;
}
