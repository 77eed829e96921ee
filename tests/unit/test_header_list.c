/* Tests of src/fetch/header_list.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fetch/header_list.h"
#include "support/failing_allocator.h"
#include "support/leftovers.h"

static void add(xhr__header_list *list, const char *name, const char *value) {
  assert_int_equal(xhr__header_list_append(list, xhr__str_c(name), xhr__str_c(value)), XHR_OK);
}

/* Asserts that the list reads "name:value|name:value|". */
static void assert_list(const xhr__header_list *list, const char *expected) {
  xhr__bytes text = {0};
  for (size_t i = 0; i < list->count; i++) {
    assert_int_equal(xhr__bytes_append(&text, xhr__header_list_name(list, i)), XHR_OK);
    assert_int_equal(xhr__bytes_append_byte(&text, ':'), XHR_OK);
    assert_int_equal(xhr__bytes_append(&text, xhr__header_list_value(list, i)), XHR_OK);
    assert_int_equal(xhr__bytes_append_byte(&text, '|'), XHR_OK);
  }
  assert_string_equal(text.data ? text.data : "", expected);
  xhr__bytes_free(&text);
}

static void test_append_and_get(void **state) {
  (void)state;
  xhr__header_list list = {0};
  xhr__bytes storage = {0};
  xhr__str value;
  assert_int_equal(xhr__header_list_get(&list, XHR__STR("a"), &storage, &value), XHR_NOT_FOUND);
  add(&list, "Accept", "one");
  add(&list, "B", "");
  add(&list, "accept", "two");
  assert_list(&list, "Accept:one|B:|Accept:two|");
  assert_true(xhr__header_list_contains(&list, XHR__STR("ACCEPT")));
  assert_false(xhr__header_list_contains(&list, XHR__STR("ACCEP")));
  assert_int_equal(xhr__header_list_get(&list, XHR__STR("aCCept"), &storage, &value), XHR_OK);
  assert_true(xhr__str_equals(value, XHR__STR("one, two")));
  assert_int_equal(xhr__header_list_get(&list, XHR__STR("b"), &storage, &value), XHR_OK);
  assert_int_equal(value.len, 0);
  xhr__bytes_free(&storage);
  xhr__header_list_free(&list);
}

static void test_values(void **state) {
  (void)state;
  xhr__header_list list = {0};
  xhr__str *values;
  size_t count;
  add(&list, "a", "1");
  add(&list, "b", "2");
  add(&list, "A", "3");
  assert_int_equal(xhr__header_list_values(&list, XHR__STR("A"), &values, &count), XHR_OK);
  assert_int_equal(count, 2);
  assert_true(xhr__str_equals(values[1], XHR__STR("3")));
  xhr__free(values);
  assert_int_equal(xhr__header_list_values(&list, XHR__STR("c"), &values, &count), XHR_OK);
  assert_null(values);
  assert_int_equal(count, 0);
  xhr__header_list_free(&list);
}

static void test_set_and_delete(void **state) {
  (void)state;
  xhr__header_list list = {0};
  add(&list, "a", "1");
  add(&list, "b", "2");
  add(&list, "A", "3");
  assert_int_equal(xhr__header_list_set(&list, XHR__STR("A"), XHR__STR("long value")), XHR_OK);
  assert_list(&list, "a:long value|b:2|");
  assert_int_equal(xhr__header_list_set(&list, XHR__STR("C"), XHR__STR("x")), XHR_OK);
  xhr__header_list_delete(&list, XHR__STR("B"));
  assert_list(&list, "a:long value|C:x|");
  xhr__header_list_delete(&list, XHR__STR("none"));
  assert_list(&list, "a:long value|C:x|");
  xhr__header_list_free(&list);
}

