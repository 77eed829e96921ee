// MessageChannel, MessagePort, MessageEvent: https://html.spec.whatwg.org/#channel-messaging
import { arrayEqual, collected, equal, gc, next, ok, stress, test, throws } from "./support/assert.js";

// What has been posted has arrived: a timer may come before tasks that were posted after it was set.
async function task() {
  for (let i = 0; i < 2; i++) await new Promise((resolve) => setTimeout(resolve));
}

// Collects what comes to a port.
function inbox(port) {
  const data = [];
  port.onmessage = (event) => data.push(event.data);
  return data;
}

test("MessageEvent", () => {
  const plain = new MessageEvent("x");
  equal(plain.data, null);
  equal(plain.origin, "");
  equal(plain.lastEventId, "");
  equal(plain.source, null);
  arrayEqual(plain.ports, []);
  ok(plain.ports === plain.ports && Object.isFrozen(plain.ports));
  ok(!plain.isTrusted && !plain.bubbles);
  const { port1, port2 } = new MessageChannel();
  const event = new MessageEvent("y", {
    bubbles: true, data: port1, origin: "o\uD800", lastEventId: "i\uD800", source: port2, ports: new Set([port1, port2]),
  });
  equal(event.data, port1);
  equal(event.origin, "o\uFFFD");
  equal(event.lastEventId, "i\uD800");
  equal(event.source, port2);
  ok(event.ports[0] === port1 && event.ports[1] === port2 && event.ports.length === 2);
  ok(event.bubbles && event instanceof Event);
  equal(new MessageEvent("x", { data: undefined, ports: undefined, source: undefined }).data, null);
  for (const init of [{ ports: 1 }, { ports: [1] }, { ports: null }, { source: {} }, { source: 1 }, { source: new EventTarget() }, 1])
    throws(TypeError, () => new MessageEvent("x", init));
  throws(TypeError, () => new MessageEvent());
  throws(TypeError, () => MessageEvent("x"));
  let order = "";
  const asked = new Proxy({}, { get(_, name) { order += String(name) + " "; } });
  new MessageEvent("x", asked);
  equal(order, "bubbles cancelable composed data lastEventId origin ports source ");
});

test("initMessageEvent", () => {
  const event = new MessageEvent("x", { data: 1, origin: "o" });
  equal(event.initMessageEvent.length, 1);
  const { port1 } = new MessageChannel();
  event.initMessageEvent("y", true, true, "data", "origin", "id", port1, [port1]);
  equal(event.type, "y");
  ok(event.bubbles && event.cancelable);
  equal([event.data, event.origin, event.lastEventId].join(), "data,origin,id");
  ok(event.source === port1 && event.ports[0] === port1 && event.ports === event.ports && Object.isFrozen(event.ports));
  throws(TypeError, () => event.initMessageEvent("z", true, true, 5, "p", "q", port1, [1]));
  equal([event.type, event.data, event.origin].join(), "y,data,origin");
  event.initMessageEvent("w");
  equal(event.data, null);
  equal([event.type, event.origin, event.lastEventId, event.ports.length].join(), "w,,,0");
  equal(event.source, null);
  const target = new EventTarget();
  target.addEventListener("w", (event) => event.initMessageEvent("v", false, false, 7));
  target.dispatchEvent(event);
  equal(event.type, "w");
  equal(event.data, null);
});

test("a channel", () => {
  const channel = new MessageChannel();
  ok(channel.port1 instanceof MessagePort && channel.port1 instanceof EventTarget);
  ok(channel.port1 === channel.port1 && channel.port1 !== channel.port2);
  equal(Object.prototype.toString.call(channel), "[object MessageChannel]");
  throws(TypeError, () => new MessagePort());
  throws(TypeError, () => MessageChannel());
  throws(TypeError, () => Object.getOwnPropertyDescriptor(MessageChannel.prototype, "port1").get.call({}));
  equal(MessagePort.prototype.postMessage.length, 1);
  throws(TypeError, () => channel.port1.postMessage());
  for (const name of ["onmessage", "onmessageerror", "onclose"]) equal(channel.port1[name], null);
});

