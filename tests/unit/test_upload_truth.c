/* Upload truth: while a server does not read, or reads slowly, `loaded` of the upload's progress stays within 1 MiB and the
 * sockets' buffers of what it has read. And how often it is told of. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "infra/clock.h"
#include "infra/str.h"
#include "support/leftovers.h"
#include "xhr.h"

enum {
  BODY = 64 << 20,
  READ_FIRST = 2 << 20, /* what the server reads before it stops */
  SLACK = 1 << 20,
  QUIET_MS = 250, /* so long nothing may change before we look */
  PATIENCE_MS = 20000
};

/* ---- a server that stops reading ------------------------------------------------------------------ */

typedef struct server {
  int listener, connection, go_on;
  unsigned port;
  atomic_uint peer_port;
  unsigned pause_ms; /* behind each MiB that it reads; 0: it stops once instead */
  pthread_t thread;
  atomic_size_t read; /* body bytes */
  atomic_bool stopped, failed;
} server;

/* Reads to the end of the request's head; the part of the body that came with it is counted. */
static bool read_head(server *s) {
  char head[65536];
  size_t len = 0;
  while (len < sizeof head) {
    ssize_t count = recv(s->connection, head + len, sizeof head - len, 0);
    if (count <= 0)
      return false;
    len += (size_t)count;
    size_t end = xhr__str_find_str(xhr__str_of(head, len), 0, XHR__STR("\r\n\r\n"));
    if (end < len) {
      atomic_store(&s->read, len - end - 4);
      return true;
    }
  }
  return false;
}

static void pause_for(unsigned ms) {
  const struct timespec pause = {.tv_nsec = (long)ms * 1000 * 1000};
  nanosleep(&pause, NULL);
}

static bool read_until(server *s, size_t total) {
  static const size_t piece = 65536;
  char buffer[65536];
  while (atomic_load(&s->read) < total) {
    size_t left = total - atomic_load(&s->read);
    ssize_t count = recv(s->connection, buffer, left < piece ? left : piece, 0);
    if (count <= 0)
      return false;
    size_t before = atomic_fetch_add(&s->read, (size_t)count);
    if (s->pause_ms > 0 && (before >> 20) != ((before + (size_t)count) >> 20))
      pause_for(s->pause_ms);
  }
  return true;
}

static void *serve(void *user) {
  static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  server *s = user;
  struct sockaddr_in peer = {0};
  socklen_t size = sizeof peer;
  uint64_t token;
  s->connection = accept(s->listener, (struct sockaddr *)&peer, &size);
  atomic_store(&s->peer_port, ntohs(peer.sin_port));
  bool good = s->connection >= 0 && read_head(s);
  if (s->pause_ms == 0) {
    good = good && read_until(s, READ_FIRST);
    atomic_store(&s->stopped, true);
    good = good && read(s->go_on, &token, sizeof token) == sizeof token;
  }
  good = good && read_until(s, BODY) &&
         send(s->connection, answer, sizeof answer - 1, MSG_NOSIGNAL) > 0;
  atomic_store(&s->failed, !good);
  close(s->connection);
  return NULL;
}

static void start_server(server *s, unsigned pause_ms) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  *s = (server){.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0),
                .go_on = eventfd(0, EFD_CLOEXEC),
                .pause_ms = pause_ms};
  assert_true(s->listener >= 0 && s->go_on >= 0);
  assert_int_equal(bind(s->listener, (struct sockaddr *)&address, sizeof address), 0);
  assert_int_equal(listen(s->listener, 4), 0);
  assert_int_equal(getsockname(s->listener, (struct sockaddr *)&address, &size), 0);
  s->port = ntohs(address.sin_port);
  assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

static void end_server(server *s) {
  assert_int_equal(pthread_join(s->thread, NULL), 0);
  close(s->listener);
  close(s->go_on);
}

/* ---- what is in the sockets ----------------------------------------------------------------------- */

/* A hexadecimal number at `*at`, which moves behind it and the byte that ends it. */
static uint64_t next_hex(xhr__str s, size_t *at) {
  uint64_t value = 0;
  while (*at < s.len && xhr__is_ascii_hex_digit(xhr__str_at(s, *at)))
    value = value * 16 + xhr__hex_value(xhr__str_at(s, (*at)++));
  ++*at;
  return value;
}

/* Bytes queued between two ports, by /proc/net/tcp: unacknowledged at one end, unread at the other. Its lines are
 * "  0: 0100007F:8AE4 0100007F:1F90 01 00000000:00000000 ...". */
