/* Files as request bodies, read on the helper thread, all the way to the server; inline and threaded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <unistd.h>

#include "infra/bytes.h"
#include "support/event_log.h"
#include "support/leftovers.h"
#include "support/scripted_session.h"

enum { FILE_SIZE = 700001 };

static scripted_session s;
static xhr *request;
static event_log events;
static xhr__bytes received;
static char path[] = "/tmp/xhr-file-body-XXXXXX";

static char byte_at(size_t index) {
  return (char)(index * 13 % 241);
}

static int make_file(void **state) {
  if (leftovers_note(state) != 0)
    return -1;
  int fd = mkstemp(path);
  FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
  if (!file)
    return -1;
  for (size_t i = 0; i < FILE_SIZE; i++)
    (void)fputc(byte_at(i), file);
  return fclose(file);
}

static int remove_file(void **state) {
  return unlink(path) | leftovers_check(state);
}

static void receive(void *user, size_t connection, bool begins, xhr__str bytes) {
  (void)user;
  (void)connection;
  if (begins)
    xhr__bytes_clear(&received);
  assert_int_equal(xhr__bytes_append(&received, bytes), XHR_OK);
}

static void begin(scripted_driver driver, const xhr__script_step *steps, size_t count) {
  s = (scripted_session){.script = {.received = receive}};
  for (size_t i = 0; i < SCRIPTED_CONNECTIONS; i++)
    s.connections[i] = (xhr__script_connection){.steps = steps, .count = count};
  assert_int_equal(scripted_session_try(&s, driver), XHR_OK);
  events = (event_log){.no_progress = true};
  assert_int_equal(xhr_new(s.context, &request), XHR_OK);
  event_log_listen(&events, request);
  assert_int_equal(xhr_open(request, xhr_str("POST"), xhr_str("/")), XHR_OK);
}

static void end(void) {
  xhr_unref(request);
  scripted_session_end(&s);
  xhr__bytes_free(&received);
}

static xhr_body *file_body(void) {
  xhr_body *body;
  assert_int_equal(xhr_body_new_file(xhr_str(path), xhr_str("a/b"), &body), XHR_OK);
  return body;
}

/* The last request that the servers have read ends with the file. */
static void check_received(void) {
  xhr__str all = xhr__bytes_str(&received);
  size_t head = xhr__str_find_str(all, 0, XHR__STR("\r\n\r\n")) + 4;
  assert_int_equal(all.len - head, FILE_SIZE);
  for (size_t i = 0; i < FILE_SIZE; i++) {
    if (all.data[head + i] != byte_at(i))
      fail_msg("byte %zu is wrong", i);
  }
}

#define ANSWER   "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
#define REDIRECT "HTTP/1.1 307 R\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n"
#define UPLOADED "1 loadstart u.loadstart(0,700001) u.load(700001,700001) u.loadend(700001,700001) "

static void test_file(void **state) {
  (void)state;
  static const xhr__script_step steps[] = {SCRIPT_READ, SCRIPT_READ_REST, SCRIPT_SEND(ANSWER)};
  for (int driver = SCRIPTED_INLINE; driver < SCRIPTED_DRIVERS; driver++) {
    xhr_body *body = file_body();
    begin((scripted_driver)driver, steps, 3);
    assert_int_equal(xhr_send(request, body), XHR_OK);
    xhr_body_unref(body);
    scripted_session_run(&s);
    assert_string_equal(events.text, UPLOADED "2 3 4 load(2,2) loadend(2,2)");
    check_received();
    end();
  }
}

/* Sent twice, told of once. */
static void test_redirect(void **state) {
  (void)state;
  static const xhr__script_step steps[] = {SCRIPT_READ, SCRIPT_READ_REST, SCRIPT_SEND(REDIRECT),
                                           SCRIPT_READ, SCRIPT_READ_REST, SCRIPT_SEND(ANSWER)};
  for (int driver = SCRIPTED_INLINE; driver < SCRIPTED_DRIVERS; driver++) {
    xhr_body *body = file_body();
    begin((scripted_driver)driver, steps, 6);
    assert_int_equal(xhr_send(request, body), XHR_OK);
    xhr_body_unref(body);
    scripted_session_run(&s);
    assert_string_equal(events.text, UPLOADED "2 3 4 load(2,2) loadend(2,2)");
    check_received();
    end();
  }
}

/* Aborted while the helper may be reading. */
static void test_abort(void **state) {
  (void)state;
  static const xhr__script_step steps[] = {SCRIPT_READ, SCRIPT_STALL};
  for (int driver = SCRIPTED_INLINE; driver < SCRIPTED_DRIVERS; driver++) {
    for (int waits = 0; waits < 4; waits++) {
      xhr_body *body = file_body();
      begin((scripted_driver)driver, steps, 2);
      assert_int_equal(xhr_send(request, body), XHR_OK);
      xhr_body_unref(body);
      for (int i = 0; i < waits; i++)
        assert_int_equal(xhr_loop_wait(s.loop, 1), XHR_OK);
      assert_int_equal(xhr_abort(request), XHR_OK);
      assert_string_equal(events.text, "1 loadstart u.loadstart(0,700001) 4 u.abort u.loadend "
                                       "abort loadend");
      end();
    }
  }
}

static void test_changed_file(void **state) {
  (void)state;
  static const xhr__script_step steps[] = {SCRIPT_READ, SCRIPT_READ_REST, SCRIPT_SEND(ANSWER)};
  for (int driver = SCRIPTED_INLINE; driver < SCRIPTED_DRIVERS; driver++) {
    xhr_body *body = file_body();
    assert_int_equal(truncate(path, FILE_SIZE - 1 - driver), 0);
    begin((scripted_driver)driver, steps, 3);
    assert_int_equal(xhr_send(request, body), XHR_OK);
    xhr_body_unref(body);
    scripted_session_run(&s);
    assert_int_equal(xhr_get_ready_state(request), XHR_DONE);
    assert_int_equal(xhr_failure(request)->code, XHR_FAILURE_BODY_READ);
    end();
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_file), cmocka_unit_test(test_redirect), cmocka_unit_test(test_abort),
      cmocka_unit_test(test_changed_file), /* the last: it changes the file */
  };
  return cmocka_run_group_tests(tests, make_file, remove_file);
}
