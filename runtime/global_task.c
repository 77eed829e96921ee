#include "runtime/global_task.h"

#include "session/loop.h"

static void run(xhr__task *queued) {
  xhr__global_task *task = XHR__OWNER(queued, xhr__global_task, task);
  xhr__list_remove(&task->teardown.node);
  task->run(task);
}

static void drop(xhr__task *queued) {
  xhr__global_task *task = XHR__OWNER(queued, xhr__global_task, task);
  xhr__list_remove(&task->teardown.node);
  task->drop(task);
}

static void end(xhr__teardown *teardown) {
  xhr__global_task *task = XHR__OWNER(teardown, xhr__global_task, teardown);
  xhr__global_task_cancel(task);
  task->drop(task);
}

void xhr__global_task_queue(xhr__realm *realm, xhr__global_task *task,
                            void (*run_it)(xhr__global_task *task),
                            void (*drop_it)(xhr__global_task *task)) {
  task->realm = realm;
  task->run = run_it;
  task->drop = drop_it;
  task->teardown = (xhr__teardown){.end = end};
  xhr__task_init(&task->task, run, drop);
  xhr__list_append(&realm->teardown, &task->teardown.node);
  if (!xhr__task_queue_post(xhr__loop_tasks(realm->context->loop), &task->task))
    end(&task->teardown);
}

void xhr__global_task_cancel(xhr__global_task *task) {
  xhr__task_queue_cancel(xhr__loop_tasks(task->realm->context->loop), &task->task);
  xhr__list_remove(&task->teardown.node);
}
