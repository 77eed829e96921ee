#include "runtime/blob_binding.h"
#include "runtime/blob_parts.h"
#include "runtime/blob_reader.h"
#include "runtime/convert.h"
#include "runtime/promise.h"

#include "encoding/decode.h"
#include "infra/alloc.h"

typedef struct js_blob {
  xhr__platform_object object;
  xhr__blob *blob;
} js_blob;

static xhr__blob *blob_of(void *self) {
  return ((js_blob *)self)->blob;
}

void xhr__blob_finalize(JSRuntime *runtime, void *object) {
  js_blob *self = object;
  (void)runtime;
  xhr__blob_unref(self->blob);
  xhr__free(self);
}

xhr__blob *xhr__blob_of(JSValueConst value) {
  js_blob *self = xhr__platform_object_of(value, &xhr__blob_interface);
  return self ? self->blob : NULL;
}

/* ---- making ---------------------------------------------------------------------------------------------------- */

JSValue xhr__blob_value_for(xhr__realm *realm, JSValueConst new_target, xhr__blob *blob) {
  js_blob *self = XHR__NEW(js_blob);
  if (!self)
    return JS_ThrowOutOfMemory(realm->js);
  self->blob = xhr__blob_ref(blob);
  const xhr__interface *interface =
      xhr__file_of_blob(blob) ? &xhr__file_interface : &xhr__blob_interface;
  return xhr__platform_object_new(realm, interface, new_target, self);
}

JSValue xhr__blob_value(xhr__realm *realm, xhr__blob *blob) {
  return xhr__blob_value_for(realm, JS_UNDEFINED, blob);
}

/* The value of a new Blob whose only reference is `blob`; what making it came to otherwise is thrown. */
static JSValue new_value(xhr__realm *realm, JSValueConst new_target, xhr_status status,
                         xhr__blob *blob) {
  if (status != XHR_OK)
    return xhr__throw_status(realm, status, "Blob");
  JSValue value = xhr__blob_value_for(realm, new_target, blob);
  xhr__blob_unref(blob);
  return value;
}

/* https://w3c.github.io/FileAPI/#blob-section and #file-section: serialization steps. The bytes, the type, and of a File name
 * and time are shared, as nothing of them ever changes. */
static void release_blob(void *pointer) {
  xhr__blob_unref(pointer);
}

static bool serialize(xhr__serializer *serializer, void *self, JSValueConst value) {
  (void)value;
  return xhr__write_item(serializer, xhr__blob_ref(blob_of(self)), 0, release_blob);
}

/* Deserialization steps. */
static JSValue deserialize(xhr__deserializer *deserializer) {
  return xhr__blob_value(xhr__deserializer_realm(deserializer),
                         xhr__read_item(deserializer)->pointer);
}

const xhr__serializable xhr__blob_serializable = {&xhr__blob_interface, serialize, deserialize};
const xhr__serializable xhr__file_serializable = {&xhr__file_interface, serialize, deserialize};

static void release_buffer(void *user) {
  xhr__body_buffer_unref(user);
}

JSValue xhr__blob_value_of_buffer(xhr__realm *realm, xhr__body_buffer *buffer, size_t len,
                                  xhr__str type) {
  xhr__blob *blob = NULL;
  xhr__segments *segments;
  xhr__str bytes = xhr__body_buffer_bytes(buffer, len);
  xhr_status status =
      xhr__segments_new_borrowed(bytes, release_buffer, xhr__body_buffer_ref(buffer), &segments);
  if (status == XHR_OK) {
    status = xhr__blob_new(segments, XHR__STR_EMPTY, &blob);
    xhr__segments_unref(segments);
  }
  /* As it is: only what a script says of its Blobs is normalised. */
  if (status == XHR_OK)
    status = xhr__bytes_assign(&blob->type, type);
  if (status != XHR_OK)
    xhr__blob_unref(blob);
  return new_value(realm, JS_UNDEFINED, status, blob);
}

/* https://w3c.github.io/FileAPI/#constructorBlob */
static JSValue construct(xhr__realm *realm, JSValueConst new_target, int argc, JSValueConst *argv) {
  xhr__blob_parts parts = {0};
  xhr__blob_options options = {0};
  xhr__segments *segments;
  xhr__blob *blob = NULL;
  JSValue value = JS_EXCEPTION;
  /* 1. no parts */
  bool done = (argc < 1 || JS_IsUndefined(argv[0]) ||
               xhr__blob_parts_read(realm, argv[0], "Blob's first argument", &parts)) &&
              (argc < 2 || xhr__blob_options_read(realm, argv[1], &options));
  /* 2. */
  if (done && xhr__blob_parts_process(realm, &parts, options.native_endings, &segments)) {
    /* 3. - 4. */
    xhr_status status = xhr__blob_new(segments, xhr__bytes_str(&options.type), &blob);
    xhr__segments_unref(segments);
    value = new_value(realm, new_target, status, blob);
  }
  xhr__blob_parts_free(realm, &parts);
  xhr__bytes_free(&options.type);
  return value;
}

/* ---- attributes and slice --------------------------------------------------------------------------------------- */

static JSValue get_size(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewInt64(realm->js, (int64_t)xhr__blob_size(blob_of(self)));
}

static JSValue get_type(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_usv_string(realm, xhr__bytes_str(&blob_of(self)->type));
}

