"""What is known to fail, and why: expectations/FOLDER.txt and expectations/reasons.txt.

    suite 1f0e5a…                          which version of the folder's tests this was written for
    skip frames: /dom/events/scrolling/*   pages that are not run
    12 /xhr/a.htm                          a page of 12 subtests
      FAIL documents: name                 one of them, and the reason's key
    9 TIMEOUT cors: /xhr/b.htm             the page itself came to no good end
      TIMEOUT cors: *                      all its subtests that are not named here
      PASS/FAIL flaky: name                now this, now that

A reason is a line `key: why` of reasons.txt. Blanks in addresses stand as %20, what is not printable in names as \\u….
"""

import collections
import fnmatch
import json
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "expectations")
UNEXPLAINED = "unexplained"
FLAKY = "flaky"
# From how many subtests of one fate on a page a `*` stands for them.
MANY = 8

Known = collections.namedtuple("Known", "statuses reason")
Known.__doc__ = """Known of a page or a subtest: a tuple of statuses, the usual one first, and a reason's key or ''."""
GOOD_PAGE = Known(("OK",), "")
GOOD = Known(("PASS",), "")


class Page:
    """What is known of a page: its own fate, how many subtests it has, theirs by name, and what the others do."""

    def __init__(self, count=0, known=GOOD_PAGE):
        self.count = count
        self.known = known
        self.named = {}
        self.others = GOOD

    def of(self, name):
        return self.named.get(name, self.others)

    def all_known(self):
        return [self.known, self.others, *self.named.values()]


class Expectations:
    def __init__(self, suite="", skips=(), pages=None):
        self.suite = suite
        self.skips = list(skips)  # (pattern, reason)
        self.pages = pages if pages is not None else {}

    def skipped(self, url):
        """Why a page is not run, or None."""
        return next((reason for pattern, reason in self.skips if fnmatch.fnmatchcase(key(url), pattern)), None)

    def reasons(self):
        used = {known.reason for page in self.pages.values() for known in page.all_known()}
        return (used | {reason for _, reason in self.skips}) - {""}


class Bad(Exception):
    """A file of expectations that cannot be read."""


def key(url):
    return url.replace(" ", "%20")


def path(folder):
    return os.path.join(FOLDER, folder.replace("/", "-") + ".txt")


def escape(name):
    """A name on one line, that reads as it is."""
    plain = "".join(c if c.isprintable() and c != "\\" else json.dumps(c)[1:-1] for c in name)
    # Blanks at the ends would be lost to the eye, and to editors.
    plain = re.sub(r"^ | $", r"\\u0020", plain)
    return r"\u002a" if plain == "*" else plain


def unescape(text):
    return json.loads('"' + text.replace('"', '\\"') + '"') if "\\" in text else text


def load_reasons(file=os.path.join(FOLDER, "reasons.txt")):
    reasons = {}
    with open(file, encoding="utf-8") as lines:
        for line in lines:
            if line.strip() and not line.startswith("#"):
                name, _, text = line.partition(":")
                reasons[name] = text.strip()
    return reasons


def known(text):
    statuses, _, reason = text.partition(" ")
    return Known(tuple(statuses.split("/")), reason)


def parse(lines):
    expectations = Expectations()
    page = None
    for number, line in enumerate(lines, 1):
        line = line.rstrip("\n")
        match = re.fullmatch(r"(?P<blank>)|#.*|suite (?P<suite>\w+)|skip (?P<why>[\w-]+): (?P<pattern>[/*]\S+)"
                             r"|(?P<count>\d+) ((?P<fate>[A-Z/]+ [\w-]+): )?(?P<url>/\S*)"
                             r"|  (?P<subtest>[A-Z/]+( [\w-]+)?): (?P<name>.*)", line)
        if not match or (match["subtest"] and page is None):
            raise Bad(f"{number}: {line}")
        if match["suite"]:
            expectations.suite = match["suite"]
        elif match["why"]:
            expectations.skips.append((match["pattern"], match["why"]))
        elif match["count"]:
            page = Page(int(match["count"]), known(match["fate"]) if match["fate"] else GOOD_PAGE)
            expectations.pages[match["url"]] = page
        elif match["subtest"] and match["name"] == "*":
            page.others = known(match["subtest"])
        elif match["subtest"]:
            page.named[unescape(match["name"])] = known(match["subtest"])
    return expectations


