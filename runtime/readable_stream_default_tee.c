/* https://streams.spec.whatwg.org/#abstract-opdef-readablestreamdefaulttee */
#include "runtime/readable_stream_tee.h"

static JSValue pull(xhr__realm *realm, void *source, int branch,
                    xhr__readable_stream_controller *controller);

/* ---- the read request of step 13.3. ----------------------------------------------------------------------------- */

/* Enqueues the chunk in a branch that is not canceled. NOTE: no strategy can throw here; where there is no memory, the branch
 * has been told. */
static void enqueue(xhr__realm *realm, const xhr__tee *tee, int branch, JSValueConst chunk) {
  if (!tee->canceled[branch] && !xhr__readable_stream_default_controller_enqueue(
                                    realm, xhr__tee_controller(tee, branch), chunk))
    JS_FreeValue(realm->js, JS_GetException(realm->js));
}

/* The microtask of the chunk steps: data[0] is the tee, data[1] the chunk. */
static JSValue chunk_microtask(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv,
                               int magic, JSValue *data) {
  xhr__realm *realm = xhr__realm_of(js);
  xhr__tee *tee = xhr__opaque(data[0]);
  (void)this_value, (void)argc, (void)argv, (void)magic;
  if (!realm)
    return JS_UNDEFINED;
  /* 1. - 3. */
  tee->read_again[0] = false;
  /* 4. - 5. */
  enqueue(realm, tee, 0, data[1]);
  enqueue(realm, tee, 1, data[1]);
  /* 6. */
  tee->reading = false;
  /* 7. */
  if (tee->read_again[0])
    (void)pull(realm, tee, 0, NULL);
  return JS_UNDEFINED;
}

static void chunk_steps(xhr__realm *realm, xhr__read_request *request, JSValueConst chunk) {
  JSValueConst data[] = {request->object, chunk};
  /* 1. */
  if (!xhr__queue_steps(realm, chunk_microtask, 2, data))
    xhr__tee_fail(realm, xhr__opaque(request->object));
}

static void close_steps(xhr__realm *realm, xhr__read_request *request, JSValueConst chunk) {
  xhr__tee *tee = xhr__opaque(request->object);
  (void)chunk;
  /* 1. */
  tee->reading = false;
  /* 2. - 3. */
  for (int i = 0; i < 2; i++) {
    if (!tee->canceled[i])
      xhr__readable_stream_default_controller_close(realm, xhr__tee_controller(tee, i));
  }
  /* 4. */
  xhr__tee_resolve_cancel_promise(realm, tee);
}

static void error_steps(xhr__realm *realm, xhr__read_request *request, JSValueConst reason) {
  (void)realm, (void)reason;
  /* 1. */
  ((xhr__tee *)xhr__opaque(request->object))->reading = false;
}

static const xhr__read_request_steps steps = {chunk_steps, close_steps, error_steps};

/* ---- the algorithm ---------------------------------------------------------------------------------------------- */

/* Step 13. */
static JSValue pull(xhr__realm *realm, void *source, int branch,
                    xhr__readable_stream_controller *controller) {
  xhr__tee *tee = source;
  (void)branch, (void)controller;
  /* 13.1. */
  if (tee->reading) {
    tee->read_again[0] = true;
    return JS_UNDEFINED;
  }
  /* 13.2. */
  tee->reading = true;
  /* 13.3. */
  xhr__read_request *request = xhr__read_request_new(realm, &steps, tee->source.value);
  if (!request)
    return xhr__promise_rejected_with_exception(realm);
  /* 13.4. - 13.5. */
  xhr__readable_stream_default_reader_read(realm, xhr__opaque(tee->reader), request);
  return JS_UNDEFINED;
}

/* Step 19.: data[0] is the tee. */
static JSValue reader_rejected(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv,
                               int magic, JSValue *data) {
  xhr__realm *realm = xhr__realm_of(js);
  xhr__tee *tee = xhr__opaque(data[0]);
  (void)this_value, (void)argc, (void)magic;
  if (!realm)
    return JS_UNDEFINED;
  xhr__tee_error_branches(realm, tee, argv[0]);
  return JS_UNDEFINED;
}

/* Steps 16. to 20. */
static JSValue make_branches(xhr__realm *realm, xhr__tee *tee) {
  for (int i = 0; i < 2; i++) {
    JSValue source = JS_DupValue(realm->js, tee->source.value);
    JSValue branch = xhr__create_readable_stream(realm, source, i, 1);
    if (JS_IsException(branch))
      return branch;
    tee->branch[i] = branch;
  }
  const xhr__readable_stream_reader *reader = xhr__opaque(tee->reader);
  JSValue result = xhr__promise_react(realm, reader->closed_promise.value, NULL, reader_rejected, 1,
                                      (JSValueConst *)&tee->source.value);
  if (JS_IsException(result))
    return result;
  JS_FreeValue(realm->js, result);
  return xhr__tee_branches(realm, tee);
}

JSValue xhr__readable_stream_default_tee(xhr__realm *realm, xhr__readable_stream *stream) {
  static const xhr__stream_source_type type = {.pull = pull,
                                               .cancel = xhr__tee_cancel,
                                               .finalize = xhr__tee_finalize,
                                               .mark = xhr__tee_mark};
  /* 1. - 15. */
  JSValue value = xhr__tee_new(realm, stream, &type);
  if (JS_IsException(value))
    return value;
  /* 16. - 20. */
  JSValue branches = make_branches(realm, xhr__opaque(value));
  if (JS_IsException(branches))
    xhr__tee_give_up(xhr__opaque(value));
  JS_FreeValue(realm->js, value);
  return branches;
}
