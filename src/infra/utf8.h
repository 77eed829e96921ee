/* UTF-8, as the Encoding Standard's UTF-8 decoder reads it. */
#ifndef XHR__INFRA_UTF8_H
#define XHR__INFRA_UTF8_H

#include "infra/bytes.h"

/* The code point at `*position` (< s.len), which moves behind it. A wrong sequence gives U+FFFD, once for each part of
 * it that the standard's decoder replaces. */
uint32_t xhr__utf8_next(xhr__str s, size_t *position);
/* No byte above 0x7F. */
bool xhr__is_ascii_string(xhr__str s);
/* UTF-8 of scalar values from end to end. */
bool xhr__utf8_is_valid(xhr__str s);
/* Appends `s`, what is wrong in it replaced by U+FFFD. On XHR_OUT_OF_MEMORY `out` is unchanged. */
xhr_status xhr__utf8_append_valid(xhr__bytes *out, xhr__str s);
/* The same for WTF-8: a surrogate becomes one U+FFFD, as converting a string to scalar values does. */
xhr_status xhr__wtf8_append_scalar(xhr__bytes *out, xhr__str s);

#endif
