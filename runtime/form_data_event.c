/* https://html.spec.whatwg.org/#the-formdataevent-interface */
#include "infra/alloc.h"
#include "runtime/event.h"
#include "runtime/form_controls.h"

typedef struct form_data_event {
  xhr__js_event event;
  JSValue form_data;
} form_data_event;

static void finalize(JSRuntime *runtime, void *object) {
  JS_FreeValueRT(runtime, ((form_data_event *)object)->form_data);
  xhr__js_event_finalize(runtime, object);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  JS_MarkValue(runtime, ((form_data_event *)object)->form_data, mark_func);
  xhr__js_event_mark(runtime, object, mark_func);
}

static form_data_event *new_event(void) {
  form_data_event *event = XHR__NEW(form_data_event);
  if (event)
    event->form_data = JS_UNDEFINED;
  return event;
}

static JSValue construct(xhr__realm *realm, JSValueConst new_target, int argc, JSValueConst *argv) {
  static const xhr__dictionary_member init[] = {
      {"formData", XHR__IDL_ANY, offsetof(form_data_event, form_data)},
  };
  form_data_event *event = new_event();
  bool done = xhr__js_event_construct(realm, event, &xhr__form_data_event_interface, argc, argv) &&
              xhr__dictionary_read(realm, argv[1], init, sizeof init / sizeof *init, event);
  if (done && !xhr__form_data_of(event->form_data)) {
    JS_ThrowTypeError(realm->js, "FormDataEvent: formData is no FormData");
    done = false;
  }
  return xhr__js_event_value(realm, done, new_target, event);
}

JSValue xhr__form_data_event_new(xhr__realm *realm, JSValueConst form_data) {
  form_data_event *event = new_event();
  bool done =
      xhr__js_event_create(realm, event, &xhr__form_data_event_interface, "formdata", true, false);
  if (done)
    event->form_data = JS_DupValue(realm->js, form_data);
  return xhr__js_event_value(realm, done, JS_UNDEFINED, event);
}

static JSValue get_form_data(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_DupValue(realm->js, ((form_data_event *)self)->form_data);
}

static const xhr__member members[] = {
    XHR__DEFINE_READONLY("formData", get_form_data),
};

const xhr__interface xhr__form_data_event_interface = {
    .name = "FormDataEvent",
    .inherits = &xhr__event_interface,
    .exposed = XHR__EXPOSED_WINDOW,
    .construct = construct,
    .construct_length = 2,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = finalize,
    .mark = mark,
};
