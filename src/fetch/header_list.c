#include "fetch/header_list.h"

#include <stdlib.h>

#include "fetch/extract_length.h"

/* What a first header makes room for, so that a usual list is two allocations. */
enum { FIRST_HEADERS = 16, FIRST_TEXT = 511 };

void xhr__header_list_free(xhr__header_list *list) {
  xhr__bytes_free(&list->text);
  xhr__free(list->headers);
  *list = (xhr__header_list){0};
}

xhr_status xhr__header_list_copy(const xhr__header_list *from, xhr__header_list *to) {
  *to = (xhr__header_list){0};
  if (from->count == 0)
    return XHR_OK;
  void *headers = NULL;
  if (!xhr__grow(&headers, &to->capacity, from->count, sizeof *to->headers))
    return XHR_OUT_OF_MEMORY;
  to->headers = headers;
  if (xhr__bytes_append(&to->text, xhr__bytes_str(&from->text)) != XHR_OK) {
    xhr__header_list_free(to);
    return XHR_OUT_OF_MEMORY;
  }
  memcpy(to->headers, from->headers, from->count * sizeof *to->headers);
  to->count = from->count;
  return XHR_OK;
}

void xhr__header_list_clear(xhr__header_list *list) {
  xhr__bytes_clear(&list->text);
  list->count = 0;
}

void xhr__header_list_swap(xhr__header_list *a, xhr__header_list *b) {
  xhr__header_list moved = *a;
  *a = *b;
  *b = moved;
}

void xhr__header_list_move(xhr__header_list *to, xhr__header_list *from) {
  xhr__header_list moved = *from;
  *from = (xhr__header_list){0};
  xhr__header_list_free(to);
  *to = moved;
}

xhr__str xhr__header_list_name(const xhr__header_list *list, size_t index) {
  const xhr__header *header = &list->headers[index];
  return xhr__str_of(list->text.data + header->name_at, header->name_len);
}

xhr__str xhr__header_list_value(const xhr__header_list *list, size_t index) {
  const xhr__header *header = &list->headers[index];
  return xhr__str_of(list->text.data + header->value_at, header->value_len);
}

/* FNV-1a of the name in lower case. */
static uint32_t hash_of(xhr__str name) {
  uint32_t hash = 2166136261u;
  for (size_t i = 0; i < name.len; i++)
    hash = (hash ^ (uint8_t)xhr__ascii_lower(name.data[i])) * 16777619u;
  return hash;
}

static size_t find_hashed(const xhr__header_list *list, size_t start, xhr__str name,
                          uint32_t hash) {
  for (size_t i = start; i < list->count; i++) {
    if (list->headers[i].hash == hash && xhr__str_equals_ci(xhr__header_list_name(list, i), name)) {
      return i;
    }
  }
  return list->count;
}

size_t xhr__header_list_find(const xhr__header_list *list, size_t start, xhr__str name) {
  return find_hashed(list, start, name, hash_of(name));
}

bool xhr__header_list_contains(const xhr__header_list *list, xhr__str name) {
  return xhr__header_list_find(list, 0, name) < list->count;
}

xhr_status xhr__header_list_get(const xhr__header_list *list, xhr__str name, xhr__bytes *storage,
                                xhr__str *value) {
  uint32_t hash = hash_of(name);
  size_t at = find_hashed(list, 0, name, hash);
  /* 1. not contained: null */
  if (at == list->count)
    return XHR_NOT_FOUND;
  /* 2. all values, joined */
  size_t next = find_hashed(list, at + 1, name, hash);
  *value = xhr__header_list_value(list, at);
  if (next == list->count)
    return XHR_OK;
  xhr_status status = xhr__bytes_assign(storage, *value);
  for (; status == XHR_OK && next < list->count; next = find_hashed(list, next + 1, name, hash)) {
    status = xhr__bytes_append(storage, XHR__STR(", "));
    if (status == XHR_OK)
      status = xhr__bytes_append(storage, xhr__header_list_value(list, next));
  }
  *value = xhr__bytes_str(storage);
  return status;
}

xhr_status xhr__header_list_values(const xhr__header_list *list, xhr__str name, xhr__str **values,
                                   size_t *count) {
  uint32_t hash = hash_of(name);
  size_t capacity = 0;
  void *array = NULL;
  *values = NULL;
  *count = 0;
  for (size_t at = find_hashed(list, 0, name, hash); at < list->count;
       at = find_hashed(list, at + 1, name, hash)) {
    if (!xhr__grow(&array, &capacity, *count + 1, sizeof **values)) {
      xhr__free(array);
      *values = NULL;
      *count = 0;
      return XHR_OUT_OF_MEMORY;
    }
    *values = array;
    (*values)[(*count)++] = xhr__header_list_value(list, at);
  }
  return XHR_OK;
}

