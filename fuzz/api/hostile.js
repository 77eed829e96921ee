// A script that does what no sane script would: it walks what the global object exposes and calls, gets, sets and
// constructs all of it with random arguments, inside of each other. The same seed does the same, as far as nothing
// waits for the network or another thread. `fuzz/api/run.py` puts the seed and the number of steps before it.
(function hostile(global, SEED, STEPS) {
  "use strict";

  // ---- chance ------------------------------------------------------------------------------------------------------

  let state = SEED >>> 0 || 1;
  function chance(n) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % n;
  }
  const pick = (list) => list[chance(list.length)];

  // ---- what is kept of the engine, before it is changed ------------------------------------------------------------

  const { getOwnPropertyNames, getPrototypeOf } = Object;
  const { apply, construct, ownKeys } = Reflect;
  const trace = global.TRACE ? (...words) => console.log(...words) : () => {};
  const document = global.document;
  const here = String(global.location?.href ?? global.program?.args?.[0] ?? "about:blank");
  const base = here.replace(/^(https?:\/\/[^/]*).*$/, "$1/");

  // Not the engine's own: they are not what is looked for.
  const engines = new RegExp(
    "^(Object|Function|Promise|Proxy|.*Array|.*ArrayBuffer|DataView|.*Map|.*Set|WeakRef|Date|RegExp|String|Number|" +
      "Boolean|Symbol|BigInt|Iterator|.*Error|FinalizationRegistry)$",
  );
  const elements = /^(HTML|SVG).*Element$/;
  const constructors = [];
  for (const name of getOwnPropertyNames(global)) {
    const value = global[name];
    if (typeof value === "function" && value.prototype && !engines.test(name) && !elements.test(name))
      constructors.push([name, value]);
  }
  const bad = new Set(["print", "exit", "program", "constructor", "eval", "Function", "load"]);
  // Rarely, since little is left to be done after it.
  const rare = new Set(["close", "stop", "open", "write", "writeln", "textContent", "innerHTML", "outerHTML",
    "replaceChildren", "importScripts", "location", "href", "assign", "reload", "replace", "Worker", "SharedWorker",
    "setInterval"]);

  let steps = STEPS;
  let depth = 0;
  let workers = global.DEPTH > 0 ? global.DEPTH : 3;
  let synchronous = 12;

  // ---- what there is to act on -------------------------------------------------------------------------------------

  const pool = [], nodes = [];
  function keep(value) {
    if (document && value instanceof Node)
      if (nodes.length < 60) nodes.push(value);
      else nodes[chance(60)] = value;
    if (value !== null && (typeof value === "object" || typeof value === "function")) {
      if (pool.length < 150) pool.push(value);
      else pool[chance(150)] = value;
    }
    return value;
  }

  const words = ["", "a", "div", "script", "svg:a", "xml:lang", "xmlns", "id", "class", "src", "href", "type", "click",
    "load", "error", "abort", "message", "messageerror", "readystatechange", "progress", "loadend", "timeout", "GET",
    "POST", "text/html", "text/xml", "text/javascript", "module", "application/json", "arraybuffer", "blob", "document",
    "json", "text", "*", "div > *:not(.a)", "body script", ":is(a, b):nth-child(2n+1)", "[id=\"a\"]", "::", "beforeend",
    "afterbegin", "beforebegin", "afterend", "utf-8", "utf-16le", "windows-1252", "replacement", "async", "defer",
    "\0", "\ud800", "a b", "--", "?>", "]]>", "constructor", "__proto__", "length", "0", "4294967295", "-1",
    "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/xmlns/",
    "http://[", "//", "data:text/html,<script>step()</script>", "data:text/javascript,globalThis.step?.(3)",
    "data:text/plain;base64,AAAA", "about:blank", "blob:null/1", "file:///", "javascript:1", "#a", "text", "xml",
      "html",
    "slow", "redirect", "refused", "missing", "Content-Type", "x", "image/svg+xml", "application/xhtml+xml"];
  const markup = ["<p>", "</p>", "<b><i></b>", "<table><tr><td>", "<td>", "</table>", "<script>step(2)</script>",
    "<script>step(", "2)</script>", "<script src=script.js></script>", "<script async src=slow.js></script>",
    "<script type=module>import './module.mjs'; step(1)</script>", "<script defer src=script.js></script>", "<!--",
      "-->",
    "<svg><script>step(1)</script>", "<template><script>step(1)</script></template>", "<select><option>", "<math><mi>",
    "<a id=a name=a href=#b onclick=step(1)>", "<form id=b><input name=c><button>", "</body>", "<frameset>",
      "<plaintext>",
    "&amp;&lt", "&#x0;", "\0", "<img src=x onerror=step(1)>", "<base href=/other/>", "<meta charset=utf-16>", "text",
    "<![CDATA[x]]>", "<!DOCTYPE x>", "<noscript><p>", "<textarea>", "<title>", "<p id=a id=b class='a b'>", "<", "</"];
  const html = (n) => {
    let out = "";
    for (let i = chance(n) + 1; i > 0; i--) out += pick(markup);
    return out;
  };
  const numbers = [0, -0, 1, -1, 2, 3, 7, 0.5, NaN, Infinity, -Infinity, 255, 256, 65536, 2 ** 31 - 1, 2 ** 31,
    -(2 ** 31),
    2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 2 ** 53, -(2 ** 63), 1e300];

  function detached() {
    const buffer = new ArrayBuffer(chance(64));
    const view = new (pick([Uint8Array, Float64Array, DataView]))(buffer, 0, 0);
    structuredClone(buffer, { transfer: [buffer] });
    return pick([buffer, view]);
  }
  function buffer() {
    const memory = new (pick([ArrayBuffer, ArrayBuffer, global.SharedArrayBuffer ?? ArrayBuffer]))(8 * chance(200));
    return pick([() => memory, () => new Uint8Array(memory), () => new DataView(memory),
      () => new BigInt64Array(memory),
      () => new Uint16Array(memory, 0, 0)])();
  }
  function callback() {
    const f = function () {
      act(3);
      if (chance(8) === 0) throw pick([new Error("thrown"), null, undefined, f, Symbol("s")]);
      return chance(3) === 0 ? value(2) : undefined;
    };
    return f;
  }
  function hostileObject() {
    const convert = (results) => () => {
      act(2);
      if (chance(6) === 0) throw new Error("conversion");
      return pick(results)();
    };
    switch (chance(6)) {
      case 0:
        return { toString: convert([() => pick(words), () => html(3)]), valueOf: convert([() => pick(numbers)]) };
      case 1:
        return { [Symbol.toPrimitive]: convert([() => pick(words), () => pick(numbers), () => Symbol.iterator]) };
      case 2:
        return { handleEvent: callback(), length: pick(numbers), get 0() { act(1); return value(2); } };
      case 3:
        return { [Symbol.iterator]() { let n = chance(5); return { next() { act(1);
          return n-- > 0 ? { done: false, value: value(2) } : { done: true }; }, return() { act(1); return {}; } }; } };
      case 4: {
        const answer = () => { act(1); return value(2); };
        return new Proxy(pick([{}, function () {}, []]), { get: (target, key) => key === "then" ? undefined : answer(),
          has: () => chance(2) === 0, ownKeys: (target) => { act(1); return ownKeys(target); } });
      }
      default: {
        const bag = {};
        for (const name of ["once", "passive", "capture", "signal", "bubbles", "cancelable", "composed", "detail",
          "data",
          "ports", "source", "type", "endings", "lastModified", "transfer", "name", "credentials", "fatal", "ignoreBOM",
          "stream", "origin", "message", "error", "target", "promise", "reason", "view", "is"])
          if (chance(3) === 0)
            if (chance(3) === 0) Object.defineProperty(bag, name, { get: () => { act(1); return value(1); },
              enumerable: true });
            else bag[name] = value(2);
        return bag;
      }
    }
  }
  function value(level) {
    switch (chance(level > 0 ? 16 : 8)) {
      case 0: return pick([undefined, null, true, false, 10n ** 20n, -1n]);
      case 1: return pick(numbers);
      case 2: case 3: return pick(words);
      case 4: if (nodes.length > 0 && chance(2) === 0) return pick(nodes); return pick([() => Symbol("s"),
        () => html(6), () => "x".repeat(chance(100000)), () => base + pick(words)])();
      case 5: case 6: case 7: return pool.length > 0 ? pick(pool) : global;
      case 8: return pick([detached, buffer])();
      case 9: case 10: return hostileObject();
      case 11: return callback();
      case 12: {
        const list = [];
        for (let i = chance(5); i > 0; i--) list.push(value(level - 1));
        if (chance(6) === 0) list[20] = 1;
        if (chance(8) === 0) list.push(list);
        return list;
      }
      case 13: return pick([() => new Map([[1, value(0)]]), () => new Set([value(0)]), () => new Date(pick(numbers)),
        () => /a/g, () => new Error("e"), () => Promise.resolve(value(0)), () => Promise.reject(1),
          () => Object(1n)])();
      default: return pick(pool.length > 0 ? pool : [global]);
    }
  }
  const values = (n) => {
    const list = [];
    for (let i = chance(n + 1); i > 0; i--) list.push(value(2));
    return list;
  };

  // ---- by reflection -----------------------------------------------------------------------------------------------

  function property(object) {
    const names = [];
    let at = object;
    for (let i = 0; at && i < 8 && at !== Object.prototype; i++, at = getPrototypeOf(at))
      names.push([at, ownKeys(at)]);
    if (names.length === 0) return null;
    const [holder, keys] = pick(names);
    if (keys.length === 0) return null;
    let key = pick(keys);
    if (typeof key === "symbol" && chance(4) > 0) key = pick(keys);
    if (bad.has(key) || (object === global && engines.test(String(key))) ||
        (rare.has(key) && chance(8) > 0)) return null;
    return [key, Object.getOwnPropertyDescriptor(holder, key)];
  }
  function reflect() {
    const object = pool.length > 0 && chance(12) > 0 ? pick(pool) : global;
    // The engine's own functions would fill and copy without end.
    if (Array.isArray(object) || ArrayBuffer.isView(object)) return;
    const found = property(object);
    if (!found) return;
    const [key, descriptor] = found;
    const receiver = chance(15) === 0 ? value(1) : object;
    trace("reflect", key, Object.prototype.toString.call(receiver));
    if (descriptor?.get && chance(3) > 0) keep(apply(descriptor.get, receiver, []));
    else if (descriptor?.set) apply(descriptor.set, receiver, [value(2)]);
    else if (typeof descriptor?.value === "function") {
      if (key === "send" && synchronous-- <= 0) return;
      keep(apply(descriptor.value, receiver, values(4)));
    } else if (chance(4) === 0 && object !== global) object[key] = value(2);
    else keep(object[key]);
  }
  function make() {
    const [name, constructor] = pick(constructors);
    if (/Worker$/.test(name)) return;
    trace("new", name);
    keep(construct(constructor, values(4), chance(20) === 0 ? pick(constructors)[1] : constructor));
  }

  // ---- with a purpose ----------------------------------------------------------------------------------------------

  const node = () => {
    if (!document) return {};
    if (nodes.length > 3 && chance(3) > 0) return pick(nodes);
    // One that is in the document, somewhere.
    let at = document;
    for (let i = chance(8); i > 0 && at.firstChild; i--) at = pick(at.childNodes);
    if (at !== document) return keep(at);
    return keep(document.createElement(pick(["div", "script", "p", "a", "template", "input", "select", "option",
      "form"])));
  };
  const of = (constructor, make) => {
    for (let i = 0; i < 10; i++) {
      const one = pool.length > 0 && pick(pool);
      if (one instanceof constructor) return one;
    }
    return keep(make());
  };
  const target = () => of(EventTarget, () => new EventTarget());
  const port = () => {
    if (chance(3) > 0)
      return of(MessagePort, () => new MessageChannel().port1);
    const { port1, port2 } = new MessageChannel();
    keep(port1);
    return keep(port2);
  };
  const source = (n) =>
    `SEED=${chance(1 << 30)};STEPS=${n};DEPTH=${Math.max(1, workers - 1)};(${hostile})(globalThis, SEED, STEPS)`;
  const worker = () => of(Worker, () => {
    if (workers-- <= 1) return {};
    const options = chance(4) === 0 ? { type: "module", name: "w" } : undefined;
    if (chance(3) === 0) return new Worker(`${base}worker.js?${chance(1 << 30)}`, options);
    const url = URL.createObjectURL(new Blob([source(60)], { type: "text/javascript" }));
    const made = new Worker(url, options);
    if (chance(2) === 0) URL.revokeObjectURL(url);
    return made;
  });
  const request = () => of(XMLHttpRequest, () => new XMLHttpRequest());

  const purposes = [
    () => { const t = target(), f = callback(), type = pick(words); t.addEventListener(type, f,
      chance(2) === 0 ? value(1) : false);
      if (chance(3) === 0) t.removeEventListener(type, f); },
    () => { const t = target(); t["on" + pick(["load", "error", "message", "click", "abort", "readystatechange",
      "loadend"])] = callback(); },
    () => target().dispatchEvent(keep(new Event(pick(words), { bubbles: chance(2) === 0, cancelable: true }))),
    () => { const x = request(); x.open(pick(["GET", "POST", "HEAD"]), base + pick(["text", "slow", "xml", "html",
      "redirect", "missing",
      "refused", "script.js"]), synchronous > 0 && chance(5) === 0 ? synchronous-- < 0 : true);
        if (chance(2) === 0) x.responseType = pick(["", "document", "json", "blob", "arraybuffer"]);
      for (const type of ["load", "error", "progress", "readystatechange",
        "loadend"]) if (chance(3) === 0) x.addEventListener(type, callback());
      if (chance(2) === 0) x.upload.addEventListener("progress", callback());
        x.send(chance(2) === 0 ? value(2) : null); },
    () => { const x = request(); x.open("GET", pick([URL.createObjectURL(new Blob([html(9)], { type: "text/html" })),
      "data:text/xml,<a>b</a>"]));
      x.responseType = pick(["", "document", "blob"]); x.onload = callback(); x.send(); },
    () => request().abort(),
    () => { const x = request(); keep(x.response); keep(x.responseXML); },
    () => { const p = port(); p.onmessage = callback(); },
    () => { const list = []; for (let i = chance(3); i > 0;
      i--) list.push(chance(3) === 0 ? new ArrayBuffer(chance(99)) : port());
      pick([() => port(), () => worker(),
        () => global.document ? global : global])().postMessage(chance(2) === 0 ? { list, v: value(2) } : list, list);
        },
    () => keep(structuredClone(value(3), chance(2) === 0 ? { transfer: [port()] } : undefined)),
    () => port().close(),
    () => { const w = worker(); w.onmessage = callback(); w.onerror = (event) => { keep(event);
      event.preventDefault(); act(1); }; },
    () => { worker().terminate(); },
    () => { if (global.SharedWorker && workers > 1 && chance(4) === 0) { workers--;
      const w = keep(new SharedWorker(`${base}worker.js?${chance(4)}`, "n" + chance(2)));
      keep(w.port); w.port.onmessage = callback(); w.port.postMessage(value(1)); } },
    () => { const r = of(FileReader, () => new FileReader()); r.onload = callback(); r.onprogress = callback();
      r[pick(["readAsText", "readAsDataURL", "readAsArrayBuffer", "readAsBinaryString"])](of(Blob,
        () => new Blob([html(20), buffer()]))); },
    () => { const url = URL.createObjectURL(of(Blob, () => new Blob([html(5)]))); words.push(url);
      if (chance(2) === 0) URL.revokeObjectURL(url); },
    () => queueMicrotask(callback()),
    () => {
      const source = {};
      for (const name of ["start", "pull", "cancel"]) if (chance(2) === 0) source[name] = (c) => { keep(c); act(2);
        return pick([undefined, Promise.resolve(), 1]); };
      if (chance(2) === 0) { source.type = "bytes"; if (chance(2) === 0) source.autoAllocateChunkSize = chance(99); }
      keep(new ReadableStream(source, chance(3) === 0 ? { highWaterMark: pick(numbers),
        size: callback() } : undefined));
    },
    () => { const s = chance(2) === 0 ? keep(of(Blob, () => new Blob([html(9)])).stream()) : of(ReadableStream,
      () => new ReadableStream());
      const r = keep(s.getReader(chance(2) === 0 ? { mode: "byob" } : undefined));
      for (let i = chance(4); i > 0; i--) r.read(new Uint8Array(chance(40))).then((one) => { keep(one.value); act(2);
        }, callback());
      if (chance(3) === 0) r.cancel(value(1)); if (chance(3) === 0) r.releaseLock(); },
    () => { const c = pick(pool), name = Object.prototype.toString.call(c);
      if (/Controller\]$/.test(name)) { c.enqueue?.(pick([buffer(), new Uint8Array(9), value(1)]));
      keep(c.byobRequest); c.byobRequest?.respond?.(chance(20)); if (chance(4) === 0) c.close?.();
        if (chance(6) === 0) c.error?.(1); } },
    () => { const [a, b] = of(ReadableStream, () => new ReadableStream()).tee(); keep(a); keep(b); },
    () => { keep({ id: setTimeout(callback(), chance(30)) }); },
    () => { const id = setInterval(() => { act(2); if (chance(4) === 0) clearInterval(id); }, chance(10)); },
    () => { const c = of(AbortController, () => new AbortController()); keep(c.signal);
      if (chance(3) === 0) c.abort(value(1)); },
    () => keep(AbortSignal.any([of(AbortController, () => new AbortController()).signal,
      AbortSignal.timeout(chance(20))])),
    () => Promise.reject(value(1)),
    () => { const [name] = pick(constructors); if (chance(40) === 0) delete global[name]; },
    () => { const f = of(FormData, () => new FormData()); f.append(pick(words),
      chance(2) === 0 ? pick(words) : new Blob([html(2)]), undefined);
      for (const entry of f) { keep(entry[1]); if (chance(3) === 0) f.delete(entry[0]);
        else if (chance(4) === 0) f.append("a", "b"); if (chance(9) === 0) break; } },
    () => { const u = of(URL, () => new URL(base)); u[pick(["href", "search", "hash", "host", "port",
      "pathname"])] = pick(words); keep(u.searchParams); },
  ];
  const onDocument = [
    () => node().appendChild(node()),
    () => node().insertBefore(node(), node().firstChild),
    () => { const n = node(); n.parentNode?.replaceChild(node(), n); },
    () => node().remove?.(),
    () => { const n = node(); n[pick(["append", "prepend", "before", "after", "replaceWith",
      "replaceChildren"])]?.(...values(3), node()); },
    () => { const n = node();
      if (n.innerHTML !== undefined && (n !== document.documentElement || chance(9) === 0)) n.innerHTML = html(9);
      keep(n.firstChild); },
    () => { const n = node(); if (n.parentNode) n.outerHTML = html(5); },
    () => node().insertAdjacentHTML?.(pick(["beforebegin", "afterbegin", "beforeend", "afterend"]), html(6)),
    () => { const d = keep(document.implementation.createHTMLDocument(pick(words))); keep(d.body);
      keep(d.importNode(node(), true)); },
    () => { const d = keep(document.implementation.createDocument(null, "a")); keep(d.documentElement);
      d.adoptNode(node()); },
    () => { const x = new XMLHttpRequest(); x.open("GET",
      "data:text/xml," + encodeURIComponent(`<a b='c'>${html(3)}</a>`), false); x.send();
      keep(x.responseXML?.documentElement); },
    () => { const r = keep(document.createDocumentFragment()); r.append(node(), node()); node().appendChild(r); },
    () => { const n = keep(document.createTextNode("text")); node().appendChild(n); n.splitText(2);
      node().normalize(); },
    () => keep(node().cloneNode(chance(2) === 0)),
    () => { const s = keep(document.createElement("script")); s.textContent = "step(2)"; node().appendChild(s);
      if (chance(2) === 0) node().appendChild(s); },
    () => { const s = keep(document.createElement("script")); s.src = pick(["script.js", "slow.js", "module.mjs",
      "missing", "data:text/javascript,step(2)"]);
      s.async = chance(2) === 0; if (chance(3) === 0) s.type = "module"; s.onload = callback();
        s.onerror = callback(); document.documentElement?.appendChild(s);
      if (chance(3) === 0) s.remove(); },
    () => { const s = document.currentScript; if (s) { keep(s); node().appendChild(s); } },
    () => { document.write(html(6)); },
    () => { if (chance(6) === 0) { document.open(); if (chance(2) === 0) document.write(html(9));
      if (chance(2) === 0) document.close(); } },
    () => document.close(),
    () => { const n = node(); n.setAttribute?.(pick(words), pick(words)); keep(n.getAttributeNode?.("id"));
      keep(n.attributes); },
    () => { const n = node(), a = keep(document.createAttribute("id")); n.setAttributeNode?.(a);
      if (chance(2) === 0) n.removeAttributeNode(a); },
    () => { const n = node(); keep(n.childNodes); keep(n.children); keep(n.classList); keep(n.dataset);
      keep(n.content); },
    () => { const n = node(); keep(n.querySelectorAll?.(pick(words))); keep(n.getElementsByTagName?.("*"));
      keep(n.closest?.("div")); },
    () => { for (const one of document.getElementsByTagName("*")) { keep(one); act(1); if (chance(5) === 0) break; } },
    () => { const n = node(); n.normalize?.(); n.compareDocumentPosition(node()); n.isEqualNode(node());
      n.splitText?.(chance(3)); },
    () => { const n = node(); n.click?.(); },
    () => { for (const one of document.childNodes) one.remove(); },
    () => { if (!document.documentElement) document.appendChild(keep(document.createElement("html")));
      if (!document.body)
      document.documentElement.appendChild(keep(document.createElement("body"))); },
    () => keep(document.all ?? document.scripts),
    () => requestAnimationFrame?.(callback()),
    () => { location.hash = pick(words); },
    () => { if (chance(30) === 0) stop(); if (chance(200) === 0) close(); },
    () => { const r = new XMLHttpRequest(); r.open("GET", base + pick(["html", "xml"]), false);
      if (synchronous-- > 0) r.send(); keep(r.responseXML); keep(r.responseXML?.documentElement); },
  ];

  function step() {
    const kind = chance(10);
    if (kind < 4) reflect();
    else if (kind < 5) make();
    else if (kind < 8 && document) pick(onDocument)();
    else pick(purposes)();
  }
  function act(n) {
    if (depth >= 6) return;
    depth++;
    try {
      for (let i = chance(n + 1); i > 0 && steps > 0; i--) {
        steps--;
        try {
          step();
        } catch (error) {
          trace("threw", String(error?.message));
        }
      }
    } finally {
      depth--;
    }
  }

  // ---- what others find --------------------------------------------------------------------------------------------

  global.step = (n) => act(n ?? 2);
  if (global.postMessage && !document) global.onmessage = (event) => { keep(event); keep(event.data);
    for (const one of event.ports) keep(one); act(6); };
  global.onconnect = (event) => { keep(event.ports[0]); event.ports[0].onmessage = callback(); act(4); };
  global.onerror = () => { act(1); return chance(2) === 0; };
  if (document) {
    keep(document);
    for (const type of ["DOMContentLoaded", "readystatechange", "load"]) document.addEventListener(type, callback());
    global.addEventListener("load", () => { for (let i = 0; i < 30; i++) act(4); });
  }
  keep(global);
  // Most end by themselves, at some moment or other.
  const exit = global.program?.exit ?? global.close;
  if (chance(4) > 0) setTimeout(() => apply(exit, global.program ?? global, []), chance(400));
  for (let i = 0; i < STEPS / 4; i++) act(4);
})(globalThis, globalThis.SEED ?? 1, globalThis.STEPS ?? 400);
