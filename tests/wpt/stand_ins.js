// What the suite's own helpers take for granted, and libxhr has not. Served behind testharness.js, in windows and workers.

// fetch(): idlharness.js and the tests that are driven by data read their files with it. It stands on the XMLHttpRequest
// that is tested, and has what those loaders use and no more. Tests of fetch() itself say nothing here.
if (typeof fetch === 'undefined' && typeof XMLHttpRequest !== 'undefined') {
  Object.defineProperty(globalThis, 'fetch', {
    writable: true,
    configurable: true,
    enumerable: false,
    value: function fetch(input, init = {}) {
      return new Promise((resolve, reject) => {
        const xhr = new XMLHttpRequest();
        xhr.open(init.method ?? 'GET', String(input));
        for (const [name, value] of Object.entries(init.headers ?? {}))
          xhr.setRequestHeader(name, value);
        xhr.withCredentials = init.credentials === 'include';
        xhr.responseType = 'arraybuffer';
        xhr.onerror = () => reject(new TypeError(`fetch of ${input} failed`));
        xhr.onload = () => {
          const bytes = xhr.response;
          const text = () => new TextDecoder().decode(bytes);
          resolve({
            ok: xhr.status >= 200 && xhr.status < 300,
            status: xhr.status,
            statusText: xhr.statusText,
            url: xhr.responseURL,
            headers: {
              get: (name) => xhr.getResponseHeader(name),
              has: (name) => xhr.getResponseHeader(name) !== null,
            },
            arrayBuffer: async () => bytes,
            blob: async () => new Blob([bytes], {type: xhr.getResponseHeader('Content-Type') ?? ''}),
            json: async () => JSON.parse(text()),
            text: async () => text(),
          });
        };
        xhr.send(init.body);
      });
    },
  });
}

// The way to SharedArrayBuffer where browsers hide it; in this engine it is an ordinary member of the global object.
if (typeof WebAssembly === 'undefined') {
  Object.defineProperty(globalThis, 'WebAssembly', {
    writable: true,
    configurable: true,
    enumerable: false,
    value: {
      Memory: class Memory {
        constructor({initial, shared}) {
          if (!shared)
            throw new TypeError('there is no WebAssembly here; only shared memory can be had');
          this.buffer = new SharedArrayBuffer(initial * 65536);
        }
      },
    },
  });
}
