#include <stdatomic.h>

#include "net/curl_internal.h"
#include "net/curl_trace.h"

/* libcurl 8.1.1; see look_at_first_line. */
enum { FIRST_LINES_FIXED = 0x080101 };

static atomic_bool first_lines_need_care;

/* Ends the transfer: returned from a callback that takes bytes, libcurl stops with a write error. */
static size_t stop(xhr__transfer *transfer, xhr_failure_code code, const char *detail) {
  xhr__failure_set(&transfer->failure, code, xhr__str_c(detail));
  transfer->failed = true;
  return 0;
}

/* The response is there in all, while the request's body is still on its way. */
static void note_answer(xhr__transfer *transfer, uint64_t received) {
  if (transfer->answer_left == UINT64_MAX || transfer->answered)
    return;
  transfer->answer_left -= received < transfer->answer_left ? received : transfer->answer_left;
  if (transfer->answer_left > 0)
    return;
  transfer->answered = true;
  xhr__list_remove(&transfer->resume_node);
  xhr__list_append(&transfer->transport->answered, &transfer->resume_node);
}

/* Over HTTP/2 a server may answer and leave the request's body unread. libcurl goes on to send it, if need be for ever:
 * so the response's announced end is an end for us. Over HTTP/1.1 the connection tells. */
static uint64_t answer_length(const xhr__transfer *transfer) {
  const xhr__response_head_reader *reader = &transfer->head;
  bool has_length = false;
  uint64_t length = 0;
  if (reader->http_version < 20 || !transfer->exchange->has_body)
    return UINT64_MAX;
  if (reader->status == 204 || reader->status == 304)
    return 0;
  if (xhr__header_list_extract_length(&reader->headers, &has_length, &length) != XHR_OK)
    return UINT64_MAX;
  return has_length ? length : UINT64_MAX;
}

/* There are servers that send the body of a 204 or 304 all the same: it would stand before the connection's next response. A
 * 304 to a question whether something was modified may well name the length of what was not sent. */
static void look_at_stray_body(xhr__transfer *transfer) {
  const xhr__header_list *asked = transfer->exchange->headers;
  bool conditional = xhr__header_list_contains(asked, XHR__STR("if-none-match")) ||
                     xhr__header_list_contains(asked, XHR__STR("if-modified-since"));
  if (transfer->head.http_version < 20 && !conditional &&
      xhr__response_head_announces_stray_body(&transfer->head))
    curl_easy_setopt(transfer->easy, CURLOPT_FORBID_REUSE, 1L);
}

static void tell_head(xhr__transfer *transfer) {
  xhr__response_head_reader *reader = &transfer->head;
  xhr__response_head head = {.status = reader->status,
                             .reason = reader->reason,
                             .http_version = reader->http_version,
                             .headers = &reader->headers};
  transfer->head_told = true;
  transfer->answer_left = answer_length(transfer);
  look_at_stray_body(transfer);
  transfer->exchange->events->head(transfer->exchange, &head);
}

/* libcurl before 8.1.1 takes a folded line behind the status line for more of the last header of the easy handle's
 * response before, which is freed memory: https://github.com/curl/curl/pull/11103. The debug callback is the only one
 * that sees the line before; where nothing is traced it is on for that line alone. The line lies in libcurl's buffer, and
 * is not constant: without its blank it is no fold any more. */
static void look_at_first_line(xhr__transfer *transfer, char *data, size_t size) {
  transfer->first_line_is_next = false;
  if (size > 0 && xhr__is_http_tab_or_space((uint8_t)data[0])) {
    data[0] = ':';
    stop(transfer, XHR_FAILURE_RESPONSE_INVALID, "the response's first header is folded");
  }
  if (!transfer->transport->settings.trace)
    curl_easy_setopt(transfer->easy, CURLOPT_VERBOSE, 0L);
}

/* CURLOPT_DEBUGFUNCTION */
static int on_debug(CURL *easy, curl_infotype type, char *data, size_t size, void *user) {
  xhr__transfer *transfer = user;
  const xhr__trace *trace = transfer->transport->settings.trace;
  (void)easy;
  if (trace)
    xhr__curl_trace_tell(trace, type, xhr__str_of(data, size));
  if (type == CURLINFO_HEADER_IN && transfer->first_line_is_next)
    look_at_first_line(transfer, data, size);
  return 0;
}

static bool set_debug_callback(xhr__transfer *transfer) {
  CURL *easy = transfer->easy;
  const xhr__trace *trace = transfer->transport->settings.trace;
  bool care = curl_version_info(CURLVERSION_NOW)->version_num < FIRST_LINES_FIXED;
  if (!care && !trace)
    return true;
  if (care)
    atomic_store_explicit(&first_lines_need_care, true, memory_order_relaxed);
  return curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, on_debug) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_DEBUGDATA, transfer) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_VERBOSE, trace ? 1L : 0L) == CURLE_OK;
}