/* Room for one more header and `text` more bytes. */
static xhr_status reserve(xhr__header_list *list, size_t text) {
  size_t want = list->count ? list->count + 1 : FIRST_HEADERS;
  void *headers = list->headers;
  if (!xhr__grow(&headers, &list->capacity, want, sizeof *list->headers))
    return XHR_OUT_OF_MEMORY;
  list->headers = headers;
  if (list->text.capacity == 0 && text < FIRST_TEXT)
    text = FIRST_TEXT;
  return xhr__bytes_reserve(&list->text, text);
}

/* Appends to the text, for which there is room; returns where it lies. */
static size_t store(xhr__header_list *list, xhr__str text) {
  size_t at = list->text.len;
  (void)xhr__bytes_append(&list->text, text);
  return at;
}

xhr_status xhr__header_list_append(xhr__header_list *list, xhr__str name, xhr__str value) {
  uint32_t hash = hash_of(name);
  size_t same = find_hashed(list, 0, name, hash);
  size_t text;
  if (!xhr__size_add(same < list->count ? 0 : name.len, value.len, &text) ||
      reserve(list, text) != XHR_OK) {
    return XHR_OUT_OF_MEMORY;
  }
  /* 1. a name that is there lends its spelling */
  size_t name_at = same < list->count ? list->headers[same].name_at : store(list, name);
  /* 2. */
  size_t value_at = store(list, value);
  list->headers[list->count++] = (xhr__header){name_at, name.len, value_at, value.len, hash};
  return XHR_OK;
}

/* Removes the headers of that name at or after `start`; their text stays until the next tidying. */
static void remove_from(xhr__header_list *list, size_t start, xhr__str name, uint32_t hash) {
  size_t kept = start;
  for (size_t i = start; i < list->count; i++) {
    bool same =
        list->headers[i].hash == hash && xhr__str_equals_ci(xhr__header_list_name(list, i), name);
    if (!same)
      list->headers[kept++] = list->headers[i];
  }
  list->count = kept;
}

xhr_status xhr__header_list_append_if_missing(xhr__header_list *list, xhr__str name,
                                              xhr__str value) {
  return xhr__header_list_contains(list, name) ? XHR_OK
                                               : xhr__header_list_append(list, name, value);
}

void xhr__header_list_delete(xhr__header_list *list, xhr__str name) {
  remove_from(list, 0, name, hash_of(name));
}

void xhr__header_list_keep(xhr__header_list *list, const bool *kept) {
  size_t count = 0;
  for (size_t i = 0; i < list->count; i++) {
    if (kept[i])
      list->headers[count++] = list->headers[i];
  }
  list->count = count;
}

/* Copies the text that is in use into a new block where most of the old one is not any more. */
static void tidy(xhr__header_list *list) {
  size_t used = FIRST_TEXT;
  for (size_t i = 0; i < list->count; i++)
    used += list->headers[i].name_len + list->headers[i].value_len;
  if (list->text.len / 2 <= used)
    return;
  xhr__bytes text = {0};
  /* Where memory is short, the old block does as well. */
  if (xhr__bytes_reserve(&text, used) != XHR_OK)
    return;
  for (size_t i = 0; i < list->count; i++) {
    xhr__str name = xhr__header_list_name(list, i), value = xhr__header_list_value(list, i);
    size_t at = text.len;
    (void)xhr__bytes_append(&text, name);
    (void)xhr__bytes_append(&text, value);
    list->headers[i].name_at = at;
    list->headers[i].value_at = at + name.len;
  }
  xhr__bytes_move(&list->text, &text);
}

xhr_status xhr__header_list_set(xhr__header_list *list, xhr__str name, xhr__str value) {
  uint32_t hash = hash_of(name);
  size_t at = find_hashed(list, 0, name, hash);
  /* 2. not there: append */
  if (at == list->count)
    return xhr__header_list_append(list, name, value);
  /* 1. the first takes the value, the others go */
  if (xhr__bytes_reserve(&list->text, value.len) != XHR_OK)
    return XHR_OUT_OF_MEMORY;
  list->headers[at].value_at = store(list, value);
  list->headers[at].value_len = value.len;
  remove_from(list, at + 1, name, hash);
  tidy(list);
  return XHR_OK;
}

xhr_status xhr__header_list_combine(xhr__header_list *list, xhr__str name, xhr__str value) {
  size_t at = xhr__header_list_find(list, 0, name);
  /* 2. not there: append */
  if (at == list->count)
    return xhr__header_list_append(list, name, value);
  /* 1. its value, a comma and a space, the new value; in place where its value ends the text */
  xhr__header *header = &list->headers[at];
  bool last = header->value_at + header->value_len == list->text.len;
  size_t len, text;
  if (!xhr__size_add(header->value_len, 2, &len) || !xhr__size_add(len, value.len, &len))
    return XHR_OUT_OF_MEMORY;
  text = last ? len - header->value_len : len;
  if (xhr__bytes_reserve(&list->text, text) != XHR_OK)
    return XHR_OUT_OF_MEMORY;
  if (!last)
    header->value_at = store(list, xhr__header_list_value(list, at));
  (void)store(list, XHR__STR(", "));
  (void)store(list, value);
  header->value_len = len;
  tidy(list);
  return XHR_OK;
}

