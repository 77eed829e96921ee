// What each response type gives of a response: text in every encoding, JSON, buffers, Blobs; overrideMimeType.
import { arrayEqual, equal, gc, next, ok, server, test, throws } from "./support/assert.js";

// A response of these bytes with this Content-Type, from a request that `prepare` may change once it is opened.
function answer(bytes, { contentType, type, prepare, async = false } = {}) {
  const xhr = new XMLHttpRequest();
  xhr.open("POST", server + "/echo?raw", async);
  if (type !== undefined) xhr.responseType = type;
  if (contentType !== undefined) xhr.setRequestHeader("Content-Type", contentType);
  prepare?.(xhr);
  xhr.send(typeof bytes === "string" ? new TextEncoder().encode(bytes) : new Uint8Array(bytes));
  return async ? next(xhr, "loadend").then(() => xhr) : xhr;
}

const types = ["", "text", "json", "arraybuffer", "blob"];

function get(path, type = "") {
  const xhr = new XMLHttpRequest();
  xhr.open("GET", server + path);
  xhr.responseType = type;
  xhr.send();
  return xhr;
}

// ---- text

const encodings = ["UTF-8", "IBM866", "ISO-8859-2", "ISO-8859-3", "ISO-8859-4", "ISO-8859-5", "ISO-8859-6", "ISO-8859-7", "ISO-8859-8",
  "ISO-8859-8-I", "ISO-8859-10", "ISO-8859-13", "ISO-8859-14", "ISO-8859-15", "ISO-8859-16", "KOI8-R", "KOI8-U", "macintosh", "windows-874",
  "windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254", "windows-1255", "windows-1256", "windows-1257",
  "windows-1258", "x-mac-cyrillic", "GBK", "gb18030", "Big5", "EUC-JP", "ISO-2022-JP", "Shift_JIS", "EUC-KR", "UTF-16BE", "UTF-16LE", "x-user-defined"];

// Every byte, and pairs of lead bytes with all kinds of others.
const everything = [];
for (let byte = 0; byte < 256; byte++) everything.push(byte);
for (let lead = 0x81; lead < 0x100; lead += 3) for (let trail = 0x20; trail < 0x100; trail += 7) everything.push(lead, trail);
everything.push(0x1b, 0x24, 0x42, 0x30, 0x21, 0x1b, 0x28, 0x42, 0x41, 0xe2, 0x82);

test("every encoding, by its names in any case", () => {
  equal(encodings.length, 39, "all of the standard's but replacement");
  for (const encoding of encodings) {
    const text = new TextDecoder(encoding).decode(new Uint8Array(everything));
    for (const label of [encoding, encoding.toLowerCase(), ` ${encoding.toUpperCase()} `])
      for (const type of ["", "text"]) {
        const xhr = answer(everything, { type, contentType: `text/plain;charset="${label}"` });
        ok(xhr.responseText === text, encoding);
        ok(xhr.response === text, encoding);
        ok(xhr.responseText === answer(everything, { type, prepare: (request) => request.overrideMimeType(`a/b;charset="${label}"`) }).responseText, encoding);
      }
  }
});

test("every encoding, in pieces", async () => {
  const many = [];
  for (let i = 0; i < 100; i++) many.push(...everything);
  for (const encoding of encodings) {
    const text = new TextDecoder(encoding).decode(new Uint8Array(many));
    let before = "";
    const xhr = await answer(many, {
      async: true, contentType: `a/b;charset=${encoding}`,
      prepare: (request) => (request.onreadystatechange = () => {
        if (request.readyState !== 3) return;
        ok(text.startsWith(request.responseText) && request.responseText.startsWith(before), encoding);
        before = request.responseText;
      }),
    });
    ok(xhr.responseText === text, encoding);
  }
});

test("the replacement encoding", () => {
  for (const label of ["replacement", "iso-2022-kr", "hz-gb-2312", "csiso2022kr"]) {
    equal(answer("anything", { contentType: `text/plain;charset=${label}` }).responseText, "\ufffd");
    equal(answer("", { contentType: `text/plain;charset=${label}` }).responseText, "");
    equal(answer([0xef, 0xbb, 0xbf, 97], { contentType: `text/plain;charset=${label}` }).responseText, "a");
  }
});

