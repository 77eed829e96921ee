/* blob: URLs of realms, where scripts alone do not get: a page's, the realm's end, want of memory; and FileLists. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "runtime/blob_binding.h"
#include "runtime/file_list.h"
#include "runtime/realm.h"
#include "support/failing_allocator.h"
#include "support/leftovers.h"
#include "support/scripted_session.h"

static scripted_session s;
static xhr_context *page;
static JSRuntime *runtime;
static JSContext *js;

static void begin(const char *origin) {
  scripted_session_begin(&s, SCRIPTED_INLINE, NULL, 0);
  page = NULL;
  if (origin) {
    assert_int_equal(
        xhr_context_new_web(s.session, s.loop, xhr_str(origin), (xhr_string){NULL, 0}, &page),
        XHR_OK);
  }
  runtime = JS_NewRuntime();
  js = JS_NewContext(runtime);
  assert_int_equal(xhr_quickjs_install(js, origin ? page : s.context, NULL), XHR_OK);
}

static void end(void) {
  (void)xhr_quickjs_uninstall(js);
  JS_FreeContext(js);
  JS_FreeRuntime(runtime);
  xhr_context_unref(page);
  scripted_session_end(&s);
}

static JSValue eval(const char *code) {
  return JS_Eval(js, code, strlen(code), "<test>", JS_EVAL_TYPE_GLOBAL);
}

static void eval_text(const char *code, char *text, size_t size) {
  JSValue value = eval(code);
  const char *characters = JS_ToCString(js, value);
  assert_non_null(characters);
  (void)snprintf(text, size, "%s", characters);
  JS_FreeCString(js, characters);
  JS_FreeValue(js, value);
}

static void assert_true_in_js(const char *code) {
  JSValue value = eval(code);
  if (JS_ToBool(js, value) != 1)
    fail_msg("not so: %s", code);
  JS_FreeValue(js, value);
}

static bool has_entry(const char *text) {
  xhr__url url;
  assert_int_equal(xhr__url_parse(xhr__str_c(text), NULL, &url), XHR_OK);
  bool has = url.blob_url_entry != NULL;
  xhr__url_free(&url);
  return has;
}

static void test_realm_end(void **state) {
  char url[128], second[128];
  (void)state;
  begin("https://page.test:444");
  eval_text("URL.createObjectURL(new Blob(['x']))", url, sizeof url);
  eval_text("URL.createObjectURL(new File(['x'], 'y'))", second, sizeof second);
  assert_memory_equal(url, "blob:https://page.test:444/", 27);
  assert_true(has_entry(url) && has_entry(second));
  /* nothing that a program would wait for */
  assert_int_equal(xhr_quickjs_pending(js), 0);
  end();
  assert_false(has_entry(url));
  assert_false(has_entry(second));
}

/* A page's URLs are its own, also where its origin is opaque. */
static void test_origins(void **state) {
  (void)state;
  begin("null");
  assert_true_in_js("url = URL.createObjectURL(new Blob(['x'])); url.startsWith('blob:null/')");
  assert_true_in_js("xhr = new XMLHttpRequest(); xhr.open('GET', url, false); xhr.send();"
                    "xhr.responseText === 'x'");
  xhr_context *other;
  assert_int_equal(
      xhr_context_new_web(s.session, s.loop, xhr_str("null"), (xhr_string){NULL, 0}, &other),
      XHR_OK);
  JSContext *page_js = js;
  char url[128];
  eval_text("url", url, sizeof url);
  js = JS_NewContext(runtime);
  assert_int_equal(xhr_quickjs_install(js, other, NULL), XHR_OK);
  JSValue global = JS_GetGlobalObject(js);
  assert_true(JS_SetPropertyStr(js, global, "url", JS_NewString(js, url)) >= 0);
  JS_FreeValue(js, global);
  assert_true_in_js("xhr = new XMLHttpRequest(); xhr.open('GET', url, false);"
                    "try { xhr.send(); false } catch (e) { e.name === 'NetworkError' }");
  assert_true_in_js("URL.revokeObjectURL(url); true");
  assert_true(has_entry(url));
  (void)xhr_quickjs_uninstall(js);
  JS_FreeContext(js);
  xhr_context_unref(other);
  js = page_js;
  end();
}

static void test_file_list(void **state) {
  (void)state;
  begin(NULL);
  xhr__realm *realm = xhr__realm_of(js);
  JSValue files[2] = {eval("file = new File(['x'], 'one')"), eval("new File(['y'], 'two')")};
  JSValueConst borrowed[2] = {files[0], files[1]};
  JSValue list = xhr__file_list_new(realm, 2, borrowed);
  assert_int_equal(xhr__file_list_length(list), 2);
  assert_int_equal(xhr__file_list_length(files[0]), 0);
  assert_ptr_equal(xhr__blob_of(xhr__file_list_item(list, 1)), xhr__blob_of(files[1]));
  assert_true(JS_IsUndefined(xhr__file_list_item(list, 2)));
  JSValue global = JS_GetGlobalObject(js);
  assert_true(JS_SetPropertyStr(js, global, "list", list) >= 0);
  JS_FreeValue(js, global);
  assert_true_in_js("list.length === 2 && list.item(0) === file && list[0] === file");
  assert_true_in_js("list[1].name === 'two' && list[2] === undefined && list.item(2) === null");
  assert_true_in_js("[...list][1] === list[1] && list[Symbol.iterator] === [].values");
  assert_true_in_js("list.item(2 ** 32) === file && Object.keys(list).join() === '0,1'");
  assert_true_in_js("try { list.item(); false } catch (e) { e instanceof TypeError }");
  assert_true_in_js("list[0] = 1; list[0] === file && Object.prototype.toString.call(list) === "
                    "'[object FileList]'");
  assert_true_in_js(
      "clone = structuredClone({file, list}); clone.list instanceof FileList &&"
      "clone.list.length === 2 && clone.list[0] === clone.file && clone.file !== file &&"
      "clone.list[1].name === 'two'");
  JS_FreeValue(js, files[0]);
  JS_FreeValue(js, files[1]);
  end();
}

static void test_out_of_memory(void **state) {
  static const char hungry[] = "const url = URL.createObjectURL(new Blob(['x']));"
                               "const xhr = new XMLHttpRequest();"
                               "xhr.open('GET', url, false); xhr.send(); URL.revokeObjectURL(url);"
                               "xhr.responseText";
  (void)state;
  bool failed = true;
  failing_allocator_install();
  for (size_t nth = 1; failed; nth++) {
    begin("http://page.test");
    failing_allocator_arm(nth, false);
    JSValue value = eval(hungry);
    JS_FreeValue(js, JS_IsException(value) ? JS_GetException(js) : value);
    failed = failing_allocator_failed();
    failing_allocator_arm(0, false);
    end();
    assert_int_equal(failing_allocator_live(), 0);
    if (!failed)
      assert_true(nth > 20);
  }
  failing_allocator_uninstall();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_realm_end),
      cmocka_unit_test(test_origins),
      cmocka_unit_test(test_file_list),
      cmocka_unit_test(test_out_of_memory),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
