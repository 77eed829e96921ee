/* A program of somebody else's that embeds QuickJS: it gives its scripts the installed library's objects. */
#include <quickjs.h>

#include <stdio.h>
#include <string.h>
#include <xhr.h>
#include <xhr/quickjs.h>

static int reports;

static void report(JSContext *js, const char *text, void *user) {
  (void)js;
  (void)user;
  reports++;
  fprintf(stderr, "%s\n", text);
}

int main(void) {
  static const char script[] = "const target = new EventTarget();"
                               "let seen = 0;"
                               "target.addEventListener('load', () => seen++);"
                               "target.dispatchEvent(new Event('load'));"
                               "if (seen !== 1) throw new Error('no event');";
  const xhr_quickjs_options options = {.report = report};
  xhr_session *session = NULL;
  xhr_context *context = NULL;
  JSRuntime *runtime = JS_NewRuntime();
  JSContext *js = runtime ? JS_NewContext(runtime) : NULL;

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
  xhr_quickjs_uninstall(js);
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
