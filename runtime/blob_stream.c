/* https://w3c.github.io/FileAPI/#blob-get-stream: Blobs as streams. What is read is what is asked for: one chunk for each
 * pull. */
#include "infra/alloc.h"
#include "runtime/blob_binding.h"
#include "runtime/blob_reader.h"
#include "runtime/global_task.h"
#include "runtime/promise.h"
#include "runtime/readable_stream.h"
#include "runtime/shared_memory.h"
#include "session/loop.h"

/* Bytes of a chunk, unless a BYOB reader asks for others. */
enum { CHUNK = 256 * 1024 };

typedef struct blob_stream {
  xhr__stream_source source;
  xhr__blob *blob;
  uint64_t position;
  xhr__blob_source *bytes; /* NULL: nothing was read yet */
  /* While a chunk is being read: */
  xhr__realm *realm; /* NULL: none is */
  JSValue self;      /* keeps all this */
  xhr__readable_stream_controller *controller;
  JSValue stream; /* the controller's value */
  xhr__promise pulled;
  xhr__global_task task; /* queued, but where a file is waited for */
  xhr__teardown waiting; /* listed where a file is waited for */
  xhr_loop *loop;        /* counted, and kept running, likewise */
} blob_stream;

static void finalize(JSRuntime *runtime, void *object) {
  blob_stream *self = object;
  (void)runtime;
  xhr__blob_source_free(self->bytes);
  xhr__blob_unref(self->blob);
  xhr__free(self);
}

/* What it holds while it reads is held by the loop, so that nothing of it is marked. */
static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  (void)runtime, (void)object, (void)mark_func;
}

/* Waits for no file any more; harmless where it does not. */
static void stop_waiting(blob_stream *self) {
  if (!self->loop)
    return;
  xhr__list_remove(&self->waiting.node);
  xhr__loop_let_go(self->loop);
  xhr_loop_unref(self->loop);
  self->loop = NULL;
}

/* Nothing is being read any more: lets go of the stream, and of itself. */
static void release(blob_stream *self) {
  JSContext *js = self->realm->js;
  JSValue kept = self->self, stream = self->stream;
  stop_waiting(self);
  self->realm = NULL;
  self->self = self->stream = JS_UNDEFINED;
  xhr__promise_free(JS_GetRuntime(js), &self->pulled);
  JS_FreeValue(js, stream);
  JS_FreeValue(js, kept);
}

/* The realm goes. */
static void drop(xhr__global_task *task) {
  release(XHR__OWNER(task, blob_stream, task));
}

