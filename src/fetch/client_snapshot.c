#include "fetch/client_snapshot.h"

#include <stdatomic.h>

#include "fetch/potentially_trustworthy.h"

/* What a URL is cut to its origin from: https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer,
 * step 6. */
enum { REFERRER_MAX = 4096 };

/* https://w3c.github.io/webappsec-referrer-policy/#strip-url, appended to `out`. */
static xhr_status strip_url(const xhr__url *url, xhr__bytes *out) {
  xhr__url stripped;
  xhr_status status = xhr__url_copy(url, &stripped);
  if (status != XHR_OK)
    return status;
  /* 3. - 4. */
  status = xhr__url_set_the_username(&stripped, XHR__STR_EMPTY);
  if (status == XHR_OK)
    status = xhr__url_set_the_password(&stripped, XHR__STR_EMPTY);
  /* 5. */
  if (status == XHR_OK)
    status = xhr__url_serialize(&stripped, true, out);
  xhr__url_free(&stripped);
  return status;
}

/* What the client's requests may tell of where they come from; nothing for an opaque origin. */
static xhr_status set_referrer(xhr__client_snapshot *client, const xhr__url *url) {
  if (xhr__origin_is_opaque(&client->origin))
    return XHR_OK;
  xhr__bytes *origin = &client->referrer_origin;
  xhr_status status = xhr__bytes_append(origin, xhr__origin_serialization(&client->origin));
  if (status == XHR_OK)
    status = xhr__bytes_append_byte(origin, '/');
  if (status != XHR_OK)
    return status;
  if (url && xhr__url_is_http(url) && xhr__url_same_origin(url, &client->origin) &&
      xhr__url_href(url, true).len <= REFERRER_MAX) {
    return strip_url(url, &client->referrer_url);
  }
  return xhr__bytes_append(&client->referrer_url, xhr__bytes_str(origin));
}

xhr_status xhr__client_snapshot_new(const xhr__origin *origin, const xhr__url *url,
                                    xhr__client_snapshot **out) {
  xhr__client_snapshot *client = XHR__NEW(xhr__client_snapshot);
  if (!client)
    return XHR_OUT_OF_MEMORY;
  client->references = 1;
  xhr_status status = xhr__origin_copy(origin, &client->origin);
  if (status == XHR_OK)
    status = set_referrer(client, url);
  if (status != XHR_OK) {
    xhr__client_snapshot_unref(client);
    return status;
  }
  client->secure_context = xhr__is_origin_potentially_trustworthy(&client->origin);
  /* DEVIATION: the standard has every potentially trustworthy origin prohibit it, http://localhost too. Browsers have
   * https: only, and developers' servers rely on it. */
  client->prohibits_mixed_content =
      xhr__str_equals(xhr__origin_scheme(&client->origin), XHR__STR("https"));
  *out = client;
  return XHR_OK;
}

xhr__client_snapshot *xhr__client_snapshot_ref(xhr__client_snapshot *client) {
  if (client)
    atomic_fetch_add_explicit(&client->references, 1, memory_order_relaxed);
  return client;
}

void xhr__client_snapshot_unref(xhr__client_snapshot *client) {
  if (!client || atomic_fetch_sub_explicit(&client->references, 1, memory_order_acq_rel) != 1)
    return;
  xhr__origin_free(&client->origin);
  xhr__bytes_free(&client->referrer_url);
  xhr__bytes_free(&client->referrer_origin);
  xhr__free(client);
}
