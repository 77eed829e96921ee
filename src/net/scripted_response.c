#include "net/scripted_response.h"

#include "fetch/response.h"

static xhr__response_reader_result fail(xhr__response_reader *reader, xhr_failure_code code,
                                        const char *detail) {
  reader->failure = code;
  reader->detail = detail;
  return XHR__RESPONSE_FAILED;
}

typedef enum line_result { LINE_MORE, LINE_COMPLETE, LINE_FAILED } line_result;

/* Moves bytes to reader->line up to the line's end. */
static line_result take_line(xhr__response_reader *reader, xhr__str *bytes) {
  size_t end = xhr__str_find(*bytes, 0, '\n');
  bool complete = end < bytes->len;
  size_t count = complete ? end + 1 : end;
  if (xhr__bytes_append(&reader->line, xhr__str_slice(*bytes, 0, count)) != XHR_OK) {
    fail(reader, XHR_FAILURE_OUT_OF_MEMORY, "");
    return LINE_FAILED;
  }
  *bytes = xhr__str_from(*bytes, count);
  if (reader->line.len > reader->head.limit) {
    fail(reader, XHR_FAILURE_HEADER_LIMIT, "");
    return LINE_FAILED;
  }
  return complete ? LINE_COMPLETE : LINE_MORE;
}

static bool may_start_with(xhr__str line, xhr__str start) {
  return line.len < start.len ? xhr__str_starts_with(start, line)
                              : xhr__str_starts_with(line, start);
}

/* Whether what is there of a status line can still become one. */
static bool may_be_http(const xhr__response_reader *reader) {
  xhr__str line = xhr__bytes_str(&reader->line);
  return reader->head.block.len > 0 || may_start_with(line, XHR__STR("HTTP/1.1 ")) ||
         may_start_with(line, XHR__STR("HTTP/1.0 "));
}

/* Whether a header's comma-separated values hold `token`. */
static bool has_token(const xhr__header_list *list, xhr__str name, xhr__str token) {
  for (size_t i = xhr__header_list_find(list, 0, name); i < list->count;
       i = xhr__header_list_find(list, i + 1, name)) {
    xhr__str value = xhr__header_list_value(list, i);
    for (size_t at = 0; at < value.len;) {
      size_t comma = xhr__str_find(value, at, ',');
      xhr__str one = xhr__str_trim_http_tab_or_space(xhr__str_slice(value, at, comma));
      if (xhr__str_equals_ci(one, token))
        return true;
      at = comma + 1;
    }
  }
  return false;
}

/* How the body is delimited: https://www.rfc-editor.org/rfc/rfc9112#section-6.3 */
static xhr_status frame_body(xhr__response_reader *reader, bool to_head) {
  const xhr__header_list *list = &reader->head.headers;
  bool has_length = false;
  if (reader->head.http_version >= 11)
    reader->keep_alive = !has_token(list, XHR__STR("connection"), XHR__STR("close"));
  else
    reader->keep_alive = has_token(list, XHR__STR("connection"), XHR__STR("keep-alive"));
  xhr_status status = xhr__header_list_extract_length(list, &has_length, &reader->left);
  if (to_head || reader->head.status == 204 || reader->head.status == 304)
    reader->part = XHR__PART_COMPLETE;
  else if (has_token(list, XHR__STR("transfer-encoding"), XHR__STR("chunked")))
    reader->part = XHR__PART_CHUNK_SIZE;
  else if (has_length && !xhr__header_list_contains(list, XHR__STR("transfer-encoding")))
    reader->part = reader->left ? XHR__PART_LENGTH : XHR__PART_COMPLETE;
  else
    reader->part = XHR__PART_UNTIL_CLOSE;
  return status == XHR_OUT_OF_MEMORY ? status : XHR_OK;
}

/* Header lines that libcurl refuses: without a colon, and a fold where there is nothing to go on with. */
static bool is_refused(const xhr__response_reader *reader) {
  xhr__str line = xhr__bytes_str(&reader->line), block = xhr__bytes_str(&reader->head.block);
  uint8_t first = xhr__str_at(line, 0);
  if (block.len == 0 || first == '\r' || first == '\n')
    return false;
  if (xhr__is_http_tab_or_space(first))
    return xhr__str_find(block, 0, '\n') + 1 == block.len;
  return xhr__str_find(line, 0, ':') == line.len;
}

static xhr__response_reader_result read_head(xhr__response_reader *reader, bool to_head,
                                             xhr__str *bytes) {
  line_result result = take_line(reader, bytes);
  if (result != LINE_FAILED && !may_be_http(reader))
    return fail(reader, XHR_FAILURE_RESPONSE_INVALID, "");
  if (result != LINE_COMPLETE)
    return result == LINE_FAILED ? XHR__RESPONSE_FAILED : XHR__RESPONSE_MORE;
  if (is_refused(reader))
    return fail(reader, XHR_FAILURE_RESPONSE_INVALID, "a header line that is none");
  switch (xhr__response_head_line(&reader->head, xhr__bytes_str(&reader->line))) {
    case XHR__RESPONSE_HEAD_FAILED: return fail(reader, reader->head.failure, reader->head.detail);
    case XHR__RESPONSE_HEAD_MORE: xhr__bytes_clear(&reader->line); return XHR__RESPONSE_MORE;
    case XHR__RESPONSE_HEAD_COMPLETE: break;
  }
  xhr__bytes_clear(&reader->line);
  if (frame_body(reader, to_head) != XHR_OK)
    return fail(reader, XHR_FAILURE_OUT_OF_MEMORY, "");
  return XHR__RESPONSE_HEAD;
}

