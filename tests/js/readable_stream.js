// Readable streams: what web-platform-tests do not ask, or not where a program runs.
import { arrayEqual, equal, ok, stress, test, throws } from "./support/assert.js";

const describe = (object, name) => Object.getOwnPropertyDescriptor(object, name);

async function rejects(expected, promise, message = "") {
  let reason;
  await promise.then(() => ok(false, `${message}: it did not reject`), (error) => { reason = error; });
  if (typeof expected === "function") ok(reason instanceof expected, `${message} ${reason}`);
  else equal(reason, expected, message);
}

async function readAll(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

const numbers = (count, type) => {
  let next = 0;
  return new ReadableStream({
    type,
    pull(controller) {
      if (next < count) controller.enqueue(type ? new Uint8Array([next]) : next);
      if (++next > count) controller.close();
    },
  });
};

test("the interfaces' shape", () => {
  equal(ReadableStream.length, 0);
  equal(describe(ReadableStream.prototype, "values").value,
    describe(ReadableStream.prototype, Symbol.asyncIterator).value);
  equal(describe(ReadableStream.prototype, Symbol.asyncIterator).enumerable, false);
  equal(ReadableStream.from.length, 1);
  equal(ReadableStreamDefaultReader.length, 1);
  equal(ReadableStreamBYOBReader.prototype.read.length, 1);
  for (const name of ["ReadableStreamDefaultController", "ReadableByteStreamController",
    "ReadableStreamBYOBRequest"])
    throws(TypeError, () => new globalThis[name]());
  const iterator = Object.getPrototypeOf(new ReadableStream().values());
  equal(Object.getPrototypeOf(iterator),
    Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}.prototype)));
  equal(iterator[Symbol.toStringTag], "ReadableStream AsyncIterator");
  equal(iterator.next.length, 0);
  equal(iterator.return.length, 1);
  equal(typeof StreamSource, "undefined");
});

test("what is not built is not there", () => {
  for (const name of ["pipeTo", "pipeThrough"]) equal(name in ReadableStream.prototype, false, name);
  equal(typeof WritableStream, "undefined");
});

test("a stream cannot be cloned", () => {
  throws("DataCloneError", () => structuredClone(new ReadableStream()));
  const stream = new ReadableStream();
  throws("DataCloneError", () => structuredClone(stream, { transfer: [stream] }));
  equal(stream.locked, false);
});

test("operations that give promises reject instead of throwing", async () => {
  const proto = ReadableStream.prototype;
  await rejects(TypeError, proto.cancel.call({}), "cancel");
  await rejects(TypeError, ReadableStreamDefaultReader.prototype.read.call({}), "read");
  await rejects(TypeError, describe(ReadableStreamDefaultReader.prototype, "closed").get.call({}), "closed");
  await rejects(TypeError, ReadableStreamBYOBReader.prototype.read.call(
    new ReadableStream({ type: "bytes" }).getReader({ mode: "byob" })), "no view");
  const iterator = Object.getPrototypeOf(new ReadableStream().values());
  await rejects(TypeError, iterator.next.call({}), "next");
  await rejects(TypeError, iterator.return.call(undefined), "return");
});

test("chunks come in order, and the strategy says when more are asked for", async () => {
  arrayEqual(await readAll(numbers(5)), [0, 1, 2, 3, 4]);
  let pulls = 0;
  const stream = new ReadableStream({ pull(controller) { controller.enqueue("x".repeat(++pulls)); } },
    { highWaterMark: 6, size: (chunk) => chunk.length });
  await new Promise((resolve) => setTimeout(resolve, 0));
  equal(pulls, 3);
  equal((await stream.getReader().read()).value, "x");
  equal(pulls, 4);
});

test("a subclass, and a reader of its own", async () => {
  class Mine extends ReadableStream {}
  const stream = new Mine({ start(controller) { controller.enqueue(1); controller.close(); } });
  ok(stream instanceof Mine);
  class Reader extends ReadableStreamDefaultReader {}
  const reader = new Reader(stream);
  ok(reader instanceof Reader);
  equal((await reader.read()).value, 1);
});

