// URLs that need no network: blob: with URL.createObjectURL, data:, about:, file:.
import { arrayEqual, equal, next, ok, test, throws } from "./support/assert.js";

const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

// The events of a request as "type loaded/total", and its XMLHttpRequest.
async function fetched(url, { method = "GET", type = "", headers = {}, body } = {}) {
  const xhr = new XMLHttpRequest();
  const log = [];
  xhr.onreadystatechange = () => log.push(xhr.readyState);
  for (const name of ["loadstart", "progress", "load", "error", "loadend"])
    xhr.addEventListener(name, (event) => log.push(`${name} ${event.loaded}/${event.total}`));
  xhr.open(method, url);
  xhr.responseType = type;
  for (const name in headers)
    xhr.setRequestHeader(name, headers[name]);
  xhr.send(body);
  await next(xhr, "loadend");
  return [xhr, log];
}

test("the shape of createObjectURL and revokeObjectURL", () => {
  for (const name of ["createObjectURL", "revokeObjectURL"]) {
    const member = Object.getOwnPropertyDescriptor(URL, name);
    ok(member.writable && member.enumerable && member.configurable, name);
    equal(member.value.length, 1);
    equal(member.value.name, name);
    throws(TypeError, () => URL[name]());
  }
  for (const value of [undefined, null, {}, "blob", new ArrayBuffer(1), new URL("http://h/")])
    throws(TypeError, () => URL.createObjectURL(value), String(value));
  for (const value of [undefined, null, "", "x", "blob:", "blob:null/x", "http://[", "http://h/"])
    equal(URL.revokeObjectURL(value), undefined);
  throws(TypeError, () => URL.revokeObjectURL(Symbol("x")));
});

test("what a blob: URL looks like", () => {
  const url = URL.createObjectURL(new Blob(["x"]));
  ok(new RegExp(`^blob:null/${uuid}$`).test(url), url);
  const parsed = new URL(url);
  equal(parsed.href, url);
  equal(parsed.protocol, "blob:");
  equal(parsed.origin, "null");
  ok(URL.createObjectURL(new Blob(["x"])) !== url);
});

test("a Blob by its URL", async () => {
  const url = URL.createObjectURL(new Blob(["h", "éllo"], { type: "text/plain" }));
  const [xhr, log] = await fetched(url + "#fragment");
  equal(xhr.responseText, "héllo");
  equal(xhr.status, 200);
  equal(xhr.statusText, "OK");
  equal(xhr.responseURL, url);
  equal(xhr.getAllResponseHeaders(), "content-length: 6\r\ncontent-type: text/plain\r\n");
  arrayEqual(log, [1, "loadstart 0/0", 2, 3, "progress 6/6", 4, "load 6/6", "loadend 6/6"]);
});

test("each response type", async () => {
  const url = URL.createObjectURL(new File(['{"a":[1]}'], "a.json", { type: "application/json" }));
  const [json] = await fetched(url, { type: "json" });
  arrayEqual(json.response.a, [1]);
  const [buffer] = await fetched(url, { type: "arraybuffer" });
  equal(buffer.response.byteLength, 9);
  new Uint8Array(buffer.response).fill(0);
  const [blob] = await fetched(url, { type: "blob" });
  equal(blob.response.type, "application/json");
  equal(await blob.response.text(), '{"a":[1]}');
});

test("revoking", async () => {
  const blob = new Blob(["x"]);
  const url = URL.createObjectURL(blob);
  const opened = new XMLHttpRequest();
  opened.open("GET", url);
  URL.revokeObjectURL(url + "#fragment");
  equal((await fetched(url))[0].responseText, "x");
  const other = URL.createObjectURL(blob);
  URL.revokeObjectURL(url);
  URL.revokeObjectURL(url);
  const [xhr, log] = await fetched(url);
  equal(xhr.status, 0);
  equal(xhr.failure.code, "BLOB_URL");
  arrayEqual(log, [1, "loadstart 0/0", 4, "error 0/0", "loadend 0/0"]);
  // what was opened before has its Blob still; so has another URL
  opened.send();
  await next(opened, "loadend");
  equal(opened.responseText, "x");
  equal((await fetched(other))[0].responseText, "x");
});

