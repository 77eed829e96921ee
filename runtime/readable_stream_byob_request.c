/* https://streams.spec.whatwg.org/#rs-byob-request-class: ReadableStreamBYOBRequest */
#include "infra/alloc.h"
#include "runtime/convert.h"
#include "runtime/readable_byte_stream.h"

static void finalize(JSRuntime *runtime, void *object) {
  xhr__byob_request *self = object;
  JS_FreeValueRT(runtime, self->controller);
  JS_FreeValueRT(runtime, self->view);
  xhr__free(self);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  xhr__byob_request *self = object;
  JS_MarkValue(runtime, self->controller, mark_func);
  JS_MarkValue(runtime, self->view, mark_func);
}

JSValue xhr__byob_request_new(xhr__realm *realm, const xhr__byte_controller *controller,
                              JSValue view) {
  if (JS_IsException(view))
    return view;
  xhr__byob_request *self = XHR__NEW(xhr__byob_request);
  if (!self) {
    JS_FreeValue(realm->js, view);
    return JS_ThrowOutOfMemory(realm->js);
  }
  self->controller = JS_DupValue(realm->js, controller->controller.value);
  self->view = view;
  return xhr__platform_object_new(realm, &xhr__readable_stream_byob_request_interface, JS_UNDEFINED,
                                  self);
}

/* https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamcontrollergetbyobrequest */
JSValue xhr__byte_controller_get_byob_request(xhr__realm *realm, xhr__byte_controller *controller) {
  const xhr__pull_into_descriptor *first = xhr__first_pull_into(controller);
  /* 1. */
  if (JS_IsNull(controller->byob_request) && first) {
    size_t filled = first->bytes_filled;
    JSValue view = xhr__array_buffer_view_new(
        realm, NULL, first->buffer, first->byte_offset + filled, first->byte_length - filled);
    JSValue request = xhr__byob_request_new(realm, controller, view);
    if (JS_IsException(request))
      return request;
    controller->byob_request = request;
  }
  /* 2. */
  return JS_DupValue(realm->js, controller->byob_request);
}

/* https://streams.spec.whatwg.org/#readable-byte-stream-controller-invalidate-byob-request */
void xhr__byte_controller_invalidate_byob_request(xhr__realm *realm,
                                                  xhr__byte_controller *controller) {
  JSContext *js = realm->js;
  JSValue value = controller->byob_request;
  /* 1. */
  if (JS_IsNull(value))
    return;
  /* 2. - 4. */
  xhr__byob_request *request = xhr__opaque(value);
  JS_FreeValue(js, request->controller);
  JS_FreeValue(js, request->view);
  request->controller = JS_UNDEFINED;
  request->view = JS_NULL;
  controller->byob_request = JS_NULL;
  JS_FreeValue(js, value);
}

/* ---- members ---------------------------------------------------------------------------------------------------- */

/* https://streams.spec.whatwg.org/#rs-byob-request-view */
static JSValue get_view(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_DupValue(realm->js, ((xhr__byob_request *)self)->view);
}

/* Whether the request is valid: step 1. of both operations. The controller's value, the caller's; JS_EXCEPTION. */
static JSValue controller_of(xhr__realm *realm, const xhr__byob_request *self) {
  if (JS_IsUndefined(self->controller))
    return JS_ThrowTypeError(realm->js, "this BYOB request has been responded to");
  return JS_DupValue(realm->js, self->controller);
}

/* https://streams.spec.whatwg.org/#rs-byob-request-respond */
static JSValue respond(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                       JSValueConst *argv) {
  uint64_t bytes_written;
  xhr__array_buffer_view view;
  (void)this_value, (void)argc;
  if (!xhr__enforce_range_unsigned_long_long(realm, argv[0], &bytes_written))
    return JS_EXCEPTION;
  /* 1. */
  JSValue controller = controller_of(realm, self);
  if (JS_IsException(controller))
    return controller;
  /* 2. - 4. */
  bool good =
      xhr__array_buffer_view_read(realm, ((xhr__byob_request *)self)->view, "respond", &view);
  if (good) {
    JS_FreeValue(realm->js, view.buffer);
    if (view.is_detached)
      JS_ThrowTypeError(realm->js, "respond: the view's buffer has been detached");
    /* 5. */
    good = !view.is_detached &&
           xhr__byte_controller_respond(realm, xhr__opaque(controller), bytes_written);
  }
  JS_FreeValue(realm->js, controller);
  return good ? JS_UNDEFINED : JS_EXCEPTION;
}

/* https://streams.spec.whatwg.org/#rs-byob-request-respond-with-new-view */
static JSValue respond_with_new_view(xhr__realm *realm, void *self, JSValueConst this_value,
                                     int argc, JSValueConst *argv) {
  xhr__array_buffer_view view;
  (void)this_value, (void)argc;
  if (!xhr__array_buffer_view_read(realm, argv[0], "respondWithNewView", &view))
    return JS_EXCEPTION;
  JS_FreeValue(realm->js, view.buffer);
  /* 1. */
  JSValue controller = controller_of(realm, self);
  if (JS_IsException(controller))
    return controller;
  /* 2. */
  if (view.is_detached)
    JS_ThrowTypeError(realm->js, "respondWithNewView: the view's buffer is detached");
  /* 3. */
  bool good = !view.is_detached &&
              xhr__byte_controller_respond_with_new_view(realm, xhr__opaque(controller), argv[0]);
  JS_FreeValue(realm->js, controller);
  return good ? JS_UNDEFINED : JS_EXCEPTION;
}

static const xhr__member members[] = {
    XHR__DEFINE_READONLY("view", get_view),
    XHR__DEFINE_OPERATION("respond", 1, respond),
    XHR__DEFINE_OPERATION("respondWithNewView", 1, respond_with_new_view),
};

const xhr__interface xhr__readable_stream_byob_request_interface = {
    .name = "ReadableStreamBYOBRequest",
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = finalize,
    .mark = mark,
};
