/* Request headers and query parameters of the test server. */
#include "support/http_server.h"

bool http_header(const http_connection *connection, xhr__str name, xhr__str *value) {
  xhr__str rest = connection->headers;
  while (rest.len) {
    size_t end = xhr__str_find(rest, 0, '\n');
    xhr__str line = xhr__str_slice(rest, 0, end);
    rest = xhr__str_from(rest, end < rest.len ? end + 1 : end);
    size_t colon = xhr__str_find(line, 0, ':');
    if (colon < line.len && xhr__str_equals_ci(xhr__str_slice(line, 0, colon), name)) {
      *value = xhr__str_trim_http_whitespace(xhr__str_from(line, colon + 1));
      return true;
    }
  }
  return false;
}

static void decode(xhr__bytes *out, xhr__str s) {
  for (size_t i = 0; i < s.len; i++) {
    char c = s.data[i];
    if (c == '+') {
      c = ' ';
    } else if (c == '%' && i + 2 < s.len && xhr__is_ascii_hex_digit(xhr__str_at(s, i + 1)) &&
               xhr__is_ascii_hex_digit(xhr__str_at(s, i + 2))) {
      c = (char)(xhr__hex_value(xhr__str_at(s, i + 1)) * 16 +
                 xhr__hex_value(xhr__str_at(s, i + 2)));
      i += 2;
    }
    if (xhr__bytes_append_byte(out, c) != XHR_OK)
      return;
  }
}

bool http_query_next(xhr__str query, size_t *at, xhr__bytes *name, xhr__bytes *value) {
  if (*at >= query.len)
    return false;
  size_t end = xhr__str_find(query, *at, '&');
  xhr__str pair = xhr__str_slice(query, *at, end);
  *at = end + 1;
  size_t equals = xhr__str_find(pair, 0, '=');
  xhr__bytes_clear(name);
  xhr__bytes_clear(value);
  decode(name, xhr__str_slice(pair, 0, equals));
  if (equals < pair.len)
    decode(value, xhr__str_from(pair, equals + 1));
  return true;
}

bool http_query(const http_connection *connection, xhr__str name, xhr__bytes *value) {
  xhr__bytes key = {0}, text = {0};
  bool found = false;
  size_t at = 0;
  while (!found && http_query_next(connection->query, &at, &key, &text))
    found = xhr__str_equals(xhr__bytes_str(&key), name);
  if (found && value && xhr__bytes_append(value, xhr__bytes_str(&text)) != XHR_OK)
    found = false;
  xhr__bytes_free(&key);
  xhr__bytes_free(&text);
  return found;
}

uint64_t http_query_number(const http_connection *connection, xhr__str name, uint64_t otherwise) {
  xhr__bytes text = {0};
  uint64_t number = otherwise;
  if (http_query(connection, name, &text) && !xhr__str_to_u64(xhr__bytes_str(&text), &number))
    number = otherwise;
  xhr__bytes_free(&text);
  return number;
}
