// Event, CustomEvent, ProgressEvent, ErrorEvent; EventTarget and event handlers.
import { arrayEqual, equal, ok, reported, test, throws } from "./support/assert.js";

test("Event's shape", () => {
  const descriptor = (object, name) => Object.getOwnPropertyDescriptor(object, name);
  equal(typeof Event, "function");
  equal(Event.name, "Event");
  equal(Event.length, 1);
  equal(Object.prototype.toString.call(new Event("x")), "[object Event]");
  equal(Event.AT_TARGET, 2);
  equal(Event.prototype.BUBBLING_PHASE, 3);
  const type = descriptor(Event.prototype, "type");
  ok(type.enumerable && type.configurable && !type.set);
  equal(type.get.name, "get type");
  const trusted = descriptor(new Event("x"), "isTrusted");
  ok(trusted.enumerable && !trusted.configurable && !trusted.set);
  equal(trusted.get, descriptor(new Event("y"), "isTrusted").get, "one getter for all");
  ok(!("isTrusted" in Event.prototype));
  const global = descriptor(globalThis, "Event");
  ok(global.writable && global.configurable && !global.enumerable);
});

test("Event's constructor", () => {
  throws(TypeError, () => new Event());
  throws(TypeError, () => Event("x"));
  throws(TypeError, () => new Event("x", 1));
  const event = new Event("a\u00e9\ud83d\ude00\ud800", { bubbles: 1, cancelable: true, composed: "x" });
  equal(event.type, "a\u00e9\ud83d\ude00\ud800");
  ok(event.bubbles && event.cancelable && event.composed && !event.isTrusted);
  equal(event.target, null);
  equal(event.currentTarget, null);
  equal(event.eventPhase, 0);
  equal(event.defaultPrevented, false);
  equal(event.returnValue, true);
  arrayEqual(event.composedPath(), []);
  ok(event.timeStamp >= 0);
  event.preventDefault();
  ok(event.defaultPrevented && !event.returnValue);
  equal(new Event(undefined).type, "undefined");
});

test("initEvent", () => {
  const event = new Event("a");
  event.initEvent("b", true, true);
  equal(event.type, "b");
  ok(event.bubbles && event.cancelable);
  const target = new EventTarget();
  target.addEventListener("b", (e) => e.initEvent("c"));
  target.dispatchEvent(event);
  equal(event.type, "b", "not while it is dispatched");
  equal(event.target, target);
  event.initEvent("d");
  equal(event.target, null);
});

test("CustomEvent", () => {
  equal(new CustomEvent("x").detail, null);
  const detail = {};
  equal(new CustomEvent("x", { detail }).detail, detail);
  const event = new CustomEvent("x");
  event.initCustomEvent("y", false, false, 5);
  equal(event.detail, 5);
  ok(event instanceof Event);
});

test("ProgressEvent", () => {
  const event = new ProgressEvent("x", { lengthComputable: true, loaded: 2.5, total: 2 ** 53 });
  equal(event.lengthComputable, true);
  equal(event.loaded, 2.5);
  equal(event.total, 2 ** 53);
  throws(TypeError, () => new ProgressEvent("x", { loaded: NaN }));
  throws(TypeError, () => ProgressEvent.prototype.loaded);
});

test("ErrorEvent", () => {
  const error = new Error("e");
  const event = new ErrorEvent("error", { message: "m", filename: "f", lineno: 3, colno: -1, error });
  equal(event.message, "m");
  equal(event.filename, "f");
  equal(event.lineno, 3);
  equal(event.colno, 4294967295);
  equal(event.error, error);
  equal(new ErrorEvent("error").error, undefined);
});

test("PromiseRejectionEvent", () => {
  throws(TypeError, () => new PromiseRejectionEvent("x"));
  throws(TypeError, () => new PromiseRejectionEvent("x", {}));
  const promise = Promise.resolve();
  const event = new PromiseRejectionEvent("x", { promise, reason: 1 });
  equal(event.promise, promise);
  equal(event.reason, 1);
});

test("subclasses of Event and EventTarget", () => {
  class MyEvent extends Event {
    constructor(x) {
      super("mine", { cancelable: true });
      this.x = x;
    }
  }
  class MyTarget extends EventTarget {
    greet() {
      return "hello";
    }
  }
  const target = new MyTarget();
  let got;
  target.addEventListener("mine", (event) => (got = event));
  const event = new MyEvent(7);
  ok(target.dispatchEvent(event));
  equal(got, event);
  equal(got.x, 7);
  ok(got instanceof MyEvent);
  equal(target.greet(), "hello");
});

