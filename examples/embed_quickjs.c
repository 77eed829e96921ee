/* A bare QuickJS program that gives its scripts XMLHttpRequest. The engine is the program's own: libxhr is installed into
 * one of its contexts, and events fire while the program runs the loop.
 *
 *   embed_quickjs URL */
#include <quickjs.h>
#include <stdio.h>
#include <string.h>
#include <xhr.h>
#include <xhr/quickjs.h>

static const char script[] =
    "const request = new XMLHttpRequest();\n"
    "request.responseType = 'json';\n"
    "request.onload = () => console.log(request.status, JSON.stringify(request.response));\n"
    "request.onerror = (event) => console.error('failed:', event.message);\n"
    "request.open('GET', url);\n"
    "request.send();\n";

/* Runs the script, then the jobs that promises have left, then the loop until nothing is in flight. */
static int run(JSContext *js, xhr_loop *loop) {
  JSContext *ran;
  JSValue value = JS_Eval(js, script, strlen(script), "script.js", JS_EVAL_TYPE_GLOBAL);
  int failed = JS_IsException(value);
  JS_FreeValue(js, value);
  while (JS_ExecutePendingJob(JS_GetRuntime(js), &ran) > 0)
    continue;
  return failed || xhr_loop_run(loop) != XHR_OK;
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: embed_quickjs URL\n");
    return 2;
  }
  JSRuntime *runtime = JS_NewRuntime();
  JSContext *js = runtime ? JS_NewContext(runtime) : NULL;
  xhr_session *session = NULL;
  xhr_context *context = NULL;
  int failed = 1;
  if (js && xhr_session_new(NULL, &session) == XHR_OK &&
      xhr_context_new(session, NULL, xhr_str(NULL), &context) == XHR_OK &&
      xhr_quickjs_install(js, context, NULL) == XHR_OK) {
    JSValue global = JS_GetGlobalObject(js);
    JS_SetPropertyStr(js, global, "url", JS_NewString(js, argv[1]));
    JS_FreeValue(js, global);
    failed = run(js, xhr_context_loop(context));
    (void)xhr_quickjs_uninstall(js);
  }
  xhr_context_unref(context);
  xhr_session_unref(session);
  if (js)
    JS_FreeContext(js);
  if (runtime)
    JS_FreeRuntime(runtime);
  return failed;
}
