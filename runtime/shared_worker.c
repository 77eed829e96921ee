#include "runtime/shared_worker.h"

#include "infra/alloc.h"
#include "runtime/event.h"
#include "runtime/global_task.h"
#include "runtime/message_port.h"
#include "runtime/worker.h"
#include "runtime/worker_options.h"
#include "session/loop.h"

/* https://html.spec.whatwg.org/#shared-worker-manager: the shared workers of the process, by their threads. */
typedef struct manager_entry {
  xhr__list node;
  xhr__worker_agent *agent; /* counted */
  size_t owners;            /* realms */
} manager_entry;

static struct {
  pthread_mutex_t lock;
  xhr__list entries; /* of manager_entry */
} manager = {PTHREAD_MUTEX_INITIALIZER, {&manager.entries, &manager.entries}};

/* A realm in the owner set of a worker, which it stays in until it ends. */
typedef struct membership {
  xhr__teardown teardown;
  xhr__realm *realm;
  manager_entry *entry;
  xhr__worker_owner *owner;
  xhr__list objects; /* of shared_worker: those that wait for what comes of the script */
} membership;

typedef struct shared_worker {
  xhr__js_event_target target;
  JSValue port;
  xhr__list node; /* among its realm's that wait, or in no list */
  JSValue self;   /* while it waits: keeps the object alive; else JS_UNDEFINED */
} shared_worker;

static void finalize(JSRuntime *runtime, void *object) {
  shared_worker *self = object;
  JS_FreeValueRT(runtime, self->port);
  xhr__js_event_target_free(runtime, &self->target);
  xhr__free(self);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  JS_MarkValue(runtime, ((shared_worker *)object)->port, mark_func);
  xhr__js_event_target_mark(runtime, object, mark_func);
}

/* ---- connections ------------------------------------------------------------------------------------------------ */

/* The agent's lock is held. */
static void post_connect(xhr__worker_agent *agent) {
  if (agent->state != XHR__WORKER_RUNNING || !agent->loop || agent->connecting ||
      xhr__list_empty(&agent->connections))
    return;
  agent->connecting = xhr__task_queue_post(xhr__loop_tasks(agent->loop), &agent->connect);
}

static void drop_connection(xhr__shared_worker_connection *one) {
  xhr__port_end_unref(one->inside);
  xhr__free(one);
}

void xhr__shared_worker_connect(xhr__worker_agent *agent, xhr__shared_worker_connection *one) {
  pthread_mutex_lock(&agent->lock);
  bool over = agent->state == XHR__WORKER_OVER;
  if (one && !over)
    xhr__list_append(&agent->connections, &one->node);
  post_connect(agent);
  pthread_mutex_unlock(&agent->lock);
  if (one && over)
    drop_connection(one);
}

xhr__shared_worker_connection *xhr__shared_worker_take_connection(xhr__worker_agent *agent) {
  pthread_mutex_lock(&agent->lock);
  xhr__list *node = xhr__list_take_first(&agent->connections);
  if (!node)
    agent->connecting = false;
  pthread_mutex_unlock(&agent->lock);
  return node ? XHR__OWNER(node, xhr__shared_worker_connection, node) : NULL;
}

void xhr__shared_worker_drop_connections(xhr__worker_agent *agent) {
  xhr__shared_worker_connection *one;
  while ((one = xhr__shared_worker_take_connection(agent)))
    drop_connection(one);
}

/* ---- the manager: its lock is held ------------------------------------------------------------------------------ */

static bool is_same_origin(const xhr__client_snapshot *a, const xhr__client_snapshot *b) {
  return a && b ? xhr__same_origin(&a->origin, &b->origin) : a == b;
}

/* Step 11.2. of the constructor: whether the worker is the one that is asked for. */
static bool matches(const xhr__worker_agent *agent, const xhr_context *context, const xhr__url *url,
                    const xhr__worker_options *options) {
  return agent->session == context->session && is_same_origin(agent->client, context->client) &&
         !atomic_load(&agent->closing) && xhr__url_equals(&agent->url, url, false) &&
         xhr__str_equals(xhr__bytes_str(&agent->name), xhr__bytes_str(&options->name));
}

