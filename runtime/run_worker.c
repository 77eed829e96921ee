/* https://html.spec.whatwg.org/#run-a-worker: all that a worker's thread does. */
#include "infra/alloc.h"
#include "runtime/module_loader.h"
#include "runtime/worker_agent.h"
#include "runtime/worker_global_scope.h"
#include "runtime/script_fetch.h"
#include "runtime/shared_worker.h"
#include "session/loop.h"

/* How much of the thread's stack scripts may use, in bytes. */
enum { SCRIPT_STACK = 1 << 20 };

static bool is_terminated(xhr__worker_agent *agent) {
  return atomic_load(&agent->terminated);
}

/* Step 12, onComplete, 1.: tells that there is no script, and why. Takes over the information. */
static void tell_failure(xhr__worker_agent *agent, xhr__error_information *information) {
  xhr__worker_news news = {.kind = XHR__WORKER_FAILED, .information = *information};
  xhr__worker_agent_set_state(agent, XHR__WORKER_OVER, is_terminated(agent) ? NULL : &news);
  xhr__error_information_free(information);
}

static void tell_why(xhr__worker_agent *agent, xhr__str why) {
  xhr__error_information information = {0};
  (void)xhr__bytes_append(&information.message, XHR__STR("NetworkError: the script "));
  (void)xhr__bytes_append(&information.message, xhr__url_href(&agent->url, false));
  (void)xhr__bytes_append(&information.message, XHR__STR(" could not be loaded: "));
  (void)xhr__bytes_append(&information.message, why);
  tell_failure(agent, &information);
}

static void tell_status(xhr__worker_agent *agent, xhr_status status) {
  tell_why(agent, xhr__str_c(xhr_status_text(status)));
}

/* ---- the script ------------------------------------------------------------------------------------------------- */

/* A context of the outside settings, on the worker's thread, so that the script is fetched whatever the owner's does. */
static xhr_status outside_settings(const xhr__worker_agent *agent, xhr_loop *loop,
                                   xhr_context **out) {
  xhr_status status = xhr__context_new_environment(agent->session, loop, agent->outside_kind, NULL,
                                                   &agent->url, out);
  if (status == XHR_OK)
    (*out)->client = xhr__client_snapshot_ref(agent->client);
  return status;
}

/* Step 11. */
static xhr__request_destination own_destination(const xhr__worker_agent *agent) {
  return agent->shared ? XHR__DESTINATION_SHAREDWORKER : XHR__DESTINATION_WORKER;
}

/* Step 12: obtains the script. False where there is none; then its owners have been told. */
static bool obtain_script(xhr__worker_agent *agent, xhr_loop *loop, xhr__fetched_script *script) {
  xhr_context *outside;
  xhr_status status = outside_settings(agent, loop, &outside);
  if (status == XHR_OK) {
    xhr__request_destination destination = own_destination(agent);
    const xhr__module_request as = {
        .destination = destination, .is_top_level = true, .credentials_mode = agent->credentials};
    status = agent->module
                 ? xhr__fetch_module_script(outside, &agent->url, &as, script)
                 : xhr__fetch_classic_worker_script(outside, &agent->url, destination, script);
    xhr_context_unref(outside);
  }
  if (status != XHR_OK)
    tell_status(agent, status);
  else if (!script->fetched)
    tell_why(agent, xhr__bytes_str(&script->failure));
  return status == XHR_OK && script->fetched;
}

/* ---- the realm -------------------------------------------------------------------------------------------------- */

/* https://html.spec.whatwg.org/#set-up-a-worker-environment-settings-object: step 7. */
static xhr_status inside_settings(const xhr__worker_agent *agent, xhr_loop *loop,
                                  const xhr__url *url, xhr_context **out) {
  xhr__context_kind kind =
      agent->shared ? XHR__CONTEXT_SHARED_WORKER : XHR__CONTEXT_DEDICATED_WORKER;
  xhr__origin origin = {0};
  xhr_status status = XHR_OK;
  /* The origin: a unique opaque one for data:, else the outside settings'. */
  if (agent->client && xhr__url_scheme_is(url, "data"))
    xhr__origin_new_opaque(&origin);
  else if (agent->client)
    status = xhr__origin_copy(&agent->client->origin, &origin);
  if (status == XHR_OK)
    status = xhr__context_new_environment(agent->session, loop, kind,
                                          agent->client ? &origin : NULL, url, out);
  xhr__origin_free(&origin);
  return status;
}

static int interrupt(JSRuntime *runtime, void *user) {
  (void)runtime;
  return is_terminated(user);
}

/* Steps 5. to 9. NULL: out of memory. */
static JSContext *make_realm(xhr__worker_agent *agent, JSRuntime *runtime, xhr_context *context) {
  JS_SetMaxStackSize(runtime, SCRIPT_STACK);
  JS_SetInterruptHandler(runtime, interrupt, agent);
  xhr__module_loader_install(runtime);
  /* Memory that is posted is shared with it. */
  if (xhr_quickjs_share_memory(runtime) != XHR_OK)
    return NULL;
  JSContext *js = JS_NewContext(runtime);
  if (!js)
    return NULL;
  if (xhr__worker_realm_install(js, context, agent) != XHR_OK) {
    JS_FreeContext(js);
    return NULL;
  }
  if (agent->options.worker)
    agent->options.worker(js, agent->options.user);
  return js;
}

