/* https://streams.spec.whatwg.org/#rbs-controller-abstract-ops: pull-into descriptors, which are what BYOB readers wait with. */
#include <string.h>

#include "infra/alloc.h"
#include "runtime/readable_byte_stream.h"

xhr__pull_into_descriptor *xhr__pull_into_descriptor_new(xhr__realm *realm, JSValue buffer) {
  if (JS_IsException(buffer))
    return NULL;
  xhr__pull_into_descriptor *descriptor = XHR__NEW(xhr__pull_into_descriptor);
  if (!descriptor) {
    JS_FreeValue(realm->js, buffer);
    JS_ThrowOutOfMemory(realm->js);
    return NULL;
  }
  xhr__list_init(&descriptor->node);
  descriptor->buffer = buffer;
  (void)xhr__array_buffer_data(realm, buffer, &descriptor->buffer_byte_length);
  return descriptor;
}

void xhr__pull_into_descriptor_free(JSRuntime *runtime, xhr__pull_into_descriptor *descriptor) {
  JS_FreeValueRT(runtime, descriptor->buffer);
  xhr__free(descriptor);
}

void xhr__pull_into_descriptors_free(JSRuntime *runtime, xhr__list *descriptors) {
  xhr__list *node;
  while ((node = xhr__list_take_first(descriptors)))
    xhr__pull_into_descriptor_free(runtime, XHR__OWNER(node, xhr__pull_into_descriptor, node));
}

/* ---- filling ---------------------------------------------------------------------------------------------------- */

/* https://streams.spec.whatwg.org/#abstract-opdef-cancopydatablockbytes and CopyDataBlockBytes. False where it cannot be. */
static bool copy_data_block_bytes(xhr__realm *realm, JSValueConst to, size_t to_index,
                                  JSValueConst from, size_t from_index, size_t count) {
  size_t to_len, from_len;
  uint8_t *target = xhr__array_buffer_data(realm, to, &to_len);
  const uint8_t *data = xhr__array_buffer_data(realm, from, &from_len);
  if (!target || !data || target == data || to_index > to_len || count > to_len - to_index ||
      from_index > from_len || count > from_len - from_index)
    return false;
  memcpy(target + to_index, data + from_index, count);
  return true;
}

/* https://streams.spec.whatwg.org/#readable-byte-stream-controller-fill-pull-into-descriptor-from-queue, step 11.: one entry. */
static size_t fill_from_entry(xhr__realm *realm, xhr__byte_controller *controller,
                              xhr__pull_into_descriptor *descriptor, size_t remaining) {
  xhr__byte_queue_entry *head =
      XHR__OWNER(controller->controller.queue.next, xhr__byte_queue_entry, node);
  /* 11.2. - 11.3. */
  size_t count = remaining < head->byte_length ? remaining : head->byte_length;
  size_t start = descriptor->byte_offset + descriptor->bytes_filled;
  /* 11.4. - 11.8. NOTE: where it cannot be, which the standard rules out, the bytes are lost. */
  (void)copy_data_block_bytes(realm, descriptor->buffer, start, head->buffer, head->byte_offset,
                              count);
  /* 11.9. - 11.10. */
  if (head->byte_length == count) {
    xhr__list_remove(&head->node);
    JS_FreeValue(realm->js, head->buffer);
    xhr__free(head);
  } else {
    head->byte_offset += count;
    head->byte_length -= count;
  }
  /* 11.11. - 11.12. */
  controller->controller.queue_total_size -= (double)count;
  descriptor->bytes_filled += count;
  return count;
}

