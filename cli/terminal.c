#include "cli/terminal.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static struct termios before, editing;
static atomic_bool is_set;

bool cli_terminal_edit(void) {
  const char *type = getenv("TERM");
  if (!type || !*type || strcmp(type, "dumb") == 0 || !isatty(STDIN_FILENO) ||
      !isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &before) != 0 ||
      atexit(cli_terminal_restore) != 0)
    return false;
  /* Ctrl-C stays a signal, and "\n" goes to a line's start. */
  editing = before;
  editing.c_lflag &= ~(tcflag_t)(ICANON | ECHO | IEXTEN);
  editing.c_cc[VMIN] = 1;
  editing.c_cc[VTIME] = 0;
  atomic_store(&is_set, true);
  if (tcsetattr(STDIN_FILENO, TCSADRAIN, &editing) == 0)
    return true;
  atomic_store(&is_set, false);
  return false;
}

void cli_terminal_edit_again(void) {
  if (atomic_load(&is_set))
    tcsetattr(STDIN_FILENO, TCSADRAIN, &editing);
}

void cli_terminal_restore(void) {
  if (atomic_exchange(&is_set, false))
    tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
}
