/* Where a response goes: standard output or a file. */
#ifndef XHR__CLI_OUTPUT_H
#define XHR__CLI_OUTPUT_H

#include "cli/exit_codes.h"
#include "cli/options.h"
#include "infra/bytes.h"

typedef struct cli_output {
  int fd;
  bool is_file;
  bool binary_allowed; /* false: a terminal, which binary bytes would spoil */
  bool created;        /* the file was not there before */
  bool begun;          /* what the file held before is gone */
  xhr__bytes path;     /* of a file */
  cli_exit failed;     /* CLI_OK as long as all went well */
} cli_output;

/* Opens what the options name, before anything is sent; a file keeps what it holds until there is something to write.
 * Says what is wrong. */
cli_exit cli_output_open(cli_output *output, const cli_options *options);
/* False where no more is to be written: then it has said why, and `failed` is set. */
bool cli_output_write(cli_output *output, xhr__str bytes);
/* The end. `complete` empties the file where nothing was written; else one that was made for this goes again, if it is
 * empty. */
void cli_output_close(cli_output *output, bool complete);

#endif
