#include "net/curl_internal.h"

/* How much one read of a socket takes; libcurl tells of it in pieces of 16 KiB. libcurl allocates it for each request,
 * and glibc's free tidies up its whole heap for blocks of 64 KiB and more. */
enum { RECEIVE_BUFFER = 32 << 10 };
/* libcurl refuses requests whose URL and headers are larger than 1 MiB, for want of memory as it says. */
enum { REQUEST_LIMIT = 1000000 };
/* What HTTP/2 lets a client send before the server says more. */
enum { HTTP2_WINDOW = 65535 };

/* Sets an option, and remembers in `ok` that one could not be set. */
#define SET(option, value)                                                                         \
  do {                                                                                             \
    ok = curl_easy_setopt(easy, option, value) == CURLE_OK && ok;                                  \
  } while (0)

/* The same for one that not every libcurl is built with, and that does no harm where it is missing. */
#define TRY(option, value) ((void)curl_easy_setopt(easy, option, value))

/* NULL for a setting that is unset. */
static const char *text_of(const xhr__bytes *setting) {
  return setting->len ? setting->data : NULL;
}

/* What libcurl does in its own way and we, or Fetch, in another. */
static bool set_behaviour(CURL *easy) {
  bool ok = true;
  SET(CURLOPT_NOSIGNAL, 1L);
  SET(CURLOPT_QUICK_EXIT, 1L); /* do not wait for a name look-up's thread */
  SET(CURLOPT_PROTOCOLS_STR, "http,https");
  SET(CURLOPT_FOLLOWLOCATION, 0L);
  SET(CURLOPT_HTTP09_ALLOWED, 0L);
  SET(CURLOPT_HTTP_CONTENT_DECODING, 0L);
  SET(CURLOPT_PATH_AS_IS, 1L);
  SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  TRY(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
  SET(CURLOPT_BUFFERSIZE, (long)RECEIVE_BUFFER);
  return ok;
}

static bool set_tls(CURL *easy, const xhr__curl_settings *settings) {
  bool ok = true;
  const char *file = text_of(&settings->ca_file), *directory = text_of(&settings->ca_directory);
  if (file || directory) {
    SET(CURLOPT_CAINFO, file);
    TRY(CURLOPT_PROXY_CAINFO, file);
    /* NULL keeps libcurl from reading its own directory besides. */
    if (directory)
      SET(CURLOPT_CAPATH, directory);
    else
      TRY(CURLOPT_CAPATH, NULL);
    TRY(CURLOPT_PROXY_CAPATH, directory);
  }
  SET(CURLOPT_SSL_VERIFYPEER, settings->insecure ? 0L : 1L);
  SET(CURLOPT_SSL_VERIFYHOST, settings->insecure ? 0L : 2L);
  TRY(CURLOPT_PROXY_SSL_VERIFYPEER, settings->insecure ? 0L : 1L);
  TRY(CURLOPT_PROXY_SSL_VERIFYHOST, settings->insecure ? 0L : 2L);
  if (settings->client_certificate.len)
    SET(CURLOPT_SSLCERT, settings->client_certificate.data);
  if (settings->client_key.len)
    SET(CURLOPT_SSLKEY, settings->client_key.data);
  if (settings->client_key_password.len)
    SET(CURLOPT_KEYPASSWD, settings->client_key_password.data);
  return ok;
}

/* An option left NULL would make libcurl read the environment. */
static bool set_proxy(CURL *easy, const xhr__curl_settings *settings, unsigned lane) {
  bool ok = true;
  SET(CURLOPT_PROXY, settings->proxies[lane].len ? settings->proxies[lane].data : "");
  SET(CURLOPT_NOPROXY, settings->no_proxy.len ? settings->no_proxy.data : "");
  return ok;
}

/* All options that are the same for each request. */
static bool set_options(xhr__transfer *transfer) {
  CURL *easy = transfer->easy;
  const xhr__curl_settings *settings = &transfer->transport->settings;
  bool ok = set_behaviour(easy) && set_tls(easy, settings) &&
            set_proxy(easy, settings, XHR__LANE_HTTP) &&
            xhr__curl_sockets_install_easy(transfer->transport, easy) &&
            xhr__transfer_set_callbacks(transfer);
  SET(CURLOPT_PRIVATE, transfer);
  SET(CURLOPT_ERRORBUFFER, transfer->error);
  SET(CURLOPT_CURLU, transfer->target);
  if (settings->resolves)
    SET(CURLOPT_RESOLVE, settings->resolves);
  return ok;
}

xhr__transfer *xhr__transfer_new(xhr__curl_transport *transport) {
  xhr__transfer *transfer = XHR__NEW(xhr__transfer);
  if (!transfer)
    return NULL;
  xhr__list_init(&transfer->node);
  xhr__list_init(&transfer->resume_node);
  transfer->transport = transport;
  transfer->head.limit = transport->settings.max_header_bytes;
  transfer->target = curl_url();
  transfer->easy = curl_easy_init();
  if (!transfer->target || !transfer->easy || !set_options(transfer)) {
    xhr__transfer_free(transfer);
    return NULL;
  }
  return transfer;
}

void xhr__transfer_free(xhr__transfer *transfer) {
  curl_easy_cleanup(transfer->easy);
  curl_url_cleanup(transfer->target);
  xhr__response_head_free(&transfer->head);
  xhr__bytes_free(&transfer->target_host);
  xhr__bytes_free(&transfer->request_target);
  xhr__bytes_free(&transfer->header_text);
  xhr__free(transfer->headers);
  xhr__free(transfer);
}

static bool refuse(xhr__transfer *transfer, xhr_failure_code code, const char *detail) {
  xhr__failure_set(&transfer->failure, code, xhr__str_c(detail));
  transfer->failed = true;
  return false;
}

static bool refuse_memory(xhr__transfer *transfer) {
  return refuse(transfer, XHR_FAILURE_OUT_OF_MEMORY, "");
}

/* One part of the URL for libcurl. False: transfer->failure says why. */
static bool set_part(xhr__transfer *transfer, CURLUPart part, xhr__str value,
                     xhr_failure_code code) {
  xhr__bytes text = {0};
  if (xhr__bytes_reserve(&text, value.len) != XHR_OK)
    return refuse_memory(transfer);
  text.data[0] = '\0';
  (void)xhr__bytes_append(&text, value);
  CURLUcode result = curl_url_set(transfer->target, part, text.data, 0);
  xhr__bytes_free(&text);
  if (result == CURLUE_OK)
    return true;
  if (result == CURLUE_OUT_OF_MEMORY)
    return refuse_memory(transfer);
  return refuse(transfer, code, curl_url_strerror(result));
}

static bool has_origin(const xhr__transfer *transfer, const xhr__url *url, bool https) {
  return transfer->has_target && transfer->target_is_https == https &&
         transfer->target_port == xhr__url_port(url) &&
         xhr__str_equals(xhr__bytes_str(&transfer->target_host), xhr__url_host(url));
}

/* Scheme, host and port go to libcurl in parts, so that it parses no URL. It takes fewer hosts than the URL Standard:
 * DEVIATION: a domain with one of !"$&'()*+,;=`{} is refused here, as no such name can be looked up. */
static bool set_origin(xhr__transfer *transfer, const xhr__url *url, bool https) {
  if (has_origin(transfer, url, https))
    return true;
  transfer->has_target = false;
  xhr__bytes port = {0};
  curl_url_set(transfer->target, CURLUPART_URL, NULL, 0);
  if (!set_part(transfer, CURLUPART_SCHEME, xhr__url_scheme(url), XHR_FAILURE_SCHEME) ||
      !set_part(transfer, CURLUPART_HOST, xhr__url_host(url), XHR_FAILURE_DNS))
    return false;
  if (xhr__url_port(url) != XHR__PORT_NULL) {
    if (xhr__bytes_append_u64(&port, (uint64_t)xhr__url_port(url)) != XHR_OK)
      return refuse_memory(transfer);
    bool ok = set_part(transfer, CURLUPART_PORT, xhr__bytes_str(&port), XHR_FAILURE_CONNECT);
    xhr__bytes_free(&port);
    if (!ok)
      return false;
  }
  if (xhr__bytes_assign(&transfer->target_host, xhr__url_host(url)) != XHR_OK)
    return refuse_memory(transfer);
  /* libcurl keeps the text of an earlier URL, which it repeats requests with, unless told to forget it. */
  if (curl_easy_setopt(transfer->easy, CURLOPT_URL, NULL) != CURLE_OK ||
      curl_easy_setopt(transfer->easy, CURLOPT_CURLU, transfer->target) != CURLE_OK)
    return refuse(transfer, XHR_FAILURE_INTERNAL, "");
  transfer->target_is_https = https;
  transfer->target_port = xhr__url_port(url);
  transfer->has_target = true;
  return true;
}

/* Path and query go onto the wire as they are in the URL. Only an HTTP proxy for http: is sent a whole URL, which
 * libcurl makes of its own parts. DEVIATION: libcurl before 8.3 writes percent-escapes in lower case there, and drops
 * an empty query's "?". */
static bool set_path(xhr__transfer *transfer, const xhr__url *url, bool https) {
  CURL *easy = transfer->easy;
  xhr__str target = xhr__url_path_and_query(url);
  if (https || !transfer->transport->settings.proxy_takes_urls) {
    if (xhr__str_equals(xhr__bytes_str(&transfer->request_target), target))
      return true;
    if (xhr__bytes_assign(&transfer->request_target, target) != XHR_OK ||
        curl_easy_setopt(easy, CURLOPT_REQUEST_TARGET, transfer->request_target.data) != CURLE_OK) {
      xhr__bytes_clear(&transfer->request_target);
      return refuse_memory(transfer);
    }
    return true;
  }
  xhr__bytes_clear(&transfer->request_target);
  if (curl_easy_setopt(easy, CURLOPT_REQUEST_TARGET, NULL) != CURLE_OK ||
      curl_easy_setopt(easy, CURLOPT_URL, NULL) != CURLE_OK ||
      curl_easy_setopt(easy, CURLOPT_CURLU, transfer->target) != CURLE_OK)
    return refuse(transfer, XHR_FAILURE_INTERNAL, "");
  curl_url_set(transfer->target, CURLUPART_QUERY, NULL, 0);
  return set_part(transfer, CURLUPART_PATH, xhr__url_path(url), XHR_FAILURE_INTERNAL) &&
         (!xhr__url_has_query(url) ||
          set_part(transfer, CURLUPART_QUERY, xhr__url_query(url), XHR_FAILURE_INTERNAL));
}

/* Any method with a body is libcurl's upload, which takes the exact length and adds no Content-Type; one without is its
 * GET; both under the method's own name. */
static bool set_method(xhr__transfer *transfer, const xhr__exchange *exchange) {
  CURL *easy = transfer->easy;
  bool ok = true, is_get = xhr__str_equals(exchange->method, XHR__STR("GET"));
  if (is_get && !exchange->has_body && transfer->plain_get)
    return true;
  transfer->plain_get = false;
  bool is_head = xhr__str_equals(exchange->method, XHR__STR("HEAD"));
  xhr__bytes name = {0};
  if (xhr__bytes_append(&name, exchange->method) != XHR_OK)
    return refuse_memory(transfer);
  if (exchange->has_body) {
    SET(CURLOPT_UPLOAD, 1L);
    SET(CURLOPT_INFILESIZE_LARGE, (curl_off_t)exchange->body_length);
  } else if (is_head) {
    SET(CURLOPT_NOBODY, 1L);
  } else {
    SET(CURLOPT_HTTPGET, 1L);
  }
  bool usual = !exchange->has_body && (is_get || is_head);
  SET(CURLOPT_CUSTOMREQUEST, usual ? NULL : name.data);
  xhr__bytes_free(&name);
  if (!ok)
    return refuse_memory(transfer);
  transfer->plain_get = is_get && !exchange->has_body;
  return true;
}

/* DEVIATION: libcurl before 8.1 loses the response of an HTTP/2 server that answers before it has read a request's
 * body, and spins where such a body waits for the server. So bodies that may have to wait go by HTTP/1.1 there. */
static bool set_version(xhr__transfer *transfer, const xhr__exchange *exchange) {
  bool only_http1 = transfer->transport->settings.large_uploads_by_http1 && exchange->has_body &&
                    exchange->body_length > HTTP2_WINDOW;
  if (only_http1 == transfer->only_http1)
    return true;
  long version = only_http1 ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS;
  if (curl_easy_setopt(transfer->easy, CURLOPT_HTTP_VERSION, version) != CURLE_OK)
    return refuse(transfer, XHR_FAILURE_INTERNAL, "");
  transfer->only_http1 = only_http1;
  return true;
}

/* The transport frames the body itself. */
static bool is_ours(const xhr__exchange *exchange, xhr__str name) {
  return xhr__str_equals_ci(name, XHR__STR("Transfer-Encoding")) ||
         (exchange->has_body && xhr__str_equals_ci(name, XHR__STR("Content-Length")));
}

/* Room for all headers' text and nodes, and for two that libcurl shall leave out. */
static bool reserve_headers(xhr__transfer *transfer, const xhr__header_list *list) {
  size_t size = 32;
  for (size_t i = 0; i < list->count; i++)
    size += list->headers[i].name_len + list->headers[i].value_len + 3;
  if (size > REQUEST_LIMIT)
    return refuse(transfer, XHR_FAILURE_INTERNAL, "the request's headers are too large");
  void *nodes = transfer->headers;
  xhr__bytes_clear(&transfer->header_text);
  if (!xhr__grow(&nodes, &transfer->header_capacity, list->count + 2, sizeof *transfer->headers))
    return refuse_memory(transfer);
  transfer->headers = nodes;
  return xhr__bytes_reserve(&transfer->header_text, size) == XHR_OK || refuse_memory(transfer);
}

/* Copies to `at` and gives the place behind. */
static char *put(char *at, xhr__str text) {
  memcpy(at, text.data, text.len);
  return at + text.len;
}

/* Appends one in the form of CURLOPT_HTTPHEADER, for which there is room: "Name: value", "Name;" for an empty value. */
static void add_header(xhr__transfer *transfer, size_t *count, xhr__str name, xhr__str value) {
  xhr__bytes *text = &transfer->header_text;
  char *start = text->data + text->len;
  char *end = put(start, name);
  end = put(end, value.len ? XHR__STR(": ") : XHR__STR(";"));
  if (value.len)
    end = put(end, value);
  *end++ = '\0';
  text->len += (size_t)(end - start);
  transfer->headers[(*count)++].data = start;
}

/* "Name:" keeps libcurl from sending that header of its own. */
static void suppress_header(xhr__transfer *transfer, size_t *count, xhr__str name) {
  xhr__bytes *text = &transfer->header_text;
  char *start = text->data + text->len;
  char *end = put(put(start, name), xhr__str_of(":", 2));
  text->len += (size_t)(end - start);
  transfer->headers[(*count)++].data = start;
}

/* The list that libcurl borrows for the request. On the wire: Host, then our headers in their order, then
 * Content-Length. */
static bool set_headers(xhr__transfer *transfer, const xhr__exchange *exchange) {
  const xhr__header_list *list = exchange->headers;
  if (!reserve_headers(transfer, list))
    return false;
  size_t count = 0;
  bool accept = false, expect = false;
  for (size_t i = 0; i < list->count; i++) {
    xhr__str name = xhr__header_list_name(list, i);
    if (is_ours(exchange, name))
      continue;
    accept = accept || xhr__str_equals_ci(name, XHR__STR("Accept"));
    expect = expect || xhr__str_equals_ci(name, XHR__STR("Expect"));
    add_header(transfer, &count, name, xhr__header_list_value(list, i));
  }
  if (!accept)
    suppress_header(transfer, &count, XHR__STR("Accept"));
  if (!expect && exchange->has_body)
    suppress_header(transfer, &count, XHR__STR("Expect"));
  for (size_t i = 0; i < count; i++)
    transfer->headers[i].next = i + 1 < count ? &transfer->headers[i + 1] : NULL;
  struct curl_slist *first = count ? transfer->headers : NULL;
  return curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, first) == CURLE_OK ||
         refuse(transfer, XHR_FAILURE_INTERNAL, "");
}

