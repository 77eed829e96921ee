/* Hosts: https://url.spec.whatwg.org/#hosts-(domains-and-ip-addresses) */
#ifndef XHR__URL_HOST_H
#define XHR__URL_HOST_H

#include "infra/bytes.h"

typedef enum xhr__host_kind {
  XHR__HOST_NULL, /* no host at all */
  XHR__HOST_DOMAIN,
  XHR__HOST_IPV4,
  XHR__HOST_IPV6,
  XHR__HOST_OPAQUE,
  XHR__HOST_EMPTY
} xhr__host_kind;

/* The host parser: appends the host's serialization to `out` and says its kind. `input` is valid UTF-8 and, unless
 * `is_opaque`, not empty. Returns XHR_OK, XHR_SYNTAX_ERR (failure) or XHR_OUT_OF_MEMORY; `out` is unchanged then. */
xhr_status xhr__host_parse(xhr__str input, bool is_opaque, xhr__bytes *out, xhr__host_kind *kind);

/* The opaque-host parser, with the same promises. */
xhr_status xhr__opaque_host_parse(xhr__str input, xhr__bytes *out);

/* The domain parser with beStrict false (the strict one is for conformance checkers), with the same promises; `domain`
 * is valid UTF-8. */
xhr_status xhr__domain_parse(xhr__str domain, xhr__bytes *out);

/* The ends in a number checker; `input` is not empty. */
bool xhr__ends_in_a_number(xhr__str input);
/* The IPv4 parser, for the host parser and for serialized IPv4 hosts: false on failure. */
bool xhr__ipv4_parse(xhr__str input, uint32_t *address);
/* The IPv6 parser: text without brackets; false on failure. */
bool xhr__ipv6_parse(xhr__str input, uint16_t address[8]);
/* The IPv4 and IPv6 (without brackets) serializers: append to `out`. */
xhr_status xhr__ipv4_serialize(uint32_t address, xhr__bytes *out);
xhr_status xhr__ipv6_serialize(const uint16_t address[8], xhr__bytes *out);

#endif
