// The interfaces' shape, member by member, by web-platform-tests' idlharness.js on the standards' own IDL. Where
// web-platform-tests are not there, nothing is looked at.
import { equal, server, stress, test } from "./support/assert.js";

// A file's text; null where there is none.
const file = (name) => {
  const xhr = new XMLHttpRequest();
  xhr.open("GET", `${server}/wpt/${name}`, false);
  xhr.send();
  return xhr.status === 200 ? xhr.responseText : null;
};
const evaluate = (name) => (0, eval)(file(name));

// What the standards have and libxhr has not, or not yet.
const missing = [
  // Of windows only; idlharness takes this global object for a worker's.
  /responseXML/,
  // Writable and transform streams; and what pages and workers alone have.
  /pipeTo|pipeThrough|^(Writable|Transform)Stream/,
  /^(FileReaderSync|TextDecoderStream|TextEncoderStream) /,
];

const objects = {
  xhr: {
    XMLHttpRequest: ["new XMLHttpRequest()"],
    XMLHttpRequestUpload: ["new XMLHttpRequest().upload"],
    FormData: ["new FormData()"],
    ProgressEvent: ["new ProgressEvent('type')"],
  },
  dom: {
    EventTarget: ["new EventTarget()"],
    Event: ["new Event('type')"],
    CustomEvent: ["new CustomEvent('type')"],
    AbortController: ["new AbortController()"],
    AbortSignal: ["new AbortController().signal"],
  },
  FileAPI: {
    Blob: ["new Blob(['text'])"],
    File: ["new File(['bits'], 'name')"],
    FileReader: ["new FileReader()"],
  },
  url: { URL: ["new URL('http://foo')"], URLSearchParams: ["new URLSearchParams('a=b')"] },
  streams: {
    ReadableStream: ["new ReadableStream()"],
    ReadableStreamDefaultReader: ["new ReadableStream().getReader()"],
    ReadableStreamBYOBReader: ["new ReadableStream({ type: 'bytes' }).getReader({ mode: 'byob' })"],
    ByteLengthQueuingStrategy: ["new ByteLengthQueuingStrategy({ highWaterMark: 5 })"],
    CountQueuingStrategy: ["new CountQueuingStrategy({ highWaterMark: 5 })"],
  },
  encoding: { TextDecoder: ["new TextDecoder()"], TextEncoder: ["new TextEncoder()"] },
};

// Some interfaces out of HTML's long list.
function addHtml(idl) {
  const html = file("interfaces/html.idl");
  const add = (pattern) => idl.add_idls(html.match(new RegExp(pattern))[0]);
  const addUntested = (pattern) => idl.add_untested_idls(html.match(new RegExp(pattern))[0]);
  for (const name of ["ErrorEvent", "PromiseRejectionEvent", "MessageEvent", "MessageChannel", "MessagePort"])
    add(`\\[[^\\]]*\\]\ninterface ${name} [^]*?\n};\n`);
  for (const name of ["ErrorEvent", "PromiseRejectionEvent", "MessageEvent"])
    addUntested(`\ndictionary ${name}Init [^]*?\n};\n`);
  addUntested("\ninterface mixin MessageEventTarget [^]*?\n};\n");
  addUntested("\ndictionary StructuredSerializeOptions [^]*?\n};\n");
  add("\nMessagePort includes MessageEventTarget;\n");
  addUntested("\ntypedef [^;]* MessageEventSource;\n");
  idl.add_untested_idls("[Exposed=Window] interface ServiceWorker {}; [Exposed=Window] interface WindowProxy {};");
  idl.add_objects({
    ErrorEvent: ["new ErrorEvent('type')"],
    PromiseRejectionEvent: ["new PromiseRejectionEvent('type', {promise: Promise.resolve()})"],
    MessageEvent: ["new MessageEvent('type')"],
    MessageChannel: ["new MessageChannel()"],
    MessagePort: ["new MessageChannel().port1"],
  });
}

function addInterfaces(idl) {
  // With a collection at every object, the suite's own objects are what takes the time: one standard's is enough.
  const names = stress ? ["xhr"] : Object.keys(objects);
  for (const name of names) {
    idl.add_idls(file(`interfaces/${name}.idl`));
    idl.add_objects(objects[name]);
  }
  if (stress)
    idl.add_untested_idls(`
      [Exposed=*] interface EventTarget {};
      [Exposed=*] interface Event {};
      dictionary EventInit {};
      [Exposed=*] interface Blob {};
      [Exposed=*] interface File : Blob {};
      [Exposed=*] interface URLSearchParams {};`);
  else addHtml(idl);
  // What these refer to.
  idl.add_untested_idls(`
    [Exposed=Window] interface Window {};
    [LegacyTreatNonObjectAsNull] callback EventHandlerNonNull = any (Event event);
    typedef EventHandlerNonNull? EventHandler;`);
}

const run = () =>
  new Promise((resolve) => {
    const failed = [];
    let passed = 0;
    globalThis.GLOBAL = { isWindow: () => false, isWorker: () => true, isShadowRealm: () => false };
    evaluate("resources/testharness.js");
    setup({ explicit_timeout: true, explicit_done: true });
    add_result_callback((result) => {
      if (result.status === 0) passed++;
      else if (!missing.some((pattern) => pattern.test(result.name)))
        failed.push(`${result.name}: ${result.message}`);
    });
    add_completion_callback(() => resolve({ failed, passed }));
    globalThis.DedicatedWorkerGlobalScope = class {
      static [Symbol.hasInstance](object) {
        return object === globalThis;
      }
    };
    evaluate("resources/webidl2/lib/webidl2.js");
    evaluate("resources/idlharness.js");
    const idl = new IdlArray();
    addInterfaces(idl);
    idl.test();
    done();
  });

test("idlharness", async () => {
  const needed = ["testharness.js", "webidl2/lib/webidl2.js", "idlharness.js"];
  if (needed.some((name) => file("resources/" + name) === null) || !file("interfaces/xhr.idl")) return;
  const { failed, passed } = await run();
  console.log(`${passed} members are as they should be`);
  equal(failed.join("\n"), "");
});
