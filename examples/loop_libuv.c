/*
 * libxhr inside a libuv loop: libxhr's wakeup is uv_async_send, and the uv_async_t's callback dispatches.
 *
 *   loop_libuv URL
 */
#include <stdio.h>

#include <uv.h>
#include <xhr.h>

enum { REQUESTS = 3, TICK_MS = 20 };

typedef struct program {
  uv_async_t wakeup;
  uv_timer_t timer;
  xhr_loop *loop;
  unsigned answered, ticks;
} program;

/* From any thread. */
static void wake(void *user) {
  uv_async_send(user);
}

/* On the loop's thread. */
static void on_wakeup(uv_async_t *wakeup) {
  program *p = wakeup->data;
  xhr_loop_dispatch(p->loop);
  if (xhr_loop_in_flight(p->loop) == 0)
    uv_stop(wakeup->loop);
}

static void on_tick(uv_timer_t *timer) {
  program *p = timer->data;
  p->ticks++;
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
  uv_loop_t *uv = uv_default_loop();
  if (uv_async_init(uv, &p.wakeup, on_wakeup) != 0 || uv_timer_init(uv, &p.timer) != 0 ||
      uv_timer_start(&p.timer, on_tick, TICK_MS, TICK_MS) != 0)
    return 1;
  p.wakeup.data = p.timer.data = &p;

  xhr_status status = xhr_session_new(NULL, &session);
  if (status == XHR_OK)
    status = xhr_loop_new(wake, &p.wakeup, &p.loop);
  if (status == XHR_OK)
    status = xhr_context_new(session, p.loop, xhr_str(NULL), &context);
  for (int i = 0; i < REQUESTS && status == XHR_OK; i++)
    status = get(context, argv[1], &p);
  if (status == XHR_OK)
    uv_run(uv, UV_RUN_DEFAULT);
  else
    fprintf(stderr, "%s\n", xhr_status_text(status));
  printf("%u of %d answered, %u ticks of the loop's own timer\n", p.answered, REQUESTS, p.ticks);

  /* First libxhr's loop: it calls its wakeup until it is gone. */
  xhr_context_unref(context);
  xhr_loop_unref(p.loop);
  xhr_session_unref(session);
  uv_close((uv_handle_t *)&p.wakeup, NULL);
  uv_close((uv_handle_t *)&p.timer, NULL);
  uv_run(uv, UV_RUN_DEFAULT);
  uv_loop_close(uv);
  return p.answered == REQUESTS ? 0 : 1;
}
