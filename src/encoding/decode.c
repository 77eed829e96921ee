#include "encoding/decode.h"

#include "encoding/decoder.h"
#include "encoding/utf_8.h"

/* https://encoding.spec.whatwg.org/#bom-sniff */
xhr__encoding xhr__bom_sniff(xhr__str bytes, size_t *len) {
  /* 1. the first three bytes; 2. the first mark that they start with, or null */
  xhr__encoding encoding = XHR__ENCODING_NONE;
  size_t bom_len = 2;
  if (xhr__str_starts_with(bytes, XHR__STR("\xEF\xBB\xBF"))) {
    encoding = XHR__ENCODING_UTF_8;
    bom_len = 3;
  } else if (xhr__str_starts_with(bytes, XHR__STR("\xFE\xFF"))) {
    encoding = XHR__ENCODING_UTF_16BE;
  } else if (xhr__str_starts_with(bytes, XHR__STR("\xFF\xFE"))) {
    encoding = XHR__ENCODING_UTF_16LE;
  }
  if (encoding != XHR__ENCODING_NONE && len)
    *len = bom_len;
  return encoding;
}

static xhr_status decode_all(xhr__str bytes, xhr__encoding encoding, xhr__bom bom, bool fatal,
                             xhr__bytes *out) {
  size_t before = out->len;
  xhr__decoder decoder;
  xhr__decoder_init(&decoder, encoding, bom, fatal);
  xhr_status status = xhr__decoder_feed(&decoder, bytes, out);
  if (status == XHR_OK)
    status = xhr__decoder_finish(&decoder, out);
  if (status != XHR_OK && out->data) {
    out->len = before;
    out->data[before] = '\0';
  }
  return status;
}

/* https://encoding.spec.whatwg.org/#decode */
xhr_status xhr__decode(xhr__str bytes, xhr__encoding fallback, xhr__bytes *out) {
  /* 1. - 2. the mark, read; 3. - 4. the decoder, replacing errors */
  return decode_all(bytes, fallback, XHR__BOM_SNIFF, false, out);
}

/* https://encoding.spec.whatwg.org/#utf-8-decode */
xhr_status xhr__utf_8_decode(xhr__str bytes, xhr__bytes *out) {
  /* 1. - 2. the mark, read; 3. - 4. the decoder, replacing errors */
  return decode_all(bytes, XHR__ENCODING_UTF_8, XHR__BOM_REMOVE, false, out);
}

/* https://encoding.spec.whatwg.org/#utf-8-decode-without-bom */
xhr_status xhr__utf_8_decode_without_bom(xhr__str bytes, xhr__bytes *out) {
  /* 1. - 2. the decoder, replacing errors */
  return decode_all(bytes, XHR__ENCODING_UTF_8, XHR__BOM_KEEP, false, out);
}

/* https://encoding.spec.whatwg.org/#utf-8-decode-without-bom-or-fail */
xhr_status xhr__utf_8_decode_without_bom_or_fail(xhr__str bytes, xhr__bytes *out) {
  /* 1. - 3. the decoder; an error is failure */
  return decode_all(bytes, XHR__ENCODING_UTF_8, XHR__BOM_KEEP, true, out);
}