test("dispatch", () => {
  const target = new EventTarget();
  const log = [];
  target.addEventListener("x", function (event) {
    equal(this, target);
    equal(event.target, target);
    equal(event.srcElement, target);
    equal(event.currentTarget, target);
    equal(event.eventPhase, 2);
    arrayEqual(event.composedPath(), [target]);
    throws("InvalidStateError", () => target.dispatchEvent(event));
    log.push("bubble");
  });
  target.addEventListener("x", () => log.push("capture"), true);
  const event = new Event("x");
  equal(target.dispatchEvent(event), true);
  arrayEqual(log, ["capture", "bubble"]);
  equal(event.currentTarget, null);
  equal(event.eventPhase, 0);
  equal(event.target, target);
  throws(TypeError, () => target.dispatchEvent(null));
  throws(TypeError, () => target.dispatchEvent({}));
  throws(TypeError, () => target.dispatchEvent());
  throws(TypeError, () => EventTarget.prototype.dispatchEvent.call({}, event));
});

test("listeners: the same one twice, null, wrong ones", () => {
  const target = new EventTarget();
  let count = 0;
  const listener = () => count++;
  target.addEventListener("x", listener);
  target.addEventListener("x", listener, { capture: false });
  target.addEventListener("x", listener, true);
  target.addEventListener("x", null);
  target.addEventListener("x", undefined);
  target.dispatchEvent(new Event("x"));
  equal(count, 2);
  target.removeEventListener("x", listener, { capture: true });
  target.removeEventListener("x", null);
  target.dispatchEvent(new Event("x"));
  equal(count, 3);
  throws(TypeError, () => target.addEventListener("x"));
  throws(TypeError, () => target.addEventListener("x", 5));
  throws(TypeError, () => target.addEventListener("x", "f"));
  throws(TypeError, () => target.addEventListener("x", listener, { signal: null }));
  throws(TypeError, () => target.addEventListener("x", listener, { signal: {} }));
});

test("once, and a listener that removes itself and others", () => {
  const target = new EventTarget();
  const log = [];
  const second = () => log.push("second");
  target.addEventListener("x", function first() {
    log.push("first");
    target.removeEventListener("x", first);
    target.removeEventListener("x", second);
    target.addEventListener("x", () => log.push("late"));
  });
  target.addEventListener("x", second);
  target.addEventListener("x", () => log.push("once"), { once: true });
  target.dispatchEvent(new Event("x"));
  arrayEqual(log, ["first", "once"]);
  target.dispatchEvent(new Event("x"));
  arrayEqual(log, ["first", "once", "late"]);
});

test("a once listener that dispatches is not called again", () => {
  const target = new EventTarget();
  let count = 0;
  target.addEventListener("x", () => {
    count++;
    target.dispatchEvent(new Event("x"));
  }, { once: true });
  target.dispatchEvent(new Event("x"));
  equal(count, 1);
});

test("passive, stopImmediatePropagation, stopPropagation, cancelBubble", () => {
  const target = new EventTarget();
  let count = 0;
  target.addEventListener("p", (event) => event.preventDefault(), { passive: true });
  ok(target.dispatchEvent(new Event("p", { cancelable: true })));
  target.addEventListener("p", (event) => (event.returnValue = false));
  equal(target.dispatchEvent(new Event("p", { cancelable: true })), false);
  equal(target.dispatchEvent(new Event("p")), true, "not cancelable");
  target.addEventListener("s", (event) => event.stopImmediatePropagation());
  target.addEventListener("s", () => count++);
  target.dispatchEvent(new Event("s"));
  equal(count, 0);
  target.addEventListener("c", (event) => (event.cancelBubble = true), true);
  target.addEventListener("c", () => count++, true);
  target.addEventListener("c", () => count++);
  const event = new Event("c");
  target.dispatchEvent(event);
  equal(count, 1, "capturing ones at the same target go on");
  equal(event.cancelBubble, false);
  event.stopPropagation();
  target.dispatchEvent(event);
  equal(count, 1);
});

test("handleEvent is looked up at each call", async () => {
  const target = new EventTarget();
  const log = [];
  const listener = {};
  target.addEventListener("x", listener);
  let errors = await reported(() => target.dispatchEvent(new Event("x")));
  equal(errors.length, 1);
  ok(errors[0].error instanceof TypeError);
  listener.handleEvent = function (event) {
    equal(this, listener);
    log.push(event.type);
  };
  target.dispatchEvent(new Event("x"));
  arrayEqual(log, ["x"]);
  Object.defineProperty(listener, "handleEvent", { get() { throw new RangeError("no"); } });
  errors = await reported(() => target.dispatchEvent(new Event("x")));
  equal(errors[0].error.name, "RangeError");
});

