/* https://streams.spec.whatwg.org/#rs-class: ReadableStream.
 * Not built: pipeTo() and pipeThrough(), as there is no WritableStream; and transfer by postMessage(). */
#include "infra/alloc.h"
#include "runtime/convert.h"
#include "runtime/readable_byte_stream.h"
#include "runtime/readable_stream_internal.h"

static void finalize(JSRuntime *runtime, void *object) {
  xhr__readable_stream *self = object;
  JS_FreeValueRT(runtime, self->controller);
  JS_FreeValueRT(runtime, self->reader);
  JS_FreeValueRT(runtime, self->stored_error);
  xhr__free(self);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  xhr__readable_stream *self = object;
  JS_MarkValue(runtime, self->controller, mark_func);
  JS_MarkValue(runtime, self->reader, mark_func);
  JS_MarkValue(runtime, self->stored_error, mark_func);
}

/* https://streams.spec.whatwg.org/#initialize-readable-stream */
JSValue xhr__readable_stream_new(xhr__realm *realm, JSValueConst new_target) {
  xhr__readable_stream *stream = XHR__NEW(xhr__readable_stream);
  if (!stream)
    return JS_ThrowOutOfMemory(realm->js);
  stream->controller = JS_UNDEFINED;
  /* 1. - 3. */
  stream->state = XHR__STREAM_READABLE;
  stream->reader = stream->stored_error = JS_UNDEFINED;
  JSValue value =
      xhr__platform_object_new(realm, &xhr__readable_stream_interface, new_target, stream);
  if (!JS_IsException(value))
    stream->value = value;
  return value;
}

/* The value, or the exception with the value freed. */
static JSValue value_if(xhr__realm *realm, bool good, JSValue value) {
  if (good)
    return value;
  JS_FreeValue(realm->js, value);
  return JS_EXCEPTION;
}

/* https://streams.spec.whatwg.org/#create-readable-stream */
JSValue xhr__create_readable_stream(xhr__realm *realm, JSValue source, int branch,
                                    double high_water_mark) {
  if (JS_IsException(source))
    return source;
  /* 1. - 3. are the caller's; 4. - 5. */
  JSValue value = xhr__readable_stream_new(realm, JS_UNDEFINED);
  if (JS_IsException(value)) {
    JS_FreeValue(realm->js, source);
    return value;
  }
  /* 6. - 8. */
  return value_if(realm,
                  xhr__set_up_readable_stream_default_controller(
                      realm, xhr__opaque(value), source, branch, high_water_mark, JS_UNDEFINED),
                  value);
}

/* https://streams.spec.whatwg.org/#abstract-opdef-createreadablebytestream */
JSValue xhr__create_readable_byte_stream(xhr__realm *realm, JSValue source, int branch) {
  if (JS_IsException(source))
    return source;
  /* 1. - 2. */
  JSValue value = xhr__readable_stream_new(realm, JS_UNDEFINED);
  if (JS_IsException(value)) {
    JS_FreeValue(realm->js, source);
    return value;
  }
  /* 3. - 5. */
  return value_if(
      realm,
      xhr__set_up_readable_byte_stream_controller(realm, xhr__opaque(value), source, branch, 0, 0),
      value);
}

JSValue xhr__readable_stream_new_bytes(xhr__realm *realm, JSValue source) {
  return xhr__create_readable_byte_stream(realm, source, 0);
}

/* ---- the constructor -------------------------------------------------------------------------------------------- */

