/* console: what it prints, and where. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "unit/test_runtime_fixture.h"

static js_fixture f;
static char printed[65536]; /* each print's level, a space, and its text */

static void print(JSContext *js, char level, const char *text, size_t len, void *user) {
  size_t at = strlen(printed);
  (void)js;
  (void)user;
  assert_true(len > 0 && text[len - 1] == '\n');
  (void)snprintf(printed + at, sizeof printed - at, "%c %.*s", level, (int)len, text);
}

static void begin(void) {
  js_fixture_begin(&f, SCRIPTED_FAKE_CLOCK, NULL, 0);
  xhr__realm_of(f.js)->options.print = print;
}

/* Takes out ":1:27", which engines count differently. */
static void drop_positions(void) {
  char *to = printed;
  for (const char *from = printed; *from; from++) {
    *to++ = *from;
    if (strncmp(from, "test.js:", 8) == 0) {
      (void)memcpy(to - 1, "test.js", 7);
      to += 6;
      from = strchr(from, ')') - 1;
    }
  }
  *to = '\0';
}

/* Runs the code, which has to print that and report nothing. */
static void prints(const char *code, const char *expected) {
  printed[0] = '\0';
  js_fixture_eval(&f, code);
  assert_string_equal(f.reports, "");
  drop_positions();
  assert_string_equal(printed, expected);
}

/* console.log of one value. */
static void shows(const char *value, const char *expected) {
  char code[1024], line[2048];
  (void)snprintf(code, sizeof code, "console.log(%s)", value);
  (void)snprintf(line, sizeof line, "l %s\n", expected);
  prints(code, line);
}

static void test_levels(void **state) {
  (void)state;
  begin();
  prints(
      "console.log('a'); console.info('b'); console.warn('c'); console.error('d'); console.debug('e')",
      "l a\ni b\nw c\ne d\nd e\n");
  prints("console.log(); console.error()", "");
  prints("console.log('')", "l \n");
  prints("const {log} = console; log(1)", "l 1\n");
  js_fixture_expect(&f, "Object.prototype.toString.call(console)", "[object console]");
  js_fixture_expect(&f,
                    "typeof console.prototype + Object.keys(Object.getPrototypeOf(console)).length",
                    "undefined0");
  js_fixture_end(&f);
}

static void test_formats(void **state) {
  (void)state;
  begin();
  prints(
      "console.log('%s is %d and %i, %f: %o %O%c.', 'x', 4.9, '5px', '1.5y', {a: 1}, [2], 'style')",
      "l x is 4 and 5, 1.5: { a: 1 } [ 2 ].\n");
  prints("console.log('%s', 'a', 'b', {c: 1})", "l a b { c: 1 }\n");
  prints("console.log('%s %s %d', 'a')", "l a %s %d\n");
  prints(
      "console.log('100%'); console.log('100%%'); console.log('%%s', 1); console.log('%', 1); console.log('%x', 1)",
      "l 100%\nl 100%%\nl %s 1\nl % 1\nl %x 1\n");
  prints("console.log('%d %i %f %s', Symbol('a'), {}, 'x', Symbol('b'))",
         "l NaN NaN NaN Symbol(b)\n");
  prints("console.log('%s', {toString: () => 'own'})", "l own\n");
  prints("console.log('%d', 10n); console.log('%d', -0)", "l 10\nl 0\n");
  prints("console.log(1, '%s', 2)", "l 1 %s 2\n");
  prints("try { console.log('%s', {toString() { throw 'thrown' }}) } catch (e) { console.log(e) }",
         "l thrown\n");
  js_fixture_end(&f);
}

