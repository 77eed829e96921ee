/* Tests of src/encoding/decoder.c, decode.c and utf_8.c, with web-platform-tests' data where it is there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "encoding/decode.h"
#include "encoding/decoder.h"
#include "encoding/utf_8.h"
#include "infra/utf8.h"
#include "support/failing_allocator.h"
#include "support/js_literal.h"
#include "support/json.h"
#include "support/leftovers.h"
#include "support/text_file.h"
#include "support/wpt.h"

/* Bytes and text; "?" in names below stands for U+FFFD. */
#define R "\xEF\xBF\xBD"

typedef struct decoding {
  xhr__encoding encoding;
  xhr__str bytes, text;
} decoding;

#define CASE(encoding, bytes, text)                                                                \
  {                                                                                                \
    XHR__ENCODING_##encoding, {bytes, sizeof(bytes) - 1}, {                                        \
      text, sizeof(text) - 1                                                                       \
    }                                                                                              \
  }

static const decoding decodings[] = {
    CASE(UTF_8, "", ""),
    CASE(UTF_8, "plain", "plain"),
    CASE(UTF_8, "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"),
    CASE(UTF_8, "a\0b", "a\0b"),
    CASE(UTF_8, "\xC0\x80|\xC1\xBF", R R "|" R R),
    CASE(UTF_8, "\xE0\x80\x80|\xE0\x9F\xBF", R R R "|" R R R),
    CASE(UTF_8, "\xED\xA0\x80|\xED\x9F\xBF", R R R "|\xED\x9F\xBF"),
    CASE(UTF_8, "\xF0\x80\x80\x80|\xF0\x8F\xBF\xBF", R R R R "|" R R R R),
    CASE(UTF_8, "\xF4\x90\x80\x80|\xF4\x8F\xBF\xBF", R R R R "|\xF4\x8F\xBF\xBF"),
    CASE(UTF_8, "\xF5\x80|\xFF|\x80", R R "|" R "|" R),
    CASE(UTF_8, "\xE2\x82|\xF0\x9F\x98|\xC3|", R "|" R "|" R "|"),
    CASE(UTF_8, "\xE2\x82\xE2\x82\xAC", R "\xE2\x82\xAC"),
    CASE(UTF_8, "\xF0\x9F\x98", R),
    CASE(UTF_8, "\xF0\x9F", R),
    CASE(UTF_8, "x\xC3", "x" R),
    CASE(WINDOWS_1252, "caf\xE9 \x80\x81", "caf\xC3\xA9 \xE2\x82\xAC\xC2\x81"),
    CASE(WINDOWS_1253, "\xAA\xD2\xFF", R R R),
    CASE(KOI8_R, "\xF0\xD2", "\xD0\x9F\xD1\x80"),
    CASE(ISO_8859_8_I, "\xE0\xFF", "\xD7\x90" R),
    CASE(X_USER_DEFINED, "a\x80\xFF", "a\xEF\x9E\x80\xEF\x9F\xBF"),
    CASE(REPLACEMENT, "", ""),
    CASE(REPLACEMENT, "anything", R),
    CASE(UTF_16LE, "a\0\x3D\xD8\x00\xDE", "a\xF0\x9F\x98\x80"),
    CASE(UTF_16LE,
         "\x3D\xD8"
         "a\0\x00\xDE\x3D\xD8\x3D\xD8\x00\xDE",
         R "a" R R "\xF0\x9F\x98\x80"),
    CASE(UTF_16LE, "a\0b", "a" R),
    CASE(UTF_16LE, "\x3D\xD8", R),
    CASE(UTF_16LE, "\x3D\xD8\x00", R),
    CASE(UTF_16BE, "\0a\xD8\x3D\xDE\x00\xDC", "a\xF0\x9F\x98\x80" R),
    CASE(UTF_16BE, "\xFF\xFE", "\xEF\xBF\xBE"),
    CASE(GBK, "\xC4\xE3\x80\xFF", "\xE4\xBD\xA0\xE2\x82\xAC" R),
    CASE(GB18030, "\x81\x30\x81\x30\x90\x30\x81\x30", "\xC2\x80\xF0\x90\x80\x80"),
    CASE(GB18030, "\xE3\x32\x9A\x35\xE3\x32\x9A\x36", "\xF4\x8F\xBF\xBF" R),
    CASE(GB18030, "\x81\x35\xF4\x37\xA8\xBC", "\xEE\x9F\x87\xE1\xB8\xBF"),
    CASE(GB18030, "\x81\x30\x81\x28", R "0" R "("),
    CASE(GB18030, "\x81\x30\x28", R "0("),
    CASE(GB18030, "\x81\x28\x81\x7F", R "(" R "\x7F"),
    CASE(GB18030, "\x81\x30\x81", R),
    CASE(GB18030, "\x81\x30", R),
    CASE(GB18030, "\x84\x31\xA4\x39\x84\x31\xA5\x30\xA4\x39", "\xEF\xBF\xBF" R R),
    CASE(BIG5, "\xA4\x40\x88\x62\x88\x64\x88\xA3\x88\xA5",
         "\xE4\xB8\x80\xC3\x8A\xCC\x84\xC3\x8A\xCC\x8C\xC3\xAA\xCC\x84\xC3\xAA\xCC\x8C"),
    CASE(BIG5, "\x81\x61\x81\xFFz\x80", R "a" R "z" R),
    CASE(BIG5, "\xA4", R),
    CASE(EUC_JP, "\xA4\xA2\x8E\xB1\x8F\xB0\xA1", "\xE3\x81\x82\xEF\xBD\xB1\xE4\xB8\x82"),
    CASE(EUC_JP, "\x8F\xA1|\x8E|\x8F\xB0\xA4\xA2", R "|" R "|\xE4\xB8\x8C" R),
    CASE(EUC_JP, "\x8F\xB0", R),
    CASE(SHIFT_JIS, "\x82\xA0\xB1\x80\\~", "\xE3\x81\x82\xEF\xBD\xB1\xC2\x80\\~"),
    /* Lead bytes that lexbor takes for errors; the private area; an ASCII trail byte read again. */
    CASE(SHIFT_JIS, "\xE1\x40\xEA\xA4\xFB\xFC\xFC\x4B\xF0\x40",
         "\xE7\x93\xA0\xE7\x86\x99\xE9\xAB\x99\xE9\xBB\x91\xEE\x80\x80"),
    CASE(SHIFT_JIS, "\x81=|\xFF\xA0|\x85\x40\xEA\xFF\xFD", R "=|" R R "|" R "@" R R),
    CASE(SHIFT_JIS, "\xE1", R),
    CASE(EUC_KR, "\xB0\xA1\x81\x41\xC9\xA1|\xFF", "\xEA\xB0\x80\xEA\xB0\x82" R "|" R),
    CASE(EUC_KR, "\xB0", R),
    CASE(ISO_2022_JP, "a\x1B$B$\"\x1B(Bz", "a\xE3\x81\x82z"),
    CASE(ISO_2022_JP, "\x1B(J\\~\x1B(I1\x1B(B\\", "\xC2\xA5\xE2\x80\xBE\xEF\xBD\xB1\\"),
    CASE(ISO_2022_JP, "\x0E\x0F\x80", R R R),
    CASE(ISO_2022_JP, "\x1B(B\x1B(B", R),
    CASE(ISO_2022_JP, "\x1B$B$", R),
    CASE(ISO_2022_JP, "\x1B$B", ""),
    CASE(ISO_2022_JP, "\x1B(J", ""),
    /* Ends inside an escape sequence, where lexbor loses the byte put back. */
    CASE(ISO_2022_JP, "\x1B", R),
    CASE(ISO_2022_JP, "\x1B$", R "$"),
    CASE(ISO_2022_JP, "\x1B(", R "("),
    CASE(ISO_2022_JP, "\x1B$B\x1B$", R R),
    CASE(ISO_2022_JP, "\x1B(I\x1B(", R "\xEF\xBD\xA8"),
    /* A flag of lexbor's that an error left set. */
    CASE(GB18030, "\x9B\x38\x81\xD8\x99\x34\xDE\x44", R "8\xE4\xBD\x96" R "4\xE8\xBD\x89"),
};
enum { COUNT = sizeof decodings / sizeof *decodings };

