// Blob.stream().
import { arrayEqual, equal, ok, server, stress, test } from "./support/assert.js";

async function readAll(stream) {
  const chunks = [];
  for await (const chunk of stream) {
    ok(chunk instanceof Uint8Array);
    ok(chunk.byteLength > 0 && chunk.byteLength === chunk.buffer.byteLength);
    chunks.push(chunk);
  }
  return chunks;
}

const textOf = async (stream) => new Blob(await readAll(stream)).text();
// A Blob whose bytes are not one piece of memory, each a number of its own.
const patchwork = (length) => new Blob(Array.from({ length }, (_, i) => new Uint8Array(1000).fill(i)));

async function rejects(name, promise) {
  let reason;
  await promise.then(() => ok(false, "it did not reject"), (error) => { reason = error; });
  equal(reason.name, name);
}

test("the member", () => {
  equal(Blob.prototype.stream.length, 0);
  ok(new Blob().stream() instanceof ReadableStream);
  const blob = new Blob(["x"]);
  ok(blob.stream() !== blob.stream());
});

test("the bytes, whatever they lie in", async () => {
  equal(await textOf(new Blob(["text", new Blob([" of "]), new Uint8Array([98, 111, 116, 104])]).stream()),
    "text of both");
  arrayEqual(await readAll(new Blob().stream()), []);
  equal(await textOf(new Blob(["0123456789"]).slice(2, 5).stream()), "234");
  const big = patchwork(700);
  const chunks = await readAll(big.stream());
  ok(chunks.length > 1 && chunks.length < 20, chunks.length);
  const bytes = new Uint8Array(await new Blob(chunks).arrayBuffer());
  equal(bytes.length, 700000);
  for (let i = 0; i < 700; i++) equal(bytes[i * 1000 + i], i % 256);
});

test("a BYOB reader's view is filled", async () => {
  const reader = patchwork(3).stream().getReader({ mode: "byob" });
  let view = new Uint8Array(1100), at = 0;
  for (;;) {
    const { value, done } = await reader.read(view);
    if (done) break;
    for (const byte of value) equal(byte, Math.floor(at++ / 1000));
    view = new Uint8Array(value.buffer);
  }
  equal(at, 3000);
  const words = new Blob([new Uint8Array([1, 0, 2, 0])]).stream().getReader({ mode: "byob" });
  arrayEqual((await words.read(new Uint16Array(2), { min: 2 })).value, [1, 2]);
  const odd = new Blob([new Uint8Array(3)]).stream().getReader({ mode: "byob" });
  equal((await odd.read(new Uint16Array(8))).value.length, 1);
  await rejects("TypeError", odd.read(new Uint16Array(8)));
});

test("a chunk comes in a task of its own", async () => {
  let ticks = 0;
  const reader = new Blob(["text"]).stream().getReader();
  const read = reader.read().then(() => ticks);
  for (let i = 0; i < 100; i++) await undefined, ticks++;
  equal(await read, 100);
});

test("nothing is read that is not asked for", async () => {
  const reader = patchwork(1000).stream().getReader();
  const first = await reader.read();
  ok(first.value.length < 1000000);
  reader.releaseLock();
});

test("canceling, at any moment", async () => {
  for (const wait of [false, true]) {
    const stream = patchwork(600).stream();
    const reader = stream.getReader();
    const read = reader.read();
    if (wait) await read;
    const again = reader.read();
    await reader.cancel("enough");
    equal((await again).done, true);
    equal((await read).done, !wait);
    equal(await reader.closed, undefined);
  }
});

test("script that runs while a chunk is told of may cancel", async () => {
  const reader = new Blob(["text"]).stream().getReader();
  const read = reader.read();
  let asked = 0;
  Object.defineProperty(Object.prototype, "then", {
    get() {
      if (asked++ === 0) void reader.cancel();
      return undefined;
    },
    configurable: true,
  });
  await new Promise((resolve) => setTimeout(() => { delete Object.prototype.then; resolve(); }, 20));
  equal((await read).done, false);
  equal((await reader.read()).done, true);
});

test("tee() gives both their own bytes", async () => {
  const [one, two] = patchwork(400).stream().tee();
  const [a, b] = await Promise.all([readAll(one), readAll(two)]);
  equal(new Blob(a).size, 400000);
  equal(new Blob(b).size, 400000);
  ok(a[0].buffer !== b[0].buffer);
});

test("neither the Blob nor the stream need be held", async () => {
  for (let i = 0; i < (stress ? 5 : 100); i++) equal(await textOf(new Blob([String(i)]).stream()), String(i));
  // These end unread.
  for (let i = 0; i < (stress ? 5 : 100); i++) void patchwork(2).stream().getReader().read();
});

test("what a response's body lies in", async () => {
  const xhr = new XMLHttpRequest();
  xhr.responseType = "blob";
  xhr.open("GET", `${server}/text?bytes=300000`);
  await new Promise((resolve) => { xhr.onloadend = resolve; xhr.send(); });
  const text = await xhr.response.text();
  ok(text.length > 0);
  equal(await textOf(xhr.response.stream()), text);
});
