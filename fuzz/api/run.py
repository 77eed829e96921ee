#!/usr/bin/env python3
"""Random pages and scripts against the whole API that scripts see.

Serves pages, scripts and workers that are made of fuzz/api/hostile.js and a seed, and has `xhr page` or `xhr run` of a
build (best one with sanitizers) execute them. What it looks for: crashes, reports of the sanitizers, leaks, failed
assertions, and programs that do not end soon after their --timeout. Each finding is a line and a file with all that the
program has said; `--seed N --count 1 --kind KIND` does it again.
"""

import argparse
import http.server
import os
import pathlib
import random
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
HOSTILE = (HERE / "hostile.js").read_text()
KINDS = ("page", "run", "web", "html")
MARKUP = [
    "<p id=a>text", "<div class='a b'>", "</div>", "<script>step(5)</script>", "<script>step(9)</script>",
    "<script src=script.js></script>", "<script src=script.js async></script>", "<script defer src=script.js></script>",
    "<script src=slow.js></script>", "<script type=module src=module.mjs></script>",
    "<script type=module>import './module.mjs'; step(3)</script>", "<table><tr><td>",
      "<svg><script>step(2)</script></svg>",
    "<script>document.write('<script>step(3)</scr' + 'ipt><b>')</script>",
      "<script>document.write('<script src=slow.js></scr' + 'ipt>')</script>",
    "<template><p></template>", "<form id=f><input name=a></form>", "<a href=#x onclick=step(2)>",
      "<body onload=step(5)>",
    "<base href=/>", "<!-- x -->", "<img onerror=step(1)>", "&amp;",
]


def script(seed, steps, depth=0):
    trace = "globalThis.TRACE=1;" if os.environ.get("TRACE") else ""
    return f"{trace}globalThis.SEED={seed};globalThis.STEPS={steps};globalThis.DEPTH={depth};\n{HOSTILE}"


def page(seed):
    rnd = random.Random(seed)
    parts = ["<!doctype html>"] if rnd.random() < 0.8 else []
    parts.append("<script src=hostile.js></script>")
    parts += [rnd.choice(MARKUP) for _ in range(rnd.randrange(25))]
    return "".join(parts)


def mutated(seed, folder):
    """An HTML file of web-platform-tests with bytes changed, cut anywhere, and fragments written inside of it."""
    rnd = random.Random(seed)
    names = mutated.names
    if not names:
        for part in ("html", "dom", "xhr"):
            names += sorted(str(name) for name in (folder / part).rglob("*.html"))
    data = bytearray(pathlib.Path(rnd.choice(names)).read_bytes()[:60000]) if names else bytearray(page(seed).encode())
    for _ in range(rnd.randrange(30)):
        if not data:
            break
        at = rnd.randrange(len(data))
        kind = rnd.randrange(6)
        if kind == 0:
            data[at] = rnd.randrange(256)
        elif kind == 1:
            del data[at:at + rnd.randrange(1, 40)]
        elif kind == 2:
            data[at:at] = rnd.choice([b"<", b">", b"\0", b"<!--", b"</script>", b"<script>", b"<table>", b"</p>",
              b"<svg>", b"&", b"\xff\xfe", b"]]>",
                                      b"<template>", b"</template>", b"<select>", b"<frameset>", b"<math>",
                                        b"</body>", b"<plaintext>"])
        elif kind == 3:
            other = rnd.randrange(len(data))
            data[at:at] = data[other:other + rnd.randrange(200)]
        elif kind == 4:
            data[at:at] = rnd.choice(MARKUP).encode()
        else:
            data[at:at] = b"<script>document.write(" + repr(data[at:at + 60].decode("latin-1")).encode() + b")</script>"
    if rnd.random() < 0.3:
        del data[rnd.randrange(len(data) + 1):]
    return b"<script src=hostile.js></script>" + bytes(data)


mutated.names = []


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, body, kind="text/plain", status=200, extra=()):
        data = body if isinstance(body, bytes) else body.encode()
        self.send_response(status)
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(data))),
          ("Access-Control-Allow-Origin", "*"), *extra):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def do_GET(self):
        try:
            length = self.headers.get("Content-Length")
            if length:
                self.rfile.read(int(length))
            self.route()
        except (OSError, ValueError):
            self.close_connection = True

    do_POST = do_HEAD = do_PUT = do_OPTIONS = do_DELETE = do_GET

    def route(self):
        path, _, query = self.path.partition("?")
        parts = path.strip("/").split("/")
        name = parts[-1]
        seed = int(parts[0]) if parts[0].isdigit() else 1
        if name == "page.html":
            self.answer(page(seed), "text/html")
        elif name == "mutated.html":
            self.answer(mutated(seed, self.server.folder), "text/html")
        elif name == "hostile.js":
            self.answer(script(seed, self.server.steps), "text/javascript")
        elif name == "worker.js":
            self.answer(script(int(query) if query.isdigit() else 1, 60, 2), "text/javascript")
        elif name == "script.js":
            self.answer("globalThis.step?.(4)", "text/javascript")
        elif name == "module.mjs":
            self.answer("globalThis.step?.(4); export const a = 1; import './script.js'", "text/javascript")
        elif name in ("slow", "slow.js"):
            body = b"globalThis.step?.(4);" * 20
            self.send_response(200)
            self.send_header("Content-Type", "text/javascript")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            for at in range(0, len(body), 42):
                self.wfile.write(body[at:at + 42])
                time.sleep(0.015)
        elif name == "xml":
            self.answer("<?xml version='1.0'?><a xmlns='urn:x'><b c='d'>e</b><![CDATA[f]]>"
                        "<script xmlns='http://www.w3.org/1999/xhtml'>step(2)</script></a>", "text/xml")
        elif name == "html":
            self.answer(page(seed + 1), "text/html")
        elif name == "redirect":
            self.answer("", status=302, extra=[("Location", "/text")])
        elif name == "refused":
            self.close_connection = True
        elif name == "missing":
            self.answer("missing", status=404)
        else:
            self.answer("some text " * 50)


