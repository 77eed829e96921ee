/* Tests of streams in runtime/ where scripts alone do not get: Blobs that lie in files, want of memory, the realm's end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/failing_allocator.h"
#include "support/runtime_file_fixture.h"

enum { FILE_SIZE = (1 << 20) + 12345 };

/* ---- Blobs in files ---------------------------------------------------------------------------------------------- */

static void test_read_file(void **state) {
  (void)state;
  begin_with_file(FILE_SIZE);
  run("globalThis.read = async (blob, start) => {"
      "  let at = start, good = true, chunks = 0;"
      "  for await (const chunk of blob.stream()) {"
      "    good = good && check(chunk, at) && chunk.byteLength === chunk.buffer.byteLength;"
      "    at += chunk.length; chunks++; }"
      "  log.push(at - start, good, chunks > 1);"
      "};"
      "read(file, 0);");
  wait();
  run("read(file.slice(300000, 900000), 300000);");
  wait();
  assert_gives("log.join()", "1060921,true,true,600000,true,true");
  end();
}

static void test_byob(void **state) {
  (void)state;
  begin_with_file(FILE_SIZE);
  run("(async () => {"
      "  const reader = file.stream().getReader({mode: 'byob'});"
      "  let at = 0, good = true, last, view = new Uint8Array(100000);"
      "  for (;;) {"
      "    const {value, done} = await reader.read(view);"
      "last = value?.buffer.byteLength; if (done) break;"
      "    good = good && check(value, at); at += value.length; view = new Uint8Array(value.buffer);"
      "  }"
      "  log.push(at, good, last);"
      "})();");
  wait();
  assert_gives("log.join()", "1060921,true,100000");
  end();
}

/* Chunks of files and of memory, with others' reads between them. */
static void test_many_at_once(void **state) {
  (void)state;
  begin_with_file(FILE_SIZE);
  run("let sum = 0; for (let i = 0; i < 30; i++) (async () => {"
      "  let size = 0;"
      "  for await (const chunk of new Blob([file.slice(i, 30000), 'x', file]).stream()) size += chunk.length;"
      "  sum += size === 30001 - i + 1060921; })();"
      "file.bytes().then((bytes) => log.push(bytes.length));");
  wait();
  assert_gives("[sum, log].join()", "30,1060921");
  end();
}

/* What nobody asks for is not read, and keeps no program waiting. */
static void test_back_pressure(void **state) {
  (void)state;
  begin_with_file(FILE_SIZE);
  run("globalThis.stream = file.stream(); globalThis.reader = stream.getReader();");
  assert_int_equal(xhr_quickjs_pending(js), 0);
  run("reader.read().then(({value}) => log.push(value.length < 1060921));");
  assert_int_equal(xhr_quickjs_pending(js), 1);
  wait();
  assert_int_equal(xhr_quickjs_pending(js), 0);
  run("reader.read(); reader.cancel().then(() => log.push('canceled'));");
  wait();
  assert_gives("log.join()", "true,canceled");
  end();
}

static void test_changed_file(void **state) {
  (void)state;
  begin_with_file(10);
  write_file(11);
  run("file.stream().getReader().read().catch(caught);"
      "const reader = file.stream().getReader({mode: 'byob'});"
      "reader.read(new Uint8Array(4)).catch(caught); reader.closed.catch(caught);");
  wait();
  assert_gives("log.join()", "NotReadableError,NotReadableError,NotReadableError");
  end();
}

/* Longer than an ArrayBuffer may be. */
static void test_huge_file(void **state) {
  (void)state;
  begin();
  write_file(0);
  assert_int_equal(truncate(path, (off_t)3 << 30), 0);
  define_file();
  run(helpers);
  run("file.stream().getReader().read().then(({value}) => log.push(value.length > 0))");
  wait();
  assert_gives("log.join()", "true");
  end();
}

/* ---- ends --------------------------------------------------------------------------------------------------------- */

static const char everything[] =
    "const ignored = (promise) => promise.catch(() => 0);"
    "const drain = async (stream) => { for await (const chunk of stream) void chunk; };"
    "const drainByob = async (stream) => { const reader = stream.getReader({mode: 'byob'});"
    "  while (!(await reader.read(new Uint16Array(4), {min: 2})).done); };"
    "const source = (type) => { let n = 0; return new ReadableStream({ type, autoAllocateChunkSize:"
    "  type && 8, pull(c) { const view = c.byobRequest?.view;"
    "  if (n++ === 6) { c.close(); c.byobRequest?.respond(0); }"
    "  else if (view && n & 1) { view[0] = n; c.byobRequest.respond(1); }"
    "  else c.enqueue(type ? new Uint8Array([n, n, n]) : n); } }, type ? {} : {size: () => 1}); };"
    "ignored(drain(source())); ignored(drain(source('bytes'))); ignored(drainByob(source('bytes')));"
    "for (const type of [undefined, 'bytes']) { const [a, b] = source(type).tee();"
    "  ignored(drain(a)); ignored(type ? drainByob(b) : drain(b)); const c = source(type).tee();"
    "  for (const branch of c) ignored(branch.cancel(1)); }"
    "ignored(drain(ReadableStream.from([1, Promise.resolve(2)])));"
    "ignored(drain(ReadableStream.from(source())));"
    "ignored(ReadableStream.from([1]).cancel());"
    "const reader = source().getReader(); ignored(reader.read()); reader.releaseLock();"
    "new CountQueuingStrategy({highWaterMark: 1}).size; source().values().return();"
    "ignored(drain(file.stream())); ignored(drainByob(file.stream()));"
    "ignored(drain(new Blob(['a', new Blob(['b'])]).stream())); file.stream().getReader().read();";

/* The realm goes with all that under way. */
static void test_end_while_reading(void **state) {
  (void)state;
  for (int turns = 0; turns < 4; turns++) {
    begin_with_file(FILE_SIZE);
    JSValue value = eval(everything);
    assert_false(JS_IsException(value));
    JS_FreeValue(js, value);
    for (int i = 0; i < turns; i++) {
      xhr__realm_checkpoint(xhr__realm_of(js));
      assert_int_equal(xhr_loop_wait(s.loop, 1), XHR_OK);
    }
    end();
  }
}

static void test_to_the_end(void **state) {
  (void)state;
  begin_with_file(FILE_SIZE);
  run(everything);
  wait();
  end();
}

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
    JSValue value = eval(everything);
    JS_FreeValue(js, JS_IsException(value) ? JS_GetException(js) : value);
    xhr__realm_checkpoint(xhr__realm_of(js));
    while (xhr_quickjs_pending(js) > 0)
      (void)xhr_loop_wait(s.loop, -1);
    failed = failing_allocator_failed();
    failing_allocator_arm(0, false);
    end();
    assert_int_equal(failing_allocator_live(), 0);
    if (!failed)
      assert_true(nth > 100);
  }
  failing_allocator_uninstall();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_read_file),         cmocka_unit_test(test_byob),
      cmocka_unit_test(test_many_at_once),      cmocka_unit_test(test_back_pressure),
      cmocka_unit_test(test_changed_file),      cmocka_unit_test(test_huge_file),
      cmocka_unit_test(test_end_while_reading), cmocka_unit_test(test_to_the_end),
      cmocka_unit_test(test_out_of_memory),
  };
  return cmocka_run_group_tests(tests, make_file, remove_file);
}
