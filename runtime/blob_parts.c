#include "runtime/blob_parts.h"

#include "infra/alloc.h"
#include "runtime/blob_binding.h"
#include "runtime/convert.h"
#include "runtime/sequence.h"

/* https://w3c.github.io/FileAPI/#typedefdef-blobpart: converts a value to (BufferSource or Blob or USVString). */
static bool read_part(xhr__realm *realm, JSValueConst value, xhr__blob_part *part) {
  *part = (xhr__blob_part){.buffer = JS_UNDEFINED, .blob = xhr__blob_of(value)};
  if (part->blob) {
    (void)xhr__blob_ref(part->blob);
    return true;
  }
  switch (xhr__buffer_kind_of(realm, value)) {
    case XHR__ARRAY_BUFFER:
    case XHR__VIEW: part->buffer = JS_DupValue(realm->js, value); return true;
    case XHR__SHARED_VIEW:
      JS_ThrowTypeError(realm->js, "a view of a SharedArrayBuffer as a Blob's part");
      return false;
    case XHR__SHARED_ARRAY_BUFFER: /* is no BufferSource, so it is a string like any object */
    case XHR__NO_BUFFER: break;
  }
  return xhr__to_usv_string(realm, value, &part->text);
}

static void free_part(xhr__realm *realm, xhr__blob_part *part) {
  JS_FreeValue(realm->js, part->buffer);
  xhr__blob_unref(part->blob);
  xhr__bytes_free(&part->text);
}

static bool append_part(xhr__realm *realm, JSValueConst value, void *user) {
  xhr__blob_parts *parts = user;
  xhr__blob_part part;
  if (!read_part(realm, value, &part)) {
    free_part(realm, &part);
    return false;
  }
  void *array = parts->items;
  if (!xhr__grow(&array, &parts->capacity, parts->count + 1, sizeof *parts->items)) {
    free_part(realm, &part);
    JS_ThrowOutOfMemory(realm->js);
    return false;
  }
  parts->items = array;
  parts->items[parts->count++] = part;
  return true;
}

bool xhr__blob_parts_read(xhr__realm *realm, JSValueConst value, const char *what,
                          xhr__blob_parts *parts) {
  return xhr__each_of_sequence(realm, value, what, append_part, parts);
}

void xhr__blob_parts_free(xhr__realm *realm, xhr__blob_parts *parts) {
  for (size_t i = 0; i < parts->count; i++)
    free_part(realm, &parts->items[i]);
  xhr__free(parts->items);
}

/* One element of process blob parts. */
static xhr_status append(xhr__realm *realm, const xhr__blob_part *part, bool native_endings,
                         xhr__segment_builder *builder) {
  xhr__bytes converted = {0};
  xhr__str bytes = XHR__STR_EMPTY;
  /* 2.3. */
  if (part->blob)
    return xhr__segment_builder_append(builder, part->blob->segments);
  /* 2.2. */
  if (!JS_IsUndefined(part->buffer)) {
    (void)xhr__buffer_source_bytes(realm, part->buffer, &bytes);
    return xhr__segment_builder_append_bytes(builder, bytes);
  }
  /* 2.1. */
  if (!native_endings)
    return xhr__segment_builder_append_bytes(builder, xhr__bytes_str(&part->text));
  xhr_status status = xhr__append_native_line_endings(&converted, xhr__bytes_str(&part->text));
  if (status == XHR_OK)
    status = xhr__segment_builder_append_bytes(builder, xhr__bytes_str(&converted));
  xhr__bytes_free(&converted);
  return status;
}

/* https://w3c.github.io/FileAPI/#process-blob-parts */
bool xhr__blob_parts_process(xhr__realm *realm, const xhr__blob_parts *parts, bool native_endings,
                             xhr__segments **segments) {
  /* 1. */
  xhr__segment_builder builder = {0};
  xhr_status status = XHR_OK;
  /* 2. */
  for (size_t i = 0; status == XHR_OK && i < parts->count; i++)
    status = append(realm, &parts->items[i], native_endings, &builder);
  /* 3. */
  if (status == XHR_OK)
    status = xhr__segment_builder_finish(&builder, segments);
  xhr__segment_builder_free(&builder);
  if (status != XHR_OK)
    (void)xhr__throw_status(realm, status, "Blob");
  return status == XHR_OK;
}

/* https://w3c.github.io/FileAPI/#enumdef-endingtype */
static bool read_endings(xhr__realm *realm, JSValueConst value, bool *native) {
  xhr__bytes name = {0};
  bool done = xhr__to_dom_string(realm, value, &name);
  if (done) {
    xhr__str text = xhr__bytes_str(&name);
    *native = xhr__str_equals(text, XHR__STR("native"));
    done = *native || xhr__str_equals(text, XHR__STR("transparent"));
    if (!done)
      JS_ThrowTypeError(realm->js, "endings: neither 'transparent' nor 'native'");
  }
  xhr__bytes_free(&name);
  return done;
}

bool xhr__blob_options_read(xhr__realm *realm, JSValueConst value, xhr__blob_options *options) {
  JSValue member;
  if (!xhr__dictionary_get(realm, value, "endings", &member))
    return false;
  bool done = JS_IsUndefined(member) || read_endings(realm, member, &options->native_endings);
  JS_FreeValue(realm->js, member);
  if (!done || !xhr__dictionary_get(realm, value, "type", &member))
    return false;
  done = JS_IsUndefined(member) || xhr__to_dom_string(realm, member, &options->type);
  JS_FreeValue(realm->js, member);
  return done;
}
