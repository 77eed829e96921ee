/* Borrowed strings: (pointer, length), which may hold NUL and any byte. */
#ifndef XHR__INFRA_STR_H
#define XHR__INFRA_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Borrowed bytes; whoever hands one out says how long it lives. `data` may be NULL where `len` is 0. */
typedef struct xhr__str {
  const char *data;
  size_t len;
} xhr__str;

/* A literal as a borrowed string. */
#define XHR__STR(literal) ((xhr__str){("" literal), sizeof(literal) - 1})
#define XHR__STR_EMPTY    ((xhr__str){"", 0})

static inline xhr__str xhr__str_of(const char *data, size_t len) {
  return (xhr__str){data, len};
}
/* From a NUL-terminated string; NULL gives the empty string. */
static inline xhr__str xhr__str_c(const char *text) {
  return (xhr__str){text ? text : "", text ? strlen(text) : 0};
}
/* The bytes from `start` (which must be <= len) to the end; from `start` up to `end`. */
static inline xhr__str xhr__str_from(xhr__str s, size_t start) {
  return (xhr__str){s.data + start, s.len - start};
}
static inline xhr__str xhr__str_slice(xhr__str s, size_t start, size_t end) {
  return (xhr__str){s.data + start, end - start};
}
static inline uint8_t xhr__str_at(xhr__str s, size_t index) {
  return (uint8_t)s.data[index];
}

bool xhr__str_equals(xhr__str a, xhr__str b);
/* ASCII case-insensitive. */
bool xhr__str_equals_ci(xhr__str a, xhr__str b);
bool xhr__str_starts_with(xhr__str s, xhr__str prefix);
bool xhr__str_starts_with_ci(xhr__str s, xhr__str prefix);
bool xhr__str_ends_with(xhr__str s, xhr__str suffix);
/* Byte order, shorter first: <0, 0, >0. */
int xhr__str_compare(xhr__str a, xhr__str b);
/* Index of the first such byte at or after `start`, or s.len. */
size_t xhr__str_find(xhr__str s, size_t start, char byte);
/* Index of the first such sequence at or after `start`, or s.len. */
size_t xhr__str_find_str(xhr__str s, size_t start, xhr__str needle);

/* https://infra.spec.whatwg.org/#code-points, for single bytes; never the locale's. */
static inline bool xhr__is_ascii_digit(uint8_t c) {
  return c >= '0' && c <= '9';
}
static inline bool xhr__is_ascii_upper(uint8_t c) {
  return c >= 'A' && c <= 'Z';
}
static inline bool xhr__is_ascii_lower(uint8_t c) {
  return c >= 'a' && c <= 'z';
}
static inline bool xhr__is_ascii_alpha(uint8_t c) {
  return xhr__is_ascii_upper(c) || xhr__is_ascii_lower(c);
}
static inline bool xhr__is_ascii_alnum(uint8_t c) {
  return xhr__is_ascii_alpha(c) || xhr__is_ascii_digit(c);
}
static inline bool xhr__is_ascii_hex_digit(uint8_t c) {
  return xhr__is_ascii_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
/* Value of an ASCII hex digit. */
static inline unsigned xhr__hex_value(uint8_t c) {
  return xhr__is_ascii_digit(c) ? (unsigned)(c - '0') : (unsigned)((c | 0x20) - 'a' + 10);
}
static inline char xhr__ascii_lower(char c) {
  return xhr__is_ascii_upper((uint8_t)c) ? (char)(c | 0x20) : c;
}
static inline char xhr__ascii_upper(char c) {
  return xhr__is_ascii_lower((uint8_t)c) ? (char)(c & ~0x20) : c;
}
/* TAB, LF, FF, CR, SPACE. */
static inline bool xhr__is_ascii_whitespace(uint8_t c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}
/* Fetch's HTTP whitespace: TAB, LF, CR, SPACE; HTTP tab or space: TAB, SPACE. */
static inline bool xhr__is_http_whitespace(uint8_t c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
static inline bool xhr__is_http_tab_or_space(uint8_t c) {
  return c == ' ' || c == '\t';
}
/* https://mimesniff.spec.whatwg.org/#http-token-code-point */
bool xhr__is_http_token_byte(uint8_t c);
/* At least one byte and all of them token bytes. */
bool xhr__is_http_token(xhr__str s);

/* Without the bytes of that class at both ends. */
xhr__str xhr__str_trim_http_whitespace(xhr__str s);
xhr__str xhr__str_trim_http_tab_or_space(xhr__str s);
xhr__str xhr__str_trim_ascii_whitespace(xhr__str s);

/* Decimal digits only, at least one, within 64 bits. */
bool xhr__str_to_u64(xhr__str s, uint64_t *value);

#endif
