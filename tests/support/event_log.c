#include "support/event_log.h"

#include <stdio.h>
#include <string.h>

void event_log_note(event_log *log, const char *word) {
  int written = snprintf(log->text + log->len, sizeof log->text - log->len, "%s%s",
                         log->len ? " " : "", word);
  log->len += (size_t)written;
  if (log->len >= sizeof log->text)
    log->len = sizeof log->text - 1;
}

static void write_down(const xhr_event *event, void *user) {
  event_log *log = user;
  char word[128], numbers[64] = "";
  if (log->no_progress && event->type == XHR_EVENT_PROGRESS)
    return;
  const char *upload = event->target == xhr_get_upload(event->xhr) ? "u." : "";
  if (event->type == XHR_EVENT_READYSTATECHANGE) {
    (void)snprintf(word, sizeof word, "%s%d", upload, (int)xhr_get_ready_state(event->xhr));
  } else {
    if (event->loaded || event->total || event->length_computable) {
      (void)snprintf(numbers, sizeof numbers, "(%llu,%llu)", (unsigned long long)event->loaded,
                     (unsigned long long)event->total);
    }
    (void)snprintf(word, sizeof word, "%s%s%s", upload, xhr_event_type_name(event->type), numbers);
  }
  if (event->length_computable != (event->total != 0))
    event_log_note(log, "length_computable-is-wrong");
  event_log_note(log, word);
  size_t index = log->count++;
  if (log->hook)
    log->hook(log, event, index);
}

void event_log_listen_to(event_log *log, xhr_event_target *target) {
#define LISTEN(name, text)                                                                         \
  if (xhr_add_event_listener(target, XHR_EVENT_##name, write_down, log) != XHR_OK)                 \
    event_log_note(log, "not-listening");
  XHR_EVENT_MAP(LISTEN)
#undef LISTEN
}

void event_log_listen(event_log *log, xhr *request) {
  event_log_listen_to(log, xhr_get_event_target(request));
  event_log_listen_to(log, xhr_get_upload(request));
}

void event_log_clear(event_log *log) {
  log->text[0] = '\0';
  log->len = log->count = 0;
}
