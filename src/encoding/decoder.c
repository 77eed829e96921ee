#include "encoding/decoder.h"

#include <lexbor/encoding/multi.h>

#include "encoding/decode.h"
#include "encoding/lexbor_encoding.h"
#include "encoding/utf_8.h"
#include "infra/utf8.h"

/* Code points of one call to lexbor. It gets fewer bytes than that, which never make more code points than they are
 * plus those held back, so that it never meets the end of the buffer. */
#define CODE_POINTS ((size_t)1024)
#define SLICE       (CODE_POINTS - 16)

/* Errors come out of lexbor as this, so that they are told from a U+FFFD of the text. */
static const lxb_codepoint_t error_mark = LXB_ENCODING_DECODE_ERROR;

static void use_encoding(xhr__decoder *decoder, xhr__encoding encoding) {
  decoder->encoding = encoding;
  (void)lxb_encoding_decode_init(&decoder->lexbor, xhr__lexbor_encoding(encoding), NULL, 0);
}

/* ---- output ------------------------------------------------------------------------------------------- */

/* https://encoding.spec.whatwg.org/#concept-encoding-process, the error mode: replacement or fatal */
static xhr_status put_error(const xhr__decoder *decoder, xhr__bytes *out) {
  if (decoder->fatal)
    return XHR_ENCODING_ERR;
  return xhr__bytes_append(out, XHR__STR("\xEF\xBF\xBD"));
}

/* The basic plane is most of all text, and written here; the others by infra. */
static xhr_status put_code_points(const xhr__decoder *decoder, const lxb_codepoint_t *code_points,
                                  size_t count, xhr__bytes *out) {
  xhr_status status = xhr__bytes_reserve(out, count * 4);
  for (size_t i = 0; i < count && status == XHR_OK; i++) {
    lxb_codepoint_t c = code_points[i];
    char *end = out->data + out->len;
    if (c == error_mark) {
      status = put_error(decoder, out);
    } else if (c < 0x80) {
      end[0] = (char)c;
      out->len += 1;
    } else if (c < 0x800) {
      end[0] = (char)(0xC0 | c >> 6);
      end[1] = (char)(0x80 | (c & 0x3F));
      out->len += 2;
    } else if (c < 0x10000) {
      end[0] = (char)(0xE0 | c >> 12);
      end[1] = (char)(0x80 | (c >> 6 & 0x3F));
      end[2] = (char)(0x80 | (c & 0x3F));
      out->len += 3;
    } else {
      status = xhr__bytes_append_code_point(out, c);
    }
  }
  if (out->data)
    out->data[out->len] = '\0';
  return status;
}

/* ---- UTF-8 -------------------------------------------------------------------------------------------- */

/* The incomplete tail of earlier pieces, with as many new bytes as it takes; drops those from `bytes`. */
static xhr_status resume_utf_8(xhr__decoder *decoder, xhr__str *bytes, xhr__bytes *out) {
  char joined[sizeof decoder->held + 3];
  size_t old = decoder->held_len, fresh = bytes->len < 3 ? bytes->len : 3;
  memcpy(joined, decoder->held, old);
  memcpy(joined + old, bytes->data, fresh);
  xhr__utf_8_stop stop;
  size_t stop_len;
  xhr__str whole = xhr__str_of(joined, old + fresh);
  size_t good = xhr__utf_8_scan(whole, 0, &stop, &stop_len);
  if (good == 0 && stop == XHR__UTF_8_INCOMPLETE) {
    memcpy(decoder->held, joined, whole.len);
    decoder->held_len = (uint8_t)whole.len;
    bytes->len = 0;
    return XHR_OK;
  }
  /* The first character or error of it begins with the tail; what is behind is looked at again. */
  size_t used = good == 0 ? stop_len : 0;
  if (good > 0)
    (void)xhr__utf8_next(whole, &used);
  decoder->held_len = 0;
  *bytes = xhr__str_from(*bytes, used - old);
  return good == 0 ? put_error(decoder, out)
                   : xhr__bytes_append(out, xhr__str_slice(whole, 0, used));
}