/* The client's certificate is a credential. libcurl uses no connection again that was made with another one, or none. */
static bool set_certificate(xhr__transfer *transfer, bool without) {
  const xhr__curl_settings *settings = &transfer->transport->settings;
  CURL *easy = transfer->easy;
  bool ok = true;
  if (transfer->without_certificate == without || settings->client_certificate.len == 0)
    return true;
  SET(CURLOPT_SSLCERT, without ? NULL : settings->client_certificate.data);
  SET(CURLOPT_SSLKEY, without ? NULL : text_of(&settings->client_key));
  if (!ok)
    return refuse_memory(transfer);
  transfer->without_certificate = without;
  return true;
}

static bool set_freshness(xhr__transfer *transfer, bool fresh_connection) {
  CURL *easy = transfer->easy;
  bool ok = true;
  SET(CURLOPT_FRESH_CONNECT, fresh_connection ? 1L : 0L);
  SET(CURLOPT_FORBID_REUSE, 0L);
  return ok || refuse(transfer, XHR_FAILURE_INTERNAL, "");
}

/* PIPEWAIT: requests wait for a TLS handshake that is under way to their host, as its end tells whether they may share
 * the connection. 50 at once to a server with HTTP/2 make 1 connection instead of 50, and take 25 ms instead of 500; to
 * one without they are as quick as before. Without TLS there is nothing to wait for. */
