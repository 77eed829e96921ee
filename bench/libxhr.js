// The bench from JavaScript: what bench/libxhr.c does, and how text is read. Run by bench/quickjs.c, which defines `url`,
// `inFlight`, `count` and `kind`, begin() and report(answered, failed, received).
//
//   small    XMLHttpRequests are used again and again: open and send from inside loadend
//   fresh    a new one for each request
//   sync     one synchronous request after the other
//   large    one body as an ArrayBuffer, without a warm-up
//   text     one body as text, read once;  progress  read at every progress event
'use strict';

let started, wanted, answered, failed, received, done;

function start(request) {
  if (started === wanted)
    return;
  started++;
  request.open('GET', url, kind !== 'sync');
  request.send();
}

function onloadend() {
  if (this.status === 200) {
    received += sizeOf(this.response);
    answered++;
  } else {
    failed++;
  }
  if (kind !== 'sync')
    start(kind === 'fresh' ? make() : this);
  if (answered + failed === wanted)
    done();
}

function sizeOf(response) {
  return typeof response === 'string' ? response.length : response.byteLength;
}

function make() {
  const request = new XMLHttpRequest();
  request.onloadend = onloadend;
  if (kind === 'large')
    request.responseType = 'arraybuffer';
  if (kind === 'progress')
    request.onprogress = readText;
  return request;
}

let longest = 0;

function readText() {
  longest = Math.max(longest, this.responseText.length);
}

function run(requests, total, then) {
  wanted = total;
  started = answered = failed = received = 0;
  done = then;
  for (const request of requests)
    start(request);
  while (kind === 'sync' && started < wanted)
    start(requests[0]);
}

const requests = Array.from({length: inFlight}, make);

function measure() {
  begin();
  run(requests, count, () => report(answered, failed, received));
}

if (kind === 'small' || kind === 'fresh' || kind === 'sync')
  run(requests, 2 * inFlight, measure);  // connections, handles and caches warm
else
  measure();
