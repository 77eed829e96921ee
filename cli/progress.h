/* The progress bar: one line of a terminal, drawn again and again. */
#ifndef XHR__CLI_PROGRESS_H
#define XHR__CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "infra/clock.h"
#include "xhr/event.h"

enum { CLI_PROGRESS_SAMPLES = 16 };

/* One direction. */
typedef struct cli_progress_part {
  const char *name; /* "upload", "download" */
  bool begun;
  xhr__time begun_at;
  uint64_t loaded, total; /* total 0: unknown */
  /* What was loaded when, for the rate: the last few seconds. */
  struct {
    xhr__time at;
    uint64_t loaded;
  } samples[CLI_PROGRESS_SAMPLES];
  size_t sample_count;
} cli_progress_part;

typedef struct cli_progress {
  bool shown;                 /* standard error is a terminal, and nobody asked for silence */
  bool drawn;                 /* something stands in the line */
  bool stays;                 /* at the end the line is left as it is */
  cli_progress_part parts[2]; /* upload, download */
  cli_progress_part *current; /* NULL: none has begun */
} cli_progress;

void cli_progress_init(cli_progress *progress, bool shown, bool stays);
/* An event of the request's body, or of the response's. */
void cli_progress_update(cli_progress *progress, bool upload, const xhr_event *event);
/* Draws it as it is now; to be called now and then also where nothing happens. */
void cli_progress_draw(cli_progress *progress);
/* Takes the line away, so that something else may be written there. */
void cli_progress_clear(cli_progress *progress);
/* The end. */
void cli_progress_end(cli_progress *progress, bool complete);

/* "12 bytes", "1.2 KiB", "64.0 MiB". */
void cli_format_bytes(char *text, size_t size, uint64_t bytes);

#endif
