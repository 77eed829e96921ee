/* https://html.spec.whatwg.org/#the-end: from the parser's end to the load event. What the standard spins the event loop for,
 * a page waits for as one of its stages. */
#include "runtime/document_binding.h"
#include "runtime/event.h"
#include "runtime/html_script_element.h"
#include "runtime/page_events.h"

static JSValueConst document_of(const xhr__page *page) {
  return xhr__window_of(page->realm)->document;
}

static void take_step(xhr__global_task *task);

static void drop_step(xhr__global_task *task) {
  XHR__OWNER(task, xhr__page, step)->step_is_queued = false;
}

static void queue_step(xhr__page *page) {
  if (page->step_is_queued)
    return;
  page->step_is_queued = true;
  xhr__global_task_queue(page->realm, &page->step, take_step, drop_step);
}

/* Step 5: scripts that wait for the parser's end, in order, as far as they are ready. */
static void run_deferred_scripts(xhr__page *page) {
  xhr__list *scripts = &page->scripts_when_parsed;
  while (page->stage == XHR__PAGE_DEFERRED && !xhr__list_empty(scripts)) {
    xhr__script_run *run = XHR__OWNER(scripts->next, xhr__script_run, node);
    if (run->result == XHR__SCRIPT_UNINITIALIZED)
      return;
    xhr__execute_script_element(run);
  }
  if (page->stage != XHR__PAGE_DEFERRED)
    return;
  page->stage = XHR__PAGE_CONTENT_LOADED;
  queue_step(page);
}

/* Steps 7 to 8. */
static void wait_for_scripts(xhr__page *page) {
  if (page->stage != XHR__PAGE_WAITING || !xhr__list_empty(&page->scripts_as_soon_as_possible) ||
      !xhr__list_empty(&page->scripts_in_order))
    return;
  page->stage = XHR__PAGE_LOADING;
  queue_step(page);
}

/* Step 6's task. */
static void fire_content_loaded(xhr__page *page) {
  /* 6.2. Its listeners may open the document anew. */
  page->stage = XHR__PAGE_WAITING;
  (void)xhr__dispatch_new(page->realm, document_of(page),
                          xhr__event_new(page->realm, "DOMContentLoaded", true, false));
  wait_for_scripts(page);
}

/* Fires an event that was just made at the window, with the legacy target override flag. */
static void fire_at_window(const xhr__page *page, JSValue event) {
  xhr__realm *realm = page->realm;
  if (JS_IsException(event))
    xhr__realm_report_pending(realm);
  else
    (void)xhr__dispatch_as(realm, realm->global, event, document_of(page));
  JS_FreeValue(realm->js, event);
}

/* Step 9's task. */
static void fire_load(xhr__page *page) {
  xhr__realm *realm = page->realm;
  /* 9.1. */
  xhr__document_set_ready_state(realm, document_of(page), XHR__DOCUMENT_COMPLETE);
  if (page->stage != XHR__PAGE_LOADING)
    return;
  page->stage = XHR__PAGE_LOADED;
  /* 9.5. */
  fire_at_window(page, xhr__event_new(realm, "load", false, false));
  /* 9.10. - 9.11. once for a page, though its document may be opened anew */
  if (page->stage != XHR__PAGE_LOADED || page->showing)
    return;
  page->showing = true;
  fire_at_window(page, xhr__page_transition_event_new(realm, "pageshow", false));
}

static void proceed(xhr__page *page) {
  switch (page->stage) {
    case XHR__PAGE_DEFERRED: run_deferred_scripts(page); break;
    case XHR__PAGE_CONTENT_LOADED: fire_content_loaded(page); break;
    case XHR__PAGE_WAITING: wait_for_scripts(page); break;
    case XHR__PAGE_LOADING: fire_load(page); break;
    case XHR__PAGE_PARSING:
    case XHR__PAGE_LOADED:
    case XHR__PAGE_STOPPED: break;
  }
}

static void take_step(xhr__global_task *task) {
  xhr__page *page = XHR__OWNER(task, xhr__page, step);
  page->step_is_queued = false;
  proceed(page);
}

void xhr__page_parsed(xhr__page *page) {
  /* 3. Its listeners may open the document anew. */
  page->stage = XHR__PAGE_DEFERRED;
  xhr__document_set_ready_state(page->realm, document_of(page), XHR__DOCUMENT_INTERACTIVE);
  xhr__page_advance(page);
}

void xhr__page_advance(xhr__page *page) {
  if (page->stage != XHR__PAGE_DEFERRED && page->stage != XHR__PAGE_WAITING)
    return;
  if (page->realm->depth > 0)
    queue_step(page);
  else
    proceed(page);
}

void xhr__page_rewind(xhr__page *page) {
  while (!xhr__list_empty(&page->scripts_blocking_the_parser))
    xhr__script_run_free(XHR__OWNER(page->scripts_blocking_the_parser.next, xhr__script_run, node));
  page->stage = XHR__PAGE_PARSING;
}
