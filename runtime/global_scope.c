#include "runtime/global_scope.h"

#include "infra/alloc.h"
#include "runtime/base64.h"
#include "runtime/event_target.h"
#include "runtime/microtask.h"
#include "runtime/performance.h"
#include "runtime/structured_clone.h"
#include "runtime/timers.h"

typedef struct global_scope {
  xhr__js_event_target target;
  bool in_error_reporting_mode;
} global_scope;

static void finalize(JSRuntime *runtime, void *object) {
  xhr__js_event_target_free(runtime, object);
  xhr__free(object);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  xhr__js_event_target_mark(runtime, object, mark_func);
}

bool xhr__global_scope_set_reporting(xhr__realm *realm, bool reporting) {
  global_scope *scope = (global_scope *)(void *)realm->global_object;
  bool was = !scope || scope->in_error_reporting_mode;
  if (scope)
    scope->in_error_reporting_mode = reporting;
  return was;
}

/* https://html.spec.whatwg.org/#dom-reporterror */
static JSValue report_error(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                            JSValueConst *argv) {
  (void)self;
  (void)this_value;
  (void)argc;
  xhr__realm_report(realm, JS_DupValue(realm->js, argv[0]));
  return JS_UNDEFINED;
}

static const xhr__member members[] = {
    XHR__DEFINE_HANDLER("onerror"),
    XHR__DEFINE_HANDLER("onunhandledrejection"),
    XHR__DEFINE_HANDLER("onrejectionhandled"),
    XHR__DEFINE_OPERATION("reportError", 1, report_error),
    XHR__DEFINE_OPERATION("btoa", 1, xhr__btoa),
    XHR__DEFINE_OPERATION("atob", 1, xhr__atob),
    XHR__DEFINE_OPERATION("queueMicrotask", 1, xhr__queue_microtask),
    XHR__DEFINE_OPERATION("structuredClone", 1, xhr__structured_clone),
    XHR__DEFINE_OPERATION("setTimeout", 1, xhr__set_timeout),
    XHR__DEFINE_OPERATION("clearTimeout", 0, xhr__clear_timeout),
    XHR__DEFINE_OPERATION("setInterval", 1, xhr__set_interval),
    XHR__DEFINE_OPERATION("clearInterval", 0, xhr__clear_timeout),
    XHR__DEFINE_ATTRIBUTE("performance", xhr__get_performance, xhr__replace_performance),
};

const xhr__interface xhr__global_scope_interface = {
    .name = "GlobalScope",
    .inherits = &xhr__event_target_interface,
    .hidden = true,
    .global = true,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = finalize,
    .mark = mark,
};

bool xhr__global_scope_define(xhr__realm *realm) {
  JSContext *js = realm->js;
  global_scope *scope = XHR__NEW(global_scope);
  if (!scope) {
    JS_ThrowOutOfMemory(js);
    return false;
  }
  JSValue value =
      xhr__platform_object_new(realm, &xhr__global_scope_interface, JS_UNDEFINED, scope);
  if (JS_IsException(value))
    return false;
  realm->global_target = value;
  realm->global_object = &scope->target.object;
  JSValue prototype = xhr__interface_prototype(realm, &xhr__global_scope_interface);
  bool done = !JS_IsException(prototype) && JS_SetPrototype(js, realm->global, prototype) >= 0;
  JS_FreeValue(js, prototype);
  /* https://html.spec.whatwg.org/#dom-window-self and #dom-workerglobalscope-self
   * NOTE: [Replaceable] in windows: a property that can be written over is the same to scripts. */
  return done && JS_DefinePropertyValueStr(js, realm->global, "self",
                                           JS_DupValue(js, realm->global), JS_PROP_C_W_E) >= 0;
}
