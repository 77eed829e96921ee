// Each member of XMLHttpRequest with wrong arguments, and in every state.
import { arrayEqual, equal, next, ok, server, test, throws } from "./support/assert.js";

const { prototype } = XMLHttpRequest;

class Mine extends Error {}

// What is no string, and what converting it throws.
const noStrings = [
  ["a symbol", Symbol("x"), TypeError],
  ["toString that throws", { toString() { throw new Mine(); } }, Mine],
  ["toString that gives an object", { toString: () => ({}), valueOf: () => ({}) }, TypeError],
  ["no toString at all", Object.create(null), TypeError],
  ["Symbol.toPrimitive that throws", { [Symbol.toPrimitive]() { throw new Mine(); } }, Mine],
];

const beyondBytes = ["\u0100", "a\ud800", "\ud83d\ude00", "x\uffff"];

function opened(...rest) {
  const xhr = new XMLHttpRequest();
  xhr.open("GET", server + "/json", ...rest);
  return xhr;
}

const operations = {
  open: [["GET"], ["GET", server]],
  setRequestHeader: [["a"], ["a", "b"]],
  getResponseHeader: [[], ["a"]],
  overrideMimeType: [[], ["a/b"]],
};

test("too few arguments", () => {
  for (const [name, [few]] of Object.entries(operations))
    for (let count = 0; count <= few.length; count++) {
      throws(TypeError, () => new XMLHttpRequest()[name](...few.slice(0, count)), name);
      // Before the state is asked for, and with anything for arguments.
      throws(TypeError, () => opened()[name](...few.slice(0, count).map(() => Symbol())), name);
    }
});

test("too many are ignored", () => {
  for (const [name, [, enough]] of Object.entries(operations)) {
    const xhr = opened();
    if (name === "open") xhr.open(...enough, true, null, null, Symbol(), Symbol());
    else xhr[name](...enough, Symbol(), Symbol());
  }
  const xhr = opened();
  xhr.abort(Symbol());
  equal(xhr.getAllResponseHeaders(Symbol()), "");
  opened(false).send(null, Symbol());
  new XMLHttpRequest(Symbol(), {});
});