/* The last bytes, in hexadecimal. */
static void print_end(const char *what, xhr__str bytes) {
  print_message("\n%s %zu bytes:", what, bytes.len);
  for (size_t i = bytes.len < 40 ? 0 : bytes.len - 40; i < bytes.len; i++)
    print_message(" %02X", xhr__str_at(bytes, i));
}

static void assert_text(const xhr__bytes *text, xhr__str expected, const decoding *of) {
  if (xhr__str_equals(xhr__bytes_str(text), expected))
    return;
  print_end("got", xhr__bytes_str(text));
  print_end("not", expected);
  print_end("from", of->bytes);
  fail_msg("%s: wrong text", xhr__encoding_name(of->encoding).data);
}

/* In three pieces, cut at these places. */
static void assert_decodes_cut(const decoding *of, xhr__bom bom, size_t first, size_t second) {
  xhr__decoder decoder;
  xhr__bytes text = {0};
  xhr__decoder_init(&decoder, of->encoding, bom, false);
  const size_t cuts[] = {0, first, second, of->bytes.len};
  for (size_t i = 0; i < 3; i++)
    assert_int_equal(
        xhr__decoder_feed(&decoder, xhr__str_slice(of->bytes, cuts[i], cuts[i + 1]), &text),
        XHR_OK);
  assert_int_equal(xhr__decoder_finish(&decoder, &text), XHR_OK);
  assert_text(&text, of->text, of);
  assert_true(xhr__utf8_is_valid(xhr__bytes_str(&text)));
  xhr__bytes_free(&text);
}

