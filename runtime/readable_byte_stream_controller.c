/* https://streams.spec.whatwg.org/#rbs-controller-class: ReadableByteStreamController */
#include "infra/alloc.h"
#include "runtime/convert.h"
#include "runtime/readable_byte_stream.h"

/* ---- the queue -------------------------------------------------------------------------------------------------- */

/* https://streams.spec.whatwg.org/#reset-queue */
void xhr__byte_queue_reset(JSRuntime *runtime, xhr__byte_controller *controller) {
  xhr__list *node;
  while ((node = xhr__list_take_first(&controller->controller.queue))) {
    xhr__byte_queue_entry *entry = XHR__OWNER(node, xhr__byte_queue_entry, node);
    JS_FreeValueRT(runtime, entry->buffer);
    xhr__free(entry);
  }
  controller->controller.queue_total_size = 0;
}

/* https://streams.spec.whatwg.org/#readable-byte-stream-controller-enqueue-chunk-to-queue */
bool xhr__byte_controller_enqueue_chunk_to_queue(xhr__realm *realm,
                                                 xhr__byte_controller *controller, JSValue buffer,
                                                 size_t byte_offset, size_t byte_length) {
  xhr__byte_queue_entry *entry = XHR__NEW(xhr__byte_queue_entry);
  if (!entry) {
    JS_FreeValue(realm->js, buffer);
    JS_ThrowOutOfMemory(realm->js);
    return false;
  }
  /* 1. - 2. */
  entry->buffer = buffer;
  entry->byte_offset = byte_offset;
  entry->byte_length = byte_length;
  xhr__list_append(&controller->controller.queue, &entry->node);
  controller->controller.queue_total_size += (double)byte_length;
  return true;
}

/* https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamcontrollerenqueueclonedchunktoqueue */
bool xhr__byte_controller_enqueue_cloned_chunk_to_queue(xhr__realm *realm,
                                                        xhr__byte_controller *controller,
                                                        JSValueConst buffer, size_t byte_offset,
                                                        size_t byte_length) {
  /* 1. */
  JSValue clone = xhr__array_buffer_clone(realm, buffer, byte_offset, byte_length);
  /* 3. */
  if (!JS_IsException(clone))
    return xhr__byte_controller_enqueue_chunk_to_queue(realm, controller, clone, 0, byte_length);
  /* 2. */
  JSValue reason = JS_GetException(realm->js);
  xhr__byte_controller_error(realm, controller, reason);
  JS_Throw(realm->js, reason);
  return false;
}

/* https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamcontrollerfillreadrequestfromqueue */
void xhr__byte_controller_fill_read_request_from_queue(xhr__realm *realm,
                                                       xhr__byte_controller *controller,
                                                       xhr__read_request *request) {
  JSContext *js = realm->js;
  /* 1. - 3. */
  xhr__list *node = xhr__list_take_first(&controller->controller.queue);
  xhr__byte_queue_entry *entry = XHR__OWNER(node, xhr__byte_queue_entry, node);
  /* 4. */
  controller->controller.queue_total_size -= (double)entry->byte_length;
  /* 5. */
  xhr__byte_controller_handle_queue_drain(realm, controller);
  /* 6. */
  JSValue view = xhr__array_buffer_view_new(realm, NULL, entry->buffer, entry->byte_offset,
                                            entry->byte_length);
  JS_FreeValue(js, entry->buffer);
  xhr__free(entry);
  /* 7. */
  if (JS_IsException(view)) {
    view = JS_GetException(js);
    xhr__read_request_error(realm, request, view);
  } else {
    xhr__read_request_chunk(realm, request, view);
  }
  JS_FreeValue(js, view);
}

/* https://streams.spec.whatwg.org/#readable-byte-stream-controller-handle-queue-drain */
void xhr__byte_controller_handle_queue_drain(xhr__realm *realm, xhr__byte_controller *controller) {
  xhr__readable_stream_controller *base = &controller->controller;
  /* 2. */
  if (xhr__list_empty(&base->queue) && base->close_requested) {
    xhr__byte_controller_clear_algorithms(realm, controller);
    xhr__readable_stream_close(realm, xhr__byte_stream(controller));
  } else {
    /* 3. */
    xhr__controller_call_pull_if_needed(realm, base);
  }
}

/* ---- abstract operations ---------------------------------------------------------------------------------------- */