test("wrong receivers", () => {
  const strangers = [undefined, null, 1, "x", {}, Object.create(prototype), new EventTarget(), new XMLHttpRequest().upload];
  for (const receiver of strangers) {
    for (const [name, [, enough]] of Object.entries({ ...operations, send: [[], []], abort: [[], []], getAllResponseHeaders: [[], []] }))
      throws(TypeError, () => prototype[name].call(receiver, ...enough), name);
    for (const [name, { get, set }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (get) throws(TypeError, () => get.call(receiver), name);
      if (set) throws(TypeError, () => set.call(receiver, Symbol()), name);
    }
  }
  for (const name of ["readyState", "status", "response", "responseType", "upload", "onload"]) throws(TypeError, () => prototype[name]);
});

test("constructors", () => {
  throws(TypeError, () => XMLHttpRequest());
  throws(TypeError, () => XMLHttpRequest.call(new XMLHttpRequest()));
  for (const interfaceObject of [XMLHttpRequestUpload, XMLHttpRequestEventTarget]) {
    throws(TypeError, () => new interfaceObject());
    throws(TypeError, () => interfaceObject());
    throws(TypeError, () => new (class extends interfaceObject {})());
  }
  throws(Mine, () => Reflect.construct(XMLHttpRequest, [], new Proxy(function () {}, { get() { throw new Mine(); } })));
});

test("read-only members", () => {
  const xhr = new XMLHttpRequest();
  const sloppy = new Function("xhr", "name", "xhr[name] = 7; return xhr[name]");
  for (const name of ["readyState", "upload", "responseURL", "status", "statusText", "response", "responseText", "responseXML", "UNSENT", "DONE"]) {
    throws(TypeError, () => (xhr[name] = 7), name);
    ok(sloppy(xhr, name) !== 7, name);
  }
});

test("strings that are none", () => {
  const calls = {
    method: (value) => opened().open(value, server),
    url: (value) => opened().open("GET", value),
    username: (value) => opened().open("GET", server, true, value),
    password: (value) => opened().open("GET", server, true, null, value),
    header: (value) => opened().setRequestHeader(value, "x"),
    "header's value": (value) => opened().setRequestHeader("x", value),
    "response header": (value) => opened().getResponseHeader(value),
    mime: (value) => opened().overrideMimeType(value),
    type: (value) => (opened().responseType = value),
    body: (value) => new XMLHttpRequest().send(value),
  };
  for (const [member, call] of Object.entries(calls))
    for (const [what, value, error] of noStrings) throws(error, () => call(value), `${member}: ${what}`);
});

test("byte strings", () => {
  for (const text of beyondBytes) {
    throws(TypeError, () => new XMLHttpRequest().open(text, server));
    throws(TypeError, () => new XMLHttpRequest().setRequestHeader(text, "x"));
    throws(TypeError, () => new XMLHttpRequest().setRequestHeader("x", text));
    throws(TypeError, () => new XMLHttpRequest().getResponseHeader(text));
  }
  equal(opened().getResponseHeader("\xe9"), null);
  equal(opened().getResponseHeader(""), null);
});

test("in which order arguments are converted", () => {
  const log = [];
  const told = (text) => ({ toString: () => (log.push(text), text) });
  const xhr = new XMLHttpRequest();
  // All of them, before anything is looked at.
  throws("SyntaxError", () => xhr.open(told("no token"), told("http://["), true, told("user"), told("password")));
  throws("InvalidStateError", () => xhr.setRequestHeader(told("no name"), told("value")));
  throws("InvalidStateError", () => xhr.send(told("body")));
  arrayEqual(log, ["no token", "http://[", "user", "password", "no name", "value", "body"]);
  throws(TypeError, () => xhr.open(told("GET"), Symbol(), true, told("never")));
  throws(TypeError, () => xhr.open("CONNECT", "http://[", true, "user", Symbol()));
  equal(log.at(-1), "GET");
  equal(xhr.readyState, 0);
});

test("a conversion that changes the object's state", () => {
  const xhr = new XMLHttpRequest();
  // Opened when the body is a string: then it may be sent.
  xhr.send({ toString: () => (xhr.open("POST", server + "/echo?raw", false), "late") });
  equal(xhr.responseText, "late");
  xhr.open("POST", server + "/echo", false);
  throws("InvalidStateError", () => xhr.send({ toString: () => (xhr.send("first"), "second") }));
  equal(JSON.parse(xhr.responseText).body, "first");
  xhr.open("GET", server);
  throws("InvalidStateError", () => xhr.setRequestHeader({ toString: () => (xhr.send(), "a") }, "b"));
  xhr.abort();
});

test("methods", () => {
  for (const method of ["", " ", "G ET", "GET ", "G\0", "G\r\n", "G:", "G/", "(", "\x7f", "\xe9", "G\tT", "[object Object]"])
    throws("SyntaxError", () => opened().open(method, server), JSON.stringify(method));
  for (const method of ["CONNECT", "TRACE", "TRACK", "connect", "Trace", "tRACK"])
    throws("SecurityError", () => opened().open(method, server), method);
  for (const [method, sent] of [["get", "GET"], ["pOsT", "POST"], ["Put", "PUT"], ["delete", "DELETE"], ["Options", "OPTIONS"],
    ["patch", "patch"], ["PATCH", "PATCH"], ["unicorn", "unicorn"], ["!#$%&'*+-.^_`|~09az", "!#$%&'*+-.^_`|~09az"], [null, "null"],
    [undefined, "undefined"], [7, "7"]]) {
    const xhr = new XMLHttpRequest();
    xhr.open(method, server + "/echo", false);
    xhr.send();
    equal(JSON.parse(xhr.responseText).method, sent);
  }
});

test("URLs", () => {
  for (const url of ["http://", "http://[", "http://a b/", "http://x:65536/", "http://%00/", "relative", "", "//host/", "?", "#", undefined, null])
    throws("SyntaxError", () => opened().open("GET", url), String(url));
  // What fails leaves all as it was.
  const xhr = opened();
  xhr.setRequestHeader("X-Kept", "yes");
  throws("SyntaxError", () => xhr.open("POST", "http://["));
  equal(xhr.readyState, 1);
  xhr.open("GET", server + "/echo", false);
  xhr.send();
  ok(!xhr.responseText.includes("X-Kept"), "open() empties the author's request headers");
});

test("a third argument that is undefined", () => {
  const xhr = opened(undefined);
  xhr.send();
  equal(xhr.readyState, 4, "synchronous");
  for (const rest of [[undefined], [null], ["", ""]]) {
    const other = opened(false, ...rest);
    other.send();
    equal(other.responseURL, server + "/json");
  }
});

test("headers", () => {
  for (const name of ["", " ", "a b", "a:", "a\n", "a\0", "(a)", "\xe9", "a,b"])
    throws("SyntaxError", () => opened().setRequestHeader(name, "x"), JSON.stringify(name));
  for (const value of ["a\0b", "a\rb", "a\nb", "a\r\n b", "\0", "x\r\nY: z"])
    throws("SyntaxError", () => opened().setRequestHeader("x", value), JSON.stringify(value));
  const xhr = new XMLHttpRequest();
  xhr.open("POST", server + "/echo", false);
  for (const [name, value] of [["X-Space", " \t\r\n a b \n\t"], ["X-Empty", ""], ["X-Empty-Too", "\t \n"], ["X-Null", null],
    ["X-Undefined", undefined], ["X-Latin", "\xe9\xff"], ["X-Control", "a\x01\x7f"]])
    xhr.setRequestHeader(name, value);
  for (const value of ["1", " 2 ", ""]) xhr.setRequestHeader("x-TWICE", value);
  xhr.send();
  const sent = Object.fromEntries(JSON.parse(xhr.responseText).headers.map(([name, value]) => [name.toLowerCase(), value]));
  equal(sent["x-space"], "a b");
  equal(sent["x-empty"], "");
  equal(sent["x-empty-too"], "");
  equal(sent["x-null"], "null");
  equal(sent["x-undefined"], "undefined");
  equal(sent["x-latin"], "\xe9\xff");
  equal(sent["x-control"], "a\x01\x7f");
  equal(sent["x-twice"], "1, 2,", "the server trims it");
});

test("timeout: unsigned long", () => {
  const xhr = new XMLHttpRequest();
  for (const [value, expected] of [[0, 0], [1.9, 1], [-1, 4294967295], [-0.9, 0], [2 ** 32, 0], [2 ** 32 + 5.7, 5], [2 ** 53 + 2, 2],
    [-(2 ** 31) - 1, 2147483647], [1e300, 0], [NaN, 0], [Infinity, 0], [-Infinity, 0], ["0x10", 16], [" 12 ", 12], ["x", 0], ["", 0],
    [null, 0], [undefined, 0], [true, 1], [[], 0], [[7], 7], [{}, 0], [{ valueOf: () => 9 }, 9], [new Date(77), 77]]) {
    xhr.timeout = 3;
    xhr.timeout = value;
    equal(xhr.timeout, expected, String(value));
  }
  xhr.timeout = 3;
  throws(TypeError, () => (xhr.timeout = Symbol()));
  throws(TypeError, () => (xhr.timeout = 1n));
  throws(Mine, () => (xhr.timeout = { valueOf() { throw new Mine(); } }));
  equal(xhr.timeout, 3);
});

test("withCredentials: boolean", () => {
  const xhr = new XMLHttpRequest();
  for (const value of [1, -1, "0", "false", {}, [], Symbol(), 1n, Infinity, true]) {
    xhr.withCredentials = false;
    xhr.withCredentials = value;
    equal(xhr.withCredentials, true);
  }
  for (const value of [0, -0, NaN, "", null, undefined, 0n, false]) {
    xhr.withCredentials = true;
    xhr.withCredentials = value;
    equal(xhr.withCredentials, false);
  }
});

const types = ["", "arraybuffer", "blob", "document", "json", "text"];

test("responseType: what is no value of it is ignored", () => {
  const xhr = new XMLHttpRequest();
  for (const type of types) {
    xhr.responseType = { toString: () => type };
    equal(xhr.responseType, type);
    for (const wrong of ["x", "JSON", "Text", "blob ", " ", "moz-chunked-text", "json\0", "\ud800", null, undefined, 0, NaN, true, {}, ["x"]]) {
      xhr.responseType = wrong;
      equal(xhr.responseType, type, String(wrong));
    }
  }
  xhr.responseType = [];
  equal(xhr.responseType, "", "an empty array is an empty string");
});

test("event handlers: what is no object is null", () => {
  const xhr = new XMLHttpRequest();
  for (const [target, name] of [[xhr, "onload"], [xhr, "onreadystatechange"], [xhr.upload, "onprogress"]]) {
    for (const value of [1, "f()", true, Symbol(), 1n, undefined, null]) {
      target[name] = () => {};
      target[name] = value;
      equal(target[name], null);
    }
    for (const value of [{}, [], () => {}, { handleEvent() {} }]) {
      target[name] = value;
      equal(target[name], value);
    }
  }
  // An object that cannot be called does nothing.
  xhr.onreadystatechange = { handleEvent() { throw new Mine(); } };
  xhr.open("GET", server);
});

// ---- states

// Calls back with an object in each state: [its name, the object, a way to end it].
async function inEachState(check) {
  const make = () => {
    const xhr = new XMLHttpRequest();
    xhr.responseType = "json";
    return xhr;
  };
  const send = (path, method = "GET") => {
    const xhr = make();
    xhr.open(method, server + path);
    xhr.send();
    return xhr;
  };
  const reach = async (xhr, state) => {
    await new Promise((resolve) => (xhr.onreadystatechange = () => xhr.readyState === state && resolve()));
    xhr.onreadystatechange = null;
    equal(xhr.readyState, state);
    return xhr;
  };
  check("unsent", make());
  const xhr = make();
  xhr.open("GET", server + "/delay/60000");
  check("opened", xhr);
  check("sent", send("/delay/60000"));
  await new Promise((resolve, reject) => {
    const early = send("/drip?n=1000&ms=50");
    early.onreadystatechange = () => {
      if (early.readyState !== 2) return;
      early.onreadystatechange = null;
      try {
        resolve(check("headers received", early));
      } catch (error) {
        reject(error);
      }
    };
  });
  check("loading", await reach(send("/drip?n=1000&ms=50"), 3));
  check("done", await reach(send("/json"), 4));
  check("failed", await reach(send("/close"), 4));
  const aborted = send("/delay/60000");
  aborted.abort();
  check("aborted", aborted);
}

const before = ["unsent", "opened", "sent", "headers received", "aborted"];

test("setRequestHeader and send: only when opened", () =>
  inEachState((state, xhr) => {
    if (state === "opened") {
      xhr.setRequestHeader("a", "b");
    } else {
      throws("InvalidStateError", () => xhr.setRequestHeader("a", "b"), state);
      throws("InvalidStateError", () => xhr.setRequestHeader("no name", "b"), state);
      throws("InvalidStateError", () => xhr.send(), state);
    }
    xhr.abort();
  }));

test("withCredentials: until it is sent", () =>
  inEachState((state, xhr) => {
    if (["unsent", "opened", "aborted"].includes(state)) xhr.withCredentials = true;
    else throws("InvalidStateError", () => (xhr.withCredentials = true), state);
    equal(xhr.withCredentials, ["unsent", "opened", "aborted"].includes(state));
    xhr.abort();
  }));

test("responseType and overrideMimeType: until the body comes", () =>
  inEachState((state, xhr) => {
    // What is no value is ignored before that.
    xhr.responseType = "nonsense";
    for (const type of types)
      if (before.includes(state)) xhr.responseType = type;
      else throws("InvalidStateError", () => (xhr.responseType = type), state);
    equal(xhr.responseType, before.includes(state) ? types.at(-1) : "json");
    for (const mime of ["a/b", "no MIME type", ""])
      if (before.includes(state)) xhr.overrideMimeType(mime);
      else throws("InvalidStateError", () => xhr.overrideMimeType(mime), state);
    xhr.abort();
  }));

test("responseText, responseXML, response", () =>
  inEachState((state, xhr) => {
    throws("InvalidStateError", () => xhr.responseText, state);
    throws("InvalidStateError", () => xhr.responseXML, state);
    if (state === "done") equal(xhr.response.nested.ok, true);
    else equal(xhr.response, null, state);
    if (before.includes(state)) {
      for (const type of ["", "text"]) {
        xhr.responseType = type;
        equal(xhr.responseText, "", state);
        equal(xhr.response, "", state);
      }
      throws("InvalidStateError", () => xhr.responseXML, state);
      xhr.responseType = "";
      equal(xhr.responseXML, null, state);
      for (const type of ["arraybuffer", "blob", "document"]) {
        xhr.responseType = type;
        equal(xhr.response, null, state);
        throws("InvalidStateError", () => xhr.responseText, state);
      }
    }
    xhr.abort();
  }));

test("timeout, open and abort: always", () =>
  inEachState((state, xhr) => {
    xhr.timeout = 70000;
    equal(xhr.timeout, 70000);
    const log = [];
    xhr.onreadystatechange = () => log.push(xhr.readyState);
    for (const type of ["abort", "loadend", "error", "load", "timeout"]) xhr["on" + type] = () => log.push(type);
    xhr.abort();
    const inFlight = ["sent", "headers received", "loading"].includes(state);
    arrayEqual(log, inFlight ? [4, "abort", "loadend"] : [], state);
    equal(xhr.readyState, state === "opened" ? 1 : 0, state);
    equal(xhr.status, 0);
    equal(xhr.responseURL, "");
    equal(xhr.getAllResponseHeaders(), "");
    log.length = 0;
    xhr.open("GET", server);
    arrayEqual(log, state === "opened" ? [] : [1], state);
    equal(xhr.responseType, "json");
    equal(xhr.timeout, 70000);
  }));

test("open in each state ends what is going on without a word", () =>
  inEachState((state, xhr) => {
    const log = [];
    xhr.onreadystatechange = () => log.push(xhr.readyState);
    for (const type of ["abort", "loadend", "error", "load", "timeout"]) xhr["on" + type] = () => log.push(type);
    xhr.open("GET", server);
    arrayEqual(log, ["opened", "sent"].includes(state) ? [] : [1], state);
    equal(xhr.readyState, 1);
    equal(xhr.status, 0);
    equal(xhr.response, null);
    xhr.setRequestHeader("a", "b");
  }));

test("what is told of a response, while there is one", () =>
  inEachState((state, xhr) => {
    const there = ["headers received", "loading", "done"].includes(state);
    equal(xhr.status, there ? 200 : 0, state);
    equal(xhr.statusText, there ? "OK" : "", state);
    equal(xhr.responseURL.startsWith(server), there, state);
    equal(xhr.getAllResponseHeaders() !== "", there, state);
    equal(xhr.getResponseHeader("content-type") !== null, there, state);
    xhr.abort();
  }));

test("nothing of all this is left over", async () => {
  const xhr = new XMLHttpRequest();
  xhr.open("GET", server + "/json");
  xhr.send();
  await next(xhr, "load");
  equal(xhr.status, 200);
});