/* Whole, cut at every two bytes, and byte by byte. */
static void assert_decodes(const decoding *of, xhr__bom bom) {
  for (size_t i = 0; i <= of->bytes.len; i++) {
    for (size_t j = i; j <= of->bytes.len; j++)
      assert_decodes_cut(of, bom, i, j);
  }
  xhr__decoder decoder;
  xhr__bytes text = {0};
  xhr__decoder_init(&decoder, of->encoding, bom, false);
  for (size_t i = 0; i < of->bytes.len; i++)
    assert_int_equal(xhr__decoder_feed(&decoder, xhr__str_slice(of->bytes, i, i + 1), &text),
                     XHR_OK);
  assert_int_equal(xhr__decoder_finish(&decoder, &text), XHR_OK);
  assert_text(&text, of->text, of);
  xhr__bytes_free(&text);
}

static void test_decodings(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT; i++)
    assert_decodes(&decodings[i], XHR__BOM_KEEP);
}

/* The same between stretches of ASCII longer than one slice, for the fast paths. */
static void test_long(void **state) {
  (void)state;
  enum { LONG = 3000 };
  for (size_t i = 0; i < COUNT; i++) {
    xhr__encoding encoding = decodings[i].encoding;
    if (encoding == XHR__ENCODING_UTF_16LE || encoding == XHR__ENCODING_UTF_16BE ||
        encoding == XHR__ENCODING_REPLACEMENT)
      continue;
    xhr__bytes bytes = {0}, text = {0};
    for (size_t j = 0; j < LONG; j++) {
      assert_int_equal(xhr__bytes_append_byte(&bytes, (char)('a' + j % 26)), XHR_OK);
      assert_int_equal(xhr__bytes_append_byte(&text, (char)('a' + j % 26)), XHR_OK);
    }
    assert_int_equal(xhr__bytes_append(&bytes, decodings[i].bytes), XHR_OK);
    assert_int_equal(xhr__bytes_append(&text, decodings[i].text), XHR_OK);
    decoding of = {encoding, xhr__bytes_str(&bytes), xhr__bytes_str(&text)};
    for (size_t cut = LONG - 2; cut < bytes.len; cut++)
      assert_decodes_cut(&of, XHR__BOM_KEEP, cut, bytes.len);
    for (size_t cut = 990; cut < 1030; cut++)
      assert_decodes_cut(&of, XHR__BOM_KEEP, cut, 2 * cut);
    xhr__bytes_free(&bytes);
    xhr__bytes_free(&text);
  }
}

