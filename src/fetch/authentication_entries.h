/* https://fetch.spec.whatwg.org/#authentication-entry
 * What servers have accepted, for the requests that follow. An engine's, on its thread. An entry may always be forgotten
 * early: where memory is short it is not even made. */
#ifndef XHR__FETCH_AUTHENTICATION_ENTRIES_H
#define XHR__FETCH_AUTHENTICATION_ENTRIES_H

#include "fetch/request.h"
#include "infra/list.h"

/* What is kept: beyond that many the one that was made first goes. */
#define XHR__AUTHENTICATION_ENTRIES 256

/* Zero-initialised: empty. */
typedef struct xhr__authentication_entries {
  xhr__list entries; /* the oldest first; zeroed before the first */
  size_t count;
} xhr__authentication_entries;

void xhr__authentication_entries_free(xhr__authentication_entries *entries);

/* The entry for a request: the value of its Authorization header, borrowed; empty where there is none. It is that of the
 * same client's origin and the current URL's, and of the deepest folder that the URL's path lies in:
 * https://www.rfc-editor.org/rfc/rfc7617#section-2.2 */
xhr__str xhr__authentication_entry_for(const xhr__authentication_entries *entries,
                                       const xhr__request *request);
/* Makes an entry for the folder of the request's current URL, or changes it. */
void xhr__authentication_entry_create(xhr__authentication_entries *entries,
                                      const xhr__request *request, xhr__str authorization);
/* Forgets the entry for a request: the server refuses it. */
void xhr__authentication_entry_forget(xhr__authentication_entries *entries,
                                      const xhr__request *request);

#endif
