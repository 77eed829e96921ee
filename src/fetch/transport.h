/* What Fetch needs of a network: HTTP exchanges. src/net implements it on libcurl, and as a script for tests.
 *
 * A transport belongs to the engine's thread. Its callbacks run inside xhr__transport_turn or inside a watcher's call
 * (never inside start, cancel or resume), and may call start, cancel and resume themselves, for any exchange. */
#ifndef XHR__FETCH_TRANSPORT_H
#define XHR__FETCH_TRANSPORT_H

#include "fetch/failure.h"
#include "fetch/header_list.h"
#include "infra/clock.h"
#include "infra/list.h"
#include "infra/poller.h"
#include "url/url.h"

typedef struct xhr__exchange xhr__exchange;

/* What a response's status line and headers said. Borrowed for the call, but `headers` may be
 * moved out or exchanged for an empty list. */
typedef struct xhr__response_head {
  unsigned status;           /* 200 to 999: interim responses are not told of */
  xhr__str reason;           /* as sent; empty on HTTP/2 */
  unsigned http_version;     /* 10, 11, 20, 30 */
  xhr__header_list *headers; /* names as sent, values trimmed of HTTP tab and space */
} xhr__response_head;

typedef enum xhr__read_result {
  XHR__READ_DATA,  /* *len > 0 bytes were stored */
  XHR__READ_END,   /* the body has been read to its end */
  XHR__READ_LATER, /* nothing now: xhr__transport_resume will be called */
  XHR__READ_FAILED /* end the exchange: the fetch has recorded why; done() is called */
} xhr__read_result;

/* What happens to an exchange. After `done`, and after xhr__transport_cancel, none of them is called any more and the
 * transport never looks at the exchange again. */
typedef struct xhr__exchange_events {
  /* More of the request body. */
  xhr__read_result (*read_body)(xhr__exchange *exchange, char *data, size_t size, size_t *len);
  /* The transmission starts again at `position` (a connection found dead). */
  void (*rewind_body)(xhr__exchange *exchange, uint64_t position);
  /* The final response's head, once. */
  void (*head)(xhr__exchange *exchange, xhr__response_head *head);
  /* Bytes of the response body, its transfer coding undone, its content coding not. */
  void (*body)(xhr__exchange *exchange, xhr__str bytes);
  /* The end: `failure` is NULL where the response is complete. */
  void (*done)(xhr__exchange *exchange, const xhr__failure *failure);
} xhr__exchange_events;

/* One request on the wire. Embedded by its owner, who fills in the first part; all of it must stay as it is until done
 * or cancelled. */
struct xhr__exchange {
  const xhr__exchange_events *events;
  xhr__str method;
  const xhr__url *url; /* http: or https: */
  const xhr__header_list
      *headers; /* all of them, but for Host, Content-Length and Connection, which the transport
                                       makes unless they are here */
  bool has_body;
  uint64_t body_length;     /* of a body; then Content-Length says it, 0 too */
  xhr__list transport_node; /* the transport's own, as is what follows */
  bool fresh_connection;    /* no connection that is open already may be used */
  bool without_credentials; /* it tells nothing of who asks: no client certificate */
  void *transport_data;
};

typedef enum xhr__trace_kind {
  XHR__TRACE_NOTE,    /* words of the transport's own, of connections and TLS */
  XHR__TRACE_SENT,    /* a request's head, whole */
  XHR__TRACE_RECEIVED /* one line of a response's head, also of those that Fetch does not pass on */
} xhr__trace_kind;

/* Hears what a transport does, for people who look for a fault. Called on the engine's thread, in the midst of things: it
 * may not call libxhr. */
typedef struct xhr__trace {
  void (*tell)(void *user, xhr__trace_kind kind, xhr__str text);
  void *user;
} xhr__trace;

/* What a transport is told when it is made. Borrowed for the call. */
typedef struct xhr__transport_options {
  xhr__str ca_file, client_certificate, client_key, client_key_password;
  bool insecure;
  bool has_proxy, has_no_proxy; /* false: the environment's; an empty one is none */
  xhr__str proxy, no_proxy;
  const xhr__str *resolves; /* "host:port:address" */
  size_t resolve_count;
  uint64_t max_connections, max_connections_per_host, max_header_bytes;
  const xhr__trace *trace; /* NULL: none; it stays as long as the transport */
} xhr__transport_options;

typedef struct xhr__transport xhr__transport;

typedef struct xhr__transport_methods {
  /* Called on the engine's thread, before all others but destroy, until it succeeds once. XHR_OK, XHR_OUT_OF_MEMORY,
   * XHR_SYSTEM. */
  xhr_status (*attach)(xhr__transport *transport, xhr__poller *poller, const xhr__clock *clock);
  /* Another poller, where the engine goes over to another thread, between two turns: exchanges and connections go on. It
   * cannot fail. */
  void (*move)(xhr__transport *transport, xhr__poller *poller);
  /* Begins an exchange (queueing it where connections are short). On failure nothing of it is kept. */
  xhr_status (*start)(xhr__transport *transport, xhr__exchange *exchange);
  /* Ends an exchange that is not done. A connection that can be kept is kept. */
  void (*cancel)(xhr__transport *transport, xhr__exchange *exchange);
  /* After XHR__READ_LATER: there may be more of the request body. */
  void (*resume)(xhr__transport *transport, xhr__exchange *exchange);
  /* Does what is due: timers, deferred work, callbacks. Called after each wait and before the next. */
  void (*turn)(xhr__transport *transport);
  /* When turn wants to be called next: a time of the clock; 0: at once; XHR__NEVER. */
  xhr__time (*deadline)(xhr__transport *transport);
  /* Frees it, on the engine's thread. Every exchange must be done or cancelled. */
  void (*destroy)(xhr__transport *transport);
} xhr__transport_methods;

/* First member of every transport. */
struct xhr__transport {
  const xhr__transport_methods *methods;
};

static inline xhr_status xhr__transport_start(xhr__transport *transport, xhr__exchange *exchange) {
  return transport->methods->start(transport, exchange);
}
static inline void xhr__transport_cancel(xhr__transport *transport, xhr__exchange *exchange) {
  transport->methods->cancel(transport, exchange);
}
static inline void xhr__transport_resume(xhr__transport *transport, xhr__exchange *exchange) {
  transport->methods->resume(transport, exchange);
}

#endif
