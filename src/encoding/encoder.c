#include "encoding/encoder.h"

#include <lexbor/encoding/multi.h>

#include "encoding/lexbor_encoding.h"
#include "encoding/utf_8.h"
#include "infra/utf8.h"

/* The bytes of one code point; at most ISO-2022-JP's escape sequence and two bytes. */
typedef struct encoded {
  lxb_char_t bytes[8];
  size_t len;
} encoded;

static void put(encoded *result, uint8_t byte) {
  result->bytes[result->len++] = byte;
}

static void put_ascii_escape(encoded *result) {
  put(result, 0x1B);
  put(result, 0x28);
  put(result, 0x42);
}

/* By lexbor's encoder; false for an error. */
static bool encode_by_lexbor(xhr__encoder *encoder, uint32_t code_point, encoded *result) {
  lxb_encoding_encode_t lexbor;
  lxb_codepoint_t input = code_point;
  const lxb_codepoint_t *at = &input;
  (void)lxb_encoding_encode_init(&lexbor, xhr__lexbor_encoding(encoder->encoding),
                                 result->bytes + result->len, sizeof result->bytes - result->len);
  lexbor.state = encoder->state;
  lxb_status_t status = lexbor.encoding_data->encode(&lexbor, &at, at + 1);
  encoder->state = (uint8_t)lexbor.state;
  if (status != LXB_STATUS_OK)
    return false;
  result->len += lxb_encoding_encode_buf_used(&lexbor);
  return true;
}

/* https://encoding.spec.whatwg.org/#gb18030-encoder, step 5: the code points that GB18030-2022 moved, which keep
 * their bytes of 2005. */
static bool encode_gb18030_2005(uint32_t code_point, encoded *result) {
  static const struct {
    uint16_t code_point;
    uint8_t lead, trail;
  } rows[] = {
      {0xE78D, 0xA6, 0xD9}, {0xE78E, 0xA6, 0xDA}, {0xE78F, 0xA6, 0xDB}, {0xE790, 0xA6, 0xDC},
      {0xE791, 0xA6, 0xDD}, {0xE792, 0xA6, 0xDE}, {0xE793, 0xA6, 0xDF}, {0xE794, 0xA6, 0xEC},
      {0xE795, 0xA6, 0xED}, {0xE796, 0xA6, 0xF3}, {0xE81E, 0xFE, 0x59}, {0xE826, 0xFE, 0x61},
      {0xE82B, 0xFE, 0x66}, {0xE82C, 0xFE, 0x67}, {0xE832, 0xFE, 0x6D}, {0xE843, 0xFE, 0x7E},
      {0xE854, 0xFE, 0x90}, {0xE864, 0xFE, 0xA0},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    if (rows[i].code_point == code_point) {
      put(result, rows[i].lead);
      put(result, rows[i].trail);
      return true;
    }
  }
  return false;
}

/* https://encoding.spec.whatwg.org/#index-shift_jis-pointer: pointers 8272 to 8835 do not count. Lexbor gives them; the
 * same code points stand once more behind them, in IBM's extensions, or before. */
static bool encode_shift_jis(xhr__encoder *encoder, uint32_t code_point, encoded *result) {
  if (!encode_by_lexbor(encoder, code_point, result))
    return false;
  /* Lead bytes 0xED and 0xEE are those pointers, and nothing else. */
  if (result->len != 2 || (result->bytes[0] != 0xED && result->bytes[0] != 0xEE))
    return true;
  const size_t end = sizeof lxb_encoding_multi_jis0208_map / sizeof *lxb_encoding_multi_jis0208_map;
  for (unsigned pointer = 0; pointer < end; pointer++) {
    if ((pointer >= 8272 && pointer <= 8835) ||
        lxb_encoding_multi_jis0208_map[pointer] != code_point)
      continue;
    /* https://encoding.spec.whatwg.org/#shift_jis-encoder, 9. - 13. */
    unsigned lead = pointer / 188, trail = pointer % 188;
    result->bytes[0] = (lxb_char_t)(lead + (lead < 0x1F ? 0x81 : 0xC1));
    result->bytes[1] = (lxb_char_t)(trail + (trail < 0x3F ? 0x40 : 0x41));
    return true;
  }
  return true;
}

/* https://encoding.spec.whatwg.org/#iso-2022-jp-encoder: lexbor's, but an error leaves JIS X 0208 first, and three
 * control characters are an error of U+FFFD there too. */
