/* URLs that need no network: the blob URL store, and blob: and file: URLs fetched with each driver. */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "file/blob_url_store.h"
#include "support/event_log.h"
#include "support/failing_allocator.h"
#include "support/leftovers.h"
#include "support/scripted_session.h"

static const xhr_string null = {NULL, 0};
static const xhr__script_step stalls[] = {SCRIPT_STALL};

/* ---- the store ------------------------------------------------------------------------------------------------------ */

static xhr__blob *blob_of(const char *text, const char *type) {
  xhr__segments *segments;
  xhr__blob *blob;
  assert_int_equal(xhr__segments_new_bytes(xhr__str_c(text), &segments), XHR_OK);
  assert_int_equal(xhr__blob_new(segments, xhr__str_c(type), &blob), XHR_OK);
  xhr__segments_unref(segments);
  return blob;
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

static bool has_entry(const char *text) {
  xhr__url url = parse(text);
  bool has = url.blob_url_entry != NULL;
  xhr__url_free(&url);
  return has;
}

static void revoke_url(const char *text, const xhr__origin *origin) {
  xhr__url url = parse(text);
  xhr__blob_url_store_revoke(&url, origin);
  xhr__url_free(&url);
}

static void test_url(void **state) {
  xhr__blob_url_environment environment;
  xhr__origin origin = origin_of("http://a.test:81");
  xhr__blob *blob = blob_of("x", "");
  xhr__bytes text = {0}, other = {0};
  (void)state;
  xhr__blob_url_environment_init(&environment);
  assert_int_equal(xhr__blob_url_store_add(&environment, &origin, blob, &text), XHR_OK);
  assert_int_equal(xhr__blob_url_store_add(&environment, NULL, blob, &other), XHR_OK);
  assert_memory_equal(text.data, "blob:http://a.test:81/", 22);
  assert_memory_equal(other.data, "blob:null/", 10);
  const char *uuid = text.data + 22;
  assert_int_equal(strlen(uuid), 36);
  for (size_t i = 0; i < 36; i++) {
    bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    assert_true(dash ? uuid[i] == '-' : strchr("0123456789abcdef", uuid[i]) != NULL);
  }
  assert_int_equal(uuid[14], '4');
  assert_non_null(strchr("89ab", uuid[19]));
  /* the entry's own origin, also where the URL names none */
  xhr__url url = parse(text.data), opaque = parse(other.data);
  assert_true(xhr__url_same_origin(&url, &origin));
  assert_false(xhr__url_same_origin(&opaque, &origin));
  assert_ptr_equal(xhr__obtain_blob(&url, &origin), blob);
  assert_ptr_equal(xhr__obtain_blob(&url, NULL), blob);
  assert_null(xhr__obtain_blob(&opaque, &origin));
  assert_ptr_equal(xhr__obtain_blob(&opaque, NULL), blob);
  assert_ptr_equal(xhr__obtain_blob_for_navigation(&opaque), blob);
  xhr__url_free(&url);
  xhr__url_free(&opaque);
  xhr__blob_url_environment_end(&environment);
  assert_false(has_entry(text.data));
  assert_false(has_entry(other.data));
  xhr__bytes_free(&text);
  xhr__bytes_free(&other);
  xhr__blob_unref(blob);
  xhr__origin_free(&origin);
}

static void test_revoke(void **state) {
  xhr__blob_url_environment environment;
  xhr__origin origin = origin_of("http://a.test"), other = origin_of("http://b.test");
  xhr__blob *blob = blob_of("x", "");
  xhr__bytes text = {0};
  char longer[128];
  (void)state;
  xhr__blob_url_environment_init(&environment);
  assert_int_equal(xhr__blob_url_store_add(&environment, &origin, blob, &text), XHR_OK);
  xhr__blob_unref(blob);
  (void)snprintf(longer, sizeof longer, "%s#fragment", text.data);
  xhr__url held = parse(longer), copy;
  assert_int_equal(xhr__url_copy(&held, &copy), XHR_OK);
  xhr__url_free(&held);
  /* only the very URL, and only its own partition, revoke it */
  revoke_url(longer, &origin);
  assert_true(has_entry(text.data));
  revoke_url(text.data, &other);
  assert_true(has_entry(text.data));
  revoke_url("blob:http://a.test/no", &origin);
  revoke_url("http://a.test/", &origin);
  revoke_url(text.data, &origin);
  assert_false(has_entry(text.data));
  assert_false(has_entry(longer));
  /* but a URL that was parsed before has it still */
  assert_ptr_equal(xhr__obtain_blob(&copy, &origin), blob);
  assert_int_equal(xhr__blob_size(blob), 1);
  xhr__url_free(&copy);
  assert_true(xhr__list_empty(&environment.entries));
  xhr__bytes_free(&text);
  xhr__origin_free(&origin);
  xhr__origin_free(&other);
}

enum { ROUNDS = 200, THREADS = 4 };

/* Makes, finds and revokes many, while others do. */
static void *churn(void *user) {
  xhr__blob_url_environment environment;
  xhr__blob *blob = user;
  xhr__bytes texts[ROUNDS] = {{0}};
  xhr__blob_url_environment_init(&environment);
  for (size_t i = 0; i < ROUNDS; i++) {
    if (xhr__blob_url_store_add(&environment, NULL, blob, &texts[i]) != XHR_OK)
      return user;
    if (i % 3 == 0)
      revoke_url(texts[i / 2].data, NULL);
  }
  size_t found = 0;
  for (size_t i = 0; i < ROUNDS; i++) {
    found += has_entry(texts[i].data);
    xhr__bytes_free(&texts[i]);
  }
  xhr__blob_url_environment_end(&environment);
  return found > 0 && found < ROUNDS ? NULL : user;
}

static void test_threads(void **state) {
  pthread_t threads[THREADS];
  xhr__blob *blob = blob_of("x", "");
  (void)state;
  for (size_t i = 0; i < THREADS; i++)
    assert_int_equal(pthread_create(&threads[i], NULL, churn, blob), 0);
  for (size_t i = 0; i < THREADS; i++) {
    void *failed;
    assert_int_equal(pthread_join(threads[i], &failed), 0);
    assert_null(failed);
  }
  xhr__blob_unref(blob);
}

/* ---- fetching ------------------------------------------------------------------------------------------------------- */

typedef struct fixture {
  scripted_session s;
  xhr_context *page;
  xhr__origin origin;
  xhr__blob_url_environment environment;
  event_log log;
  xhr *request;
} fixture;

/* `page`: requests of a page of http://a.test, else of a system context. */
static void begin(fixture *f, scripted_driver driver, bool page) {
  *f = (fixture){.page = NULL};
  scripted_session_begin(&f->s, driver, stalls, 1);
  f->origin = origin_of("http://a.test");
  xhr__blob_url_environment_init(&f->environment);
  if (page)
    assert_int_equal(
        xhr_context_new_web(f->s.session, f->s.loop, xhr_str("http://a.test"), null, &f->page),
        XHR_OK);
  assert_int_equal(xhr_new(page ? f->page : f->s.context, &f->request), XHR_OK);
  event_log_listen(&f->log, f->request);
}

static void end(fixture *f) {
  xhr_unref(f->request);
  xhr_context_unref(f->page);
  xhr__blob_url_environment_end(&f->environment);
  xhr__origin_free(&f->origin);
  scripted_session_end(&f->s);
}

static void fetch(fixture *f, const char *method, const char *url, const char *range) {
  event_log_clear(&f->log);
  assert_int_equal(xhr_open(f->request, xhr_str(method), xhr_str(url)), XHR_OK);
  if (range)
    assert_int_equal(xhr_set_request_header(f->request, xhr_str("Range"), xhr_str(range)), XHR_OK);
  assert_int_equal(xhr_send(f->request, NULL), XHR_OK);
  scripted_session_run(&f->s);
}

static void assert_text(xhr *request, const char *wanted) {
  xhr_string text;
  assert_int_equal(xhr_get_response_text(request, &text), XHR_OK);
  assert_int_equal(text.len, strlen(wanted));
  assert_memory_equal(text.data, wanted, text.len);
}

static void assert_headers(xhr *request, const char *wanted) {
  xhr_string text;
  assert_int_equal(xhr_get_all_response_headers(request, &text), XHR_OK);
  assert_int_equal(text.len, strlen(wanted));
  assert_memory_equal(text.data, wanted, text.len);
}

static void assert_failure(fixture *f, xhr_failure_code code) {
  const xhr_failure_info *failure = xhr_failure(f->request);
  assert_non_null(failure);
  assert_int_equal(failure->code, code);
  assert_string_equal(f->log.text, "1 loadstart 4 error loadend");
}

static void add_blob(fixture *f, const xhr__origin *origin, xhr__blob *blob, xhr__bytes *url) {
  assert_int_equal(xhr__blob_url_store_add(&f->environment, origin, blob, url), XHR_OK);
  xhr__blob_unref(blob);
}

static void test_blob(void **state) {
  (void)state;
  for (int i = 0; i < 2 * SCRIPTED_DRIVERS; i++) {
    fixture f;
    xhr__bytes url = {0};
    begin(&f, (scripted_driver)(i / 2), i % 2);
    add_blob(&f, &f.origin, blob_of("hello", "Text/Plain"), &url);
    fetch(&f, "GET", url.data, NULL);
    assert_string_equal(f.log.text, "1 loadstart 2 3 progress(5,5) 4 load(5,5) loadend(5,5)");
    assert_int_equal(xhr_get_status(f.request), 200);
    assert_text(f.request, "hello");
    assert_headers(f.request, "content-length: 5\r\ncontent-type: text/plain\r\n");
    /* once it is opened, revoking it changes nothing */
    assert_int_equal(xhr_open(f.request, xhr_str("GET"), xhr_str(url.data)), XHR_OK);
    revoke_url(url.data, NULL);
    assert_int_equal(xhr_send(f.request, NULL), XHR_OK);
    scripted_session_run(&f.s);
    assert_text(f.request, "hello");
    fetch(&f, "GET", url.data, NULL);
    assert_failure(&f, XHR_FAILURE_BLOB_URL);
    xhr__bytes_free(&url);
    end(&f);
  }
}

static void test_blob_refused(void **state) {
  fixture f;
  xhr__bytes url = {0}, others = {0};
  xhr__origin other = origin_of("http://b.test");
  (void)state;
  begin(&f, SCRIPTED_FAKE_CLOCK, true);
  add_blob(&f, &f.origin, blob_of("hello", ""), &url);
  add_blob(&f, &other, blob_of("hello", ""), &others);
  fetch(&f, "HEAD", url.data, NULL);
  assert_failure(&f, XHR_FAILURE_METHOD);
  fetch(&f, "POST", url.data, NULL);
  assert_failure(&f, XHR_FAILURE_METHOD);
  fetch(&f, "GET", others.data, NULL);
  assert_failure(&f, XHR_FAILURE_SCHEME);
  xhr__bytes_free(&url);
  xhr__bytes_free(&others);
  xhr__origin_free(&other);
  end(&f);
}

static const struct {
  const char *range, *headers, *text; /* NULL: a network error */
} ranges[] = {
    {"bytes=1-3", "content-length: 3\r\ncontent-range: bytes 1-3/10\r\ncontent-type: \r\n", "123"},
    {"bytes=7-", "content-length: 3\r\ncontent-range: bytes 7-9/10\r\ncontent-type: \r\n", "789"},
    {"bytes=7-99", "content-length: 3\r\ncontent-range: bytes 7-9/10\r\ncontent-type: \r\n", "789"},
    {"bytes=-2", "content-length: 2\r\ncontent-range: bytes 8-9/10\r\ncontent-type: \r\n", "89"},
    {"bytes=-11", "content-length: 10\r\ncontent-range: bytes 0-9/10\r\ncontent-type: \r\n",
     "0123456789"},
    {"bytes=0-9", "content-length: 10\r\ncontent-range: bytes 0-9/10\r\ncontent-type: \r\n",
     "0123456789"},
    {"bytes=10-", NULL, NULL},
    {"bytes=-0", NULL, NULL},
    {"bytes=3-1", NULL, NULL},
    {"bytes=1-2,4-5", NULL, NULL},
    {"", NULL, NULL},
};

static void test_ranges(void **state) {
  fixture f;
  xhr__bytes url = {0};
  (void)state;
  begin(&f, SCRIPTED_FAKE_CLOCK, true);
  add_blob(&f, &f.origin, blob_of("0123456789", ""), &url);
  for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
    fetch(&f, "GET", url.data, ranges[i].range);
    if (ranges[i].text) {
      assert_int_equal(xhr_get_status(f.request), 206);
      assert_headers(f.request, ranges[i].headers);
      assert_text(f.request, ranges[i].text);
    } else {
      assert_failure(&f, XHR_FAILURE_RANGE);
    }
  }
  xhr__bytes_free(&url);
  end(&f);
}