/* https://streams.spec.whatwg.org/#readable-byte-stream-controller-should-call-pull */
static bool should_call_pull(xhr__readable_stream_controller *controller) {
  const xhr__readable_stream *stream = xhr__controller_stream(controller);
  /* 2. - 4. */
  if (stream->state != XHR__STREAM_READABLE || controller->close_requested || !controller->started)
    return false;
  /* 5. - 6. */
  if (xhr__readable_stream_has_requests(stream))
    return true;
  /* 7. - 10. */
  return controller->strategy_hwm - controller->queue_total_size > 0;
}

/* https://streams.spec.whatwg.org/#readable-byte-stream-controller-clear-algorithms */
void xhr__byte_controller_clear_algorithms(xhr__realm *realm, xhr__byte_controller *controller) {
  JSValue source = controller->controller.source;
  controller->controller.source = JS_UNDEFINED;
  JS_FreeValue(realm->js, source);
}

/* https://streams.spec.whatwg.org/#readable-byte-stream-controller-clear-pending-pull-intos */
void xhr__byte_controller_clear_pending_pull_intos(xhr__realm *realm,
                                                   xhr__byte_controller *controller) {
  xhr__byte_controller_invalidate_byob_request(realm, controller);
  xhr__pull_into_descriptors_free(JS_GetRuntime(realm->js), &controller->pending_pull_intos);
}

/* https://streams.spec.whatwg.org/#readable-byte-stream-controller-close */
bool xhr__byte_controller_close(xhr__realm *realm, xhr__byte_controller *controller) {
  xhr__readable_stream_controller *base = &controller->controller;
  /* 1. - 2. */
  xhr__readable_stream *stream = xhr__byte_stream(controller);
  if (base->close_requested || stream->state != XHR__STREAM_READABLE)
    return true;
  /* 3. */
  if (!xhr__list_empty(&base->queue)) {
    base->close_requested = true;
    return true;
  }
  /* 4. */
  const xhr__pull_into_descriptor *first = xhr__first_pull_into(controller);
  if (first && first->bytes_filled % first->view.element_size != 0) {
    JSValue reason = xhr__new_type_error(realm, "close: a part of an element was written only");
    xhr__byte_controller_error(realm, controller, reason);
    JS_Throw(realm->js, reason);
    return false;
  }
  /* 5. - 6. */
  xhr__byte_controller_clear_algorithms(realm, controller);
  xhr__readable_stream_close(realm, stream);
  return true;
}

/* https://streams.spec.whatwg.org/#readable-byte-stream-controller-error */
void xhr__byte_controller_error(xhr__realm *realm, xhr__byte_controller *controller,
                                JSValueConst reason) {
  /* 1. - 2. */
  xhr__readable_stream *stream = xhr__byte_stream(controller);
  if (stream->state != XHR__STREAM_READABLE)
    return;
  /* 3. - 6. */
  xhr__byte_controller_clear_pending_pull_intos(realm, controller);
  xhr__byte_queue_reset(JS_GetRuntime(realm->js), controller);
  xhr__byte_controller_clear_algorithms(realm, controller);
  xhr__readable_stream_error(realm, stream, reason);
}

static void error(xhr__realm *realm, xhr__readable_stream_controller *controller,
                  JSValueConst reason) {
  xhr__byte_controller_error(realm, (xhr__byte_controller *)controller, reason);
}

/* ---- enqueueing ------------------------------------------------------------------------------------------------- */

/* https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamcontrollerprocessreadrequestsusingqueue */
static void process_read_requests_using_queue(xhr__realm *realm, xhr__byte_controller *controller) {
  /* 1. - 2. Script that runs below may release the reader, which then has no requests any more. */
  JSValue kept = JS_DupValue(realm->js, xhr__byte_stream(controller)->reader);
  xhr__readable_stream_reader *reader = xhr__opaque(kept);
  /* 3. */
  while (!xhr__list_empty(&reader->read_requests) &&
         !xhr__list_empty(&controller->controller.queue)) {
    xhr__list *node = xhr__list_take_first(&reader->read_requests);
    xhr__byte_controller_fill_read_request_from_queue(realm, controller,
                                                      XHR__OWNER(node, xhr__read_request, node));
  }
  JS_FreeValue(realm->js, kept);
}

