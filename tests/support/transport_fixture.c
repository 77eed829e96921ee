#include "support/transport_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

const peer_answer ok_answer = ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");

const char *url_of(const peer *server, const char *path, char buffer[256]) {
  snprintf(buffer, 256, "http://127.0.0.1:%u%s", peer_port(server), path);
  return buffer;
}

void assert_text(xhr__str text, const char *expected) {
  if (!xhr__str_equals(text, xhr__str_c(expected)))
    fail_msg("\"%.*s\" is not \"%s\"", (int)text.len, text.data, expected);
}

void begin_with(fixture *f, const xhr__transport_options *options, const peer_answer *answers,
                size_t count) {
  exchanges_begin(&f->all, options);
  f->server = peer_new(f->all.poller, answers, count);
  url_of(f->server, "/", f->url);
}

void begin(fixture *f, const peer_answer *answers, size_t count) {
  begin_with(f, NULL, answers, count);
}

void end(fixture *f) {
  peer_free(f->server);
  exchanges_end(&f->all);
}

void assert_good(const recorder *r, const char *body) {
  if (r->failure.code)
    fail_msg("%s: %s", xhr_failure_code_name(r->failure.code), r->failure.message);
  assert_true(r->done);
  assert_text(xhr__bytes_str(&r->body), body);
}

void assert_failed(const recorder *r, xhr_failure_code code) {
  assert_true(r->done);
  if (r->failure.code != code)
    fail_msg("%s (%s) where %s was expected", xhr_failure_code_name(r->failure.code),
             r->failure.message, xhr_failure_code_name(code));
  assert_int_equal(r->failure.phase, xhr__failure_code_phase(code));
  size_t len = strlen(r->failure.message);
  assert_true(len > 0 && r->failure.message[len - 1] >= ' ');
}