def load(folder):
    """A folder's expectations; empty ones where it has none."""
    try:
        with open(path(folder), encoding="utf-8") as file:
            return parse(file)
    except FileNotFoundError:
        return Expectations()
    except Bad as error:
        raise Bad(f"{os.path.relpath(path(folder))}:{error}") from None


def fate(item):
    return "/".join(item.statuses) + (f" {item.reason}" if item.reason else "")


def write(expectations, folder=""):
    """The text that parse() reads."""
    lines = [f"# Known failures of web-platform-tests' {folder}/: see ../expectations.py for the form. "
             f"scripts/wpt --update {folder} writes it,", "# keeping the reasons.", f"suite {expectations.suite}"]
    lines += [f"skip {reason}: {pattern}" for pattern, reason in expectations.skips]
    lines.append("")
    for url, page in sorted(expectations.pages.items()):
        lines.append(f"{page.count} " + ("" if page.known == GOOD_PAGE else f"{fate(page.known)}: ") + url)
        if page.others != GOOD:
            lines.append(f"  {fate(page.others)}: *")
        lines += [f"  {fate(item)}: {escape(name)}" for name, item in page.named.items()]
    return "\n".join(lines) + "\n"


def updated(old, suite, results, runs, ran_all):
    """Expectations that agree with the results: the old ones' reasons are kept, what is new is unexplained.

    runs: {url: [result, …]} of the pages that ran more than once; ran_all: pages without a result are gone."""
    new = Expectations(suite, old.skips, {} if ran_all else dict(old.pages))
    for url, result in results.items():
        before = old.pages.get(key(url), Page())
        new.pages[key(url)] = updated_page(before, [result, *runs.get(url, ())])
    return new


def updated_page(before, results):
    page = Page(max(len(result.subtests) for result in results),
                renewed(before.known, [result.status for result in results], "OK"))
    fates = {}
    for name in dict.fromkeys(name for result in results for name in result.subtests):
        seen = [result.subtests[name].status for result in results if name in result.subtests]
        fates[name] = renewed(before.of(name), seen, "PASS")
    set_fates(page, fates)
    return page


def set_fates(page, fates):
    """Makes a page know these, all that it has; a `*` stands for what most of them do, where these are many."""
    most, count = collections.Counter(fates.values()).most_common(1)[0] if fates else (GOOD, 0)
    page.others = most if most != GOOD and count >= MANY else GOOD
    page.named = {name: item for name, item in fates.items() if item != page.others}


def renewed(before, seen, good):
    """What is known from now on, `seen` having been seen."""
    if all(agrees(before, status) for status in seen):
        return before
    statuses = tuple(dict.fromkeys(seen))
    if len(statuses) > 1 and not all(same(statuses[0], status) for status in statuses):
        return Known(statuses, before.reason or FLAKY)
    if statuses[0] == good:
        return Known((good,), "")
    return Known(statuses[:1], before.reason or UNEXPLAINED)


def same(status, other):
    """Which of a page's tests had begun when its time was over depends on the machine."""
    late = ("TIMEOUT", "NOTRUN")
    return status == other or (status in late and other in late)


def agrees(item, status):
    return any(same(status, expected) for expected in item.statuses)


Difference = collections.namedtuple("Difference", "kind url name expected got message")


def differences(expectations, url, result):
    """Where a page's result is not what is expected. Kinds: fails, passes, changed, added, missing, page, new."""
    page = expectations.pages.get(key(url))
    found = []
    if page is None:
        found.append(Difference("new", url, None, "", f"{len(result.subtests)} subtests", ""))
        page = Page(len(result.subtests))
    if not agrees(page.known, result.status):
        found.append(Difference("page", url, None, fate(page.known), result.status, result.message))
    for name, subtest in result.subtests.items():
        item = page.of(name)
        if not agrees(item, subtest.status):
            kind = "passes" if subtest.status == "PASS" else "fails" if item.statuses == ("PASS",) else "changed"
            found.append(Difference(kind, url, name, fate(item), subtest.status, subtest.message))
    for name, item in page.named.items():
        if name not in result.subtests:
            found.append(Difference("missing", url, name, fate(item), "no such subtest", ""))
    if len(result.subtests) != page.count:
        kind = "added" if len(result.subtests) > page.count else "missing"
        found.append(Difference(kind, url, None, f"{page.count} subtests", f"{len(result.subtests)} subtests", ""))
    return found
