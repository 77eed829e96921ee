#include "infra/bytes.h"

void xhr__bytes_free(xhr__bytes *bytes) {
  xhr__free(bytes->data);
  *bytes = (xhr__bytes){0};
}

void xhr__bytes_clear(xhr__bytes *bytes) {
  bytes->len = 0;
  if (bytes->data)
    bytes->data[0] = '\0';
}

xhr_status xhr__bytes_reserve(xhr__bytes *bytes, size_t more) {
  size_t want;
  if (!xhr__size_add(bytes->len, more, &want) || !xhr__size_add(want, 1, &want)) {
    return XHR_OUT_OF_MEMORY;
  }
  void *array = bytes->data;
  if (!xhr__grow(&array, &bytes->capacity, want, 1))
    return XHR_OUT_OF_MEMORY;
  bytes->data = array;
  bytes->data[bytes->len] = '\0';
  return XHR_OK;
}

xhr_status xhr__bytes_append(xhr__bytes *bytes, xhr__str s) {
  if (s.len == 0)
    return XHR_OK;
  if (s.len < bytes->capacity -
                  bytes->len) { /* there is room, a NUL's too: what is appended does not move */
    memmove(bytes->data + bytes->len, s.data, s.len);
    bytes->len += s.len;
    bytes->data[bytes->len] = '\0';
    return XHR_OK;
  }
  bool inside = bytes->data && (uintptr_t)s.data >= (uintptr_t)bytes->data &&
                (uintptr_t)s.data < (uintptr_t)bytes->data + bytes->capacity;
  size_t offset = inside ? (size_t)(s.data - bytes->data) : 0;
  xhr_status status = xhr__bytes_reserve(bytes, s.len);
  if (status != XHR_OK)
    return status;
  memmove(bytes->data + bytes->len, inside ? bytes->data + offset : s.data, s.len);
  bytes->len += s.len;
  bytes->data[bytes->len] = '\0';
  return XHR_OK;
}

xhr_status xhr__bytes_append_byte(xhr__bytes *bytes, char byte) {
  return xhr__bytes_append(bytes, xhr__str_of(&byte, 1));
}

xhr_status xhr__bytes_append_u64(xhr__bytes *bytes, uint64_t value) {
  char digits[20];
  size_t start = sizeof digits;
  do {
    digits[--start] = (char)('0' + value % 10);
    value /= 10;
  } while (value != 0);
  return xhr__bytes_append(bytes, xhr__str_of(digits + start, sizeof digits - start));
}

xhr_status xhr__bytes_append_lower(xhr__bytes *bytes, xhr__str s) {
  size_t start = bytes->len;
  xhr_status status = xhr__bytes_append(bytes, s);
  if (status != XHR_OK)
    return status;
  for (size_t i = start; i < bytes->len; i++)
    bytes->data[i] = xhr__ascii_lower(bytes->data[i]);
  return XHR_OK;
}

xhr_status xhr__bytes_append_code_point(xhr__bytes *bytes, uint32_t cp) {
  char utf8[4];
  size_t len = 0;
  if (cp < 0x80) {
    utf8[len++] = (char)cp;
  } else if (cp < 0x800) {
    utf8[len++] = (char)(0xC0 | (cp >> 6));
    utf8[len++] = (char)(0x80 | (cp & 0x3F));
  } else if (cp < 0x10000) {
    utf8[len++] = (char)(0xE0 | (cp >> 12));
    utf8[len++] = (char)(0x80 | ((cp >> 6) & 0x3F));
    utf8[len++] = (char)(0x80 | (cp & 0x3F));
  } else {
    utf8[len++] = (char)(0xF0 | (cp >> 18));
    utf8[len++] = (char)(0x80 | ((cp >> 12) & 0x3F));
    utf8[len++] = (char)(0x80 | ((cp >> 6) & 0x3F));
    utf8[len++] = (char)(0x80 | (cp & 0x3F));
  }
  return xhr__bytes_append(bytes, xhr__str_of(utf8, len));
}

xhr_status xhr__bytes_assign(xhr__bytes *bytes, xhr__str s) {
  xhr__bytes fresh = {0};
  xhr_status status = xhr__bytes_append(&fresh, s);
  if (status != XHR_OK)
    return status;
  xhr__bytes_move(bytes, &fresh);
  return XHR_OK;
}

void xhr__bytes_consume(xhr__bytes *bytes, size_t count) {
  if (count == 0)
    return;
  memmove(bytes->data, bytes->data + count, bytes->len - count + 1);
  bytes->len -= count;
}

void xhr__bytes_move(xhr__bytes *to, xhr__bytes *from) {
  xhr__free(to->data);
  *to = *from;
  *from = (xhr__bytes){0};
}