test("messages arrive in order, each in a task of its own", async () => {
  const { port1, port2 } = new MessageChannel();
  let log = "";
  port1.onmessage = (event) => {
    log += event.data;
    queueMicrotask(() => (log += "."));
  };
  for (let i = 0; i < 5; i++) port2.postMessage(i);
  Promise.resolve().then(() => (log += "m"));
  equal(log, "");
  await task();
  equal(log, "m0.1.2.3.4.");
  const two = new MessageChannel();
  log = "";
  two.port1.onmessage = (event) => (log += event.data);
  port2.postMessage("a");
  two.port2.postMessage("b");
  port2.postMessage("c");
  await task();
  equal(log, "a.bc.");
});

test("a message's event", async () => {
  const { port1, port2 } = new MessageChannel();
  const third = new MessageChannel();
  const come = next(port1, "message");
  port1.start();
  port2.postMessage({ port: third.port1 }, [third.port1, third.port2]);
  const event = await come;
  ok(event instanceof MessageEvent && event.isTrusted);
  ok(!event.bubbles && !event.cancelable);
  equal(event.origin, "");
  equal(event.lastEventId, "");
  equal(event.source, null);
  equal(event.target, port1);
  equal(event.ports.length, 2);
  ok(event.ports === event.ports && Object.isFrozen(event.ports));
  equal(event.data.port, event.ports[0]);
  equal(Object.getPrototypeOf(event.ports[0]), MessagePort.prototype);
  const data = inbox(event.ports[1]);
  event.ports[0].postMessage("still entangled");
  await task();
  arrayEqual(data, ["still entangled"]);
});

test("listeners alone do not start a port, start() and onmessage do", async () => {
  for (const start of [(port) => port.start(), (port) => (port.onmessage = null), (port) => (port.onmessage = () => {})]) {
    const { port1, port2 } = new MessageChannel();
    const data = [];
    port1.addEventListener("message", (event) => data.push(event.data));
    port2.postMessage(1);
    await task();
    await task();
    arrayEqual(data, []);
    start(port1);
    port2.postMessage(2);
    arrayEqual(data, []);
    await task();
    arrayEqual(data, [1, 2]);
  }
});

test("both overloads of postMessage", async () => {
  const { port1, port2 } = new MessageChannel();
  const data = inbox(port1);
  const buffers = Array.from({ length: 4 }, () => new ArrayBuffer(8));
  port2.postMessage(buffers[0], [buffers[0]]);
  port2.postMessage(buffers[1], { transfer: [buffers[1]] });
  port2.postMessage(buffers[2], new Set([buffers[2]]));
  port2.postMessage(buffers[3], { *[Symbol.iterator]() { yield buffers[3]; } });
  for (const buffer of buffers) equal(buffer.byteLength, 0);
  port2.postMessage(1, undefined);
  port2.postMessage(2, null);
  port2.postMessage(3, {});
  port2.postMessage(4, []);
  port2.postMessage(5, { transfer: undefined });
  await task();
  equal(data.length, 9);
  equal(data.slice(0, 4).map((buffer) => buffer.byteLength).join(), "8,8,8,8");
  for (const wrong of [1, "text", [1], { transfer: 1 }, { transfer: null }, { transfer: [null] }, { [Symbol.iterator]: 1 }])
    throws(TypeError, () => port2.postMessage(0, wrong));
});

