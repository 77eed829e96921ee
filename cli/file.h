/* Whole files. */
#ifndef XHR__CLI_FILE_H
#define XHR__CLI_FILE_H

#include "infra/bytes.h"

/* Appends all that a file holds, a pipe or device too; "-" is standard input. 0, or the system's error number (ENOMEM too;
 * EINTR where a signal was caught). */
int cli_read_file(const char *path, xhr__bytes *out);

#endif
