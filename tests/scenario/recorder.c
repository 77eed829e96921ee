#include "scenario/recorder.h"

#include <stdio.h>
#include <stdlib.h>

void recorder_init(recorder *r) {
  *r = (recorder){0};
  pthread_mutex_init(&r->lock, NULL);
}

void recorder_free(recorder *r) {
  for (size_t i = 0; i < r->count; i++)
    text_free(&r->requests[i].bytes);
  free(r->requests);
  text_free(&r->trouble);
  pthread_mutex_destroy(&r->lock);
}

/* The last request of a connection; NULL: none. */
static text *last_of(recorder *r, size_t connection) {
  for (size_t i = r->count; i > 0; i--) {
    if (r->requests[i - 1].connection == connection)
      return &r->requests[i - 1].bytes;
  }
  return NULL;
}

void recorder_received(void *user, size_t connection, bool begins, xhr__str bytes) {
  recorder *r = user;
  pthread_mutex_lock(&r->lock);
  text *request = begins ? NULL : last_of(r, connection);
  if (!request) {
    r->requests = need(realloc(r->requests, (r->count + 1) * sizeof *r->requests));
    r->requests[r->count] = (struct recorded){.connection = connection};
    request = &r->requests[r->count++].bytes;
  }
  text_append(request, bytes);
  pthread_mutex_unlock(&r->lock);
}

void recorder_trouble(recorder *r, size_t connection, const char *what) {
  pthread_mutex_lock(&r->lock);
  text_printf(&r->trouble, "    connection %zu: %s\n", connection + 1, what);
  pthread_mutex_unlock(&r->lock);
}

static void print_request(const char *title, size_t index, xhr__str bytes) {
  printf("    request %zu, %s:\n", index + 1, title);
  while (bytes.len) {
    text line = {0};
    size_t end = xhr__str_find(bytes, 0, '\n');
    end += end < bytes.len;
    text_append_quoted(&line, xhr__str_slice(bytes, 0, end));
    printf("      %s\n", line.data);
    text_free(&line);
    bytes = xhr__str_from(bytes, end);
  }
}

bool recorder_check(const recorder *r, const scenario *s, bool print) {
  bool good = r->trouble.len == 0;
  if (print && !good)
    fputs(r->trouble.data, stdout);
  if (!s->has_requests)
    return good;
  if (r->count != s->request_count) {
    good = false;
    if (print)
      printf("    %zu requests are expected, %zu came\n", s->request_count, r->count);
  }
  for (size_t i = 0; i < r->count || i < s->request_count; i++) {
    xhr__str expected = i < s->request_count ? text_str(&s->requests[i]) : XHR__STR_EMPTY;
    xhr__str actual = i < r->count ? text_str(&r->requests[i].bytes) : XHR__STR_EMPTY;
    if (xhr__str_equals(expected, actual))
      continue;
    good = false;
    if (print) {
      print_request("expected", i, expected);
      print_request("which came", i, actual);
    }
  }
  return good;
}
