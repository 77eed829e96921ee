#include "cli/line_editor.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { DEFAULT_COLUMNS = 80, HISTORY_MAX = 500, KEY_MAX = 16 };

void cli_line_free(cli_line_editor *editor) {
  for (size_t i = 0; i < editor->count; i++)
    xhr__bytes_free(&editor->history[i]);
  xhr__free(editor->history);
  xhr__bytes_free(&editor->text);
  xhr__bytes_free(&editor->draft);
  *editor = (cli_line_editor){0};
}

/* ---- characters ------------------------------------------------------------------------------------------------- */

static bool is_continuation(uint8_t c) {
  return (c & 0xc0) == 0x80;
}

/* The place before, or behind, the character at the cursor. */
static size_t before(const cli_line_editor *editor, size_t at) {
  while (at > 0 && is_continuation((uint8_t)editor->text.data[--at]))
    continue;
  return at;
}

static size_t behind(const cli_line_editor *editor, size_t at) {
  if (at < editor->text.len)
    at++;
  while (at < editor->text.len && is_continuation((uint8_t)editor->text.data[at]))
    at++;
  return at;
}

/* The code point at `at`, as far as it is well-formed. */
static uint32_t code_point(const xhr__bytes *text, size_t at) {
  uint8_t first = (uint8_t)text->data[at];
  uint32_t c = first < 0xc0   ? first
               : first < 0xe0 ? first & 0x1f
               : first < 0xf0 ? first & 0xf
                              : first & 7;
  for (at++; first >= 0xc0 && at < text->len && is_continuation((uint8_t)text->data[at]); at++)
    c = c << 6 | ((uint8_t)text->data[at] & 0x3f);
  return c;
}

/* How many columns a terminal gives a character, near enough. */
static unsigned width_of(uint32_t c) {
  static const uint32_t wide[][2] = {{0x1100, 0x115f}, {0x2e80, 0xa4cf},   {0xac00, 0xd7a3},
                                     {0xf900, 0xfaff}, {0xfe30, 0xfe6f},   {0xff00, 0xff60},
                                     {0xffe0, 0xffe6}, {0x1f300, 0x1faff}, {0x20000, 0x3fffd}};
  if ((c >= 0x300 && c <= 0x36f) || (c >= 0x200b && c <= 0x200f) || (c >= 0xfe00 && c <= 0xfe0f))
    return 0;
  for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
    if (c >= wide[i][0] && c <= wide[i][1])
      return 2;
  }
  return 1;
}

static unsigned width_at(const cli_line_editor *editor, size_t at) {
  return width_of(code_point(&editor->text, at));
}

static size_t width_between(const cli_line_editor *editor, size_t from, size_t to) {
  size_t width = 0;
  for (; from < to; from = behind(editor, from))
    width += width_at(editor, from);
  return width;
}

static bool is_word_byte(const cli_line_editor *editor, size_t at) {
  uint8_t c = (uint8_t)editor->text.data[at];
  return xhr__is_ascii_alnum(c) || c == '_' || c == '$' || c >= 0x80;
}

static size_t word_start(const cli_line_editor *editor, size_t at) {
  while (at > 0 && !is_word_byte(editor, at - 1))
    at--;
  while (at > 0 && is_word_byte(editor, at - 1))
    at--;
  return at;
}

static size_t word_end(const cli_line_editor *editor, size_t at) {
  while (at < editor->text.len && !is_word_byte(editor, at))
    at++;
  while (at < editor->text.len && is_word_byte(editor, at))
    at++;
  return at;
}

/* ---- drawing ---------------------------------------------------------------------------------------------------- */

static size_t columns(void) {
  struct winsize size;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return DEFAULT_COLUMNS;
}

static void draw(cli_line_editor *editor, size_t start, size_t end) {
  fputs(editor->shown ? "\r\x1b[K" : "", stdout);
  printf("%s%.*s", editor->prompt, (int)(end - start),
         editor->text.data ? editor->text.data + start : "");
  size_t back = width_between(editor, editor->cursor, end);
  if (back > 0)
    printf("\x1b[%zuD", back);
  fflush(stdout);
  editor->shown = true;
}

