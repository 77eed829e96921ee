/* A program of somebody else's that embeds QuickJS: it gives its scripts the installed library's objects. The script
 * asks a port that nobody listens on, and expects to be told so. */
#include <quickjs.h>

#include <stdio.h>
#include <string.h>
#include <xhr.h>
#include <xhr/quickjs.h>

#include "closed_port.h"

static int reports;

static void report(JSContext *js, const char *text, void *user) {
  (void)js;
  (void)user;
  reports++;
  fprintf(stderr, "%s\n", text);
}

int main(void) {
  static const char format[] = "globalThis.seen = '';"
                               "const request = new XMLHttpRequest();"
                               "request.onerror = (e) => seen += e.type + request.status;"
                               "request.open('GET', 'http://127.0.0.1:%u/');"
                               "request.send();";
  static const char check[] = "if (seen !== 'error0') throw new Error(seen)";
  char script[512];
  unsigned port = 0;
  const xhr_quickjs_options options = {.report = report};
  xhr_session *session = NULL;
  xhr_context *context = NULL;
  JSRuntime *runtime = JS_NewRuntime();
  JSContext *js = runtime ? JS_NewContext(runtime) : NULL;

  if (!closed_port(&port)) {
    perror("socket");
    return 1;
  }
  snprintf(script, sizeof script, format, port);
  if (!js || xhr_session_new(NULL, &session) != XHR_OK ||
      xhr_context_new(session, NULL, xhr_str(NULL), &context) != XHR_OK ||
      xhr_quickjs_install(js, context, &options) != XHR_OK) {
    fprintf(stderr, "a call failed\n");
    return 1;
  }
  JSValue value = JS_Eval(js, script, strlen(script), "script", JS_EVAL_TYPE_GLOBAL);
  int failed = JS_IsException(value) || xhr_loop_run(xhr_context_loop(context)) != XHR_OK ||
               reports != 0 || xhr_quickjs_pending(js) != 0;
  JS_FreeValue(js, value);
  value = JS_Eval(js, check, strlen(check), "check", JS_EVAL_TYPE_GLOBAL);
  failed = failed || JS_IsException(value);
  JS_FreeValue(js, value);
  (void)xhr_quickjs_uninstall(js);
  xhr_context_unref(context);
  xhr_session_unref(session);
  JS_FreeContext(js);
  JS_FreeRuntime(runtime);
  if (failed) {
    fprintf(stderr, "the script failed\n");
    return 1;
  }
  printf("libxhr %s\n", xhr_version());
  return 0;
}
