/* Origins: https://html.spec.whatwg.org/multipage/browsers.html#concept-origin */
#ifndef XHR__URL_ORIGIN_H
#define XHR__URL_ORIGIN_H

#include "url/url.h"

/* An opaque or a tuple origin. Flat: may be moved by assignment; a thread may read it while nobody changes it.
 * Zero-initialised it is an opaque origin without identity, same origin with nothing, not even itself.
 * Free with xhr__origin_free. */
typedef struct xhr__origin {
  uint64_t opaque_id; /* opaque: never used twice in a process; 0 for a tuple origin */
  xhr__bytes text;    /* tuple: its serialization, "https://example.org:8080" */
  size_t scheme_end;
  int32_t port;      /* XHR__PORT_NULL or 0 to 65535 */
  uint8_t host_kind; /* xhr__host_kind */
  bool has_domain;   /* the domain is not null */
  xhr__bytes domain;
} xhr__origin;

/* A new opaque origin. Never fails. */
void xhr__origin_new_opaque(xhr__origin *out);
/* A tuple origin (scheme, host, port, null); `host` is serialized. `out` is overwritten, not freed. */
xhr_status xhr__origin_new_tuple(xhr__str scheme, xhr__str host, xhr__host_kind host_kind,
                                 int32_t port, xhr__origin *out);
/* The origin of a URL: https://url.spec.whatwg.org/#origin. Each call for a URL without a tuple origin gives a new
 * opaque one. `out` is overwritten, not freed; the caller frees it. XHR_OK or XHR_OUT_OF_MEMORY (then zeroed). */
xhr_status xhr__url_origin(const xhr__url *url, xhr__origin *out);

/* A copy is the same origin, opaque ones too. `to` is overwritten, not freed. */
xhr_status xhr__origin_copy(const xhr__origin *from, xhr__origin *to);
/* NULL is allowed. */
void xhr__origin_free(xhr__origin *origin);

static inline bool xhr__origin_is_opaque(const xhr__origin *origin) {
  return origin->text.len == 0;
}
/* A tuple origin's parts, borrowed; empty for an opaque one. */
xhr__str xhr__origin_scheme(const xhr__origin *origin);
xhr__str xhr__origin_host(const xhr__origin *origin);

/* https://html.spec.whatwg.org/multipage/browsers.html#same-origin */
bool xhr__same_origin(const xhr__origin *a, const xhr__origin *b);
/* https://html.spec.whatwg.org/multipage/browsers.html#same-origin-domain */
bool xhr__same_origin_domain(const xhr__origin *a, const xhr__origin *b);
/* Whether the URL's origin is same origin with `origin`, without making it. A blob: URL whose entry or path has to be
 * looked into may need memory; where that fails the answer is false. */
bool xhr__url_same_origin(const xhr__url *url, const xhr__origin *origin);
/* Whether two URLs' origins are same origin, without making them. */
bool xhr__urls_same_origin(const xhr__url *a, const xhr__url *b);
/* Sets the domain of a tuple origin (document.domain). */
xhr_status xhr__origin_set_domain(xhr__origin *origin, xhr__str domain);

/* Serialization: "null" for an opaque one. Borrowed from `origin`. */
xhr__str xhr__origin_serialization(const xhr__origin *origin);
/* The same, appended to `out`. */
xhr_status xhr__origin_serialize(const xhr__origin *origin, xhr__bytes *out);

#endif
