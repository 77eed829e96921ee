#include "runtime/file_list.h"

#include "infra/alloc.h"
#include "runtime/convert.h"
#include "runtime/legacy_platform_object.h"

typedef struct file_list {
  xhr__platform_object object;
  uint32_t count;
  JSValue files[];
} file_list;

static void finalize(JSRuntime *runtime, void *object) {
  file_list *self = object;
  for (uint32_t i = 0; i < self->count; i++)
    JS_FreeValueRT(runtime, self->files[i]);
  xhr__free(self);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  file_list *self = object;
  for (uint32_t i = 0; i < self->count; i++)
    JS_MarkValue(runtime, self->files[i], mark_func);
}

JSValue xhr__file_list_new(xhr__realm *realm, size_t count, JSValueConst *files) {
  size_t size;
  file_list *self = NULL;
  if (count <= UINT32_MAX && xhr__size_mul(count, sizeof *files, &size) &&
      xhr__size_add(size, sizeof *self, &size))
    self = xhr__calloc(1, size);
  if (!self)
    return JS_ThrowOutOfMemory(realm->js);
  for (size_t i = 0; i < count; i++)
    self->files[self->count++] = JS_DupValue(realm->js, files[i]);
  return xhr__platform_object_new(realm, &xhr__file_list_interface, JS_UNDEFINED, self);
}

size_t xhr__file_list_length(JSValueConst list) {
  const file_list *self = xhr__platform_object_of(list, &xhr__file_list_interface);
  return self ? self->count : 0;
}

JSValueConst xhr__file_list_item(JSValueConst list, size_t index) {
  const file_list *self = xhr__platform_object_of(list, &xhr__file_list_interface);
  return self && index < self->count ? self->files[index] : JS_UNDEFINED;
}

/* ---- members ---------------------------------------------------------------------------------------------------- */

static uint32_t length(void *self) {
  return ((const file_list *)self)->count;
}

static JSValue indexed(xhr__realm *realm, void *self, uint32_t index) {
  return JS_DupValue(realm->js, ((const file_list *)self)->files[index]);
}

/* https://w3c.github.io/FileAPI/#dfn-length */
static JSValue get_length(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewUint32(realm->js, length(self));
}

/* https://w3c.github.io/FileAPI/#dfn-item */
static JSValue item(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                    JSValueConst *argv) {
  uint32_t index;
  (void)this_value, (void)argc;
  if (!xhr__to_unsigned_long(realm, argv[0], &index))
    return JS_EXCEPTION;
  return index < length(self) ? indexed(realm, self, index) : JS_NULL;
}

static const xhr__legacy_properties properties = {.length = length, .indexed = indexed};

static const xhr__member members[] = {
    XHR__DEFINE_OPERATION("item", 1, item),
    XHR__DEFINE_READONLY("length", get_length),
    XHR__DEFINE_ARRAY_ITERATOR,
};

const xhr__interface xhr__file_list_interface = {
    .name = "FileList",
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .legacy = &properties,
    .finalize = finalize,
    .mark = mark,
};

/* https://w3c.github.io/FileAPI/#filelist-section: serialization steps; the Files are sub-serializations. */
static bool serialize(xhr__serializer *serializer, void *object, JSValueConst value) {
  const file_list *self = object;
  (void)value;
  bool done = xhr__write_number(serializer, self->count);
  for (uint32_t i = 0; done && i < self->count; i++)
    done = xhr__write_value(serializer, self->files[i]);
  return done;
}

/* Deserialization steps. */
static JSValue deserialize(xhr__deserializer *deserializer) {
  xhr__realm *realm = xhr__deserializer_realm(deserializer);
  size_t count = (size_t)xhr__read_number(deserializer), read = 0;
  JSValue *files = xhr__calloc(count, sizeof *files);
  if (!files)
    return JS_ThrowOutOfMemory(realm->js);
  bool done = true;
  while (done && read < count) {
    files[read] = xhr__read_value(deserializer);
    done = !JS_IsException(files[read]);
    read += done;
  }
  JSValue list = done ? xhr__file_list_new(realm, count, files) : JS_EXCEPTION;
  for (size_t i = 0; i < read; i++)
    JS_FreeValue(realm->js, files[i]);
  xhr__free(files);
  return list;
}

const xhr__serializable xhr__file_list_serializable = {&xhr__file_list_interface, serialize,
                                                       deserialize};
