/* Runs bench/libxhr.js in a QuickJS with libxhr in it, which is what is measured: the program's start is not.
 *
 *   quickjs inline|thread SCRIPT URL IN_FLIGHT REQUESTS [small|fresh|sync|large|text|progress] */
#include <quickjs.h>
#include <xhr.h>
#include <xhr/quickjs.h>

#include "measure.h"

static measure begun;
static bool reported, all_answered;

static void check(xhr_status status) {
  if (status != XHR_OK)
    measure_die(xhr_status_text(status));
}

static JSValue begin(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv) {
  (void)js;
  (void)this_value;
  (void)argc;
  (void)argv;
  begun = measure_now();
  return JS_UNDEFINED;
}

static JSValue report(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv) {
  int64_t numbers[3];
  (void)this_value;
  (void)argc;
  for (int i = 0; i < 3; i++) {
    if (JS_ToInt64(js, &numbers[i], argv[i]) != 0)
      return JS_EXCEPTION;
  }
  measure_report(begun, (uint64_t)numbers[0], (uint64_t)numbers[1], (uint64_t)numbers[2]);
  reported = true;
  all_answered = numbers[1] == 0;
  return JS_UNDEFINED;
}

static void define(JSContext *js, char **argv, const char *kind) {
  JSValue global = JS_GetGlobalObject(js);
  JS_SetPropertyStr(js, global, "begin", JS_NewCFunction(js, begin, "begin", 0));
  JS_SetPropertyStr(js, global, "report", JS_NewCFunction(js, report, "report", 3));
  JS_SetPropertyStr(js, global, "url", JS_NewString(js, argv[3]));
  JS_SetPropertyStr(js, global, "inFlight", JS_NewInt64(js, (int64_t)measure_number(argv[4])));
  JS_SetPropertyStr(js, global, "count", JS_NewInt64(js, (int64_t)measure_number(argv[5])));
  JS_SetPropertyStr(js, global, "kind", JS_NewString(js, kind));
  JS_FreeValue(js, global);
}

static void evaluate(JSContext *js, const char *path) {
  static char code[1 << 16];
  FILE *file = fopen(path, "r");
  if (!file)
    measure_die("the script cannot be read");
  size_t len = fread(code, 1, sizeof code - 1, file);
  (void)fclose(file);
  code[len] = '\0';
  JSValue value = JS_Eval(js, code, len, path, JS_EVAL_TYPE_GLOBAL);
  if (JS_IsException(value)) {
    JSValue thrown = JS_GetException(js);
    const char *text = JS_ToCString(js, thrown);
    measure_die(text ? text : "the script threw");
  }
  JS_FreeValue(js, value);
}

int main(int argc, char **argv) {
  if (argc < 6)
    measure_die("usage: quickjs inline|thread SCRIPT URL IN_FLIGHT REQUESTS "
                "[small|fresh|sync|large|text|progress]");
  xhr_session_options *options;
  xhr_session *session;
  xhr_loop *loop;
  xhr_context *context;
  measure_raise_descriptors();
  check(xhr_session_options_new(&options));
  check(xhr_session_options_set_driver(
      options, strcmp(argv[1], "inline") == 0 ? XHR_DRIVER_INLINE : XHR_DRIVER_THREAD));
  check(xhr_session_options_set_proxy(options, xhr_str(""), xhr_str("")));
  check(xhr_session_new(options, &session));
  check(xhr_loop_new(NULL, NULL, &loop));
  check(xhr_context_new(session, loop, xhr_str(NULL), &context));
  JSRuntime *runtime = JS_NewRuntime();
  JSContext *js = runtime ? JS_NewContext(runtime) : NULL;
  if (!js)
    measure_die("out of memory");
  check(xhr_quickjs_install(js, context, NULL));
  define(js, argv, argc > 6 ? argv[6] : "small");
  evaluate(js, argv[2]);
  while (!reported && xhr_loop_in_flight(loop) > 0)
    check(xhr_loop_run(loop));
  (void)xhr_quickjs_uninstall(js);
  JS_FreeContext(js);
  JS_FreeRuntime(runtime);
  xhr_context_unref(context);
  xhr_loop_unref(loop);
  xhr_session_unref(session);
  xhr_session_options_free(options);
  return reported && all_answered ? 0 : 1;
}
