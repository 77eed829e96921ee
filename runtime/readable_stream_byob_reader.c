/* https://streams.spec.whatwg.org/#byob-reader-class: ReadableStreamBYOBReader */
#include "runtime/convert.h"
#include "runtime/readable_byte_stream.h"

/* https://streams.spec.whatwg.org/#set-up-readable-stream-byob-reader, of a new object. */
static JSValue set_up(xhr__realm *realm, JSValueConst new_target, xhr__readable_stream *stream) {
  /* 1. */
  if (xhr__is_readable_stream_locked(stream))
    return JS_ThrowTypeError(realm->js, "ReadableStreamBYOBReader: the stream is locked");
  /* 2. */
  if (xhr__stream_controller(stream)->object.interface !=
      &xhr__readable_byte_stream_controller_interface)
    return JS_ThrowTypeError(realm->js, "ReadableStreamBYOBReader: this is no stream of bytes");
  /* 3. - 4. */
  return xhr__readable_stream_reader_new(realm, &xhr__readable_stream_byob_reader_interface,
                                         new_target, stream);
}

/* https://streams.spec.whatwg.org/#acquire-readable-stream-byob-reader */
JSValue xhr__acquire_readable_stream_byob_reader(xhr__realm *realm, xhr__readable_stream *stream) {
  return set_up(realm, JS_UNDEFINED, stream);
}

/* https://streams.spec.whatwg.org/#byob-reader-constructor */
static JSValue construct(xhr__realm *realm, JSValueConst new_target, int argc, JSValueConst *argv) {
  (void)argc;
  xhr__readable_stream *stream = xhr__platform_object_of(argv[0], &xhr__readable_stream_interface);
  if (!stream)
    return JS_ThrowTypeError(realm->js, "new ReadableStreamBYOBReader: no ReadableStream");
  return set_up(realm, new_target, stream);
}

/* https://streams.spec.whatwg.org/#readable-stream-byob-reader-read */
void xhr__readable_stream_byob_reader_read(xhr__realm *realm, xhr__readable_stream_reader *reader,
                                           JSValueConst view, uint64_t min,
                                           xhr__read_request *request) {
  /* 1. - 2. */
  JSValue kept = JS_DupValue(realm->js, reader->stream);
  xhr__readable_stream *stream = xhr__opaque(kept);
  /* 3. */
  stream->disturbed = true;
  /* 4. - 5. */
  if (stream->state == XHR__STREAM_ERRORED)
    xhr__read_request_error(realm, request, stream->stored_error);
  else
    xhr__byte_controller_pull_into(realm, (xhr__byte_controller *)xhr__stream_controller(stream),
                                   view, min, request);
  JS_FreeValue(realm->js, kept);
}

/* https://streams.spec.whatwg.org/#dictdef-readablestreambyobreaderreadoptions */
static bool read_min(xhr__realm *realm, JSValueConst options, uint64_t *min) {
  JSValue member;
  *min = 1;
  if (!xhr__dictionary_get(realm, options, "min", &member))
    return false;
  bool good = JS_IsUndefined(member) || xhr__enforce_range_unsigned_long_long(realm, member, min);
  JS_FreeValue(realm->js, member);
  return good;
}

/* https://streams.spec.whatwg.org/#byob-reader-read, steps 1. to 7. Throws. */
static bool check(xhr__realm *realm, const xhr__readable_stream_reader *reader,
                  const xhr__array_buffer_view *view, uint64_t min) {
  JSContext *js = realm->js;
  /* 1. - 3. */
  if (view->byte_length == 0 || view->buffer_byte_length == 0 || view->is_detached)
    JS_ThrowTypeError(js, "read: the view or its buffer is empty or detached");
  /* 4. */
  else if (min == 0)
    JS_ThrowTypeError(js, "read: min is 0");
  /* 5. - 6. */
  else if (min > view->byte_length / view->element_size)
    JS_ThrowRangeError(js, "read: min is more than the view has room for");
  /* 7. */
  else if (JS_IsUndefined(reader->stream))
    JS_ThrowTypeError(js, "read: the reader has been released");
  else
    return true;
  return false;
}

/* https://streams.spec.whatwg.org/#byob-reader-read */
static JSValue read(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                    JSValueConst *argv) {
  xhr__array_buffer_view view;
  uint64_t min;
  JSValue promise;
  (void)this_value;
  if (!xhr__array_buffer_view_read(realm, argv[0], "read", &view))
    return JS_EXCEPTION;
  JS_FreeValue(realm->js, view.buffer);
  if (!read_min(realm, argc > 1 ? argv[1] : JS_UNDEFINED, &min) ||
      /* That may have detached it. */
      !xhr__array_buffer_view_read(realm, argv[0], "read", &view))
    return JS_EXCEPTION;
  JS_FreeValue(realm->js, view.buffer);
  /* 1. - 7. */
  if (!check(realm, self, &view, min))
    return JS_EXCEPTION;
  /* 8. - 9. */
  xhr__read_request *request = xhr__read_request_new_promise(realm, &promise);
  if (!request)
    return JS_EXCEPTION;
  /* 10. - 11. */
  xhr__readable_stream_byob_reader_read(realm, self, argv[0], min, request);
  return promise;
}

static const xhr__mixin *const mixins[] = {&xhr__readable_stream_generic_reader_mixin, NULL};
static const xhr__member members[] = {
    XHR__DEFINE_PROMISE("read", 1, read),
};

const xhr__interface xhr__readable_stream_byob_reader_interface = {
    .name = "ReadableStreamBYOBReader",
    .construct = construct,
    .construct_length = 1,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .includes = mixins,
    .finalize = xhr__readable_stream_reader_finalize,
    .mark = xhr__readable_stream_reader_mark,
};
