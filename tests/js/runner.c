/* Runs one script of tests/js in a bare QuickJS with libxhr in it: a module, whose imports are files beside it.
 *
 *   runner [--server URL] [--threaded] [--gc] FILE
 *
 * Exit status 0: it came to its end with nothing reported and no test left. --gc collects at every allocation. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "runtime/realm.h"
#include "runtime/rejections.h"
#include "support/text_file.h"
#include "support/wpt.h"
#include "xhr.h"

enum { TIME_LIMIT_S = 300 };

static int failures;
/* Text that the next report has to begin with, or NULL. */
static char *expected;

static void report(JSContext *js, const char *text, void *user) {
  (void)js;
  (void)user;
  bool is_expected = expected && strncmp(text, expected, strlen(expected)) == 0;
  free(expected);
  expected = NULL;
  if (is_expected)
    return;
  failures++;
  (void)fprintf(stderr, "%s\n", text);
}

static JSValue print(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv) {
  (void)this_value;
  for (int i = 0; i < argc; i++) {
    const char *text = JS_ToCString(js, argv[i]);
    if (!text)
      return JS_EXCEPTION;
    (void)printf(i == 0 ? "%s" : " %s", text);
    JS_FreeCString(js, text);
  }
  (void)printf("\n");
  return JS_UNDEFINED;
}

/* expectReport("Uncaught …"): the next report is no failure where it begins so. */
static JSValue expect_report(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv) {
  (void)this_value;
  (void)argc;
  const char *text = JS_ToCString(js, argv[0]);
  free(expected);
  expected = text ? strdup(text) : NULL;
  JS_FreeCString(js, text);
  return JS_UNDEFINED;
}

/* How many objects there are, once what can go is gone. */
static JSValue object_count(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv) {
  JSMemoryUsage usage;
  (void)this_value;
  (void)argc;
  (void)argv;
  JS_RunGC(JS_GetRuntime(js));
  JS_ComputeMemoryUsage(JS_GetRuntime(js), &usage);
  return JS_NewInt64(js, usage.obj_count);
}

static JSValue collect(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv) {
  (void)this_value;
  (void)argc;
  (void)argv;
  JS_RunGC(JS_GetRuntime(js));
  return JS_UNDEFINED;
}

/* ---- a collection wherever the engine may collect: it takes its threshold from what is in use, again and again -- */

/* A collection walks over everything, so with more than that many allocations only some of them collect. */
enum { MANY_ALLOCATIONS = 40000 };

static JSRuntime *stressed;
static size_t live, turn;

static void *stress_malloc(JSMallocState *state, size_t size) {
  (void)state;
  bool due = live < MANY_ALLOCATIONS || turn++ % 256 < 4;
  if (stressed)
    JS_SetGCThreshold(stressed, due ? 0 : SIZE_MAX);
  void *pointer = malloc(size);
  live += pointer != NULL;
  return pointer;
}

static void stress_free(JSMallocState *state, void *pointer) {
  (void)state;
  live -= pointer != NULL;
  free(pointer);
}

static void *stress_realloc(JSMallocState *state, void *pointer, size_t size) {
  if (size == 0) {
    stress_free(state, pointer);
    return NULL;
  }
  if (!pointer)
    return stress_malloc(state, size);
  return realloc(pointer, size);
}

static size_t stress_usable_size(const void *pointer) {
  return malloc_usable_size((void *)pointer);
}

static const JSMallocFunctions stress_functions = {stress_malloc, stress_free, stress_realloc,
                                                   stress_usable_size};

/* The file as a module, not run yet; an exception where it cannot be read. */
static JSValue compile(JSContext *js, const char *path) {
  xhr__str text = text_file_read(path);
  if (!text.data)
    return JS_ThrowReferenceError(js, "%s cannot be read", path);
  JSValue module =
      JS_Eval(js, text.data, text.len, path, JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY);
  free((char *)text.data);
  return module;
}

static JSModuleDef *load(JSContext *js, const char *name, void *user) {
  (void)user;
  JSValue module = compile(js, name);
  if (JS_IsException(module))
    return NULL;
  JSModuleDef *definition = JS_VALUE_GET_PTR(module);
  JS_FreeValue(js, module);
  return definition;
}

/* wptFile("resources/idlharness.js"): a file of web-platform-tests as a string; null where there is none. */
static JSValue wpt_file(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv) {
  (void)this_value;
  (void)argc;
  const char *name = JS_ToCString(js, argv[0]);
  const char *path = name ? wpt_path(name) : NULL;
  JS_FreeCString(js, name);
  if (!path)
    return JS_NULL;
  xhr__str text = text_file_read(path);
  JSValue value = text.data ? JS_NewStringLen(js, text.data, text.len) : JS_NULL;
  free((char *)text.data);
  return value;
}

