// TextEncoder, TextDecoder: https://encoding.spec.whatwg.org/#api. The decoders themselves are tested in C.
import { arrayEqual, equal, ok, test, throws } from "./support/assert.js";

test("the shape", () => {
  equal(TextEncoder.length, 0);
  equal(TextDecoder.length, 0);
  throws(TypeError, () => TextEncoder());
  throws(TypeError, () => TextDecoder());
  equal(TextEncoder.prototype.encode.length, 0);
  equal(TextEncoder.prototype.encodeInto.length, 2);
  equal(TextDecoder.prototype.decode.length, 0);
  equal(String(new TextDecoder()), "[object TextDecoder]");
  throws(TypeError, () => TextEncoder.prototype.encode.call(new TextDecoder()));
});

test("encode", () => {
  const encoder = new TextEncoder();
  equal(encoder.encoding, "utf-8");
  const bytes = encoder.encode("a\0ä€\u{1F600}\uD800");
  ok(bytes instanceof Uint8Array);
  arrayEqual(bytes, [97, 0, 0xc3, 0xa4, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xef, 0xbf, 0xbd]);
  equal(bytes.buffer.byteLength, 14);
  equal(encoder.encode().length, 0);
  equal(encoder.encode(undefined).length, 0);
  arrayEqual(encoder.encode(null), [110, 117, 108, 108]);
  equal(encoder.encode("x".repeat(100000)).length, 100000);
  throws(TypeError, () => encoder.encode(Symbol()));
});

test("encodeInto", () => {
  const encoder = new TextEncoder();
  const into = (text, size) => {
    const bytes = new Uint8Array(size).fill(255);
    const { read, written } = encoder.encodeInto(text, bytes);
    return `${read} ${written} ${bytes}`;
  };
  equal(into("abc", 3), "3 3 97,98,99");
  equal(into("abc", 2), "2 2 97,98");
  equal(into("a", 3), "1 1 97,255,255");
  equal(into("aä", 2), "1 1 97,255");
  equal(into("\u{1F600}b", 4), "2 4 240,159,152,128");
  equal(into("\u{1F600}b", 3), "0 0 255,255,255");
  equal(into("\uD800b", 4), "2 4 239,191,189,98");
  equal(into("", 1), "0 0 255");
  equal(into("a", 0), "0 0 ");
  const view = new Uint8Array(new ArrayBuffer(4), 1, 2);
  encoder.encodeInto("xyz", view);
  arrayEqual(new Uint8Array(view.buffer), [0, 120, 121, 0]);
  const shared = new Uint8Array(new SharedArrayBuffer(2));
  equal(encoder.encodeInto("ab", shared).written, 2);
  equal(shared[1], 98);
  for (const wrong of [new Uint8ClampedArray(1), new Int8Array(1), new DataView(new ArrayBuffer(1)), new ArrayBuffer(1), [], {}, "text", null])
    throws(TypeError, () => encoder.encodeInto("a", wrong));
  throws(TypeError, () => encoder.encodeInto("a"));
  const gone = new Uint8Array(2);
  structuredClone(1, { transfer: [gone.buffer] });
  equal(encoder.encodeInto("a", gone).written, 0);
});

test("labels", () => {
  equal(new TextDecoder().encoding, "utf-8");
  equal(new TextDecoder(undefined).encoding, "utf-8");
  equal(new TextDecoder(" LATIN1\n").encoding, "windows-1252");
  equal(new TextDecoder("utf-16").encoding, "utf-16le");
  equal(new TextDecoder("sjis").encoding, "shift_jis");
  equal(new TextDecoder("big5").encoding, "big5");
  for (const wrong of ["", "nothing", "replacement", "iso-2022-kr", "utf-8\0", null])
    throws(RangeError, () => new TextDecoder(wrong));
  throws(RangeError, () => new TextDecoder("nothing", {}));
  throws(TypeError, () => new TextDecoder("utf-8", 1));
});

