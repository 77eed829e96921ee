#include "cli/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* A sample is taken this often, and the rate is that since the oldest. */
#define SAMPLE_EVERY (250 * XHR__MILLISECOND)
#define SECOND       (1000 * XHR__MILLISECOND)

enum { DEFAULT_COLUMNS = 80, LEAST_BAR = 8, MOST_BAR = 40 };

void cli_format_bytes(char *text, size_t size, uint64_t bytes) {
  static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  size_t unit = 0;
  double scaled = (double)bytes / 1024;
  if (bytes < 1024) {
    snprintf(text, size, "%" PRIu64 " bytes", bytes);
    return;
  }
  while (scaled >= 999.95 && unit + 1 < sizeof units / sizeof *units) {
    scaled /= 1024;
    unit++;
  }
  snprintf(text, size, "%.1f %s", scaled, units[unit]);
}

/* "0:07", "12:34", "3:02:01" */
static void format_seconds(char *text, size_t size, double seconds) {
  uint64_t all = seconds < 1e9 ? (uint64_t)(seconds + 0.5) : 999999999;
  if (all < 3600)
    snprintf(text, size, "%" PRIu64 ":%02" PRIu64, all / 60, all % 60);
  else
    snprintf(text, size, "%" PRIu64 ":%02" PRIu64 ":%02" PRIu64, all / 3600, all / 60 % 60,
             all % 60);
}

void cli_progress_init(cli_progress *progress, bool shown, bool stays) {
  *progress = (cli_progress){.shown = shown && isatty(STDERR_FILENO) != 0, .stays = stays};
  progress->parts[0].name = "upload";
  progress->parts[1].name = "download";
}

static void take_sample(cli_progress_part *part, xhr__time now) {
  if (part->sample_count > 0 && now - part->samples[part->sample_count - 1].at < SAMPLE_EVERY)
    return;
  if (part->sample_count == CLI_PROGRESS_SAMPLES) {
    memmove(part->samples, part->samples + 1, (CLI_PROGRESS_SAMPLES - 1) * sizeof *part->samples);
    part->sample_count--;
  }
  part->samples[part->sample_count].at = now;
  part->samples[part->sample_count++].loaded = part->loaded;
}

/* Bytes per second: of late, or of the whole. */
static double rate(const cli_progress_part *part, xhr__time now, bool whole) {
  xhr__time since = whole ? part->begun_at : part->samples[0].at;
  uint64_t before = whole ? 0 : part->samples[0].loaded;
  if (now <= since)
    return 0;
  return (double)(part->loaded - before) * (double)SECOND / (double)(now - since);
}

void cli_progress_update(cli_progress *progress, bool upload, const xhr_event *event) {
  cli_progress_part *part = &progress->parts[upload ? 0 : 1];
  if (!progress->shown)
    return;
  xhr__time now = xhr__clock_now(&xhr__monotonic_clock);
  if (!part->begun) {
    part->begun = true;
    part->begun_at = now;
    part->loaded = 0;
    take_sample(part, now);
  }
  part->loaded = event->loaded;
  part->total = event->length_computable ? event->total : 0;
  take_sample(part, now);
  progress->current = part;
  cli_progress_draw(progress);
}

static unsigned columns(void) {
  struct winsize size;
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return DEFAULT_COLUMNS;
}

/* What stands right of the bar: how much, how fast, how long. */
static void format_figures(char *text, size_t size, const cli_progress_part *part, xhr__time now,
                           bool ended) {
  char loaded[32], total[32], speed[32], time[32];
  double per_second = rate(part, now, ended);
  cli_format_bytes(loaded, sizeof loaded, part->loaded);
  cli_format_bytes(total, sizeof total, part->total);
  cli_format_bytes(speed, sizeof speed, (uint64_t)per_second);
  bool counts_down = !ended && part->total > 0 && per_second > 0;
  format_seconds(time, sizeof time,
                 counts_down ? (double)(part->total - part->loaded) / per_second
                             : (double)(now - part->begun_at) / (double)SECOND);
  if (part->total > 0 && !ended)
    snprintf(text, size, " %s of %s  %s/s  %s%s", loaded, total, speed, time,
             counts_down ? " left" : "");
  else
    snprintf(text, size, " %s  %s/s  %s%s", loaded, speed, ended ? "in " : "", time);
}

/* "[####      ]", as wide as there is room; nothing where there is too little. */
static int format_bar(char *text, size_t size, const cli_progress_part *part, int room) {
  int width = room - 2 < MOST_BAR ? room - 2 : MOST_BAR;
  if (width < LEAST_BAR || part->total == 0 || (size_t)width + 3 > size)
    return 0;
  int full = (int)((double)width * (double)part->loaded / (double)part->total);
  text[0] = '[';
  memset(text + 1, '#', (size_t)full);
  memset(text + 1 + full, ' ', (size_t)(width - full));
  text[width + 1] = ']';
  text[width + 2] = '\0';
  return width + 2;
}

static void draw(cli_progress *progress, bool ended) {
  cli_progress_part *part = progress->current;
  if (!progress->shown || !part)
    return;
  char line[320], figures[160], bar[MOST_BAR + 3] = "";
  xhr__time now = xhr__clock_now(&xhr__monotonic_clock);
  take_sample(part, now);
  format_figures(figures, sizeof figures, part, now, ended);
  int width = (int)columns() - 1;
  int len = part->total > 0 ? snprintf(line, sizeof line, "%-8s %3d %% ", part->name,
                                       (int)(100.0 * (double)part->loaded / (double)part->total))
                            : snprintf(line, sizeof line, "%-8s ", part->name);
  format_bar(bar, sizeof bar, part, width - len - (int)strlen(figures));
  len += snprintf(line + len, sizeof line - (size_t)len, "%s%s", bar, figures);
  /* Back to the line's start, what fits into it, and nothing behind. */
  fprintf(stderr, "\r%.*s\x1b[K", len < width ? len : width, line);
  fflush(stderr);
  progress->drawn = true;
}

void cli_progress_draw(cli_progress *progress) {
  draw(progress, false);
}

void cli_progress_clear(cli_progress *progress) {
  if (!progress->drawn)
    return;
  fputs("\r\x1b[K", stderr);
  fflush(stderr);
  progress->drawn = false;
}

void cli_progress_end(cli_progress *progress, bool complete) {
  if (progress->stays && progress->current) {
    draw(progress, complete);
    if (progress->drawn)
      fputc('\n', stderr);
    progress->drawn = false;
  }
  cli_progress_clear(progress);
  progress->shown = false;
}
