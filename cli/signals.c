#include "cli/signals.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>

#include "cli/terminal.h"

static atomic_int caught;
static _Atomic(xhr_loop *) loop;

static void on_signal(int signal_number) {
  int saved = errno;
  if (atomic_exchange(&caught, signal_number) == signal_number && signal_number == SIGINT) {
    cli_terminal_restore();
    signal(signal_number, SIG_DFL);
    raise(signal_number);
  }
  /* An atomic store and a write(): both may be done here. */
  xhr_loop_stop(atomic_load(&loop));
  errno = saved;
}

bool cli_signals_catch(void) {
  static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGALRM};
  /* No SA_RESTART: a write or read that blocks has to end. */
  struct sigaction action = {.sa_handler = on_signal};
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    struct sigaction before;
    /* What nohup and the like have set stays so. */
    if (sigaction(numbers[i], NULL, &before) != 0 ||
        (before.sa_handler != SIG_IGN && sigaction(numbers[i], &action, NULL) != 0))
      return false;
  }
  return signal(SIGPIPE, SIG_IGN) != SIG_ERR;
}

void cli_signals_wake(xhr_loop *which) {
  atomic_store(&loop, which);
}

void cli_signals_alarm(uint32_t ms) {
  struct itimerval timer = {.it_value = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000L}};
  setitimer(ITIMER_REAL, &timer, NULL);
}

int cli_signals_caught(void) {
  return atomic_load(&caught);
}

void cli_signals_forget(void) {
  atomic_store(&caught, 0);
}

void cli_signals_die(int signal_number) {
  sigset_t all;
  fflush(NULL);
  cli_terminal_restore();
  signal(signal_number, SIG_DFL);
  sigemptyset(&all);
  sigaddset(&all, signal_number);
  sigprocmask(SIG_UNBLOCK, &all, NULL);
  raise(signal_number);
  _Exit(128 + signal_number);
}
