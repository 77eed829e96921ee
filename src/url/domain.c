#include "url/host.h"

#include "infra/utf8.h"
#include "url/idna.h"

/* https://url.spec.whatwg.org/#forbidden-domain-code-point */
static bool is_forbidden_domain_code_point(uint8_t c) {
  static const char forbidden[] = " #/:<>?@[\\]^|%\x7F";
  return c < 0x20 || (c < 0x80 && strchr(forbidden, c) != NULL);
}

static bool is_plain(uint8_t c) {
  return xhr__is_ascii_lower(c) || xhr__is_ascii_digit(c) || c == '.' || c == '-';
}

/* Whether a label begins with "xn--". */
static bool has_encoded_label(xhr__str domain) {
  for (size_t start = 0; start < domain.len; start = xhr__str_find(domain, start, '.') + 1) {
    if (xhr__str_starts_with_ci(xhr__str_from(domain, start), XHR__STR("xn--")))
      return true;
  }
  return false;
}

/* Step 5's condition. For ASCII without encoded labels Unicode ToASCII is lowercasing, too.
 * DEVIATION: since https://github.com/whatwg/url/pull/914 (2026-06-25) the standard takes any ASCII domain as it is, even
 * where a label's Punycode is wrong. The standard's test data that is to be had, and what is built to pass it, are of
 * before: such a domain fails. The other way is to leave out the second condition. */
static bool is_only_lowercased(xhr__str domain) {
  return xhr__is_ascii_string(domain) && !has_encoded_label(domain);
}

/* https://url.spec.whatwg.org/#concept-domain-to-ascii */
xhr_status xhr__domain_parse(xhr__str domain, xhr__bytes *out) {
  size_t before = out->len;
  xhr_status status;
  /* 1 to 3. NOTE: The strict result is for validation errors and for the strict callers, which this library lacks. */
  /* 4 to 5. ASCII is only lowercased, */
  if (is_only_lowercased(domain))
    status = xhr__bytes_append_lower(out, domain);
  else /* 6. the rest goes through Unicode ToASCII. */
    status = xhr__domain_parser_to_ascii(domain, out);
  if (status != XHR_OK)
    return status;
  /* 7. */
  bool good = out->len > before;
  /* 8. */
  for (size_t i = before; i < out->len && good; i++) {
    uint8_t c = (uint8_t)out->data[i];
    good = is_plain(c) || !is_forbidden_domain_code_point(c);
  }
  if (!good)
    out->len = before;
  /* 9. */
  return good ? XHR_OK : XHR_SYNTAX_ERR;
}