/* ---- byte order marks ------------------------------------------------------------------------------------ */

static void test_bom(void **state) {
  (void)state;
#define U8 "\xEF\xBB\xBF"
  static const struct {
    xhr__bom bom;
    decoding of;
  } cases[] = {
      {XHR__BOM_SNIFF, CASE(UTF_8, U8 "x", "x")},
      {XHR__BOM_SNIFF, CASE(UTF_8, U8 U8 "x", U8 "x")},
      {XHR__BOM_SNIFF, CASE(WINDOWS_1252, U8 "\xC3\xA9", "\xC3\xA9")},
      {XHR__BOM_SNIFF, CASE(WINDOWS_1252, "\xEF\xBB", "\xC3\xAF\xC2\xBB")},
      {XHR__BOM_SNIFF, CASE(WINDOWS_1252, "\xEF\xBBx", "\xC3\xAF\xC2\xBBx")},
      {XHR__BOM_SNIFF, CASE(WINDOWS_1252, "\xEF", "\xC3\xAF")},
      {XHR__BOM_SNIFF, CASE(WINDOWS_1252, "\xFE", "\xC3\xBE")},
      {XHR__BOM_SNIFF, CASE(WINDOWS_1252, "\xFEx", "\xC3\xBEx")},
      {XHR__BOM_SNIFF, CASE(WINDOWS_1252, "", "")},
      {XHR__BOM_SNIFF, CASE(UTF_8, "\xFE\xFF\0x", "x")},
      {XHR__BOM_SNIFF, CASE(UTF_8, "\xFF\xFEx\0", "x")},
      {XHR__BOM_SNIFF, CASE(UTF_16BE, "\xFF\xFEx\0", "x")},
      {XHR__BOM_SNIFF, CASE(REPLACEMENT, U8 "x", "x")},
      {XHR__BOM_SNIFF, CASE(REPLACEMENT, "\xEF\xBB", R)},
      {XHR__BOM_SNIFF, CASE(UTF_8, "\xEF\xBB", R)},
      {XHR__BOM_SNIFF, CASE(UTF_8, "\xEF\xBB\xEF", R R)},
      {XHR__BOM_REMOVE, CASE(UTF_8, U8 "x", "x")},
      {XHR__BOM_REMOVE, CASE(UTF_8, "\xFF\xFEx", R R "x")},
      {XHR__BOM_REMOVE, CASE(UTF_16LE, "\xFF\xFEx\0", "x")},
      {XHR__BOM_REMOVE, CASE(UTF_16LE, "\xFE\xFF", "\xEF\xBF\xBE")},
      {XHR__BOM_REMOVE, CASE(UTF_16BE, "\xFE\xFF\0x", "x")},
      {XHR__BOM_REMOVE, CASE(WINDOWS_1252, "\xFF\xFE", "\xC3\xBF\xC3\xBE")},
      {XHR__BOM_KEEP, CASE(UTF_8, U8 "x", U8 "x")},
      {XHR__BOM_KEEP, CASE(UTF_16LE, "\xFF\xFEx\0", U8 "x")},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_decodes(&cases[i].of, cases[i].bom);
}

static void test_encoding_known(void **state) {
  (void)state;
  xhr__decoder decoder;
  xhr__bytes text = {0};
  xhr__decoder_init(&decoder, XHR__ENCODING_WINDOWS_1252, XHR__BOM_SNIFF, false);
  assert_int_equal(xhr__decoder_encoding(&decoder), XHR__ENCODING_NONE);
  assert_int_equal(xhr__decoder_feed(&decoder, XHR__STR("\xEF"), &text), XHR_OK);
  assert_int_equal(xhr__decoder_feed(&decoder, XHR__STR("\xBB"), &text), XHR_OK);
  assert_int_equal(xhr__decoder_encoding(&decoder), XHR__ENCODING_NONE);
  assert_int_equal(text.len, 0);
  assert_int_equal(xhr__decoder_feed(&decoder, XHR__STR("\xBF"), &text), XHR_OK);
  assert_int_equal(xhr__decoder_encoding(&decoder), XHR__ENCODING_UTF_8);
  xhr__decoder_init(&decoder, XHR__ENCODING_WINDOWS_1252, XHR__BOM_SNIFF, false);
  assert_int_equal(xhr__decoder_feed(&decoder, XHR__STR("a"), &text), XHR_OK);
  assert_int_equal(xhr__decoder_encoding(&decoder), XHR__ENCODING_WINDOWS_1252);
  xhr__decoder_init(&decoder, XHR__ENCODING_UTF_16BE, XHR__BOM_REMOVE, false);
  assert_int_equal(xhr__decoder_encoding(&decoder), XHR__ENCODING_UTF_16BE);
  /* A body that ends before it could be told. */
  xhr__decoder_init(&decoder, XHR__ENCODING_KOI8_R, XHR__BOM_SNIFF, false);
  assert_int_equal(xhr__decoder_finish(&decoder, &text), XHR_OK);
  assert_int_equal(xhr__decoder_encoding(&decoder), XHR__ENCODING_KOI8_R);
  xhr__bytes_free(&text);
}

/* What is held back comes as soon as it is whole, and not before. */
static void test_held_back(void **state) {
  (void)state;
  xhr__decoder decoder;
  xhr__bytes text = {0};
  xhr__decoder_init(&decoder, XHR__ENCODING_UTF_8, XHR__BOM_SNIFF, false);
  static const struct {
    const char *piece;
    size_t len;
  } steps[] = {{"a\xF0", 1}, {"\x9F", 1}, {"\x98", 1}, {"\x80z", 6},
               {"\xE2", 6},  {"", 6},     {"|", 10}};
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
    assert_int_equal(xhr__decoder_feed(&decoder, xhr__str_c(steps[i].piece), &text), XHR_OK);
    assert_int_equal(text.len, steps[i].len);
  }
  assert_string_equal(text.data, "a\xF0\x9F\x98\x80z" R "|");
  xhr__bytes_free(&text);
}