/* One line of the terminal: of a text that is longer, the part around the cursor. */
void cli_line_show(cli_line_editor *editor) {
  size_t room = columns(), prompt = strlen(editor->prompt);
  room = room > prompt + 1 ? room - prompt - 1 : 1;
  size_t start = editor->cursor, end = start, width = 0, one;
  while (start > 0 && width + (one = width_at(editor, before(editor, start))) <= room) {
    width += one;
    start = before(editor, start);
  }
  while (end < editor->text.len && width + (one = width_at(editor, end)) <= room) {
    width += one;
    end = behind(editor, end);
  }
  draw(editor, start, end);
}

/* ---- changing --------------------------------------------------------------------------------------------------- */

/* Puts a text in the place of what stands between two places, as far as there is memory, and the cursor behind it. */
static void replace(cli_line_editor *editor, size_t from, size_t to, xhr__str with) {
  xhr__bytes made = {0};
  xhr__str old = xhr__bytes_str(&editor->text);
  if (xhr__bytes_append(&made, xhr__str_slice(old, 0, from)) == XHR_OK &&
      xhr__bytes_append(&made, with) == XHR_OK &&
      xhr__bytes_append(&made, xhr__str_from(old, to)) == XHR_OK) {
    xhr__bytes_move(&editor->text, &made);
    editor->cursor = from + with.len;
  }
  xhr__bytes_free(&made);
}

static void erase(cli_line_editor *editor, size_t from, size_t to) {
  replace(editor, from, to, XHR__STR_EMPTY);
}

/* Shows another line of those typed before, or the new one again. */
static void recall(cli_line_editor *editor, bool older) {
  if (older ? editor->at == 0 : editor->at >= editor->count)
    return;
  if (editor->at == editor->count &&
      xhr__bytes_assign(&editor->draft, xhr__bytes_str(&editor->text)) != XHR_OK)
    return;
  editor->at += older ? (size_t)-1 : 1;
  const xhr__bytes *line =
      editor->at < editor->count ? &editor->history[editor->at] : &editor->draft;
  (void)xhr__bytes_assign(&editor->text, xhr__bytes_str(line));
  editor->cursor = editor->text.len;
}

static void remember(cli_line_editor *editor) {
  xhr__str line = xhr__bytes_str(&editor->text);
  if (line.len == 0 || (editor->count > 0 &&
                        xhr__str_equals(xhr__bytes_str(&editor->history[editor->count - 1]), line)))
    return;
  if (editor->count == HISTORY_MAX) {
    xhr__bytes_free(&editor->history[0]);
    memmove(editor->history, editor->history + 1, (HISTORY_MAX - 1) * sizeof *editor->history);
    editor->count--;
  }
  void *array = editor->history;
  if (!xhr__grow(&array, &editor->capacity, editor->count + 1, sizeof *editor->history))
    return;
  editor->history = array;
  editor->history[editor->count] = (xhr__bytes){0};
  xhr__bytes_move(&editor->history[editor->count++], &editor->text);
}

void cli_line_clear(cli_line_editor *editor, bool remember_it) {
  if (remember_it)
    remember(editor);
  xhr__bytes_clear(&editor->text);
  xhr__bytes_clear(&editor->draft);
  editor->cursor = 0;
  editor->at = editor->count;
}

/* ---- keys ------------------------------------------------------------------------------------------------------- */

#define CONTROL(letter) ((letter)&0x1f)
enum { ESCAPE = 0x1b, DELETE = 0x7f };

static bool is_plain(uint8_t c) {
  return c >= ' ' && c < DELETE;
}

/* How many bytes the first key of `typed` has; 0: it is not all there. */
static size_t key_length(xhr__str typed) {
  uint8_t first = xhr__str_at(typed, 0);
  if (first >= 0xc0) {
    size_t len = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    return typed.len < len ? 0 : len;
  }
  if (first != ESCAPE) {
    /* What is pasted is one key. */
    size_t len = 1;
    while (is_plain(first) && len < typed.len && is_plain(xhr__str_at(typed, len)))
      len++;
    return len;
  }
  if (typed.len < 2)
    return 0;
  uint8_t second = xhr__str_at(typed, 1);
  if (second == 'O')
    return typed.len < 3 ? 0 : 3;
  if (second != '[')
    return 2;
  for (size_t i = 2; i < typed.len; i++) {
    if (xhr__str_at(typed, i) >= 0x40)
      return i + 1;
  }
  return typed.len > KEY_MAX ? typed.len : 0;
}

