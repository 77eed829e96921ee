/* Ctrl-C, SIGTERM and the alarm of --timeout: caught in a flag, and whoever waits in a loop is woken. */
#ifndef XHR__CLI_SIGNALS_H
#define XHR__CLI_SIGNALS_H

#include <stdbool.h>
#include <stdint.h>

#include "xhr/loop.h"

/* From now on SIGINT, SIGTERM and SIGHUP are caught, and SIGPIPE is ignored: a write says EPIPE. A second SIGINT before the
 * first was seen to ends the program at once. False where the system refuses. */
bool cli_signals_catch(void);
/* The loop whose xhr_loop_wait or xhr_loop_run a signal ends; NULL: none any more. */
void cli_signals_wake(xhr_loop *loop);
/* SIGALRM once, after so long. */
void cli_signals_alarm(uint32_t ms);
/* The signal that was caught; 0: none. And as if none had been. */
int cli_signals_caught(void);
void cli_signals_forget(void);
/* Ends the program as that signal does. */
void cli_signals_die(int signal_number) __attribute__((noreturn));

#endif