test("nobody asks a patched Promise", async () => {
  const { then, constructor } = Promise.prototype;
  const stream = numbers(2);
  const asked = [];
  Promise.prototype.then = function (...handlers) { asked.push("then"); return then.apply(this, handlers); };
  Object.defineProperty(Promise.prototype, "constructor",
    { get() { asked.push("constructor"); return constructor; }, configurable: true });
  const [one, two] = stream.tee();
  const reader = one.getReader();
  const promise = reader.read();
  reader.releaseLock();
  two.getReader();
  Object.defineProperty(Promise.prototype, "constructor", { value: constructor, writable: true, enumerable: false });
  Promise.prototype.then = then;
  arrayEqual(asked, []);
  arrayEqual(Reflect.ownKeys(reader.closed), []);
  await rejects(TypeError, promise);
});

test("tee() of either kind", async () => {
  for (const type of [undefined, "bytes"]) {
    const [one, two] = numbers(3, type).tee();
    const flat = (chunks) => chunks.map((chunk) => type ? chunk[0] : chunk);
    arrayEqual(flat(await readAll(one)), [0, 1, 2]);
    arrayEqual(flat(await readAll(two)), [0, 1, 2]);
  }
});

test("canceling both branches cancels the stream once", async () => {
  let reasons;
  const [one, two] = new ReadableStream({ cancel(reason) { reasons = reason; } }).tee();
  const first = one.cancel(1);
  equal(reasons, undefined);
  await Promise.all([first, two.cancel(2)]);
  arrayEqual(reasons, [1, 2]);
});

test("from(): iterables of both kinds", async () => {
  arrayEqual(await readAll(ReadableStream.from([1, Promise.resolve(2), 3])), [1, 2, 3]);
  arrayEqual(await readAll(ReadableStream.from((async function* () { yield 1; yield 2; })())), [1, 2]);
  arrayEqual(await readAll(ReadableStream.from(numbers(2))), [0, 1]);
  for (const value of [null, undefined, 1, "text", {}, { [Symbol.iterator]: 1 }])
    throws(TypeError, () => ReadableStream.from(value));
  let closed = 0;
  const iterator = { next: () => ({ value: Promise.reject(7), done: false }), return() { closed++; return {}; } };
  await rejects(7, readAll(ReadableStream.from({ [Symbol.iterator]: () => iterator })));
  equal(closed, 1);
  const endless = ReadableStream.from((function* () { try { for (;;) yield 1; } finally { closed++; } })());
  for await (const _ of endless) break;
  equal(closed, 2);
});

test("iteration: preventCancel, and what return() gives", async () => {
  let canceled = 0;
  const make = () => new ReadableStream({ pull(controller) { controller.enqueue(1); }, cancel() { canceled++; } });
  const kept = make();
  for await (const _ of kept.values({ preventCancel: true })) break;
  equal(canceled, 0);
  equal(kept.locked, false);
  for await (const _ of make()) break;
  equal(canceled, 1);
  const iterator = make().values();
  const results = await Promise.all([iterator.next(), iterator.return("end"), iterator.next()]);
  equal(JSON.stringify(results),
    '[{"value":1,"done":false},{"value":"end","done":true},{"done":true}]');
});

test("a BYOB reader's memory goes to the source and back, in its own kind of view", async () => {
  let written;
  const stream = new ReadableStream({
    type: "bytes",
    pull(controller) {
      const { view } = controller.byobRequest;
      view.set([1, 0, 2, 0, 3]);
      written = view.byteLength;
      controller.byobRequest.respond(5);
    },
  });
  const reader = stream.getReader({ mode: "byob" });
  const buffer = new ArrayBuffer(32);
  const { value, done } = await reader.read(new Uint16Array(buffer, 8, 4));
  equal(done, false);
  equal(written, 8);
  equal(buffer.byteLength, 0);
  ok(value instanceof Uint16Array);
  equal(value.byteOffset, 8);
  equal(value.buffer.byteLength, 32);
  arrayEqual(value, [1, 2]);
  const rest = await reader.read(new DataView(value.buffer, 1, 3));
  ok(rest.value instanceof DataView);
  equal(rest.value.getUint8(0), 3);
});