/* ---- sort and combine ----------------------------------------------------------------------------------------- */

typedef struct sorted_header {
  xhr__str name;
  size_t index;
} sorted_header;

/* By name in lower case, then by place. */
static int compare_headers(const void *a, const void *b) {
  const sorted_header *left = a, *right = b;
  size_t len = left->name.len < right->name.len ? left->name.len : right->name.len;
  for (size_t i = 0; i < len; i++) {
    uint8_t x = (uint8_t)xhr__ascii_lower(left->name.data[i]);
    uint8_t y = (uint8_t)xhr__ascii_lower(right->name.data[i]);
    if (x != y)
      return x < y ? -1 : 1;
  }
  if (left->name.len != right->name.len)
    return left->name.len < right->name.len ? -1 : 1;
  return left->index < right->index ? -1 : 1;
}

/* Appends one header without looking at those that are there, its name in lower case. */
static xhr_status append_lower(xhr__header_list *list, xhr__str name, xhr__str value) {
  size_t text;
  if (!xhr__size_add(name.len, value.len, &text) || reserve(list, text) != XHR_OK)
    return XHR_OUT_OF_MEMORY;
  size_t name_at = list->text.len;
  (void)xhr__bytes_append_lower(&list->text, name);
  size_t value_at = store(list, value);
  list->headers[list->count++] =
      (xhr__header){name_at, name.len, value_at, value.len, hash_of(name)};
  return XHR_OK;
}

/* Step 3 for one header in its sorted place. */
static xhr_status add_sorted(xhr__header_list *to, xhr__str name, xhr__str value) {
  if (to->count > 0 && !xhr__str_equals_ci(name, XHR__STR("set-cookie")) &&
      xhr__str_equals_ci(xhr__header_list_name(to, to->count - 1), name)) {
    /* 3.2. the same name again: joined; the value is the last thing in the text */
    size_t before = to->text.len;
    if (xhr__bytes_reserve(&to->text, 2) != XHR_OK)
      return XHR_OUT_OF_MEMORY;
    (void)store(to, XHR__STR(", "));
    if (xhr__bytes_append(&to->text, value) != XHR_OK)
      return XHR_OUT_OF_MEMORY;
    to->headers[to->count - 1].value_len += to->text.len - before;
    return XHR_OK;
  }
  /* 3.1. Set-Cookie: each value by itself; 3.2. a new name */
  return append_lower(to, name, value);
}

xhr_status xhr__header_list_sort_and_combine(const xhr__header_list *list, xhr__header_list *to) {
  /* 1. */
  *to = (xhr__header_list){0};
  if (list->count == 0)
    return XHR_OK;
  /* 2. names in lower case, sorted: here with the headers' places */
  sorted_header *sorted = xhr__calloc(list->count, sizeof *sorted);
  if (!sorted)
    return XHR_OUT_OF_MEMORY;
  for (size_t i = 0; i < list->count; i++)
    sorted[i] = (sorted_header){xhr__header_list_name(list, i), i};
  qsort(sorted, list->count, sizeof *sorted, compare_headers);
  /* 3. */
  xhr_status status = XHR_OK;
  for (size_t i = 0; i < list->count && status == XHR_OK; i++)
    status = add_sorted(to, sorted[i].name, xhr__header_list_value(list, sorted[i].index));
  /* 4. */
  if (status != XHR_OK)
    xhr__header_list_free(to);
  xhr__free(sorted);
  return status;
}

/* ---- names and values ----------------------------------------------------------------------------------------- */

xhr__str xhr__header_value_normalize(xhr__str value) {
  return xhr__str_trim_http_whitespace(value);
}

bool xhr__is_header_name(xhr__str name) {
  return xhr__is_http_token(name);
}

bool xhr__is_header_value(xhr__str value) {
  if (value.len > 0 && (xhr__is_http_tab_or_space(xhr__str_at(value, 0)) ||
                        xhr__is_http_tab_or_space(xhr__str_at(value, value.len - 1)))) {
    return false;
  }
  for (size_t i = 0; i < value.len; i++) {
    char c = value.data[i];
    if (c == '\0' || c == '\r' || c == '\n')
      return false;
  }
  return true;
}

xhr_status xhr__header_list_extract_length(const xhr__header_list *list, bool *has_length,
                                           uint64_t *length) {
  xhr__str *values;
  size_t count;
  xhr_status status = xhr__header_list_values(list, XHR__STR("Content-Length"), &values, &count);
  if (status != XHR_OK)
    return status;
  status = xhr__extract_length(values, count, has_length, length);
  xhr__free(values);
  return status;
}
