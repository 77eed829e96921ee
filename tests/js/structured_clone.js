// structuredClone: https://html.spec.whatwg.org/#structured-cloning
import { equal, fail, ok, stress, test, throws } from "./support/assert.js";

function same(value) {
  const clone = structuredClone(value);
  ok(Object.is(clone, value), String(value));
}

test("primitives", () => {
  for (const value of [undefined, null, true, false, 0, -0, NaN, 1.5, Infinity, 10n, "", "a\0\u{1F600}\uD800"]) same(value);
  throws("DataCloneError", () => structuredClone(Symbol("a")));
  throws("TypeError", () => structuredClone());
  equal(structuredClone.length, 1);
});

test("wrapper objects", () => {
  for (const value of [1, "text", true, 5n]) {
    const clone = structuredClone(Object(value));
    equal(typeof clone, "object");
    equal(clone.valueOf(), value);
  }
  throws("DataCloneError", () => structuredClone(Object(Symbol())));
});

test("dates and regular expressions", () => {
  const date = structuredClone(new Date(86400000));
  ok(date instanceof Date);
  equal(date.getTime(), 86400000);
  ok(Number.isNaN(structuredClone(new Date(NaN)).getTime()));
  const expression = /a(b)+/gi;
  expression.lastIndex = 3;
  const clone = structuredClone(expression);
  ok(clone instanceof RegExp && clone !== expression);
  equal(String(clone), "/a(b)+/gi");
  equal(clone.lastIndex, 0);
});

test("objects and arrays", () => {
  const source = { a: 1, nested: { list: [1, "two", { three: 3 }], empty: {} } };
  Object.defineProperty(source, "hidden", { value: 1 });
  source[Symbol("s")] = 1;
  const clone = structuredClone(source);
  equal(JSON.stringify(clone), JSON.stringify(source));
  ok(clone.nested !== source.nested);
  ok(!("hidden" in clone));
  equal(Object.getOwnPropertySymbols(clone).length, 0);
  class Point {
    constructor() {
      this.x = 1;
    }
    get y() {
      return 2;
    }
  }
  const point = structuredClone(new Point());
  equal(Object.getPrototypeOf(point), Object.prototype);
  equal(JSON.stringify(point), '{"x":1}');
});

test("sparse arrays and their other properties", () => {
  const source = [1, , 3];
  source.length = 5;
  source.name = "list";
  const clone = structuredClone(source);
  ok(Array.isArray(clone));
  equal(clone.length, 5);
  ok(!(1 in clone) && !(4 in clone));
  equal(clone[2], 3);
  equal(clone.name, "list");
  equal(structuredClone(new Array(7)).length, 7);
});

test("identity and cycles", () => {
  const shared = { s: 1 };
  const source = { one: shared, two: shared, map: new Map([[shared, shared]]), set: new Set([shared]) };
  source.self = source;
  source.list = [source, shared];
  const clone = structuredClone(source);
  equal(clone.self, clone);
  equal(clone.one, clone.two);
  equal(clone.map.get(clone.one), clone.one);
  ok(clone.set.has(clone.one) && clone.set.size === 1);
  equal(clone.list[0], clone);
  ok(clone.one !== shared);
});

test("maps and sets", () => {
  const map = new Map([["a", { x: [1] }], [{ key: 1 }, new Map([[1, 2]])]]);
  map.set(map, map);
  map.extra = 1;
  const clone = structuredClone(map);
  equal(clone.size, 3);
  equal(clone.get("a").x[0], 1);
  equal(clone.get(clone), clone);
  equal([...clone.keys()][1].key, 1);
  equal([...clone.values()][1].get(1), 2);
  ok(!("extra" in clone));
  equal(JSON.stringify([...structuredClone(new Set([3, 1, 2]))]), "[3,1,2]");
  class MyMap extends Map {}
  equal(structuredClone(new MyMap()).constructor, Map);
});

