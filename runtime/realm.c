#include "runtime/realm.h"

#include <pthread.h>
#include <stdio.h>

#include "infra/alloc.h"
#include "runtime/console.h"
#include "runtime/dom_exception.h"
#include "runtime/event.h"
#include "runtime/event_target.h"
#include "runtime/global_scope.h"
#include "runtime/rejections.h"
#include "runtime/worker_agent.h"

/* A class whose prototype in a JSContext is an object that carries the realm: found at once, whatever the embedder uses
 * JS_SetContextOpaque for. */
static JSClassID realm_class;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_class(void) {
  JS_NewClassID(&realm_class);
}

xhr__realm *xhr__realm_of(JSContext *js) {
  JSValue holder = JS_GetClassProto(js, realm_class);
  xhr__realm *realm = JS_GetOpaque(holder, realm_class);
  JS_FreeValue(js, holder);
  return realm;
}

/* Hangs the realm on its JSContext. */
static bool hang(xhr__realm *realm) {
  static const JSClassDef class = {.class_name = "libxhr realm"};
  JSContext *js = realm->js;
  JSRuntime *runtime = JS_GetRuntime(js);
  if (!JS_IsRegisteredClass(runtime, realm_class) && JS_NewClass(runtime, realm_class, &class) < 0)
    return false;
  JSValue holder = JS_NewObjectProtoClass(js, JS_NULL, realm_class);
  if (JS_IsException(holder))
    return false;
  JS_SetOpaque(holder, realm);
  JS_SetClassProto(js, realm_class, holder);
  return true;
}

/* Takes it off again, which tells functions that are still called that it is gone. */
static void unhang(JSContext *js) {
  JSValue holder = JS_GetClassProto(js, realm_class);
  JS_SetOpaque(holder, NULL);
  JS_FreeValue(js, holder);
}

/* Frees what the realm holds, whether or not all of it was made. */
static void free_realm(xhr__realm *realm) {
  JSContext *js = realm->js;
  for (size_t i = 0; realm->interface_objects && i < xhr__interface_count; i++)
    JS_FreeValue(js, realm->interface_objects[i]);
  xhr__free(realm->interface_objects);
  for (size_t i = 0; i < realm->unforgeable_count; i++) {
    JS_FreeAtom(js, realm->unforgeables[i].name);
    JS_FreeValue(js, realm->unforgeables[i].getter);
    JS_FreeValue(js, realm->unforgeables[i].setter);
  }
  xhr__free(realm->unforgeables);
  JS_FreeValue(js, realm->concatenate);
  JS_FreeValue(js, realm->performance);
  JS_FreeValue(js, realm->byte_length_size);
  JS_FreeValue(js, realm->count_size);
  xhr__console_free(realm);
  xhr__buffer_classes_free(realm);
  xhr__intrinsics_free(realm);
  xhr__rejections_free(realm);
  JS_FreeValue(js, realm->global_target);
  JS_FreeValue(js, realm->global);
  JS_FreeAtom(js, realm->symbol_iterator);
  xhr__url_free(&realm->script_url);
  xhr_context_unref(realm->context);
  xhr__free(realm);
}

/* Symbol.iterator; JS_ATOM_NULL where it threw. */
static JSAtom symbol_iterator(JSContext *js) {
  static const char code[] = "Symbol.iterator";
  JSValue symbol = JS_Eval(js, code, sizeof code - 1, "<libxhr>", JS_EVAL_TYPE_GLOBAL);
  JSAtom atom = JS_IsException(symbol) ? JS_ATOM_NULL : JS_ValueToAtom(js, symbol);
  JS_FreeValue(js, symbol);
  return atom;
}

/* A realm with nothing defined in it yet. */
static xhr__realm *new_realm(JSContext *js, xhr_context *context,
                             const xhr_quickjs_options *options) {
  xhr__realm *realm = XHR__NEW(xhr__realm);
  if (!realm)
    return NULL;
  realm->js = js;
  realm->context = xhr_context_ref(context);
  realm->options = options ? *options : (xhr_quickjs_options){0};
  realm->global = JS_GetGlobalObject(js);
  realm->symbol_iterator = symbol_iterator(js);
  realm->global_target = realm->concatenate = realm->performance = JS_UNDEFINED;
  realm->current_event = realm->byte_length_size = realm->count_size = JS_UNDEFINED;
  for (int i = 0; i < 3; i++)
    realm->buffer_classes.data_view_get[i] = JS_UNDEFINED;
  xhr__list_init(&realm->teardown);
  realm->time_origin = xhr__loop_now(context->loop);
  realm->interface_objects = xhr__calloc(xhr__interface_count, sizeof(JSValue));
  if (realm->interface_objects) {
    for (size_t i = 0; i < xhr__interface_count; i++)
      realm->interface_objects[i] = JS_UNDEFINED;
  }
  return realm;
}

/* Whether a realm may be made there. */
static xhr_status check(JSContext *js, xhr_context *context) {
  if (!js || !context)
    return XHR_INVALID_ARGUMENT;
  if (!xhr__loop_is_current(context->loop))
    return XHR_WRONG_THREAD;
  (void)pthread_once(&once, make_class);
  if (JS_IsRegisteredClass(JS_GetRuntime(js), realm_class) && xhr__realm_of(js))
    return XHR_INVALID_STATE_ERR;
  return XHR_OK;
}

