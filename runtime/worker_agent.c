#include "runtime/worker_agent.h"

#include <signal.h>

#include "infra/alloc.h"

/* The thread's stack, in bytes; and how much of it scripts may use. */
enum { STACK_SIZE = 2 << 20 };

/* ---- the record ------------------------------------------------------------------------------------------------- */

static void free_agent(xhr__worker_agent *agent) {
  xhr__bytes_free(&agent->name);
  xhr__url_free(&agent->url);
  xhr_session_unref(agent->session);
  xhr__client_snapshot_unref(agent->client);
  xhr__port_end_unref(agent->inside);
  pthread_mutex_destroy(&agent->lock);
  xhr__free(agent);
}

static void unref_owner(xhr__worker_owner *owner) {
  if (atomic_fetch_sub_explicit(&owner->references, 1, memory_order_acq_rel) != 1)
    return;
  xhr__task_queue_unref(owner->tasks);
  xhr__free(owner);
}

xhr_status xhr__worker_agent_new(xhr__realm *realm, const xhr__url *url, xhr__worker_agent **out) {
  const xhr_context *context = realm->context;
  xhr__worker_agent *agent = XHR__NEW(xhr__worker_agent);
  if (!agent)
    return XHR_OUT_OF_MEMORY;
  if (pthread_mutex_init(&agent->lock, NULL) != 0) {
    xhr__free(agent);
    return XHR_SYSTEM;
  }
  agent->references = 1;
  xhr__list_init(&agent->owners);
  xhr__list_init(&agent->connections);
  xhr__list_init(&agent->connect.node);
  agent->session = xhr_session_ref(context->session);
  agent->outside_kind = context->kind;
  agent->client = xhr__client_snapshot_ref(context->client);
  agent->options = realm->options;
  xhr_status status = xhr__url_copy(url, &agent->url);
  if (status != XHR_OK) {
    free_agent(agent);
    return status;
  }
  *out = agent;
  return XHR_OK;
}

xhr__worker_agent *xhr__worker_agent_ref(xhr__worker_agent *agent) {
  atomic_fetch_add_explicit(&agent->references, 1, memory_order_relaxed);
  return agent;
}

void xhr__worker_agent_unref(xhr__worker_agent *agent) {
  if (!agent || atomic_fetch_sub_explicit(&agent->references, 1, memory_order_acq_rel) != 1)
    return;
  while (!xhr__list_empty(&agent->owners)) {
    xhr__worker_owner *owner = XHR__OWNER(agent->owners.next, xhr__worker_owner, node);
    xhr__list_remove(&owner->node);
    unref_owner(owner);
  }
  free_agent(agent);
}

/* ---- the thread ------------------------------------------------------------------------------------------------- */

static void *run(void *user) {
  xhr__worker_agent *agent = user;
  xhr__worker_run(agent);
  xhr__worker_agent_unref(agent);
  return NULL;
}

xhr_status xhr__worker_agent_start(xhr__worker_agent *agent) {
  pthread_attr_t attributes;
  sigset_t all, before;
  if (pthread_attr_init(&attributes) != 0)
    return XHR_SYSTEM;
  int error = pthread_attr_setstacksize(&attributes, STACK_SIZE);
  xhr__worker_agent_ref(agent);
  /* Signals are the program's own. */
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  if (error == 0)
    error = pthread_create(&agent->thread, &attributes, run, agent);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
  if (error == 0)
    return XHR_OK;
  xhr__worker_agent_unref(agent);
  return XHR_SYSTEM;
}

void xhr__worker_agent_set_loop(xhr__worker_agent *agent, xhr_loop *loop) {
  pthread_mutex_lock(&agent->lock);
  agent->loop = loop;
  pthread_mutex_unlock(&agent->lock);
}

void xhr__worker_agent_terminate(xhr__worker_agent *agent) {
  /* 1. the closing flag; 3. the interrupt handler ends the script that runs */
  atomic_store(&agent->closing, true);
  atomic_store(&agent->terminated, true);
  /* 2. tasks run no script any more; one that waits is woken */
  pthread_mutex_lock(&agent->lock);
  xhr_loop_stop(agent->loop);
  pthread_mutex_unlock(&agent->lock);
  /* 4. the port: its owner's */
}

/* ---- news for owners -------------------------------------------------------------------------------------------- */

/* News on their way. */
typedef struct report {
  xhr__task task;
  xhr__worker_owner *owner; /* counted */
  xhr__worker_news news;
} report;

static void drop_report(xhr__task *task) {
  report *self = XHR__OWNER(task, report, task);
  unref_owner(self->owner);
  xhr__error_information_free(&self->news.information);
  xhr__free(self);
}

static void run_report(xhr__task *task) {
  report *self = XHR__OWNER(task, report, task);
  if (self->owner->user)
    self->owner->hear(self->owner->user, &self->news);
  drop_report(task);
}

