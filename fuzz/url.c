/* The URL parser and the setters. Input: base NUL url NUL setter's value. Whatever parses must serialize to a URL that
 * parses to the same, and each component must lie inside the serialization. */
#include "fuzz.h"

#include "url/url.h"

static void check(const xhr__url *url) {
  xhr__url again;
  xhr__str href = xhr__url_href(url, false);
  const xhr__str parts[] = {xhr__url_scheme(url),   xhr__url_username(url),
                            xhr__url_password(url), xhr__url_host(url),
                            xhr__url_path(url),     xhr__url_query(url),
                            xhr__url_fragment(url), xhr__url_host_and_port(url)};

  HOLDS(xhr__url_is_set(url));
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    HOLDS(parts[i].len <= href.len);
  }
  HOLDS(xhr__url_port(url) >= -1 && xhr__url_port(url) <= 65535);
  for (size_t i = 0; i < href.len; i++) {
    HOLDS(xhr__str_at(href, i) < 0x80);
  }
  HOLDS(xhr__url_parse(href, NULL, &again) == XHR_OK);
  HOLDS(xhr__str_equals(xhr__url_href(&again, false), href));
  HOLDS(xhr__url_equals(url, &again, false));
  xhr__url_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static xhr_status (*const setters[])(xhr__url *, xhr__str) = {
      xhr__url_set_href,   xhr__url_set_protocol, xhr__url_set_username, xhr__url_set_password,
      xhr__url_set_host,   xhr__url_set_hostname, xhr__url_set_port,     xhr__url_set_pathname,
      xhr__url_set_search, xhr__url_set_hash};
  xhr__str input = fuzz_input(data, size);
  uint8_t setter = fuzz_take_byte(&input);
  xhr__str base_string = fuzz_take_string(&input);
  xhr__str url_string = fuzz_take_string(&input);
  xhr__url base = {0};
  xhr__url url = {0};
  bool has_base = xhr__url_parse(base_string, NULL, &base) == XHR_OK;

  if (has_base)
    check(&base);
  if (xhr__url_parse(url_string, has_base ? &base : NULL, &url) == XHR_OK) {
    check(&url);
    HOLDS(xhr__url_can_parse(url_string, has_base ? &base : NULL) == XHR_OK);
    xhr_status status = setters[setter % (sizeof setters / sizeof *setters)](&url, input);
    HOLDS(status == XHR_OK || status == XHR_SYNTAX_ERR);
    check(&url);
  }
  xhr__url_free(&url);
  xhr__url_free(&base);
  return 0;
}