/* ---- from disk -------------------------------------------------------------------------------------------------------- */

enum { LARGE = 3 * 1024 * 1024 + 17 };

static void write_file(char *path, size_t size) {
  char *bytes = malloc(size + 1);
  assert_non_null(bytes);
  for (size_t i = 0; i < size; i++)
    bytes[i] = (char)('a' + i % 23);
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  assert_int_equal(write(fd, bytes, size), size);
  assert_int_equal(close(fd), 0);
  free(bytes);
}

static void assert_large_text(xhr *request, size_t start, size_t size) {
  xhr_string text;
  assert_int_equal(xhr_get_response_text(request, &text), XHR_OK);
  assert_int_equal(text.len, size);
  for (size_t i = 0; i < size; i++)
    if (text.data[i] != (char)('a' + (start + i) % 23))
      fail_msg("byte %zu differs", i);
}

static xhr__blob *blob_of_file(const char *path) {
  xhr__segments *segments;
  xhr__blob *blob;
  assert_int_equal(xhr__segments_new_file(xhr__str_c(path), &segments, NULL), XHR_OK);
  assert_int_equal(xhr__blob_new(segments, XHR__STR(""), &blob), XHR_OK);
  xhr__segments_unref(segments);
  return blob;
}

static void test_file_backed_blob(void **state) {
  (void)state;
  for (scripted_driver driver = SCRIPTED_INLINE; driver < SCRIPTED_DRIVERS; driver++) {
    fixture f;
    xhr__bytes url = {0};
    char path[] = "/tmp/xhr-test-XXXXXX";
    write_file(path, LARGE);
    begin(&f, driver, true);
    add_blob(&f, &f.origin, blob_of_file(path), &url);
    fetch(&f, "GET", url.data, NULL);
    assert_large_text(f.request, 0, LARGE);
    fetch(&f, "GET", url.data, "bytes=100-1000099");
    assert_large_text(f.request, 100, 1000000);
    /* synchronously, too */
    assert_int_equal(xhr_open_synchronous(f.request, xhr_str("GET"), xhr_str(url.data), null, null),
                     XHR_OK);
    assert_int_equal(xhr_send(f.request, NULL), XHR_OK);
    assert_large_text(f.request, 0, LARGE);
    /* one that has changed */
    assert_int_equal(truncate(path, 5), 0);
    event_log_clear(&f.log);
    assert_int_equal(xhr_open(f.request, xhr_str("GET"), xhr_str(url.data)), XHR_OK);
    assert_int_equal(xhr_send(f.request, NULL), XHR_OK);
    scripted_session_run(&f.s);
    assert_string_equal(f.log.text, "1 loadstart 2 4 error loadend");
    assert_int_equal(xhr_failure(f.request)->code, XHR_FAILURE_FILE_READ);
    assert_int_equal(unlink(path), 0);
    xhr__bytes_free(&url);
    end(&f);
  }
}

