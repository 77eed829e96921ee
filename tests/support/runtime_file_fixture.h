/* A realm with a File that lies on disk, for tests of what scripts read of it. Included by one test program each. */
#ifndef XHR_TESTS_RUNTIME_FILE_FIXTURE_H
#define XHR_TESTS_RUNTIME_FILE_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "runtime/blob_binding.h"
#include "runtime/realm.h"
#include "support/leftovers.h"
#include "support/scripted_session.h"

static char path[] = "/tmp/xhr-file-XXXXXX";
static scripted_session s;
static JSRuntime *runtime;
static JSContext *js;
static unsigned reports;

static void report(JSContext *context, const char *text, void *user) {
  (void)context;
  (void)user;
  (void)fprintf(stderr, "%s\n", text);
  reports++;
}

static void begin(void) {
  xhr_quickjs_options options = {.report = report};
  scripted_session_begin(&s, SCRIPTED_INLINE, NULL, 0);
  runtime = JS_NewRuntime();
  js = JS_NewContext(runtime);
  reports = 0;
  assert_int_equal(xhr_quickjs_install(js, s.context, &options), XHR_OK);
}

static void end(void) {
  (void)xhr_quickjs_uninstall(js);
  JS_FreeContext(js);
  JS_FreeRuntime(runtime);
  scripted_session_end(&s);
}

static char byte_at(size_t index) {
  return (char)('a' + index * 31 % 26);
}

static void write_file(size_t size) {
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  for (size_t i = 0; i < size; i++)
    (void)fputc(byte_at(i), file);
  assert_int_equal(fclose(file), 0);
}

static int make_file(void **state) {
  if (leftovers_note(state) != 0)
    return -1;
  int fd = mkstemp(path);
  return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state) {
  return unlink(path) | leftovers_check(state);
}

static JSValue eval(const char *code) {
  return JS_Eval(js, code, strlen(code), "<test>", JS_EVAL_TYPE_GLOBAL);
}

static void run(const char *code) {
  JSValue value = eval(code);
  if (JS_IsException(value))
    xhr__realm_report_pending(xhr__realm_of(js));
  JS_FreeValue(js, value);
  xhr__realm_checkpoint(xhr__realm_of(js));
  assert_int_equal(reports, 0);
}

/* Until nothing is pending. */
static void wait(void) {
  while (xhr_quickjs_pending(js) > 0)
    assert_int_equal(xhr_loop_wait(s.loop, -1), XHR_OK);
  assert_int_equal(reports, 0);
}

/* `code`'s value as a string. */
static void assert_gives(const char *code, const char *expected) {
  JSValue value = eval(code);
  const char *text = JS_ToCString(js, value);
  assert_non_null(text);
  assert_string_equal(text, expected);
  JS_FreeCString(js, text);
  JS_FreeValue(js, value);
}

/* Defines `file`, the File at `path` as it is now. */
static void define_file(void) {
  xhr__segments *segments;
  xhr__file *file;
  int64_t modified;
  assert_int_equal(xhr__segments_new_file(xhr__str_c(path), &segments, &modified), XHR_OK);
  assert_int_equal(xhr__file_new(segments, XHR__STR("text/x"), XHR__STR("disk"), modified, &file),
                   XHR_OK);
  JSValue global = JS_GetGlobalObject(js);
  JS_SetPropertyStr(js, global, "file", xhr__blob_value(xhr__realm_of(js), &file->blob));
  JS_FreeValue(js, global);
  xhr__blob_unref(&file->blob);
  xhr__segments_unref(segments);
}

static const char helpers[] =
    "globalThis.log = [];"
    "const byteAt = (i) => 97 + i * 31 % 26;"
    "const check = (bytes, start) => bytes.every((byte, i) => byte === byteAt(start + i));"
    "const caught = (error) => log.push(error.name);";

static void begin_with_file(size_t size) {
  begin();
  write_file(size);
  define_file();
  run(helpers);
}

#endif
