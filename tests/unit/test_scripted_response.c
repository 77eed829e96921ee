/* The scripted transport's response reader: heads, framing and ends, with the bytes whole, each alone, and cut in two
 * at every place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "net/scripted_response.h"
#include "support/failing_allocator.h"
#include "support/leftovers.h"

#define OK  "HTTP/1.1 200 OK\r\n"
#define END "\r\n"

/* What must come of `bytes` and the connection's end behind them. */
typedef struct response {
  const char *bytes;
  bool to_head;
  unsigned status; /* 0: no head */
  const char *body;
  xhr_failure_code failure; /* of the bytes, or of the end */
  bool keep_alive;          /* of a complete one */
  const char *excess;       /* what is left of the bytes */
} response;

static const response responses[] = {
    {OK "Content-Length: 5\r\n" END "hello", false, 200, "hello", XHR_FAILURE_NONE, true, ""},
    {OK "Content-Length: 5\r\n" END "hello!", false, 200, "hello", XHR_FAILURE_NONE, true, "!"},
    {OK "Content-Length: 0\r\n" END, false, 200, "", XHR_FAILURE_NONE, true, ""},
    {OK "Content-Length: 5\r\n" END, true, 200, "", XHR_FAILURE_NONE, true, ""},
    {OK "Content-Length: 5\r\nConnection: x, Close\r\n" END "hello", false, 200, "hello",
     XHR_FAILURE_NONE, false, ""},
    {"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n" END "x", false, 200, "x", XHR_FAILURE_NONE, false,
     ""},
    {"HTTP/1.0 200 OK\r\nContent-Length: 1\r\nConnection: keep-alive\r\n" END "x", false, 200, "x",
     XHR_FAILURE_NONE, true, ""},
    {OK END "to the end", false, 200, "to the end", XHR_FAILURE_NONE, true, ""},
    {"HTTP/1.1 204 No Content\r\n" END, false, 204, "", XHR_FAILURE_NONE, true, ""},
    {"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n" END, false, 304, "", XHR_FAILURE_NONE,
     true, ""},
    {"HTTP/1.1 100 Continue\r\n" END OK "Content-Length: 1\r\n" END "x", false, 200, "x",
     XHR_FAILURE_NONE, true, ""},
    {"HTTP/1.1 200 OK\nContent-Length: 1\n\nx", false, 200, "x", XHR_FAILURE_NONE, true, ""},
    {OK "Transfer-Encoding: chunked\r\n" END "3\r\none\r\nA;x=\"y\"\r\n0123456789\r\n0\r\n\r\n",
     false, 200, "one0123456789", XHR_FAILURE_NONE, true, ""},
    {OK "Transfer-Encoding: chunked\r\n" END "1\r\nx\r\n0\r\nA: b\r\n c\r\n\r\nrest", false, 200,
     "x", XHR_FAILURE_NONE, true, "rest"},
    {OK "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n" END "2\r\nxy\r\n0\r\n\r\n", false,
     200, "xy", XHR_FAILURE_NONE, true, ""},
    {OK "Transfer-Encoding: gzip\r\nContent-Length: 1\r\n" END "to the end", false, 200,
     "to the end", XHR_FAILURE_NONE, true, ""},
    {"", false, 0, "", XHR_FAILURE_EMPTY_REPLY, false, ""},
    {"HTT", false, 0, "", XHR_FAILURE_HEADERS_INCOMPLETE, false, ""},
    {OK "Content-Le", false, 0, "", XHR_FAILURE_HEADERS_INCOMPLETE, false, ""},
    {"HTTP/1.1 100 Continue\r\n" END, false, 0, "", XHR_FAILURE_HEADERS_INCOMPLETE, false, ""},
    {OK "Content-Length: 5\r\n" END "hell", false, 200, "hell", XHR_FAILURE_BODY_INCOMPLETE, false,
     ""},
    {OK "Transfer-Encoding: chunked\r\n" END "5\r\nhell", false, 200, "hell",
     XHR_FAILURE_BODY_INCOMPLETE, false, ""},
    {OK "Transfer-Encoding: chunked\r\n" END "1\r\nx\r\n0\r\n", false, 200, "x",
     XHR_FAILURE_BODY_INCOMPLETE, false, ""},
    {OK "Transfer-Encoding: chunked\r\n" END "1\r\nx\r\nq\r\n", false, 200, "x",
     XHR_FAILURE_RESPONSE_INVALID, false, ""},
    {OK "Transfer-Encoding: chunked\r\n" END "1\r\nxy\r\n", false, 200, "x",
     XHR_FAILURE_RESPONSE_INVALID, false, ""},
    {OK "Transfer-Encoding: chunked\r\n" END "fffffffffffffffff\r\n", false, 200, "",
     XHR_FAILURE_RESPONSE_INVALID, false, ""},
    {OK "Transfer-Encoding: chunked\r\n" END "0\r\nno colon\r\n", false, 200, "",
     XHR_FAILURE_RESPONSE_INVALID, false, ""},
    {"SSH-2.0", false, 0, "", XHR_FAILURE_RESPONSE_INVALID, false, "SH-2.0"},
    {"HTTP/2 200\r\n" END, false, 0, "", XHR_FAILURE_RESPONSE_INVALID, false, ""},
    {OK "no colon\r\n" END, false, 0, "", XHR_FAILURE_RESPONSE_INVALID, false, "\r\n"},
    {OK " fold\r\n" END, false, 0, "", XHR_FAILURE_RESPONSE_INVALID, false, "\r\n"},
    {OK "Content-Length: 1, 2\r\n" END "x", false, 0, "", XHR_FAILURE_CONTENT_LENGTH, false, "x"},
    {OK "X-Long: 01234567890123456789012345678901234567890123456789012345678901234567890123456789",
     false, 0, "", XHR_FAILURE_HEADER_LIMIT, false, ""},
};

