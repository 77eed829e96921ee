/* https://streams.spec.whatwg.org/#generic-reader-mixin: what both kinds of readers have. */
#include "infra/alloc.h"
#include "runtime/readable_stream_internal.h"

void xhr__readable_stream_reader_finalize(JSRuntime *runtime, void *object) {
  xhr__readable_stream_reader *self = object;
  xhr__list *node;
  while ((node = xhr__list_take_first(&self->read_requests)))
    xhr__read_request_free(runtime, XHR__OWNER(node, xhr__read_request, node));
  xhr__promise_free(runtime, &self->closed_promise);
  JS_FreeValueRT(runtime, self->stream);
  xhr__free(self);
}

void xhr__readable_stream_reader_mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  xhr__readable_stream_reader *self = object;
  xhr__list *list = &self->read_requests;
  for (xhr__list *node = list->next; node != list; node = node->next) {
    xhr__read_request *request = XHR__OWNER(node, xhr__read_request, node);
    xhr__promise_mark(runtime, &request->promise, mark_func);
    JS_MarkValue(runtime, request->object, mark_func);
  }
  xhr__promise_mark(runtime, &self->closed_promise, mark_func);
  JS_MarkValue(runtime, self->stream, mark_func);
}

/* Puts another promise in the place of [[closedPromise]], taken over. */
static bool set_closed_promise(JSContext *js, xhr__readable_stream_reader *reader,
                               JSValue promise) {
  if (JS_IsException(promise))
    return false;
  xhr__promise_free(JS_GetRuntime(js), &reader->closed_promise);
  reader->closed_promise.value = promise;
  return true;
}

/* https://streams.spec.whatwg.org/#readable-stream-reader-generic-initialize */
static bool initialize(xhr__realm *realm, xhr__readable_stream_reader *reader,
                       xhr__readable_stream *stream) {
  JSContext *js = realm->js;
  /* 3. */
  if (stream->state == XHR__STREAM_READABLE && !xhr__promise_new(realm, &reader->closed_promise))
    return false;
  /* 4. */
  if (stream->state == XHR__STREAM_CLOSED &&
      !set_closed_promise(js, reader, xhr__promise_resolved_with(realm, JS_UNDEFINED)))
    return false;
  /* 5. */
  if (stream->state == XHR__STREAM_ERRORED) {
    JSValue reason = JS_DupValue(js, stream->stored_error);
    if (!set_closed_promise(js, reader, xhr__promise_rejected_with(realm, reason)))
      return false;
    xhr__promise_set_is_handled(realm, reader->closed_promise.value);
  }
  /* 1. - 2., behind all that may fail. */
  reader->stream = JS_DupValue(js, stream->value);
  stream->reader = JS_DupValue(js, reader->value);
  return true;
}

JSValue xhr__readable_stream_reader_new(xhr__realm *realm, const xhr__interface *interface,
                                        JSValueConst new_target, xhr__readable_stream *stream) {
  xhr__readable_stream_reader *reader = XHR__NEW(xhr__readable_stream_reader);
  if (!reader)
    return JS_ThrowOutOfMemory(realm->js);
  reader->closed_promise = XHR__NO_PROMISE;
  reader->stream = JS_UNDEFINED;
  xhr__list_init(&reader->read_requests);
  JSValue value = xhr__platform_object_new(realm, interface, new_target, reader);
  if (JS_IsException(value))
    return value;
  reader->value = value;
  /* Making the object may have run script. */
  if (xhr__is_readable_stream_locked(stream))
    JS_ThrowTypeError(realm->js, "%s: the stream is locked", interface->name);
  else if (initialize(realm, reader, stream))
    return value;
  JS_FreeValue(realm->js, value);
  return JS_EXCEPTION;
}

/* https://streams.spec.whatwg.org/#abstract-opdef-readablestreamdefaultreadererrorreadrequests and
 * https://streams.spec.whatwg.org/#abstract-opdef-readablestreambyobreadererrorreadintorequests */
void xhr__readable_stream_reader_error_requests(xhr__realm *realm,
                                                xhr__readable_stream_reader *reader,
                                                JSValueConst reason) {
  xhr__list requests, *node;
  /* 1. - 2. */
  xhr__list_init(&requests);
  xhr__list_splice(&requests, &reader->read_requests);
  /* 3. */
  while ((node = xhr__list_take_first(&requests)))
    xhr__read_request_error(realm, XHR__OWNER(node, xhr__read_request, node), reason);
}