static void define(JSContext *js, const char *server, bool gc) {
  JSValue global = JS_GetGlobalObject(js);
  JS_SetPropertyStr(js, global, "print", JS_NewCFunction(js, print, "print", 1));
  JS_SetPropertyStr(js, global, "gc", JS_NewCFunction(js, collect, "gc", 0));
  JS_SetPropertyStr(js, global, "objectCount", JS_NewCFunction(js, object_count, "objectCount", 0));
  JS_SetPropertyStr(js, global, "expectReport",
                    JS_NewCFunction(js, expect_report, "expectReport", 1));
  JS_SetPropertyStr(js, global, "wptFile", JS_NewCFunction(js, wpt_file, "wptFile", 1));
  JS_SetPropertyStr(js, global, "stress", JS_NewBool(js, gc));
  if (server)
    JS_SetPropertyStr(js, global, "serverURL", JS_NewString(js, server));
  JS_FreeValue(js, global);
}

static int tests_left(JSContext *js) {
  int32_t left = 0;
  JSValue global = JS_GetGlobalObject(js);
  JSValue value = JS_GetPropertyStr(js, global, "testsLeft");
  (void)JS_ToInt32(js, &left, value);
  JS_FreeValue(js, value);
  JS_FreeValue(js, global);
  return left;
}

static void run(JSContext *js, xhr_loop *loop, const char *path) {
  JSValue module = compile(js, path);
  JSValue result = JS_IsException(module) ? module : JS_EvalFunction(js, module);
  if (JS_IsException(result))
    xhr__realm_report_pending(xhr__realm_of(js));
  xhr__realm_checkpoint(xhr__realm_of(js));
  JS_FreeValue(js, result);
  while (xhr_quickjs_pending(js) > 0 || xhr_loop_in_flight(loop) > 0)
    (void)xhr_loop_wait(loop, -1);
  if (expected) {
    (void)fprintf(stderr, "not reported: %s\n", expected);
    free(expected);
    failures++;
  }
  if (failures == 0 && tests_left(js) > 0) {
    (void)fprintf(stderr, "%d tests came to no end\n", tests_left(js));
    failures++;
  }
}

static int play(const char *path, const char *server, bool threaded, bool gc) {
  xhr_session_options *options = NULL;
  xhr_session *session = NULL;
  xhr_loop *loop = NULL;
  xhr_context *context = NULL;
  if (xhr_session_options_new(&options) != XHR_OK)
    return 1;
  (void)xhr_session_options_set_driver(options, threaded ? XHR_DRIVER_THREAD : XHR_DRIVER_INLINE);
  if (xhr_session_new(options, &session) != XHR_OK || xhr_loop_new(NULL, NULL, &loop) != XHR_OK ||
      xhr_context_new(session, loop, (xhr_string){NULL, 0}, &context) != XHR_OK)
    return 1;
  xhr_session_options_free(options);
  JSRuntime *runtime = gc ? JS_NewRuntime2(&stress_functions, NULL) : JS_NewRuntime();
  JSContext *js = JS_NewContext(runtime);
  xhr_quickjs_options quickjs_options = {.report = report};
  JS_SetModuleLoaderFunc(runtime, NULL, load, NULL);
  if (xhr_quickjs_install(js, context, &quickjs_options) != XHR_OK)
    return 1;
  if (gc)
    stressed = runtime;
  define(js, server, gc);
  run(js, loop, path);
  stressed = NULL;
  (void)xhr_quickjs_uninstall(js);
  JS_FreeContext(js);
  JS_FreeRuntime(runtime);
  xhr_context_unref(context);
  xhr_loop_unref(loop);
  xhr_session_unref(session);
  return failures > 0;
}

int main(int argc, char **argv) {
  const char *server = NULL, *path = NULL;
  bool threaded = false, gc = false;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--server") == 0 && i + 1 < argc)
      server = argv[++i];
    else if (strcmp(argv[i], "--threaded") == 0)
      threaded = true;
    else if (strcmp(argv[i], "--gc") == 0)
      gc = true;
    else
      path = argv[i];
  }
  if (!path) {
    (void)fprintf(stderr, "usage: %s [--server URL] [--threaded] [--gc] FILE\n", argv[0]);
    return 2;
  }
  (void)alarm(TIME_LIMIT_S);
  return play(path, server, threaded, gc);
}
