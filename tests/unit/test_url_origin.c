/* Origins. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "support/failing_allocator.h"
#include "support/leftovers.h"
#include "url/origin.h"

static void assert_str(xhr__str s, const char *want) {
  assert_int_equal(s.len, strlen(want));
  assert_memory_equal(s.data, want, s.len);
}

static xhr__url parse(const char *text) {
  xhr__url url;
  assert_int_equal(xhr__url_parse(xhr__str_c(text), NULL, &url), XHR_OK);
  return url;
}

static xhr__origin origin_of(const char *text) {
  xhr__url url = parse(text);
  xhr__origin origin;
  assert_int_equal(xhr__url_origin(&url, &origin), XHR_OK);
  xhr__url_free(&url);
  return origin;
}

static void serializations(void **state) {
  static const struct {
    const char *url, *origin;
  } cases[] = {
      {"http://u:p@H.example/a?b#c", "http://h.example"},
      {"https://h.example:443/", "https://h.example"},
      {"https://h.example:444/", "https://h.example:444"},
      {"ws://1/", "ws://0.0.0.1"},
      {"wss://[::1]:8/", "wss://[::1]:8"},
      {"ftp://h/", "ftp://h"},
      {"http://bücher/", "http://xn--bcher-kva"},
      {"file:///a", "null"},
      {"file://h/a", "null"},
      {"data:,a", "null"},
      {"about:blank", "null"},
      {"x://h/", "null"},
      {"blob:http://h:8/1", "http://h:8"},
      {"blob:https://u@h/1?q#f", "https://h"},
      {"blob:ws://h/1", "null"},
      {"blob:ftp://h/1", "null"},
      {"blob:file:///1", "null"},
      {"blob:blob:http://h/1", "null"},
      {"blob:nothing", "null"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    xhr__origin origin = origin_of(cases[i].url);
    assert_str(xhr__origin_serialization(&origin), cases[i].origin);
    assert_int_equal(xhr__origin_is_opaque(&origin), strcmp(cases[i].origin, "null") == 0);
    xhr__origin_free(&origin);
  }
}

static void parts(void **state) {
  (void)state;
  xhr__origin a = origin_of("https://[::1]:8/"), b = origin_of("https://h/"),
              c = origin_of("data:,");
  assert_str(xhr__origin_scheme(&a), "https");
  assert_str(xhr__origin_host(&a), "[::1]");
  assert_int_equal(a.port, 8);
  assert_int_equal(a.host_kind, XHR__HOST_IPV6);
  assert_str(xhr__origin_host(&b), "h");
  assert_int_equal(b.port, XHR__PORT_NULL);
  assert_str(xhr__origin_scheme(&c), "");
  assert_str(xhr__origin_host(&c), "");
  xhr__origin made;
  assert_int_equal(
      xhr__origin_new_tuple(XHR__STR("https"), XHR__STR("[::1]"), XHR__HOST_IPV6, 8, &made),
      XHR_OK);
  assert_true(xhr__same_origin(&a, &made));
  xhr__origin_free(&made);
  assert_int_equal(xhr__origin_new_tuple(XHR__STR("https"), XHR__STR("h"), XHR__HOST_DOMAIN,
                                         XHR__PORT_NULL, &made),
                   XHR_OK);
  assert_true(xhr__same_origin(&b, &made));
  xhr__bytes out = {0};
  assert_int_equal(xhr__origin_serialize(&made, &out), XHR_OK);
  assert_str(xhr__bytes_str(&out), "https://h");
  xhr__bytes_free(&out);
  xhr__origin_free(&made);
  xhr__origin_free(&a);
  xhr__origin_free(&b);
  xhr__origin_free(&c);
  xhr__origin_free(NULL);
}

static void opaque_origins(void **state) {
  (void)state;
  xhr__origin a, b, copy, none = {0};
  xhr__origin_new_opaque(&a);
  xhr__origin_new_opaque(&b);
  assert_int_equal(xhr__origin_copy(&a, &copy), XHR_OK);
  assert_true(xhr__same_origin(&a, &a));
  assert_true(xhr__same_origin(&a, &copy));
  assert_true(xhr__same_origin_domain(&a, &copy));
  assert_false(xhr__same_origin(&a, &b));
  assert_false(xhr__same_origin(&none, &none));
  assert_false(xhr__same_origin(&none, &a));
  xhr__url url = parse("data:,");
  assert_false(xhr__urls_same_origin(&url, &url));
  assert_false(xhr__url_same_origin(&url, &a));
  xhr__url_free(&url);
  xhr__origin_free(&a);
  xhr__origin_free(&b);
  xhr__origin_free(&copy);
}

static void same_origin(void **state) {
  static const struct {
    const char *a, *b;
    bool same;
  } cases[] = {
      {"http://h/a", "http://h:80/b", true},
      {"http://h/", "https://h/", false},
      {"http://h/", "http://g/", false},
      {"http://h/", "http://h:8/", false},
      {"http://h:8/", "ws://h:8/", false},
      {"http://h/", "blob:http://h/1", true},
      {"blob:http://h/1", "blob:http://h/2", true},
      {"blob:http://h/1", "http://g/", false},
      {"file:///a", "file:///a", false},
      {"http://h/", "data:,", false},
      {"data:,", "http://h/", false},
      {"x://h/", "x://h/", false},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    xhr__url a = parse(cases[i].a), b = parse(cases[i].b);
    xhr__origin origin_a, origin_b;
    assert_int_equal(xhr__url_origin(&a, &origin_a), XHR_OK);
    assert_int_equal(xhr__url_origin(&b, &origin_b), XHR_OK);
    assert_int_equal(xhr__same_origin(&origin_a, &origin_b), cases[i].same);
    assert_int_equal(xhr__url_same_origin(&a, &origin_b), cases[i].same);
    assert_int_equal(xhr__url_same_origin(&b, &origin_a), cases[i].same);
    assert_int_equal(xhr__urls_same_origin(&a, &b), cases[i].same);
    assert_int_equal(xhr__urls_same_origin(&b, &a), cases[i].same);
    xhr__origin_free(&origin_a);
    xhr__origin_free(&origin_b);
    xhr__url_free(&a);
    xhr__url_free(&b);
  }
}

/* HTML's table of examples. */
static void same_origin_domain(void **state) {
  (void)state;
  xhr__origin a = origin_of("https://example.org/"), b = origin_of("https://example.org/");
  assert_true(xhr__same_origin_domain(&a, &b));
  assert_int_equal(xhr__origin_set_domain(&b, XHR__STR("example.org")), XHR_OK);
  assert_true(xhr__same_origin(&a, &b));
  assert_false(xhr__same_origin_domain(&a, &b));
  xhr__origin_free(&a);
  a = origin_of("https://example.org:314/");
  assert_int_equal(xhr__origin_set_domain(&a, XHR__STR("example.org")), XHR_OK);
  assert_false(xhr__same_origin(&a, &b));
  assert_true(xhr__same_origin_domain(&a, &b));
  xhr__origin_free(&a);
  a = origin_of("http://example.org/");
  assert_int_equal(xhr__origin_set_domain(&a, XHR__STR("example.org")), XHR_OK);
  assert_false(xhr__same_origin_domain(&a, &b));
  xhr__origin copy;
  assert_int_equal(xhr__origin_copy(&b, &copy), XHR_OK);
  assert_true(xhr__same_origin_domain(&b, &copy));
  xhr__origin_free(&copy);
  xhr__origin_free(&a);
  xhr__origin_free(&b);
}

