#include "fetch/cors_preflight_cache.h"

#include "fetch/cors_safelisted.h"
#include "infra/alloc.h"

#define SECOND (1000 * XHR__MILLISECOND)

typedef enum entry_kind { METHOD, HEADER_NAME } entry_kind;

/* https://fetch.spec.whatwg.org/#concept-cache */
typedef struct cache_entry {
  xhr__list node;
  /* The key. NOTE: the network partition key is the client's whole origin, which is finer than its site. */
  uint64_t opaque_id;
  xhr__str partition;
  xhr__str origin; /* byte-serialized */
  xhr__str url;    /* without fragment, which no server sees */
  xhr__time expires;
  bool credentials;
  entry_kind kind;
  xhr__str name;
  char text[]; /* of the strings above */
} cache_entry;

static cache_entry *entry_of(const xhr__list *node) {
  return XHR__OWNER(node, cache_entry, node);
}

static void forget(xhr__preflight_cache *cache, cache_entry *entry) {
  xhr__list_remove(&entry->node);
  cache->count--;
  xhr__free(entry);
}

void xhr__preflight_cache_free(xhr__preflight_cache *cache) {
  while (cache->count > 0)
    forget(cache, entry_of(cache->entries.next));
  *cache = (xhr__preflight_cache){0};
}

/* ---- matching --------------------------------------------------------------------------------------------------- */

/* What an entry and a request have in common: the first three conditions of a cache entry match. */
static bool is_about(const cache_entry *entry, const xhr__request *request) {
  const xhr__origin *client = &request->client->origin;
  return entry->opaque_id == client->opaque_id &&
         xhr__str_equals(entry->url, xhr__url_href(xhr__request_current_url(request), true)) &&
         xhr__str_equals(entry->partition, xhr__bytes_str(&client->text)) &&
         xhr__str_equals(entry->origin, xhr__serialize_request_origin(request));
}

/* https://fetch.spec.whatwg.org/#concept-cache-match */
static bool matches(const cache_entry *entry, const xhr__request *request, xhr__time now) {
  return now < entry->expires && is_about(entry, request) &&
         (entry->credentials || request->credentials_mode != XHR__CREDENTIALS_INCLUDE);
}

static bool names_method(const cache_entry *entry, xhr__str method) {
  return entry->kind == METHOD &&
         (xhr__str_equals(entry->name, method) || xhr__str_equals(entry->name, XHR__STR("*")));
}

static bool names_header(const cache_entry *entry, xhr__str name) {
  return entry->kind == HEADER_NAME && (xhr__str_equals_ci(entry->name, name) ||
                                        (xhr__str_equals(entry->name, XHR__STR("*")) &&
                                         !xhr__is_cors_non_wildcard_request_header_name(name)));
}

/* The first entry that matches, or NULL. */
static cache_entry *find(const xhr__preflight_cache *cache, const xhr__request *request,
                         entry_kind kind, xhr__str name, xhr__time now) {
  if (cache->count == 0)
    return NULL;
  for (xhr__list *node = cache->entries.next; node != &cache->entries; node = node->next) {
    cache_entry *entry = entry_of(node);
    bool named = kind == METHOD ? names_method(entry, name) : names_header(entry, name);
    if (named && matches(entry, request, now))
      return entry;
  }
  return NULL;
}

bool xhr__method_cache_entry_match(const xhr__preflight_cache *cache, const xhr__request *request,
                                   xhr__str method, xhr__time now) {
  return find(cache, request, METHOD, method, now) != NULL;
}

bool xhr__header_name_cache_entry_match(const xhr__preflight_cache *cache,
                                        const xhr__request *request, xhr__str name, xhr__time now) {
  return find(cache, request, HEADER_NAME, name, now) != NULL;
}

/* ---- entries ---------------------------------------------------------------------------------------------------- */

