/* https://xhr.spec.whatwg.org/#interface-xmlhttprequest
 * The XMLHttpRequest object and what its algorithms share. */
#ifndef XHR__XHR_XMLHTTPREQUEST_H
#define XHR__XHR_XMLHTTPREQUEST_H

#include "dom/event_target.h"
#include "encoding/decoder.h"
#include "fetch/fetch_controller.h"
#include "mime/mime_type.h"
#include "session/context.h"
#include "xhr/request.h"

/* "No progress event yet", where the bytes that the last one told of are kept. */
#define XHR__NOTHING_TOLD UINT64_MAX

/* The text response as far as it is decoded; see text_response.c. */
typedef struct xhr__text_response {
  bool started;  /* the encoding is known */
  bool finished; /* what the decoder held back at the end is in the text */
  size_t read;   /* received bytes that went through the decoder */
  xhr__decoder decoder;
  xhr__bytes text;
} xhr__text_response;

/* The public xhr. */
struct xhr {
  uint32_t references;
  xhr_context *context; /* counted: the relevant settings object */
  xhr_event_target event_target;
  const xhr__event_sink *sink;
  void *sink_data; /* the sink's own */

  /* What the standard associates with the object, in its order. */
  xhr_event_target upload_object;
  xhr_ready_state state;
  bool send_invoked;
  uint32_t timeout;
  bool cross_origin_credentials;
  xhr__bytes request_method;
  xhr__url request_url;
  xhr__header_list author_request_headers;
  /* The request body goes into the request at once: all that is left of it here is its length. */
  uint64_t request_body_length;
  bool synchronous;
  bool upload_complete;
  bool upload_listener;
  bool timed_out;
  bool aborted;            /* the response's aborted flag: the fetch was ended from outside */
  xhr__response *response; /* NULL: a network error */
  uint64_t responses;      /* counts those that were set: what was made of an older one is void */
  size_t received_bytes;   /* how many of response->body's */
  xhr_response_type response_type;
  /* The response object: of the JSON response its text, the others need none. */
  bool has_json;
  xhr__bytes json;
  xhr__fetch_controller *fetch_controller; /* NULL: a new one, which nothing was done with */
  bool has_override_mime_type;
  xhr__mime_type override_mime_type;

  /* What the standard's algorithms keep in variables while a fetch goes on. */
  uint64_t length;      /* of the response, as announced; 0: unknown */
  uint64_t told;        /* bytes that the last progress event told of, or XHR__NOTHING_TOLD */
  uint64_t upload_told; /* the same for the upload object's */

  /* Flights; see xhr__begin_flight. */
  xhr__fetch_record record;
  bool entered; /* the record is in the context's fetch group */
  bool in_flight;
  unsigned flights;
  uint64_t run; /* counts the flights begun */

  /* What getters lend out. */
  xhr__text_response text;
  xhr__bytes one_header;
  xhr__bytes all_headers;
  bool has_all_headers;
  xhr__bytes mime_text;
  bool failed;
  xhr_failure_info failure;
};

/* Whether the relevant global object is a Window, which synchronous requests are restricted in. */
static inline bool xhr__is_in_window(const xhr *request) {
  return request->context->kind == XHR__CONTEXT_WINDOW;
}

/* XHR_OK where the caller may go on: XHR_INVALID_ARGUMENT for NULL, XHR_WRONG_THREAD. */
xhr_status xhr__check(const xhr *request);

/* A flight is what goes on between send and the last event. While there is one, the object holds itself and its context
 * knows of it. Whoever ends what is in flight (the end of the body, an error, abort, open, the context's destruction)
 * takes it, with xhr__take_flight, and ends it once the last event has been fired. A listener may have begun the next
 * one by then, so there may be several. */
void xhr__begin_flight(xhr *request);
/* True where something was in flight; then the caller has to call xhr__end_flight. */
bool xhr__take_flight(xhr *request);
/* May free the object, if the caller has no reference of its own. */
void xhr__end_flight(xhr *request);
/* Whether flight number `run` is still going on; to be asked after each event. */
static inline bool xhr__is_flying(const xhr *request, uint64_t run) {
  return request->in_flight && request->run == run;
}