/* https://streams.spec.whatwg.org/#readable-byte-stream-controller-enqueue, step 8. */
static bool update_first_pull_into(xhr__realm *realm, xhr__byte_controller *controller) {
  size_t len;
  xhr__pull_into_descriptor *first = xhr__first_pull_into(controller);
  if (!first)
    return true;
  /* 8.2. */
  if (!xhr__array_buffer_data(realm, first->buffer, &len)) {
    JS_ThrowTypeError(realm->js, "enqueue: the BYOB request's buffer has been detached");
    return false;
  }
  /* 8.3. - 8.4. */
  xhr__byte_controller_invalidate_byob_request(realm, controller);
  JSValue transferred = xhr__array_buffer_transfer(realm, first->buffer);
  if (JS_IsException(transferred))
    return false;
  JS_FreeValue(realm->js, first->buffer);
  first->buffer = transferred;
  /* 8.5. */
  return first->reader_type != XHR__READER_NONE ||
         xhr__byte_controller_enqueue_detached_pull_into_to_queue(realm, controller, first);
}

/* Step 9.: takes over the buffer. */
static bool enqueue_for_default_reader(xhr__realm *realm, xhr__byte_controller *controller,
                                       JSValue buffer, size_t byte_offset, size_t byte_length) {
  xhr__readable_stream *stream = xhr__byte_stream(controller);
  /* 9.1. */
  process_read_requests_using_queue(realm, controller);
  /* 9.2. */
  if (!xhr__readable_stream_has_requests(stream))
    return xhr__byte_controller_enqueue_chunk_to_queue(realm, controller, buffer, byte_offset,
                                                       byte_length);
  /* 9.3. */
  JSValue view = xhr__array_buffer_view_new(realm, NULL, buffer, byte_offset, byte_length);
  JS_FreeValue(realm->js, buffer);
  if (JS_IsException(view))
    return false;
  xhr__pull_into_descriptor *first = xhr__first_pull_into(controller);
  if (first) {
    xhr__list_remove(&first->node);
    xhr__pull_into_descriptor_free(JS_GetRuntime(realm->js), first);
  }
  xhr__readable_stream_fulfill_read_request(realm, stream, view, false);
  JS_FreeValue(realm->js, view);
  return true;
}

bool xhr__byte_controller_enqueue_transferred(xhr__realm *realm, xhr__byte_controller *controller,
                                              JSValue buffer, size_t byte_offset,
                                              size_t byte_length) {
  xhr__readable_stream *stream = xhr__byte_stream(controller);
  /* 8. */
  if (!update_first_pull_into(realm, controller)) {
    JS_FreeValue(realm->js, buffer);
    return false;
  }
  /* 9. */
  if (xhr__readable_stream_has_default_reader(stream)) {
    if (!enqueue_for_default_reader(realm, controller, buffer, byte_offset, byte_length))
      return false;
    /* 10. - 11. */
  } else {
    xhr__list filled;
    xhr__list_init(&filled);
    if (!xhr__byte_controller_enqueue_chunk_to_queue(realm, controller, buffer, byte_offset,
                                                     byte_length))
      return false;
    if (xhr__readable_stream_has_byob_reader(stream)) {
      xhr__byte_controller_process_pull_into_descriptors_using_queue(realm, controller, &filled);
      xhr__byte_controller_commit_all(realm, stream, &filled);
    }
  }
  /* 12. */
  xhr__controller_call_pull_if_needed(realm, &controller->controller);
  return true;
}

/* https://streams.spec.whatwg.org/#readable-byte-stream-controller-enqueue */
bool xhr__byte_controller_enqueue(xhr__realm *realm, xhr__byte_controller *controller,
                                  JSValueConst chunk) {
  xhr__array_buffer_view view;
  /* 1. - 2. */
  if (controller->controller.close_requested ||
      xhr__byte_stream(controller)->state != XHR__STREAM_READABLE)
    return true;
  /* 3. - 5. */
  if (!xhr__array_buffer_view_read(realm, chunk, "enqueue", &view))
    return false;
  /* 6. - 7. */
  JSValue transferred = xhr__array_buffer_transfer(realm, view.buffer);
  JS_FreeValue(realm->js, view.buffer);
  return !JS_IsException(transferred) &&
         xhr__byte_controller_enqueue_transferred(realm, controller, transferred, view.byte_offset,
                                                  view.byte_length);
}

