#include "url/registrable_domain.h"

#include <libpsl.h>

/* The longest domain there can be in the DNS: https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4 */
enum { LONGEST_DOMAIN = 253 };

xhr__str xhr__registrable_domain(xhr__str host, xhr__host_kind kind) {
  char domain[LONGEST_DOMAIN + 1];
  /* 2. */
  bool trailing_dot = xhr__str_ends_with(host, XHR__STR("."));
  size_t len = host.len - trailing_dot;
  if (kind != XHR__HOST_DOMAIN || len == 0 || len > LONGEST_DOMAIN)
    return XHR__STR_EMPTY;
  memcpy(domain, host.data, len);
  domain[len] = '\0';
  /* 1. and 3. */
  const char *registrable = psl_registrable_domain(psl_builtin(), domain);
  /* 5. */
  return registrable ? xhr__str_from(host, (size_t)(registrable - domain)) : XHR__STR_EMPTY;
}

bool xhr__hosts_same_site(xhr__str a, xhr__host_kind a_kind, xhr__str b, xhr__host_kind b_kind) {
  if (xhr__str_equals(a, b))
    return true;
  xhr__str domain = xhr__registrable_domain(a, a_kind);
  return domain.len > 0 && xhr__str_equals(domain, xhr__registrable_domain(b, b_kind));
}