/* https://w3c.github.io/FileAPI/#slice-method-algo */
static JSValue slice(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                     JSValueConst *argv) {
  xhr__blob *blob = blob_of(self), *part = NULL;
  xhr__bytes type = {0};
  JSValue value = JS_EXCEPTION;
  int64_t start = 0, end = (int64_t)xhr__blob_size(blob);
  (void)this_value;
  /* 1. - 4. */
  if ((argc < 1 || JS_IsUndefined(argv[0]) || xhr__to_long_long(realm, argv[0], &start, true)) &&
      (argc < 2 || JS_IsUndefined(argv[1]) || xhr__to_long_long(realm, argv[1], &end, true)) &&
      (argc < 3 || JS_IsUndefined(argv[2]) || xhr__to_dom_string(realm, argv[2], &type))) {
    /* 5. */
    xhr_status status = xhr__blob_slice(blob, start, end, xhr__bytes_str(&type), &part);
    value = new_value(realm, JS_UNDEFINED, status, part);
  }
  xhr__bytes_free(&type);
  return value;
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

/* What a promise's value is made of the bytes. */
typedef JSValue package(xhr__blob_read *read, xhr__realm *realm);

/* A promise that waits for a Blob's bytes. */
typedef struct reading {
  xhr__realm *realm;
  package *package;
  xhr__promise promise;
} reading;

static void free_reading(void *user) {
  reading *self = user;
  xhr__promise_free(JS_GetRuntime(self->realm->js), &self->promise);
  xhr__free(self);
}

/* Resolves with `value`, or rejects with the exception where it is one; takes over both. */
static void settle(reading *self, JSValue value) {
  xhr__realm *realm = self->realm;
  JSContext *js = realm->js;
  bool good = !JS_IsException(value);
  if (!good)
    value = JS_GetException(js);
  JSValue function = JS_DupValue(js, good ? self->promise.resolve : self->promise.reject);
  free_reading(self);
  JSValueConst argument = value;
  (void)xhr__realm_call(realm, function, JS_UNDEFINED, 1, &argument, NULL);
  JS_FreeValue(js, function);
  JS_FreeValue(js, value);
}

static void done_reading(xhr__blob_read *read, xhr_status status, void *user) {
  reading *self = user;
  settle(self, status == XHR_OK
                   ? self->package(read, self->realm)
                   : JS_Throw(self->realm->js, xhr__blob_read_error(self->realm, status)));
}

static const xhr__blob_read_client promise_client = {.done = done_reading, .dropped = free_reading};

/* A promise for the packaged bytes. */
static JSValue read_all(xhr__realm *realm, xhr__blob *blob, package *how) {
  JSContext *js = realm->js;
  xhr__blob_read *read;
  reading *self = XHR__NEW(reading);
  if (!self)
    return JS_ThrowOutOfMemory(js);
  if (!xhr__promise_new(realm, &self->promise)) {
    xhr__free(self);
    return JS_EXCEPTION;
  }
  self->realm = realm;
  self->package = how;
  JSValue promise = JS_DupValue(js, self->promise.value);
  xhr_status status = xhr__blob_read_start(realm, blob, &promise_client, self, &read);
  if (status != XHR_OK)
    settle(self, JS_Throw(js, xhr__blob_read_error(realm, status)));
  return promise;
}

static JSValue package_text(xhr__blob_read *read, xhr__realm *realm) {
  xhr__bytes text = {0};
  xhr_status status = xhr__utf_8_decode(xhr__blob_read_bytes(read), &text);
  JSValue value = status == XHR_OK ? xhr__from_usv_string(realm, xhr__bytes_str(&text))
                                   : JS_ThrowOutOfMemory(realm->js);
  xhr__bytes_free(&text);
  return value;
}

static JSValue package_array_buffer(xhr__blob_read *read, xhr__realm *realm) {
  (void)realm;
  return xhr__blob_read_array_buffer(read);
}

static JSValue package_bytes(xhr__blob_read *read, xhr__realm *realm) {
  JSValue buffer = xhr__blob_read_array_buffer(read);
  if (JS_IsException(buffer))
    return buffer;
  JSValueConst arguments[3] = {buffer, JS_UNDEFINED, JS_UNDEFINED};
  JSValue bytes = JS_NewTypedArray(realm->js, 3, arguments, JS_TYPED_ARRAY_UINT8);
  JS_FreeValue(realm->js, buffer);
  return bytes;
}

/* https://w3c.github.io/FileAPI/#text-method-algo */
static JSValue text(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                    JSValueConst *argv) {
  (void)this_value, (void)argc, (void)argv;
  return read_all(realm, blob_of(self), package_text);
}

/* https://w3c.github.io/FileAPI/#arraybuffer-method-algo */
static JSValue array_buffer(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                            JSValueConst *argv) {
  (void)this_value, (void)argc, (void)argv;
  return read_all(realm, blob_of(self), package_array_buffer);
}

/* https://w3c.github.io/FileAPI/#bytes-method-algo */
static JSValue bytes(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                     JSValueConst *argv) {
  (void)this_value, (void)argc, (void)argv;
  return read_all(realm, blob_of(self), package_bytes);
}

/* https://w3c.github.io/FileAPI/#stream-method-algo */
static JSValue stream(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                      JSValueConst *argv) {
  (void)this_value, (void)argc, (void)argv;
  return xhr__blob_get_stream(realm, blob_of(self));
}

static const xhr__member members[] = {
    XHR__DEFINE_READONLY("size", get_size),   XHR__DEFINE_READONLY("type", get_type),
    XHR__DEFINE_OPERATION("slice", 0, slice), XHR__DEFINE_OPERATION("stream", 0, stream),
    XHR__DEFINE_PROMISE("text", 0, text),     XHR__DEFINE_PROMISE("arrayBuffer", 0, array_buffer),
    XHR__DEFINE_PROMISE("bytes", 0, bytes),
};

const xhr__interface xhr__blob_interface = {
    .name = "Blob",
    .construct = construct,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = xhr__blob_finalize,
};
