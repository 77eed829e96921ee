#include <errno.h>

#include "net/curl_internal.h"

/* CURLE_TOO_LARGE, which libcurl has since 8.6. */
enum { TOO_LARGE = 100 };

static bool says(const xhr__transfer *transfer, const char *words) {
  xhr__str text = xhr__str_c(transfer->error);
  return xhr__str_find_str(text, 0, xhr__str_c(words)) < text.len;
}

static bool has_time(const xhr__transfer *transfer, CURLINFO info) {
  curl_off_t time = 0;
  return curl_easy_getinfo(transfer->easy, info, &time) == CURLE_OK && time > 0;
}

static bool is_refused(const xhr__transfer *transfer) {
  long code = 0;
  return curl_easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &code) == CURLE_OK &&
         code == ECONNREFUSED;
}

/* Whether what failed is the way to a proxy. libcurl before 8.7 does not say whether it used one, so: one is set, and
 * the message names another host than the URL's. */
static bool is_proxys(const xhr__transfer *transfer) {
  if (transfer->transport->settings.proxies[transfer->lane].len == 0)
    return false;
  if (says(transfer, "CONNECT tunnel") || says(transfer, "roxy") || says(transfer, "SOCKS") ||
      says(transfer, " via "))
    return true;
  return transfer->error[0] && !says(transfer, transfer->target_host.data);
}

static xhr_failure_code connect_code(const xhr__transfer *transfer) {
  if (is_proxys(transfer))
    return XHR_FAILURE_PROXY;
  return is_refused(transfer) ? XHR_FAILURE_CONNECT_REFUSED : XHR_FAILURE_CONNECT;
}

/* Out of time at libcurl's own limits, which stand for making the connection only. */
static xhr_failure_code timeout_code(const xhr__transfer *transfer) {
  if (!has_time(transfer, CURLINFO_NAMELOOKUP_TIME_T))
    return XHR_FAILURE_DNS;
  return has_time(transfer, CURLINFO_CONNECT_TIME_T) ? XHR_FAILURE_TLS_HANDSHAKE
                                                     : XHR_FAILURE_CONNECT;
}

static xhr_failure_code handshake_code(const xhr__transfer *transfer) {
  /* GnuTLS tells of an unusable key file as of any other trouble. */
  if (says(transfer, "error reading X.509") || says(transfer, "PKCS#12"))
    return XHR_FAILURE_TLS_CLIENT_CERTIFICATE;
  return is_proxys(transfer) ? XHR_FAILURE_PROXY : XHR_FAILURE_TLS_HANDSHAKE;
}

/* The connection was there, and receiving failed. */
static xhr_failure_code receive_code(const xhr__transfer *transfer) {
  if (says(transfer, "CONNECT tunnel"))
    return XHR_FAILURE_PROXY;
  if (says(transfer, "response headers") || says(transfer, "header too"))
    return XHR_FAILURE_HEADER_LIMIT;
  if (says(transfer, "chunk"))
    return XHR_FAILURE_RESPONSE_INVALID;
  return !transfer->head_told && transfer->head.block.len ? XHR_FAILURE_HEADERS_INCOMPLETE
                                                          : XHR_FAILURE_RECEIVE;
}

static xhr_failure_code invalid_code(const xhr__transfer *transfer) {
  return says(transfer, "Content-Length") || says(transfer, "content-length")
             ? XHR_FAILURE_CONTENT_LENGTH
             : XHR_FAILURE_RESPONSE_INVALID;
}

/* libcurl before 8.6 tells of a header line that is too long for it as of memory that is not there. */
static xhr_failure_code memory_code(const xhr__transfer *transfer) {
  return has_time(transfer, CURLINFO_STARTTRANSFER_TIME_T) && !transfer->head_told
             ? XHR_FAILURE_HEADER_LIMIT
             : XHR_FAILURE_OUT_OF_MEMORY;
}