def command(options, kind, seed, address):
    rnd = random.Random(seed)
    timeout = rnd.choice((0.05, 0.2, 0.5, 1)) * options.slowness
    base = [options.program]
    limit = ["--proxy=", "--timeout", str(timeout)]
    if kind == "page":
        return base + ["page", *limit, f"{address}/{seed}/page.html"], timeout
    if kind == "html":
        return base + ["page", *limit, f"{address}/{seed}/mutated.html"], timeout
    file = options.out / f"script-{threading.get_ident()}.js"
    file.write_text(script(seed, options.steps))
    more = ["--origin", address] if kind == "web" else []
    return base + ["run", *limit, *more, str(file), address + "/"] + options.arguments, timeout


def one(options, kind, seed, address):
    words, timeout = command(options, kind, seed, address)
    environment = dict(os.environ)
    environment.setdefault("ASAN_OPTIONS",
      "detect_leaks=1:detect_stack_use_after_return=1:allocator_may_return_null=1:fast_unwind_on_malloc=0")
    environment.setdefault("UBSAN_OPTIONS", "print_stacktrace=1:halt_on_error=1")
    environment.setdefault("TSAN_OPTIONS",
      f"suppressions={HERE.parent.parent}/tests/tsan-suppressions.txt"
                           ":report_thread_leaks=0:exitcode=66")
    began = time.monotonic()
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
      env=environment) as child:
        try:
            said, _ = child.communicate(timeout=timeout + options.grace)
            hung = False
        except subprocess.TimeoutExpired:
            hung = True
            if options.stacks:
                subprocess.run(["gdb", "-p", str(child.pid), "-batch", "-ex", "thread apply all bt 25"], check=False,
                               stdout=(options.out / f"{kind}-{seed}.stacks").open("w"), stderr=subprocess.DEVNULL)
            child.kill()
            said, _ = child.communicate()
    text = said.decode("utf-8", "replace")
    why = None
    if hung:
        why = f"hangs: {time.monotonic() - began:.0f} s"
    elif "Sanitizer" in text or "runtime error:" in text:
        why = next((line for line in text.splitlines() if "SUMMARY" in line or "runtime error:" in line), "sanitizer")
    elif child.returncode < 0 or child.returncode > 3:
        why = f"ended with {child.returncode}"
    if why:
        (options.out / f"{kind}-{seed}.log").write_text(text)
        print(f"{kind} {seed}: {why}", flush=True)
    return why is None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the command `xhr`, or tests/xhr-stress")
    parser.add_argument("--kind", action="append", choices=KINDS,
      help="pages, scripts, scripts of an origin, mutated HTML files; all")
    parser.add_argument("--seed", type=int, default=1, help="the first one")
    parser.add_argument("--count", type=int, default=100, help="how many seeds")
    parser.add_argument("--jobs", type=int, default=1, help="how many programs at a time")
    parser.add_argument("--steps", type=int, default=2000, help="of each script")
    parser.add_argument("--slowness", type=float, default=1, help="factor of the time limits")
    parser.add_argument("--grace", type=float, default=20,
      help="seconds from the time limit until it counts as hanging")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="the folder for what is found")
    parser.add_argument("--wpt", type=pathlib.Path, default=pathlib.Path.home() / ".cache/libxhr/wpt",
      help="HTML files to be mutated")
    parser.add_argument("--stacks", action="store_true", help="of what hangs, by gdb")
    parser.add_argument("arguments", nargs="*", help="of the script")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)

    server = Server(("127.0.0.1", 0), Handler)
    server.steps = options.steps
    server.folder = options.wpt
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}"

    todo = [(kind, seed) for seed in range(options.seed,
      options.seed + options.count) for kind in options.kind or KINDS]
    lock, failed = threading.Lock(), []

    def work():
        while True:
            with lock:
                if not todo:
                    return
                kind, seed = todo.pop(0)
            if not one(options, kind, seed, address):
                with lock:
                    failed.append((kind, seed))

    threads = [threading.Thread(target=work) for _ in range(options.jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{len(failed)} findings")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