/* ---- fatal ----------------------------------------------------------------------------------------------- */

static void test_fatal(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT; i++) {
    const decoding *of = &decodings[i];
    size_t error = xhr__str_find_str(of->text, 0, XHR__STR(R));
    for (size_t cut = 0; cut <= of->bytes.len; cut++) {
      xhr__decoder decoder;
      xhr__bytes text = {0};
      xhr__decoder_init(&decoder, of->encoding, XHR__BOM_KEEP, true);
      xhr_status status = xhr__decoder_feed(&decoder, xhr__str_slice(of->bytes, 0, cut), &text);
      if (status == XHR_OK)
        status = xhr__decoder_feed(&decoder, xhr__str_from(of->bytes, cut), &text);
      if (status == XHR_OK)
        status = xhr__decoder_finish(&decoder, &text);
      assert_int_equal(status, error < of->text.len ? XHR_ENCODING_ERR : XHR_OK);
      assert_text(&text, xhr__str_slice(of->text, 0, error), of);
      if (status != XHR_OK) {
        assert_int_equal(xhr__decoder_feed(&decoder, XHR__STR("a"), &text), XHR_ENCODING_ERR);
        assert_int_equal(xhr__decoder_finish(&decoder, &text), XHR_ENCODING_ERR);
      }
      xhr__bytes_free(&text);
    }
  }
  /* A U+FFFD of the text is no error. */
  xhr__bytes text = {0};
  assert_int_equal(xhr__utf_8_decode_without_bom_or_fail(XHR__STR(R), &text), XHR_OK);
  xhr__decoder decoder;
  xhr__decoder_init(&decoder, XHR__ENCODING_UTF_16LE, XHR__BOM_KEEP, true);
  assert_int_equal(xhr__decoder_feed(&decoder, XHR__STR("\xFD\xFF"), &text), XHR_OK);
  assert_string_equal(text.data, R R);
  xhr__bytes_free(&text);
}

