#include "infra/base64.h"

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
