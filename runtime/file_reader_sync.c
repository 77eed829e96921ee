/* https://w3c.github.io/FileAPI/#FileReaderSync */
#include "infra/alloc.h"
#include "runtime/blob_binding.h"
#include "runtime/blob_reader.h"
#include "runtime/convert.h"
#include "runtime/file_reader.h"
#include "runtime/package_data.h"
#include "runtime/shared_memory.h"

static void finalize(JSRuntime *runtime, void *object) {
  (void)runtime;
  xhr__free(object);
}

/* https://w3c.github.io/FileAPI/#filereadersyncConstrctr */
static JSValue construct(xhr__realm *realm, JSValueConst new_target, int argc, JSValueConst *argv) {
  (void)argc, (void)argv;
  xhr__platform_object *self = XHR__NEW(xhr__platform_object);
  if (!self)
    return JS_ThrowOutOfMemory(realm->js);
  return xhr__platform_object_new(realm, &xhr__file_reader_sync_interface, new_target, self);
}

/* Step 6., or 5.1. of readAsText. */
static JSValue read_error(xhr__realm *realm, xhr_status status) {
  return JS_Throw(realm->js, xhr__blob_read_error(realm, status));
}

/* The four methods' steps, with the bytes. `copy`: memory of their own, taken over; NULL: they are the Blob's. */
static JSValue package_bytes(xhr__realm *realm, xhr__str bytes, char *copy, xhr__package_type type,
                             const xhr__blob *blob, xhr__str encoding_name) {
  if (type == XHR__PACKAGE_ARRAY_BUFFER && copy) {
    JSValue value = xhr__array_buffer_new(realm->js, copy, bytes.len, xhr__free, copy);
    if (JS_IsException(value))
      xhr__free(copy);
    return value;
  }
  JSValue value =
      type == XHR__PACKAGE_ARRAY_BUFFER
          ? JS_NewArrayBufferCopy(realm->js, (const uint8_t *)bytes.data, bytes.len)
          : xhr__package_data(realm, bytes, type, xhr__bytes_str(&blob->type), encoding_name);
  xhr__free(copy);
  return value;
}

/* Steps 1. to 4. and what follows: reads the Blob while the thread waits. */
static JSValue read_blob(xhr__realm *realm, xhr__blob *blob, xhr__package_type type,
                         xhr__str encoding_name) {
  xhr__str bytes;
  uint64_t size = xhr__blob_size(blob);
  if (size > XHR__LONGEST_BUFFER)
    return read_error(realm, XHR_LIMIT);
  if (xhr__segments_bytes(blob->segments, &bytes))
    return package_bytes(realm, bytes, NULL, type, blob, encoding_name);
  char *copy = xhr__malloc((size_t)size);
  xhr_status status =
      copy ? xhr__segments_read(blob->segments, 0, copy, (size_t)size) : XHR_OUT_OF_MEMORY;
  if (status != XHR_OK) {
    xhr__free(copy);
    return read_error(realm, status);
  }
  return package_bytes(realm, xhr__str_of(copy, (size_t)size), copy, type, blob, encoding_name);
}

static JSValue read_as(xhr__realm *realm, int argc, JSValueConst *argv, xhr__package_type type) {
  xhr__bytes encoding_name = {0};
  JSValue value = JS_EXCEPTION;
  xhr__blob *blob = xhr__blob_of(argv[0]);
  if (!blob)
    return JS_ThrowTypeError(realm->js, "FileReaderSync reads Blobs only");
  if (type != XHR__PACKAGE_TEXT || argc < 2 || JS_IsUndefined(argv[1]) ||
      xhr__to_dom_string(realm, argv[1], &encoding_name)) {
    value = read_blob(realm, blob, type, xhr__bytes_str(&encoding_name));
  }
  xhr__bytes_free(&encoding_name);
  return value;
}

#define READ_METHOD(name, type)                                                                    \
  static JSValue name(xhr__realm *realm, void *self, JSValueConst this_value, int argc,            \
                      JSValueConst *argv) {                                                        \
    (void)self, (void)this_value;                                                                  \
    return read_as(realm, argc, argv, type);                                                       \
  }
/* https://w3c.github.io/FileAPI/#readAsArrayBufferSyncSection */
READ_METHOD(read_as_array_buffer, XHR__PACKAGE_ARRAY_BUFFER)
/* https://w3c.github.io/FileAPI/#readAsBinaryStringSyncSection */
READ_METHOD(read_as_binary_string, XHR__PACKAGE_BINARY_STRING)
/* https://w3c.github.io/FileAPI/#readAsTextSync */
READ_METHOD(read_as_text, XHR__PACKAGE_TEXT)
/* https://w3c.github.io/FileAPI/#readAsDataURLSync-section */
READ_METHOD(read_as_data_url, XHR__PACKAGE_DATA_URL)
#undef READ_METHOD

static const xhr__member members[] = {
    XHR__DEFINE_OPERATION("readAsArrayBuffer", 1, read_as_array_buffer),
    XHR__DEFINE_OPERATION("readAsBinaryString", 1, read_as_binary_string),
    XHR__DEFINE_OPERATION("readAsText", 1, read_as_text),
    XHR__DEFINE_OPERATION("readAsDataURL", 1, read_as_data_url),
};

const xhr__interface xhr__file_reader_sync_interface = {
    .name = "FileReaderSync",
    .exposed = XHR__EXPOSED_WORKER,
    .construct = construct,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = finalize,
};
