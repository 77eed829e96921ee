#include "runtime/import_scripts.h"

#include "infra/alloc.h"
#include "runtime/convert.h"
#include "runtime/worker_agent.h"
#include "runtime/script_fetch.h"

/* Step 5. for one URL. False where it threw. */
static bool parse(xhr__realm *realm, JSValueConst argument, xhr__url *url) {
  xhr__bytes text = {0};
  bool done = xhr__to_usv_string(realm, argument, &text);
  if (done) {
    xhr_status status = xhr__url_parse(xhr__bytes_str(&text), &realm->context->api_base_url, url);
    done = status == XHR_OK;
    if (status == XHR_SYNTAX_ERR)
      xhr__throw(realm, "SyntaxError", "importScripts: '%s' is no URL", text.data);
    else if (!done)
      JS_ThrowOutOfMemory(realm->js);
  }
  xhr__bytes_free(&text);
  return done;
}

/* https://html.spec.whatwg.org/#run-a-classic-script with rethrow errors. */
static bool run(xhr__realm *realm, const xhr__fetched_script *script) {
  JSContext *js = realm->js;
  xhr__str source = xhr__bytes_str(&script->source);
  JSValue result =
      JS_Eval(js, source.data, source.len, xhr__fetched_script_name(script), JS_EVAL_TYPE_GLOBAL);
  bool done = !JS_IsException(result);
  JS_FreeValue(js, result);
  if (done || !script->muted_errors || atomic_load(&realm->worker->terminated))
    return done;
  /* 7.2. of its steps: rethrown, but muted */
  JS_FreeValue(js, JS_GetException(js));
  xhr__throw(realm, "NetworkError", "importScripts: a script of another origin threw an error");
  return false;
}

/* Step 6. for one URL. */
static bool import(xhr__realm *realm, const xhr__url *url) {
  xhr__fetched_script script = {0};
  xhr_status status = xhr__fetch_classic_worker_imported_script(realm->context, url, &script);
  bool done = status == XHR_OK && script.fetched;
  if (status != XHR_OK)
    xhr__throw_status(realm, status, "importScripts");
  else if (!done)
    xhr__throw(realm, "NetworkError", "importScripts: '%s' could not be loaded: %s", url->href.data,
               script.failure.data);
  done = done && run(realm, &script);
  xhr__fetched_script_free(&script);
  return done;
}

JSValue xhr__import_scripts(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                            JSValueConst *argv) {
  (void)self, (void)this_value;
  /* 1. */
  if (realm->worker->module)
    return JS_ThrowTypeError(realm->js, "importScripts: a module worker imports modules");
  /* 3. */
  if (argc == 0)
    return JS_UNDEFINED;
  /* 4. - 5. */
  xhr__url *urls = xhr__calloc((size_t)argc, sizeof *urls);
  if (!urls)
    return JS_ThrowOutOfMemory(realm->js);
  bool done = true;
  for (int i = 0; i < argc && done; i++)
    done = parse(realm, argv[i], &urls[i]);
  /* 6. */
  for (int i = 0; i < argc && done; i++)
    done = import(realm, &urls[i]);
  for (int i = 0; i < argc; i++)
    xhr__url_free(&urls[i]);
  xhr__free(urls);
  return done ? JS_UNDEFINED : JS_EXCEPTION;
}
