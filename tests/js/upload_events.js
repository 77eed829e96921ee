// Whether an upload is told of is decided when it is sent; what is told, in which order, and how it ends.
import { arrayEqual, equal, next, ok, server, test } from "./support/assert.js";

const types = ["loadstart", "progress", "abort", "error", "load", "timeout", "loadend"];

function note(log, target, prefix, wanted = types) {
  for (const type of wanted)
    target.addEventListener(type, (event) => {
      equal(event.target, target);
      ok(event instanceof ProgressEvent && event.isTrusted && !event.bubbles && !event.cancelable);
      equal(event.lengthComputable, event.total !== 0);
      log.push(`${prefix}${type} ${event.loaded}/${event.total}`);
    });
}

// An upload of `size` bytes with a log of all that is fired, but for repeated progress.
function upload(path, size, { prepare, timeout = 0 } = {}) {
  const xhr = new XMLHttpRequest();
  const log = [];
  xhr.open("POST", server + path);
  xhr.timeout = timeout;
  prepare?.(xhr, log);
  note(log, xhr, "");
  xhr.addEventListener("readystatechange", () => log.push(xhr.readyState));
  const over = next(xhr, "loadend").then(() => log);
  xhr.send(new Uint8Array(size));
  return { xhr, log, over };
}

const everything = (xhr, log) => note(log, xhr.upload, "u.");
const uploads = (log) => log.filter((word) => String(word).startsWith("u."));
const withoutProgress = (log) => log.filter((word) => !/^u\.progress/.test(word));

test("all of it, in order", async () => {
  const log = await upload("/upload", 5, { prepare: everything }).over;
  const received = '{"received": 5}\n'.length;
  arrayEqual(log, ["loadstart 0/0", "u.loadstart 0/5", "u.progress 5/5", "u.load 5/5", "u.loadend 5/5", 2, 3,
    `progress ${received}/${received}`, 4, `load ${received}/${received}`, `loadend ${received}/${received}`]);
});

test("an empty body is one", async () => {
  const log = await upload("/upload", 0, { prepare: everything }).over;
  arrayEqual(uploads(log), ["u.loadstart 0/0", "u.progress 0/0", "u.load 0/0", "u.loadend 0/0"]);
});

test("a listener that comes after send() hears nothing", async () => {
  for (const late of [(xhr, log) => xhr.addEventListener("loadstart", () => everything(xhr, log)), (xhr, log) => setTimeout(() => everything(xhr, log))]) {
    const log = await upload("/upload?slow=1", 1000000, { prepare: late }).over;
    equal(uploads(log).length, 0);
  }
  const { xhr, log, over } = upload("/upload?slow=1", 1000000);
  everything(xhr, log);
  equal(uploads(await over).length, 0);
});

test("any listener there was decides, of whatever type", async () => {
  for (const first of [
    (upload) => upload.addEventListener("nonsense", () => {}),
    (upload) => upload.addEventListener("load", () => {}, { once: true, capture: true }),
    (upload) => upload.addEventListener("readystatechange", { handleEvent() {} }),
    (upload) => (upload.onabort = () => {}),
    (upload) => (upload.onerror = {}),
  ]) {
    // The others may come later.
    const log = await upload("/upload", 5, {
      prepare: (xhr, log) => {
        first(xhr.upload);
        xhr.addEventListener("loadstart", () => everything(xhr, log), { once: true });
      },
    }).over;
    arrayEqual(uploads(log), ["u.loadstart 0/5", "u.progress 5/5", "u.load 5/5", "u.loadend 5/5"], String(first));
  }
});

test("listeners that have gone by then do not", async () => {
  for (const gone of [
    (upload) => { upload.onload = () => {}; upload.onload = null; },
    (upload) => { const f = () => {}; upload.addEventListener("load", f); upload.removeEventListener("load", f); },
    (upload) => { upload.addEventListener("load", () => {}, { once: true }); upload.dispatchEvent(new Event("load")); },
    (upload) => { const controller = new AbortController(); upload.addEventListener("load", () => {}, { signal: controller.signal }); controller.abort(); },
    (upload) => upload.addEventListener("load", null),
    (upload) => upload.addEventListener("load", () => {}, { signal: AbortSignal.abort() }),
  ]) {
    const { xhr, log, over } = upload("/upload", 5, { prepare: (xhr) => gone(xhr.upload) });
    everything(xhr, log);
    equal(uploads(await over).length, 0, String(gone));
  }
});

