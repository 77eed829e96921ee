/* https://html.spec.whatwg.org/#errorevent */
#include "infra/alloc.h"
#include "runtime/convert.h"
#include "runtime/event.h"

typedef struct error_event {
  xhr__js_event event;
  xhr__bytes message;  /* DOMString */
  xhr__bytes filename; /* USVString */
  uint32_t lineno, colno;
  JSValue error;
} error_event;

static void finalize(JSRuntime *runtime, void *object) {
  error_event *event = object;
  xhr__bytes_free(&event->message);
  xhr__bytes_free(&event->filename);
  JS_FreeValueRT(runtime, event->error);
  xhr__js_event_free(runtime, &event->event);
  xhr__free(event);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  JS_MarkValue(runtime, ((error_event *)object)->error, mark_func);
  xhr__js_event_mark(runtime, object, mark_func);
}

static error_event *new_event(void) {
  error_event *event = XHR__NEW(error_event);
  if (event)
    event->error = JS_UNDEFINED;
  return event;
}

static JSValue construct(xhr__realm *realm, JSValueConst new_target, int argc, JSValueConst *argv) {
  /* https://html.spec.whatwg.org/#erroreventinit */
  static const xhr__dictionary_member init[] = {
      {"colno", XHR__IDL_UNSIGNED_LONG, offsetof(error_event, colno)},
      {"error", XHR__IDL_ANY, offsetof(error_event, error)},
      {"filename", XHR__IDL_USV_STRING, offsetof(error_event, filename)},
      {"lineno", XHR__IDL_UNSIGNED_LONG, offsetof(error_event, lineno)},
      {"message", XHR__IDL_DOM_STRING, offsetof(error_event, message)},
  };
  error_event *event = new_event();
  bool done = xhr__js_event_construct(realm, event, &xhr__error_event_interface, argc, argv) &&
              xhr__dictionary_read(realm, argc > 1 ? argv[1] : JS_UNDEFINED, init,
                                   sizeof init / sizeof *init, event);
  return xhr__js_event_value(realm, done, new_target, event);
}

JSValue xhr__error_event_new(xhr__realm *realm, const char *message, const char *filename,
                             uint32_t line, uint32_t column, JSValueConst error) {
  error_event *event = new_event();
  bool done = xhr__js_event_create(realm, event, &xhr__error_event_interface, "error", false, true);
  if (done && (xhr__bytes_assign(&event->message, xhr__str_c(message)) != XHR_OK ||
               xhr__bytes_assign(&event->filename, xhr__str_c(filename)) != XHR_OK)) {
    JS_ThrowOutOfMemory(realm->js);
    done = false;
  }
  if (done) {
    event->lineno = line;
    event->colno = column;
    event->error = JS_DupValue(realm->js, error);
  }
  return xhr__js_event_value(realm, done, JS_UNDEFINED, event);
}

static JSValue get_message(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_dom_string(realm, xhr__bytes_str(&((error_event *)self)->message));
}

static JSValue get_filename(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_usv_string(realm, xhr__bytes_str(&((error_event *)self)->filename));
}

static JSValue get_lineno(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewUint32(realm->js, ((error_event *)self)->lineno);
}

static JSValue get_colno(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewUint32(realm->js, ((error_event *)self)->colno);
}

static JSValue get_error(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_DupValue(realm->js, ((error_event *)self)->error);
}

bool xhr__error_event_arguments(xhr__realm *realm, JSValueConst event, JSValue arguments[5]) {
  error_event *self = xhr__platform_object_of(event, &xhr__error_event_interface);
  xhr__getter *const getters[] = {get_message, get_filename, get_lineno, get_colno, get_error};
  bool done = self != NULL;
  for (int i = 0; i < 5; i++) {
    arguments[i] = done ? getters[i](realm, self, event) : JS_UNDEFINED;
    done = done && !JS_IsException(arguments[i]);
  }
  return done;
}

static const xhr__member members[] = {
    XHR__DEFINE_READONLY("message", get_message), XHR__DEFINE_READONLY("filename", get_filename),
    XHR__DEFINE_READONLY("lineno", get_lineno),   XHR__DEFINE_READONLY("colno", get_colno),
    XHR__DEFINE_READONLY("error", get_error),
};

const xhr__interface xhr__error_event_interface = {
    .name = "ErrorEvent",
    .inherits = &xhr__event_interface,
    .construct = construct,
    .construct_length = 1,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = finalize,
    .mark = mark,
};
