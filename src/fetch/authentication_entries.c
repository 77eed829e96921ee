#include "fetch/authentication_entries.h"

#include "infra/alloc.h"

/* NOTE: without the standard's realm: requests are told apart by their paths before any challenge is there. */
typedef struct authentication_entry {
  xhr__list node;
  /* The network partition key: the client's whole origin, which is finer than its site; a system context's is empty. */
  uint64_t opaque_id;
  xhr__bytes partition;
  xhr__bytes origin; /* serialized: the server's */
  xhr__bytes folder; /* a URL path up to its last slash */
  xhr__bytes authorization;
} authentication_entry;

static authentication_entry *entry_of(const xhr__list *node) {
  return XHR__OWNER(node, authentication_entry, node);
}

static void free_entry(authentication_entry *entry) {
  xhr__bytes_free(&entry->partition);
  xhr__bytes_free(&entry->origin);
  xhr__bytes_free(&entry->folder);
  xhr__bytes_free(&entry->authorization);
  xhr__free(entry);
}

static void forget(xhr__authentication_entries *entries, authentication_entry *entry) {
  xhr__list_remove(&entry->node);
  entries->count--;
  free_entry(entry);
}

void xhr__authentication_entries_free(xhr__authentication_entries *entries) {
  while (entries->count > 0)
    forget(entries, entry_of(entries->entries.next));
  *entries = (xhr__authentication_entries){0};
}

/* "https://example.org:8080": all of an HTTP URL before its path, without credentials, in two parts. */
static bool is_origin(xhr__str origin, const xhr__url *url) {
  xhr__str scheme = xhr__url_scheme(url), host = xhr__url_host_and_port(url);
  return origin.len == scheme.len + 3 + host.len && xhr__str_starts_with(origin, scheme) &&
         xhr__str_ends_with(origin, host);
}

static xhr_status append_origin(xhr__bytes *out, const xhr__url *url) {
  xhr_status status = xhr__bytes_append(out, xhr__url_scheme(url));
  if (status == XHR_OK)
    status = xhr__bytes_append(out, XHR__STR("://"));
  return status == XHR_OK ? xhr__bytes_append(out, xhr__url_host_and_port(url)) : status;
}

static xhr__str folder_of(const xhr__url *url) {
  xhr__str path = xhr__url_path(url);
  while (path.len > 0 && path.data[path.len - 1] != '/')
    path.len--;
  return path;
}

static uint64_t opaque_id_of(const xhr__request *request) {
  return request->client ? request->client->origin.opaque_id : 0;
}

static xhr__str partition_of(const xhr__request *request) {
  return request->client ? xhr__bytes_str(&request->client->origin.text) : XHR__STR_EMPTY;
}

static bool is_for(const authentication_entry *entry, const xhr__request *request) {
  const xhr__url *url = xhr__request_current_url(request);
  return entry->opaque_id == opaque_id_of(request) &&
         is_origin(xhr__bytes_str(&entry->origin), url) &&
         xhr__str_starts_with(xhr__url_path(url), xhr__bytes_str(&entry->folder)) &&
         xhr__str_equals(xhr__bytes_str(&entry->partition), partition_of(request));
}

static authentication_entry *find(const xhr__authentication_entries *entries,
                                  const xhr__request *request) {
  authentication_entry *found = NULL;
  if (entries->count == 0)
    return NULL;
  for (xhr__list *node = entries->entries.next; node != &entries->entries; node = node->next) {
    authentication_entry *entry = entry_of(node);
    if (is_for(entry, request) && (!found || entry->folder.len > found->folder.len))
      found = entry;
  }
  return found;
}

xhr__str xhr__authentication_entry_for(const xhr__authentication_entries *entries,
                                       const xhr__request *request) {
  const authentication_entry *entry = find(entries, request);
  return entry ? xhr__bytes_str(&entry->authorization) : XHR__STR_EMPTY;
}

void xhr__authentication_entry_forget(xhr__authentication_entries *entries,
                                      const xhr__request *request) {
  authentication_entry *entry = find(entries, request);
  if (entry)
    forget(entries, entry);
}

/* NULL for want of memory. */
static authentication_entry *new_entry(const xhr__request *request) {
  const xhr__url *url = xhr__request_current_url(request);
  authentication_entry *entry = XHR__NEW(authentication_entry);
  if (!entry)
    return NULL;
  entry->opaque_id = opaque_id_of(request);
  if (xhr__bytes_append(&entry->partition, partition_of(request)) == XHR_OK &&
      append_origin(&entry->origin, url) == XHR_OK &&
      xhr__bytes_append(&entry->folder, folder_of(url)) == XHR_OK)
    return entry;
  free_entry(entry);
  return NULL;
}

/* The entry of the very folder, made where there is none yet; NULL for want of memory. */
static authentication_entry *find_or_make(xhr__authentication_entries *entries,
                                          const xhr__request *request) {
  authentication_entry *entry = find(entries, request);
  if (entry && entry->folder.len == folder_of(xhr__request_current_url(request)).len)
    return entry;
  entry = new_entry(request);
  if (!entry)
    return NULL;
  if (!entries->entries.next)
    xhr__list_init(&entries->entries);
  if (entries->count == XHR__AUTHENTICATION_ENTRIES)
    forget(entries, entry_of(entries->entries.next));
  xhr__list_append(&entries->entries, &entry->node);
  entries->count++;
  return entry;
}

void xhr__authentication_entry_create(xhr__authentication_entries *entries,
                                      const xhr__request *request, xhr__str authorization) {
  authentication_entry *entry = find_or_make(entries, request);
  if (entry && xhr__bytes_assign(&entry->authorization, authorization) != XHR_OK)
    forget(entries, entry);
}
