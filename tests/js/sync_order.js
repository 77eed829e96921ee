// Synchronous requests among others: nothing else happens while one is waited for, wherever it is sent from, and nothing is
// lost or out of order behind it.
import { arrayEqual, equal, next, ok, reported, server, stress, test, throws } from "./support/assert.js";

const eventTypes = ["loadstart", "progress", "load", "error", "abort", "timeout", "loadend"];

let waiting = false;

// Sends and waits; whatever is called meanwhile finds `waiting` set.
function sync(path = "/text", { method = "GET", body, timeout = 0 } = {}) {
  const xhr = new XMLHttpRequest();
  xhr.open(method, server + path, false);
  xhr.timeout = timeout;
  const outer = waiting;
  waiting = true;
  // The first of its own events: it is over.
  xhr.addEventListener("readystatechange", () => (waiting = outer), { once: true });
  try {
    xhr.send(body);
  } finally {
    waiting = outer;
  }
  return xhr;
}

// All that is fired at a request and its upload object, which must not be while one is waited for.
function watch(xhr, log = []) {
  const note = (word) => {
    ok(!waiting, `${word} while a synchronous request is waited for`);
    log.push(word);
  };
  xhr.addEventListener("readystatechange", () => note(xhr.readyState));
  for (const type of eventTypes) {
    xhr.addEventListener(type, () => note(type));
    xhr.upload.addEventListener(type, () => note("u." + type));
  }
  return log;
}