/* https://streams.spec.whatwg.org/#readable-stream-reader-generic-release */
static void generic_release(xhr__realm *realm, xhr__readable_stream_reader *reader,
                            JSValueConst reason) {
  JSContext *js = realm->js;
  /* 1. - 3. */
  xhr__readable_stream *stream = xhr__opaque(reader->stream);
  xhr__readable_stream_controller *controller = xhr__stream_controller(stream);
  /* 4. */
  if (stream->state == XHR__STREAM_READABLE)
    xhr__promise_reject(realm, &reader->closed_promise, reason);
  /* 5. */
  else if (!set_closed_promise(js, reader,
                               xhr__promise_rejected_with(realm, JS_DupValue(js, reason))))
    JS_FreeValue(js, JS_GetException(js));
  /* 6. */
  xhr__promise_set_is_handled(realm, reader->closed_promise.value);
  /* 7. */
  controller->type->release_steps(realm, controller);
  /* 8. - 9. */
  JS_FreeValue(js, stream->reader);
  stream->reader = JS_UNDEFINED;
  JS_FreeValue(js, reader->stream);
  reader->stream = JS_UNDEFINED;
}

/* https://streams.spec.whatwg.org/#abstract-opdef-readablestreamdefaultreaderrelease and
 * https://streams.spec.whatwg.org/#abstract-opdef-readablestreambyobreaderrelease */
void xhr__readable_stream_reader_release(xhr__realm *realm, xhr__readable_stream_reader *reader) {
  JSContext *js = realm->js;
  /* The stream may have held it alone. */
  JSValue kept = JS_DupValue(js, reader->value);
  JSValue closed_reason = xhr__new_type_error(realm, "the reader has been released");
  /* 1. */
  generic_release(realm, reader, closed_reason);
  JS_FreeValue(js, closed_reason);
  /* 2. - 3. */
  JSValue reason = xhr__new_type_error(realm, "the reader was released before the chunk came");
  xhr__readable_stream_reader_error_requests(realm, reader, reason);
  JS_FreeValue(js, reason);
  JS_FreeValue(js, kept);
}

/* ---- members ---------------------------------------------------------------------------------------------------- */

/* https://streams.spec.whatwg.org/#generic-reader-closed */
static JSValue get_closed(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_DupValue(realm->js, ((xhr__readable_stream_reader *)self)->closed_promise.value);
}

/* https://streams.spec.whatwg.org/#generic-reader-cancel */
static JSValue cancel(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                      JSValueConst *argv) {
  xhr__readable_stream_reader *reader = self;
  (void)this_value;
  /* 1. */
  if (JS_IsUndefined(reader->stream))
    return JS_ThrowTypeError(realm->js, "cancel: the reader has been released");
  /* 2. https://streams.spec.whatwg.org/#readable-stream-reader-generic-cancel */
  JSValue stream = JS_DupValue(realm->js, reader->stream);
  JSValue promise =
      xhr__readable_stream_cancel(realm, xhr__opaque(stream), argc > 0 ? argv[0] : JS_UNDEFINED);
  JS_FreeValue(realm->js, stream);
  return promise;
}

static JSValue release_lock(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                            JSValueConst *argv) {
  xhr__readable_stream_reader *reader = self;
  (void)this_value, (void)argc, (void)argv;
  /* 1. */
  if (JS_IsUndefined(reader->stream))
    return JS_UNDEFINED;
  /* 2. */
  JSValue stream = JS_DupValue(realm->js, reader->stream);
  xhr__readable_stream_reader_release(realm, reader);
  JS_FreeValue(realm->js, stream);
  return JS_UNDEFINED;
}

/* releaseLock() is not the mixin's, but the same in both: https://streams.spec.whatwg.org/#default-reader-release-lock,
 * https://streams.spec.whatwg.org/#byob-reader-release-lock */
static const xhr__member members[] = {
    XHR__DEFINE_GET_PROMISE("closed", get_closed),
    XHR__DEFINE_PROMISE("cancel", 0, cancel),
    XHR__DEFINE_OPERATION("releaseLock", 0, release_lock),
};
const xhr__mixin xhr__readable_stream_generic_reader_mixin = {members,
                                                              sizeof members / sizeof *members};
