/* libxhr: XMLHttpRequest. See https://xhr.spec.whatwg.org/ */
#ifndef XHR_REQUEST_H
#define XHR_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "xhr/body.h"
#include "xhr/context.h"
#include "xhr/event.h"
#include "xhr/failure.h"
#include "xhr/status.h"
#include "xhr/string.h"

/**
 * One XMLHttpRequest. Counted; the loop's thread. From send to its last event it keeps itself alive. Getters without a
 * result code answer NULL and other threads as a new XHR would.
 */
typedef struct xhr xhr;

/** https://xhr.spec.whatwg.org/#states */
typedef enum xhr_ready_state {
  XHR_UNSENT = 0,
  XHR_OPENED = 1,
  XHR_HEADERS_RECEIVED = 2,
  XHR_LOADING = 3,
  XHR_DONE = 4
} xhr_ready_state;

/** https://xhr.spec.whatwg.org/#xmlhttprequestresponsetype; "document" follows with documents. */
typedef enum xhr_response_type {
  XHR_RESPONSE_TYPE_EMPTY = 0,
  XHR_RESPONSE_TYPE_ARRAYBUFFER = 1,
  XHR_RESPONSE_TYPE_BLOB = 2,
  XHR_RESPONSE_TYPE_JSON = 4,
  XHR_RESPONSE_TYPE_TEXT = 5
} xhr_response_type;

XHR_BEGIN_DECLS

/**
 * Makes an XMLHttpRequest in a context. https://xhr.spec.whatwg.org/#constructors
 *
 * @param context a reference is taken
 * @param request receives it, with one reference, yours
 * @return XHR_OK, XHR_INVALID_ARGUMENT, XHR_WRONG_THREAD, XHR_CLOSED, XHR_OUT_OF_MEMORY
 */
XHR_API xhr_status xhr_new(xhr_context *context, xhr **request);

/** Takes a reference. @return its argument */
XHR_API xhr *xhr_ref(xhr *request);

/** Drops a reference. A request in flight goes on and fires its events. @param request NULL is allowed */
XHR_API void xhr_unref(xhr *request);

/** The XHR's own event target, borrowed. NULL for NULL. */
XHR_API xhr_event_target *xhr_get_event_target(xhr *request);

/** The upload object's event target, borrowed. NULL for NULL. https://xhr.spec.whatwg.org/#the-upload-attribute */
XHR_API xhr_event_target *xhr_get_upload(xhr *request);

/**
 * open(method, url): asynchronous. Ends a request that is in flight. https://xhr.spec.whatwg.org/#the-open()-method
 *
 * @param method such as "GET"; the usual ones are upper-cased
 * @param url UTF-8, absolute or relative to the context's base URL
 * @return XHR_OK; XHR_SYNTAX_ERR for a method that is no token or a URL that does not parse; XHR_SECURITY_ERR for
 *         CONNECT, TRACE and TRACK; XHR_CLOSED, XHR_INVALID_ARGUMENT, XHR_WRONG_THREAD, XHR_OUT_OF_MEMORY
 */
XHR_API xhr_status xhr_open(xhr *request, xhr_string method, xhr_string url);

/**
 * open(method, url, true, username, password): as xhr_open, with credentials for the URL.
 *
 * @param username the null string: none is set
 * @param password the null string: none is set
 */
XHR_API xhr_status xhr_open_with_credentials(xhr *request, xhr_string method, xhr_string url,
                                             xhr_string username, xhr_string password);

/**
 * open(method, url, false, username, password): as xhr_open_with_credentials, but xhr_send waits until the request is over.
 * As in a browser's window, such requests have neither a timeout nor a response type in a context with a web origin.
 *
 * @param username the null string: none is set
 * @param password the null string: none is set
 * @return as xhr_open; XHR_INVALID_ACCESS_ERR in a context with a web origin where one of them is set
 */
XHR_API xhr_status xhr_open_synchronous(xhr *request, xhr_string method, xhr_string url,
                                        xhr_string username, xhr_string password);

