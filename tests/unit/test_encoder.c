/* Tests of src/encoding/encoder.c, with web-platform-tests' data where it is there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "encoding/decode.h"
#include "encoding/encoder.h"
#include "support/failing_allocator.h"
#include "support/js_literal.h"
#include "support/leftovers.h"
#include "support/text_file.h"
#include "support/wpt.h"

/* Text and its bytes in mode html. */
typedef struct encoding {
  xhr__encoding encoding;
  xhr__str text, bytes;
} encoding;

#define CASE(encoding, text, bytes)                                                                \
  {                                                                                                \
    XHR__ENCODING_##encoding, {text, sizeof(text) - 1}, {                                          \
      bytes, sizeof(bytes) - 1                                                                     \
    }                                                                                              \
  }

static const encoding encodings[] = {
    CASE(UTF_8, "a\u20AC\U0001F600", "a\u20AC\U0001F600"),
    CASE(UTF_8, "a\xFF\xE2\x82z", "a\uFFFD\uFFFDz"),
    CASE(WINDOWS_1252, "caf\u00E9 \u20AC \u0416\U0001F600", "caf\xE9 \x80 &#1046;&#128512;"),
    CASE(WINDOWS_1252, "\xFF", "&#65533;"),
    CASE(ISO_8859_8_I, "\u05D0x", "\xE0x"),
    CASE(KOI8_U, "\u0404", "\xB4"),
    CASE(X_USER_DEFINED, "a\uF780\uF7FF\u00E9", "a\x80\xFF&#233;"),
    CASE(GBK, "\u20AC\u4E02\U0001F600", "\x80\x81\x40&#128512;"),
    CASE(GB18030, "\u20AC\U0001F600\uFFFF\uE7C7",
         "\xA2\xE3\x94\x39\xFC\x36\x84\x31\xA4\x39\x81\x35\xF4\x37"),
    CASE(GB18030, "\uE5E5", "&#58853;"),
    /* What GB18030-2022 moved. */
    CASE(GB18030, "\uE78D\uFE10\uE864", "\xA6\xD9\xA6\xD9\xFE\xA0"),
    CASE(GBK, "\uE796\uE81E", "\xA6\xF3\xFE\x59"),
    CASE(BIG5, "\u4E00\u2550\u5341\u20AC\u00CA", "\xA4\x40\xF9\xF9\xA4\x51\xA3\xE1&#202;"),
    CASE(EUC_JP, "\u3042\uFF71\u00A5\u203E\u2212\u4E02",
         "\xA4\xA2\x8E\xB1\x5C\x7E\xA1\xDD&#19970;"),
    /* Not by NEC's duplicates: IBM's extensions, and the first row of symbols. */
    CASE(SHIFT_JIS, "\u2170\u7E8A\uFFE2\u2252\u3231", "\xFA\x40\xFA\x5C\x81\xCA\x81\xE0\x87\x8A"),
    CASE(SHIFT_JIS, "\u3042\uFF71\xC2\x80\u00A5\u203E\u2212\u00E9",
         "\x82\xA0\xB1\x80\x5C\x7E\x81\x7C&#233;"),
    CASE(EUC_KR, "\uAC00\uAC02\u00E9", "\xB0\xA1\x81\x41&#233;"),
    CASE(ISO_2022_JP, "", ""),
    CASE(ISO_2022_JP, "a\u3042z", "a\x1B$B$\"\x1B(Bz"),
    CASE(ISO_2022_JP, "\u3042", "\x1B$B$\"\x1B(B"),
    CASE(ISO_2022_JP, "\u00A5a\\", "\x1B(J\\a\x1B(B\\"),
    CASE(ISO_2022_JP, "\u00A5", "\x1B(J\\\x1B(B"),
    CASE(ISO_2022_JP, "\uFF71\u2212", "\x1B$B%\"!]\x1B(B"),
    CASE(ISO_2022_JP, "\x0E\u00A5\x0F\x1B", "&#65533;\x1B(J\\&#65533;&#65533;\x1B(B"),
    /* Errors inside JIS X 0208. */
    CASE(ISO_2022_JP, "\u3042\x1B|", "\x1B$B$\"\x1B(B&#65533;|"),
    CASE(ISO_2022_JP, "\u3042\u00E9\u3042", "\x1B$B$\"\x1B(B&#233;\x1B$B$\"\x1B(B"),
};

static void assert_encodes(const encoding *of) {
  xhr__bytes out = {0};
  assert_int_equal(xhr__bytes_append(&out, XHR__STR("before")), XHR_OK);
  assert_int_equal(xhr__encode(of->text, of->encoding, &out), XHR_OK);
  if (!xhr__str_equals(xhr__str_from(xhr__bytes_str(&out), 6), of->bytes)) {
    for (size_t i = 6; i < out.len; i++)
      print_message("%02X ", (uint8_t)out.data[i]);
    fail_msg("%s of \"%.*s\"", xhr__encoding_name(of->encoding).data, (int)of->text.len,
             of->text.data);
  }
  xhr__bytes_free(&out);
}

static void test_encodings(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++)
    assert_encodes(&encodings[i]);
}

