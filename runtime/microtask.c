#include "runtime/microtask.h"

/* The microtask: invokes the callback and reports what it throws. */
static JSValue run(JSContext *js, int argc, JSValueConst *argv) {
  xhr__realm *realm = xhr__realm_of(js);
  (void)argc;
  if (!realm)
    return JS_UNDEFINED;
  /* Within a checkpoint, so that none follows. */
  realm->depth++;
  (void)xhr__realm_call(realm, argv[0], JS_UNDEFINED, 0, NULL, NULL);
  realm->depth--;
  return JS_UNDEFINED;
}

/* https://html.spec.whatwg.org/#dom-queuemicrotask */
JSValue xhr__queue_microtask(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                             JSValueConst *argv) {
  (void)self, (void)this_value, (void)argc;
  if (!JS_IsFunction(realm->js, argv[0]))
    return JS_ThrowTypeError(realm->js, "queueMicrotask: the callback is no function");
  return JS_EnqueueJob(realm->js, run, 1, argv) < 0 ? JS_EXCEPTION : JS_UNDEFINED;
}
