#include "support/json.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_DEPTH 200

typedef struct parser {
  const char *p, *end;
  json *all;
} parser;

static bool parse_value(parser *self, json *value, int depth);

static void *must(void *pointer) {
  if (!pointer)
    abort();
  return pointer;
}

static json *new_value(parser *self) {
  json *value = must(calloc(1, sizeof *value));
  value->all = self->all;
  self->all = value;
  return value;
}

static void skip_space(parser *self) {
  while (self->p < self->end && xhr__is_http_whitespace((uint8_t)*self->p))
    self->p++;
}

static bool take(parser *self, char c) {
  skip_space(self);
  if (self->p == self->end || *self->p != c)
    return false;
  self->p++;
  return true;
}

static bool take_word(parser *self, const char *word) {
  size_t len = strlen(word);
  if ((size_t)(self->end - self->p) < len || memcmp(self->p, word, len) != 0)
    return false;
  self->p += len;
  return true;
}

static bool hex4(parser *self, uint32_t *unit) {
  *unit = 0;
  if (self->end - self->p < 4)
    return false;
  for (int i = 0; i < 4; i++, self->p++) {
    if (!xhr__is_ascii_hex_digit((uint8_t)*self->p))
      return false;
    *unit = *unit * 16 + xhr__hex_value((uint8_t)*self->p);
  }
  return true;
}

static char *put_code_point(char *out, uint32_t cp) {
  if (cp < 0x80) {
    *out++ = (char)cp;
    return out;
  }
  if (cp < 0x800) {
    *out++ = (char)(0xC0 | (cp >> 6));
  } else {
    if (cp < 0x10000) {
      *out++ = (char)(0xE0 | (cp >> 12));
    } else {
      *out++ = (char)(0xF0 | (cp >> 18));
      *out++ = (char)(0x80 | ((cp >> 12) & 0x3F));
    }
    *out++ = (char)(0x80 | ((cp >> 6) & 0x3F));
  }
  *out++ = (char)(0x80 | (cp & 0x3F));
  return out;
}

/* Behind "\u": the code point, with the second half of a surrogate pair where there is one. */
static bool unicode_escape(parser *self, uint32_t *cp, bool *lone) {
  if (!hex4(self, cp))
    return false;
  if (*cp < 0xD800 || *cp > 0xDFFF)
    return true;
  const char *after = self->p;
  uint32_t low;
  if (*cp < 0xDC00 && take_word(self, "\\u") && hex4(self, &low) && low >= 0xDC00 &&
      low <= 0xDFFF) {
    *cp = 0x10000 + ((*cp - 0xD800) << 10) + (low - 0xDC00);
    return true;
  }
  self->p = after;
  *cp = 0xFFFD;
  *lone = true;
  return true;
}

static bool escape(parser *self, char **out, bool *lone) {
  static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
  if (self->p == self->end)
    return false;
  char c = *self->p++;
  if (c == 'u') {
    uint32_t cp;
    if (!unicode_escape(self, &cp, lone))
      return false;
    *out = put_code_point(*out, cp);
    return true;
  }
  const char *found = c ? strchr(from, c) : NULL;
  if (!found)
    return false;
  *(*out)++ = to[found - from];
  return true;
}

/* Behind the opening quote. The text is never longer than its JSON form. */
static bool parse_string(parser *self, xhr__str *text, bool *lone) {
  const char *quote = self->p;
  while (quote < self->end && *quote != '"')
    quote += *quote == '\\' ? 2 : 1;
  if (quote >= self->end)
    return false;
  char *data = must(malloc((size_t)(quote - self->p) + 1));
  char *out = data;
  *lone = false;
  bool good = true;
  while (good && self->p < quote) {
    char c = *self->p++;
    if (c == '\\')
      good = escape(self, &out, lone);
    else
      *out++ = c;
  }
  *out = '\0';
  self->p = quote + 1;
  *text = xhr__str_of(data, (size_t)(out - data));
  return good;
}