test("options", () => {
  const decoder = new TextDecoder("utf-8", { fatal: 1, ignoreBOM: "yes" });
  ok(decoder.fatal === true && decoder.ignoreBOM === true);
  const plain = new TextDecoder("utf-8", null);
  ok(plain.fatal === false && plain.ignoreBOM === false);
  let order = "";
  new TextDecoder({ toString() { order += "l"; return "utf-8"; } }, { get ignoreBOM() { order += "i"; }, get fatal() { order += "f"; } });
  equal(order, "lfi");
  const bytes = [0xef, 0xbb, 0xbf, 97];
  equal(new TextDecoder().decode(new Uint8Array(bytes)), "a");
  equal(new TextDecoder("utf-8", { ignoreBOM: true }).decode(new Uint8Array(bytes)), "\uFEFFa");
});

test("decode takes every buffer", () => {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array([97, 98, 99, 100]).buffer;
  equal(decoder.decode(buffer), "abcd");
  equal(decoder.decode(new Uint8Array(buffer, 1, 2)), "bc");
  equal(decoder.decode(new Uint16Array(buffer, 2)), "cd");
  equal(decoder.decode(new DataView(buffer, 3)), "d");
  const shared = new SharedArrayBuffer(1);
  new Uint8Array(shared)[0] = 120;
  equal(decoder.decode(shared), "x");
  equal(decoder.decode(new Uint8Array(shared)), "x");
  equal(decoder.decode(), "");
  equal(decoder.decode(undefined, undefined), "");
  for (const wrong of [null, "text", 1, [97], {}]) throws(TypeError, () => decoder.decode(wrong));
  throws(TypeError, () => decoder.decode(buffer, 1));
  // Detached while the options are read.
  const gone = new Uint8Array([97]);
  equal(decoder.decode(gone, { get stream() { structuredClone(1, { transfer: [gone.buffer] }); } }), "");
});

test("streaming", () => {
  const text = "a ä € \u{1F600} end";
  for (const encoding of ["utf-8", "utf-16le"]) {
    const bytes = encoding === "utf-8" ? new TextEncoder().encode(text) : new Uint8Array(new Uint16Array([...Array(text.length)].map((_, i) => text.charCodeAt(i))).buffer);
    for (let size = 1; size < 6; size++) {
      const decoder = new TextDecoder(encoding);
      let decoded = "";
      for (let at = 0; at < bytes.length; at += size) decoded += decoder.decode(bytes.subarray(at, at + size), { stream: true });
      equal(decoded + decoder.decode(), text);
    }
  }
  const decoder = new TextDecoder();
  equal(decoder.decode(new Uint8Array([0xe2, 0x82]), { stream: true }), "");
  equal(decoder.decode(), "\uFFFD");
  // A byte order mark goes at the start of each stream, not within.
  const mark = new Uint8Array([0xef, 0xbb, 0xbf]);
  equal(decoder.decode(mark.subarray(0, 1), { stream: true }), "");
  equal(decoder.decode(mark.subarray(1), { stream: true }), "");
  equal(decoder.decode(mark, { stream: true }), "\uFEFF");
  equal(decoder.decode(mark), "\uFEFF");
  equal(decoder.decode(mark), "");
});

test("fatal", () => {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const bad = new Uint8Array([97, 0xff]);
  throws(TypeError, () => decoder.decode(bad));
  equal(decoder.decode(bad.subarray(0, 1)), "a");
  equal(decoder.decode(new Uint8Array([0xe2, 0x82]), { stream: true }), "");
  throws(TypeError, () => decoder.decode());
  equal(decoder.decode(bad.subarray(0, 1)), "a");
  throws(TypeError, () => decoder.decode(bad, { stream: true }));
  equal(decoder.decode(bad.subarray(0, 1)), "a");
  equal(new TextDecoder().decode(bad), "a\uFFFD");
});
