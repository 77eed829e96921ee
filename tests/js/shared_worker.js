// Shared workers: who shares one, connect events, errors, their end.
import { arrayEqual, equal, fail, next, ok, server, stress, test, throws } from "./support/assert.js";

const data = (code) => "data:text/javascript," + encodeURIComponent(code);
const at = (code, type = "text/javascript") =>
  `${server}/script?type=${encodeURIComponent(type)}&code=${encodeURIComponent(code)}`;

// Ports that somebody listens to hold the script.
const made = [];
class SharedWorker extends globalThis.SharedWorker {
  constructor(...rest) {
    super(...rest);
    made.push(this);
  }
}

// Answers each message with what there is to know.
const echo = `
  let count = 0;
  onconnect = (event) => {
    const port = event.ports[0];
    const number = ++count;
    port.onmessage = ({ data }) => {
      if (data === "close") close();
      port.postMessage({ number, count, data, name, source: event.source === port,
        event: [event.constructor.name, event.data, event.origin, event.ports.length,
          Object.isFrozen(event.ports)] });
    };
  };`;

// The port's answer to a message.
async function ask(worker, message) {
  const answer = new Promise((resolve) => (worker.port.onmessage = (event) => resolve(event.data)));
  worker.port.postMessage(message);
  return answer;
}

test("those of one URL and name share one", async () => {
  const url = at(echo);
  const a = new SharedWorker(url), b = new SharedWorker(url, ""), c = new SharedWorker(url, { name: "c" });
  const first = await ask(a, "one");
  ok(first.source);
  arrayEqual(first.event, ["MessageEvent", "", "", 1, true]);
  equal(first.data, "one");
  equal(first.name, "");
  const second = await ask(b, "two");
  equal(second.number, 2);
  equal((await ask(a, "three")).count, 2);
  const third = await ask(c, "four");
  equal(third.name, "c");
  equal(third.number, 1);
  equal((await ask(new SharedWorker(url, "c"), 5)).number, 2);
  // One that has been closed is not found any more.
  await ask(c, "close");
  const again = new SharedWorker(url, "c");
  equal((await ask(again, 6)).number, 1);
});

test("many at once", async () => {
  const url = data(echo);
  const workers = Array.from({ length: stress ? 5 : 50 }, () => new SharedWorker(url, "many"));
  const numbers = await Promise.all(workers.map(async (worker, i) => (await ask(worker, i)).number));
  arrayEqual(numbers, workers.map((_, i) => i + 1));
  for (const worker of workers) worker.port.close();
});

test("its global object", async () => {
  const code = `onconnect = ({ ports: [port] }) => port.postMessage({
    tag: Object.prototype.toString.call(self),
    names: ["Worker", "SharedWorker", "DedicatedWorkerGlobalScope", "postMessage", "onmessage",
      "XMLHttpRequest", "importScripts", "FileReaderSync"].map((name) => name in self),
    responseXML: "responseXML" in XMLHttpRequest.prototype,
    sync: (() => {
      const xhr = new XMLHttpRequest();
      xhr.open("GET", "/json", false);
      xhr.responseType = "json";
      xhr.send();
      return typeof xhr.response;
    })(),
  });`;
  const worker = new SharedWorker(at(code), { type: "classic" });
  worker.port.start();
  const { data: got } = await next(worker.port, "message");
  equal(got.tag, "[object SharedWorkerGlobalScope]");
  arrayEqual(got.names, [true, false, false, false, false, true, true, true]);
  equal(got.responseXML, false);
  equal(got.sync, "object");
});

test("a module", async () => {
  const worker = new SharedWorker(at("onconnect = (event) => event.ports[0].postMessage(import.meta.url)"),
    { type: "module", name: "module" });
  worker.port.start();
  ok((await next(worker.port, "message")).data.startsWith(server));
});

test("errors", async () => {
  throws(TypeError, () => new SharedWorker());
  throws("SyntaxError", () => new SharedWorker("http://["));
  throws(TypeError, () => new SharedWorker(data(""), { type: "x" }));
  for (const url of [server + "/status/404", at("", "text/html"), data("no script")]) {
    const all = [new SharedWorker(url), new SharedWorker(url)];
    const events = await Promise.all(all.map((worker) => next(worker, "error")));
    ok(events.every((event) => event.constructor === Event && !event.cancelable));
    // It does not stay: the next one tries anew.
    await next(new SharedWorker(url), "error");
  }
  const url = data(echo);
  const worker = new SharedWorker(url, "type");
  worker.onerror = () => fail("of the first");
  await next(new SharedWorker(url, { name: "type", type: "module" }), "error");
  await next(new SharedWorker(url, { name: "type", credentials: "omit" }), "error");
  equal((await ask(worker, 1)).count, 1);
});

test("close() before anybody is connected; errors stay there", async () => {
  const worker = new SharedWorker(data("close()"));
  worker.port.postMessage(1);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const runs = new SharedWorker(data("onconnect = ({ ports: [port] }) => { onerror = () => { port.postMessage(1); return true }; throw 1 }"));
  runs.onerror = () => fail("errors of a shared worker are not its owners'");
  runs.port.start();
  equal((await next(runs.port, "message")).data, 1);
});

test("ports that are closed hold no script", () => {
  for (const worker of made) worker.port.close();
});
