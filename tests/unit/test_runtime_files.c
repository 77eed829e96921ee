/* Tests of Blobs, Files and FormData in runtime/ where scripts alone do not get: files on disk, want of memory, the realm's
 * end, bodies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runtime/body_init.h"
#include "support/failing_allocator.h"
#include "support/runtime_file_fixture.h"

enum { FILE_SIZE = (1 << 20) + 12345 };

/* ---- reading files ------------------------------------------------------------------------------------------------ */

static void test_read_file(void **state) {
  (void)state;
  begin_with_file(FILE_SIZE);
  assert_gives("[file instanceof File, file.name, file.size, file.type].join()",
               "true,disk,1060921,text/x");
  run("file.bytes().then((bytes) => log.push('bytes', bytes.length, check(bytes, 0)));");
  wait();
  run("file.arrayBuffer().then((b) => log.push('buffer', b.byteLength, check(new Uint8Array(b), 0)));");
  wait();
  run("file.text().then((text) => log.push('text', text.length, text[70000] === 'o'));");
  wait();
  run("file.slice(300000, 900000).bytes().then((bytes) => log.push('slice', bytes.length, "
      "check(bytes, 300000)));");
  wait();
  run("new Blob(['<', file.slice(5, 8), '|', file.slice(0, 2), '>']).text().then((t) => log.push(t));");
  wait();
  assert_gives("log.join()", "bytes,1060921,true,buffer,1060921,true,text,1060921,true,"
                             "slice,600000,true,<zej|af>");
  end();
}

static void test_many_at_once(void **state) {
  (void)state;
  begin_with_file(FILE_SIZE);
  run("let sum = 0; for (let i = 0; i < 50; i++) file.slice(i * 1000, i * 1000 + 30000).bytes()"
      ".then((bytes) => { sum += check(bytes, i * 1000); });");
  assert_int_equal(xhr_quickjs_pending(js), 50);
  wait();
  assert_gives("sum", "50");
  end();
}

static void test_changed_file(void **state) {
  (void)state;
  begin_with_file(10);
  write_file(11);
  run("for (const name of ['text', 'arrayBuffer', 'bytes']) file[name]().catch(caught);"
      "const reader = new FileReader(); reader.onloadstart = reader.onload = () => log.push('bad');"
      "reader.onerror = (event) => log.push(event.type, reader.error.name, reader.result);"
      "reader.onloadend = (event) => log.push(event.type);"
      "reader.readAsText(file);");
  wait();
  assert_gives(
      "log.sort().join()",
      "NotReadableError,NotReadableError,NotReadableError,NotReadableError,error,loadend,");
  end();
}

/* One that no ArrayBuffer holds. */
static void test_huge_file(void **state) {
  (void)state;
  begin();
  write_file(0);
  assert_int_equal(truncate(path, (off_t)3 << 30), 0);
  define_file();
  run(helpers);
  run("file.arrayBuffer().catch(caught); new Blob([file, file]).text().catch(caught);"
      "log.push(new Blob([file, file]).size);"
      "file.slice(-1).bytes().then((bytes) => log.push(bytes[0]))");
  wait();
  assert_gives("log.join()", "6442450944,NotReadableError,NotReadableError,0");
  end();
}

static void test_file_reader(void **state) {
  (void)state;
  begin_with_file(FILE_SIZE);
  run("const reader = new FileReader();"
      "for (const type of ['loadstart', 'load', 'error', 'abort', 'loadend'])"
      "  reader.addEventListener(type, (event) => log.push(type, event.total));"
      "let last = 0; reader.onprogress = (event) => {"
      "  if (event.loaded <= last) log.push('no progress'); last = event.loaded; };"
      "reader.readAsArrayBuffer(file);");
  wait();
  assert_gives("log.join()", "loadstart,1060921,load,1060921,loadend,1060921");
  assert_gives("[last, check(new Uint8Array(reader.result), 0)].join()", "1060921,true");
  run("log = []; reader.onloadstart = () => reader.abort(); reader.readAsText(file);");
  wait();
  assert_gives("log.join()", "loadstart,1060921,abort,1060921,loadend,1060921");
  run("reader.onloadstart = null; reader.readAsText(file); reader.abort(); reader.readAsText(file)");
  wait();
  assert_gives("reader.result.length", "1060921");
  end();
}