test("what cannot be posted", async () => {
  const { port1, port2 } = new MessageChannel();
  const data = inbox(port1);
  const buffer = new ArrayBuffer(8);
  throws("DataCloneError", () => port2.postMessage(() => {}));
  throws("DataCloneError", () => port2.postMessage({ buffer, f() {} }, [buffer]));
  throws("DataCloneError", () => port2.postMessage(port1));
  throws("DataCloneError", () => port2.postMessage(0, [port2]));
  throws("DataCloneError", () => port2.postMessage(0, [buffer, port2]));
  throws("DataCloneError", () => port2.postMessage(0, [buffer, buffer]));
  throws("DataCloneError", () => port2.postMessage(0, [{}]));
  const other = new MessageChannel();
  throws("DataCloneError", () => port2.postMessage(0, [other.port1, other.port1]));
  // Nothing of all that was lost.
  equal(buffer.byteLength, 8);
  other.port1.postMessage("alive");
  equal((await new Promise((resolve) => (other.port2.onmessage = resolve))).data, "alive");
  const detached = new ArrayBuffer(1);
  port2.postMessage(0, [detached]);
  throws("DataCloneError", () => port2.postMessage(0, [buffer, detached]));
  throws("DataCloneError", () => port2.postMessage(detached));
  equal(buffer.byteLength, 8);
  port2.postMessage(0, [other.port1]);
  throws("DataCloneError", () => port2.postMessage(0, [other.port1]));
  await task();
  arrayEqual(data, [0, 0]);
});

test("a port that was transferred", async () => {
  const { port1, port2 } = new MessageChannel();
  const carrier = new MessageChannel();
  const gone = inbox(port2);
  port1.postMessage("first");
  port1.postMessage("second");
  // What waits in it goes with it.
  carrier.port1.postMessage(0, [port2]);
  port1.postMessage("third");
  port2.postMessage("to nobody");
  const buffer = new ArrayBuffer(1);
  port2.postMessage(0, [buffer]);
  equal(buffer.byteLength, 0);
  port2.start();
  port2.close();
  const event = await new Promise((resolve) => (carrier.port2.onmessage = resolve));
  ok(event.ports[0] !== port2);
  port1.postMessage("fourth");
  await task();
  arrayEqual(gone, []);
  const data = inbox(event.ports[0]);
  await task();
  arrayEqual(data, ["first", "second", "third", "fourth"]);
  const back = inbox(port1);
  event.ports[0].postMessage("back");
  await task();
  arrayEqual(back, ["back"]);
  // Again and again.
  let port = event.ports[0];
  for (let i = 0; i < 5; i++) {
    port1.postMessage(i);
    port = structuredClone(port, { transfer: [port] });
  }
  const later = inbox(port);
  await task();
  arrayEqual(later, [0, 1, 2, 3, 4]);
});

test("a port that is posted to itself is lost, and the other one is told", async () => {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage("lost", [port2]);
  await next(port1, "close");
  throws("DataCloneError", () => structuredClone(0, { transfer: [port2] }));
});

test("close", async () => {
  const { port1, port2 } = new MessageChannel();
  let log = "";
  port1.onclose = (event) => (log += `${event.constructor.name} ${event.type} ${event.isTrusted}`);
  port2.onclose = () => (log += "not me");
  const data = inbox(port1), own = inbox(port2);
  port1.postMessage("dropped");
  port2.postMessage("on its way");
  port2.close();
  port2.close();
  port1.postMessage("to nobody");
  port2.postMessage("from nobody");
  throws("DataCloneError", () => structuredClone(0, { transfer: [port2] }));
  await next(port1, "close");
  equal(log, "Event close true");
  arrayEqual(data, ["on its way"]);
  arrayEqual(own, []);
  // The one that was left is not detached.
  const moved = structuredClone(port1, { transfer: [port1] });
  ok(moved instanceof MessagePort);
  // In a listener: what is on its way is dropped.
  const second = new MessageChannel();
  let count = 0;
  second.port1.onmessage = () => {
    count++;
    second.port1.close();
  };
  second.port2.postMessage(1);
  second.port2.postMessage(2);
  await next(second.port2, "close");
  equal(count, 1);
});

