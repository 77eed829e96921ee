/* Synchronous requests among others, and in a process that is its own server: what waits, in which order it follows, and
 * that the wait has an end. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "infra/clock.h"
#include "support/event_log.h"
#include "support/leftovers.h"
#include "support/scripted_session.h"

#define HEAD  "HTTP/1.1 200 OK\r\nConnection: close\r\n"
#define HELLO HEAD "Content-Length: 5\r\n\r\nhello"

enum { MANY = 100, EARLY_MS = 100, LATE_MS = 400, SYNC_MS = 600 };

static const xhr_string null = {NULL, 0};

static void open_sync(xhr *request, const char *method, const char *url) {
  assert_int_equal(xhr_open_synchronous(request, xhr_str(method), xhr_str(url), null, null),
                   XHR_OK);
}

static xhr_body *text_body(const char *text) {
  xhr_body *body;
  assert_int_equal(xhr_body_new_text(xhr_str(text), &body), XHR_OK);
  return body;
}

/* ---- a hundred in flight ---------------------------------------------------------------------------------------- */

static struct {
  scripted_session session;
  event_log logs[MANY];
  xhr *requests[MANY];
  size_t ended[MANY], ended_count;
  bool waiting;
} run;

static void on_event(event_log *log, const xhr_event *event, size_t index) {
  (void)index;
  assert_false(run.waiting);
  if (event->type == XHR_EVENT_LOADEND && event->target == xhr_get_event_target(event->xhr))
    run.ended[run.ended_count++] = (size_t)(log - run.logs);
}

/* Every second one has a body, which is told of first, and is answered late. */
static void begin_many(scripted_driver driver, const xhr__script_step (*steps)[4]) {
  scripted_session *s = &run.session;
  *s = (scripted_session){0};
  run.ended_count = 0;
  for (size_t i = 0; i <= MANY; i++)
    s->connections[i] = (xhr__script_connection){.steps = steps[i], .count = 4};
  assert_int_equal(scripted_session_try(s, driver), XHR_OK);
  for (size_t i = 0; i < MANY; i++) {
    xhr_body *body = i % 2 ? NULL : text_body("upload");
    run.logs[i] = (event_log){.len = 0};
    assert_int_equal(xhr_new(s->context, &run.requests[i]), XHR_OK);
    event_log_listen(&run.logs[i], run.requests[i]);
    assert_int_equal(xhr_open(run.requests[i], xhr_str("POST"), xhr_str("/")), XHR_OK);
    assert_int_equal(xhr_send(run.requests[i], body), XHR_OK);
    event_log_clear(&run.logs[i]);
    run.logs[i].hook = on_event;
    xhr_body_unref(body);
  }
}

static void end_many(void) {
  for (size_t i = 0; i < MANY; i++)
    xhr_unref(run.requests[i]);
  scripted_session_end(&run.session);
}

static void play_many(scripted_driver driver) {
  static xhr__script_step steps[MANY + 1][4];
  event_log log = {.len = 0};
  xhr *request;
  for (size_t i = 0; i <= MANY; i++) {
    xhr__script_step one[4] = {SCRIPT_READ, SCRIPT_READ_REST,
                               SCRIPT_WAIT(i == MANY    ? SYNC_MS
                                           : i % 2 == 0 ? LATE_MS
                                                        : EARLY_MS),
                               SCRIPT_SEND(HELLO)};
    memcpy(steps[i], one, sizeof one);
  }
  begin_many(driver, (const xhr__script_step(*)[4])steps);
  assert_int_equal(xhr_new(run.session.context, &request), XHR_OK);
  event_log_listen(&log, request);
  open_sync(request, "GET", "/sync");
  run.waiting = true;
  xhr_status sent = xhr_send(request, NULL);
  run.waiting = false;
  assert_int_equal(sent, XHR_OK);
  assert_string_equal(log.text, "1 4 load(5,5) loadend(5,5)");
  assert_int_equal(run.ended_count, 0);
  scripted_session_run(&run.session);
  assert_int_equal(run.ended_count, MANY);
  for (size_t i = 0; i < MANY; i++) {
    assert_string_equal(run.logs[i].text,
                        i % 2 ? "2 3 progress(5,5) 4 load(5,5) loadend(5,5)"
                              : "u.progress(6,6) u.load(6,6) u.loadend(6,6) 2 3 progress(5,5) 4 "
                                "load(5,5) loadend(5,5)");
    /* Told of in the order in which they ended, whatever came of them before that. */
    assert_int_equal(run.ended[i] % 2, i < MANY / 2);
  }
  xhr_unref(request);
  end_many();
}

