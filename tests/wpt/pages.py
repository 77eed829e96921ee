"""Runs pages, each in a process of its own, and takes what testharnessreport.js says of them."""

import asyncio
import collections
import json
import os
import re
import signal
import time

SUBTEST_STATUSES = ("PASS", "FAIL", "TIMEOUT", "NOTRUN", "PRECONDITION_FAILED")
PAGE_STATUSES = ("OK", "ERROR", "TIMEOUT", "PRECONDITION_FAILED")
# Beyond testharness.js's own: a signal or a sanitizer ended it; it had to be killed; it ended and told nothing.
CRASH, HANG, SILENT = "CRASH", "HANG", "SILENT"

SANITIZER = re.compile(rb"==\d+==\s?ERROR: |: runtime error: |WARNING: ThreadSanitizer: ")
# Seconds beyond the page's own time limit until it is killed; for a page to end by itself when it has told all; and
# where a sanitizer looks through its memory then.
MARGIN, GRACE, SANITIZER_GRACE = 10, 1, 20
LINE_LIMIT = 1 << 26
KEPT_ERRORS = 4000

Subtest = collections.namedtuple("Subtest", "status message")
# The ports that the suite's pages have by default, which some put into names.
USUAL_PORTS = {"http": (8000, 8001), "https": (8443, 8444), "h2": (9000,)}


def usual_name(name, usual_ports=()):
    """A subtest's name without what differs from run to run and from browser to browser; usual_ports: {port: usual one}."""
    name = re.sub(r":(\d+)\b", lambda match: f":{usual_ports.get(match[1], match[1])}" if usual_ports else match[0], name)
    return re.sub(r"(Unexpected error: TimeoutError: ).*", r"\1…", name, flags=re.DOTALL)


class Result:
    """What came of a page."""

    def __init__(self):
        self.status = None
        self.message = None
        self.subtests = {}
        self.seconds = 0
        self.errors = ""

    def add(self, told, usual_ports=()):
        """One line of testharnessreport.js; true when it was the last."""
        if "name" in told:
            plain = name = usual_name(told["name"], usual_ports)
            again = 1
            while name in self.subtests:
                again += 1
                name = f"{plain} ({again})"
            self.subtests[name] = Subtest(SUBTEST_STATUSES[told["status"]], told["message"] or "")
            return False
        self.status = PAGE_STATUSES[told["harness"]]
        self.message = told["message"]
        return True

    def passed(self):
        return sum(subtest.status == "PASS" for subtest in self.subtests.values())

    def as_json(self):
        return {"status": self.status, "message": self.message, "seconds": round(self.seconds, 2),
                "errors": self.errors,
                "subtests": [{"name": name, **subtest._asdict()} for name, subtest in self.subtests.items()]}


def environment():
    """The tests', without what would lead requests elsewhere."""
    kept = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    return {"UBSAN_OPTIONS": "print_stacktrace=1", **kept}


class Runner:
    """command: how `xhr page` is called, all but the address; server: what server.py said; multiplier: of the suite's
    time limits; sanitized: whether the command looks for leaks at its end."""

    def __init__(self, command, server, marker, sanitized=False):
        self.command = [*command, "--cacert", server["ca"]]
        for ports in server["ports"].values():
            for port in ports:
                for host in server["hosts"]:
                    self.command += ["--resolve", f"{host}:{port}:127.0.0.1"]
        self.ports = server["ports"]
        self.usual_ports = {str(port): usual for scheme, ports in self.ports.items()
                            for port, usual in zip(ports, USUAL_PORTS[scheme])}
        self.marker = marker.encode()
        self.grace = SANITIZER_GRACE if sanitized else GRACE

    def address(self, page):
        scheme = "http" if page.scheme == "http" else "https"
        host = f"{page.host}.web-platform.test" if page.host else "web-platform.test"
        return f"{scheme}://{host}:{self.ports[page.scheme][0]}{page.url}"

    async def run(self, page, multiplier):
        result = Result()
        start = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            *self.command, self.address(page), stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE, limit=LINE_LIMIT, env=environment())
        errors = asyncio.create_task(tail(process.stderr))
        told_all = asyncio.create_task(self.listen(process.stdout, result))
        await asyncio.wait([told_all], timeout=page.seconds * multiplier + MARGIN)
        hangs = not told_all.done()
        ended_by_us = await self.end(process, 0 if hangs else self.grace)
        told_all.cancel()
        await asyncio.gather(told_all, return_exceptions=True)
        result.seconds = time.monotonic() - start
        text, found = await errors
        if found or (process.returncode < 0 and not ended_by_us):
            result.status = CRASH
            result.message = "a sanitizer's report" if found else signal.Signals(-process.returncode).name
        elif result.status is None:
            result.status = HANG if hangs else SILENT
            result.message = "killed" if hangs else f"exit status {process.returncode}"
        result.errors = text
        return result

    async def listen(self, stream, result):
        """Reads until the page has told all, or ends."""
        ended = False
        while line := await stream.readline():
            _, found, text = line.partition(self.marker)
            # What comes behind is read too, so that the page can write it.
            if found and not ended:
                ended = result.add(json.loads(text), self.usual_ports)
                if ended:
                    asyncio.create_task(drain(stream))
                    return

    async def end(self, process, grace):
        """Waits until the process is gone; true if it had to be told to."""
        for seconds, end in ((grace, process.terminate), (2, process.kill)):
            try:
                await asyncio.wait_for(process.wait(), seconds)
                return end == process.kill
            except asyncio.TimeoutError:
                try:
                    end()
                except ProcessLookupError:
                    pass
        await process.wait()
        return True


async def drain(stream):
    while await stream.read(1 << 16):
        pass


async def tail(stream):
    """The last of what comes, and whether a sanitizer's report is in it."""
    text, found = b"", False
    while data := await stream.read(1 << 16):
        text = (text + data)[-4 * KEPT_ERRORS:] if not found else (text + data)[:4 * KEPT_ERRORS]
        found = found or bool(SANITIZER.search(text))
    kept = text[:KEPT_ERRORS] if found else text[-KEPT_ERRORS:]
    return kept.decode("utf-8", "replace"), found


async def run_all(runner, pages, multiplier, jobs, waits, when_done):
    """Runs them, `jobs` at once; multiplier(page) is that of its time limit. Those that mostly wait, by waits(page), run beside
    the others, four times as many at once."""
    turns = {False: asyncio.Semaphore(jobs), True: asyncio.Semaphore(4 * jobs)}

    async def one(page):
        async with turns[waits(page)]:
            when_done(page, await runner.run(page, multiplier(page)))

    await asyncio.gather(*(one(page) for page in pages))
