/* Tests of src/xhr/text_response.c: the text while it comes in, cut at every byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "support/leftovers.h"
#include "support/scripted_session.h"

enum { MOST_BYTES = 120 };

typedef struct text_case {
  const char *content_type; /* NULL: no header */
  const char *override;     /* NULL: none */
  xhr_response_type type;
  xhr_string body;
  xhr_string text;
} text_case;

#define BYTES(literal)                                                                             \
  { literal, sizeof(literal) - 1 }
#define XML_1252 "<?xml version='1.0' encoding='windows-1252'?><x>"

static const text_case cases[] = {
    {"text/plain", NULL, XHR_RESPONSE_TYPE_EMPTY, BYTES("a\xe2\x82\xac\xf0\x9f\x98\x80\xc3\xa9z"),
     BYTES("a\xe2\x82\xac\xf0\x9f\x98\x80\xc3\xa9z")},
    {NULL, NULL, XHR_RESPONSE_TYPE_TEXT, BYTES("\xe2\x82\xac"), BYTES("\xe2\x82\xac")},
    {"text/plain", NULL, XHR_RESPONSE_TYPE_EMPTY, BYTES(""), BYTES("")},
    {"text/plain", NULL, XHR_RESPONSE_TYPE_EMPTY, BYTES("a\0b"), BYTES("a\0b")},
    /* Byte order marks: one goes, and beats all labels. */
    {"text/plain", NULL, XHR_RESPONSE_TYPE_EMPTY, BYTES("\xef\xbb\xbfhi"), BYTES("hi")},
    {"text/plain", NULL, XHR_RESPONSE_TYPE_EMPTY, BYTES("\xef\xbb\xbf\xef\xbb\xbf"),
     BYTES("\xef\xbb\xbf")},
    {"text/plain;charset=koi8-r", NULL, XHR_RESPONSE_TYPE_TEXT, BYTES("\xff\xfeh\0\xac\x20"),
     BYTES("h\xe2\x82\xac")},
    {"text/plain", "text/plain;charset=koi8-r", XHR_RESPONSE_TYPE_TEXT,
     BYTES("\xfe\xff\0h\x20\xac"), BYTES("h\xe2\x82\xac")},
    {"text/plain", NULL, XHR_RESPONSE_TYPE_EMPTY, BYTES("\xfe\xff"), BYTES("")},
    {"text/plain", NULL, XHR_RESPONSE_TYPE_EMPTY, BYTES("\xef\xbb"), BYTES("\xef\xbf\xbd")},
    /* Labels. */
    {"text/plain;charset=windows-1252", NULL, XHR_RESPONSE_TYPE_EMPTY, BYTES("\xff\x80"),
     BYTES("\xc3\xbf\xe2\x82\xac")},
    {"text/plain;charset=bogus", NULL, XHR_RESPONSE_TYPE_EMPTY, BYTES("\xc3\xbf"),
     BYTES("\xc3\xbf")},
    {"text/plain;charset=shift_jis", NULL, XHR_RESPONSE_TYPE_EMPTY, BYTES("a\x8b\x40\xb1"),
     BYTES("a\xe6\xa9\x9f\xef\xbd\xb1")},
    {"text/plain;charset=gb18030", NULL, XHR_RESPONSE_TYPE_EMPTY,
     BYTES("\x81\x30\x81\x30x\xa4\xa2"), BYTES("\xc2\x80x\xe3\x81\x82")},
    {"text/plain;charset=utf-16le", NULL, XHR_RESPONSE_TYPE_EMPTY, BYTES("\x3d\xd8\0\xde"),
     BYTES("\xf0\x9f\x98\x80")},
    {"text/plain;charset=windows-1252", "x/y;charset=utf-8", XHR_RESPONSE_TYPE_EMPTY,
     BYTES("\xc3\xbf"), BYTES("\xc3\xbf")},
    {"text/plain;charset=windows-1252", "x/y", XHR_RESPONSE_TYPE_EMPTY, BYTES("\xc3\xbf"),
     BYTES("\xc3\x83\xc2\xbf")},
    /* What is wrong becomes U+FFFD; what is cut short does so at the end only. */
    {"text/plain", NULL, XHR_RESPONSE_TYPE_EMPTY,
     BYTES("a\xff"
           "b"),
     BYTES("a\xef\xbf\xbd"
           "b")},
    {"text/plain", NULL, XHR_RESPONSE_TYPE_EMPTY, BYTES("a\xe2\x82"), BYTES("a\xef\xbf\xbd")},
    {"text/plain", NULL, XHR_RESPONSE_TYPE_EMPTY, BYTES("\xe2\x82z\xf0\x9f"),
     BYTES("\xef\xbf\xbdz\xef\xbf\xbd")},
    /* XML says its encoding itself, for the response type "" and where nobody else does. */
    {"application/xml", NULL, XHR_RESPONSE_TYPE_EMPTY, BYTES(XML_1252 "\xe6\x80"),
     BYTES(XML_1252 "\xc3\xa6\xe2\x82\xac")},
    {NULL, NULL, XHR_RESPONSE_TYPE_EMPTY, BYTES(XML_1252 "\xe6"), BYTES(XML_1252 "\xc3\xa6")},
    {"application/xml", NULL, XHR_RESPONSE_TYPE_TEXT, BYTES(XML_1252 "\xc3\xa6"),
     BYTES(XML_1252 "\xc3\xa6")},
    {"application/xml;charset=utf-8", NULL, XHR_RESPONSE_TYPE_EMPTY, BYTES(XML_1252 "\xc3\xa6"),
     BYTES(XML_1252 "\xc3\xa6")},
    {"text/html", NULL, XHR_RESPONSE_TYPE_EMPTY, BYTES(XML_1252 "\xc3\xa6"),
     BYTES(XML_1252 "\xc3\xa6")},
    {"image/svg+xml", NULL, XHR_RESPONSE_TYPE_EMPTY, BYTES("\0<\0?\0x\0m\0l"), BYTES("<?xml")},
    {"text/xml", NULL, XHR_RESPONSE_TYPE_EMPTY, BYTES("<?xml version='1.0"),
     BYTES("<?xml version='1.0")},
    {"text/xml", NULL, XHR_RESPONSE_TYPE_EMPTY, BYTES("\xef\xbb\xbf" XML_1252 "\xc3\xa6"),
     BYTES(XML_1252 "\xc3\xa6")},
};

