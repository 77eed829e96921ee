// Dedicated workers: messages, scripts, errors, requests, their end.
import { arrayEqual, collected, equal, fail, next, ok, server, stress, test, throws } from "./support/assert.js";

const data = (code) => "data:text/javascript," + encodeURIComponent(code);
const at = (code, type = "text/javascript") =>
  `${server}/script?type=${encodeURIComponent(type)}&code=${encodeURIComponent(code)}`;
const blob = (code) => URL.createObjectURL(new Blob([code], { type: "text/javascript" }));

// The next `count` messages' data.
function messages(worker, count) {
  return new Promise((resolve, reject) => {
    const all = [];
    worker.addEventListener("message", (event) => {
      all.push(event.data);
      if (all.length === count) resolve(all);
    });
    worker.addEventListener("error", (event) => reject(new Error(event.message ?? "did not load")));
  });
}

// The first message of a worker that is terminated then.
async function first(url, options, message) {
  const worker = new Worker(url, options);
  if (message !== undefined) worker.postMessage(message);
  const [answer] = await messages(worker, 1);
  worker.terminate();
  return answer;
}

// It is the first: what makes a session's requests is on this thread till then.
test("requests in flight go on when the first worker is made", async () => {
  const requests = Array.from({ length: stress ? 3 : 30 }, (_, i) => {
    const xhr = new XMLHttpRequest();
    xhr.open("POST", server + (i % 2 ? "/echo?raw" : "/delay/50"));
    xhr.send("x".repeat(i * 10000));
    return next(xhr, "loadend").then(() => i % 2 ? xhr.response.length === i * 10000 : xhr.status === 200);
  });
  await new Promise((resolve) => setTimeout(resolve, 5));
  const code = "const x = new XMLHttpRequest(); x.open('GET', '/text?bytes=5', false); x.send(); postMessage(x.response.length)";
  equal(await first(at(code)), 5);
  ok((await Promise.all(requests)).every((right) => right));
});

test("scripts from data:, blob: and http: URLs", async () => {
  const code = "postMessage(location.protocol)";
  equal(await first(data(code)), "data:");
  equal(await first(blob(code)), "blob:");
  const url = blob(code), worker = new Worker(url);
  URL.revokeObjectURL(url);
  equal((await messages(worker, 1))[0], "blob:");
  worker.terminate();
  equal(await first(at(code)), "http:");
});

test("scripts that lie beside the script", async () => {
  equal(await first("support/worker.js"), "./helper.mjs of a classic worker");
  equal(await first("support/worker.mjs", { type: "module" }), "helper");
});

test("the global object", async () => {
  const code = `
    const descriptor = (object, name) => {
      const { value, writable, enumerable, configurable, get, set } =
        Object.getOwnPropertyDescriptor(object, name);
      return [typeof value, writable, enumerable, configurable, typeof get, typeof set].join();
    };
    postMessage({
      tag: Object.prototype.toString.call(self),
      same: self === globalThis && self.self === self,
      chain: [DedicatedWorkerGlobalScope, WorkerGlobalScope, EventTarget].every(
        (constructor) => self instanceof constructor),
      names: ["Worker", "SharedWorker", "Window", "document", "XMLHttpRequest", "FileReaderSync",
        "MessagePort", "SharedWorkerGlobalScope"].map((name) => name in self),
      illegal: [DedicatedWorkerGlobalScope, WorkerLocation, WorkerNavigator].map((constructor) => {
        try { new constructor() } catch (error) { return error.name }
      }),
      own: [descriptor(self, "postMessage"), descriptor(self, "name"), descriptor(self, "onmessage")],
      inherited: [descriptor(WorkerGlobalScope.prototype, "importScripts"),
        descriptor(WorkerGlobalScope.prototype, "location")],
      responseXML: "responseXML" in XMLHttpRequest.prototype,
      name,
      replaced: (self.name = 5, self.name),
      location: [location.href === String(location), location.origin, location.port, location.pathname,
        location.search.length > 0, location.hash, location.host === new URL(location.href).host],
      navigator: [navigator.appName, typeof navigator.userAgent, navigator.onLine, "vendor" in navigator],
      handlers: [onmessage, onerror, onmessageerror, onlanguagechange, onrejectionhandled],
    });`;
  const url = new URL(at(code) + "#fragment");
  const got = await first(url, { name: "a name" });
  equal(got.tag, "[object DedicatedWorkerGlobalScope]");
  ok(got.same && got.chain);
  arrayEqual(got.names, [true, false, false, false, true, true, true, false]);
  arrayEqual(got.illegal, ["TypeError", "TypeError", "TypeError"]);
  arrayEqual(got.own, ["function,true,true,true,undefined,undefined",
    "undefined,,true,true,function,function", "undefined,,true,true,function,function"]);
  arrayEqual(got.inherited, ["function,true,true,true,undefined,undefined",
    "undefined,,true,true,function,undefined"]);
  equal(got.responseXML, false);
  equal(got.name, "a name");
  equal(got.replaced, 5);
  arrayEqual(got.location, [true, url.origin, url.port, "/script", true, "#fragment", true]);
  arrayEqual(got.navigator, ["Netscape", "string", true, false]);
  arrayEqual(got.handlers, [null, null, null, null, null]);
});