/* ---- the standard's hooks -------------------------------------------------------------------------------- */

static void test_hooks(void **state) {
  (void)state;
  xhr__bytes text = {0};
  size_t len = 9;
  assert_int_equal(xhr__bom_sniff(XHR__STR(U8), &len), XHR__ENCODING_UTF_8);
  assert_int_equal(len, 3);
  assert_int_equal(xhr__bom_sniff(XHR__STR("\xFE\xFFx"), &len), XHR__ENCODING_UTF_16BE);
  assert_int_equal(len, 2);
  assert_int_equal(xhr__bom_sniff(XHR__STR("\xFF\xFE"), NULL), XHR__ENCODING_UTF_16LE);
  assert_int_equal(xhr__bom_sniff(XHR__STR("\xEF\xBB"), &len), XHR__ENCODING_NONE);
  assert_int_equal(xhr__bom_sniff(XHR__STR_EMPTY, &len), XHR__ENCODING_NONE);

  assert_int_equal(xhr__decode(XHR__STR(U8 "\xC3\xA9"), XHR__ENCODING_KOI8_R, &text), XHR_OK);
  assert_int_equal(xhr__decode(XHR__STR("\xF0"), XHR__ENCODING_KOI8_R, &text), XHR_OK);
  assert_int_equal(xhr__utf_8_decode(XHR__STR(U8 "\xFF"), &text), XHR_OK);
  assert_int_equal(xhr__utf_8_decode(XHR__STR("\xFF\xFE"), &text), XHR_OK);
  assert_int_equal(xhr__utf_8_decode_without_bom(XHR__STR(U8), &text), XHR_OK);
  assert_string_equal(text.data, "\xC3\xA9\xD0\x9F" R R R U8);
  assert_int_equal(xhr__utf_8_decode_without_bom_or_fail(XHR__STR("ab\xFF"), &text),
                   XHR_ENCODING_ERR);
  assert_string_equal(text.data, "\xC3\xA9\xD0\x9F" R R R U8);
  assert_true(xhr__utf8_is_valid(XHR__STR_EMPTY));
  assert_false(xhr__utf8_is_valid(XHR__STR("\xC3")));
  assert_false(xhr__utf8_is_valid(XHR__STR("\xED\xA0\x80")));
  xhr__bytes_free(&text);
}

static void test_ascii_prefix(void **state) {
  (void)state;
  /* Around the 32 bytes that are looked at in one go. */
  char ascii[80];
  for (size_t len = 0; len < sizeof ascii; len++) {
    for (size_t at = 0; at < len; at++) {
      memset(ascii, 'a', sizeof ascii);
      ascii[at] = (char)0x80;
      assert_int_equal(xhr__ascii_prefix(xhr__str_of(ascii, len), 0), at);
      assert_int_equal(xhr__ascii_prefix(xhr__str_of(ascii, len), at + 1), len - at - 1);
    }
  }
}

/* ---- web-platform-tests ---------------------------------------------------------------------------------- */