test("a hundred thousand deep, a hundred thousand wide", () => {
  const many = stress ? 1000 : 100000;
  let deep = {};
  for (let i = 0; i < many; i++) deep = { deep };
  let clone = structuredClone(deep), depth = 0;
  while ((clone = clone.deep)) depth++;
  equal(depth, many);
  equal(structuredClone(Array.from({ length: many }, (_, i) => ({ i })))[many - 1].i, many - 1);
});

test("buffers and views", () => {
  const buffer = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]).buffer;
  const source = {
    buffer,
    bytes: new Uint8Array(buffer, 2, 3),
    shorts: new Int16Array(buffer, 4),
    view: new DataView(buffer, 1, 2),
    clamped: new Uint8ClampedArray([300]),
    big: new BigInt64Array([-1n]),
  };
  const clone = structuredClone(source);
  ok(clone.buffer !== buffer);
  for (const name of ["bytes", "shorts", "view"]) equal(clone[name].buffer, clone.buffer, name);
  equal(String(clone.bytes), "3,4,5");
  equal(clone.shorts.length, 2);
  equal(clone.shorts.constructor, Int16Array);
  equal(clone.view.byteOffset, 1);
  equal(clone.view.byteLength, 2);
  equal(clone.view.getUint8(0), 2);
  equal(clone.clamped[0], 255);
  equal(clone.big[0], -1n);
  new Uint8Array(buffer)[2] = 99;
  equal(clone.bytes[0], 3);
  equal(structuredClone(new ArrayBuffer(0)).byteLength, 0);
});

test("large buffers", () => {
  const source = new Uint8Array(1 << 20).map((_, i) => i % 251);
  const { a, b } = structuredClone({ a: source, b: source.subarray(5000, 5003) });
  equal(a.buffer, b.buffer);
  ok(a.buffer !== source.buffer);
  equal(a.length, 1 << 20);
  equal(String(b), String(source.subarray(5000, 5003)));
  b[0] = 1;
  equal(source[5000], 5000 % 251);
  const moved = structuredClone(a, { transfer: [a.buffer] });
  equal(a.length, 0);
  equal(moved.length, 1 << 20);
  equal(moved[5000], 1);
  const again = structuredClone(moved.buffer, { transfer: [moved.buffer] });
  equal(again.byteLength, 1 << 20);
  equal(moved.byteLength, 0);
});

test("a response's buffer", () => {
  const xhr = new XMLHttpRequest();
  xhr.open("GET", "data:,text%20of%20a%20response", false);
  xhr.responseType = "arraybuffer";
  xhr.send();
  const text = (buffer) => String.fromCharCode(...new Uint8Array(buffer));
  const { response } = xhr;
  const moved = structuredClone(response, { transfer: [response] });
  equal(text(moved), "text of a response");
  equal(response.byteLength, 0);
  equal(xhr.response, response);
  xhr.open("GET", "data:,another", false);
  xhr.send();
  equal(text(xhr.response), "another");
  const again = structuredClone({ moved }, { transfer: [moved] }).moved;
  equal(text(again), "text of a response");
  throws("DataCloneError", () => structuredClone(1, { transfer: [again, moved] }));
  equal(text(again), "text of a response");
});

test("shared memory", () => {
  const shared = new SharedArrayBuffer(8);
  const view = new Int32Array(shared, 4);
  const clone = structuredClone({ shared, view });
  ok(clone.shared instanceof SharedArrayBuffer && clone.shared !== shared);
  equal(clone.view.buffer, clone.shared);
  equal(clone.view.length, 1);
  clone.view[0] = 7;
  equal(view[0], 7);
  Atomics.add(view, 0, 1);
  equal(clone.view[0], 8);
  equal(structuredClone(new SharedArrayBuffer(0)).byteLength, 0);
  throws("DataCloneError", () => structuredClone(shared, { transfer: [shared] }));
});

