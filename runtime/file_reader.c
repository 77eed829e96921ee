#include "runtime/file_reader.h"

#include "infra/alloc.h"
#include "runtime/blob_binding.h"
#include "runtime/blob_reader.h"
#include "runtime/convert.h"
#include "runtime/event.h"
#include "runtime/event_target.h"
#include "runtime/package_data.h"

/* https://w3c.github.io/FileAPI/#filereader-state */
typedef enum state { EMPTY = 0, LOADING = 1, DONE = 2 } state;

typedef struct file_reader {
  xhr__js_event_target target;
  state state;
  JSValue result, error;
  /* Of the read operation; NULL: there is none. */
  xhr__blob_read *read;
  xhr__realm *realm;
  JSValue self; /* keeps the object while it reads */
  xhr__package_type type;
  uint64_t loaded, total;
  xhr__time told; /* when progress was last fired */
  xhr__bytes mime_type;
  xhr__bytes encoding_name;
} file_reader;

static void finalize(JSRuntime *runtime, void *object) {
  file_reader *self = object;
  JS_FreeValueRT(runtime, self->result);
  JS_FreeValueRT(runtime, self->error);
  xhr__bytes_free(&self->mime_type);
  xhr__bytes_free(&self->encoding_name);
  xhr__js_event_target_free(runtime, &self->target);
  xhr__free(self);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  file_reader *self = object;
  JS_MarkValue(runtime, self->result, mark_func);
  JS_MarkValue(runtime, self->error, mark_func);
  xhr__js_event_target_mark(runtime, &self->target, mark_func);
}

/* https://w3c.github.io/FileAPI/#filereaderConstrctr */
static JSValue construct(xhr__realm *realm, JSValueConst new_target, int argc, JSValueConst *argv) {
  (void)argc, (void)argv;
  file_reader *self = XHR__NEW(file_reader);
  if (!self)
    return JS_ThrowOutOfMemory(realm->js);
  self->result = self->error = JS_NULL;
  self->self = JS_UNDEFINED;
  return xhr__platform_object_new(realm, &xhr__file_reader_interface, new_target, self);
}

/* https://w3c.github.io/FileAPI/#blob-package-data: the caller's, or JS_EXCEPTION. */
static JSValue package_data(const file_reader *self, xhr__blob_read *read) {
  if (self->type == XHR__PACKAGE_ARRAY_BUFFER)
    return xhr__blob_read_array_buffer(read);
  return xhr__package_data(self->realm, xhr__blob_read_bytes(read), self->type,
                           xhr__bytes_str(&self->mime_type), xhr__bytes_str(&self->encoding_name));
}

/* ---- the read operation ----------------------------------------------------------------------------------------- */

/* https://w3c.github.io/FileAPI/#fire-a-progress-event; the object must be kept meanwhile. */
static void fire(file_reader *self, JSValueConst value, const char *type) {
  (void)xhr__dispatch_new(self->realm, value,
                          xhr__progress_event_new(self->realm, type, true, (double)self->loaded,
                                                  (double)self->total, NULL));
}

/* Takes over the value. */
static void put(JSContext *js, JSValue *place, JSValue value) {
  JSValue old = *place;
  *place = value;
  JS_FreeValue(js, old);
}

/* Step 10.2. */
static void started(xhr__blob_read *read, void *user) {
  file_reader *self = user;
  JSContext *js = self->realm->js;
  (void)read;
  self->told = xhr__clock_now(&xhr__monotonic_clock);
  JSValue value = JS_DupValue(js, self->self);
  fire(self, value, "loadstart");
  JS_FreeValue(js, value);
}

/* Step 10.4.3.: at most every 50 ms, and once when all of it is there. */
static void progress(xhr__blob_read *read, uint64_t loaded, void *user) {
  file_reader *self = user;
  JSContext *js = self->realm->js;
  xhr__time now = xhr__clock_now(&xhr__monotonic_clock);
  (void)read;
  self->loaded = loaded;
  if (loaded < self->total && now < xhr__time_after_ms(self->told, 50))
    return;
  self->told = now;
  JSValue value = JS_DupValue(js, self->self);
  fire(self, value, "progress");
  JS_FreeValue(js, value);
}

/* Steps 10.5. and 10.6. */
static void done(xhr__blob_read *read, xhr_status status, void *user) {
  file_reader *self = user;
  JSContext *js = self->realm->js;
  JSValue value = self->self, result = JS_EXCEPTION;
  self->self = JS_UNDEFINED;
  self->read = NULL;
  self->state = DONE;
  if (status == XHR_OK) {
    result = package_data(self, read);
    if (JS_IsException(result))
      put(js, &self->error, JS_GetException(js));
    else
      put(js, &self->result, result);
  } else {
    put(js, &self->error, xhr__blob_read_error(self->realm, status));
  }
  fire(self, value, JS_IsException(result) ? "error" : "load");
  if (self->state != LOADING)
    fire(self, value, "loadend");
  JS_FreeValue(js, value);
}

static void dropped(void *user) {
  file_reader *self = user;
  JSValue value = self->self;
  self->self = JS_UNDEFINED;
  self->read = NULL;
  JS_FreeValue(self->realm->js, value);
}

static const xhr__blob_read_client client = {started, progress, done, dropped};