test("what is no encoding is UTF-8", () => {
  for (const contentType of [undefined, "", "text/plain", "text/plain;charset=", "text/plain;charset=\"\"", "text/plain;charset=unknown",
    "text/plain;charset=utf_8", "text/plain;charset=\"utf-16 le\"", "no MIME type;charset=windows-1252", "charset=windows-1252"])
    for (const type of ["", "text"]) equal(answer("\u00e9\u20ac", { type, contentType }).responseText, "\u00e9\u20ac", contentType);
});

test("a byte order mark decides over all", () => {
  const marks = [[[0xef, 0xbb, 0xbf], [0xc3, 0xa9], "\u00e9"], [[0xfe, 0xff], [0x20, 0xac], "\u20ac"], [[0xff, 0xfe], [0xac, 0x20], "\u20ac"]];
  for (const [mark, bytes, text] of marks)
    for (const charset of ["utf-8", "utf-16le", "utf-16be", "windows-1252", "shift_jis", "x-user-defined", "unknown"])
      for (const type of ["", "text"]) {
        const xhr = answer([...mark, ...bytes], { type, contentType: `text/plain;charset=${charset}` });
        equal(xhr.responseText, text, `${mark} ${charset}`);
        // Only the first one is a mark.
        equal(answer([...mark, ...mark, ...bytes], { type, contentType: `text/plain;charset=${charset}` }).responseText, "\ufeff" + text);
        equal(answer(mark, { type, prepare: (request) => request.overrideMimeType(`a/b;charset=${charset}`) }).responseText, "");
      }
  // A part of one is none.
  equal(answer([0xef, 0xbb], {}).responseText, "\ufffd");
  equal(answer([0xfe], {}).responseText, "\ufffd");
  equal(answer([0xef, 0xbb], { contentType: "a/b;charset=windows-1252" }).responseText, "\u00ef\u00bb");
});

test("which Content-Type it is", () => {
  const text = (contentType) => answer([0xe9], { contentType }).responseText;
  equal(text("text/plain;charset=windows-1251"), "\u0439");
  equal(text("TEXT/HTML ; x=y; CHARSET=Windows-1251"), "\u0439");
  equal(text("a/b;charset=windows-1251;charset=windows-1252"), "\u0439", "the first parameter");
  equal(text("a/b;charset=windows-1252, a/b;charset=windows-1251"), "\u0439", "the last type");
  equal(text("a/b;charset=windows-1251, a/b"), "\u0439", "the charset of the type before, where it is the same");
  equal(text("a/b;charset=windows-1251, c/d"), "\ufffd");
  equal(text("a/b;charset=windows-1251, nonsense, */*"), "\u0439");
});

test("text that may be XML", () => {
  const xml = '<?xml version="1.0" encoding="windows-1251"?>\xe9';
  const bytes = Array.from(xml, (character) => character.charCodeAt(0));
  for (const contentType of ["text/xml", "application/xml", "image/svg+xml", "", undefined]) {
    equal(answer(bytes, { contentType }).responseText.at(-1), "\u0439", "the resource says it");
    equal(answer(bytes, { contentType, type: "text" }).responseText.at(-1), "\ufffd", "text is UTF-8");
  }
  equal(answer(bytes, { contentType: "text/xml;charset=windows-1252" }).responseText.at(-1), "\u00e9");
  for (const contentType of ["text/plain", "text/html", "application/xhtml", "text/json"]) equal(answer(bytes, { contentType }).responseText.at(-1), "\ufffd");
  equal(answer(bytes, { contentType: "text/plain", prepare: (xhr) => xhr.overrideMimeType("a/b+xml") }).responseText.at(-1), "\u0439");
});

// ---- overrideMimeType

test("overrideMimeType: its charset, or else the response's", () => {
  const text = (mime, contentType = "text/plain;charset=windows-1252") =>
    answer([0xe9], { contentType, prepare: (xhr) => [mime].flat().forEach((one) => xhr.overrideMimeType(one)) }).responseText;
  equal(text("a/b;charset=windows-1251"), "\u0439");
  equal(text("a/b"), "\u00e9");
  equal(text("a/b;charset=unknown"), "\ufffd", "UTF-8, and not the response's");
  equal(text("a/b;charset="), "\u00e9");
  equal(text("nonsense"), "\u00e9");
  equal(text("nonsense;charset=windows-1251"), "\u00e9");
  equal(text(""), "\u00e9");
  equal(text("a/b;charset=\u0439"), "\u00e9", "a parameter that is none");
  equal(text("a/b;charset=\ud800"), "\u00e9");
  equal(text("a/b;charset=\"windows-1251"), "\u0439");
  equal(text(["a/b;charset=windows-1251", "a/b"]), "\u00e9", "the last call");
  equal(text(["nonsense", "a/b;charset=windows-1251"]), "\u0439");
  equal(text({ toString: () => "a/b;charset=windows-1251" }), "\u0439");
});

