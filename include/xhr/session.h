/* libxhr: sessions, which hold what requests share. */
#ifndef XHR_SESSION_H
#define XHR_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "xhr/status.h"
#include "xhr/string.h"

/** What requests share: connections, TLS trust, proxies, limits. Atomically counted; any thread. */
typedef struct xhr_session xhr_session;

/** How a session is to be made. Not thread-safe; may be freed once the session is there. */
typedef struct xhr_session_options xhr_session_options;

/** Where a session's network work is done. */
typedef enum xhr_driver {
  /** On a thread of the session's own. Any number of loops on any threads may share the session. */
  XHR_DRIVER_THREAD = 0,
  /**
   * Inside xhr_loop_dispatch / _wait / _run of the one loop that uses the session: cheapest per request. Where a script
   * makes a worker (see xhr/quickjs.h), whose thread shares the session, it goes over to a thread as above.
   */
  XHR_DRIVER_INLINE = 1
} xhr_driver;

XHR_BEGIN_DECLS

/**
 * Makes a set of options, all at their defaults.
 *
 * @param options receives it; free it with xhr_session_options_free
 * @return XHR_OK, XHR_INVALID_ARGUMENT, XHR_OUT_OF_MEMORY
 */
XHR_API xhr_status xhr_session_options_new(xhr_session_options **options);

/**
 * Frees a set of options; sessions made from it stay as they are.
 *
 * @param options NULL is allowed
 */
XHR_API void xhr_session_options_free(xhr_session_options *options);

/**
 * Chooses the driver. Default: XHR_DRIVER_THREAD.
 *
 * @return XHR_OK; XHR_INVALID_ARGUMENT for any other value
 */
XHR_API xhr_status xhr_session_options_set_driver(xhr_session_options *options, xhr_driver driver);

/**
 * Trusts the certificate authorities of a PEM file instead of the system's store. Default: the system's store, found at
 * run time (SSL_CERT_FILE and SSL_CERT_DIR are honoured).
 *
 * @param path NUL-free path, copied; the null string brings the default back. It is read when the session is made.
 * @return XHR_OK, XHR_INVALID_ARGUMENT, XHR_OUT_OF_MEMORY
 */
XHR_API xhr_status xhr_session_options_set_ca_file(xhr_session_options *options, xhr_string path);

/**
 * Presents a client certificate to servers that ask for one, but for requests of web contexts that go without credentials.
 *
 * @param certificate path of a PEM file; the null string: none (the default)
 * @param key path of its private key's PEM file; the null string: it is in `certificate`
 * @param password of the key; the null string: none
 * @return XHR_OK, XHR_INVALID_ARGUMENT, XHR_OUT_OF_MEMORY
 */
XHR_API xhr_status xhr_session_options_set_client_certificate(xhr_session_options *options,
                                                              xhr_string certificate,
                                                              xhr_string key, xhr_string password);

/**
 * DANGEROUS: accepts every certificate, so that anyone on the way can read and change all that is sent and received.
 * For test servers only; prefer xhr_session_options_set_ca_file. Default: false, which verifies.
 *
 * @param insecure true turns verification off
 * @return XHR_OK, XHR_INVALID_ARGUMENT
 */
XHR_API xhr_status xhr_session_options_set_insecure(xhr_session_options *options, bool insecure);

/**
 * Whether system contexts may fetch `file:` URLs, which read this machine's files; where not, such a request fails with
 * XHR_FAILURE_SCHEME. Web contexts never may. Default: true.
 *
 * @param allowed false turns them off, for all contexts of the session
 * @return XHR_OK, XHR_INVALID_ARGUMENT
 */
XHR_API xhr_status xhr_session_options_set_file_urls(xhr_session_options *options, bool allowed);