/* ---- a blob: URL with an entry has the entry's origin ---- */

static xhr__origin entry_origin;

static void *resolve(const xhr__url *url) {
  (void)url;
  return &entry_origin;
}

static void *ref(void *entry) {
  return entry;
}

static void unref(void *entry) {
  (void)entry;
}

static xhr_status origin_of_entry(void *entry, xhr__origin *out) {
  return xhr__origin_copy(entry, out);
}

static void blob_url_entry(void **state) {
  static const xhr__blob_url_store store = {resolve, ref, unref, origin_of_entry};
  (void)state;
  xhr__origin_new_opaque(&entry_origin);
  xhr__url_set_blob_url_store(&store);
  xhr__url url = parse("blob:http://h/1");
  xhr__url_set_blob_url_store(NULL);
  xhr__url plain = parse("blob:http://h/1");
  xhr__url_set_blob_url_store(&store);
  assert_true(xhr__url_same_origin(&url, &entry_origin));
  assert_false(xhr__url_same_origin(&plain, &entry_origin));
  xhr__url_free(&url);
  xhr__url_free(&plain);
  xhr__url_set_blob_url_store(NULL);
}

static void run(void *user) {
  static const char *const urls[] = {"http://u@h:8/", "blob:http://h:8/1", "data:,"};
  (void)user;
  for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
    xhr__url url = {0};
    xhr__origin origin = {0}, copy = {0};
    xhr_status status = xhr__url_parse(xhr__str_c(urls[i]), NULL, &url);
    if (status == XHR_OK)
      status = xhr__url_origin(&url, &origin);
    if (status == XHR_OK)
      status = xhr__origin_set_domain(&origin, XHR__STR("h"));
    if (status == XHR_OK)
      status = xhr__origin_copy(&origin, &copy);
    if (status == XHR_OK)
      xhr__urls_same_origin(&url, &url);
    assert_true(status == XHR_OK || failing_allocator_failed());
    xhr__origin_free(&copy);
    xhr__origin_free(&origin);
    xhr__url_free(&url);
  }
}

static void every_allocation_fails(void **state) {
  (void)state;
  assert_true(failing_allocator_loop(run, NULL, NULL) > 10);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(serializations),         cmocka_unit_test(parts),
      cmocka_unit_test(opaque_origins),         cmocka_unit_test(same_origin),
      cmocka_unit_test(same_origin_domain),     cmocka_unit_test(blob_url_entry),
      cmocka_unit_test(every_allocation_fails),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