test("a read with a minimum waits for it", async () => {
  let controller;
  const stream = new ReadableStream({ type: "bytes", start(c) { controller = c; } });
  const reader = stream.getReader({ mode: "byob" });
  let read = false;
  const promise = reader.read(new Uint8Array(8), { min: 4 }).then((result) => { read = true; return result; });
  controller.enqueue(new Uint8Array([1, 2]));
  await new Promise((resolve) => setTimeout(resolve, 0));
  equal(read, false);
  controller.enqueue(new Uint8Array([3, 4, 5]));
  arrayEqual((await promise).value, [1, 2, 3, 4, 5]);
  await rejects(RangeError, reader.read(new Uint8Array(2), { min: 3 }));
  await rejects(TypeError, reader.read(new Uint8Array(2), { min: 0 }));
  await rejects(TypeError, reader.read(new Uint8Array(2), { min: -1 }));
});

test("views of shared memory are refused", async () => {
  const shared = new Uint8Array(new SharedArrayBuffer(4));
  let controller;
  const stream = new ReadableStream({ type: "bytes", start(c) { controller = c; } });
  throws(TypeError, () => controller.enqueue(shared));
  await rejects(TypeError, stream.getReader({ mode: "byob" }).read(shared));
});

test("script that runs while reads are fulfilled may release the reader", async () => {
  let controller;
  const stream = new ReadableStream({ type: "bytes", start(c) { controller = c; } });
  const reader = stream.getReader({ mode: "byob" });
  const reads = [reader.read(new Uint8Array(1)), reader.read(new Uint8Array(1)), reader.read(new Uint8Array(1))];
  let asked = 0;
  Object.defineProperty(Object.prototype, "then", {
    get() {
      if (asked++ === 0) reader.releaseLock();
      return undefined;
    },
    configurable: true,
  });
  controller.enqueue(new Uint8Array([1, 2]));
  delete Object.prototype.then;
  arrayEqual((await reads[0]).value, [1]);
  await rejects(TypeError, reads[1]);
  await rejects(TypeError, reads[2]);
  equal(stream.locked, false);
});

test("a source's errors", async () => {
  const reason = new Error("no");
  throws(Error, () => new ReadableStream({ start() { throw reason; } }));
  for (const type of [undefined, "bytes"]) {
    await rejects(reason, new ReadableStream({ type, pull() { throw reason; } }).getReader().read());
    await rejects(reason, new ReadableStream({ type, start: () => Promise.reject(reason) }).getReader().closed);
    await rejects(reason, new ReadableStream({ type, cancel() { throw reason; } }).cancel());
  }
  throws(RangeError, () => new ReadableStream({}, { highWaterMark: -1 }));
  throws(RangeError, () => new ReadableStream({ type: "bytes" }, { size: () => 1 }));
  throws(TypeError, () => new ReadableStream({ type: "bytes", autoAllocateChunkSize: 0 }));
  throws(TypeError, () => new ReadableStream(null));
  throws(TypeError, () => new ReadableStream({ type: "byte" }));
});

test("many streams that are left in the middle", async () => {
  for (let i = 0; i < (stress ? 20 : 2000); i++) {
    const stream = numbers(10, i % 2 ? "bytes" : undefined);
    const [one, two] = stream.tee();
    const reader = one.getReader(i % 2 ? { mode: "byob" } : {});
    await reader.read(new Uint8Array(4));
    void two.values().next();
  }
});
