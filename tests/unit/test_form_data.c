/* Tests of src/file/form_data.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <unistd.h>

#include "file/form_data.h"
#include "support/failing_allocator.h"
#include "support/form_fixture.h"
#include "support/leftovers.h"

static const xhr_string null = {NULL, 0};
/* Not null, yet without bytes to read. */
static const xhr_string bad = {NULL, 5};

/* "name=value" of all entries, a File as [name], with commas. */
static void assert_entries(const char *expected) {
  xhr__bytes all = {0};
  for (size_t i = 0; i < form->count; i++) {
    const xhr__form_entry *entry = &form->entries[i];
    const xhr__bytes *value = entry->file ? &entry->file->name : &entry->value;
    if (i > 0)
      assert_int_equal(xhr__bytes_append_byte(&all, ','), XHR_OK);
    assert_int_equal(xhr__bytes_append(&all, xhr__bytes_str(&entry->name)), XHR_OK);
    assert_int_equal(xhr__bytes_append(&all, entry->file ? XHR__STR("=[") : XHR__STR("=")), XHR_OK);
    assert_int_equal(xhr__bytes_append(&all, xhr__bytes_str(value)), XHR_OK);
    if (entry->file)
      assert_int_equal(xhr__bytes_append_byte(&all, ']'), XHR_OK);
  }
  assert_string_equal(all.data ? all.data : "", expected);
  xhr__bytes_free(&all);
}

static void test_texts(void **state) {
  (void)state;
  form_append_text("a", "1");
  form_append_text("b", "2");
  form_append_text("a", "3");
  form_append_text("", "");
  assert_entries("a=1,b=2,a=3,=");
  const xhr__form_entry *entry = xhr__form_data_find(form, XHR__STR("a"), 0);
  assert_ptr_equal(entry, &form->entries[0]);
  assert_ptr_equal(xhr__form_data_find(form, XHR__STR("a"), 1), &form->entries[2]);
  assert_null(xhr__form_data_find(form, XHR__STR("a"), 3));
  assert_null(xhr__form_data_find(form, XHR__STR("A"), 0));
  assert_non_null(xhr__form_data_find(form, XHR__STR_EMPTY, 0));
  xhr__form_data_delete(form, XHR__STR("x"));
  xhr__form_data_delete(form, XHR__STR("a"));
  assert_entries("b=2,=");
  xhr__form_data_delete(form, XHR__STR("b"));
  xhr__form_data_delete(form, XHR__STR_EMPTY);
  assert_entries("");
}

static void test_set(void **state) {
  (void)state;
  xhr__form_entry *entry;
  xhr__form_value value = {.text = XHR__STR("new")};
  form_append_text("a", "1");
  form_append_text("b", "2");
  form_append_text("a", "3");
  form_append_text("c", "4");
  form_append_text("a", "5");
  assert_int_equal(xhr__form_data_set(form, XHR__STR("a"), &value, &entry), XHR_OK);
  assert_ptr_equal(entry, &form->entries[0]);
  assert_entries("a=new,b=2,c=4");
  assert_int_equal(xhr__form_data_set(form, XHR__STR("d"), &value, &entry), XHR_OK);
  assert_ptr_equal(entry, &form->entries[3]);
  assert_int_equal(xhr__form_data_set(form, XHR__STR("c"), &value, NULL), XHR_OK);
  assert_entries("a=new,b=2,c=new,d=new");
}

static xhr__segments *segments_of(const char *text) {
  xhr__segments *segments;
  assert_int_equal(xhr__segments_new_bytes(xhr__str_c(text), &segments), XHR_OK);
  return segments;
}

