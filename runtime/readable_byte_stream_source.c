/* https://streams.spec.whatwg.org/#other-specs-rs-create: what sources of bytes that are no script's do with their stream. */
#include "runtime/readable_byte_stream.h"

/* Of what fails for want of memory only: the stream errors. */
static void error_unless(xhr__realm *realm, xhr__byte_controller *controller, bool done) {
  if (done)
    return;
  JSValue reason = JS_GetException(realm->js);
  xhr__byte_controller_error(realm, controller, reason);
  JS_FreeValue(realm->js, reason);
}

/* NOTE: no BYOB request object is made: nobody but the source would see it. */
uint8_t *xhr__readable_stream_byob_view(xhr__realm *realm,
                                        xhr__readable_stream_controller *controller, size_t *len) {
  size_t size;
  const xhr__pull_into_descriptor *first =
      xhr__first_pull_into((const xhr__byte_controller *)controller);
  uint8_t *data = first ? xhr__array_buffer_data(realm, first->buffer, &size) : NULL;
  if (!data)
    return NULL;
  *len = first->byte_length - first->bytes_filled;
  return data + first->byte_offset + first->bytes_filled;
}

void xhr__readable_stream_enqueue_view(xhr__realm *realm,
                                       xhr__readable_stream_controller *controller, size_t len) {
  xhr__byte_controller *self = (xhr__byte_controller *)controller;
  error_unless(realm, self, xhr__byte_controller_respond(realm, self, len));
}

void xhr__readable_stream_enqueue_buffer(xhr__realm *realm,
                                         xhr__readable_stream_controller *controller,
                                         JSValue buffer, size_t len) {
  xhr__byte_controller *self = (xhr__byte_controller *)controller;
  error_unless(realm, self,
               !JS_IsException(buffer) &&
                   xhr__byte_controller_enqueue_transferred(realm, self, buffer, 0, len));
}

void xhr__readable_stream_close_bytes(xhr__realm *realm,
                                      xhr__readable_stream_controller *controller) {
  xhr__byte_controller *self = (xhr__byte_controller *)controller;
  error_unless(realm, self,
               xhr__byte_controller_close(realm, self) &&
                   (!xhr__first_pull_into(self) || xhr__byte_controller_respond(realm, self, 0)));
}

void xhr__readable_stream_error_bytes(xhr__realm *realm,
                                      xhr__readable_stream_controller *controller, JSValue reason) {
  xhr__byte_controller_error(realm, (xhr__byte_controller *)controller, reason);
  JS_FreeValue(realm->js, reason);
}
