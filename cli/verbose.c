#include "cli/verbose.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "cli/progress.h"
#include "infra/str.h"

/* Of a length that nobody knows, each doubling is told of, from here on. */
enum { FIRST_MILESTONE = 64 * 1024 };

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

/* Control characters that a server sent do not reach the terminal. */
static void print_safely(xhr__str text) {
  for (size_t i = 0; i < text.len; i++) {
    uint8_t c = xhr__str_at(text, i);
    fputc(c < ' ' || c == 0x7f ? '?' : c, stderr);
  }
}

/* Lines of text, each behind `mark`. */
static void print_lines(const char *mark, xhr__str text) {
  while (text.len > 0) {
    size_t end = xhr__str_find(text, 0, '\n');
    xhr__str line = xhr__str_slice(text, 0, end);
    if (xhr__str_ends_with(line, XHR__STR("\r")))
      line.len--;
    fputs(mark, stderr);
    print_safely(line);
    fputc('\n', stderr);
    text = xhr__str_from(text, end < text.len ? end + 1 : end);
  }
}

/* What the transport does. */
static void tell(void *user, xhr__trace_kind kind, xhr__str text) {
  const cli_verbose *verbose = user;
  switch (kind) {
    case XHR__TRACE_SENT: print_lines("> ", text); return;
    case XHR__TRACE_RECEIVED: print_lines("< ", text); return;
    case XHR__TRACE_NOTE: break;
  }
  print_time(verbose);
  print_lines("connection: ", xhr__str_trim_ascii_whitespace(text));
}

void cli_verbose_init(cli_verbose *verbose, const cli_options *options) {
  *verbose = (cli_verbose){.on = options->verbose};
  verbose->trace = (xhr__trace){.tell = tell, .user = verbose};
  verbose->start = xhr__clock_now(&xhr__monotonic_clock);
}

void cli_verbose_send(cli_verbose *verbose, const xhr_body *body) {
  char length[32];
  cli_format_bytes(length, sizeof length, xhr_body_length(body));
  cli_verbose_note(verbose, "send: %s%s", body ? "a body of " : "no body", body ? length : "");
}

static void print_state(cli_verbose *verbose, const xhr_event *event) {
  static const char *const names[] = {"UNSENT", "OPENED", "HEADERS_RECEIVED", "LOADING", "DONE"};
  xhr_ready_state state = xhr_get_ready_state(event->xhr);
  if (state == verbose->state)
    return;
  verbose->state = state;
  if (state == XHR_HEADERS_RECEIVED) {
    xhr_string url = xhr_get_response_url(event->xhr);
    cli_verbose_note(verbose, "readyState %d, %s: %u, %.*s", state, names[state],
                     xhr_get_status(event->xhr), (int)url.len, url.data);
  } else {
    cli_verbose_note(verbose, "readyState %d, %s", state, names[state]);
  }
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
  cli_verbose_note(verbose, "why: %s in phase %s%s%.*s: %.*s", xhr_failure_code_name(failure->code),
                   xhr_phase_name(failure->phase), failure->host.len ? ", host " : "",
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