static void a_hundred_wait(void **state) {
  (void)state;
  play_many(SCRIPTED_INLINE);
  play_many(SCRIPTED_THREADED);
}

/* ---- inside the progress of another, download and upload ---------------------------------------------------------- */

typedef struct inside {
  xhr *outer, *inner;
  unsigned sent, wanted;
  bool waiting;
  uint64_t loaded, uploaded;
} inside;

static void within_progress(event_log *log, const xhr_event *event, size_t index) {
  inside *in = log->user;
  (void)index;
  if (event->xhr != in->outer)
    return;
  assert_false(in->waiting);
  if (event->type != XHR_EVENT_PROGRESS)
    return;
  uint64_t *loaded = event->target == xhr_get_upload(event->xhr) ? &in->uploaded : &in->loaded;
  assert_true(event->loaded >= *loaded);
  *loaded = event->loaded;
  if (in->sent == in->wanted)
    return;
  in->sent++;
  open_sync(in->inner, "GET", "/in");
  in->waiting = true;
  assert_int_equal(xhr_send(in->inner, NULL), XHR_OK);
  in->waiting = false;
}

static void play_inside(scripted_driver driver, const xhr__script_step *outer, size_t count,
                        xhr_body *body, unsigned wanted) {
  static const xhr__script_step steps[] = {SCRIPT_READ, SCRIPT_WAIT(120), SCRIPT_SEND(HELLO),
                                           SCRIPT_CLOSE};
  scripted_session s = {0};
  inside in = {.wanted = wanted};
  event_log log = {.hook = within_progress, .user = &in};
  for (size_t i = 0; i < SCRIPTED_CONNECTIONS; i++)
    s.connections[i] = (xhr__script_connection){.steps = steps, .count = 4};
  s.connections[0] = (xhr__script_connection){.steps = outer, .count = count};
  assert_int_equal(scripted_session_try(&s, driver), XHR_OK);
  assert_int_equal(xhr_new(s.context, &in.outer), XHR_OK);
  assert_int_equal(xhr_new(s.context, &in.inner), XHR_OK);
  event_log_listen(&log, in.outer);
  assert_int_equal(xhr_open(in.outer, xhr_str("POST"), xhr_str("/out")), XHR_OK);
  assert_int_equal(xhr_send(in.outer, body), XHR_OK);
  scripted_session_run(&s);
  assert_int_equal(in.sent, wanted);
  assert_int_equal(in.uploaded, xhr_body_length(body));
  assert_int_equal(xhr_get_status(in.outer), 200);
  assert_non_null(strstr(log.text, "4 load(300,300) loadend(300,300)"));
  assert_int_equal(in.loaded, 300);
  xhr_unref(in.outer);
  xhr_unref(in.inner);
  scripted_session_end(&s);
}

#define TEN     "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

static void inside_progress(void **state) {
  static const xhr__script_step outer[] = {SCRIPT_READ,
                                           SCRIPT_READ_REST,
                                           SCRIPT_SEND(HEAD "Content-Length: 300\r\n\r\n" HUNDRED),
                                           SCRIPT_WAIT(80),
                                           SCRIPT_SEND(HUNDRED),
                                           SCRIPT_WAIT(200),
                                           SCRIPT_SEND(HUNDRED),
                                           SCRIPT_CLOSE};
  (void)state;
  for (scripted_driver driver = SCRIPTED_INLINE; driver <= SCRIPTED_THREADED; driver++)
    play_inside(driver, outer, 8, NULL, 2);
}

/* A file of so many zeros, open; the caller removes it. */
static int make_file(char *path, off_t size) {
  int fd = mkstemp(path);
  assert_true(fd >= 0 && ftruncate(fd, size) == 0);
  return fd;
}

