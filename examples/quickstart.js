/*
 * libxhr in one script: ten things that scripts do with XMLHttpRequest, outside a browser.
 *
 *   xhr run examples/quickstart.js http://127.0.0.1:8080   (the address of tests/servers/test_server.c; scripts/run starts it)
 *
 * Everything here is the standard's, but for `program` (the command line) and `failure` (why a request failed).
 */
const MIB = 1024 * 1024;
const server = program.args[0];
let wrong = 0; // how many rows were not as expected

if (!server) {
  console.error("usage: xhr run quickstart.js http://HOST:PORT (of the test server; scripts/run does it all)");
  program.exit(2);
}

/* ---- requests ------------------------------------------------------------------------------------- */

/* One request. `prepare` sets what is special about it; the promise gives what came of it, whatever that is. */
function request(method, path, { body = null, prepare = () => {} } = {}) {
  return new Promise((resolve) => {
    const xhr = new XMLHttpRequest();
    const job = { xhr, outcome: null, progress: 0, bytes: 0, started: performance.now(), took: 0 };
    xhr.open(method, new URL(path, server).href);
    prepare(xhr, job);
    /* load, error, timeout and abort: exactly one of them comes, and then loadend. */
    for (const type of ["load", "error", "timeout", "abort"]) {
      xhr.addEventListener(type, (event) => {
        job.outcome = event.type;
        job.bytes = event.loaded;
      });
    }
    xhr.onloadend = () => {
      job.took = performance.now() - job.started;
      resolve(job);
    };
    xhr.send(body);
  });
}

/* ---- the table ------------------------------------------------------------------------------------ */

function headOfTable() {
  console.log("%s %s %s %s %s %s", "name".padEnd(13), "asked for".padEnd(34), "what happened".padEnd(46),
    "status".padStart(6), "bytes".padStart(9), "time".padStart(8));
}

/* The event, or for a request that failed the cause as well. */
function describe({ xhr, outcome }) {
  return xhr.failure ? `${outcome}: ${xhr.failure.code} (phase ${xhr.failure.phase})` : outcome;
}

function row(name, asked, happened, job, asExpected) {
  if (!asExpected)
    happened = describe(job);
  console.log("%s %s %s %s %s %s%s", name.padEnd(13), asked.padEnd(34), happened.padEnd(46),
    String(job.xhr.status || "-").padStart(6), String(job.bytes).padStart(9),
    `${Math.round(job.took)} ms`.padStart(8), asExpected ? "" : "  UNEXPECTED");
  wrong += !asExpected;
}

/* ---- the ten -------------------------------------------------------------------------------------- */

async function json() {
  const job = await request("GET", "/json", { prepare: (xhr) => { xhr.responseType = "json"; } });
  const answer = job.xhr.response;
  row("JSON", "GET /json", `numbers are ${answer?.numbers}`, job, answer?.nested.ok === true);
}

async function download() {
  const job = await request("GET", "/bytes/67108864", {
    prepare: (xhr, job) => {
      xhr.responseType = "arraybuffer";
      xhr.onprogress = () => { job.progress++; };
    },
  });
  const bytes = new Uint8Array(job.xhr.response ?? []);
  /* The server's byte i is i modulo 251. */
  const good = bytes.length === 64 * MIB && bytes.at(-1) === (64 * MIB - 1) % 251;
  row("download", "GET /bytes/67108864", `64 MiB in memory, ${job.progress} progress events`, job, good);
}

async function upload() {
  const job = await request("POST", "/upload", {
    body: new Uint8Array(16 * MIB),
    /* Events of the upload object tell of the request's body. */
    prepare: (xhr, job) => { xhr.upload.onprogress = () => { job.progress++; }; },
  });
  const received = job.outcome === "load" && JSON.parse(job.xhr.responseText).received;
  row("upload", "POST /upload, 16 MiB", `all counted by the server, ${job.progress} progress events`, job,
    received === 16 * MIB && job.progress > 0);
}

async function form() {
  const fields = new FormData();
  fields.append("name", "Grüße");
  fields.append("notes", new File(["two\n", new Blob(["parts"])], "notes.txt", { type: "text/plain" }));
  const job = await request("POST", "/echo", { body: fields, prepare: (xhr) => { xhr.responseType = "json"; } });
  const { headers = [], body = "" } = job.xhr.response ?? {};
  const type = headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
  row("form", "POST /echo, FormData with a File", "multipart, as a browser sends it", job,
    type.startsWith("multipart/form-data; boundary=") && body.includes('filename="notes.txt"') &&
      body.includes("two\nparts"));
}

async function blob() {
  const job = await request("GET", "/text?bytes=1000", { prepare: (xhr) => { xhr.responseType = "blob"; } });
  const answer = job.xhr.response;
  const start = answer ? await answer.slice(0, 19).text() : "";
  row("Blob", "GET /text?bytes=1000", `${answer?.type}: ${start}`, job,
    answer instanceof Blob && answer.size === 1000 && start === "The quick brown fox");
}

async function redirect() {
  const job = await request("GET", "/redirect/302?to=/text");
  row("redirect", "GET /redirect/302?to=/text", `came to ${job.xhr.responseURL}`, job,
    job.xhr.responseURL.endsWith("/text"));
}

async function timeout() {
  const job = await request("GET", "/delay/60000", { prepare: (xhr) => { xhr.timeout = 250; } });
  row("timeout", "GET /delay/60000, timeout 250 ms", describe(job), job, job.outcome === "timeout");
}

async function abort() {
  const job = await request("GET", "/delay/60000", {
    prepare: (xhr) => { AbortSignal.timeout(100).onabort = () => xhr.abort(); },
  });
  row("abort", "GET /delay/60000, a signal's abort", describe(job), job, job.outcome === "abort");
}

async function refused() {
  const job = await request("GET", "http://127.0.0.1:2/");
  const { failure } = job.xhr;
  row("refused", "GET http://127.0.0.1:2/", describe(job), job, failure?.code === "CONNECT_REFUSED");
  if (failure)
    console.log("%s why: host %s: %s", "".padEnd(13), failure.host, failure.message);
}

async function tenAtOnce() {
  const started = performance.now();
  const jobs = await Promise.all(Array.from({ length: 10 }, () => request("GET", "/delay/200")));
  const answered = jobs.filter((job) => job.outcome === "load").length;
  const all = { ...jobs[0], took: performance.now() - started, bytes: jobs.reduce((sum, job) => sum + job.bytes, 0) };
  row("ten at once", "10 times GET /delay/200", `${answered} of 10 answered, side by side`, all, answered === 10);
}

/* This script has no origin, so that every URL is same-origin to it. `xhr run --origin` gives it one, and then requests
 * are refused that a browser would refuse; scripts/run shows such a refusal. */

console.log(`libxhr ${program.version} and ${server}\n`);
headOfTable();
for (const example of [json, download, upload, form, blob, redirect, timeout, abort, refused, tenAtOnce])
  await example();
console.log(`\n${wrong ? "Not all went as expected." : "All went as expected."}`);
if (wrong)
  program.exit(1);