test("overrideMimeType: its type", () => {
  for (const [mime, expected] of [["a/b", "a/b"], [" A/B ; C=D ; charset=\"X y\" ", "a/b;c=D;charset=\"X y\""], ["nonsense", "application/octet-stream"],
    ["", "application/octet-stream"], ["a/", "application/octet-stream"], ["/b", "application/octet-stream"], ["a/b c", "application/octet-stream"],
    ["\u00e9/b", "application/octet-stream"], ["a/b;x=\u00ff", "a/b;x=\"\u00ff\""], ["a/b;x=\u0100", "a/b"], ["*/*", "*/*"], [null, "application/octet-stream"], [undefined, "application/octet-stream"]])
    equal(answer("x", { type: "blob", contentType: "text/plain", prepare: (xhr) => xhr.overrideMimeType(mime) }).response.type, expected, String(mime));
});

test("overrideMimeType: in each state, over open and abort", async () => {
  const mime = "a/b;charset=windows-1251";
  const read = (xhr, path, body) => {
    xhr.open("POST", server + path, false);
    xhr.send(new Uint8Array([0xe9]));
    return xhr.responseText;
  };
  const unsent = new XMLHttpRequest();
  unsent.overrideMimeType(mime);
  equal(read(unsent, "/echo?raw"), "\u0439");
  throws("InvalidStateError", () => unsent.overrideMimeType("a/b;charset=utf-8"));
  equal(read(unsent, "/echo?raw"), "\u0439", "it stays");
  const sent = await answer([0xe9], { async: true, prepare: (xhr) => (xhr.onloadstart = () => xhr.overrideMimeType(mime)) });
  equal(sent.responseText, "\u0439");
  const received = await answer([0xe9], {
    async: true, prepare: (xhr) => (xhr.onreadystatechange = () => {
      if (xhr.readyState === 2) {
        equal(xhr.responseText, "");
        xhr.overrideMimeType("a/b;charset=windows-1252");
        xhr.overrideMimeType(mime);
      } else if (xhr.readyState > 2) {
        throws("InvalidStateError", () => xhr.overrideMimeType("a/b;charset=utf-8"));
      }
    }),
  });
  equal(received.responseText, "\u0439");
  received.onreadystatechange = null;
  received.abort();
  equal(received.readyState, 0);
  received.overrideMimeType("a/b;charset=windows-1252");
  equal(read(received, "/echo?raw"), "\u00e9");
});

// ---- json

test("json: the same object, as long as the response is there", () => {
  const xhr = answer('{"a": [1, {"b": null}], "__proto__": 2}', { type: "json" });
  const { response } = xhr;
  equal(response.a[1].b, null);
  ok(Object.hasOwn(response, "__proto__"));
  equal(Object.getPrototypeOf(response), Object.prototype);
  response.mine = 1;
  gc();
  equal(xhr.response, response);
  equal(xhr.response.mine, 1);
  xhr.open("GET", server);
  equal(xhr.response, null);
  equal(response.mine, 1);
});

test("json: values", () => {
  const parsed = (text) => answer(text, { type: "json" }).response;
  for (const text of ["1", "-0", "1e400", '"\\ud800"', '"\u2028"', "true", "false", "null", "[]", " \t\r\n7\n", '{"":{}}', '{"a":1,"a":2}', '"' + "x".repeat(70000) + '"']) {
    const [value, expected] = [parsed(text), JSON.parse(text)];
    if (typeof expected !== "object" || expected === null) equal(value, expected, text);
    else equal(JSON.stringify(value), JSON.stringify(expected));
  }
});

test("json: null where it is none, and that stays", () => {
  for (const text of ["", " ", "{", "1 2", "{a:1}", "[1,]", "'x'", "01", "+1", ".5", "NaN", "undefined", "/* */1", "1//", '"\n"', '"\t"', "\u00a01", "\v1", "{}\0", "\u00e9", "[".repeat(3)]) {
    const xhr = answer(text, { type: "json" });
    equal(xhr.response, null, text);
    equal(xhr.response, null, text);
    throws("InvalidStateError", () => xhr.responseText);
    equal(xhr.status, 200);
  }
  // Deeper than anything that can be parsed.
  equal(answer("[".repeat(1000000), { type: "json" }).response, null);
});