/* The number that a chunk's first line starts with. */
static bool chunk_size(xhr__str line, uint64_t *size) {
  size_t i = 0;
  for (*size = 0; i < line.len && xhr__is_ascii_hex_digit(xhr__str_at(line, i)); i++) {
    if (*size >> 58)
      return false;
    *size = *size * 16 + xhr__hex_value(xhr__str_at(line, i));
  }
  return i > 0;
}

static xhr__response_reader_result read_chunk_line(xhr__response_reader *reader, xhr__str *bytes) {
  line_result result = take_line(reader, bytes);
  if (result != LINE_COMPLETE)
    return result == LINE_FAILED ? XHR__RESPONSE_FAILED : XHR__RESPONSE_MORE;
  bool folded = xhr__is_http_tab_or_space(xhr__str_at(xhr__bytes_str(&reader->line), 0));
  xhr__str line = xhr__str_trim_http_whitespace(xhr__bytes_str(&reader->line));
  if (reader->part == XHR__PART_CHUNK_SIZE) {
    if (!chunk_size(line, &reader->left))
      return fail(reader, XHR_FAILURE_RESPONSE_INVALID, "a chunk's size is no number");
    reader->part = reader->left ? XHR__PART_CHUNK_DATA : XHR__PART_TRAILER;
  } else if (reader->part == XHR__PART_CHUNK_END) {
    if (line.len)
      return fail(reader, XHR_FAILURE_RESPONSE_INVALID, "a chunk is longer than announced");
    reader->part = XHR__PART_CHUNK_SIZE;
  } else if (line.len == 0) {
    reader->part = XHR__PART_COMPLETE;
  } else if (!folded && xhr__str_find(line, 0, ':') == line.len) {
    return fail(reader, XHR_FAILURE_RESPONSE_INVALID, "a trailer line without a colon");
  }
  xhr__bytes_clear(&reader->line);
  return XHR__RESPONSE_MORE;
}

static xhr__response_reader_result read_body(xhr__response_reader *reader, xhr__str *bytes,
                                             xhr__str *body) {
  size_t count = bytes->len;
  if (reader->part != XHR__PART_UNTIL_CLOSE) {
    if (count > reader->left)
      count = (size_t)reader->left;
    reader->left -= count;
    if (reader->left == 0)
      reader->part = reader->part == XHR__PART_LENGTH ? XHR__PART_COMPLETE : XHR__PART_CHUNK_END;
  }
  *body = xhr__str_slice(*bytes, 0, count);
  *bytes = xhr__str_from(*bytes, count);
  return XHR__RESPONSE_BODY;
}

xhr__response_reader_result xhr__response_reader_read(xhr__response_reader *reader, bool to_head,
                                                      xhr__str *bytes, xhr__str *body) {
  while (reader->part == XHR__PART_COMPLETE || bytes->len > 0) {
    xhr__response_reader_result result = XHR__RESPONSE_MORE;
    size_t before = bytes->len;
    switch (reader->part) {
      case XHR__PART_HEAD: result = read_head(reader, to_head, bytes); break;
      case XHR__PART_CHUNK_SIZE:
      case XHR__PART_CHUNK_END:
      case XHR__PART_TRAILER: result = read_chunk_line(reader, bytes); break;
      case XHR__PART_LENGTH:
      case XHR__PART_CHUNK_DATA:
      case XHR__PART_UNTIL_CLOSE: result = read_body(reader, bytes, body); break;
      case XHR__PART_COMPLETE: return XHR__RESPONSE_COMPLETE;
    }
    reader->bytes += before - bytes->len;
    if (result != XHR__RESPONSE_MORE)
      return result;
  }
  return XHR__RESPONSE_MORE;
}

bool xhr__response_reader_may_end_head(xhr__response_reader *reader) {
  if (reader->part != XHR__PART_HEAD || reader->head.block.len == 0)
    return false;
  xhr__bytes_clear(&reader->line);
  return true;
}

xhr_failure_code xhr__response_reader_closed(const xhr__response_reader *reader) {
  if (reader->bytes == 0)
    return XHR_FAILURE_EMPTY_REPLY;
  if (reader->part == XHR__PART_HEAD)
    return XHR_FAILURE_HEADERS_INCOMPLETE;
  if (reader->part == XHR__PART_UNTIL_CLOSE || reader->part == XHR__PART_COMPLETE)
    return XHR_FAILURE_NONE;
  return XHR_FAILURE_BODY_INCOMPLETE;
}

void xhr__response_reader_clear(xhr__response_reader *reader) {
  reader->part = XHR__PART_HEAD;
  xhr__response_head_clear(&reader->head);
  xhr__bytes_clear(&reader->line);
  reader->left = reader->bytes = 0;
}

void xhr__response_reader_free(xhr__response_reader *reader) {
  xhr__response_head_free(&reader->head);
  xhr__bytes_free(&reader->line);
}
