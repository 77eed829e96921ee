#include "fetch/potentially_trustworthy.h"

/* Step 4: 127.0.0.0/8 or ::1/128, serialized. */
static bool is_loopback(xhr__str host) {
  uint32_t address;
  if (xhr__str_equals(host, XHR__STR("[::1]")))
    return true;
  return host.len > 0 && xhr__is_ascii_digit(xhr__str_at(host, 0)) &&
         xhr__ipv4_parse(host, &address) && address >> 24 == 127;
}

/* Step 5: names that never leave the machine; libcurl keeps to that. */
static bool is_localhost(xhr__str host) {
  if (xhr__str_ends_with(host, XHR__STR(".")))
    host.len--;
  return xhr__str_equals(host, XHR__STR("localhost")) ||
         xhr__str_ends_with(host, XHR__STR(".localhost"));
}

/* Steps 3 to 9 for a tuple origin's parts. */
static bool is_trustworthy(xhr__str scheme, xhr__str host) {
  return xhr__str_equals(scheme, XHR__STR("https")) || xhr__str_equals(scheme, XHR__STR("wss")) ||
         is_loopback(host) || is_localhost(host);
}

/* https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy */
bool xhr__is_origin_potentially_trustworthy(const xhr__origin *origin) {
  /* 1. */
  if (xhr__origin_is_opaque(origin))
    return false;
  /* 2. a tuple; 6. file: is none here; 7. - 8. no other schemes, no configuration */
  return is_trustworthy(xhr__origin_scheme(origin), xhr__origin_host(origin));
}

/* https://w3c.github.io/webappsec-secure-contexts/#is-url-trustworthy */
bool xhr__is_url_potentially_trustworthy(const xhr__url *url) {
  xhr__origin origin;
  /* 1. about:srcdoc: nobody asks */
  if (xhr__url_scheme_is(url, "about") && xhr__str_equals(xhr__url_path(url), XHR__STR("blank")))
    return true;
  /* 2. */
  if (xhr__url_scheme_is(url, "data"))
    return true;
  /* 3. the URL's origin, without making it where it is the URL's own */
  if (xhr__url_is_http(url))
    return is_trustworthy(xhr__url_scheme(url), xhr__url_host(url));
  if (xhr__url_origin(url, &origin) != XHR_OK)
    return false;
  bool trustworthy = xhr__is_origin_potentially_trustworthy(&origin);
  xhr__origin_free(&origin);
  return trustworthy;
}
