#include "file/form_data.h"

#include "infra/utf8.h"

/* ---- entries --------------------------------------------------------------------------------------------------- */

static void free_entry(xhr_form_data *form, xhr__form_entry *entry) {
  if (entry->wrapper && form->drop)
    form->drop(entry, form->drop_user);
  xhr__bytes_free(&entry->name);
  xhr__bytes_free(&entry->value);
  if (entry->file)
    xhr__blob_unref(&entry->file->blob);
}

void xhr__form_data_clear(xhr_form_data *form) {
  for (size_t i = 0; i < form->count; i++)
    free_entry(form, &form->entries[i]);
  xhr__free(form->entries);
  form->entries = NULL;
  form->count = form->capacity = 0;
}

/* The File that a Blob becomes in an entry, with a reference. */
static xhr_status entry_file(const xhr__form_value *value, xhr__file **file) {
  xhr__file *given = xhr__file_of_blob(value->blob);
  if (given && !value->has_filename) {
    (void)xhr__blob_ref(value->blob);
    *file = given;
    return XHR_OK;
  }
  /* 3.1. a Blob's name is "blob"; 3.2. a filename replaces either. NOTE: a File keeps its time, a Blob gets now. */
  xhr_status status = xhr__file_new(value->blob->segments, XHR__STR_EMPTY,
                                    value->has_filename ? value->filename : XHR__STR("blob"),
                                    given ? given->last_modified : xhr__file_time_now(), file);
  /* As it is: that of a response's Blob is not in lower case. */
  if (status == XHR_OK)
    status = xhr__bytes_assign(&(*file)->blob.type, xhr__bytes_str(&value->blob->type));
  return status;
}

/* https://html.spec.whatwg.org/#create-an-entry */
static xhr_status create_entry(xhr_form_data *form, xhr__str name, const xhr__form_value *value,
                               xhr__form_entry *entry) {
  *entry = (xhr__form_entry){0};
  /* 1. */
  xhr_status status = xhr__utf8_append_valid(&entry->name, name);
  /* 2. - 3. */
  if (status == XHR_OK && value->blob)
    status = entry_file(value, &entry->file);
  else if (status == XHR_OK)
    status = xhr__utf8_append_valid(&entry->value, value->text);
  if (status != XHR_OK)
    free_entry(form, entry);
  return status;
}

/* Takes over the entry on XHR_OK. */
static xhr_status append_entry(xhr_form_data *form, const xhr__form_entry *entry) {
  void *array = form->entries;
  if (!xhr__grow(&array, &form->capacity, form->count + 1, sizeof *form->entries))
    return XHR_OUT_OF_MEMORY;
  form->entries = array;
  form->entries[form->count++] = *entry;
  return XHR_OK;
}

/* Removes all such entries from index `from` on. */
static void remove_from(xhr_form_data *form, xhr__str name, size_t from) {
  size_t kept = from;
  for (size_t i = from; i < form->count; i++) {
    xhr__form_entry *entry = &form->entries[i];
    if (xhr__str_equals(xhr__bytes_str(&entry->name), name))
      free_entry(form, entry);
    else
      form->entries[kept++] = *entry;
  }
  form->count = kept;
}

/* https://xhr.spec.whatwg.org/#dom-formdata-append */
xhr_status xhr__form_data_append(xhr_form_data *form, xhr__str name, const xhr__form_value *value,
                                 xhr__form_entry **entry) {
  xhr__form_entry made;
  /* 1. - 2. */
  xhr_status status = create_entry(form, name, value, &made);
  if (status != XHR_OK)
    return status;
  /* 3. */
  status = append_entry(form, &made);
  if (status != XHR_OK)
    free_entry(form, &made);
  else if (entry)
    *entry = &form->entries[form->count - 1];
  return status;
}

/* https://xhr.spec.whatwg.org/#dom-formdata-set */
xhr_status xhr__form_data_set(xhr_form_data *form, xhr__str name, const xhr__form_value *value,
                              xhr__form_entry **entry) {
  xhr__form_entry made;
  xhr__form_entry *first = xhr__form_data_find(form, name, 0);
  /* 4. */
  if (!first)
    return xhr__form_data_append(form, name, value, entry);
  /* 1. - 2. */
  xhr_status status = create_entry(form, name, value, &made);
  if (status != XHR_OK)
    return status;
  /* 3. */
  free_entry(form, first);
  *first = made;
  remove_from(form, name, (size_t)(first - form->entries) + 1);
  if (entry)
    *entry = first;
  return XHR_OK;
}

