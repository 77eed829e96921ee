/* The terminal's mode while a line is edited: what is typed comes at once, and is not shown by the terminal. */
#ifndef XHR__CLI_TERMINAL_H
#define XHR__CLI_TERMINAL_H

#include <stdbool.h>

/* Sets it; at the program's end it is as before. False where standard input or output is no terminal, or one that cannot
 * move its cursor. */
bool cli_terminal_edit(void);
/* Sets it again, after the program was stopped and another one had the terminal. */
void cli_terminal_edit_again(void);
/* As it was before. May be called in a signal handler, and where nothing was set. */
void cli_terminal_restore(void);

#endif