bool xhr__byte_controller_fill_pull_into_descriptor_from_queue(
    xhr__realm *realm, xhr__byte_controller *controller, xhr__pull_into_descriptor *descriptor) {
  size_t total = (size_t)controller->controller.queue_total_size;
  size_t room = descriptor->byte_length - descriptor->bytes_filled;
  /* 1. - 3. */
  size_t remaining = total < room ? total : room;
  size_t filled = descriptor->bytes_filled + remaining;
  /* 4. - 8. */
  bool ready = false;
  size_t aligned = filled - filled % descriptor->view.element_size;
  /* 9. */
  if (aligned >= descriptor->minimum_fill) {
    remaining = aligned - descriptor->bytes_filled;
    ready = true;
  }
  /* 10. - 11. */
  while (remaining > 0)
    remaining -= fill_from_entry(realm, controller, descriptor, remaining);
  /* 12. - 13. */
  return ready;
}

/* https://streams.spec.whatwg.org/#readable-byte-stream-controller-shift-pending-pull-into */
static xhr__pull_into_descriptor *shift_pending_pull_into(xhr__byte_controller *controller) {
  xhr__list *node = xhr__list_take_first(&controller->pending_pull_intos);
  return node ? XHR__OWNER(node, xhr__pull_into_descriptor, node) : NULL;
}

/* https://streams.spec.whatwg.org/#readable-byte-stream-controller-process-pull-into-descriptors-using-queue */
void xhr__byte_controller_process_pull_into_descriptors_using_queue(
    xhr__realm *realm, xhr__byte_controller *controller, xhr__list *filled) {
  xhr__pull_into_descriptor *first;
  /* 3. */
  while ((first = xhr__first_pull_into(controller)) &&
         !xhr__list_empty(&controller->controller.queue)) {
    if (!xhr__byte_controller_fill_pull_into_descriptor_from_queue(realm, controller, first))
      continue;
    xhr__list_remove(&first->node);
    xhr__list_append(filled, &first->node);
  }
}

/* ---- committing ------------------------------------------------------------------------------------------------- */

/* https://streams.spec.whatwg.org/#readable-byte-stream-controller-convert-pull-into-descriptor: the caller's; JS_EXCEPTION. */
static JSValue convert_pull_into_descriptor(xhr__realm *realm,
                                            const xhr__pull_into_descriptor *descriptor) {
  /* 5. */
  JSValue buffer = xhr__array_buffer_transfer(realm, descriptor->buffer);
  if (JS_IsException(buffer))
    return buffer;
  /* 6. */
  JSValue view = xhr__array_buffer_view_new(realm, &descriptor->view, buffer,
                                            descriptor->byte_offset, descriptor->bytes_filled);
  JS_FreeValue(realm->js, buffer);
  return view;
}

void xhr__byte_controller_commit_pull_into_descriptor(xhr__realm *realm,
                                                      xhr__readable_stream *stream,
                                                      xhr__pull_into_descriptor *descriptor) {
  /* 1. - 4. */
  bool done = stream->state == XHR__STREAM_CLOSED;
  /* 5. */
  JSValue view = convert_pull_into_descriptor(realm, descriptor);
  xhr__pull_into_descriptor_free(JS_GetRuntime(realm->js), descriptor);
  if (JS_IsException(view)) {
    /* There is no memory for it. */
    xhr__readable_stream_controller *controller = xhr__stream_controller(stream);
    JSValue reason = JS_GetException(realm->js);
    controller->type->error(realm, controller, reason);
    JS_FreeValue(realm->js, reason);
    return;
  }
  /* 6. - 7. */
  xhr__readable_stream_fulfill_read_request(realm, stream, view, done);
  JS_FreeValue(realm->js, view);
}

void xhr__byte_controller_commit_all(xhr__realm *realm, xhr__readable_stream *stream,
                                     xhr__list *filled) {
  xhr__list *node;
  while ((node = xhr__list_take_first(filled)))
    xhr__byte_controller_commit_pull_into_descriptor(
        realm, stream, XHR__OWNER(node, xhr__pull_into_descriptor, node));
}