static void test_values(void **state) {
  (void)state;
  begin();
  shows("undefined, null, true, 1.5, -0, 10n, Symbol('s'), Symbol()",
        "undefined null true 1.5 -0 10n Symbol(s) Symbol()");
  shows("'text', ['text']", "text [ 'text' ]");
  shows("[\"it's\", 'a\"b', 'a\"\\'`', 'a\\nb\\0\\x7f']",
        "[ \"it's\", 'a\"b', 'a\"\\'`', 'a\\nb\\x00\\x7F' ]");
  shows("{a: 1, 'b-c': [], 3: {}, [Symbol('s')]: 1}",
        "{ '3': {}, a: 1, 'b-c': [], [Symbol(s)]: 1 }");
  shows("{a: {b: {c: {d: 1}}}}", "{ a: { b: { c: { d: 1 } } } }");
  shows("{a: {b: {c: {d: {}, e: [], f: new Map}}}}",
        "{ a: { b: { c: { d: [Object], e: [Array], f: [Map] } } } }");
  shows("(() => { const o = {l: []}; o.self = o; o.l.push(o, o.l); return o })()",
        "{ l: [ [Circular], [Circular] ], self: [Circular] }");
  shows("[1, , 3, , ,]", "[ 1, <1 empty item>, 3, <2 empty items> ]");
  shows("new Array(3), Object.assign([1], {x: 2})", "[ <3 empty items> ] [ 1, x: 2 ]");
  shows("Array(1e9).length, new Array(4e9)",
        "1000000000 [ <1000 empty items>, ... 3999999000 more items ]");
  shows(
      "new Map([['a', {b: 1}]]), new Set([1, 'x']), new WeakMap, new WeakSet",
      "Map(1) { 'a' => { b: 1 } } Set(2) { 1, 'x' } WeakMap { <items unknown> } WeakSet { <items unknown> }");
  shows("Promise.resolve(1), new Promise(() => {})", "Promise { 1 } Promise { <pending> }");
  shows("new Uint8Array([1, 2]), new Float32Array(0), new BigInt64Array(1)",
        "Uint8Array(2) [ 1, 2 ] Float32Array(0) [] BigInt64Array(1) [ 0n ]");
  shows(
      "new Uint8Array([1, 255]).buffer, new DataView(new ArrayBuffer(1))",
      "ArrayBuffer { [Uint8Contents]: <01 ff>, byteLength: 2 } DataView { [Uint8Contents]: <00>, byteLength: 1 }");
  shows("new Date(0), new Date(NaN), /a/g, Object(1), Object('s'), Object(true)",
        "1970-01-01T00:00:00.000Z Invalid Date /a/g [Number: 1] [String: 's'] [Boolean: true]");
  shows(
      "new Proxy({}, {ownKeys() { throw 1 }}), Object.create(new Proxy({}, {get() { throw 1 }, getPrototypeOf() { throw 1 }}))",
      "[Proxy] [Object: null prototype] {}");
  shows("'\\ud800', ['\\ud800\\u{1F600}']", "\xEF\xBF\xBD [ '\xEF\xBF\xBD\xF0\x9F\x98\x80' ]");
  js_fixture_end(&f);
}

static void test_functions_and_classes(void **state) {
  (void)state;
  begin();
  shows(
      "() => {}, function named() {}, async () => {}, class A {}, class B extends Map {}, Math.max, Object.assign(() => {}, {p: 1})",
      "[Function (anonymous)] [Function: named] [AsyncFunction (anonymous)] [class A] [class B extends Map] [Function: max] [Function (anonymous)] { p: 1 }");
  shows(
      "new (class P { x = 1; get y() { throw 1 } }), new (class Q extends Array {})(2), new (class M extends Map {})([[1, 2]])",
      "P { x: 1 } Q(2) [ <2 empty items> ] M(1) [Map] { 1 => 2 }");
  shows("Object.create(null), Object.create({}), {__proto__: null, a: 1}",
        "[Object: null prototype] {} {} [Object: null prototype] { a: 1 }");
  shows("[].values(), {[Symbol.toStringTag]: 'T'}",
        "Object [Array Iterator] {} Object [T] { [Symbol(Symbol.toStringTag)]: 'T' }");
  shows("{get a() { throw 1 }, set b(v) {}, get c() { return 1 }, set c(v) {}}",
        "{ a: [Getter], b: [Setter], c: [Getter/Setter] }");
  js_fixture_end(&f);
}

static void test_errors(void **state) {
  (void)state;
  begin();
  shows("new TypeError('what')", "TypeError: what\n    at <eval> (test.js)");
  shows("[new Error('in')]", "[\n  Error: in\n      at <eval> (test.js)\n]");
  shows("Object.assign(new Error('e', {cause: 'why'}), {code: 5})",
        "Error: e\n    at <eval> (test.js) { code: 5, [cause]: 'why' }");
  shows("Object.assign(new Error('gone'), {stack: ''})", "[Error: gone]");
  shows(
      "new (class Mine extends Error {})('m').name, Object.defineProperty(new (class Mine extends Error {})('m'), 'stack', {value: ''})",
      "Error [Mine: m]");
  shows("Object.defineProperty(new DOMException('why', 'AbortError'), 'stack', {value: ''})",
        "[AbortError: why]");
  shows("Object.defineProperty(new Error('x'), 'stack', {value: 'own text'})", "own text");
  js_fixture_end(&f);
}

