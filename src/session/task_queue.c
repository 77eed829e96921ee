#include "session/task_queue.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "infra/alloc.h"

struct xhr__task_queue {
  _Atomic uint32_t references;
  pthread_mutex_t lock;
  pthread_cond_t woken; /* signalled when no wake is under way any more */
  xhr__list tasks;
  xhr__list due;       /* what xhr__task_queue_run has still to run */
  atomic_size_t count; /* of both, to be asked without the lock */
  unsigned waking;
  bool closed;
  void (*wake)(void *user);
  void *wake_user;
};

xhr_status xhr__task_queue_new(void (*wake)(void *user), void *user, xhr__task_queue **out) {
  xhr__task_queue *queue = XHR__NEW(xhr__task_queue);
  if (!queue)
    return XHR_OUT_OF_MEMORY;
  if (pthread_mutex_init(&queue->lock, NULL) != 0)
    goto no_lock;
  if (pthread_cond_init(&queue->woken, NULL) != 0)
    goto no_condition;
  queue->references = 1;
  xhr__list_init(&queue->tasks);
  xhr__list_init(&queue->due);
  queue->wake = wake;
  queue->wake_user = user;
  *out = queue;
  return XHR_OK;
no_condition:
  pthread_mutex_destroy(&queue->lock);
no_lock:
  xhr__free(queue);
  return XHR_SYSTEM;
}

xhr__task_queue *xhr__task_queue_ref(xhr__task_queue *queue) {
  atomic_fetch_add_explicit(&queue->references, 1, memory_order_relaxed);
  return queue;
}

void xhr__task_queue_unref(xhr__task_queue *queue) {
  if (!queue)
    return;
  if (atomic_fetch_sub_explicit(&queue->references, 1, memory_order_acq_rel) != 1)
    return;
  pthread_cond_destroy(&queue->woken);
  pthread_mutex_destroy(&queue->lock);
  xhr__free(queue);
}

bool xhr__task_queue_post(xhr__task_queue *queue, xhr__task *task) {
  pthread_mutex_lock(&queue->lock);
  bool closed = queue->closed;
  bool wake = !closed && xhr__list_empty(&queue->tasks);
  if (!closed) {
    xhr__list_append(&queue->tasks, &task->node);
    atomic_fetch_add(&queue->count, 1);
  }
  if (wake)
    queue->waking++;
  pthread_mutex_unlock(&queue->lock);
  if (!wake)
    return !closed;
  /* The task may have run and the queue's other references be gone; this thread's own is not. */
  queue->wake(queue->wake_user);
  pthread_mutex_lock(&queue->lock);
  if (--queue->waking == 0 && queue->closed)
    pthread_cond_broadcast(&queue->woken);
  pthread_mutex_unlock(&queue->lock);
  return true;
}

void xhr__task_queue_cancel(xhr__task_queue *queue, xhr__task *task) {
  pthread_mutex_lock(&queue->lock);
  if (!xhr__list_empty(&task->node)) {
    xhr__list_remove(&task->node);
    atomic_fetch_sub(&queue->count, 1);
  }
  pthread_mutex_unlock(&queue->lock);
}

/* The next task that is due, taken out, or NULL. */
static xhr__task *take(xhr__task_queue *queue) {
  pthread_mutex_lock(&queue->lock);
  xhr__list *node = xhr__list_take_first(&queue->due);
  if (node)
    atomic_fetch_sub(&queue->count, 1);
  pthread_mutex_unlock(&queue->lock);
  return node ? XHR__OWNER(node, xhr__task, node) : NULL;
}

void xhr__task_queue_run(xhr__task_queue *queue) {
  if (!xhr__task_queue_has_tasks(queue))
    return;
  pthread_mutex_lock(&queue->lock);
  xhr__list_splice(&queue->due, &queue->tasks);
  pthread_mutex_unlock(&queue->lock);
  for (xhr__task *task = take(queue); task; task = take(queue))
    task->run(task);
}

bool xhr__task_queue_has_tasks(xhr__task_queue *queue) {
  return atomic_load(&queue->count) > 0;
}

void xhr__task_queue_close(xhr__task_queue *queue) {
  pthread_mutex_lock(&queue->lock);
  queue->closed = true;
  while (queue->waking > 0)
    pthread_cond_wait(&queue->woken, &queue->lock);
  xhr__list_splice(&queue->due, &queue->tasks);
  pthread_mutex_unlock(&queue->lock);
  for (xhr__task *task = take(queue); task; task = take(queue)) {
    if (task->drop)
      task->drop(task);
  }
}
