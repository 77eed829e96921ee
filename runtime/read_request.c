/* https://streams.spec.whatwg.org/#read-request and https://streams.spec.whatwg.org/#read-into-request */
#include "infra/alloc.h"
#include "runtime/iterator.h"
#include "runtime/readable_stream_internal.h"

xhr__read_request *xhr__read_request_new(xhr__realm *realm, const xhr__read_request_steps *steps,
                                         JSValueConst object) {
  xhr__read_request *request = XHR__NEW(xhr__read_request);
  if (!request) {
    JS_ThrowOutOfMemory(realm->js);
    return NULL;
  }
  xhr__list_init(&request->node);
  request->steps = steps;
  request->promise = XHR__NO_PROMISE;
  request->object = JS_DupValue(realm->js, object);
  return request;
}

void xhr__read_request_free(JSRuntime *runtime, xhr__read_request *request) {
  xhr__promise_free(runtime, &request->promise);
  JS_FreeValueRT(runtime, request->object);
  xhr__free(request);
}

void xhr__read_request_chunk(xhr__realm *realm, xhr__read_request *request, JSValueConst chunk) {
  request->steps->chunk(realm, request, chunk);
  xhr__read_request_free(JS_GetRuntime(realm->js), request);
}

void xhr__read_request_close(xhr__realm *realm, xhr__read_request *request, JSValueConst chunk) {
  request->steps->close(realm, request, chunk);
  xhr__read_request_free(JS_GetRuntime(realm->js), request);
}

void xhr__read_request_error(xhr__realm *realm, xhr__read_request *request, JSValueConst reason) {
  request->steps->error(realm, request, reason);
  xhr__read_request_free(JS_GetRuntime(realm->js), request);
}

/* ---- those of read(): https://streams.spec.whatwg.org/#default-reader-read, step 3, and
 * https://streams.spec.whatwg.org/#byob-reader-read, step 9 */

static void resolve(xhr__realm *realm, xhr__read_request *request, JSValueConst chunk, bool done) {
  JSContext *js = realm->js;
  JSValue result = xhr__iterator_result_new(js, JS_DupValue(js, chunk), done);
  if (JS_IsException(result)) {
    result = JS_GetException(js);
    xhr__promise_reject(realm, &request->promise, result);
  } else {
    xhr__promise_resolve(realm, &request->promise, result);
  }
  JS_FreeValue(js, result);
}

static void chunk_steps(xhr__realm *realm, xhr__read_request *request, JSValueConst chunk) {
  resolve(realm, request, chunk, false);
}

static void close_steps(xhr__realm *realm, xhr__read_request *request, JSValueConst chunk) {
  resolve(realm, request, chunk, true);
}

static void error_steps(xhr__realm *realm, xhr__read_request *request, JSValueConst reason) {
  xhr__promise_reject(realm, &request->promise, reason);
}

xhr__read_request *xhr__read_request_new_promise(xhr__realm *realm, JSValue *promise) {
  static const xhr__read_request_steps steps = {chunk_steps, close_steps, error_steps};
  xhr__read_request *request = xhr__read_request_new(realm, &steps, JS_UNDEFINED);
  if (!request)
    return NULL;
  if (!xhr__promise_new(realm, &request->promise)) {
    xhr__read_request_free(JS_GetRuntime(realm->js), request);
    return NULL;
  }
  *promise = JS_DupValue(realm->js, request->promise.value);
  return request;
}
