/* Writes down an XHR's events, one word each: readystatechange as the state's number, all others as their name, with
 * "(loaded,total)" where one of the two is not 0; "u." stands before those of the upload object. */
#ifndef TESTS_EVENT_LOG_H
#define TESTS_EVENT_LOG_H

#include "xhr.h"

typedef struct event_log event_log;
struct event_log {
  char text[4096]; /* words, with a space between them; NUL-terminated */
  size_t len;
  size_t count;     /* words that are events */
  bool no_progress; /* progress events are left out */
  /* Called behind each word: `index` is the event's, from 0. */
  void (*hook)(event_log *log, const xhr_event *event, size_t index);
  void *user;
};

/* Listens to all events of both targets; to the XHR's own only. */
void event_log_listen(event_log *log, xhr *request);
void event_log_listen_to(event_log *log, xhr_event_target *target);
/* Empties it. */
void event_log_clear(event_log *log);
/* Adds a word that is no event. */
void event_log_note(event_log *log, const char *word);

#endif
