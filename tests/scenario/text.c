#include "scenario/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "infra/utf8.h"

/* Bytes that a log line quotes in full. */
enum { QUOTED_MAX = 240 };

void *need(void *pointer) {
  if (!pointer) {
    fputs("scenario-runner: out of memory\n", stderr);
    abort();
  }
  return pointer;
}

void text_free(text *t) {
  free(t->data);
  *t = (text){0};
}

void text_clear(text *t) {
  t->len = 0;
  if (t->data)
    t->data[0] = '\0';
}

void text_append(text *t, xhr__str s) {
  if (t->capacity - t->len <= s.len) {
    t->capacity = (t->len + s.len + 64) * 2;
    t->data = need(realloc(t->data, t->capacity));
  }
  if (s.len)
    memcpy(t->data + t->len, s.data, s.len);
  t->len += s.len;
  t->data[t->len] = '\0';
}

void text_append_c(text *t, const char *s) {
  text_append(t, xhr__str_c(s));
}

void text_append_byte(text *t, char byte) {
  text_append(t, xhr__str_of(&byte, 1));
}

void text_printf(text *t, const char *format, ...) {
  char *line = NULL;
  va_list arguments;
  va_start(arguments, format);
  int len = vasprintf(&line, format, arguments);
  va_end(arguments);
  if (len < 0)
    need(NULL);
  text_append(t, xhr__str_of(line, (size_t)len));
  free(line);
}

xhr__str text_str(const text *t) {
  return xhr__str_of(t->data ? t->data : "", t->len);
}

/* FNV-1a. */
static uint32_t checksum(xhr__str bytes) {
  uint32_t hash = 2166136261u;
  for (size_t i = 0; i < bytes.len; i++)
    hash = (hash ^ xhr__str_at(bytes, i)) * 16777619u;
  return hash;
}

void text_append_quoted(text *t, xhr__str bytes) {
  if (bytes.len > QUOTED_MAX) {
    text_printf(t, "%zu bytes, checksum %08x", bytes.len, checksum(bytes));
    return;
  }
  bool utf8 = xhr__utf8_is_valid(bytes);
  text_append_byte(t, '"');
  for (size_t i = 0; i < bytes.len; i++) {
    uint8_t c = xhr__str_at(bytes, i);
    switch (c) {
      case '\r': text_append_c(t, "\\r"); break;
      case '\n': text_append_c(t, "\\n"); break;
      case '\t': text_append_c(t, "\\t"); break;
      case '"': text_append_c(t, "\\\""); break;
      case '\\': text_append_c(t, "\\\\"); break;
      default:
        if (c < 0x20 || c == 0x7f || (c >= 0x80 && !utf8))
          text_printf(t, "\\x%02x", c);
        else
          text_append_byte(t, (char)c);
    }
  }
  text_append_byte(t, '"');
}

xhr__str take_word(xhr__str *s) {
  size_t end = xhr__str_find(*s, 0, ' ');
  xhr__str word = xhr__str_slice(*s, 0, end);
  while (end < s->len && s->data[end] == ' ')
    end++;
  *s = xhr__str_from(*s, end);
  return word;
}

/* One character behind a backslash; `*i` is its place and moves to the last one it uses. */
static const char *read_escape(text *t, xhr__str s, size_t *i) {
  if (*i >= s.len)
    return "a backslash at the end";
  switch (s.data[*i]) {
    case 'r': text_append_byte(t, '\r'); return NULL;
    case 'n': text_append_byte(t, '\n'); return NULL;
    case 't': text_append_byte(t, '\t'); return NULL;
    case '"':
    case '\\': text_append_byte(t, s.data[*i]); return NULL;
    case 'x':
      if (*i + 2 >= s.len || !xhr__is_ascii_hex_digit(xhr__str_at(s, *i + 1)) ||
          !xhr__is_ascii_hex_digit(xhr__str_at(s, *i + 2)))
        return "\\x wants two hex digits";
      text_append_byte(t, (char)(xhr__hex_value(xhr__str_at(s, *i + 1)) * 16 +
                                 xhr__hex_value(xhr__str_at(s, *i + 2))));
      *i += 2;
      return NULL;
  }
  return "no such escape";
}

static const char *read_quoted(text *t, xhr__str *s) {
  if (s->len == 0 || s->data[0] != '"')
    return "a literal is \"text\", repeat N \"text\" or hex digits";
  for (size_t i = 1; i < s->len; i++) {
    if (s->data[i] == '"') {
      *s = xhr__str_from(*s, i + 1);
      while (s->len && s->data[0] == ' ')
        *s = xhr__str_from(*s, 1);
      return NULL;
    }
    if (s->data[i] != '\\') {
      text_append_byte(t, s->data[i]);
      continue;
    }
    i++;
    const char *wrong = read_escape(t, *s, &i);
    if (wrong)
      return wrong;
  }
  return "a quote is not closed";
}

static const char *read_repeat(text *t, xhr__str *s) {
  uint64_t times;
  text one = {0};
  if (!xhr__str_to_u64(take_word(s), &times))
    return "repeat wants a number";
  const char *wrong = read_quoted(&one, s);
  for (uint64_t i = 0; !wrong && i < times; i++)
    text_append(t, text_str(&one));
  text_free(&one);
  return wrong;
}

/* Hex digits in pairs, to the end of the line. */
static const char *read_hex(text *t, xhr__str *s) {
  while (s->len) {
    xhr__str word = take_word(s);
    if (word.len % 2)
      return "hex digits come in pairs";
    for (size_t i = 0; i < word.len; i += 2) {
      uint8_t high = xhr__str_at(word, i), low = xhr__str_at(word, i + 1);
      if (!xhr__is_ascii_hex_digit(high) || !xhr__is_ascii_hex_digit(low))
        return "hex wants hex digits";
      text_append_byte(t, (char)(xhr__hex_value(high) * 16 + xhr__hex_value(low)));
    }
  }
  return NULL;
}

const char *literal_read(text *t, xhr__str *s) {
  if (xhr__str_starts_with(*s, XHR__STR("repeat "))) {
    take_word(s);
    return read_repeat(t, s);
  }
  if (xhr__str_starts_with(*s, XHR__STR("hex "))) {
    take_word(s);
    return read_hex(t, s);
  }
  return read_quoted(t, s);
}

const char *literals_read(text *t, xhr__str s) {
  const char *wrong = NULL;
  while (s.len && !wrong)
    wrong = literal_read(t, &s);
  return wrong;
}