/* ---- running ---------------------------------------------------------------------------------------------------- */

/* A module with all that it imports; JS_EXCEPTION. */
static JSValue compile_module(xhr__realm *realm, const xhr__fetched_script *script) {
  xhr__worker_agent *agent = realm->worker;
  const char *name = agent->url.href.data;
  const xhr__module_request as = {
      .destination = own_destination(agent), .has_client = true, .client = agent->client};
  if (!xhr__module_know(realm, name, &script->url, agent->credentials))
    return JS_EXCEPTION;
  /* Its own imports are the outside settings' to fetch. */
  realm->module_request = &as;
  JSValue module = xhr__module_new(realm, xhr__bytes_str(&script->source), name);
  bool loaded = !JS_IsException(module) && xhr__module_load(realm, module);
  realm->module_request = NULL;
  if (loaded)
    return module;
  JS_FreeValue(realm->js, module);
  return JS_EXCEPTION;
}

/* Creating a script: JS_EXCEPTION where it cannot be parsed, or what a module imports cannot be had. */
static JSValue compile(xhr__realm *realm, const xhr__fetched_script *script) {
  xhr__str source = xhr__bytes_str(&script->source);
  if (realm->worker->module)
    return compile_module(realm, script);
  return JS_Eval(realm->js, source.data, source.len, xhr__fetched_script_name(script),
                 JS_EVAL_TYPE_GLOBAL | JS_EVAL_FLAG_COMPILE_ONLY);
}

/* https://html.spec.whatwg.org/#run-a-classic-script or #run-a-module-script: takes over what was compiled. False, with
 * the exception pending, where a module cannot be linked. */
static bool evaluate(xhr__realm *realm, JSValue code) {
  if (realm->worker->module)
    return xhr__module_link_and_run(realm, code);
  JSValue result = JS_EvalFunction(realm->js, code);
  if (JS_IsException(result))
    xhr__realm_report_pending(realm);
  JS_FreeValue(realm->js, result);
  return true;
}

/* The script's error to rethrow is pending in the engine. */
static void tell_exception(xhr__realm *realm) {
  xhr__error_information information;
  JSValue exception = JS_GetException(realm->js);
  xhr__error_information_extract(realm, exception, &information);
  JS_FreeValue(realm->js, exception);
  tell_failure(realm->worker, &information);
}

/* Step 12, onComplete, 10.: runs the script. False where there is an error to rethrow, of which the owners are told. */
static bool run_script(xhr__realm *realm, const xhr__fetched_script *script) {
  realm->depth++;
  JSValue code = compile(realm, script);
  bool done = !JS_IsException(code) && evaluate(realm, code);
  if (!done)
    tell_exception(realm);
  realm->depth--;
  xhr__realm_checkpoint(realm);
  return done;
}

/* Step 12, onComplete, 2. to 18. */
static void live(xhr__worker_agent *agent, xhr_loop *loop, JSContext *js,
                 const xhr__fetched_script *script) {
  xhr__realm *realm = xhr__realm_of(js);
  if (!run_script(realm, script))
    return;
  /* 11. - 13. */
  if (!atomic_load(&agent->closing) && !xhr__worker_realm_open(realm)) {
    tell_status(agent, XHR_OUT_OF_MEMORY);
    return;
  }
  /* 15. */
  while (!atomic_load(&agent->closing))
    (void)xhr_loop_wait(loop, -1);
}

/* Steps 5. to 18., once there is a script. */
static void run_in_realm(xhr__worker_agent *agent, xhr_loop *loop,
                         const xhr__fetched_script *script) {
  xhr_context *context;
  xhr_status status = inside_settings(agent, loop, &script->url, &context);
  if (status != XHR_OK) {
    tell_status(agent, status);
    return;
  }
  JSRuntime *runtime = JS_NewRuntime();
  JSContext *js = runtime ? make_realm(agent, runtime, context) : NULL;
  if (js) {
    live(agent, loop, js, script);
    /* 16. - 18. */
    (void)xhr_quickjs_uninstall(js);
    JS_FreeContext(js);
  } else {
    tell_status(agent, XHR_OUT_OF_MEMORY);
  }
  if (runtime)
    JS_FreeRuntime(runtime);
  xhr_context_destroy(context);
  xhr_context_unref(context);
}

void xhr__worker_run(xhr__worker_agent *agent) {
  xhr__fetched_script script = {0};
  const xhr__worker_news ended = {.kind = XHR__WORKER_ENDED};
  xhr_loop *loop;
  xhr_status status = xhr_loop_new(NULL, NULL, &loop);
  if (status == XHR_OK) {
    xhr__worker_agent_set_loop(agent, loop);
    if (!is_terminated(agent) && obtain_script(agent, loop, &script) && !is_terminated(agent))
      run_in_realm(agent, loop, &script);
    xhr__worker_agent_set_loop(agent, NULL);
    xhr_loop_unref(loop);
  } else {
    tell_status(agent, status);
  }
  xhr__fetched_script_free(&script);
  /* 17. nobody reads what is posted from now on */
  if (agent->inside)
    xhr__port_end_close(agent->inside);
  xhr__worker_agent_set_state(agent, XHR__WORKER_OVER, &ended);
  xhr__shared_worker_drop_connections(agent);
}
