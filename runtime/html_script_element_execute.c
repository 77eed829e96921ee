#include "dom/node.h"
#include "infra/alloc.h"
#include "runtime/classic_script.h"
#include "runtime/document_binding.h"
#include "runtime/event.h"
#include "runtime/html_script_element.h"

void xhr__script_run_free(xhr__script_run *run) {
  if (!run)
    return;
  if (run->fetch)
    xhr__resource_fetch_cancel(run->fetch);
  if (run->task_is_queued)
    xhr__global_task_cancel(&run->task);
  xhr__list_remove(&run->node);
  JS_FreeValue(run->page->js, run->element_object);
  JS_FreeValue(run->page->js, run->module);
  JS_FreeValue(run->page->js, run->error);
  xhr__bytes_free(&run->source);
  xhr__bytes_free(&run->url);
  xhr__url_free(&run->base_url);
  xhr__free(run);
}

xhr__script_run *xhr__script_run_blocking(xhr__page *page, const lxb_dom_element_t *element) {
  xhr__list *list = &page->scripts_blocking_the_parser;
  for (xhr__list *node = list->next; node != list; node = node->next) {
    xhr__script_run *run = XHR__OWNER(node, xhr__script_run, node);
    if (run->element == element)
      return run;
  }
  return NULL;
}

/* ---- https://html.spec.whatwg.org/#execute-the-script-element ---------------------------------------------------- */

static void fire(xhr__script_run *run, const char *type) {
  xhr__realm *realm = run->page->realm;
  (void)xhr__dispatch_new(realm, run->element_object, xhr__event_new(realm, type, false, false));
}

/* Step 6, "classic". */
static void run_classic(xhr__script_run *run) {
  xhr__realm *realm = run->page->realm;
  JSValueConst document = xhr__window_of(realm)->document;
  /* 6.1. - 6.2. */
  JSValue old =
      xhr__document_exchange_current_script(document, JS_DupValue(realm->js, run->element_object));
  /* 6.3. */
  xhr__run_classic_script(realm, xhr__bytes_str(&run->source), run->url.data, run->muted_errors);
  /* 6.4. */
  JS_FreeValue(realm->js, xhr__document_exchange_current_script(document, old));
}

static void execute(xhr__script_run *run) {
  /* 1. */
  xhr__document *document = xhr__document_of_node(&run->element->node);
  /* 2. */
  if (run->preparation_document != document)
    return;
  /* 3. nothing is rendered; 4. */
  if (run->result == XHR__SCRIPT_FAILED) {
    fire(run, "error");
    return;
  }
  /* 5. */
  bool counts = run->from_an_external_file || run->type == XHR__SCRIPT_MODULE;
  if (counts)
    document->ignore_destructive_writes++;
  /* 6. */
  if (run->type == XHR__SCRIPT_CLASSIC)
    run_classic(run);
  else
    xhr__script_run_run_module(run);
  /* 7. */
  if (counts)
    document->ignore_destructive_writes--;
  /* 8. */
  if (run->from_an_external_file)
    fire(run, "load");
}

void xhr__execute_script_element(xhr__script_run *run) {
  xhr__list_remove(&run->node);
  execute(run);
  xhr__script_run_free(run);
}

/* ---- https://html.spec.whatwg.org/#steps-to-run-when-the-result-is-ready ----------------------------------------- */

/* Step 34.3 of preparing it: all that are ready, up to one that is not. */
static void run_in_order(xhr__page *page) {
  while (!xhr__list_empty(&page->scripts_in_order)) {
    xhr__script_run *run = XHR__OWNER(page->scripts_in_order.next, xhr__script_run, node);
    if (run->result == XHR__SCRIPT_UNINITIALIZED)
      return;
    xhr__execute_script_element(run);
  }
}

static bool is_in(const xhr__list *list, const xhr__script_run *run) {
  const xhr__list *node = list->next;
  while (node != list && node != &run->node)
    node = node->next;
  return node != list;
}

void xhr__script_run_mark_as_ready(xhr__script_run *run, xhr__script_result result) {
  xhr__page *page = run->page;
  run->result = result;
  if (is_in(&page->scripts_blocking_the_parser, run))
    xhr__html_parser_resume(page->document->parser);
  else if (is_in(&page->scripts_in_order, run))
    run_in_order(page);
  else if (is_in(&page->scripts_as_soon_as_possible, run))
    xhr__execute_script_element(run);
  xhr__page_advance(page);
}
