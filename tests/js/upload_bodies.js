// Blobs and forms on the wire: what is sent comes back whole.
import { equal, gc, ok, server, test } from "./support/assert.js";

function send(method, url, body, { type = "text", watch } = {}) {
  return new Promise((resolve) => {
    const xhr = new XMLHttpRequest();
    xhr.open(method, server + url);
    xhr.responseType = type;
    if (watch) watch(xhr.upload);
    xhr.onloadend = () => resolve(xhr);
    xhr.send(body);
  });
}

async function same(one, other) {
  equal(one.size, other.size);
  const [a, b] = [await one.bytes(), await other.bytes()];
  ok(a.every((byte, i) => byte === b[i]), "other bytes");
}

// Many segments: slices of slices, some of one byte.
function mosaic(size) {
  const piece = new Uint8Array(size).map((_, i) => (i * 31) % 251);
  const base = new Blob([piece.subarray(0, size / 2), new Blob([piece.subarray(size / 2)])]);
  const parts = [];
  for (let at = 0, step = 1; at < size; at += step, step = (step * 7) % 9973) parts.push(base.slice(at, at + step));
  return new Blob(parts, { type: "application/mosaic" });
}

test("a Blob goes and comes back as a Blob", async () => {
  const blob = mosaic(3000000);
  const sizes = [];
  const xhr = await send("POST", "/echo?raw", blob, {
    type: "blob",
    watch: (upload) => { upload.onprogress = upload.onload = (event) => sizes.push(event.loaded, event.total); },
  });
  ok(xhr.response instanceof Blob && !(xhr.response instanceof File));
  equal(xhr.response, xhr.response);
  await same(xhr.response, blob);
  equal(sizes.at(-1), 3000000);
  equal(sizes.at(-2), 3000000);
  // The response is sent again, in slices, as it lies there.
  const again = new Blob([xhr.response.slice(1000000), xhr.response.slice(0, 1000000)]);
  await same((await send("PUT", "/echo?raw", again, { type: "blob" })).response, again);
});

test("a form's bytes are what its type says", async () => {
  const form = new FormData();
  const blob = mosaic(200000);
  form.append("text\n", "a\nb\r\nc");
  form.append("file", new File([blob], "q\".bin"));
  form.append("empty", new Blob([]));
  const xhr = await send("POST", "/echo?raw", form, { type: "blob" });
  const text = await xhr.response.slice(0, 60).text();
  const boundary = text.slice(2, text.indexOf("\r\n"));
  const expected = new Blob([
    `--${boundary}\r\nContent-Disposition: form-data; name="text%0D%0A"\r\n\r\na\r\nb\r\nc\r\n`,
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="q%22.bin"\r\n`,
    "Content-Type: application/octet-stream\r\n\r\n", blob, "\r\n",
    `--${boundary}\r\nContent-Disposition: form-data; name="empty"; filename="blob"\r\n`,
    "Content-Type: application/octet-stream\r\n\r\n\r\n", `--${boundary}--\r\n`,
  ]);
  await same(xhr.response, expected);
  const told = JSON.parse((await send("POST", "/upload", form)).responseText);
  equal(told.received, expected.size);
});

test("a redirect sends it again", async () => {
  const blob = mosaic(500000);
  const target = encodeURIComponent("/echo?raw");
  const xhr = await send("POST", `/redirect/307?to=${target}`, blob, { type: "blob" });
  equal(xhr.status, 200);
  await same(xhr.response, blob);
});

test("nobody else holds what is sent", async () => {
  let form = new FormData();
  form.append("file", mosaic(1000000));
  const answered = send("POST", "/upload?slow=1", form);
  form = null;
  gc();
  ok(JSON.parse((await answered).responseText).received > 1000000);
});
