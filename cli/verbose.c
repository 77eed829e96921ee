#include "cli/verbose.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "cli/progress.h"
#include "infra/str.h"

/* Of a length that nobody knows, each doubling is told of, from here on. */
enum { FIRST_MILESTONE = 64 * 1024 };

void cli_verbose_init(cli_verbose *verbose, const cli_options *options) {
  *verbose = (cli_verbose){.on = options->verbose};
  verbose->start = xhr__clock_now(&xhr__monotonic_clock);
}

/* "*   12.3 ms  " */
static void print_time(const cli_verbose *verbose) {
  xhr__time passed = xhr__clock_now(&xhr__monotonic_clock) - verbose->start;
  fprintf(stderr, "* %8.1f ms  ", (double)passed / (double)XHR__MILLISECOND);
}

void cli_verbose_note(const cli_verbose *verbose, const char *format, ...) {
  if (!verbose->on)
    return;
  va_list arguments;
  va_start(arguments, format);
  print_time(verbose);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
}

void cli_verbose_send(cli_verbose *verbose, const cli_options *options, const xhr_body *body) {
  char length[32];
  if (!verbose->on)
    return;
  cli_format_bytes(length, sizeof length, xhr_body_length(body));
  for (size_t i = 0; i < options->headers.count; i++)
    fprintf(stderr, "> %s\n", options->headers.items[i]);
  cli_verbose_note(verbose, "send: %s%s", body ? "a body of " : "no body", body ? length : "");
}

/* Control characters that a server sent do not reach the terminal. */
static void print_safely(xhr__str text) {
  for (size_t i = 0; i < text.len; i++) {
    uint8_t c = xhr__str_at(text, i);
    fputc(c < ' ' || c == 0x7f ? '?' : c, stderr);
  }
}

static void print_head(const xhr_event *event) {
  xhr_string headers, url = xhr_get_response_url(event->xhr);
  xhr_string reason = xhr_get_status_text(event->xhr);
  fprintf(stderr, "< %u ", xhr_get_status(event->xhr));
  print_safely(xhr__str_of(reason.data, reason.len));
  fprintf(stderr, "  (%.*s)\n", (int)url.len, url.data);
  if (xhr_get_all_response_headers(event->xhr, &headers) != XHR_OK)
    return;
  xhr__str rest = xhr__str_of(headers.data, headers.len);
  while (rest.len > 0) {
    size_t end = xhr__str_find_str(rest, 0, XHR__STR("\r\n"));
    fputs("< ", stderr);
    print_safely(xhr__str_slice(rest, 0, end));
    fputc('\n', stderr);
    rest = xhr__str_from(rest, end < rest.len ? end + 2 : end);
  }
}

static void print_state(cli_verbose *verbose, const xhr_event *event) {
  static const char *const names[] = {"UNSENT", "OPENED", "HEADERS_RECEIVED", "LOADING", "DONE"};
  xhr_ready_state state = xhr_get_ready_state(event->xhr);
  if (state == verbose->state)
    return;
  verbose->state = state;
  cli_verbose_note(verbose, "readyState %d, %s", state, names[state]);
  if (state == XHR_HEADERS_RECEIVED)
    print_head(event);
}

/* The next length worth a line: each tenth of the total, or each doubling. */
static uint64_t next_milestone(const xhr_event *event) {
  uint64_t tenth = event->total / 10 + 1, next = FIRST_MILESTONE;
  if (event->length_computable)
    return (event->loaded / tenth + 1) * tenth;
  while (next <= event->loaded)
    next *= 2;
  return next;
}

static void print_progress(cli_verbose *verbose, const xhr_event *event, const char *what,
                           bool upload) {
  char loaded[32], total[32];
  uint64_t *told_at = &verbose->told_at[upload ? 0 : 1];
  if (event->type == XHR_EVENT_PROGRESS && event->loaded < *told_at)
    return;
  *told_at = next_milestone(event);
  cli_format_bytes(loaded, sizeof loaded, event->loaded);
  cli_format_bytes(total, sizeof total, event->total);
  cli_verbose_note(verbose, "%s%s: %s%s%s", what, xhr_event_type_name(event->type), loaded,
                   event->length_computable ? " of " : "", event->length_computable ? total : "");
}

static void print_failure(cli_verbose *verbose, const xhr_failure_info *failure) {
  if (!failure)
    return;
  cli_verbose_note(verbose, "why: %s in phase %s, host %.*s: %.*s",
                   xhr_failure_code_name(failure->code), xhr_phase_name(failure->phase),
                   (int)failure->host.len, failure->host.data, (int)failure->message.len,
                   failure->message.data);
}

void cli_verbose_event(cli_verbose *verbose, const xhr_event *event) {
  if (!verbose->on)
    return;
  bool upload = event->target == xhr_get_upload(event->xhr);
  const char *what = upload ? "upload " : "";
  switch (event->type) {
    case XHR_EVENT_READYSTATECHANGE: print_state(verbose, event); break;
    case XHR_EVENT_PROGRESS:
    case XHR_EVENT_LOAD: print_progress(verbose, event, what, upload); break;
    case XHR_EVENT_ERROR:
    case XHR_EVENT_TIMEOUT:
      cli_verbose_note(verbose, "%s%s", what, xhr_event_type_name(event->type));
      if (!upload)
        print_failure(verbose, xhr_failure(event->xhr));
      break;
    default: cli_verbose_note(verbose, "%s%s", what, xhr_event_type_name(event->type)); break;
  }
}
