#include "fetch/fetch_params.h"
#include "infra/alloc.h"

/* Ends a fetch whose params could not even be made. */
static void fail_at_once(xhr__fetch_controller *controller, xhr_failure_code code,
                         const char *detail) {
  xhr__failure_set(&controller->failure, code, xhr__str_c(detail));
  xhr__mailbox_post(controller, &(xhr__news){.what = XHR__NEWS_NETWORK_ERROR});
}

static xhr__fetch_params *new_params(xhr__engine *engine, xhr__fetch_controller *controller) {
  if (xhr__timers_reserve(&engine->timers, engine->fetch_count + 1) != XHR_OK)
    return NULL;
  xhr__fetch_params *params = XHR__NEW(xhr__fetch_params);
  if (!params)
    return NULL;
  params->engine = engine;
  params->controller = xhr__fetch_controller_ref(controller);
  params->request = controller->request;
  params->deadline = XHR__NEVER;
  xhr__list_init(&params->deferred_node);
  xhr__list_init(&params->local_node);
  xhr__list_append(&engine->fetches, &params->node);
  engine->fetch_count++;
  controller->params = params;
  return params;
}

/* https://fetch.spec.whatwg.org/#document-accept-header-value and step 12. */
static xhr__str accept_value(xhr__request_destination destination) {
  switch (destination) {
    case XHR__DESTINATION_DOCUMENT:
      return XHR__STR("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
    case XHR__DESTINATION_JSON: return XHR__STR("application/json,*/*;q=0.5");
    case XHR__DESTINATION_EMPTY:
    case XHR__DESTINATION_SCRIPT:
    case XHR__DESTINATION_SHAREDWORKER:
    case XHR__DESTINATION_WORKER: break;
  }
  return XHR__STR("*/*");
}

/* https://fetch.spec.whatwg.org/#concept-fetch */
void xhr__fetch_begin(xhr__engine *engine, xhr__fetch_controller *controller) {
  if (engine->attached != XHR_OK) {
    fail_at_once(controller, XHR_FAILURE_INTERNAL, "the network transport could not be started");
    return;
  }
  /* 1-7. Task destination, timing: the mailbox is the destination; timing is not built yet. */
  /* 8. New fetch params. */
  xhr__fetch_params *params = new_params(engine, controller);
  if (!params) {
    fail_at_once(controller, XHR_FAILURE_OUT_OF_MEMORY, NULL);
    return;
  }
  /* NOTE: an engine that is pumped hears of the request once its thread has time for it; a timeout is for the network, not
   * for what that thread did meanwhile. */
  if (!engine->threaded)
    controller->started = xhr__clock_now(&engine->clock);
  /* 9. A body that is bytes: it is a body already. */
  /* 10-11. WebDriver BiDi, preloads: not built. */
  /* 12. Accept; 13. no emulated language; 14. Accept-Language. */
  xhr__header_list *headers = &params->request->header_list;
  xhr_status status = xhr__header_list_append_if_missing(
      headers, XHR__STR("Accept"), accept_value(params->request->destination));
  if (status == XHR_OK) {
    status =
        xhr__header_list_append_if_missing(headers, XHR__STR("Accept-Language"), XHR__STR("*"));
  }
  if (status != XHR_OK) {
    xhr__fetch_network_error(params, XHR_FAILURE_OUT_OF_MEMORY, XHR__STR_EMPTY);
    return;
  }
  /* 15. Priority: all are equal. */
  /* 16. The fetch group holds the record on the caller's side. */
  /* 17. 18. The caller has the controller already. */
  xhr__main_fetch(params, false);
}
