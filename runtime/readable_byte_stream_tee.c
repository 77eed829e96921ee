/* https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamtee */
#include "runtime/readable_byte_stream.h"
#include "runtime/readable_stream_tee.h"

static JSValue pull(xhr__realm *realm, void *source, int branch,
                    xhr__readable_stream_controller *controller);

static xhr__byte_controller *controller_of(const xhr__tee *tee, int branch) {
  return (xhr__byte_controller *)xhr__tee_controller(tee, branch);
}

/* Of what the standard says that it cannot throw: there is no memory then. */
static void must(xhr__realm *realm, bool done) {
  if (!done)
    JS_FreeValue(realm->js, JS_GetException(realm->js));
}

/* ---- errors ----------------------------------------------------------------------------------------------------- */

/* Step 14.1.: data[0] is the tee, data[1] the reader. */
static JSValue reader_rejected(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv,
                               int magic, JSValue *data) {
  xhr__realm *realm = xhr__realm_of(js);
  xhr__tee *tee = xhr__opaque(data[0]);
  (void)this_value, (void)argc, (void)magic;
  /* 1. */
  if (!realm || xhr__opaque(data[1]) != xhr__opaque(tee->reader))
    return JS_UNDEFINED;
  /* 2. - 4. */
  xhr__tee_error_branches(realm, tee, argv[0]);
  return JS_UNDEFINED;
}

/* Step 14.: forwardReaderError, of the tee's reader. */
static bool forward_reader_error(xhr__realm *realm, xhr__tee *tee) {
  const xhr__readable_stream_reader *reader = xhr__opaque(tee->reader);
  JSValueConst data[] = {tee->source.value, tee->reader};
  JSValue result =
      xhr__promise_react(realm, reader->closed_promise.value, NULL, reader_rejected, 2, data);
  JS_FreeValue(realm->js, result);
  return !JS_IsException(result);
}

/* Steps 15.1. and 16.1.: has the stream read by a reader of the other kind. False where it threw. */
static bool switch_reader(xhr__realm *realm, xhr__tee *tee, const xhr__interface *interface) {
  xhr__readable_stream_reader *reader = xhr__opaque(tee->reader);
  xhr__readable_stream *stream = xhr__opaque(tee->stream);
  if (reader->object.interface == interface)
    return true;
  xhr__readable_stream_reader_release(realm, reader);
  JSValue other = interface == &xhr__readable_stream_byob_reader_interface
                      ? xhr__acquire_readable_stream_byob_reader(realm, stream)
                      : xhr__acquire_readable_stream_default_reader(realm, stream);
  if (JS_IsException(other))
    return false;
  JS_FreeValue(realm->js, tee->reader);
  tee->reader = other;
  return forward_reader_error(realm, tee);
}

/* ---- reading by a default reader: step 15. ---------------------------------------------------------------------- */

/* The ends of both microtasks: reads on where a branch asks for it. */
static void read_again(xhr__realm *realm, xhr__tee *tee) {
  JSValue promise = JS_UNDEFINED;
  tee->reading = false;
  if (tee->read_again[0])
    promise = pull(realm, tee, 0, NULL);
  else if (tee->read_again[1])
    promise = pull(realm, tee, 1, NULL);
  JS_FreeValue(realm->js, promise);
}

/* Takes over nothing; enqueues a view in a branch. */
static void enqueue(xhr__realm *realm, const xhr__tee *tee, int branch, JSValueConst chunk) {
  must(realm, xhr__byte_controller_enqueue(realm, controller_of(tee, branch), chunk));
}

/* The microtask of the chunk steps: data[0] is the tee, data[1] the chunk. */
static JSValue chunk_microtask(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv,
                               int magic, JSValue *data) {
  xhr__realm *realm = xhr__realm_of(js);
  xhr__tee *tee = xhr__opaque(data[0]);
  (void)this_value, (void)argc, (void)argv, (void)magic;
  if (!realm)
    return JS_UNDEFINED;
  /* 1. - 2. */
  tee->read_again[0] = tee->read_again[1] = false;
  /* 3. - 4. */
  JSValue chunk2 = !tee->canceled[0] && !tee->canceled[1]
                       ? xhr__clone_as_uint8_array(realm, data[1])
                       : JS_DupValue(js, data[1]);
  if (JS_IsException(chunk2)) {
    xhr__tee_fail(realm, tee);
    return JS_UNDEFINED;
  }
  /* 5. - 6. */
  if (!tee->canceled[0])
    enqueue(realm, tee, 0, data[1]);
  if (!tee->canceled[1])
    enqueue(realm, tee, 1, chunk2);
  JS_FreeValue(js, chunk2);
  /* 7. - 9. */
  read_again(realm, tee);
  return JS_UNDEFINED;
}

