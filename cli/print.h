/* What scripts print, on the standard streams. */
#ifndef XHR__CLI_PRINT_H
#define XHR__CLI_PRINT_H

#include <stddef.h>

/* What has been printed goes out: before something is waited for, and before something else is printed. */
void cli_flush(void);
/* The runtime's option of that name: whole lines, errors and warnings on standard error. Any thread. */
void cli_print(char level, const char *text, size_t len);

#endif