test("strings, names and numbers of all kinds", () => {
  const text = "a\0\u00e4\u4e2d\u{1F600}\uD800";
  const source = { [text]: text, ["__proto__"]: 1, "": 2, 7: 3, "-1": 4, 4294967295: 5 };
  const clone = structuredClone(source);
  equal(Object.keys(clone).join("|"), Object.keys(source).join("|"));
  for (const key of Object.keys(source)) equal(clone[key], source[key]);
  equal(Object.getPrototypeOf(clone), Object.prototype);
  for (const value of [2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 53, -0, 0.1, -Infinity, 5e-324]) same(value);
  for (const value of [0n, -1n, 2n ** 63n, -(2n ** 63n), 2n ** 64n, -(3n ** 1000n)]) same(value);
});

test("ports", async () => {
  const { port1, port2 } = new MessageChannel();
  throws("DataCloneError", () => structuredClone(port1));
  throws("DataCloneError", () => structuredClone({ port1 }, { transfer: [port2] }));
  const clone = structuredClone({ port: port2, list: [port2] }, { transfer: [port2] });
  ok(clone.port instanceof MessagePort && clone.port !== port2 && clone.list[0] === clone.port);
  throws("DataCloneError", () => structuredClone(1, { transfer: [port2] }));
  port1.postMessage("text");
  equal((await new Promise((resolve) => (clone.port.onmessage = resolve))).data, "text");
});

test("transfer", () => {
  const buffer = new Uint8Array([1, 2, 3]).buffer;
  const view = new Uint8Array(buffer, 1);
  const clone = structuredClone({ view, buffer }, { transfer: [buffer] });
  equal(buffer.byteLength, 0);
  equal(view.length, 0);
  equal(clone.view.buffer, clone.buffer);
  equal(String(clone.view), "2,3");
  throws("DataCloneError", () => structuredClone(buffer));
  throws("DataCloneError", () => structuredClone(view));
  throws("DataCloneError", () => structuredClone(1, { transfer: [buffer] }));
  const other = new ArrayBuffer(2);
  throws("DataCloneError", () => structuredClone(1, { transfer: [other, other] }));
  throws("DataCloneError", () => structuredClone(1, { transfer: [{}] }));
  throws("TypeError", () => structuredClone(1, { transfer: [1] }));
  throws("TypeError", () => structuredClone(1, { transfer: 1 }));
  throws("TypeError", () => structuredClone(1, 1));
  // A failure leaves it alone.
  throws("DataCloneError", () => structuredClone({ other, f() {} }, { transfer: [other] }));
  equal(other.byteLength, 2);
  // What nobody refers to is detached all the same; a getter's writing still arrives.
  structuredClone(1, { transfer: new Set([other]) });
  equal(other.byteLength, 0);
  const late = new Uint8Array(1);
  const written = structuredClone({ a: late, get b() { return (late[0] = 7); } }, { transfer: [late.buffer] });
  equal(written.a[0], 7);
  const gone = new ArrayBuffer(1);
  throws("DataCloneError", () =>
    structuredClone({ get a() { return structuredClone(1, { transfer: [gone] }); } }, { transfer: [gone] }));
});

test("errors", () => {
  for (const constructor of [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]) {
    const source = new constructor("what it says");
    source.more = 1;
    const clone = structuredClone(source);
    equal(Object.getPrototypeOf(clone), constructor.prototype);
    equal(clone.message, "what it says");
    equal(clone.stack, source.stack);
    ok(!("more" in clone));
    ok(!Object.prototype.propertyIsEnumerable.call(clone, "message"));
  }
  class Mine extends Error {
    name = "Mine";
  }
  equal(Object.getPrototypeOf(structuredClone(new Mine("x"))), Error.prototype);
  ok(!Object.hasOwn(structuredClone(new Error()), "message"));
  // Whatever scripts do to them.
  const odd = Object.defineProperties(new Error("x"), { name: { value: "RangeError" }, message: { get: () => "hidden" } });
  equal(Object.getPrototypeOf(structuredClone(odd)), RangeError.prototype);
  ok(!Object.hasOwn(structuredClone(odd), "message"));
  const numbered = new Error();
  numbered.message = 5;
  equal(structuredClone(numbered).message, "5");
  throws(TypeError, () => structuredClone(Object.assign(new Error(), { message: Symbol() })));
  // With what caused them.
  const first = new RangeError("first");
  const second = structuredClone(new Error("second", { cause: { first, list: [first] } }));
  ok(second.cause.first instanceof RangeError);
  equal(second.cause.first, second.cause.list[0]);
  ok(!Object.prototype.propertyIsEnumerable.call(second, "cause") && !Object.hasOwn(second.cause.first, "cause"));
  const circular = new Error("circular");
  circular.cause = circular;
  equal(structuredClone(circular).cause.message, "circular");
  equal(structuredClone(new Error("", { cause: undefined })).cause, undefined);
  ok(Object.hasOwn(structuredClone(new Error("", { cause: undefined })), "cause"));
  throws("DataCloneError", () => structuredClone(new Error("", { cause() {} })));
  const exception = structuredClone(new DOMException("why", "AbortError"));
  ok(exception instanceof DOMException);
  equal(exception.name, "AbortError");
  equal(exception.message, "why");
  equal(exception.code, 20);
});