test("json is UTF-8, whatever is said", () => {
  for (const contentType of ["application/json;charset=windows-1252", "application/json;charset=utf-16", "text/plain", undefined])
    for (const prepare of [undefined, (xhr) => xhr.overrideMimeType("a/b;charset=windows-1252")]) {
      equal(answer('"\u00e9\u20ac"', { type: "json", contentType, prepare }).response, "\u00e9\u20ac");
      equal(answer('\ufeff"\u00e9"', { type: "json", contentType, prepare }).response, "\u00e9");
      equal(answer('\ufeff\ufeff"\u00e9"', { type: "json", contentType, prepare }).response, null, "one mark");
      equal(answer([0xff, 0xfe, 0x31, 0], { type: "json", contentType, prepare }).response, null, "UTF-16");
      equal(answer([0xfe, 0xff, 0, 0x31], { type: "json", contentType, prepare }).response, null);
      equal(answer([34, 0xe9, 34], { type: "json", contentType, prepare }).response, "\ufffd");
    }
});

test("json: what a script has made of JSON and prototypes is not asked", () => {
  const { parse } = JSON;
  JSON.parse = () => ok(false);
  Object.defineProperty(Object.prototype, "a", { set() { ok(false); }, configurable: true });
  try {
    equal(answer('{"a":1}', { type: "json" }).response.a, 1);
  } finally {
    JSON.parse = parse;
    delete Object.prototype.a;
  }
});

// ---- arraybuffer and blob

test("arraybuffer: the same object, the script's to change", () => {
  for (const size of [0, 3, 100000]) {
    const xhr = answer(new Uint8Array(size).fill(7), { type: "arraybuffer", contentType: "text/plain;charset=utf-16" });
    const { response } = xhr;
    equal(Object.getPrototypeOf(response), ArrayBuffer.prototype);
    equal(response.byteLength, size);
    equal(xhr.response, response);
    new Uint8Array(response).fill(9);
    gc();
    equal(xhr.response, response);
    ok(new Uint8Array(xhr.response).every((byte) => byte === 9));
    // Detached, it is still that one.
    const moved = structuredClone(response, { transfer: [response] });
    equal(xhr.response, response);
    equal(xhr.response.byteLength, 0);
    xhr.open("GET", server);
    gc();
    ok(moved.byteLength === size && new Uint8Array(moved).every((byte) => byte === 9), "it outlives the request");
  }
});

test("blob: the same object, of the final MIME type", async () => {
  for (const [contentType, type] of [["text/plain", "text/plain"], [undefined, "text/xml"], ["", "text/xml"], ["nonsense", "text/xml"],
    ["TEXT/Html ; Charset=\"A b\" ; x=Y", "text/html;charset=\"A b\";x=Y"], ["a/b, c/d", "c/d"], ["a/b;charset=x, a/b;y=z", "a/b;y=z;charset=x"], ["a/b, */*", "a/b"]]) {
    const xhr = answer("bytes", { type: "blob", contentType });
    const { response } = xhr;
    equal(Object.getPrototypeOf(response), Blob.prototype);
    equal(response.type, type, contentType);
    equal(xhr.response, response);
    xhr.open("GET", server);
    gc();
    equal(await response.text(), "bytes");
  }
  equal(answer("", { type: "blob", contentType: "a/b" }).response.size, 0);
  equal(answer("", { type: "blob", contentType: "a/b" }).response.type, "a/b");
});

test("blob: its type goes with it", async () => {
  const type = "text/html;charset=\"A b\"";
  const blob = answer("bytes", { type: "blob", contentType: type }).response;
  equal(blob.type, type);
  const sent = new XMLHttpRequest();
  sent.open("POST", server + "/echo?raw", false);
  sent.send(blob);
  equal(sent.getResponseHeader("content-type"), type);
  const form = new FormData();
  form.append("blob", blob);
  form.append("file", blob, "name");
  for (const value of [form.get("blob"), form.get("file"), structuredClone(blob)]) equal(value.type, type);
  sent.open("POST", server + "/echo?raw", false);
  sent.send(form);
  equal(sent.responseText.split(`\r\nContent-Type: ${type}\r\n`).length, 3);
  // What a script says is normalised.
  equal(blob.slice(0, 1, type).type, type.toLowerCase());
  equal(new Blob([blob], { type }).type, type.toLowerCase());
  equal(blob.slice(0, 1).type, "");
});