function async(method, path, log) {
  const xhr = new XMLHttpRequest();
  xhr.open(method, server + path);
  watch(xhr, log);
  return xhr;
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

test("a hundred in flight, and one that is waited for", async () => {
  const count = stress ? 40 : 100;
  const order = [];
  const all = Array.from({ length: count }, (_, i) => {
    const log = [];
    // All sorts: with a body and without, kept waiting, in pieces, failing.
    const [method, path] = [["GET", "/text"], ["POST", "/upload"], ["GET", `/delay/${i}`], ["GET", "/drip?n=3&ms=20"], ["GET", "/close"]][i % 5];
    const xhr = async(method, path, log);
    xhr.addEventListener("loadend", () => order.push(i));
    const over = next(xhr, "loadend");
    xhr.send(method === "POST" ? new Uint8Array(1000) : null);
    log.length = 0;
    return { log, over, kind: i % 5 };
  });
  let timers = 0;
  setTimeout(() => (ok(!waiting), timers++));
  const interval = setInterval(() => (ok(!waiting), timers++), 5);
  queueMicrotask(() => (ok(!waiting), timers++));
  equal(sync("/delay/400").status, 200);
  equal(timers, 0);
  equal(order.length, 0);
  for (const { log } of all) equal(log.length, 0);
  await Promise.all(all.map(({ over }) => over));
  clearInterval(interval);
  ok(timers >= 2);
  for (const { log, kind } of all) {
    // Once each: how many there are is a matter of time, and the last one may come without a readystatechange.
    const again = (word, i) => (word === 3 || word === "progress") && log.indexOf(word) < i;
    const words = log.filter((word, i) => !again(word, i));
    const body = [2, 3, "progress", 4, "load", "loadend"];
    if (kind === 4) arrayEqual(words, [4, "error", "loadend"]);
    else if (kind === 1) arrayEqual(words, ["u.progress", "u.load", "u.loadend", ...body]);
    else arrayEqual(words, body);
  }
  equal(new Set(order).size, count);
});

test("inside a progress listener of another, with more to come", async () => {
  for (const path of ["/drip?n=8&ms=60", "/bytes/30000000"]) {
    const log = [], loaded = [];
    const xhr = async("GET", path, log);
    if (path.startsWith("/bytes")) xhr.responseType = "arraybuffer";
    xhr.addEventListener("progress", (event) => {
      loaded.push(event.loaded);
      if (loaded.length > 2) return;
      const text = xhr.responseType === "" && xhr.responseText;
      const length = log.length;
      const inner = sync("/delay/130");
      equal(inner.status, 200);
      equal(log.length, length);
      equal(xhr.readyState, 3);
      if (xhr.responseType === "") ok(xhr.responseText.startsWith(text));
      // Another one, and one that fails.
      equal(sync("/bytes/100000").responseText.length, 100000);
      throws("NetworkError", () => sync("/close"));
    });
    const over = next(xhr, "loadend");
    xhr.send();
    await over;
    equal(xhr.status, 200);
    ok(loaded.length >= 2, `${loaded.length} progress events`);
    loaded.reduce((before, now) => (ok(now >= before), now));
    if (xhr.responseType === "") {
      equal(xhr.responseText, "drip\n".repeat(8));
    } else {
      const bytes = new Uint8Array(xhr.response);
      equal(bytes.length, 30000000);
      for (let i = 0; i < bytes.length; i += 9973) equal(bytes[i], i % 251);
    }
    arrayEqual(log.slice(0, 4), ["loadstart", 2, 3, "progress"]);
    arrayEqual(log.slice(-3), [4, "load", "loadend"]);
  }
});

test("inside the upload's listeners of another", async () => {
  const size = 4000000;
  const log = [], loaded = [];
  const xhr = async("POST", "/upload?slow=1", log);
  for (const type of ["loadstart", "progress", "load", "loadend"])
    xhr.upload.addEventListener(type, (event) => {
      loaded.push(event.loaded);
      equal(event.total, size);
      if (loaded.length < 3 || type !== "progress") equal(sync("/delay/70").status, 200);
    });
  const over = next(xhr, "loadend");
  xhr.send(new Uint8Array(size));
  await over;
  loaded.reduce((before, now) => (ok(now >= before), now));
  ok(loaded.length > 4, `${loaded.length} events`);
  equal(loaded.at(-1), size);
  equal(JSON.parse(xhr.responseText).received, size);
  arrayEqual(log.filter((word, i) => word !== "u.progress" || log[i - 1] !== word),
    ["loadstart", "u.loadstart", "u.progress", "u.load", "u.loadend", 2, 3, "progress", 4, "load", "loadend"]);
});

test("inside every listener of others, ended in every way", async () => {
  for (const [path, last] of [["/text", "load"], ["/close", "error"], ["/delay/60000", "timeout"], ["/delay/60000", "abort"]]) {
    const log = [];
    const xhr = async("POST", path, log);
    if (last === "timeout") xhr.timeout = 50;
    for (const target of [xhr, xhr.upload])
      for (const type of [...eventTypes, "readystatechange"]) target.addEventListener(type, () => equal(sync().status, 200));
    const over = next(xhr, "loadend");
    xhr.send("body");
    if (last === "abort") xhr.abort();
    await over;
    equal(log.at(-1), "loadend");
    ok(log.includes(last), last);
  }
});

test("in timers, which keep their order", async () => {
  const log = [];
  const note = (word) => {
    ok(!waiting);
    log.push(word);
  };
  setTimeout(() => {
    note("first [");
    sync("/delay/60");
    note("]");
  });
  setTimeout(() => note("second"), 1);
  setTimeout(() => note("fourth"), 30);
  setTimeout(() => note("third"), 20);
  const interval = setInterval(() => ok(!waiting), 1);
  await pause(100);
  clearInterval(interval);
  arrayEqual(log, ["first [", "]", "second", "third", "fourth"]);
});

test("in microtasks, and microtasks behind it", async () => {
  const log = [];
  const all = [];
  all.push(Promise.resolve().then(() => {
    log.push("a [");
    queueMicrotask(() => log.push("queued"));
    equal(sync("/delay/20").status, 200);
    log.push("]");
  }));
  all.push(Promise.resolve().then(() => log.push("b")));
  all.push((async () => {
    await null;
    log.push("c [");
    sync();
    log.push("]");
  })());
  await Promise.all(all);
  arrayEqual(log, ["a [", "]", "b", "c [", "]", "queued"]);
});

test("its own listeners run inside send(), their microtasks after it", async () => {
  const log = [];
  const xhr = new XMLHttpRequest();
  xhr.open("GET", server + "/text", false);
  for (const type of ["readystatechange", "load", "loadend"])
    xhr.addEventListener(type, () => {
      log.push(type);
      queueMicrotask(() => log.push("microtask of " + type));
    });
  xhr.send();
  log.push("sent");
  await pause(0);
  arrayEqual(log, ["readystatechange", "load", "loadend", "sent", "microtask of readystatechange", "microtask of load", "microtask of loadend"]);
});

test("within one another", () => {
  const log = [];
  let depth = 0;
  const down = () => {
    const xhr = new XMLHttpRequest();
    const level = ++depth;
    xhr.open("GET", server + "/bytes/" + level, false);
    for (const type of ["readystatechange", "load", "loadend"])
      xhr.addEventListener(type, () => {
        log.push(`${level} ${type}`);
        if (depth < 4) down();
        equal(xhr.responseText.length, level);
      });
    xhr.send();
    equal(xhr.responseText.length, level);
    log.push(`${level} sent`);
  };
  down();
  const rest = (level) => [`${level} load`, `${level} loadend`, `${level} sent`];
  arrayEqual(log, ["1 readystatechange", "2 readystatechange", "3 readystatechange", "4 readystatechange", ...rest(4), ...rest(3), ...rest(2), ...rest(1)]);
});

test("the same object again, inside its own events", () => {
  for (const type of ["readystatechange", "load", "loadend"]) {
    const xhr = new XMLHttpRequest();
    const lengths = [];
    xhr.open("GET", server + "/bytes/1", false);
    xhr.addEventListener(type, () => {
      if (xhr.readyState !== 4 || lengths.length === 3) return;
      lengths.push(xhr.responseText.length);
      xhr.open("GET", server + "/bytes/" + (lengths.length + 1), false);
      xhr.send();
    });
    xhr.send();
    arrayEqual(lengths, [1, 2, 3], type);
    equal(xhr.responseText.length, 4);
  }
});

test("asynchronous in the events of a synchronous one, and the other way round", async () => {
  const xhr = new XMLHttpRequest();
  xhr.open("GET", server + "/text", false);
  let other;
  xhr.onload = () => {
    other = async("GET", "/json");
    other.send();
    equal(sync("/delay/30").status, 200);
    equal(other.readyState, 1);
  };
  xhr.send();
  equal(other.readyState, 1);
  await next(other, "load");
  // The same object, made asynchronous by its own listener.
  const log = [];
  xhr.onload = () => {
    xhr.onload = () => log.push("load");
    xhr.open("GET", server + "/json");
    xhr.send();
    log.push("opened");
  };
  xhr.open("GET", server + "/text", false);
  xhr.send();
  log.push("sent");
  equal(xhr.readyState, 1);
  await next(xhr, "loadend");
  arrayEqual(log, ["opened", "sent", "load"]);
});

test("aborted in its own events", () => {
  for (const type of ["readystatechange", "load"]) {
    const xhr = new XMLHttpRequest();
    const log = watch(xhr);
    xhr.open("GET", server + "/text", false);
    xhr.addEventListener(type, () => xhr.readyState === 4 && xhr.abort());
    xhr.send();
    arrayEqual(log, [1, 4, "load", "loadend"]);
    equal(xhr.readyState, 0);
    equal(xhr.status, 0);
    equal(xhr.responseText, "");
  }
});

test("while an error is reported", async () => {
  const log = [];
  const listener = () => log.push(sync("/delay/20").status);
  const errors = await reported(async () => {
    addEventListener("error", listener);
    const xhr = async("GET", "/text");
    xhr.addEventListener("load", () => {
      throw new Error("in a listener");
    });
    const over = next(xhr, "loadend");
    xhr.send();
    await over;
    removeEventListener("error", listener);
  });
  equal(errors.length, 1);
  arrayEqual(log, [200]);
});

test("what its own listeners throw is reported, and send() returns", async () => {
  const errors = await reported(() => {
    const xhr = new XMLHttpRequest();
    xhr.open("GET", server + "/text", false);
    xhr.onreadystatechange = xhr.onload = xhr.onloadend = ({ type }) => {
      throw new Error(type);
    };
    equal(xhr.send(), undefined);
    equal(xhr.status, 200);
  });
  arrayEqual(errors.map(({ error }) => error.message), ["readystatechange", "load", "loadend"]);
});

test("the same object's request in flight ends without a word", async () => {
  const xhr = new XMLHttpRequest();
  xhr.open("POST", server + "/delay/60000");
  xhr.send("body");
  const log = watch(xhr);
  xhr.open("GET", server + "/text", false);
  xhr.send();
  arrayEqual(log, [4, "load", "loadend"]);
  await pause(20);
  equal(log.length, 3);
});

// ---- failures

test("failures are told clearly, with nothing fired", () => {
  for (const [path, name, message] of [["/close", "NetworkError", /empty reply|died/i], ["/short", "NetworkError", /./], ["/garbage", "NetworkError", /./],
    ["/redirect-chain/21", "NetworkError", /redirect/i], ["/delay/60000", "TimeoutError", /40 ms|timed? ?out|timeout/i]]) {
    const xhr = new XMLHttpRequest();
    const log = watch(xhr);
    xhr.open("POST", server + path, false);
    xhr.timeout = name === "TimeoutError" ? 40 : 0;
    const error = throws(name, () => xhr.send("body"), path);
    ok(error instanceof DOMException && Object.getPrototypeOf(error) === DOMException.prototype);
    ok(message.test(error.message) && error.message.startsWith("send: "), error.message);
    arrayEqual(log, [1], path);
    equal(xhr.readyState, 4);
    equal(xhr.status, 0);
    equal(xhr.statusText, "");
    equal(xhr.responseURL, "");
    equal(xhr.responseText, "");
    equal(xhr.getAllResponseHeaders(), "");
    throws("InvalidStateError", () => xhr.send());
    xhr.abort();
    equal(xhr.readyState, 0);
    arrayEqual(log, [1]);
    // It serves again.
    xhr.open("GET", server + "/text", false);
    xhr.timeout = 0;
    xhr.send();
    equal(xhr.status, 200);
  }
});

test("timeout: the whole of it, and no more", () => {
  const ms = (call) => {
    const start = performance.now();
    call();
    return performance.now() - start;
  };
  for (const path of ["/delay/60000", "/drip?n=10000&ms=5", "/redirect/302?to=/delay/60000"]) {
    const took = ms(() => throws("TimeoutError", () => sync(path, { timeout: 150 })));
    ok(took >= 149 && took < 5000, `${path}: ${took} ms`);
  }
  const took = ms(() => throws("TimeoutError", () => sync("/upload?slow=50", { method: "POST", body: new Uint8Array(20000000), timeout: 150 })));
  ok(took >= 149 && took < 5000, `${took} ms`);
  equal(sync("/delay/20", { timeout: 30000 }).status, 200);
  ok(ms(() => equal(sync("/delay/100").status, 200)) >= 99);
});

test("those that failed disturb nobody", async () => {
  const log = [];
  const xhr = async("GET", "/drip?n=4&ms=40", log);
  const over = next(xhr, "loadend");
  xhr.send();
  throws("TimeoutError", () => sync("/delay/60000", { timeout: 50 }));
  throws("NetworkError", () => sync("/close"));
  arrayEqual(log, ["loadstart"]);
  await over;
  equal(xhr.responseText, "drip\n".repeat(4));
});

// ---- what else a synchronous request is

test("redirects, codings, null bodies, methods", () => {
  const redirected = sync("/redirect/307?to=/echo%3Fraw", { method: "POST", body: "sent twice" });
  equal(redirected.responseText, "sent twice");
  equal(redirected.responseURL, server + "/echo?raw");
  equal(sync("/gzip?bytes=100000").responseText.length, 100000);
  equal(sync("/status/204").responseText, "");
  equal(sync("/status/404").status, 404);
  const head = sync("/json", { method: "HEAD" });
  equal(head.responseText, "");
  ok(Number(head.getResponseHeader("content-length")) > 0);
  equal(sync("/bytes/20000000").responseText.length, 20000000);
});

test("the progress of load and loadend, and no upload's", () => {
  const xhr = new XMLHttpRequest();
  const told = [];
  for (const type of eventTypes) {
    xhr.upload["on" + type] = () => told.push("u." + type);
    xhr["on" + type] = (event) => told.push(`${event.type} ${event.loaded}/${event.total} ${event.lengthComputable} ${event.isTrusted} ${event.target === xhr}`);
  }
  for (const [path, total] of [["/bytes/7", "7/7 true"], ["/gzip?bytes=620", "620/0 false"], ["/drip?n=1", "5/0 false"], ["/status/204", "0/0 false"]]) {
    told.length = 0;
    xhr.open("POST", server + path, false);
    xhr.send("body");
    arrayEqual(told, [`load ${total} true true`, `loadend ${total} true true`]);
  }
});

test("every kind of response, every kind of body", async () => {
  const form = new FormData();
  form.append("a", "b");
  for (const body of ["text", new Uint8Array([1]), new ArrayBuffer(3), new Blob(["x"]), new File(["x"], "n"), form, new URLSearchParams("a"), null])
    for (const type of ["", "text", "json", "arraybuffer", "blob"]) {
      const xhr = new XMLHttpRequest();
      xhr.open("POST", server + "/echo", false);
      xhr.responseType = type;
      xhr.timeout = 20000;
      xhr.send(body);
      let text = xhr.response;
      if (type === "json") text = JSON.stringify(text);
      if (type === "arraybuffer") text = new TextDecoder().decode(text);
      if (type === "blob") text = await text.text();
      equal(JSON.parse(text).method, "POST");
      if (typeof body === "string") equal(JSON.parse(text).body, body);
    }
});