/* https://html.spec.whatwg.org/#create-an-entry */
static void test_blobs(void **state) {
  (void)state;
  xhr__segments *segments = segments_of("bytes");
  xhr__blob *blob;
  xhr__file *file;
  xhr__form_entry *entry;
  assert_int_equal(xhr__blob_new(segments, XHR__STR("a/b"), &blob), XHR_OK);
  assert_int_equal(xhr__file_new(segments, XHR__STR("c/d"), XHR__STR("f.txt"), 123, &file), XHR_OK);
  /* A Blob becomes a File of now. */
  xhr__form_value value = {.blob = blob};
  assert_int_equal(xhr__form_data_append(form, XHR__STR("x"), &value, &entry), XHR_OK);
  assert_true(entry->file->last_modified > 1500000000000);
  assert_true(xhr__str_equals(xhr__bytes_str(&entry->file->blob.type), XHR__STR("a/b")));
  assert_ptr_equal(entry->file->blob.segments, segments);
  /* A File stays itself. */
  value.blob = &file->blob;
  assert_int_equal(xhr__form_data_append(form, XHR__STR("x"), &value, &entry), XHR_OK);
  assert_ptr_equal(entry->file, file);
  /* A filename makes another one, of the same time. */
  value.has_filename = true;
  value.filename = XHR__STR("g");
  assert_int_equal(xhr__form_data_append(form, XHR__STR("x"), &value, &entry), XHR_OK);
  assert_ptr_not_equal(entry->file, file);
  assert_int_equal(entry->file->last_modified, 123);
  assert_true(xhr__str_equals(xhr__bytes_str(&entry->file->blob.type), XHR__STR("c/d")));
  value.blob = blob;
  value.filename = XHR__STR_EMPTY;
  assert_int_equal(xhr__form_data_append(form, XHR__STR("x"), &value, &entry), XHR_OK);
  assert_entries("x=[blob],x=[f.txt],x=[g],x=[]");
  xhr__segments_unref(segments);
  xhr__blob_unref(blob);
  xhr__blob_unref(&file->blob);
  xhr__form_value text = {.text = XHR__STR("t")};
  assert_int_equal(xhr__form_data_set(form, XHR__STR("x"), &text, NULL), XHR_OK);
  assert_entries("x=t");
}

static void count_drop(xhr__form_entry *entry, void *user) {
  assert_ptr_equal(entry->wrapper, user);
  ++*(int *)user;
}

static void test_wrappers(void **state) {
  (void)state;
  int dropped = 0;
  xhr__form_value value = {.text = XHR__STR("v")};
  form->drop = count_drop;
  form->drop_user = &dropped;
  for (size_t i = 0; i < 6; i++) {
    xhr__form_entry *entry;
    assert_int_equal(
        xhr__form_data_append(form, i < 3 ? XHR__STR("a") : XHR__STR("b"), &value, &entry), XHR_OK);
    if (i != 4)
      entry->wrapper = &dropped;
  }
  assert_int_equal(xhr__form_data_set(form, XHR__STR("a"), &value, NULL), XHR_OK);
  assert_int_equal(dropped, 3);
  xhr__form_data_delete(form, XHR__STR("b"));
  assert_int_equal(dropped, 5);
  form->entries[0].wrapper = &dropped;
  xhr__form_data_clear(form);
  assert_int_equal(dropped, 6);
}

/* ---- the public functions ---------------------------------------------------------------------------------------- */

static void count_release(void *user) {
  ++*(int *)user;
}

static void test_public_texts(void **state) {
  (void)state;
  assert_int_equal(xhr_form_data_append_text(form, xhr_str("a"), xhr_str("1")), XHR_OK);
  assert_int_equal(xhr_form_data_append_text(form, xhr_str(""), xhr_str("")), XHR_OK);
  assert_int_equal(xhr_form_data_append_text(form, xhr_str("\xFF"), xhr_str("x\xC3")), XHR_OK);
  assert_entries("a=1,=,\xEF\xBF\xBD=x\xEF\xBF\xBD");
}

static void test_public_bytes(void **state) {
  (void)state;
  int released = 0;
  char data[] = "data";
  assert_int_equal(xhr_form_data_append_bytes(form, xhr_str("a"), data, 4, NULL, NULL, null, null),
                   XHR_OK);
  assert_int_equal(xhr_form_data_append_bytes(form, xhr_str("b"), data, 4, count_release, &released,
                                              xhr_str("n\xFF"), xhr_str("Text/X")),
                   XHR_OK);
  assert_int_equal(xhr_form_data_append_bytes(form, xhr_str("c"), NULL, 0, NULL, NULL, xhr_str(""),
                                              xhr_str("a\r\nb")),
                   XHR_OK);
  data[0] = 'D';
  xhr__str bytes;
  assert_true(xhr__segments_bytes(form->entries[0].file->blob.segments, &bytes));
  assert_memory_equal(bytes.data, "data", 4);
  assert_true(xhr__segments_bytes(form->entries[1].file->blob.segments, &bytes));
  assert_ptr_equal(bytes.data, data);
  assert_string_equal(form->entries[1].file->blob.type.data, "text/x");
  assert_int_equal(form->entries[2].file->blob.type.len, 0);
  assert_entries("a=[blob],b=[n\xEF\xBF\xBD],c=[]");
  assert_int_equal(released, 0);
  xhr__form_data_clear(form);
  assert_int_equal(released, 1);
}

