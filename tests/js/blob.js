// Blob and File.
import { arrayEqual, equal, ok, test, throws } from "./support/assert.js";

const bytesOf = async (blob) => [...new Uint8Array(await blob.arrayBuffer())];
const describe = (object, name) => Object.getOwnPropertyDescriptor(object, name);

test("Blob's shape", () => {
  equal(Blob.length, 0);
  equal(Blob.name, "Blob");
  equal(String(new Blob()), "[object Blob]");
  for (const [name, length] of [["slice", 0], ["text", 0], ["arrayBuffer", 0], ["bytes", 0]]) {
    const member = describe(Blob.prototype, name);
    ok(member.writable && member.enumerable && member.configurable, name);
    equal(member.value.length, length, name);
    equal(member.value.name, name);
  }
  for (const name of ["size", "type"]) {
    const member = describe(Blob.prototype, name);
    ok(member.enumerable && member.configurable && !member.set, name);
    throws(TypeError, () => member.get.call({}));
  }
  throws(TypeError, () => Blob());
  throws(TypeError, () => Blob.prototype.size);
});

test("Blob's constructor takes parts", async () => {
  equal(new Blob().size, 0);
  equal(new Blob(undefined).size, 0);
  equal(new Blob([]).type, "");
  equal(await new Blob(["a", 1, null, undefined, { toString: () => "o" }, ["x", "y"]]).text(),
    "a1nullundefinedox,y");
  const bytes = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]);
  arrayEqual(await bytesOf(new Blob([bytes, bytes.buffer, bytes.subarray(1, 3)])),
    [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 2, 3]);
  arrayEqual(await bytesOf(new Blob([new DataView(bytes.buffer, 6, 2)])), [7, 8]);
  arrayEqual(await bytesOf(new Blob([new Uint16Array([0x0102, 0xfffe])])), [2, 1, 0xfe, 0xff]);
  const inner = new Blob(["inner"]);
  const outer = new Blob(["<", inner, inner.slice(1, 3), ">"]);
  equal(outer.size, 9);
  equal(await outer.text(), "<innernn>");
  equal(await new Blob(["\ud800", "\u20ac"]).text(), "\ufffd\u20ac");
  equal(await new Blob("abc"[Symbol.iterator] && new Set(["s", "e", "t"])).text(), "set");
  equal(await new Blob((function* () { yield "g"; yield "en"; })()).text(), "gen");
  equal(await new Blob([new SharedArrayBuffer(2)]).text(), "[object SharedArrayBuffer]");
});

test("Blob's constructor refuses", () => {
  for (const parts of [null, true, 0, "fail", {}, new Date(), /x/, () => 0])
    throws(TypeError, () => new Blob(parts), String(parts));
  throws(TypeError, () => new Blob([], "x"));
  throws(TypeError, () => new Blob([], 1));
  throws(TypeError, () => new Blob([], { endings: "other" }));
  throws(TypeError, () => new Blob([], { endings: null }));
  throws(TypeError, () => new Blob([new Uint8Array(new SharedArrayBuffer(2))]));
  throws(TypeError, () => new Blob([Symbol("x")]));
  const boom = new Error("boom");
  equal(throws(Error, () => new Blob([{ toString() { throw boom; } }])), boom);
  equal(throws(Error, () => new Blob({ get [Symbol.iterator]() { throw boom; } })), boom);
  equal(throws(Error, () => new Blob({ [Symbol.iterator]: () => ({ next() { throw boom; } }) })), boom);
  throws(TypeError, () => new Blob({ [Symbol.iterator]: 1 }));
  throws(TypeError, () => new Blob({ [Symbol.iterator]: () => 1 }));
  throws(TypeError, () => new Blob({ [Symbol.iterator]: () => ({ next: () => 1 }) }));
});

test("Web IDL's order of conversions", async () => {
  const log = [];
  const part = (name) => ({ toString() { log.push(name); return name; } });
  new Blob([part("a"), part("b")], {
    get type() { log.push("get type"); return part("type"); },
    get endings() { log.push("get endings"); return { toString() { log.push("endings"); return "native"; } }; },
  });
  arrayEqual(log, ["a", "b", "get endings", "endings", "get type", "type"]);
  log.length = 0;
  new File([part("a")], part("name"), {
    get lastModified() { log.push("lastModified"); return 1; },
    get type() { log.push("type"); return ""; },
    get endings() { log.push("endings"); return "transparent"; },
  });
  arrayEqual(log, ["a", "name", "endings", "type", "lastModified"]);
  // A buffer's bytes are taken when all is converted.
  const bytes = new Uint8Array([1]);
  const blob = new Blob([bytes, { toString() { bytes[0] = 9; return ""; } }]);
  arrayEqual(await bytesOf(blob), [9]);
});

test("Blob's type", () => {
  equal(new Blob([], { type: "Text/PLAIN;Charset=X" }).type, "text/plain;charset=x");
  equal(new Blob([], { type: "te\u00e9" }).type, "");
  equal(new Blob([], { type: "a\n" }).type, "");
  equal(new Blob([], { type: undefined }).type, "");
  equal(new Blob([], { type: null }).type, "null");
  equal(new Blob([], null).type, "");
  equal(new Blob([], undefined).type, "");
});

