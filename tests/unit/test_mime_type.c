/* Tests of src/mime/mime_type.c and mime_type_groups.c, with web-platform-tests' data where it is there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fetch/extract_mime_type.h"
#include "mime/mime_type.h"
#include "mime/mime_type_groups.h"
#include "support/failing_allocator.h"
#include "support/json.h"
#include "support/leftovers.h"
#include "support/wpt.h"

/* Input and serialization; NULL for failure. */
static const struct {
  const char *input, *output;
} cases[] = {
    {"text/html", "text/html"},
    {"TEXT/HTML;CHARSET=GBK", "text/html;charset=GBK"},
    {" \t\r\ntext/html \t\r\n", "text/html"},
    {"text/html ; charset=gbk ", "text/html;charset=gbk"},
    {"text/html;charset=gbk(", "text/html;charset=\"gbk(\""},
    {"text/html;charset=gbk;charset=utf-8", "text/html;charset=gbk"},
    {"text/html;charset =gbk", "text/html"},
    {"text/html;charset= gbk", "text/html;charset=\" gbk\""},
    {"text/html;charset=\" gbk\"", "text/html;charset=\" gbk\""},
    {"text/html;charset=';charset=GBK", "text/html;charset='"},
    {"text/html;test;charset=gbk", "text/html;charset=gbk"},
    {"text/html;test=;charset=gbk", "text/html;charset=gbk"},
    {"text/html;charset=\"\"", "text/html;charset=\"\""},
    {"text/html;;;;charset=gbk", "text/html;charset=gbk"},
    {"text/html;charset=\"\\g\\b\\k\"", "text/html;charset=gbk"},
    {"text/html;charset=\"shift_jis\"iso-2022-jp", "text/html;charset=shift_jis"},
    {"text/html;charset=\"gbk", "text/html;charset=gbk"},
    {"text/html;charset=\"gbk\\", "text/html;charset=\"gbk\\\\\""},
    {"text/html;a=\"x;y\";b=1", "text/html;a=\"x;y\";b=1"},
    {"text/html;a=\x7F;b=1", "text/html;b=1"},
    {"text/html;a=\"\n\";b=1", "text/html;b=1"},
    {"text/html;a=\t\xFFz;b=1", "text/html;a=\"\t\xFFz\";b=1"},
    {"text/html;\xFF=z;b=1", "text/html;b=1"},
    {"text/html;=z;b=1", "text/html;b=1"},
    {"text/html;b", "text/html"},
    {"text/html;b=", "text/html"},
    {"text/html;", "text/html"},
    {"a/b", "a/b"},
    {"!#$%&'*+-.^_`|~/x", "!#$%&'*+-.^_`|~/x"},
    {"", NULL},
    {"\t", NULL},
    {"/", NULL},
    {"text", NULL},
    {"text/", NULL},
    {"/html", NULL},
    {"text /html", NULL},
    {"text/ html", NULL},
    {"text/h tml", NULL},
    {"text/html/x", NULL},
    {"text/html(;doesnot=matter", NULL},
    {"\xFF/x", NULL},
    {"text/;charset=gbk", NULL},
    {"text/html,text/plain", NULL},
};

static void assert_parses(xhr__str input, bool utf8, bool fails, xhr__str expected) {
  xhr__mime_type mime_type = {0};
  xhr__bytes output = {0};
  xhr_status status =
      utf8 ? xhr__mime_type_parse_utf8(&mime_type, input) : xhr__mime_type_parse(&mime_type, input);
  assert_int_equal(status, fails ? XHR_SYNTAX_ERR : XHR_OK);
  if (!fails) {
    status = utf8 ? xhr__mime_type_serialize_utf8(&mime_type, &output)
                  : xhr__mime_type_serialize(&mime_type, &output);
    assert_int_equal(status, XHR_OK);
    if (!xhr__str_equals(xhr__bytes_str(&output), expected))
      fail_msg("\"%s\" gave \"%s\", not \"%s\"", input.data, output.data, expected.data);
  }
  xhr__bytes_free(&output);
  xhr__mime_type_free(&mime_type);
}

static void test_parse(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_parses(xhr__str_c(cases[i].input), false, !cases[i].output, xhr__str_c(cases[i].output));
  assert_parses(XHR__STR("a/b;c=\0;d=e"), false, false, XHR__STR("a/b;d=e"));
  assert_parses(XHR__STR("a\0/b"), false, true, XHR__STR_EMPTY);
}

