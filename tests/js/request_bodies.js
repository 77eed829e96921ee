// What send() makes of each kind of body: its bytes, its length, its Content-Type. The server says what has come.
import { equal, gc, next, ok, server, test, throws } from "./support/assert.js";

// Sends, waiting, and gives the request as the server got it: body (a character for each byte), type, length.
function told(body, headers = {}, { method = "POST", async = false } = {}) {
  const xhr = new XMLHttpRequest();
  xhr.open(method, server + "/echo", async);
  for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
  const read = () => {
    const request = JSON.parse(xhr.responseText);
    const header = (wanted) => request.headers.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value);
    const [types, lengths] = [header("content-type"), header("content-length")];
    ok(types.length < 2 && lengths.length < 2);
    return { method: request.method, body: request.body, type: types[0] ?? null, length: lengths[0] ?? null };
  };
  xhr.send(body);
  return async ? next(xhr, "load").then(read) : read();
}

const utf8 = (text) => Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
const characters = (view) =>
  Array.from(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), (byte) => String.fromCharCode(byte)).join("");

test("strings are scalar values in UTF-8", () => {
  const replaced = "\ufffd";
  for (const [text, sent = text] of [["abc"], [""], ["h\u00e9 \u20ac \ud83d\ude00"], ["\0\r\n\x7f"], ["\ufeffmark"], ["\uffff"],
    ["\ud800", replaced], ["\udc00", replaced], ["a\ud800b", `a${replaced}b`], ["\udc00\ud800", replaced + replaced],
    ["\ud83d\ud83d\ude00", replaced + "\ud83d\ude00"], ["\udbff\udfff"], ["x".repeat(70000) + "\ud800", "x".repeat(70000) + replaced]]) {
    const { body, type, length } = told(text);
    equal(body, utf8(sent));
    equal(length, String(utf8(sent).length));
    equal(type, "text/plain;charset=UTF-8");
  }
});

test("what becomes a string", () => {
  for (const [value, text] of [[0, "0"], [-0, "0"], [NaN, "NaN"], [1n, "1"], [true, "true"], [false, "false"], [{}, "[object Object]"],
    [[1, [2, null]], "1,2,"], [[], ""], [new String("x"), "x"], [() => 1, "() => 1"], [/x/g, "/x/g"], [new Map(), "[object Map]"],
    [{ [Symbol.iterator]: () => [][Symbol.iterator]() }, "[object Object]"], [new URL("http://x/?a"), "http://x/?a"], [new Proxy([7], {}), "7"],
    [new XMLHttpRequest(), "[object XMLHttpRequest]"], [new Error("e"), "Error: e"], [Object.create(Blob.prototype, { [Symbol.toPrimitive]: { value: () => "no Blob" } }), "no Blob"]]) {
    const { body, type } = told(value);
    equal(body, text);
    equal(type, "text/plain;charset=UTF-8");
  }
});

test("no body", () => {
  for (const value of [null, undefined]) {
    const { body, type, length } = told(value);
    equal(body, "");
    equal(type, null);
    equal(length, "0");
    // The author's type stays, a body or not.
    equal(told(value, { "Content-Type": "a/b;charset=latin1" }).type, "a/b;charset=latin1");
  }
  const xhr = new XMLHttpRequest();
  xhr.open("POST", server + "/echo", false);
  xhr.send();
  equal(JSON.parse(xhr.responseText).body, "");
});

const views = ["Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array", "BigInt64Array",
  "BigUint64Array", "Float16Array", "Float32Array", "Float64Array", "DataView"].filter((name) => name in globalThis);

test("buffers, and every view of one", () => {
  const buffer = new Uint8Array(64).map((_, i) => i * 5).buffer;
  equal(told(buffer).body, characters(new Uint8Array(buffer)));
  equal(told(new ArrayBuffer(0)).length, "0");
  for (const name of views) {
    const View = globalThis[name];
    for (const view of [new View(buffer), new View(buffer, 16), new View(buffer, 8, 2), new View(buffer, 64)]) {
      const { body, type, length } = told(view);
      equal(body, characters(view), name);
      equal(length, String(view.byteLength), name);
      equal(type, null, name);
    }
    class Mine extends View {}
    equal(told(new Mine(buffer, 8, 1)).length, String(new View(buffer, 8, 1).byteLength));
  }
  ok(views.length >= 12);
});

test("no view's property is asked", () => {
  const view = new Uint8Array([97, 98, 99]);
  for (const name of ["buffer", "byteLength", "byteOffset", "length", "constructor", "toString", Symbol.toPrimitive, Symbol.iterator])
    Object.defineProperty(view, name, { get() { throw new Error(String(name)); } });
  Object.setPrototypeOf(view, null);
  equal(told(view).body, "abc");
  const buffer = new Uint8Array([100]).buffer;
  Object.setPrototypeOf(buffer, { get byteLength() { throw new Error(); } });
  equal(told(buffer).body, "d");
});

