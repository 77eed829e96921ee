#!/usr/bin/env python3
"""Runs web-platform-tests with `xhr page`, and compares what comes of them with what is expected.

Without FOLDER: xhr FileAPI url encoding mimesniff dom/events dom/abort. The suite comes from scripts/wpt-data. A page whose
result is not the expected one runs again, up to three times: one that is then as expected is flaky, is told, and does
not fail the run. Results: BUILD/wpt/FOLDER.json; beside two browsers: BUILD/wpt/FOLDER-compare.txt.

Exit: 0 all is as expected; 1 it is not, or no test ran; 2 usage; 3 the suite cannot be had here.
"""

import argparse
import asyncio
import collections
import fcntl
import json
import os
import secrets
import subprocess
import sys
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import browsers  # noqa: E402
import expectations as known  # noqa: E402
import pages as running  # noqa: E402
import suite  # noqa: E402

# Of the suite's own time limits: everyday, for a busy machine; and when a page runs again.
MULTIPLIER, PATIENT_MULTIPLIER = 2, 4
# Seconds for a page that is known not to end in time.
SHORT = 3
AGAIN = 3
# More than these are no coincidence, and do not run again.
TOO_MANY_AGAIN = 60
# Differences of a page, and pages whose differences are shown, without --verbose.
SHOWN, SHOWN_PAGES = 8, 60


def say(text=""):
    print(text, flush=True)


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/wpt", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", metavar="FOLDER", help="of the suite, such as xhr")
    parser.add_argument("--filter", help="only the pages with this in their address")
    parser.add_argument("--jobs", type=int, default=2 * (os.cpu_count() or 1), help="pages at once (%(default)s)")
    parser.add_argument("--build", default="build", help="the build whose command runs the pages (%(default)s)")
    parser.add_argument("--command", help="what to call instead of BUILD/xhr")
    parser.add_argument("--update", action="store_true",
                        help="writes the expectations anew: reasons are kept, new failures are 'unexplained'")
    parser.add_argument("--patient", action="store_true", help="the whole time even where a timeout is expected")
    parser.add_argument("--list", action="store_true", help="lists the pages and ends")
    parser.add_argument("--data", action="store_true", help="fetches the suite and ends")
    parser.add_argument("--verbose", action="store_true", help="also each subtest's message, and where browsers differ")
    options = parser.parse_args()
    options.folders = [folder.strip("/") for folder in options.folders] or list(suite.FOLDERS)
    return options


def write_json(path, value):
    """Whole at once: the server reads some of them."""
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(value, file)
    os.replace(path + ".new", path)


class Server:
    """tests/wpt/server.py, as long as the `with` lasts."""

    def __init__(self, root, folder):
        self.marker = f"wpt-{secrets.token_hex(8)}:"
        self.folder = folder
        self.settings = os.path.join(folder, "server.json")
        self.limits = os.path.join(folder, "limits.json")
        write_json(self.settings, {"suite": root, "certificates": os.path.join(folder, "certificates"),
                                   "marker": self.marker, "limits": self.limits})
        self.set_limits(MULTIPLIER)

    def set_limits(self, multiplier, of_pages=()):
        """What the pages' own time limits are multiplied by, some of them by one of their own."""
        write_json(self.limits, {"multiplier": multiplier, "pages": dict(of_pages)})

    def __enter__(self):
        with open(os.path.join(self.folder, "server.log"), "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [sys.executable, os.path.join(HERE, "server.py"), self.settings], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=log, text=True, env={**running.environment(), "PYTHONUTF8": "1"})
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"wpt: the suite's server did not start; see {log.name}")
        self.told = json.loads(line)
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Folder:
    """One folder's run: its pages, what is expected of them, and what came."""

    def __init__(self, root, name, pattern):
        self.name = name
        self.expected = known.load(name)
        self.digest = suite.digest(root, name)
        everything = suite.pages(root, name, self.expected.skipped)
        self.pages = [page for page in everything if not self.expected.skipped(page.url)]
        self.ran_all = not pattern
        if pattern:
            self.pages = [page for page in self.pages if pattern in page.url]
        self.results = {}
        self.again = collections.defaultdict(list)  # url: results of the runs before

    def slow(self, page):
        """Whether it is known not to end in time, or to hang."""
        expected = self.expected.pages.get(known.key(page.url), known.Page())
        return any(status in ("TIMEOUT", "NOTRUN", running.HANG)
                   for item in expected.all_known() for status in item.statuses)

    def waits(self, page):
        """Whether it is likely to spend its time waiting."""
        return page.seconds > 10 or self.slow(page)

    def multiplier(self, page, patient):
        return SHORT / page.seconds if self.slow(page) and not patient else MULTIPLIER

    def differences(self, url):
        return known.differences(self.expected, url, self.results[url])

    def unexpected(self):
        return [page for page in self.pages if self.differences(page.url)]

    def strange(self):
        """Those of them that something was expected of."""
        return [page for page in self.unexpected() if known.key(page.url) in self.expected.pages]

    def gone(self):
        """Pages that are expected, but not there."""
        there = {known.key(page.url) for page in self.pages}
        return sorted(set(self.expected.pages) - there) if self.ran_all else []

    def judged(self):
        """Whether the expectations were not written for other tests than these."""
        return self.expected.suite in (self.digest, "")

    def passed(self):
        return sum(result.passed() for result in self.results.values())


