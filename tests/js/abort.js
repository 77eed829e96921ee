// AbortController, AbortSignal.
import { arrayEqual, collected, equal, next, ok, reported, test, throws } from "./support/assert.js";

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

test("the shape", () => {
  throws(TypeError, () => new AbortSignal());
  equal(AbortController.length, 0);
  equal(AbortSignal.abort.length, 0);
  equal(AbortSignal.timeout.length, 1);
  equal(AbortSignal.any.length, 1);
  equal(String(new AbortController()), "[object AbortController]");
  const controller = new AbortController();
  equal(controller.signal, controller.signal);
  ok(controller.signal instanceof EventTarget);
});

test("abort", () => {
  const controller = new AbortController();
  const { signal } = controller;
  const log = [];
  signal.addEventListener("abort", (event) => {
    ok(event.isTrusted && !event.bubbles && !event.cancelable);
    equal(event.target, signal);
    log.push(signal.reason);
  });
  signal.throwIfAborted();
  equal(signal.aborted, false);
  equal(signal.reason, undefined);
  controller.abort("why");
  controller.abort("again");
  equal(signal.aborted, true);
  arrayEqual(log, ["why"]);
  try {
    signal.throwIfAborted();
    ok(false);
  } catch (error) {
    equal(error, "why");
  }
});

test("no reason: an AbortError", () => {
  const controller = new AbortController();
  controller.abort(undefined);
  equal(controller.signal.reason.name, "AbortError");
  equal(controller.signal.reason.code, 20);
  ok(controller.signal.reason instanceof DOMException);
  equal(AbortSignal.abort().reason.name, "AbortError");
  equal(AbortSignal.abort(null).reason, null);
  ok(AbortSignal.abort(null).aborted);
});

test("timeout", async () => {
  throws(TypeError, () => AbortSignal.timeout());
  throws(TypeError, () => AbortSignal.timeout(-1));
  throws(TypeError, () => AbortSignal.timeout(NaN));
  throws(TypeError, () => AbortSignal.timeout(Infinity));
  throws(TypeError, () => AbortSignal.timeout(2 ** 53));
  const signal = AbortSignal.timeout(20);
  equal(signal.aborted, false);
  await sleep(60);
  equal(signal.aborted, true);
  equal(signal.reason.name, "TimeoutError");
});

test("a timeout that is only listened to", async () => {
  let name;
  AbortSignal.timeout(20).onabort = (event) => (name = event.target.reason.name);
  globalThis.gc?.();
  await sleep(60);
  equal(name, "TimeoutError");
});

test("any", () => {
  throws(TypeError, () => AbortSignal.any());
  throws(TypeError, () => AbortSignal.any(5));
  throws(TypeError, () => AbortSignal.any([1]));
  throws(TypeError, () => AbortSignal.any(new AbortController().signal));
  equal(AbortSignal.any([]).aborted, false);
  const a = new AbortController(), b = new AbortController();
  const any = AbortSignal.any(new Set([a.signal, b.signal, a.signal]));
  const nested = AbortSignal.any([any]);
  const log = [];
  a.signal.onabort = () => log.push(`a ${any.aborted} ${nested.aborted}`);
  any.onabort = () => log.push("any");
  nested.onabort = () => log.push("nested");
  b.signal.onabort = () => log.push("b");
  b.abort("r");
  a.abort("late");
  arrayEqual(log, ["b", "any", "nested", "a true true"]);
  equal(any.reason, "r");
  equal(nested.reason, "r");
  equal(AbortSignal.any([any, a.signal]).reason, "r");
});

test("a dependent signal lives as long as somebody listens", async () => {
  const controller = new AbortController();
  let count = 0;
  (() => {
    AbortSignal.any([controller.signal]).addEventListener("abort", () => count++);
    AbortSignal.any([controller.signal, AbortSignal.timeout(20)]).addEventListener("abort", () => count++);
    AbortSignal.any([AbortSignal.timeout(20)]).addEventListener("abort", () => count++);
  })();
  globalThis.gc?.();
  await sleep(60);
  equal(count, 2);
  controller.abort();
  equal(count, 3);
});

test("dependent signals that nobody listens to go away", async () => {
  const controller = new AbortController();
  await collected((made) => {
    for (let i = 0; i < 100; i++) {
      const any = made(AbortSignal.any([controller.signal, AbortSignal.timeout(100000)]));
      const listener = made(() => any);
      any.addEventListener("abort", listener);
      any.removeEventListener("abort", listener);
      made(new EventTarget()).addEventListener("x", listener, { signal: controller.signal });
      made(new EventTarget()).addEventListener("x", listener, { signal: any });
    }
  });
  controller.abort();
});

test("what listeners throw is reported, and all are aborted", async () => {
  const controller = new AbortController();
  const any = AbortSignal.any([controller.signal]);
  controller.signal.onabort = () => {
    throw new Error("listener");
  };
  const errors = await reported(() => controller.abort());
  equal(errors.length, 1);
  ok(any.aborted);
});

test("subclass", () => {
  class Mine extends AbortController {
    stop() {
      this.abort("mine");
    }
  }
  const mine = new Mine();
  mine.stop();
  equal(mine.signal.reason, "mine");
});
