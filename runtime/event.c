#include "runtime/event.h"

#include "infra/alloc.h"
#include "runtime/convert.h"
#include "runtime/performance.h"

/* ---- for all events --------------------------------------------------------------------------------------------- */

static bool init(xhr__realm *realm, void *object, const xhr__interface *interface) {
  xhr__js_event *event = object;
  if (!event) {
    JS_ThrowOutOfMemory(realm->js);
    return false;
  }
  event->object.interface = interface;
  event->target = event->current_target = JS_NULL;
  event->event_phase = XHR__PHASE_NONE;
  event->initialized = true;
  event->time_stamp = xhr__performance_now(realm);
  return true;
}

/* https://dom.spec.whatwg.org/#inner-event-creation-steps */
bool xhr__js_event_construct(xhr__realm *realm, void *object, const xhr__interface *interface,
                             int argc, JSValueConst *argv) {
  static const xhr__dictionary_member event_init[] = {
      {"bubbles", XHR__IDL_BOOLEAN, offsetof(xhr__js_event, bubbles)},
      {"cancelable", XHR__IDL_BOOLEAN, offsetof(xhr__js_event, cancelable)},
      {"composed", XHR__IDL_BOOLEAN, offsetof(xhr__js_event, composed)},
  };
  xhr__js_event *event = object;
  return init(realm, event, interface) && xhr__to_dom_string(realm, argv[0], &event->type) &&
         xhr__dictionary_read(realm, argc > 1 ? argv[1] : JS_UNDEFINED, event_init,
                              sizeof event_init / sizeof *event_init, event);
}

bool xhr__js_event_create(xhr__realm *realm, void *object, const xhr__interface *interface,
                          const char *type, bool bubbles, bool cancelable) {
  xhr__js_event *event = object;
  if (!init(realm, event, interface))
    return false;
  event->is_trusted = true;
  event->bubbles = bubbles;
  event->cancelable = cancelable;
  if (xhr__bytes_assign(&event->type, xhr__str_c(type)) == XHR_OK)
    return true;
  JS_ThrowOutOfMemory(realm->js);
  return false;
}

JSValue xhr__js_event_value(xhr__realm *realm, bool done, JSValueConst new_target, void *object) {
  xhr__js_event *event = object;
  if (!done) {
    if (event)
      event->object.interface->finalize(JS_GetRuntime(realm->js), event);
    return JS_EXCEPTION;
  }
  return xhr__platform_object_new(realm, event->object.interface, new_target, event);
}

void xhr__js_event_free(JSRuntime *runtime, xhr__js_event *event) {
  JS_FreeValueRT(runtime, event->target);
  JS_FreeValueRT(runtime, event->current_target);
  xhr__bytes_free(&event->type);
}

void xhr__js_event_finalize(JSRuntime *runtime, void *object) {
  xhr__js_event_free(runtime, object);
  xhr__free(object);
}

void xhr__js_event_mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark) {
  xhr__js_event *event = object;
  JS_MarkValue(runtime, event->target, mark);
  JS_MarkValue(runtime, event->current_target, mark);
}

void xhr__event_set_canceled(xhr__js_event *event) {
  if (event->cancelable && !event->in_passive_listener)
    event->canceled = true;
}

/* ---- Event ------------------------------------------------------------------------------------------------------ */

/* https://dom.spec.whatwg.org/#dom-event-event */
static JSValue construct(xhr__realm *realm, JSValueConst new_target, int argc, JSValueConst *argv) {
  xhr__js_event *event = XHR__NEW(xhr__js_event);
  bool done = xhr__js_event_construct(realm, event, &xhr__event_interface, argc, argv);
  return xhr__js_event_value(realm, done, new_target, event);
}

JSValue xhr__event_new(xhr__realm *realm, const char *type, bool bubbles, bool cancelable) {
  xhr__js_event *event = XHR__NEW(xhr__js_event);
  bool done = xhr__js_event_create(realm, event, &xhr__event_interface, type, bubbles, cancelable);
  return xhr__js_event_value(realm, done, JS_UNDEFINED, event);
}

JSValue xhr__event_create_uninitialized(xhr__realm *realm, const xhr__interface *interface) {
  JSValue type = JS_NewString(realm->js, "");
  JSValueConst arguments[] = {type};
  JSValue value =
      JS_IsException(type) ? JS_EXCEPTION : interface->construct(realm, JS_UNDEFINED, 1, arguments);
  JS_FreeValue(realm->js, type);
  xhr__js_event *event = xhr__platform_object_of(value, &xhr__event_interface);
  if (event)
    event->initialized = false;
  return value;
}

static JSValue get_type(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_dom_string(realm, xhr__bytes_str(&((xhr__js_event *)self)->type));
}

static JSValue get_target(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_DupValue(realm->js, ((xhr__js_event *)self)->target);
}

