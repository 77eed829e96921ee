/* Several loops on several threads share one session, each driven in another way; and what crosses threads besides:
 * stopping, wrong threads, ends with requests in flight. */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <cmocka.h>

#include "support/leftovers.h"
#include "support/peer.h"
#include "xhr.h"

enum { LOOPS = 4, AT_ONCE = 8, REQUESTS = 60, ANSWERS = LOOPS * REQUESTS };

/* ---- a server on a thread of its own ---- */

typedef struct server {
  pthread_t thread;
  xhr__poller *poller;
  peer *peer;
  char url[64];
  atomic_bool stop;
} server;

static peer_answer answers[ANSWERS];

static void *serve(void *user) {
  server *self = user;
  while (!atomic_load(&self->stop))
    xhr__poller_wait(self->poller, XHR__NEVER);
  peer_free(self->peer);
  return NULL;
}

static void server_start(server *self, size_t answer_count) {
  static const char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
  for (size_t i = 0; i < ANSWERS; i++)
    answers[i] = (peer_answer){.bytes = xhr__str_c(text), .end = PEER_KEEP};
  assert_int_equal(xhr__poller_new(&self->poller), XHR_OK);
  self->peer = peer_new(self->poller, answers, answer_count);
  (void)snprintf(self->url, sizeof self->url, "http://127.0.0.1:%u/", peer_port(self->peer));
  atomic_store(&self->stop, false);
  assert_int_equal(pthread_create(&self->thread, NULL, serve, self), 0);
}

static void server_stop(server *self) {
  atomic_store(&self->stop, true);
  xhr__poller_wake(self->poller);
  assert_int_equal(pthread_join(self->thread, NULL), 0);
  xhr__poller_unref(self->poller);
}

/* ---- a client on a thread of its own ---- */

typedef enum way { BY_RUN, BY_WAIT, BY_DESCRIPTOR, BY_WAKEUP } way;

typedef struct client {
  pthread_t thread;
  xhr_session *session; /* with a reference for the thread */
  const char *url;
  way way;
  unsigned sent, loaded, failed;
  pthread_mutex_t lock;
  pthread_cond_t awake;
  bool woken;
} client;

static void send_next(client *self, xhr *request) {
  self->sent++;
  if (xhr_open(request, xhr_str("GET"), xhr_str(self->url)) != XHR_OK ||
      xhr_send(request, NULL) != XHR_OK)
    self->failed++;
}

static void on_loadend(const xhr_event *event, void *user) {
  client *self = user;
  xhr_string text;
  if (xhr_get_response_text(event->xhr, &text) == XHR_OK && text.len == 2)
    self->loaded++;
  else
    self->failed++;
  if (self->sent < REQUESTS)
    send_next(self, event->xhr);
}

static void wakeup(void *user) {
  client *self = user;
  (void)pthread_mutex_lock(&self->lock);
  self->woken = true;
  (void)pthread_cond_signal(&self->awake);
  (void)pthread_mutex_unlock(&self->lock);
}

static void await_wakeup(client *self) {
  (void)pthread_mutex_lock(&self->lock);
  while (!self->woken)
    (void)pthread_cond_wait(&self->awake, &self->lock);
  self->woken = false;
  (void)pthread_mutex_unlock(&self->lock);
}

static void drive(client *self, xhr_loop *loop) {
  struct pollfd fd = {.fd = self->way == BY_DESCRIPTOR ? xhr_loop_fd(loop) : -1, .events = POLLIN};
  while (xhr_loop_in_flight(loop) > 0) {
    switch (self->way) {
      case BY_RUN: (void)xhr_loop_run(loop); break;
      case BY_WAIT: (void)xhr_loop_wait(loop, 1000); break;
      case BY_DESCRIPTOR:
        (void)poll(&fd, 1, -1);
        (void)xhr_loop_dispatch(loop);
        break;
      case BY_WAKEUP:
        await_wakeup(self);
        (void)xhr_loop_dispatch(loop);
        break;
    }
  }
}

static void *run_client(void *user) {
  client *self = user;
  xhr_loop *loop = NULL;
  xhr_context *context = NULL;
  xhr *requests[AT_ONCE] = {NULL};
  if (xhr_loop_new(self->way == BY_WAKEUP ? wakeup : NULL, self, &loop) != XHR_OK ||
      xhr_context_new(self->session, loop, xhr_str(NULL), &context) != XHR_OK)
    self->failed++;
  xhr_session_unref(self->session);
  for (size_t i = 0; context && i < AT_ONCE; i++) {
    if (xhr_new(context, &requests[i]) != XHR_OK ||
        xhr_add_event_listener(xhr_get_event_target(requests[i]), XHR_EVENT_LOADEND, on_loadend,
                               self) != XHR_OK)
      self->failed++;
    send_next(self, requests[i]);
  }
  if (loop)
    drive(self, loop);
  for (size_t i = 0; i < AT_ONCE; i++)
    xhr_unref(requests[i]);
  xhr_context_unref(context);
  xhr_loop_unref(loop);
  return NULL;
}