test("Blob's endings", async () => {
  const text = "\r\na\rb\nc\r\r\n";
  equal(await new Blob([text]).text(), text);
  equal(await new Blob([text], { endings: "transparent" }).text(), text);
  equal(await new Blob([text, "\r", "\n", new Blob(["\r\n"])], { endings: "native" }).text(),
    "\na\nb\nc\n\n\n\n\r\n");
});

test("slice", async () => {
  const blob = new Blob(["01234", new Blob(["56789"])], { type: "a/b" });
  const cases = [
    [[], "0123456789"], [[3], "3456789"], [[3, 7], "3456"], [[-3], "789"], [[-3, -1], "78"], [[7, 3], ""],
    [[100], ""], [[undefined, 2], "01"], [[0, undefined], "0123456789"], [[null, null], ""], [[NaN, 2], "01"],
    [[0.5, 2.5], "01"], [[1.5, 3.5], "23"], [["2", "4"], "23"], [[-Infinity, Infinity], "0123456789"],
    [[2 ** 60], ""],
  ];
  for (const [args, text] of cases) {
    const part = blob.slice(...args);
    equal(await part.text(), text, String(args));
    equal(part.size, text.length);
    equal(part.type, "");
  }
  equal(blob.slice(0, 1, "Text/X").type, "text/x");
  equal(blob.slice(0, 1, undefined).type, "");
  equal(blob.slice(0, 1, "\u00e9").type, "");
  ok(!(new File(["a"], "n").slice() instanceof File));
});

test("text, arrayBuffer, bytes", async () => {
  const blob = new Blob([new Uint8Array([0xef, 0xbb, 0xbf, 0x61, 0xff])]);
  equal(await blob.text(), "a\ufffd");
  const buffer = await blob.arrayBuffer();
  ok(buffer instanceof ArrayBuffer);
  ok(buffer !== await blob.arrayBuffer());
  new Uint8Array(buffer).fill(0);
  const bytes = await blob.bytes();
  ok(bytes instanceof Uint8Array);
  arrayEqual(bytes, [0xef, 0xbb, 0xbf, 0x61, 0xff]);
  equal((await new Blob().bytes()).length, 0);
  equal(await new Blob(["a", new Blob(["b"]), "c"]).text(), "abc");
  arrayEqual(await new Blob(["a", new Blob(["b"]), "c"]).bytes(), [97, 98, 99]);
});

test("an operation that gives a promise rejects it", async () => {
  for (const name of ["text", "arrayBuffer", "bytes"]) {
    let reason;
    const promise = Blob.prototype[name].call({});
    ok(promise instanceof Promise);
    await promise.catch((error) => { reason = error; });
    ok(reason instanceof TypeError, name);
  }
});

test("subclasses", async () => {
  class Mine extends Blob {
    get double() { return this.size * 2; }
  }
  const mine = new Mine(["abc"], { type: "x/y" });
  equal(mine.double, 6);
  ok(mine instanceof Blob);
  equal(Object.getPrototypeOf(mine), Mine.prototype);
  ok(!(mine.slice() instanceof Mine));
  const file = Reflect.construct(File, [["x"], "n"], Mine);
  equal(file.double, 2);
  equal(describe(File.prototype, "name").get.call(file), "n");
});

test("File", async () => {
  equal(File.length, 2);
  equal(String(new File([], "")), "[object File]");
  equal(Object.getPrototypeOf(File), Blob);
  equal(Object.getPrototypeOf(File.prototype), Blob.prototype);
  throws(TypeError, () => new File());
  throws(TypeError, () => new File([]));
  throws(TypeError, () => new File("x", "n"));
  const before = Date.now();
  const file = new File(["a", "bc"], "d/\ud800.txt", { type: "Text/X" });
  ok(file.lastModified >= before && file.lastModified <= Date.now());
  equal(file.name, "d/\ufffd.txt");
  equal(file.size, 3);
  equal(file.type, "text/x");
  equal(await file.text(), "abc");
  for (const [given, expected] of [[0, 0], [-5, -5], [1.9, 1], ["7", 7], [null, 0], [NaN, 0], [new Date(42), 42],
    [2 ** 53 + 2, 2 ** 53 + 2], [Infinity, 0]])
    equal(new File([], "", { lastModified: given }).lastModified, expected, String(given));
  throws(TypeError, () => describe(File.prototype, "name").get.call(new Blob()));
  equal(new File([], undefined).name, "undefined");
});

test("blobs of blobs without end cost little", async () => {
  let blob = new Blob(["x".repeat(1024)]);
  for (let i = 0; i < 12; i++) blob = new Blob([blob, blob]);
  equal(blob.size, 1024 * 4096);
  let slice = blob;
  for (let i = 0; i < 100; i++) slice = slice.slice(1);
  equal(slice.size, blob.size - 100);
  equal((await slice.text()).length, slice.size);
});