static void test_parse_utf8(void **state) {
  (void)state;
  /* ÿ stays ÿ, and goes out as UTF-8; Ā is no code point of a MIME type; neither is ill-formed UTF-8. */
  assert_parses(XHR__STR("a/b;c=\u00FF\xC2\x80;d=e"), true, false,
                XHR__STR("a/b;c=\"\u00FF\xC2\x80\";d=e"));
  assert_parses(XHR__STR("a/b;c=\u0100;d=e"), true, false, XHR__STR("a/b;d=e"));
  assert_parses(XHR__STR("a/b;c=\"\\\u0100\";d=e"), true, false, XHR__STR("a/b;d=e"));
  assert_parses(XHR__STR("a/b;c=\U0001F600;d=e"), true, false, XHR__STR("a/b;d=e"));
  assert_parses(XHR__STR("a/b;c=\xFF\xC3;d=e"), true, false, XHR__STR("a/b;d=e"));
  assert_parses(XHR__STR("a/b;c=d\xC3"), true, false, XHR__STR("a/b"));
  assert_parses(XHR__STR("\u0100/\u0100"), true, true, XHR__STR_EMPTY);
  /* The same bytes taken as isomorphic. */
  assert_parses(XHR__STR("a/b;c=\xC3\xBF"), false, false, XHR__STR("a/b;c=\"\xC3\xBF\""));
}

static void test_parameters(void **state) {
  (void)state;
  xhr__mime_type mime_type = {0}, copy = {0};
  xhr__bytes output = {0};
  xhr__str value;
  assert_int_equal(xhr__mime_type_type(&mime_type).len + xhr__mime_type_subtype(&mime_type).len, 0);
  assert_int_equal(xhr__mime_type_parse(&mime_type, XHR__STR("text/plain;a=1;b=2")), XHR_OK);
  assert_true(xhr__str_equals(xhr__mime_type_type(&mime_type), XHR__STR("text")));
  assert_true(xhr__str_equals(xhr__mime_type_subtype(&mime_type), XHR__STR("plain")));
  assert_true(xhr__str_equals(xhr__mime_type_essence(&mime_type), XHR__STR("text/plain")));
  assert_true(xhr__mime_type_get_parameter(&mime_type, XHR__STR("b"), &value));
  assert_true(xhr__str_equals(value, XHR__STR("2")));
  assert_false(xhr__mime_type_get_parameter(&mime_type, XHR__STR("c"), &value));
  assert_int_equal(xhr__mime_type_set_parameter(&mime_type, XHR__STR("a"), XHR__STR("")), XHR_OK);
  assert_int_equal(xhr__mime_type_copy(&copy, &mime_type), XHR_OK);
  for (size_t i = 0; i < 24; i++) {
    char name = (char)('c' + i);
    assert_int_equal(xhr__mime_type_set_parameter(&copy, xhr__str_of(&name, 1), XHR__STR("x y")),
                     XHR_OK);
  }
  assert_int_equal(mime_type.parameter_count, 2);
  assert_int_equal(copy.parameter_count, 26);
  assert_int_equal(xhr__mime_type_serialize(&mime_type, &output), XHR_OK);
  assert_string_equal(output.data, "text/plain;a=\"\";b=2");
  /* A failure leaves what was there; a success replaces it. */
  assert_int_equal(xhr__mime_type_parse(&copy, XHR__STR("nothing")), XHR_SYNTAX_ERR);
  assert_int_equal(copy.parameter_count, 26);
  assert_int_equal(xhr__mime_type_copy(&copy, &mime_type), XHR_OK);
  assert_int_equal(copy.parameter_count, 2);
  xhr__bytes_free(&output);
  xhr__mime_type_free(&mime_type);
  xhr__mime_type_free(&copy);
}

typedef bool (*group)(const xhr__mime_type *);

static void test_groups(void **state) {
  (void)state;
  enum {
    NONE = 0,
    IMAGE = 1,
    AV = 2,
    FONT = 4,
    ZIP = 8,
    ARCHIVE = 16,
    XML = 32,
    HTML = 64,
    SCRIPTABLE = 128,
    JS = 256,
    JSON = 512
  };
  static const group groups[] = {
      xhr__is_image_mime_type,     xhr__is_audio_or_video_mime_type, xhr__is_font_mime_type,
      xhr__is_zip_based_mime_type, xhr__is_archive_mime_type,        xhr__is_xml_mime_type,
      xhr__is_html_mime_type,      xhr__is_scriptable_mime_type,     xhr__is_javascript_mime_type,
      xhr__is_json_mime_type,
  };
  static const struct {
    const char *input, *minimized;
    unsigned groups;
  } types[] = {
      {"image/png", "image/png", IMAGE},
      {"image/svg+xml;a=b", "image/svg+xml", IMAGE | XML | SCRIPTABLE},
      {"audio/x", "audio/x", AV},
      {"video/x", "video/x", AV},
      {"application/ogg", "application/ogg", AV},
      {"font/woff2", "font/woff2", FONT},
      {"application/font-sfnt", "application/font-sfnt", FONT},
      {"application/vnd.ms-opentype", "application/vnd.ms-opentype", FONT},
      {"application/zip", "application/zip", ZIP | ARCHIVE},
      {"application/epub+zip", "application/epub+zip", ZIP},
      {"application/x-gzip", "application/x-gzip", ARCHIVE},
      {"application/x-rar-compressed", "application/x-rar-compressed", ARCHIVE},
      {"text/xml", "application/xml", XML | SCRIPTABLE},
      {"application/xml", "application/xml", XML | SCRIPTABLE},
      {"application/xhtml+xml", "application/xml", XML | SCRIPTABLE},
      {"application/xmlx", "application/xmlx", NONE},
      {"text/html", "text/html", HTML | SCRIPTABLE},
      {"application/pdf", "application/pdf", SCRIPTABLE},
      {"text/javascript", "text/javascript", JS},
      {"Text/JavaScript1.5", "text/javascript", JS},
      {"text/javascript1.6", "text/javascript1.6", NONE},
      {"application/x-ecmascript", "text/javascript", JS},
      {"application/json;charset=x", "application/json", JSON},
      {"text/json", "application/json", JSON},
      {"application/activity+json", "application/json", JSON},
      {"text/x-json", "text/x-json", NONE},
  };
  for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
    xhr__mime_type mime_type = {0};
    assert_int_equal(xhr__mime_type_parse(&mime_type, xhr__str_c(types[i].input)), XHR_OK);
    for (size_t j = 0; j < sizeof groups / sizeof *groups; j++)
      assert_int_equal(groups[j](&mime_type), (types[i].groups >> j) & 1);
    assert_true(xhr__str_equals(xhr__minimize_supported_mime_type(&mime_type, true),
                                xhr__str_c(types[i].minimized)));
    xhr__mime_type_free(&mime_type);
  }
  assert_true(xhr__is_javascript_mime_type_essence_match(XHR__STR("TEXT/LIVESCRIPT")));
  assert_false(xhr__is_javascript_mime_type_essence_match(XHR__STR("text/livescript ")));
}

