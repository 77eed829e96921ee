/* URL records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "url/url.h"
#include "support/leftovers.h"

static void assert_str(xhr__str s, const char *want) {
  assert_int_equal(s.len, strlen(want));
  assert_memory_equal(s.data, want, s.len);
}

static xhr__url parse(const char *text) {
  xhr__url url;
  assert_int_equal(xhr__url_parse(xhr__str_c(text), NULL, &url), XHR_OK);
  return url;
}

static void components(void **state) {
  (void)state;
  xhr__url url = parse("https://ada:secret@library.example:8443/a/b?c=d#e");
  assert_str(xhr__url_scheme(&url), "https");
  assert_str(xhr__url_username(&url), "ada");
  assert_str(xhr__url_password(&url), "secret");
  assert_str(xhr__url_host(&url), "library.example");
  assert_int_equal(xhr__url_host_kind(&url), XHR__HOST_DOMAIN);
  assert_int_equal(xhr__url_port(&url), 8443);
  assert_str(xhr__url_path(&url), "/a/b");
  assert_str(xhr__url_query(&url), "c=d");
  assert_str(xhr__url_fragment(&url), "e");
  assert_true(xhr__url_has_host(&url) && xhr__url_has_query(&url) && xhr__url_has_fragment(&url));
  assert_false(xhr__url_has_opaque_path(&url));
  assert_str(xhr__url_host_and_port(&url), "library.example:8443");
  assert_str(xhr__url_path_and_query(&url), "/a/b?c=d");
  assert_str(xhr__url_href(&url, true), "https://ada:secret@library.example:8443/a/b?c=d");
  xhr__url_free(&url);
}

static void absent_components(void **state) {
  (void)state;
  xhr__url url = parse("mailto:ada@library.example");
  assert_str(xhr__url_username(&url), "");
  assert_str(xhr__url_password(&url), "");
  assert_str(xhr__url_host(&url), "");
  assert_int_equal(xhr__url_host_kind(&url), XHR__HOST_NULL);
  assert_int_equal(xhr__url_port(&url), XHR__PORT_NULL);
  assert_str(xhr__url_path(&url), "ada@library.example");
  assert_false(xhr__url_has_host(&url) || xhr__url_has_query(&url) || xhr__url_has_fragment(&url));
  assert_true(xhr__url_has_opaque_path(&url));
  assert_str(xhr__url_host_and_port(&url), "");
  xhr__url_free(&url);
  url = parse("http://h/?#");
  assert_true(xhr__url_has_query(&url) && xhr__url_has_fragment(&url));
  assert_str(xhr__url_query(&url), "");
  assert_str(xhr__url_fragment(&url), "");
  assert_str(xhr__url_path_and_query(&url), "/?");
  xhr__url_free(&url);
}

static void empty_record(void **state) {
  (void)state;
  xhr__url url = {0}, copy;
  assert_false(xhr__url_is_set(&url));
  assert_str(xhr__url_scheme(&url), "");
  assert_str(xhr__url_username(&url), "");
  assert_str(xhr__url_password(&url), "");
  assert_str(xhr__url_host(&url), "");
  assert_str(xhr__url_host_and_port(&url), "");
  assert_str(xhr__url_path(&url), "");
  assert_str(xhr__url_href(&url, false), "");
  assert_false(xhr__url_includes_credentials(&url));
  assert_int_equal(xhr__url_copy(&url, &copy), XHR_OK);
  assert_false(xhr__url_is_set(&copy));
  xhr__url_remove_fragment(&url);
  xhr__url_free(&copy);
  xhr__url_free(&url);
  xhr__url_free(&url);
  xhr__url_free(NULL);
}

static void host_kinds(void **state) {
  static const struct {
    const char *url;
    xhr__host_kind kind;
  } cases[] = {
      {"http://h/", XHR__HOST_DOMAIN},        {"http://1/", XHR__HOST_IPV4},
      {"http://[::]/", XHR__HOST_IPV6},       {"x://[::]/", XHR__HOST_IPV6},
      {"x://1/", XHR__HOST_OPAQUE},           {"x:///", XHR__HOST_EMPTY},
      {"file:///", XHR__HOST_EMPTY},          {"file://h/", XHR__HOST_DOMAIN},
      {"file://localhost/", XHR__HOST_EMPTY}, {"x:/", XHR__HOST_NULL},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    xhr__url url = parse(cases[i].url);
    assert_int_equal(xhr__url_host_kind(&url), cases[i].kind);
    xhr__url_free(&url);
  }
}

static void schemes(void **state) {
  (void)state;
  assert_int_equal(xhr__scheme_default_port(XHR__STR("http")), 80);
  assert_int_equal(xhr__scheme_default_port(XHR__STR("wss")), 443);
  assert_int_equal(xhr__scheme_default_port(XHR__STR("ftp")), 21);
  assert_int_equal(xhr__scheme_default_port(XHR__STR("file")), XHR__PORT_NULL);
  assert_int_equal(xhr__scheme_default_port(XHR__STR("x")), XHR__PORT_NULL);
  assert_int_equal(xhr__scheme_default_port(XHR__STR("")), XHR__PORT_NULL);
  assert_true(xhr__scheme_is_special(XHR__STR("file")));
  assert_false(xhr__scheme_is_special(XHR__STR("HTTP")));
  assert_false(xhr__scheme_is_special(XHR__STR("")));
  xhr__url url = parse("ws://h/");
  assert_true(xhr__url_is_special(&url));
  assert_false(xhr__url_is_http(&url));
  assert_true(xhr__url_scheme_is(&url, "ws"));
  assert_int_equal(xhr__url_effective_port(&url), 80);
  xhr__url_free(&url);
  url = parse("https://h:81/");
  assert_true(xhr__url_is_http(&url));
  assert_int_equal(xhr__url_effective_port(&url), 81);
  xhr__url_free(&url);
  url = parse("x://h/");
  assert_false(xhr__url_is_special(&url));
  assert_int_equal(xhr__url_effective_port(&url), XHR__PORT_NULL);
  xhr__url_free(&url);
}

static void copies_are_their_own(void **state) {
  (void)state;
  xhr__url url = parse("http://u@h:8/a?b#c"), copy;
  assert_int_equal(xhr__url_copy(&url, &copy), XHR_OK);
  assert_true(xhr__url_equals(&url, &copy, false));
  assert_int_equal(xhr__url_set_pathname(&copy, XHR__STR("/z")), XHR_OK);
  assert_str(xhr__url_href(&url, false), "http://u@h:8/a?b#c");
  assert_str(xhr__url_href(&copy, false), "http://u@h:8/z?b#c");
  xhr__url_free(&url);
  assert_str(xhr__url_host(&copy), "h");
  xhr__url moved = copy;
  assert_str(xhr__url_path(&moved), "/z");
  xhr__url_free(&moved);
}

static void equality(void **state) {
  (void)state;
  xhr__url a = parse("http://h/a#x"), b = parse("http://H:80/a#y"), c = parse("http://h/b#x");
  assert_false(xhr__url_equals(&a, &b, false));
  assert_true(xhr__url_equals(&a, &b, true));
  assert_false(xhr__url_equals(&a, &c, true));
  xhr__url_free(&a);
  xhr__url_free(&b);
  xhr__url_free(&c);
}

static void fragments(void **state) {
  (void)state;
  xhr__url url = parse("http://h/a?b#c");
  xhr__url_remove_fragment(&url);
  assert_str(xhr__url_href(&url, false), "http://h/a?b");
  assert_string_equal(url.href.data, "http://h/a?b");
  assert_false(xhr__url_has_fragment(&url));
  xhr__url_remove_fragment(&url);
  assert_int_equal(xhr__url_set_fragment(&url, XHR__STR("")), XHR_OK);
  assert_str(xhr__url_href(&url, false), "http://h/a?b#");
  assert_int_equal(xhr__url_set_fragment(&url, XHR__STR("d")), XHR_OK);
  assert_int_equal(xhr__url_set_fragment(&url, xhr__url_query(&url)), XHR_OK);
  assert_str(xhr__url_href(&url, false), "http://h/a?b#b");
  xhr__url_free(&url);
}

static void credentials(void **state) {
  (void)state;
  xhr__url url = parse("http://h/");
  assert_false(xhr__url_includes_credentials(&url));
  assert_false(xhr__url_cannot_have_a_username_password_port(&url));
  assert_int_equal(xhr__url_set_the_password(&url, XHR__STR("p@")), XHR_OK);
  assert_str(xhr__url_href(&url, false), "http://:p%40@h/");
  assert_true(xhr__url_includes_credentials(&url));
  assert_int_equal(xhr__url_set_the_username(&url, XHR__STR("\xFF:")), XHR_OK);
  assert_str(xhr__url_username(&url), "%EF%BF%BD%3A");
  assert_str(xhr__url_password(&url), "p%40");
  xhr__url_free(&url);
  url = parse("file:///");
  assert_true(xhr__url_cannot_have_a_username_password_port(&url));
  xhr__url_free(&url);
  url = parse("x:///");
  assert_true(xhr__url_cannot_have_a_username_password_port(&url));
  xhr__url_free(&url);
}

static void href_setter_keeps_the_url_on_failure(void **state) {
  (void)state;
  xhr__url url = parse("http://h/");
  assert_int_equal(xhr__url_set_href(&url, XHR__STR("nothing")), XHR_SYNTAX_ERR);
  assert_str(xhr__url_href(&url, false), "http://h/");
  assert_int_equal(xhr__url_set_href(&url, xhr__url_href(&url, false)), XHR_OK);
  assert_str(xhr__url_href(&url, false), "http://h/");
  xhr__url_free(&url);
}

static void can_parse(void **state) {
  (void)state;
  xhr__url base = parse("http://h/");
  assert_int_equal(xhr__url_can_parse(XHR__STR("a"), &base), XHR_OK);
  assert_int_equal(xhr__url_can_parse(XHR__STR("a"), NULL), XHR_SYNTAX_ERR);
  xhr__url_free(&base);
}

static void serialize_appends(void **state) {
  (void)state;
  xhr__url url = parse("x:/.//a#b");
  xhr__bytes out = {0};
  assert_int_equal(xhr__bytes_append(&out, XHR__STR("<")), XHR_OK);
  assert_int_equal(xhr__url_serialize(&url, true, &out), XHR_OK);
  assert_str(xhr__bytes_str(&out), "<x:/.//a");
  xhr__bytes_free(&out);
  xhr__url_free(&url);
}

/* ---- blob URL entries ---- */