static void test_combine(void **state) {
  (void)state;
  xhr__header_list list = {0};
  assert_int_equal(xhr__header_list_combine(&list, XHR__STR("X"), XHR__STR("1")), XHR_OK);
  assert_int_equal(xhr__header_list_combine(&list, XHR__STR("x"), XHR__STR("2")), XHR_OK);
  assert_list(&list, "X:1, 2|");
  assert_int_equal(xhr__header_list_combine(&list, XHR__STR("Y"), XHR__STR("")), XHR_OK);
  assert_int_equal(xhr__header_list_combine(&list, XHR__STR("X"), XHR__STR("3")), XHR_OK);
  assert_int_equal(xhr__header_list_combine(&list, XHR__STR("y"), XHR__STR("")), XHR_OK);
  assert_list(&list, "X:1, 2, 3|Y:, |");
  xhr__header_list_free(&list);
}

/* What is replaced over and over does not pile up. */
static void test_tidy(void **state) {
  (void)state;
  xhr__header_list list = {0};
  for (int i = 0; i < 2000; i++) {
    assert_int_equal(xhr__header_list_set(&list, XHR__STR("a"), XHR__STR("0123456789")), XHR_OK);
    assert_int_equal(xhr__header_list_combine(&list, XHR__STR("b"), XHR__STR("x")), XHR_OK);
  }
  assert_true(list.text.len < 40000);
  assert_true(xhr__str_equals(xhr__header_list_value(&list, 0), XHR__STR("0123456789")));
  assert_int_equal(xhr__header_list_value(&list, 1).len, 2000 * 3 - 2);
  xhr__header_list_free(&list);
}

static void test_copy_and_move(void **state) {
  (void)state;
  xhr__header_list list = {0}, copy, moved = {0};
  assert_int_equal(xhr__header_list_copy(&list, &copy), XHR_OK);
  assert_int_equal(copy.count, 0);
  add(&list, "a", "1");
  add(&list, "b", "2");
  assert_int_equal(xhr__header_list_copy(&list, &copy), XHR_OK);
  add(&moved, "old", "old");
  xhr__header_list_move(&moved, &list);
  assert_list(&list, "");
  assert_list(&copy, "a:1|b:2|");
  assert_list(&moved, "a:1|b:2|");
  xhr__header_list_free(&copy);
  xhr__header_list_free(&moved);
}

static void test_sort_and_combine(void **state) {
  (void)state;
  xhr__header_list list = {0}, sorted;
  assert_int_equal(xhr__header_list_sort_and_combine(&list, &sorted), XHR_OK);
  assert_int_equal(sorted.count, 0);
  add(&list, "Set-Cookie", "z=1");
  add(&list, "b", "1");
  add(&list, "A_", "1");
  add(&list, "SET-COOKIE", "a=2");
  add(&list, "AB", "");
  add(&list, "B", "2");
  add(&list, "b", "3");
  assert_int_equal(xhr__header_list_sort_and_combine(&list, &sorted), XHR_OK);
  /* "_" comes before the lower-case letters. */
  assert_list(&sorted, "a_:1|ab:|b:1, 2, 3|set-cookie:z=1|set-cookie:a=2|");
  assert_true(xhr__header_list_contains(&sorted, XHR__STR("Ab")));
  xhr__header_list_free(&sorted);
  xhr__header_list_free(&list);
}

static void test_many(void **state) {
  (void)state;
  xhr__header_list list = {0}, sorted;
  char name[] = "x-aaa";
  for (int i = 0; i < 3000; i++) {
    name[2] = (char)('a' + i / 676 % 26);
    name[3] = (char)('a' + i / 26 % 26);
    name[4] = (char)('a' + i % 26);
    add(&list, name, name);
  }
  assert_int_equal(xhr__header_list_sort_and_combine(&list, &sorted), XHR_OK);
  assert_int_equal(sorted.count, 3000);
  assert_true(xhr__str_equals(xhr__header_list_value(&sorted, 2999), xhr__str_c(name)));
  xhr__header_list_free(&sorted);
  xhr__header_list_free(&list);
}