/* The realm goes with reads under way, of files and of memory, before, in and after their first bytes. */
static void test_end_while_reading(void **state) {
  (void)state;
  for (int turns = 0; turns < 4; turns++) {
    begin_with_file(FILE_SIZE);
    run("for (let i = 0; i < 10; i++) { file.text(); new Blob(['a', new Blob(['b'])]).text();"
        "new Blob(['c']).bytes(); const reader = new FileReader(); reader.readAsText(file);"
        "reader.onload = reader.onloadend = () => 0; }");
    for (int i = 0; i < turns; i++)
      assert_int_equal(xhr_loop_wait(s.loop, 1), XHR_OK);
    end();
  }
}

/* ---- bodies --------------------------------------------------------------------------------------------------------- */

/* The body of `code`'s value: its type, then a bar and its bytes. */
static void assert_body(const char *code, const char *expected) {
  xhr_body *body = NULL;
  char data[256] = {0};
  JSValue value = eval(code);
  assert_false(JS_IsException(value));
  assert_true(xhr__extract_body(xhr__realm_of(js), value, &body));
  JS_FreeValue(js, value);
  assert_non_null(body);
  size_t len = (size_t)snprintf(data, sizeof data, "%s|", body->has_type ? body->type.data : "");
  assert_true(xhr_body_length(body) < sizeof data - len);
  assert_int_equal(xhr__segments_read(body->segments, 0, data + len, xhr_body_length(body)),
                   XHR_OK);
  xhr_body_unref(body);
  assert_string_equal(data, expected);
}

/* That the value is refused with an exception of that name. */
static void assert_no_body(const char *code, const char *name) {
  xhr_body *body;
  JSValue value = eval(code);
  assert_false(JS_IsException(value));
  assert_false(xhr__extract_body(xhr__realm_of(js), value, &body));
  assert_null(body);
  JS_FreeValue(js, value);
  JSValue exception = JS_GetException(js);
  value = JS_GetPropertyStr(js, exception, "name");
  const char *text = JS_ToCString(js, value);
  assert_string_equal(text, name);
  JS_FreeCString(js, text);
  JS_FreeValue(js, value);
  JS_FreeValue(js, exception);
}

static void test_bodies(void **state) {
  (void)state;
  xhr_body *body;
  begin_with_file(4);
  assert_true(xhr__extract_body(xhr__realm_of(js), JS_NULL, &body));
  assert_null(body);
  assert_true(xhr__extract_body(xhr__realm_of(js), JS_UNDEFINED, &body));
  assert_null(body);
  assert_body("'\\u20ac\\ud800'", "text/plain;charset=UTF-8|\xE2\x82\xAC\xEF\xBF\xBD");
  assert_body("''", "text/plain;charset=UTF-8|");
  assert_body("0", "text/plain;charset=UTF-8|0");
  assert_body("({toString: () => 'o'})", "text/plain;charset=UTF-8|o");
  assert_body("new Blob(['b'])", "|b");
  assert_body("new Blob(['b'], {type: 'A/b'})", "a/b|b");
  assert_body("file", "text/x|afkp");
  assert_body("new Uint8Array([65, 66]).buffer", "|AB");
  assert_body("new Uint8Array([65, 66, 67]).subarray(1)", "|BC");
  assert_body("new DataView(new Uint8Array([65, 66, 67]).buffer, 1, 1)", "|B");
  assert_body("new URLSearchParams('a=b c&d=')",
              "application/x-www-form-urlencoded;charset=UTF-8|a=b+c&d=");
  assert_no_body("new SharedArrayBuffer(1)", "TypeError");
  assert_no_body("new Uint8Array(new SharedArrayBuffer(1))", "TypeError");
  assert_no_body("({toString() { throw new RangeError('x'); }})", "RangeError");
  assert_no_body("Symbol('x')", "TypeError");
  end();
}