static void test_platform_objects(void **state) {
  (void)state;
  begin();
  shows("new URLSearchParams('a=1&b=2'), new Blob(['abc'], {type: 'x/y'})",
        "URLSearchParams { 'a' => '1', 'b' => '2' } Blob { size: 3, type: 'x/y' }");
  shows("{u: new URL('http://h/').searchParams}", "{ u: URLSearchParams {} }");
  shows("new TextDecoder", "TextDecoder { encoding: 'utf-8', fatal: false, ignoreBOM: false }");
  printed[0] = '\0';
  js_fixture_eval(
      &f, "console.log(new URL('http://h/p'), new Event('x'), new XMLHttpRequest, globalThis)");
  assert_non_null(strstr(printed, "href: 'http://h/p',\n"));
  assert_non_null(strstr(printed, "isTrusted: false"));
  assert_non_null(strstr(printed, "readyState: 0"));
  assert_null(strstr(printed, "responseText"));
  assert_string_equal(f.reports, "");
  js_fixture_end(&f);
}

static void test_long_ones(void **state) {
  (void)state;
  begin();
  shows(
      "{a: 'x'.repeat(40), b: 'y'.repeat(40), c: {d: 1}}",
      "{\n  a: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',\n  b: 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy',\n  c: { d: 1 }\n}");
  printed[0] = '\0';
  js_fixture_eval(
      &f,
      "console.log(Array.from({length: 150}, (_, i) => i), new Set(Array(150).keys()), new Map([...Array(102).keys()].map(k => [k, k])),"
      "Object.fromEntries(Array.from({length: 300}, (_, i) => ['k' + i, i])), new Uint8Array(130), new ArrayBuffer(60), ['z'.repeat(20000)])");
  assert_non_null(strstr(printed, "98, 99, ... 50 more items\n]"));
  assert_non_null(strstr(printed, "Set(150) {"));
  assert_non_null(strstr(printed, "... 2 more items\n}"));
  assert_non_null(strstr(printed, "... 100 more properties\n}"));
  assert_non_null(strstr(printed, "... 30 more items\n]"));
  assert_non_null(strstr(printed, "... 10 more bytes>"));
  assert_non_null(strstr(printed, "'... 10000 more bytes"));
  js_fixture_end(&f);
}

static void test_groups(void **state) {
  (void)state;
  begin();
  prints(
      "console.group('G', 1); console.log('a\\nb'); console.groupCollapsed(); console.warn({c: 1}); console.groupEnd();"
      "console.log('d'); console.groupEnd(); console.groupEnd(); console.log('e')",
      "l G 1\nl   a\n  b\nw     { c: 1 }\nl   d\nl e\n");
  prints("console.group(); console.clear(); console.log('flat')", "l flat\n");
  js_fixture_end(&f);
}

static void test_counts_and_times(void **state) {
  (void)state;
  begin();
  prints(
      "console.count(); console.count('x'); console.count(); console.countReset(); console.count(); console.countReset('y')",
      "i default: 1\ni x: 1\ni default: 2\ni default: 1\nw Count for 'y' does not exist\n");
  prints("console.time(); console.time(); console.timeEnd('y'); console.timeLog()",
         "w Timer 'default' already exists\nw Timer 'y' does not exist\nl default: 0.000ms\n");
  scripted_session_advance(&f.s, 12);
  prints(
      "console.timeLog('default', '%s', {a: 1}); console.timeEnd(); console.timeEnd()",
      "l default: 12.000ms %s { a: 1 }\ni default: 12.000ms\nw Timer 'default' does not exist\n");
  prints("console.time('long')", "");
  scripted_session_advance(&f.s, 1500);
  prints("console.timeEnd('long')", "i long: 1.500s\n");
  prints("try { console.count({toString() { throw 'label' }}) } catch (e) { console.log(e) }",
         "l label\n");
  js_fixture_end(&f);
}