test("detached ones are empty", () => {
  const buffer = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]).buffer;
  const all = [buffer, ...views.map((name) => new globalThis[name](buffer))];
  structuredClone(buffer, { transfer: [buffer] });
  for (const value of all) {
    const { body, length, type } = told(value);
    equal(body, "");
    equal(length, "0");
    equal(type, null);
  }
});

test("shared memory is refused, before anything else is asked", () => {
  const shared = new SharedArrayBuffer(8);
  for (const value of [shared, ...views.map((name) => new globalThis[name](shared))]) {
    throws(TypeError, () => told(value));
    throws(TypeError, () => told(value, {}, { method: "GET" }));
    throws(TypeError, () => new XMLHttpRequest().send(value));
  }
});

test("buffers that grow", () => {
  // Web IDL refuses them where [AllowResizable] does not stand.
  if (typeof ArrayBuffer.prototype.resize !== "function") return;
  const buffer = new ArrayBuffer(8, { maxByteLength: 16 });
  for (const value of [buffer, new Uint8Array(buffer), new DataView(buffer)]) throws(TypeError, () => told(value));
});

test("a copy is sent", async () => {
  const bytes = new Uint8Array([97, 97]);
  const form = new FormData();
  form.append("a", "b");
  const search = new URLSearchParams("a=b");
  const answers = [bytes, bytes.buffer, new DataView(bytes.buffer), form, search].map((body) => told(body, {}, { async: true }));
  bytes.fill(98);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  form.set("a", "c");
  search.set("a", "c");
  gc();
  for (const [i, answer] of answers.entries()) {
    const { body } = await answer;
    if (i < 3) equal(body, "aa");
    if (i === 3) ok(body.includes("\r\n\r\nb\r\n"));
    if (i === 4) equal(body, "a=b");
  }
});

test("Blobs and Files", () => {
  const cases = [[new Blob(["a\u00e9"]), null], [new Blob([], { type: "x/y" }), "x/y"], [new Blob(["x"], { type: "Text/HTML;Charset=A" }), "text/html;charset=a"],
    [new Blob(["x"], { type: "no type" }), "no type"], [new Blob(["x"], { type: "\u00e9" }), null], [new File(["x"], "name.txt"), null],
    [new File(["x"], "name.txt", { type: "a/b" }), "a/b"], [new Blob(["abcdef"], { type: "a/b" }).slice(2, 4), null],
    [new Blob(["abcdef"]).slice(2, 4, "c/d"), "c/d"]];
  for (const [blob, expected] of cases) {
    const { body, type, length } = told(blob);
    equal(length, String(blob.size));
    equal(body.length, blob.size);
    equal(type, expected);
  }
  equal(told(new Blob(["abcdef"]).slice(-4, -2)).body, "cd");
});