/* libcurl counts neither interim responses nor a first line that is cut. */
static xhr_failure_code nothing_code(const xhr__transfer *transfer) {
  return transfer->head.block.len || transfer->head.interim_bytes ? XHR_FAILURE_HEADERS_INCOMPLETE
                                                                  : XHR_FAILURE_EMPTY_REPLY;
}

static xhr_failure_code code_of(const xhr__transfer *transfer, CURLcode result) {
  switch ((int)result) {
    case CURLE_OK: return XHR_FAILURE_HEADERS_INCOMPLETE;
    case CURLE_UNSUPPORTED_PROTOCOL: return XHR_FAILURE_RESPONSE_INVALID;
    case CURLE_WEIRD_SERVER_REPLY: return invalid_code(transfer);
    /* What libcurl's headers API says to lines that are none. */
    case CURLE_BAD_FUNCTION_ARGUMENT:
      return transfer->head.block.len ? XHR_FAILURE_RESPONSE_INVALID : XHR_FAILURE_INTERNAL;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY: return XHR_FAILURE_PROXY;
    case CURLE_URL_MALFORMAT:
    case CURLE_COULDNT_RESOLVE_HOST: return XHR_FAILURE_DNS;
    case CURLE_COULDNT_CONNECT: return connect_code(transfer);
    case CURLE_INTERFACE_FAILED:
    case CURLE_NO_CONNECTION_AVAILABLE: return XHR_FAILURE_CONNECT;
    case CURLE_OPERATION_TIMEDOUT: return timeout_code(transfer);
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CIPHER:
    case CURLE_USE_SSL_FAILED: return handshake_code(transfer);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_INVALIDCERTSTATUS: return XHR_FAILURE_TLS_CERTIFICATE;
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CLIENTCERT: return XHR_FAILURE_TLS_CLIENT_CERTIFICATE;
    case CURLE_SEND_ERROR: return XHR_FAILURE_SEND;
    case CURLE_UPLOAD_FAILED:
    case CURLE_READ_ERROR:
    case CURLE_SEND_FAIL_REWIND:
    case CURLE_ABORTED_BY_CALLBACK: return XHR_FAILURE_BODY_READ;
    case CURLE_GOT_NOTHING: return nothing_code(transfer);
    case CURLE_RECV_ERROR: return receive_code(transfer);
    case CURLE_PARTIAL_FILE:
      return transfer->head_told ? XHR_FAILURE_BODY_INCOMPLETE : XHR_FAILURE_HEADERS_INCOMPLETE;
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM: return XHR_FAILURE_HTTP2;
    case TOO_LARGE: return XHR_FAILURE_HEADER_LIMIT;
    case CURLE_OUT_OF_MEMORY: return memory_code(transfer);
    default:
      return says(transfer, "private key") ? XHR_FAILURE_TLS_CLIENT_CERTIFICATE
                                           : XHR_FAILURE_INTERNAL;
  }
}

/* One line without control characters or an end of its own. */
static xhr__str tidy(char *text) {
  size_t len = xhr__str_c(text).len;
  for (size_t i = 0; i < len; i++) {
    if ((unsigned char)text[i] < ' ')
      text[i] = ' ';
  }
  while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '.'))
    len--;
  return xhr__str_of(text, len);
}

void xhr__curl_failure(xhr__transfer *transfer, CURLcode result, xhr__failure *failure) {
  xhr_failure_code code = code_of(transfer, result);
  xhr__str words = tidy(transfer->error);
  /* Where our code says more than libcurl's general words, our own text is better. */
  bool plain = code == XHR_FAILURE_HEADERS_INCOMPLETE || code == XHR_FAILURE_HEADER_LIMIT;
  if (words.len == 0 && !plain)
    words = xhr__str_c(curl_easy_strerror(result));
  xhr__failure_set(failure, code, plain ? XHR__STR_EMPTY : words);
}