static void test_asserts_and_traces(void **state) {
  (void)state;
  begin();
  prints(
      "console.assert(true, 'no'); console.assert(1); console.assert(false); console.assert(); console.assert(0, 'is %d', 0, 'x'); console.assert('', {a: 1})",
      "e Assertion failed\ne Assertion failed\ne Assertion failed: is 0 x\ne Assertion failed: { a: 1 }\n");
  prints(
      "(function outer() { console.trace('here %s', 1) })(); console.trace()",
      "e Trace: here 1\n    at outer (test.js)\n    at <eval> (test.js)\ne Trace\n    at <eval> (test.js)\n");
  prints("console.dir({a: 'x'}, {}); console.dir('text'); console.dirxml({b: 1}, 2)",
         "l { a: 'x' }\nl 'text'\nl { b: 1 } 2\n");
  js_fixture_end(&f);
}

static void test_tables(void **state) {
  (void)state;
  begin();
  prints("console.table([{a: 1, b: 'x'}, {a: 2, c: {d: 1}}, 5])",
         "l ┌─────────┬───┬─────┬──────────┬────────┐\n"
         "│ (index) │ a │ b   │ c        │ Values │\n"
         "├─────────┼───┼─────┼──────────┼────────┤\n"
         "│ 0       │ 1 │ 'x' │          │        │\n"
         "│ 1       │ 2 │     │ { d: 1 } │        │\n"
         "│ 2       │   │     │          │ 5      │\n"
         "└─────────┴───┴─────┴──────────┴────────┘\n");
  prints("console.table({x: ['ü'], y: [1, 2]}, ['1', 'z'])", "l ┌─────────┬───┬───┐\n"
                                                             "│ (index) │ 1 │ z │\n"
                                                             "├─────────┼───┼───┤\n"
                                                             "│ x       │   │   │\n"
                                                             "│ y       │ 2 │   │\n"
                                                             "└─────────┴───┴───┘\n");
  prints("console.table('text'); console.table(); console.table(null, [])", "l text\nl null\n");
  prints("try { console.table([], 5) } catch (e) { console.log(e.name) }", "l TypeError\n");
  prints("try { console.table({get a() { throw 'getter' }}) } catch (e) { console.log(e) }",
         "l getter\n");
  js_fixture_end(&f);
}

/* Without the option: stdout, and stderr for warnings and errors. */
static void test_streams(void **state) {
  (void)state;
  char text[64] = "", errors[64] = "";
  int out[2], err[2], old_out = dup(STDOUT_FILENO), old_err = dup(STDERR_FILENO);
  js_fixture_begin(&f, SCRIPTED_FAKE_CLOCK, NULL, 0);
  assert_int_equal(pipe(out), 0);
  assert_int_equal(pipe(err), 0);
  assert_true(dup2(out[1], STDOUT_FILENO) >= 0 && dup2(err[1], STDERR_FILENO) >= 0);
  js_fixture_eval(
      &f,
      "console.log('a'); console.error('b'); console.info('c'); console.warn('d'); console.debug('e')");
  assert_true(dup2(old_out, STDOUT_FILENO) >= 0 && dup2(old_err, STDERR_FILENO) >= 0);
  assert_int_equal(read(out[0], text, sizeof text - 1), 6);
  assert_int_equal(read(err[0], errors, sizeof errors - 1), 4);
  assert_string_equal(text, "a\nc\ne\n");
  assert_string_equal(errors, "b\nd\n");
  for (int i = 0; i < 2; i++) {
    assert_int_equal(close(out[i]), 0);
    assert_int_equal(close(err[i]), 0);
  }
  assert_int_equal(close(old_out), 0);
  assert_int_equal(close(old_err), 0);
  js_fixture_end(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_levels),           cmocka_unit_test(test_formats),
      cmocka_unit_test(test_values),           cmocka_unit_test(test_functions_and_classes),
      cmocka_unit_test(test_errors),           cmocka_unit_test(test_platform_objects),
      cmocka_unit_test(test_long_ones),        cmocka_unit_test(test_groups),
      cmocka_unit_test(test_counts_and_times), cmocka_unit_test(test_asserts_and_traces),
      cmocka_unit_test(test_tables),           cmocka_unit_test(test_streams),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