/* A form's body is what the form was when it was extracted. */
static void test_form_body(void **state) {
  (void)state;
  xhr_body *body;
  char data[512] = {0}, expected[512];
  static const char prefix[] = "multipart/form-data; boundary=";
  begin_with_file(4);
  JSValue form = eval("globalThis.form = new FormData(); form.append('a\\n', '\\u20ac\\n');"
                      "form.append('f', file, 'q\"'); form");
  assert_true(xhr__extract_body(xhr__realm_of(js), form, &body));
  run("form.set('f', 'x')");
  JS_FreeValue(js, form);
  assert_memory_equal(body->type.data, prefix, sizeof prefix - 1);
  const char *b = body->type.data + sizeof prefix - 1;
  (void)snprintf(
      expected, sizeof expected,
      "--%s\r\nContent-Disposition: form-data; name=\"a%%0D%%0A\"\r\n\r\n\xE2\x82\xAC\r\n\r\n"
      "--%s\r\nContent-Disposition: form-data; name=\"f\"; filename=\"q%%22\"\r\n"
      "Content-Type: text/x\r\n\r\nafkp\r\n--%s--\r\n",
      b, b, b);
  assert_int_equal(xhr_body_length(body), strlen(expected));
  assert_int_equal(xhr__segments_read(body->segments, 0, data, xhr_body_length(body)), XHR_OK);
  assert_string_equal(data, expected);
  xhr_body_unref(body);
  end();
}

/* A response's bytes become a Blob as they lie there. */
static void test_blob_of_buffer(void **state) {
  (void)state;
  xhr__body_buffer *buffer;
  xhr__str bytes;
  begin();
  assert_int_equal(xhr__body_buffer_new(0, &buffer), XHR_OK);
  assert_int_equal(xhr__body_buffer_append(buffer, XHR__STR("response and more")), XHR_OK);
  JSValue value =
      xhr__blob_value_of_buffer(xhr__realm_of(js), buffer, 8, XHR__STR("Text/Y;a=\"\xE9\""));
  assert_true(xhr__segments_bytes(xhr__blob_of(value)->segments, &bytes));
  assert_int_equal(bytes.len, 8);
  assert_ptr_equal(bytes.data, xhr__body_buffer_bytes(buffer, 8).data);
  xhr__body_buffer_unref(buffer);
  assert_memory_equal(bytes.data, "response", 8);
  assert_null(xhr__blob_of(JS_UNDEFINED));
  JS_FreeValue(js, value);
  end();
}

/* ---- want of memory --------------------------------------------------------------------------------------------------- */

static const char hungry[] =
    "const part = new Uint8Array([1, 2, 3]);"
    "const blob = new Blob(['text', part, new Blob(['inner']), part.buffer], {type: 'A/B', endings: 'native'});"
    "const made = new File([blob, 'x'], 'name', {type: 'c/d'});"
    "made.slice(1, 3, 't/u'); made.text().catch(() => 0); blob.bytes().catch(() => 0);"
    "const form = new FormData(); form.append('a', 'b'); form.append('a', blob); form.append('c', made);"
    "form.set('a', made, 'renamed'); form.getAll('a'); [...form]; form.delete('c');"
    "const reader = new FileReader(); reader.onload = () => 0; reader.readAsDataURL(blob);"
    "file.text().catch(() => 0); new Blob([file, 'x']).arrayBuffer().catch(() => 0);";

static void ignore(JSContext *context, const char *text, void *user) {
  (void)context;
  (void)text;
  (void)user;
}

static void test_out_of_memory(void **state) {
  (void)state;
  bool failed = true;
  write_file(100);
  failing_allocator_install();
  for (size_t nth = 1; failed; nth++) {
    begin();
    xhr__realm_of(js)->options.report = ignore;
    define_file();
    failing_allocator_arm(nth, false);
    JSValue value = eval(hungry);
    JS_FreeValue(js, JS_IsException(value) ? JS_GetException(js) : value);
    xhr__realm_checkpoint(xhr__realm_of(js));
    while (xhr_quickjs_pending(js) > 0)
      (void)xhr_loop_wait(s.loop, -1);
    failed = failing_allocator_failed();
    failing_allocator_arm(0, false);
    end();
    assert_int_equal(failing_allocator_live(), 0);
    if (!failed)
      assert_true(nth > 60);
  }
  failing_allocator_uninstall();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_read_file),      cmocka_unit_test(test_many_at_once),
      cmocka_unit_test(test_changed_file),   cmocka_unit_test(test_huge_file),
      cmocka_unit_test(test_file_reader),    cmocka_unit_test(test_end_while_reading),
      cmocka_unit_test(test_bodies),         cmocka_unit_test(test_form_body),
      cmocka_unit_test(test_blob_of_buffer), cmocka_unit_test(test_out_of_memory),
  };
  return cmocka_run_group_tests(tests, make_file, remove_file);
}