static void test_names_and_values(void **state) {
  (void)state;
  assert_true(xhr__is_header_name(XHR__STR("X-Y")));
  assert_false(xhr__is_header_name(XHR__STR("")));
  assert_false(xhr__is_header_name(XHR__STR("a b")));
  assert_false(xhr__is_header_name(xhr__str_of("a\0", 2)));
  assert_true(xhr__is_header_value(XHR__STR("")));
  assert_true(xhr__is_header_value(XHR__STR("a \t b\x01\x7f\xff")));
  assert_false(xhr__is_header_value(XHR__STR(" a")));
  assert_false(xhr__is_header_value(XHR__STR("a\t")));
  assert_false(xhr__is_header_value(XHR__STR("a\rb")));
  assert_false(xhr__is_header_value(XHR__STR("a\nb")));
  assert_false(xhr__is_header_value(xhr__str_of("a\0b", 3)));
  xhr__str value = xhr__header_value_normalize(XHR__STR(" \r\n\ta b\n "));
  assert_true(xhr__str_equals(value, XHR__STR("a b")));
}

static void test_extract_length(void **state) {
  (void)state;
  xhr__header_list list = {0};
  bool has;
  uint64_t length;
  assert_int_equal(xhr__header_list_extract_length(&list, &has, &length), XHR_OK);
  assert_false(has);
  add(&list, "Content-Length", "42");
  add(&list, "content-length", "42");
  assert_int_equal(xhr__header_list_extract_length(&list, &has, &length), XHR_OK);
  assert_true(has && length == 42);
  add(&list, "content-length", "43");
  assert_int_equal(xhr__header_list_extract_length(&list, &has, &length), XHR_SYNTAX_ERR);
  xhr__header_list_free(&list);
}

static void without_memory(void *user) {
  (void)user;
  xhr__header_list list = {0}, copy = {0}, sorted = {0};
  xhr__bytes storage = {0};
  xhr__str value, *values;
  size_t count, before;
  for (int i = 0; i < 20; i++) {
    before = list.count;
    if (xhr__header_list_append(&list, XHR__STR("a"), XHR__STR("value")) != XHR_OK)
      assert_int_equal(list.count, before);
  }
  (void)xhr__header_list_combine(&list, XHR__STR("a"), XHR__STR("more"));
  (void)xhr__header_list_set(&list, XHR__STR("b"), XHR__STR("more"));
  (void)xhr__header_list_get(&list, XHR__STR("a"), &storage, &value);
  if (xhr__header_list_values(&list, XHR__STR("a"), &values, &count) == XHR_OK)
    xhr__free(values);
  if (xhr__header_list_copy(&list, &copy) == XHR_OK)
    xhr__header_list_free(&copy);
  if (xhr__header_list_sort_and_combine(&list, &sorted) == XHR_OK)
    xhr__header_list_free(&sorted);
  xhr__bytes_free(&storage);
  xhr__header_list_free(&list);
}

static void test_out_of_memory(void **state) {
  (void)state;
  assert_true(failing_allocator_loop(without_memory, NULL, NULL) > 4);
}

static void two_allocations(void *user) {
  (void)user;
  xhr__header_list list = {0};
  for (char name[] = "a"; *name < 'm'; (*name)++)
    add(&list, name, "some twenty bytes of text");
  assert_int_equal(failing_allocator_calls(), 2);
  xhr__header_list_free(&list);
}

static void test_two_allocations(void **state) {
  (void)state;
  failing_allocator_install();
  failing_allocator_arm(0, false);
  two_allocations(NULL);
  failing_allocator_uninstall();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_append_and_get),
      cmocka_unit_test(test_values),
      cmocka_unit_test(test_set_and_delete),
      cmocka_unit_test(test_combine),
      cmocka_unit_test(test_tidy),
      cmocka_unit_test(test_copy_and_move),
      cmocka_unit_test(test_sort_and_combine),
      cmocka_unit_test(test_many),
      cmocka_unit_test(test_names_and_values),
      cmocka_unit_test(test_extract_length),
      cmocka_unit_test(test_out_of_memory),
      cmocka_unit_test(test_two_allocations),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
