/* For the tests of runtime/: a QuickJS with libxhr in it, on the scripted session. */
#ifndef TESTS_UNIT_TEST_RUNTIME_FIXTURE_H
#define TESTS_UNIT_TEST_RUNTIME_FIXTURE_H

#include <quickjs.h>
#include <stdio.h>

#include "runtime/realm.h"
#include "support/scripted_session.h"

enum { MOST_REPORTS = 2048 };

/* Zero-initialise it. */
typedef struct js_fixture {
  void (*received)(void *user, size_t connection, bool begins, xhr__str bytes); /* or NULL */
  scripted_session s;
  JSRuntime *runtime;
  JSContext *js;
  char reports[MOST_REPORTS]; /* what was reported, one after the other, each behind a "|" */
} js_fixture;

static inline void js_fixture_report(JSContext *js, const char *text, void *user) {
  js_fixture *f = user;
  size_t len = strlen(f->reports);
  (void)js;
  (void)snprintf(f->reports + len, sizeof f->reports - len, "|%s", text);
}

/* Every connection follows the same steps. */
static inline void js_fixture_begin(js_fixture *f, scripted_driver driver,
                                    const xhr__script_step *steps, size_t count) {
  f->reports[0] = '\0';
  f->s = (scripted_session){0};
  for (size_t i = 0; i < SCRIPTED_CONNECTIONS; i++)
    f->s.connections[i] = (xhr__script_connection){.steps = steps, .count = count};
  f->s.script.received = f->received;
  assert_int_equal(scripted_session_try(&f->s, driver), XHR_OK);
  f->runtime = JS_NewRuntime();
  f->js = JS_NewContext(f->runtime);
  xhr_quickjs_options options = {.report = js_fixture_report, .user = f};
  assert_int_equal(xhr_quickjs_install(f->js, f->s.context, &options), XHR_OK);
}

static inline void js_fixture_end(js_fixture *f) {
  (void)xhr_quickjs_uninstall(f->js);
  JS_FreeContext(f->js);
  JS_FreeRuntime(f->runtime);
  scripted_session_end(&f->s);
}

/* Runs a script, and the microtasks behind it; an exception is reported. */
static inline void js_fixture_eval(js_fixture *f, const char *code) {
  JSValue value = JS_Eval(f->js, code, strlen(code), "test.js", JS_EVAL_TYPE_GLOBAL);
  xhr__realm *realm = xhr__realm_of(f->js);
  if (JS_IsException(value) && realm)
    xhr__realm_report_pending(realm);
  JS_FreeValue(f->js, value);
  if (realm)
    xhr__realm_checkpoint(realm);
}

/* The script's value as a string has to be that. */
static inline void js_fixture_expect(js_fixture *f, const char *code, const char *expected) {
  JSValue value = JS_Eval(f->js, code, strlen(code), "test.js", JS_EVAL_TYPE_GLOBAL);
  if (JS_IsException(value))
    value = JS_GetException(f->js);
  const char *text = JS_ToCString(f->js, value);
  assert_string_equal(text, expected);
  JS_FreeCString(f->js, text);
  JS_FreeValue(f->js, value);
}

#endif
