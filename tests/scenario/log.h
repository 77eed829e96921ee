/* The event log: lines, and how two logs are compared. */
#ifndef TESTS_SCENARIO_LOG_H
#define TESTS_SCENARIO_LOG_H

#include "scenario/text.h"

/* What only repeats is left out: of each run of download events in LOADING ("readystatechange 3", "progress") the last
 * of both, of each run of "upload progress" the last, with the indented lines below them. Lines that start with the
 * name of an XHR ("b: ...") are then sorted by that name, in order otherwise. */
void log_collapse(xhr__str log, text *out);

/* Prints both logs, marking where they part. */
void log_print_difference(xhr__str expected, xhr__str actual);

#endif
