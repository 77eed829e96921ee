#include "cli/script.h"

#include <stdio.h>
#include <string.h>

#include "cli/connect.h"
#include "cli/modules.h"
#include "cli/print.h"
#include "cli/signals.h"
#include "runtime/rejections.h"
#include "session/loop.h"

cli_script *cli_script_of(JSContext *js) {
  return JS_GetContextOpaque(js);
}

/* ---- making it -------------------------------------------------------------------------------------------------- */

/* A signal ends whatever script is running. */
static int interrupt(JSRuntime *runtime, void *opaque) {
  (void)runtime;
  (void)opaque;
  return cli_signals_caught() != 0;
}

/* console's, whole lines. Where a prompt stands in the terminal, it makes room. Workers call it on their threads: what one
 * call prints stays together, and goes out at once. */
static void print(JSContext *js, char level, const char *text, size_t len, void *user) {
  cli_script *script = user;
  flockfile(stdout);
  if (atomic_exchange(&script->at_prompt, false))
    (void)fputs("\r\x1b[K", stdout);
  cli_print(level, text, len);
  if (js != script->js)
    cli_flush();
  funlockfile(stdout);
}

/* Uncaught exceptions and unhandled rejections: the script goes on, as in browsers, and the exit status tells. */
static void report(JSContext *js, const char *text, void *user) {
  cli_script *script = user;
  if (script->silent || cli_signals_caught())
    return;
  script->uncaught = true;
  flockfile(stdout);
  print(js, 'e', text, strlen(text), script);
  (void)fputc('\n', stderr);
  funlockfile(stdout);
}

static bool keep_then(cli_script *script) {
  JSContext *js = script->js;
  JSValue constructor = JS_GetPropertyStr(js, script->realm->global, "Promise");
  JSValue prototype = JS_GetPropertyStr(js, constructor, "prototype");
  script->then = JS_GetPropertyStr(js, prototype, "then");
  JS_FreeValue(js, prototype);
  JS_FreeValue(js, constructor);
  return JS_IsFunction(js, script->then);
}

static bool make_engine(cli_script *script) {
  script->runtime = JS_NewRuntime();
  if (!script->runtime || xhr_quickjs_share_memory(script->runtime) != XHR_OK)
    return false;
  script->js = JS_NewContext(script->runtime);
  if (!script->js)
    return false;
  JS_SetContextOpaque(script->js, script);
  JS_SetInterruptHandler(script->runtime, interrupt, NULL);
  cli_modules_install(script->runtime);
  const xhr_quickjs_options options = {.report = report, .print = print, .user = script};
  if (xhr_quickjs_install(script->js, script->context, &options) != XHR_OK)
    return false;
  script->realm = xhr__realm_of(script->js);
  return keep_then(script) && cli_program_define(script);
}

cli_exit cli_script_new(cli_script *script, const cli_options *options) {
  *script = (cli_script){.options = options, .then = JS_UNDEFINED};
  cli_exit code = cli_connect(options, NULL, &script->context);
  if (code != CLI_OK)
    return code;
  script->loop = xhr_context_loop(script->context);
  cli_signals_wake(script->loop);
  if (make_engine(script))
    return CLI_OK;
  cli_say("the script's engine could not be made: out of memory");
  return CLI_UNCAUGHT;
}

void cli_script_free(cli_script *script) {
  script->silent = true;
  cli_signals_wake(NULL);
  if (script->js) {
    JS_FreeValue(script->js, script->then);
    (void)xhr_quickjs_uninstall(script->js);
    JS_FreeContext(script->js);
  }
  if (script->runtime)
    JS_FreeRuntime(script->runtime);
  xhr_context_unref(script->context);
}

/* ---- evaluating ------------------------------------------------------------------------------------------------- */

bool cli_script_await(cli_script *script, JSValueConst promise, JSCFunctionData *done,
                      JSValueConst data) {
  JSContext *js = script->js;
  JSValue handlers[2] = {JS_NewCFunctionData(js, done, 1, 0, 1, &data),
                         JS_NewCFunctionData(js, done, 1, 1, 1, &data)};
  JSValue result = JS_EXCEPTION;
  if (!JS_IsException(handlers[0]) && !JS_IsException(handlers[1]))
    result = JS_Call(js, script->then, promise, 2, handlers);
  JS_FreeValue(js, handlers[0]);
  JS_FreeValue(js, handlers[1]);
  JS_FreeValue(js, result);
  return !JS_IsException(result);
}

