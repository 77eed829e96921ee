/* The data: URL processor: src/fetch/data_url.c, with the Fetch Standard's data out of web-platform-tests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "fetch/data_url.h"
#include "support/failing_allocator.h"
#include "support/json.h"
#include "support/leftovers.h"
#include "support/wpt.h"

/* The processor's result for a URL in any spelling; a URL that does not parse is a failure too. */
static xhr_status process(xhr__str text, xhr__data_url_struct *data) {
  xhr__url url;
  *data = (xhr__data_url_struct){0};
  xhr_status status = xhr__url_parse(text, NULL, &url);
  if (status != XHR_OK)
    return status;
  status = xhr__data_url_processor(&url, data);
  xhr__url_free(&url);
  return status;
}

static bool is_type(const xhr__data_url_struct *data, xhr__str wanted) {
  xhr__bytes type = {0};
  assert_int_equal(xhr__mime_type_serialize(&data->mime_type, &type), XHR_OK);
  bool same = xhr__str_equals(xhr__bytes_str(&type), wanted);
  xhr__bytes_free(&type);
  return same;
}

/* ---- the standard's data -------------------------------------------------------------------------------------------- */

static bool is_body(const xhr__data_url_struct *data, const json *bytes) {
  size_t at = 0;
  if (json_count(bytes) != data->body.len)
    return false;
  for (const json *byte = bytes->child; byte; byte = byte->next)
    if ((uint8_t)data->body.data[at++] != json_integer(byte))
      return false;
  return true;
}

/* [input, MIME type or null, [body]] */
static bool is_as_listed(const json *row) {
  xhr__data_url_struct data;
  const json *input = row->child, *type = input->next;
  xhr_status status = process(input->text, &data);
  bool good = type->type == JSON_NULL
                  ? status == XHR_SYNTAX_ERR
                  : status == XHR_OK && is_type(&data, type->text) && is_body(&data, type->next);
  xhr__data_url_struct_free(&data);
  return good;
}

/* [base64, [bytes] or null] */
static bool is_decoded_as_listed(const json *row) {
  xhr__data_url_struct data;
  xhr__bytes text = {0};
  const json *bytes = row->child->next;
  assert_int_equal(xhr__bytes_append(&text, XHR__STR("data:;base64,")), XHR_OK);
  assert_int_equal(xhr__bytes_append(&text, row->child->text), XHR_OK);
  xhr_status status = process(xhr__bytes_str(&text), &data);
  bool good = bytes->type == JSON_NULL ? status == XHR_SYNTAX_ERR
                                       : status == XHR_OK && is_body(&data, bytes);
  xhr__data_url_struct_free(&data);
  xhr__bytes_free(&text);
  return good;
}

static void run(const char *file, bool (*is_good)(const json *row)) {
  const char *path = wpt_path(file);
  if (!path)
    skip();
  json *document = json_read(path);
  assert_non_null(document);
  size_t good = 0, all = 0;
  for (const json *row = document->child; row; row = row->next, all++) {
    bool passed = is_good(row);
    good += passed;
    if (!passed)
      printf("%s: %s\n", file, row->child->text.data);
  }
  json_free(document);
  printf("%zu of %zu cases of %s\n", good, all, file);
  assert_true(all > 0);
  assert_int_equal(good, all);
}

static void test_data_urls_json(void **state) {
  (void)state;
  run("fetch/data-urls/resources/data-urls.json", is_as_listed);
}

static void test_base64_json(void **state) {
  (void)state;
  run("fetch/data-urls/resources/base64.json", is_decoded_as_listed);
}

/* ---- our own -------------------------------------------------------------------------------------------------------- */

static const struct {
  const char *url, *type, *body; /* NULL: failure */
} cases[] = {
    {"data:,", "text/plain;charset=US-ASCII", ""},
    {"data:,a%20b#c", "text/plain;charset=US-ASCII", "a b"},
    {"data:,?a=b", "text/plain;charset=US-ASCII", "?a=b"},
    {"data:text/html;charset=utf-8,<p>", "text/html;charset=utf-8", "<p>"},
    {"data:;base64,YWJj", "text/plain;charset=US-ASCII", "abc"},
    {"data:text/plain;BASE64 ,YW Jj", "text/plain", "abc"},
    {"data:text/plain; base64,YWJj", "text/plain", "abc"},
    {"data:text/plainbase64,YWJj", "text/plainbase64", "YWJj"},
    {"data:base64,YWJj", "text/plain;charset=US-ASCII", "YWJj"},
    {"data:;base64;,YWJj", "text/plain", "YWJj"},
    {"data:nonsense,a", "text/plain;charset=US-ASCII", "a"},
    {"data:text/plain;base64,%59%57%4a%6A", "text/plain", "abc"},
    {"data:text/plain;base64,a", NULL, NULL},
    {"data:text/plain;base64,%FF", NULL, NULL},
    {"data:", NULL, NULL},
};

static void test_own(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    xhr__data_url_struct data;
    xhr_status status = process(xhr__str_c(cases[i].url), &data);
    assert_int_equal(status, cases[i].type ? XHR_OK : XHR_SYNTAX_ERR);
    if (cases[i].type) {
      assert_true(is_type(&data, xhr__str_c(cases[i].type)));
      assert_true(xhr__str_equals(xhr__bytes_str(&data.body), xhr__str_c(cases[i].body)));
    }
    xhr__data_url_struct_free(&data);
  }
}

static void process_one(void *user) {
  xhr__data_url_struct data;
  (void)user;
  xhr_status status = process(XHR__STR("data:;charset=x;base64,YWJj"), &data);
  assert_true(status == XHR_OK || status == XHR_OUT_OF_MEMORY);
  assert_true(status != XHR_OK || data.body.len == 3);
  xhr__data_url_struct_free(&data);
}

static void test_out_of_memory(void **state) {
  (void)state;
  assert_true(failing_allocator_loop(process_one, NULL, NULL) > 5);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_data_urls_json),
      cmocka_unit_test(test_base64_json),
      cmocka_unit_test(test_own),
      cmocka_unit_test(test_out_of_memory),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
