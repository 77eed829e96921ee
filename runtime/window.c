#include "runtime/window.h"

#include "infra/alloc.h"
#include "runtime/convert.h"
#include "runtime/global_event_handlers.h"
#include "runtime/location.h"
#include "runtime/navigator.h"
#include "runtime/page_state.h"

/* ---- the object ------------------------------------------------------------------------------------------------- */

static void finalize(JSRuntime *runtime, void *object) {
  xhr__window *window = object;
  xhr__bytes_free(&window->name);
  xhr__bytes_free(&window->status);
  JS_FreeValueRT(runtime, window->document);
  JS_FreeValueRT(runtime, window->location);
  JS_FreeValueRT(runtime, window->navigator);
  xhr__global_scope_free(runtime, &window->scope);
  xhr__free(window);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  xhr__window *window = object;
  JS_MarkValue(runtime, window->document, mark_func);
  JS_MarkValue(runtime, window->location, mark_func);
  JS_MarkValue(runtime, window->navigator, mark_func);
  xhr__animation_frames_mark(runtime, window->animation_frames, mark_func);
  xhr__global_scope_mark(runtime, &window->scope, mark_func);
}

xhr__window *xhr__window_new(xhr__page *page) {
  xhr__window *window = XHR__NEW(xhr__window);
  if (!window)
    return NULL;
  window->page = page;
  window->document = window->location = window->navigator = JS_UNDEFINED;
  return window;
}

bool xhr__window_define(xhr__realm *realm) {
  JSContext *js = realm->js;
  JSValue prototype = xhr__interface_prototype(realm, &xhr__window_interface);
  JSValue properties = xhr__window_properties_new(realm);
  JSValue location = xhr__location_new(realm);
  bool done = !JS_IsException(prototype) && !JS_IsException(properties) &&
              !JS_IsException(location) && JS_SetPrototype(js, prototype, properties) >= 0;
  if (done)
    xhr__window_of(realm)->location = JS_DupValue(js, location);
  JS_FreeValue(js, location);
  JS_FreeValue(js, properties);
  JS_FreeValue(js, prototype);
  return done;
}

/* ---- windows ---------------------------------------------------------------------------------------------------- */

/* https://html.spec.whatwg.org/#dom-window and #dom-self, #dom-frames; and #dom-parent, #dom-top of a window that is in
 * none. */
static JSValue get_window(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)self, (void)this_value;
  return JS_DupValue(realm->js, realm->global);
}

/* https://html.spec.whatwg.org/#dom-length: of its child navigables there are none. */
static JSValue get_length(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)self, (void)this_value;
  return JS_NewInt32(realm->js, 0);
}

/* https://dom.spec.whatwg.org/#dom-window-event */
static JSValue get_event(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)self, (void)this_value;
  return JS_DupValue(realm->js, realm->current_event);
}

/* https://html.spec.whatwg.org/#dom-opener and #dom-frameelement, of a window that no other opened or contains. */
static JSValue get_null(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)realm, (void)self, (void)this_value;
  return JS_NULL;
}

/* https://html.spec.whatwg.org/#dom-opener, setting: step 1 has nothing to disown; 2. as [Replaceable]. */
static bool set_opener(xhr__realm *realm, void *self, JSValueConst this_value, JSValueConst value) {
  (void)self;
  return JS_IsNull(value) || xhr__replace(realm, this_value, "opener", value);
}

/* https://webidl.spec.whatwg.org/#Replaceable */
#define REPLACE(name_)                                                                             \
  static bool replace_##name_(xhr__realm *realm, void *self, JSValueConst this_value,              \
                              JSValueConst value) {                                                \
    (void)self;                                                                                    \
    return xhr__replace(realm, this_value, #name_, value);                                         \
  }
REPLACE(self)
REPLACE(frames)
REPLACE(length)
REPLACE(parent)
REPLACE(event)
REPLACE(clientInformation)
#undef REPLACE

/* ---- the page --------------------------------------------------------------------------------------------------- */

static JSValue get_document(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_DupValue(realm->js, ((xhr__window *)self)->document);
}

static JSValue get_location(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_DupValue(realm->js, ((xhr__window *)self)->location);
}

/* https://webidl.spec.whatwg.org/#PutForwards, to href */
static bool set_location(xhr__realm *realm, void *self, JSValueConst this_value,
                         JSValueConst value) {
  JSValue location = get_location(realm, self, this_value);
  bool done = !JS_IsException(location) &&
              JS_SetPropertyStr(realm->js, location, "href", JS_DupValue(realm->js, value)) >= 0;
  JS_FreeValue(realm->js, location);
  return done;
}

static JSValue get_navigator(xhr__realm *realm, void *self, JSValueConst this_value) {
  xhr__window *window = self;
  (void)this_value;
  if (JS_IsUndefined(window->navigator)) {
    JSValue navigator = xhr__navigator_new(realm);
    if (JS_IsException(navigator))
      return navigator;
    window->navigator = navigator;
  }
  return JS_DupValue(realm->js, window->navigator);
}

static JSValue get_name(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_dom_string(realm, xhr__bytes_str(&((xhr__window *)self)->name));
}

static JSValue get_status(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_dom_string(realm, xhr__bytes_str(&((xhr__window *)self)->status));
}

/* Sets `to` to the value as a DOMString. */
static bool set_string(xhr__realm *realm, xhr__bytes *to, JSValueConst value) {
  xhr__bytes text = {0};
  if (!xhr__to_dom_string(realm, value, &text)) {
    xhr__bytes_free(&text);
    return false;
  }
  xhr__bytes_move(to, &text);
  return true;
}

static bool set_name(xhr__realm *realm, void *self, JSValueConst this_value, JSValueConst value) {
  (void)this_value;
  return set_string(realm, &((xhr__window *)self)->name, value);
}

static bool set_status(xhr__realm *realm, void *self, JSValueConst this_value, JSValueConst value) {
  (void)this_value;
  return set_string(realm, &((xhr__window *)self)->status, value);
}

/* https://html.spec.whatwg.org/#dom-originagentcluster: no page here is keyed so. */
static JSValue get_origin_agent_cluster(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)self, (void)this_value;
  return JS_NewBool(realm->js, false);
}

