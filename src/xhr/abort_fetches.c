#include "infra/alloc.h"
#include "session/loop.h"
#include "xhr/xmlhttprequest.h"

typedef struct flight {
  xhr *request; /* counted */
  uint64_t run;
} flight;

typedef struct abort_task {
  xhr__task task;
  size_t count;
  flight flights[];
} abort_task;

static void drop(xhr__task *posted) {
  abort_task *task = XHR__OWNER(posted, abort_task, task);
  for (size_t i = 0; i < task->count; i++)
    xhr_unref(task->flights[i].request);
  xhr__free(task);
}

/* What https://xhr.spec.whatwg.org/#handle-errors makes of a fetch that was aborted. */
static void run(xhr__task *posted) {
  abort_task *task = XHR__OWNER(posted, abort_task, task);
  for (size_t i = 0; i < task->count; i++) {
    xhr *request = task->flights[i].request;
    if (!xhr__is_flying(request, task->flights[i].run))
      continue;
    request->aborted = true;
    xhr__release_controller(request);
    (void)xhr__handle_errors(request);
  }
  drop(posted);
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
  xhr__task_init(&task->task, run, drop);
  if (!xhr__task_queue_post(xhr__loop_tasks(context->loop), &task->task))
    drop(&task->task);
  return XHR_OK;
}
