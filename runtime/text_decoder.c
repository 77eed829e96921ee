/* https://encoding.spec.whatwg.org/#interface-textdecoder */
#include "encoding/decoder.h"
#include "runtime/convert.h"
#include "runtime/text_encoding.h"

typedef struct text_decoder {
  xhr__platform_object object;
  xhr__encoding encoding;
  bool fatal, ignore_bom;
  bool do_not_flush;
  xhr__decoder decoder; /* with "BOM seen" and the I/O queue */
} text_decoder;

static void finalize(JSRuntime *runtime, void *object) {
  (void)runtime;
  xhr__free(object);
}

/* Steps 1 to 2 of the constructor. */
static bool read_label(xhr__realm *realm, int argc, JSValueConst *argv, xhr__encoding *encoding) {
  xhr__bytes label = {0};
  *encoding = XHR__ENCODING_UTF_8;
  if (argc == 0 || JS_IsUndefined(argv[0]))
    return true;
  if (!xhr__to_dom_string(realm, argv[0], &label))
    return false;
  *encoding = xhr__encoding_get(xhr__bytes_str(&label));
  xhr__bytes_free(&label);
  return true;
}

/* https://encoding.spec.whatwg.org/#dom-textdecoder */
static JSValue construct(xhr__realm *realm, JSValueConst new_target, int argc, JSValueConst *argv) {
  xhr__encoding encoding;
  bool fatal = false, ignore_bom = false;
  JSValueConst options = argc > 1 ? argv[1] : JS_UNDEFINED;
  if (!read_label(realm, argc, argv, &encoding) ||
      !xhr__dictionary_get_boolean(realm, options, "fatal", &fatal) ||
      !xhr__dictionary_get_boolean(realm, options, "ignoreBOM", &ignore_bom))
    return JS_EXCEPTION;
  if (encoding == XHR__ENCODING_NONE || encoding == XHR__ENCODING_REPLACEMENT)
    return JS_ThrowRangeError(realm->js, "new TextDecoder: no encoding has that label");
  text_decoder *self = XHR__NEW(text_decoder);
  if (!self)
    return JS_ThrowOutOfMemory(realm->js);
  /* 3 to 5. */
  self->encoding = encoding;
  self->fatal = fatal;
  self->ignore_bom = ignore_bom;
  return xhr__platform_object_new(realm, &xhr__text_decoder_interface, new_target, self);
}

/* https://encoding.spec.whatwg.org/#dom-textdecoder-encoding */
static JSValue get_encoding(xhr__realm *realm, void *self, JSValueConst this_value) {
  xhr__bytes name = {0};
  (void)this_value;
  xhr_status status =
      xhr__bytes_append_lower(&name, xhr__encoding_name(((text_decoder *)self)->encoding));
  JSValue value = status == XHR_OK ? xhr__from_usv_string(realm, xhr__bytes_str(&name))
                                   : JS_ThrowOutOfMemory(realm->js);
  xhr__bytes_free(&name);
  return value;
}

static JSValue get_fatal(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewBool(realm->js, ((text_decoder *)self)->fatal);
}

static JSValue get_ignore_bom(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewBool(realm->js, ((text_decoder *)self)->ignore_bom);
}

/* Starts anew: step 1 of decode(). */
static void start(text_decoder *self) {
  xhr__decoder_init(&self->decoder, self->encoding,
                    self->ignore_bom ? XHR__BOM_KEEP : XHR__BOM_REMOVE, self->fatal);
}

/* Steps 4 to 5 of decode(). */
static JSValue decode_bytes(xhr__realm *realm, text_decoder *self, xhr__str bytes) {
  xhr__bytes text = {0};
  xhr_status status = xhr__decoder_feed(&self->decoder, bytes, &text);
  if (status == XHR_OK && !self->do_not_flush)
    status = xhr__decoder_finish(&self->decoder, &text);
  JSValue value;
  if (status == XHR_OK) {
    value = xhr__from_usv_string(realm, xhr__bytes_str(&text));
  } else {
    /* The bytes behind the error are not gone on with. */
    start(self);
    value = status == XHR_ENCODING_ERR
                ? JS_ThrowTypeError(realm->js, "decode: the bytes are not valid in the encoding")
                : JS_ThrowOutOfMemory(realm->js);
  }
  xhr__bytes_free(&text);
  return value;
}

/* https://encoding.spec.whatwg.org/#dom-textdecoder-decode */
static JSValue decode(xhr__realm *realm, void *object, JSValueConst this_value, int argc,
                      JSValueConst *argv) {
  text_decoder *self = object;
  xhr__str bytes = XHR__STR_EMPTY;
  bool stream = false, has_input = argc > 0 && !JS_IsUndefined(argv[0]);
  (void)this_value;
  if (has_input && xhr__buffer_kind_of(realm, argv[0]) == XHR__NO_BUFFER)
    return JS_ThrowTypeError(realm->js, "decode: the input is no ArrayBuffer and no view of one");
  if (!xhr__dictionary_get_boolean(realm, argc > 1 ? argv[1] : JS_UNDEFINED, "stream", &stream))
    return JS_EXCEPTION;
  /* 1. */
  if (!self->do_not_flush)
    start(self);
  /* 2. */
  self->do_not_flush = stream;
  /* 3. */
  if (has_input)
    (void)xhr__buffer_source_bytes(realm, argv[0], &bytes);
  return decode_bytes(realm, self, bytes);
}

static const xhr__member members[] = {
    XHR__DEFINE_READONLY("encoding", get_encoding),
    XHR__DEFINE_READONLY("fatal", get_fatal),
    XHR__DEFINE_READONLY("ignoreBOM", get_ignore_bom),
    XHR__DEFINE_OPERATION("decode", 0, decode),
};

const xhr__interface xhr__text_decoder_interface = {
    .name = "TextDecoder",
    .construct = construct,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = finalize,
};
