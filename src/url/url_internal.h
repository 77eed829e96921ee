/* Private to src/url: special schemes, and making a record of its components. */
#ifndef XHR__URL_URL_INTERNAL_H
#define XHR__URL_URL_INTERNAL_H

#include "url/url.h"

/* What xhr__url.scheme_type holds: https://url.spec.whatwg.org/#special-scheme */
typedef enum xhr__scheme_type {
  XHR__SCHEME_NOT_SPECIAL,
  XHR__SCHEME_FTP,
  XHR__SCHEME_FILE,
  XHR__SCHEME_HTTP,
  XHR__SCHEME_HTTPS,
  XHR__SCHEME_WS,
  XHR__SCHEME_WSS
} xhr__scheme_type;

xhr__scheme_type xhr__scheme_type_of(xhr__str scheme);
/* XHR__PORT_NULL where there is none. */
int32_t xhr__scheme_type_default_port(xhr__scheme_type type);

/* The components of a record, borrowed. */
typedef struct xhr__url_parts {
  xhr__str scheme;
  xhr__str username;
  xhr__str password;
  xhr__host_kind host_kind;
  xhr__str host; /* serialized */
  int32_t port;
  bool opaque_path;
  xhr__str path; /* serialized */
  bool has_query;
  xhr__str query;
  bool has_fragment;
  xhr__str fragment;
} xhr__url_parts;

void xhr__url_get_parts(const xhr__url *url, xhr__url_parts *parts);
/* Makes the record anew; `parts` may borrow from it. The blob URL entry stays. On XHR_OUT_OF_MEMORY nothing changed. */
xhr_status xhr__url_replace(xhr__url *url, const xhr__url_parts *parts);

/* The path begins with an empty segment that is not its only one, which without a host would read as one. */
static inline bool xhr__path_needs_dot(xhr__host_kind host_kind, bool opaque_path, xhr__str path) {
  return host_kind == XHR__HOST_NULL && !opaque_path && path.len >= 2 && path.data[0] == '/' &&
         path.data[1] == '/';
}

#endif
