#include "url/origin.h"

#include <stdatomic.h>

#include "url/url_internal.h"

void xhr__origin_new_opaque(xhr__origin *out) {
  static atomic_uint_fast64_t last_id;
  *out = (xhr__origin){.opaque_id = atomic_fetch_add(&last_id, 1) + 1, .port = XHR__PORT_NULL};
}

/* The serialization, https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin, steps 2 to
 * 6; `host_and_port` is the serialized host with ":" and the port where that is not null. */
static xhr_status make_tuple(xhr__str scheme, xhr__str host_and_port, xhr__origin *out) {
  xhr_status status = xhr__bytes_reserve(&out->text, scheme.len + 3 + host_and_port.len);
  if (status == XHR_OK)
    status = xhr__bytes_append(&out->text, scheme);
  out->scheme_end = out->text.len;
  if (status == XHR_OK)
    status = xhr__bytes_append(&out->text, XHR__STR("://"));
  if (status == XHR_OK)
    status = xhr__bytes_append(&out->text, host_and_port);
  if (status != XHR_OK)
    xhr__origin_free(out);
  return status;
}

xhr_status xhr__origin_new_tuple(xhr__str scheme, xhr__str host, xhr__host_kind host_kind,
                                 int32_t port, xhr__origin *out) {
  xhr__bytes host_and_port = {0};
  *out = (xhr__origin){.port = port, .host_kind = (uint8_t)host_kind};
  xhr_status status = xhr__bytes_append(&host_and_port, host);
  if (status == XHR_OK && port != XHR__PORT_NULL)
    status = xhr__bytes_append_byte(&host_and_port, ':');
  if (status == XHR_OK && port != XHR__PORT_NULL)
    status = xhr__bytes_append_u64(&host_and_port, (uint64_t)port);
  if (status == XHR_OK)
    status = make_tuple(scheme, xhr__bytes_str(&host_and_port), out);
  xhr__bytes_free(&host_and_port);
  return status;
}

/* Whether a URL's origin is the tuple of its own scheme, host and port. */
static bool has_tuple_origin(const xhr__url *url) {
  return url->scheme_type != XHR__SCHEME_NOT_SPECIAL && url->scheme_type != XHR__SCHEME_FILE;
}

/* https://url.spec.whatwg.org/#origin, "blob" */
static xhr_status blob_origin(const xhr__url *url, xhr__origin *out) {
  /* 1. */
  if (url->blob_url_entry)
    return xhr__url_blob_url_store()->origin(url->blob_url_entry, out);
  /* 2. */
  xhr__url path_url;
  xhr_status status = xhr__url_parse(xhr__url_path(url), NULL, &path_url);
  if (status == XHR_OUT_OF_MEMORY)
    return status;
  /* 4. */
  if (status == XHR_OK && xhr__url_is_http(&path_url))
    status = xhr__url_origin(&path_url, out);
  else /* 3. and 5. A file: URL's origin is opaque too. */
    xhr__origin_new_opaque(out);
  xhr__url_free(&path_url);
  return status == XHR_SYNTAX_ERR ? XHR_OK : status;
}

/* https://url.spec.whatwg.org/#origin */
xhr_status xhr__url_origin(const xhr__url *url, xhr__origin *out) {
  *out = (xhr__origin){.port = XHR__PORT_NULL};
  if (has_tuple_origin(url)) {
    out->port = url->port;
    out->host_kind = url->host_kind;
    return make_tuple(xhr__url_scheme(url), xhr__url_host_and_port(url), out);
  }
  if (xhr__url_scheme_is(url, "blob"))
    return blob_origin(url, out);
  /* "file", and otherwise. */
  xhr__origin_new_opaque(out);
  return XHR_OK;
}

xhr_status xhr__origin_copy(const xhr__origin *from, xhr__origin *to) {
  xhr__origin copy = *from;
  copy.text = copy.domain = (xhr__bytes){0};
  xhr_status status = xhr__bytes_append(&copy.text, xhr__bytes_str(&from->text));
  if (status == XHR_OK)
    status = xhr__bytes_append(&copy.domain, xhr__bytes_str(&from->domain));
  if (status != XHR_OK)
    xhr__origin_free(&copy);
  *to = copy;
  return status;
}

