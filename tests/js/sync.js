// Synchronous requests, as a context without a web origin may make them.
import { arrayEqual, equal, next, ok, server, test, throws } from "./support/assert.js";

// Opened, with a log of all its events.
function open(path, ...rest) {
  const xhr = new XMLHttpRequest();
  const log = [];
  for (const target of [xhr, xhr.upload])
    for (const type of ["loadstart", "progress", "load", "error", "abort", "timeout", "loadend"])
      target.addEventListener(type, (event) => log.push((target === xhr ? "" : "u.") + event.type));
  xhr.onreadystatechange = () => log.push(xhr.readyState);
  xhr.open("POST", server + path, ...(rest.length ? rest : [false]));
  return [xhr, log];
}

test("the response is there when send() returns", () => {
  const [xhr, log] = open("/bytes/100000");
  equal(xhr.send("body"), undefined);
  arrayEqual(log, [1, 4, "load", "loadend"]);
  equal(xhr.readyState, 4);
  equal(xhr.status, 200);
  equal(xhr.response.length, 100000);
  equal(xhr.failure, null);
});

test("what makes a request synchronous", async () => {
  for (const value of [false, undefined, null, 0, "", NaN]) {
    const [xhr] = open("/text", value);
    xhr.send();
    equal(xhr.readyState, 4, String(value));
  }
  for (const rest of [[true], [1], ["false"], [{}]]) {
    const [xhr] = open("/text", ...rest);
    xhr.send();
    equal(xhr.readyState, 1);
    await next(xhr, "loadend");
  }
  const xhr = new XMLHttpRequest();
  xhr.open("GET", server + "/text");
  xhr.send();
  equal(xhr.readyState, 1);
  xhr.open("GET", server + "/text", false, "user", "password");
  xhr.send();
  equal(xhr.readyState, 4);
});

test("response types", () => {
  for (const [type, check] of [
    ["arraybuffer", (value) => value.byteLength === 9],
    ["blob", (value) => value instanceof Blob && value.size === 9],
    ["json", (value) => value.a === "bcd"],
    ["text", (value) => value === '{"a":"bcd"}'.slice(0, value.length)],
  ]) {
    const [xhr] = open("/echo?raw");
    xhr.responseType = type;
    xhr.send(type === "json" ? '{"a":"bcd"}' : '{"a":"bcd');
    ok(check(xhr.response), type);
  }
});

test("failures are thrown, and nothing is fired", () => {
  const xhr = new XMLHttpRequest();
  xhr.open("GET", "http://127.0.0.1:2/", false);
  xhr.onloadend = xhr.onerror = () => ok(false);
  const error = throws("NetworkError", () => xhr.send());
  ok(error instanceof DOMException);
  equal(error.code, 19);
  ok(error.message.includes("127.0.0.1"), error.message);
  equal(xhr.readyState, 4);
  equal(xhr.status, 0);
  equal(xhr.response, "");
  ok(xhr.failure.code);
  const [late, log] = open("/delay/60000");
  late.timeout = 30;
  equal(throws("TimeoutError", () => late.send("body")).code, 23);
  arrayEqual(log, [1]);
  throws("InvalidStateError", () => late.send());
});

test("everything else waits, and keeps its order", async () => {
  const [xhr, log] = open("/delay/100");
  const other = new XMLHttpRequest();
  other.open("GET", server + "/text");
  other.onload = () => log.push("other");
  const over = next(other, "loadend");
  let timer;
  Promise.resolve().then(() => log.push("microtask"));
  await new Promise((resolve) => {
    setTimeout(() => {
      other.send();
      timer = new Promise((done) => setTimeout(() => done(log.push("timer")), 1));
      Promise.resolve().then(() => log.push("microtask"));
      xhr.send();
      log.push("sent");
      resolve();
    }, 0);
  });
  await Promise.all([timer, over]);
  arrayEqual(log.slice(0, 7), [1, "microtask", 4, "load", "loadend", "sent", "microtask"]);
  arrayEqual(log.slice(7).sort(), ["other", "timer"]);
});

test("inside a listener of another request", async () => {
  const log = [];
  const other = new XMLHttpRequest();
  other.open("GET", server + "/text");
  for (const type of ["loadstart", "progress", "load", "loadend"])
    other.addEventListener(type, () => {
      const [xhr] = open("/text");
      log.push(`${type} [`);
      xhr.send();
      log.push("]");
      equal(xhr.status, 200);
    });
  const over = next(other, "loadend");
  other.send();
  await over;
  arrayEqual(log, ["loadstart [", "]", "progress [", "]", "load [", "]", "loadend [", "]"]);
});
