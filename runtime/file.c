#include "runtime/blob_binding.h"
#include "runtime/blob_parts.h"
#include "runtime/convert.h"

/* FilePropertyBag's own member; `now` where it is missing. */
static bool read_last_modified(xhr__realm *realm, JSValueConst options, int64_t *last_modified) {
  JSValue member;
  if (!xhr__dictionary_get(realm, options, "lastModified", &member))
    return false;
  bool done = JS_IsUndefined(member) || xhr__to_long_long(realm, member, last_modified, false);
  JS_FreeValue(realm->js, member);
  return done;
}

/* The value of a new File of those bytes, whose reference it takes over. */
static JSValue new_file(xhr__realm *realm, JSValueConst new_target, xhr__segments *segments,
                        const xhr__bytes *type, const xhr__bytes *name, int64_t last_modified) {
  xhr__file *file;
  xhr_status status =
      xhr__file_new(segments, xhr__bytes_str(type), xhr__bytes_str(name), last_modified, &file);
  xhr__segments_unref(segments);
  if (status != XHR_OK)
    return xhr__throw_status(realm, status, "File");
  JSValue value = xhr__blob_value_for(realm, new_target, &file->blob);
  xhr__blob_unref(&file->blob);
  return value;
}

/* https://w3c.github.io/FileAPI/#file-constructor */
static JSValue construct(xhr__realm *realm, JSValueConst new_target, int argc, JSValueConst *argv) {
  xhr__blob_parts parts = {0};
  xhr__blob_options options = {0};
  xhr__bytes name = {0};
  xhr__segments *segments;
  int64_t last_modified = xhr__file_time_now();
  JSValueConst bag = argc > 2 ? argv[2] : JS_UNDEFINED;
  JSValue value = JS_EXCEPTION;
  if (xhr__blob_parts_read(realm, argv[0], "File's first argument", &parts) &&
      xhr__to_usv_string(realm, argv[1], &name) && xhr__blob_options_read(realm, bag, &options) &&
      read_last_modified(realm, bag, &last_modified) &&
      /* 1. */
      xhr__blob_parts_process(realm, &parts, options.native_endings, &segments)) {
    /* 2. - 4. */
    value = new_file(realm, new_target, segments, &options.type, &name, last_modified);
  }
  xhr__blob_parts_free(realm, &parts);
  xhr__bytes_free(&options.type);
  xhr__bytes_free(&name);
  return value;
}

/* The File behind a File object. */
static const xhr__file *file_of(JSValueConst value) {
  return xhr__file_of_blob(xhr__blob_of(value));
}

/* https://w3c.github.io/FileAPI/#dfn-name */
static JSValue get_name(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)self;
  return xhr__from_usv_string(realm, xhr__bytes_str(&file_of(this_value)->name));
}

/* https://w3c.github.io/FileAPI/#dfn-lastModified */
static JSValue get_last_modified(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)self;
  return JS_NewInt64(realm->js, file_of(this_value)->last_modified);
}

static const xhr__member members[] = {
    XHR__DEFINE_READONLY("name", get_name),
    XHR__DEFINE_READONLY("lastModified", get_last_modified),
};

const xhr__interface xhr__file_interface = {
    .name = "File",
    .inherits = &xhr__blob_interface,
    .construct = construct,
    .construct_length = 2,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = xhr__blob_finalize,
};