static void inside_upload_progress(void **state) {
  enum { PIECE = 200000 };
  static const xhr__script_step outer[] = {
      SCRIPT_READ,
      {.kind = XHR__STEP_READ_BODY, .amount = PIECE},
      SCRIPT_WAIT(80),
      {.kind = XHR__STEP_READ_BODY, .amount = PIECE},
      SCRIPT_WAIT(150),
      SCRIPT_READ_REST,
      SCRIPT_SEND(HEAD "Content-Length: 300\r\n\r\n" HUNDRED HUNDRED HUNDRED),
      SCRIPT_CLOSE};
  char path[] = "/tmp/xhr-sync-upload-XXXXXX";
  xhr_body *bodies[2];
  void *bytes = calloc(1, 3 * PIECE);
  (void)state;
  assert_non_null(bytes);
  assert_int_equal(xhr_body_new_bytes(bytes, 3 * PIECE, free, bytes, null, &bodies[0]), XHR_OK);
  /* Read by a thread of its own. */
  close(make_file(path, 3 * PIECE));
  assert_int_equal(xhr_body_new_file(xhr_str(path), null, &bodies[1]), XHR_OK);
  for (scripted_driver driver = SCRIPTED_INLINE; driver <= SCRIPTED_THREADED; driver++) {
    for (int i = 0; i < 2; i++)
      play_inside(driver, outer, 8, bodies[i], 2);
  }
  xhr_body_unref(bodies[0]);
  xhr_body_unref(bodies[1]);
  assert_int_equal(unlink(path), 0);
}

/* ---- a server in the same process --------------------------------------------------------------------------------- */

typedef struct own_server {
  int listener;
  bool answered;
  xhr_loop *loop;
  xhr__loop_timer timer;
} own_server;

static void answer_one(xhr__loop_timer *timer) {
  own_server *server = XHR__OWNER(timer, own_server, timer);
  char request[4096];
  int connection = accept(server->listener, NULL, NULL);
  assert_true(connection >= 0);
  assert_true(recv(connection, request, sizeof request, 0) >= 0);
  /* Whoever asked may have given up. */
  (void)send(connection, HELLO, sizeof HELLO - 1, MSG_NOSIGNAL);
  close(connection);
  server->answered = true;
}

static uint64_t now_ms(void) {
  return xhr__clock_now(&xhr__monotonic_clock) / XHR__MILLISECOND;
}

static void start_server(own_server *server, char *base, size_t size) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t len = sizeof address;
  *server = (own_server){.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  assert_true(server->listener >= 0);
  assert_int_equal(bind(server->listener, (struct sockaddr *)&address, sizeof address), 0);
  assert_int_equal(listen(server->listener, 8), 0);
  assert_int_equal(getsockname(server->listener, (struct sockaddr *)&address, &len), 0);
  (void)snprintf(base, size, "http://127.0.0.1:%u/", ntohs(address.sin_port));
}

static void *stop_soon(void *loop) {
  const struct timespec pause = {.tv_nsec = 100 * 1000 * 1000};
  nanosleep(&pause, NULL);
  xhr_loop_stop(loop);
  return NULL;
}

static xhr_loop *signalled;

static void on_signal(int number) {
  (void)number;
  xhr_loop_stop(signalled);
}

/* With a timeout it throws; without one, xhr_loop_stop ends it: from a thread, from a signal handler. */
static void wait_in_vain(xhr *request, own_server *server) {
  pthread_t thread;
  struct sigaction action = {.sa_handler = on_signal}, before;
  uint64_t start = now_ms();
  assert_int_equal(xhr_set_timeout(request, 100), XHR_OK);
  open_sync(request, "GET", "timeout");
  assert_int_equal(xhr_send(request, NULL), XHR_TIMEOUT_ERR);
  uint64_t took = now_ms() - start;
  assert_true(took >= 99 && took < 20000);
  assert_int_equal(xhr_failure(request)->code, XHR_FAILURE_TIMEOUT);
  assert_int_equal(xhr_get_ready_state(request), XHR_DONE);

  assert_int_equal(xhr_set_timeout(request, 0), XHR_OK);
  assert_int_equal(pthread_create(&thread, NULL, stop_soon, server->loop), 0);
  open_sync(request, "GET", "stop");
  assert_int_equal(xhr_send(request, NULL), XHR_ABORT_ERR);
  assert_int_equal(pthread_join(thread, NULL), 0);
  assert_int_equal(xhr_loop_wait(server->loop, 0), XHR_OK);

  signalled = server->loop;
  assert_int_equal(sigaction(SIGALRM, &action, &before), 0);
  alarm(1);
  open_sync(request, "GET", "signal");
  assert_int_equal(xhr_send(request, NULL), XHR_ABORT_ERR);
  assert_int_equal(sigaction(SIGALRM, &before, NULL), 0);
  assert_int_equal(xhr_loop_wait(server->loop, 0), XHR_OK);
}

