/* The prompt: a read-eval-print loop. */
#ifndef XHR__CLI_REPL_H
#define XHR__CLI_REPL_H

#include "cli/script.h"

/* Reads from the terminal until it ends, or .exit. The exit status. */
int cli_repl(cli_script *script);

#endif
