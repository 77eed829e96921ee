#include "cli/print.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

#include "cli/signals.h"

void cli_flush(void) {
  if (fflush(stdout) == 0 && !ferror(stdout))
    return;
  /* Nobody reads on: as with other programs, that is the end. */
  if (errno == EPIPE)
    cli_signals_die(SIGPIPE);
}

void cli_print(char level, const char *text, size_t len) {
  bool is_error = level == 'e' || level == 'w';
  flockfile(stdout);
  /* In the order in which they are printed, where both are one terminal or file. */
  if (is_error)
    cli_flush();
  if (fwrite(text, 1, len, is_error ? stderr : stdout) < len && !is_error)
    cli_flush();
  funlockfile(stdout);
}