/* ---- internal methods: https://streams.spec.whatwg.org/#rbs-controller-internal-methods -------------------------- */

/* https://streams.spec.whatwg.org/#rbs-controller-private-cancel */
static JSValue cancel_steps(xhr__realm *realm, xhr__readable_stream_controller *controller,
                            JSValueConst reason) {
  xhr__byte_controller *self = (xhr__byte_controller *)controller;
  xhr__byte_controller_clear_pending_pull_intos(realm, self);
  xhr__byte_queue_reset(JS_GetRuntime(realm->js), self);
  JSValue result = xhr__controller_cancel_algorithm(realm, controller, reason);
  xhr__byte_controller_clear_algorithms(realm, self);
  return result;
}

/* https://streams.spec.whatwg.org/#rbs-controller-private-pull, step 5.: false where the request has been told of an error. */
static bool auto_allocate(xhr__realm *realm, xhr__byte_controller *self,
                          xhr__read_request *request) {
  JSValue size = JS_NewInt64(realm->js, (int64_t)self->auto_allocate_chunk_size);
  /* 5.1. */
  JSValue buffer =
      xhr__construct_intrinsic(realm, XHR__INTRINSIC_ARRAY_BUFFER, 1, (JSValueConst *)&size);
  xhr__pull_into_descriptor *descriptor = xhr__pull_into_descriptor_new(realm, buffer);
  /* 5.2. */
  if (!descriptor) {
    JSValue reason = JS_GetException(realm->js);
    xhr__read_request_error(realm, request, reason);
    JS_FreeValue(realm->js, reason);
    return false;
  }
  /* 5.3. - 5.4. */
  descriptor->byte_length = descriptor->buffer_byte_length;
  descriptor->minimum_fill = 1;
  descriptor->view = (xhr__array_buffer_view){.type = JS_TYPED_ARRAY_UINT8, .element_size = 1};
  descriptor->reader_type = XHR__READER_DEFAULT;
  xhr__list_append(&self->pending_pull_intos, &descriptor->node);
  return true;
}

/* https://streams.spec.whatwg.org/#rbs-controller-private-pull */
static void pull_steps(xhr__realm *realm, xhr__readable_stream_controller *controller,
                       xhr__read_request *request) {
  xhr__byte_controller *self = (xhr__byte_controller *)controller;
  /* 1. - 3. */
  if (!xhr__list_empty(&controller->queue)) {
    xhr__byte_controller_fill_read_request_from_queue(realm, self, request);
    return;
  }
  /* 4. - 5. */
  if (self->auto_allocate_chunk_size > 0 && !auto_allocate(realm, self, request))
    return;
  /* 6. - 7. */
  xhr__readable_stream_add_read_request(xhr__controller_stream(controller), request);
  xhr__controller_call_pull_if_needed(realm, controller);
}

/* https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamcontroller-releasesteps */
static void release_steps(xhr__realm *realm, xhr__readable_stream_controller *controller) {
  xhr__byte_controller *self = (xhr__byte_controller *)controller;
  xhr__pull_into_descriptor *first = xhr__first_pull_into(self);
  /* 1. */
  if (!first)
    return;
  first->reader_type = XHR__READER_NONE;
  xhr__list_remove(&first->node);
  xhr__pull_into_descriptors_free(JS_GetRuntime(realm->js), &self->pending_pull_intos);
  xhr__list_append(&self->pending_pull_intos, &first->node);
}

static const xhr__controller_type controller_type = {cancel_steps, pull_steps, release_steps,
                                                     should_call_pull, error};

bool xhr__set_up_readable_byte_stream_controller(xhr__realm *realm, xhr__readable_stream *stream,
                                                 JSValue source, int branch, double high_water_mark,
                                                 uint64_t auto_allocate_chunk_size) {
  JSValue value = JS_EXCEPTION;
  xhr__byte_controller *self = XHR__NEW(xhr__byte_controller);
  if (self) {
    xhr__controller_init(&self->controller, &controller_type);
    self->auto_allocate_chunk_size = auto_allocate_chunk_size;
    self->byob_request = JS_NULL;
    xhr__list_init(&self->pending_pull_intos);
    value = xhr__platform_object_new(realm, &xhr__readable_byte_stream_controller_interface,
                                     JS_UNDEFINED, self);
  } else {
    JS_ThrowOutOfMemory(realm->js);
  }
  if (JS_IsException(value)) {
    JS_FreeValue(realm->js, source);
    return false;
  }
  self->controller.value = value;
  bool good =
      xhr__controller_set_up(realm, stream, &self->controller, source, branch, high_water_mark);
  JS_FreeValue(realm->js, value);
  return good;
}

