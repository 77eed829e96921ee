/* https://fetch.spec.whatwg.org/#concept-header-list */
#ifndef XHR__FETCH_HEADER_LIST_H
#define XHR__FETCH_HEADER_LIST_H

#include "infra/bytes.h"

/* Where one header lies in the list's text. */
typedef struct xhr__header {
  size_t name_at, name_len;
  size_t value_at, value_len;
  uint32_t
      hash; /* of the name, its case aside: a server that sends thousands of names costs little */
} xhr__header;

/* Headers in order, all text in one block. Zero-initialise ({0}); free with xhr__header_list_free. What a function
 * borrows from it holds until the list changes; it may not be an argument of what changes the list. */
typedef struct xhr__header_list {
  xhr__bytes text;
  xhr__header *headers;
  size_t count;
  size_t capacity;
} xhr__header_list;

void xhr__header_list_free(xhr__header_list *list);
/* Empties it, keeping the memory. */
void xhr__header_list_clear(xhr__header_list *list);
/* Exchanges the contents of two lists. */
void xhr__header_list_swap(xhr__header_list *a, xhr__header_list *b);
/* `to` is overwritten, not freed. */
xhr_status xhr__header_list_copy(const xhr__header_list *from, xhr__header_list *to);
/* Moves the list, freeing what `to` held; `from` is empty after. */
void xhr__header_list_move(xhr__header_list *to, xhr__header_list *from);

xhr__str xhr__header_list_name(const xhr__header_list *list, size_t index);
xhr__str xhr__header_list_value(const xhr__header_list *list, size_t index);

/* https://fetch.spec.whatwg.org/#header-list-contains */
bool xhr__header_list_contains(const xhr__header_list *list, xhr__str name);
/* Index of the first header of that name at or after `start`, or list->count. Names compare ASCII
 * case-insensitively, here and below. */
size_t xhr__header_list_find(const xhr__header_list *list, size_t start, xhr__str name);
/* https://fetch.spec.whatwg.org/#concept-header-list-get: XHR_NOT_FOUND for null; else all values joined by ", ".
 * With one value it is borrowed from the list, else from `storage`, whose old contents are replaced. */
xhr_status xhr__header_list_get(const xhr__header_list *list, xhr__str name, xhr__bytes *storage,
                                xhr__str *value);
/* The values of one name, in order, as a new array (NULL where there is none) of borrowed strings. The caller frees
 * the array with xhr__free. */
xhr_status xhr__header_list_values(const xhr__header_list *list, xhr__str name, xhr__str **values,
                                   size_t *count);
/* https://fetch.spec.whatwg.org/#concept-header-list-append: takes over the spelling of a name that is there. On
 * XHR_OUT_OF_MEMORY nothing changed; so for all below. */
xhr_status xhr__header_list_append(xhr__header_list *list, xhr__str name, xhr__str value);
/* The same, where the list does not contain the name. */
xhr_status xhr__header_list_append_if_missing(xhr__header_list *list, xhr__str name,
                                              xhr__str value);
/* https://fetch.spec.whatwg.org/#concept-header-list-delete */
void xhr__header_list_delete(xhr__header_list *list, xhr__str name);
/* Drops the headers whose place in `kept` is false. Never fails. */
void xhr__header_list_keep(xhr__header_list *list, const bool *kept);
/* https://fetch.spec.whatwg.org/#concept-header-list-set */
xhr_status xhr__header_list_set(xhr__header_list *list, xhr__str name, xhr__str value);
/* https://fetch.spec.whatwg.org/#concept-header-list-combine */
xhr_status xhr__header_list_combine(xhr__header_list *list, xhr__str name, xhr__str value);
/* https://fetch.spec.whatwg.org/#concept-header-list-sort-and-combine: names in lower case and in byte order, values
 * of one name joined but for those of Set-Cookie. `to` is overwritten, not freed; the caller frees it. */
xhr_status xhr__header_list_sort_and_combine(const xhr__header_list *list, xhr__header_list *to);

/* https://fetch.spec.whatwg.org/#concept-header-value-normalize: a slice of `value`. */
xhr__str xhr__header_value_normalize(xhr__str value);
/* https://fetch.spec.whatwg.org/#header-name */
bool xhr__is_header_name(xhr__str name);
/* https://fetch.spec.whatwg.org/#header-value */
bool xhr__is_header_value(xhr__str value);

/* https://fetch.spec.whatwg.org/#header-list-extract-a-length on a list. */
xhr_status xhr__header_list_extract_length(const xhr__header_list *list, bool *has_length,
                                           uint64_t *length);

#endif
