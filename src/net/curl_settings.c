#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "net/curl_internal.h"

/* Where systems keep their trusted certificates in one file; the first that can be read is taken. */
static const char *const bundles[] = {
    "/etc/ssl/certs/ca-certificates.crt",                /* Debian, Alpine, Arch */
    "/etc/pki/tls/certs/ca-bundle.crt",                  /* Fedora */
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", /* Fedora */
    "/etc/ssl/ca-bundle.pem",                            /* openSUSE */
    "/etc/ssl/cert.pem",                                 /* BSD, Alpine, macOS */
    "/usr/local/share/certs/ca-root-nss.crt",            /* FreeBSD */
    "/usr/local/etc/openssl/cert.pem",
};

/* libcurl 8.1.0; see set_version in curl_request.c. */
enum { HTTP2_UPLOADS_FIXED = 0x080100 };

static bool is_readable(const char *path) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return false;
  close(fd);
  return true;
}

/* A variable that is set and not empty, or NULL. */
static const char *variable(const char *name) {
  const char *value = getenv(name);
  return value && *value ? value : NULL;
}

static xhr_status set(xhr__bytes *setting, const char *value) {
  return value ? xhr__bytes_assign(setting, xhr__str_c(value)) : XHR_OK;
}

static xhr_status copy(xhr__bytes *setting, xhr__str value) {
  if (value.len && memchr(value.data, '\0', value.len))
    return XHR_INVALID_ARGUMENT;
  return value.len ? xhr__bytes_assign(setting, value) : XHR_OK;
}

/* Where a file is named, it must be readable. */
static xhr_status copy_path(xhr__bytes *setting, xhr__str path) {
  xhr_status status = copy(setting, path);
  if (status == XHR_OK && path.len && !is_readable(setting->data))
    return XHR_IO;
  return status;
}

/* The bundle that libcurl was built for, where it is on this system. */
static const char *built_in_bundle(void) {
  char *path = NULL;
  CURL *easy = curl_easy_init();
  if (easy && curl_easy_getinfo(easy, CURLINFO_CAINFO, &path) != CURLE_OK)
    path = NULL;
  curl_easy_cleanup(easy);
  return path && is_readable(path) ? path : NULL; /* a constant of libcurl's */
}

/* One file is preferred to a directory: GnuTLS reads all of it for each connection. With none found, libcurl's own
 * defaults stay. */
xhr_status xhr__curl_settings_find_certificates(xhr__curl_settings *settings) {
  if (settings->ca_file.len || settings->ca_directory.len)
    return XHR_OK;
  const char *file = built_in_bundle();
  for (size_t i = 0; !file && i < sizeof bundles / sizeof *bundles; i++) {
    if (is_readable(bundles[i]))
      file = bundles[i];
  }
  return set(&settings->ca_file, file);
}

static xhr_status set_authorities(xhr__curl_settings *settings, xhr__str ca_file) {
  if (ca_file.len)
    return copy_path(&settings->ca_file, ca_file);
  xhr_status status = set(&settings->ca_file, variable("SSL_CERT_FILE"));
  return status == XHR_OK ? set(&settings->ca_directory, variable("SSL_CERT_DIR")) : status;
}

/* The environment's proxies, by the names that libcurl reads: HTTP_PROXY in capitals is not among them, because a web
 * server hands a request's Proxy header to CGI programs under that name. */
static xhr_status find_proxies(xhr__curl_settings *settings) {
  const char *all = variable("all_proxy");
  if (!all)
    all = variable("ALL_PROXY");
  const char *http = variable("http_proxy");
  const char *https = variable("https_proxy");
  if (!https)
    https = variable("HTTPS_PROXY");
  xhr_status status = set(&settings->proxies[XHR__LANE_HTTP], http ? http : all);
  return status == XHR_OK ? set(&settings->proxies[XHR__LANE_HTTPS], https ? https : all) : status;
}

static xhr_status set_proxies(xhr__curl_settings *settings, const xhr__transport_options *options) {
  xhr_status status;
  if (options->has_proxy) {
    status = copy(&settings->proxies[XHR__LANE_HTTP], options->proxy);
    if (status == XHR_OK)
      status = copy(&settings->proxies[XHR__LANE_HTTPS], options->proxy);
  } else {
    status = find_proxies(settings);
  }
  if (status != XHR_OK)
    return status;
  xhr__str http = xhr__bytes_str(&settings->proxies[XHR__LANE_HTTP]);
  settings->proxy_takes_urls = http.len && !xhr__str_starts_with_ci(http, XHR__STR("socks"));
  if (options->has_no_proxy)
    return copy(&settings->no_proxy, options->no_proxy);
  const char *no_proxy = variable("no_proxy");
  return set(&settings->no_proxy, no_proxy ? no_proxy : variable("NO_PROXY"));
}

static xhr_status add_resolve(xhr__curl_settings *settings, xhr__str resolve) {
  xhr__bytes text = {0};
  xhr_status status = copy(&text, resolve);
  struct curl_slist *list = NULL;
  if (status == XHR_OK && text.data) {
    list = curl_slist_append(settings->resolves, text.data);
    if (!list)
      status = XHR_OUT_OF_MEMORY;
  }
  if (list)
    settings->resolves = list;
  xhr__bytes_free(&text);
  return status;
}

static xhr_status set_certificates(xhr__curl_settings *settings,
                                   const xhr__transport_options *options) {
  settings->insecure = options->insecure;
  xhr_status status = set_authorities(settings, options->ca_file);
  if (status == XHR_OK)
    status = copy_path(&settings->client_certificate, options->client_certificate);
  if (status == XHR_OK)
    status = copy_path(&settings->client_key, options->client_key);
  if (status == XHR_OK)
    status = copy(&settings->client_key_password, options->client_key_password);
  return status;
}

xhr_status xhr__curl_settings_init(xhr__curl_settings *settings,
                                   const xhr__transport_options *options) {
  *settings = (xhr__curl_settings){.max_connections = options->max_connections,
                                   .max_connections_per_host = options->max_connections_per_host,
                                   .max_header_bytes = options->max_header_bytes,
                                   .trace = options->trace};
  settings->large_uploads_by_http1 =
      curl_version_info(CURLVERSION_NOW)->version_num < HTTP2_UPLOADS_FIXED;
  xhr_status status = set_certificates(settings, options);
  if (status == XHR_OK)
    status = set_proxies(settings, options);
  for (size_t i = 0; status == XHR_OK && i < options->resolve_count; i++)
    status = add_resolve(settings, options->resolves[i]);
  if (status != XHR_OK)
    xhr__curl_settings_free(settings);
  return status;
}

void xhr__curl_settings_free(xhr__curl_settings *settings) {
  xhr__bytes_free(&settings->ca_file);
  xhr__bytes_free(&settings->ca_directory);
  xhr__bytes_free(&settings->client_certificate);
  xhr__bytes_free(&settings->client_key);
  xhr__bytes_free(&settings->client_key_password);
  xhr__bytes_free(&settings->proxies[XHR__LANE_HTTP]);
  xhr__bytes_free(&settings->proxies[XHR__LANE_HTTPS]);
  xhr__bytes_free(&settings->no_proxy);
  curl_slist_free_all(settings->resolves);
  *settings = (xhr__curl_settings){0};
}
