// XMLHttpRequest against the test server.
import { arrayEqual, collected, equal, next, ok, reported, server, stress, test, throws } from "./support/assert.js";

function request(method, path, { type, body, headers = {} } = {}) {
  const xhr = new XMLHttpRequest();
  xhr.open(method, server + path);
  if (type !== undefined) xhr.responseType = type;
  for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
  xhr.send(body);
  return xhr;
}

async function done(xhr) {
  await next(xhr, "loadend");
  return xhr;
}

test("the shape", () => {
  const xhr = new XMLHttpRequest();
  const names = ["UNSENT", "OPENED", "HEADERS_RECEIVED", "LOADING", "DONE"];
  names.forEach((name, value) => {
    for (const object of [XMLHttpRequest, XMLHttpRequest.prototype]) {
      const { writable, enumerable, configurable, value: got } = Object.getOwnPropertyDescriptor(object, name);
      equal(got, value);
      ok(!writable && enumerable && !configurable);
    }
    equal(xhr[name], value);
  });
  const lengths = { open: 2, setRequestHeader: 2, send: 0, abort: 0, getResponseHeader: 1, getAllResponseHeaders: 0, overrideMimeType: 1 };
  for (const [name, length] of Object.entries(lengths)) {
    const { value, writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(XMLHttpRequest.prototype, name);
    equal(value.length, length, name);
    equal(value.name, name);
    ok(writable && enumerable && configurable);
  }
  for (const name of ["readyState", "upload", "responseURL", "status", "statusText", "response", "responseText", "responseXML"]) {
    const { get, set, enumerable, configurable } = Object.getOwnPropertyDescriptor(XMLHttpRequest.prototype, name);
    ok(get && !set && enumerable && configurable, name);
    equal(get.name, "get " + name);
    throws(TypeError, () => get.call({}));
  }
  for (const name of ["onloadstart", "onprogress", "onabort", "onerror", "onload", "ontimeout", "onloadend"])
    ok(Object.getOwnPropertyDescriptor(XMLHttpRequestEventTarget.prototype, name).set);
  ok(Object.getOwnPropertyDescriptor(XMLHttpRequest.prototype, "onreadystatechange").set);
  equal(String(xhr), "[object XMLHttpRequest]");
  equal(String(xhr.upload), "[object XMLHttpRequestUpload]");
  equal(xhr.upload, xhr.upload);
  equal(Object.getPrototypeOf(XMLHttpRequest), XMLHttpRequestEventTarget);
  equal(Object.getPrototypeOf(XMLHttpRequestEventTarget), EventTarget);
  ok(xhr instanceof EventTarget);
  throws(TypeError, () => new XMLHttpRequestUpload());
  throws(TypeError, () => new XMLHttpRequestEventTarget());
  throws(TypeError, () => XMLHttpRequest());
  throws(TypeError, () => XMLHttpRequest.prototype.open.call(new EventTarget(), "GET", "/"));
});

test("what a new one says", () => {
  const xhr = new XMLHttpRequest();
  equal(xhr.readyState, 0);
  equal(xhr.status, 0);
  equal(xhr.statusText, "");
  equal(xhr.responseURL, "");
  equal(xhr.responseText, "");
  equal(xhr.response, "");
  equal(xhr.responseXML, null);
  equal(xhr.responseType, "");
  equal(xhr.timeout, 0);
  equal(xhr.withCredentials, false);
  equal(xhr.getResponseHeader("x"), null);
  equal(xhr.getAllResponseHeaders(), "");
  equal(xhr.failure, null);
});

test("wrong calls", () => {
  const xhr = new XMLHttpRequest();
  throws(TypeError, () => xhr.open("GET"));
  throws(TypeError, () => xhr.open("\u0100", server));
  throws("SyntaxError", () => xhr.open("G ET", server));
  throws("SyntaxError", () => xhr.open("GET", "http://["));
  throws("SyntaxError", () => xhr.open("GET", "relative"));
  throws("SecurityError", () => xhr.open("trace", server));
  throws("InvalidStateError", () => xhr.send());
  throws("InvalidStateError", () => xhr.setRequestHeader("a", "b"));
  const error = throws("InvalidStateError", () => xhr.send());
  ok(error instanceof DOMException);
  equal(error.code, 11);
  xhr.open("GET", server);
  throws("SyntaxError", () => xhr.setRequestHeader("a b", "c"));
  throws("SyntaxError", () => xhr.setRequestHeader("a", "b\nc"));
  throws(TypeError, () => xhr.setRequestHeader("a", "\u0100"));
  throws(TypeError, () => xhr.setRequestHeader("a"));
  throws(TypeError, () => xhr.open("GET", server, true, { toString() { throw new TypeError(); } }));
  throws(TypeError, () => xhr.open("GET", server, true, Symbol()));
  throws(TypeError, () => xhr.getResponseHeader());
  throws(TypeError, () => xhr.overrideMimeType());
});

test("enumerations and numbers", () => {
  const xhr = new XMLHttpRequest();
  xhr.responseType = "nonsense";
  equal(xhr.responseType, "");
  for (const type of ["arraybuffer", "blob", "document", "json", "text", ""]) {
    xhr.responseType = type;
    equal(xhr.responseType, type);
  }
  xhr.responseType = "json";
  xhr.responseType = "JSON";
  xhr.responseType = null;
  equal(xhr.responseType, "json");
  throws("InvalidStateError", () => xhr.responseText);
  throws("InvalidStateError", () => xhr.responseXML);
  xhr.timeout = -1;
  equal(xhr.timeout, 4294967295);
  xhr.timeout = 2 ** 32 + 5.7;
  equal(xhr.timeout, 5);
  xhr.timeout = "x";
  equal(xhr.timeout, 0);
  xhr.withCredentials = "yes";
  equal(xhr.withCredentials, true);
  "use strict";
  throws(TypeError, () => (xhr.readyState = 4));
});

test("a GET: its states and events", async () => {
  const xhr = new XMLHttpRequest();
  const log = [];
  xhr.onreadystatechange = () => log.push(xhr.readyState);
  for (const type of ["loadstart", "progress", "load", "loadend"])
    xhr.addEventListener(type, (event) => {
      equal(event.target, xhr);
      ok(event.isTrusted && event instanceof ProgressEvent && !event.bubbles && !event.cancelable);
      log.push(`${type} ${event.loaded}/${event.total} ${event.lengthComputable}`);
    });
  xhr.open("GET", server + "/bytes/5");
  xhr.send();
  throws("InvalidStateError", () => xhr.send());
  throws("InvalidStateError", () => (xhr.withCredentials = true));
  await done(xhr);
  arrayEqual(log, [1, "loadstart 0/0 false", 2, 3, "progress 5/5 true", 4, "load 5/5 true", "loadend 5/5 true"]);
  equal(xhr.status, 200);
  equal(xhr.statusText, "OK");
  equal(xhr.responseURL, server + "/bytes/5");
  equal(xhr.getResponseHeader("CONTENT-LENGTH"), "5");
  ok(xhr.getAllResponseHeaders().includes("content-length: 5\r\n"));
  equal(xhr.responseText, "\0\x01\x02\x03\x04");
  throws("InvalidStateError", () => (xhr.responseType = "json"));
  throws("InvalidStateError", () => xhr.overrideMimeType("x/y"));
});

test("json", async () => {
  const xhr = await done(request("GET", "/json", { type: "json" }));
  equal(xhr.response.nested.ok, true);
  equal(xhr.response, xhr.response);
  arrayEqual(xhr.response.numbers, [1, 2, 3]);
  throws("InvalidStateError", () => xhr.responseText);
  const wrong = await done(request("GET", "/bytes/3", { type: "json" }));
  equal(wrong.response, null);
  const echo = (body) => done(request("POST", "/echo?raw", { type: "json", body }));
  equal((await echo("\ufeff\"b\u00e9\"")).response, "b\u00e9");
  equal((await echo(new Uint8Array([34, 0xff, 34]))).response, "\ufffd");
  equal((await echo("null")).response, null);
  equal((await echo("")).response, null);
  equal((await echo("1 2")).response, null);
});

test("arraybuffer", async () => {
  for (const size of [0, 1, 100, 70000, 6000000]) {
    const xhr = await done(request("GET", "/bytes/" + size, { type: "arraybuffer" }));
    ok(xhr.response instanceof ArrayBuffer);
    equal(xhr.response, xhr.response);
    equal(xhr.response.byteLength, size);
    const bytes = new Uint8Array(xhr.response);
    for (let i = 0; i < size; i += 997) equal(bytes[i], i % 251);
    if (size > 0) {
      bytes[0] = 77;
      equal(new Uint8Array(xhr.response)[0], 77);
    }
    const { response } = xhr;
    xhr.open("GET", server);
    equal(xhr.response, null);
    if (size > 0) equal(new Uint8Array(response)[0], 77, "it outlives the request");
  }
});

test("blob", async () => {
  const xhr = await done(request("GET", "/json", { type: "blob" }));
  ok(xhr.response instanceof Blob);
  equal(xhr.response, xhr.response);
  equal(xhr.response.type, "application/json");
  ok(xhr.response.size > 50);
  equal((await done(request("GET", "/bytes/0", { type: "blob" }))).response.size, 0);
});

test("document: null for now", async () => {
  const xhr = await done(request("GET", "/json", { type: "document" }));
  equal(xhr.response, null);
  equal(xhr.responseXML, null);
  throws("InvalidStateError", () => xhr.responseText);
});

test("responseText while it is loading", async () => {
  const xhr = request("GET", "/drip?n=5&ms=60");
  const texts = [];
  xhr.onprogress = () => texts.push(xhr.responseText);
  await done(xhr);
  ok(texts.length >= 3, "progress " + texts.length);
  texts.reduce((before, text) => (ok(text.startsWith(before)), text));
  equal(xhr.responseText, texts.at(-1));
  equal(xhr.response, xhr.responseText);
});

test("text in pieces, multi-byte", async () => {
  const body = "a\u00e9\u20ac\ud83d\ude00".repeat(200000);
  const xhr = request("POST", "/echo?raw", { body });
  let pieces = 0;
  xhr.onreadystatechange = () => {
    if (xhr.readyState !== 3) return;
    pieces++;
    ok(body.startsWith(xhr.responseText));
  };
  await done(xhr);
  ok(xhr.responseText === body, `${xhr.responseText.length} of ${body.length}`);
  ok(pieces > 0);
});

test("bodies: strings, buffers, views, URLSearchParams, Blob, FormData", async () => {
  const echo = async (body, headers) => {
    const xhr = await done(request("POST", "/echo", { type: "json", body, headers }));
    const received = xhr.response.headers;
    const header = Array.isArray(received)
      ? received.find(([name]) => name.toLowerCase() === "content-type")?.[1]
      : Object.entries(received).find(([name]) => name.toLowerCase() === "content-type")?.[1];
    return [xhr.response.body, header];
  };
  let [body, type] = await echo("h\u00e9\ud800");
  equal(body, "h\xc3\xa9\xef\xbf\xbd", "the server shows each byte as one character");
  equal(type, "text/plain;charset=UTF-8");
  [, type] = await echo("x", { "Content-Type": "a/b;charset=latin1" });
  equal(type, "a/b;charset=UTF-8");
  const bytes = new Uint8Array([97, 98, 99, 100]);
  [body, type] = await echo(bytes.buffer);
  equal(body, "abcd");
  equal(type, undefined);
  [body] = await echo(bytes.subarray(1, 3));
  equal(body, "bc");
  [body] = await echo(new DataView(bytes.buffer, 2));
  equal(body, "cd");
  [body, type] = await echo(new URLSearchParams({ a: "1 2", b: "\u00e9" }));
  equal(body, "a=1+2&b=%C3%A9");
  equal(type, "application/x-www-form-urlencoded;charset=UTF-8");
  [body, type] = await echo(new Blob(["blob"], { type: "x/y" }));
  equal(body, "blob");
  equal(type, "x/y");
  const form = new FormData();
  form.append("name", "value");
  [body, type] = await echo(form);
  ok(type.startsWith("multipart/form-data; boundary="), type);
  ok(body.includes('name="name"\r\n\r\nvalue\r\n'));
  [body, type] = await echo({ toString: () => "object" });
  equal(body, "object");
  [body, type] = await echo(null);
  equal(body, "");
  equal(type, undefined);
  const xhr = new XMLHttpRequest();
  xhr.open("POST", server + "/echo");
  throws(TypeError, () => xhr.send(new SharedArrayBuffer(4)));
  throws(TypeError, () => xhr.send(new Uint8Array(new SharedArrayBuffer(4))));
  equal(xhr.readyState, 1);
});

test("a view is copied when it is sent", async () => {
  const bytes = new Uint8Array([97, 97]);
  const xhr = request("POST", "/echo?raw", { body: bytes });
  bytes.fill(98);
  equal((await done(xhr)).responseText, "aa");
});

test("upload events", async () => {
  const xhr = new XMLHttpRequest();
  const log = [];
  for (const type of ["loadstart", "progress", "load", "loadend"])
    xhr.upload.addEventListener(type, (event) => {
      equal(event.target, xhr.upload);
      log.push(type);
    });
  xhr.open("POST", server + "/upload");
  xhr.send(new Uint8Array(1000000));
  xhr.onloadstart = () => ok(false, "loadstart has been fired already");
  await done(xhr);
  equal(log[0], "loadstart");
  ok(log.filter((type) => type === "progress").length >= 1);
  arrayEqual(log.slice(-2), ["load", "loadend"]);
});

test("a failure", async () => {
  const xhr = request("GET", "/close");
  const event = await next(xhr, "error");
  equal(xhr.readyState, 4);
  equal(xhr.status, 0);
  equal(xhr.responseText, "");
  equal(xhr.failure.code, "EMPTY_REPLY");
  equal(xhr.failure.phase, "receive");
  equal(xhr.failure.host, "127.0.0.1");
  equal(event.message, xhr.failure.message);
  ok(event.message.length > 5);
  await next(xhr, "loadend");
});

test("timeout", async () => {
  const xhr = new XMLHttpRequest();
  xhr.open("GET", server + "/delay/5000");
  xhr.timeout = 50;
  xhr.send();
  const event = await next(xhr, "timeout");
  equal(event.type, "timeout");
  equal(xhr.failure.code, "TIMEOUT");
});

test("abort", async () => {
  const xhr = request("GET", "/delay/5000");
  const log = [];
  xhr.onreadystatechange = () => log.push(xhr.readyState);
  xhr.onabort = () => log.push("abort");
  xhr.onloadend = () => log.push("loadend");
  xhr.abort();
  arrayEqual(log, [4, "abort", "loadend"]);
  equal(xhr.readyState, 0);
});

test("open during a request starts another", async () => {
  const xhr = request("GET", "/delay/5000");
  xhr.open("GET", server + "/json");
  xhr.send();
  await done(xhr);
  equal(xhr.status, 200);
});

test("a listener that sends again", async () => {
  const xhr = request("GET", "/json");
  let count = 0;
  await new Promise((resolve) => {
    xhr.onload = () => {
      if (++count === 3) return resolve();
      xhr.open("GET", server + "/json");
      xhr.send();
    };
  });
  equal(count, 3);
});

test("microtasks run behind each listener", async () => {
  const xhr = request("GET", "/json");
  const log = [];
  xhr.addEventListener("load", () => {
    log.push("first");
    Promise.resolve().then(() => log.push("microtask"));
  });
  xhr.addEventListener("load", () => log.push("second"));
  await done(xhr);
  arrayEqual(log, ["first", "microtask", "second"]);
  log.length = 0;
  const aborted = request("GET", "/delay/1000");
  aborted.addEventListener("abort", () => {
    log.push("first");
    Promise.resolve().then(() => log.push("microtask"));
  });
  aborted.addEventListener("abort", () => log.push("second"));
  aborted.abort();
  arrayEqual(log, ["first", "second"], "not while script is on the stack");
});

test("exceptions of listeners are reported", async () => {
  const xhr = request("GET", "/json");
  xhr.onload = () => {
    throw new RangeError("in onload");
  };
  const errors = await reported(() => done(xhr));
  equal(errors.length, 1);
  equal(errors[0].error.message, "in onload");
});

test("subclasses, and patched prototypes", async () => {
  class Mine extends XMLHttpRequest {
    get path() {
      return new URL(this.responseURL).pathname;
    }
    send(body) {
      this.sent = true;
      super.send(body);
    }
  }
  const xhr = new Mine();
  xhr.open("GET", server + "/json");
  xhr.send();
  await done(xhr);
  equal(xhr.path, "/json");
  ok(xhr.sent && xhr instanceof XMLHttpRequest);
  const { open } = XMLHttpRequest.prototype;
  let patched;
  XMLHttpRequest.prototype.open = function (...args) {
    patched = args;
    return open.apply(this, args);
  };
  await done(request("GET", "/json"));
  equal(patched[0], "GET");
  XMLHttpRequest.prototype.open = open;
  const { get } = Object.getOwnPropertyDescriptor(XMLHttpRequest.prototype, "responseText");
  ok(get.call(await done(request("GET", "/json"))).includes("message"));
});

test("many at once", async () => {
  const all = [];
  for (let i = 0; i < 64; i++) all.push(done(request("GET", "/bytes/" + i, { type: "arraybuffer" })));
  (await Promise.all(all)).forEach((xhr, i) => equal(xhr.response.byteLength, i));
});

test("a dropped one without listeners still goes out, whole", async () => {
  request("POST", "/hold?n=2", { body: new Uint8Array(3000000) });
  globalThis.gc?.();
  const other = await done(request("GET", "/hold?n=2"));
  equal(other.status, 200, "the server answers when both are there");
});

test("dropped ones go away", () =>
  collected((made) => {
    for (let i = 0; i < (stress ? 200 : 10000); i++) {
      const xhr = made(new XMLHttpRequest());
      xhr.open("GET", server);
      xhr.onload = () => xhr;
      made(xhr.upload).onprogress = made(() => xhr);
    }
  }));

test("sent ones go away too, once they are done", () =>
  collected(async (made) => {
    const all = [];
    for (let i = 0; i < 40; i++) {
      const xhr = made(request("GET", "/json"));
      xhr.onload = made((event) => made(event) && xhr.responseText);
      all.push(done(xhr));
    }
    await Promise.all(all);
  }));
