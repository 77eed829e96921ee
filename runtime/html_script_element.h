/* https://html.spec.whatwg.org/#script-processing-model: script elements of a page. */
#ifndef XHR__RUNTIME_HTML_SCRIPT_ELEMENT_H
#define XHR__RUNTIME_HTML_SCRIPT_ELEMENT_H

#include "runtime/page_state.h"

typedef enum xhr__script_type { XHR__SCRIPT_CLASSIC, XHR__SCRIPT_MODULE } xhr__script_type;

/* A script element's "result" */
typedef enum xhr__script_result {
  XHR__SCRIPT_UNINITIALIZED,
  XHR__SCRIPT_FAILED, /* null */
  XHR__SCRIPT_READY
} xhr__script_result;

/* One script element from its preparation to its execution. */
typedef struct xhr__script_run {
  xhr__list node; /* in one of the page's lists, or in none: to be executed at once */
  xhr__page *page;
  lxb_dom_element_t *element;
  JSValue element_object;                    /* keeps the element */
  const xhr__document *preparation_document; /* borrowed: the element keeps it, or has another */
  xhr__script_type type;
  bool from_an_external_file;
  xhr__script_result result;
  xhr__bytes source; /* UTF-8 or WTF-8 */
  xhr__bytes url;    /* its name, for the engine */
  bool muted_errors;
  xhr__url base_url; /* of a module script; the empty record: it has come to none */
  /* Of one that is ready: the module, or its error to rethrow. */
  JSValue module, error;
  xhr__global_task task; /* of an inline module script: what it imports is fetched in it */
  bool task_is_queued;
  xhr__encoding encoding;     /* its fallback */
  xhr__resource_fetch *fetch; /* NULL: none is under way */
} xhr__script_run;

/* https://html.spec.whatwg.org/#prepare-the-script-element: true where it is the pending parsing-blocking script now. */
bool xhr__prepare_script_element(xhr__page *page, lxb_dom_element_t *element);
/* https://html.spec.whatwg.org/#execute-the-script-element; frees the run. */
void xhr__execute_script_element(xhr__script_run *run);
/* https://html.spec.whatwg.org/#mark-as-ready */
void xhr__script_run_mark_as_ready(xhr__script_run *run, xhr__script_result result);
/* https://html.spec.whatwg.org/#fetch-a-classic-script and https://html.spec.whatwg.org/#fetch-a-module-script-tree for a run of
 * the page; it is marked as ready once that is over. XHR_OK, or why it has not begun. */
xhr_status xhr__fetch_script(xhr__script_run *run, const xhr__url *url);
/* https://html.spec.whatwg.org/#fetch-an-inline-module-script-graph; the same. */
void xhr__fetch_inline_module_script(xhr__script_run *run);
/* What of a module script becomes ready, once its source is there: html_script_element_module.c */
xhr__script_result xhr__script_run_make_module(xhr__script_run *run);
/* With which credentials it is fetched: https://html.spec.whatwg.org/#cors-settings-attribute, and of a module
 * https://html.spec.whatwg.org/#module-script-credentials-mode */
xhr__credentials_mode xhr__script_run_credentials(const xhr__script_run *run);
/* https://html.spec.whatwg.org/#run-a-module-script */
void xhr__script_run_run_module(xhr__script_run *run);
/* Why there is no script, for the console. */
void xhr__script_run_tell(const xhr__script_run *run, xhr__str why);
/* Ends its fetch and takes it out of its list. NULL is allowed. */
void xhr__script_run_free(xhr__script_run *run);
/* The parser-blocking run of that element; NULL. */
xhr__script_run *xhr__script_run_blocking(xhr__page *page, const lxb_dom_element_t *element);

#endif
