#include "session/session_options.h"

#include <arpa/inet.h>

#include "fetch/header_list.h"
#include "infra/alloc.h"
#include "url/url.h"
#include "xhr/version.h"

/* Range and default of a limit; 0 is allowed beside the range where `zero` says so. */
typedef struct limit_range {
  uint64_t preset, least, most;
  bool zero;
} limit_range;

static const limit_range limit_ranges[XHR__LIMIT_COUNT] = {
    [XHR_LIMIT_CONNECTIONS] = {256, 1, 1000000, false},
    [XHR_LIMIT_CONNECTIONS_PER_HOST] = {0, 1, 1000000, true},
    [XHR_LIMIT_HEADER_BYTES] = {256 * 1024, 1024, 16 * 1024 * 1024, false},
    [XHR_LIMIT_RESPONSE_BYTES] = {0, 1, UINT64_MAX, true},
    [XHR_LIMIT_DECOMPRESSION_RATIO] = {0, 1, UINT64_MAX, true},
};

xhr_status xhr_session_options_new(xhr_session_options **out) {
  if (!out)
    return XHR_INVALID_ARGUMENT;
  xhr_session_options *options = XHR__NEW(xhr_session_options);
  if (!options)
    return XHR_OUT_OF_MEMORY;
  for (size_t i = 0; i < XHR__LIMIT_COUNT; i++)
    options->limits[i] = limit_ranges[i].preset;
  options->file_urls = true;
  xhr_status status = xhr__bytes_append(&options->user_agent, XHR__STR("libxhr/"));
  if (status == XHR_OK) {
    status = xhr__bytes_append(&options->user_agent, xhr__str_c(xhr_version()));
  }
  if (status != XHR_OK) {
    xhr_session_options_free(options);
    return status;
  }
  *out = options;
  return XHR_OK;
}

void xhr_session_options_free(xhr_session_options *options) {
  if (!options)
    return;
  xhr__bytes_free(&options->ca_file);
  xhr__bytes_free(&options->client_certificate);
  xhr__bytes_free(&options->client_key);
  xhr__bytes_free(&options->client_key_password);
  xhr__bytes_free(&options->proxy);
  xhr__bytes_free(&options->no_proxy);
  for (size_t i = 0; i < options->resolve_count; i++)
    xhr__bytes_free(&options->resolves[i]);
  xhr__free(options->resolves);
  xhr__bytes_free(&options->user_agent);
  xhr__free(options);
}

xhr_status xhr_session_options_set_driver(xhr_session_options *options, xhr_driver driver) {
  if (!options || (driver != XHR_DRIVER_THREAD && driver != XHR_DRIVER_INLINE)) {
    return XHR_INVALID_ARGUMENT;
  }
  options->driver = driver;
  return XHR_OK;
}

static xhr__str to_str(xhr_string string) {
  return xhr__str_of(string.data ? string.data : "", string.data ? string.len : 0);
}

static bool has_nul(xhr_string string) {
  return string.data && memchr(string.data, 0, string.len) != NULL;
}

/* A path or another text without NUL; null is the empty one. */
static bool is_text(xhr_string string) {
  return (string.data || string.len == 0) && !has_nul(string);
}

xhr_status xhr_session_options_set_ca_file(xhr_session_options *options, xhr_string path) {
  if (!options || !is_text(path))
    return XHR_INVALID_ARGUMENT;
  if (path.data && path.len == 0)
    return XHR_INVALID_ARGUMENT;
  return xhr__bytes_assign(&options->ca_file, to_str(path));
}

xhr_status xhr_session_options_set_client_certificate(xhr_session_options *options,
                                                      xhr_string certificate, xhr_string key,
                                                      xhr_string password) {
  if (!options || !is_text(certificate) || !is_text(key) || !is_text(password)) {
    return XHR_INVALID_ARGUMENT;
  }
  /* A key without a certificate would be left unused, and nobody would be told. */
  if (certificate.len == 0 && (certificate.data || key.len > 0 || password.len > 0)) {
    return XHR_INVALID_ARGUMENT;
  }
  xhr__bytes fresh[3] = {{0}, {0}, {0}};
  xhr_status status = xhr__bytes_append(&fresh[0], to_str(certificate));
  if (status == XHR_OK)
    status = xhr__bytes_append(&fresh[1], to_str(key));
  if (status == XHR_OK)
    status = xhr__bytes_append(&fresh[2], to_str(password));
  if (status == XHR_OK) {
    xhr__bytes_move(&options->client_certificate, &fresh[0]);
    xhr__bytes_move(&options->client_key, &fresh[1]);
    xhr__bytes_move(&options->client_key_password, &fresh[2]);
  }
  for (size_t i = 0; i < 3; i++)
    xhr__bytes_free(&fresh[i]);
  return status;
}

