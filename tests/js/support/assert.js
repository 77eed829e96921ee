// What the scripts in tests/js use: `test(name, function)`, one after the other, each to its end (a promise is waited
// for), and assertions that throw. The last line that is printed says how many passed; a failure is an uncaught error,
// so that the command's exit status tells.

export class AssertionError extends Error {
  get name() {
    return "AssertionError";
  }
}

function show(value) {
  if (typeof value === "string") return JSON.stringify(value);
  if (Object.is(value, -0)) return "-0";
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  try {
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

export function fail(message) {
  throw new AssertionError(message);
}

export function ok(value, message = "not true") {
  if (!value) fail(message);
}

export function equal(actual, expected, message = "") {
  if (!Object.is(actual, expected))
    fail(`${message ? message + ": " : ""}${show(actual)} instead of ${show(expected)}`);
}

export function arrayEqual(actual, expected, message = "") {
  equal(show([...actual]), show([...expected]), message);
}

// The function throws an error of that name, or (given a function) of that constructor; returns what was thrown.
export function throws(expected, call, message = "") {
  let thrown, threw = false;
  try {
    call();
  } catch (error) {
    thrown = error;
    threw = true;
  }
  if (!threw) fail(`${message ? message + ": " : ""}nothing was thrown`);
  if (typeof expected === "function") ok(thrown instanceof expected, `${message} threw ${thrown}`);
  else equal(thrown.name, expected, message);
  return thrown;
}

// A promise for the next event of a type.
export function next(target, type) {
  return new Promise((resolve) => target.addEventListener(type, resolve, { once: true }));
}

// What is reported while `call` runs, and until its promise is settled.
export async function reported(call) {
  const errors = [];
  const listen = (event) => {
    errors.push(event);
    event.preventDefault();
  };
  addEventListener("error", listen);
  try {
    await call();
  } finally {
    removeEventListener("error", listen);
  }
  return errors;
}

const tests = [];
let running = false;

export function test(name, call) {
  tests.push({ name, call });
  if (!running) {
    running = true;
    run();
  }
}

async function run() {
  let current, passed = 0;
  await null;
  // One that comes to no end shall not end the program as if all were well: it is there until its time is over.
  const watch = setInterval(() => console.error(`still running: ${current}`), 10000);
  while (tests.length > 0) {
    const { name, call } = tests.shift();
    current = name;
    try {
      await call();
    } catch (error) {
      console.log(`FAILED: ${name}`);
      clearInterval(watch);
      throw error;
    }
    passed++;
  }
  clearInterval(watch);
  running = false;
  console.log(`${passed} tests passed`);
}

// The test server's URL, without a slash at its end.
export const server = program.env.XHR_TEST_SERVER;

// Whether each object that is made collects garbage: what takes many is then done with fewer.
export const stress = program.args.includes("stress");

function cycle() {
  const self = [];
  self.push(self);
  return new WeakRef(self);
}

// Collects garbage: by making it until some is gone. Nothing but a collection ends a cycle.
export function gc() {
  for (const first = cycle(); first.deref(); ) cycle();
}

// `make` calls its function with objects that nothing is to hold any more when it is back.
export async function collected(make) {
  const all = [];
  await make((object) => {
    all.push(new WeakRef(object));
    return object;
  });
  // What is being dispatched comes to its end.
  await new Promise((resolve) => setTimeout(resolve));
  gc();
  const left = all.map((ref) => ref.deref()).filter((object) => object);
  equal(left.length, 0, `of ${all.length} objects, such as ${show(left[0])}`);
}
