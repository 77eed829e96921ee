/* A line of text that is typed, with the keys that shells have, and those typed before. */
#ifndef XHR__CLI_LINE_EDITOR_H
#define XHR__CLI_LINE_EDITOR_H

#include "infra/bytes.h"

typedef struct cli_line_editor {
  const char *prompt; /* "> " */
  xhr__bytes text;    /* UTF-8 */
  size_t cursor;      /* in bytes */
  bool shown;         /* it stands in the terminal's line; else the cursor is at the start of one */
  /* Lines typed before, the oldest first; `at` is that which is shown, `count` for the new one, which `draft` keeps. */
  xhr__bytes *history;
  size_t count, capacity, at;
  xhr__bytes draft;
} cli_line_editor;

typedef enum cli_typed {
  CLI_TYPED_PART, /* all was taken, the line is not at its end */
  CLI_TYPED_LINE, /* Enter */
  CLI_TYPED_END   /* Ctrl-D on an empty line */
} cli_typed;

void cli_line_free(cli_line_editor *editor);
/* Takes what is typed, up to the end of a line; the rest of a key that is not all there stays in `typed`. After
 * CLI_TYPED_LINE `text` is the line, which is to be cleared by cli_line_clear. */
cli_typed cli_line_take(cli_line_editor *editor, xhr__bytes *typed);
/* Empties it; what it held is remembered with `remember`. */
void cli_line_clear(cli_line_editor *editor, bool remember);
/* Draws it, on standard output. */
void cli_line_show(cli_line_editor *editor);

#endif