static void test_or_fail(void **state) {
  (void)state;
  xhr__encoder encoder;
  xhr__bytes out = {0};
  const xhr__str text = XHR__STR("a\u00A5\u00E9\u00A5");
  size_t position = 0;
  uint32_t code_point = 0;
  assert_int_equal(xhr__encoder_init(&encoder, XHR__ENCODING_ISO_2022_JP), XHR_OK);
  assert_int_equal(xhr__encode_or_fail(&encoder, text, &position, &out, &code_point), XHR_OK);
  assert_int_equal(code_point, 0xE9);
  assert_int_equal(position, 5);
  assert_string_equal(out.data, "a\x1B(J\\");
  xhr__bytes_clear(&out);
  assert_int_equal(xhr__encode_or_fail(&encoder, text, &position, &out, &code_point), XHR_OK);
  assert_int_equal(code_point, XHR__ENCODED_ALL);
  assert_string_equal(out.data, "\\\x1B(B");
  xhr__bytes_free(&out);
}

static void test_without_encoder(void **state) {
  (void)state;
  static const xhr__encoding without[] = {XHR__ENCODING_NONE, XHR__ENCODING_REPLACEMENT,
                                          XHR__ENCODING_UTF_16BE, XHR__ENCODING_UTF_16LE};
  for (size_t i = 0; i < sizeof without / sizeof *without; i++) {
    xhr__bytes out = {0};
    xhr__encoder encoder;
    assert_int_equal(xhr__encoder_init(&encoder, without[i]), XHR_INVALID_ARGUMENT);
    assert_int_equal(xhr__encode(XHR__STR("a"), without[i], &out), XHR_INVALID_ARGUMENT);
    assert_int_equal(out.len, 0);
  }
}

/* Every code point that an encoding has bytes for comes back from them, but for the few that it folds. */
static void test_round_trip(void **state) {
  (void)state;
  for (int i = 1; i < XHR__ENCODING_COUNT; i++) {
    xhr__encoder encoder;
    if (xhr__encoder_init(&encoder, (xhr__encoding)i) != XHR_OK)
      continue;
    xhr__bytes text = {0}, out = {0}, back = {0};
    uint32_t unencodable = 0;
    for (uint32_t c = 0; c < 0x30000; c = c == 0xD7FF ? 0xE000 : c + 1) {
      if (c == 0xA5 || c == 0x203E || c == 0x2212 || (c >= 0xFF61 && c <= 0xFF9F) ||
          (c >= 0xE000 && c <= 0xF8FF))
        continue;
      size_t position = 0;
      xhr__bytes_clear(&text);
      xhr__bytes_clear(&out);
      xhr__bytes_clear(&back);
      assert_int_equal(xhr__bytes_append_code_point(&text, c), XHR_OK);
      assert_int_equal(
          xhr__encode_or_fail(&encoder, xhr__bytes_str(&text), &position, &out, &unencodable),
          XHR_OK);
      if (unencodable != XHR__ENCODED_ALL)
        continue;
      /* A lone byte order mark would be taken off. */
      assert_int_equal(xhr__bytes_append_byte(&back, '|'), XHR_OK);
      assert_int_equal(xhr__bytes_append(&back, xhr__bytes_str(&out)), XHR_OK);
      xhr__bytes_clear(&out);
      assert_int_equal(xhr__decode(xhr__bytes_str(&back), (xhr__encoding)i, &out), XHR_OK);
      if (!xhr__str_equals(xhr__str_from(xhr__bytes_str(&out), 1), xhr__bytes_str(&text)))
        fail_msg("U+%04X in %s", c, xhr__encoding_name((xhr__encoding)i).data);
    }
    xhr__bytes_free(&text);
    xhr__bytes_free(&out);
    xhr__bytes_free(&back);
  }
}

/* ---- web-platform-tests ---------------------------------------------------------------------------------- */

/* One code point and its bytes, both ways, but for what is one way: JIS X 0212 is decoded only; a few code points are
 * folded into others. */
static void assert_character(xhr__encoding encoding_, uint32_t code_point, xhr__str bytes) {
  xhr__bytes text = {0}, back = {0};
  assert_int_equal(xhr__bytes_append_code_point(&text, code_point), XHR_OK);
  encoding of = {encoding_, xhr__bytes_str(&text), bytes};
  if (encoding_ != XHR__ENCODING_EUC_JP || xhr__str_at(bytes, 0) != 0x8F)
    assert_encodes(&of);
  if (code_point != 0xA5 && code_point != 0x203E && code_point != 0x2212 &&
      (code_point < 0xFF61 || code_point > 0xFF9F)) {
    assert_int_equal(xhr__decode(bytes, encoding_, &back), XHR_OK);
    assert_true(xhr__str_equals(xhr__bytes_str(&back), of.text));
  }
  xhr__bytes_free(&text);
  xhr__bytes_free(&back);
}