test("messages keep their order, those before the script too", async () => {
  const worker = new Worker(at("onmessage = (event) => postMessage([event.data, event.origin, event.source])"));
  for (let i = 0; i < 100; i++) worker.postMessage(i);
  const all = await messages(worker, 100);
  arrayEqual(all.map(([i]) => i), Array.from({ length: 100 }, (_, i) => i));
  arrayEqual(all[0], [0, "", null]);
  worker.terminate();
});

test("messages are clones; what is transferred is gone", async () => {
  const worker = new Worker(data(`onmessage = ({ data, ports }) => {
    postMessage([data.buffer.byteLength, data.date.getTime(), ports.length], [data.buffer]);
    postMessage(data.buffer.byteLength);
    ports[0].postMessage("through the port");
  }`));
  const buffer = new ArrayBuffer(1000), channel = new MessageChannel();
  const all = messages(worker, 2), through = next(channel.port1, "message");
  channel.port1.start();
  worker.postMessage({ buffer, date: new Date(5) }, { transfer: [buffer, channel.port2] });
  equal(buffer.byteLength, 0);
  const [answer, length] = await all;
  arrayEqual(answer, [1000, 5, 1]);
  equal(length, 0);
  equal((await through).data, "through the port");
  channel.port1.close();
  worker.terminate();
});

test("what cannot be cloned loses nothing", async () => {
  const worker = new Worker(data(`onmessage = (event) => {
    let name;
    try { postMessage(() => {}) } catch (error) { name = error.name }
    postMessage([event.data, name]);
  }`));
  const buffer = new ArrayBuffer(8);
  throws("DataCloneError", () => worker.postMessage([buffer, () => {}], [buffer]));
  equal(buffer.byteLength, 8);
  throws("DataCloneError", () => worker.postMessage(1, [buffer, buffer]));
  throws(TypeError, () => worker.postMessage());
  throws(TypeError, () => worker.postMessage(1, [1]));
  worker.postMessage("after");
  arrayEqual((await messages(worker, 1))[0], ["after", "DataCloneError"]);
  worker.terminate();
});

test("the constructor's arguments", async () => {
  throws(TypeError, () => new Worker());
  throws(TypeError, () => Worker(data("")));
  throws("SyntaxError", () => new Worker("http://["));
  throws(TypeError, () => new Worker(data(""), { type: "Classic" }));
  throws(TypeError, () => new Worker(data(""), { credentials: "" }));
  throws(TypeError, () => new Worker(data(""), 5));
  const read = [];
  const options = new Proxy({}, { get: (_, name) => void read.push(name) });
  new Worker(data(""), options).terminate();
  arrayEqual(read, ["credentials", "name", "type"]);
  class Derived extends Worker {}
  const derived = new Derived(data("postMessage(1)"), null);
  ok(derived instanceof Derived);
  await next(derived, "message");
  derived.terminate();
});

test("a script that does not load fires error", async () => {
  for (const url of [server + "/status/404", at("", "text/html"), server + "/close", "blob:null/none",
    "data:text/javascript,not a script", "unknown:scheme", at("not a script")]) {
    const worker = new Worker(url);
    const event = await next(worker, "error");
    equal(Object.getPrototypeOf(event), Event.prototype, url);
    ok(!event.cancelable && event.isTrusted);
    worker.postMessage("nobody reads it");
    worker.terminate();
  }
});

