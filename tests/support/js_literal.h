/* String literals of JavaScript, as web-platform-tests' files write them. */
#ifndef TESTS_JS_LITERAL_H
#define TESTS_JS_LITERAL_H

#include "infra/bytes.h"

/* A literal whose opening quotation mark is at `*at`; appends its text as UTF-8 and leaves `*at` behind it. Knows \x,
 * \u with and without braces, pairs of surrogates, \n and \r. Aborts without memory. */
void js_literal_read(xhr__str file, size_t *at, xhr__bytes *text);

#endif