static JSValue get_current_target(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_DupValue(realm->js, ((xhr__js_event *)self)->current_target);
}

static JSValue get_event_phase(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewUint32(realm->js, ((xhr__js_event *)self)->event_phase);
}

/* https://dom.spec.whatwg.org/#dom-event-composedpath: there are no shadow trees, so that nothing is hidden. */
static JSValue composed_path(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                             JSValueConst *argv) {
  const xhr__js_event *event = self;
  (void)this_value;
  (void)argc;
  (void)argv;
  JSValue path = JS_NewArray(realm->js);
  if (JS_IsException(path) || JS_IsNull(event->current_target))
    return path;
  const xhr__event_path only = {.objects = (JSValue *)&event->current_target, .count = 1};
  const xhr__event_path *objects = event->path ? event->path : &only;
  for (size_t i = 0; i < objects->count; i++) {
    JSValue object = JS_DupValue(realm->js, objects->objects[i]);
    if (JS_DefinePropertyValueUint32(realm->js, path, (uint32_t)i, object, JS_PROP_C_W_E) < 0) {
      JS_FreeValue(realm->js, path);
      return JS_EXCEPTION;
    }
  }
  return path;
}

static JSValue stop_propagation(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                JSValueConst *argv) {
  (void)realm;
  (void)this_value;
  (void)argc;
  (void)argv;
  ((xhr__js_event *)self)->stop_propagation = true;
  return JS_UNDEFINED;
}

static JSValue get_cancel_bubble(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewBool(realm->js, ((xhr__js_event *)self)->stop_propagation);
}

static bool set_cancel_bubble(xhr__realm *realm, void *self, JSValueConst this_value,
                              JSValueConst value) {
  bool stop;
  (void)this_value;
  if (!xhr__to_boolean(realm, value, &stop))
    return false;
  if (stop)
    ((xhr__js_event *)self)->stop_propagation = true;
  return true;
}

static JSValue stop_immediate_propagation(xhr__realm *realm, void *self, JSValueConst this_value,
                                          int argc, JSValueConst *argv) {
  ((xhr__js_event *)self)->stop_immediate_propagation = true;
  return stop_propagation(realm, self, this_value, argc, argv);
}

static JSValue get_bubbles(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewBool(realm->js, ((xhr__js_event *)self)->bubbles);
}

static JSValue get_cancelable(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewBool(realm->js, ((xhr__js_event *)self)->cancelable);
}

static JSValue get_return_value(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewBool(realm->js, !((xhr__js_event *)self)->canceled);
}

static bool set_return_value(xhr__realm *realm, void *self, JSValueConst this_value,
                             JSValueConst value) {
  bool keep;
  (void)this_value;
  if (!xhr__to_boolean(realm, value, &keep))
    return false;
  if (!keep)
    xhr__event_set_canceled(self);
  return true;
}

static JSValue prevent_default(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                               JSValueConst *argv) {
  (void)realm;
  (void)this_value;
  (void)argc;
  (void)argv;
  xhr__event_set_canceled(self);
  return JS_UNDEFINED;
}

static JSValue get_default_prevented(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewBool(realm->js, ((xhr__js_event *)self)->canceled);
}

static JSValue get_composed(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewBool(realm->js, ((xhr__js_event *)self)->composed);
}

static JSValue get_is_trusted(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewBool(realm->js, ((xhr__js_event *)self)->is_trusted);
}

static JSValue get_time_stamp(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewFloat64(realm->js, ((xhr__js_event *)self)->time_stamp);
}

bool xhr__js_event_initialize(xhr__realm *realm, xhr__js_event *event, xhr__bytes *type,
                              bool bubbles, bool cancelable) {
  if (event->dispatch)
    return false;
  /* 1. - 2. */
  event->initialized = true;
  event->stop_propagation = event->stop_immediate_propagation = event->canceled = false;
  /* 3. - 4. */
  event->is_trusted = false;
  JS_FreeValue(realm->js, event->target);
  event->target = JS_NULL;
  /* 5. - 7. */
  xhr__bytes_move(&event->type, type);
  event->bubbles = bubbles;
  event->cancelable = cancelable;
  return true;
}

/* initEvent, and what the interfaces that inherit from Event have like it. */
static bool init_event(xhr__realm *realm, xhr__js_event *event, int argc, JSValueConst *argv) {
  xhr__bytes type = {0};
  bool bubbles = false, cancelable = false;
  bool done = xhr__to_dom_string(realm, argv[0], &type) &&
              (argc < 2 || xhr__to_boolean(realm, argv[1], &bubbles)) &&
              (argc < 3 || xhr__to_boolean(realm, argv[2], &cancelable));
  if (done)
    (void)xhr__js_event_initialize(realm, event, &type, bubbles, cancelable);
  xhr__bytes_free(&type);
  return done;
}

