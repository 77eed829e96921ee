/* URL records: https://url.spec.whatwg.org/#urls */
#ifndef XHR__URL_URL_H
#define XHR__URL_URL_H

#include "infra/bytes.h"
#include "url/host.h"
#include "url/percent.h"

#define XHR__PORT_NULL (-1)

/* A URL record: its serialization and where the components lie in it. One heap block; flat, so it may be moved by
 * assignment; a thread may read it while nobody changes it. Zero-initialise ({0}: the empty record, in which every
 * getter gives its empty value); free with xhr__url_free. Read it through the functions below.
 *
 *   https: // user : pass @ example.org :8080  /path ?query #fragment
 *   scheme    username  password  host     port  path   query  fragment
 */
typedef struct xhr__url {
  xhr__bytes href;
  size_t scheme_end;    /* of the ":" */
  size_t username_end;  /* the username starts behind "//" */
  size_t host_start;    /* behind "@", or where the username starts */
  size_t host_end;      /* behind it the port, or "/." where the standard's serializer puts that */
  size_t path_start;    /* where the path starts */
  size_t path_end;      /* of the "?" where there is a query */
  size_t query_end;     /* of the "#" where there is a fragment */
  int32_t port;         /* XHR__PORT_NULL or 0 to 65535 */
  uint8_t host_kind;    /* xhr__host_kind */
  uint8_t scheme_type;  /* private to src/url: which special scheme */
  bool opaque_path;     /* has an opaque path ("cannot be a base") */
  bool has_query;       /* the query is not null */
  bool has_fragment;    /* the fragment is not null */
  void *blob_url_entry; /* NULL, or the store's: see xhr__url_set_blob_url_store */
} xhr__url;

/* The URL parser. `input` are any bytes: what is not UTF-8 counts as U+FFFD. `base` may be NULL. Stores a new record
 * in `out` (whose old contents are overwritten, not freed; it may not be `base`). Returns XHR_OK, XHR_SYNTAX_ERR
 * (failure) or XHR_OUT_OF_MEMORY; on error `out` is the empty record. The caller frees it with xhr__url_free. */
xhr_status xhr__url_parse(xhr__str input, const xhr__url *base, xhr__url *out);
/* The same with an encoding for the query (NULL: UTF-8). */
xhr_status xhr__url_parse_with_encoding(xhr__str input, const xhr__url *base,
                                        const xhr__percent_encoding *encoding, xhr__url *out);
/* Whether the URL parser would succeed: XHR_OK, XHR_SYNTAX_ERR or XHR_OUT_OF_MEMORY. */
xhr_status xhr__url_can_parse(xhr__str input, const xhr__url *base);

/* A copy of its own, sharing the blob URL entry through the store's hook. `to` is overwritten, not freed. */
xhr_status xhr__url_copy(const xhr__url *from, xhr__url *to);
/* Frees what the record owns and leaves the empty record. NULL is allowed. */
void xhr__url_free(xhr__url *url);

struct xhr__origin;

/* What keeps blob URL entries: src/file installs itself with the first of them. */
typedef struct xhr__blob_url_store {
  /* "Resolve a blob URL" for a record whose scheme is blob: a counted entry, or NULL. */
  void *(*resolve)(const xhr__url *url);
  void *(*ref)(void *entry);
  void (*unref)(void *entry);
  /* Copies the origin of the entry's environment; see url/origin.h. */
  xhr_status (*origin)(void *entry, struct xhr__origin *out);
} xhr__blob_url_store;
/* Any thread. `store` is borrowed for the life of the process; NULL (the start) means that no blob: URL has an entry. */
void xhr__url_set_blob_url_store(const xhr__blob_url_store *store);
const xhr__blob_url_store *xhr__url_blob_url_store(void);

/* The components, borrowed until the record changes. A null host, query or fragment gives the empty string; the
 * has-functions tell them apart. */
xhr__str xhr__url_scheme(const xhr__url *url);   /* "https" */
xhr__str xhr__url_username(const xhr__url *url); /* percent-encoded */
xhr__str xhr__url_password(const xhr__url *url); /* percent-encoded */
xhr__str xhr__url_host(const xhr__url *url);     /* serialized: IPv6 in brackets */
xhr__str xhr__url_path(
    const xhr__url *url); /* URL path serialized: "/a/b", "", or the opaque path */