/* https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamcontrollerenqueuedetachedpullintotoqueue */
bool xhr__byte_controller_enqueue_detached_pull_into_to_queue(
    xhr__realm *realm, xhr__byte_controller *controller, xhr__pull_into_descriptor *descriptor) {
  /* 2. */
  if (descriptor->bytes_filled > 0 &&
      !xhr__byte_controller_enqueue_cloned_chunk_to_queue(
          realm, controller, descriptor->buffer, descriptor->byte_offset, descriptor->bytes_filled))
    return false;
  /* 3. */
  xhr__list_remove(&descriptor->node);
  xhr__pull_into_descriptor_free(JS_GetRuntime(realm->js), descriptor);
  return true;
}

/* ---- BYOB reads: https://streams.spec.whatwg.org/#readable-byte-stream-controller-pull-into ---------------------- */

/* Steps 2. to 13. NULL where it threw. */
static xhr__pull_into_descriptor *descriptor_of(xhr__realm *realm, JSValueConst value,
                                                uint64_t min) {
  xhr__array_buffer_view view;
  if (!xhr__array_buffer_view_read(realm, value, "read", &view))
    return NULL;
  JSValue buffer = xhr__array_buffer_transfer(realm, view.buffer);
  JS_FreeValue(realm->js, view.buffer);
  xhr__pull_into_descriptor *descriptor = xhr__pull_into_descriptor_new(realm, buffer);
  if (!descriptor)
    return NULL;
  descriptor->byte_offset = view.byte_offset;
  descriptor->byte_length = view.byte_length;
  descriptor->minimum_fill = (size_t)min * view.element_size;
  descriptor->view = view;
  descriptor->view.buffer = JS_UNDEFINED;
  descriptor->reader_type = XHR__READER_BYOB;
  return descriptor;
}

/* Performs the error steps with the exception that is pending. */
static void fail_request(xhr__realm *realm, xhr__read_request *request) {
  JSValue reason = JS_GetException(realm->js);
  xhr__read_request_error(realm, request, reason);
  JS_FreeValue(realm->js, reason);
}

/* Step 15.: the stream is closed. */
static void read_nothing(xhr__realm *realm, xhr__pull_into_descriptor *descriptor,
                         xhr__read_request *request) {
  JSValue view = xhr__array_buffer_view_new(realm, &descriptor->view, descriptor->buffer,
                                            descriptor->byte_offset, 0);
  xhr__pull_into_descriptor_free(JS_GetRuntime(realm->js), descriptor);
  if (JS_IsException(view)) {
    fail_request(realm, request);
    return;
  }
  xhr__read_request_close(realm, request, view);
  JS_FreeValue(realm->js, view);
}

/* Step 16.1.: what the queue has is enough. */
static void read_from_queue(xhr__realm *realm, xhr__byte_controller *controller,
                            xhr__pull_into_descriptor *descriptor, xhr__read_request *request) {
  JSValue view = convert_pull_into_descriptor(realm, descriptor);
  xhr__pull_into_descriptor_free(JS_GetRuntime(realm->js), descriptor);
  if (JS_IsException(view)) {
    fail_request(realm, request);
    return;
  }
  xhr__byte_controller_handle_queue_drain(realm, controller);
  xhr__read_request_chunk(realm, request, view);
  JS_FreeValue(realm->js, view);
}

void xhr__byte_controller_pull_into(xhr__realm *realm, xhr__byte_controller *controller,
                                    JSValueConst view, uint64_t min, xhr__read_request *request) {
  xhr__readable_stream *stream = xhr__byte_stream(controller);
  /* 1. - 13. */
  xhr__pull_into_descriptor *descriptor = descriptor_of(realm, view, min);
  if (!descriptor) {
    fail_request(realm, request);
    return;
  }
  /* 14. */
  bool others = !xhr__list_empty(&controller->pending_pull_intos);
  /* 15. */
  if (!others && stream->state == XHR__STREAM_CLOSED) {
    read_nothing(realm, descriptor, request);
    return;
  }
  /* 16. */
  if (!others && !xhr__list_empty(&controller->controller.queue)) {
    if (xhr__byte_controller_fill_pull_into_descriptor_from_queue(realm, controller, descriptor)) {
      read_from_queue(realm, controller, descriptor, request);
      return;
    }
    if (controller->controller.close_requested) {
      xhr__pull_into_descriptor_free(JS_GetRuntime(realm->js), descriptor);
      JSValue reason = xhr__new_type_error(realm, "read: the stream ends within an element");
      xhr__byte_controller_error(realm, controller, reason);
      xhr__read_request_error(realm, request, reason);
      JS_FreeValue(realm->js, reason);
      return;
    }
  }
  /* 17. - 18. */
  xhr__list_append(&controller->pending_pull_intos, &descriptor->node);
  xhr__readable_stream_add_read_request(stream, request);
  /* 19. */
  if (!others)
    xhr__controller_call_pull_if_needed(realm, &controller->controller);
}

