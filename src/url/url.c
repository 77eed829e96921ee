#include "url/url.h"

#include <stdatomic.h>

#include "url/url_internal.h"

static _Atomic(const xhr__blob_url_store *) blob_url_store;

void xhr__url_set_blob_url_store(const xhr__blob_url_store *store) {
  atomic_store_explicit(&blob_url_store, store, memory_order_release);
}

const xhr__blob_url_store *xhr__url_blob_url_store(void) {
  return atomic_load_explicit(&blob_url_store, memory_order_acquire);
}

/* ---- special schemes: https://url.spec.whatwg.org/#special-scheme ---- */

static const struct {
  xhr__str name;
  int32_t default_port;
} special_schemes[] = {
    [XHR__SCHEME_NOT_SPECIAL] = {{"", 0}, XHR__PORT_NULL},
    [XHR__SCHEME_FTP] = {{"ftp", 3}, 21},
    [XHR__SCHEME_FILE] = {{"file", 4}, XHR__PORT_NULL},
    [XHR__SCHEME_HTTP] = {{"http", 4}, 80},
    [XHR__SCHEME_HTTPS] = {{"https", 5}, 443},
    [XHR__SCHEME_WS] = {{"ws", 2}, 80},
    [XHR__SCHEME_WSS] = {{"wss", 3}, 443},
};

xhr__scheme_type xhr__scheme_type_of(xhr__str scheme) {
  for (int type = XHR__SCHEME_FTP; type <= XHR__SCHEME_WSS; type++) {
    if (xhr__str_equals(scheme, special_schemes[type].name))
      return (xhr__scheme_type)type;
  }
  return XHR__SCHEME_NOT_SPECIAL;
}

int32_t xhr__scheme_type_default_port(xhr__scheme_type type) {
  return special_schemes[type].default_port;
}

int32_t xhr__scheme_default_port(xhr__str scheme) {
  return xhr__scheme_type_default_port(xhr__scheme_type_of(scheme));
}

bool xhr__scheme_is_special(xhr__str scheme) {
  return xhr__scheme_type_of(scheme) != XHR__SCHEME_NOT_SPECIAL;
}

/* ---- components ---- */

static xhr__str slice(const xhr__url *url, size_t start, size_t end) {
  return url->href.data ? xhr__str_slice(xhr__bytes_str(&url->href), start, end) : XHR__STR_EMPTY;
}

xhr__str xhr__url_scheme(const xhr__url *url) {
  return slice(url, 0, url->scheme_end);
}

xhr__str xhr__url_username(const xhr__url *url) {
  return xhr__url_has_host(url) ? slice(url, url->scheme_end + 3, url->username_end)
                                : XHR__STR_EMPTY;
}

xhr__str xhr__url_password(const xhr__url *url) {
  /* ":" and "@" are around it. */
  return url->host_start > url->username_end + 1
             ? slice(url, url->username_end + 1, url->host_start - 1)
             : XHR__STR_EMPTY;
}

xhr__str xhr__url_host(const xhr__url *url) {
  return slice(url, url->host_start, url->host_end);
}

xhr__str xhr__url_path(const xhr__url *url) {
  return slice(url, url->path_start, url->path_end);
}

xhr__str xhr__url_query(const xhr__url *url) {
  return url->has_query ? slice(url, url->path_end + 1, url->query_end) : XHR__STR_EMPTY;
}

xhr__str xhr__url_fragment(const xhr__url *url) {
  return url->has_fragment ? slice(url, url->query_end + 1, url->href.len) : XHR__STR_EMPTY;
}

int32_t xhr__url_effective_port(const xhr__url *url) {
  return url->port != XHR__PORT_NULL
             ? url->port
             : xhr__scheme_type_default_port((xhr__scheme_type)url->scheme_type);
}

xhr__str xhr__url_href(const xhr__url *url, bool exclude_fragment) {
  return slice(url, 0, exclude_fragment ? url->query_end : url->href.len);
}

/* https://url.spec.whatwg.org/#concept-url-serializer: the record is kept serialized. */
xhr_status xhr__url_serialize(const xhr__url *url, bool exclude_fragment, xhr__bytes *out) {
  return xhr__bytes_append(out, xhr__url_href(url, exclude_fragment));
}

xhr__str xhr__url_host_and_port(const xhr__url *url) {
  return xhr__url_has_host(url) ? slice(url, url->host_start, url->path_start) : XHR__STR_EMPTY;
}

xhr__str xhr__url_path_and_query(const xhr__url *url) {
  return slice(url, url->path_start, url->query_end);
}

bool xhr__url_is_special(const xhr__url *url) {
  return url->scheme_type != XHR__SCHEME_NOT_SPECIAL;
}

bool xhr__url_scheme_is(const xhr__url *url, const char *scheme) {
  return xhr__str_equals(xhr__url_scheme(url), xhr__str_c(scheme));
}

bool xhr__url_is_http(const xhr__url *url) {
  return url->scheme_type == XHR__SCHEME_HTTP || url->scheme_type == XHR__SCHEME_HTTPS;
}

/* https://url.spec.whatwg.org/#include-credentials */
bool xhr__url_includes_credentials(const xhr__url *url) {
  return xhr__url_has_host(url) && url->host_start > url->scheme_end + 3;
}

