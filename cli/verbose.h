/* -v: what happens to a request, and when, on standard error. "*" marks what happened, ">" what was sent, "<" what came. */
#ifndef XHR__CLI_VERBOSE_H
#define XHR__CLI_VERBOSE_H

#include "cli/options.h"
#include "fetch/transport.h"
#include "xhr.h"

typedef struct cli_verbose {
  bool on;
  xhr__trace trace; /* for the session */
  xhr__time start;
  xhr_ready_state state; /* the last that was told of */
  uint64_t told_at[2];   /* upload, download: the milestone that comes next */
} cli_verbose;

void cli_verbose_init(cli_verbose *verbose, const cli_options *options);
/* What is going to be sent. */
void cli_verbose_send(cli_verbose *verbose, const xhr_body *body);
/* Any event of the request or of its upload object. */
void cli_verbose_event(cli_verbose *verbose, const xhr_event *event);
/* One line of one's own. */
void cli_verbose_note(const cli_verbose *verbose, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
