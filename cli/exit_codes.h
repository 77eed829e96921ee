/* How the command ends. --help and the manual page name them; tests/cli checks that they agree. */
#ifndef XHR__CLI_EXIT_CODES_H
#define XHR__CLI_EXIT_CODES_H

typedef enum cli_exit {
  CLI_OK = 0,
  /* An uncaught exception or unhandled rejection; output that could not be written. */
  CLI_UNCAUGHT = 1,
  /* Wrong arguments, or a file that they name cannot be used. */
  CLI_USAGE = 2,
  /* The request failed, or the page could not be loaded, or --timeout passed. */
  CLI_NETWORK = 3,
  /* --fail, and the server answered 400 or more. */
  CLI_HTTP = 4
} cli_exit;

#endif