static void drop_ended(xhr__task *task) {
  unref_owner(XHR__OWNER(task, xhr__worker_owner, ended));
}

static void run_ended(xhr__task *task) {
  xhr__worker_owner *owner = XHR__OWNER(task, xhr__worker_owner, ended);
  const xhr__worker_news news = {.kind = XHR__WORKER_ENDED};
  if (owner->user)
    owner->hear(owner->user, &news);
  unref_owner(owner);
}

xhr__worker_owner *xhr__worker_owner_new(xhr__worker_agent *agent, xhr__realm *realm,
                                         void (*hear)(void *user, const xhr__worker_news *news),
                                         void *user) {
  xhr__worker_owner *owner = XHR__NEW(xhr__worker_owner);
  if (!owner)
    return NULL;
  owner->references = 2;
  owner->tasks = xhr__task_queue_ref(xhr__loop_tasks(realm->context->loop));
  xhr__task_init(&owner->ended, run_ended, drop_ended);
  owner->hear = hear;
  owner->user = user;
  xhr__list_init(&owner->node);
  pthread_mutex_lock(&agent->lock);
  bool over = agent->state == XHR__WORKER_OVER;
  if (!over)
    xhr__list_append(&agent->owners, &owner->node);
  pthread_mutex_unlock(&agent->lock);
  if (!over)
    return owner;
  xhr__task_queue_unref(owner->tasks);
  xhr__free(owner);
  return NULL;
}

void xhr__worker_owner_leave(xhr__worker_agent *agent, xhr__worker_owner *owner) {
  if (!owner)
    return;
  owner->user = NULL;
  pthread_mutex_lock(&agent->lock);
  bool listed = !xhr__list_empty(&owner->node);
  xhr__list_remove(&owner->node);
  pthread_mutex_unlock(&agent->lock);
  if (listed)
    unref_owner(owner);
  unref_owner(owner);
}

static xhr_status copy_information(const xhr__error_information *from, xhr__error_information *to) {
  xhr_status status = xhr__bytes_append(&to->message, xhr__bytes_str(&from->message));
  if (status == XHR_OK)
    status = xhr__bytes_append(&to->filename, xhr__bytes_str(&from->filename));
  if (status == XHR_OK)
    status = xhr__bytes_append(&to->stack, xhr__bytes_str(&from->stack));
  to->line = from->line;
  to->column = from->column;
  return status;
}

static xhr__worker_owner *owner_of(xhr__task *task) {
  return task->run == run_ended ? XHR__OWNER(task, xhr__worker_owner, ended)
                                : XHR__OWNER(task, report, task)->owner;
}

/* The task that tells an owner, with a reference to it; NULL for want of memory. */
static xhr__task *new_task(xhr__worker_owner *owner, const xhr__worker_news *news) {
  report *self = NULL;
  if (news->kind != XHR__WORKER_ENDED) {
    self = XHR__NEW(report);
    if (!self)
      return NULL;
    xhr__task_init(&self->task, run_report, drop_report);
    self->owner = owner;
    self->news.kind = news->kind;
  }
  atomic_fetch_add_explicit(&owner->references, 1, memory_order_relaxed);
  if (!self)
    return &owner->ended;
  if (copy_information(&news->information, &self->news.information) == XHR_OK)
    return &self->task;
  drop_report(&self->task);
  return NULL;
}

/* What cannot be told for want of memory is not told. No lock is held when an owner's loop is woken. */
static void tell(xhr__worker_agent *agent, const xhr__worker_state *state,
                 const xhr__worker_news *news) {
  xhr__list tasks, *node;
  xhr__list_init(&tasks);
  pthread_mutex_lock(&agent->lock);
  if (state)
    agent->state = *state;
  for (node = agent->owners.next; news && node != &agent->owners; node = node->next) {
    xhr__task *task = new_task(XHR__OWNER(node, xhr__worker_owner, node), news);
    if (task)
      xhr__list_append(&tasks, &task->node);
  }
  pthread_mutex_unlock(&agent->lock);
  while ((node = xhr__list_take_first(&tasks))) {
    xhr__task *task = XHR__OWNER(node, xhr__task, node);
    xhr__task_queue *queue = xhr__task_queue_ref(owner_of(task)->tasks);
    if (!xhr__task_queue_post(queue, task))
      task->drop(task);
    xhr__task_queue_unref(queue);
  }
}

void xhr__worker_agent_tell(xhr__worker_agent *agent, const xhr__worker_news *news) {
  tell(agent, NULL, news);
}

void xhr__worker_agent_set_state(xhr__worker_agent *agent, xhr__worker_state state,
                                 const xhr__worker_news *news) {
  tell(agent, &state, news);
}

void xhr__worker_agent_tell_error(xhr__worker_agent *agent,
                                  const xhr__error_information *information) {
  const xhr__worker_news news = {.kind = XHR__WORKER_ERROR, .information = *information};
  xhr__worker_agent_tell(agent, &news);
}