/* Items of an array or members of an object, behind the opening bracket. */
static bool parse_children(parser *self, json *parent, int depth) {
  bool object = parent->type == JSON_OBJECT;
  char close = object ? '}' : ']';
  json **link = &parent->child;
  if (take(self, close))
    return true;
  do {
    json *child = new_value(self);
    *link = child;
    link = &child->next;
    bool lone;
    if (object && (!take(self, '"') || !parse_string(self, &child->key, &lone) || !take(self, ':')))
      return false;
    if (!parse_value(self, child, depth + 1))
      return false;
  } while (take(self, ','));
  return take(self, close);
}

static bool parse_number(parser *self, json *value) {
  const char *start = self->p;
  while (self->p < self->end && (xhr__is_ascii_digit((uint8_t)*self->p) ||
                                 (*self->p && strchr("+-.eE", *self->p) != NULL)))
    self->p++;
  value->type = JSON_NUMBER;
  size_t len = (size_t)(self->p - start);
  if (len == 0)
    return false;
  char *copy = must(malloc(len + 1));
  memcpy(copy, start, len);
  copy[len] = '\0';
  value->text = xhr__str_of(copy, len);
  return true;
}

static bool parse_value(parser *self, json *value, int depth) {
  if (depth > MAX_DEPTH)
    return false;
  if (take(self, '"')) {
    value->type = JSON_STRING;
    return parse_string(self, &value->text, &value->lone);
  }
  if (take(self, '[')) {
    value->type = JSON_ARRAY;
    return parse_children(self, value, depth);
  }
  if (take(self, '{')) {
    value->type = JSON_OBJECT;
    return parse_children(self, value, depth);
  }
  if (take_word(self, "null"))
    return true;
  if (take_word(self, "true")) {
    value->type = JSON_TRUE;
    return true;
  }
  if (take_word(self, "false")) {
    value->type = JSON_FALSE;
    return true;
  }
  return parse_number(self, value);
}

static void free_all(json *value) {
  while (value) {
    json *next = value->all;
    free((void *)(uintptr_t)value->text.data);
    free((void *)(uintptr_t)value->key.data);
    free(value);
    value = next;
  }
}

json *json_parse(xhr__str input) {
  parser self = {input.data, input.data + input.len, NULL};
  if (take_word(&self, "\xEF\xBB\xBF"))
    skip_space(&self);
  json *document = new_value(&self);
  bool good = parse_value(&self, document, 0);
  skip_space(&self);
  if (!good || self.p != self.end) {
    free_all(self.all);
    return NULL;
  }
  /* The document was the first value made, so it is the last of the chain: turn it round, to free from it. */
  json *chain = NULL;
  for (json *value = self.all; value;) {
    json *next = value->all;
    value->all = chain;
    chain = value;
    value = next;
  }
  return chain;
}

json *json_read(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file)
    return NULL;
  char *data = NULL;
  size_t len = 0, capacity = 0, got;
  do {
    if (len == capacity) {
      capacity = capacity ? capacity * 2 : 65536;
      data = must(realloc(data, capacity));
    }
    got = fread(data + len, 1, capacity - len, file);
    len += got;
  } while (got > 0);
  fclose(file);
  json *document = json_parse(xhr__str_of(data, len));
  free(data);
  if (!document)
    fprintf(stderr, "%s is no JSON text\n", path);
  return document;
}

void json_free(json *document) {
  free_all(document);
}

const json *json_get(const json *object, const char *key) {
  if (!object || object->type != JSON_OBJECT)
    return NULL;
  for (const json *member = object->child; member; member = member->next) {
    if (xhr__str_equals(member->key, xhr__str_c(key)))
      return member;
  }
  return NULL;
}

xhr__str json_string(const json *object, const char *key) {
  const json *member = json_get(object, key);
  return member && member->type == JSON_STRING ? member->text : XHR__STR_EMPTY;
}

bool json_has_string(const json *object, const char *key) {
  const json *member = json_get(object, key);
  return member && member->type == JSON_STRING;
}

size_t json_count(const json *value) {
  size_t count = 0;
  for (const json *child = value ? value->child : NULL; child; child = child->next)
    count++;
  return count;
}

long json_integer(const json *value) {
  return value && value->type == JSON_NUMBER ? strtol(value->text.data, NULL, 10) : 0;
}
