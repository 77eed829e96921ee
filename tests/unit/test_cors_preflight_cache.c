/* Tests of src/fetch/cors_preflight_cache.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fetch/cors_preflight_cache.h"
#include "support/failing_allocator.h"
#include "support/leftovers.h"

#define SECONDS(n) ((xhr__time)(n)*1000 * XHR__MILLISECOND)
#define PUT        XHR__STR("PUT")

static xhr__preflight_cache cache;

/* A request of a page of that origin ("null": a new opaque one); NULL where memory ends. */
static xhr__request *request_of(const char *origin_text, const char *url_text) {
  xhr__url url = {0};
  xhr__origin origin = {0};
  xhr__request *request = NULL;
  xhr__origin_new_opaque(&origin);
  if (strcmp(origin_text, "null") != 0 &&
      xhr__url_parse(xhr__str_c(origin_text), NULL, &url) == XHR_OK) {
    if (xhr__url_origin(&url, &origin) != XHR_OK) {
      xhr__url_free(&url);
      return NULL;
    }
    xhr__url_free(&url);
  }
  if (xhr__url_parse(xhr__str_c(url_text), NULL, &url) == XHR_OK &&
      xhr__request_new(&url, &request) == XHR_OK &&
      xhr__client_snapshot_new(&origin, NULL, &request->client) != XHR_OK) {
    xhr__request_free(request);
    request = NULL;
  }
  xhr__url_free(&url);
  xhr__origin_free(&origin);
  return request;
}

static xhr__request *need_request(const char *origin, const char *url) {
  xhr__request *request = request_of(origin, url);
  assert_non_null(request);
  return request;
}

static bool knows(const xhr__request *request, const char *method, xhr__time now) {
  return xhr__method_cache_entry_match(&cache, request, xhr__str_c(method), now);
}

static bool knows_header(const xhr__request *request, const char *name) {
  return xhr__header_name_cache_entry_match(&cache, request, xhr__str_c(name), 0);
}

/* ---- matching -------------------------------------------------------------------------------------- */

static void test_age(void **state) {
  (void)state;
  xhr__request *request = need_request("http://a.test", "http://b.test/x#y");
  assert_false(knows(request, "PUT", 0));
  xhr__preflight_cache_clear(&cache, request);
  xhr__preflight_cache_set_method(&cache, request, PUT, 0, SECONDS(1));
  assert_int_equal(cache.count, 0);
  xhr__preflight_cache_set_method(&cache, request, PUT, 5, SECONDS(1));
  assert_true(knows(request, "PUT", SECONDS(6) - 1));
  assert_false(knows(request, "PUT", SECONDS(6)));
  assert_false(knows(request, "put", SECONDS(1)));
  /* The same again only changes its age. */
  xhr__preflight_cache_set_method(&cache, request, PUT, UINT64_MAX, SECONDS(1));
  assert_int_equal(cache.count, 1);
  assert_true(knows(request, "PUT", SECONDS(7201) - 1));
  assert_false(knows(request, "PUT", SECONDS(7201)));
  xhr__preflight_cache_set_method(&cache, request, PUT, 0, SECONDS(2));
  assert_false(knows(request, "PUT", SECONDS(2)));
  xhr__request_free(request);
  xhr__preflight_cache_free(&cache);
}

static void test_keys(void **state) {
  (void)state;
  static const char *const others[][2] = {
      {"http://c.test", "http://b.test/x"},    {"https://a.test", "http://b.test/x"},
      {"http://a.test:81", "http://b.test/x"}, {"null", "http://b.test/x"},
      {"http://a.test", "http://b.test/"},     {"http://a.test", "http://b.test/x?"},
      {"http://a.test", "https://b.test/x"}};
  xhr__request *request = need_request("http://a.test", "http://b.test/x#y");
  xhr__request *same = need_request("http://a.test", "http://b.test/x#z");
  xhr__preflight_cache_set_method(&cache, request, PUT, 5, 0);
  assert_true(knows(same, "PUT", 0));
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    xhr__request *other = need_request(others[i][0], others[i][1]);
    assert_false(knows(other, "PUT", 0));
    xhr__preflight_cache_clear(&cache, other);
    assert_true(knows(request, "PUT", 0));
    xhr__request_free(other);
  }
  xhr__preflight_cache_clear(&cache, same);
  assert_false(knows(request, "PUT", 0));
  assert_int_equal(cache.count, 0);
  xhr__request_free(request);
  xhr__request_free(same);
}

/* Opaque origins all serialize to null, and are different ones. */
static void test_opaque_origins(void **state) {
  (void)state;
  xhr__request *one = need_request("null", "http://b.test/");
  xhr__request *two = need_request("null", "http://b.test/");
  xhr__preflight_cache_set_method(&cache, one, PUT, 5, 0);
  assert_true(knows(one, "PUT", 0));
  assert_false(knows(two, "PUT", 0));
  xhr__request_free(one);
  xhr__request_free(two);
  xhr__preflight_cache_free(&cache);
}

