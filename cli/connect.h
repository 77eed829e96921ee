/* The session and context that the command line asks for. */
#ifndef XHR__CLI_CONNECT_H
#define XHR__CLI_CONNECT_H

#include "cli/exit_codes.h"
#include "cli/options.h"
#include "xhr.h"

/* A context on a loop of its own, of a session that works inside that loop: cheapest where there is one thread. Says on
 * standard error what is wrong. The caller drops the context by xhr_context_unref. */
cli_exit cli_connect(const cli_options *options, xhr_context **context);

#endif
