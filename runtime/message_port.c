#include "runtime/message_port.h"

#include "infra/alloc.h"
#include "runtime/event.h"
#include "runtime/message_event.h"

/* An end of a pipe as an object. While it has that, it is in its realm's list of what has to be undone. */
typedef struct message_port {
  xhr__js_event_target target;
  xhr__port_end *end; /* counted; NULL: [[Detached]] */
  xhr__realm *realm;  /* borrowed, and looked at only while there is an end */
  JSValue self;       /* borrowed: its own value */
  bool enabled;       /* the port message queue */
  xhr__teardown teardown;
  bool keeps_loop;
  JSValue pin; /* its own value, as long as it must not be collected; else JS_UNDEFINED */
  JSValue
      peer; /* the port that it is entangled with, where that has listeners and must live on; else JS_UNDEFINED */
} message_port;

static const xhr__port_client client;

/* ---- who is kept alive ------------------------------------------------------------------------------------------ */

static void put(JSRuntime *runtime, JSValue *place, JSValue value) {
  JSValue old = *place;
  *place = value;
  JS_FreeValueRT(runtime, old);
}

static bool listens(const message_port *port, const char *type) {
  return xhr__js_event_target_has_listeners(&port->target, type);
}

static JSRuntime *runtime_of(const message_port *port) {
  return JS_GetRuntime(port->realm->js);
}

/* The entangled port, where it is an object of the same loop; NULL. */
static message_port *local_peer(const message_port *port, xhr__port_peer *where) {
  void *user;
  *where = xhr__port_end_peer(port->end, &user);
  return user;
}

/* https://html.spec.whatwg.org/#ports-and-garbage-collection. A port that somebody listens to lives as long as something may
 * come: where the other one is an object of this engine, as long as that one lives, which holds it; where it is on another
 * thread or on its way, always. What is on its way to a port keeps it in any case.
 *
 * And whether it keeps xhr_loop_run going: only where a message may come from elsewhere, as what this loop posts itself needs a
 * task that does. So a program ends when nobody can post any more, not only when all ports were closed. */
static void update(message_port *port) {
  JSRuntime *runtime = runtime_of(port);
  /* What it holds may be the last to hold it. */
  JSValue self = JS_DupValueRT(runtime, port->self);
  xhr__port_peer where;
  message_port *peer = local_peer(port, &where);
  bool for_messages = port->enabled && (listens(port, "message") || listens(port, "messageerror"));
  bool wanted = for_messages || listens(port, "close");
  bool same_engine = peer && runtime_of(peer) == runtime;
  bool keeps_loop = for_messages && where == XHR__PORT_PEER_REMOTE;
  bool pinned = wanted && ((where != XHR__PORT_PEER_CLOSED && !same_engine) ||
                           xhr__port_end_has_deliveries(port->end));
  if (keeps_loop != port->keeps_loop)
    (keeps_loop ? xhr__loop_keep : xhr__loop_let_go)(port->realm->context->loop);
  port->keeps_loop = keeps_loop;
  port->teardown.idle = !keeps_loop;
  if (pinned != JS_IsObject(port->pin))
    put(runtime, &port->pin, pinned ? JS_DupValueRT(runtime, port->self) : JS_UNDEFINED);
  if (same_engine && wanted != JS_IsObject(peer->peer))
    put(runtime, &peer->peer, wanted ? JS_DupValueRT(runtime, port->self) : JS_UNDEFINED);
  JS_FreeValueRT(runtime, self);
}

static void listeners_changed(JSRuntime *runtime, void *object) {
  message_port *port = object;
  (void)runtime;
  if (port->end)
    update(port);
}

/* Takes the end away from the object, detached from the loop; nothing keeps the object alive any more. The caller's. */
static xhr__port_end *take_end(message_port *port) {
  JSRuntime *runtime = runtime_of(port);
  xhr__port_end *end = port->end;
  xhr__port_peer where;
  message_port *peer = local_peer(port, &where);
  JSValue held[] = {port->pin, port->peer, peer ? peer->peer : JS_UNDEFINED};
  port->pin = port->peer = JS_UNDEFINED;
  if (peer)
    peer->peer = JS_UNDEFINED;
  if (port->keeps_loop)
    xhr__loop_let_go(port->realm->context->loop);
  port->keeps_loop = false;
  xhr__list_remove(&port->teardown.node);
  xhr__port_end_detach(end);
  port->end = NULL;
  for (size_t i = 0; i < sizeof held / sizeof *held; i++)
    JS_FreeValueRT(runtime, held[i]);
  return end;
}

/* https://html.spec.whatwg.org/#disentangle, for an end that was taken away: its reference is dropped. */
static void close_end(xhr__port_end *end) {
  xhr__port_end_close(end);
  xhr__port_end_unref(end);
}

/* What the other port has to know, where it is an object of the same loop: this one's end has come or gone. */
static void update_peer(message_port *peer) {
  if (peer && peer->end)
    update(peer);
}