/* The keys that terminals tell by a sequence: what does the same among the others. */
static uint8_t plain_key(xhr__str key) {
  static const struct {
    const char *sequence;
    uint8_t same;
  } keys[] = {
      {"[A", CONTROL('P')},
      {"[B", CONTROL('N')},
      {"[C", CONTROL('F')},
      {"[D", CONTROL('B')},
      {"[H", CONTROL('A')},
      {"[F", CONTROL('E')},
      {"OA", CONTROL('P')},
      {"OB", CONTROL('N')},
      {"OC", CONTROL('F')},
      {"OD", CONTROL('B')},
      {"OH", CONTROL('A')},
      {"OF", CONTROL('E')},
      {"[1~", CONTROL('A')},
      {"[7~", CONTROL('A')},
      {"[4~", CONTROL('E')},
      {"[8~", CONTROL('E')},
      {"[3~", CONTROL('X')},
      {"[1;5C", 'f'},
      {"[1;3C", 'f'},
      {"[1;5D", 'b'},
      {"[1;3D", 'b'},
      {"f", 'f'},
      {"b", 'b'},
      {"d", 'd'},
      {"\x7f", CONTROL('W')},
  };
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    if (xhr__str_equals(xhr__str_from(key, 1), xhr__str_c(keys[i].sequence)))
      return keys[i].same;
  }
  return 0;
}

/* 'b', 'd' and 'f' are Alt with that letter; Ctrl-X stands for Delete. */
static void do_key(cli_line_editor *editor, uint8_t key) {
  size_t at = editor->cursor;
  switch (key) {
    case CONTROL('A'): editor->cursor = 0; break;
    case CONTROL('E'): editor->cursor = editor->text.len; break;
    case CONTROL('B'): editor->cursor = before(editor, at); break;
    case CONTROL('F'): editor->cursor = behind(editor, at); break;
    case 'b': editor->cursor = word_start(editor, at); break;
    case 'f': editor->cursor = word_end(editor, at); break;
    case CONTROL('H'):
    case DELETE: erase(editor, before(editor, at), at); break;
    case CONTROL('D'):
    case CONTROL('X'):
      erase(editor, at, behind(editor, at));
      editor->cursor = at;
      break;
    case CONTROL('U'): erase(editor, 0, at); break;
    case CONTROL('K'): erase(editor, at, editor->text.len); break;
    case CONTROL('W'): erase(editor, word_start(editor, at), at); break;
    case 'd': erase(editor, at, word_end(editor, at)); break;
    case CONTROL('P'): recall(editor, true); break;
    case CONTROL('N'): recall(editor, false); break;
    case CONTROL('L'): fputs("\x1b[H\x1b[2J", stdout); break;
    case '\t': replace(editor, at, at, XHR__STR("  ")); break;
    default: break;
  }
}

cli_typed cli_line_take(cli_line_editor *editor, xhr__bytes *typed) {
  cli_typed result = CLI_TYPED_PART;
  while (typed->len > 0 && result == CLI_TYPED_PART) {
    size_t len = key_length(xhr__bytes_str(typed));
    if (len == 0)
      break;
    xhr__str key = xhr__str_slice(xhr__bytes_str(typed), 0, len);
    uint8_t first = xhr__str_at(key, 0);
    if (first == '\n' || first == '\r') {
      result = CLI_TYPED_LINE;
      editor->cursor = editor->text.len;
    } else if (first == CONTROL('D') && editor->text.len == 0) {
      result = CLI_TYPED_END;
    } else if (first >= ' ' && first != DELETE) {
      replace(editor, editor->cursor, editor->cursor, key);
    } else {
      do_key(editor, first == ESCAPE ? plain_key(key) : first);
    }
    xhr__bytes_consume(typed, len);
  }
  /* What is done stands there whole, for whoever scrolls back. */
  if (result == CLI_TYPED_LINE)
    draw(editor, 0, editor->text.len);
  else
    cli_line_show(editor);
  return result;
}