/* ---- responding ------------------------------------------------------------------------------------------------- */

/* https://streams.spec.whatwg.org/#readable-byte-stream-controller-respond-in-closed-state */
static void respond_in_closed_state(xhr__realm *realm, xhr__byte_controller *controller,
                                    xhr__pull_into_descriptor *first) {
  xhr__readable_stream *stream = xhr__byte_stream(controller);
  xhr__list filled;
  xhr__list_init(&filled);
  /* 2. */
  if (first->reader_type == XHR__READER_NONE)
    xhr__pull_into_descriptor_free(JS_GetRuntime(realm->js), shift_pending_pull_into(controller));
  /* 3. - 4. */
  if (!xhr__readable_stream_has_byob_reader(stream))
    return;
  const xhr__readable_stream_reader *reader = xhr__opaque(stream->reader);
  const xhr__list *requests = &reader->read_requests;
  for (const xhr__list *node = requests->next; node != requests; node = node->next) {
    xhr__pull_into_descriptor *descriptor = shift_pending_pull_into(controller);
    if (descriptor)
      xhr__list_append(&filled, &descriptor->node);
  }
  xhr__byte_controller_commit_all(realm, stream, &filled);
}

/* https://streams.spec.whatwg.org/#readable-byte-stream-controller-respond-in-readable-state */
static bool respond_in_readable_state(xhr__realm *realm, xhr__byte_controller *controller,
                                      size_t bytes_written, xhr__pull_into_descriptor *first) {
  xhr__readable_stream *stream = xhr__byte_stream(controller);
  xhr__list filled;
  xhr__list_init(&filled);
  /* 1. - 2. */
  first->bytes_filled += bytes_written;
  /* 3. */
  if (first->reader_type == XHR__READER_NONE) {
    if (!xhr__byte_controller_enqueue_detached_pull_into_to_queue(realm, controller, first))
      return false;
    xhr__byte_controller_process_pull_into_descriptors_using_queue(realm, controller, &filled);
    xhr__byte_controller_commit_all(realm, stream, &filled);
    return true;
  }
  /* 4. */
  if (first->bytes_filled < first->minimum_fill)
    return true;
  /* 5. */
  (void)shift_pending_pull_into(controller);
  /* 6. - 7. */
  size_t rest = first->bytes_filled % first->view.element_size;
  size_t end = first->byte_offset + first->bytes_filled;
  if (rest > 0 && !xhr__byte_controller_enqueue_cloned_chunk_to_queue(
                      realm, controller, first->buffer, end - rest, rest)) {
    xhr__pull_into_descriptor_free(JS_GetRuntime(realm->js), first);
    return false;
  }
  /* 8. - 11. */
  first->bytes_filled -= rest;
  xhr__byte_controller_process_pull_into_descriptors_using_queue(realm, controller, &filled);
  xhr__byte_controller_commit_pull_into_descriptor(realm, stream, first);
  xhr__byte_controller_commit_all(realm, stream, &filled);
  return true;
}

