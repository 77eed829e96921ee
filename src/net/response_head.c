#include "net/response_head.h"

/* Memory beyond this is given back between responses. */
enum { KEPT = 64 << 10 };

static xhr__response_head_result fail(xhr__response_head_reader *reader, xhr_failure_code code,
                                      const char *detail) {
  reader->failure = code;
  reader->detail = detail;
  return XHR__RESPONSE_HEAD_FAILED;
}

static xhr__response_head_result invalid(xhr__response_head_reader *reader, const char *detail) {
  return fail(reader, XHR_FAILURE_RESPONSE_INVALID, detail);
}

/* The line without its LF, or CR LF. */
static xhr__str without_end(xhr__str line) {
  if (line.len && line.data[line.len - 1] == '\n')
    line.len--;
  if (line.len && line.data[line.len - 1] == '\r')
    line.len--;
  return line;
}

/* "HTTP/1.1", or from libcurl for what has no status line "HTTP/2", "HTTP/3". Moves `at` behind it. */
static bool parse_version(xhr__response_head_reader *reader, xhr__str line, size_t *at) {
  if (!xhr__str_starts_with(line, XHR__STR("HTTP/")) || line.len < 6)
    return false;
  unsigned major = (unsigned)(xhr__str_at(line, 5) - '0'), minor = 0;
  *at = 6;
  if (line.len > 7 && line.data[6] == '.' && xhr__is_ascii_digit(xhr__str_at(line, 7))) {
    minor = (unsigned)(line.data[7] - '0');
    *at = 8;
  } else if (major == 1) {
    return false;
  }
  reader->http_version = major * 10 + minor;
  return major == 1 || ((major == 2 || major == 3) && minor == 0);
}

/* https://www.rfc-editor.org/rfc/rfc9112#section-4 */
static bool parse_status_line(xhr__response_head_reader *reader, xhr__str line) {
  size_t at;
  uint64_t status;
  if (!parse_version(reader, line, &at) || line.len - at < 4 || line.data[at] != ' ')
    return false;
  if (!xhr__str_to_u64(xhr__str_slice(line, at + 1, at + 4), &status) || status < 100)
    return false;
  reader->status = (unsigned)status;
  at += 4;
  if (at < line.len && line.data[at] != ' ')
    return false;
  reader->reason = at < line.len ? xhr__str_from(line, at + 1) : XHR__STR_EMPTY;
  return true;
}

/* Appends a folded line to the last header's value: https://www.rfc-editor.org/rfc/rfc9112#section-5.2 asks for spaces
 * in place of the fold. The list's last value is the last of its text. */
static xhr_status unfold(xhr__header_list *list, xhr__str more) {
  xhr__header *last = &list->headers[list->count - 1];
  size_t len = list->text.len;
  if (more.len == 0)
    return XHR_OK;
  if (last->value_len > 0 && xhr__bytes_append_byte(&list->text, ' ') != XHR_OK)
    return XHR_OUT_OF_MEMORY;
  if (xhr__bytes_append(&list->text, more) != XHR_OK) {
    list->text.len = len;
    return XHR_OUT_OF_MEMORY;
  }
  last->value_len += list->text.len - len;
  return XHR_OK;
}

/* One header line. What has no name that is a token is passed over, as browsers do. */
static xhr_status parse_header(xhr__header_list *list, xhr__str line, bool *skipped) {
  if (xhr__is_http_tab_or_space(xhr__str_at(line, 0))) {
    if (list->count == 0 || *skipped)
      return XHR_OK;
    return unfold(list, xhr__str_trim_http_tab_or_space(line));
  }
  size_t colon = xhr__str_find(line, 0, ':');
  xhr__str name = xhr__str_slice(line, 0, colon);
  *skipped = colon == line.len || !xhr__is_http_token(name);
  if (*skipped)
    return XHR_OK;
  xhr__str value = xhr__str_trim_http_tab_or_space(xhr__str_from(line, colon + 1));
  return xhr__header_list_append(list, name, value);
}

/* Whether all lengths that the Content-Length headers name are numbers and the same. With a transfer coding they say
 * nothing: https://www.rfc-editor.org/rfc/rfc9112#section-6.3 */
