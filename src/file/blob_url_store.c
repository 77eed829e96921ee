#include "file/blob_url_store.h"

#include <pthread.h>
#include <stdatomic.h>

#include "infra/random.h"

struct xhr__blob_url_entry {
  _Atomic uint32_t references;
  xhr__blob *object; /* counted */
  xhr__origin
      origin; /* the environment's, as far as it goes into a storage key; a system context's is opaque */
  xhr__bytes url;
  /* Under the lock. */
  xhr__blob_url_entry *next; /* in its bucket */
  xhr__list node;            /* in its environment's entries */
};

/* A hash table: what stands in it holds a reference. */
static struct {
  pthread_mutex_t lock;
  xhr__blob_url_entry **buckets;
  size_t bucket_count; /* a power of two, or 0 */
  size_t count;
} store = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void lock(void) {
  (void)pthread_mutex_lock(&store.lock);
}

static void unlock(void) {
  (void)pthread_mutex_unlock(&store.lock);
}

/* ---- entries ---------------------------------------------------------------------------------------------------- */

static void *ref_entry(void *entry) {
  xhr__blob_url_entry *counted = entry;
  atomic_fetch_add_explicit(&counted->references, 1, memory_order_relaxed);
  return entry;
}

static void unref_entry(void *pointer) {
  xhr__blob_url_entry *entry = pointer;
  if (atomic_fetch_sub_explicit(&entry->references, 1, memory_order_acq_rel) != 1)
    return;
  xhr__blob_unref(entry->object);
  xhr__origin_free(&entry->origin);
  xhr__bytes_free(&entry->url);
  xhr__free(entry);
}

static xhr_status origin_of_entry(void *entry, xhr__origin *out) {
  return xhr__origin_copy(&((xhr__blob_url_entry *)entry)->origin, out);
}

/* ---- the table: under the lock ----------------------------------------------------------------------------------- */

/* FNV-1a. NOTE: the URLs of the table are random, so that nobody can fill a bucket. */
static size_t hash(xhr__str url) {
  uint64_t value = 14695981039346656037U;
  for (size_t i = 0; i < url.len; i++)
    value = (value ^ xhr__str_at(url, i)) * 1099511628211U;
  return (size_t)(value ^ (value >> 32));
}

/* Where the entry of that URL hangs, or could hang. There are buckets. */
static xhr__blob_url_entry **place_of(xhr__str url) {
  xhr__blob_url_entry **at = &store.buckets[hash(url) & (store.bucket_count - 1)];
  while (*at && !xhr__str_equals(xhr__bytes_str(&(*at)->url), url))
    at = &(*at)->next;
  return at;
}

static xhr_status make_room(void) {
  if (store.count < store.bucket_count)
    return XHR_OK;
  size_t count = store.bucket_count ? 2 * store.bucket_count : 16;
  xhr__blob_url_entry **old = store.buckets;
  xhr__blob_url_entry **buckets = xhr__calloc(count, sizeof *buckets);
  if (!buckets)
    return XHR_OUT_OF_MEMORY;
  size_t old_count = store.bucket_count;
  store.buckets = buckets;
  store.bucket_count = count;
  for (size_t i = 0; i < old_count; i++) {
    for (xhr__blob_url_entry *entry = old[i], *next; entry; entry = next) {
      next = entry->next;
      entry->next = NULL;
      *place_of(xhr__bytes_str(&entry->url)) = entry;
    }
  }
  xhr__free(old);
  return XHR_OK;
}

/* Takes an entry out of the table; the table's reference becomes the caller's. */
static void take_out(xhr__blob_url_entry *entry) {
  *place_of(xhr__bytes_str(&entry->url)) = entry->next;
  entry->next = NULL;
  xhr__list_remove(&entry->node);
  if (--store.count == 0) {
    xhr__free(store.buckets);
    store.buckets = NULL;
    store.bucket_count = 0;
  }
}

/* ---- for URL records --------------------------------------------------------------------------------------------- */

/* https://w3c.github.io/FileAPI/#blob-url-resolve */
static void *resolve(const xhr__url *url) {
  void *found = NULL;
  lock();
  if (store.count > 0)
    found = *place_of(xhr__url_href(url, true));
  if (found)
    ref_entry(found);
  unlock();
  return found;
}

static const xhr__blob_url_store methods = {resolve, ref_entry, unref_entry, origin_of_entry};

/* ---- adding and removing ----------------------------------------------------------------------------------------- */

