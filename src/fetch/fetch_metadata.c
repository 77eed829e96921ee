#include "fetch/origin_header.h"
#include "fetch/potentially_trustworthy.h"

/* https://html.spec.whatwg.org/multipage/browsers.html#same-site, of a URL's origin and another.
 * FIXME: registrable domains are not known without the list of public suffixes: hosts that differ count as other
 * sites. */
static bool is_same_site(const xhr__url *url, const xhr__origin *origin) {
  return xhr__str_equals(xhr__url_scheme(url), xhr__origin_scheme(origin)) &&
         xhr__str_equals(xhr__url_host(url), xhr__origin_host(origin));
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

/* https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-append-the-fetch-metadata-headers-for-a-request */
xhr_status xhr__append_fetch_metadata_headers(const xhr__request *request,
                                              xhr__header_list *headers) {
  /* 1. */
  if (!xhr__is_url_potentially_trustworthy(xhr__request_current_url(request)))
    return XHR_OK;
  /* 2. the empty destination */
  xhr_status status =
      xhr__header_list_append(headers, XHR__STR("Sec-Fetch-Dest"), XHR__STR("empty"));
  /* 3. */
  if (status == XHR_OK)
    status = xhr__header_list_append(headers, XHR__STR("Sec-Fetch-Mode"), XHR__STR("cors"));
  /* 4. */
  if (status == XHR_OK)
    status = xhr__header_list_append(headers, XHR__STR("Sec-Fetch-Site"), site_of(request));
  /* 5. Sec-Fetch-User: for navigations only */
  return status;
}