/* A redirect from one other origin to another makes the origin null. */
static void test_redirect_taint(void **state) {
  (void)state;
  xhr__request *straight = need_request("http://a.test", "http://c.test/");
  xhr__request *redirected = need_request("http://a.test", "http://b.test/");
  xhr__url url;
  assert_int_equal(xhr__url_copy(xhr__request_current_url(straight), &url), XHR_OK);
  assert_int_equal(xhr__request_append_url(redirected, &url), XHR_OK);
  assert_true(xhr__str_equals(xhr__serialize_request_origin(redirected), XHR__STR("null")));
  xhr__preflight_cache_set_method(&cache, straight, PUT, 5, 0);
  assert_false(knows(redirected, "PUT", 0));
  xhr__request_free(straight);
  xhr__request_free(redirected);
  xhr__preflight_cache_free(&cache);
}

static void test_credentials(void **state) {
  (void)state;
  xhr__request *with = need_request("http://a.test", "http://b.test/");
  xhr__request *without = need_request("http://a.test", "http://b.test/");
  with->credentials_mode = XHR__CREDENTIALS_INCLUDE;
  xhr__preflight_cache_set_method(&cache, without, PUT, 5, 0);
  assert_true(knows(without, "PUT", 0));
  assert_false(knows(with, "PUT", 0));
  xhr__preflight_cache_set_method(&cache, with, XHR__STR("PATCH"), 5, 0);
  assert_true(knows(with, "PATCH", 0));
  assert_true(knows(without, "PATCH", 0));
  /* With credentials `*` is not kept, as it stands for nothing. */
  xhr__preflight_cache_set_method(&cache, with, XHR__STR("*"), 5, 0);
  xhr__preflight_cache_set_header_name(&cache, with, XHR__STR("*"), 5, 0);
  assert_false(knows(with, "DELETE", 0));
  assert_false(knows_header(with, "X-A"));
  xhr__request_free(with);
  xhr__request_free(without);
  xhr__preflight_cache_free(&cache);
}

static void test_names(void **state) {
  (void)state;
  xhr__request *request = need_request("http://a.test", "http://b.test/");
  xhr__preflight_cache_set_header_name(&cache, request, XHR__STR("X-a"), 5, 0);
  assert_true(knows_header(request, "x-A"));
  assert_false(knows_header(request, "X-B"));
  assert_false(knows(request, "X-a", 0));
  xhr__preflight_cache_set_header_name(&cache, request, XHR__STR("*"), 5, 0);
  assert_true(knows_header(request, "X-B"));
  assert_false(knows_header(request, "authorization"));
  assert_false(knows(request, "PUT", 0));
  xhr__preflight_cache_set_method(&cache, request, XHR__STR("*"), 5, 0);
  assert_true(knows(request, "PUT", 0));
  xhr__request_free(request);
  xhr__preflight_cache_free(&cache);
}

/* ---- bounds ---------------------------------------------------------------------------------------- */

static void test_many(void **state) {
  (void)state;
  xhr__request *request = need_request("http://a.test", "http://b.test/");
  char name[] = "M0000";
  for (unsigned i = 0; i < XHR__PREFLIGHT_CACHE_ENTRIES + 10; i++) {
    for (unsigned digit = 0, rest = i; digit < 4; digit++, rest /= 10)
      name[4 - digit] = (char)('0' + rest % 10);
    /* The first hundred live long: they go only when nothing has expired, as the oldest. */
    xhr__preflight_cache_set_method(&cache, request, xhr__str_c(name), i < 100 ? 100 : 1, 0);
  }
  assert_int_equal(cache.count, XHR__PREFLIGHT_CACHE_ENTRIES);
  assert_false(knows(request, "M0009", 0));
  assert_true(knows(request, "M0010", 0));
  xhr__preflight_cache_set_method(&cache, request, PUT, 1, SECONDS(1));
  assert_int_equal(cache.count, 91);
  assert_true(knows(request, "M0010", SECONDS(1)));
  assert_true(knows(request, "PUT", SECONDS(1)));
  xhr__request_free(request);
  xhr__preflight_cache_free(&cache);
}

static void set_out_of_memory(void *user) {
  (void)user;
  xhr__request *request = request_of("http://a.test", "http://b.test/");
  if (!request)
    return;
  xhr__preflight_cache_set_method(&cache, request, PUT, 5, 0);
  assert_int_equal(knows(request, "PUT", 0), cache.count == 1);
  xhr__request_free(request);
  xhr__preflight_cache_free(&cache);
}

static void test_out_of_memory(void **state) {
  (void)state;
  assert_true(failing_allocator_loop(set_out_of_memory, NULL, NULL) > 5);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_age),
      cmocka_unit_test(test_keys),
      cmocka_unit_test(test_opaque_origins),
      cmocka_unit_test(test_redirect_taint),
      cmocka_unit_test(test_credentials),
      cmocka_unit_test(test_names),
      cmocka_unit_test(test_many),
      cmocka_unit_test(test_out_of_memory),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
