#include "file/file.h"

#include <time.h>

static void destroy(xhr__blob *blob) {
  xhr__bytes_free(&((xhr__file *)blob)->name);
}

xhr_status xhr__file_new(xhr__segments *segments, xhr__str type, xhr__str name,
                         int64_t last_modified, xhr__file **file) {
  xhr__file *made = XHR__NEW(xhr__file);
  xhr_status status = made ? xhr__bytes_append(&made->name, name) : XHR_OUT_OF_MEMORY;
  if (status == XHR_OK)
    status = xhr__blob_init(&made->blob, segments, type);
  if (status != XHR_OK) {
    if (made)
      xhr__bytes_free(&made->name);
    xhr__free(made);
    return status;
  }
  made->blob.destroy = destroy;
  made->last_modified = last_modified;
  *file = made;
  return XHR_OK;
}

xhr__file *xhr__file_of_blob(xhr__blob *blob) {
  return blob->destroy == destroy ? (xhr__file *)blob : NULL;
}

int64_t xhr__file_time_now(void) {
  struct timespec now = {0};
  (void)clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
