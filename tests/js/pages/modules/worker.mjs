globalThis.log = () => {};
const { answer } = await import("./dependency.mjs");
postMessage(`module worker ${answer}`);
