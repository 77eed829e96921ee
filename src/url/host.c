#include "url/host.h"

#include "infra/utf8.h"
#include "url/percent.h"

/* https://url.spec.whatwg.org/#forbidden-host-code-point */
static bool is_forbidden_host_code_point(uint8_t c) {
  static const char forbidden[] = "\t\n\r #/:<>?@[\\]^|";
  return c == 0 || (c < 0x80 && strchr(forbidden, c) != NULL);
}

/* https://url.spec.whatwg.org/#concept-opaque-host-parser */
xhr_status xhr__opaque_host_parse(xhr__str input, xhr__bytes *out) {
  /* 1. */
  for (size_t i = 0; i < input.len; i++) {
    if (is_forbidden_host_code_point(xhr__str_at(input, i)))
      return XHR_SYNTAX_ERR;
  }
  /* 2 and 3 only report. 4. */
  return xhr__utf8_percent_encode(input, XHR__C0_CONTROL_PERCENT_ENCODE_SET, out);
}

/* Step 1 of the host parser, behind its "[". */
static xhr_status parse_bracketed(xhr__str input, xhr__bytes *out) {
  uint16_t address[8];
  size_t before = out->len;
  /* 1.1. The other bracket. */
  if (input.len < 2 || input.data[input.len - 1] != ']')
    return XHR_SYNTAX_ERR;
  /* 1.2. */
  if (!xhr__ipv6_parse(xhr__str_slice(input, 1, input.len - 1), address))
    return XHR_SYNTAX_ERR;
  xhr_status status = xhr__bytes_append_byte(out, '[');
  if (status == XHR_OK)
    status = xhr__ipv6_serialize(address, out);
  if (status == XHR_OK)
    status = xhr__bytes_append_byte(out, ']');
  if (status != XHR_OK)
    out->len = before;
  return status;
}

/* Steps 5 to 7: the domain, percent-decoded where it has to be, through the domain parser. */
static xhr_status parse_domain(xhr__str input, xhr__bytes *out) {
  if (xhr__str_find(input, 0, '%') == input.len)
    return xhr__domain_parse(input, out);
  xhr__bytes domain = {0};
  xhr_status status = xhr__percent_decode(input, &domain);
  /* What is no UTF-8 would become U+FFFD, which the domain parser refuses. */
  if (status == XHR_OK && !xhr__utf8_is_valid(xhr__bytes_str(&domain)))
    status = XHR_SYNTAX_ERR;
  if (status == XHR_OK)
    status = xhr__domain_parse(xhr__bytes_str(&domain), out);
  xhr__bytes_free(&domain);
  return status;
}

/* https://url.spec.whatwg.org/#concept-host-parser */
xhr_status xhr__host_parse(xhr__str input, bool is_opaque, xhr__bytes *out, xhr__host_kind *kind) {
  size_t before = out->len;
  /* 1. An IPv6 address. */
  if (input.len > 0 && input.data[0] == '[') {
    *kind = XHR__HOST_IPV6;
    return parse_bracketed(input, out);
  }
  /* 2. */
  if (is_opaque) {
    *kind = input.len > 0 ? XHR__HOST_OPAQUE : XHR__HOST_EMPTY;
    return xhr__opaque_host_parse(input, out);
  }
  /* 3 is the caller's, 4 only reports. 5 to 7. */
  *kind = XHR__HOST_DOMAIN;
  xhr_status status = parse_domain(input, out);
  if (status != XHR_OK)
    return status;
  /* 8. */
  xhr__str ascii_domain = xhr__str_from(xhr__bytes_str(out), before);
  if (xhr__ends_in_a_number(ascii_domain)) {
    uint32_t address;
    bool good = xhr__ipv4_parse(ascii_domain, &address);
    out->len = before;
    *kind = XHR__HOST_IPV4;
    return good ? xhr__ipv4_serialize(address, out) : XHR_SYNTAX_ERR;
  }
  /* 9. */
  return XHR_OK;
}