static void be_ones_own_server(xhr_driver driver) {
  own_server server;
  xhr_session_options *options;
  xhr_session *session;
  xhr_context *context;
  xhr *request;
  char base[64];
  start_server(&server, base, sizeof base);
  assert_int_equal(xhr_session_options_new(&options), XHR_OK);
  assert_int_equal(xhr_session_options_set_driver(options, driver), XHR_OK);
  assert_int_equal(xhr_session_options_set_proxy(options, xhr_str(""), null), XHR_OK);
  assert_int_equal(xhr_session_new(options, &session), XHR_OK);
  xhr_session_options_free(options);
  assert_int_equal(xhr_context_new(session, NULL, xhr_str(base), &context), XHR_OK);
  server.loop = xhr_context_loop(context);
  assert_int_equal(xhr_new(context, &request), XHR_OK);
  wait_in_vain(request, &server);
  /* Asynchronously it is answered, by what the loop's turn runs: at once due, and not while one is waited for. */
  server.timer = (xhr__loop_timer){.holds = true, .fire = answer_one};
  assert_int_equal(xhr__loop_timer_set(server.loop, &server.timer, xhr__loop_now(server.loop)),
                   XHR_OK);
  assert_int_equal(xhr_set_timeout(request, 50), XHR_OK);
  open_sync(request, "GET", "in-vain");
  assert_int_equal(xhr_send(request, NULL), XHR_TIMEOUT_ERR);
  assert_false(server.answered);
  assert_int_equal(xhr_loop_run(server.loop), XHR_OK);
  assert_true(server.answered);

  xhr_unref(request);
  xhr_context_unref(context);
  xhr_session_unref(session);
  close(server.listener);
}

static void a_server_of_the_same_thread(void **state) {
  (void)state;
  be_ones_own_server(XHR_DRIVER_INLINE);
  be_ones_own_server(XHR_DRIVER_THREAD);
}

/* ---- several threads, one session --------------------------------------------------------------------------------- */

enum { THREADS = 4, EACH = 25 }; /* every fifth is asynchronous */

typedef struct thread_run {
  pthread_t thread;
  xhr_session *session;
  unsigned loaded; /* asynchronous ones */
  unsigned failed;
} thread_run;

static void on_loadend(const xhr_event *event, void *user) {
  thread_run *t = user;
  t->loaded += xhr_get_status(event->xhr) == 200;
}

static void send_many(thread_run *t, xhr_context *context) {
  for (unsigned i = 0; i < EACH; i++) {
    xhr *request;
    unsigned loaded = t->loaded;
    if (xhr_new(context, &request) != XHR_OK) {
      t->failed++;
      continue;
    }
    if (i % 5 == 0) {
      (void)xhr_add_event_listener(xhr_get_event_target(request), XHR_EVENT_LOADEND, on_loadend, t);
      t->failed += xhr_open(request, xhr_str("GET"), xhr_str("/")) != XHR_OK;
    } else {
      t->failed +=
          xhr_open_synchronous(request, xhr_str("GET"), xhr_str("/"), null, null) != XHR_OK;
    }
    t->failed += xhr_send(request, NULL) != XHR_OK;
    t->failed += i % 5 != 0 && xhr_get_status(request) != 200;
    t->failed += t->loaded != loaded;
    xhr_unref(request);
  }
}

static void *run_thread(void *user) {
  thread_run *t = user;
  xhr_loop *loop = NULL;
  xhr_context *context = NULL;
  if (xhr_loop_new(NULL, NULL, &loop) != XHR_OK ||
      xhr_context_new(t->session, loop, xhr_str("http://h/"), &context) != XHR_OK)
    t->failed++;
  else
    send_many(t, context);
  if (loop)
    t->failed += xhr_loop_run(loop) != XHR_OK;
  xhr_context_unref(context);
  xhr_loop_unref(loop);
  return NULL;
}

static void several_threads(void **state) {
  static const xhr__script_step steps[] = {SCRIPT_READ, SCRIPT_WAIT(1), SCRIPT_SEND(HELLO),
                                           SCRIPT_CLOSE};
  thread_run threads[THREADS];
  scripted_session s;
  (void)state;
  scripted_session_begin(&s, SCRIPTED_THREADED, steps, 4);
  for (size_t i = 0; i < THREADS; i++) {
    threads[i] = (thread_run){.session = s.session};
    assert_int_equal(pthread_create(&threads[i].thread, NULL, run_thread, &threads[i]), 0);
  }
  for (size_t i = 0; i < THREADS; i++) {
    assert_int_equal(pthread_join(threads[i].thread, NULL), 0);
    assert_int_equal(threads[i].failed, 0);
    assert_int_equal(threads[i].loaded, EACH / 5);
  }
  scripted_session_end(&s);
}

