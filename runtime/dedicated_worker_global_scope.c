/* https://html.spec.whatwg.org/#dedicatedworkerglobalscope */
#include "infra/alloc.h"
#include "runtime/worker_global_scope.h"
#include "runtime/worker_messages.h"

/* The inside port, attached: in the realm's list of what has to be undone. */
typedef struct inside_port {
  xhr__teardown teardown;
  xhr__realm *realm;
} inside_port;

static void end_port(xhr__teardown *teardown) {
  inside_port *port = XHR__OWNER(teardown, inside_port, teardown);
  xhr__list_remove(&teardown->node);
  xhr__port_end_detach(port->realm->worker->inside);
  xhr__free(port);
}

static void deliver(void *user, xhr__serialized *message) {
  inside_port *port = user;
  if (atomic_load(&port->realm->worker->closing))
    xhr__serialized_free(message);
  else
    xhr__worker_deliver_message(port->realm, port->realm->global, message);
}

static const xhr__port_client client = {.deliver = deliver};

bool xhr__dedicated_worker_open(xhr__realm *realm) {
  inside_port *port = XHR__NEW(inside_port);
  if (!port)
    return false;
  port->realm = realm;
  port->teardown.idle = true;
  port->teardown.end = end_port;
  if (xhr__port_end_attach(realm->worker->inside, realm->context->loop, &client, port, true) !=
      XHR_OK) {
    xhr__free(port);
    return false;
  }
  xhr__list_append(&realm->teardown, &port->teardown.node);
  return true;
}

/* https://html.spec.whatwg.org/#dom-dedicatedworkerglobalscope-postmessage */
static JSValue post_message(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                            JSValueConst *argv) {
  (void)self, (void)this_value;
  return xhr__worker_post_message(realm, realm->worker->inside, argc, argv);
}

static const xhr__member members[] = {
    XHR__DEFINE_ATTRIBUTE("name", xhr__worker_global_scope_get_name,
                          xhr__worker_global_scope_replace_name),
    XHR__DEFINE_OPERATION("postMessage", 1, post_message),
    XHR__DEFINE_OPERATION("close", 0, xhr__worker_global_scope_close),
    XHR__DEFINE_HANDLER("onmessage"),
    XHR__DEFINE_HANDLER("onmessageerror"),
};

const xhr__interface xhr__dedicated_worker_global_scope_interface = {
    .name = "DedicatedWorkerGlobalScope",
    .inherits = &xhr__worker_global_scope_interface,
    .global = XHR__EXPOSED_DEDICATED_WORKER,
    .exposed = XHR__EXPOSED_DEDICATED_WORKER,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = xhr__worker_global_scope_finalize,
    .mark = xhr__worker_global_scope_mark,
};
