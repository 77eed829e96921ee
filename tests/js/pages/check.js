// What the pages in tests/js/pages use. A page says what it expects to be told of, in order; `log(what)` tells; and
// `finish()`, or the end of the page's work, compares. A failure is an uncaught error: the command's exit status tells.
"use strict";

const told = [];
let wanted = null, failure = null;

// No page cancels what tells of its failure.
addEventListener("error", (event) => {
  if (failure && event.error === failure) event.stopImmediatePropagation();
}, true);

function log(what) {
  told.push(String(what));
}

// The list that `log` is to have been called with by the time the page is loaded and `delay` milliseconds are over.
function expect(list, delay = 0) {
  wanted = list;
  addEventListener("load", () => setTimeout(finish, delay));
}

function finish() {
  if (JSON.stringify(told) !== JSON.stringify(wanted))
    throw (failure = new Error(`told ${JSON.stringify(told)}\ninstead of ${JSON.stringify(wanted)}`));
  console.log(`ok: ${told.length} things as expected`);
}

function equal(actual, expected, what = "") {
  if (!Object.is(actual, expected))
    throw (failure = new Error(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`));
}

function throws(name, call) {
  let thrown = null;
  try {
    call();
  } catch (error) {
    thrown = error;
  }
  equal(thrown && thrown.name, name, "what is thrown");
}