/* https://encoding.spec.whatwg.org/#utf-8-decoder, good stretches copied whole */
static xhr_status feed_utf_8(xhr__decoder *decoder, xhr__str bytes, xhr__bytes *out) {
  xhr_status status = XHR_OK;
  if (decoder->held_len > 0)
    status = resume_utf_8(decoder, &bytes, out);
  for (size_t at = 0; at < bytes.len && status == XHR_OK;) {
    xhr__utf_8_stop stop;
    size_t stop_len, end = xhr__utf_8_scan(bytes, at, &stop, &stop_len);
    status = xhr__bytes_append(out, xhr__str_slice(bytes, at, end));
    at = end + stop_len;
    if (status == XHR_OK && stop == XHR__UTF_8_INVALID) {
      status = put_error(decoder, out);
    } else if (stop == XHR__UTF_8_INCOMPLETE) {
      memcpy(decoder->held, bytes.data + end, stop_len);
      decoder->held_len = (uint8_t)stop_len;
    }
  }
  return status;
}

/* ---- Shift_JIS ---------------------------------------------------------------------------------------- */

/* A trail byte. False where it is an ASCII byte to be read again, behind the error. */
static bool shift_jis_trail(uint8_t leading, uint8_t byte, lxb_codepoint_t *code_point) {
  /* 3.3. - 3.6. the pointer */
  *code_point = error_mark;
  unsigned offset = byte < 0x7F ? 0x40 : 0x41, leading_offset = leading < 0xA0 ? 0x81 : 0xC1;
  if ((byte >= 0x40 && byte <= 0x7E) || (byte >= 0x80 && byte <= 0xFC)) {
    unsigned pointer = (leading - leading_offset) * 188 + byte - offset;
    /* 3.7. end-user-defined characters */
    if (pointer >= 8836 && pointer <= 10715)
      *code_point = 0xE000 - 8836 + pointer;
    /* 3.8. - 3.9. the index */
    else if (pointer <
             sizeof lxb_encoding_multi_jis0208_map / sizeof *lxb_encoding_multi_jis0208_map)
      *code_point = lxb_encoding_multi_jis0208_map[pointer];
  }
  /* 3.10. - 3.11. */
  return *code_point != error_mark || byte >= 0x80;
}

/* https://encoding.spec.whatwg.org/#shift_jis-decoder, since lexbor's knows two lead bytes above 0xDF only */
static size_t shift_jis(unsigned *state, xhr__str bytes, lxb_codepoint_t *code_points) {
  size_t count = 0;
  for (size_t at = 0; at < bytes.len; at++) {
    uint8_t byte = xhr__str_at(bytes, at);
    if (*state != 0) {
      /* 3. - 3.2. a lead byte stands before it */
      uint8_t leading = (uint8_t)*state;
      *state = 0;
      if (shift_jis_trail(leading, byte, &code_points[count++]))
        continue;
    }
    if (byte <= 0x80)
      code_points[count++] = byte; /* 4. ASCII and 0x80 */
    else if (byte >= 0xA1 && byte <= 0xDF)
      code_points[count++] = 0xFF61 - 0xA1 + (lxb_codepoint_t)byte; /* 5. katakana */
    else if (byte <= 0x9F || (byte >= 0xE0 && byte <= 0xFC))
      *state = byte; /* 6. a lead byte */
    else
      code_points[count++] = error_mark; /* 7. */
  }
  return count;
}

/* ---- all others, by lexbor ---------------------------------------------------------------------------- */

static bool has_pending(const xhr__decoder *decoder) {
  return decoder->encoding == XHR__ENCODING_SHIFT_JIS ? decoder->lexbor.u.lead != 0
                                                      : decoder->lexbor.status != LXB_STATUS_OK;
}

/* Whether bytes below 0x80 are ASCII wherever a character may start. */
static bool is_ascii_compatible(xhr__encoding encoding) {
  return encoding != XHR__ENCODING_UTF_16BE && encoding != XHR__ENCODING_UTF_16LE &&
         encoding != XHR__ENCODING_ISO_2022_JP;
}