test("methods and ranges", async () => {
  const url = URL.createObjectURL(new Blob(["0123456789"], { type: "a/b" }));
  for (const method of ["HEAD", "POST", "PUT", "DELETE", "OPTIONS", "get2"])
    equal((await fetched(url, { method }))[0].failure.code, "METHOD", method);
  const [part] = await fetched(url, { headers: { Range: "bytes=2-4" } });
  equal(part.status, 206);
  equal(part.statusText, "Partial Content");
  equal(part.responseText, "234");
  equal(part.getResponseHeader("Content-Range"), "bytes 2-4/10");
  equal(part.getResponseHeader("Content-Length"), "3");
  for (const Range of ["bytes=10-", "bytes=0-1,2-3", "lines=0-", "bytes=-"])
    equal((await fetched(url, { headers: { Range } }))[0].failure.code, "RANGE", Range);
});

test("synchronously", () => {
  const url = URL.createObjectURL(new Blob(["x".repeat(3 << 20)]));
  const xhr = new XMLHttpRequest();
  xhr.open("GET", url, false);
  xhr.send();
  equal(xhr.responseText.length, 3 << 20);
  URL.revokeObjectURL(url);
  xhr.open("GET", url, false);
  equal(throws(DOMException, () => xhr.send()).name, "NetworkError");
  xhr.open("GET", "data:,a%20b", false);
  xhr.send();
  equal(xhr.responseText, "a b");
});

test("a large Blob comes in pieces; its length is known", async () => {
  const url = URL.createObjectURL(new Blob([new Uint8Array(5 << 20), "end"]));
  const [xhr, log] = await fetched(url, { type: "arraybuffer" });
  equal(xhr.response.byteLength, (5 << 20) + 3);
  equal(log.at(-1), `loadend ${(5 << 20) + 3}/${(5 << 20) + 3}`);
});

test("what a response is changed to, its Blob is not", async () => {
  const blob = new Blob(["[", "1,".repeat(100000), "1]"]);
  const text = await blob.text();
  for (const source of [blob, new Blob([text])]) {
    const url = URL.createObjectURL(source);
    const [first] = await fetched(url, { type: "arraybuffer" });
    equal(first.response.byteLength, text.length);
    new Uint8Array(first.response).fill(0);
    const [json] = await fetched(url, { type: "json" });
    equal(json.response.length, 100001);
    const [copy] = await fetched(url, { type: "blob" });
    equal(await copy.response.text(), text);
    equal(await source.text(), text);
  }
});

test("ended on its way", async () => {
  const url = URL.createObjectURL(new Blob([new Uint8Array(5 << 20)]));
  const xhr = new XMLHttpRequest();
  xhr.open("GET", url);
  xhr.send();
  await new Promise((resolve) => { xhr.onprogress = resolve; });
  xhr.abort();
  equal(xhr.readyState, 0);
  equal(xhr.response, "");
});

test("data: URLs", async () => {
  const [xhr, log] = await fetched("data:text/html;charset=iso-8859-1,%e9");
  equal(xhr.responseText, "é");
  equal(xhr.getResponseHeader("Content-Type"), "text/html;charset=iso-8859-1");
  equal(xhr.getResponseHeader("Content-Length"), null);
  arrayEqual(log, [1, "loadstart 0/0", 2, 3, "progress 1/0", 4, "load 1/0", "loadend 1/0"]);
  equal((await fetched("data:;base64,eHl6", { method: "POST", body: "b" }))[0].responseText, "xyz");
  equal((await fetched("data:,x", { method: "HEAD" }))[0].responseText, "");
  equal((await fetched("data:;base64,x"))[0].failure.code, "DATA_URL");
});

test("about: and file:", async () => {
  const [blank] = await fetched("about:blank");
  equal(blank.status, 200);
  equal(blank.getResponseHeader("Content-Type"), "text/html;charset=utf-8");
  const [self] = await fetched(import.meta.url);
  ok(self.responseText.startsWith("// URLs that need no network"));
  equal(Number(self.getResponseHeader("Content-Length")) > 1000, true);
  const [missing] = await fetched(new URL("no-such-file", import.meta.url));
  equal(missing.failure.code, "FILE_OPEN");
  equal(missing.failure.phase, "connect");
  equal((await fetched("file:///"))[0].failure.code, "FILE_OPEN");
});

test("many, with nothing left behind", async () => {
  const urls = [];
  for (let i = 0; i < 2000; i++)
    urls.push(URL.createObjectURL(new Blob([String(i)])));
  equal(new Set(urls).size, 2000);
  equal((await fetched(urls[1234]))[0].responseText, "1234");
  for (const url of urls)
    URL.revokeObjectURL(url);
  equal((await fetched(urls[1234]))[0].failure.code, "BLOB_URL");
});