/**
 * Adds a request header, or appends to the one of that name with ", ".
 * https://xhr.spec.whatwg.org/#the-setrequestheader()-method
 *
 * @param name a header name. In a context with a web origin one that is forbidden to pages, such as Cookie or Host, is
 *             ignored with XHR_OK (https://fetch.spec.whatwg.org/#forbidden-request-header)
 * @param value bytes; whitespace around it is dropped
 * @return XHR_OK; XHR_INVALID_STATE_ERR unless opened and not sent; XHR_SYNTAX_ERR where the name is no token or the
 *         value holds NUL, CR or LF; XHR_INVALID_ARGUMENT, XHR_WRONG_THREAD, XHR_OUT_OF_MEMORY
 */
XHR_API xhr_status xhr_set_request_header(xhr *request, xhr_string name, xhr_string value);

/**
 * Milliseconds from send after which the request fails with a timeout event; 0, the default: never. It may be set while
 * the request is in flight and still counts from send. https://xhr.spec.whatwg.org/#the-timeout-attribute
 *
 * @return XHR_OK; XHR_INVALID_ACCESS_ERR for a synchronous request in a context with a web origin; XHR_INVALID_ARGUMENT,
 *         XHR_WRONG_THREAD
 */
XHR_API xhr_status xhr_set_timeout(xhr *request, uint32_t milliseconds);
/** The timeout in milliseconds; 0 for NULL. */
XHR_API uint32_t xhr_get_timeout(const xhr *request);

/**
 * Whether credentials go along cross-origin, which the server has to allow by Access-Control-Allow-Credentials; a system
 * context is same-origin to everything.
 * https://xhr.spec.whatwg.org/#the-withcredentials-attribute
 *
 * @return XHR_OK; XHR_INVALID_STATE_ERR once sent; XHR_INVALID_ARGUMENT, XHR_WRONG_THREAD
 */
XHR_API xhr_status xhr_set_with_credentials(xhr *request, bool with_credentials);
/** The withCredentials flag; false for NULL. */
XHR_API bool xhr_get_with_credentials(const xhr *request);

/**
 * Sends the request. https://xhr.spec.whatwg.org/#the-send()-method
 *
 * One that was opened with xhr_open_synchronous is over when this returns: readystatechange, load and loadend have been
 * fired, or, where it failed, nothing. While it waits the loop fires nothing else: timers, tasks and the events of other
 * requests follow with the next dispatch, in their order. It is legal inside every listener. xhr_loop_stop, from another
 * thread or a signal handler, ends the wait.
 *
 * @param body NULL for none; a reference is taken. GET and HEAD drop it.
 * @return XHR_OK: what follows is told by events, failures included. XHR_INVALID_STATE_ERR unless opened and not sent;
 *         synchronous: XHR_NETWORK_ERR and XHR_TIMEOUT_ERR, which xhr_failure explains, and XHR_ABORT_ERR;
 *         XHR_CLOSED, XHR_INVALID_ARGUMENT, XHR_WRONG_THREAD, XHR_OUT_OF_MEMORY
 */
XHR_API xhr_status xhr_send(xhr *request, xhr_body *body);

/**
 * Ends the request. https://xhr.spec.whatwg.org/#the-abort()-method It never fails for want of memory.
 *
 * @return XHR_OK, XHR_INVALID_ARGUMENT, XHR_WRONG_THREAD
 */
XHR_API xhr_status xhr_abort(xhr *request);

/** readyState; XHR_UNSENT for NULL. */
XHR_API xhr_ready_state xhr_get_ready_state(const xhr *request);
/** responseURL without its fragment, "" while there is none; borrowed until open, abort or the next response. */
XHR_API xhr_string xhr_get_response_url(const xhr *request);
/** status; 0 while there is none, and after a failure. */
XHR_API unsigned xhr_get_status(const xhr *request);
/** statusText as the server sent it (bytes), "" on HTTP/2; borrowed as xhr_get_response_url. */
XHR_API xhr_string xhr_get_status_text(const xhr *request);