typedef struct reader {
  const text_case *expected;
  size_t len; /* of the last text */
  unsigned reads;
} reader;

/* While it comes in, the text is a beginning of the whole, and only grows. */
static void read_text(const xhr_event *event, void *user) {
  reader *r = user;
  xhr_string text, response;
  assert_int_equal(xhr_get_response_text(event->xhr, &text), XHR_OK);
  assert_non_null(text.data);
  xhr_string whole = r->expected->text;
  if (text.len < r->len || text.len > whole.len ||
      (text.len && memcmp(text.data, whole.data, text.len) != 0))
    fail_msg("after %u bytes of \"%s\": \"%.*s\"", (unsigned)event->loaded, r->expected->body.data,
             (int)text.len, text.data);
  assert_int_equal(xhr_get_response(event->xhr, &response), XHR_OK);
  assert_int_equal(response.len, text.len);
  r->len = text.len;
  r->reads++;
}

/* Runs one case; the server sends what each step says. */
static void run_case(const text_case *c, const xhr__script_step *steps, size_t count,
                     unsigned pieces) {
  static scripted_session s;
  xhr *request;
  xhr_string text;
  reader r = {.expected = c};
  scripted_session_begin(&s, SCRIPTED_FAKE_CLOCK, steps, count);
  assert_int_equal(xhr_new(s.context, &request), XHR_OK);
  xhr_event_target *target = xhr_get_event_target(request);
  assert_int_equal(xhr_add_event_listener(target, XHR_EVENT_PROGRESS, read_text, &r), XHR_OK);
  assert_int_equal(xhr_open(request, xhr_str("GET"), xhr_str("/")), XHR_OK);
  assert_int_equal(xhr_set_response_type(request, c->type), XHR_OK);
  if (c->override)
    assert_int_equal(xhr_override_mime_type(request, xhr_str(c->override)), XHR_OK);
  assert_int_equal(xhr_send(request, NULL), XHR_OK);
  assert_int_equal(xhr_get_response_text(request, &text), XHR_OK);
  assert_int_equal(text.len, 0);
  scripted_session_run(&s);
  assert_int_equal(xhr_get_ready_state(request), XHR_DONE);
  assert_int_equal(r.reads, pieces);
  assert_int_equal(xhr_get_response_text(request, &text), XHR_OK);
  if (text.len != c->text.len || (text.len && memcmp(text.data, c->text.data, text.len) != 0))
    fail_msg("\"%s\": \"%.*s\"", c->body.data, (int)text.len, text.data);
  xhr_unref(request);
  scripted_session_end(&s);
}