/* Steps 4. and 5. of the constructor: takes over the source. */
static bool set_up(xhr__realm *realm, xhr__readable_stream *stream, xhr__underlying_source *source,
                   const xhr__queuing_strategy *strategy) {
  double high_water_mark;
  bool good = true;
  if (source->bytes && !JS_IsUndefined(strategy->size)) {
    /* 4.1. */
    JS_ThrowRangeError(realm->js, "new ReadableStream: a byte stream's strategy has no size()");
    good = false;
  }
  /* 4.2. and 5.3. */
  good = good &&
         xhr__extract_high_water_mark(realm, strategy, source->bytes ? 0 : 1, &high_water_mark);
  if (good && source->bytes && source->has_auto_allocate_chunk_size &&
      source->auto_allocate_chunk_size == 0) {
    /* https://streams.spec.whatwg.org/#set-up-readable-byte-stream-controller-from-underlying-source, step 9. */
    JS_ThrowTypeError(realm->js, "new ReadableStream: autoAllocateChunkSize is 0");
    good = false;
  }
  JSValue algorithms = source->source;
  source->source = JS_UNDEFINED;
  if (!good) {
    JS_FreeValue(realm->js, algorithms);
    return false;
  }
  /* 4.3. and 5.2., 5.4. */
  if (source->bytes)
    return xhr__set_up_readable_byte_stream_controller(
        realm, stream, algorithms, 0, high_water_mark, source->auto_allocate_chunk_size);
  return xhr__set_up_readable_stream_default_controller(realm, stream, algorithms, 0,
                                                        high_water_mark, strategy->size);
}

/* https://streams.spec.whatwg.org/#rs-constructor */
static JSValue construct(xhr__realm *realm, JSValueConst new_target, int argc, JSValueConst *argv) {
  JSContext *js = realm->js;
  xhr__queuing_strategy strategy = {.size = JS_UNDEFINED};
  xhr__underlying_source source = {.source = JS_UNDEFINED};
  JSValueConst underlying = argc > 0 ? argv[0] : JS_UNDEFINED;
  JSValue value = JS_EXCEPTION;
  if (!JS_IsUndefined(underlying) && !JS_IsObject(underlying))
    return JS_ThrowTypeError(js, "new ReadableStream: the underlying source is no object");
  /* 1. - 2. */
  if (xhr__queuing_strategy_read(realm, argc > 1 ? argv[1] : JS_UNDEFINED, &strategy) &&
      xhr__underlying_source_read(realm, underlying, &source)) {
    /* 3. */
    value = xhr__readable_stream_new(realm, new_target);
    /* 4. - 5. */
    if (!JS_IsException(value))
      value = value_if(realm, set_up(realm, xhr__opaque(value), &source, &strategy), value);
  }
  JS_FreeValue(js, source.source);
  JS_FreeValue(js, strategy.size);
  return value;
}

/* ---- abstract operations ---------------------------------------------------------------------------------------- */

/* https://streams.spec.whatwg.org/#is-readable-stream-locked */
bool xhr__is_readable_stream_locked(const xhr__readable_stream *stream) {
  return !JS_IsUndefined(stream->reader);
}

static bool has_reader(const xhr__readable_stream *stream, const xhr__interface *interface) {
  const xhr__readable_stream_reader *reader = xhr__opaque(stream->reader);
  return reader && reader->object.interface == interface;
}

/* https://streams.spec.whatwg.org/#readable-stream-has-default-reader */
bool xhr__readable_stream_has_default_reader(const xhr__readable_stream *stream) {
  return has_reader(stream, &xhr__readable_stream_default_reader_interface);
}

/* https://streams.spec.whatwg.org/#readable-stream-has-byob-reader */
bool xhr__readable_stream_has_byob_reader(const xhr__readable_stream *stream) {
  return has_reader(stream, &xhr__readable_stream_byob_reader_interface);
}

/* https://streams.spec.whatwg.org/#readable-stream-get-num-read-requests and
 * https://streams.spec.whatwg.org/#readable-stream-get-num-read-into-requests */
bool xhr__readable_stream_has_requests(const xhr__readable_stream *stream) {
  const xhr__readable_stream_reader *reader = xhr__opaque(stream->reader);
  return reader && !xhr__list_empty(&reader->read_requests);
}

/* https://streams.spec.whatwg.org/#readable-stream-add-read-request and
 * https://streams.spec.whatwg.org/#readable-stream-add-read-into-request */
void xhr__readable_stream_add_read_request(xhr__readable_stream *stream,
                                           xhr__read_request *request) {
  xhr__readable_stream_reader *reader = xhr__opaque(stream->reader);
  xhr__list_append(&reader->read_requests, &request->node);
}

/* https://streams.spec.whatwg.org/#readable-stream-fulfill-read-request and
 * https://streams.spec.whatwg.org/#readable-stream-fulfill-read-into-request */
