/* https://streams.spec.whatwg.org/#rs-default-controller-class: ReadableStreamDefaultController */
#include <math.h>

#include "infra/alloc.h"
#include "runtime/convert.h"
#include "runtime/readable_stream_internal.h"

typedef struct default_controller {
  xhr__readable_stream_controller controller;
  JSValue size; /* [[strategySizeAlgorithm]]: the strategy's function; JS_UNDEFINED: 1 */
} default_controller;

/* https://streams.spec.whatwg.org/#value-with-size */
typedef struct value_with_size {
  xhr__list node;
  JSValue value;
  double size;
} value_with_size;

/* ---- the queue: https://streams.spec.whatwg.org/#queue-with-sizes ----------------------------------------------- */

/* https://streams.spec.whatwg.org/#dequeue-value: the caller's. */
static JSValue dequeue_value(xhr__readable_stream_controller *controller) {
  xhr__list *node = xhr__list_take_first(&controller->queue);
  value_with_size *first = XHR__OWNER(node, value_with_size, node);
  JSValue value = first->value;
  controller->queue_total_size -= first->size;
  if (controller->queue_total_size < 0)
    controller->queue_total_size = 0;
  xhr__free(first);
  return value;
}

/* https://streams.spec.whatwg.org/#enqueue-value-with-size. False where it threw. */
static bool enqueue_value_with_size(xhr__realm *realm, xhr__readable_stream_controller *controller,
                                    JSValueConst value, double size) {
  /* 2. - 3. */
  if (isnan(size) || size < 0 || isinf(size)) {
    JS_ThrowRangeError(realm->js, "a chunk's size is not a finite number that is 0 or more");
    return false;
  }
  /* 4. - 5. */
  value_with_size *last = XHR__NEW(value_with_size);
  if (!last) {
    JS_ThrowOutOfMemory(realm->js);
    return false;
  }
  last->value = JS_DupValue(realm->js, value);
  last->size = size;
  xhr__list_append(&controller->queue, &last->node);
  controller->queue_total_size += size;
  return true;
}

/* https://streams.spec.whatwg.org/#reset-queue */
static void reset_queue(JSRuntime *runtime, xhr__readable_stream_controller *controller) {
  while (!xhr__list_empty(&controller->queue))
    JS_FreeValueRT(runtime, dequeue_value(controller));
  controller->queue_total_size = 0;
}

/* ---- abstract operations ---------------------------------------------------------------------------------------- */

/* https://streams.spec.whatwg.org/#readable-stream-default-controller-can-close-or-enqueue */
static bool can_close_or_enqueue(const xhr__readable_stream_controller *controller) {
  return !controller->close_requested &&
         xhr__controller_stream(controller)->state == XHR__STREAM_READABLE;
}

/* https://streams.spec.whatwg.org/#readable-stream-default-controller-should-call-pull */
static bool should_call_pull(xhr__readable_stream_controller *controller) {
  /* 2. - 3. */
  if (!can_close_or_enqueue(controller) || !controller->started)
    return false;
  /* 4. */
  if (xhr__readable_stream_has_requests(xhr__controller_stream(controller)))
    return true;
  /* 5. - 8. */
  return controller->strategy_hwm - controller->queue_total_size > 0;
}

/* https://streams.spec.whatwg.org/#readable-stream-default-controller-clear-algorithms */
static void clear_algorithms(xhr__realm *realm, xhr__readable_stream_controller *controller) {
  default_controller *self = (default_controller *)controller;
  JSValue source = controller->source, size = self->size;
  controller->source = self->size = JS_UNDEFINED;
  JS_FreeValue(realm->js, source);
  JS_FreeValue(realm->js, size);
}

/* https://streams.spec.whatwg.org/#readable-stream-default-controller-close */
void xhr__readable_stream_default_controller_close(xhr__realm *realm,
                                                   xhr__readable_stream_controller *controller) {
  /* 1. */
  if (!can_close_or_enqueue(controller))
    return;
  /* 2. - 3. */
  controller->close_requested = true;
  /* 4. */
  if (xhr__list_empty(&controller->queue)) {
    clear_algorithms(realm, controller);
    xhr__readable_stream_close(realm, xhr__controller_stream(controller));
  }
}

/* https://streams.spec.whatwg.org/#readable-stream-default-controller-error */
static void error(xhr__realm *realm, xhr__readable_stream_controller *controller,
                  JSValueConst reason) {
  /* 1. - 2. */
  xhr__readable_stream *stream = xhr__controller_stream(controller);
  if (stream->state != XHR__STREAM_READABLE)
    return;
  /* 3. - 5. */
  reset_queue(JS_GetRuntime(realm->js), controller);
  clear_algorithms(realm, controller);
  xhr__readable_stream_error(realm, stream, reason);
}

/* Performs [[strategySizeAlgorithm]]: https://streams.spec.whatwg.org/#make-size-algorithm-from-size-function. False where it
 * threw. */
static bool chunk_size(xhr__realm *realm, const default_controller *self, JSValueConst chunk,
                       double *size) {
  JSContext *js = realm->js;
  *size = 1;
  if (JS_IsUndefined(self->size))
    return true;
  JSValue function = JS_DupValue(js, self->size);
  JSValue value = JS_Call(js, function, JS_UNDEFINED, 1, &chunk);
  bool good = !JS_IsException(value) && xhr__to_unrestricted_double(realm, value, size);
  JS_FreeValue(js, value);
  JS_FreeValue(js, function);
  return good;
}