/* https://html.spec.whatwg.org/#run-a-module-script, step 8: upon rejection of the evaluation's promise. */
static JSValue on_evaluated(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv,
                            int rejected, JSValue *data) {
  cli_script *script = cli_script_of(js);
  (void)this_value, (void)argc, (void)data;
  script->awaited--;
  if (rejected)
    xhr__realm_report(script->realm, JS_DupValue(js, argv[0]));
  return JS_UNDEFINED;
}

/* A number that the engine's errors carry; 0 where it is none. */
static int64_t number_property(JSContext *js, JSValueConst object, const char *name) {
  int64_t number = 0;
  JSValue value = JS_GetPropertyStr(js, object, name);
  if (JS_IsException(value) || (JS_IsNumber(value) && JS_ToInt64(js, &number, value) != 0))
    JS_FreeValue(js, JS_GetException(js));
  JS_FreeValue(js, value);
  return number;
}

/* What compiling failed with: the exception, and how far it came. */
typedef struct compile_error {
  JSValue exception;
  bool is_syntax_error;
  int64_t line, column;
} compile_error;

static compile_error take_compile_error(JSContext *js) {
  compile_error error = {.exception = JS_GetException(js)};
  JSValue name = JS_GetPropertyStr(js, error.exception, "name");
  const char *text = JS_ToCString(js, name);
  error.is_syntax_error = text && xhr__str_equals(xhr__str_c(text), XHR__STR("SyntaxError"));
  JS_FreeCString(js, text);
  JS_FreeValue(js, name);
  error.line = number_property(js, error.exception, "lineNumber");
  error.column = number_property(js, error.exception, "columnNumber");
  return error;
}

/* Whether the text is rather a module that is wrong than a script: parsed as one it comes further, or fails of what it
 * imports. */
static bool is_rather_module(const compile_error *as_script, const compile_error *as_module) {
  if (!as_module->is_syntax_error || as_module->line > as_script->line)
    return true;
  return as_module->line == as_script->line && as_module->column > as_script->column;
}

static JSValue compile_module(cli_script *script, xhr__str source, const char *name) {
  JSContext *js = script->js;
  JSValue code =
      JS_Eval(js, source.data, source.len, name, JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY);
  if (!JS_IsException(code) && !cli_module_set_meta(js, code, true)) {
    JS_FreeValue(js, code);
    return JS_EXCEPTION;
  }
  return code;
}

/* A script; or, where that cannot be parsed but a module can (import, export or await at its top level), a module. */
static JSValue compile(cli_script *script, xhr__str source, const char *name, cli_goal goal) {
  JSContext *js = script->js;
  if (goal == CLI_GOAL_MODULE || JS_DetectModule(source.data, source.len))
    return compile_module(script, source, name);
  JSValue code =
      JS_Eval(js, source.data, source.len, name, JS_EVAL_TYPE_GLOBAL | JS_EVAL_FLAG_COMPILE_ONLY);
  if (!JS_IsException(code))
    return code;
  compile_error as_script = take_compile_error(js);
  if (!as_script.is_syntax_error)
    return JS_Throw(js, as_script.exception);
  code = compile_module(script, source, name);
  if (!JS_IsException(code)) {
    JS_FreeValue(js, as_script.exception);
    return code;
  }
  compile_error as_module = take_compile_error(js);
  bool module = is_rather_module(&as_script, &as_module);
  JS_FreeValue(js, module ? as_script.exception : as_module.exception);
  return JS_Throw(js, module ? as_module.exception : as_script.exception);
}

void cli_script_evaluate(cli_script *script, xhr__str source, const char *name, cli_goal goal) {
  JSContext *js = script->js;
  /* Script is on the stack: listeners that it fires are no microtask checkpoint. */
  script->realm->depth++;
  JSValue code = compile(script, source, name, goal);
  bool is_module = JS_VALUE_GET_TAG(code) == JS_TAG_MODULE;
  JSValue result = JS_IsException(code) ? code : JS_EvalFunction(js, code);
  if (JS_IsException(result)) {
    xhr__realm_report_pending(script->realm);
  } else if (is_module) {
    script->awaited++;
    xhr__rejections_forget_evaluation(script->realm, result);
    if (!cli_script_await(script, result, on_evaluated, JS_UNDEFINED))
      xhr__realm_report_pending(script->realm);
  }
  JS_FreeValue(js, result);
  script->realm->depth--;
  xhr__realm_checkpoint(script->realm);
}

void cli_script_run(cli_script *script) {
  while (xhr__loop_is_alive(script->loop) && !cli_signals_caught()) {
    cli_flush();
    xhr_loop_wait(script->loop, -1);
  }
  cli_flush();
}
