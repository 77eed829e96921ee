/*
 * libxhr inside a GLib main loop: xhr_loop_fd is one more descriptor that the main loop watches.
 *
 *   loop_glib URL
 */
#include <stdio.h>

#include <glib-unix.h>
#include <glib.h>
#include <xhr.h>

enum { REQUESTS = 3, TICK_MS = 20 };

typedef struct program {
  GMainLoop *main_loop;
  xhr_loop *loop;
  unsigned answered, ticks;
} program;

static gboolean on_ready(gint fd, GIOCondition condition, gpointer user) {
  program *p = user;
  (void)fd;
  (void)condition;
  xhr_loop_dispatch(p->loop);
  if (xhr_loop_in_flight(p->loop) == 0)
    g_main_loop_quit(p->main_loop);
  return G_SOURCE_CONTINUE;
}

static gboolean on_tick(gpointer user) {
  program *p = user;
  p->ticks++;
  return G_SOURCE_CONTINUE;
}

static void on_loadend(const xhr_event *event, void *user) {
  program *p = user;
  unsigned status = xhr_get_status(event->xhr);
  printf("status %u, %llu bytes\n", status, (unsigned long long)event->loaded);
  p->answered += status == 200;
}

/* Sends one request. Once sent, it lives by itself until its last event. */
static xhr_status get(xhr_context *context, const char *url, program *p) {
  xhr *request;
  xhr_status status = xhr_new(context, &request);
  if (status != XHR_OK)
    return status;
  status = xhr_add_event_listener(xhr_get_event_target(request), XHR_EVENT_LOADEND, on_loadend, p);
  if (status == XHR_OK)
    status = xhr_open(request, xhr_str("GET"), xhr_str(url));
  if (status == XHR_OK)
    status = xhr_send(request, NULL);
  xhr_unref(request);
  return status;
}

int main(int argc, char **argv) {
  xhr_session *session = NULL;
  xhr_context *context = NULL;
  program p = {0};
  if (argc != 2) {
    fprintf(stderr, "usage: %s URL\n", argv[0]);
    return 2;
  }
  xhr_status status = xhr_session_new(NULL, &session);
  if (status == XHR_OK)
    status = xhr_loop_new(NULL, NULL, &p.loop);
  if (status == XHR_OK)
    status = xhr_context_new(session, p.loop, xhr_str(NULL), &context);
  for (int i = 0; i < REQUESTS && status == XHR_OK; i++)
    status = get(context, argv[1], &p);
  if (status == XHR_OK) {
    p.main_loop = g_main_loop_new(NULL, FALSE);
    guint ready = g_unix_fd_add(xhr_loop_fd(p.loop), G_IO_IN, on_ready, &p);
    guint tick = g_timeout_add(TICK_MS, on_tick, &p);
    g_main_loop_run(p.main_loop);
    g_source_remove(tick);
    g_source_remove(ready);
    g_main_loop_unref(p.main_loop);
  } else {
    fprintf(stderr, "%s\n", xhr_status_text(status));
  }
  printf("%u of %d answered, %u ticks of the loop's own timer\n", p.answered, REQUESTS, p.ticks);

  xhr_context_unref(context);
  xhr_loop_unref(p.loop);
  xhr_session_unref(session);
  return p.answered == REQUESTS ? 0 : 1;
}