static void test_public_files(void **state) {
  (void)state;
  char path[] = "/tmp/xhr-form-XXXXXX";
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  assert_int_equal(write(fd, "0123", 4), 4);
  (void)close(fd);
  assert_int_equal(
      xhr_form_data_append_file(form, xhr_str("a"), xhr_str(path), null, xhr_str("a/b")), XHR_OK);
  assert_int_equal(xhr_form_data_append_file(form, xhr_str("b"), xhr_str(path), xhr_str("n"), null),
                   XHR_OK);
  assert_string_equal(form->entries[0].file->name.data, path + 5);
  assert_string_equal(form->entries[1].file->name.data, "n");
  assert_int_equal(xhr__blob_size(&form->entries[0].file->blob), 4);
  assert_true(xhr__file_time_now() - form->entries[0].file->last_modified < 60000);
  assert_int_equal(unlink(path), 0);
}

static void test_public_arguments(void **state) {
  (void)state;
  int released = 0;
  xhr_string text = xhr_str("x"), nul = xhr_strn("/tmp\0", 5);
  xhr_string wrong[] = {null, bad};
  assert_int_equal(xhr_form_data_new(NULL), XHR_INVALID_ARGUMENT);
  xhr_form_data_free(NULL);
  assert_int_equal(xhr_form_data_append_text(NULL, text, text), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_form_data_append_file(NULL, text, text, text, text), XHR_INVALID_ARGUMENT);
  for (size_t i = 0; i < 2; i++) {
    assert_int_equal(xhr_form_data_append_text(form, wrong[i], text), XHR_INVALID_ARGUMENT);
    assert_int_equal(xhr_form_data_append_text(form, text, wrong[i]), XHR_INVALID_ARGUMENT);
    assert_int_equal(xhr_form_data_append_file(form, wrong[i], text, text, text),
                     XHR_INVALID_ARGUMENT);
    assert_int_equal(xhr_form_data_append_file(form, text, wrong[i], text, text),
                     XHR_INVALID_ARGUMENT);
    assert_int_equal(
        xhr_form_data_append_bytes(form, wrong[i], "", 0, count_release, &released, text, text),
        XHR_INVALID_ARGUMENT);
  }
  assert_int_equal(released, 2);
  assert_int_equal(xhr_form_data_append_file(form, text, xhr_str(""), text, text),
                   XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_form_data_append_file(form, text, nul, text, text), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_form_data_append_file(form, text, text, bad, text), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_form_data_append_file(form, text, text, text, bad), XHR_INVALID_ARGUMENT);
  assert_int_equal(xhr_form_data_append_file(form, text, xhr_str("/nonexistent"), text, text),
                   XHR_IO);
  assert_int_equal(xhr_form_data_append_file(form, text, xhr_str("/tmp"), text, text), XHR_IO);
  assert_int_equal(
      xhr_form_data_append_bytes(NULL, text, "", 0, count_release, &released, text, text),
      XHR_INVALID_ARGUMENT);
  assert_int_equal(
      xhr_form_data_append_bytes(form, text, NULL, 1, count_release, &released, text, text),
      XHR_INVALID_ARGUMENT);
  assert_int_equal(
      xhr_form_data_append_bytes(form, text, "", 0, count_release, &released, bad, text),
      XHR_INVALID_ARGUMENT);
  assert_int_equal(
      xhr_form_data_append_bytes(form, text, "", 0, count_release, &released, text, bad),
      XHR_INVALID_ARGUMENT);
  assert_int_equal(released, 6);
  assert_int_equal(form->count, 0);
}

static void without_memory(void *user) {
  int released = 0;
  xhr_form_data *list;
  (void)user;
  if (xhr_form_data_new(&list) != XHR_OK)
    return;
  xhr_string name = xhr_str("name");
  xhr__form_value value = {.text = XHR__STR("value")};
  size_t good = xhr_form_data_append_text(list, name, xhr_str("text")) == XHR_OK;
  assert_int_equal(list->count, good);
  (void)xhr__form_data_set(list, XHR__STR("name"), &value, NULL);
  (void)xhr_form_data_append_file(list, name, xhr_str("/proc/self/exe"), null, xhr_str("a/b"));
  (void)xhr_form_data_append_bytes(list, name, "abc", 3, count_release, &released, name, name);
  (void)xhr_form_data_append_bytes(list, name, "abc", 3, NULL, NULL, name, name);
  xhr__form_data_delete(list, XHR__STR("name"));
  assert_int_equal(list->count, 0);
  assert_int_equal(released, 1);
  xhr_form_data_free(list);
}

static void test_out_of_memory(void **state) {
  (void)state;
  assert_true(failing_allocator_loop(without_memory, NULL, NULL) > 20);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      FORM_TEST(test_texts),
      FORM_TEST(test_set),
      FORM_TEST(test_blobs),
      FORM_TEST(test_wrappers),
      FORM_TEST(test_public_texts),
      FORM_TEST(test_public_bytes),
      FORM_TEST(test_public_files),
      FORM_TEST(test_public_arguments),
      cmocka_unit_test(test_out_of_memory),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
