/* A frozen copy of what Fetch reads from a request's client, for clients with a web origin: the engine never reads a
 * context. Made once for a context, shared by its requests, immutable. Atomically counted. */
#ifndef XHR__FETCH_CLIENT_SNAPSHOT_H
#define XHR__FETCH_CLIENT_SNAPSHOT_H

#include "url/origin.h"

typedef struct xhr__client_snapshot {
  _Atomic uint32_t references;
  xhr__origin origin;
  bool secure_context; /* its origin is potentially trustworthy */
  /* https://w3c.github.io/webappsec-mixed-content/#settings-prohibits-mixed-security-contexts */
  bool prohibits_mixed_content;
  /* https://w3c.github.io/webappsec-referrer-policy/#strip-url, of the client's URL: whole, and cut to its origin. Both
   * are empty where there is nothing to refer to. */
  xhr__bytes referrer_url, referrer_origin;
} xhr__client_snapshot;

/* For a client of that origin, which is copied. Its URL is `url` where that is of the same origin, else the origin's
 * own; NULL: none. XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__client_snapshot_new(const xhr__origin *origin, const xhr__url *url,
                                    xhr__client_snapshot **client);
/* NULL is allowed: it stands for a system context, to which every URL is same-origin. */
xhr__client_snapshot *xhr__client_snapshot_ref(xhr__client_snapshot *client);
void xhr__client_snapshot_unref(xhr__client_snapshot *client);

#endif
