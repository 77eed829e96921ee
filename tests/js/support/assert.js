// What the scripts in tests/js use: `test(name, function)`, one after the other, each to its end (a promise is waited
// for), and assertions that throw. The last line that is printed says how many passed; a failure is an uncaught error.

const print = globalThis.console ? (...args) => console.log(...args) : globalThis.print;

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

globalThis.testsLeft = 0;

export function test(name, call) {
  tests.push({ name, call });
  globalThis.testsLeft++;
  if (!running) {
    running = true;
    run();
  }
}

async function run() {
  let passed = 0;
  await null;
  while (tests.length > 0) {
    const { name, call } = tests.shift();
    try {
      await call();
    } catch (error) {
      print(`FAILED: ${name}`);
      throw error;
    }
    passed++;
    globalThis.testsLeft--;
  }
  running = false;
  print(`${passed} tests passed`);
}

// The test server's URL, without a slash at its end.
export const server = globalThis.serverURL ?? globalThis.process?.env?.TEST_SERVER;