/**
 * Values of one response header, joined by ", ". In a context with a web origin Set-Cookie is never there, and of another
 * origin's answer only what that exposes. https://xhr.spec.whatwg.org/#the-getresponseheader()-method
 *
 * @param name in any case
 * @param value receives it, the null string where there is none; borrowed until the next call of this function, open,
 *              abort or the next response
 * @return XHR_OK, XHR_INVALID_ARGUMENT, XHR_WRONG_THREAD, XHR_OUT_OF_MEMORY
 */
XHR_API xhr_status xhr_get_response_header(xhr *request, xhr_string name, xhr_string *value);

/**
 * All response headers, names in lower case, combined, sorted, each line ended by CR LF; "" while there are none.
 * https://xhr.spec.whatwg.org/#the-getallresponseheaders()-method
 *
 * @param headers receives them; borrowed until open, abort or the next response
 * @return XHR_OK, XHR_INVALID_ARGUMENT, XHR_WRONG_THREAD, XHR_OUT_OF_MEMORY
 */
XHR_API xhr_status xhr_get_all_response_headers(xhr *request, xhr_string *headers);

/**
 * Replaces the response's MIME type, charset included. https://xhr.spec.whatwg.org/#the-overridemimetype()-method
 *
 * @param mime UTF-8; one that does not parse counts as application/octet-stream
 * @return XHR_OK; XHR_INVALID_STATE_ERR once LOADING or DONE; XHR_INVALID_ARGUMENT, XHR_WRONG_THREAD,
 *         XHR_OUT_OF_MEMORY
 */
XHR_API xhr_status xhr_override_mime_type(xhr *request, xhr_string mime);

/**
 * Chooses what xhr_get_response gives. https://xhr.spec.whatwg.org/#the-responsetype-attribute
 *
 * @return XHR_OK; XHR_INVALID_STATE_ERR once LOADING or DONE; XHR_INVALID_ARGUMENT, XHR_WRONG_THREAD
 */
XHR_API xhr_status xhr_set_response_type(xhr *request, xhr_response_type type);
/** responseType; XHR_RESPONSE_TYPE_EMPTY for NULL. */
XHR_API xhr_response_type xhr_get_response_type(const xhr *request);

/**
 * The response, by response type: "" and text: the text so far, UTF-8, as xhr_get_response_text. arraybuffer and blob:
 * the body's bytes (a blob's type is xhr_get_response_mime_type); json: the body decoded as UTF-8, unparsed; these three
 * are the null string until DONE and after a failure, and json where the body is null.
 * https://xhr.spec.whatwg.org/#the-response-attribute
 *
 * @param value receives it; borrowed until open, abort, the next event of the request or the next call of this function
 * @return XHR_OK, XHR_INVALID_ARGUMENT, XHR_WRONG_THREAD, XHR_OUT_OF_MEMORY
 */
XHR_API xhr_status xhr_get_response(xhr *request, xhr_string *value);

/**
 * The text so far, as UTF-8; each byte is decoded once, however often this is called while LOADING.
 * https://xhr.spec.whatwg.org/#the-responsetext-attribute
 *
 * @param text receives it; borrowed until open, abort, or the next call of this function or xhr_get_response
 * @return XHR_OK; XHR_INVALID_STATE_ERR unless the response type is "" or text; XHR_INVALID_ARGUMENT,
 *         XHR_WRONG_THREAD, XHR_OUT_OF_MEMORY
 */
XHR_API xhr_status xhr_get_response_text(xhr *request, xhr_string *text);

/**
 * The final MIME type, serialized: the overriding one, or else the response's, or else text/xml.
 * https://xhr.spec.whatwg.org/#final-mime-type
 *
 * @param mime receives it; borrowed until the next call of this function, open or the next response
 * @return XHR_OK, XHR_INVALID_ARGUMENT, XHR_WRONG_THREAD, XHR_OUT_OF_MEMORY
 */
XHR_API xhr_status xhr_get_response_mime_type(xhr *request, xhr_string *mime);

/**
 * Why the request failed or timed out. Nothing in the standard: what its error event does not say.
 *
 * @return borrowed until the next open, send or abort, or the XHR's end; NULL where nothing failed
 */
XHR_API const xhr_failure_info *xhr_failure(const xhr *request);

XHR_END_DECLS

#endif
