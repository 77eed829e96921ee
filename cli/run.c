#include "cli/run.h"

#include "cli/exit_codes.h"

int cli_run(const cli_options *options) {
  (void)options;
  return CLI_USAGE;
}
