/* application/x-www-form-urlencoded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "support/failing_allocator.h"
#include "support/leftovers.h"
#include "url/urlencoded.h"

static void assert_str(xhr__str s, const char *want) {
  assert_int_equal(s.len, strlen(want));
  assert_memory_equal(s.data, want, s.len);
}

/* A case: the input, then names and values in turn, up to NULL. */
static void parse(void **state) {
  static const char *const cases[][8] = {
      {"", NULL},
      {"&", NULL},
      {"&&a&&", "a", "", NULL},
      {"a=b", "a", "b", NULL},
      {"a", "a", "", NULL},
      {"a=", "a", "", NULL},
      {"=b", "", "b", NULL},
      {"=", "", "", NULL},
      {"a=b=c", "a", "b=c", NULL},
      {"a=b&a=c", "a", "b", "a", "c", NULL},
      {"a+b=c+d", "a b", "c d", NULL},
      {"a%2Bb=%26%3D%25", "a+b", "&=%", NULL},
      {"%zz=%4", "%zz", "%4", NULL},
      {"%C3%A9=\xC3\xA9", "é", "é", NULL},
      {"\xFF=%FF%41", "\xEF\xBF\xBD",
       "\xEF\xBF\xBD"
       "A",
       NULL},
      {"%EF%BB%BFa=b",
       "\xEF\xBB\xBF"
       "a",
       "b", NULL},
      {"%ED%A0%80=", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", "", NULL},
      {"a=b;c=d", "a", "b;c=d", NULL},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    xhr__name_values list = {0};
    assert_int_equal(xhr__urlencoded_parse(xhr__str_c(cases[i][0]), &list), XHR_OK);
    size_t count = 0;
    for (; cases[i][1 + 2 * count]; count++) {
      assert_true(count < list.count);
      assert_str(xhr__bytes_str(&list.items[count].name), cases[i][1 + 2 * count]);
      assert_str(xhr__bytes_str(&list.items[count].value), cases[i][2 + 2 * count]);
    }
    assert_int_equal(list.count, count);
    xhr__name_values_free(&list);
  }
}

static void serialize(void **state) {
  static const struct {
    const char *name, *value;
  } items[] = {{"a", "b c"}, {"", ""}, {"é", "&=+%"}, {"*-._", "~!'()"}};
  xhr__name_values list = {0};
  xhr__bytes out = {0};
  (void)state;
  assert_int_equal(xhr__urlencoded_serialize(&list, NULL, &out), XHR_OK);
  assert_int_equal(out.len, 0);
  for (size_t i = 0; i < sizeof items / sizeof items[0]; i++)
    assert_int_equal(
        xhr__name_values_append(&list, xhr__str_c(items[i].name), xhr__str_c(items[i].value)),
        XHR_OK);
  assert_int_equal(xhr__name_values_append(&list, XHR__STR("\0\r\n"), XHR__STR("")), XHR_OK);
  assert_int_equal(xhr__urlencoded_serialize(&list, NULL, &out), XHR_OK);
  assert_str(xhr__bytes_str(&out), "a=b+c&=&%C3%A9=%26%3D%2B%25&*-._=%7E%21%27%28%29&%00%0D%0A=");
  xhr__name_values again = {0};
  assert_int_equal(xhr__urlencoded_parse(xhr__bytes_str(&out), &again), XHR_OK);
  assert_int_equal(again.count, list.count);
  for (size_t i = 0; i < list.count; i++) {
    assert_true(
        xhr__str_equals(xhr__bytes_str(&again.items[i].name), xhr__bytes_str(&list.items[i].name)));
    assert_true(xhr__str_equals(xhr__bytes_str(&again.items[i].value),
                                xhr__bytes_str(&list.items[i].value)));
  }
  xhr__name_values_free(&again);
  xhr__name_values_free(&list);
  xhr__bytes_free(&out);
}

static void run(void *user) {
  xhr__name_values list = {0};
  xhr__bytes out = {0};
  (void)user;
  xhr_status status = xhr__name_values_append(&list, XHR__STR("x"), XHR__STR("y"));
  if (status == XHR_OK) {
    status = xhr__urlencoded_parse(
        XHR__STR("a=b+c&%C3%A9=\xFF&c&d&e&f&g&h&i&j=kkkkkkkkkkkkkkkkkkkk"), &list);
    assert_int_equal(list.count, status == XHR_OK ? 11 : 1);
  }
  if (status == XHR_OK) {
    status = xhr__urlencoded_serialize(&list, NULL, &out);
    assert_true(status == XHR_OK || out.len == 0);
  }
  assert_true(status == XHR_OK || failing_allocator_failed());
  xhr__name_values_free(&list);
  xhr__bytes_free(&out);
}

static void every_allocation_fails(void **state) {
  (void)state;
  assert_true(failing_allocator_loop(run, NULL, NULL) > 20);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(parse),
      cmocka_unit_test(serialize),
      cmocka_unit_test(every_allocation_fails),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