static uint64_t queued_between(unsigned one, unsigned other) {
  char line[512];
  uint64_t queued = 0;
  FILE *file = fopen("/proc/net/tcp", "r");
  assert_non_null(file);
  while (fgets(line, sizeof line, file)) {
    xhr__str s = xhr__str_c(line);
    size_t at = xhr__str_find(s, 0, ':') + 2;
    if (at >= s.len)
      continue;
    next_hex(s, &at);
    uint64_t local = next_hex(s, &at);
    next_hex(s, &at);
    uint64_t remote = next_hex(s, &at);
    next_hex(s, &at);
    uint64_t unsent = next_hex(s, &at), unread = next_hex(s, &at);
    if ((local == one && remote == other) || (local == other && remote == one))
      queued += unsent + unread;
  }
  fclose(file);
  return queued;
}

/* ---- the test ------------------------------------------------------------------------------------- */

typedef struct upload {
  uint64_t loaded;
  bool loaded_all;
  unsigned status;
} upload;

static void on_upload(const xhr_event *event, void *user) {
  upload *u = user;
  assert_true(event->loaded >= u->loaded && event->loaded <= BODY);
  u->loaded = event->loaded;
  u->loaded_all = event->type == XHR_EVENT_LOAD;
}

static void on_loadend(const xhr_event *event, void *user) {
  upload *u = user;
  u->status = xhr_get_status(event->xhr);
}

static uint64_t now_ms(void) {
  return xhr__clock_now(&xhr__monotonic_clock) / XHR__MILLISECOND;
}

/* Dispatches until the server has stopped reading and nothing has been told of for a while. */
static void wait_until_quiet(xhr_loop *loop, const server *s, const upload *u) {
  uint64_t start = now_ms(), changed = start, seen = 0;
  while (!atomic_load(&s->stopped) || now_ms() - changed < QUIET_MS) {
    assert_true(now_ms() - start < PATIENCE_MS);
    assert_int_equal(xhr_loop_wait(loop, 20), XHR_OK);
    if (u->loaded != seen || !atomic_load(&s->stopped))
      changed = now_ms();
    seen = u->loaded;
  }
}

static xhr_session *new_session(xhr_driver driver) {
  xhr_session_options *options;
  xhr_session *session;
  assert_int_equal(xhr_session_options_new(&options), XHR_OK);
  assert_int_equal(xhr_session_options_set_driver(options, driver), XHR_OK);
  assert_int_equal(xhr_session_options_set_proxy(options, xhr_str(""), xhr_str(NULL)), XHR_OK);
  assert_int_equal(xhr_session_new(options, &session), XHR_OK);
  xhr_session_options_free(options);
  return session;
}

static xhr *start_upload(xhr_context *context, upload *u) {
  xhr *request;
  xhr_body *body;
  char *bytes = calloc(1, BODY);
  assert_non_null(bytes);
  assert_int_equal(xhr_body_new_bytes(bytes, BODY, free, bytes, xhr_str(NULL), &body), XHR_OK);
  assert_int_equal(xhr_new(context, &request), XHR_OK);
  xhr_event_target *target = xhr_get_upload(request);
  assert_int_equal(xhr_add_event_listener(target, XHR_EVENT_PROGRESS, on_upload, u), XHR_OK);
  assert_int_equal(xhr_add_event_listener(target, XHR_EVENT_LOAD, on_upload, u), XHR_OK);
  target = xhr_get_event_target(request);
  assert_int_equal(xhr_add_event_listener(target, XHR_EVENT_LOADEND, on_loadend, u), XHR_OK);
  assert_int_equal(xhr_open(request, xhr_str("PUT"), xhr_str("/")), XHR_OK);
  assert_int_equal(xhr_send(request, body), XHR_OK);
  xhr_body_unref(body);
  return request;
}

static void check_truth(xhr_driver driver) {
  server s;
  upload u = {0};
  xhr_context *context;
  char base[64];
  uint64_t one = 1;
  start_server(&s, 0);
  snprintf(base, sizeof base, "http://127.0.0.1:%u/", s.port);
  xhr_session *session = new_session(driver);
  assert_int_equal(xhr_context_new(session, NULL, xhr_str(base), &context), XHR_OK);
  xhr *request = start_upload(context, &u);

  wait_until_quiet(xhr_context_loop(context), &s, &u);
  uint64_t read = atomic_load(&s.read), queued = queued_between(s.port, atomic_load(&s.peer_port));
  if (u.loaded > read + queued + SLACK || u.loaded < read)
    fail_msg("loaded is %llu, but the server has read %llu and %llu are on the way",
             (unsigned long long)u.loaded, (unsigned long long)read, (unsigned long long)queued);
  assert_false(u.loaded_all);

  assert_int_equal(write(s.go_on, &one, sizeof one), sizeof one);
  assert_int_equal(xhr_loop_run(xhr_context_loop(context)), XHR_OK);
  assert_true(u.loaded_all);
  assert_int_equal(u.loaded, BODY);
  assert_int_equal(u.status, 200);

  xhr_unref(request);
  xhr_context_unref(context);
  xhr_session_unref(session);
  end_server(&s);
  assert_false(atomic_load(&s.failed));
}

