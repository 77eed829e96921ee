/* https://streams.spec.whatwg.org/#default-reader-class: ReadableStreamDefaultReader */
#include "runtime/readable_stream_internal.h"

/* https://streams.spec.whatwg.org/#set-up-readable-stream-default-reader, of a new object. */
static JSValue set_up(xhr__realm *realm, JSValueConst new_target, xhr__readable_stream *stream) {
  /* 1. - 3. are the same for both kinds. */
  return xhr__readable_stream_reader_new(realm, &xhr__readable_stream_default_reader_interface,
                                         new_target, stream);
}

/* https://streams.spec.whatwg.org/#acquire-readable-stream-reader */
JSValue xhr__acquire_readable_stream_default_reader(xhr__realm *realm,
                                                    xhr__readable_stream *stream) {
  return set_up(realm, JS_UNDEFINED, stream);
}

/* https://streams.spec.whatwg.org/#default-reader-constructor */
static JSValue construct(xhr__realm *realm, JSValueConst new_target, int argc, JSValueConst *argv) {
  (void)argc;
  xhr__readable_stream *stream = xhr__platform_object_of(argv[0], &xhr__readable_stream_interface);
  if (!stream)
    return JS_ThrowTypeError(realm->js, "new ReadableStreamDefaultReader: no ReadableStream");
  return set_up(realm, new_target, stream);
}

/* https://streams.spec.whatwg.org/#readable-stream-default-reader-read */
void xhr__readable_stream_default_reader_read(xhr__realm *realm,
                                              xhr__readable_stream_reader *reader,
                                              xhr__read_request *request) {
  /* 1. - 2. */
  JSValue kept = JS_DupValue(realm->js, reader->stream);
  xhr__readable_stream *stream = xhr__opaque(kept);
  xhr__readable_stream_controller *controller = xhr__stream_controller(stream);
  /* 3. */
  stream->disturbed = true;
  /* 4. - 6. */
  switch (stream->state) {
    case XHR__STREAM_CLOSED: xhr__read_request_close(realm, request, JS_UNDEFINED); break;
    case XHR__STREAM_ERRORED: xhr__read_request_error(realm, request, stream->stored_error); break;
    case XHR__STREAM_READABLE: controller->type->pull_steps(realm, controller, request); break;
  }
  JS_FreeValue(realm->js, kept);
}

/* https://streams.spec.whatwg.org/#default-reader-read */
static JSValue read(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                    JSValueConst *argv) {
  xhr__readable_stream_reader *reader = self;
  JSValue promise;
  (void)this_value, (void)argc, (void)argv;
  /* 1. */
  if (JS_IsUndefined(reader->stream))
    return JS_ThrowTypeError(realm->js, "read: the reader has been released");
  /* 2. - 3. */
  xhr__read_request *request = xhr__read_request_new_promise(realm, &promise);
  if (!request)
    return JS_EXCEPTION;
  /* 4. - 5. */
  xhr__readable_stream_default_reader_read(realm, reader, request);
  return promise;
}

static const xhr__mixin *const mixins[] = {&xhr__readable_stream_generic_reader_mixin, NULL};
static const xhr__member members[] = {
    XHR__DEFINE_PROMISE("read", 0, read),
};

const xhr__interface xhr__readable_stream_default_reader_interface = {
    .name = "ReadableStreamDefaultReader",
    .construct = construct,
    .construct_length = 1,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .includes = mixins,
    .finalize = xhr__readable_stream_reader_finalize,
    .mark = xhr__readable_stream_reader_mark,
};