static void end_with_realm(xhr__teardown *teardown) {
  close_end(take_end(XHR__OWNER(teardown, message_port, teardown)));
}

/* NOTE: a port that is collected is disentangled, so that the other one hears of it. */
static void finalize(JSRuntime *runtime, void *object) {
  message_port *port = object;
  if (port->end)
    close_end(take_end(port));
  xhr__js_event_target_free(runtime, &port->target);
  xhr__free(port);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  message_port *port = object;
  JS_MarkValue(runtime, port->peer, mark_func);
  xhr__js_event_target_mark(runtime, &port->target, mark_func);
}

/* ---- making ----------------------------------------------------------------------------------------------------- */

JSValue xhr__message_port_value(xhr__realm *realm, xhr__port_end *end) {
  message_port *port = XHR__NEW(message_port);
  xhr__port_peer where;
  if (!port) {
    xhr__port_end_unref(end);
    return JS_ThrowOutOfMemory(realm->js);
  }
  port->pin = port->peer = JS_UNDEFINED;
  JSValue value = xhr__platform_object_new(realm, &xhr__message_port_interface, JS_UNDEFINED, port);
  if (JS_IsException(value)) {
    xhr__port_end_unref(end);
    return value;
  }
  if (xhr__port_end_attach(end, realm->context->loop, &client, port, false) != XHR_OK) {
    xhr__port_end_unref(end);
    JS_FreeValue(realm->js, value);
    return JS_ThrowOutOfMemory(realm->js);
  }
  port->end = end;
  port->realm = realm;
  port->self = value;
  port->teardown.end = end_with_realm;
  port->teardown.idle = true;
  xhr__list_append(&realm->teardown, &port->teardown.node);
  update_peer(local_peer(port, &where));
  return value;
}

/* ---- transfer --------------------------------------------------------------------------------------------------- */

static bool is_detached(const void *self) {
  return !((const message_port *)self)->end;
}

/* https://html.spec.whatwg.org/#message-ports:transfer-steps */
static void *transfer(xhr__realm *realm, void *self) {
  xhr__port_peer where;
  message_port *port = self, *peer = local_peer(port, &where);
  JSValue held = peer ? JS_DupValueRT(runtime_of(peer), peer->self) : JS_UNDEFINED;
  JSRuntime *runtime = peer ? runtime_of(peer) : JS_GetRuntime(realm->js);
  /* 1. - 3. the messages that wait, and the entanglement, are the end's */
  xhr__port_end *end = take_end(port);
  update_peer(peer);
  JS_FreeValueRT(runtime, held);
  return end;
}

/* https://html.spec.whatwg.org/#message-ports:transfer-receiving-steps */
static JSValue receive(xhr__realm *realm, void *data) {
  xhr__port_end_take_out(data);
  return xhr__message_port_value(realm, data);
}

static void drop(void *data) {
  xhr__port_end_take_out(data);
  xhr__port_end_unref(data);
}

const xhr__transferable xhr__message_port_transferable = {&xhr__message_port_interface, is_detached,
                                                          transfer, receive, drop};

/* ---- messages --------------------------------------------------------------------------------------------------- */

/* https://html.spec.whatwg.org/#message-port-post-message-steps, step 7: the task. */
static void deliver(void *user, xhr__serialized *message) {
  message_port *port = user;
  xhr__realm *realm = port->realm;
  JSContext *js = realm->js;
  JSValue self = JS_DupValue(js, port->self), ports, event;
  /* 7.1. - 7.3. */
  JSValue data = xhr__structured_deserialize(realm, message, &ports);
  if (JS_IsException(data)) {
    JS_FreeValue(js, JS_GetException(js));
    event = xhr__message_event_new(realm, "messageerror", JS_NULL, XHR__STR_EMPTY, JS_NULL,
                                   JS_UNDEFINED);
  } else {
    /* 7.4. - 7.6. */
    event = xhr__message_event_new(realm, "message", data, XHR__STR_EMPTY, JS_NULL, ports);
    JS_FreeValue(js, data);
    JS_FreeValue(js, ports);
  }
  (void)xhr__dispatch_new(realm, self, event);
  if (port->end)
    update(port);
  JS_FreeValue(js, self);
}

/* https://html.spec.whatwg.org/#disentangle, step 4. */
static void closed(void *user) {
  message_port *port = user;
  xhr__realm *realm = port->realm;
  JSValue self = JS_DupValue(realm->js, port->self);
  (void)xhr__dispatch_new(realm, self, xhr__event_new(realm, "close", false, false));
  if (port->end)
    update(port);
  JS_FreeValue(realm->js, self);
}

static const xhr__port_client client = {deliver, closed};

/* Steps 2 to 4: false where it threw, since the port itself is to be transferred. `*doomed`: the target is, so that the message
 * goes nowhere. */