static JSValue init_event_operation(xhr__realm *realm, void *self, JSValueConst this_value,
                                    int argc, JSValueConst *argv) {
  (void)this_value;
  return init_event(realm, self, argc, argv) ? JS_UNDEFINED : JS_EXCEPTION;
}

static const xhr__member members[] = {
    XHR__DEFINE_READONLY("type", get_type),
    XHR__DEFINE_READONLY("target", get_target),
    XHR__DEFINE_READONLY("srcElement", get_target),
    XHR__DEFINE_READONLY("currentTarget", get_current_target),
    XHR__DEFINE_OPERATION("composedPath", 0, composed_path),
    XHR__DEFINE_CONSTANT("NONE", 0),
    XHR__DEFINE_CONSTANT("CAPTURING_PHASE", 1),
    XHR__DEFINE_CONSTANT("AT_TARGET", 2),
    XHR__DEFINE_CONSTANT("BUBBLING_PHASE", 3),
    XHR__DEFINE_READONLY("eventPhase", get_event_phase),
    XHR__DEFINE_OPERATION("stopPropagation", 0, stop_propagation),
    XHR__DEFINE_ATTRIBUTE("cancelBubble", get_cancel_bubble, set_cancel_bubble),
    XHR__DEFINE_OPERATION("stopImmediatePropagation", 0, stop_immediate_propagation),
    XHR__DEFINE_READONLY("bubbles", get_bubbles),
    XHR__DEFINE_READONLY("cancelable", get_cancelable),
    XHR__DEFINE_ATTRIBUTE("returnValue", get_return_value, set_return_value),
    XHR__DEFINE_OPERATION("preventDefault", 0, prevent_default),
    XHR__DEFINE_READONLY("defaultPrevented", get_default_prevented),
    XHR__DEFINE_READONLY("composed", get_composed),
    XHR__DEFINE_UNFORGEABLE("isTrusted", get_is_trusted),
    XHR__DEFINE_READONLY("timeStamp", get_time_stamp),
    XHR__DEFINE_OPERATION("initEvent", 1, init_event_operation),
};

const xhr__interface xhr__event_interface = {
    .name = "Event",
    .construct = construct,
    .construct_length = 1,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = xhr__js_event_finalize,
    .mark = xhr__js_event_mark,
};

/* ---- CustomEvent ------------------------------------------------------------------------------------------------ */

typedef struct custom_event {
  xhr__js_event event;
  JSValue detail;
} custom_event;

static void custom_finalize(JSRuntime *runtime, void *object) {
  JS_FreeValueRT(runtime, ((custom_event *)object)->detail);
  xhr__js_event_finalize(runtime, object);
}

static void custom_mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark) {
  JS_MarkValue(runtime, ((custom_event *)object)->detail, mark);
  xhr__js_event_mark(runtime, object, mark);
}

/* https://dom.spec.whatwg.org/#dom-customevent-customevent */
static JSValue custom_construct(xhr__realm *realm, JSValueConst new_target, int argc,
                                JSValueConst *argv) {
  custom_event *event = XHR__NEW(custom_event);
  if (event)
    event->detail = JS_NULL;
  static const xhr__dictionary_member custom_event_init = {"detail", XHR__IDL_ANY,
                                                           offsetof(custom_event, detail)};
  bool done =
      xhr__js_event_construct(realm, event, &xhr__custom_event_interface, argc, argv) &&
      xhr__dictionary_read(realm, argc > 1 ? argv[1] : JS_UNDEFINED, &custom_event_init, 1, event);
  return xhr__js_event_value(realm, done, new_target, event);
}

static JSValue custom_get_detail(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_DupValue(realm->js, ((custom_event *)self)->detail);
}

/* https://dom.spec.whatwg.org/#dom-customevent-initcustomevent */
static JSValue init_custom_event(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                 JSValueConst *argv) {
  custom_event *event = self;
  JSValueConst detail = argc > 3 ? argv[3] : JS_NULL;
  (void)this_value;
  if (!init_event(realm, &event->event, argc, argv))
    return JS_EXCEPTION;
  if (event->event.dispatch)
    return JS_UNDEFINED;
  JS_FreeValue(realm->js, event->detail);
  event->detail = JS_IsUndefined(detail) ? JS_NULL : JS_DupValue(realm->js, detail);
  return JS_UNDEFINED;
}

static const xhr__member custom_members[] = {
    XHR__DEFINE_READONLY("detail", custom_get_detail),
    XHR__DEFINE_OPERATION("initCustomEvent", 1, init_custom_event),
};

const xhr__interface xhr__custom_event_interface = {
    .name = "CustomEvent",
    .inherits = &xhr__event_interface,
    .construct = custom_construct,
    .construct_length = 1,
    .members = custom_members,
    .member_count = sizeof custom_members / sizeof *custom_members,
    .finalize = custom_finalize,
    .mark = custom_mark,
};
