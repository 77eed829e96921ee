#include "runtime/worker_global_scope.h"

#include "infra/alloc.h"
#include "runtime/convert.h"
#include "runtime/import_scripts.h"

/* ---- life ------------------------------------------------------------------------------------------------------- */

xhr__worker_global_scope *xhr__worker_global_scope_new(void) {
  xhr__worker_global_scope *scope = XHR__NEW(xhr__worker_global_scope);
  if (scope)
    scope->location = scope->navigator = JS_UNDEFINED;
  return scope;
}

void xhr__worker_global_scope_finalize(JSRuntime *runtime, void *object) {
  xhr__worker_global_scope *scope = object;
  JS_FreeValueRT(runtime, scope->location);
  JS_FreeValueRT(runtime, scope->navigator);
  xhr__global_scope_free(runtime, &scope->scope);
  xhr__free(scope);
}

void xhr__worker_global_scope_mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  xhr__worker_global_scope *scope = object;
  JS_MarkValue(runtime, scope->location, mark_func);
  JS_MarkValue(runtime, scope->navigator, mark_func);
  xhr__global_scope_mark(runtime, &scope->scope, mark_func);
}

/* ---- members ---------------------------------------------------------------------------------------------------- */

/* https://html.spec.whatwg.org/#dom-workerglobalscope-self */
static JSValue get_self(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)self, (void)this_value;
  return JS_DupValue(realm->js, realm->global);
}

/* The object in `place`, made when it is asked for first. */
static JSValue get_same(xhr__realm *realm, JSValue *place, JSValue (*make)(xhr__realm *realm)) {
  if (JS_IsUndefined(*place)) {
    JSValue value = make(realm);
    if (JS_IsException(value))
      return value;
    *place = value;
  }
  return JS_DupValue(realm->js, *place);
}

/* https://html.spec.whatwg.org/#dom-workerglobalscope-location */
static JSValue get_location(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return get_same(realm, &((xhr__worker_global_scope *)self)->location, xhr__worker_location_new);
}

/* https://html.spec.whatwg.org/#dom-worker-navigator */
static JSValue get_navigator(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return get_same(realm, &((xhr__worker_global_scope *)self)->navigator, xhr__worker_navigator_new);
}

/* https://html.spec.whatwg.org/#dom-dedicatedworkerglobalscope-name and that of shared workers */
JSValue xhr__worker_global_scope_get_name(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)self, (void)this_value;
  return xhr__from_dom_string(realm, xhr__bytes_str(&realm->worker->name));
}

/* https://webidl.spec.whatwg.org/#Replaceable */
bool xhr__worker_global_scope_replace_name(xhr__realm *realm, void *self, JSValueConst this_value,
                                           JSValueConst value) {
  (void)self;
  return xhr__replace(realm, this_value, "name", value);
}

/* https://html.spec.whatwg.org/#close-a-worker */
JSValue xhr__worker_global_scope_close(xhr__realm *realm, void *self, JSValueConst this_value,
                                       int argc, JSValueConst *argv) {
  (void)self, (void)this_value, (void)argc, (void)argv;
  /* 1. - 2. tasks run no script from now on; the thread ends when this one does */
  atomic_store(&realm->worker->closing, true);
  return JS_UNDEFINED;
}

static const xhr__mixin *const includes[] = {&xhr__window_or_worker_global_scope, NULL};

static const xhr__member members[] = {
    XHR__DEFINE_READONLY("self", get_self),
    XHR__DEFINE_READONLY("location", get_location),
    XHR__DEFINE_READONLY("navigator", get_navigator),
    XHR__DEFINE_OPERATION("importScripts", 0, xhr__import_scripts),
    XHR__DEFINE_HANDLER("onerror"),
    XHR__DEFINE_HANDLER("onlanguagechange"),
    XHR__DEFINE_HANDLER("onoffline"),
    XHR__DEFINE_HANDLER("ononline"),
    XHR__DEFINE_HANDLER("onrejectionhandled"),
    XHR__DEFINE_HANDLER("onunhandledrejection"),
};

const xhr__interface xhr__worker_global_scope_interface = {
    .name = "WorkerGlobalScope",
    .inherits = &xhr__event_target_interface,
    .exposed = XHR__EXPOSED_WORKER,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .includes = includes,
    .finalize = xhr__worker_global_scope_finalize,
    .mark = xhr__worker_global_scope_mark,
};

/* ---- the realm -------------------------------------------------------------------------------------------------- */

xhr_status xhr__worker_realm_install(JSContext *js, xhr_context *context,
                                     xhr__worker_agent *agent) {
  xhr__worker_global_scope *scope = xhr__worker_global_scope_new();
  if (!scope)
    return XHR_OUT_OF_MEMORY;
  const xhr__interface *interface = agent->shared ? &xhr__shared_worker_global_scope_interface
                                                  : &xhr__dedicated_worker_global_scope_interface;
  xhr_status status = xhr__realm_install(js, context, &agent->options, interface, scope);
  if (status == XHR_OK) {
    agent->realm = xhr__realm_of(js);
    agent->realm->worker = agent;
  }
  return status;
}

bool xhr__worker_realm_open(xhr__realm *realm) {
  return realm->worker->shared ? xhr__shared_worker_open(realm) : xhr__dedicated_worker_open(realm);
}
