/* https://fetch.spec.whatwg.org/#fetch-params
 * A fetch as the engine knows it, and the algorithms that work on it. Each algorithm that waits for the network is cut
 * in two: the part up to the wait, and `..._response`, which goes on once a response is there. All run on the engine's
 * thread. An algorithm that ends the fetch frees its fetch params, so calling one is always the last thing done. */
#ifndef XHR__FETCH_FETCH_PARAMS_H
#define XHR__FETCH_FETCH_PARAMS_H

#include "fetch/codings.h"
#include "fetch/controller_record.h"
#include "fetch/engine_record.h"
#include "fetch/file_reader.h"
#include "fetch/transport.h"
#include "infra/timers.h"

/* How often progress is told of: https://xhr.spec.whatwg.org/#the-send()-method, "roughly 50ms". */
#define XHR__PROGRESS_INTERVAL (50 * XHR__MILLISECOND)

/* Progress of one direction, told of at once and then at most every interval. */
typedef struct xhr__progress {
  bool told_once;
  bool untold; /* something is to be told of at `due` */
  xhr__time due;
} xhr__progress;

typedef struct xhr__fetch_params {
  xhr__list node;                    /* in the engine's fetches */
  xhr__engine *engine;               /* borrowed */
  xhr__fetch_controller *controller; /* counted */
  xhr__request *request;             /* the controller's; a preflight's own */
  bool cors_with_preflight;          /* main fetch, step 12: corsWithPreflightResponse */

  /* CORS-preflight fetch has fetch params of its own, which only the two algorithms below it see. They stand in none of
   * the engine's lists, have no timer, tell nobody of progress, and what ends them badly ends their parent. */
  struct xhr__fetch_params *preflight; /* owned */
  struct xhr__fetch_params *parent;    /* of such: borrowed */

  /* HTTP-network-or-cache fetch's locals. */
  bool is_authentication_fetch;
  bool is_new_connection_fetch;
  bool include_credentials;
  xhr__header_list http_header_list; /* httpRequest's, which is all that its clone changes */

  /* HTTP-network fetch. */
  xhr__exchange exchange;
  bool exchanging;                 /* the transport has the exchange */
  xhr__body_source *source;        /* of this transmission */
  xhr_failure_code source_failure; /* why read_body failed */
  bool source_later;               /* read_body answered LATER */
  uint64_t transmitted;            /* the furthest that any transmission came */
  bool transmitted_in_all;         /* the request's body has gone out once */
  bool request_end_untold;         /* which is to be told of when upload_progress is due */
  bool answered;                   /* a head came, on the present exchange */
  xhr__list deferred_node;         /* in the engine's deferred */
  xhr__response *response;         /* built, not yet handed over */
  bool discarding;        /* its body is of no interest: null, or of a response before the last */
  xhr__codings *codings;  /* NULL: none to undo */
  xhr__body_buffer *body; /* counted; NULL: null, or disregarded */
  bool handed_over;       /* process_response has been told */

  /* Responses that no network is needed for: see local_response.c. */
  bool local;                     /* the response is one */
  xhr__body_source *local_source; /* what its body is read from; NULL: it is there */
  xhr__list local_node;           /* in the engine's `local` */

  xhr__progress upload_progress;
  xhr__progress body_progress;
  xhr__time deadline; /* the timeout's */
  xhr__timer timer;   /* the earliest of these three */
} xhr__fetch_params;

/* https://fetch.spec.whatwg.org/#concept-fetch, the engine's part: begins the controller's fetch. */
void xhr__fetch_begin(xhr__engine *engine, xhr__fetch_controller *controller);

