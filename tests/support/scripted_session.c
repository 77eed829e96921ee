#include "support/scripted_session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static xhr__time fake_now(void *user) {
  return ((scripted_session *)user)->now;
}

xhr_status scripted_session_try(scripted_session *s, scripted_driver driver) {
  xhr_session_options *options = NULL;
  xhr__transport *transport = NULL;
  s->driver = driver;
  s->session = NULL;
  s->loop = NULL;
  s->context = NULL;
  s->now = XHR__MILLISECOND;
  s->clock = (xhr__clock){fake_now, s};
  s->script.connections = s->connections;
  s->script.count = SCRIPTED_CONNECTIONS;
  if (s->script.max_header_bytes == 0)
    s->script.max_header_bytes = 65536;
  xhr_status status = xhr_session_options_new(&options);
  if (status == XHR_OK) {
    status = xhr_session_options_set_driver(
        options, driver == SCRIPTED_THREADED ? XHR_DRIVER_THREAD : XHR_DRIVER_INLINE);
  }
  if (status == XHR_OK)
    status = xhr__scripted_transport_new(&s->script, &transport);
  if (status == XHR_OK) {
    status = xhr__session_new_with(options, transport,
                                   driver == SCRIPTED_FAKE_CLOCK ? &s->clock : NULL, &s->session);
  }
  xhr_session_options_free(options);
  if (status == XHR_OK)
    s->engine = xhr__session_engine(s->session);
  if (status == XHR_OK)
    status = xhr_loop_new(NULL, NULL, &s->loop);
  if (status == XHR_OK && driver == SCRIPTED_FAKE_CLOCK)
    xhr__loop_set_clock(s->loop, &s->clock);
  if (status == XHR_OK)
    status = xhr_context_new(s->session, s->loop, xhr_str("http://h/base"), &s->context);
  if (status != XHR_OK)
    scripted_session_end(s);
  return status;
}

void scripted_session_begin(scripted_session *s, scripted_driver driver,
                            const xhr__script_step *steps, size_t count) {
  *s = (scripted_session){0};
  for (size_t i = 0; i < SCRIPTED_CONNECTIONS; i++)
    s->connections[i] = (xhr__script_connection){.steps = steps, .count = count};
  assert_int_equal(scripted_session_try(s, driver), XHR_OK);
}

void scripted_session_end(scripted_session *s) {
  xhr_context_unref(s->context);
  xhr_loop_unref(s->loop);
  xhr_session_unref(s->session);
  s->context = NULL;
  s->loop = NULL;
  s->session = NULL;
}

/* Lets time pass up to the next thing that is due, at most until `until`: false where nothing is. */
static bool pass_time(scripted_session *s, xhr__time until) {
  xhr__time due = xhr__loop_deadline(s->loop);
  if (due == XHR__NEVER || due > until)
    return false;
  if (due > s->now)
    s->now = due;
  return true;
}

void scripted_session_run(scripted_session *s) {
  if (s->driver != SCRIPTED_FAKE_CLOCK) {
    assert_int_equal(xhr_loop_run(s->loop), XHR_OK);
    return;
  }
  xhr_loop *loop = xhr_loop_ref(s->loop);
  for (unsigned turns = 0; turns < 100000; turns++) {
    assert_int_equal(xhr_loop_dispatch(loop), XHR_OK);
    if (!xhr__loop_is_alive(loop))
      break;
    xhr__time due = xhr__loop_deadline(loop);
    if (due == XHR__NEVER)
      break;
    if (due > s->now)
      s->now = due;
  }
  xhr_loop_unref(loop);
}

void scripted_session_advance(scripted_session *s, uint64_t ms) {
  xhr__time until = s->now + ms * XHR__MILLISECOND;
  unsigned turns = 0;
  do
    assert_int_equal(xhr_loop_dispatch(s->loop), XHR_OK);
  while (++turns < 10000 && pass_time(s, until));
  s->now = until;
  assert_int_equal(xhr_loop_dispatch(s->loop), XHR_OK);
}
