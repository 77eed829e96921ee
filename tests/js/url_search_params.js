// URLSearchParams: https://url.spec.whatwg.org/#interface-urlsearchparams
import { arrayEqual, equal, ok, test, throws } from "./support/assert.js";

const text = (init) => String(new URLSearchParams(init));

test("the shape", () => {
  equal(URLSearchParams.length, 0);
  throws(TypeError, () => URLSearchParams());
  const lengths = { append: 2, delete: 1, get: 1, getAll: 1, has: 1, set: 2, sort: 0, entries: 0, forEach: 1, keys: 0, values: 0, toString: 0 };
  for (const [name, length] of Object.entries(lengths)) {
    equal(URLSearchParams.prototype[name].length, length, name);
    equal(URLSearchParams.prototype[name].name, name);
  }
  equal(URLSearchParams.prototype[Symbol.iterator], URLSearchParams.prototype.entries);
  equal(Object.getOwnPropertyDescriptor(URLSearchParams.prototype, Symbol.iterator).enumerable, false);
  equal(Object.prototype.toString.call(new URLSearchParams()), "[object URLSearchParams]");
  const params = new URLSearchParams();
  for (const [name, length] of Object.entries(lengths)) {
    throws(TypeError, () => params[name].call({}));
    if (length > 0) throws(TypeError, () => params[name](...Array(length - 1).fill("x")));
  }
});

test("from strings", () => {
  equal(text(), "");
  equal(text(undefined), "");
  equal(text(null), "null=");
  equal(text(5), "5=");
  equal(text("a=1&b=2"), "a=1&b=2");
  equal(text("?a=1&?b"), "a=1&%3Fb=");
  equal(text("??a"), "%3Fa=");
  equal(text("a+b=%20%2B&&=&c"), "a+b=+%2B&=&c=");
  equal(text("%zz=%4"), "%25zz=%254");
  equal(text("\uD800=\u{1F600}"), "%EF%BF%BD=%F0%9F%98%80");
  equal(new URLSearchParams("a=\0").get("a"), "\0");
});

test("from sequences", () => {
  equal(text([]), "");
  equal(text([["a", "1"], ["b", 2], new Set(["c", null]), Object("de")]), "a=1&b=2&c=null&d=e");
  equal(text(new Map([["a", "1"]])), "a=1");
  equal(text(new URLSearchParams("a=1&a=2")), "a=1&a=2");
  equal(text(new FormData()), "");
  throws(TypeError, () => new URLSearchParams([1]));
  throws(TypeError, () => new URLSearchParams(["de"]));
  throws(TypeError, () => new URLSearchParams([[]]));
  throws(TypeError, () => new URLSearchParams([["a"]]));
  throws(TypeError, () => new URLSearchParams([["a", "b", "c"]]));
  throws(TypeError, () => new URLSearchParams({ [Symbol.iterator]: 1 }));
  throws(TypeError, () => new URLSearchParams([[Symbol(), "b"]]));
  const error = new Error("iterating");
  equal(throws(Error, () => new URLSearchParams((function* () { yield ["a", "b"]; throw error; })())), error);
  const params = new URLSearchParams("a=1");
  params[Symbol.iterator] = function* () { yield ["patched", "2"]; };
  equal(text(params), "patched=2");
});

test("from records", () => {
  equal(text({}), "");
  equal(text({ a: 1, b: "x y", 7: null }), "7=null&a=1&b=x+y");
  throws(TypeError, () => text({ [Symbol.iterator]: undefined, a: 1 }));
  equal(text(Object.create({ inherited: 1 }, { hidden: { value: 1 }, seen: { value: 2, enumerable: true } })), "seen=2");
  equal(text(() => {}), "");
  equal(text({ "\uD835x": "1", xx: "2", "\uD83Dx": "3" }), "%EF%BF%BDx=3&xx=2");
  throws(TypeError, () => new URLSearchParams({ [Symbol("s")]: 1 }));
  const order = [];
  const proxy = new Proxy({ a: 1, b: 2 }, {
    ownKeys(target) { order.push("keys"); return Reflect.ownKeys(target); },
    getOwnPropertyDescriptor(target, key) { order.push(`own ${key}`); return Reflect.getOwnPropertyDescriptor(target, key); },
    get(target, key) { if (typeof key === "string") order.push(`get ${key}`); return target[key]; },
  });
  equal(text(proxy), "a=1&b=2");
  arrayEqual(order, ["keys", "own a", "get a", "own b", "get b"]);
});

