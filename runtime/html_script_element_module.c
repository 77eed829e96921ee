/* Script elements of type "module". */
#include "infra/alloc.h"
#include "runtime/html_script_element.h"
#include "runtime/module_loader.h"
#include "runtime/report_exception.h"
#include "session/loop.h"

/* Whether it is a SyntaxError: a module that cannot be parsed or linked, and none that could not be fetched. */
static bool is_syntax_error(JSContext *js, JSValueConst error) {
  JSValue name = JS_GetPropertyStr(js, error, "name");
  const char *text = JS_ToCString(js, name);
  bool is = text && xhr__str_equals(xhr__str_c(text), XHR__STR("SyntaxError"));
  JS_FreeCString(js, text);
  JS_FreeValue(js, name);
  return is;
}

/* What stopped the module from being made or loaded: parse errors are rethrown when it is run, the others are a failure. */
static xhr__script_result take_exception(xhr__script_run *run) {
  xhr__realm *realm = run->page->realm;
  xhr__error_information information;
  JSValue error = JS_GetException(realm->js);
  if (is_syntax_error(realm->js, error)) {
    run->error = error;
    return XHR__SCRIPT_READY;
  }
  xhr__error_information_extract(realm, error, &information);
  xhr__script_run_tell(run, xhr__bytes_str(&information.message));
  xhr__error_information_free(&information);
  JS_FreeValue(realm->js, error);
  return XHR__SCRIPT_FAILED;
}

xhr__script_result xhr__script_run_make_module(xhr__script_run *run) {
  xhr__realm *realm = run->page->realm;
  const char *name = run->url.data;
  /* What the module map has already. */
  if (run->from_an_external_file) {
    run->module = xhr__module_of_name(realm, name);
    if (!JS_IsUndefined(run->module))
      return XHR__SCRIPT_READY;
  }
  if (!xhr__module_know(realm, name, &run->base_url, xhr__script_run_credentials(run)))
    return take_exception(run);
  JSValue module = xhr__module_new(realm, xhr__bytes_str(&run->source), name);
  if (JS_IsException(module))
    return take_exception(run);
  if (!xhr__module_load(realm, module)) {
    JS_FreeValue(realm->js, module);
    xhr__module_forget(realm, name);
    return take_exception(run);
  }
  run->module = module;
  return XHR__SCRIPT_READY;
}

void xhr__script_run_run_module(xhr__script_run *run) {
  xhr__realm *realm = run->page->realm;
  JSValue module = run->module, error = run->error;
  run->module = run->error = JS_UNDEFINED;
  /* 2. */
  if (xhr__loop_is_stopping(realm->context->loop)) {
    JS_FreeValue(realm->js, module);
    JS_FreeValue(realm->js, error);
  } else if (!JS_IsUndefined(error)) {
    /* 4. - 5. */
    xhr__realm_report(realm, error);
  } else {
    /* 6. - 8. */
    xhr__module_run(realm, module);
  }
}

/* ---- inline ------------------------------------------------------------------------------------------------------ */

static void drop(xhr__global_task *task) {
  XHR__OWNER(task, xhr__script_run, task)->task_is_queued = false;
}

static void fetch_graph(xhr__global_task *task) {
  xhr__script_run *run = XHR__OWNER(task, xhr__script_run, task);
  run->task_is_queued = false;
  xhr__script_run_mark_as_ready(run, xhr__script_run_make_module(run));
}

void xhr__fetch_inline_module_script(xhr__script_run *run) {
  run->task_is_queued = true;
  xhr__global_task_queue(run->page->realm, &run->task, fetch_graph, drop);
}