void xhr__readable_stream_fulfill_read_request(xhr__realm *realm, xhr__readable_stream *stream,
                                               JSValueConst chunk, bool done) {
  /* 1. - 5. */
  xhr__readable_stream_reader *reader = xhr__opaque(stream->reader);
  xhr__list *node = reader ? xhr__list_take_first(&reader->read_requests) : NULL;
  /* NOTE: script that an earlier fulfillment ran may have released the reader. */
  if (!node)
    return;
  xhr__read_request *request = XHR__OWNER(node, xhr__read_request, node);
  /* 6. - 7. */
  if (done)
    xhr__read_request_close(realm, request, chunk);
  else
    xhr__read_request_chunk(realm, request, chunk);
}

/* Performs the close steps of all of a reader's requests, which it has no more then. */
static void close_requests(xhr__realm *realm, xhr__readable_stream_reader *reader) {
  xhr__list requests, *node;
  xhr__list_init(&requests);
  xhr__list_splice(&requests, &reader->read_requests);
  while ((node = xhr__list_take_first(&requests)))
    xhr__read_request_close(realm, XHR__OWNER(node, xhr__read_request, node), JS_UNDEFINED);
}

static JSValue return_undefined(JSContext *js, JSValueConst this_value, int argc,
                                JSValueConst *argv, int magic, JSValue *data) {
  (void)js, (void)this_value, (void)argc, (void)argv, (void)magic, (void)data;
  return JS_UNDEFINED;
}

/* https://streams.spec.whatwg.org/#readable-stream-cancel */
JSValue xhr__readable_stream_cancel(xhr__realm *realm, xhr__readable_stream *stream,
                                    JSValueConst reason) {
  JSContext *js = realm->js;
  xhr__readable_stream_controller *controller = xhr__stream_controller(stream);
  /* 1. */
  stream->disturbed = true;
  /* 2. - 3. */
  if (stream->state == XHR__STREAM_CLOSED)
    return xhr__promise_resolved_with(realm, JS_UNDEFINED);
  if (stream->state == XHR__STREAM_ERRORED)
    return xhr__promise_rejected_with(realm, JS_DupValue(js, stream->stored_error));
  /* 4. */
  xhr__readable_stream_close(realm, stream);
  /* 5. - 6. */
  if (xhr__readable_stream_has_byob_reader(stream))
    close_requests(realm, xhr__opaque(stream->reader));
  /* 7. */
  JSValue promise = controller->type->cancel_steps(realm, controller, reason);
  if (JS_IsUndefined(promise))
    promise = xhr__promise_resolved_with(realm, JS_UNDEFINED);
  if (JS_IsException(promise))
    return promise;
  /* 8. */
  JSValue result = xhr__promise_react(realm, promise, return_undefined, NULL, 0, NULL);
  JS_FreeValue(js, promise);
  return result;
}

/* https://streams.spec.whatwg.org/#readable-stream-close */
void xhr__readable_stream_close(xhr__realm *realm, xhr__readable_stream *stream) {
  /* 1. - 4. */
  stream->state = XHR__STREAM_CLOSED;
  if (!xhr__is_readable_stream_locked(stream))
    return;
  /* Script that runs below may release it. */
  JSValue kept = JS_DupValue(realm->js, stream->reader);
  xhr__readable_stream_reader *reader = xhr__opaque(kept);
  /* 5. */
  xhr__promise_resolve(realm, &reader->closed_promise, JS_UNDEFINED);
  /* 6. */
  if (reader->object.interface == &xhr__readable_stream_default_reader_interface)
    close_requests(realm, reader);
  JS_FreeValue(realm->js, kept);
}

/* https://streams.spec.whatwg.org/#readable-stream-error */
void xhr__readable_stream_error(xhr__realm *realm, xhr__readable_stream *stream,
                                JSValueConst reason) {
  /* 1. - 5. */
  stream->state = XHR__STREAM_ERRORED;
  stream->stored_error = JS_DupValue(realm->js, reason);
  if (!xhr__is_readable_stream_locked(stream))
    return;
  JSValue kept = JS_DupValue(realm->js, stream->reader);
  xhr__readable_stream_reader *reader = xhr__opaque(kept);
  /* 6. - 7. */
  xhr__promise_reject(realm, &reader->closed_promise, reason);
  xhr__promise_set_is_handled(realm, reader->closed_promise.value);
  /* 8. - 9. */
  xhr__readable_stream_reader_error_requests(realm, reader, reason);
  JS_FreeValue(realm->js, kept);
}