/* https://streams.spec.whatwg.org/#readable-byte-stream-controller-respond-internal */
static bool respond_internal(xhr__realm *realm, xhr__byte_controller *controller,
                             size_t bytes_written) {
  /* 1. - 2. */
  xhr__pull_into_descriptor *first = xhr__first_pull_into(controller);
  /* 3. */
  xhr__byte_controller_invalidate_byob_request(realm, controller);
  /* 4. - 5. */
  if (xhr__byte_stream(controller)->state == XHR__STREAM_CLOSED)
    respond_in_closed_state(realm, controller, first);
  /* 6. */
  else if (!respond_in_readable_state(realm, controller, bytes_written, first))
    return false;
  /* 7. */
  xhr__controller_call_pull_if_needed(realm, &controller->controller);
  return true;
}

/* Puts another buffer in the descriptor's place. False where it is an exception. */
static bool set_buffer(xhr__realm *realm, xhr__pull_into_descriptor *descriptor, JSValue buffer) {
  if (JS_IsException(buffer))
    return false;
  JS_FreeValue(realm->js, descriptor->buffer);
  descriptor->buffer = buffer;
  return true;
}

/* Whether so many bytes may come in the stream's state: step 4. of the one below, step 5. and 6. of the next. Throws. */
static bool check_count(xhr__realm *realm, const xhr__byte_controller *controller,
                        uint64_t bytes_written) {
  bool closed = xhr__byte_stream(controller)->state == XHR__STREAM_CLOSED;
  if (closed == (bytes_written == 0))
    return true;
  JS_ThrowTypeError(realm->js, closed ? "respond: the stream is closed, no byte may come"
                                      : "respond: no byte was written");
  return false;
}

/* https://streams.spec.whatwg.org/#readable-byte-stream-controller-respond */
bool xhr__byte_controller_respond(xhr__realm *realm, xhr__byte_controller *controller,
                                  uint64_t bytes_written) {
  /* 1. - 3. */
  xhr__pull_into_descriptor *first = xhr__first_pull_into(controller);
  /* 4. - 5. */
  if (!check_count(realm, controller, bytes_written))
    return false;
  if (bytes_written > first->byte_length - first->bytes_filled) {
    JS_ThrowRangeError(realm->js, "respond: more bytes than the view has");
    return false;
  }
  /* 6. - 7. */
  return set_buffer(realm, first, xhr__array_buffer_transfer(realm, first->buffer)) &&
         respond_internal(realm, controller, (size_t)bytes_written);
}

/* Steps 7. to 9. of the next. Throws. */
static bool check_new_view(xhr__realm *realm, const xhr__pull_into_descriptor *first,
                           const xhr__array_buffer_view *view) {
  const char *why = NULL;
  if (first->byte_offset + first->bytes_filled != view->byte_offset)
    why = "respondWithNewView: the view begins elsewhere";
  else if (first->buffer_byte_length != view->buffer_byte_length)
    why = "respondWithNewView: the buffer has another length";
  else if (view->byte_length > first->byte_length - first->bytes_filled)
    why = "respondWithNewView: the view is too long";
  if (why)
    JS_ThrowRangeError(realm->js, "%s", why);
  return !why;
}

/* https://streams.spec.whatwg.org/#readable-byte-stream-controller-respond-with-new-view */
bool xhr__byte_controller_respond_with_new_view(xhr__realm *realm, xhr__byte_controller *controller,
                                                JSValueConst value) {
  xhr__array_buffer_view view;
  if (!xhr__array_buffer_view_read(realm, value, "respondWithNewView", &view))
    return false;
  /* 1. - 4. */
  xhr__pull_into_descriptor *first = xhr__first_pull_into(controller);
  /* 5. - 9. */
  bool good = check_count(realm, controller, view.byte_length) &&
              check_new_view(realm, first, &view) &&
              /* 10. - 11. */
              set_buffer(realm, first, xhr__array_buffer_transfer(realm, view.buffer));
  JS_FreeValue(realm->js, view.buffer);
  /* 12. */
  return good && respond_internal(realm, controller, view.byte_length);
}