/* At most SLICE bytes. */
static xhr_status feed_slice(xhr__decoder *decoder, xhr__str bytes, xhr__bytes *out) {
  lxb_codepoint_t code_points[CODE_POINTS];
  size_t count;
  if (decoder->encoding == XHR__ENCODING_SHIFT_JIS) {
    count = shift_jis(&decoder->lexbor.u.lead, bytes, code_points);
  } else {
    lxb_encoding_decode_t *lexbor = &decoder->lexbor;
    const lxb_char_t *data = (const lxb_char_t *)bytes.data, *end = data + bytes.len;
    lxb_encoding_decode_buf_set(lexbor, code_points, CODE_POINTS);
    lexbor->replace_to = &error_mark;
    lexbor->replace_len = 1;
    /* Only a full buffer, which it never meets here, may set it; gb18030's leaves it set after an error. */
    lexbor->prepend = false;
    (void)lexbor->encoding_data->decode(lexbor, &data, end);
    count = lxb_encoding_decode_buf_used(lexbor);
    lxb_encoding_decode_buf_set(lexbor, NULL, 0);
  }
  return put_code_points(decoder, code_points, count, out);
}

static bool is_gb18030(xhr__encoding encoding) {
  return encoding == XHR__ENCODING_GB18030 || encoding == XHR__ENCODING_GBK;
}

/* Where the slice from `at` on ends; see below for 0xA4 0x39. */
static size_t slice_end(const xhr__decoder *decoder, xhr__str bytes, size_t at) {
  size_t end = bytes.len - at < SLICE ? bytes.len : at + SLICE;
  if (!is_gb18030(decoder->encoding))
    return end;
  size_t cut = xhr__str_find_str(xhr__str_slice(bytes, 0, end), at, XHR__STR("\xA4\x39"));
  return cut < end ? cut + 1 : end;
}

/* https://encoding.spec.whatwg.org/#index-gb18030-ranges-code-point: lexbor takes the last pointer of the first
 * stretch, U+FFFF, for an error. So no slice runs over its last bytes, 0xA4 0x39, and the second is looked at here. */
static bool takes_u_ffff(xhr__decoder *decoder, uint8_t byte) {
  const lxb_encoding_ctx_gb18030_t state = decoder->lexbor.u.gb18030;
  if (!is_gb18030(decoder->encoding) || byte != 0x39 || !has_pending(decoder) ||
      state.first != 0x84 || state.second != 0x31 || state.third != 0xA4)
    return false;
  use_encoding(decoder, decoder->encoding);
  return true;
}

static xhr_status feed_legacy(xhr__decoder *decoder, xhr__str bytes, xhr__bytes *out) {
  xhr_status status = XHR_OK;
  bool ascii = is_ascii_compatible(decoder->encoding);
  for (size_t at = 0; at < bytes.len && status == XHR_OK;) {
    if (takes_u_ffff(decoder, xhr__str_at(bytes, at))) {
      status = xhr__bytes_append(out, XHR__STR("\xEF\xBF\xBF"));
      at++;
      continue;
    }
    if (ascii && !has_pending(decoder)) {
      size_t run = xhr__ascii_prefix(bytes, at);
      status = xhr__bytes_append(out, xhr__str_slice(bytes, at, at + run));
      at += run;
    }
    size_t end = slice_end(decoder, bytes, at);
    if (status == XHR_OK && at < end)
      status = feed_slice(decoder, xhr__str_slice(bytes, at, end), out);
    at = end;
  }
  return status;
}

/* What end-of-queue does to ISO-2022-JP; lexbor's own ending forgets the byte that goes back into the queue. */
static xhr_status finish_iso_2022_jp(xhr__decoder *decoder, xhr__bytes *out) {
  lxb_encoding_ctx_2022_jp_t *state = &decoder->lexbor.u.iso_2022_jp;
  if (state->state == LXB_ENCODING_DECODE_2022_JP_ESCAPE) {
    /* escape, 8. the leading byte goes back; 9. an error, then that byte in the state before the escape */
    char leading = (char)state->lead;
    state->lead = 0;
    state->out_flag = false;
    state->state = state->out_state;
    xhr_status status = put_error(decoder, out);
    if (status == XHR_OK)
      status = feed_slice(decoder, xhr__str_of(&leading, 1), out);
    if (status != XHR_OK)
      return status;
  }
  /* trailing byte; escape start: an error. All others: finished. */
  if (state->state == LXB_ENCODING_DECODE_2022_JP_TRAIL ||
      state->state == LXB_ENCODING_DECODE_2022_JP_ESCAPE_START)
    return put_error(decoder, out);
  return XHR_OK;
}

/* ---- the decoder -------------------------------------------------------------------------------------- */

