/* What the files of a page share: page.c (loading it), page_end.c (from the parser's end to the load event), html_script_element_*.c,
 * navigate.c and the window. */
#ifndef XHR__RUNTIME_PAGE_STATE_H
#define XHR__RUNTIME_PAGE_STATE_H

#include "dom/html_parser.h"
#include "runtime/document_host.h"
#include "runtime/global_task.h"
#include "runtime/page.h"
#include "runtime/window.h"
#include "session/resource_fetch.h"

/* How far https://html.spec.whatwg.org/#the-end has come. */
typedef enum xhr__page_stage {
  XHR__PAGE_PARSING,
  XHR__PAGE_DEFERRED,       /* step 5: deferred scripts run */
  XHR__PAGE_CONTENT_LOADED, /* step 6: DOMContentLoaded's task is queued */
  XHR__PAGE_WAITING,        /* steps 7 to 8: what delays the load event */
  XHR__PAGE_LOADING,        /* step 9: the load event's task is queued */
  XHR__PAGE_LOADED,
  XHR__PAGE_STOPPED /* window.stop() came before the load event, which will not come */
} xhr__page_stage;

struct xhr__page {
  JSRuntime *runtime;
  xhr_context *opener; /* counted */
  xhr__page_settings settings;
  xhr__url url;                    /* that was asked for */
  xhr__resource_fetch *navigation; /* the document's; NULL: it has come */
  /* Once the document has come. */
  xhr_context *context; /* counted */
  JSContext *js;
  xhr__realm *realm;
  xhr__document *document; /* counted */
  xhr__document_host host; /* its */
  xhr__page_stage stage;
  /* Does what `stage` says: one at a time is queued. */
  xhr__global_task step;
  bool step_is_queued;
  bool showing; /* https://html.spec.whatwg.org/#page-showing */
  /* Of xhr__script_run: https://html.spec.whatwg.org/#script-processing-model */
  xhr__list scripts_as_soon_as_possible;
  xhr__list scripts_in_order;
  xhr__list scripts_when_parsed;
  xhr__list scripts_blocking_the_parser; /* one at most, but for document.open */
};

/* ---- page.c ----------------------------------------------------------------------------------------------------- */

extern const xhr__html_parser_owner xhr__page_parser_owner; /* with the page as `user` */
/* The document base URL has changed. */
void xhr__page_update_base_url(xhr__page *page);
/* https://html.spec.whatwg.org/#dom-window-close */
void xhr__page_close(xhr__page *page);
/* https://html.spec.whatwg.org/#nav-stop */
void xhr__page_stop_loading(xhr__page *page);

/* ---- page_end.c ------------------------------------------------------------------------------------------------- */

/* https://html.spec.whatwg.org/#the-end, from step 3 on. */
void xhr__page_parsed(xhr__page *page);
/* Something that it waits for may be ready: goes on, now where no script is running, else soon. */
void xhr__page_advance(xhr__page *page);
/* What is under way for the document is dropped: https://html.spec.whatwg.org/#document-open-steps, abort-a-document */
void xhr__page_rewind(xhr__page *page);

#endif
