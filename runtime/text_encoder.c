/* https://encoding.spec.whatwg.org/#interface-textencoder */
#include "runtime/convert.h"
#include "runtime/text_encoding.h"

/* It has no state. */
typedef struct text_encoder {
  xhr__platform_object object;
} text_encoder;

static void finalize(JSRuntime *runtime, void *object) {
  (void)runtime;
  xhr__free(object);
}

/* https://encoding.spec.whatwg.org/#dom-textencoder */
static JSValue construct(xhr__realm *realm, JSValueConst new_target, int argc, JSValueConst *argv) {
  text_encoder *self = XHR__NEW(text_encoder);
  (void)argc, (void)argv;
  if (!self)
    return JS_ThrowOutOfMemory(realm->js);
  return xhr__platform_object_new(realm, &xhr__text_encoder_interface, new_target, self);
}

/* https://encoding.spec.whatwg.org/#dom-textencoder-encoding */
static JSValue get_encoding(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)self, (void)this_value;
  return JS_NewString(realm->js, "utf-8");
}

static void free_bytes(JSRuntime *runtime, void *opaque, void *data) {
  (void)runtime, (void)opaque;
  xhr__free(data);
}

/* A Uint8Array on a buffer that takes the bytes over. */
static JSValue new_uint8_array(JSContext *js, xhr__bytes *bytes) {
  JSValue buffer;
  if (bytes->data) {
    buffer = JS_NewArrayBuffer(js, (uint8_t *)bytes->data, bytes->len, free_bytes, NULL, false);
    if (!JS_IsException(buffer))
      *bytes = (xhr__bytes){0};
  } else {
    buffer = JS_NewArrayBufferCopy(js, NULL, 0);
  }
  if (JS_IsException(buffer))
    return buffer;
  /* The engine looks at all three, whatever the number says. */
  JSValueConst arguments[] = {buffer, JS_UNDEFINED, JS_UNDEFINED};
  JSValue array = JS_NewTypedArray(js, 3, arguments, JS_TYPED_ARRAY_UINT8);
  JS_FreeValue(js, buffer);
  return array;
}

/* https://encoding.spec.whatwg.org/#dom-textencoder-encode */
static JSValue encode(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                      JSValueConst *argv) {
  xhr__bytes bytes = {0};
  (void)self, (void)this_value;
  bool has_input = argc > 0 && !JS_IsUndefined(argv[0]);
  JSValue array = JS_EXCEPTION;
  if (!has_input || xhr__to_usv_string(realm, argv[0], &bytes))
    array = new_uint8_array(realm->js, &bytes);
  xhr__bytes_free(&bytes);
  return array;
}

/* How many bytes of the text fit, whole characters all of them, and how many code units these are. */
static size_t fit(xhr__str text, size_t room, size_t *units) {
  size_t i = 0;
  *units = 0;
  while (i < text.len) {
    uint8_t byte = xhr__str_at(text, i);
    size_t len = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
    if (len > room - i)
      break;
    *units += len == 4 ? 2 : 1;
    i += len;
  }
  return i;
}

/* TextEncoderEncodeIntoResult */
static JSValue new_result(JSContext *js, size_t read, size_t written) {
  JSValue result = JS_NewObject(js);
  if (JS_IsException(result))
    return result;
  if (JS_DefinePropertyValueStr(js, result, "read", JS_NewInt64(js, (int64_t)read),
                                JS_PROP_C_W_E) >= 0 &&
      JS_DefinePropertyValueStr(js, result, "written", JS_NewInt64(js, (int64_t)written),
                                JS_PROP_C_W_E) >= 0)
    return result;
  JS_FreeValue(js, result);
  return JS_EXCEPTION;
}

/* https://encoding.spec.whatwg.org/#dom-textencoder-encodeinto */
static JSValue encode_into(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                           JSValueConst *argv) {
  xhr__bytes source = {0};
  xhr__str destination = XHR__STR_EMPTY;
  (void)self, (void)this_value, (void)argc;
  JSClassID uint8_array = realm->buffer_classes.first_typed_array + JS_TYPED_ARRAY_UINT8;
  if (!xhr__to_usv_string(realm, argv[0], &source))
    return JS_EXCEPTION;
  if (!JS_IsObject(argv[1]) || JS_GetClassID(argv[1]) != uint8_array) {
    xhr__bytes_free(&source);
    return JS_ThrowTypeError(realm->js, "encodeInto: the destination is no Uint8Array");
  }
  /* 1 to 6. */
  (void)xhr__buffer_source_bytes(realm, argv[1], &destination);
  size_t read, written = fit(xhr__bytes_str(&source), destination.len, &read);
  if (written > 0)
    memcpy((char *)destination.data, source.data, written);
  xhr__bytes_free(&source);
  /* 7. */
  return new_result(realm->js, read, written);
}

static const xhr__member members[] = {
    XHR__DEFINE_READONLY("encoding", get_encoding),
    XHR__DEFINE_OPERATION("encode", 0, encode),
    XHR__DEFINE_OPERATION("encodeInto", 2, encode_into),
};

const xhr__interface xhr__text_encoder_interface = {
    .name = "TextEncoder",
    .construct = construct,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = finalize,
};