static bool check_transfer(xhr__realm *realm, const message_port *port, const message_port *target,
                           const xhr__transfer_list *list, bool *doomed) {
  *doomed = false;
  for (size_t i = 0; i < list->count; i++) {
    const message_port *item =
        xhr__platform_object_of(list->items[i], &xhr__message_port_interface);
    if (item && item == port) {
      (void)xhr__throw(realm, "DataCloneError", "a MessagePort cannot be posted through itself");
      return false;
    }
    *doomed = *doomed || (item && item == target);
  }
  return true;
}

/* What the message carries lies in it from now on. False where it could never be received: then it is doomed, too.
 * NOTE: the standard leaves such messages where they are, out of everybody's reach. */
static bool put_ports_in(const message_port *port, const xhr__serialized *message) {
  for (size_t i = 0; i < message->transfer_count; i++) {
    const xhr__transfer_data_holder *holder = &message->transfers[i];
    if (holder->type == &xhr__message_port_transferable &&
        !xhr__port_end_put_in(holder->item.pointer, port->end))
      return false;
  }
  return true;
}

/* https://html.spec.whatwg.org/#message-port-post-message-steps; false where it threw. */
static bool post(xhr__realm *realm, message_port *port, JSValueConst value,
                 const xhr__transfer_list *list) {
  xhr__port_peer where;
  /* 1. */
  message_port *target = port->end ? local_peer(port, &where) : NULL;
  bool doomed;
  /* 2. - 4. */
  if (!check_transfer(realm, port, target, list, &doomed))
    return false;
  /* 5. */
  xhr__serialized *message = xhr__structured_serialize(realm, value, list->items, list->count);
  if (!message)
    return false;
  /* 6. a getter may have closed or transferred the port */
  if (!port->end || doomed || !put_ports_in(port, message)) {
    xhr__serialized_free(message);
    return true;
  }
  /* 7. */
  if (xhr__port_end_post(port->end, message) != XHR_OK) {
    JS_ThrowOutOfMemory(realm->js);
    return false;
  }
  update_peer(local_peer(port, &where));
  return true;
}

/* https://html.spec.whatwg.org/#dom-messageport-postmessage, both overloads */
static JSValue post_message(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                            JSValueConst *argv) {
  xhr__transfer_list list;
  (void)this_value;
  if (!xhr__transfer_list_of(realm, argc > 1 ? argv[1] : JS_UNDEFINED, &list))
    return JS_EXCEPTION;
  bool done = post(realm, self, argv[0], &list);
  xhr__transfer_list_free(realm, &list);
  return done ? JS_UNDEFINED : JS_EXCEPTION;
}

/* Enables the port message queue. False where it threw. */
static bool enable(xhr__realm *realm, message_port *port) {
  if (!port->end || port->enabled)
    return true;
  if (xhr__port_end_enable(port->end) != XHR_OK) {
    JS_ThrowOutOfMemory(realm->js);
    return false;
  }
  port->enabled = true;
  update(port);
  return true;
}

/* https://html.spec.whatwg.org/#dom-messageport-start */
static JSValue start(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                     JSValueConst *argv) {
  (void)this_value, (void)argc, (void)argv;
  return enable(realm, self) ? JS_UNDEFINED : JS_EXCEPTION;
}

/* https://html.spec.whatwg.org/#dom-messageport-close */
static JSValue close(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                     JSValueConst *argv) {
  message_port *port = self;
  (void)this_value, (void)argc, (void)argv;
  if (!port->end)
    return JS_UNDEFINED;
  xhr__port_peer where;
  message_port *peer = local_peer(port, &where);
  JSRuntime *runtime = runtime_of(peer ? peer : port);
  JSValue held = peer ? JS_DupValueRT(runtime, peer->self) : JS_UNDEFINED;
  (void)realm;
  /* 1. - 2. */
  close_end(take_end(port));
  update_peer(peer);
  JS_FreeValueRT(runtime, held);
  return JS_UNDEFINED;
}

/* ---- event handlers --------------------------------------------------------------------------------------------- */

static JSValue get_onmessage(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__event_handler_get(realm, self, "message");
}

/* https://html.spec.whatwg.org/#message-ports:handler-messageeventtarget-onmessage: setting it is a start(). */
static bool set_onmessage(xhr__realm *realm, void *self, JSValueConst this_value,
                          JSValueConst value) {
  (void)this_value;
  return xhr__event_handler_set(realm, self, "message", value) && enable(realm, self);
}

static const xhr__member members[] = {
    XHR__DEFINE_OPERATION("postMessage", 1, post_message),
    XHR__DEFINE_OPERATION("start", 0, start),
    XHR__DEFINE_OPERATION("close", 0, close),
    XHR__DEFINE_HANDLER("onclose"),
    XHR__DEFINE_ATTRIBUTE("onmessage", get_onmessage, set_onmessage),
    XHR__DEFINE_HANDLER("onmessageerror"),
};

const xhr__interface xhr__message_port_interface = {
    .name = "MessagePort",
    .inherits = &xhr__event_target_interface,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = finalize,
    .mark = mark,
    .listeners_changed = listeners_changed,
};
