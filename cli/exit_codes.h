/* How the command ends. --help and the manual page name them; tests/cli checks that they agree. */
#ifndef XHR__CLI_EXIT_CODES_H
#define XHR__CLI_EXIT_CODES_H

typedef enum cli_exit {
  CLI_OK = 0,
  CLI_UNCAUGHT =
      1, /* an uncaught exception or unhandled rejection; output that could not be written */
  CLI_USAGE = 2,   /* wrong arguments, or a file that they name cannot be used */
  CLI_NETWORK = 3, /* the request failed, or --timeout passed */
  CLI_HTTP = 4     /* --fail, and the server answered 400 or more */
} cli_exit;

#endif