static void test_inline(void **state) {
  (void)state;
  check_truth(XHR_DRIVER_INLINE);
}

static void test_threaded(void **state) {
  (void)state;
  check_truth(XHR_DRIVER_THREAD);
}

/* ---- a server that reads slowly -------------------------------------------------------------------- */

enum { PAUSE_MS = 15, INTERVAL_MS = 50 };

typedef struct slow_upload {
  server s;
  uint64_t loaded, first_ms, last_ms;
  unsigned count;       /* progress events */
  unsigned at_the_end;  /* of those, behind the last byte */
  unsigned load_events; /* load and loadend */
} slow_upload;

static void on_slow_progress(const xhr_event *event, void *user) {
  slow_upload *u = user;
  assert_int_equal(u->load_events, 0);
  assert_true(event->loaded > u->loaded && event->loaded <= BODY);
  assert_int_equal(event->total, BODY);
  u->loaded = event->loaded;
  u->last_ms = now_ms();
  if (u->count++ == 0)
    u->first_ms = u->last_ms;
  /* Both change while they are looked at: what leaves the one is in the other by then, but for what moves from one end's
   * queue to the other's meanwhile. */
  uint64_t queued = queued_between(u->s.port, atomic_load(&u->s.peer_port));
  uint64_t read = atomic_load(&u->s.read);
  if (u->loaded > read + queued + 2 * SLACK)
    fail_msg("loaded is %llu, but the server has read %llu and %llu are on the way",
             (unsigned long long)u->loaded, (unsigned long long)read, (unsigned long long)queued);
  u->at_the_end += event->loaded == BODY;
}

static void on_slow_load(const xhr_event *event, void *user) {
  slow_upload *u = user;
  u->load_events++;
  assert_int_equal(event->loaded, BODY);
  assert_int_equal(event->total, BODY);
  assert_int_equal(u->loaded, BODY);
  assert_int_equal(xhr_get_ready_state(event->xhr), XHR_OPENED);
}

static void check_pace(xhr_driver driver) {
  slow_upload u = {.loaded = 0};
  upload all = {0};
  xhr_context *context;
  char base[64];
  start_server(&u.s, PAUSE_MS);
  snprintf(base, sizeof base, "http://127.0.0.1:%u/", u.s.port);
  xhr_session *session = new_session(driver);
  assert_int_equal(xhr_context_new(session, NULL, xhr_str(base), &context), XHR_OK);
  xhr *request = start_upload(context, &all);
  xhr_event_target *target = xhr_get_upload(request);
  xhr_add_event_listener(target, XHR_EVENT_PROGRESS, on_slow_progress, &u);
  xhr_add_event_listener(target, XHR_EVENT_LOAD, on_slow_load, &u);
  xhr_add_event_listener(target, XHR_EVENT_LOADEND, on_slow_load, &u);
  assert_int_equal(xhr_loop_run(xhr_context_loop(context)), XHR_OK);
  assert_int_equal(all.status, 200);
  assert_int_equal(u.load_events, 2);
  /* Spread over the time that the server takes; no more than one in 50 ms, besides the last one. */
  uint64_t took = u.last_ms - u.first_ms;
  assert_int_equal(u.at_the_end, 1);
  assert_true(took >= PAUSE_MS * (BODY >> 20) / 2);
  assert_true(u.count >= 4);
  if (u.count > took / INTERVAL_MS + 3)
    fail_msg("%u progress events in %llu ms", u.count, (unsigned long long)took);
  xhr_unref(request);
  xhr_context_unref(context);
  xhr_session_unref(session);
  end_server(&u.s);
  assert_false(atomic_load(&u.s.failed));
}

static void test_pace_inline(void **state) {
  (void)state;
  check_pace(XHR_DRIVER_INLINE);
}

static void test_pace_threaded(void **state) {
  (void)state;
  check_pace(XHR_DRIVER_THREAD);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_inline),
      cmocka_unit_test(test_threaded),
      cmocka_unit_test(test_pace_inline),
      cmocka_unit_test(test_pace_threaded),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
