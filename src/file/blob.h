/* https://w3c.github.io/FileAPI/#blob-section: bytes with a type. Immutable, atomically counted, any thread. */
#ifndef XHR__FILE_BLOB_H
#define XHR__FILE_BLOB_H

#include "file/segments.h"

typedef struct xhr__blob xhr__blob;
struct xhr__blob {
  _Atomic uint32_t references;
  void (*destroy)(
      xhr__blob *blob); /* of the structure that this is the first member of; NULL: a plain Blob */
  xhr__segments *segments;
  /* "" is none. Printable ASCII in lower case, but for a response's, which is its MIME type. */
  xhr__bytes type;
};

/* A Blob of those bytes; takes a reference to `segments`. `type` is normalised. XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__blob_new(xhr__segments *segments, xhr__str type, xhr__blob **blob);
/* https://w3c.github.io/FileAPI/#slice-blob with relative positions made absolute: they may be negative, counted from the
 * end, and past it. */
xhr_status xhr__blob_slice(const xhr__blob *blob, int64_t start, int64_t end, xhr__str type,
                           xhr__blob **slice);

xhr__blob *xhr__blob_ref(xhr__blob *blob);
/* NULL is allowed. */
void xhr__blob_unref(xhr__blob *blob);

static inline uint64_t xhr__blob_size(const xhr__blob *blob) {
  return blob->segments->length;
}

/* For structures that begin with a Blob: fills it in, with one reference. */
xhr_status xhr__blob_init(xhr__blob *blob, xhr__segments *segments, xhr__str type);
/* https://w3c.github.io/FileAPI/#constructorBlob step 3 and its like: appends the type that a Blob gets of a string in any
 * encoding that keeps ASCII: "" where there is a character outside U+0020 to U+007E, else lower case. */
xhr_status xhr__blob_append_type(xhr__bytes *out, xhr__str type);
/* https://w3c.github.io/FileAPI/#convert-line-endings-to-native: appends; native is LF. */
xhr_status xhr__append_native_line_endings(xhr__bytes *out, xhr__str text);

#endif
