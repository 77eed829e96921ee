/* What the files of the libcurl transport share.
 *
 * How the parts hang together: start() puts an exchange into its lane's queue. turn() gives those at the front a
 * transfer, which is an easy handle with what it needs around it, and adds it to the pool's multi handle. libcurl
 * works inside the sockets' watchers and turn(). Cancelled transfers and resumed ones wait in lists for turn(), because
 * libcurl may not be called from its own callbacks. */
#ifndef XHR__NET_CURL_INTERNAL_H
#define XHR__NET_CURL_INTERNAL_H

#include <curl/curl.h>

#include "infra/list.h"
#include "net/curl_transport.h"
#include "net/response_head.h"

/* What all requests of a transport have in common. Texts are NUL-terminated; empty ones are unset. */
typedef struct xhr__curl_settings {
  xhr__bytes ca_file, ca_directory;
  xhr__bytes client_certificate, client_key, client_key_password;
  bool insecure;
  xhr__bytes proxies[2]; /* for http:, for https: */
  xhr__bytes no_proxy;
  bool proxy_takes_urls; /* proxies[0] is an HTTP proxy, which is sent whole URLs */
  bool large_uploads_by_http1;
  struct curl_slist *resolves;
  uint64_t max_connections, max_connections_per_host, max_header_bytes;
  const xhr__trace *trace; /* NULL: none */
} xhr__curl_settings;

/* As xhr__curl_transport_new. */
xhr_status xhr__curl_settings_init(xhr__curl_settings *settings,
                                   const xhr__transport_options *options);
/* Where no certificate authorities are named: the system's. To be called once libcurl is initialised. */
xhr_status xhr__curl_settings_find_certificates(xhr__curl_settings *settings);
void xhr__curl_settings_free(xhr__curl_settings *settings);

typedef struct xhr__curl_transport xhr__curl_transport;

/* Connections of one key, which other keys' requests must not use. One today: there are no credentials or partitions
 * to keep apart yet. */
typedef struct xhr__curl_pool {
  xhr__curl_transport *transport;
  CURLM *multi;
  xhr__time due; /* when libcurl wants to be called */
} xhr__curl_pool;

/* Exchanges of one scheme: those that wait, and how many may run. */
typedef struct xhr__curl_lane {
  xhr__list waiting; /* of xhr__exchange.transport_node */
  uint64_t running, bound;
} xhr__curl_lane;

enum { XHR__LANE_HTTP, XHR__LANE_HTTPS, XHR__LANES };

typedef struct xhr__transfer {
  xhr__list node;        /* in running, leaving or idle */
  xhr__list resume_node; /* in resuming or answered */
  xhr__curl_transport *transport;
  xhr__exchange *exchange; /* NULL once cancelled */
  CURL *easy;
  unsigned lane;
  bool paused;             /* libcurl waits for more of the body */
  bool first_line_is_next; /* of a response's head, behind its status line */
  bool head_told;          /* so that what still comes are trailers */
  bool failed;             /* `failure` says why we end it */
  xhr__failure failure;
  uint64_t body_left; /* of the request's body, not yet read */
  uint64_t
      answer_left; /* of the response's body where that may end the exchange; UINT64_MAX: it may not */
  bool answered; /* it did */
  xhr__response_head_reader head;
  /* What the easy handle is set to. */
  CURLU *target;
  bool has_target, target_is_https;
  int32_t target_port;
  xhr__bytes target_host;
  xhr__bytes request_target; /* path and query; empty: not set */
  bool plain_get, only_http1, without_certificate;
  /* What libcurl borrows. */
  xhr__bytes header_text;
  struct curl_slist *headers;
  size_t header_capacity;
  char error[CURL_ERROR_SIZE];
} xhr__transfer;

struct xhr__curl_transport {
  xhr__transport base;
  xhr__curl_settings settings;
  xhr__poller *poller;
  xhr__clock clock;
  xhr__curl_pool pool;
  xhr__curl_lane lanes[XHR__LANES];
  xhr__list running, leaving, idle; /* of xhr__transfer.node */
  xhr__list resuming, answered;     /* of xhr__transfer.resume_node */
  size_t idle_count;
  /* Sockets by descriptor. */
  struct xhr__curl_socket **sockets;
  size_t socket_capacity;
  xhr__list broken_sockets;
  xhr__list resting_sockets;
  unsigned activity; /* counts what libcurl achieves */
};

/* ---- curl_request.c: an easy handle for an exchange ---- */

/* A transfer without an exchange, its options set; NULL: out of memory. Free with xhr__transfer_free. */
xhr__transfer *xhr__transfer_new(xhr__curl_transport *transport);
void xhr__transfer_free(xhr__transfer *transfer);
/* Sets what differs between requests. False: transfer->failure says why. */
bool xhr__transfer_prepare(xhr__transfer *transfer, xhr__exchange *exchange);

/* ---- curl_callbacks.c: what libcurl tells a transfer ---- */

/* Installs them. */
bool xhr__transfer_set_callbacks(xhr__transfer *transfer);
/* libcurl has ended the transfer with `result`. Where the connection was closed in good order behind a header line, not
 * over TLS, that is the head's end: it is told of, which may cancel the exchange. Gives the result that this makes. */
CURLcode xhr__transfer_end_head(xhr__transfer *transfer, CURLcode result);

/* ---- curl_failure.c ---- */

/* Says in `failure` why libcurl ended the transfer with `result`; for CURLE_OK: before its head was complete. */
void xhr__curl_failure(xhr__transfer *transfer, CURLcode result, xhr__failure *failure);

/* ---- curl_sockets.c ---- */

/* Installs the multi handle's callbacks. */
bool xhr__curl_sockets_install(xhr__curl_pool *pool);
/* Installs those of an easy handle. */
bool xhr__curl_sockets_install_easy(xhr__curl_transport *transport, CURL *easy);
/* Tells libcurl of sockets that could not be watched; ends the rest of those that rest. */
void xhr__curl_sockets_turn(xhr__curl_transport *transport);
/* When the next rest ends; XHR__NEVER. */
xhr__time xhr__curl_sockets_deadline(const xhr__curl_transport *transport);
/* Has another poller watch them from now on. */
void xhr__curl_sockets_move(xhr__curl_transport *transport, xhr__poller *poller);
/* Once libcurl has closed all of its sockets. */
void xhr__curl_sockets_free(xhr__curl_transport *transport);

#endif
