/* Tests of src/fetch/response_pool.c: responses that are freed on one thread and used again on another. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fetch/response_pool.h"
#include "support/leftovers.h"

enum { ROUNDS = 2000 };

/* Fills a response as the engine does. */
static void fill(xhr__response *response, const char *text) {
  response->status = 200;
  assert_int_equal(xhr__bytes_append(&response->status_message, XHR__STR("OK")), XHR_OK);
  assert_int_equal(xhr__header_list_append(&response->header_list, XHR__STR("A"), XHR__STR("b")),
                   XHR_OK);
  if (response->body && !xhr__body_buffer_expect(response->body, 0)) {
    xhr__body_buffer_unref(response->body);
    response->body = NULL;
  }
  if (!response->body)
    assert_int_equal(xhr__body_buffer_new(0, &response->body), XHR_OK);
  assert_int_equal(xhr__body_buffer_append(response->body, xhr__str_c(text)), XHR_OK);
}

static void assert_empty(const xhr__response *response) {
  assert_int_equal(response->status, 0);
  assert_int_equal(response->status_message.len, 0);
  assert_int_equal(response->header_list.count, 0);
  assert_false(xhr__url_is_set(&response->url));
  if (response->body)
    assert_int_equal(xhr__body_buffer_len(response->body), 0);
}

static void test_used_again(void **state) {
  (void)state;
  xhr__response_pool *pool = xhr__response_pool_new();
  assert_non_null(pool);
  xhr__response *response = xhr__response_pool_take(pool);
  fill(response, "some text");
  xhr__body_buffer *body = response->body;
  xhr__response_free(response);
  assert_ptr_equal(xhr__response_pool_take(pool), response);
  assert_empty(response);
  assert_ptr_equal(response->body, body);
  /* Somebody else has the body: it is not used again, and stays what it was. */
  fill(response, "held");
  body = xhr__body_buffer_ref(response->body);
  xhr__response_free(response);
  assert_ptr_equal(xhr__response_pool_take(pool), response);
  assert_empty(response);
  assert_ptr_not_equal(response->body, body);
  assert_memory_equal(xhr__body_buffer_bytes(body, 4).data, "held", 4);
  xhr__body_buffer_unref(body);
  /* The pool goes first. */
  xhr__response_pool_unref(pool);
  xhr__response_free(response);
  xhr__response_pool_unref(NULL);
}

static void *free_response(void *user) {
  xhr__response_free(user);
  return NULL;
}

/* A terminated fetch's response is freed on the loop's thread while the engine's still appends to its body. */
static void test_freed_while_appending(void **state) {
  (void)state;
  xhr__response_pool *pool = xhr__response_pool_new();
  for (int i = 0; i < ROUNDS / 20; i++) {
    pthread_t thread;
    xhr__response *response = xhr__response_pool_take(pool);
    assert_empty(response);
    fill(response, "begun");
    xhr__body_buffer *body = xhr__body_buffer_ref(response->body);
    assert_int_equal(pthread_create(&thread, NULL, free_response, response), 0);
    for (int k = 0; k < 2000; k++)
      assert_int_equal(xhr__body_buffer_append(body, XHR__STR("0123456789")), XHR_OK);
    assert_int_equal(xhr__body_buffer_len(body), 5 + 20000);
    xhr__body_buffer_unref(body);
    assert_int_equal(pthread_join(thread, NULL), 0);
  }
  xhr__response_pool_unref(pool);
}

static void *free_all(void *user) {
  xhr__response **responses = user;
  for (int i = 0; i < ROUNDS; i++)
    xhr__response_free(responses[i]);
  return NULL;
}

/* More than the pool keeps, given back by another thread while this one takes. */
static void test_many(void **state) {
  (void)state;
  static xhr__response *responses[ROUNDS];
  xhr__response_pool *pool = xhr__response_pool_new();
  pthread_t thread;
  for (int i = 0; i < ROUNDS; i++)
    fill(responses[i] = xhr__response_pool_take(pool), "text");
  assert_int_equal(pthread_create(&thread, NULL, free_all, responses), 0);
  for (int i = 0; i < ROUNDS; i++) {
    xhr__response *response = xhr__response_pool_take(pool);
    assert_empty(response);
    fill(response, "again");
    xhr__response_free(response);
  }
  assert_int_equal(pthread_join(thread, NULL), 0);
  xhr__response_pool_unref(pool);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_used_again),
                                     cmocka_unit_test(test_freed_while_appending),
                                     cmocka_unit_test(test_many)};
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
