/* https://html.spec.whatwg.org/#queue-a-global-task: a task of a realm's, which goes with it. */
#ifndef XHR__RUNTIME_GLOBAL_TASK_H
#define XHR__RUNTIME_GLOBAL_TASK_H

#include "runtime/realm.h"
#include "session/task_queue.h"

/* Embedded by its owner, who keeps it until `run` or `drop` is called. */
typedef struct xhr__global_task {
  xhr__task task;
  xhr__teardown teardown;
  xhr__realm *realm;
  /* Inside a dispatch, with no script running: the task may be freed or queued again. */
  void (*run)(struct xhr__global_task *task);
  /* Instead of `run`, where the realm goes first. */
  void (*drop)(struct xhr__global_task *task);
} xhr__global_task;

/* Queues a task that is not queued. Where the loop is gone it is dropped. */
void xhr__global_task_queue(xhr__realm *realm, xhr__global_task *task,
                            void (*run)(xhr__global_task *task),
                            void (*drop)(xhr__global_task *task));
/* Takes one back that is queued, without calling `drop`. */
void xhr__global_task_cancel(xhr__global_task *task);

#endif