/* ---- bodies from files, and every response type ------------------------------------------------------------------ */

static size_t received;

static void count_received(void *user, size_t connection, bool begins, xhr__str bytes) {
  (void)user;
  (void)connection;
  received = (begins ? 0 : received) + bytes.len;
}

static void files(void **state) {
  enum { SIZE = 300000 };
  static const xhr__script_step steps[] = {
      SCRIPT_READ,
      SCRIPT_READ_REST,
      SCRIPT_SEND("HTTP/1.1 307 R\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n"),
      SCRIPT_READ,
      SCRIPT_READ_REST,
      SCRIPT_SEND("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")};
  char path[] = "/tmp/xhr-sync-file-XXXXXX";
  int fd = make_file(path, SIZE);
  (void)state;
  for (scripted_driver driver = 0; driver < SCRIPTED_DRIVERS; driver++) {
    scripted_session s = {.script = {.received = count_received}};
    event_log log = {.len = 0};
    xhr_body *body;
    xhr *request;
    for (size_t i = 0; i < SCRIPTED_CONNECTIONS; i++)
      s.connections[i] = (xhr__script_connection){.steps = steps, .count = 6};
    assert_int_equal(scripted_session_try(&s, driver), XHR_OK);
    assert_int_equal(xhr_new(s.context, &request), XHR_OK);
    event_log_listen(&log, request);
    assert_int_equal(xhr_body_new_file(xhr_str(path), null, &body), XHR_OK);
    open_sync(request, "PUT", "/file");
    assert_int_equal(xhr_send(request, body), XHR_OK);
    assert_string_equal(log.text, "1 4 load(5,5) loadend(5,5)");
    assert_true(received > SIZE && received < SIZE + 1000);
    xhr_body_unref(body);
    /* One that has changed since. */
    assert_int_equal(xhr_body_new_file(xhr_str(path), null, &body), XHR_OK);
    assert_int_equal(ftruncate(fd, SIZE - 1), 0);
    open_sync(request, "PUT", "/file");
    assert_int_equal(xhr_send(request, body), XHR_NETWORK_ERR);
    assert_int_equal(xhr_failure(request)->code, XHR_FAILURE_BODY_READ);
    assert_int_equal(ftruncate(fd, SIZE), 0);
    xhr_body_unref(body);
    xhr_unref(request);
    scripted_session_end(&s);
  }
  close(fd);
  assert_int_equal(unlink(path), 0);
}

static void response_types(void **state) {
  static const xhr__script_step steps[] = {
      SCRIPT_READ, SCRIPT_SEND(HEAD "Content-Length: 4\r\n\r\n\"\xc3\xa9\""), SCRIPT_CLOSE};
  static const xhr_response_type types[] = {XHR_RESPONSE_TYPE_EMPTY, XHR_RESPONSE_TYPE_ARRAYBUFFER,
                                            XHR_RESPONSE_TYPE_BLOB, XHR_RESPONSE_TYPE_JSON,
                                            XHR_RESPONSE_TYPE_TEXT};
  (void)state;
  for (scripted_driver driver = 0; driver < SCRIPTED_DRIVERS; driver++) {
    scripted_session s;
    xhr *request;
    xhr_string value;
    scripted_session_begin(&s, driver, steps, 3);
    assert_int_equal(xhr_new(s.context, &request), XHR_OK);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
      open_sync(request, "GET", "/");
      assert_int_equal(xhr_set_response_type(request, types[i]), XHR_OK);
      assert_int_equal(xhr_send(request, NULL), XHR_OK);
      assert_int_equal(xhr_get_response(request, &value), XHR_OK);
      assert_int_equal(value.len, 4);
      assert_memory_equal(value.data, "\"\xc3\xa9\"", 4);
    }
    xhr_unref(request);
    scripted_session_end(&s);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_hundred_wait),         cmocka_unit_test(inside_progress),
      cmocka_unit_test(inside_upload_progress), cmocka_unit_test(a_server_of_the_same_thread),
      cmocka_unit_test(several_threads),        cmocka_unit_test(files),
      cmocka_unit_test(response_types),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