test("open() forgets the decision, send() makes it again", async () => {
  const xhr = new XMLHttpRequest();
  const log = [];
  const listener = () => log.push("u.load");
  for (const listened of [true, false, true]) {
    log.length = 0;
    if (listened) xhr.upload.addEventListener("load", listener);
    else xhr.upload.removeEventListener("load", listener);
    xhr.open("POST", server + "/upload");
    xhr.send("body");
    await next(xhr, "load");
    arrayEqual(log, listened ? ["u.load"] : []);
  }
});

test("aborted while it goes on", async () => {
  for (const moment of ["loadstart", "progress"]) {
    const { log, over } = upload("/upload?slow=5", 10000000, {
      prepare: (xhr, log) => {
        everything(xhr, log);
        xhr.upload.addEventListener(moment, () => xhr.abort(), { once: true });
      },
    });
    await over;
    arrayEqual(withoutProgress(log), ["loadstart 0/0", "u.loadstart 0/10000000", 4, "u.abort 0/0", "u.loadend 0/0", "abort 0/0", "loadend 0/0"], moment);
  }
});

test("ended by a timeout, and by an error", async () => {
  const stalled = await upload("/upload?stall=1000000", 30000000, { prepare: everything, timeout: 150 }).over;
  arrayEqual(withoutProgress(stalled), ["loadstart 0/0", "u.loadstart 0/30000000", 4, "u.timeout 0/0", "u.loadend 0/0", "timeout 0/0", "loadend 0/0"]);
  ok(uploads(stalled).length > 3, "there was progress");
  const xhr = new XMLHttpRequest();
  const log = [];
  everything(xhr, log);
  note(log, xhr, "");
  xhr.open("POST", "http://127.0.0.1:1/");
  xhr.send("body");
  await next(xhr, "loadend");
  arrayEqual(log, ["loadstart 0/0", "u.loadstart 0/4", "u.error 0/0", "u.loadend 0/0", "error 0/0", "loadend 0/0"]);
});

test("once it is complete, what happens to the response is none of it", async () => {
  const log = await upload("/delay/60000", 5, { prepare: everything, timeout: 250 }).over;
  arrayEqual(log, ["loadstart 0/0", "u.loadstart 0/5", "u.progress 5/5", "u.load 5/5", "u.loadend 5/5", 4, "timeout 0/0", "loadend 0/0"]);
});

test("opened again while it goes on: not a word more", async () => {
  const { xhr, log } = upload("/upload?slow=20", 10000000, { prepare: everything });
  await next(xhr.upload, "progress");
  const length = log.length;
  xhr.open("GET", server + "/text");
  await new Promise((resolve) => setTimeout(resolve, 120));
  equal(log.length, length);
});

test("redirects: told once", async () => {
  const log = await upload("/redirect/307?to=/upload", 300000, { prepare: everything }).over;
  equal(log.filter((word) => /^u\.load /.test(word)).length, 1);
  equal(log.filter((word) => /^u\.loadstart/.test(word)).length, 1);
  let before = -1;
  for (const word of uploads(log)) {
    const loaded = Number(word.match(/ (\d+)\//)[1]);
    ok(loaded >= before, "never backwards");
    before = loaded;
  }
});

test("progress: at most every 50 ms, growing, the last of it always", async () => {
  const size = 40000000, times = [], loaded = [];
  const { over } = upload("/upload?slow=1", size, {
    prepare: ({ upload }) => (upload.onprogress = (event) => {
      times.push(performance.now());
      loaded.push(event.loaded);
      equal(event.total, size);
    }),
  });
  await over;
  ok(times.length >= 3, `${times.length} events`);
  ok(times.length <= (times.at(-1) - times[0]) / 50 + 3, `${times.length} events in ${times.at(-1) - times[0]} ms`);
  loaded.reduce((before, now) => (ok(now > before), now));
  equal(loaded.at(-1), size);
  equal(loaded.filter((bytes) => bytes === size).length, 1);
});
