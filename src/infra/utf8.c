#include "infra/utf8.h"

#define REPLACEMENT 0xFFFDu

/* https://encoding.spec.whatwg.org/#utf-8-decoder, for one code point. */
uint32_t xhr__utf8_next(xhr__str s, size_t *position) {
  uint8_t byte = xhr__str_at(s, (*position)++);
  uint8_t lower = 0x80, upper = 0xBF;
  unsigned needed;
  uint32_t cp;
  if (byte < 0x80)
    return byte;
  if (byte >= 0xC2 && byte <= 0xDF) {
    needed = 1;
    cp = byte & 0x1Fu;
  } else if (byte >= 0xE0 && byte <= 0xEF) {
    lower = byte == 0xE0 ? 0xA0 : 0x80;
    upper = byte == 0xED ? 0x9F : 0xBF;
    needed = 2;
    cp = byte & 0xFu;
  } else if (byte >= 0xF0 && byte <= 0xF4) {
    lower = byte == 0xF0 ? 0x90 : 0x80;
    upper = byte == 0xF4 ? 0x8F : 0xBF;
    needed = 3;
    cp = byte & 0x7u;
  } else {
    return REPLACEMENT;
  }
  for (; needed > 0; needed--) {
    if (*position >= s.len)
      return REPLACEMENT;
    byte = xhr__str_at(s, *position);
    if (byte < lower || byte > upper)
      return REPLACEMENT;
    cp = cp << 6 | (byte & 0x3Fu);
    lower = 0x80;
    upper = 0xBF;
    (*position)++;
  }
  return cp;
}

/* How many ASCII bytes start at `position`. */
static size_t ascii_run(xhr__str s, size_t position) {
  size_t i = position;
  for (uint64_t word; s.len - i >= sizeof word; i += sizeof word) {
    memcpy(&word, s.data + i, sizeof word);
    if (word & UINT64_C(0x8080808080808080))
      break;
  }
  while (i < s.len && xhr__str_at(s, i) < 0x80)
    i++;
  return i - position;
}

bool xhr__is_ascii_string(xhr__str s) {
  return ascii_run(s, 0) == s.len;
}

/* Whether what xhr__utf8_next read from `start` up to `end` as U+FFFD is U+FFFD itself. */
static bool is_real_replacement(xhr__str s, size_t start, size_t end) {
  return end - start == 3 && memcmp(s.data + start, "\xEF\xBF\xBD", 3) == 0;
}

/* The end of the valid part that begins at `position`. */
static size_t valid_end(xhr__str s, size_t position) {
  for (;;) {
    position += ascii_run(s, position);
    if (position >= s.len)
      return position;
    size_t next = position;
    if (xhr__utf8_next(s, &next) == REPLACEMENT && !is_real_replacement(s, position, next))
      return position;
    position = next;
  }
}

bool xhr__utf8_is_valid(xhr__str s) {
  return valid_end(s, 0) == s.len;
}

static bool is_surrogate(xhr__str s, size_t position) {
  return s.len - position >= 3 && xhr__str_at(s, position) == 0xED &&
         xhr__str_at(s, position + 1) >= 0xA0 && xhr__str_at(s, position + 1) <= 0xBF &&
         xhr__str_at(s, position + 2) >= 0x80 && xhr__str_at(s, position + 2) <= 0xBF;
}

static xhr_status append(xhr__bytes *out, xhr__str s, bool surrogates) {
  size_t before = out->len;
  size_t position = 0;
  for (;;) {
    size_t end = valid_end(s, position);
    xhr_status status = xhr__bytes_append(out, xhr__str_slice(s, position, end));
    if (status == XHR_OK && end == s.len)
      return XHR_OK;
    if (status == XHR_OK)
      status = xhr__bytes_append(out, XHR__STR("\xEF\xBF\xBD"));
    if (status != XHR_OK) {
      out->len = before;
      if (out->data)
        out->data[before] = '\0';
      return status;
    }
    position = end;
    if (surrogates && is_surrogate(s, end))
      position += 3;
    else
      xhr__utf8_next(s, &position);
  }
}

xhr_status xhr__utf8_append_valid(xhr__bytes *out, xhr__str s) {
  return append(out, s, false);
}

xhr_status xhr__wtf8_append_scalar(xhr__bytes *out, xhr__str s) {
  return append(out, s, true);
}