static void end_waiting(xhr__teardown *teardown) {
  release(XHR__OWNER(teardown, blob_stream, waiting));
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static void wait_for_file(blob_stream *self) {
  self->loop = xhr_loop_ref(self->realm->context->loop);
  xhr__loop_keep(self->loop);
  self->waiting.end = end_waiting;
  xhr__list_append(&self->realm->teardown, &self->waiting.node);
}

/* Enqueues the chunk, or tells of the end, or of what went wrong. `buffer`: of no BYOB reader's; taken over. */
static void tell(blob_stream *self, xhr__read_result result, JSValue buffer, size_t len) {
  xhr__realm *realm = self->realm;
  xhr__readable_stream_controller *controller = self->controller;
  if (result == XHR__READ_FAILED) {
    JS_FreeValue(realm->js, buffer);
    xhr__readable_stream_error_bytes(realm, controller, xhr__blob_read_error(realm, XHR_IO));
    return;
  }
  if (result == XHR__READ_DATA) {
    self->position += len;
    if (JS_IsUndefined(buffer))
      xhr__readable_stream_enqueue_view(realm, controller, len);
    else
      xhr__readable_stream_enqueue_buffer(realm, controller, buffer, len);
  }
  if (self->position == xhr__blob_size(self->blob))
    xhr__readable_stream_close_bytes(realm, controller);
}

/* Reads into a buffer of its own, which is as long as what was read. */
static xhr__read_result read_chunk(blob_stream *self, JSValue *buffer, size_t *len) {
  JSContext *js = self->realm->js;
  uint64_t rest = xhr__blob_size(self->blob) - self->position;
  size_t size = rest < CHUNK ? (size_t)rest : (size_t)CHUNK;
  char *data = xhr__shared_memory_new(size);
  if (!data) {
    *buffer = JS_ThrowOutOfMemory(js);
    return XHR__READ_DATA;
  }
  xhr__read_result result = xhr__blob_source_read(self->bytes, data, size, len);
  if (result == XHR__READ_DATA)
    *buffer = xhr__array_buffer_of_shared(js, data, *len);
  if (result != XHR__READ_DATA || JS_IsException(*buffer))
    xhr__shared_memory_unref(data);
  return result;
}

/* What the stream has for the next bytes: a BYOB reader's view, or a new buffer. */
static xhr__read_result read(blob_stream *self, JSValue *buffer, size_t *len) {
  size_t size;
  if (self->position == xhr__blob_size(self->blob))
    return XHR__READ_END;
  uint8_t *view = xhr__readable_stream_byob_view(self->realm, self->controller, &size);
  return view ? xhr__blob_source_read(self->bytes, view, size, len) : read_chunk(self, buffer, len);
}

/* In a task of the loop: reads, and tells of it unless it has to wait. */
static void turn(blob_stream *self) {
  xhr__realm *realm = self->realm;
  size_t len = 0;
  JSValue buffer = JS_UNDEFINED;
  if (xhr__realm_is_closing(realm)) {
    release(self);
    return;
  }
  xhr__read_result result = read(self, &buffer, &len);
  if (result == XHR__READ_LATER) {
    wait_for_file(self);
    return;
  }
  /* Script that runs here may cancel it. */
  JSValue kept = JS_DupValue(realm->js, self->source.value);
  JSValue stream = JS_DupValue(realm->js, self->stream);
  realm->depth++;
  tell(self, result, buffer, len);
  if (self->realm) {
    xhr__promise_resolve(realm, &self->pulled, JS_UNDEFINED);
    release(self);
  }
  JS_FreeValue(realm->js, stream);
  JS_FreeValue(realm->js, kept);
  realm->depth--;
  xhr__realm_checkpoint(realm);
}

static void run(xhr__global_task *task) {
  turn(XHR__OWNER(task, blob_stream, task));
}

/* The file's next bytes are there. */
static void ready(void *user) {
  blob_stream *self = user;
  if (!self->loop)
    return;
  stop_waiting(self);
  turn(self);
}

/* ---- algorithms ------------------------------------------------------------------------------------------------- */

static JSValue pull(xhr__realm *realm, void *source, int branch,
                    xhr__readable_stream_controller *controller) {
  blob_stream *self = source;
  (void)branch;
  if (!self->bytes &&
      xhr__blob_source_new(realm, self->blob, ready, self, &self->bytes) != XHR_OK) {
    JS_ThrowOutOfMemory(realm->js);
    return xhr__promise_rejected_with_exception(realm);
  }
  if (!xhr__promise_new(realm, &self->pulled))
    return xhr__promise_rejected_with_exception(realm);
  self->realm = realm;
  self->controller = controller;
  self->self = JS_DupValue(realm->js, self->source.value);
  self->stream = JS_DupValue(realm->js, xhr__readable_stream_controller_value(controller));
  JSValue promise = JS_DupValue(realm->js, self->pulled.value);
  xhr__global_task_queue(realm, &self->task, run, drop);
  return promise;
}

static JSValue cancel(xhr__realm *realm, void *source, int branch, JSValueConst reason) {
  blob_stream *self = source;
  (void)realm, (void)branch, (void)reason;
  if (!self->realm)
    return JS_UNDEFINED;
  if (!self->loop)
    xhr__global_task_cancel(&self->task);
  release(self);
  return JS_UNDEFINED;
}

JSValue xhr__blob_get_stream(xhr__realm *realm, xhr__blob *blob) {
  static const xhr__stream_source_type type = {
      .pull = pull, .cancel = cancel, .finalize = finalize, .mark = mark};
  blob_stream *self = XHR__NEW(blob_stream);
  if (!self)
    return JS_ThrowOutOfMemory(realm->js);
  self->blob = xhr__blob_ref(blob);
  self->self = self->stream = JS_UNDEFINED;
  self->pulled = XHR__NO_PROMISE;
  xhr__list_init(&self->waiting.node);
  /* 1. - 2. */
  return xhr__readable_stream_new_bytes(realm, xhr__stream_source_new(realm, self, &type));
}