/* https://streams.spec.whatwg.org/#readable-stream-default-controller-enqueue */
bool xhr__readable_stream_default_controller_enqueue(xhr__realm *realm,
                                                     xhr__readable_stream_controller *controller,
                                                     JSValueConst chunk) {
  double size;
  /* 1. - 2. */
  if (!can_close_or_enqueue(controller))
    return true;
  xhr__readable_stream *stream = xhr__controller_stream(controller);
  /* 3. */
  if (xhr__readable_stream_has_requests(stream)) {
    xhr__readable_stream_fulfill_read_request(realm, stream, chunk, false);
    /* 4. */
  } else if (!chunk_size(realm, (default_controller *)controller, chunk, &size) ||
             !enqueue_value_with_size(realm, controller, chunk, size)) {
    JSValue reason = JS_GetException(realm->js);
    error(realm, controller, reason);
    JS_Throw(realm->js, reason);
    return false;
  }
  /* 5. */
  xhr__controller_call_pull_if_needed(realm, controller);
  return true;
}

/* ---- internal methods: https://streams.spec.whatwg.org/#rs-default-controller-internal-methods ------------------ */

/* https://streams.spec.whatwg.org/#rs-default-controller-private-cancel */
static JSValue cancel_steps(xhr__realm *realm, xhr__readable_stream_controller *controller,
                            JSValueConst reason) {
  reset_queue(JS_GetRuntime(realm->js), controller);
  JSValue result = xhr__controller_cancel_algorithm(realm, controller, reason);
  clear_algorithms(realm, controller);
  return result;
}

/* https://streams.spec.whatwg.org/#rs-default-controller-private-pull */
static void pull_steps(xhr__realm *realm, xhr__readable_stream_controller *controller,
                       xhr__read_request *request) {
  /* 1. */
  xhr__readable_stream *stream = xhr__controller_stream(controller);
  /* 3. */
  if (xhr__list_empty(&controller->queue)) {
    xhr__readable_stream_add_read_request(stream, request);
    xhr__controller_call_pull_if_needed(realm, controller);
    return;
  }
  /* 2. */
  JSValue chunk = dequeue_value(controller);
  if (controller->close_requested && xhr__list_empty(&controller->queue)) {
    clear_algorithms(realm, controller);
    xhr__readable_stream_close(realm, stream);
  } else {
    xhr__controller_call_pull_if_needed(realm, controller);
  }
  xhr__read_request_chunk(realm, request, chunk);
  JS_FreeValue(realm->js, chunk);
}

/* https://streams.spec.whatwg.org/#abstract-opdef-readablestreamdefaultcontroller-releasesteps */
static void release_steps(xhr__realm *realm, xhr__readable_stream_controller *controller) {
  (void)realm, (void)controller;
}

static const xhr__controller_type controller_type = {cancel_steps, pull_steps, release_steps,
                                                     should_call_pull, error};

bool xhr__set_up_readable_stream_default_controller(xhr__realm *realm, xhr__readable_stream *stream,
                                                    JSValue source, int branch,
                                                    double high_water_mark, JSValueConst size) {
  JSValue value = JS_EXCEPTION;
  default_controller *self = XHR__NEW(default_controller);
  if (self) {
    xhr__controller_init(&self->controller, &controller_type);
    self->size = JS_DupValue(realm->js, size);
    value = xhr__platform_object_new(realm, &xhr__readable_stream_default_controller_interface,
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
  default_controller *self = object;
  reset_queue(runtime, &self->controller);
  JS_FreeValueRT(runtime, self->size);
  xhr__controller_finalize(runtime, &self->controller);
  xhr__free(self);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  default_controller *self = object;
  xhr__list *queue = &self->controller.queue;
  for (xhr__list *node = queue->next; node != queue; node = node->next)
    JS_MarkValue(runtime, XHR__OWNER(node, value_with_size, node)->value, mark_func);
  JS_MarkValue(runtime, self->size, mark_func);
  xhr__controller_mark(runtime, &self->controller, mark_func);
}

/* https://streams.spec.whatwg.org/#rs-default-controller-desired-size */
static JSValue get_desired_size(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__controller_get_desired_size(realm, self);
}

/* https://streams.spec.whatwg.org/#rs-default-controller-close */
static JSValue close_stream(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                            JSValueConst *argv) {
  (void)this_value, (void)argc, (void)argv;
  /* 1. */
  if (!can_close_or_enqueue(self))
    return JS_ThrowTypeError(realm->js, "close: the stream is closed, closing or errored");
  /* 2. */
  xhr__readable_stream_default_controller_close(realm, self);
  return JS_UNDEFINED;
}

/* https://streams.spec.whatwg.org/#rs-default-controller-enqueue */
static JSValue enqueue(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                       JSValueConst *argv) {
  (void)this_value;
  /* 1. */
  if (!can_close_or_enqueue(self))
    return JS_ThrowTypeError(realm->js, "enqueue: the stream is closed, closing or errored");
  /* 2. */
  return xhr__readable_stream_default_controller_enqueue(realm, self,
                                                         argc > 0 ? argv[0] : JS_UNDEFINED)
             ? JS_UNDEFINED
             : JS_EXCEPTION;
}

/* https://streams.spec.whatwg.org/#rs-default-controller-error */
static JSValue error_stream(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                            JSValueConst *argv) {
  (void)this_value;
  /* 1. */
  error(realm, self, argc > 0 ? argv[0] : JS_UNDEFINED);
  return JS_UNDEFINED;
}

static const xhr__member members[] = {
    XHR__DEFINE_READONLY("desiredSize", get_desired_size),
    XHR__DEFINE_OPERATION("close", 0, close_stream),
    XHR__DEFINE_OPERATION("enqueue", 0, enqueue),
    XHR__DEFINE_OPERATION("error", 0, error_stream),
};

const xhr__interface xhr__readable_stream_default_controller_interface = {
    .name = "ReadableStreamDefaultController",
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = finalize,
    .mark = mark,
};
