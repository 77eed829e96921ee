/* The request's body, from -d, -F and -T. */
#ifndef XHR__CLI_REQUEST_BODY_H
#define XHR__CLI_REQUEST_BODY_H

#include "cli/exit_codes.h"
#include "cli/options.h"
#include "xhr/body.h"

/* NULL through `body` where there is none. The one reference is the caller's. Says what is wrong. */
cli_exit cli_request_body(const cli_options *options, xhr_body **body);

#endif