static void chunk_steps(xhr__realm *realm, xhr__read_request *request, JSValueConst chunk) {
  JSValueConst data[] = {request->object, chunk};
  if (!xhr__queue_steps(realm, chunk_microtask, 2, data))
    xhr__tee_fail(realm, xhr__opaque(request->object));
}

/* Has a branch whose stream is closed answer what waits there. */
static void respond_nothing(xhr__realm *realm, const xhr__tee *tee, int branch) {
  xhr__byte_controller *controller = controller_of(tee, branch);
  if (controller && xhr__first_pull_into(controller))
    must(realm, xhr__byte_controller_respond(realm, controller, 0));
}

static void close_steps(xhr__realm *realm, xhr__read_request *request, JSValueConst chunk) {
  xhr__tee *tee = xhr__opaque(request->object);
  (void)chunk;
  /* 1. */
  tee->reading = false;
  /* 2. - 3. */
  for (int i = 0; i < 2; i++) {
    if (!tee->canceled[i])
      must(realm, xhr__byte_controller_close(realm, controller_of(tee, i)));
  }
  /* 4. - 5. */
  respond_nothing(realm, tee, 0);
  respond_nothing(realm, tee, 1);
  /* 6. */
  xhr__tee_resolve_cancel_promise(realm, tee);
}

static void error_steps(xhr__realm *realm, xhr__read_request *request, JSValueConst reason) {
  (void)realm, (void)reason;
  /* 1. */
  ((xhr__tee *)xhr__opaque(request->object))->reading = false;
}

/* False where it threw. */
static bool pull_with_default_reader(xhr__realm *realm, xhr__tee *tee) {
  static const xhr__read_request_steps steps = {chunk_steps, close_steps, error_steps};
  /* 1. */
  if (!switch_reader(realm, tee, &xhr__readable_stream_default_reader_interface))
    return false;
  /* 2. */
  xhr__read_request *request = xhr__read_request_new(realm, &steps, tee->source.value);
  if (!request)
    return false;
  /* 3. */
  xhr__readable_stream_default_reader_read(realm, xhr__opaque(tee->reader), request);
  return true;
}

/* ---- reading by a BYOB reader: step 16. ------------------------------------------------------------------------- */

static void respond_with(xhr__realm *realm, const xhr__tee *tee, int branch, JSValueConst view) {
  must(realm, xhr__byte_controller_respond_with_new_view(realm, controller_of(tee, branch), view));
}

/* The microtask of the chunk steps: data[0] is the tee, data[1] the chunk, data[2] whether it is for branch 2. */
static JSValue byob_chunk_microtask(JSContext *js, JSValueConst this_value, int argc,
                                    JSValueConst *argv, int magic, JSValue *data) {
  xhr__realm *realm = xhr__realm_of(js);
  xhr__tee *tee = xhr__opaque(data[0]);
  (void)this_value, (void)argc, (void)argv, (void)magic;
  if (!realm)
    return JS_UNDEFINED;
  /* 1. - 4. */
  int byob = JS_VALUE_GET_BOOL(data[2]) ? 1 : 0, other = 1 - byob;
  bool byob_canceled = tee->canceled[byob];
  tee->read_again[0] = tee->read_again[1] = false;
  /* 5. */
  if (!tee->canceled[other]) {
    JSValue clone = xhr__clone_as_uint8_array(realm, data[1]);
    if (JS_IsException(clone)) {
      xhr__tee_fail(realm, tee);
      return JS_UNDEFINED;
    }
    if (!byob_canceled)
      respond_with(realm, tee, byob, data[1]);
    enqueue(realm, tee, other, clone);
    JS_FreeValue(js, clone);
    /* 6. */
  } else if (!byob_canceled) {
    respond_with(realm, tee, byob, data[1]);
  }
  /* 7. - 9. */
  read_again(realm, tee);
  return JS_UNDEFINED;
}

