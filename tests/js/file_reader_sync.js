// FileReaderSync, which workers have; and blob: URLs that cross the borders of workers.
import { arrayEqual, equal, next, ok, test, throws } from "./support/assert.js";

// The value that `code`, the body of an async function of `input`, has in a worker.
async function inWorker(code, input) {
  const url = URL.createObjectURL(new Blob([`onmessage = async ({ data }) => {
    try {
      postMessage({ value: await (async (input) => { ${code} })(data) });
    } catch (error) {
      postMessage({ error: error.name + ": " + error.message });
    }
  };`]));
  const worker = new Worker(url);
  worker.postMessage(input);
  const { data } = await next(worker, "message");
  URL.revokeObjectURL(url);
  if (data.error)
    throw new Error(data.error);
  return [data.value, worker];
}

const value = async (code, input) => {
  const [result, worker] = await inWorker(code, input);
  worker.terminate();
  return result;
};

test("only workers have it", async () => {
  equal(typeof FileReaderSync, "undefined");
  arrayEqual(await value(`return [FileReaderSync.length, FileReaderSync.name, String(new FileReaderSync()),
    ...["readAsArrayBuffer", "readAsBinaryString", "readAsText", "readAsDataURL"].map((name) =>
      FileReaderSync.prototype[name].length)]`), [0, "FileReaderSync", "[object FileReaderSync]", 1, 1, 1, 1]);
});

test("each method", async () => {
  const blob = new Blob([new Uint8Array([0xe4, 0x62]), "c"], { type: "text/plain;charset=windows-1252" });
  arrayEqual(await value(`const reader = new FileReaderSync();
    return [reader.readAsText(input), reader.readAsText(input, "utf-8"), reader.readAsText(input, "nonsense"),
      reader.readAsText(input, undefined), reader.readAsDataURL(input), reader.readAsBinaryString(input),
      [...new Uint8Array(reader.readAsArrayBuffer(input))].join()]`, blob),
  ["äbc", "\ufffdbc", "äbc", "äbc", "data:text/plain;charset=windows-1252;base64,5GJj", "\u00e4bc", "228,98,99"]);
  arrayEqual(await value(`const reader = new FileReaderSync();
    return [reader.readAsText(input), reader.readAsDataURL(input), reader.readAsArrayBuffer(input).byteLength]`,
  new Blob()), ["", "data:application/octet-stream;base64,", 0]);
});

test("of several pieces; its ArrayBuffer is the script's own", async () => {
  const blob = new Blob(["one", new Blob(["two"]), "three"]).slice(1, 9);
  arrayEqual(await value(`const reader = new FileReaderSync();
    const buffer = reader.readAsArrayBuffer(input);
    new Uint8Array(buffer).fill(0);
    const whole = new Blob(["abc"]);
    new Uint8Array(reader.readAsArrayBuffer(whole)).fill(0);
    return [reader.readAsText(input), reader.readAsText(whole), buffer.byteLength]`, blob), ["netwothr", "abc", 8]);
});

test("what it refuses", async () => {
  arrayEqual(await value(`const reader = new FileReaderSync(), log = [];
    for (const call of [() => reader.readAsText(), () => reader.readAsText("x"), () => reader.readAsArrayBuffer(null),
      () => FileReaderSync(), () => reader.readAsText.call({}, input), () => reader.readAsText(input, Symbol("x"))]) {
      try { call(); log.push("done"); } catch (error) { log.push(error.constructor.name); }
    }
    return log`, new Blob()), Array(6).fill("TypeError"));
});

test("a worker's blob: URL goes with it", async () => {
  const [url, worker] = await inWorker(`return URL.createObjectURL(new Blob(["of the worker"]))`);
  const xhr = new XMLHttpRequest();
  xhr.open("GET", url, false);
  xhr.send();
  equal(xhr.responseText, "of the worker");
  worker.terminate();
  for (let i = 0; i < 200; i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    xhr.open("GET", url, false);
    try { xhr.send(); } catch { return; }
  }
  ok(false, "it is still there");
});

test("a worker fetches, and revokes, its maker's", async () => {
  const url = URL.createObjectURL(new Blob(["of its maker"]));
  equal(await value(`const xhr = new XMLHttpRequest();
    xhr.open("GET", input, false);
    xhr.send();
    URL.revokeObjectURL(input);
    return xhr.responseText`, url), "of its maker");
  const xhr = new XMLHttpRequest();
  xhr.open("GET", url, false);
  throws(DOMException, () => xhr.send());
});