/* https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-4, appended to `out`. */
static xhr_status append_uuid(xhr__bytes *out) {
  static const char digits[] = "0123456789abcdef";
  uint8_t bytes[16];
  xhr_status status = xhr__random_bytes(bytes, sizeof bytes);
  bytes[6] = (uint8_t)((bytes[6] & 0x0f) | 0x40);
  bytes[8] = (uint8_t)((bytes[8] & 0x3f) | 0x80);
  for (size_t i = 0; i < sizeof bytes && status == XHR_OK; i++) {
    const char pair[] = {digits[bytes[i] >> 4], digits[bytes[i] & 15]};
    if (i == 4 || i == 6 || i == 8 || i == 10)
      status = xhr__bytes_append_byte(out, '-');
    if (status == XHR_OK)
      status = xhr__bytes_append(out, xhr__str_of(pair, sizeof pair));
  }
  return status;
}

/* https://w3c.github.io/FileAPI/#unicodeBlobURL, appended to `out`. */
static xhr_status generate_url(const xhr__origin *origin, xhr__bytes *out) {
  /* 1. - 2. */
  xhr_status status = xhr__bytes_append(out, XHR__STR("blob:"));
  /* 3. - 7. */
  if (status == XHR_OK)
    status = xhr__bytes_append(out, xhr__origin_serialization(origin));
  /* 8. */
  if (status == XHR_OK)
    status = xhr__bytes_append_byte(out, '/');
  /* 9. - 10. */
  return status == XHR_OK ? append_uuid(out) : status;
}

/* An entry that stands nowhere yet. */
static xhr_status new_entry(const xhr__origin *origin, xhr__blob *blob, xhr__blob_url_entry **out) {
  xhr_status status = XHR_OK;
  xhr__blob_url_entry *entry = XHR__NEW(xhr__blob_url_entry);
  if (!entry)
    return XHR_OUT_OF_MEMORY;
  atomic_init(&entry->references, 1);
  xhr__list_init(&entry->node);
  entry->object = xhr__blob_ref(blob);
  if (origin)
    status = xhr__origin_copy(origin, &entry->origin);
  else
    xhr__origin_new_opaque(&entry->origin);
  if (status == XHR_OK)
    status = generate_url(&entry->origin, &entry->url);
  if (status != XHR_OK) {
    unref_entry(entry);
    return status;
  }
  *out = entry;
  return XHR_OK;
}

xhr_status xhr__blob_url_store_add(xhr__blob_url_environment *environment,
                                   const xhr__origin *origin, xhr__blob *blob, xhr__bytes *url) {
  xhr__blob_url_entry *entry;
  /* 2. - 3. */
  xhr_status status = new_entry(origin, blob, &entry);
  if (status != XHR_OK)
    return status;
  status = xhr__bytes_append(url, xhr__bytes_str(&entry->url));
  /* 4. */
  lock();
  if (status == XHR_OK)
    status = make_room();
  if (status == XHR_OK) {
    *place_of(xhr__bytes_str(&entry->url)) = entry;
    store.count++;
    xhr__list_append(&environment->entries, &entry->node);
    xhr__url_set_blob_url_store(&methods);
  }
  unlock();
  if (status != XHR_OK)
    unref_entry(entry);
  /* 5. */
  return status;
}

/* https://w3c.github.io/FileAPI/#checkForSamePartitionBlobUrlUsage NOTE: a storage key is its origin here; to a system
 * context none is closed. */
static bool is_same_partition(const xhr__blob_url_entry *entry, const xhr__origin *origin) {
  return !origin || xhr__same_origin(&entry->origin, origin);
}

void xhr__blob_url_store_revoke(const xhr__url *url, const xhr__origin *origin) {
  /* 3. - 4. */
  const xhr__blob_url_entry *entry = url->blob_url_entry;
  /* 5. - 6. */
  if (!entry || !is_same_partition(entry, origin))
    return;
  /* 7. by the whole URL: one with a fragment is in no store */
  xhr__blob_url_entry *removed = NULL;
  lock();
  if (store.count > 0)
    removed = *place_of(xhr__url_href(url, false));
  if (removed)
    take_out(removed);
  unlock();
  if (removed)
    unref_entry(removed);
}

void xhr__blob_url_environment_init(xhr__blob_url_environment *environment) {
  xhr__list_init(&environment->entries);
}

void xhr__blob_url_environment_end(xhr__blob_url_environment *environment) {
  for (;;) {
    xhr__blob_url_entry *removed = NULL;
    lock();
    if (!xhr__list_empty(&environment->entries)) {
      removed = XHR__OWNER(environment->entries.next, xhr__blob_url_entry, node);
      take_out(removed);
    }
    unlock();
    if (!removed)
      return;
    unref_entry(removed);
  }
}

xhr__blob *xhr__obtain_blob(const xhr__url *url, const xhr__origin *origin) {
  const xhr__blob_url_entry *entry = url->blob_url_entry;
  return entry && is_same_partition(entry, origin) ? entry->object : NULL;
}

xhr__blob *xhr__obtain_blob_for_navigation(const xhr__url *url) {
  const xhr__blob_url_entry *entry = url->blob_url_entry;
  return entry ? entry->object : NULL;
}