test("FormData", () => {
  const form = new FormData();
  form.append("na\"me\r\n", "v\ralue\u00e9");
  form.append("f", new File(["x"], "\u00e9\".txt", { type: "a/b" }));
  const { body, type, length } = told(form);
  const [, boundary] = type.match(/^multipart\/form-data; boundary=([-0-9A-Za-z'()+_,./:=?]{27,70})$/);
  equal(length, String(body.length));
  equal(body, `--${boundary}\r\nContent-Disposition: form-data; name="na%22me%0D%0A"\r\n\r\nv\r\nalue${utf8("\u00e9")}\r\n` +
    `--${boundary}\r\nContent-Disposition: form-data; name="f"; filename="${utf8("\u00e9")}%22.txt"\r\nContent-Type: a/b\r\n\r\nx\r\n--${boundary}--\r\n`);
  const empty = told(new FormData());
  equal(empty.body, `--${empty.type.split("boundary=")[1]}--\r\n`);
  ok(told(form).type !== type, "each time another boundary");
});

test("URLSearchParams", () => {
  const { body, type } = told(new URLSearchParams([["a b", "c&d"], ["\u00e9", "\ud800"], ["", ""]]));
  equal(body, "a+b=c%26d&%C3%A9=%EF%BF%BD&=");
  equal(type, "application/x-www-form-urlencoded;charset=UTF-8");
  equal(told(new URLSearchParams()).length, "0");
});

// What becomes of the author's type: a text's charset is UTF-8, whatever it says; what does not say, or cannot be parsed, stays.
const rewritten = [
  ["text/plain;charset=windows-1252", "text/plain;charset=UTF-8"],
  ["text/plain; charset=utf-16", "text/plain;charset=UTF-8"],
  ["TEXT/Plain ; CHARSET=Latin1", "text/plain;charset=UTF-8"],
  ["text/x;charset=\"a b\"", "text/x;charset=UTF-8"],
  ["text/x;charset=\"\"", "text/x;charset=UTF-8"],
  ["text/x;charset=utf8", "text/x;charset=UTF-8"],
  ["text/x;charset=\"utf-8\\\"", "text/x;charset=UTF-8"],
  ["text/x;charset='utf-8'", "text/x;charset=UTF-8"],
  ["text/x;charset=UTF-8\u00e9", "text/x;charset=UTF-8"],
  ["text/x;charset=unknown;charset=UTF-8", "text/x;charset=UTF-8"],
  ["a/b;p=1;charset=x;q=\"y z\";P=2", "a/b;p=1;charset=UTF-8;q=\"y z\""],
  ["a/b; charset=x; r=\"\\\"\\\\\"", "a/b;charset=UTF-8;r=\"\\\"\\\\\""],
  ["a/b;charset=x;junk;=;q=", "a/b;charset=UTF-8"],
  ["text/plain;charset=a, text/html;charset=b", "text/plain;charset=UTF-8"],
];
const kept = ["text/plain", "text/plain;charset=UTF-8", "text/plain;  charset=utf-8", "Text/X;CHARSET=\"Utf-8\"", "a/b; charset=utf-8; charset=latin1",
  "text/plain;charset=", "text/plain;charset", "text/plain; chars=x", "charset=latin1", "text;charset=latin1", "te xt/plain;charset=latin1",
  "/;charset=latin1", "", "multipart/form-data; boundary=x"];

test("the author's Content-Type and text", () => {
  for (const make of [() => "text", () => new URLSearchParams("a=b"), () => 7, () => ""]) {
    for (const [author, sent] of rewritten) equal(told(make(), { "Content-Type": author }).type, sent, author);
    for (const author of kept) if (author) equal(told(make(), { "cOnTENT-typE": author }).type, author);
  }
  // Empty, and there: nothing of ours takes its place.
  equal(told("text", { "Content-Type": "" }).type || "", "");
  // Twice set is joined.
  const xhr = new XMLHttpRequest();
  xhr.open("POST", server + "/echo?raw", false);
  xhr.setRequestHeader("Content-Type", "a/b;p=1");
  xhr.setRequestHeader("content-type", "c/d;charset=x");
  xhr.send("text");
  equal(xhr.getResponseHeader("content-type"), "a/b;p=\"1, c/d\";charset=UTF-8");
});

test("the author's Content-Type and all else", () => {
  const form = new FormData();
  for (const body of [new Uint8Array(2), new ArrayBuffer(2), new Blob(["x"], { type: "x/y;charset=latin1" }), new File(["x"], "y"), form]) {
    for (const [author] of rewritten) equal(told(body, { "Content-Type": author }).type, author);
    for (const author of kept) if (author) equal(told(body, { "Content-Type": author }).type, author);
  }
});

test("no second send sees the first one's type", () => {
  const xhr = new XMLHttpRequest();
  for (const [body, type] of [["text", "text/plain;charset=UTF-8"], [new Uint8Array(1), null], [new URLSearchParams(), "application/x-www-form-urlencoded;charset=UTF-8"]]) {
    xhr.open("POST", server + "/echo?raw", false);
    xhr.send(body);
    equal(xhr.getResponseHeader("content-type"), type);
  }
});

test("GET and HEAD drop the body", async () => {
  for (const body of ["text", new Uint8Array(100), new Blob(["x"], { type: "a/b" }), new FormData(), new URLSearchParams("a=b")]) {
    for (const method of ["GET", "get"]) {
      const got = told(body, {}, { method });
      equal(got.method, "GET");
      equal(got.body, "");
      equal(got.type, null);
      equal(got.length, null);
      equal(told(body, { "Content-Type": "a/b;charset=x" }, { method }).type, "a/b;charset=x");
    }
    // What it answers is as long as without a body.
    const [without, head] = [undefined, body].map((sent) => {
      const xhr = new XMLHttpRequest();
      xhr.open("hEAD", server + "/echo", false);
      xhr.send(sent);
      equal(xhr.responseText, "");
      return xhr.getResponseHeader("content-length");
    });
    equal(head, without);
  }
  const xhr = new XMLHttpRequest();
  for (const type of ["loadstart", "progress", "load", "loadend"]) xhr.upload["on" + type] = () => ok(false, "nothing is uploaded");
  xhr.open("GET", server + "/echo");
  xhr.send("text");
  await next(xhr, "loadend");
  equal(xhr.status, 200);
});

test("other methods send it", () => {
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "unicorn", "GETTING"]) {
    const got = told("text", {}, { method });
    equal(got.method, method);
    equal(got.body, "text");
    equal(got.length, "4");
  }
});
