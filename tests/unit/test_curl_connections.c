/* The libcurl transport against a peer on the same thread: connections, uploads, calls from inside callbacks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "support/leftovers.h"
#include "support/transport_fixture.h"

/* ---- connections ---- */

static void test_keep_alive(void **state) {
  (void)state;
  static const peer_answer answers[] = {
      ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na"),
      ANSWER("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nb\r\n0\r\n\r\n"),
      ANSWER("HTTP/1.1 204 No Content\r\n\r\n"),
      ANSWER_CLOSE("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nd"),
      ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\ne"),
  };
  static const char *const bodies[] = {"a", "b", "", "d", "e"};
  fixture f;
  begin(&f, answers, COUNT(answers));
  for (size_t i = 0; i < COUNT(answers); i++) {
    recorder r;
    recorder_get(&r, &f.all, f.url);
    assert_good(&r, bodies[i]);
    recorder_free(&r);
    assert_int_equal(peer_accepted(f.server), i < 4 ? 1 : 2);
  }
  end(&f);
}

/* A 304 that names a length: its body may come on the connection, whatever the standard says of it. Not so where the client
 * asked for a 304. */
static void test_stray_body(void **state) {
  (void)state;
  static const peer_answer answers[] = {
      ANSWER("HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\n"),
      ANSWER("HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\n"),
      ANSWER("HTTP/1.1 304 Not Modified\r\nContent-Length: 0\r\n\r\n"),
      ANSWER("HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\n"),
      ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\ne"),
  };
  static const char *const bodies[] = {"", "", "", "", "e"};
  static const size_t accepted[] = {1, 2, 3, 3, 3};
  fixture f;
  begin(&f, answers, COUNT(answers));
  for (size_t i = 0; i < COUNT(answers); i++) {
    recorder r;
    recorder_init(&r, &f.all, "GET", f.url);
    if (i == 3)
      recorder_header(&r, "If-None-Match", "\"a\"");
    recorder_start(&r);
    exchanges_run(&f.all);
    assert_good(&r, bodies[i]);
    recorder_free(&r);
    assert_int_equal(peer_accepted(f.server), accepted[i]);
  }
  end(&f);
}

/* The server closed a connection while it was idle: both kinds of request go out again on a new one. */
static void test_dead_connection(void **state) {
  (void)state;
  peer_answer answers[4] = {ok_answer, ok_answer, ok_answer, ok_answer};
  fixture f;
  begin(&f, answers, 4);
  for (size_t i = 0; i < 4; i++) {
    recorder r;
    recorder_init(&r, &f.all, i % 2 ? "POST" : "GET", f.url);
    if (i % 2)
      recorder_send(&r, XHR__STR("the body"));
    recorder_start(&r);
    exchanges_run(&f.all);
    assert_good(&r, "hi");
    recorder_free(&r);
    peer_close_all(f.server);
  }
  assert_int_equal(peer_accepted(f.server), 4);
  end(&f);
}

/* Closed the moment that the next request arrives, so that libcurl could not know: it sends it again. */
static void test_dies_with_request(void **state) {
  (void)state;
  static const peer_answer answers[] = {
      ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na"), ANSWER_CLOSE(""),
      ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb"), ANSWER_CLOSE(""),
      ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nc"),
  };
  fixture f;
  begin(&f, answers, COUNT(answers));
  static const char *const bodies[] = {"a", "b", "c"};
  for (size_t i = 0; i < 3; i++) {
    recorder r;
    recorder_init(&r, &f.all, i == 2 ? "POST" : "GET", f.url);
    if (i == 2)
      recorder_send(&r, XHR__STR("again and again"));
    recorder_start(&r);
    exchanges_run(&f.all);
    assert_good(&r, bodies[i]);
    assert_int_equal(r.rewinds, i == 2 ? 1 : 0);
    recorder_free(&r);
  }
  assert_int_equal(peer_accepted(f.server), 3);
  assert_int_equal(peer_request_count(f.server), 5);
  xhr__str last = peer_request(f.server, 4);
  assert_true(xhr__str_ends_with(last, XHR__STR("\r\n\r\nagain and again")));
  end(&f);
}

