/* The command line. Every option is one row of a table in options.c: --help, and what is accepted where, come from it. */
#ifndef XHR__CLI_OPTIONS_H
#define XHR__CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The values of an option that may be given several times, in order; they are the command line's own. */
typedef struct cli_list {
  const char **items;
  size_t count, capacity;
} cli_list;

typedef enum cli_mode {
  CLI_FETCH, /* xhr URL */
  CLI_RUN,   /* xhr run FILE, xhr run -e CODE */
  CLI_PAGE,  /* xhr page URL */
  CLI_PROMPT /* xhr, on a terminal */
} cli_mode;

typedef struct cli_options {
  cli_mode mode;
  bool help, version;
  /* all, or two of them */
  const char *origin, *base, *cacert, *cert, *key, *proxy;
  cli_list resolve;
  bool insecure;
  bool has_timeout;
  uint32_t timeout_ms; /* never 0 where there is one */
  const char *url;     /* of xhr page a file's name, too */
  /* xhr URL */
  const char *method, *upload_file, *user, *output;
  cli_list headers, data, form;
  bool remote_name, include, fail, verbose, silent;
  /* xhr run */
  const char *code;
  const char *file; /* NULL where `code` is given; "-" is standard input */
  bool module;
  char **arguments; /* of the script; NULL ends them */
  int argument_count;
} cli_options;

/* Reads the command line. True where it is right. Else it has said what is wrong, and the command ends with CLI_USAGE. The
 * caller frees the lists, in either case. */
bool cli_options_parse(cli_options *options, int argc, char **argv);
void cli_options_free(cli_options *options);

/* Prints --help, --version. */
void cli_print_help(void);
void cli_print_version(void);

/* Says what is wrong with the command line, and how to learn more: "xhr: …". */
void cli_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* "xhr: …" and a newline, on standard error. */
void cli_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
