/* The command `xhr`. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/exit_codes.h"
#include "cli/one_shot.h"
#include "cli/options.h"
#include "cli/page.h"
#include "cli/run.h"
#include "cli/signals.h"

/* Whoever starts it without standard streams gets errors where they are used: nothing else may take their numbers. */
static void occupy_standard_streams(void) {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
    if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
      return;
  }
}

static cli_exit run(const cli_options *options) {
  if (options->help)
    cli_print_help();
  else if (options->version)
    cli_print_version();
  else if (options->mode == CLI_FETCH)
    return cli_one_shot(options);
  else if (options->mode == CLI_PAGE)
    return cli_page(options);
  else
    return cli_run(options);
  return CLI_OK;
}

int main(int argc, char **argv) {
  cli_options options;
  occupy_standard_streams();
  if (!cli_signals_catch()) {
    cli_say("the system refuses to tell of signals");
    return CLI_UNCAUGHT;
  }
  int code = CLI_USAGE;
  if (cli_options_parse(&options, argc, argv))
    code = run(&options);
  cli_options_free(&options);
  int caught = cli_signals_caught();
  if (caught && caught != SIGALRM)
    cli_signals_die(caught);
  if ((fflush(stdout) != 0 || ferror(stdout)) && code == CLI_OK) {
    if (errno == EPIPE)
      cli_signals_die(SIGPIPE);
    cli_say("standard output could not be written");
    code = CLI_UNCAUGHT;
  }
  return code;
}
