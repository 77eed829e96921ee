// setTimeout, setInterval, queueMicrotask, performance: https://html.spec.whatwg.org/#timers
import { arrayEqual, equal, ok, reported, test, throws } from "./support/assert.js";

const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

test("the shape", () => {
  for (const [name, length] of [["setTimeout", 1], ["setInterval", 1], ["clearTimeout", 0], ["clearInterval", 0], ["queueMicrotask", 1]]) {
    equal(typeof globalThis[name], "function");
    equal(globalThis[name].length, length, name);
    equal(globalThis[name].name, name);
  }
  throws("TypeError", () => setTimeout());
  throws("TypeError", () => setTimeout.call({}, () => {}));
  const id = setTimeout.call(undefined, () => {});
  ok(Number.isInteger(id) && id > 0);
  clearTimeout.call(null, id);
});

test("in the order of their times, and of their calls", async () => {
  const order = [];
  setTimeout(() => order.push("20a"), 20);
  setTimeout(() => order.push("10"), 10);
  setTimeout(() => order.push("0a"));
  setTimeout(() => order.push("0b"), 0);
  setTimeout(() => order.push("-5"), -5);
  setTimeout(() => order.push("20b"), 20);
  queueMicrotask(() => order.push("micro"));
  order.push("now");
  await later(40);
  arrayEqual(order, ["now", "micro", "0a", "0b", "-5", "10", "20a", "20b"]);
});

test("this and arguments", async () => {
  const got = await new Promise((resolve) => {
    setTimeout(function (...args) { resolve([this, args]); }, 1, "a", 2, null);
  });
  equal(got[0], globalThis);
  arrayEqual(got[1], ["a", 2, null]);
});

test("the timeout is a long", async () => {
  let converted = "";
  const timeout = { valueOf() { converted += "t"; return 1; } };
  await new Promise((resolve) => setTimeout(resolve, timeout));
  equal(converted, "t");
  await new Promise((resolve) => setTimeout(resolve, 2 ** 32 + 1)); // wraps
  await new Promise((resolve) => setTimeout(resolve, "1"));
  await new Promise((resolve) => setTimeout(resolve, NaN));
  throws("TypeError", () => setTimeout(() => {}, 1n));
  throws("TypeError", () => setTimeout(() => {}, Symbol()));
});

test("not too early", async () => {
  const start = performance.now();
  await later(25);
  ok(performance.now() - start >= 25);
});

test("clearing", async () => {
  let ran = 0;
  clearTimeout(setTimeout(() => ran++));
  clearInterval(setTimeout(() => ran++)); // one list of ids
  clearTimeout();
  clearTimeout(0);
  clearTimeout(12345678);
  clearTimeout(NaN);
  clearTimeout("nothing");
  const second = setTimeout(() => ran++, 12);
  setTimeout(() => clearTimeout(second), 6);
  // One that is due in the same turn.
  const third = setTimeout(() => clearTimeout(fourth));
  const fourth = setTimeout(() => ran++);
  ok(third !== fourth);
  await later(20);
  equal(ran, 0);
});

test("setInterval", async () => {
  let ran = 0, argument;
  await new Promise((resolve) => {
    const id = setInterval((value) => {
      argument = value;
      if (++ran === 4) {
        clearInterval(id);
        resolve();
      }
    }, 2, "again");
  });
  await later(10);
  equal(ran, 4);
  equal(argument, "again");
  // An exception does not end it.
  let failing = 0;
  const errors = await reported(async () => {
    const id = setInterval(() => {
      if (++failing === 3) clearInterval(id);
      throw new Error("each time");
    });
    await later(30);
  });
  equal(failing, 3);
  equal(errors.length, 3);
  equal(errors[0].error.message, "each time");
});

test("a string is a script", async () => {
  globalThis.fromString = 0;
  setTimeout("globalThis.fromString += 1; var declaredByTimer = 2");
  setTimeout({ toString: () => "globalThis.fromString += 10" });
  await later(5);
  equal(globalThis.fromString, 11);
  equal(globalThis.declaredByTimer, 2);
  const errors = await reported(async () => {
    setTimeout("not a script");
    setTimeout("throw new RangeError('from a string')");
    await later(5);
  });
  equal(errors.length, 2);
  equal(errors[0].error.name, "SyntaxError");
  equal(errors[1].error.message, "from a string");
});

test("microtasks run behind each", async () => {
  const order = [];
  setTimeout(() => {
    order.push("a");
    queueMicrotask(() => order.push("a'"));
    Promise.resolve().then(() => order.push("a''"));
  });
  setTimeout(() => order.push("b"));
  await later(5);
  arrayEqual(order, ["a", "a'", "a''", "b"]);
});

test("what a timer sets at once comes in a later turn", async () => {
  const order = [];
  setTimeout(() => {
    order.push(1);
    setTimeout(() => order.push(3));
  });
  setTimeout(() => order.push(2));
  await later(10);
  arrayEqual(order, [1, 2, 3]);
});

test("nested ones slow down to 4 ms", async () => {
  const times = [];
  await new Promise((resolve) => {
    setTimeout(function again() {
      times.push(performance.now());
      if (times.length < 16) setTimeout(again);
      else resolve();
    });
  });
  ok(times[15] - times[6] >= 36, `${times[15] - times[6]} ms`);
});

test("what a microtask sets is nested in nothing", async () => {
  let turns = 0, delay = Infinity;
  await new Promise((resolve) => {
    setTimeout(function again() {
      if (++turns > 15) return resolve();
      const start = performance.now();
      if (turns > 8) queueMicrotask(() => setTimeout(() => { delay = Math.min(delay, performance.now() - start); }, 1));
      setTimeout(again, 8);
    });
  });
  ok(delay < 4, `${delay} ms`);
});

test("ten thousand", async () => {
  let ran = 0;
  const ids = [];
  for (let i = 0; i < 10000; i++) ids.push(setTimeout(() => ran++, i % 7));
  equal(new Set(ids).size, 10000);
  for (let i = 0; i < 10000; i += 2) clearTimeout(ids[i]);
  await later(50);
  equal(ran, 5000);
});

test("queueMicrotask", async () => {
  throws("TypeError", () => queueMicrotask());
  throws("TypeError", () => queueMicrotask("text"));
  throws("TypeError", () => queueMicrotask({}));
  const order = [];
  equal(queueMicrotask(function () { order.push(this === undefined, arguments.length); }), undefined);
  queueMicrotask(() => order.push("second"));
  await null;
  await null;
  arrayEqual(order, [true, 0, "second"]);
  const errors = await reported(async () => {
    queueMicrotask(() => { throw new Error("in a microtask"); });
    queueMicrotask(() => order.push("goes on"));
    await later(1);
  });
  equal(errors[0].error.message, "in a microtask");
  equal(order.at(-1), "goes on");
});

test("performance", () => {
  ok(performance instanceof Performance && performance instanceof EventTarget);
  equal(performance, performance);
  throws("TypeError", () => new Performance());
  const first = performance.now();
  ok(first > 0 && performance.now() >= first);
  ok(Math.abs(performance.timeOrigin + performance.now() - Date.now()) < 1000);
  equal(JSON.stringify(performance), JSON.stringify({ timeOrigin: performance.timeOrigin }));
  const stamp = new Event("x").timeStamp;
  ok(stamp >= first && stamp <= performance.now());
  equal(Object.prototype.toString.call(performance), "[object Performance]");
  // [Replaceable]
  const own = performance;
  globalThis.performance = 5;
  equal(globalThis.performance, 5);
  globalThis.performance = own;
});
