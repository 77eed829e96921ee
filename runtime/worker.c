#include "runtime/worker.h"

#include "infra/alloc.h"
#include "runtime/event.h"
#include "runtime/worker_messages.h"
#include "runtime/worker_options.h"
#include "session/loop.h"

/* NOTE: of when an idle worker is ended that nobody can reach any more the standard says "no sooner than it stops being a
 * protected worker", which one with an implicit port never does. Here it runs, and keeps its Worker and whatever loop
 * waits for what is pending, until terminate(), close(), or the end of the owner's realm. */
typedef struct worker {
  xhr__js_event_target target;
  xhr__realm *realm; /* borrowed; NULL once the thread is joined, which is before the realm ends */
  xhr__port_end *outside; /* the outside port */
  xhr__worker_agent *agent;
  xhr__worker_owner *owner;
  /* While the thread is there. */
  xhr__teardown running;
  JSValue self; /* keeps the object alive */
} worker;

static void finalize(JSRuntime *runtime, void *object) {
  worker *self = object;
  xhr__worker_owner_leave(self->agent, self->owner);
  xhr__worker_agent_unref(self->agent);
  xhr__port_end_unref(self->outside);
  xhr__js_event_target_free(runtime, &self->target);
  xhr__free(self);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  xhr__js_event_target_mark(runtime, object, mark_func);
}

/* ---- the end ---------------------------------------------------------------------------------------------------- */

/* Nothing that a program would wait for any more. */
static void let_go(worker *self) {
  if (self->running.idle)
    return;
  self->running.idle = true;
  xhr__loop_let_go(self->realm->context->loop);
}

/* The thread has come to its end, or will at once. */
static void join(worker *self) {
  JSContext *js = self->realm->js;
  JSValue value = self->self;
  let_go(self);
  xhr__list_remove(&self->running.node);
  (void)pthread_join(self->agent->thread, NULL);
  self->realm = NULL;
  self->self = JS_UNDEFINED;
  JS_FreeValue(js, value);
}

/* The owner's realm ends. */
static void end(xhr__teardown *teardown) {
  worker *self = XHR__OWNER(teardown, worker, running);
  xhr__worker_agent_terminate(self->agent);
  xhr__port_end_detach(self->outside);
  xhr__worker_owner_leave(self->agent, self->owner);
  self->owner = NULL;
  join(self);
}

/* https://html.spec.whatwg.org/#dom-worker-terminate */
static JSValue terminate(xhr__realm *realm, void *object, JSValueConst this_value, int argc,
                         JSValueConst *argv) {
  worker *self = object;
  (void)realm, (void)this_value, (void)argc, (void)argv;
  /* https://html.spec.whatwg.org/#terminate-a-worker */
  xhr__worker_agent_terminate(self->agent);
  /* 4. what it has sent is not delivered any more */
  xhr__port_end_detach(self->outside);
  xhr__port_end_close(self->outside);
  if (self->realm)
    let_go(self);
  return JS_UNDEFINED;
}

/* ---- what it tells ---------------------------------------------------------------------------------------------- */

void xhr__worker_fire_failure(xhr__realm *realm, JSValueConst value,
                              const xhr__error_information *information) {
  /* NOTE: the standard tells nobody why. */
  if (information->message.len > 0 &&
      !xhr__js_event_target_has_listeners(xhr__js_event_target_of(realm, value), "error"))
    xhr__report_to_developer(realm, "Uncaught (in worker) ", information);
  (void)xhr__dispatch_new(realm, value, xhr__event_new(realm, "error", false, false));
}

/* https://html.spec.whatwg.org/#report-an-exception, step 7.2. */
static void report(worker *self, const xhr__error_information *information) {
  xhr__realm *realm = self->realm;
  if (!xhr__error_event_fire(realm, self->self, information, JS_NULL))
    xhr__realm_report_information(realm, information, JS_NULL);
}

static void hear(void *user, const xhr__worker_news *news) {
  worker *self = user;
  bool terminated = atomic_load(&self->agent->terminated);
  if (news->kind == XHR__WORKER_ENDED)
    join(self);
  else if (!terminated && news->kind == XHR__WORKER_ERROR)
    report(self, &news->information);
  else if (!terminated)
    xhr__worker_fire_failure(self->realm, self->self, &news->information);
}

static void deliver(void *user, xhr__serialized *message) {
  worker *self = user;
  JSContext *js = self->realm->js;
  JSValue value = JS_DupValue(js, self->self);
  xhr__worker_deliver_message(self->realm, value, message);
  JS_FreeValue(js, value);
}

static const xhr__port_client client = {.deliver = deliver};

/* ---- the beginning ---------------------------------------------------------------------------------------------- */

