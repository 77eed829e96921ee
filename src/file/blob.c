#include "file/blob.h"

#include <stdatomic.h>

/* https://w3c.github.io/FileAPI/#constructorBlob step 3; the File constructor's and slice's steps are the same. */
xhr_status xhr__blob_append_type(xhr__bytes *out, xhr__str type) {
  for (size_t i = 0; i < type.len; i++) {
    if (xhr__str_at(type, i) < 0x20 || xhr__str_at(type, i) > 0x7E)
      return XHR_OK;
  }
  return xhr__bytes_append_lower(out, type);
}

xhr_status xhr__blob_init(xhr__blob *blob, xhr__segments *segments, xhr__str type) {
  xhr_status status = xhr__blob_append_type(&blob->type, type);
  if (status != XHR_OK)
    return status;
  atomic_init(&blob->references, 1);
  blob->segments = xhr__segments_ref(segments);
  return XHR_OK;
}

xhr_status xhr__blob_new(xhr__segments *segments, xhr__str type, xhr__blob **blob) {
  xhr__blob *made = XHR__NEW(xhr__blob);
  xhr_status status = made ? xhr__blob_init(made, segments, type) : XHR_OUT_OF_MEMORY;
  if (status == XHR_OK)
    *blob = made;
  else
    xhr__free(made);
  return status;
}

/* Steps 2 and 4 of slicing: a position that may count from the end, within the Blob. */
static uint64_t absolute(int64_t relative, uint64_t size) {
  if (relative >= 0)
    return (uint64_t)relative < size ? (uint64_t)relative : size;
  uint64_t back = 0 - (uint64_t)relative;
  return back < size ? size - back : 0;
}

/* https://w3c.github.io/FileAPI/#slice-blob */
xhr_status xhr__blob_slice(const xhr__blob *blob, int64_t start, int64_t end, xhr__str type,
                           xhr__blob **slice) {
  xhr__segments *part;
  /* 1. */
  uint64_t size = xhr__blob_size(blob);
  /* 2. - 3. what is left out the caller gives as 0 and as the size */
  uint64_t from = absolute(start, size), to = absolute(end, size);
  /* 5. span */
  if (to < from)
    to = from;
  xhr_status status = xhr__segments_slice(blob->segments, from, to, &part);
  if (status != XHR_OK)
    return status;
  /* 4. and 6. the type is normalised as a new Blob's is */
  status = xhr__blob_new(part, type, slice);
  xhr__segments_unref(part);
  return status;
}

xhr__blob *xhr__blob_ref(xhr__blob *blob) {
  atomic_fetch_add_explicit(&blob->references, 1, memory_order_relaxed);
  return blob;
}

void xhr__blob_unref(xhr__blob *blob) {
  if (!blob || atomic_fetch_sub_explicit(&blob->references, 1, memory_order_acq_rel) != 1)
    return;
  if (blob->destroy)
    blob->destroy(blob);
  xhr__segments_unref(blob->segments);
  xhr__bytes_free(&blob->type);
  xhr__free(blob);
}

/* https://w3c.github.io/FileAPI/#convert-line-endings-to-native */
xhr_status xhr__append_native_line_endings(xhr__bytes *out, xhr__str text) {
  xhr_status status = XHR_OK;
  /* 1. - 2. LF: this library runs where that is native */
  size_t start = 0;
  while (status == XHR_OK) {
    /* 5. - 6. and 7.3. - 7.4. what CR does not end; LF stays as it is */
    size_t at = xhr__str_find(text, start, '\r');
    status = xhr__bytes_append(out, xhr__str_slice(text, start, at));
    if (status != XHR_OK || at == text.len)
      break;
    /* 7.1. CR, or CR LF */
    status = xhr__bytes_append_byte(out, '\n');
    start = at + 1;
    if (start < text.len && text.data[start] == '\n')
      start++;
  }
  return status;
}
