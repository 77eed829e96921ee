/* libxhr: strings as (pointer, length). */
#ifndef XHR_STRING_H
#define XHR_STRING_H

#include <stddef.h>
#include <string.h>

#include "xhr/api.h"

/**
 * Borrowed bytes with their length; they may hold NUL, and need not end in one. `data` == NULL means "null", where a
 * function says that it tells null from empty.
 */
typedef struct xhr_string {
  const char *data;
  size_t len;
} xhr_string;

XHR_BEGIN_DECLS

/**
 * A NUL-terminated text as an xhr_string.
 *
 * @param text borrowed; NULL gives the null string
 */
static inline xhr_string xhr_str(const char *text) {
  xhr_string string;
  string.data = text;
  string.len = text ? strlen(text) : 0;
  return string;
}

/**
 * `len` bytes at `data` as an xhr_string.
 *
 * @param data borrowed
 */
static inline xhr_string xhr_strn(const char *data, size_t len) {
  xhr_string string;
  string.data = data;
  string.len = len;
  return string;
}

XHR_END_DECLS

#endif
