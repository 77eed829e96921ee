/* xhr URL: one request, through the same XMLHttpRequest as everybody's. */
#ifndef XHR__CLI_ONE_SHOT_H
#define XHR__CLI_ONE_SHOT_H

#include "cli/exit_codes.h"
#include "cli/options.h"

cli_exit cli_one_shot(const cli_options *options);

#endif