/* An idle connection that the server closed is not looked at again and again. */
static void test_idle_does_not_spin(void **state) {
  (void)state;
  fixture f;
  recorder r;
  begin(&f, &ok_answer, 1);
  recorder_get(&r, &f.all, f.url);
  recorder_free(&r);
  peer_close_all(f.server);
  xhr__time start = xhr__clock_now(&xhr__monotonic_clock);
  for (int i = 0; i < 3; i++)
    xhr__poller_wait(f.all.poller, 20 * XHR__MILLISECOND);
  assert_true(xhr__clock_now(&xhr__monotonic_clock) - start >= 40 * XHR__MILLISECOND);
  end(&f);
}

static void test_connection_limit(void **state) {
  (void)state;
  enum { REQUESTS = 60 };
  peer_answer answers[REQUESTS];
  for (size_t i = 0; i < REQUESTS; i++)
    answers[i] = ok_answer;
  for (int by_host = 0; by_host < 2; by_host++) {
    xhr__transport_options options = exchanges_options();
    if (by_host)
      options.max_connections_per_host = 5;
    else
      options.max_connections = 5;
    fixture f;
    static recorder r[REQUESTS];
    begin_with(&f, &options, answers, REQUESTS);
    for (size_t i = 0; i < REQUESTS; i++) {
      recorder_init(&r[i], &f.all, "GET", f.url);
      recorder_start(&r[i]);
    }
    exchanges_run(&f.all);
    for (size_t i = 0; i < REQUESTS; i++) {
      assert_good(&r[i], "hi");
      recorder_free(&r[i]);
    }
    assert_int_equal(peer_accepted(f.server), 5);
    end(&f);
  }
}

/* ---- uploads ---- */

static void test_upload(void **state) {
  (void)state;
  static char data[300000];
  memset(data, 'u', sizeof data);
  fixture f;
  recorder r;
  begin(&f, &ok_answer, 1);
  recorder_init(&r, &f.all, "POST", f.url);
  recorder_send(&r, xhr__str_of(data, sizeof data));
  recorder_start(&r);
  exchanges_run(&f.all);
  assert_good(&r, "hi");
  assert_int_equal(r.sent, sizeof data);
  xhr__str request = peer_request(f.server, 0);
  assert_true(request.len > sizeof data);
  assert_memory_equal(request.data + request.len - sizeof data, data, sizeof data);
  assert_true(xhr__str_find_str(request, 0, XHR__STR("Content-Length: 300000\r\n\r\n")) <
              request.len);
  recorder_free(&r);
  end(&f);
}

static void note_later(recorder *r, recorder_moment moment) {
  if (moment == RECORDER_READ_BODY && r->laters > 0)
    *(bool *)r->user = true;
}

/* Resumed from outside, from inside the call that answers LATER, and before there is anything to resume. */
static void resume_inside(recorder *r, recorder_moment moment) {
  if (moment == RECORDER_READ_BODY)
    xhr__transport_resume(r->all->transport, &r->exchange);
}

static void test_upload_later(void **state) {
  (void)state;
  peer_answer answers[2] = {ok_answer, ok_answer};
  fixture f;
  recorder r;
  bool later = false;
  begin(&f, answers, 2);
  recorder_init(&r, &f.all, "PUT", f.url);
  recorder_send(&r, XHR__STR("in pieces, later"));
  r.piece = 5;
  r.later = 1;
  r.hook = note_later;
  r.user = &later;
  recorder_start(&r);
  xhr__transport_resume(f.all.transport, &r.exchange);
  exchanges_run_until(&f.all, &later);
  for (int i = 0; i < 3; i++)
    exchanges_step(&f.all, 5);
  assert_int_equal(r.sent, 0);
  xhr__transport_resume(f.all.transport, &r.exchange);
  exchanges_run(&f.all);
  assert_good(&r, "hi");
  recorder_free(&r);

  recorder_init(&r, &f.all, "PUT", f.url);
  recorder_send(&r, XHR__STR("in pieces, later"));
  r.piece = 1;
  r.later = 3;
  r.hook = resume_inside;
  recorder_start(&r);
  exchanges_run(&f.all);
  assert_good(&r, "hi");
  assert_int_equal(r.laters, 3);
  recorder_free(&r);
  end(&f);
}

