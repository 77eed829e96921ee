// Stands in for the suite's file of that name: tells tests/wpt/pages.py on the console what testharness.js found, each
// line behind a marker that is new in every run. The console is all it asks of a page; where there is a window.close(),
// it ends the page by it, so that the page can clean up.
(function() {
  const log = console.log.bind(console);
  const told = new Set();

  function tell(value) {
    // ASCII only, so that a page's encoding matters nowhere.
    const text = JSON.stringify(value);
    log('%MARKER%' + text.replace(/[\u007f-\uffff]/g, (c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0')));
  }

  function tellTest(test) {
    if (told.has(test))
      return;
    told.add(test);
    tell({name: test.name, status: test.status, message: test.message});
  }

  setup({output: false, timeout_multiplier: %MULTIPLIER%});
  add_result_callback(tellTest);
  add_completion_callback((tests, harness) => {
    tests.forEach(tellTest);
    tell({harness: harness.status, message: harness.message});
    const close = globalThis.close;
    if (typeof close === 'function')
      setTimeout(() => close.call(globalThis), 0);
  });
})();
