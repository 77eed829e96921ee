/* https://w3c.github.io/FileAPI/#blob-section and #file-section: Blob and File objects. */
#ifndef XHR__RUNTIME_BLOB_BINDING_H
#define XHR__RUNTIME_BLOB_BINDING_H

#include "file/file.h"
#include "infra/body_buffer.h"
#include "runtime/structured_data.h"

extern const xhr__interface xhr__blob_interface;
extern const xhr__interface xhr__file_interface;
extern const xhr__serializable xhr__blob_serializable;
extern const xhr__serializable xhr__file_serializable;

/* A new Blob object, or a File object where the Blob is one. Takes a reference. JS_EXCEPTION. */
JSValue xhr__blob_value(xhr__realm *realm, xhr__blob *blob);
/* A new Blob object of the first `len` bytes of a response's body, which are shared with it. */
JSValue xhr__blob_value_of_buffer(xhr__realm *realm, xhr__body_buffer *buffer, size_t len,
                                  xhr__str type);
/* https://w3c.github.io/FileAPI/#blob-get-stream: a new ReadableStream of its bytes. JS_EXCEPTION. */
JSValue xhr__blob_get_stream(xhr__realm *realm, xhr__blob *blob);
/* The Blob of a Blob or File object, borrowed as long as the value lives; NULL for any other value. Never throws. */
xhr__blob *xhr__blob_of(JSValueConst value);

#endif
