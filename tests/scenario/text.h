/* Growing text on malloc, not on libxhr's allocator: that one fails on purpose while scenarios run. No memory: abort. */
#ifndef TESTS_SCENARIO_TEXT_H
#define TESTS_SCENARIO_TEXT_H

#include "infra/str.h"

/* Zero-initialise; free with text_free. There is always a NUL behind what was appended. */
typedef struct text {
  char *data;
  size_t len, capacity;
} text;

void text_free(text *t);
void text_clear(text *t);
void text_append(text *t, xhr__str s);
void text_append_c(text *t, const char *s);
void text_append_byte(text *t, char byte);
__attribute__((format(printf, 2, 3))) void text_printf(text *t, const char *format, ...);
/* Bytes as a literal of the case files; long ones as their length and checksum. */
void text_append_quoted(text *t, xhr__str bytes);
/* Borrowed until the text changes. */
xhr__str text_str(const text *t);

/* Memory or abort. */
void *need(void *pointer);

/* Reads literals up to the end of `s`: "text with \r \n \t \\ \" \xNN", repeat N "text", hex 1f 8b. What they stand for
 * is appended to `t`. Returns NULL, or what is wrong. */
const char *literals_read(text *t, xhr__str s);
/* Reads one literal from the front of `*s`. */
const char *literal_read(text *t, xhr__str *s);
/* Takes the next word, up to a space or the end, and the spaces behind it. */
xhr__str take_word(xhr__str *s);

#endif