test("what a worker throws", async () => {
  const worker = new Worker(at(`onmessage = (event) => {
    if (event.data === "handle") onerror = (...all) => { postMessage(all.map(String)); return true };
    throw new RangeError("thrown");
  };
  addEventListener("error", (event) => postMessage("listener"));`));
  worker.postMessage("not handled");
  const event = await next(worker, "error");
  ok(event instanceof ErrorEvent && event.cancelable);
  equal(event.message, "Uncaught RangeError: thrown");
  equal(event.lineno, 3);
  ok(event.filename.startsWith(server + "/script?"), event.filename);
  equal(event.error, null);
  event.preventDefault();
  worker.onerror = () => fail("it was handled");
  const all = messages(worker, 2);
  worker.postMessage("handle");
  const got = await all;
  arrayEqual(got.at(-1).slice(0, 1), ["Uncaught RangeError: thrown"]);
  worker.terminate();
});

test("what nobody handles comes to the owner's global object", async () => {
  const worker = new Worker(data("throw new Error('deep')"));
  const event = await new Promise((resolve) => {
    addEventListener("error", (event) => { event.preventDefault(); resolve(event) }, { once: true });
  });
  equal(event.message, "Uncaught Error: deep");
  equal(event.error, null);
  worker.terminate();
});

test("requests", async () => {
  const code = `
    const log = [];
    const xhr = new XMLHttpRequest();
    for (const type of ["loadstart", "progress", "load", "loadend"])
      xhr.addEventListener(type, () => log.push(type));
    xhr.open("GET", "/bytes/100000");
    xhr.responseType = "arraybuffer";
    xhr.onloadend = () => {
      const sync = new XMLHttpRequest();
      sync.open("POST", "/echo?raw", false);
      sync.timeout = 10000;
      sync.responseType = "json";
      sync.send('{"a":1}');
      const document = new XMLHttpRequest();
      document.open("GET", "/json", false);
      document.responseType = "document";
      postMessage([xhr.response.byteLength, log[0], log.at(-1), sync.response.a, document.responseType]);
    };
    xhr.send();`;
  arrayEqual(await first(at(code)), [100000, "loadstart", "loadend", 1, ""]);
});

test("timeouts of synchronous requests", async () => {
  const code = `
    const xhr = new XMLHttpRequest();
    xhr.open("GET", "/delay/60000", false);
    xhr.timeout = 30;
    try { xhr.send() } catch (error) { postMessage(error.name) }`;
  equal(await first(at(code)), "TimeoutError");
});

test("importScripts", async () => {
  const code = `
    const thrown = (...urls) => {
      try { importScripts(...urls) } catch (error) { return error.name ?? error }
    };
    importScripts();
    importScripts("${at("var a = 1, b; const c = 3")}", "${data("b = a + 1")}");
    postMessage([a, b, c, thrown("http://["), thrown("/status/500"), thrown("/json"),
      thrown("/script?code=throw+7"), thrown("/script?code=no+script"),
      thrown("/script?code=d=4", "http://["), typeof d,
      thrown("data:,1"), thrown(URL.createObjectURL(new Blob(["1"]))),
      thrown("/script?code=var+e=5", "/status/404"), e]);`;
  arrayEqual(await first(at(code)), [1, 2, 3, "SyntaxError", "NetworkError", "NetworkError", 7,
    "SyntaxError", "SyntaxError", "undefined", "NetworkError", "NetworkError", "NetworkError", 5]);
});

test("module workers", async () => {
  const dependency = at("export const x = 42, url = import.meta.url; export default class {}");
  const code = `
    import Default, { x, url } from "${dependency}";
    const later = await import("${at("export const y = 1")}");
    let refused, bare;
    try { importScripts("data:text/javascript,1") } catch (error) { refused = error.name }
    try { await import("bare") } catch (error) { bare = error.name }
    postMessage([x, url, later.y, refused, bare, typeof this, typeof Default, import.meta.resolve("/z"),
      (await import("./script?code=export+const+q=9&type=text/javascript")).q]);`;
  arrayEqual(await first(at(code), { type: "module" }), [42, dependency, 1, "TypeError", "TypeError",
    "undefined", "function", server + "/z", 9]);
  for (const wrong of [`import "${server}/json"`, `import "${server}/status/404"`, "import 'bare'",
    "import { none } from 'data:text/javascript,'", "not a script"]) {
    const worker = new Worker(data(wrong), { type: "module" });
    equal((await next(worker, "error")).constructor, Event, wrong);
    worker.terminate();
  }
  const late = new Worker(data("await null; throw new Error('late')"), { type: "module" });
  const event = await next(late, "error");
  event.preventDefault();
  equal(event.message, "Uncaught Error: late");
  late.terminate();
});