/* Steps 5. to 9.: the ports, and the agent with what it is told. XHR_OUT_OF_MEMORY, XHR_SYSTEM. */
static xhr_status make_agent(xhr__realm *realm, worker *self, const xhr__url *url,
                             xhr__worker_options *options) {
  xhr__port_end *inside;
  xhr_status status = xhr__port_pipe_new(&self->outside, &inside);
  if (status != XHR_OK)
    return status;
  status = xhr__worker_agent_new(realm, url, &self->agent);
  if (status != XHR_OK) {
    xhr__port_end_unref(inside);
    return status;
  }
  self->agent->inside = inside;
  self->agent->module = options->module;
  self->agent->credentials = options->credentials;
  xhr__bytes_move(&self->agent->name, &options->name);
  self->owner = xhr__worker_owner_new(self->agent, realm, hear, self);
  if (!self->owner)
    return XHR_OUT_OF_MEMORY;
  /* NOTE: the standard enables the outside port's queue once the script has run; browsers, and this, deliver at once. */
  return xhr__port_end_attach(self->outside, realm->context->loop, &client, self, true);
}

/* Step 10.: runs it; `value` is the object's. */
static xhr_status start(xhr__realm *realm, worker *self, JSValueConst value) {
  xhr_status status = xhr__worker_agent_start(self->agent);
  if (status != XHR_OK) {
    xhr__port_end_detach(self->outside);
    return status;
  }
  self->realm = realm;
  self->self = JS_DupValue(realm->js, value);
  self->running.idle = false;
  self->running.end = end;
  xhr__list_append(&realm->teardown, &self->running.node);
  xhr__loop_keep(realm->context->loop);
  return XHR_OK;
}

/* An object that nothing has been done for yet; JS_EXCEPTION. */
static JSValue new_worker(xhr__realm *realm, JSValueConst new_target) {
  worker *self = XHR__NEW(worker);
  if (!self)
    return JS_ThrowOutOfMemory(realm->js);
  xhr__list_init(&self->running.node);
  self->running.idle = true;
  self->self = JS_UNDEFINED;
  return xhr__platform_object_new(realm, &xhr__worker_interface, new_target, self);
}

/* Steps 5. to 10., for an object that nothing has been done for yet. XHR_CLOSED for a context that was destroyed. */
static xhr_status begin(xhr__realm *realm, JSValueConst value, const xhr__url *url,
                        xhr__worker_options *options) {
  worker *self = xhr__platform_object_of(value, &xhr__worker_interface);
  if (!self || realm->context->destroyed)
    return XHR_CLOSED;
  xhr_status status = xhr__context_share_session(realm->context);
  if (status == XHR_OK)
    status = make_agent(realm, self, url, options);
  return status == XHR_OK ? start(realm, self, value) : status;
}

/* https://html.spec.whatwg.org/#dom-worker */
static JSValue construct(xhr__realm *realm, JSValueConst new_target, int argc, JSValueConst *argv) {
  xhr__worker_options options;
  xhr__url url = {0};
  JSValue value = JS_EXCEPTION;
  /* 1. - 4. trusted types: there are none */
  if (xhr__worker_options_read(realm, argc, argv, false, &options) &&
      xhr__worker_options_url(realm, &options, &url))
    value = new_worker(realm, new_target);
  if (!JS_IsException(value)) {
    xhr_status status = begin(realm, value, &url, &options);
    if (status != XHR_OK) {
      JS_FreeValue(realm->js, value);
      value = xhr__throw_status(realm, status, "new Worker");
    }
  }
  xhr__url_free(&url);
  xhr__worker_options_free(&options);
  return value;
}

/* https://html.spec.whatwg.org/#dom-worker-postmessage */
static JSValue post_message(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                            JSValueConst *argv) {
  (void)this_value;
  return xhr__worker_post_message(realm, ((worker *)self)->outside, argc, argv);
}

/* ---- the interface ---------------------------------------------------------------------------------------------- */

static const xhr__member abstract_members[] = {
    XHR__DEFINE_HANDLER("onerror"),
};

const xhr__mixin xhr__abstract_worker = {
    .members = abstract_members,
    .member_count = sizeof abstract_members / sizeof *abstract_members,
};

static const xhr__mixin *const includes[] = {&xhr__abstract_worker, NULL};

static const xhr__member members[] = {
    XHR__DEFINE_OPERATION("terminate", 0, terminate),
    XHR__DEFINE_OPERATION("postMessage", 1, post_message),
    XHR__DEFINE_HANDLER("onmessage"),
    XHR__DEFINE_HANDLER("onmessageerror"),
};

const xhr__interface xhr__worker_interface = {
    .name = "Worker",
    .inherits = &xhr__event_target_interface,
    .construct = construct,
    .construct_length = 1,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .includes = includes,
    .finalize = finalize,
    .mark = mark,
};
