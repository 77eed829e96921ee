/* Where streams' chunks come from: objects that no script sees. */
#include "runtime/readable_stream.h"

static void finalize(JSRuntime *runtime, void *object) {
  ((xhr__stream_source *)object)->type->finalize(runtime, object);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  ((xhr__stream_source *)object)->type->mark(runtime, object, mark_func);
}

JSValue xhr__stream_source_new(xhr__realm *realm, void *source,
                               const xhr__stream_source_type *type) {
  xhr__stream_source *self = source;
  self->type = type;
  JSValue value =
      xhr__platform_object_new(realm, &xhr__stream_source_interface, JS_UNDEFINED, self);
  if (!JS_IsException(value))
    self->value = value;
  return value;
}

const xhr__interface xhr__stream_source_interface = {
    .name = "StreamSource",
    .hidden = true,
    .finalize = finalize,
    .mark = mark,
};