/* Copies `s` to `*at`, which moves on. */
static xhr__str store(char **at, xhr__str s) {
  xhr__str copy = xhr__str_of(*at, s.len);
  if (s.len > 0)
    memcpy(*at, s.data, s.len);
  *at += s.len;
  return copy;
}

/* Room for one more: what has expired goes, else the oldest. */
static void make_room(xhr__preflight_cache *cache, xhr__time now) {
  if (cache->count < XHR__PREFLIGHT_CACHE_ENTRIES)
    return;
  for (xhr__list *node = cache->entries.next, *next; node != &cache->entries; node = next) {
    next = node->next;
    if (now >= entry_of(node)->expires)
      forget(cache, entry_of(node));
  }
  if (cache->count == XHR__PREFLIGHT_CACHE_ENTRIES)
    forget(cache, entry_of(cache->entries.next));
}

/* https://fetch.spec.whatwg.org/#concept-cache-create-entry */
static void create(xhr__preflight_cache *cache, const xhr__request *request, entry_kind kind,
                   xhr__str name, xhr__time expires) {
  const xhr__origin *client = &request->client->origin;
  xhr__str partition = xhr__bytes_str(&client->text);
  xhr__str origin = xhr__serialize_request_origin(request);
  xhr__str url = xhr__url_href(xhr__request_current_url(request), true);
  size_t size = sizeof(cache_entry);
  if (!xhr__size_add(size, partition.len, &size) || !xhr__size_add(size, origin.len, &size) ||
      !xhr__size_add(size, url.len, &size) || !xhr__size_add(size, name.len, &size))
    return;
  cache_entry *entry = xhr__malloc(size);
  if (!entry)
    return;
  /* 1. */
  char *at = entry->text;
  xhr__list_init(&entry->node);
  entry->opaque_id = client->opaque_id;
  entry->partition = store(&at, partition);
  entry->origin = store(&at, origin);
  entry->url = store(&at, url);
  entry->expires = expires;
  entry->credentials = request->credentials_mode == XHR__CREDENTIALS_INCLUDE;
  entry->kind = kind;
  entry->name = store(&at, name);
  /* 2. */
  if (cache->count == 0)
    xhr__list_init(&cache->entries);
  xhr__list_append(&cache->entries, &entry->node);
  cache->count++;
}

static void set(xhr__preflight_cache *cache, const xhr__request *request, entry_kind kind,
                xhr__str name, uint64_t max_age, xhr__time now) {
  /* NOTE: the preflight has just shown that with credentials `*` is a name as any other; an entry for it would match
   * every name all the same. */
  if (request->credentials_mode == XHR__CREDENTIALS_INCLUDE && xhr__str_equals(name, XHR__STR("*")))
    return;
  if (max_age > XHR__PREFLIGHT_CACHE_MAX_AGE)
    max_age = XHR__PREFLIGHT_CACHE_MAX_AGE;
  xhr__time expires = now + max_age * SECOND;
  cache_entry *entry = find(cache, request, kind, name, now);
  if (entry) {
    entry->expires = expires;
    return;
  }
  if (max_age == 0)
    return;
  make_room(cache, now);
  create(cache, request, kind, name, expires);
}

void xhr__preflight_cache_set_method(xhr__preflight_cache *cache, const xhr__request *request,
                                     xhr__str method, uint64_t max_age, xhr__time now) {
  set(cache, request, METHOD, method, max_age, now);
}

void xhr__preflight_cache_set_header_name(xhr__preflight_cache *cache, const xhr__request *request,
                                          xhr__str name, uint64_t max_age, xhr__time now) {
  set(cache, request, HEADER_NAME, name, max_age, now);
}

/* https://fetch.spec.whatwg.org/#concept-cache-clear */
void xhr__preflight_cache_clear(xhr__preflight_cache *cache, const xhr__request *request) {
  if (cache->count == 0)
    return;
  for (xhr__list *node = cache->entries.next, *next; node != &cache->entries; node = next) {
    next = node->next;
    if (is_about(entry_of(node), request))
      forget(cache, entry_of(node));
  }
}