static bool lengths_agree(const xhr__header_list *list) {
  static const xhr__str content_length = {"content-length", 14};
  size_t at = xhr__header_list_find(list, 0, content_length);
  if (at == list->count || xhr__header_list_contains(list, XHR__STR("transfer-encoding")))
    return true;
  bool first = true;
  uint64_t length = 0;
  for (; at < list->count; at = xhr__header_list_find(list, at + 1, content_length)) {
    xhr__str value = xhr__header_list_value(list, at);
    size_t start = 0;
    do {
      size_t comma = xhr__str_find(value, start, ',');
      uint64_t one;
      if (!xhr__str_to_u64(xhr__str_trim_http_tab_or_space(xhr__str_slice(value, start, comma)),
                           &one))
        return false;
      if (!first && one != length)
        return false;
      first = false;
      length = one;
      start = comma + 1;
    } while (start <= value.len);
  }
  return true;
}

/* NUL, or a CR that is not part of a line's end. */
static bool has_forbidden_byte(xhr__str line) {
  return memchr(line.data, '\0', line.len) || memchr(line.data, '\r', line.len);
}

static xhr__response_head_result parse_block(xhr__response_head_reader *reader) {
  xhr__str block = xhr__bytes_str(&reader->block);
  bool skipped = false;
  for (size_t start = 0; start < block.len;) {
    size_t end = xhr__str_find(block, start, '\n') + 1;
    xhr__str line = without_end(xhr__str_slice(block, start, end));
    if (line.len == 0)
      break;
    if (has_forbidden_byte(line))
      return invalid(reader, "a response header holds NUL or a lone CR");
    if (start == 0) {
      if (!parse_status_line(reader, line))
        return invalid(reader, "the response's status line is not HTTP");
    } else if (parse_header(&reader->headers, line, &skipped) != XHR_OK) {
      return fail(reader, XHR_FAILURE_OUT_OF_MEMORY, "");
    }
    start = end;
  }
  if (reader->status == 101)
    return invalid(reader, "the server switches protocols, which nobody asked for");
  if (reader->status >= 200 && !lengths_agree(&reader->headers))
    return fail(reader, XHR_FAILURE_CONTENT_LENGTH, "");
  return XHR__RESPONSE_HEAD_COMPLETE;
}

/* Forgets an interim response. */
static xhr__response_head_result drop_interim(xhr__response_head_reader *reader) {
  reader->interim_bytes += reader->block.len;
  xhr__bytes_clear(&reader->block);
  xhr__header_list_free(&reader->headers);
  if (reader->interim_bytes > reader->limit)
    return fail(reader, XHR_FAILURE_HEADER_LIMIT, "the server sends interim responses without end");
  return XHR__RESPONSE_HEAD_MORE;
}

xhr__response_head_result xhr__response_head_line(xhr__response_head_reader *reader,
                                                  xhr__str line) {
  if (line.len > reader->limit || reader->block.len > reader->limit - line.len)
    return fail(reader, XHR_FAILURE_HEADER_LIMIT, "");
  if (xhr__bytes_append(&reader->block, line) != XHR_OK)
    return fail(reader, XHR_FAILURE_OUT_OF_MEMORY, "");
  if (without_end(line).len > 0)
    return XHR__RESPONSE_HEAD_MORE;
  xhr__response_head_result result = parse_block(reader);
  if (result == XHR__RESPONSE_HEAD_COMPLETE && reader->status < 200)
    return drop_interim(reader);
  return result;
}

static bool has_no_body(const xhr__response_head_reader *reader) {
  return reader->status == 204 || reader->status == 304;
}

static bool names_length(const xhr__response_head_reader *reader) {
  bool has_length;
  uint64_t length;
  if (xhr__header_list_contains(&reader->headers, XHR__STR("transfer-encoding")))
    return true;
  return xhr__header_list_extract_length(&reader->headers, &has_length, &length) != XHR_OK ||
         (has_length && length > 0);
}

bool xhr__response_head_announces_body(const xhr__response_head_reader *reader) {
  return !has_no_body(reader) && names_length(reader);
}

bool xhr__response_head_announces_stray_body(const xhr__response_head_reader *reader) {
  return has_no_body(reader) && names_length(reader);
}

void xhr__response_head_clear(xhr__response_head_reader *reader) {
  uint64_t limit = reader->limit;
  xhr__bytes block = reader->block;
  xhr__header_list headers = reader->headers;
  if (block.capacity > KEPT)
    xhr__bytes_free(&block);
  xhr__bytes_clear(&block);
  if (headers.text.capacity > KEPT)
    xhr__header_list_free(&headers);
  xhr__header_list_clear(&headers);
  *reader = (xhr__response_head_reader){.limit = limit, .block = block, .headers = headers};
}

void xhr__response_head_free(xhr__response_head_reader *reader) {
  xhr__bytes_free(&reader->block);
  xhr__header_list_free(&reader->headers);
}
