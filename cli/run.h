/* xhr run FILE: a script with XMLHttpRequest and what goes with it. */
#ifndef XHR__CLI_RUN_H
#define XHR__CLI_RUN_H

#include "cli/options.h"

/* The exit status, which a script may choose itself. */
int cli_run(const cli_options *options);

#endif
