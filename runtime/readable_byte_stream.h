/* https://streams.spec.whatwg.org/#rbs-controller-class: what the files of readable byte streams share. */
#ifndef XHR__RUNTIME_READABLE_BYTE_STREAM_H
#define XHR__RUNTIME_READABLE_BYTE_STREAM_H

#include "runtime/array_buffer.h"
#include "runtime/readable_stream_internal.h"

/* https://streams.spec.whatwg.org/#pull-into-descriptor */
typedef enum xhr__reader_type {
  XHR__READER_DEFAULT,
  XHR__READER_BYOB,
  XHR__READER_NONE
} xhr__reader_type;

typedef struct xhr__pull_into_descriptor {
  xhr__list node;
  JSValue buffer;
  size_t buffer_byte_length;
  size_t byte_offset, byte_length;
  size_t bytes_filled;
  size_t minimum_fill;
  xhr__array_buffer_view view; /* element size and view constructor; its buffer is not used */
  xhr__reader_type reader_type;
} xhr__pull_into_descriptor;

/* https://streams.spec.whatwg.org/#readable-byte-stream-queue-entry */
typedef struct xhr__byte_queue_entry {
  xhr__list node;
  JSValue buffer;
  size_t byte_offset, byte_length;
} xhr__byte_queue_entry;

/* https://streams.spec.whatwg.org/#rbs-controller-internal-slots */
typedef struct xhr__byte_controller {
  xhr__readable_stream_controller controller;
  uint64_t auto_allocate_chunk_size; /* 0: undefined */
  JSValue byob_request;              /* JS_NULL: none */
  xhr__list pending_pull_intos;
} xhr__byte_controller;

static inline xhr__readable_stream *xhr__byte_stream(const xhr__byte_controller *controller) {
  return xhr__controller_stream(&controller->controller);
}
/* pendingPullIntos[0]; NULL: it is empty. */
static inline xhr__pull_into_descriptor *xhr__first_pull_into(
    const xhr__byte_controller *controller) {
  return xhr__list_empty(&controller->pending_pull_intos)
             ? NULL
             : XHR__OWNER(controller->pending_pull_intos.next, xhr__pull_into_descriptor, node);
}

/* A new controller, set up; takes over `source`. False where it threw. */
bool xhr__set_up_readable_byte_stream_controller(xhr__realm *realm, xhr__readable_stream *stream,
                                                 JSValue source, int branch, double high_water_mark,
                                                 uint64_t auto_allocate_chunk_size);

/* https://streams.spec.whatwg.org/#rbs-controller-abstract-ops, by the names that stand there behind
 * ReadableByteStreamController. Those that return bool or JSValue may throw. */
void xhr__byte_controller_clear_algorithms(xhr__realm *realm, xhr__byte_controller *controller);
void xhr__byte_controller_clear_pending_pull_intos(xhr__realm *realm,
                                                   xhr__byte_controller *controller);
bool xhr__byte_controller_close(xhr__realm *realm, xhr__byte_controller *controller);
void xhr__byte_controller_error(xhr__realm *realm, xhr__byte_controller *controller,
                                JSValueConst reason);
bool xhr__byte_controller_enqueue(xhr__realm *realm, xhr__byte_controller *controller,
                                  JSValueConst chunk);
/* Its steps 8. to 11., of a buffer that has been transferred, and is taken over. */
bool xhr__byte_controller_enqueue_transferred(xhr__realm *realm, xhr__byte_controller *controller,
                                              JSValue buffer, size_t byte_offset,
                                              size_t byte_length);
/* Takes over the buffer (on failure too). */
bool xhr__byte_controller_enqueue_chunk_to_queue(xhr__realm *realm,
                                                 xhr__byte_controller *controller, JSValue buffer,
                                                 size_t byte_offset, size_t byte_length);
bool xhr__byte_controller_enqueue_cloned_chunk_to_queue(xhr__realm *realm,
                                                        xhr__byte_controller *controller,
                                                        JSValueConst buffer, size_t byte_offset,
                                                        size_t byte_length);
bool xhr__byte_controller_enqueue_detached_pull_into_to_queue(
    xhr__realm *realm, xhr__byte_controller *controller, xhr__pull_into_descriptor *descriptor);
void xhr__byte_controller_fill_read_request_from_queue(xhr__realm *realm,
                                                       xhr__byte_controller *controller,
                                                       xhr__read_request *request);
bool xhr__byte_controller_fill_pull_into_descriptor_from_queue(
    xhr__realm *realm, xhr__byte_controller *controller, xhr__pull_into_descriptor *descriptor);
JSValue xhr__byte_controller_get_byob_request(xhr__realm *realm, xhr__byte_controller *controller);
void xhr__byte_controller_invalidate_byob_request(xhr__realm *realm,
                                                  xhr__byte_controller *controller);
void xhr__byte_controller_handle_queue_drain(xhr__realm *realm, xhr__byte_controller *controller);
/* Appends those that are filled to `filled`. */
void xhr__byte_controller_process_pull_into_descriptors_using_queue(
    xhr__realm *realm, xhr__byte_controller *controller, xhr__list *filled);
/* CommitPullIntoDescriptor, of one and of all in the list; they are freed. */
void xhr__byte_controller_commit_pull_into_descriptor(xhr__realm *realm,
                                                      xhr__readable_stream *stream,
                                                      xhr__pull_into_descriptor *descriptor);
void xhr__byte_controller_commit_all(xhr__realm *realm, xhr__readable_stream *stream,
                                     xhr__list *filled);
void xhr__byte_controller_pull_into(xhr__realm *realm, xhr__byte_controller *controller,
                                    JSValueConst view, uint64_t min, xhr__read_request *request);
bool xhr__byte_controller_respond(xhr__realm *realm, xhr__byte_controller *controller,
                                  uint64_t bytes_written);
bool xhr__byte_controller_respond_with_new_view(xhr__realm *realm, xhr__byte_controller *controller,
                                                JSValueConst view);

/* NULL where it threw; takes over the buffer. */
xhr__pull_into_descriptor *xhr__pull_into_descriptor_new(xhr__realm *realm, JSValue buffer);
void xhr__pull_into_descriptor_free(JSRuntime *runtime, xhr__pull_into_descriptor *descriptor);
/* Of a list of descriptors; empties a controller's queue. */
void xhr__pull_into_descriptors_free(JSRuntime *runtime, xhr__list *descriptors);
void xhr__byte_queue_reset(JSRuntime *runtime, xhr__byte_controller *controller);

/* https://streams.spec.whatwg.org/#rs-byob-request-internal-slots */
typedef struct xhr__byob_request {
  xhr__platform_object object;
  JSValue controller; /* JS_UNDEFINED, once it is invalid */
  JSValue view;       /* JS_NULL */
} xhr__byob_request;

/* A new one; takes over the view (JS_EXCEPTION is allowed). JS_EXCEPTION. */
JSValue xhr__byob_request_new(xhr__realm *realm, const xhr__byte_controller *controller,
                              JSValue view);

#endif
