#include "runtime/worker_messages.h"

#include "runtime/event_target.h"
#include "runtime/message_event.h"

JSValue xhr__worker_post_message(xhr__realm *realm, xhr__port_end *end, int argc,
                                 JSValueConst *argv) {
  xhr__transfer_list transfer = {0};
  if (!xhr__transfer_list_of(realm, argc > 1 ? argv[1] : JS_UNDEFINED, &transfer))
    return JS_EXCEPTION;
  xhr__serialized *message = xhr__structured_serialize(
      realm, argv[0], (const JSValueConst *)transfer.items, transfer.count);
  xhr__transfer_list_free(realm, &transfer);
  if (!message)
    return JS_EXCEPTION;
  return xhr__port_end_post(end, message) == XHR_OK ? JS_UNDEFINED : JS_ThrowOutOfMemory(realm->js);
}

void xhr__worker_deliver_message(xhr__realm *realm, JSValueConst target, xhr__serialized *message) {
  JSContext *js = realm->js;
  JSValue ports = JS_UNDEFINED;
  JSValue data = xhr__structured_deserialize(realm, message, &ports);
  bool failed = JS_IsException(data);
  if (failed) {
    JS_FreeValue(js, JS_GetException(js));
    data = JS_NULL;
  }
  (void)xhr__dispatch_new(realm, target,
                          xhr__message_event_new(realm, failed ? "messageerror" : "message", data,
                                                 XHR__STR_EMPTY, JS_NULL, ports));
  JS_FreeValue(js, data);
  JS_FreeValue(js, ports);
}