test("close is told of to ports that are not started, once", async () => {
  const { port1, port2 } = new MessageChannel();
  let count = 0;
  port1.addEventListener("close", () => count++);
  port2.postMessage("waits");
  port2.close();
  await task();
  equal(count, 1);
  const data = inbox(port1);
  await task();
  arrayEqual(data, ["waits"]);
  equal(count, 1);
  // One that is closed while its peer is on its way.
  const carrier = new MessageChannel(), other = new MessageChannel();
  carrier.port1.postMessage(0, [other.port1]);
  other.port2.close();
  const event = await new Promise((resolve) => (carrier.port2.onmessage = resolve));
  await next(event.ports[0], "close");
});

test("ports that lie in each other's messages are closed, as nobody can receive them", async () => {
  for (let count = 2; count < 5; count++) {
    const channels = Array.from({ length: count }, () => new MessageChannel());
    const closed = Promise.all(channels.map(({ port1 }) => next(port1, "close")));
    channels.forEach(({ port1 }, i) => port1.postMessage(i, [channels[(i + 1) % count].port2]));
    await closed;
  }
  // No circle: what waits in a port that is on its way comes out.
  const outer = new MessageChannel(), middle = new MessageChannel(), inner = new MessageChannel();
  outer.port1.postMessage(0, [middle.port2]);
  middle.port1.postMessage(1, [inner.port2]);
  inner.port1.postMessage(2);
  let { port2 } = outer;
  for (let i = 0; i < 3; i++) {
    port2.start();
    const event = await next(port2, "message");
    equal(event.data, i);
    port2 = event.ports[0];
  }
});

test("a getter that closes or transfers the port", async () => {
  const { port1, port2 } = new MessageChannel();
  const data = inbox(port1);
  port2.postMessage({ get a() { port2.close(); return 1; } });
  await next(port1, "close");
  arrayEqual(data, []);
  const second = new MessageChannel();
  throws("DataCloneError", () =>
    second.port1.postMessage({ get a() { structuredClone(0, { transfer: [second.port2] }); return 1; } }, [second.port2]));
});

test("exceptions of listeners are reported, later messages come", async () => {
  const { port1, port2 } = new MessageChannel();
  const errors = [];
  const listen = (event) => {
    errors.push(event.error.message);
    event.preventDefault();
  };
  addEventListener("error", listen);
  const data = [];
  port1.onmessage = ({ data: text }) => {
    data.push(text);
    throw new Error(text);
  };
  port2.postMessage("one");
  port2.postMessage("two");
  await task();
  removeEventListener("error", listen);
  equal(errors.join(), "one,two");
  arrayEqual(data, ["one", "two"]);
});

test("event handlers are where they were set", async () => {
  const { port1, port2 } = new MessageChannel();
  let log = "";
  port1.addEventListener("message", () => (log += "a"));
  port1.onmessage = () => (log += "b");
  port1.addEventListener("message", () => (log += "c"));
  port1.onmessage = () => (log += "B");
  equal(typeof port1.onmessage, "function");
  port2.postMessage(0);
  await task();
  equal(log, "aBc");
});

test("many messages", async () => {
  const count = stress ? 100 : 20000;
  const { port1, port2 } = new MessageChannel();
  let sum = 0, seen = 0;
  const done = new Promise((resolve) => {
    port1.onmessage = ({ data }) => {
      if (data.i !== seen++) throw new Error("order");
      sum += data.i;
      if (seen === count) resolve();
    };
  });
  for (let i = 0; i < count; i++) port2.postMessage({ i });
  await done;
  equal(sum, (count * (count - 1)) / 2);
});

test("ping-pong", async () => {
  const { port1, port2 } = new MessageChannel();
  port2.onmessage = ({ data }) => port2.postMessage(data + 1);
  await new Promise((resolve) => {
    port1.onmessage = ({ data }) => (data >= 100 ? resolve() : port1.postMessage(data + 1));
    port1.postMessage(0);
  });
});

// ---- between threads

const worker = (code) => new Worker("data:text/javascript," + encodeURIComponent(code));

