/* https://streams.spec.whatwg.org/#underlying-source-api: sources that scripts give. */
#include "infra/alloc.h"
#include "runtime/convert.h"
#include "runtime/readable_stream_internal.h"

typedef struct underlying_source {
  xhr__stream_source source;
  JSValue object;              /* callback this value; JS_NULL: none was given */
  JSValue start, pull, cancel; /* JS_UNDEFINED: missing */
} underlying_source;

static void finalize(JSRuntime *runtime, void *object) {
  underlying_source *self = object;
  JS_FreeValueRT(runtime, self->object);
  JS_FreeValueRT(runtime, self->start);
  JS_FreeValueRT(runtime, self->pull);
  JS_FreeValueRT(runtime, self->cancel);
  xhr__free(self);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  underlying_source *self = object;
  JS_MarkValue(runtime, self->object, mark_func);
  JS_MarkValue(runtime, self->start, mark_func);
  JS_MarkValue(runtime, self->pull, mark_func);
  JS_MarkValue(runtime, self->cancel, mark_func);
}

/* ---- algorithms: https://streams.spec.whatwg.org/#set-up-readable-stream-default-controller-from-underlying-source, steps 2
 * to 7 ------------------------------------------------------------------------------------------------------------- */

/* https://webidl.spec.whatwg.org/#invoke-a-callback-function with Promise<undefined> as its type. */
static JSValue invoke(xhr__realm *realm, const underlying_source *self, JSValueConst function,
                      JSValueConst argument) {
  JSContext *js = realm->js;
  if (JS_IsUndefined(function))
    return JS_UNDEFINED;
  JSValue result = JS_Call(js, function, self->object, 1, &argument);
  if (JS_IsException(result))
    return xhr__promise_rejected_with_exception(realm);
  JSValue promise = JS_IsObject(result) ? xhr__promise_resolved_with(realm, result) : JS_UNDEFINED;
  JS_FreeValue(js, result);
  return promise;
}

static JSValue start(xhr__realm *realm, void *source, xhr__readable_stream_controller *controller) {
  underlying_source *self = source;
  JSValue function = self->start;
  JSValueConst argument = controller->value;
  if (JS_IsUndefined(function))
    return JS_UNDEFINED;
  self->start = JS_UNDEFINED;
  JSValue result = JS_Call(realm->js, function, self->object, 1, &argument);
  JS_FreeValue(realm->js, function);
  return result;
}

static JSValue pull(xhr__realm *realm, void *source, int branch,
                    xhr__readable_stream_controller *controller) {
  (void)branch;
  return invoke(realm, source, ((underlying_source *)source)->pull, controller->value);
}

static JSValue cancel(xhr__realm *realm, void *source, int branch, JSValueConst reason) {
  (void)branch;
  return invoke(realm, source, ((underlying_source *)source)->cancel, reason);
}

static const xhr__stream_source_type type = {pull, cancel, start, finalize, mark};

/* ---- conversion: https://streams.spec.whatwg.org/#dictdef-underlyingsource --------------------------------------- */

/* A member that is a callback function. False where it threw. */
static bool read_callback(xhr__realm *realm, JSValueConst value, const char *name,
                          JSValue *function) {
  if (!xhr__dictionary_get(realm, value, name, function))
    return false;
  if (JS_IsUndefined(*function) || JS_IsFunction(realm->js, *function))
    return true;
  JS_ThrowTypeError(realm->js, "an underlying source's %s is no function", name);
  return false;
}

static bool read_auto_allocate_chunk_size(xhr__realm *realm, JSValueConst value,
                                          xhr__underlying_source *source) {
  JSValue member;
  if (!xhr__dictionary_get(realm, value, "autoAllocateChunkSize", &member))
    return false;
  source->has_auto_allocate_chunk_size = !JS_IsUndefined(member);
  bool good =
      !source->has_auto_allocate_chunk_size ||
      xhr__enforce_range_unsigned_long_long(realm, member, &source->auto_allocate_chunk_size);
  JS_FreeValue(realm->js, member);
  return good;
}

/* https://streams.spec.whatwg.org/#enumdef-readablestreamtype */
static bool read_type(xhr__realm *realm, JSValueConst value, bool *bytes) {
  JSValue member;
  xhr__bytes text = {0};
  if (!xhr__dictionary_get(realm, value, "type", &member))
    return false;
  *bytes = !JS_IsUndefined(member);
  bool good = !*bytes || xhr__to_dom_string(realm, member, &text);
  JS_FreeValue(realm->js, member);
  if (good && *bytes && !xhr__str_equals(xhr__bytes_str(&text), XHR__STR("bytes"))) {
    JS_ThrowTypeError(realm->js, "an underlying source's type is not 'bytes'");
    good = false;
  }
  xhr__bytes_free(&text);
  return good;
}

bool xhr__underlying_source_read(xhr__realm *realm, JSValueConst value,
                                 xhr__underlying_source *source) {
  underlying_source *self = XHR__NEW(underlying_source);
  if (!self) {
    JS_ThrowOutOfMemory(realm->js);
    return false;
  }
  self->object = JS_IsUndefined(value) ? JS_NULL : JS_DupValue(realm->js, value);
  self->start = self->pull = self->cancel = JS_UNDEFINED;
  JSValue object = xhr__stream_source_new(realm, self, &type);
  if (JS_IsException(object))
    return false;
  source->source = object;
  return read_auto_allocate_chunk_size(realm, value, source) &&
         read_callback(realm, value, "cancel", &self->cancel) &&
         read_callback(realm, value, "pull", &self->pull) &&
         read_callback(realm, value, "start", &self->start) &&
         read_type(realm, value, &source->bytes);
}