static manager_entry *find_entry(const xhr_context *context, const xhr__url *url,
                                 const xhr__worker_options *options) {
  for (xhr__list *node = manager.entries.next; node != &manager.entries; node = node->next) {
    manager_entry *entry = XHR__OWNER(node, manager_entry, node);
    xhr__worker_agent *agent = entry->agent;
    pthread_mutex_lock(&agent->lock);
    bool over = agent->state == XHR__WORKER_OVER;
    pthread_mutex_unlock(&agent->lock);
    if (!over && matches(agent, context, url, options))
      return entry;
  }
  return NULL;
}

/* A worker that does not run yet; NULL for want of memory. */
static manager_entry *new_entry(xhr__realm *realm, const xhr__url *url,
                                xhr__worker_options *options) {
  manager_entry *entry = XHR__NEW(manager_entry);
  if (!entry)
    return NULL;
  if (xhr__worker_agent_new(realm, url, &entry->agent) != XHR_OK) {
    xhr__free(entry);
    return NULL;
  }
  xhr__list_init(&entry->node);
  entry->agent->shared = true;
  entry->agent->module = options->module;
  entry->agent->credentials = options->credentials;
  xhr__bytes_move(&entry->agent->name, &options->name);
  return entry;
}

static void free_entry(manager_entry *entry) {
  xhr__list_remove(&entry->node);
  xhr__worker_agent_unref(entry->agent);
  xhr__free(entry);
}

/* ---- memberships ------------------------------------------------------------------------------------------------ */

/* Nothing more comes of waiting. */
static void stop_waiting(membership *member, shared_worker *object) {
  JSContext *js = member->realm->js;
  JSValue value = object->self;
  xhr__list_remove(&object->node);
  object->self = JS_UNDEFINED;
  if (xhr__list_empty(&member->objects) && !member->teardown.idle) {
    member->teardown.idle = true;
    xhr__loop_let_go(member->realm->context->loop);
  }
  JS_FreeValue(js, value);
}

/* The thread ends, or has ended; it is joined once. */
static void join(xhr__worker_agent *agent) {
  pthread_mutex_lock(&agent->lock);
  bool ours = !agent->joined;
  agent->joined = true;
  pthread_mutex_unlock(&agent->lock);
  if (ours)
    (void)pthread_join(agent->thread, NULL);
}

/* The realm leaves the owner set; https://html.spec.whatwg.org/#terminate-a-worker with the last one. */
static void leave(membership *member) {
  manager_entry *entry = member->entry;
  xhr__worker_agent *agent = entry->agent;
  xhr__worker_owner_leave(agent, member->owner);
  xhr__list_remove(&member->teardown.node);
  xhr__free(member);
  pthread_mutex_lock(&manager.lock);
  bool last = --entry->owners == 0;
  if (last)
    xhr__list_remove(&entry->node);
  pthread_mutex_unlock(&manager.lock);
  if (!last)
    return;
  xhr__worker_agent_terminate(agent);
  join(agent);
  free_entry(entry);
}

static void end(xhr__teardown *teardown) {
  membership *member = XHR__OWNER(teardown, membership, teardown);
  while (!xhr__list_empty(&member->objects))
    stop_waiting(member, XHR__OWNER(member->objects.next, shared_worker, node));
  leave(member);
}

static void hear(void *user, const xhr__worker_news *news) {
  membership *member = user;
  xhr__list waiting;
  xhr__list_init(&waiting);
  xhr__list_splice(&waiting, &member->objects);
  while (!xhr__list_empty(&waiting)) {
    shared_worker *object = XHR__OWNER(waiting.next, shared_worker, node);
    JSValue value = JS_DupValue(member->realm->js, object->self);
    stop_waiting(member, object);
    /* One that came when the others were being told hears of the end alone. */
    if (news->kind != XHR__WORKER_READY)
      xhr__worker_fire_failure(member->realm, value, &news->information);
    JS_FreeValue(member->realm->js, value);
  }
  if (news->kind == XHR__WORKER_ENDED) {
    join(member->entry->agent);
    leave(member);
  }
}

