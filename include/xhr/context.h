/* libxhr: contexts, in which requests are made. */
#ifndef XHR_CONTEXT_H
#define XHR_CONTEXT_H

#include "xhr/loop.h"
#include "xhr/session.h"
#include "xhr/status.h"
#include "xhr/string.h"

/**
 * Where requests are made: an environment settings object and its fetch group
 * (https://html.spec.whatwg.org/#environment-settings-object). A system context has no web origin: every URL is
 * same-origin to it, `file:` URLs are those of the machine's files (see xhr_session_options_set_file_urls), forbidden
 * headers may be set and Set-Cookie is readable. A web context has one, and all is forbidden to it that is to a page of
 * that origin. Counted; the loop's thread.
 */
typedef struct xhr_context xhr_context;

XHR_BEGIN_DECLS

/**
 * Makes a system context.
 *
 * @param session holds what its requests share; a reference is taken
 * @param loop where its events fire; a reference is taken. NULL makes a private loop, see xhr_context_loop.
 * @param base_url absolute URL that relative ones are resolved against; the null string: none, then only absolute URLs
 *                 can be opened
 * @param context receives it, with one reference, yours
 * @return XHR_OK, XHR_INVALID_ARGUMENT, XHR_SYNTAX_ERR for an unparsable base URL, XHR_OUT_OF_MEMORY, XHR_SYSTEM,
 *         XHR_WRONG_THREAD; XHR_INVALID_STATE_ERR where the session's driver is inline and another loop uses it
 */
XHR_API xhr_status xhr_context_new(xhr_session *session, xhr_loop *loop, xhr_string base_url,
                                   xhr_context **context);

/**
 * Makes a context with a web origin. What browsers enforce between origins binds its requests: the CORS protocol with its
 * preflights, the filters on request and response headers, the rules for credentials, blocked ports, mixed content; and
 * they tell servers where they come from (Origin, Referer, Sec-Fetch-Site and its like). What is refused fails with a
 * code of the phases XHR_PHASE_CORS and XHR_PHASE_POLICY, see xhr_failure.
 *
 * @param session holds what its requests share; a reference is taken
 * @param loop where its events fire; a reference is taken. NULL makes a private loop, see xhr_context_loop.
 * @param origin a serialized origin such as "https://app.example", or a URL, which is taken for its origin; "null": an
 *               opaque one, which is same-origin with nothing. The null string is refused.
 * @param base_url absolute URL that relative ones are resolved against, and the one that Referer tells of where it is of
 *                 the context's origin; the null string: the origin's own, where it has one
 * @param context receives it, with one reference, yours
 * @return XHR_OK, XHR_INVALID_ARGUMENT, XHR_SYNTAX_ERR for an unparsable base URL and for what is neither "null" nor a
 *         URL with an origin of its own (file:, data: and unknown schemes have none), XHR_OUT_OF_MEMORY, XHR_SYSTEM,
 *         XHR_WRONG_THREAD; XHR_INVALID_STATE_ERR where the session's driver is inline and another loop uses it
 */
XHR_API xhr_status xhr_context_new_web(xhr_session *session, xhr_loop *loop, xhr_string origin,
                                       xhr_string base_url, xhr_context **context);

/** Takes a reference. The loop's thread. @return its argument */
XHR_API xhr_context *xhr_context_ref(xhr_context *context);

/**
 * Drops a reference. XHRs hold one each, so that requests in flight go on; to end them, call xhr_context_destroy.
 *
 * @param context NULL is allowed
 */
XHR_API void xhr_context_unref(xhr_context *context);

/**
 * Ends the context as a closed page ends: its requests in flight are terminated and fire nothing more, and its XHRs
 * answer XHR_CLOSED to open and send. Your references stay yours. The loop's thread, listeners included.
 *
 * @param context NULL is allowed
 */
XHR_API void xhr_context_destroy(xhr_context *context);

/** The context's loop, borrowed. NULL for NULL. */
XHR_API xhr_loop *xhr_context_loop(const xhr_context *context);

XHR_END_DECLS

#endif
