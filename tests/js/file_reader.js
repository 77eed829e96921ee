// FileReader.
import { arrayEqual, equal, gc, ok, test, throws } from "./support/assert.js";

const events = ["loadstart", "progress", "load", "abort", "error", "loadend"];

function logged(reader) {
  const log = [];
  for (const type of events) reader.addEventListener(type, (event) => log.push(`${event.type} ${event.loaded}/${event.total}`));
  return log;
}

function read(method, blob, ...rest) {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onloadend = () => resolve(reader.error ?? reader.result);
    reader[method](blob, ...rest);
  });
}

test("FileReader's shape", () => {
  const reader = new FileReader();
  ok(reader instanceof EventTarget);
  equal(String(reader), "[object FileReader]");
  equal(FileReader.LOADING, 1);
  equal(FileReader.prototype.DONE, 2);
  equal(FileReader.length, 0);
  equal(FileReader.prototype.readAsText.length, 1);
  equal(reader.readyState, 0);
  equal(reader.result, null);
  equal(reader.error, null);
  for (const type of events) equal(reader[`on${type}`], null);
  throws(TypeError, () => reader.readAsText());
  throws(TypeError, () => reader.readAsText("x"));
  throws(TypeError, () => FileReader());
  reader.abort();
  equal(reader.readyState, 0);
});

test("the events", async () => {
  for (const [blob, expected] of [
    [new Blob(["abc"]), ["loadstart 0/3", "progress 3/3", "load 3/3", "loadend 3/3"]],
    [new Blob(["a", new Blob(["bc"])]), ["loadstart 0/3", "progress 3/3", "load 3/3", "loadend 3/3"]],
    [new Blob([]), ["loadstart 0/0", "load 0/0", "loadend 0/0"]],
  ]) {
    const reader = new FileReader();
    const log = logged(reader);
    reader.readAsText(blob);
    equal(reader.readyState, 1);
    equal(reader.result, null);
    equal(log.length, 0);
    equal(throws("InvalidStateError", () => reader.readAsText(blob)).code, 11);
    await new Promise((resolve) => reader.addEventListener("loadend", resolve));
    equal(reader.readyState, 2);
    arrayEqual(log, expected);
  }
});

test("the four kinds", async () => {
  const blob = new Blob([new Uint8Array([0x61, 0xe9, 0xff, 0])], { type: "text/plain;charset=windows-1252" });
  equal(await read("readAsText", blob), "a\u00e9\u00ff\0");
  equal(await read("readAsText", blob, "utf-8"), "a\ufffd\ufffd\0");
  equal(await read("readAsText", blob, "no such"), "a\u00e9\u00ff\0");
  equal(await read("readAsText", new Blob([new Uint8Array([0xfe, 0xff, 0, 0x61])]), "utf-8"), "a");
  equal(await read("readAsText", new Blob(["\u20ac"])), "\u20ac");
  equal(await read("readAsBinaryString", blob), "a\u00e9\u00ff\0");
  const buffer = await read("readAsArrayBuffer", blob);
  ok(buffer instanceof ArrayBuffer);
  arrayEqual(new Uint8Array(buffer), [0x61, 0xe9, 0xff, 0]);
  equal(await read("readAsDataURL", new Blob(["TEST"], { type: "text/plain" })), "data:text/plain;base64,VEVTVA==");
  equal(await read("readAsDataURL", new Blob(["TEST"])), "data:application/octet-stream;base64,VEVTVA==");
  equal(await read("readAsDataURL", new Blob([])), "data:application/octet-stream;base64,");
});

test("abort", async () => {
  const reader = new FileReader();
  const log = logged(reader);
  reader.readAsText(new Blob(["abc"]));
  reader.abort();
  equal(reader.readyState, 2);
  equal(reader.result, null);
  arrayEqual(log, ["abort 0/3", "loadend 0/3"]);
  log.length = 0;
  // Inside loadstart and progress.
  for (const type of ["loadstart", "progress"]) {
    reader.addEventListener(type, () => reader.abort(), { once: true });
    reader.readAsText(new Blob(["abc"]));
    await new Promise((resolve) => reader.addEventListener("loadend", resolve, { once: true }));
    await new Blob(["x"]).text();
  }
  arrayEqual(log, ["loadstart 0/3", "abort 0/3", "loadend 0/3", "loadstart 0/3", "progress 3/3", "abort 3/3", "loadend 3/3"]);
});

test("a read started in load or abort keeps loadend back", async () => {
  const reader = new FileReader();
  const log = logged(reader);
  reader.onload = () => { reader.onload = null; reader.readAsText(new Blob(["two"])); };
  reader.readAsText(new Blob(["one"]));
  await new Promise((resolve) => reader.addEventListener("loadend", resolve));
  equal(reader.result, "two");
  equal(log.filter((line) => line.startsWith("loadend")).length, 1);
  reader.onabort = () => { reader.onabort = null; reader.readAsText(new Blob(["four"])); };
  reader.readAsText(new Blob(["three"]));
  reader.abort();
  equal(reader.readyState, 1);
  await new Promise((resolve) => reader.addEventListener("loadend", resolve));
  equal(reader.result, "four");
});

test("a reader that nothing else holds goes on", async () => {
  const seen = new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = (event) => resolve(event.target.result);
    reader.readAsText(new Blob(["kept"]));
  });
  gc();
  equal(await seen, "kept");
});

test("a subclass, patched", async () => {
  class Mine extends FileReader {
    readAsText(blob) { this.before = true; super.readAsText(blob); }
  }
  const mine = new Mine();
  mine.readAsText(new Blob(["x"]));
  ok(mine.before);
  await new Promise((resolve) => { mine.onload = resolve; });
  equal(mine.result, "x");
});