test("blobs and files", async () => {
  const { blob, file } = structuredClone({ blob: new Blob(["abc"], { type: "a/b" }), file: new File(["x"], "n.txt", { lastModified: 5 }) });
  ok(blob instanceof Blob && !(blob instanceof File));
  equal(blob.type, "a/b");
  equal(await blob.text(), "abc");
  ok(file instanceof File);
  equal(file.name, "n.txt");
  equal(file.lastModified, 5);
});

test("what cannot be cloned", () => {
  const wrong = [
    () => {}, class {}, Math.max, new WeakMap(), new WeakSet(), Promise.resolve(), new Proxy({}, {}), new Proxy([], {}),
    (function* () {})(), [].values(), new URL("http://a/"), new URLSearchParams(), new EventTarget(), new AbortController(),
    new FormData(), globalThis, new TextEncoder(), { deep: [{ f() {} }] }, new Map([[1, Symbol()]]), new Set([() => {}]),
  ];
  for (const value of wrong) throws("DataCloneError", () => structuredClone(value));
  equal(throws("DataCloneError", () => structuredClone(() => {})).code, 25);
});

test("getters run in order, and their exceptions pass", () => {
  let log = "";
  const track = (name, value) => ({ get() { log += name; return value; }, enumerable: true, configurable: true });
  const inner = Object.defineProperties({}, { x: track("x", 1), y: track("y", 2) });
  const source = Object.defineProperties({}, { a: track("a", inner), b: track("b", [inner]), c: track("c", 3) });
  const clone = structuredClone(source);
  equal(log, "axybc");
  equal(clone.b[0], clone.a);
  const error = new Error("mine");
  try {
    structuredClone({ get a() { throw error; } });
    fail("no exception");
  } catch (thrown) {
    equal(thrown, error);
  }
  // Arrays, Maps and Sets: the items as they were, asked one after the other.
  log = "";
  const list = Object.defineProperties([], { 0: track("0", { get x() { log += "x"; return 1; } }), 2: track("2", 2), name: track("n", 3) });
  equal(JSON.stringify(structuredClone([new Map([[{ get k() { log += "k"; return 1; } }, { get v() { log += "v"; return 1; } }]]), list])),
    '[{},[{"x":1},null,2]]');
  equal(log, "kv0x2n");
  const set = new Set([{ get a() { set.add(5); return 1; } }]);
  equal(structuredClone(set).size, 1);
  const shrinking = [{ get a() { shrinking.length = 1; return 1; } }, 1, 2];
  const shrunk = structuredClone(shrinking);
  equal(shrunk.length, 3);
  equal(Object.keys(shrunk).join(), "0");
  const growing = [{ get a() { growing.push(1); growing.more = 1; return 1; } }];
  equal(JSON.stringify(structuredClone(growing)), '[{"a":1}]');
  // One that a getter removes is not there.
  const removing = { get a() { delete this.b; return 1; }, b: 2 };
  equal(JSON.stringify(structuredClone(removing)), '{"a":1}');
});
