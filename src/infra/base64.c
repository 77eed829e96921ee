#include "infra/base64.h"

/* https://infra.spec.whatwg.org/#forgiving-base64-encode */
static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

xhr_status xhr__base64_encode(xhr__str data, xhr__bytes *out) {
  size_t groups = data.len / 3 + (data.len % 3 != 0), size;
  if (!xhr__size_mul(groups, 4, &size))
    return XHR_OUT_OF_MEMORY;
  xhr_status status = xhr__bytes_reserve(out, size);
  if (status != XHR_OK || size == 0)
    return status;
  char *to = out->data + out->len;
  for (size_t i = 0; i < data.len; i += 3) {
    size_t left = data.len - i;
    uint32_t group = (uint32_t)xhr__str_at(data, i) << 16;
    if (left > 1)
      group |= (uint32_t)xhr__str_at(data, i + 1) << 8;
    if (left > 2)
      group |= xhr__str_at(data, i + 2);
    *to++ = alphabet[group >> 18];
    *to++ = alphabet[(group >> 12) & 63];
    *to++ = left > 1 ? alphabet[(group >> 6) & 63] : '=';
    *to++ = left > 2 ? alphabet[group & 63] : '=';
  }
  out->len += size;
  out->data[out->len] = '\0';
  return XHR_OK;
}

/* The value of a code point of the alphabet, or -1. */
static int value_of(uint8_t c) {
  if (xhr__is_ascii_upper(c))
    return c - 'A';
  if (xhr__is_ascii_lower(c))
    return c - 'a' + 26;
  if (xhr__is_ascii_digit(c))
    return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Steps 1 to 4 of forgiving-base64 decode: how many code points of the alphabet there are, or SIZE_MAX for failure. */
static size_t count_digits(xhr__str text) {
  size_t digits = 0, padding = 0;
  for (size_t i = 0; i < text.len; i++) {
    uint8_t c = xhr__str_at(text, i);
    if (xhr__is_ascii_whitespace(c))
      continue;
    if (c == '=')
      padding++;
    else if (padding > 0 || value_of(c) < 0)
      return SIZE_MAX;
    else
      digits++;
  }
  /* 2. One or two "=" only where they fill up. */
  bool filled = padding == 0 || (padding <= 2 && (digits + padding) % 4 == 0);
  /* 3. */
  return filled && digits % 4 != 1 ? digits : SIZE_MAX;
}

/* https://infra.spec.whatwg.org/#forgiving-base64-decode */
xhr_status xhr__base64_decode(xhr__str text, xhr__bytes *out) {
  size_t digits = count_digits(text), size = digits / 4 * 3 + digits % 4 * 3 / 4;
  if (digits == SIZE_MAX)
    return XHR_SYNTAX_ERR;
  xhr_status status = xhr__bytes_reserve(out, size);
  if (status != XHR_OK || size == 0)
    return status;
  /* 5 to 9. What is left of the last bits is dropped. */
  char *to = out->data + out->len;
  uint32_t buffer = 0;
  unsigned bits = 0;
  for (size_t i = 0; i < text.len; i++) {
    int value = value_of(xhr__str_at(text, i));
    if (value < 0)
      continue;
    buffer = buffer << 6 | (uint32_t)value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      *to++ = (char)(uint8_t)(buffer >> bits);
    }
  }
  out->len += size;
  out->data[out->len] = '\0';
  return XHR_OK;
}
