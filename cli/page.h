/* xhr page URL: a page with its scripts. */
#ifndef XHR__CLI_PAGE_H
#define XHR__CLI_PAGE_H

#include "cli/exit_codes.h"
#include "cli/options.h"

cli_exit cli_page(const cli_options *options);

#endif
