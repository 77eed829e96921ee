#include "runtime/message_port.h"

#include "infra/alloc.h"

typedef struct message_port {
  xhr__js_event_target target;
  xhr__port_end *end; /* counted; NULL: [[Detached]] */
} message_port;

static void finalize(JSRuntime *runtime, void *object) {
  message_port *port = object;
  xhr__js_event_target_free(runtime, &port->target);
  xhr__port_end_unref(port->end);
  xhr__free(port);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  xhr__js_event_target_mark(runtime, object, mark_func);
}

JSValue xhr__message_port_value(xhr__realm *realm, xhr__port_end *end) {
  message_port *port = XHR__NEW(message_port);
  if (!port) {
    xhr__port_end_unref(end);
    return JS_ThrowOutOfMemory(realm->js);
  }
  port->end = end;
  return xhr__platform_object_new(realm, &xhr__message_port_interface, JS_UNDEFINED, port);
}

static bool is_detached(const void *self) {
  return !((const message_port *)self)->end;
}

static void *transfer(xhr__realm *realm, void *self) {
  message_port *port = self;
  xhr__port_end *end = port->end;
  (void)realm;
  port->end = NULL;
  return end;
}

static JSValue receive(xhr__realm *realm, void *data) {
  return xhr__message_port_value(realm, data);
}

static void drop(void *data) {
  xhr__port_end_unref(data);
}

const xhr__transferable xhr__message_port_transferable = {&xhr__message_port_interface, is_detached,
                                                          transfer, receive, drop};

const xhr__interface xhr__message_port_interface = {
    .name = "MessagePort",
    .inherits = &xhr__event_target_interface,
    .finalize = finalize,
    .mark = mark,
};