/* Whose record it is in its context's fetch group; NULL: no XHR's. */
xhr *xhr__of_fetch_record(xhr__fetch_record *record);

/* Sets the response, taking it over (NULL: a network error), and forgets all that was made from the old one. */
void xhr__set_response(xhr *request, xhr__response *response);
/* Drops the fetch controller, and the failure with it, whose strings are the controller's. */
void xhr__release_controller(xhr *request);

/* ---- events.c: nothing is fired in a destroyed context --------------------------------------------------------- */

/* https://dom.spec.whatwg.org/#concept-event-fire: readystatechange, the only one that is no progress event. */
void xhr__fire_readystatechange(xhr *request);
/* https://xhr.spec.whatwg.org/#concept-event-fire-progress: `target` is the object's own or its upload object's. */
void xhr__fire_progress_event(xhr *request, xhr_event_target *target, xhr_event_type type,
                              uint64_t transmitted, uint64_t length);

/* ---- send_sync.c ------------------------------------------------------------------------------------------------- */

/* https://xhr.spec.whatwg.org/#the-send()-method, step 12; the flight has begun. Takes over `req`. XHR_OK, or what it
 * throws: XHR_NETWORK_ERR, XHR_TIMEOUT_ERR, XHR_ABORT_ERR. */
xhr_status xhr__send_sync(xhr *request, xhr__request *req);

/* ---- process_fetch.c, handle_errors.c: what a fetch tells ------------------------------------------------------- */

extern const xhr__fetch_client xhr__fetch_client_of_xhr;

/* https://xhr.spec.whatwg.org/#handle-response-end-of-file */
void xhr__handle_response_end_of_body(xhr *request);
/* The length that the response announces, as progress events have it, into request->length: 0 where there is none.
 * XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__extract_response_length(xhr *request);
/* https://xhr.spec.whatwg.org/#handle-errors: XHR_OK, or what it throws, where the request is synchronous. */
xhr_status xhr__handle_errors(xhr *request);
/* https://xhr.spec.whatwg.org/#request-error-steps: returns `exception` where the request is synchronous, else XHR_OK.
 * The flight is the caller's. */
xhr_status xhr__request_error_steps(xhr *request, xhr_event_type event, xhr_status exception);
/* Makes what is in flight a network error of our own making, such as for want of memory. */
void xhr__fail(xhr *request, xhr_failure_code code);
/* The same without handling the error. */
void xhr__set_failure(xhr *request, xhr_failure_code code);

/* ---- abort_fetches.c -------------------------------------------------------------------------------------------- */

/* https://html.spec.whatwg.org/#abort-a-document, step 2, for the context's XHRs: the fetches of those that are in flight end at
 * once, and in a task each handles that as an abort, unless it was opened or aborted meanwhile. XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__abort_fetches(xhr_context *context);

/* ---- response_mime_type.c, text_response.c ---------------------------------------------------------------------- */

/* https://xhr.spec.whatwg.org/#final-mime-type: a new record; the caller frees it. XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__get_final_mime_type(const xhr *request, xhr__mime_type *mime_type);
/* https://xhr.spec.whatwg.org/#final-charset: XHR__ENCODING_NONE for null; and whether the final MIME type is an XML MIME
 * type, which is asked for together with it. XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__get_final_encoding(const xhr *request, xhr__encoding *encoding, bool *is_xml);
/* https://xhr.spec.whatwg.org/#text-response, borrowed. XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__get_text_response(xhr *request, xhr_string *text);
/* Forgets what is decoded. */
void xhr__text_response_reset(xhr__text_response *text);
/* The bytes received so far; empty for a null body. */
xhr__str xhr__received_bytes(const xhr *request);

/* A public string argument as one of ours; whether it is well-formed (null counts as such). */
static inline xhr__str xhr__argument(xhr_string string) {
  return xhr__str_of(string.data ? string.data : "", string.len);
}
static inline bool xhr__is_argument(xhr_string string) {
  return string.data || string.len == 0;
}
/* A string of ours, lent to the outside; never the null string. */
static inline xhr_string xhr__lent(xhr__str s) {
  return xhr_strn(s.data ? s.data : "", s.len);
}

#endif