/* One case of the standard's data: parsing, the charset's encoding, the minimized type (browsers there support HTML
 * alone of these). Input with a lone surrogate is no UTF-8; it stands there as U+FFFD, which is as good. */
static void run_wpt_case(const json *test) {
  xhr__str input = json_string(test, "input");
  const json *output = json_get(test, "output"), *encoding = json_get(test, "encoding");
  bool fails = !output || output->type == JSON_NULL;
  assert_parses(input, true, fails, fails ? XHR__STR_EMPTY : output->text);
  xhr__mime_type mime_type = {0};
  if (xhr__mime_type_parse_utf8(&mime_type, input) != XHR_OK)
    return;
  if (encoding)
    assert_true(xhr__str_equals(
        xhr__encoding_name(xhr__legacy_extract_encoding(&mime_type, XHR__ENCODING_NONE)),
        json_string(test, "encoding")));
  if (json_has_string(test, "minimizedMIMEType"))
    assert_true(xhr__str_equals(
        xhr__minimize_supported_mime_type(&mime_type, xhr__is_html_mime_type(&mime_type)),
        json_string(test, "minimizedMIMEType")));
  xhr__mime_type_free(&mime_type);
}

static void test_wpt(void **state) {
  (void)state;
  static const char *const files[] = {"mimesniff/mime-types/resources/mime-types.json",
                                      "mimesniff/mime-types/resources/generated-mime-types.json"};
  for (size_t i = 0; i < 2; i++) {
    const char *path = wpt_path(files[i]);
    if (!path)
      skip();
    json *data = json_read(path);
    assert_non_null(data);
    size_t count = 0;
    for (const json *test = data->child; test; test = test->next) {
      if (test->type == JSON_OBJECT) {
        run_wpt_case(test);
        count++;
      }
    }
    print_message("%s: %zu cases\n", files[i], count);
    assert_true(count > 50);
    json_free(data);
  }
}

static void parse_and_serialize(void *user) {
  (void)user;
  xhr__mime_type mime_type = {0}, copy = {0};
  xhr__bytes output = {0};
  xhr_status status = xhr__mime_type_parse_utf8(
      &mime_type, XHR__STR("text/x-rather-long;a=\"\\\"quoted\u00FF\";b=c;longer-name=longer-value;"
                           "d=e;f=g;h=i;j=k;l=m;n=o;p=q;r=s"));
  if (status == XHR_OK)
    status = xhr__mime_type_set_parameter(&mime_type, XHR__STR("b"), XHR__STR("another value"));
  if (status == XHR_OK)
    status = xhr__mime_type_copy(&copy, &mime_type);
  if (status == XHR_OK)
    status = xhr__mime_type_serialize_utf8(&copy, &output);
  assert_int_equal(status, failing_allocator_failed() ? XHR_OUT_OF_MEMORY : XHR_OK);
  assert_true(status == XHR_OK || output.len == 0);
  xhr__bytes_free(&output);
  xhr__mime_type_free(&mime_type);
  xhr__mime_type_free(&copy);
}

static void test_out_of_memory(void **state) {
  (void)state;
  assert_true(failing_allocator_loop(parse_and_serialize, NULL, NULL) > 50);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_parse),      cmocka_unit_test(test_parse_utf8),
      cmocka_unit_test(test_parameters), cmocka_unit_test(test_groups),
      cmocka_unit_test(test_wpt),        cmocka_unit_test(test_out_of_memory),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
