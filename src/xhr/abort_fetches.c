#include "infra/alloc.h"
#include "session/loop.h"
#include "xhr/xmlhttprequest.h"

typedef struct flight {
  xhr *request; /* counted */
  uint64_t run;
} flight;

/* Stands in the context's fetch group until it is run: a context that is destroyed takes it back, since what the task counts
 * keeps the loop that it waits in. */
typedef struct abort_task {
  xhr__task task;
  xhr__fetch_record record;
  xhr_context *context; /* counted */
  size_t count;
  flight flights[];
} abort_task;

static void free_task(abort_task *task) {
  xhr_context *context = task->context;
  xhr__context_leave(context, &task->record);
  for (size_t i = 0; i < task->count; i++)
    xhr_unref(task->flights[i].request);
  xhr__free(task);
  xhr_context_unref(context);
}

static void terminate(xhr__fetch_record *record) {
  abort_task *task = XHR__OWNER(record, abort_task, record);
  xhr__task_queue_cancel(xhr__loop_tasks(task->context->loop), &task->task);
  free_task(task);
}

/* What https://xhr.spec.whatwg.org/#handle-errors makes of a fetch that was aborted. */
static void run(xhr__task *posted) {
  abort_task *task = XHR__OWNER(posted, abort_task, task);
  /* A listener may destroy the context: from here on the task ends by itself. */
  xhr__list_remove(&task->record.node);
  for (size_t i = 0; i < task->count; i++) {
    xhr *request = task->flights[i].request;
    if (!xhr__is_flying(request, task->flights[i].run))
      continue;
    request->aborted = true;
    xhr__release_controller(request);
    (void)xhr__handle_errors(request);
  }
  free_task(task);
}

/* How many records stand in the group. */
static size_t count_records(const xhr_context *context) {
  size_t count = 0;
  for (const xhr__list *node = context->fetch_group.next; node != &context->fetch_group;
       node = node->next)
    count++;
  return count;
}

xhr_status xhr__abort_fetches(xhr_context *context) {
  size_t count = count_records(context);
  if (count == 0)
    return XHR_OK;
  abort_task *task = xhr__calloc(1, sizeof *task + count * sizeof *task->flights);
  if (!task)
    return XHR_OUT_OF_MEMORY;
  for (xhr__list *node = context->fetch_group.next; node != &context->fetch_group;
       node = node->next) {
    xhr *request = xhr__of_fetch_record(XHR__OWNER(node, xhr__fetch_record, node));
    if (!request || !request->in_flight || request->synchronous)
      continue;
    if (request->fetch_controller)
      xhr__fetch_terminate(request->fetch_controller);
    task->flights[task->count++] = (flight){xhr_ref(request), request->run};
  }
  task->context = xhr_context_ref(context);
  xhr__list_init(&task->record.node);
  task->record.terminate = terminate;
  xhr__context_enter(context, &task->record);
  xhr__task_init(&task->task, run, NULL);
  if (!xhr__task_queue_post(xhr__loop_tasks(context->loop), &task->task))
    free_task(task);
  return XHR_OK;
}
