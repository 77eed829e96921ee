#include "cli/input.h"

/* Templates within templates are followed this deep. */
enum { DEEPEST = 32 };

/* Where the scanner is. */
typedef struct scanner {
  xhr__str text;
  size_t at;
  unsigned depth;              /* of brackets */
  unsigned templates[DEEPEST]; /* the depth of brackets at which each "${" was opened */
  unsigned template_count;
  bool value; /* what came last ends a value, so that "/" divides */
} scanner;

static char peek(const scanner *s, size_t ahead) {
  return s->at + ahead < s->text.len ? s->text.data[s->at + ahead] : '\0';
}

/* Behind the quote that ends a string, or at the line's end where none does. */
static void skip_string(scanner *s, char quote) {
  for (s->at++; s->at < s->text.len && peek(s, 0) != '\n'; s->at++) {
    if (peek(s, 0) == '\\')
      s->at++;
    else if (peek(s, 0) == quote) {
      s->at++;
      break;
    }
  }
  s->value = true;
}

/* Text of a template, from `at` on. False where it does not end. */
static bool skip_template(scanner *s) {
  for (; s->at < s->text.len; s->at++) {
    char c = peek(s, 0);
    if (c == '\\') {
      s->at++;
    } else if (c == '`') {
      s->at++;
      s->value = true;
      return true;
    } else if (c == '$' && peek(s, 1) == '{') {
      s->at += 2;
      s->value = false;
      if (s->template_count == DEEPEST)
        return false;
      s->templates[s->template_count++] = s->depth++;
      return true;
    }
  }
  return false;
}

/* False where the comment does not end. */
static bool skip_comment(scanner *s) {
  bool block = peek(s, 1) == '*';
  size_t end = xhr__str_find_str(s->text, s->at + 2, block ? XHR__STR("*/") : XHR__STR("\n"));
  if (end == s->text.len && block)
    return false;
  s->at = end + (block ? 2 : 0);
  return true;
}

static void skip_regexp(scanner *s) {
  bool class = false;
  for (s->at++; s->at < s->text.len && peek(s, 0) != '\n'; s->at++) {
    char c = peek(s, 0);
    if (c == '\\')
      s->at++;
    else if (c == '[')
      class = true;
    else if (c == ']')
      class = false;
    else if (c == '/' && !class) {
      s->at++;
      break;
    }
  }
  s->value = true;
}

/* Words that an expression follows: behind them "/" begins a regular expression. */
static bool is_operator_word(xhr__str word) {
  static const char *const words[] = {"return", "typeof", "case", "in",   "of",    "delete",
                                      "void",   "throw",  "new",  "else", "await", "yield"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    if (xhr__str_equals(word, xhr__str_c(words[i])))
      return true;
  }
  return false;
}

static bool is_word(char c) {
  return xhr__is_ascii_alnum((uint8_t)c) || c == '_' || c == '$' || (uint8_t)c >= 0x80;
}

static void skip_word(scanner *s) {
  size_t start = s->at;
  while (is_word(peek(s, 0)))
    s->at++;
  s->value = !is_operator_word(xhr__str_slice(s->text, start, s->at));
}

/* "}" ends a block, or the "${" of a template. False where the template does not end. */
static bool close_brace(scanner *s) {
  s->at++;
  s->value = true;
  if (s->depth > 0)
    s->depth--;
  if (s->template_count == 0 || s->templates[s->template_count - 1] != s->depth)
    return true;
  s->template_count--;
  return skip_template(s);
}

/* One token. False where the text ends inside it. */
static bool skip_token(scanner *s) {
  char c = peek(s, 0), next = peek(s, 1);
  switch (c) {
    case '"':
    case '\'': skip_string(s, c); return true;
    case '`': s->at++; return skip_template(s);
    case '}': return close_brace(s);
    case '(':
    case '[':
    case '{':
      s->depth++;
      s->value = false;
      break;
    case ')':
    case ']':
      s->depth -= s->depth > 0;
      s->value = true;
      break;
    case '/':
      if (next == '/' || next == '*')
        return skip_comment(s);
      if (!s->value) {
        skip_regexp(s);
        return true;
      }
      s->value = false;
      break;
    default:
      if (is_word(c)) {
        skip_word(s);
        return true;
      }
      if (!xhr__is_ascii_whitespace((uint8_t)c))
        s->value = false;
      break;
  }
  s->at++;
  return true;
}

bool cli_input_is_open(xhr__str text) {
  scanner s = {.text = text};
  while (s.at < text.len) {
    if (!skip_token(&s))
      return true;
  }
  return s.depth > 0;
}
