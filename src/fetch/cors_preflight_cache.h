/* https://fetch.spec.whatwg.org/#cors-preflight-cache
 * An engine's, on its thread. An entry may always be forgotten early: where memory is short it is not even made. */
#ifndef XHR__FETCH_CORS_PREFLIGHT_CACHE_H
#define XHR__FETCH_CORS_PREFLIGHT_CACHE_H

#include "fetch/request.h"
#include "infra/clock.h"
#include "infra/list.h"

/* What is kept: beyond that many the oldest goes, and an answer is believed for two hours at most, as Chromium does. */
#define XHR__PREFLIGHT_CACHE_ENTRIES 1000
#define XHR__PREFLIGHT_CACHE_MAX_AGE ((uint64_t)7200)

/* Zero-initialised: empty. */
typedef struct xhr__preflight_cache {
  xhr__list entries; /* the oldest first; zeroed before the first */
  size_t count;
} xhr__preflight_cache;

void xhr__preflight_cache_free(xhr__preflight_cache *cache);

/* CORS-preflight fetch, steps 7.12 to 7.15, for one method or header name: sets the matching entry's max-age (in
 * seconds), or makes an entry. The request's client is not NULL, here and below. */
void xhr__preflight_cache_set_method(xhr__preflight_cache *cache, const xhr__request *request,
                                     xhr__str method, uint64_t max_age, xhr__time now);
void xhr__preflight_cache_set_header_name(xhr__preflight_cache *cache, const xhr__request *request,
                                          xhr__str name, uint64_t max_age, xhr__time now);
/* https://fetch.spec.whatwg.org/#concept-cache-clear */
void xhr__preflight_cache_clear(xhr__preflight_cache *cache, const xhr__request *request);

/* https://fetch.spec.whatwg.org/#concept-cache-match-method */
bool xhr__method_cache_entry_match(const xhr__preflight_cache *cache, const xhr__request *request,
                                   xhr__str method, xhr__time now);
/* https://fetch.spec.whatwg.org/#concept-cache-match-header */
bool xhr__header_name_cache_entry_match(const xhr__preflight_cache *cache,
                                        const xhr__request *request, xhr__str name, xhr__time now);

#endif