void xhr__decoder_init(xhr__decoder *decoder, xhr__encoding encoding, xhr__bom bom, bool fatal) {
  *decoder = (xhr__decoder){.bom = bom, .fatal = fatal, .started = bom == XHR__BOM_KEEP};
  use_encoding(decoder, encoding);
}

xhr__encoding xhr__decoder_encoding(const xhr__decoder *decoder) {
  bool open = decoder->bom == XHR__BOM_SNIFF && !decoder->started;
  return open ? XHR__ENCODING_NONE : decoder->encoding;
}

/* Text, the byte order mark being dealt with. */
static xhr_status process(xhr__decoder *decoder, xhr__str bytes, xhr__bytes *out) {
  if (bytes.len == 0)
    return XHR_OK;
  switch (decoder->encoding) {
    case XHR__ENCODING_UTF_8: return feed_utf_8(decoder, bytes, out);
    case XHR__ENCODING_REPLACEMENT:
      /* https://encoding.spec.whatwg.org/#replacement-decoder: 2. one error, 3. and no more */
      if (decoder->error_returned)
        return XHR_OK;
      decoder->error_returned = true;
      return put_error(decoder, out);
    default: return feed_legacy(decoder, bytes, out);
  }
}

/* Whether these first bytes (one or two) may yet become a mark that matters. */
static bool may_become_bom(const xhr__decoder *decoder, xhr__str bytes) {
  static const xhr__str marks[] = {{"\xEF\xBB\xBF", 3}, {"\xFE\xFF", 2}, {"\xFF\xFE", 2}};
  static const xhr__encoding encodings[] = {XHR__ENCODING_UTF_8, XHR__ENCODING_UTF_16BE,
                                            XHR__ENCODING_UTF_16LE};
  for (size_t i = 0; i < 3; i++) {
    if ((decoder->bom == XHR__BOM_SNIFF || decoder->encoding == encodings[i]) &&
        bytes.len < marks[i].len && xhr__str_starts_with(marks[i], bytes))
      return true;
  }
  return false;
}

/* The first bytes, which are held back until it is known whether they are a byte order mark. With `last` nothing
 * follows. What is left of `bytes` is for the decoder. */
static xhr_status start(xhr__decoder *decoder, xhr__str *bytes, bool last, xhr__bytes *out) {
  for (;;) {
    xhr__str held = xhr__str_of(decoder->held, decoder->held_len);
    if (held.len == 3 || (last && bytes->len == 0) ||
        (held.len > 0 && !may_become_bom(decoder, held)))
      break;
    if (bytes->len == 0)
      return XHR_OK;
    decoder->held[decoder->held_len++] = bytes->data[0];
    *bytes = xhr__str_from(*bytes, 1);
  }
  decoder->started = true;
  char first[sizeof decoder->held];
  xhr__str text = xhr__str_of(first, decoder->held_len);
  memcpy(first, decoder->held, sizeof first);
  decoder->held_len = 0;
  size_t bom_len;
  xhr__encoding found = xhr__bom_sniff(text, &bom_len);
  if (found != XHR__ENCODING_NONE &&
      (decoder->bom == XHR__BOM_SNIFF || found == decoder->encoding)) {
    use_encoding(decoder, found);
    text = xhr__str_from(text, bom_len);
  }
  return process(decoder, text, out);
}

xhr_status xhr__decoder_feed(xhr__decoder *decoder, xhr__str bytes, xhr__bytes *out) {
  xhr_status status = decoder->failed ? XHR_ENCODING_ERR : XHR_OK;
  if (status == XHR_OK && !decoder->started && bytes.len > 0)
    status = start(decoder, &bytes, false, out);
  if (status == XHR_OK)
    status = process(decoder, bytes, out);
  decoder->failed = status != XHR_OK;
  return status;
}

xhr_status xhr__decoder_finish(xhr__decoder *decoder, xhr__bytes *out) {
  xhr__str nothing = XHR__STR_EMPTY;
  xhr_status status = decoder->failed ? XHR_ENCODING_ERR : XHR_OK;
  if (status == XHR_OK && !decoder->started)
    status = start(decoder, &nothing, true, out);
  if (status == XHR_OK) {
    if (decoder->encoding == XHR__ENCODING_ISO_2022_JP)
      status = finish_iso_2022_jp(decoder, out);
    else if (decoder->held_len > 0 || has_pending(decoder))
      status = put_error(decoder, out);
  }
  decoder->failed = status != XHR_OK;
  return status;
}