/* https://fetch.spec.whatwg.org/#concept-main-fetch */
void xhr__main_fetch(xhr__fetch_params *params, bool recursive);
void xhr__main_fetch_response(xhr__fetch_params *params);
/* https://fetch.spec.whatwg.org/#concept-scheme-fetch */
void xhr__scheme_fetch(xhr__fetch_params *params);
/* Its steps for three of the schemes. */
void xhr__scheme_fetch_blob(xhr__fetch_params *params);
void xhr__scheme_fetch_data(xhr__fetch_params *params);
void xhr__scheme_fetch_file(xhr__fetch_params *params);
/* Answers with params->response, whose body is the bytes of `segments`; to a HEAD request without. */
void xhr__local_response(xhr__fetch_params *params, xhr__segments *segments);
/* The response has been handed over; and the engine has time to read more of its body. */
void xhr__local_response_begin_body(xhr__fetch_params *params);
void xhr__local_response_read(xhr__fetch_params *params);
/* https://fetch.spec.whatwg.org/#concept-http-fetch */
void xhr__http_fetch(xhr__fetch_params *params, bool make_cors_preflight);
void xhr__http_fetch_preflighted(xhr__fetch_params *params);
void xhr__http_fetch_response(xhr__fetch_params *params);
/* https://fetch.spec.whatwg.org/#cors-preflight-fetch-0; the second on the preflight's own params. */
void xhr__cors_preflight_fetch(xhr__fetch_params *params);
void xhr__cors_preflight_fetch_response(xhr__fetch_params *preflight);
/* Ends the preflight's params, which may have an exchange under way. */
void xhr__cors_preflight_free(xhr__fetch_params *params);
/* https://fetch.spec.whatwg.org/#concept-http-redirect-fetch, on params->response. */
void xhr__http_redirect_fetch(xhr__fetch_params *params);
/* https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch */
void xhr__http_network_or_cache_fetch(xhr__fetch_params *params, bool is_authentication_fetch,
                                      bool is_new_connection_fetch);
void xhr__http_network_or_cache_fetch_response(xhr__fetch_params *params);
/* Whether the response makes Fetch send another request, so that its body is of no interest. */
bool xhr__http_network_or_cache_fetch_repeats(const xhr__fetch_params *params);
bool xhr__http_fetch_redirects(const xhr__fetch_params *params);
/* https://fetch.spec.whatwg.org/#concept-http-network-fetch */
void xhr__http_network_fetch(xhr__fetch_params *params);
/* The response that was handed over has a null body: it ends as soon as the connection allows, whatever still comes. */
void xhr__http_network_fetch_disregard_body(xhr__fetch_params *params);
/* The engine's turn ends: a discarded response that is still arriving is cancelled, and the fetch goes on. */
void xhr__http_network_fetch_stop_discarding(xhr__fetch_params *params);
/* https://fetch.spec.whatwg.org/#fetch-finale, here "fetch response handover": hands over params->response. */
void xhr__fetch_response_handover(xhr__fetch_params *params);

/* An empty response for this fetch, in params->response. XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__fetch_new_response(xhr__fetch_params *params, unsigned status,
                                   xhr__str status_message);
/* The buffer that the body of params->response is collected in: the response's, from its last use, or a new one.
 * `expected`: how long it will be; 0: unknown. XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__fetch_open_body(xhr__fetch_params *params, uint64_t expected);
/* Whether the body is larger than the session allows. */
bool xhr__fetch_body_is_past_limit(const xhr__fetch_params *params);

/* The standard's "return a network error", and its terminations: ends the fetch. `detail` says more than the code's own
 * text, or is empty. */
void xhr__fetch_network_error(xhr__fetch_params *params, xhr_failure_code code, xhr__str detail);
/* The same from a failure told by the transport. */
void xhr__fetch_network_failure(xhr__fetch_params *params, const xhr__failure *failure);
/* The end of the response's body: tells, and frees. */
void xhr__fetch_end_of_body(xhr__fetch_params *params);
/* Ends the fetch without a word. */
void xhr__fetch_params_free(xhr__fetch_params *params);

/* Tells of request body bytes, throttled; of response body bytes, throttled; of the request body's end, which was handed to
 * the system: once an answer shows that it was received, or else an interval later. */
void xhr__fetch_tell_transmitted(xhr__fetch_params *params);
void xhr__fetch_tell_request_end(xhr__fetch_params *params);
/* The server has answered. */
void xhr__fetch_request_was_answered(xhr__fetch_params *params);
void xhr__fetch_tell_received(xhr__fetch_params *params);
/* Sets the deadline from the controller's timeout, counted from the fetch's beginning. */
void xhr__fetch_arm_timeout(xhr__fetch_params *params, uint32_t timeout_ms);
/* The timer is due. */
void xhr__fetch_timer_due(xhr__fetch_params *params);

#endif
