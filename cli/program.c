/* The global object `program`: what a script learns of how it was started, and how it ends early. Nothing of a standard;
 * it is not called xhr because that is what scripts call their requests. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/script.h"
#include "xhr/version.h"

static JSValue make_args(cli_script *script) {
  JSContext *js = script->js;
  JSValue array = JS_NewArray(js);
  for (int i = 0; i < script->options->argument_count && !JS_IsException(array); i++) {
    JSValue text = JS_NewString(js, script->options->arguments[i]);
    if (JS_IsException(text) ||
        JS_DefinePropertyValueUint32(js, array, (uint32_t)i, text, JS_PROP_C_W_E) < 0) {
      JS_FreeValue(js, array);
      array = JS_EXCEPTION;
    }
  }
  return array;
}

/* "NAME=value" as a property. */
static bool define_variable(JSContext *js, JSValueConst object, const char *variable) {
  const char *equals = strchr(variable, '=');
  if (!equals || equals == variable)
    return true;
  JSAtom name = JS_NewAtomLen(js, variable, (size_t)(equals - variable));
  JSValue value = name == JS_ATOM_NULL ? JS_EXCEPTION : JS_NewString(js, equals + 1);
  bool done =
      !JS_IsException(value) && JS_DefinePropertyValue(js, object, name, value, JS_PROP_C_W_E) >= 0;
  JS_FreeAtom(js, name);
  return done;
}

/* A copy: writing to it changes no environment. */
static JSValue make_env(cli_script *script) {
  JSValue object = JS_NewObjectProto(script->js, JS_NULL);
  for (char **variable = environ; *variable && !JS_IsException(object); variable++) {
    if (!define_variable(script->js, object, *variable)) {
      JS_FreeValue(script->js, object);
      return JS_EXCEPTION;
    }
  }
  return object;
}

/* exit(status = 0): at once. What is pending is dropped. */
static JSValue program_exit(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv) {
  int32_t status = 0;
  (void)this_value;
  if (argc > 0 && !JS_IsUndefined(argv[0]) && JS_ToInt32(js, &status, argv[0]) != 0)
    return JS_EXCEPTION;
  (void)fflush(stdout);
  exit(status & 0xff);
}

bool cli_program_define(cli_script *script) {
  JSContext *js = script->js;
  JSValue program = JS_NewObject(js);
  if (JS_IsException(program))
    return false;
  if (JS_DefinePropertyValueStr(js, program, "args", make_args(script), JS_PROP_C_W_E) < 0 ||
      JS_DefinePropertyValueStr(js, program, "env", make_env(script), JS_PROP_C_W_E) < 0 ||
      JS_DefinePropertyValueStr(js, program, "exit", JS_NewCFunction(js, program_exit, "exit", 0),
                                JS_PROP_C_W_E) < 0 ||
      JS_DefinePropertyValueStr(js, program, "version", JS_NewString(js, xhr_version()),
                                JS_PROP_C_W_E) < 0) {
    JS_FreeValue(js, program);
    return false;
  }
  return JS_DefinePropertyValueStr(js, script->realm->global, "program", program,
                                   JS_PROP_CONFIGURABLE | JS_PROP_WRITABLE) >= 0;
}
