/* https://xhr.spec.whatwg.org/#interface-progressevent */
#include "infra/alloc.h"
#include "runtime/convert.h"
#include "runtime/event.h"

typedef struct progress_event {
  xhr__js_event event;
  bool length_computable;
  double loaded, total;
} progress_event;

static JSValue construct(xhr__realm *realm, JSValueConst new_target, int argc, JSValueConst *argv) {
  /* https://xhr.spec.whatwg.org/#progresseventinit */
  static const xhr__dictionary_member init[] = {
      {"lengthComputable", XHR__IDL_BOOLEAN, offsetof(progress_event, length_computable)},
      {"loaded", XHR__IDL_DOUBLE, offsetof(progress_event, loaded)},
      {"total", XHR__IDL_DOUBLE, offsetof(progress_event, total)},
  };
  progress_event *event = XHR__NEW(progress_event);
  bool done = xhr__js_event_construct(realm, event, &xhr__progress_event_interface, argc, argv) &&
              xhr__dictionary_read(realm, argc > 1 ? argv[1] : JS_UNDEFINED, init,
                                   sizeof init / sizeof *init, event);
  return xhr__js_event_value(realm, done, new_target, event);
}

JSValue xhr__progress_event_new(xhr__realm *realm, const char *type, bool length_computable,
                                double loaded, double total, const char *message) {
  progress_event *event = XHR__NEW(progress_event);
  bool done =
      xhr__js_event_create(realm, event, &xhr__progress_event_interface, type, false, false);
  if (done) {
    event->length_computable = length_computable;
    event->loaded = loaded;
    event->total = total;
  }
  JSValue value = xhr__js_event_value(realm, done, JS_UNDEFINED, event);
  if (JS_IsException(value) || !message)
    return value;
  /* NOTE: nothing of the standard's, and no part of the interface: a property of this one event. */
  JSValue text = xhr__from_usv_string(realm, xhr__str_c(message));
  if (JS_DefinePropertyValueStr(realm->js, value, "message", text, JS_PROP_C_W_E) >= 0)
    return value;
  JS_FreeValue(realm->js, value);
  return JS_EXCEPTION;
}

static JSValue get_length_computable(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewBool(realm->js, ((progress_event *)self)->length_computable);
}

static JSValue get_loaded(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewFloat64(realm->js, ((progress_event *)self)->loaded);
}

static JSValue get_total(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewFloat64(realm->js, ((progress_event *)self)->total);
}

static const xhr__member members[] = {
    XHR__DEFINE_READONLY("lengthComputable", get_length_computable),
    XHR__DEFINE_READONLY("loaded", get_loaded),
    XHR__DEFINE_READONLY("total", get_total),
};

const xhr__interface xhr__progress_event_interface = {
    .name = "ProgressEvent",
    .inherits = &xhr__event_interface,
    .construct = construct,
    .construct_length = 1,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = xhr__js_event_finalize,
    .mark = xhr__js_event_mark,
};
