#include "fetch/fetch_controller.h"

#include "fetch/controller_record.h"
#include "fetch/engine.h"
#include "infra/alloc.h"

static _Atomic uint64_t last_id;

xhr_status xhr__fetch(struct xhr__engine *engine, xhr__request *request,
                      const xhr__fetch_options *options, xhr__fetch_controller **out) {
  xhr__fetch_controller *controller = XHR__NEW(xhr__fetch_controller);
  if (!controller) {
    xhr__request_free(request);
    return XHR_OUT_OF_MEMORY;
  }
  controller->references = 1;
  controller->id = atomic_fetch_add_explicit(&last_id, 1, memory_order_relaxed) + 1;
  controller->engine = engine;
  controller->mailbox = xhr__mailbox_ref(options->mailbox);
  controller->client = options->client;
  controller->client_data = options->client_data;
  controller->timeout_ms = options->timeout_ms;
  controller->request = request;
  controller->started = xhr__clock_now(xhr__engine_clock(engine));
  controller->report_upload = options->report_upload;
  xhr__list_init(&controller->order_node);
  for (int i = 0; i < XHR__NEWS_ITEMS; i++)
    xhr__list_init(&controller->items[i].node);
  xhr__engine_order(controller, XHR__ORDER_FETCH);
  *out = controller;
  return XHR_OK;
}

uint64_t xhr__fetch_id(const xhr__fetch_controller *controller) {
  return controller->id;
}

void xhr__fetch_terminate(xhr__fetch_controller *controller) {
  if (!controller->client)
    return;
  controller->client = NULL;
  xhr__engine_order(controller, XHR__ORDER_TERMINATE);
}

void xhr__fetch_set_timeout(xhr__fetch_controller *controller, uint32_t timeout_ms) {
  if (!controller->client)
    return;
  xhr__engine_order_timeout(controller, timeout_ms);
}

const xhr__failure *xhr__fetch_failure(const xhr__fetch_controller *controller) {
  return &controller->failure;
}

xhr__fetch_controller *xhr__fetch_controller_ref(xhr__fetch_controller *controller) {
  atomic_fetch_add_explicit(&controller->references, 1, memory_order_relaxed);
  return controller;
}

void xhr__fetch_controller_unref(xhr__fetch_controller *controller) {
  if (!controller)
    return;
  if (atomic_fetch_sub_explicit(&controller->references, 1, memory_order_acq_rel) != 1)
    return;
  xhr__request_free(controller->request);
  xhr__response_free(controller->news.response);
  xhr__mailbox_unref(controller->mailbox);
  xhr__free(controller);
}
