// XMLHttpRequest in workers: what is asked of windows alone is not asked there, and there are no documents.
import { arrayEqual, equal, next, ok, server, test } from "./support/assert.js";

// What a worker posts that runs the body of `call`, whose argument is the server's URL.
async function inWorker(call) {
  const code = `onerror = null; Promise.resolve((${call})(${JSON.stringify(server)})).then(postMessage, (error) => postMessage(String(error)))`;
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(code)}`);
  worker.addEventListener("error", ({ message }) => console.error(message));
  const { data } = await next(worker, "message");
  worker.terminate();
  return data;
}

test("no documents", async () => {
  arrayEqual(await inWorker(() => {
    const xhr = new XMLHttpRequest();
    const log = ["responseXML" in xhr, typeof xhr.responseXML, typeof Document];
    for (const type of ["json", "document", "", "document", "text"]) {
      xhr.responseType = type;
      log.push(xhr.responseType);
    }
    // It is ignored before anything else is asked.
    xhr.open("GET", "data:,", false);
    xhr.send();
    xhr.responseType = "document";
    return [...log, xhr.responseType];
  }), [false, "undefined", "undefined", "json", "json", "", "", "text", "text"]);
});

test("synchronous ones have a timeout and every response type", async () => {
  arrayEqual(await inWorker(async (server) => {
    const log = [];
    for (const type of ["", "text", "json", "arraybuffer", "blob"]) {
      const xhr = new XMLHttpRequest();
      xhr.timeout = 20000;
      xhr.responseType = type;
      xhr.open("POST", server + "/echo?raw", false);
      xhr.timeout = 30000;
      xhr.responseType = type;
      xhr.send("[1]");
      log.push(typeof xhr.response === "string" ? xhr.response : xhr.response.byteLength ?? xhr.response.size ?? xhr.response[0]);
    }
    const late = new XMLHttpRequest();
    late.open("GET", server + "/delay/60000", false);
    late.timeout = 50;
    try {
      late.send();
    } catch (error) {
      log.push(error.name, error instanceof DOMException);
    }
    return log;
  }), ["[1]", "[1]", 1, 3, 3, "TimeoutError", true]);
});

test("nothing of the worker's happens while one is waited for, and the page goes on", async () => {
  let ticks = 0;
  const interval = setInterval(() => ticks++, 5);
  const log = await inWorker((server) => new Promise((resolve) => {
    const log = [];
    setTimeout(() => log.push("timer"));
    const other = new XMLHttpRequest();
    other.open("GET", server + "/text");
    other.onload = () => log.push("other");
    other.send();
    const xhr = new XMLHttpRequest();
    xhr.open("GET", server + "/delay/300", false);
    xhr.onload = () => log.push("load");
    xhr.send();
    log.push("sent");
    setTimeout(() => resolve(log), 200);
  }));
  clearInterval(interval);
  arrayEqual(log.slice(0, 2), ["load", "sent"]);
  arrayEqual(log.slice(2).sort(), ["other", "timer"]);
  ok(ticks > 10, `${ticks} ticks`);
});

test("terminated while one is waited for", async () => {
  const code = `postMessage(0); const xhr = new XMLHttpRequest(); xhr.open("GET", "${server}/delay/60000", false); xhr.send(); postMessage(1)`;
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(code)}`);
  let messages = 0;
  worker.onmessage = () => messages++;
  await next(worker, "message");
  await new Promise((resolve) => setTimeout(resolve, 50));
  worker.terminate();
  await new Promise((resolve) => setTimeout(resolve, 100));
  equal(messages, 1);
});
