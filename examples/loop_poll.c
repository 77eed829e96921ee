/*
 * libxhr inside a bare poll() loop: the loop's descriptor is readable whenever there is something to do, and then
 * xhr_loop_dispatch does it.
 *
 *   loop_poll URL
 */
#include <poll.h>
#include <stdio.h>
#include <time.h>

#include <xhr.h>

enum { REQUESTS = 3, TICK_MS = 20 };

static long long now_ms(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (long long)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void on_loadend(const xhr_event *event, void *user) {
  unsigned *answered = user;
  unsigned status = xhr_get_status(event->xhr);
  printf("status %u, %llu bytes\n", status, (unsigned long long)event->loaded);
  *answered += status == 200;
}

/* Sends one request. Once sent, it lives by itself until its last event. */
static xhr_status get(xhr_context *context, const char *url, unsigned *answered) {
  xhr *request;
  xhr_status status = xhr_new(context, &request);
  if (status != XHR_OK)
    return status;
  status = xhr_add_event_listener(xhr_get_event_target(request), XHR_EVENT_LOADEND, on_loadend,
                                  answered);
  if (status == XHR_OK)
    status = xhr_open(request, xhr_str("GET"), xhr_str(url));
  if (status == XHR_OK)
    status = xhr_send(request, NULL);
  xhr_unref(request);
  return status;
}

/* The program's own loop: one descriptor and one timer. */
static xhr_status run(xhr_loop *loop, unsigned *ticks) {
  struct pollfd descriptor = {.fd = xhr_loop_fd(loop), .events = POLLIN};
  long long next_tick = now_ms() + TICK_MS;
  xhr_status status = XHR_OK;
  while (status == XHR_OK && xhr_loop_in_flight(loop) > 0) {
    long long left = next_tick - now_ms();
    if (left <= 0) {
      ++*ticks;
      next_tick += TICK_MS;
    } else if (poll(&descriptor, 1, (int)left) > 0) {
      status = xhr_loop_dispatch(loop);
    }
  }
  return status;
}

int main(int argc, char **argv) {
  xhr_session *session = NULL;
  xhr_loop *loop = NULL;
  xhr_context *context = NULL;
  unsigned answered = 0, ticks = 0;
  if (argc != 2) {
    fprintf(stderr, "usage: %s URL\n", argv[0]);
    return 2;
  }
  xhr_status status = xhr_session_new(NULL, &session);
  if (status == XHR_OK)
    status = xhr_loop_new(NULL, NULL, &loop);
  if (status == XHR_OK)
    status = xhr_context_new(session, loop, xhr_str(NULL), &context);
  for (int i = 0; i < REQUESTS && status == XHR_OK; i++)
    status = get(context, argv[1], &answered);
  if (status == XHR_OK)
    status = run(loop, &ticks);
  if (status != XHR_OK)
    fprintf(stderr, "%s\n", xhr_status_text(status));
  printf("%u of %d answered, %u ticks of the loop's own timer\n", answered, REQUESTS, ticks);

  xhr_context_unref(context);
  xhr_loop_unref(loop);
  xhr_session_unref(session);
  return answered == REQUESTS ? 0 : 1;
}