static bool set_lane(xhr__transfer *transfer, unsigned lane) {
  if (transfer->lane == lane)
    return true;
  CURL *easy = transfer->easy;
  bool ok = set_proxy(easy, &transfer->transport->settings, lane);
  SET(CURLOPT_PIPEWAIT, lane == XHR__LANE_HTTPS ? 1L : 0L);
  if (!ok)
    return refuse_memory(transfer);
  transfer->lane = lane;
  return true;
}

bool xhr__transfer_prepare(xhr__transfer *transfer, xhr__exchange *exchange) {
  bool https = xhr__url_scheme_is(exchange->url, "https");
  transfer->paused = transfer->head_told = transfer->failed = false;
  transfer->answered = transfer->first_line_is_next = false;
  transfer->answer_left = UINT64_MAX;
  transfer->body_left = exchange->has_body ? exchange->body_length : 0;
  transfer->error[0] = '\0';
  xhr__response_head_clear(&transfer->head);
  return set_lane(transfer, https ? XHR__LANE_HTTPS : XHR__LANE_HTTP) &&
         set_origin(transfer, exchange->url, https) && set_path(transfer, exchange->url, https) &&
         set_certificate(transfer, exchange->without_credentials) &&
         set_version(transfer, exchange) && set_method(transfer, exchange) &&
         set_headers(transfer, exchange) && set_freshness(transfer, exchange->fresh_connection);
}