test("reading", () => {
  const params = new URLSearchParams("a=1&b=2&a=3&c");
  equal(params.size, 4);
  equal(params.get("a"), "1");
  equal(params.get("c"), "");
  equal(params.get("d"), null);
  arrayEqual(params.getAll("a"), ["1", "3"]);
  arrayEqual(params.getAll("d"), []);
  ok(params.has("a") && !params.has("d"));
  ok(params.has("a", "3") && !params.has("a", "2") && params.has("a", undefined));
  equal(params.get("a", "ignored"), "1");
});

test("writing", () => {
  const params = new URLSearchParams("a=1&b=2&a=3");
  params.append("c", null);
  equal(String(params), "a=1&b=2&a=3&c=null");
  params.set("a", "new");
  equal(String(params), "a=new&b=2&c=null");
  params.set("d", "\uDC00");
  equal(params.get("d"), "\uFFFD");
  params.append("b", "5");
  params.delete("b", "2");
  equal(String(params), "a=new&c=null&d=%EF%BF%BD&b=5");
  params.delete("b", undefined);
  params.delete("a");
  equal(String(params), "c=null&d=%EF%BF%BD");
  equal(params.delete("nothing"), undefined);
});

test("sorting by code units, stably", () => {
  const sorted = (init) => {
    const params = new URLSearchParams(init);
    params.sort();
    return [...params].map(([name, value]) => `${name}${value}`).join(" ");
  };
  equal(sorted("z=b&a=b&z=a&a=a"), "ab aa zb za");
  equal(sorted([["\uFFFD", ""], ["\uFFFC", ""], ["\u{1F308}", ""], ["\uD7FF", ""], ["\uE000", ""]]), "\uD7FF \u{1F308} \uE000 \uFFFC \uFFFD");
  equal(sorted("ab&a&abc&"), "a ab abc");
  equal(sorted(Array.from({ length: 500 }, (_, i) => [i % 2 ? "b" : "a", i])).split(" ")[249], "a498");
});

test("iterating", () => {
  const params = new URLSearchParams("a=1&b=2");
  equal(JSON.stringify([...params]), '[["a","1"],["b","2"]]');
  equal(JSON.stringify([...params.keys()]), '["a","b"]');
  equal(JSON.stringify([...params.values()]), '["1","2"]');
  const iterator = params.entries();
  equal(iterator[Symbol.iterator](), iterator);
  equal(Object.prototype.toString.call(iterator), "[object URLSearchParams Iterator]");
  const prototype = Object.getPrototypeOf(iterator);
  equal(Object.getPrototypeOf(prototype), Object.getPrototypeOf(Object.getPrototypeOf([].values())));
  ok(!Object.hasOwn(prototype, "constructor"));
  ok(Object.getOwnPropertyDescriptor(prototype, "next").enumerable);
  equal(prototype.next.length, 0);
  throws(TypeError, () => prototype.next.call({}));
  throws(TypeError, () => prototype.next.call(new FormData().entries()));
  equal(globalThis["URLSearchParams Iterator"], undefined);
  // Live: what is appended comes, what is deleted is skipped, and an end is no end for good.
  const seen = [];
  for (const [name] of params) {
    seen.push(name);
    if (name === "a") params.append("c", "3");
    if (name === "b") params.delete("a");
  }
  arrayEqual(seen, ["a", "b"]);
  equal(iterator.next().value[0], "b");
  iterator.next();
  equal(iterator.next().done, true);
  params.append("d", "4");
  equal(iterator.next().value[0], "d");
});

test("forEach", () => {
  const params = new URLSearchParams("a=1&b=2");
  const seen = [];
  const context = {};
  equal(params.forEach(function (value, name, object) {
    seen.push(value, name, object === params, this === context);
  }, context), undefined);
  arrayEqual(seen, ["1", "a", true, true, "2", "b", true, true]);
  throws(TypeError, () => params.forEach());
  throws(TypeError, () => params.forEach({}));
  const error = new Error("stop");
  let calls = 0;
  equal(throws(Error, () => params.forEach(() => { calls++; throw error; })), error);
  equal(calls, 1);
});
