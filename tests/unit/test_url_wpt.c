/* The URL Standard's own data, out of web-platform-tests: all of it must pass. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "encoding/encoder.h"
#include "support/leftovers.h"
#include "support/url_cases.h"
#include "support/wpt.h"

static json *data(const char *file) {
  const char *path = wpt_path(file);
  if (!path)
    skip();
  json *document = json_read(path);
  assert_non_null(document);
  return document;
}

static void run(const char *file, void (*cases)(const json *, tally *)) {
  json *document = data(file);
  tally t = {0};
  cases(document, &t);
  json_free(document);
  tally_print(&t, file);
  assert_true(t.all > 0);
  assert_int_equal(t.good, t.all);
}

static void urltestdata(void **state) {
  (void)state;
  run("url/resources/urltestdata.json", url_cases_parse);
}

static void urltestdata_javascript_only(void **state) {
  (void)state;
  run("url/resources/urltestdata-javascript-only.json", url_cases_parse);
}

static void setters_tests(void **state) {
  (void)state;
  run("url/resources/setters_tests.json", url_cases_setters);
}

static void toascii_json(void **state) {
  (void)state;
  run("url/resources/toascii.json", url_cases_to_ascii);
}

static void toascii_json_setter(void **state) {
  (void)state;
  run("url/resources/toascii.json", url_cases_to_ascii_setter);
}

static void idna_test_v2(void **state) {
  (void)state;
  run("url/resources/IdnaTestV2.json", url_cases_to_ascii);
}

static void idna_test_v2_removed(void **state) {
  (void)state;
  run("url/resources/IdnaTestV2-removed.json", url_cases_to_ascii);
}

/* ---- percent-encoding.json: a document in that encoding with a link ---- */

static xhr_status encode_or_fail(void *encoder, xhr__str input, size_t *position, xhr__bytes *out,
                                 uint32_t *error) {
  return xhr__encode_or_fail(encoder, input, position, out, error);
}

/* The link's fragment is in UTF-8, its query in the encoding. */
static bool query_matches(xhr__str input, xhr__str label, xhr__str want) {
  xhr__encoder encoder;
  xhr__bytes text = {0};
  xhr__url url;
  assert_int_equal(xhr__encoder_init(&encoder, xhr__encoding_output(xhr__encoding_get(label))),
                   XHR_OK);
  const xhr__percent_encoding encoding = {encode_or_fail, &encoder};
  assert_int_equal(xhr__bytes_append(&text, XHR__STR("https://doesnotmatter.invalid/?")), XHR_OK);
  assert_int_equal(xhr__bytes_append(&text, input), XHR_OK);
  assert_int_equal(xhr__url_parse_with_encoding(xhr__bytes_str(&text), NULL, &encoding, &url),
                   XHR_OK);
  bool good = xhr__str_equals(xhr__url_query(&url), want);
  if (!good)
    printf("  %s: [%s], not [%s]\n", label.data, xhr__url_query(&url).data, want.data);
  xhr__url_free(&url);
  xhr__bytes_free(&text);
  return good;
}

static void percent_encoding_cases(const json *document, tally *t) {
  for (const json *test = document->child; test; test = test->next) {
    const json *output = json_get(test, "output");
    for (const json *in = output ? output->child : NULL; in; in = in->next) {
      t->all++;
      t->good += query_matches(json_string(test, "input"), in->key, in->text);
    }
  }
}

static void percent_encoding(void **state) {
  (void)state;
  run("url/resources/percent-encoding.json", percent_encoding_cases);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(urltestdata),          cmocka_unit_test(urltestdata_javascript_only),
      cmocka_unit_test(setters_tests),        cmocka_unit_test(toascii_json),
      cmocka_unit_test(toascii_json_setter),  cmocka_unit_test(idna_test_v2),
      cmocka_unit_test(idna_test_v2_removed), cmocka_unit_test(percent_encoding),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
