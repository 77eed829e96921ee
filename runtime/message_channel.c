/* https://html.spec.whatwg.org/#message-channels */
#include "infra/alloc.h"
#include "runtime/message_port.h"

typedef struct message_channel {
  xhr__platform_object object;
  JSValue ports[2];
} message_channel;

static void finalize(JSRuntime *runtime, void *object) {
  message_channel *channel = object;
  JS_FreeValueRT(runtime, channel->ports[0]);
  JS_FreeValueRT(runtime, channel->ports[1]);
  xhr__free(channel);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  message_channel *channel = object;
  JS_MarkValue(runtime, channel->ports[0], mark_func);
  JS_MarkValue(runtime, channel->ports[1], mark_func);
}

/* Two ports that are entangled; false where it threw. */
static bool make_ports(xhr__realm *realm, JSValue ports[2]) {
  xhr__port_end *ends[2];
  xhr_status status = xhr__port_pipe_new(&ends[0], &ends[1]);
  if (status != XHR_OK) {
    (void)xhr__throw_status(realm, status, "MessageChannel");
    return false;
  }
  ports[0] = xhr__message_port_value(realm, ends[0]);
  ports[1] = xhr__message_port_value(realm, ends[1]);
  return !JS_IsException(ports[0]) && !JS_IsException(ports[1]);
}

/* https://html.spec.whatwg.org/#dom-messagechannel */
static JSValue construct(xhr__realm *realm, JSValueConst new_target, int argc, JSValueConst *argv) {
  message_channel *channel = XHR__NEW(message_channel);
  (void)argc, (void)argv;
  if (!channel)
    return JS_ThrowOutOfMemory(realm->js);
  channel->ports[0] = channel->ports[1] = JS_UNDEFINED;
  /* 1. - 3. */
  if (make_ports(realm, channel->ports))
    return xhr__platform_object_new(realm, &xhr__message_channel_interface, new_target, channel);
  finalize(JS_GetRuntime(realm->js), channel);
  return JS_EXCEPTION;
}

static JSValue get_port1(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_DupValue(realm->js, ((message_channel *)self)->ports[0]);
}

static JSValue get_port2(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_DupValue(realm->js, ((message_channel *)self)->ports[1]);
}

static const xhr__member members[] = {
    XHR__DEFINE_READONLY("port1", get_port1),
    XHR__DEFINE_READONLY("port2", get_port2),
};

const xhr__interface xhr__message_channel_interface = {
    .name = "MessageChannel",
    .construct = construct,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = finalize,
    .mark = mark,
};