static void byob_chunk_steps(xhr__realm *realm, xhr__read_request *request, JSValueConst chunk) {
  JSValueConst data[] = {request->object, chunk, JS_NewBool(realm->js, request->for_branch2)};
  if (!xhr__queue_steps(realm, byob_chunk_microtask, 3, data))
    xhr__tee_fail(realm, xhr__opaque(request->object));
}

static void byob_close_steps(xhr__realm *realm, xhr__read_request *request, JSValueConst chunk) {
  xhr__tee *tee = xhr__opaque(request->object);
  int byob = request->for_branch2 ? 1 : 0, other = 1 - byob;
  /* 1. - 3. */
  bool byob_canceled = tee->canceled[byob], other_canceled = tee->canceled[other];
  tee->reading = false;
  /* 4. - 5. */
  if (!byob_canceled)
    must(realm, xhr__byte_controller_close(realm, controller_of(tee, byob)));
  if (!other_canceled)
    must(realm, xhr__byte_controller_close(realm, controller_of(tee, other)));
  /* 6. */
  if (!JS_IsUndefined(chunk)) {
    if (!byob_canceled)
      respond_with(realm, tee, byob, chunk);
    if (!other_canceled)
      respond_nothing(realm, tee, other);
  }
  /* 7. */
  if (!byob_canceled || !other_canceled)
    xhr__promise_resolve(realm, &tee->cancel_promise, JS_UNDEFINED);
}

/* False where it threw. */
static bool pull_with_byob_reader(xhr__realm *realm, xhr__tee *tee, JSValueConst view, int branch) {
  static const xhr__read_request_steps steps = {byob_chunk_steps, byob_close_steps, error_steps};
  /* 1. */
  if (!switch_reader(realm, tee, &xhr__readable_stream_byob_reader_interface))
    return false;
  /* 2. - 4. */
  xhr__read_request *request = xhr__read_request_new(realm, &steps, tee->source.value);
  if (!request)
    return false;
  request->for_branch2 = branch == 1;
  /* 5. */
  xhr__readable_stream_byob_reader_read(realm, xhr__opaque(tee->reader), view, 1, request);
  return true;
}

/* ---- the algorithm ---------------------------------------------------------------------------------------------- */

/* Steps 17. and 18. */
static JSValue pull(xhr__realm *realm, void *source, int branch,
                    xhr__readable_stream_controller *controller) {
  xhr__tee *tee = source;
  (void)controller;
  /* 1. */
  if (tee->reading) {
    tee->read_again[branch] = true;
    return JS_UNDEFINED;
  }
  /* 2. */
  tee->reading = true;
  /* 3. */
  JSValue request = xhr__byte_controller_get_byob_request(realm, controller_of(tee, branch));
  if (JS_IsException(request))
    return xhr__promise_rejected_with_exception(realm);
  bool good;
  /* 4. */
  if (JS_IsNull(request)) {
    good = pull_with_default_reader(realm, tee);
    /* 5. */
  } else {
    JSValue view = JS_DupValue(realm->js, ((xhr__byob_request *)xhr__opaque(request))->view);
    good = pull_with_byob_reader(realm, tee, view, branch);
    JS_FreeValue(realm->js, view);
  }
  JS_FreeValue(realm->js, request);
  /* 6. */
  return good ? JS_UNDEFINED : xhr__promise_rejected_with_exception(realm);
}

JSValue xhr__readable_byte_stream_tee(xhr__realm *realm, xhr__readable_stream *stream) {
  static const xhr__stream_source_type type = {.pull = pull,
                                               .cancel = xhr__tee_cancel,
                                               .finalize = xhr__tee_finalize,
                                               .mark = xhr__tee_mark};
  /* 1. - 20. */
  JSValue value = xhr__tee_new(realm, stream, &type), branches = JS_EXCEPTION;
  if (JS_IsException(value))
    return value;
  xhr__tee *tee = xhr__opaque(value);
  bool good = true;
  /* 21. - 23. */
  for (int i = 0; good && i < 2; i++) {
    JSValue branch = xhr__create_readable_byte_stream(realm, JS_DupValue(realm->js, value), i);
    good = !JS_IsException(branch);
    if (good)
      tee->branch[i] = branch;
  }
  /* 24. - 25. */
  if (good && forward_reader_error(realm, tee))
    branches = xhr__tee_branches(realm, tee);
  if (JS_IsException(branches))
    xhr__tee_give_up(tee);
  JS_FreeValue(realm->js, value);
  return branches;
}
