/* https://html.spec.whatwg.org/#sharedworkerglobalscope */
#include "infra/alloc.h"
#include "runtime/message_event.h"
#include "runtime/message_port.h"
#include "runtime/sequence.h"
#include "runtime/shared_worker.h"
#include "runtime/worker_global_scope.h"

/* https://html.spec.whatwg.org/#event-workerglobalscope-connect: takes over the port's end. */
static void fire_connect(xhr__realm *realm, xhr__port_end *inside) {
  JSContext *js = realm->js;
  JSValue port = xhr__message_port_value(realm, inside);
  JSValue ports = JS_IsException(port) ? JS_EXCEPTION : JS_NewArray(js);
  JSValue event = JS_EXCEPTION, data = JS_NewString(js, "");
  if (!JS_IsException(ports) && !JS_IsException(data) &&
      xhr__array_append(realm, ports, JS_DupValue(js, port)) && xhr__array_freeze(realm, ports))
    event = xhr__message_event_new(realm, "connect", data, XHR__STR_EMPTY, port, ports);
  (void)xhr__dispatch_new(realm, realm->global, event);
  JS_FreeValue(js, data);
  JS_FreeValue(js, ports);
  JS_FreeValue(js, port);
}

/* The agent's task. */
static void connect_all(xhr__task *task) {
  xhr__worker_agent *agent = XHR__OWNER(task, xhr__worker_agent, connect);
  xhr__shared_worker_connection *one;
  while (!atomic_load(&agent->closing) && (one = xhr__shared_worker_take_connection(agent))) {
    fire_connect(agent->realm, one->inside);
    xhr__free(one);
  }
}

bool xhr__shared_worker_open(xhr__realm *realm) {
  const xhr__worker_news ready = {.kind = XHR__WORKER_READY};
  xhr__task_init(&realm->worker->connect, connect_all, NULL);
  xhr__worker_agent_set_state(realm->worker, XHR__WORKER_RUNNING, &ready);
  /* Those who have come so far. */
  xhr__shared_worker_connect(realm->worker, NULL);
  return true;
}

static const xhr__member members[] = {
    XHR__DEFINE_ATTRIBUTE("name", xhr__worker_global_scope_get_name,
                          xhr__worker_global_scope_replace_name),
    XHR__DEFINE_OPERATION("close", 0, xhr__worker_global_scope_close),
    XHR__DEFINE_HANDLER("onconnect"),
};

const xhr__interface xhr__shared_worker_global_scope_interface = {
    .name = "SharedWorkerGlobalScope",
    .inherits = &xhr__worker_global_scope_interface,
    .global = XHR__EXPOSED_SHARED_WORKER,
    .exposed = XHR__EXPOSED_SHARED_WORKER,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = xhr__worker_global_scope_finalize,
    .mark = xhr__worker_global_scope_mark,
};
