#include "runtime/performance.h"

#include <time.h>

#include "infra/alloc.h"
#include "runtime/event_target.h"
#include "session/loop.h"

typedef struct performance {
  xhr__js_event_target target;
  double time_origin; /* milliseconds since 1970 */
} performance;

static void finalize(JSRuntime *runtime, void *object) {
  xhr__js_event_target_free(runtime, object);
  xhr__free(object);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  xhr__js_event_target_mark(runtime, object, mark_func);
}

/* https://w3c.github.io/hr-time/#dfn-current-high-resolution-time
 * NOTE: not coarsened: there is nobody's else data in the process. */
double xhr__performance_now(const xhr__realm *realm) {
  xhr__time now = xhr__loop_now(realm->context->loop);
  return (double)(now - realm->time_origin) / (double)XHR__MILLISECOND;
}

static double wall_clock(void) {
  struct timespec now;
  (void)clock_gettime(CLOCK_REALTIME, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* https://w3c.github.io/hr-time/#dom-performance-now */
static JSValue get_now(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                       JSValueConst *argv) {
  (void)self, (void)this_value, (void)argc, (void)argv;
  return JS_NewFloat64(realm->js, xhr__performance_now(realm));
}

/* https://w3c.github.io/hr-time/#dom-performance-timeorigin */
static JSValue get_time_origin(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewFloat64(realm->js, ((performance *)self)->time_origin);
}

/* https://webidl.spec.whatwg.org/#default-tojson-steps */
static JSValue to_json(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                       JSValueConst *argv) {
  JSContext *js = realm->js;
  JSValue object = JS_NewObject(js);
  (void)argc, (void)argv;
  if (JS_IsException(object))
    return object;
  if (JS_DefinePropertyValueStr(js, object, "timeOrigin", get_time_origin(realm, self, this_value),
                                JS_PROP_C_W_E) >= 0)
    return object;
  JS_FreeValue(js, object);
  return JS_EXCEPTION;
}

static const xhr__member members[] = {
    XHR__DEFINE_OPERATION("now", 0, get_now),
    XHR__DEFINE_READONLY("timeOrigin", get_time_origin),
    XHR__DEFINE_OPERATION("toJSON", 0, to_json),
};

const xhr__interface xhr__performance_interface = {
    .name = "Performance",
    .inherits = &xhr__event_target_interface,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = finalize,
    .mark = mark,
};

/* https://w3c.github.io/hr-time/#the-performance-attribute: made when it is first asked for. */
JSValue xhr__get_performance(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)self, (void)this_value;
  if (JS_IsUndefined(realm->performance)) {
    performance *object = XHR__NEW(performance);
    if (!object)
      return JS_ThrowOutOfMemory(realm->js);
    object->time_origin = wall_clock() - xhr__performance_now(realm);
    JSValue value =
        xhr__platform_object_new(realm, &xhr__performance_interface, JS_UNDEFINED, object);
    if (JS_IsException(value))
      return value;
    realm->performance = value;
  }
  return JS_DupValue(realm->js, realm->performance);
}

bool xhr__replace_performance(xhr__realm *realm, void *self, JSValueConst this_value,
                              JSValueConst value) {
  (void)self;
  return xhr__replace(realm, this_value, "performance", value);
}
