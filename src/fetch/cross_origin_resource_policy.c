#include "fetch/cross_origin_resource_policy.h"

#include "url/registrable_domain.h"

/* Step 5, "same-site", of the internal check. */
static bool is_same_site(const xhr__origin *origin, const xhr__url *url) {
  bool same = xhr__hosts_same_site(xhr__origin_host(origin), (xhr__host_kind)origin->host_kind,
                                   xhr__url_host(url), xhr__url_host_kind(url));
  return !xhr__origin_is_opaque(origin) && same &&
         (xhr__str_equals(xhr__origin_scheme(origin), XHR__STR("https")) ||
          !xhr__url_scheme_is(url, "https"));
}

/* https://fetch.spec.whatwg.org/#cross-origin-resource-policy-internal-check, its last step. */
static bool allows(xhr__str policy, const xhr__origin *origin, const xhr__url *url) {
  if (xhr__str_equals(policy, XHR__STR("same-origin")))
    return xhr__url_same_origin(url, origin);
  if (xhr__str_equals(policy, XHR__STR("same-site")))
    return is_same_site(origin, url);
  return true;
}

xhr_status xhr__cross_origin_resource_policy_check(const xhr__request *request,
                                                   const xhr__response *response) {
  xhr__bytes storage = {0};
  xhr__str policy;
  /* 1. - 2. never of navigations; embedder policies are not built, which is "unsafe-none" */
  /* 3. - 5. the internal check: 2. */
  xhr_status status = xhr__header_list_get(
      &response->header_list, XHR__STR("Cross-Origin-Resource-Policy"), &storage, &policy);
  /* 3. - 5. */
  if (status == XHR_OK &&
      !allows(policy, &request->client->origin, xhr__request_current_url(request)))
    status = XHR_SECURITY_ERR;
  xhr__bytes_free(&storage);
  return status == XHR_NOT_FOUND ? XHR_OK : status;
}