/* Makes the realm and hangs it on its JSContext. */
static xhr_status make_realm(JSContext *js, xhr_context *context,
                             const xhr_quickjs_options *options, xhr__realm **out) {
  xhr_status status = check(js, context);
  if (status != XHR_OK)
    return status;
  xhr__realm *realm = new_realm(js, context, options);
  if (!realm)
    return XHR_OUT_OF_MEMORY;
  if (!realm->interface_objects || realm->symbol_iterator == JS_ATOM_NULL || !hang(realm)) {
    free_realm(realm);
    return XHR_OUT_OF_MEMORY;
  }
  *out = realm;
  return XHR_OK;
}

xhr_status xhr__realm_install(JSContext *js, xhr_context *context,
                              const xhr_quickjs_options *options, const xhr__interface *interface,
                              void *scope) {
  xhr__realm *realm;
  xhr_status status = make_realm(js, context, options, &realm);
  if (status != XHR_OK) {
    interface->finalize(js ? JS_GetRuntime(js) : NULL, scope);
    return status;
  }
  realm->global_kind = interface->global;
  bool done = xhr__buffer_classes_init(realm) && xhr__intrinsics_init(realm) &&
              xhr__interfaces_define(realm) && xhr__rejections_init(realm);
  /* It takes over the scope whatever comes of it. */
  if (!done)
    interface->finalize(JS_GetRuntime(js), scope);
  if (!done || !xhr__global_scope_define(realm, interface, scope) || !xhr__console_define(realm)) {
    (void)xhr_quickjs_uninstall(js);
    return XHR_OUT_OF_MEMORY;
  }
  return XHR_OK;
}

xhr_status xhr_quickjs_install(JSContext *js, xhr_context *context,
                               const xhr_quickjs_options *options) {
  xhr__global_scope *scope = XHR__NEW(xhr__global_scope);
  if (!scope)
    return XHR_OUT_OF_MEMORY;
  return xhr__realm_install(js, context, options, &xhr__global_scope_interface, scope);
}

xhr_status xhr_quickjs_uninstall(JSContext *js) {
  xhr__realm *realm = NULL;
  if (js && JS_IsRegisteredClass(JS_GetRuntime(js), realm_class))
    realm = xhr__realm_of(js);
  if (!realm)
    return XHR_OK;
  if (realm->depth > 0)
    return XHR_REENTRANT;
  while (!xhr__list_empty(&realm->teardown)) {
    xhr__teardown *teardown = XHR__OWNER(realm->teardown.next, xhr__teardown, node);
    teardown->end(teardown);
  }
  unhang(js);
  free_realm(realm);
  return XHR_OK;
}

size_t xhr_quickjs_pending(JSContext *js) {
  xhr__realm *realm = NULL;
  if (js && JS_IsRegisteredClass(JS_GetRuntime(js), realm_class))
    realm = xhr__realm_of(js);
  size_t count = 0;
  for (xhr__list *node = realm ? realm->teardown.next : NULL; node && node != &realm->teardown;
       node = node->next)
    count += !XHR__OWNER(node, xhr__teardown, node)->idle;
  return count;
}

/* ---- calling scripts -------------------------------------------------------------------------------------------- */

bool xhr__realm_is_closing(const xhr__realm *realm) {
  return realm->worker && atomic_load(&realm->worker->closing);
}

bool xhr__realm_is_terminated(const xhr__realm *realm) {
  return realm->worker && atomic_load(&realm->worker->terminated);
}

bool xhr__realm_call(xhr__realm *realm, JSValueConst function, JSValueConst this_value, int argc,
                     JSValueConst *argv, JSValue *result) {
  /* A new task of a worker that has been closed. */
  if (realm->depth == 0 && xhr__realm_is_closing(realm))
    return false;
  realm->depth++;
  JSValue value = JS_Call(realm->js, function, this_value, argc, argv);
  bool threw = JS_IsException(value);
  if (threw)
    xhr__realm_report_pending(realm);
  realm->depth--;
  if (result)
    *result = threw ? JS_UNDEFINED : value;
  else
    JS_FreeValue(realm->js, value);
  if (realm->depth == 0)
    xhr__realm_checkpoint(realm);
  return !threw;
}

void xhr__realm_checkpoint(xhr__realm *realm) {
  JSRuntime *runtime = JS_GetRuntime(realm->js);
  JSContext *js;
  if (xhr__realm_is_terminated(realm))
    return;
  realm->depth++;
  /* The "currently running task" is a microtask from now on. */
  realm->timer_nesting_level = 0;
  for (;;) {
    int done = JS_ExecutePendingJob(runtime, &js);
    if (done == 0)
      break;
    if (done < 0) {
      xhr__realm *other = xhr__realm_of(js);
      xhr__realm_report_pending(other ? other : realm);
    }
  }
  realm->depth--;
  xhr__rejections_notify(realm);
}

void xhr__realm_report_pending(xhr__realm *realm) {
  xhr__realm_report(realm, JS_GetException(realm->js));
}
