#include "encoding/utf_8.h"

/* https://encoding.spec.whatwg.org/#utf-8-decoder, as a look at bytes instead of a machine with state: which bytes
 * may follow a lead byte, and where one that may not ends the error. */

size_t xhr__ascii_prefix(xhr__str bytes, size_t start) {
  const char *data = bytes.data;
  size_t at = start;
  while (bytes.len - at >= 32) {
    uint64_t words[4];
    memcpy(words, data + at, sizeof words);
    if ((words[0] | words[1] | words[2] | words[3]) & UINT64_C(0x8080808080808080))
      break;
    at += sizeof words;
  }
  while (at < bytes.len && (uint8_t)data[at] < 0x80)
    at++;
  return at - start;
}

/* Bytes that follow this lead byte (step 3 of the decoder), and the range of the first of them; 0 for no lead byte. */
static unsigned needed(uint8_t lead, uint8_t *lower, uint8_t *upper) {
  *lower = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  *upper = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF)
    return 1;
  if (lead >= 0xE0 && lead <= 0xEF)
    return 2;
  return lead >= 0xF0 && lead <= 0xF4 ? 3 : 0;
}

/* A character that starts with a byte above ASCII, at `at`: its length, or that of the error or beginning. */
static size_t scan_character(xhr__str bytes, size_t at, xhr__utf_8_stop *stop) {
  uint8_t lower, upper;
  unsigned need = needed(xhr__str_at(bytes, at), &lower, &upper);
  if (need == 0) {
    *stop = XHR__UTF_8_INVALID;
    return 1;
  }
  for (unsigned i = 1; i <= need; i++) {
    if (at + i == bytes.len) {
      *stop = XHR__UTF_8_INCOMPLETE;
      return i;
    }
    uint8_t byte = xhr__str_at(bytes, at + i);
    if (byte < lower || byte > upper) {
      *stop = XHR__UTF_8_INVALID;
      return i;
    }
    lower = 0x80;
    upper = 0xBF;
  }
  *stop = XHR__UTF_8_END;
  return need + 1;
}

size_t xhr__utf_8_scan(xhr__str bytes, size_t start, xhr__utf_8_stop *stop, size_t *stop_len) {
  size_t at = start;
  for (;;) {
    at += xhr__ascii_prefix(bytes, at);
    /* Text above ASCII comes in runs. */
    while (at < bytes.len && xhr__str_at(bytes, at) >= 0x80) {
      size_t len = scan_character(bytes, at, stop);
      if (*stop != XHR__UTF_8_END) {
        *stop_len = len;
        return at;
      }
      at += len;
    }
    if (at == bytes.len) {
      *stop = XHR__UTF_8_END;
      *stop_len = 0;
      return at;
    }
  }
}