test("two workers, a port each", async () => {
  const code = `onmessage = ({ data: first, ports: [port] }) => {
    port.onmessage = ({ data }) => {
      if (data.hops < 99) return port.postMessage({ ...data, hops: data.hops + 1 });
      postMessage(data.hops);
      port.close();
    };
    port.onclose = () => postMessage("closed");
    if (first) port.postMessage({ hops: 0, bytes: new Uint8Array(100) });
  }`;
  const workers = [worker(code), worker(code)], { port1, port2 } = new MessageChannel();
  const said = Promise.all(workers.map((one) => next(one, "message")));
  workers[0].postMessage(false, [port1]);
  workers[1].postMessage(true, [port2]);
  equal((await said).map(({ data }) => data).sort().join(), "99,closed");
  for (const one of workers) one.terminate();
});

test("a port whose other end a worker has hears of its end", async () => {
  for (const end of ["self.close()", "port.close()", "port = null", null]) {
    const { port1, port2 } = new MessageChannel();
    const one = worker(`let port;
      onmessage = ({ ports }) => {
        if (ports.length === 0) { ${end} }
        else [port] = ports;
        postMessage(0);
      };`);
    one.postMessage(0, [port2]);
    await next(one, "message");
    const close = next(port1, "close");
    port1.postMessage("nobody listens");
    if (end) one.postMessage(0);
    else one.terminate();
    await close;
    one.terminate();
  }
});

test("memory that a worker shares", async () => {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const one = worker("onmessage = ({ data }) => { Atomics.add(data, 1, 5); postMessage(data); }");
  one.postMessage(shared);
  const { data } = await next(one, "message");
  equal(shared[1], 5);
  data[0] = 1;
  equal(shared[0], 1);
  one.terminate();
});

// ---- https://html.spec.whatwg.org/#ports-and-garbage-collection

test("ten thousand channels leave nothing behind", async () => {
  const count = stress ? 50 : 10000;
  let left = 0;
  const registry = new FinalizationRegistry(() => left--);
  for (let i = 0; i < count; i++) {
    const { port1, port2 } = new MessageChannel();
    left += 2;
    registry.register(port1);
    registry.register(port2);
    // Without listeners; with one; with two that hold both.
    if (i % 3 > 0) port1.onmessage = () => port2;
    if (i % 3 > 1) port2.onmessage = () => port1;
    if (i % 2) port1.start();
    if (i % 5 === 0) port1.close();
    if (i % 7 === 0) port2.postMessage({ i });
  }
  for (let i = 0; i < 2; i++) {
    await task();
    gc();
  }
  await task();
  ok(left < count / 10, `${left} of ${2 * count} ports`);
});

test("channels that were used are collected", () =>
  collected(async (remember) => {
    const { port1, port2 } = remember(new MessageChannel());
    remember(port1);
    remember(port2);
    port2.onclose = () => {};
    const come = next(port1, "message");
    port1.start();
    port2.postMessage("text");
    await come;
  }));

test("ports that nobody holds get what is on its way to them", async () => {
  const data = [];
  const listen = ({ data: text }) => data.push(text);
  (() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = listen;
    port2.postMessage("forgotten");
  })();
  (() => {
    const { port1, port2 } = new MessageChannel();
    port1.onclose = () => data.push("closed");
    port2.close();
  })();
  gc();
  await task();
  arrayEqual(data, ["forgotten", "closed"]);
});

test("a port that is listened to lives as long as the other one", async () => {
  const data = [];
  let held = (() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data: text }) => data.push(text);
    return port2;
  })();
  gc();
  held.postMessage("here");
  await task();
  arrayEqual(data, ["here"]);
  // One that nobody listens to does not, and the other one is told.
  held = (() => new MessageChannel().port1)();
  await next(held, "close");
});

test("inspecting a port", () => {
  ok(new MessageChannel().port1.toString() === "[object MessagePort]");
});

// A port that is open, started and listened to does not keep a program going that nobody can post to any more.
globalThis.open = new MessageChannel();
open.port1.onmessage = () => {};
open.port2.onmessage = () => {};