static bool encode_iso_2022_jp(xhr__encoder *encoder, uint32_t *code_point, encoded *result) {
  bool control = *code_point == 0x0E || *code_point == 0x0F || *code_point == 0x1B;
  uint8_t before = encoder->state;
  if (!control && encode_by_lexbor(encoder, *code_point, result))
    return true;
  if (before == LXB_ENCODING_ENCODE_2022_JP_JIS0208) {
    put_ascii_escape(result);
    encoder->state = LXB_ENCODING_ENCODE_2022_JP_ASCII;
  }
  if (control)
    *code_point = 0xFFFD;
  return false;
}

/* One code point above the fast path; false for an error, then `*code_point` is the error's. */
static bool encode_code_point(xhr__encoder *encoder, uint32_t *code_point, encoded *result) {
  switch (encoder->encoding) {
    case XHR__ENCODING_ISO_2022_JP: return encode_iso_2022_jp(encoder, code_point, result);
    case XHR__ENCODING_SHIFT_JIS: return encode_shift_jis(encoder, *code_point, result);
    case XHR__ENCODING_GBK:
    case XHR__ENCODING_GB18030:
      if (encode_gb18030_2005(*code_point, result))
        return true;
      break;
    default: break;
  }
  return encode_by_lexbor(encoder, *code_point, result);
}

/* https://encoding.spec.whatwg.org/#get-an-encoder */
xhr_status xhr__encoder_init(xhr__encoder *encoder, xhr__encoding encoding) {
  /* 1. assert: it has one */
  if (encoding == XHR__ENCODING_NONE || xhr__encoding_output(encoding) != encoding)
    return XHR_INVALID_ARGUMENT;
  /* 2. */
  *encoder = (xhr__encoder){.encoding = encoding};
  return XHR_OK;
}

/* ISO-2022-JP's end-of-queue: back to ASCII. */
static xhr_status finish(xhr__encoder *encoder, xhr__bytes *out) {
  encoded result = {.len = 0};
  if (encoder->encoding == XHR__ENCODING_ISO_2022_JP &&
      encoder->state != LXB_ENCODING_ENCODE_2022_JP_ASCII) {
    put_ascii_escape(&result);
    encoder->state = LXB_ENCODING_ENCODE_2022_JP_ASCII;
  }
  return xhr__bytes_append(out, xhr__str_of((const char *)result.bytes, result.len));
}

/* https://encoding.spec.whatwg.org/#encode-or-fail */
xhr_status xhr__encode_or_fail(xhr__encoder *encoder, xhr__str text, size_t *position,
                               xhr__bytes *out, uint32_t *unencodable) {
  *unencodable = XHR__ENCODED_ALL;
  /* 1. process the queue in mode fatal */
  while (*position < text.len) {
    if (encoder->encoding != XHR__ENCODING_ISO_2022_JP) {
      size_t run = xhr__ascii_prefix(text, *position);
      xhr_status status = xhr__bytes_append(out, xhr__str_slice(text, *position, *position + run));
      if (status != XHR_OK)
        return status;
      *position += run;
      if (*position == text.len)
        break;
    }
    encoded result = {.len = 0};
    uint32_t code_point = xhr__utf8_next(text, position);
    bool ok = encode_code_point(encoder, &code_point, &result);
    xhr_status status = xhr__bytes_append(out, xhr__str_of((const char *)result.bytes, result.len));
    if (status != XHR_OK)
      return status;
    /* 3. an error: its code point */
    if (!ok) {
      *unencodable = code_point;
      return XHR_OK;
    }
  }
  /* 2. end-of-queue; 4. null */
  return finish(encoder, out);
}

/* https://encoding.spec.whatwg.org/#encode */
xhr_status xhr__encode(xhr__str text, xhr__encoding encoding, xhr__bytes *out) {
  size_t before = out->len, position = 0;
  uint32_t unencodable = 0;
  /* 1. the encoder */
  xhr__encoder encoder;
  xhr_status status = xhr__encoder_init(&encoder, encoding);
  /* 2. process the queue in mode html */
  while (status == XHR_OK && unencodable != XHR__ENCODED_ALL) {
    status = xhr__encode_or_fail(&encoder, text, &position, out, &unencodable);
    if (status != XHR_OK || unencodable == XHR__ENCODED_ALL)
      break;
    status = xhr__bytes_append(out, XHR__STR("&#"));
    if (status == XHR_OK)
      status = xhr__bytes_append_u64(out, unencodable);
    if (status == XHR_OK)
      status = xhr__bytes_append_byte(out, ';');
  }
  /* 3. */
  if (status != XHR_OK && out->data) {
    out->len = before;
    out->data[before] = '\0';
  }
  return status;
}