static void test_loops_share_a_session(void **state) {
  (void)state;
  server s;
  static client clients[LOOPS];
  xhr_session *session;
  server_start(&s, ANSWERS);
  assert_int_equal(xhr_session_new(NULL, &session), XHR_OK);
  for (int i = 0; i < LOOPS; i++) {
    clients[i] =
        (client){.session = xhr_session_ref(session), .url = s.url, .way = (way)(i % LOOPS)};
    assert_int_equal(pthread_mutex_init(&clients[i].lock, NULL), 0);
    assert_int_equal(pthread_cond_init(&clients[i].awake, NULL), 0);
    assert_int_equal(pthread_create(&clients[i].thread, NULL, run_client, &clients[i]), 0);
  }
  /* The contexts hold it; whichever goes last ends it. */
  xhr_session_unref(session);
  for (int i = 0; i < LOOPS; i++) {
    assert_int_equal(pthread_join(clients[i].thread, NULL), 0);
    assert_int_equal(clients[i].failed, 0);
    assert_int_equal(clients[i].loaded, REQUESTS);
    (void)pthread_mutex_destroy(&clients[i].lock);
    (void)pthread_cond_destroy(&clients[i].awake);
  }
  server_stop(&s);
}

/* ---- ends ---- */

static void count(const xhr_event *event, void *user) {
  (void)event;
  ++*(unsigned *)user;
}

/* A context with one request that is never answered. */
static xhr *send_unanswered(const char *url, xhr_session *session, xhr_context **context,
                            unsigned *events) {
  xhr *request;
  assert_int_equal(xhr_context_new(session, NULL, xhr_str(url), context), XHR_OK);
  assert_int_equal(xhr_new(*context, &request), XHR_OK);
  assert_int_equal(xhr_open(request, xhr_str("POST"), xhr_str("never")), XHR_OK);
  assert_int_equal(xhr_send(request, NULL), XHR_OK);
  for (xhr_event_type type = XHR_EVENT_READYSTATECHANGE; type <= XHR_EVENT_LOADEND; type++) {
    assert_int_equal(xhr_add_event_listener(xhr_get_event_target(request), type, count, events),
                     XHR_OK);
  }
  return request;
}

static void test_destroyed_in_flight(void **state) {
  (void)state;
  server s;
  xhr_session *session;
  xhr_context *context;
  unsigned events = 0;
  server_start(&s, 0);
  assert_int_equal(xhr_session_new(NULL, &session), XHR_OK);
  xhr *request = send_unanswered(s.url, session, &context, &events);
  assert_int_equal(xhr_loop_wait(xhr_context_loop(context), 20), XHR_OK);
  assert_int_equal(xhr_loop_in_flight(xhr_context_loop(context)), 1);
  xhr_context_destroy(context);
  assert_int_equal(xhr_loop_in_flight(xhr_context_loop(context)), 0);
  assert_int_equal(xhr_send(request, NULL), XHR_CLOSED);
  assert_int_equal(events, 0);
  xhr_unref(request);
  xhr_context_unref(context);
  xhr_session_unref(session);
  server_stop(&s);
}

static void *stop_soon(void *user) {
  (void)nanosleep(&(struct timespec){0, 20000000}, NULL);
  xhr_loop_stop(user);
  return NULL;
}

static void test_stop(void **state) {
  (void)state;
  server s;
  xhr_session *session;
  xhr_context *context;
  pthread_t thread;
  unsigned events = 0;
  server_start(&s, 0);
  assert_int_equal(xhr_session_new(NULL, &session), XHR_OK);
  xhr *request = send_unanswered(s.url, session, &context, &events);
  xhr_loop *loop = xhr_context_loop(context);
  assert_int_equal(pthread_create(&thread, NULL, stop_soon, loop), 0);
  assert_int_equal(xhr_loop_run(loop), XHR_OK);
  assert_int_equal(pthread_join(thread, NULL), 0);
  assert_int_equal(xhr_loop_in_flight(loop), 1);
  assert_int_equal(xhr_abort(request), XHR_OK);
  assert_int_equal(xhr_loop_in_flight(loop), 0);
  /* readystatechange, abort, loadend */
  assert_int_equal(events, 3);
  xhr_unref(request);
  xhr_context_unref(context);
  xhr_session_unref(session);
  server_stop(&s);
}