static void test_file(void **state) {
  (void)state;
  for (scripted_driver driver = SCRIPTED_INLINE; driver < SCRIPTED_DRIVERS; driver++) {
    fixture f;
    char path[] = "/tmp/xhr-test-XXXXXX", url[64];
    write_file(path, LARGE);
    (void)snprintf(url, sizeof url, "file://%s?query#fragment", path);
    begin(&f, driver, false);
    fetch(&f, "GET", url, NULL);
    assert_int_equal(xhr_get_status(f.request), 200);
    assert_headers(f.request, "content-length: 3145745\r\n");
    assert_large_text(f.request, 0, LARGE);
    fetch(&f, "HEAD", url, NULL);
    assert_headers(f.request, "content-length: 3145745\r\n");
    assert_text(f.request, "");
    /* ended on its way */
    assert_int_equal(xhr_open(f.request, xhr_str("GET"), xhr_str(url)), XHR_OK);
    assert_int_equal(xhr_send(f.request, NULL), XHR_OK);
    assert_int_equal(xhr_loop_wait(f.s.loop, 1), XHR_OK);
    assert_int_equal(xhr_abort(f.request), XHR_OK);
    scripted_session_run(&f.s);
    assert_int_equal(truncate(path, 0), 0);
    fetch(&f, "GET", url, NULL);
    assert_headers(f.request, "content-length: 0\r\n");
    assert_text(f.request, "");
    assert_int_equal(unlink(path), 0);
    fetch(&f, "GET", url, NULL);
    assert_failure(&f, XHR_FAILURE_FILE_OPEN);
    end(&f);
    begin(&f, driver, true);
    fetch(&f, "GET", url, NULL);
    assert_failure(&f, XHR_FAILURE_SCHEME);
    end(&f);
  }
}