test("redirects: the worker's URL is the last one", async () => {
  const url = at("postMessage(location.href)");
  equal(await first(`${server}/redirect/302?to=${encodeURIComponent(url)}`), url);
  const module = at("postMessage(import.meta.url)");
  equal(await first(`${server}/redirect/302?to=${encodeURIComponent(module)}`, { type: "module" }),
    module);
});

test("no depth of calls ends the program", async () => {
  const code = `
    const name = (call) => { try { call() } catch (error) { return error.name } };
    const deep = () => 1 + deep();
    let calls = 0;
    const object = { toString: () => { calls++; return String(new Blob([object])) } };
    let nested = [];
    for (let i = 0; i < ${stress ? 100 : 100000}; i++) nested = [nested];
    postMessage([name(deep), name(() => String(object)), calls > 100, name(() => structuredClone(nested)),
      name(() => postMessage({ get x() { return deep() } }))]);`;
  arrayEqual(await first(data(code)), ["InternalError", "InternalError", true, undefined,
    "InternalError"]);
});

test("nested workers", async () => {
  const inner = data("onmessage = (event) => { postMessage(event.data + 1); throw new Error('inner') }");
  const code = `
    const worker = new Worker(${JSON.stringify(inner)});
    worker.onmessage = (event) => postMessage(event.data);
    onmessage = (event) => worker.postMessage(event.data);`;
  const worker = new Worker(data(code));
  worker.postMessage(1);
  const error = next(worker, "error");
  arrayEqual(await new Promise((resolve) => { worker.onmessage = (event) => resolve([event.data]) }), [2]);
  const event = await error;
  equal(event.message, "Uncaught Error: inner");
  event.preventDefault();
  worker.terminate();
});

test("close(): the script goes on, tasks do not", async () => {
  const worker = new Worker(data(`
    onmessage = () => {
      setTimeout(() => postMessage("timer"));
      Promise.resolve().then(() => postMessage("microtask"));
      close();
      postMessage("after close");
    };`));
  const got = [];
  worker.onmessage = (event) => got.push(event.data);
  worker.postMessage(1);
  worker.postMessage(2);
  await new Promise((resolve) => setTimeout(resolve, 200));
  arrayEqual(got, ["after close", "microtask"]);
  worker.postMessage("nobody");
});

test("terminate(): nothing more is heard", async () => {
  const worker = new Worker(data("for (let i = 0; ; i++) postMessage(i)"));
  await next(worker, "message");
  worker.terminate();
  worker.onmessage = () => fail("a message");
  worker.terminate();
  await new Promise((resolve) => setTimeout(resolve, 50));
});

test("terminate() at any moment", async () => {
  const codes = ["", "for (;;);", "for (;;) try { for (;;); } catch {} finally { continue }",
    "const x = new XMLHttpRequest(); x.open('GET', '/delay/100000', false); postMessage(1); x.send()",
    "for (;;) try { const x = new XMLHttpRequest(); x.open('GET', '/delay/100000', false); x.send() } catch {}",
    "const x = new XMLHttpRequest(); x.open('GET', '/delay/100000'); x.send(); postMessage(1)",
    "importScripts('/delay/100000')", "import('/delay/100000')",
    "const f = () => Promise.resolve().then(f); f()",
    "new Worker('data:text/javascript,for(;;);')", "onmessage = () => { for (;;); }",
    "/^(a+)+$/.test('a'.repeat(40) + 'b')"];
  for (const code of codes) {
    for (const ms of [0, 1, 5, 30]) {
      const worker = new Worker(at(code));
      worker.postMessage(1);
      if (ms) await new Promise((resolve) => setTimeout(resolve, ms));
      worker.terminate();
    }
  }
  new Worker(server + "/delay/100000").terminate();
});

test("a worker that is over is collected with its Worker", async () => {
  await collected(async (made) => {
    for (let i = 0; i < (stress ? 2 : 5); i++) {
      const worker = made(new Worker(data("postMessage(1); close()")));
      await next(worker, "message");
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  });
});