/* A status line has been read: the next line is a first one. */
static void look_at_next_line(xhr__transfer *transfer) {
  if (!atomic_load_explicit(&first_lines_need_care, memory_order_relaxed))
    return;
  transfer->first_line_is_next = true;
  if (!transfer->transport->settings.trace)
    curl_easy_setopt(transfer->easy, CURLOPT_VERBOSE, 1L);
}

/* CURLOPT_HEADERFUNCTION: one line. */
static size_t on_header(char *data, size_t size, size_t count, void *user) {
  xhr__transfer *transfer = user;
  transfer->transport->activity++;
  size_t len = size * count;
  bool is_status_line = transfer->head.block.len == 0;
  if (!transfer->exchange || transfer->failed)
    return 0;
  if (transfer->head_told)
    return len; /* trailers, which nobody asks for */
  switch (xhr__response_head_line(&transfer->head, xhr__str_of(data, len))) {
    case XHR__RESPONSE_HEAD_MORE:
      if (is_status_line)
        look_at_next_line(transfer);
      return len;
    case XHR__RESPONSE_HEAD_COMPLETE: break;
    case XHR__RESPONSE_HEAD_FAILED:
      return stop(transfer, transfer->head.failure, transfer->head.detail);
  }
  tell_head(transfer);
  if (!transfer->exchange)
    return 0;
  note_answer(transfer, 0);
  return len;
}

CURLcode xhr__transfer_end_head(xhr__transfer *transfer, CURLcode result) {
  char end[] = "\r\n";
  bool to_head = xhr__str_equals(transfer->exchange->method, XHR__STR("HEAD"));
  bool closed = result == CURLE_OK || result == CURLE_PARTIAL_FILE;
  if (!closed || transfer->head_told || transfer->failed || transfer->head.block.len == 0 ||
      transfer->lane != XHR__LANE_HTTP)
    return result;
  /* NOTE: RFC 9112, 8 has it recorded as incomplete; browsers go on with what came. */
  if (on_header(end, 1, sizeof end - 1, transfer) == 0)
    return result;
  return !to_head && xhr__response_head_announces_body(&transfer->head) ? CURLE_PARTIAL_FILE
                                                                        : result;
}

/* CURLOPT_WRITEFUNCTION */
static size_t on_body(char *data, size_t size, size_t count, void *user) {
  xhr__transfer *transfer = user;
  transfer->transport->activity++;
  size_t len = size * count;
  if (!transfer->exchange || transfer->failed)
    return 0;
  if (!transfer->head_told)
    return stop(transfer, XHR_FAILURE_RESPONSE_INVALID, "");
  if (len > 0)
    transfer->exchange->events->body(transfer->exchange, xhr__str_of(data, len));
  if (!transfer->exchange)
    return 0;
  note_answer(transfer, len);
  return len;
}

/* CURLOPT_READFUNCTION */
static size_t on_read(char *data, size_t size, size_t count, void *user) {
  xhr__transfer *transfer = user;
  transfer->transport->activity++;
  if (!transfer->exchange || transfer->failed)
    return CURL_READFUNC_ABORT;
  size_t len = 0, room = size * count;
  if (room > transfer->body_left)
    room = (size_t)transfer->body_left;
  if (room == 0)
    return 0;
  xhr__read_result result =
      transfer->exchange->events->read_body(transfer->exchange, data, room, &len);
  if (!transfer->exchange)
    return CURL_READFUNC_ABORT;
  switch (result) {
    case XHR__READ_DATA: transfer->body_left -= len; return len;
    case XHR__READ_LATER: transfer->paused = true; return CURL_READFUNC_PAUSE;
    case XHR__READ_END: /* before its announced length: libcurl would wait for an answer */
    case XHR__READ_FAILED: break;
  }
  stop(transfer, XHR_FAILURE_BODY_READ, "");
  return CURL_READFUNC_ABORT;
}

/* CURLOPT_SEEKFUNCTION: libcurl sends the body again. */
static int on_seek(void *user, curl_off_t offset, int origin) {
  xhr__transfer *transfer = user;
  if (!transfer->exchange || origin != SEEK_SET || offset < 0 ||
      (uint64_t)offset > transfer->exchange->body_length)
    return CURL_SEEKFUNC_FAIL;
  transfer->body_left = transfer->exchange->body_length - (uint64_t)offset;
  transfer->exchange->events->rewind_body(transfer->exchange, (uint64_t)offset);
  return transfer->exchange ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

bool xhr__transfer_set_callbacks(xhr__transfer *transfer) {
  CURL *easy = transfer->easy;
  return set_debug_callback(transfer) &&
         curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_read) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_READDATA, transfer) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, on_seek) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_SEEKDATA, transfer) == CURLE_OK;
}
