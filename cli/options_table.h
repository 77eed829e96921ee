/* The options as data; see options.h. */
#ifndef XHR__CLI_OPTIONS_TABLE_H
#define XHR__CLI_OPTIONS_TABLE_H

#include "cli/options.h"

typedef enum cli_option_kind {
  CLI_FLAG,   /* bool */
  CLI_TEXT,   /* const char *, the last one counts */
  CLI_LIST,   /* cli_list */
  CLI_SECONDS /* uint32_t, milliseconds */
} cli_option_kind;

typedef struct cli_option {
  char letter;      /* '\0': none */
  const char *name; /* without "--" */
  const char *argument;
  cli_option_kind kind;
  size_t offset;  /* of the member of cli_options */
  unsigned modes; /* 1 << cli_mode: where it may stand */
  const char *help;
} cli_option;

extern const cli_option cli_option_table[];
extern const size_t cli_option_count;

#endif