/* `data-cp="4E00" data-bytes="B0 EC"`, for every code point that the encoding has. */
static void run_chars(const char *name, xhr__encoding encoding_) {
  const char *path = wpt_path(name);
  if (!path)
    return;
  xhr__str file = text_file_read(path);
  assert_non_null(file.data);
  const xhr__str cp = XHR__STR("data-cp=\""), data = XHR__STR("data-bytes=\"");
  size_t count = 0;
  for (size_t at = 0; (at = xhr__str_find_str(file, at, cp)) < file.len; count++) {
    xhr__bytes bytes = {0};
    uint32_t code_point = (uint32_t)strtoul(file.data + at + cp.len, NULL, 16);
    at = xhr__str_find_str(file, at, data) + data.len;
    while (file.data[at] != '"') {
      char *rest;
      char byte = (char)strtoul(file.data + at, &rest, 16);
      assert_int_equal(xhr__bytes_append_byte(&bytes, byte), XHR_OK);
      at = (size_t)(rest - file.data);
    }
    assert_character(encoding_, code_point, xhr__bytes_str(&bytes));
    xhr__bytes_free(&bytes);
  }
  print_message("%s: %zu code points\n", name, count);
  assert_true(count > 7000);
  free((char *)file.data);
}

/* A lone percent sign is one. */
static void undo_percent(xhr__bytes *bytes) {
  size_t to = 0;
  for (size_t i = 0; i < bytes->len; i++, to++) {
    bytes->data[to] = bytes->data[i];
    if (bytes->data[i] == '%' && xhr__is_ascii_hex_digit((uint8_t)bytes->data[i + 1]) &&
        xhr__is_ascii_hex_digit((uint8_t)bytes->data[i + 2])) {
      bytes->data[to] = (char)(xhr__hex_value((uint8_t)bytes->data[i + 1]) << 4 |
                               xhr__hex_value((uint8_t)bytes->data[i + 2]));
      i += 2;
    }
  }
  bytes->len = to;
}

/* Lines `encode("text", "bytes in a URL's query", …`. */
static void run_encode_lines(const char *name, xhr__encoding encoding_) {
  const char *path = wpt_path(name);
  if (!path)
    return;
  xhr__str file = text_file_read(path);
  assert_non_null(file.data);
  const xhr__str call = XHR__STR(" encode(\"");
  size_t count = 0;
  for (size_t at = 0; (at = xhr__str_find_str(file, at, call)) < file.len; count++) {
    xhr__bytes text = {0}, bytes = {0};
    at += call.len - 1;
    js_literal_read(file, &at, &text);
    at = xhr__str_find(file, at, '"');
    js_literal_read(file, &at, &bytes);
    undo_percent(&bytes);
    encoding of = {encoding_, xhr__bytes_str(&text), xhr__bytes_str(&bytes)};
    assert_encodes(&of);
    xhr__bytes_free(&text);
    xhr__bytes_free(&bytes);
  }
  print_message("%s: %zu cases\n", name, count);
  assert_true(count > 10);
  free((char *)file.data);
}

static void test_wpt(void **state) {
  (void)state;
  if (!wpt_path("encoding/iso-2022-jp-encoder.html"))
    skip();
  run_chars("encoding/legacy-mb-japanese/euc-jp/eucjp_chars.html", XHR__ENCODING_EUC_JP);
  run_chars("encoding/legacy-mb-japanese/iso-2022-jp/iso2022jp_chars.html",
            XHR__ENCODING_ISO_2022_JP);
  run_chars("encoding/legacy-mb-japanese/shift_jis/sjis_chars.html", XHR__ENCODING_SHIFT_JIS);
  run_chars("encoding/legacy-mb-korean/euc-kr/euckr_chars.html", XHR__ENCODING_EUC_KR);
  run_chars("encoding/legacy-mb-tchinese/big5/big5_chars.html", XHR__ENCODING_BIG5);
  run_encode_lines("encoding/iso-2022-jp-encoder.html", XHR__ENCODING_ISO_2022_JP);
  run_encode_lines("encoding/big5-encoder.html", XHR__ENCODING_BIG5);
  run_encode_lines("encoding/legacy-mb-schinese/gb18030/gb18030-encoder.html",
                   XHR__ENCODING_GB18030);
  run_encode_lines("encoding/legacy-mb-schinese/gbk/gbk-encoder.html", XHR__ENCODING_GBK);
}

/* ---- allocation failure ---------------------------------------------------------------------------------- */

static void encode_many(void *user) {
  (void)user;
  xhr__bytes out = {0};
  for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
    size_t before = out.len;
    xhr_status status = xhr__encode(encodings[i].text, encodings[i].encoding, &out);
    assert_true(status == XHR_OK || (status == XHR_OUT_OF_MEMORY && failing_allocator_failed()));
    assert_true(status == XHR_OK || out.len == before);
  }
  xhr__bytes_free(&out);
}

static void test_out_of_memory(void **state) {
  (void)state;
  assert_true(failing_allocator_loop(encode_many, NULL, NULL) > 5);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_encodings),
      cmocka_unit_test(test_or_fail),
      cmocka_unit_test(test_without_encoder),
      cmocka_unit_test(test_round_trip),
      cmocka_unit_test(test_wpt),
      cmocka_unit_test(test_out_of_memory),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