// ---- states, null bodies, failures, codings

test("while it is loading: text grows, all else is null", async () => {
  for (const type of [...types, "document"]) {
    const xhr = get("/drip?n=4&ms=60", type);
    const seen = [];
    xhr.onreadystatechange = () => seen.push([xhr.readyState, xhr.response]);
    await next(xhr, "loadend");
    const isText = type === "" || type === "text";
    ok(seen.filter(([state]) => state === 3).length >= 2, type);
    for (const [state, response] of seen) {
      if (state === 2) equal(response, isText ? "" : null);
      if (state === 3 && isText) ok(response.length > 0 && "drip\n".repeat(4).startsWith(response), type);
      if (state === 3 && !isText) equal(response, null, type);
    }
  }
});

test("null bodies", async () => {
  for (const [method, path] of [["GET", "/status/204"], ["GET", "/status/205"], ["GET", "/status/304"], ["HEAD", "/json"]])
    for (const type of types) {
      const xhr = new XMLHttpRequest();
      const log = [];
      xhr.onreadystatechange = () => log.push(xhr.readyState);
      for (const name of ["progress", "load", "loadend", "error"]) xhr["on" + name] = ({ loaded }) => log.push(`${name} ${loaded}`);
      xhr.open(method, server + path);
      xhr.responseType = type;
      xhr.send();
      await next(xhr, "loadend");
      ok(!log.includes(3), "there is no LOADING");
      arrayEqual(log.slice(-3), [4, "load 0", "loadend 0"]);
      if (type === "arraybuffer") equal(xhr.response.byteLength, 0);
      else if (type === "blob") equal(xhr.response.size, 0);
      else if (type === "json") equal(xhr.response, null);
      else equal(xhr.response, "");
      if (type === "arraybuffer" || type === "blob") equal(xhr.response, xhr.response);
    }
});

test("failures", async () => {
  for (const path of ["/close", "/short", "/garbage"])
    for (const type of types) {
      const xhr = get(path, type);
      await next(xhr, "error");
      const isText = type === "" || type === "text";
      equal(xhr.response, isText ? "" : null, type);
      equal(xhr.response, isText ? "" : null, type);
      if (isText) equal(xhr.responseText, "");
      else throws("InvalidStateError", () => xhr.responseText);
      equal(xhr.status, 0);
      equal(xhr.getAllResponseHeaders(), "");
    }
});

test("under a content coding no length is told", async () => {
  for (const path of ["/gzip?bytes=62000", "/deflate?bytes=62000"])
    for (const type of types) {
      const xhr = get(path, type);
      const told = [];
      for (const name of ["progress", "load", "loadend"]) xhr["on" + name] = ({ type: event, lengthComputable, total, loaded }) => told.push([event, lengthComputable, total, loaded]);
      await next(xhr, "loadend");
      ok(told.length >= 3);
      for (const [event, lengthComputable, total] of told) {
        equal(lengthComputable, false, event);
        equal(total, 0, event);
      }
      equal(told.at(-1)[3], 62000, "bytes as they are decoded");
      ok(xhr.getResponseHeader("content-encoding"));
      ok(Number(xhr.getResponseHeader("content-length")) < 62000);
    }
  for (const path of ["/drip?n=1"]) {
    const { lengthComputable, total } = await next(get(path), "load");
    equal(lengthComputable || total, 0);
  }
  const { lengthComputable, total, loaded } = await next(get("/bytes/1000"), "load");
  ok(lengthComputable && total === 1000 && loaded === 1000);
});

test("another type for the same request", async () => {
  const xhr = new XMLHttpRequest();
  for (const type of [...types, ...types.toReversed()]) {
    xhr.open("POST", server + "/echo?raw");
    xhr.responseType = type;
    xhr.send("[1]");
    await next(xhr, "load");
    const { response } = xhr;
    if (type === "json") equal(response[0], 1);
    else if (type === "arraybuffer") equal(response.byteLength, 3);
    else if (type === "blob") equal(await response.text(), "[1]");
    else equal(response, "[1]");
  }
  // Chosen late, while there is nothing of the body yet.
  const late = new XMLHttpRequest();
  late.open("GET", server + "/json");
  late.onreadystatechange = () => late.readyState === 2 && (late.responseType = "json");
  late.send();
  await next(late, "load");
  equal(late.response.nested.ok, true);
});