/* A session that has them turned off. */
static void test_file_turned_off(void **state) {
  xhr_session_options *options;
  xhr_session *session;
  xhr_context *context;
  xhr *request;
  (void)state;
  assert_int_equal(xhr_session_options_new(&options), XHR_OK);
  for (int allowed = 0; allowed < 2; allowed++) {
    assert_int_equal(xhr_session_options_set_file_urls(options, allowed), XHR_OK);
    assert_int_equal(xhr_session_new(options, &session), XHR_OK);
    assert_int_equal(xhr_context_new(session, NULL, null, &context), XHR_OK);
    assert_int_equal(xhr_new(context, &request), XHR_OK);
    assert_int_equal(
        xhr_open_synchronous(request, xhr_str("GET"), xhr_str("file:///dev/null"), null, null),
        XHR_OK);
    assert_int_equal(xhr_send(request, NULL), XHR_NETWORK_ERR);
    /* which is no regular file */
    assert_int_equal(xhr_failure(request)->code,
                     allowed ? XHR_FAILURE_FILE_OPEN : XHR_FAILURE_SCHEME);
    xhr_unref(request);
    xhr_context_unref(context);
    xhr_session_unref(session);
  }
  xhr_session_options_free(options);
}

/* A body that takes many turns of the engine, by a program's own loop that watches the descriptor. */
static void test_descriptor(void **state) {
  (void)state;
  for (int i = 0; i < 4; i++) {
    fixture f;
    xhr__bytes url = {0};
    char path[] = "/tmp/xhr-test-XXXXXX";
    write_file(path, LARGE);
    begin(&f, i < 2 ? SCRIPTED_INLINE : SCRIPTED_THREADED, true);
    xhr__blob *blob = blob_of_file(path);
    if (i % 2) { /* from memory */
      char *bytes = malloc(LARGE + 1);
      assert_int_equal(xhr__segments_read(blob->segments, 0, bytes, LARGE), XHR_OK);
      bytes[LARGE] = '\0';
      xhr__blob_unref(blob);
      blob = blob_of(bytes, "");
      free(bytes);
    }
    add_blob(&f, &f.origin, blob, &url);
    assert_int_equal(xhr_open(f.request, xhr_str("GET"), xhr_str(url.data)), XHR_OK);
    struct pollfd fd = {.fd = xhr_loop_fd(f.s.loop), .events = POLLIN};
    assert_int_equal(xhr_send(f.request, NULL), XHR_OK);
    while (xhr_loop_in_flight(f.s.loop) > 0) {
      assert_int_equal(poll(&fd, 1, 5000), 1);
      assert_int_equal(xhr_loop_dispatch(f.s.loop), XHR_OK);
    }
    assert_large_text(f.request, 0, LARGE);
    assert_int_equal(unlink(path), 0);
    xhr__bytes_free(&url);
    end(&f);
  }
}

