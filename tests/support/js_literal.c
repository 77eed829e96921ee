#include "support/js_literal.h"

#include <stdio.h>
#include <stdlib.h>

static void must(xhr_status status) {
  if (status != XHR_OK) {
    fputs("js_literal: out of memory\n", stderr);
    abort();
  }
}

void js_literal_read(xhr__str file, size_t *at, xhr__bytes *text) {
  uint32_t lead = 0;
  for (++*at; file.data[*at] != '"'; ++*at) {
    char c = file.data[*at];
    if (c != '\\') {
      must(xhr__bytes_append_byte(text, c));
      continue;
    }
    c = file.data[++*at];
    unsigned digits = c == 'u' ? 4 : c == 'x' ? 2 : 0;
    uint32_t unit = c == 'n' ? '\n' : c == 'r' ? '\r' : (uint8_t)c;
    if (digits) {
      bool braces = file.data[*at + 1] == '{';
      *at += braces;
      for (unit = 0; braces ? file.data[*at + 1] != '}' : digits > 0; digits--)
        unit = unit << 4 | xhr__hex_value((uint8_t)file.data[++*at]);
      *at += braces;
    }
    if (unit >= 0xD800 && unit < 0xDC00) {
      lead = unit;
      continue;
    }
    if (unit >= 0xDC00 && unit < 0xE000)
      unit = 0x10000 + ((lead - 0xD800) << 10) + (unit - 0xDC00);
    must(xhr__bytes_append_code_point(text, unit));
  }
  ++*at;
}
