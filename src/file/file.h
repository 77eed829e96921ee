/* https://w3c.github.io/FileAPI/#file-section: a Blob with a name and a time. Any thread. */
#ifndef XHR__FILE_FILE_H
#define XHR__FILE_FILE_H

#include "file/blob.h"

typedef struct xhr__file {
  xhr__blob blob; /* counted through xhr__blob_ref(&file->blob) */
  xhr__bytes name;
  int64_t last_modified; /* milliseconds since 1970 */
} xhr__file;

/* Takes a reference to `segments`; `type` is normalised, `name` UTF-8. XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__file_new(xhr__segments *segments, xhr__str type, xhr__str name,
                         int64_t last_modified, xhr__file **file);
/* The File that a Blob is, borrowed; NULL where it is none. */
xhr__file *xhr__file_of_blob(xhr__blob *blob);
/* Milliseconds since 1970, now. */
int64_t xhr__file_time_now(void);

#endif
