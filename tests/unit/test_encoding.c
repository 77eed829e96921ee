/* Tests of src/encoding/encoding.c, with web-platform-tests' labels where they are there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "encoding/encoding.h"
#include "infra/bytes.h"
#include "support/json.h"
#include "support/leftovers.h"
#include "support/text_file.h"
#include "support/wpt.h"

static const struct {
  const char *label;
  xhr__encoding encoding;
} labels[] = {
    {"utf-8", XHR__ENCODING_UTF_8},
    {" \t\r\n\fUTF8\f\n\r\t ", XHR__ENCODING_UTF_8},
    {"unicode-1-1-utf-8", XHR__ENCODING_UTF_8},
    {"latin1", XHR__ENCODING_WINDOWS_1252},
    {"iso-8859-1", XHR__ENCODING_WINDOWS_1252},
    {"us-ascii", XHR__ENCODING_WINDOWS_1252},
    {"iso-8859-8-i", XHR__ENCODING_ISO_8859_8_I},
    {"csisolatin2", XHR__ENCODING_ISO_8859_2},
    {"koi8-ru", XHR__ENCODING_KOI8_U},
    {"cp866", XHR__ENCODING_IBM866},
    {"tis-620", XHR__ENCODING_WINDOWS_874},
    {"x-mac-ukrainian", XHR__ENCODING_X_MAC_CYRILLIC},
    {"gb2312", XHR__ENCODING_GBK},
    {"GB18030", XHR__ENCODING_GB18030},
    {"big5-hkscs", XHR__ENCODING_BIG5},
    {"x-euc-jp", XHR__ENCODING_EUC_JP},
    {"csISO2022JP", XHR__ENCODING_ISO_2022_JP},
    {"ms_kanji", XHR__ENCODING_SHIFT_JIS},
    {"ks_c_5601-1987", XHR__ENCODING_EUC_KR},
    {"hz-gb-2312", XHR__ENCODING_REPLACEMENT},
    {"iso-2022-kr", XHR__ENCODING_REPLACEMENT},
    {"replacement", XHR__ENCODING_REPLACEMENT},
    {"utf-16", XHR__ENCODING_UTF_16LE},
    {"utf-16be", XHR__ENCODING_UTF_16BE},
    {"x-user-defined", XHR__ENCODING_X_USER_DEFINED},
    /* Those that lexbor has not. */
    {"Unicode", XHR__ENCODING_UTF_16LE},
    {"ucs-2", XHR__ENCODING_UTF_16LE},
    {"csunicode", XHR__ENCODING_UTF_16LE},
    {"iso-10646-ucs-2", XHR__ENCODING_UTF_16LE},
    {"unicodefeff", XHR__ENCODING_UTF_16LE},
    {"unicodefffe", XHR__ENCODING_UTF_16BE},
    {"unicode11utf8", XHR__ENCODING_UTF_8},
    {"unicode20utf8", XHR__ENCODING_UTF_8},
    {"x-unicode20utf8", XHR__ENCODING_UTF_8},
    /* No labels. */
    {"", XHR__ENCODING_NONE},
    {" ", XHR__ENCODING_NONE},
    {"utf-7", XHR__ENCODING_NONE},
    {"utf-32", XHR__ENCODING_NONE},
    {"utf-8x", XHR__ENCODING_NONE},
    {"utf -8", XHR__ENCODING_NONE},
    {"\xC2\xA0utf-8", XHR__ENCODING_NONE},
    {"\vutf-8", XHR__ENCODING_NONE},
    {"none", XHR__ENCODING_NONE},
};

static void test_labels(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
    xhr__encoding found = xhr__encoding_get(xhr__str_c(labels[i].label));
    if (found != labels[i].encoding)
      fail_msg("\"%s\" is %s", labels[i].label, xhr__encoding_name(found).data);
  }
  assert_int_equal(xhr__encoding_get(XHR__STR("utf-8\0")), XHR__ENCODING_NONE);
}

static void test_names(void **state) {
  (void)state;
  for (int i = 1; i < XHR__ENCODING_COUNT; i++) {
    xhr__encoding encoding = (xhr__encoding)i;
    assert_int_equal(xhr__encoding_get(xhr__encoding_name(encoding)), encoding);
    xhr__encoding output = xhr__encoding_output(encoding);
    bool without = encoding == XHR__ENCODING_REPLACEMENT || encoding == XHR__ENCODING_UTF_16BE ||
                   encoding == XHR__ENCODING_UTF_16LE;
    assert_int_equal(output, without ? XHR__ENCODING_UTF_8 : encoding);
  }
  assert_int_equal(xhr__encoding_name(XHR__ENCODING_NONE).len, 0);
  assert_string_equal(xhr__encoding_name(XHR__ENCODING_WINDOWS_1252).data, "windows-1252");
  assert_string_equal(xhr__encoding_name(XHR__ENCODING_SHIFT_JIS).data, "Shift_JIS");
}

/* As it is, in capitals, and with white space around it. */
static void assert_label(xhr__str label, xhr__encoding encoding) {
  xhr__bytes other = {0};
  assert_int_equal(xhr__encoding_get(label), encoding);
  assert_int_equal(xhr__bytes_append(&other, XHR__STR("\t\n")), XHR_OK);
  for (size_t i = 0; i < label.len; i++)
    assert_int_equal(xhr__bytes_append_byte(&other, xhr__ascii_upper(label.data[i])), XHR_OK);
  assert_int_equal(xhr__bytes_append(&other, XHR__STR("\r\f ")), XHR_OK);
  assert_int_equal(xhr__encoding_get(xhr__bytes_str(&other)), encoding);
  xhr__bytes_free(&other);
}

static void test_wpt(void **state) {
  (void)state;
  const char *path = wpt_path("encoding/resources/encodings.js");
  if (!path)
    skip();
  xhr__str file = text_file_read(path);
  assert_non_null(file.data);
  /* The array from the first line that is just "[" to the last "]". */
  size_t start = xhr__str_find_str(file, 0, XHR__STR("\n[")), end = file.len;
  while (end > start && file.data[end - 1] != ']')
    end--;
  json *groups = json_parse(xhr__str_slice(file, start, end));
  assert_non_null(groups);
  size_t count = 0;
  for (const json *group = groups->child; group; group = group->next) {
    for (const json *e = json_get(group, "encodings")->child; e; e = e->next) {
      xhr__encoding encoding = xhr__encoding_get(json_string(e, "name"));
      assert_true(xhr__str_equals(xhr__encoding_name(encoding), json_string(e, "name")));
      for (const json *label = json_get(e, "labels")->child; label; label = label->next, count++)
        assert_label(label->text, encoding);
    }
  }
  print_message("%s: %zu labels\n", path, count);
  assert_true(count > 200);
  json_free(groups);
  free((char *)file.data);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_labels),
      cmocka_unit_test(test_names),
      cmocka_unit_test(test_wpt),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