static int entry_count;

static void *resolve(const xhr__url *url) {
  if (!xhr__str_equals(xhr__url_path(url), XHR__STR("known")))
    return NULL;
  entry_count++;
  return &entry_count;
}

static void *ref(void *entry) {
  entry_count++;
  return entry;
}

static void unref(void *entry) {
  assert_ptr_equal(entry, &entry_count);
  entry_count--;
}

static void blob_url_entries(void **state) {
  static const xhr__blob_url_store store = {resolve, ref, unref, NULL};
  (void)state;
  xhr__url_set_blob_url_store(&store);
  xhr__url unknown = parse("blob:unknown"), known = parse("blob:known#x"), other = parse("x:known"),
           copy;
  assert_null(unknown.blob_url_entry);
  assert_null(other.blob_url_entry);
  assert_ptr_equal(known.blob_url_entry, &entry_count);
  assert_int_equal(xhr__url_copy(&known, &copy), XHR_OK);
  assert_int_equal(xhr__url_set_hash(&copy, XHR__STR("y")), XHR_OK);
  assert_ptr_equal(copy.blob_url_entry, &entry_count);
  assert_int_equal(entry_count, 2);
  xhr__url_free(&unknown);
  xhr__url_free(&known);
  xhr__url_free(&other);
  xhr__url_free(&copy);
  assert_int_equal(entry_count, 0);
  xhr__url_set_blob_url_store(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(components),       cmocka_unit_test(absent_components),
      cmocka_unit_test(empty_record),     cmocka_unit_test(host_kinds),
      cmocka_unit_test(schemes),          cmocka_unit_test(copies_are_their_own),
      cmocka_unit_test(equality),         cmocka_unit_test(fragments),
      cmocka_unit_test(credentials),      cmocka_unit_test(href_setter_keeps_the_url_on_failure),
      cmocka_unit_test(can_parse),        cmocka_unit_test(serialize_appends),
      cmocka_unit_test(blob_url_entries),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