/* The realm's in the owner set of that worker; NULL. */
static membership *find_membership(xhr__realm *realm, const manager_entry *entry) {
  for (xhr__list *node = realm->teardown.next; node != &realm->teardown; node = node->next) {
    xhr__teardown *teardown = XHR__OWNER(node, xhr__teardown, node);
    membership *member = XHR__OWNER(teardown, membership, teardown);
    if (teardown->end == end && member->entry == entry)
      return member;
  }
  return NULL;
}

/* The manager's lock is held. NULL for want of memory, or where the worker is over. */
static membership *need_membership(xhr__realm *realm, manager_entry *entry) {
  membership *member = find_membership(realm, entry);
  if (member)
    return member;
  member = XHR__NEW(membership);
  if (!member)
    return NULL;
  member->owner = xhr__worker_owner_new(entry->agent, realm, hear, member);
  if (!member->owner) {
    xhr__free(member);
    return NULL;
  }
  member->realm = realm;
  member->entry = entry;
  member->teardown.idle = true;
  member->teardown.end = end;
  xhr__list_init(&member->objects);
  xhr__list_append(&realm->teardown, &member->teardown.node);
  entry->owners++;
  return member;
}

/* ---- the constructor -------------------------------------------------------------------------------------------- */

/* What the constructor has made when it asks the manager. */
typedef struct request {
  xhr__url url;
  xhr__worker_options options;
  shared_worker *object;
  JSValue value;
  xhr__shared_worker_connection *connection;
} request;

/* Step 11., otherwise: a new worker. NULL, with nothing left of it, for want of memory or a thread. */
static membership *run_new(xhr__realm *realm, request *asked) {
  manager_entry *entry = new_entry(realm, &asked->url, &asked->options);
  membership *member = entry ? need_membership(realm, entry) : NULL;
  if (member && xhr__worker_agent_start(entry->agent) == XHR_OK) {
    xhr__list_append(&manager.entries, &entry->node);
    return member;
  }
  if (member) {
    xhr__worker_owner_leave(entry->agent, member->owner);
    xhr__list_remove(&member->teardown.node);
    xhr__free(member);
  }
  if (entry)
    free_entry(entry);
  return NULL;
}

/* The object waits for what comes of the script, where that is not known yet. */
static void wait(membership *member, request *asked) {
  xhr__worker_agent *agent = member->entry->agent;
  pthread_mutex_lock(&agent->lock);
  bool running = agent->state == XHR__WORKER_RUNNING;
  pthread_mutex_unlock(&agent->lock);
  /* Where it is over already the news of that are on their way. */
  if (running)
    return;
  asked->object->self = JS_DupValue(member->realm->js, asked->value);
  xhr__list_append(&member->objects, &asked->object->node);
  if (!member->teardown.idle)
    return;
  member->teardown.idle = false;
  xhr__loop_keep(member->realm->context->loop);
}

/* Step 11. *refused: step 11.4., an error is to be fired. False for want of memory or a thread. */
static bool ask_manager(xhr__realm *realm, request *asked, bool *refused) {
  /* 11.1. - 11.2. */
  manager_entry *entry = find_entry(realm->context, &asked->url, &asked->options);
  /* 11.3. - 11.6. NOTE: being a secure context goes with the origin */
  *refused = entry && (entry->agent->module != asked->options.module ||
                       entry->agent->credentials != asked->options.credentials);
  if (*refused)
    return true;
  /* 11.9. or otherwise */
  membership *member = entry ? need_membership(realm, entry) : NULL;
  if (!member)
    member = run_new(realm, asked);
  if (!member)
    return false;
  wait(member, asked);
  /* 11.7. - 11.8. */
  xhr__shared_worker_connect(member->entry->agent, asked->connection);
  asked->connection = NULL;
  return true;
}

