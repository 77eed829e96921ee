#include "fetch/body.h"

#include <stdatomic.h>

#include "fetch/header_list.h"

xhr_status xhr__body_new(xhr__segments *segments, const xhr__str *type, bool is_text,
                         xhr_body **body) {
  if (type && !xhr__is_header_value(*type))
    return XHR_SYNTAX_ERR;
  xhr_body *made = XHR__NEW(xhr_body);
  if (!made)
    return XHR_OUT_OF_MEMORY;
  atomic_init(&made->references, 1);
  made->has_type = type != NULL;
  made->is_text = is_text;
  if (type && xhr__bytes_assign(&made->type, *type) != XHR_OK) {
    xhr__free(made);
    return XHR_OUT_OF_MEMORY;
  }
  made->segments = xhr__segments_ref(segments);
  *body = made;
  return XHR_OK;
}

/* Whether a public string argument is well-formed. */
static bool is_string(xhr_string string) {
  return string.data || string.len == 0;
}

/* A body that takes over the reference to `segments`. */
static xhr_status body_of(xhr__segments *segments, xhr_string type, xhr_body **body) {
  xhr__str value = {type.data, type.len};
  xhr_status status = xhr__body_new(segments, type.data ? &value : NULL, false, body);
  xhr__segments_unref(segments);
  return status;
}

xhr_status xhr_body_new_bytes(const void *data, size_t len, xhr_release release, void *user,
                              xhr_string type, xhr_body **body) {
  xhr__segments *segments;
  xhr__str bytes = xhr__str_of(data, len);
  if (body)
    *body = NULL;
  if (!body || (!data && len > 0) || !is_string(type)) {
    if (release)
      release(user);
    return XHR_INVALID_ARGUMENT;
  }
  xhr_status status = release ? xhr__segments_new_borrowed(bytes, release, user, &segments)
                              : xhr__segments_new_bytes(bytes, &segments);
  return status == XHR_OK ? body_of(segments, type, body) : status;
}

xhr_status xhr_body_new_file(xhr_string path, xhr_string type, xhr_body **body) {
  xhr__segments *segments;
  if (body)
    *body = NULL;
  if (!body || !path.data || path.len == 0 || !is_string(type) ||
      memchr(path.data, '\0', path.len)) {
    return XHR_INVALID_ARGUMENT;
  }
  if (type.data && !xhr__is_header_value(xhr__str_of(type.data, type.len)))
    return XHR_SYNTAX_ERR;
  xhr_status status = xhr__segments_new_file(xhr__str_of(path.data, path.len), &segments, NULL);
  return status == XHR_OK ? body_of(segments, type, body) : status;
}

uint64_t xhr_body_length(const xhr_body *body) {
  return body ? body->segments->length : 0;
}

xhr_body *xhr_body_ref(xhr_body *body) {
  if (body)
    atomic_fetch_add_explicit(&body->references, 1, memory_order_relaxed);
  return body;
}

void xhr_body_unref(xhr_body *body) {
  if (!body || atomic_fetch_sub_explicit(&body->references, 1, memory_order_acq_rel) != 1)
    return;
  xhr__segments_unref(body->segments);
  xhr__bytes_free(&body->type);
  xhr__free(body);
}