/* https://html.spec.whatwg.org/#dom-window-closed */
static JSValue get_closed(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewBool(realm->js, ((xhr__window *)self)->is_closing);
}

/* https://html.spec.whatwg.org/#dom-window-close
 * NOTE: step 5 asks whether it is script-closable. Its session history has one entry at most, so it is. */
static JSValue close(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                     JSValueConst *argv) {
  xhr__window *window = self;
  (void)realm, (void)this_value, (void)argc, (void)argv;
  /* 1. - 4. */
  if (window->is_closing)
    return JS_UNDEFINED;
  /* 5.1. */
  window->is_closing = true;
  /* 5.2. */
  xhr__page_close(window->page);
  return JS_UNDEFINED;
}

/* https://html.spec.whatwg.org/#dom-window-stop */
static JSValue stop(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                    JSValueConst *argv) {
  (void)realm, (void)this_value, (void)argc, (void)argv;
  xhr__page_stop_loading(((xhr__window *)self)->page);
  return JS_UNDEFINED;
}

/* https://html.spec.whatwg.org/#dom-window-blur, #dom-window-captureevents and #dom-window-releaseevents, which do nothing; and
 * https://html.spec.whatwg.org/#dom-window-focus, where there is no screen. */
static JSValue do_nothing(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                          JSValueConst *argv) {
  (void)realm, (void)self, (void)this_value, (void)argc, (void)argv;
  return JS_UNDEFINED;
}

static const xhr__member members[] = {
    XHR__DEFINE_UNFORGEABLE("window", get_window),
    XHR__DEFINE_ATTRIBUTE("self", get_window, replace_self),
    XHR__DEFINE_UNFORGEABLE("document", get_document),
    XHR__DEFINE_ATTRIBUTE("name", get_name, set_name),
    {.name = "location", .kind = XHR__UNFORGEABLE, .get = get_location, .set = set_location},
    XHR__DEFINE_ATTRIBUTE("status", get_status, set_status),
    XHR__DEFINE_OPERATION("close", 0, close),
    XHR__DEFINE_READONLY("closed", get_closed),
    XHR__DEFINE_OPERATION("stop", 0, stop),
    XHR__DEFINE_OPERATION("focus", 0, do_nothing),
    XHR__DEFINE_OPERATION("blur", 0, do_nothing),
    XHR__DEFINE_ATTRIBUTE("frames", get_window, replace_frames),
    XHR__DEFINE_ATTRIBUTE("length", get_length, replace_length),
    XHR__DEFINE_UNFORGEABLE("top", get_window),
    XHR__DEFINE_ATTRIBUTE("opener", get_null, set_opener),
    XHR__DEFINE_ATTRIBUTE("parent", get_window, replace_parent),
    XHR__DEFINE_READONLY("frameElement", get_null),
    XHR__DEFINE_READONLY("navigator", get_navigator),
    XHR__DEFINE_ATTRIBUTE("clientInformation", get_navigator, replace_clientInformation),
    XHR__DEFINE_ATTRIBUTE("event", get_event, replace_event),
    XHR__DEFINE_READONLY("originAgentCluster", get_origin_agent_cluster),
    XHR__DEFINE_OPERATION("postMessage", 1, xhr__window_post_message),
    XHR__DEFINE_OPERATION("requestAnimationFrame", 1, xhr__request_animation_frame),
    XHR__DEFINE_OPERATION("cancelAnimationFrame", 1, xhr__cancel_animation_frame),
    XHR__DEFINE_OPERATION("captureEvents", 0, do_nothing),
    XHR__DEFINE_OPERATION("releaseEvents", 0, do_nothing),
};

static const xhr__mixin *const includes[] = {
    &xhr__global_event_handlers,
    &xhr__window_event_handlers,
    &xhr__window_or_worker_global_scope,
    NULL,
};

const xhr__interface xhr__window_interface = {
    .name = "Window",
    .inherits = &xhr__event_target_interface,
    .global = XHR__EXPOSED_WINDOW,
    .exposed = XHR__EXPOSED_WINDOW,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .includes = includes,
    .finalize = finalize,
    .mark = mark,
};
