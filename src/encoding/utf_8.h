/* How far bytes are good UTF-8, and what is behind: infra/utf8.h does not tell an error from a tail that is to be
 * continued. */
#ifndef XHR__ENCODING_UTF_8_H
#define XHR__ENCODING_UTF_8_H

#include "infra/str.h"

/* What stands behind the last whole character. */
typedef enum xhr__utf_8_stop {
  XHR__UTF_8_END,        /* nothing */
  XHR__UTF_8_INCOMPLETE, /* the beginning of a character, which the end cuts off */
  XHR__UTF_8_INVALID     /* bytes that are an error */
} xhr__utf_8_stop;

/* How many bytes from `start` (<= len) on are ASCII. */
size_t xhr__ascii_prefix(xhr__str bytes, size_t start);
/* The position behind the last whole character from `start` on. For INCOMPLETE and INVALID `*stop_len` is the number
 * of bytes that stand there, together one U+FFFD. */
size_t xhr__utf_8_scan(xhr__str bytes, size_t start, xhr__utf_8_stop *stop, size_t *stop_len);

#endif
