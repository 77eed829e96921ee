/* Tests of src/dom/event_target.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dom/event_target.h"
#include "infra/bytes.h"
#include "support/failing_allocator.h"
#include "support/leftovers.h"

/* A callback with a name: it logs itself, then does what it was made for. */
typedef struct callback {
  char name;
  void (*act)(void);
  int released;
} callback;

static xhr_event_target target;
static xhr__bytes told;

static void invoke(void *user, const xhr_event *event) {
  callback *called = user;
  assert_ptr_equal(event->target, &target);
  assert_int_equal(xhr__bytes_append_byte(&told, called->name), XHR_OK);
  if (called->act)
    called->act();
}

static bool same(const void *a, const void *b) {
  return a == b;
}

static void release(void *user) {
  ((callback *)user)->released++;
}

static const xhr__callback_methods methods = {invoke, same, release};

static callback a = {'a', NULL, 0}, b = {'b', NULL, 0}, c = {'c', NULL, 0}, d = {'d', NULL, 0};

static void add(xhr_event_type type, callback *added) {
  assert_int_equal(xhr__event_target_add(&target, type, &methods, added), XHR_OK);
}

static void take(xhr_event_type type, callback *removed) {
  xhr__event_target_remove(&target, type, &methods, removed);
}

static void fire(xhr_event_type type) {
  xhr_event event = {.type = type, .target = &target};
  xhr__dom_event_sink.fire(&target, &event);
}

/* Fires a load event and asserts who heard it, one letter each. */
static void assert_heard(const char *expected) {
  fire(XHR_EVENT_LOAD);
  assert_string_equal(told.data ? told.data : "", expected);
  xhr__bytes_clear(&told);
}

static int setup(void **state) {
  (void)state;
  callback *all[] = {&a, &b, &c, &d};
  for (size_t i = 0; i < 4; i++) {
    all[i]->act = NULL;
    all[i]->released = 0;
  }
  target = (xhr_event_target){0};
  return 0;
}

static int teardown(void **state) {
  (void)state;
  xhr__event_target_free(&target);
  xhr__bytes_free(&told);
  return 0;
}

static void test_order_and_duplicates(void **state) {
  (void)state;
  assert_false(xhr__dom_event_sink.has_listeners(&target));
  add(XHR_EVENT_LOAD, &b);
  add(XHR_EVENT_LOAD, &a);
  add(XHR_EVENT_ERROR, &c);
  assert_int_equal(b.released, 0);
  add(XHR_EVENT_LOAD, &b);
  assert_int_equal(b.released, 1);
  assert_true(xhr__dom_event_sink.has_listeners(&target));
  assert_heard("ba");
  take(XHR_EVENT_LOAD, &b);
  assert_int_equal(b.released, 2);
  take(XHR_EVENT_LOAD, &b);
  take(XHR_EVENT_LOAD, &c);
  assert_heard("a");
  add(XHR_EVENT_LOAD, &b);
  assert_heard("ab");
}

static void add_c(void) {
  add(XHR_EVENT_LOAD, &c);
}

static void test_added_during_dispatch(void **state) {
  (void)state;
  a.act = add_c;
  add(XHR_EVENT_LOAD, &a);
  add(XHR_EVENT_LOAD, &b);
  assert_heard("ab");
  assert_heard("abc");
}

static void take_b(void) {
  take(XHR_EVENT_LOAD, &b);
}

static void test_removed_during_dispatch(void **state) {
  (void)state;
  a.act = take_b;
  add(XHR_EVENT_LOAD, &a);
  add(XHR_EVENT_LOAD, &b);
  add(XHR_EVENT_LOAD, &c);
  assert_heard("ac");
  assert_int_equal(b.released, 1);
  assert_heard("ac");
}

static void take_a_and_look(void) {
  take(XHR_EVENT_LOAD, &a);
  /* It runs: it is not released yet, yet nobody listens any more. */
  assert_int_equal(a.released, 0);
  assert_false(xhr__dom_event_sink.has_listeners(&target));
}

static void test_removes_itself(void **state) {
  (void)state;
  a.act = take_a_and_look;
  add(XHR_EVENT_LOAD, &a);
  assert_heard("a");
  assert_int_equal(a.released, 1);
  assert_heard("");
}

static void take_and_add_b(void) {
  take(XHR_EVENT_LOAD, &b);
  add(XHR_EVENT_LOAD, &b);
}

static void test_removed_and_added_again(void **state) {
  (void)state;
  a.act = take_and_add_b;
  add(XHR_EVENT_LOAD, &a);
  add(XHR_EVENT_LOAD, &b);
  add(XHR_EVENT_LOAD, &c);
  /* The new b stands behind c and hears the next event. */
  assert_heard("ac");
  a.act = NULL;
  assert_heard("acb");
}

static int depth;

static void fire_again(void) {
  if (depth++ == 0) {
    fire(XHR_EVENT_LOAD);
    take(XHR_EVENT_LOAD, &c);
  }
}

static void test_nested(void **state) {
  (void)state;
  depth = 0;
  b.act = fire_again;
  add(XHR_EVENT_LOAD, &a);
  add(XHR_EVENT_LOAD, &b);
  add(XHR_EVENT_LOAD, &c);
  add(XHR_EVENT_LOAD, &d);
  assert_heard("ababcdd");
  assert_int_equal(c.released, 1);
  assert_heard("abd");
}

static void add_many(void) {
  static callback more[50];
  for (size_t i = 0; i < 50; i++) {
    more[i].name = 'm';
    add(XHR_EVENT_LOAD, &more[i]);
  }
}

static void test_grows_during_dispatch(void **state) {
  (void)state;
  a.act = add_many;
  add(XHR_EVENT_LOAD, &a);
  add(XHR_EVENT_LOAD, &b);
  assert_heard("ab");
  assert_int_equal(target.count, 52);
}

static void without_memory(void *user) {
  (void)user;
  xhr_event_target other = {0};
  callback listeners[20] = {{0}};
  size_t added = 0;
  for (size_t i = 0; i < 20; i++) {
    listeners[i].released = 0;
    if (xhr__event_target_add(&other, XHR_EVENT_LOAD, &methods, &listeners[i]) == XHR_OK)
      added++;
    else
      assert_int_equal(listeners[i].released, 1);
  }
  assert_int_equal(other.count, added);
  xhr__event_target_free(&other);
  for (size_t i = 0; i < 20; i++)
    assert_int_equal(listeners[i].released, 1);
}

static void test_out_of_memory(void **state) {
  (void)state;
  assert_true(failing_allocator_loop(without_memory, NULL, NULL) > 4);
}

static void test_names(void **state) {
  (void)state;
  assert_string_equal(xhr_event_type_name(XHR_EVENT_READYSTATECHANGE), "readystatechange");
  assert_string_equal(xhr_event_type_name(XHR_EVENT_LOADEND), "loadend");
  assert_string_equal(xhr_event_type_name((xhr_event_type)99), "unknown");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_order_and_duplicates, setup, teardown),
      cmocka_unit_test_setup_teardown(test_added_during_dispatch, setup, teardown),
      cmocka_unit_test_setup_teardown(test_removed_during_dispatch, setup, teardown),
      cmocka_unit_test_setup_teardown(test_removes_itself, setup, teardown),
      cmocka_unit_test_setup_teardown(test_removed_and_added_again, setup, teardown),
      cmocka_unit_test_setup_teardown(test_nested, setup, teardown),
      cmocka_unit_test_setup_teardown(test_grows_during_dispatch, setup, teardown),
      cmocka_unit_test(test_out_of_memory),
      cmocka_unit_test(test_names),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
