/* https://w3c.github.io/FileAPI/#url-model: the process's blob URL store. Any thread, but for what belongs to one
 * environment. */
#ifndef XHR__FILE_BLOB_URL_STORE_H
#define XHR__FILE_BLOB_URL_STORE_H

#include "file/blob.h"
#include "infra/list.h"
#include "url/origin.h"

/* What a URL record's blob_url_entry points at: counted through the record. */
typedef struct xhr__blob_url_entry xhr__blob_url_entry;

/* An environment settings object, as the store knows it: a member of its owner, on whose thread it stays. Prepare it
 * with xhr__blob_url_environment_init. */
typedef struct xhr__blob_url_environment {
  xhr__list entries; /* under the store's lock */
} xhr__blob_url_environment;

void xhr__blob_url_environment_init(xhr__blob_url_environment *environment);
/* Removes all entries of the environment: https://w3c.github.io/FileAPI/#lifeTime */
void xhr__blob_url_environment_end(xhr__blob_url_environment *environment);

/* https://w3c.github.io/FileAPI/#add-an-entry: takes a reference to `blob`. `origin` is the environment's; NULL: it is a
 * system context, which has none. Appends the URL to `url`. XHR_OK; XHR_OUT_OF_MEMORY; XHR_SYSTEM where no randomness is
 * to be had. */
xhr_status xhr__blob_url_store_add(xhr__blob_url_environment *environment,
                                   const xhr__origin *origin, xhr__blob *blob, xhr__bytes *url);
/* https://w3c.github.io/FileAPI/#dfn-revokeObjectURL, steps 3 to 7, for a client of that origin (NULL: a system
 * context). */
void xhr__blob_url_store_revoke(const xhr__url *url, const xhr__origin *origin);
/* https://w3c.github.io/FileAPI/#blob-url-obtain-object, of a URL record, for a client of that origin (NULL: a system
 * context); NULL for failure, and where the record has no entry. Borrowed from the record. */
xhr__blob *xhr__obtain_blob(const xhr__url *url, const xhr__origin *origin);
/* The same for a navigation, to which no partition is closed. */
xhr__blob *xhr__obtain_blob_for_navigation(const xhr__url *url);

#endif
