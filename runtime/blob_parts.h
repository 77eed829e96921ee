/* https://w3c.github.io/FileAPI/#process-blob-parts and BlobPropertyBag, for the constructors of Blob and File; and what
 * their two files share. */
#ifndef XHR__RUNTIME_BLOB_PARTS_H
#define XHR__RUNTIME_BLOB_PARTS_H

#include "file/blob.h"
#include "runtime/realm.h"

/* A converted element of a sequence of BlobParts. */
typedef struct xhr__blob_part {
  JSValue buffer;  /* a BufferSource, or JS_UNDEFINED */
  xhr__blob *blob; /* counted, or NULL */
  xhr__bytes text; /* else */
} xhr__blob_part;

/* Zero-initialise; free with xhr__blob_parts_free. */
typedef struct xhr__blob_parts {
  xhr__blob_part *items;
  size_t count, capacity;
} xhr__blob_parts;

/* Converts `value`; `what` names it in the TypeError. False where it threw. */
bool xhr__blob_parts_read(xhr__realm *realm, JSValueConst value, const char *what,
                          xhr__blob_parts *parts);
/* The parts' bytes, with one reference. False where it threw. */
bool xhr__blob_parts_process(xhr__realm *realm, const xhr__blob_parts *parts, bool native_endings,
                             xhr__segments **segments);
void xhr__blob_parts_free(xhr__realm *realm, xhr__blob_parts *parts);

/* https://w3c.github.io/FileAPI/#dfn-BlobPropertyBag; zero-initialise, and free `type`. */
typedef struct xhr__blob_options {
  bool native_endings;
  xhr__bytes type; /* DOMString */
} xhr__blob_options;

/* Converts a dictionary. False where it threw. */
bool xhr__blob_options_read(xhr__realm *realm, JSValueConst value, xhr__blob_options *options);

/* As xhr__blob_value, for a constructor's `new_target`. */
JSValue xhr__blob_value_for(xhr__realm *realm, JSValueConst new_target, xhr__blob *blob);
/* `finalize` of both interfaces. */
void xhr__blob_finalize(JSRuntime *runtime, void *object);

#endif
