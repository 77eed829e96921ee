/* Runs one case file. Each prints what is wrong, below the case's name, and returns whether all is right. */
#ifndef TESTS_SCENARIO_RUN_H
#define TESTS_SCENARIO_RUN_H

#include "scenario/scenario.h"

typedef enum verdict { VERDICT_PASSED, VERDICT_FAILED, VERDICT_SKIPPED } verdict;

/* On the scripted transport with a fake clock: the server's bytes whole, each alone, and cut in two at every place. */
verdict run_scripted(const char *path);
/* Over a socket. */
verdict run_socket(const char *path, driver d);
/* Scripted, with the 1st, 2nd, ... allocation failing, once and for ever after. Adds to `*runs` how often it was
 * played. */
verdict run_alloc_fail(const char *path, size_t *runs);

#endif