/**
 * Sends requests through a proxy. Default: what http_proxy, https_proxy, all_proxy and no_proxy say when the session
 * is made (HTTP_PROXY in capitals is not read, for CGI's sake).
 *
 * @param proxy URL such as "http://user:pass@host:3128" or "socks5h://host"; "" for no proxy whatever the environment
 *              says; the null string for the default
 * @param no_proxy comma-separated hosts that are reached directly; the null string: the environment's
 * @return XHR_OK, XHR_SYNTAX_ERR for an unparsable proxy URL, XHR_INVALID_ARGUMENT, XHR_OUT_OF_MEMORY
 */
XHR_API xhr_status xhr_session_options_set_proxy(xhr_session_options *options, xhr_string proxy,
                                                 xhr_string no_proxy);

/**
 * Answers a name look-up by a given address. May be called several times.
 *
 * @param host name as it stands in URLs, ASCII
 * @param port 1 to 65535
 * @param address numeric IPv4 or IPv6 address
 * @return XHR_OK, XHR_SYNTAX_ERR, XHR_INVALID_ARGUMENT, XHR_OUT_OF_MEMORY
 */
XHR_API xhr_status xhr_session_options_add_resolve(xhr_session_options *options, xhr_string host,
                                                   unsigned port, xhr_string address);

/**
 * The default User-Agent header. Default: "libxhr/" and the version.
 *
 * @param user_agent a header value; "" sends none
 * @return XHR_OK, XHR_SYNTAX_ERR, XHR_INVALID_ARGUMENT, XHR_OUT_OF_MEMORY
 */
XHR_API xhr_status xhr_session_options_set_user_agent(xhr_session_options *options,
                                                      xhr_string user_agent);

/**
 * Limits. Each is positive; 0 means no limit where that is said.
 *
 * max_connections: connections open at once, 1 to 1,000,000; default 256. Further requests wait their turn.
 * max_connections_per_host: 1 to 1,000,000; default 0, no limit of its own.
 * max_header_bytes: size of a response's status line and headers; default 262,144 (256 KiB); 1,024 to 16 MiB.
 * max_response_bytes: size of a response body, decoded; default 0, no limit.
 * max_decompression_ratio: decoded bytes per byte received, checked past the first MiB; default 0, no
 * limit: honest bodies shrink half a million times.
 */
typedef enum xhr_limit {
  XHR_LIMIT_CONNECTIONS = 0,
  XHR_LIMIT_CONNECTIONS_PER_HOST = 1,
  XHR_LIMIT_HEADER_BYTES = 2,
  XHR_LIMIT_RESPONSE_BYTES = 3,
  XHR_LIMIT_DECOMPRESSION_RATIO = 4
} xhr_limit;

/**
 * Sets one limit.
 *
 * @return XHR_OK; XHR_INVALID_ARGUMENT for an unknown limit or a value out of its range
 */
XHR_API xhr_status xhr_session_options_set_limit(xhr_session_options *options, xhr_limit limit,
                                                 uint64_t value);

/**
 * Makes a session. With the threaded driver its thread starts here.
 *
 * @param options NULL for the defaults; not kept
 * @param session receives it, with one reference, yours
 * @return XHR_OK, XHR_INVALID_ARGUMENT, XHR_OUT_OF_MEMORY; XHR_IO where a certificate file cannot be read; XHR_SYSTEM
 *         where there is no thread or descriptor to be had
 */
XHR_API xhr_status xhr_session_new(const xhr_session_options *options, xhr_session **session);

/** Takes a reference. Any thread. @return its argument */
XHR_API xhr_session *xhr_session_ref(xhr_session *session);

/**
 * Drops a reference. Contexts hold one each. The last one ends what is in flight, closes the connections and joins the
 * session's thread. Any thread, listeners included; with the inline driver the last one is for the thread of the loop
 * that used the session, as long as that loop is there.
 *
 * @param session NULL is allowed
 */
XHR_API void xhr_session_unref(xhr_session *session);

XHR_END_DECLS

#endif