xhr_status xhr_session_options_set_insecure(xhr_session_options *options, bool insecure) {
  if (!options)
    return XHR_INVALID_ARGUMENT;
  options->insecure = insecure;
  return XHR_OK;
}

xhr_status xhr_session_options_set_file_urls(xhr_session_options *options, bool allowed) {
  if (!options)
    return XHR_INVALID_ARGUMENT;
  options->file_urls = allowed;
  return XHR_OK;
}

/* Whether `proxy` is a URL of a scheme that proxies have. */
static xhr_status check_proxy(xhr__str proxy) {
  static const char *const schemes[] = {"http", "https", "socks4", "socks4a", "socks5", "socks5h"};
  xhr__url url = {0};
  xhr_status status = xhr__url_parse(proxy, NULL, &url);
  if (status != XHR_OK)
    return status;
  status = XHR_SYNTAX_ERR;
  for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
    if (xhr__url_scheme_is(&url, schemes[i]) && xhr__url_host(&url).len > 0)
      status = XHR_OK;
  }
  xhr__url_free(&url);
  return status;
}

xhr_status xhr_session_options_set_proxy(xhr_session_options *options, xhr_string proxy,
                                         xhr_string no_proxy) {
  if (!options || !is_text(proxy) || !is_text(no_proxy))
    return XHR_INVALID_ARGUMENT;
  if (proxy.len > 0) {
    xhr_status status = check_proxy(to_str(proxy));
    if (status != XHR_OK)
      return status;
  }
  xhr__bytes fresh = {0};
  xhr_status status = xhr__bytes_append(&fresh, to_str(proxy));
  if (status == XHR_OK)
    status = xhr__bytes_assign(&options->no_proxy, to_str(no_proxy));
  if (status == XHR_OK) {
    xhr__bytes_move(&options->proxy, &fresh);
    options->has_proxy = proxy.data != NULL;
    options->has_no_proxy = no_proxy.data != NULL;
  }
  xhr__bytes_free(&fresh);
  return status;
}

static bool is_address(xhr__str address) {
  char text[64];
  unsigned char binary[16];
  if (address.len == 0 || address.len >= sizeof text)
    return false;
  memcpy(text, address.data, address.len);
  text[address.len] = '\0';
  return inet_pton(AF_INET, text, binary) == 1 || inet_pton(AF_INET6, text, binary) == 1;
}

/* A name as it stands in URLs: letters, digits, "-", "." and "_". */
static bool is_host_name(xhr__str host) {
  for (size_t i = 0; i < host.len; i++) {
    uint8_t c = xhr__str_at(host, i);
    if (!xhr__is_ascii_alnum(c) && c != '-' && c != '.' && c != '_')
      return false;
  }
  return host.len > 0;
}

xhr_status xhr_session_options_add_resolve(xhr_session_options *options, xhr_string host,
                                           unsigned port, xhr_string address) {
  if (!options || !is_text(host) || !is_text(address) || port == 0 || port > 65535) {
    return XHR_INVALID_ARGUMENT;
  }
  if (!is_host_name(to_str(host)) || !is_address(to_str(address)))
    return XHR_SYNTAX_ERR;
  void *resolves = options->resolves;
  if (!xhr__grow(&resolves, &options->resolve_capacity, options->resolve_count + 1,
                 sizeof *options->resolves)) {
    return XHR_OUT_OF_MEMORY;
  }
  options->resolves = resolves;
  xhr__bytes entry = {0};
  xhr_status status = xhr__bytes_append_lower(&entry, to_str(host));
  if (status == XHR_OK)
    status = xhr__bytes_append_byte(&entry, ':');
  if (status == XHR_OK)
    status = xhr__bytes_append_u64(&entry, port);
  if (status == XHR_OK)
    status = xhr__bytes_append_byte(&entry, ':');
  if (status == XHR_OK)
    status = xhr__bytes_append(&entry, to_str(address));
  if (status != XHR_OK) {
    xhr__bytes_free(&entry);
    return status;
  }
  options->resolves[options->resolve_count++] = entry;
  return XHR_OK;
}

xhr_status xhr_session_options_set_user_agent(xhr_session_options *options, xhr_string user_agent) {
  if (!options || !user_agent.data)
    return XHR_INVALID_ARGUMENT;
  if (!xhr__is_header_value(to_str(user_agent)))
    return XHR_SYNTAX_ERR;
  return xhr__bytes_assign(&options->user_agent, to_str(user_agent));
}

xhr_status xhr_session_options_set_limit(xhr_session_options *options, xhr_limit limit,
                                         uint64_t value) {
  if (!options || (unsigned)limit >= XHR__LIMIT_COUNT)
    return XHR_INVALID_ARGUMENT;
  const limit_range *range = &limit_ranges[limit];
  bool allowed = value == 0 ? range->zero : value >= range->least && value <= range->most;
  if (!allowed)
    return XHR_INVALID_ARGUMENT;
  options->limits[limit] = value;
  return XHR_OK;
}