def page_line(folder, page, result, note=""):
    differences = folder.differences(page.url)
    text = f"{result.passed()}/{len(result.subtests)}"
    word = "ok " if not differences else "BAD"
    status = "" if result.status == "OK" else f" {result.status}"
    return f"{word} {text:>9} {result.seconds:5.1f} s{status} {page.url}{note}"


async def run_folder(folder, runner, server, options):
    """Runs its pages, and those that went unexpectedly again."""
    limits = {page.url: folder.multiplier(page, options.patient) for page in folder.pages}
    server.set_limits(MULTIPLIER, {url: limit for url, limit in limits.items() if limit != MULTIPLIER})

    def done(page, result):
        folder.results[page.url] = result
        say(page_line(folder, page, result))

    await running.run_all(runner, folder.pages, lambda page: limits[page.url], options.jobs, folder.waits, done)
    strange = folder.strange()
    if len(strange) > TOO_MANY_AGAIN:
        say(f"wpt {folder.name}: {len(strange)} pages are not as expected: too many to run them again")
        return
    server.set_limits(PATIENT_MULTIPLIER)
    for turn in range(AGAIN):
        strange = folder.strange()
        if not strange:
            break
        say(f"wpt {folder.name}: {len(strange)} pages run again ({turn + 1} of {AGAIN})")

        def done_again(page, result):
            folder.again[page.url].append(folder.results[page.url])
            folder.results[page.url] = result
            say(page_line(folder, page, result, " (again)"))

        await running.run_all(runner, strange, lambda page: PATIENT_MULTIPLIER, max(1, options.jobs // 2), folder.waits,
                              done_again)


def flaky(folder):
    """Pages that were as expected in the end, but not at first in their whole time."""
    return [url for url, before in folder.again.items()
            if not folder.differences(url)
            and any(known.differences(folder.expected, url, result) and not only_late(result) for result in before)]


def only_late(result):
    """Whether a result lacks nothing but time, of a page that was given little."""
    return result.status in ("TIMEOUT", running.HANG) and result.seconds < 2 * SHORT + running.MARGIN


WORDS = {"fails": "unlisted failure", "passes": "unlisted pass", "changed": "changed", "added": "added",
         "missing": "missing", "page": "page", "new": "page without expectations"}


def tell_difference(difference):
    name = f": {known.escape(difference.name)}" if difference.name is not None else ""
    expected = f"expected {difference.expected}, got " if difference.expected else ""
    say(f"  {WORDS[difference.kind]}: {difference.url}{name}: {expected}{difference.got}")
    if difference.message:
        say(f"      {difference.message}")


def tell_errors(result):
    """The end of what it wrote to standard error."""
    for line in result.errors.splitlines()[-40:]:
        say(f"      | {line}")


def tell_flaky(folder):
    for url in flaky(folder):
        say(f"  FLAKY: {url}: as expected only in its run {len(folder.again[url]) + 1}; before that:")
        for result in folder.again[url]:
            for difference in known.differences(folder.expected, url, result):
                tell_difference(difference)
            tell_errors(result)


def tell_differences(folder, verbose):
    for number, page in enumerate(folder.unexpected()):
        differences = folder.differences(page.url)
        shown = len(differences) if verbose else SHOWN if number < SHOWN_PAGES else 0
        for difference in differences[:shown]:
            tell_difference(difference)
        if len(differences) > shown:
            say(f"  {page.url}: {len(differences) - shown} more; --verbose shows them")
    for url in folder.gone():
        say(f"  gone: {url} is expected, but is not there")
    for page in folder.pages:
        result = folder.results[page.url]
        if result.status in (running.CRASH, running.SILENT):
            say(f"  {result.status}: {page.url}: {result.message}")
            tell_errors(result)


def causes(folder):
    """Failing subtests by reason."""
    counted = collections.Counter()
    for url, result in folder.results.items():
        page = folder.expected.pages.get(known.key(url), known.Page())
        for name, subtest in result.subtests.items():
            if subtest.status != "PASS":
                counted[page.of(name).reason or "unlisted"] += 1
        if result.status != "OK" and not result.subtests:
            counted[f"{page.known.reason or 'unlisted'} (whole page)"] += 1
    return counted


def tell_summary(folder, standings, reasons, verbose):
    say()
    tell_differences(folder, verbose)
    tell_flaky(folder)
    by_cause = causes(folder).most_common()
    if by_cause:
        say(f"wpt {folder.name}: what does not pass, by cause:")
    for cause, count in by_cause:
        say(f"  {count:6} {cause}: {reasons.get(cause.split(' ')[0], '')}".rstrip(": "))
    statuses = collections.Counter(result.status for result in folder.results.values())
    say(f"wpt {folder.name}: pages: " + ", ".join(f"{count} {status}" for status, count in statuses.most_common())
        + (f"; {len(folder.expected.skips)} patterns of pages are skipped" if folder.expected.skips else ""))
    for line in browsers.report(standings).splitlines() if verbose else browsers.summary(standings):
        say(f"wpt {folder.name}: {line}")
    if not folder.judged():
        say(f"wpt {folder.name}: NOT JUDGED: these are other tests than the expectations were written for "
            f"({folder.digest}, not {folder.expected.suite}); scripts/wpt --update {folder.name} writes them anew")


def write_results(folder, standings, where):
    stem = os.path.join(where, folder.name.replace("/", "-"))
    with open(f"{stem}.json", "w", encoding="utf-8") as file:
        json.dump({url: result.as_json() for url, result in sorted(folder.results.items())}, file, indent=1)
        file.write("\n")
    if standings:
        with open(f"{stem}-compare.txt", "w", encoding="utf-8") as file:
            file.write(browsers.report(standings))


def update(folder):
    new = known.updated(folder.expected, folder.digest, folder.results, folder.again, folder.ran_all)
    crashed = [url for url, result in folder.results.items() if result.status == running.CRASH]
    for url in crashed:
        say(f"wpt {folder.name}: {url} crashed; that is never expected")
        new.pages.pop(known.key(url), None)
        if known.key(url) in folder.expected.pages:
            new.pages[known.key(url)] = folder.expected.pages[known.key(url)]
    with open(known.path(folder.name), "w", encoding="utf-8") as file:
        file.write(known.write(new, folder.name))
    say(f"wpt {folder.name}: wrote {os.path.relpath(known.path(folder.name))}")
    folder.expected = new


def total(folder, standings):
    """Subtests in all, those included that browsers have and we did not come to."""
    missing = sum(standing.name not in folder.results[standing.url].subtests for standing in standings)
    return missing + sum(len(result.subtests) for result in folder.results.values())


def finish(folder, options, where, reasons):
    """Tells what came of a folder; how many pages are good, and how many are not."""
    standings = browsers.compare(browsers.load(), folder.results)
    write_results(folder, standings, where)
    if options.update:
        update(folder)
    tell_summary(folder, standings, reasons, options.verbose)
    say(f"wpt {folder.name}: flaky: {len(flaky(folder))} pages")
    say(f"wpt {folder.name}: {folder.passed()} of {total(folder, standings)} subtests pass in {len(folder.results)} tests")
    bad = len(folder.unexpected()) + len(folder.gone()) if folder.judged() else 0
    bad += sum(result.status == running.CRASH for result in folder.results.values()) if not folder.judged() else 0
    if not folder.results and folder.ran_all:
        say(f"wpt {folder.name}: NO TEST RAN")
        bad += 1
    return len(folder.results) - bad, bad


def use_build(options, where):
    """How `xhr page` is called, and whether it looks for leaks at its end."""
    command = options.command or os.path.join(options.build, "xhr")
    if not options.command and not os.access(command, os.X_OK):
        sys.exit(f"wpt: there is no {command}; run `make` first")
    cache = os.path.join(options.build, "CMakeCache.txt")
    sanitized = False
    if os.path.exists(cache):
        with open(cache, encoding="utf-8") as file:
            sanitized = any(line.startswith("XHR_SANITIZE:") and line.split("=")[1].strip() for line in file)
    os.makedirs(where, exist_ok=True)
    return [os.path.abspath(command), "page"], sanitized


def main():
    options = arguments()
    try:
        root = suite.fetch(options.folders)
    except suite.Unavailable:
        print("wpt: SKIPPED: web-platform-tests cannot be had here; NO test of them ran", file=sys.stderr)
        return 3
    if options.data:
        return 0
    reasons = known.load_reasons()
    folders = [Folder(root, name, options.filter) for name in options.folders]
    if options.list:
        for folder in folders:
            say("\n".join(page.url for page in folder.pages))
        return 0
    where = os.path.abspath(os.path.join(options.build, "wpt"))
    command, sanitized = use_build(options, where)
    good = bad = 0
    with open(os.path.join(where, "lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with Server(root, where) as server:
            runner = running.Runner(command, server.told, server.marker, sanitized)
            for folder in folders:
                start = time.monotonic()
                asyncio.run(run_folder(folder, runner, server, options))
                some = finish(folder, options, where, reasons)
                say(f"wpt {folder.name}: {time.monotonic() - start:.0f} s")
                good, bad = good + some[0], bad + some[1]
    say(f"{good} passed, {bad} failed")
    return 1 if bad or not good else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except known.Bad as error:
        sys.exit(f"wpt: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
