#include "runtime/message_event.h"

#include "infra/alloc.h"
#include "runtime/convert.h"
#include "runtime/event.h"
#include "runtime/message_port.h"
#include "runtime/sequence.h"

/* What a MessageEvent has beyond an Event; in the order of the interface. */
typedef struct message {
  JSValue data;
  xhr__bytes origin;        /* USVString */
  xhr__bytes last_event_id; /* DOMString */
  JSValue source;
  JSValue ports; /* a frozen Array */
} message;

typedef struct message_event {
  xhr__js_event event;
  message message;
} message_event;

static void free_message(JSRuntime *runtime, message *self) {
  JS_FreeValueRT(runtime, self->data);
  xhr__bytes_free(&self->origin);
  xhr__bytes_free(&self->last_event_id);
  JS_FreeValueRT(runtime, self->source);
  JS_FreeValueRT(runtime, self->ports);
}

static void finalize(JSRuntime *runtime, void *object) {
  message_event *event = object;
  free_message(runtime, &event->message);
  xhr__js_event_free(runtime, &event->event);
  xhr__free(event);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  message_event *event = object;
  JS_MarkValue(runtime, event->message.data, mark_func);
  JS_MarkValue(runtime, event->message.source, mark_func);
  JS_MarkValue(runtime, event->message.ports, mark_func);
  xhr__js_event_mark(runtime, object, mark_func);
}

/* ---- conversions ------------------------------------------------------------------------------------------------ */

static message no_message(void) {
  return (message){.data = JS_NULL, .source = JS_NULL, .ports = JS_UNDEFINED};
}

/* Takes over `value`, which may be JS_EXCEPTION: then the place stays as it is, and it gives false. */
static bool put(xhr__realm *realm, JSValue *place, JSValue value) {
  if (JS_IsException(value))
    return false;
  JSValue old = *place;
  *place = value;
  JS_FreeValue(realm->js, old);
  return true;
}

/* NOTE: the global object stands for its WindowProxy; that of a plain program is taken for a window's. */
static bool is_window_proxy(const xhr__realm *realm, JSValueConst value) {
  return realm->global_kind & (XHR__EXPOSED_WINDOW | XHR__EXPOSED_PLAIN) && JS_IsObject(value) &&
         JS_VALUE_GET_PTR(value) == JS_VALUE_GET_PTR(realm->global);
}

/* https://html.spec.whatwg.org/#messageeventsource, which may be null. NOTE: there are no service workers. */
static bool set_source(xhr__realm *realm, message *self, JSValueConst value) {
  if (!JS_IsNull(value) && !JS_IsUndefined(value) &&
      !xhr__platform_object_of(value, &xhr__message_port_interface) &&
      !is_window_proxy(realm, value)) {
    JS_ThrowTypeError(realm->js, "MessageEvent: the source is neither a window nor a MessagePort");
    return false;
  }
  return put(realm, &self->source, JS_IsUndefined(value) ? JS_NULL : JS_DupValue(realm->js, value));
}

static bool add_port(xhr__realm *realm, JSValueConst item, void *user) {
  JSValue *list = user;
  if (xhr__platform_object_of(item, &xhr__message_port_interface))
    return xhr__array_append(realm, *list, JS_DupValue(realm->js, item));
  JS_ThrowTypeError(realm->js, "MessageEvent: ports must be MessagePorts");
  return false;
}

/* `value`: a sequence of MessagePorts. */
static bool set_ports(xhr__realm *realm, message *self, JSValueConst value) {
  JSValue list = JS_NewArray(realm->js);
  bool done = !JS_IsException(list) &&
              (JS_IsUndefined(value) ||
               xhr__each_of_sequence(realm, value, "MessageEvent: ports", add_port, &list)) &&
              xhr__array_freeze(realm, list);
  if (done)
    return put(realm, &self->ports, list);
  JS_FreeValue(realm->js, list);
  return false;
}

static bool set_data(xhr__realm *realm, message *self, JSValueConst value) {
  return put(realm, &self->data, JS_DupValue(realm->js, value));
}

static bool set_last_event_id(xhr__realm *realm, message *self, JSValueConst value) {
  return xhr__to_dom_string(realm, value, &self->last_event_id);
}

static bool set_origin(xhr__realm *realm, message *self, JSValueConst value) {
  return xhr__to_usv_string(realm, value, &self->origin);
}

/* https://html.spec.whatwg.org/#messageeventinit, in the order of its members' names */
static bool read_init(xhr__realm *realm, message *self, JSValueConst init) {
  static const struct {
    const char *name;
    bool (*set)(xhr__realm *realm, message *self, JSValueConst value);
  } members[] = {{"data", set_data},
                 {"lastEventId", set_last_event_id},
                 {"origin", set_origin},
                 {"ports", set_ports},
                 {"source", set_source}};
  for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
    JSValue value;
    if (!xhr__dictionary_get(realm, init, members[i].name, &value))
      return false;
    bool done = JS_IsUndefined(value) || members[i].set(realm, self, value);
    JS_FreeValue(realm->js, value);
    if (!done)
      return false;
  }
  return !JS_IsUndefined(self->ports) || set_ports(realm, self, JS_UNDEFINED);
}