/* ---- members ---------------------------------------------------------------------------------------------------- */

static void finalize(JSRuntime *runtime, void *object) {
  xhr__byte_controller *self = object;
  xhr__byte_queue_reset(runtime, self);
  xhr__pull_into_descriptors_free(runtime, &self->pending_pull_intos);
  JS_FreeValueRT(runtime, self->byob_request);
  xhr__controller_finalize(runtime, &self->controller);
  xhr__free(self);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  xhr__byte_controller *self = object;
  xhr__list *queue = &self->controller.queue, *pull_intos = &self->pending_pull_intos;
  for (xhr__list *node = queue->next; node != queue; node = node->next)
    JS_MarkValue(runtime, XHR__OWNER(node, xhr__byte_queue_entry, node)->buffer, mark_func);
  for (xhr__list *node = pull_intos->next; node != pull_intos; node = node->next)
    JS_MarkValue(runtime, XHR__OWNER(node, xhr__pull_into_descriptor, node)->buffer, mark_func);
  JS_MarkValue(runtime, self->byob_request, mark_func);
  xhr__controller_mark(runtime, &self->controller, mark_func);
}

/* https://streams.spec.whatwg.org/#rbs-controller-byob-request */
static JSValue get_byob_request(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__byte_controller_get_byob_request(realm, self);
}

/* https://streams.spec.whatwg.org/#rbs-controller-desired-size */
static JSValue get_desired_size(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__controller_get_desired_size(realm, self);
}

/* Whether chunks may come: steps 1. and 2. of close() and 3. and 4. of enqueue(). Throws. */
static bool check_open(xhr__realm *realm, const xhr__byte_controller *self, const char *what) {
  if (!self->controller.close_requested && xhr__byte_stream(self)->state == XHR__STREAM_READABLE)
    return true;
  JS_ThrowTypeError(realm->js, "%s: the stream is closed, closing or errored", what);
  return false;
}

/* https://streams.spec.whatwg.org/#rbs-controller-close */
static JSValue close_stream(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                            JSValueConst *argv) {
  (void)this_value, (void)argc, (void)argv;
  return check_open(realm, self, "close") && xhr__byte_controller_close(realm, self) ? JS_UNDEFINED
                                                                                     : JS_EXCEPTION;
}

/* https://streams.spec.whatwg.org/#rbs-controller-enqueue */
static JSValue enqueue(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                       JSValueConst *argv) {
  xhr__array_buffer_view view;
  (void)this_value, (void)argc;
  if (!xhr__array_buffer_view_read(realm, argv[0], "enqueue", &view))
    return JS_EXCEPTION;
  JS_FreeValue(realm->js, view.buffer);
  /* 1. - 2. */
  if (view.byte_length == 0 || view.buffer_byte_length == 0)
    return JS_ThrowTypeError(realm->js, "enqueue: the view or its buffer is empty");
  /* 3. - 5. */
  return check_open(realm, self, "enqueue") && xhr__byte_controller_enqueue(realm, self, argv[0])
             ? JS_UNDEFINED
             : JS_EXCEPTION;
}

/* https://streams.spec.whatwg.org/#rbs-controller-error */
static JSValue error_stream(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                            JSValueConst *argv) {
  (void)this_value;
  xhr__byte_controller_error(realm, self, argc > 0 ? argv[0] : JS_UNDEFINED);
  return JS_UNDEFINED;
}

static const xhr__member members[] = {
    XHR__DEFINE_READONLY("byobRequest", get_byob_request),
    XHR__DEFINE_READONLY("desiredSize", get_desired_size),
    XHR__DEFINE_OPERATION("close", 0, close_stream),
    XHR__DEFINE_OPERATION("enqueue", 1, enqueue),
    XHR__DEFINE_OPERATION("error", 0, error_stream),
};

const xhr__interface xhr__readable_byte_stream_controller_interface = {
    .name = "ReadableByteStreamController",
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = finalize,
    .mark = mark,
};