/* ---- without memory --------------------------------------------------------------------------------------------------- */

static xhr_status fetch_one(scripted_session *s, const char *url) {
  xhr *request = NULL;
  xhr_status status = xhr_new(s->context, &request);
  if (status == XHR_OK)
    status = xhr_open(request, xhr_str("GET"), xhr_str(url));
  if (status == XHR_OK)
    status = xhr_set_request_header(request, xhr_str("Range"), xhr_str("bytes=1-3"));
  if (status == XHR_OK)
    status = xhr_send(request, NULL);
  if (status == XHR_OK) {
    scripted_session_run(s);
    const xhr_failure_info *failure = xhr_failure(request);
    assert_true(!failure || failure->code == XHR_FAILURE_OUT_OF_MEMORY);
    xhr_string text = {NULL, 0};
    if (!failure)
      status = xhr_get_response_text(request, &text);
    if (!failure && status == XHR_OK)
      assert_true(text.len == 3 && memcmp(text.data, "ell", 3) == 0);
  }
  xhr_unref(request);
  return status;
}

static void fetch_blob(void *user) {
  scripted_session s = {0};
  xhr__blob_url_environment environment;
  xhr__bytes url = {0};
  xhr__segments *segments = NULL;
  xhr__blob *blob = NULL;
  (void)user;
  xhr__blob_url_environment_init(&environment);
  for (size_t i = 0; i < SCRIPTED_CONNECTIONS; i++)
    s.connections[i] = (xhr__script_connection){.steps = stalls, .count = 1};
  xhr_status status = scripted_session_try(&s, SCRIPTED_FAKE_CLOCK);
  if (status == XHR_OK)
    status = xhr__segments_new_bytes(XHR__STR("hello"), &segments);
  if (status == XHR_OK)
    status = xhr__blob_new(segments, XHR__STR("a/b"), &blob);
  if (status == XHR_OK)
    status = xhr__blob_url_store_add(&environment, NULL, blob, &url);
  if (status == XHR_OK)
    status = fetch_one(&s, url.data);
  assert_true(status == XHR_OK || status == XHR_OUT_OF_MEMORY);
  xhr__blob_unref(blob);
  xhr__segments_unref(segments);
  xhr__bytes_free(&url);
  xhr__blob_url_environment_end(&environment);
  scripted_session_end(&s);
}

static void test_out_of_memory(void **state) {
  (void)state;
  assert_true(failing_allocator_loop(fetch_blob, NULL, NULL) > 20);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_url),
      cmocka_unit_test(test_revoke),
      cmocka_unit_test(test_threads),
      cmocka_unit_test(test_blob),
      cmocka_unit_test(test_blob_refused),
      cmocka_unit_test(test_ranges),
      cmocka_unit_test(test_file_backed_blob),
      cmocka_unit_test(test_file),
      cmocka_unit_test(test_file_turned_off),
      cmocka_unit_test(test_descriptor),
      cmocka_unit_test(test_out_of_memory),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