test("exceptions are reported, and the next listener is called", async () => {
  const target = new EventTarget();
  const error = new Error("thrown");
  let called = false;
  target.addEventListener("x", () => { throw error; });
  target.addEventListener("x", () => (called = true));
  const errors = await reported(() => target.dispatchEvent(new Event("x")));
  equal(errors.length, 1);
  equal(errors[0].error, error);
  equal(errors[0].message, "Uncaught Error: thrown");
  ok(errors[0].filename.endsWith("events.js"), errors[0].filename);
  ok(errors[0].lineno > 100 && errors[0].colno > 0);
  ok(errors[0].isTrusted && errors[0].cancelable && !errors[0].bubbles);
  ok(called);
});

test("a signal removes listeners", () => {
  const target = new EventTarget();
  const controller = new AbortController();
  let count = 0;
  target.addEventListener("x", () => count++, { signal: controller.signal });
  target.addEventListener("x", () => {
    controller.abort();
  });
  target.addEventListener("x", () => count++, { signal: controller.signal });
  target.dispatchEvent(new Event("x"));
  target.dispatchEvent(new Event("x"));
  equal(count, 1);
  target.addEventListener("x", () => count++, { signal: controller.signal });
  target.dispatchEvent(new Event("x"));
  equal(count, 1, "an aborted signal: nothing is added");
});

test("event handlers", () => {
  const { signal } = new AbortController();
  const log = [];
  const fire = () => signal.dispatchEvent(new Event("abort", { cancelable: true }));
  equal(signal.onabort, null);
  signal.onabort = () => log.push("old");
  signal.addEventListener("abort", () => log.push("listener"));
  const handler = function (event) {
    equal(this, signal);
    log.push("handler " + event.type);
    return false;
  };
  signal.onabort = handler;
  equal(signal.onabort, handler);
  equal(fire(), false, "return false cancels");
  arrayEqual(log, ["handler abort", "listener"]);
  signal.onabort = 5;
  equal(signal.onabort, null);
  fire();
  equal(log.length, 3);
  signal.onabort = handler;
  log.length = 0;
  fire();
  arrayEqual(log, ["listener", "handler abort"], "behind the others now");
  const object = { handleEvent: () => log.push("never") };
  signal.onabort = object;
  equal(signal.onabort, object);
  log.length = 0;
  equal(fire(), true);
  arrayEqual(log, ["listener"]);
});

test("the global object is an EventTarget", () => {
  let got;
  const listener = function (event) {
    equal(this, globalThis);
    equal(event.target, globalThis);
    got = event;
  };
  addEventListener("mine", listener);
  globalThis.dispatchEvent(new Event("mine"));
  equal(got.type, "mine");
  EventTarget.prototype.removeEventListener.call(undefined, "mine", listener);
  got = null;
  dispatchEvent(new Event("mine"));
  equal(got, null);
  ok(globalThis instanceof EventTarget);
  equal(self, globalThis);
  const { get, set, enumerable, configurable } = Object.getOwnPropertyDescriptor(globalThis, "onerror");
  ok(get && set && enumerable && configurable);
});

test("onerror has five arguments, and true cancels", () => {
  const error = new TypeError("five");
  let got;
  globalThis.onerror = (...args) => {
    got = args;
    return true;
  };
  reportError(error);
  equal(got.length, 5);
  equal(got[0], "Uncaught TypeError: five");
  ok(got[1].endsWith("events.js"));
  ok(got[2] > 0 && got[3] > 0);
  equal(got[4], error);
  globalThis.onerror = null;
  throws(TypeError, () => reportError());
});

test("unhandled rejections", async () => {
  const promise = Promise.reject(new Error("r"));
  const event = await new Promise((resolve) => {
    globalThis.onunhandledrejection = (e) => {
      e.preventDefault();
      resolve(e);
    };
  });
  equal(event.promise, promise);
  equal(event.reason.message, "r");
  globalThis.onunhandledrejection = null;
  await new Promise((resolve) => setTimeout(resolve, 0));
  const handled = new Promise((resolve) => (globalThis.onrejectionhandled = resolve));
  promise.catch(() => {});
  equal((await handled).promise, promise);
  globalThis.onrejectionhandled = null;
});

test("a rejection that is handled in time is no event", async () => {
  let count = 0;
  globalThis.onunhandledrejection = () => count++;
  const promise = Promise.reject(1);
  await null;
  await promise.catch(() => {});
  globalThis.onunhandledrejection = null;
  equal(count, 0);
});