static void test_wpt_single_byte(void **state) {
  (void)state;
  const char *path = wpt_path("encoding/single-byte-decoder.window.js");
  if (!path)
    skip();
  xhr__str file = text_file_read(path);
  assert_non_null(file.data);
  size_t start = xhr__str_find_str(file, 0, XHR__STR("singleByteIndexes = {"));
  size_t end = xhr__str_find(file, start, '}');
  start = xhr__str_find(file, start, '{');
  json *indexes = json_parse(xhr__str_slice(file, start, end + 1));
  assert_non_null(indexes);
  size_t count = 0;
  for (const json *index = indexes->child; index; index = index->next) {
    xhr__encoding encoding = xhr__encoding_get(index->key);
    assert_int_not_equal(encoding, XHR__ENCODING_NONE);
    unsigned byte = 0x80;
    for (const json *item = index->child; item; item = item->next, byte++, count++) {
      char input = (char)byte;
      xhr__bytes text = {0}, expected = {0};
      uint32_t code_point = item->type == JSON_NUMBER ? (uint32_t)json_integer(item) : 0xFFFD;
      assert_int_equal(xhr__bytes_append_code_point(&expected, code_point), XHR_OK);
      assert_int_equal(xhr__decode(xhr__str_of(&input, 1), encoding, &text), XHR_OK);
      assert_text(&text, xhr__bytes_str(&expected), &(decoding){encoding, {0}, {0}});
      xhr__bytes_free(&text);
      xhr__bytes_free(&expected);
    }
    assert_int_equal(byte, 0x100);
  }
  print_message("%s: %zu bytes\n", path, count);
  assert_true(count >= (size_t)27 * 128);
  json_free(indexes);
  free((char *)file.data);
}

/* Lines `decode([0x1b, 36], "text", …` of a test in JavaScript; NULL where it is not there. */
static size_t run_decode_lines(const char *name, xhr__encoding encoding) {
  const char *path = wpt_path(name);
  if (!path)
    return 0;
  xhr__str file = text_file_read(path);
  assert_non_null(file.data);
  const xhr__str call = XHR__STR("\ndecode([");
  size_t count = 0;
  for (size_t at = 0; (at = xhr__str_find_str(file, at, call)) < file.len; count++) {
    xhr__bytes bytes = {0}, text = {0};
    size_t close = xhr__str_find(file, at, ']');
    at += call.len;
    while (at < close) {
      char *rest;
      assert_int_equal(xhr__bytes_append_byte(&bytes, (char)strtol(file.data + at, &rest, 0)),
                       XHR_OK);
      at = (size_t)(rest - file.data) + 1;
    }
    at = xhr__str_find(file, close, '"');
    js_literal_read(file, &at, &text);
    decoding of = {encoding, xhr__bytes_str(&bytes), xhr__bytes_str(&text)};
    assert_decodes(&of, XHR__BOM_KEEP);
    xhr__bytes_free(&bytes);
    xhr__bytes_free(&text);
  }
  print_message("%s: %zu cases\n", name, count);
  assert_true(count > 10);
  free((char *)file.data);
  return count;
}

static void test_wpt_decode_lines(void **state) {
  (void)state;
  if (!run_decode_lines("encoding/iso-2022-jp-decoder.any.js", XHR__ENCODING_ISO_2022_JP))
    skip();
  run_decode_lines("encoding/legacy-mb-schinese/gb18030/gb18030-decoder.any.js",
                   XHR__ENCODING_GB18030);
  run_decode_lines("encoding/legacy-mb-schinese/gb18030/gb18030-decoder.any.js", XHR__ENCODING_GBK);
}

/* ---- allocation failure ---------------------------------------------------------------------------------- */

static void decode_many(void *user) {
  (void)user;
  xhr__bytes text = {0};
  for (size_t i = 0; i < COUNT; i++) {
    xhr__str before = xhr__bytes_str(&text);
    xhr_status status = xhr__decode(decodings[i].bytes, decodings[i].encoding, &text);
    assert_true(status == XHR_OK || (status == XHR_OUT_OF_MEMORY && failing_allocator_failed()));
    if (status != XHR_OK)
      assert_int_equal(text.len, before.len);
  }
  xhr__bytes_free(&text);
}

static void test_out_of_memory(void **state) {
  (void)state;
  assert_true(failing_allocator_loop(decode_many, NULL, NULL) > 10);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_decodings),
      cmocka_unit_test(test_long),
      cmocka_unit_test(test_bom),
      cmocka_unit_test(test_encoding_known),
      cmocka_unit_test(test_held_back),
      cmocka_unit_test(test_fatal),
      cmocka_unit_test(test_hooks),
      cmocka_unit_test(test_ascii_prefix),
      cmocka_unit_test(test_wpt_single_byte),
      cmocka_unit_test(test_wpt_decode_lines),
      cmocka_unit_test(test_out_of_memory),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