/* https://w3c.github.io/FileAPI/#readOperation; the encoding's name is in its place already. */
static JSValue start(xhr__realm *realm, file_reader *self, JSValueConst this_value, xhr__blob *blob,
                     xhr__package_type type) {
  xhr_status status = xhr__bytes_assign(&self->mime_type, xhr__bytes_str(&blob->type));
  if (status == XHR_OK)
    status = xhr__blob_read_start(realm, blob, &client, self, &self->read);
  if (status != XHR_OK)
    return xhr__throw_status(realm, status, "FileReader");
  self->realm = realm;
  self->self = JS_DupValue(realm->js, this_value);
  self->type = type;
  self->loaded = 0;
  self->total = xhr__blob_size(blob);
  /* 2. - 4. */
  self->state = LOADING;
  put(realm->js, &self->result, JS_NULL);
  put(realm->js, &self->error, JS_NULL);
  /* 5. - 10. are the read's */
  return JS_UNDEFINED;
}

/* The four read methods: conversion, and step 1. of the read operation. */
static JSValue read_as(xhr__realm *realm, file_reader *self, JSValueConst this_value, int argc,
                       JSValueConst *argv, xhr__package_type type) {
  xhr__bytes encoding = {0};
  JSValue value;
  xhr__blob *blob = xhr__blob_of(argv[0]);
  if (!blob)
    return JS_ThrowTypeError(realm->js, "FileReader reads Blobs only");
  if (type == XHR__PACKAGE_TEXT && argc > 1 && !JS_IsUndefined(argv[1]) &&
      !xhr__to_dom_string(realm, argv[1], &encoding)) {
    xhr__bytes_free(&encoding);
    return JS_EXCEPTION;
  }
  if (self->state == LOADING) {
    value = xhr__throw(realm, "InvalidStateError", "FileReader: it is reading already");
  } else {
    xhr__bytes_move(&self->encoding_name, &encoding);
    value = start(realm, self, this_value, blob, type);
  }
  xhr__bytes_free(&encoding);
  return value;
}

#define READ_METHOD(name, type)                                                                    \
  static JSValue name(xhr__realm *realm, void *self, JSValueConst this_value, int argc,            \
                      JSValueConst *argv) {                                                        \
    return read_as(realm, self, this_value, argc, argv, type);                                     \
  }
READ_METHOD(read_as_array_buffer, XHR__PACKAGE_ARRAY_BUFFER)
READ_METHOD(read_as_binary_string, XHR__PACKAGE_BINARY_STRING)
READ_METHOD(read_as_text, XHR__PACKAGE_TEXT)
READ_METHOD(read_as_data_url, XHR__PACKAGE_DATA_URL)

/* https://w3c.github.io/FileAPI/#abort */
static JSValue abort_reading(xhr__realm *realm, void *object, JSValueConst this_value, int argc,
                             JSValueConst *argv) {
  file_reader *self = object;
  (void)argc, (void)argv;
  /* 1. - 2. */
  put(realm->js, &self->result, JS_NULL);
  if (self->state != LOADING)
    return JS_UNDEFINED;
  self->state = DONE;
  /* 3. - 4. */
  if (self->read)
    xhr__blob_read_cancel(self->read);
  /* 5. */
  fire(self, this_value, "abort");
  /* 6. */
  if (self->state != LOADING)
    fire(self, this_value, "loadend");
  return JS_UNDEFINED;
}

/* ---- attributes ------------------------------------------------------------------------------------------------- */

static JSValue get_ready_state(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewInt32(realm->js, (int32_t)((file_reader *)self)->state);
}

static JSValue get_result(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_DupValue(realm->js, ((file_reader *)self)->result);
}

static JSValue get_error(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_DupValue(realm->js, ((file_reader *)self)->error);
}

static const xhr__member members[] = {
    XHR__DEFINE_OPERATION("readAsArrayBuffer", 1, read_as_array_buffer),
    XHR__DEFINE_OPERATION("readAsBinaryString", 1, read_as_binary_string),
    XHR__DEFINE_OPERATION("readAsText", 1, read_as_text),
    XHR__DEFINE_OPERATION("readAsDataURL", 1, read_as_data_url),
    XHR__DEFINE_OPERATION("abort", 0, abort_reading),
    XHR__DEFINE_CONSTANT("EMPTY", EMPTY),
    XHR__DEFINE_CONSTANT("LOADING", LOADING),
    XHR__DEFINE_CONSTANT("DONE", DONE),
    XHR__DEFINE_READONLY("readyState", get_ready_state),
    XHR__DEFINE_READONLY("result", get_result),
    XHR__DEFINE_READONLY("error", get_error),
    XHR__DEFINE_HANDLER("onloadstart"),
    XHR__DEFINE_HANDLER("onprogress"),
    XHR__DEFINE_HANDLER("onload"),
    XHR__DEFINE_HANDLER("onabort"),
    XHR__DEFINE_HANDLER("onerror"),
    XHR__DEFINE_HANDLER("onloadend"),
};

const xhr__interface xhr__file_reader_interface = {
    .name = "FileReader",
    .inherits = &xhr__event_target_interface,
    .construct = construct,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = finalize,
    .mark = mark,
};