/* ---- members ---------------------------------------------------------------------------------------------------- */

/* https://streams.spec.whatwg.org/#rs-from */
static JSValue from(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                    JSValueConst *argv) {
  (void)self, (void)this_value, (void)argc;
  return xhr__readable_stream_from_iterable(realm, argv[0]);
}

/* https://streams.spec.whatwg.org/#rs-locked */
static JSValue get_locked(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewBool(realm->js, xhr__is_readable_stream_locked(self));
}

/* https://streams.spec.whatwg.org/#rs-cancel */
static JSValue cancel(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                      JSValueConst *argv) {
  (void)this_value;
  /* 1. */
  if (xhr__is_readable_stream_locked(self))
    return JS_ThrowTypeError(realm->js, "cancel: the stream is locked");
  /* 2. */
  return xhr__readable_stream_cancel(realm, self, argc > 0 ? argv[0] : JS_UNDEFINED);
}

/* https://streams.spec.whatwg.org/#dictdef-readablestreamgetreaderoptions: whether `mode` exists. False where it threw. */
static bool read_mode(xhr__realm *realm, JSValueConst options, bool *exists) {
  JSValue member;
  xhr__bytes mode = {0};
  if (!xhr__dictionary_get(realm, options, "mode", &member))
    return false;
  *exists = !JS_IsUndefined(member);
  bool good = !*exists || xhr__to_dom_string(realm, member, &mode);
  JS_FreeValue(realm->js, member);
  if (good && *exists && !xhr__str_equals(xhr__bytes_str(&mode), XHR__STR("byob"))) {
    JS_ThrowTypeError(realm->js, "getReader: mode is not 'byob'");
    good = false;
  }
  xhr__bytes_free(&mode);
  return good;
}

/* https://streams.spec.whatwg.org/#rs-get-reader */
static JSValue get_reader(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                          JSValueConst *argv) {
  bool byob;
  (void)this_value;
  if (!read_mode(realm, argc > 0 ? argv[0] : JS_UNDEFINED, &byob))
    return JS_EXCEPTION;
  /* 1. */
  if (!byob)
    return xhr__acquire_readable_stream_default_reader(realm, self);
  /* 2. - 3. */
  return xhr__acquire_readable_stream_byob_reader(realm, self);
}

/* https://streams.spec.whatwg.org/#rs-tee and https://streams.spec.whatwg.org/#readable-stream-tee */
static JSValue tee(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                   JSValueConst *argv) {
  (void)this_value, (void)argc, (void)argv;
  /* 1. - 3. */
  if (xhr__stream_controller(self)->object.interface ==
      &xhr__readable_byte_stream_controller_interface)
    return xhr__readable_byte_stream_tee(realm, self);
  /* 4. NOTE: cloneForBranch2 is false; nobody here asks for anything else. */
  return xhr__readable_stream_default_tee(realm, self);
}

/* https://webidl.spec.whatwg.org/#js-asynchronous-iterable, of https://streams.spec.whatwg.org/#rs-asynciterator */
static JSValue values(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                      JSValueConst *argv) {
  bool prevent_cancel = false;
  (void)this_value;
  if (!xhr__dictionary_get_boolean(realm, argc > 0 ? argv[0] : JS_UNDEFINED, "preventCancel",
                                   &prevent_cancel))
    return JS_EXCEPTION;
  return xhr__readable_stream_iterate(realm, self, prevent_cancel);
}

static const xhr__member members[] = {
    XHR__DEFINE_STATIC("from", 1, from),      XHR__DEFINE_READONLY("locked", get_locked),
    XHR__DEFINE_PROMISE("cancel", 0, cancel), XHR__DEFINE_OPERATION("getReader", 0, get_reader),
    XHR__DEFINE_OPERATION("tee", 0, tee),     XHR__DEFINE_OPERATION("values", 0, values),
    XHR__DEFINE_ASYNC_ITERATOR("values"),
};

const xhr__interface xhr__readable_stream_interface = {
    .name = "ReadableStream",
    .construct = construct,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = finalize,
    .mark = mark,
};