/* https://xhr.spec.whatwg.org/#dom-formdata-delete */
void xhr__form_data_delete(xhr_form_data *form, xhr__str name) {
  remove_from(form, name, 0);
}

xhr__form_entry *xhr__form_data_find(const xhr_form_data *form, xhr__str name, size_t from) {
  for (size_t i = from; i < form->count; i++) {
    if (xhr__str_equals(xhr__bytes_str(&form->entries[i].name), name))
      return &form->entries[i];
  }
  return NULL;
}

/* ---- the public functions -------------------------------------------------------------------------------------- */

static bool is_string(xhr_string string) {
  return string.data != NULL;
}

static bool is_null_or_string(xhr_string string) {
  return string.data || string.len == 0;
}

static xhr__str inner(xhr_string string) {
  return xhr__str_of(string.data ? string.data : "", string.len);
}

xhr_status xhr_form_data_new(xhr_form_data **form) {
  if (!form)
    return XHR_INVALID_ARGUMENT;
  *form = XHR__NEW(xhr_form_data);
  return *form ? XHR_OK : XHR_OUT_OF_MEMORY;
}

void xhr_form_data_free(xhr_form_data *form) {
  if (!form)
    return;
  xhr__form_data_clear(form);
  xhr__free(form);
}

xhr_status xhr_form_data_append_text(xhr_form_data *form, xhr_string name, xhr_string value) {
  if (!form || !is_string(name) || !is_string(value))
    return XHR_INVALID_ARGUMENT;
  xhr__form_value text = {.text = inner(value)};
  return xhr__form_data_append(form, inner(name), &text, NULL);
}

/* Appends a new File of `segments`, whose reference is taken over. */
static xhr_status append_file(xhr_form_data *form, xhr_string name, xhr__segments *segments,
                              xhr_string type, xhr__str filename, int64_t modified) {
  xhr__bytes valid = {0};
  xhr__file *file = NULL;
  xhr_status status = xhr__utf8_append_valid(&valid, filename);
  if (status == XHR_OK)
    status = xhr__file_new(segments, inner(type), xhr__bytes_str(&valid), modified, &file);
  if (status == XHR_OK) {
    xhr__form_value value = {.blob = &file->blob};
    status = xhr__form_data_append(form, inner(name), &value, NULL);
    xhr__blob_unref(&file->blob);
  }
  xhr__bytes_free(&valid);
  xhr__segments_unref(segments);
  return status;
}

/* What stands behind the last slash. */
static xhr__str last_part(xhr__str path) {
  size_t start = path.len;
  while (start > 0 && path.data[start - 1] != '/')
    start--;
  return xhr__str_from(path, start);
}

xhr_status xhr_form_data_append_file(xhr_form_data *form, xhr_string name, xhr_string path,
                                     xhr_string filename, xhr_string type) {
  xhr__segments *segments;
  int64_t modified;
  if (!form || !is_string(name) || !is_string(path) || path.len == 0 ||
      !is_null_or_string(filename) || !is_null_or_string(type) ||
      memchr(path.data, '\0', path.len)) {
    return XHR_INVALID_ARGUMENT;
  }
  xhr_status status = xhr__segments_new_file(inner(path), &segments, &modified);
  if (status != XHR_OK)
    return status;
  xhr__str told = filename.data ? inner(filename) : last_part(inner(path));
  return append_file(form, name, segments, type, told, modified);
}

xhr_status xhr_form_data_append_bytes(xhr_form_data *form, xhr_string name, const void *data,
                                      size_t len, xhr_release release, void *user,
                                      xhr_string filename, xhr_string type) {
  xhr__segments *segments;
  if (!form || !is_string(name) || (!data && len > 0) || !is_null_or_string(filename) ||
      !is_null_or_string(type)) {
    if (release)
      release(user);
    return XHR_INVALID_ARGUMENT;
  }
  xhr__str bytes = xhr__str_of(data, len);
  xhr_status status = release ? xhr__segments_new_borrowed(bytes, release, user, &segments)
                              : xhr__segments_new_bytes(bytes, &segments);
  if (status != XHR_OK)
    return status;
  xhr__str told = filename.data ? inner(filename) : XHR__STR("blob");
  return append_file(form, name, segments, type, told, xhr__file_time_now());
}
