/* The libcurl transport with its n-th allocation failing, once and for ever: each exchange ends, with a reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "net/curl_transport.h"
#include "support/failing_allocator.h"
#include "support/leftovers.h"
#include "support/nginx.h"

enum { BODY = 100000, EXCHANGES = 3 };

static nginx server;
static char url_text[64];

typedef struct attempt {
  xhr__exchange exchange; /* first */
  size_t sent;
  bool done;
  xhr_failure_code code;
} attempt;

static xhr__read_result read_body(xhr__exchange *exchange, char *data, size_t size, size_t *len) {
  attempt *a = (attempt *)exchange;
  *len = BODY - a->sent < size ? BODY - a->sent : size;
  memset(data, 'x', *len);
  a->sent += *len;
  return *len ? XHR__READ_DATA : XHR__READ_END;
}

static void rewind_body(xhr__exchange *exchange, uint64_t position) {
  ((attempt *)exchange)->sent = (size_t)position;
}

static void head(xhr__exchange *exchange, xhr__response_head *response) {
  (void)exchange;
  assert_int_equal(response->status, 200);
}

static void body(xhr__exchange *exchange, xhr__str bytes) {
  (void)exchange;
  (void)bytes;
}

static void done(xhr__exchange *exchange, const xhr__failure *failure) {
  attempt *a = (attempt *)exchange;
  assert_false(a->done);
  a->done = true;
  a->code = failure ? failure->code : XHR_FAILURE_NONE;
}

static const xhr__exchange_events events = {read_body, rewind_body, head, body, done};

static void exchange_once(xhr__transport *transport, xhr__poller *poller, const xhr__url *url,
                          const xhr__header_list *headers, bool upload) {
  const xhr__transport_methods *methods = transport->methods;
  attempt a = {.exchange = {.events = &events,
                            .method = upload ? XHR__STR("POST") : XHR__STR("GET"),
                            .url = url,
                            .headers = headers,
                            .has_body = upload,
                            .body_length = upload ? BODY : 0}};
  if (xhr__transport_start(transport, &a.exchange) != XHR_OK)
    return;
  for (int i = 0; i < 1000; i++) {
    methods->turn(transport);
    if (a.done)
      break;
    xhr__poller_wait(poller, methods->deadline(transport) ? 10 * XHR__MILLISECOND : 0);
  }
  assert_true(a.done);
  /* Where it is a socket's record that cannot be had, libcurl says that there is no connection. */
  assert_true(a.code == XHR_FAILURE_NONE || a.code == XHR_FAILURE_OUT_OF_MEMORY ||
              a.code == XHR_FAILURE_CONNECT);
}

static void exchange_all(xhr__transport *transport) {
  xhr__poller *poller = NULL;
  xhr__url url = {0};
  xhr__header_list headers = {0};
  if (xhr__poller_new(&poller) == XHR_OK &&
      transport->methods->attach(transport, poller, &xhr__monotonic_clock) == XHR_OK &&
      xhr__url_parse(xhr__str_c(url_text), NULL, &url) == XHR_OK &&
      xhr__header_list_append(&headers, XHR__STR("Accept"), XHR__STR("*/*")) == XHR_OK) {
    for (int i = 0; i < EXCHANGES; i++)
      exchange_once(transport, poller, &url, &headers, i == 1);
  }
  transport->methods->destroy(transport);
  xhr__header_list_free(&headers);
  xhr__url_free(&url);
  xhr__poller_unref(poller);
}

static void run(void *user) {
  (void)user;
  xhr__transport_options options = {
      .has_proxy = true, .max_connections = 256, .max_header_bytes = 256 << 10};
  xhr__transport *transport;
  if (xhr__curl_transport_new(&options, &transport) == XHR_OK)
    exchange_all(transport);
}

static void test_memory(void **state) {
  (void)state;
  assert_true(failing_allocator_loop(run, NULL, NULL) > 10);
}

static int start(void **state) {
  nginx_start(&server);
  snprintf(url_text, sizeof url_text, "http://127.0.0.1:%u/", server.http);
  return leftovers_note(state);
}

static int stop(void **state) {
  int left = leftovers_check(state);
  nginx_stop(&server);
  return left;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_memory),
  };
  return cmocka_run_group_tests(tests, start, stop);
}
