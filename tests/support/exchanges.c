#include "support/exchanges.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "net/curl_transport.h"

static recorder *of(xhr__exchange *exchange) {
  return (recorder *)exchange;
}

static void hook(recorder *r, recorder_moment moment) {
  assert_false(r->done);
  assert_false(r->cancelled);
  if (r->hook)
    r->hook(r, moment);
}

static xhr__read_result read_body(xhr__exchange *exchange, char *data, size_t size, size_t *len) {
  recorder *r = of(exchange);
  r->reads++;
  if (r->later > 0) {
    r->later--;
    r->laters++;
    hook(r, RECORDER_READ_BODY);
    return XHR__READ_LATER;
  }
  hook(r, RECORDER_READ_BODY);
  if (r->read_fails)
    return XHR__READ_FAILED;
  size_t left = r->to_send.len - r->sent;
  if (left == 0 || (r->ends_early && r->sent > 0))
    return XHR__READ_END;
  if (left > size)
    left = size;
  if (r->piece && left > r->piece)
    left = r->piece;
  memcpy(data, r->to_send.data + r->sent, left);
  r->sent += left;
  *len = left;
  return XHR__READ_DATA;
}

static void rewind_body(xhr__exchange *exchange, uint64_t position) {
  recorder *r = of(exchange);
  assert_true(position <= r->to_send.len);
  r->sent = (size_t)position;
  r->rewinds++;
  hook(r, RECORDER_REWIND);
}

static void head(xhr__exchange *exchange, xhr__response_head *response) {
  recorder *r = of(exchange);
  assert_int_equal(r->heads, 0);
  r->heads++;
  r->status = response->status;
  r->http_version = response->http_version;
  assert_int_equal(xhr__bytes_assign(&r->reason, response->reason), XHR_OK);
  xhr__header_list_move(&r->response_headers, response->headers);
  hook(r, RECORDER_HEAD);
}

static void body(xhr__exchange *exchange, xhr__str bytes) {
  recorder *r = of(exchange);
  assert_int_equal(r->heads, 1);
  assert_true(bytes.len > 0);
  r->bodies++;
  r->body_bytes += bytes.len;
  if (!r->keep_nothing)
    assert_int_equal(xhr__bytes_append(&r->body, bytes), XHR_OK);
  hook(r, RECORDER_BODY);
}

static void done(xhr__exchange *exchange, const xhr__failure *failure) {
  recorder *r = of(exchange);
  hook(r, RECORDER_DONE);
  r->done = true;
  r->all->open--;
  if (failure) {
    r->failure = *failure;
    assert_int_not_equal(failure->code, XHR_FAILURE_NONE);
    assert_true(failure->message[0]);
  } else {
    assert_int_equal(r->heads, 1);
  }
}

static const xhr__exchange_events events = {read_body, rewind_body, head, body, done};

xhr__transport_options exchanges_options(void) {
  return (xhr__transport_options){
      .has_proxy = true, .max_connections = 256, .max_header_bytes = 256 << 10};
}

void exchanges_begin(exchanges *all, const xhr__transport_options *options) {
  xhr__poller *poller;
  assert_int_equal(xhr__poller_new(&poller), XHR_OK);
  exchanges_begin_on(all, options, poller);
  xhr__poller_unref(poller);
}

void exchanges_begin_on(exchanges *all, const xhr__transport_options *options,
                        xhr__poller *poller) {
  xhr__transport_options usual = exchanges_options();
  *all = (exchanges){.poller = xhr__poller_ref(poller)};
  assert_int_equal(xhr__curl_transport_new(options ? options : &usual, &all->transport), XHR_OK);
  assert_int_equal(
      all->transport->methods->attach(all->transport, all->poller, &xhr__monotonic_clock), XHR_OK);
}

void exchanges_end(exchanges *all) {
  assert_int_equal(all->open, 0);
  all->transport->methods->destroy(all->transport);
  xhr__poller_unref(all->poller);
}

static void turn(exchanges *all) {
  all->transport->methods->turn(all->transport);
}

static void wait_and_turn(exchanges *all, unsigned ms) {
  const xhr__transport_methods *methods = all->transport->methods;
  xhr__time due = methods->deadline(all->transport), now = xhr__clock_now(&xhr__monotonic_clock);
  xhr__time wait = due <= now ? 0 : due - now;
  if (wait > ms * XHR__MILLISECOND)
    wait = ms * XHR__MILLISECOND;
  xhr__poller_wait(all->poller, wait);
  turn(all);
}

void exchanges_step(exchanges *all, unsigned ms) {
  turn(all);
  wait_and_turn(all, ms);
}

static void give_up_after(xhr__time end) {
  if (xhr__clock_now(&xhr__monotonic_clock) > end)
    fail_msg("nothing more happens");
}

void exchanges_run(exchanges *all) {
  xhr__time end = xhr__time_after_ms(xhr__clock_now(&xhr__monotonic_clock), 30000);
  turn(all);
  while (all->open > 0) {
    wait_and_turn(all, 1000);
    give_up_after(end);
  }
}

void exchanges_run_until(exchanges *all, const bool *flag) {
  xhr__time end = xhr__time_after_ms(xhr__clock_now(&xhr__monotonic_clock), 30000);
  turn(all);
  while (!*flag) {
    wait_and_turn(all, 1000);
    give_up_after(end);
  }
}

void recorder_init(recorder *r, exchanges *all, const char *method, const char *url) {
  *r = (recorder){.all = all};
  assert_int_equal(xhr__url_parse(xhr__str_c(url), NULL, &r->url), XHR_OK);
  r->exchange.events = &events;
  r->exchange.method = xhr__str_c(method);
  r->exchange.url = &r->url;
  r->exchange.headers = &r->headers;
}

void recorder_header(recorder *r, const char *name, const char *value) {
  assert_int_equal(xhr__header_list_append(&r->headers, xhr__str_c(name), xhr__str_c(value)),
                   XHR_OK);
}

void recorder_send(recorder *r, xhr__str bytes) {
  r->to_send = bytes;
  r->exchange.has_body = true;
  r->exchange.body_length = bytes.len;
}

void recorder_start(recorder *r) {
  assert_int_equal(xhr__transport_start(r->all->transport, &r->exchange), XHR_OK);
  r->all->open++;
}

void recorder_cancel(recorder *r) {
  assert_false(r->done);
  xhr__transport_cancel(r->all->transport, &r->exchange);
  r->cancelled = true;
  r->all->open--;
}

void recorder_free(recorder *r) {
  xhr__url_free(&r->url);
  xhr__header_list_free(&r->headers);
  xhr__header_list_free(&r->response_headers);
  xhr__bytes_free(&r->reason);
  xhr__bytes_free(&r->body);
}

void recorder_get(recorder *r, exchanges *all, const char *url) {
  recorder_init(r, all, "GET", url);
  recorder_start(r);
  exchanges_run(all);
}

xhr__str recorder_value(const recorder *r, const char *name) {
  size_t at = xhr__header_list_find(&r->response_headers, 0, xhr__str_c(name));
  return at < r->response_headers.count ? xhr__header_list_value(&r->response_headers, at)
                                        : XHR__STR_EMPTY;
}