/* Steps 6. to 9.: the object, its port, and what connects them with a worker. False where it threw. */
static bool make_object(xhr__realm *realm, JSValueConst new_target, request *asked) {
  JSContext *js = realm->js;
  xhr__port_end *outside;
  asked->object = XHR__NEW(shared_worker);
  asked->connection = XHR__NEW(xhr__shared_worker_connection);
  if (!asked->object || !asked->connection ||
      xhr__port_pipe_new(&outside, &asked->connection->inside) != XHR_OK) {
    xhr__free(asked->object);
    JS_ThrowOutOfMemory(js);
    return false;
  }
  xhr__list_init(&asked->object->node);
  asked->object->port = asked->object->self = JS_UNDEFINED;
  asked->value =
      xhr__platform_object_new(realm, &xhr__shared_worker_interface, new_target, asked->object);
  if (JS_IsException(asked->value)) {
    xhr__port_end_unref(outside);
    return false;
  }
  JSValue port = xhr__message_port_value(realm, outside);
  if (JS_IsException(port))
    return false;
  asked->object->port = port;
  return true;
}

/* Step 11.4.: an error event that is on its way. */
typedef struct refusal {
  xhr__global_task task;
  JSValue value;
} refusal;

static void drop_refusal(xhr__global_task *task) {
  refusal *self = XHR__OWNER(task, refusal, task);
  JS_FreeValue(task->realm->js, self->value);
  xhr__free(self);
}

static void fire_refusal(xhr__global_task *task) {
  refusal *self = XHR__OWNER(task, refusal, task);
  xhr__realm *realm = task->realm;
  (void)xhr__dispatch_new(realm, self->value, xhr__event_new(realm, "error", false, false));
  drop_refusal(task);
}

/* False where it threw. */
static bool refuse(xhr__realm *realm, JSValueConst value) {
  refusal *self = XHR__NEW(refusal);
  if (!self) {
    JS_ThrowOutOfMemory(realm->js);
    return false;
  }
  self->value = JS_DupValue(realm->js, value);
  xhr__global_task_queue(realm, &self->task, fire_refusal, drop_refusal);
  return true;
}

static void free_request(request *asked) {
  if (asked->connection)
    drop_connection(asked->connection);
  xhr__url_free(&asked->url);
  xhr__worker_options_free(&asked->options);
}

/* Runs the steps that are left; false where it threw. */
static bool construct_steps(xhr__realm *realm, request *asked) {
  bool refused = false;
  xhr_status status =
      realm->context->destroyed ? XHR_CLOSED : xhr__context_share_session(realm->context);
  pthread_mutex_lock(&manager.lock);
  bool done = status == XHR_OK && ask_manager(realm, asked, &refused);
  pthread_mutex_unlock(&manager.lock);
  if (!done)
    (void)xhr__throw_status(realm, status == XHR_OK ? XHR_OUT_OF_MEMORY : status,
                            "new SharedWorker");
  return done && (!refused || refuse(realm, asked->value));
}

/* https://html.spec.whatwg.org/#dom-sharedworker */
static JSValue construct(xhr__realm *realm, JSValueConst new_target, int argc, JSValueConst *argv) {
  request asked = {.value = JS_EXCEPTION};
  /* 1. - 5. trusted types: there are none */
  bool done = xhr__worker_options_read(realm, argc, argv, true, &asked.options) &&
              xhr__worker_options_url(realm, &asked.options, &asked.url) &&
              make_object(realm, new_target, &asked) && construct_steps(realm, &asked);
  free_request(&asked);
  if (!done) {
    JS_FreeValue(realm->js, asked.value);
    return JS_EXCEPTION;
  }
  return asked.value;
}

/* https://html.spec.whatwg.org/#dom-sharedworker-port */
static JSValue get_port(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_DupValue(realm->js, ((shared_worker *)self)->port);
}

static const xhr__mixin *const includes[] = {&xhr__abstract_worker, NULL};

static const xhr__member members[] = {
    XHR__DEFINE_READONLY("port", get_port),
};

const xhr__interface xhr__shared_worker_interface = {
    .name = "SharedWorker",
    .inherits = &xhr__event_target_interface,
    .exposed = XHR__EXPOSED_PLAIN | XHR__EXPOSED_WINDOW,
    .construct = construct,
    .construct_length = 1,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .includes = includes,
    .finalize = finalize,
    .mark = mark,
};
