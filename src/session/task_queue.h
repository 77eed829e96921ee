/* https://html.spec.whatwg.org/#task-queue: what other threads, or the loop's own, leave for a loop to run, first in, first
 * out. Atomically counted, so that whoever posts needs no loop. */
#ifndef XHR__SESSION_TASK_QUEUE_H
#define XHR__SESSION_TASK_QUEUE_H

#include <stdbool.h>

#include "infra/list.h"
#include "xhr/status.h"

typedef struct xhr__task_queue xhr__task_queue;

/* A task, embedded by its owner, who keeps it until `run` or `drop` is called or the task is taken back. Prepare it with
 * xhr__task_init. */
typedef struct xhr__task {
  xhr__list node;
  /* On the loop's thread, inside a dispatch. The task is out of the queue and may be posted again or freed. */
  void (*run)(struct xhr__task *task);
  /* Instead of `run`, where the loop goes away first, on its thread. NULL: nothing to be done. */
  void (*drop)(struct xhr__task *task);
} xhr__task;

static inline void xhr__task_init(xhr__task *task, void (*run)(xhr__task *task),
                                  void (*drop)(xhr__task *task)) {
  xhr__list_init(&task->node);
  task->run = run;
  task->drop = drop;
}

/* `wake(user)` is called, on any thread and under no lock, for the first task in an empty queue. With one reference.
 * XHR_OK, XHR_OUT_OF_MEMORY, XHR_SYSTEM. */
xhr_status xhr__task_queue_new(void (*wake)(void *user), void *user, xhr__task_queue **queue);
xhr__task_queue *xhr__task_queue_ref(xhr__task_queue *queue);
/* NULL is allowed. */
void xhr__task_queue_unref(xhr__task_queue *queue);

/* Any thread: appends a task that is in no queue; never fails but where the loop is gone: then false, and the task stays
 * the caller's. */
bool xhr__task_queue_post(xhr__task_queue *queue, xhr__task *task);
/* The loop's thread: takes a task back; harmless where it is not posted. */
void xhr__task_queue_cancel(xhr__task_queue *queue, xhr__task *task);
/* The loop's thread: runs the tasks that are there now; what they post waits for the next call. */
void xhr__task_queue_run(xhr__task_queue *queue);
/* Whether a task waits. */
bool xhr__task_queue_has_tasks(xhr__task_queue *queue);
/* The loop's thread: the end; drops what waits. Waits for a wake that is under way. */
void xhr__task_queue_close(xhr__task_queue *queue);

#endif