/* The head of a case's response, up to its body. */
static xhr__str head_of(const text_case *c) {
  static char head[256];
  int len = snprintf(
      head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n%s%s\r\n\r\n", c->body.len,
      c->content_type ? "Content-Type: " : "X: ", c->content_type ? c->content_type : "");
  return xhr__str_of(head, (size_t)len);
}

static void test_cut_once(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const text_case *c = &cases[i];
    for (size_t cut = 0; cut <= c->body.len; cut++) {
      const xhr__script_step steps[] = {
          SCRIPT_READ,
          {.kind = XHR__STEP_SEND, .bytes = head_of(c)},
          {.kind = XHR__STEP_SEND, .bytes = {c->body.data, cut}},
          SCRIPT_WAIT(60),
          {.kind = XHR__STEP_SEND, .bytes = {c->body.data + cut, c->body.len - cut}},
      };
      run_case(c, steps, 5, cut > 0 && cut < c->body.len ? 2 : 1);
    }
  }
}

static void test_cut_everywhere(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const text_case *c = &cases[i];
    xhr__script_step steps[2 + 2 * MOST_BYTES] = {SCRIPT_READ};
    size_t count = 1;
    steps[count++] = (xhr__script_step){.kind = XHR__STEP_SEND, .bytes = head_of(c)};
    assert_true(c->body.len <= MOST_BYTES);
    for (size_t j = 0; j < c->body.len; j++) {
      steps[count++] = (xhr__script_step){.kind = XHR__STEP_SEND, .bytes = {c->body.data + j, 1}};
      steps[count++] = (xhr__script_step)SCRIPT_WAIT(60);
    }
    run_case(c, steps, count, c->body.len ? (unsigned)c->body.len : 1);
  }
}

/* In UTF-8 each text ends with the last complete character. */
static void test_nothing_is_held_back(void **state) {
  (void)state;
  static const char body[] = "a\xe2\x82\xac\xf0\x9f\x98\x80\xc3\xa9";
  static const size_t complete[] = {0, 1, 1, 1, 4, 4, 4, 4, 8, 8, 10};
  for (size_t cut = 1; cut < sizeof body - 1; cut++) {
    static scripted_session s;
    const xhr__script_step steps[] = {
        SCRIPT_READ,
        SCRIPT_SEND("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"),
        {.kind = XHR__STEP_SEND, .bytes = {body, cut}},
        SCRIPT_STALL,
    };
    xhr *request;
    xhr_string text;
    scripted_session_begin(&s, SCRIPTED_FAKE_CLOCK, steps, 4);
    assert_int_equal(xhr_new(s.context, &request), XHR_OK);
    assert_int_equal(xhr_set_response_type(request, XHR_RESPONSE_TYPE_TEXT), XHR_OK);
    assert_int_equal(xhr_open(request, xhr_str("GET"), xhr_str("/")), XHR_OK);
    assert_int_equal(xhr_send(request, NULL), XHR_OK);
    scripted_session_run(&s);
    assert_int_equal(xhr_get_ready_state(request), XHR_LOADING);
    assert_int_equal(xhr_get_response_text(request, &text), XHR_OK);
    assert_int_equal(text.len, complete[cut]);
    assert_int_equal(xhr_abort(request), XHR_OK);
    assert_int_equal(xhr_get_response_text(request, &text), XHR_OK);
    assert_int_equal(text.len, 0);
    xhr_unref(request);
    scripted_session_end(&s);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_cut_once),
      cmocka_unit_test(test_cut_everywhere),
      cmocka_unit_test(test_nothing_is_held_back),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
