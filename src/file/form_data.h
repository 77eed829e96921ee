/* https://xhr.spec.whatwg.org/#interface-formdata: an entry list. Not thread-safe. */
#ifndef XHR__FILE_FORM_DATA_H
#define XHR__FILE_FORM_DATA_H

#include "file/file.h"
#include "xhr/form_data.h"

/* https://xhr.spec.whatwg.org/#formdata-entry */
typedef struct xhr__form_entry {
  xhr__bytes name;  /* UTF-8 */
  xhr__bytes value; /* UTF-8, unless it is a File */
  xhr__file *file;  /* counted, or NULL */
  void *wrapper;    /* a binding's, see `drop` */
} xhr__form_entry;

/* The public xhr_form_data. Zero-initialised it is an empty list; xhr__form_data_clear frees what it holds. */
struct xhr_form_data {
  xhr__form_entry *entries;
  size_t count, capacity;
  /* Called for an entry whose `wrapper` is not NULL when it leaves the list. May be NULL. */
  void (*drop)(xhr__form_entry *entry, void *user);
  void *drop_user;
};

/* Empties the list and frees its memory. */
void xhr__form_data_clear(xhr_form_data *form);

/* What `append` and `set` take: a string, or a Blob with or without a filename. All borrowed; the strings are UTF-8. */
typedef struct xhr__form_value {
  xhr__str text;
  xhr__blob *blob; /* NULL: text */
  xhr__str filename;
  bool has_filename;
} xhr__form_value;

/* https://xhr.spec.whatwg.org/#dom-formdata-append; `entry` (may be NULL) is the new entry, borrowed until the next change.
 * XHR_OK; XHR_OUT_OF_MEMORY, and then nothing has changed. */
xhr_status xhr__form_data_append(xhr_form_data *form, xhr__str name, const xhr__form_value *value,
                                 xhr__form_entry **entry);
/* https://xhr.spec.whatwg.org/#dom-formdata-set */
xhr_status xhr__form_data_set(xhr_form_data *form, xhr__str name, const xhr__form_value *value,
                              xhr__form_entry **entry);
/* https://xhr.spec.whatwg.org/#dom-formdata-delete */
void xhr__form_data_delete(xhr_form_data *form, xhr__str name);
/* https://xhr.spec.whatwg.org/#dom-formdata-get and getAll: the first such entry from index `from` on; NULL where there is
 * none. Borrowed until the next change. */
xhr__form_entry *xhr__form_data_find(const xhr_form_data *form, xhr__str name, size_t from);

#endif
