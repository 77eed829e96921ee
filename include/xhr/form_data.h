/* libxhr: FormData, the fields of a form as a request body. */
#ifndef XHR_FORM_DATA_H
#define XHR_FORM_DATA_H

#include <stddef.h>

#include "xhr/body.h"
#include "xhr/status.h"
#include "xhr/string.h"

/**
 * A list of fields: names with texts or files. Not counted and not thread-safe: one thread at a time.
 * See https://xhr.spec.whatwg.org/#interface-formdata
 */
typedef struct xhr_form_data xhr_form_data;

XHR_BEGIN_DECLS

/**
 * Makes an empty list.
 *
 * @param form receives it; free it with xhr_form_data_free
 * @return XHR_OK, XHR_INVALID_ARGUMENT, XHR_OUT_OF_MEMORY
 */
XHR_API xhr_status xhr_form_data_new(xhr_form_data **form);

/**
 * Frees a list; bodies made from it stay as they are.
 *
 * @param form NULL is allowed
 */
XHR_API void xhr_form_data_free(xhr_form_data *form);

/**
 * Appends a text field. Several may have the same name. https://xhr.spec.whatwg.org/#dom-formdata-append
 *
 * @param name UTF-8, copied; what is not UTF-8 becomes U+FFFD
 * @param value UTF-8, copied; its line endings are sent as CR LF
 * @return XHR_OK, XHR_INVALID_ARGUMENT, XHR_OUT_OF_MEMORY
 */
XHR_API xhr_status xhr_form_data_append_text(xhr_form_data *form, xhr_string name,
                                             xhr_string value);

/**
 * Appends a regular file, opened here and read while it is sent. One whose size or time of change differs from what it
 * was here fails the request. https://xhr.spec.whatwg.org/#dom-formdata-append-blob
 *
 * @param name UTF-8, copied
 * @param path NUL-free path
 * @param filename what the server is told, UTF-8, copied; the null string: the last part of `path`
 * @param type the part's Content-Type; one with characters outside U+0020 to U+007E counts as none. The null string, or
 *             none: application/octet-stream
 * @return XHR_OK, XHR_INVALID_ARGUMENT, XHR_OUT_OF_MEMORY; XHR_IO where the file cannot be opened or is no regular one
 */
XHR_API xhr_status xhr_form_data_append_file(xhr_form_data *form, xhr_string name, xhr_string path,
                                             xhr_string filename, xhr_string type);

/**
 * Appends bytes as a file's. https://xhr.spec.whatwg.org/#dom-formdata-append-blob
 *
 * @param name UTF-8, copied
 * @param data copied where `release` is NULL; else borrowed, unchanged, until `release(user)` is called (also where
 *             this function fails)
 * @param len in bytes
 * @param release NULL: copy
 * @param user handed to release
 * @param filename what the server is told, UTF-8, copied; the null string: "blob"
 * @param type as for xhr_form_data_append_file
 * @return XHR_OK, XHR_INVALID_ARGUMENT, XHR_OUT_OF_MEMORY
 */
XHR_API xhr_status xhr_form_data_append_bytes(xhr_form_data *form, xhr_string name,
                                              const void *data, size_t len, xhr_release release,
                                              void *user, xhr_string filename, xhr_string type);

/**
 * A body of the fields as they are now, as multipart/form-data with a new random boundary, which its type tells.
 * See https://html.spec.whatwg.org/#multipart/form-data-encoding-algorithm
 *
 * @param form not kept
 * @param body receives it, with one reference, yours
 * @return XHR_OK, XHR_INVALID_ARGUMENT, XHR_OUT_OF_MEMORY; XHR_LIMIT past 2^53 - 1 bytes; XHR_SYSTEM where there are no
 *         random bytes to be had
 */
XHR_API xhr_status xhr_body_new_form_data(const xhr_form_data *form, xhr_body **body);

XHR_END_DECLS

#endif
