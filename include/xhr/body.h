/* libxhr: request bodies. */
#ifndef XHR_BODY_H
#define XHR_BODY_H

#include <stdint.h>

#include "xhr/status.h"
#include "xhr/string.h"

/**
 * What a request sends: immutable, atomically counted, any thread. One body may be sent by many requests.
 * See https://fetch.spec.whatwg.org/#concept-body-with-type
 */
typedef struct xhr_body xhr_body;

/** Called once when a body's memory is no longer needed, on any thread; it must not call libxhr. */
typedef void (*xhr_release)(void *user);

XHR_BEGIN_DECLS

/**
 * A body of bytes.
 *
 * @param data copied where `release` is NULL; else borrowed, unchanged, until `release(user)` is called (also where
 *             this function fails)
 * @param len in bytes; 0 is an empty body, which is not the same as none
 * @param release NULL: copy
 * @param user handed to release
 * @param type value of the Content-Type header that goes with it unless the request sets one; the null string: none
 * @param body receives it, with one reference, yours
 * @return XHR_OK, XHR_INVALID_ARGUMENT, XHR_SYNTAX_ERR where `type` is no header value, XHR_OUT_OF_MEMORY
 */
XHR_API xhr_status xhr_body_new_bytes(const void *data, size_t len, xhr_release release, void *user,
                                      xhr_string type, xhr_body **body);

/**
 * A body that is a regular file, read while it is sent and never held in memory. A file whose size or time of change
 * differs from what it was here fails the request.
 *
 * @param path NUL-free path
 * @param type as for xhr_body_new_bytes
 * @param body receives it, with one reference, yours
 * @return XHR_OK, XHR_INVALID_ARGUMENT, XHR_SYNTAX_ERR, XHR_OUT_OF_MEMORY; XHR_IO where it cannot be opened or is no
 *         regular file
 */
XHR_API xhr_status xhr_body_new_file(xhr_string path, xhr_string type, xhr_body **body);

/**
 * A body of text, of type text/plain;charset=UTF-8. Where the request sets a Content-Type of its own with another
 * charset, xhr_send makes that UTF-8, which the text is. See https://xhr.spec.whatwg.org/#the-send()-method, step 4.5
 *
 * @param text UTF-8, copied; what is not UTF-8 becomes U+FFFD. The null string is an empty text.
 * @param body receives it, with one reference, yours
 * @return XHR_OK, XHR_INVALID_ARGUMENT, XHR_OUT_OF_MEMORY
 */
XHR_API xhr_status xhr_body_new_text(xhr_string text, xhr_body **body);

/** Length in bytes; 0 for NULL. Any thread. */
XHR_API uint64_t xhr_body_length(const xhr_body *body);

/** Takes a reference. Any thread. @return its argument */
XHR_API xhr_body *xhr_body_ref(xhr_body *body);

/** Drops a reference; a request in flight holds one. Any thread. @param body NULL is allowed */
XHR_API void xhr_body_unref(xhr_body *body);

XHR_END_DECLS

#endif