void xhr__origin_free(xhr__origin *origin) {
  if (!origin)
    return;
  xhr__bytes_free(&origin->text);
  xhr__bytes_free(&origin->domain);
  *origin = (xhr__origin){.port = XHR__PORT_NULL};
}

xhr__str xhr__origin_scheme(const xhr__origin *origin) {
  return xhr__str_slice(xhr__bytes_str(&origin->text), 0, origin->scheme_end);
}

xhr__str xhr__origin_host(const xhr__origin *origin) {
  if (xhr__origin_is_opaque(origin))
    return XHR__STR_EMPTY;
  xhr__str host = xhr__str_from(xhr__bytes_str(&origin->text), origin->scheme_end + 3);
  if (origin->port == XHR__PORT_NULL)
    return host;
  /* The port is what stands behind the last colon. */
  while (host.data[host.len - 1] != ':')
    host.len--;
  host.len--;
  return host;
}

bool xhr__same_origin(const xhr__origin *a, const xhr__origin *b) {
  /* 1. The same opaque origin. */
  if (xhr__origin_is_opaque(a) || xhr__origin_is_opaque(b))
    return a->opaque_id != 0 && a->opaque_id == b->opaque_id;
  /* 2 to 3. Scheme, host and port are identical where the serializations are. */
  return xhr__str_equals(xhr__bytes_str(&a->text), xhr__bytes_str(&b->text));
}

bool xhr__same_origin_domain(const xhr__origin *a, const xhr__origin *b) {
  /* 1. */
  if (xhr__origin_is_opaque(a) || xhr__origin_is_opaque(b))
    return xhr__same_origin(a, b);
  /* 2.1. */
  if (a->has_domain && b->has_domain)
    return xhr__str_equals(xhr__origin_scheme(a), xhr__origin_scheme(b)) &&
           xhr__str_equals(xhr__bytes_str(&a->domain), xhr__bytes_str(&b->domain));
  /* 2.2 to 3. */
  return !a->has_domain && !b->has_domain && xhr__same_origin(a, b);
}

/* For a URL without a tuple of its own: blob:, else never the same as anything that is there already. */
static bool blob_same_origin(const xhr__url *url, const xhr__origin *origin) {
  xhr__origin made;
  if (!xhr__url_scheme_is(url, "blob") || xhr__url_origin(url, &made) != XHR_OK)
    return false;
  bool same = xhr__same_origin(&made, origin);
  xhr__origin_free(&made);
  return same;
}

bool xhr__url_same_origin(const xhr__url *url, const xhr__origin *origin) {
  if (!has_tuple_origin(url))
    return blob_same_origin(url, origin);
  if (xhr__origin_is_opaque(origin))
    return false;
  return xhr__str_equals(xhr__url_scheme(url), xhr__origin_scheme(origin)) &&
         xhr__str_equals(xhr__url_host_and_port(url),
                         xhr__str_from(xhr__bytes_str(&origin->text), origin->scheme_end + 3));
}

bool xhr__urls_same_origin(const xhr__url *a, const xhr__url *b) {
  if (has_tuple_origin(a) && has_tuple_origin(b))
    return a->scheme_type == b->scheme_type &&
           xhr__str_equals(xhr__url_host_and_port(a), xhr__url_host_and_port(b));
  const xhr__url *other = has_tuple_origin(a) ? a : b;
  xhr__origin origin;
  if (xhr__url_origin(other, &origin) != XHR_OK)
    return false;
  bool same = xhr__url_same_origin(other == a ? b : a, &origin);
  xhr__origin_free(&origin);
  return same;
}

xhr_status xhr__origin_set_domain(xhr__origin *origin, xhr__str domain) {
  xhr_status status = xhr__bytes_assign(&origin->domain, domain);
  if (status == XHR_OK)
    origin->has_domain = true;
  return status;
}

xhr__str xhr__origin_serialization(const xhr__origin *origin) {
  /* 1. */
  return xhr__origin_is_opaque(origin) ? XHR__STR("null") : xhr__bytes_str(&origin->text);
}

xhr_status xhr__origin_serialize(const xhr__origin *origin, xhr__bytes *out) {
  return xhr__bytes_append(out, xhr__origin_serialization(origin));
}
