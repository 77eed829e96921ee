/* What is sent from a file is not held in memory: 300 MiB go out, and the process stays as small as it was. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "infra/str.h"
#include "support/leftovers.h"
#include "xhr.h"

enum { MORE_KIB = 24 * 1024, UPLOADS = 2 };

static const uint64_t file_size = 300u << 20;
static char path[] = "/tmp/xhr-upload-memory-XXXXXX";

static int make_file(void **state) {
  if (leftovers_note(state) != 0)
    return -1;
  /* Nothing but a hole: it takes no room on the disk either. */
  int fd = mkstemp(path);
  return fd < 0 || ftruncate(fd, (off_t)file_size) != 0 ? -1 : close(fd);
}

static int remove_file(void **state) {
  return unlink(path) | leftovers_check(state);
}

/* ---- a server that counts ----------------------------------------------------------------------------------------- */

typedef struct server {
  int listener;
  unsigned port;
  pthread_t thread;
  atomic_ullong counts[UPLOADS]; /* bytes of each connection, heads included */
} server;

/* The length of a request, by the Content-Length in its head. */
static uint64_t request_length(xhr__str head) {
  static const xhr__str name = {"Content-Length: ", 16};
  size_t end = xhr__str_find_str(head, 0, XHR__STR("\r\n\r\n"));
  uint64_t length = 0;
  for (size_t at = xhr__str_find_str(head, 0, name) + name.len;
       at < end && xhr__is_ascii_digit(xhr__str_at(head, at)); at++)
    length = length * 10 + (xhr__str_at(head, at) - '0');
  return end + 4 + length;
}

/* One request; its head comes in one piece. */
static void serve_one(int connection, atomic_ullong *count) {
  static const char answer[] =
      "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";
  static char buffer[1 << 18];
  uint64_t total = 0, length = 1;
  while (total < length) {
    ssize_t len = recv(connection, buffer, sizeof buffer, 0);
    if (len <= 0)
      break;
    if (total == 0)
      length = request_length(xhr__str_of(buffer, (size_t)len));
    total += (uint64_t)len;
  }
  atomic_store(count, total);
  (void)send(connection, answer, sizeof answer - 1, MSG_NOSIGNAL);
  close(connection);
}

static void *serve(void *user) {
  server *s = user;
  for (int i = 0; i < UPLOADS; i++) {
    int connection = accept(s->listener, NULL, NULL);
    if (connection >= 0)
      serve_one(connection, &s->counts[i]);
  }
  return NULL;
}

static void start_server(server *s) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  *s = (server){.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  assert_true(s->listener >= 0);
  assert_int_equal(bind(s->listener, (struct sockaddr *)&address, sizeof address), 0);
  assert_int_equal(listen(s->listener, 4), 0);
  assert_int_equal(getsockname(s->listener, (struct sockaddr *)&address, &size), 0);
  s->port = ntohs(address.sin_port);
  assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

/* ---- the uploads --------------------------------------------------------------------------------------------------- */

/* What the process holds of memory, in KiB. */
static uint64_t resident_kib(void) {
  char line[256];
  uint64_t resident = 0;
  FILE *status = fopen("/proc/self/status", "r");
  assert_non_null(status);
  while (fgets(line, sizeof line, status)) {
    if (strncmp(line, "VmRSS:", 6) == 0)
      resident = strtoull(line + 6, NULL, 10);
  }
  fclose(status);
  return resident;
}

typedef struct watch {
  uint64_t before, most, loaded;
  unsigned progress;
} watch;

static void on_progress(const xhr_event *event, void *user) {
  watch *w = user;
  uint64_t now = resident_kib();
  if (now > w->most)
    w->most = now;
  w->progress++;
  w->loaded = event->loaded;
}

static xhr_body *file_body(void) {
  xhr_body *body;
  assert_int_equal(xhr_body_new_file(xhr_str(path), xhr_str(NULL), &body), XHR_OK);
  return body;
}

/* A form whose part is the file. */
static xhr_body *form_body(void) {
  xhr_form_data *form;
  xhr_body *body;
  assert_int_equal(xhr_form_data_new(&form), XHR_OK);
  assert_int_equal(
      xhr_form_data_append_file(form, xhr_str("file"), xhr_str(path), xhr_str(NULL), xhr_str(NULL)),
      XHR_OK);
  assert_int_equal(xhr_body_new_form_data(form, &body), XHR_OK);
  xhr_form_data_free(form);
  return body;
}

static void upload(xhr_context *context, xhr_body *body) {
  watch w = {.before = resident_kib()};
  xhr *request;
  assert_int_equal(xhr_new(context, &request), XHR_OK);
  xhr_event_target *target = xhr_get_upload(request);
  assert_int_equal(xhr_add_event_listener(target, XHR_EVENT_PROGRESS, on_progress, &w), XHR_OK);
  assert_int_equal(xhr_open(request, xhr_str("POST"), xhr_str("/")), XHR_OK);
  assert_int_equal(xhr_send(request, body), XHR_OK);
  assert_int_equal(xhr_loop_run(xhr_context_loop(context)), XHR_OK);
  assert_int_equal(xhr_get_status(request), 200);
  assert_int_equal(w.loaded, xhr_body_length(body));
  assert_true(w.progress >= 1);
  print_message("%u progress events, %llu KiB before, %llu KiB at most\n", w.progress,
                (unsigned long long)w.before, (unsigned long long)w.most);
  assert_true(w.most <= w.before + MORE_KIB);
  xhr_unref(request);
  xhr_body_unref(body);
}

static void check(xhr_driver driver) {
  server s;
  xhr_session_options *options;
  xhr_session *session;
  xhr_context *context;
  char base[64];
  start_server(&s);
  (void)snprintf(base, sizeof base, "http://127.0.0.1:%u/", s.port);
  assert_int_equal(xhr_session_options_new(&options), XHR_OK);
  assert_int_equal(xhr_session_options_set_driver(options, driver), XHR_OK);
  assert_int_equal(xhr_session_options_set_proxy(options, xhr_str(""), xhr_str(NULL)), XHR_OK);
  assert_int_equal(xhr_session_new(options, &session), XHR_OK);
  xhr_session_options_free(options);
  assert_int_equal(xhr_context_new(session, NULL, xhr_str(base), &context), XHR_OK);
  upload(context, file_body());
  upload(context, form_body());
  xhr_context_unref(context);
  xhr_session_unref(session);
  assert_int_equal(pthread_join(s.thread, NULL), 0);
  close(s.listener);
  for (int i = 0; i < UPLOADS; i++)
    assert_true(atomic_load(&s.counts[i]) > file_size);
}

static void test_inline(void **state) {
  (void)state;
  check(XHR_DRIVER_INLINE);
}

static void test_threaded(void **state) {
  (void)state;
  check(XHR_DRIVER_THREAD);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_inline),
      cmocka_unit_test(test_threaded),
  };
  return cmocka_run_group_tests(tests, make_file, remove_file);
}
