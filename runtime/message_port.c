#include "runtime/message_port.h"

#include "infra/alloc.h"

typedef struct message_port {
  xhr__js_event_target target;
} message_port;

static void finalize(JSRuntime *runtime, void *object) {
  message_port *port = object;
  xhr__js_event_target_free(runtime, &port->target);
  xhr__free(port);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  xhr__js_event_target_mark(runtime, object, mark_func);
}

const xhr__interface xhr__message_port_interface = {
    .name = "MessagePort",
    .inherits = &xhr__event_target_interface,
    .finalize = finalize,
    .mark = mark,
};
