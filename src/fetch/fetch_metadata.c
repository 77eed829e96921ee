#include "fetch/origin_header.h"
#include "fetch/potentially_trustworthy.h"
#include "url/registrable_domain.h"

/* https://html.spec.whatwg.org/multipage/browsers.html#same-site, of a URL's origin and another. */
static bool is_same_site(const xhr__url *url, const xhr__origin *origin) {
  return xhr__str_equals(xhr__url_scheme(url), xhr__origin_scheme(origin)) &&
         xhr__hosts_same_site(xhr__url_host(url), xhr__url_host_kind(url), xhr__origin_host(origin),
                              (xhr__host_kind)origin->host_kind);
}

/* https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-set-site, steps 2 to 5. */
static xhr__str site_of(const xhr__request *request) {
  const xhr__origin *origin = &request->client->origin;
  xhr__str site = XHR__STR("same-origin");
  for (size_t i = 0; i < request->url_count; i++) {
    const xhr__url *url = &request->url_list[i];
    if (xhr__url_same_origin(url, origin))
      continue;
    if (!is_same_site(url, origin))
      return XHR__STR("cross-site");
    site = XHR__STR("same-site");
  }
  return site;
}

static xhr__str mode_name(xhr__request_mode mode) {
  switch (mode) {
    case XHR__MODE_NO_CORS: return XHR__STR("no-cors");
    case XHR__MODE_SAME_ORIGIN: return XHR__STR("same-origin");
    case XHR__MODE_CORS: break;
    case XHR__MODE_NAVIGATE: return XHR__STR("navigate");
  }
  return XHR__STR("cors");
}

/* https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-append-the-fetch-metadata-headers-for-a-request */
xhr_status xhr__append_fetch_metadata_headers(const xhr__request *request,
                                              xhr__header_list *headers) {
  /* 1. */
  if (!xhr__is_url_potentially_trustworthy(xhr__request_current_url(request)))
    return XHR_OK;
  /* 2. */
  xhr_status status = xhr__header_list_append(headers, XHR__STR("Sec-Fetch-Dest"),
                                              xhr__destination_name(request->destination));
  /* 3. */
  if (status == XHR_OK)
    status = xhr__header_list_append(headers, XHR__STR("Sec-Fetch-Mode"), mode_name(request->mode));
  /* 4. */
  if (status == XHR_OK)
    status = xhr__header_list_append(headers, XHR__STR("Sec-Fetch-Site"), site_of(request));
  /* 5. Sec-Fetch-User: for navigations that a user began; none is known to be */
  return status;
}