/* https://url.spec.whatwg.org/#cannot-have-a-username-password-port */
bool xhr__url_cannot_have_a_username_password_port(const xhr__url *url) {
  return url->host_kind == XHR__HOST_NULL || url->host_kind == XHR__HOST_EMPTY ||
         url->scheme_type == XHR__SCHEME_FILE;
}

bool xhr__url_equals(const xhr__url *a, const xhr__url *b, bool exclude_fragments) {
  return xhr__str_equals(xhr__url_href(a, exclude_fragments), xhr__url_href(b, exclude_fragments));
}

/* ---- making, copying, freeing ---- */

void xhr__url_get_parts(const xhr__url *url, xhr__url_parts *parts) {
  *parts = (xhr__url_parts){
      .scheme = xhr__url_scheme(url),
      .username = xhr__url_username(url),
      .password = xhr__url_password(url),
      .host_kind = (xhr__host_kind)url->host_kind,
      .host = xhr__url_host(url),
      .port = url->port,
      .opaque_path = url->opaque_path,
      .path = xhr__url_path(url),
      .has_query = url->has_query,
      .query = xhr__url_query(url),
      .has_fragment = url->has_fragment,
      .fragment = xhr__url_fragment(url),
  };
}

/* Writes into memory that was reserved, so that it cannot fail. */
static void put(xhr__bytes *out, xhr__str s) {
  if (s.len)
    memcpy(out->data + out->len, s.data, s.len);
  out->len += s.len;
}

/* https://url.spec.whatwg.org/#concept-url-serializer, step 2: what a host that is not null brings. */
static void put_authority(xhr__url *url, const xhr__url_parts *parts) {
  xhr__bytes *out = &url->href;
  bool has_host = parts->host_kind != XHR__HOST_NULL;
  /* 2.1. */
  if (has_host)
    put(out, XHR__STR("//"));
  /* 2.2. */
  if (has_host)
    put(out, parts->username);
  url->username_end = out->len;
  if (has_host && parts->password.len > 0) {
    put(out, XHR__STR(":"));
    put(out, parts->password);
  }
  if (has_host && (parts->username.len > 0 || parts->password.len > 0))
    put(out, XHR__STR("@"));
  url->host_start = out->len;
  /* 2.3. */
  put(out, parts->host);
  url->host_end = out->len;
  /* 2.4. Room for it was reserved. */
  if (has_host && parts->port != XHR__PORT_NULL) {
    put(out, XHR__STR(":"));
    (void)xhr__bytes_append_u64(out, (uint64_t)parts->port);
  }
}

/* https://url.spec.whatwg.org/#concept-url-serializer, keeping where the components lie. */
static void put_parts(xhr__url *url, const xhr__url_parts *parts) {
  xhr__bytes *out = &url->href;
  /* 1. */
  put(out, parts->scheme);
  url->scheme_end = out->len;
  put(out, XHR__STR(":"));
  /* 2. */
  put_authority(url, parts);
  /* 3. */
  if (xhr__path_needs_dot(parts->host_kind, parts->opaque_path, parts->path))
    put(out, XHR__STR("/."));
  /* 4. */
  url->path_start = out->len;
  put(out, parts->path);
  url->path_end = out->len;
  /* 5. */
  if (parts->has_query) {
    put(out, XHR__STR("?"));
    put(out, parts->query);
  }
  url->query_end = out->len;
  /* 6. */
  if (parts->has_fragment) {
    put(out, XHR__STR("#"));
    put(out, parts->fragment);
  }
  out->data[out->len] = '\0';
}

xhr_status xhr__url_replace(xhr__url *url, const xhr__url_parts *parts) {
  xhr__url made = {
      .port = parts->port,
      .host_kind = (uint8_t)parts->host_kind,
      .scheme_type = (uint8_t)xhr__scheme_type_of(parts->scheme),
      .opaque_path = parts->opaque_path,
      .has_query = parts->has_query,
      .has_fragment = parts->has_fragment,
      .blob_url_entry = url->blob_url_entry,
  };
  const xhr__str *all[] = {&parts->scheme, &parts->username, &parts->password, &parts->host,
                           &parts->path,   &parts->query,    &parts->fragment};
  /* What stands between them: "://:@:65535/.?#". */
  size_t len = 16;
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
    if (!xhr__size_add(len, all[i]->len, &len))
      return XHR_OUT_OF_MEMORY;
  }
  xhr_status status = xhr__bytes_reserve(&made.href, len);
  if (status != XHR_OK)
    return status;
  put_parts(&made, parts);
  xhr__bytes_free(&url->href);
  *url = made;
  return XHR_OK;
}

xhr_status xhr__url_copy(const xhr__url *from, xhr__url *to) {
  xhr__url copy = *from;
  copy.href = (xhr__bytes){0};
  xhr_status status = xhr__bytes_append(&copy.href, xhr__bytes_str(&from->href));
  if (status != XHR_OK) {
    *to = (xhr__url){.port = XHR__PORT_NULL};
    return status;
  }
  if (copy.blob_url_entry)
    copy.blob_url_entry = xhr__url_blob_url_store()->ref(copy.blob_url_entry);
  *to = copy;
  return XHR_OK;
}

void xhr__url_free(xhr__url *url) {
  if (!url)
    return;
  if (url->blob_url_entry)
    xhr__url_blob_url_store()->unref(url->blob_url_entry);
  xhr__bytes_free(&url->href);
  *url = (xhr__url){.port = XHR__PORT_NULL};
}
