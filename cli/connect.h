/* The session and context that the command line asks for. */
#ifndef XHR__CLI_CONNECT_H
#define XHR__CLI_CONNECT_H

#include "cli/exit_codes.h"
#include "cli/options.h"
#include "fetch/transport.h"
#include "xhr.h"

/* A context on a loop of its own, of a session that works inside that loop: cheapest where there is one thread; a page's has a
 * thread of its own. Says on
 * standard error what is wrong. `trace`, which may be NULL, hears what goes over the wire as long as the context lives. The caller drops the context by xhr_context_unref. */
cli_exit cli_connect(const cli_options *options, const xhr__trace *trace, xhr_context **context);

#endif