static void test_upload_fails(void **state) {
  (void)state;
  peer_answer answers[2] = {ok_answer, ok_answer};
  fixture f;
  recorder r;
  begin(&f, answers, 2);
  recorder_init(&r, &f.all, "POST", f.url);
  recorder_send(&r, XHR__STR("never sent"));
  r.read_fails = true;
  recorder_start(&r);
  exchanges_run(&f.all);
  assert_failed(&r, XHR_FAILURE_BODY_READ);
  recorder_free(&r);

  recorder_init(&r, &f.all, "POST", f.url);
  recorder_send(&r, XHR__STR("half of it"));
  r.piece = 5;
  r.ends_early = true;
  recorder_start(&r);
  exchanges_run(&f.all);
  assert_failed(&r, XHR_FAILURE_BODY_READ);
  recorder_free(&r);
  end(&f);
}

/* A server that stops reading: what we were asked for stays near what it took. */
static void test_upload_truth(void **state) {
  (void)state;
  enum { SIZE = 64 << 20 };
  static char data[SIZE];
  fixture f;
  recorder r;
  begin(&f, &ok_answer, 1);
  peer_set_deaf(f.server, true);
  recorder_init(&r, &f.all, "POST", f.url);
  recorder_send(&r, xhr__str_of(data, SIZE));
  recorder_start(&r);
  size_t before;
  do {
    before = r.sent;
    for (int i = 0; i < 5; i++)
      exchanges_step(&f.all, 20);
  } while (r.sent != before || r.sent == 0);
  assert_true(r.sent < 16 << 20);
  recorder_cancel(&r);
  recorder_free(&r);
  end(&f);
}

/* The answer comes before the body is out. */
static void test_early_answer(void **state) {
  (void)state;
  static const peer_answer answers[] = {
      ANSWER_AT_HEAD("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno"),
      ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
  };
  static char data[3 << 20];
  fixture f;
  recorder r;
  begin(&f, answers, 2);
  recorder_init(&r, &f.all, "POST", f.url);
  recorder_send(&r, xhr__str_of(data, sizeof data));
  recorder_start(&r);
  exchanges_run(&f.all);
  assert_good(&r, "no");
  assert_int_equal(r.status, 413);
  recorder_free(&r);
  recorder_get(&r, &f.all, f.url);
  assert_good(&r, "hi");
  recorder_free(&r);
  end(&f);
}

/* ---- calls from inside callbacks ---- */

static void cancel_at(recorder *r, recorder_moment moment) {
  if (moment == *(recorder_moment *)r->user)
    recorder_cancel(r);
}

static void test_cancel_inside(void **state) {
  (void)state;
  static const recorder_moment moments[] = {RECORDER_READ_BODY, RECORDER_HEAD, RECORDER_BODY};
  for (size_t i = 0; i < COUNT(moments); i++) {
    fixture f;
    recorder r;
    recorder_moment moment = moments[i];
    peer_answer answers[2] = {ok_answer, ok_answer};
    begin(&f, answers, 2);
    recorder_init(&r, &f.all, "POST", f.url);
    recorder_send(&r, XHR__STR("body"));
    r.hook = cancel_at;
    r.user = &moment;
    recorder_start(&r);
    exchanges_run(&f.all);
    assert_true(r.cancelled);
    assert_false(r.done);
    recorder_free(&r);
    /* Cancelled before its end, it takes its connection along. */
    while (peer_open(f.server) > 0)
      exchanges_step(&f.all, 100);
    end(&f);
  }
}

static void test_cancel_outside(void **state) {
  (void)state;
  fixture f;
  recorder r[3];
  xhr__transport_options options = exchanges_options();
  options.max_connections = 1;
  begin_with(&f, &options, &ok_answer, 1);
  for (int i = 0; i < 3; i++)
    recorder_init(&r[i], &f.all, "GET", f.url);
  /* Before the first turn; while it waits for a place; while it connects. */
  recorder_start(&r[0]);
  recorder_cancel(&r[0]);
  recorder_start(&r[1]);
  recorder_start(&r[2]);
  f.all.transport->methods->turn(f.all.transport);
  recorder_cancel(&r[2]);
  recorder_cancel(&r[1]);
  for (int i = 0; i < 3; i++)
    recorder_free(&r[i]);
  recorder_get(&r[0], &f.all, f.url);
  assert_good(&r[0], "hi");
  recorder_free(&r[0]);
  end(&f);
}

