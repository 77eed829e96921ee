/* https://fetch.spec.whatwg.org/#concept-request */
#ifndef XHR__FETCH_REQUEST_H
#define XHR__FETCH_REQUEST_H

#include "fetch/body.h"
#include "fetch/client_snapshot.h"
#include "fetch/header_list.h"
#include "url/origin.h"
#include "url/url.h"

/* https://fetch.spec.whatwg.org/#concept-request-destination, those that are asked for here: X(NAME, "name"). */
#define XHR__DESTINATION_MAP(X)                                                                    \
  X(EMPTY, "empty") /* the standard's default, there the empty string */                           \
  X(DOCUMENT, "document")                                                                          \
  X(JSON, "json")                                                                                  \
  X(SCRIPT, "script")                                                                              \
  X(SHAREDWORKER, "sharedworker")                                                                  \
  X(WORKER, "worker")

typedef enum xhr__request_destination {
#define XHR__DESTINATION_ENUM(name, text) XHR__DESTINATION_##name,
  XHR__DESTINATION_MAP(XHR__DESTINATION_ENUM)
#undef XHR__DESTINATION_ENUM
} xhr__request_destination;

/* https://fetch.spec.whatwg.org/#concept-request-mode */
typedef enum xhr__request_mode {
  XHR__MODE_NO_CORS, /* the standard's default */
  XHR__MODE_SAME_ORIGIN,
  XHR__MODE_CORS,
  XHR__MODE_NAVIGATE
} xhr__request_mode;

typedef enum xhr__credentials_mode {
  XHR__CREDENTIALS_SAME_ORIGIN, /* the standard's default */
  XHR__CREDENTIALS_OMIT,
  XHR__CREDENTIALS_INCLUDE
} xhr__credentials_mode;

typedef enum xhr__redirect_mode {
  XHR__REDIRECT_FOLLOW, /* the standard's default */
  XHR__REDIRECT_ERROR,
  XHR__REDIRECT_MANUAL
} xhr__redirect_mode;

typedef enum xhr__response_tainting {
  XHR__TAINTING_BASIC, /* the standard's default */
  XHR__TAINTING_CORS,
  XHR__TAINTING_OPAQUE
} xhr__response_tainting;

/* https://w3c.github.io/webappsec-referrer-policy/#referrer-policies */
typedef enum xhr__referrer_policy {
  XHR__REFERRER_POLICY_EMPTY, /* the standard's default */
  XHR__NO_REFERRER,
  XHR__NO_REFERRER_WHEN_DOWNGRADE,
  XHR__SAME_ORIGIN,
  XHR__ORIGIN,
  XHR__STRICT_ORIGIN,
  XHR__ORIGIN_WHEN_CROSS_ORIGIN,
  XHR__STRICT_ORIGIN_WHEN_CROSS_ORIGIN,
  XHR__UNSAFE_URL
} xhr__referrer_policy;

/* A request's referrer. It is never a URL but the client's or that URL's origin. */
typedef enum xhr__referrer {
  XHR__REFERRER_CLIENT, /* the standard's default: the client's URL */
  XHR__REFERRER_ORIGIN, /* the origin of that */
  XHR__REFERRER_NONE
} xhr__referrer;

/* Members in the standard's order; those that nothing sets yet are left out. Free with xhr__request_free. */
typedef struct xhr__request {
  xhr__bytes method;
  xhr__header_list header_list;
  bool unsafe_request;
  xhr_body *body; /* counted; NULL is null */
  /* Counted; NULL: a system context's. Its origin is the request's, too. */
  xhr__client_snapshot *client;
  xhr__request_destination destination;
  xhr__referrer referrer;
  xhr__referrer_policy referrer_policy;
  xhr__request_mode mode;
  bool use_cors_preflight;
  xhr__credentials_mode credentials_mode;
  bool use_url_credentials;
  xhr__redirect_mode redirect_mode;
  /* URL list: the first is the URL, the last the current URL. */
  xhr__url *url_list;
  size_t url_count;
  size_t url_capacity;
  unsigned redirect_count;
  xhr__response_tainting response_tainting;
  bool done;
  /* Not the standard's: who asked reads the internal response where the standard's answer is a filtered one. */
  bool internal_response;
} xhr__request;

/* A request for a copy of `url`. Caller frees. */
xhr_status xhr__request_new(const xhr__url *url, xhr__request **request);
/* NULL is allowed. */
void xhr__request_free(xhr__request *request);
/* https://fetch.spec.whatwg.org/#concept-request-current-url, borrowed. */
static inline const xhr__url *xhr__request_current_url(const xhr__request *request) {
  return &request->url_list[request->url_count - 1];
}
/* "empty" for the empty one, as Sec-Fetch-Dest has it. Constant. */
xhr__str xhr__destination_name(xhr__request_destination destination);
/* https://fetch.spec.whatwg.org/#request-destination-script-like */
bool xhr__is_script_like(xhr__request_destination destination);
/* Whether https://fetch.spec.whatwg.org/#concept-request-tainted-origin is anything but "same-origin". NOTE: which of
 * the other two it is makes no difference here. The client is not NULL; the same below. */
bool xhr__request_has_redirect_taint(const xhr__request *request);
/* https://fetch.spec.whatwg.org/#serializing-a-request-origin, borrowed. */
xhr__str xhr__serialize_request_origin(const xhr__request *request);
/* Appends to the URL list, taking over `url` (also on failure, then it is freed). */
xhr_status xhr__request_append_url(xhr__request *request, xhr__url *url);

#endif