xhr__str xhr__url_query(const xhr__url *url);    /* without "?" */
xhr__str xhr__url_fragment(const xhr__url *url); /* without "#" */
/* XHR__PORT_NULL or 0 to 65535; the second gives the scheme's default port where the port is null. */
static inline int32_t xhr__url_port(const xhr__url *url) {
  return url->port;
}
int32_t xhr__url_effective_port(const xhr__url *url);
static inline xhr__host_kind xhr__url_host_kind(const xhr__url *url) {
  return (xhr__host_kind)url->host_kind;
}
static inline bool xhr__url_has_host(const xhr__url *url) {
  return url->host_kind != XHR__HOST_NULL;
}
static inline bool xhr__url_has_query(const xhr__url *url) {
  return url->has_query;
}
static inline bool xhr__url_has_fragment(const xhr__url *url) {
  return url->has_fragment;
}
static inline bool xhr__url_has_opaque_path(const xhr__url *url) {
  return url->opaque_path;
}
/* False for the empty record only. */
static inline bool xhr__url_is_set(const xhr__url *url) {
  return url->href.len > 0;
}
/* The URL serializer's result as a borrowed string. */
xhr__str xhr__url_href(const xhr__url *url, bool exclude_fragment);
/* The URL serializer: appends to `out`. */
xhr_status xhr__url_serialize(const xhr__url *url, bool exclude_fragment, xhr__bytes *out);
/* Host, and ":port" where the port is not null: the `host` getter and HTTP's Host field. Borrowed. */
xhr__str xhr__url_host_and_port(const xhr__url *url);
/* Path, and "?query" where there is one: an HTTP request's target. Borrowed. */
xhr__str xhr__url_path_and_query(const xhr__url *url);

bool xhr__url_is_special(const xhr__url *url);
/* Whether the URL's scheme is the given one: lower case, such as "https". */
bool xhr__url_scheme_is(const xhr__url *url, const char *scheme);
/* http: or https: (Fetch's "HTTP(S) scheme"). */
bool xhr__url_is_http(const xhr__url *url);
bool xhr__url_includes_credentials(const xhr__url *url);
bool xhr__url_cannot_have_a_username_password_port(const xhr__url *url);
/* https://url.spec.whatwg.org/#concept-url-equals */
bool xhr__url_equals(const xhr__url *a, const xhr__url *b, bool exclude_fragments);
/* The default port of a scheme, or XHR__PORT_NULL. */
int32_t xhr__scheme_default_port(xhr__str scheme);
bool xhr__scheme_is_special(xhr__str scheme);

/* "Set the username" and "set the password" given a URL: percent-encodes. On XHR_OUT_OF_MEMORY nothing changed; so
 * for all below. */
xhr_status xhr__url_set_the_username(xhr__url *url, xhr__str username);
xhr_status xhr__url_set_the_password(xhr__url *url, xhr__str password);
/* Sets the fragment to null. Never fails. */
void xhr__url_remove_fragment(xhr__url *url);
/* Sets the fragment to a copy of `fragment`, which must be percent-encoded already, such as another URL's. */
xhr_status xhr__url_set_fragment(xhr__url *url, xhr__str fragment);

/* The URL class's setters: https://url.spec.whatwg.org/#url-class. A value that the standard ignores is XHR_OK; only
 * set_href gives XHR_SYNTAX_ERR (there the standard throws a TypeError), and then nothing changed. */
xhr_status xhr__url_set_href(xhr__url *url, xhr__str value);
xhr_status xhr__url_set_protocol(xhr__url *url, xhr__str value);
xhr_status xhr__url_set_username(xhr__url *url, xhr__str value);
xhr_status xhr__url_set_password(xhr__url *url, xhr__str value);
xhr_status xhr__url_set_host(xhr__url *url, xhr__str value);
xhr_status xhr__url_set_hostname(xhr__url *url, xhr__str value);
xhr_status xhr__url_set_port(xhr__url *url, xhr__str value);
xhr_status xhr__url_set_pathname(xhr__url *url, xhr__str value);
xhr_status xhr__url_set_search(xhr__url *url, xhr__str value);
xhr_status xhr__url_set_hash(xhr__url *url, xhr__str value);

#endif