/* ---- making ----------------------------------------------------------------------------------------------------- */

static message_event *new_event(void) {
  message_event *event = XHR__NEW(message_event);
  if (event)
    event->message = no_message();
  return event;
}

static JSValue construct(xhr__realm *realm, JSValueConst new_target, int argc, JSValueConst *argv) {
  message_event *event = new_event();
  bool done = xhr__js_event_construct(realm, event, &xhr__message_event_interface, argc, argv) &&
              read_init(realm, &event->message, argc > 1 ? argv[1] : JS_UNDEFINED);
  return xhr__js_event_value(realm, done, new_target, event);
}

JSValue xhr__message_event_new(xhr__realm *realm, const char *type, JSValueConst data,
                               xhr__str origin, JSValueConst source, JSValueConst ports) {
  message_event *event = new_event();
  bool done = xhr__js_event_create(realm, event, &xhr__message_event_interface, type, false, false);
  if (done && xhr__bytes_append(&event->message.origin, origin) != XHR_OK) {
    JS_ThrowOutOfMemory(realm->js);
    done = false;
  }
  if (done) {
    event->message.data = JS_DupValue(realm->js, data);
    event->message.source = JS_DupValue(realm->js, source);
    done = JS_IsUndefined(ports) ? set_ports(realm, &event->message, JS_UNDEFINED)
                                 : put(realm, &event->message.ports, JS_DupValue(realm->js, ports));
  }
  return xhr__js_event_value(realm, done, JS_UNDEFINED, event);
}

/* ---- members ---------------------------------------------------------------------------------------------------- */

static JSValue get_data(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_DupValue(realm->js, ((message_event *)self)->message.data);
}

static JSValue get_origin(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_usv_string(realm, xhr__bytes_str(&((message_event *)self)->message.origin));
}

static JSValue get_last_event_id(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_dom_string(realm,
                              xhr__bytes_str(&((message_event *)self)->message.last_event_id));
}

static JSValue get_source(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_DupValue(realm->js, ((message_event *)self)->message.source);
}

static JSValue get_ports(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_DupValue(realm->js, ((message_event *)self)->message.ports);
}

/* The arguments of initMessageEvent, all converted before anything is changed. */
static bool read_arguments(xhr__realm *realm, int argc, JSValueConst *argv, xhr__bytes *type,
                           bool *bubbles, bool *cancelable, message *to) {
  JSValueConst ports = argc > 7 ? argv[7] : JS_UNDEFINED;
  return xhr__to_dom_string(realm, argv[0], type) &&
         (argc < 2 || xhr__to_boolean(realm, argv[1], bubbles)) &&
         (argc < 3 || xhr__to_boolean(realm, argv[2], cancelable)) &&
         (argc < 4 || JS_IsUndefined(argv[3]) || set_data(realm, to, argv[3])) &&
         (argc < 5 || JS_IsUndefined(argv[4]) || set_origin(realm, to, argv[4])) &&
         (argc < 6 || JS_IsUndefined(argv[5]) || set_last_event_id(realm, to, argv[5])) &&
         (argc < 7 || set_source(realm, to, argv[6])) && set_ports(realm, to, ports);
}

/* https://html.spec.whatwg.org/#dom-messageevent-initmessageevent */
static JSValue init_message_event(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                  JSValueConst *argv) {
  message_event *event = self;
  xhr__bytes type = {0};
  bool bubbles = false, cancelable = false;
  message next = no_message();
  (void)this_value;
  bool done = read_arguments(realm, argc, argv, &type, &bubbles, &cancelable, &next);
  if (done && xhr__js_event_initialize(realm, &event->event, &type, bubbles, cancelable)) {
    message old = event->message;
    event->message = next;
    next = old;
  }
  xhr__bytes_free(&type);
  free_message(JS_GetRuntime(realm->js), &next);
  return done ? JS_UNDEFINED : JS_EXCEPTION;
}

static const xhr__member members[] = {
    XHR__DEFINE_READONLY("data", get_data),
    XHR__DEFINE_READONLY("origin", get_origin),
    XHR__DEFINE_READONLY("lastEventId", get_last_event_id),
    XHR__DEFINE_READONLY("source", get_source),
    XHR__DEFINE_READONLY("ports", get_ports),
    XHR__DEFINE_OPERATION("initMessageEvent", 1, init_message_event),
};

const xhr__interface xhr__message_event_interface = {
    .name = "MessageEvent",
    .inherits = &xhr__event_interface,
    .construct = construct,
    .construct_length = 1,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = finalize,
    .mark = mark,
};