/* What came. */
typedef struct outcome {
  xhr__response_reader reader;
  unsigned status;
  xhr__bytes body;
  bool complete, failed;
} outcome;

/* Gives the reader a piece; it must not be asked for more behind the end. */
static void feed(outcome *o, bool to_head, xhr__str *bytes) {
  while (!o->complete && !o->failed) {
    xhr__str body;
    switch (xhr__response_reader_read(&o->reader, to_head, bytes, &body)) {
      case XHR__RESPONSE_MORE: return;
      case XHR__RESPONSE_HEAD: o->status = o->reader.head.status; break;
      case XHR__RESPONSE_BODY:
        if (xhr__bytes_append(&o->body, body) != XHR_OK)
          o->failed = true;
        break;
      case XHR__RESPONSE_COMPLETE: o->complete = true; break;
      case XHR__RESPONSE_FAILED: o->failed = true; break;
    }
  }
}

static void check(const response *r, const outcome *o) {
  xhr_failure_code code = o->failed ? o->reader.failure : xhr__response_reader_closed(&o->reader);
  if (code != r->failure)
    fail_msg("%s: %s, not %s", r->bytes, xhr_failure_code_name(code),
             xhr_failure_code_name(r->failure));
  assert_int_equal(o->status, r->status);
  assert_true(xhr__str_equals(xhr__bytes_str(&o->body), xhr__str_c(r->body)));
  if (code == XHR_FAILURE_NONE)
    assert_true(o->reader.keep_alive == r->keep_alive);
}

static void end(outcome *o) {
  xhr__response_reader_free(&o->reader);
  xhr__bytes_free(&o->body);
}

static void begin(outcome *o) {
  *o = (outcome){.reader = {.head = {.limit = 80}}};
}

/* In two pieces, cut at `cut`. */
static void run_cut(const response *r, size_t cut) {
  outcome o;
  begin(&o);
  xhr__str all = xhr__str_c(r->bytes);
  xhr__str first = xhr__str_slice(all, 0, cut), second = xhr__str_from(all, cut);
  feed(&o, r->to_head, &first);
  feed(&o, r->to_head, &second);
  check(r, &o);
  if (cut == 0 && o.complete)
    assert_true(xhr__str_equals(second, xhr__str_c(r->excess)));
  end(&o);
}

static void run_bytewise(const response *r) {
  outcome o;
  begin(&o);
  xhr__str all = xhr__str_c(r->bytes);
  for (size_t i = 0; i < all.len; i++) {
    xhr__str one = xhr__str_slice(all, i, i + 1);
    feed(&o, r->to_head, &one);
  }
  check(r, &o);
  end(&o);
}

static void test_responses(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof responses / sizeof responses[0]; i++) {
    for (size_t cut = 0; cut <= strlen(responses[i].bytes); cut++)
      run_cut(&responses[i], cut);
    run_bytewise(&responses[i]);
  }
}

static void test_one_after_the_other(void **state) {
  (void)state;
  outcome o;
  begin(&o);
  for (size_t i = 0; i < sizeof responses / sizeof responses[0]; i++) {
    xhr__str all = xhr__str_c(responses[i].bytes);
    feed(&o, responses[i].to_head, &all);
    check(&responses[i], &o);
    xhr__response_reader_clear(&o.reader);
    xhr__bytes_clear(&o.body);
    o.status = 0;
    o.complete = o.failed = false;
  }
  end(&o);
}

static void read_chunked(void *user) {
  const response *r = user;
  outcome o;
  begin(&o);
  xhr__str all = xhr__str_c(r->bytes);
  feed(&o, r->to_head, &all);
  if (!failing_allocator_failed())
    check(r, &o);
  else
    assert_true(!o.failed || o.reader.failure == XHR_FAILURE_OUT_OF_MEMORY ||
                o.reader.failure == XHR_FAILURE_NONE);
  end(&o);
}

static void test_want_of_memory(void **state) {
  (void)state;
  response chunked = {OK "Transfer-Encoding: chunked\r\n" END "3\r\none\r\n0\r\n\r\n",
                      false,
                      200,
                      "one",
                      XHR_FAILURE_NONE,
                      true,
                      ""};
  assert_true(failing_allocator_loop(read_chunked, NULL, &chunked) > 4);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_responses),
      cmocka_unit_test(test_one_after_the_other),
      cmocka_unit_test(test_want_of_memory),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
