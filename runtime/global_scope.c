#include "runtime/global_scope.h"

#include "infra/alloc.h"
#include "runtime/base64.h"
#include "runtime/event_target.h"
#include "runtime/microtask.h"
#include "runtime/performance.h"
#include "runtime/structured_clone.h"
#include "runtime/timers.h"

void xhr__global_scope_free(JSRuntime *runtime, xhr__global_scope *scope) {
  xhr__js_event_target_free(runtime, &scope->target);
}

void xhr__global_scope_mark(JSRuntime *runtime, xhr__global_scope *scope, JS_MarkFunc *mark_func) {
  xhr__js_event_target_mark(runtime, &scope->target, mark_func);
}

static void finalize(JSRuntime *runtime, void *object) {
  xhr__global_scope_free(runtime, object);
  xhr__free(object);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  xhr__global_scope_mark(runtime, object, mark_func);
}

bool xhr__global_scope_set_reporting(xhr__realm *realm, bool reporting) {
  xhr__global_scope *scope = (xhr__global_scope *)(void *)realm->global_object;
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

/* https://html.spec.whatwg.org/#dom-origin */
static JSValue get_origin(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)self, (void)this_value;
  xhr__str origin = realm->context->client
                        ? xhr__origin_serialization(&realm->context->client->origin)
                        : XHR__STR("null");
  return JS_NewStringLen(realm->js, origin.data, origin.len);
}

/* https://html.spec.whatwg.org/#dom-issecurecontext */
static JSValue get_is_secure_context(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)self, (void)this_value;
  return JS_NewBool(realm->js, !realm->context->client || realm->context->client->secure_context);
}

/* https://html.spec.whatwg.org/#dom-crossoriginisolated: nothing here ever is. */
static JSValue get_cross_origin_isolated(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)self, (void)this_value;
  return JS_NewBool(realm->js, false);
}

/* https://html.spec.whatwg.org/#dom-window-self and #dom-workerglobalscope-self */
static JSValue get_self(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)self, (void)this_value;
  return JS_DupValue(realm->js, realm->global);
}

/* https://webidl.spec.whatwg.org/#Replaceable */
static bool replace_self(xhr__realm *realm, void *self, JSValueConst this_value,
                         JSValueConst value) {
  (void)self;
  return xhr__replace(realm, this_value, "self", value);
}

static bool replace_origin(xhr__realm *realm, void *self, JSValueConst this_value,
                           JSValueConst value) {
  (void)self;
  return xhr__replace(realm, this_value, "origin", value);
}

static const xhr__member shared_members[] = {
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
    {.name = "origin",
     .kind = XHR__ATTRIBUTE,
     .get = get_origin,
     .set = replace_origin,
     .exposed = XHR__EXPOSED_WINDOW | XHR__EXPOSED_WORKER},
    {.name = "isSecureContext",
     .kind = XHR__ATTRIBUTE,
     .get = get_is_secure_context,
     .exposed = XHR__EXPOSED_WINDOW | XHR__EXPOSED_WORKER},
    {.name = "crossOriginIsolated",
     .kind = XHR__ATTRIBUTE,
     .get = get_cross_origin_isolated,
     .exposed = XHR__EXPOSED_WINDOW | XHR__EXPOSED_WORKER},
};

const xhr__mixin xhr__window_or_worker_global_scope = {
    .members = shared_members,
    .member_count = sizeof shared_members / sizeof *shared_members,
};

static const xhr__mixin *const includes[] = {&xhr__window_or_worker_global_scope, NULL};

static const xhr__member members[] = {
    XHR__DEFINE_ATTRIBUTE("self", get_self, replace_self),
    XHR__DEFINE_HANDLER("onerror"),
    XHR__DEFINE_HANDLER("onunhandledrejection"),
    XHR__DEFINE_HANDLER("onrejectionhandled"),
};

const xhr__interface xhr__global_scope_interface = {
    .name = "GlobalScope",
    .inherits = &xhr__event_target_interface,
    .hidden = true,
    .global = XHR__EXPOSED_PLAIN,
    .exposed = XHR__EXPOSED_PLAIN,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .includes = includes,
    .finalize = finalize,
    .mark = mark,
};

/* The engine's global object has a Symbol.toStringTag of its own, which hides that of its interface. */
static bool forget_tag(xhr__realm *realm) {
  JSContext *js = realm->js;
  JSValue symbols = JS_GetPropertyStr(js, realm->global, "Symbol");
  JSValue tag = JS_GetPropertyStr(js, symbols, "toStringTag");
  JSAtom key = JS_ValueToAtom(js, tag);
  bool done = key != JS_ATOM_NULL && JS_DeleteProperty(js, realm->global, key, 0) >= 0;
  JS_FreeAtom(js, key);
  JS_FreeValue(js, tag);
  JS_FreeValue(js, symbols);
  return done;
}

bool xhr__global_scope_define(xhr__realm *realm, const xhr__interface *interface, void *scope) {
  JSContext *js = realm->js;
  JSValue value = xhr__platform_object_new(realm, interface, JS_UNDEFINED, scope);
  if (JS_IsException(value))
    return false;
  realm->global_target = value;
  realm->global_object = scope;
  JSValue prototype = xhr__interface_prototype(realm, interface);
  bool done = !JS_IsException(prototype) && JS_SetPrototype(js, realm->global, prototype) >= 0 &&
              (interface->hidden || forget_tag(realm));
  JS_FreeValue(js, prototype);
  return done;
}
