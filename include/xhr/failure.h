/* libxhr: why a request failed. */
#ifndef XHR_FAILURE_H
#define XHR_FAILURE_H

#include "xhr/status.h"
#include "xhr/string.h"

/** How far a request had come when it failed: X(NAME, text). */
#define XHR_PHASE_MAP(X)                                                                           \
  X(URL, "url")                                                                                    \
  X(POLICY, "policy")                                                                              \
  X(CORS, "cors")                                                                                  \
  X(DNS, "dns")                                                                                    \
  X(CONNECT, "connect")                                                                            \
  X(TLS, "tls")                                                                                    \
  X(SEND, "send")                                                                                  \
  X(RECEIVE, "receive")                                                                            \
  X(REDIRECT, "redirect")                                                                          \
  X(DECODE, "decode")                                                                              \
  X(LIMIT, "limit")                                                                                \
  X(TIMEOUT, "timeout")                                                                            \
  X(INTERNAL, "internal")

/** A phase of a request. */
typedef enum xhr_phase {
#define XHR_PHASE_ENUM(name, text) XHR_PHASE_##name,
  XHR_PHASE_MAP(XHR_PHASE_ENUM)
#undef XHR_PHASE_ENUM
} xhr_phase;

/** Every cause of failure: X(NAME, phase, text). Stable: names are never reused. */
#define XHR_FAILURE_MAP(X)                                                                         \
  X(SCHEME, URL, "the URL's scheme is not one that this context may fetch")                        \
  X(DNS, DNS, "the host's name could not be resolved")                                             \
  X(PROXY, CONNECT, "the proxy could not be used")                                                 \
  X(CONNECT_REFUSED, CONNECT, "the host refused the connection")                                   \
  X(CONNECT, CONNECT, "no connection to the host could be made")                                   \
  X(TLS_CERTIFICATE, TLS, "the server's certificate is not trusted")                               \
  X(TLS_HANDSHAKE, TLS, "no secure connection could be agreed on")                                 \
  X(TLS_CLIENT_CERTIFICATE, TLS, "the client certificate could not be used")                       \
  X(SEND, SEND, "the connection broke while the request was sent")                                 \
  X(BODY_READ, SEND, "the request body could not be read, or its file has changed")                \
  X(EMPTY_REPLY, RECEIVE, "the server closed the connection without an answer")                    \
  X(RECEIVE, RECEIVE, "the connection broke while the response was received")                      \
  X(RESPONSE_INVALID, RECEIVE, "the server's answer is not HTTP")                                  \
  X(HEADERS_INCOMPLETE, RECEIVE, "the connection ended inside the response's headers")             \
  X(BODY_INCOMPLETE, RECEIVE, "the response body is shorter than announced")                       \
  X(CONTENT_LENGTH, RECEIVE, "the response announces conflicting or invalid lengths")              \
  X(HTTP2, RECEIVE, "an HTTP/2 error")                                                             \
  X(REDIRECT_LIMIT, REDIRECT, "too many redirects")                                                \
  X(REDIRECT_LOCATION, REDIRECT, "a redirect's Location is no URL")                                \
  X(REDIRECT_SCHEME, REDIRECT, "a redirect to a URL that is not HTTP or HTTPS")                    \
  X(REDIRECT_BODY, REDIRECT, "a redirect asks for a request body that can be sent only once")      \
  X(DECODE, DECODE, "the response's content coding is corrupt or cut short")                       \
  X(HEADER_LIMIT, LIMIT, "the response's headers are larger than the session allows")              \
  X(RESPONSE_LIMIT, LIMIT, "the response body is larger than the session allows")                  \
  X(DECODE_LIMIT, LIMIT, "the response body expands more than the session allows")                 \
  X(TIMEOUT, TIMEOUT, "the request's timeout passed")                                              \
  X(OUT_OF_MEMORY, INTERNAL, "out of memory")                                                      \
  X(INTERNAL, INTERNAL, "the transport refused the request")                                       \
  X(CORS_ORIGIN, CORS, "the server does not allow this origin to read the answer")                 \
  X(CORS_CREDENTIALS, CORS, "the server does not allow this origin to send credentials")           \
  X(CORS_PREFLIGHT_STATUS, CORS, "the preflight was not answered with a status of success")        \
  X(CORS_METHOD, CORS, "the server does not allow the request's method")                           \
  X(CORS_HEADER, CORS, "the server does not allow one of the request's headers")                   \
  X(CORS_REDIRECT, CORS, "a cross-origin redirect to a URL with a username or password")           \
  X(BAD_PORT, POLICY, "the URL's port is one that web pages may not fetch from")                   \
  X(MIXED_CONTENT, POLICY, "a secure page may not fetch from an insecure URL")                     \
  X(ABORTED, INTERNAL, "the request was ended before its answer was there")                        \
  X(SAME_ORIGIN, POLICY, "the URL is not of the page's own origin, and has to be")                 \
  X(MIME_TYPE, POLICY, "the response's MIME type is not one of a script")                          \
  X(DATA_URL, URL, "the data: URL is not one")                                                     \
  X(BLOB_URL, URL, "the blob: URL stands for no Blob, or does not any more")                       \
  X(METHOD, SEND, "the URL's scheme does not allow the request's method")                          \
  X(RANGE, SEND, "the Range header asks for none of the Blob's bytes")                             \
  X(FILE_OPEN, CONNECT, "the file could not be opened")                                            \
  X(FILE_READ, RECEIVE, "the file could not be read, or has changed")                              \
  X(RESOURCE_POLICY, CORS, "the server keeps its resource from this origin's pages")

/** A cause of failure. XHR_FAILURE_NONE is 0. */
typedef enum xhr_failure_code {
  XHR_FAILURE_NONE = 0,
#define XHR_FAILURE_ENUM(name, phase, text) XHR_FAILURE_##name,
  XHR_FAILURE_MAP(XHR_FAILURE_ENUM)
#undef XHR_FAILURE_ENUM
} xhr_failure_code;

/** Why a request failed. All strings are borrowed from the XHR until it is opened again or freed. */
typedef struct xhr_failure_info {
  /** The cause. */
  xhr_failure_code code;
  /** How far the request had come. */
  xhr_phase phase;
  /** Host of the URL that was being fetched, after redirects; may be empty. */
  xhr_string host;
  /** One sentence in the transport's own words or ours; NUL-terminated, never empty. */
  xhr_string message;
} xhr_failure_info;

XHR_BEGIN_DECLS

/** The cause's name, such as "CONNECT_REFUSED"; "UNKNOWN" for a value that is none. Constant; any thread. */
XHR_API const char *xhr_failure_code_name(xhr_failure_code code);

/** A sentence that says what the cause means. Constant; any thread. */
XHR_API const char *xhr_failure_code_text(xhr_failure_code code);

/** The phase's name, such as "connect"; "unknown" for a value that is none. Constant; any thread. */
XHR_API const char *xhr_phase_name(xhr_phase phase);

XHR_END_DECLS

#endif