typedef struct foreign {
  xhr_session *session;
  xhr_context *context;
  xhr *request;
  unsigned wrong;
} foreign;

/* Every call that belongs to the loop's thread, on another one. */
static void *call_from_elsewhere(void *user) {
  foreign *f = user;
  xhr_loop *loop = xhr_context_loop(f->context);
  xhr_context *context;
  xhr *request;
  xhr_string text;
  const xhr_status results[] = {
      xhr_loop_dispatch(loop),
      xhr_loop_wait(loop, 0),
      xhr_loop_run(loop),
      xhr_context_new(f->session, loop, xhr_str(NULL), &context),
      xhr_new(f->context, &request),
      xhr_open(f->request, xhr_str("GET"), xhr_str("http://h/")),
      xhr_set_request_header(f->request, xhr_str("a"), xhr_str("b")),
      xhr_send(f->request, NULL),
      xhr_abort(f->request),
      xhr_set_timeout(f->request, 1),
      xhr_set_with_credentials(f->request, true),
      xhr_set_response_type(f->request, XHR_RESPONSE_TYPE_JSON),
      xhr_override_mime_type(f->request, xhr_str("a/b")),
      xhr_get_response(f->request, &text),
      xhr_get_response_text(f->request, &text),
      xhr_get_response_header(f->request, xhr_str("a"), &text),
      xhr_get_all_response_headers(f->request, &text),
      xhr_get_response_mime_type(f->request, &text),
      xhr_add_event_listener(xhr_get_event_target(f->request), XHR_EVENT_LOAD, count, NULL),
      xhr_remove_event_listener(xhr_get_event_target(f->request), XHR_EVENT_LOAD, count, NULL),
  };
  for (size_t i = 0; i < sizeof results / sizeof *results; i++) {
    if (results[i] != XHR_WRONG_THREAD) {
      (void)fprintf(stderr, "call %zu: %s\n", i, xhr_status_name(results[i]));
      f->wrong++;
    }
  }
  if (xhr_loop_fd(loop) != -1 || xhr_loop_in_flight(loop) != 0)
    f->wrong++;
  return NULL;
}

static void test_wrong_thread(void **state) {
  (void)state;
  foreign f = {0};
  pthread_t thread;
  assert_int_equal(xhr_session_new(NULL, &f.session), XHR_OK);
  assert_int_equal(xhr_context_new(f.session, NULL, xhr_str(NULL), &f.context), XHR_OK);
  assert_int_equal(xhr_new(f.context, &f.request), XHR_OK);
  assert_int_equal(pthread_create(&thread, NULL, call_from_elsewhere, &f), 0);
  assert_int_equal(pthread_join(thread, NULL), 0);
  assert_int_equal(f.wrong, 0);
  xhr_unref(f.request);
  xhr_context_unref(f.context);
  xhr_session_unref(f.session);
}

static void test_inline_session_has_one_loop(void **state) {
  (void)state;
  xhr_session_options *options;
  xhr_session *session;
  xhr_loop *first, *second;
  xhr_context *context, *other;
  assert_int_equal(xhr_session_options_new(&options), XHR_OK);
  assert_int_equal(xhr_session_options_set_driver(options, XHR_DRIVER_INLINE), XHR_OK);
  assert_int_equal(xhr_session_new(options, &session), XHR_OK);
  xhr_session_options_free(options);
  assert_int_equal(xhr_loop_new(NULL, NULL, &first), XHR_OK);
  assert_int_equal(xhr_loop_new(NULL, NULL, &second), XHR_OK);
  assert_int_equal(xhr_context_new(session, first, xhr_str(NULL), &context), XHR_OK);
  assert_int_equal(xhr_context_new(session, second, xhr_str(NULL), &other), XHR_INVALID_STATE_ERR);
  assert_int_equal(xhr_context_new(session, first, xhr_str(NULL), &other), XHR_OK);
  xhr_context_unref(context);
  xhr_context_unref(other);
  xhr_loop_unref(second);
  /* The session may outlive the loop that pumped it. */
  xhr_loop_unref(first);
  xhr_session_unref(session);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_loops_share_a_session), cmocka_unit_test(test_destroyed_in_flight),
      cmocka_unit_test(test_stop), cmocka_unit_test(test_wrong_thread),
      cmocka_unit_test(test_inline_session_has_one_loop)};
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