static void cancel_other(recorder *r, recorder_moment moment) {
  recorder *other = r->user;
  if (moment == RECORDER_HEAD && !other->cancelled)
    recorder_cancel(other);
}

static void test_cancel_another_inside(void **state) {
  (void)state;
  peer_answer answers[2] = {ok_answer, ok_answer};
  fixture f;
  recorder a, b;
  begin(&f, answers, 2);
  recorder_init(&a, &f.all, "GET", f.url);
  recorder_init(&b, &f.all, "GET", f.url);
  a.hook = cancel_other;
  a.user = &b;
  b.hook = cancel_other;
  b.user = &a;
  recorder_start(&a);
  recorder_start(&b);
  exchanges_run(&f.all);
  assert_true(a.cancelled != b.cancelled);
  assert_good(a.cancelled ? &b : &a, "hi");
  recorder_free(&a);
  recorder_free(&b);
  end(&f);
}

typedef struct chain {
  recorder r[40];
  size_t started;
  recorder_moment moment;
  const char *url;
} chain;

static void start_next(recorder *r, recorder_moment moment) {
  chain *c = r->user;
  if (moment != c->moment || c->started == COUNT(c->r) || &c->r[c->started - 1] != r)
    return;
  recorder *next = &c->r[c->started++];
  recorder_init(next, r->all, "GET", c->url);
  next->hook = start_next;
  next->user = c;
  recorder_start(next);
}

static void test_start_inside(void **state) {
  (void)state;
  static const recorder_moment moments[] = {RECORDER_HEAD, RECORDER_BODY, RECORDER_DONE};
  static chain c;
  peer_answer answers[COUNT(c.r)];
  for (size_t i = 0; i < COUNT(c.r); i++)
    answers[i] = ok_answer;
  for (size_t i = 0; i < COUNT(moments); i++) {
    fixture f;
    begin(&f, answers, COUNT(answers));
    c = (chain){.started = 1, .moment = moments[i], .url = f.url};
    recorder_init(&c.r[0], &f.all, "GET", f.url);
    c.r[0].hook = start_next;
    c.r[0].user = &c;
    recorder_start(&c.r[0]);
    exchanges_run(&f.all);
    assert_int_equal(c.started, COUNT(c.r));
    for (size_t k = 0; k < COUNT(c.r); k++) {
      assert_good(&c.r[k], "hi");
      recorder_free(&c.r[k]);
    }
    assert_true(peer_accepted(f.server) <= 2);
    end(&f);
  }
}

/* Complete, though its end has not been told yet: the connection is kept. */
static void test_cancel_complete(void **state) {
  (void)state;
  static const peer_answer answers[] = {
      ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
      ANSWER("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
  };
  fixture f;
  recorder r;
  begin(&f, answers, 2);
  recorder_init(&r, &f.all, "GET", f.url);
  recorder_start(&r);
  /* Turns without the one behind the wait, so that the end is not told at once. */
  while (r.body.len < 2) {
    f.all.transport->methods->turn(f.all.transport);
    xhr__poller_wait(f.all.poller, 100 * XHR__MILLISECOND);
  }
  recorder_cancel(&r);
  recorder_free(&r);
  recorder_get(&r, &f.all, f.url);
  assert_good(&r, "hi");
  recorder_free(&r);
  assert_int_equal(peer_accepted(f.server), 1);
  end(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_keep_alive),
      cmocka_unit_test(test_stray_body),
      cmocka_unit_test(test_dead_connection),
      cmocka_unit_test(test_dies_with_request),
      cmocka_unit_test(test_idle_does_not_spin),
      cmocka_unit_test(test_connection_limit),
      cmocka_unit_test(test_upload),
      cmocka_unit_test(test_upload_later),
      cmocka_unit_test(test_upload_fails),
      cmocka_unit_test(test_upload_truth),
      cmocka_unit_test(test_early_answer),
      cmocka_unit_test(test_cancel_inside),
      cmocka_unit_test(test_cancel_outside),
      cmocka_unit_test(test_cancel_another_inside),
      cmocka_unit_test(test_start_inside),
      cmocka_unit_test(test_cancel_complete),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
