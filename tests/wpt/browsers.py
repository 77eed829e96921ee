"""What two browsers made of the same subtests (browsers.json), beside what libxhr makes of them."""

import collections
import json
import os

import pages

HERE = os.path.dirname(os.path.abspath(__file__))
FILE = os.path.join(HERE, "browsers.json")
LETTERS = {"PASS": "P", "FAIL": "F", "TIMEOUT": "T", "NOTRUN": "N", None: "-"}

Standing = collections.namedtuple("Standing", "url name chromium firefox ours")


def load(file=FILE):
    """{url: {subtest: two letters, Chromium's and Firefox's}}"""
    with open(file, encoding="utf-8") as text:
        known = json.load(text)["pages"]
    return {url: {name: fates for fates, names in page.items() for name in names} for url, page in known.items()}


def reduced(whole):
    """The file's text, of {"about": …, "pages": {url: {subtest: [Chromium's status, Firefox's]}}}. A page is a line."""
    about = whole["about"].split(";")[0] + ("; each page's subtests, by Chromium's letter and Firefox's: Passes, Fails, "
                                            "Times out, Not run, - none such")
    lines = []
    for url, subtests in sorted(whole["pages"].items()):
        merged = collections.defaultdict(lambda: [None, None])
        for name, statuses in subtests.items():
            both = merged[pages.usual_name(name)]
            both[:] = [status or before for status, before in zip(statuses, both)]
        page = collections.defaultdict(list)
        for name, statuses in merged.items():
            page["".join(LETTERS.get(status, "F") for status in statuses)].append(name)
        lines.append(f"{json.dumps(url)}: {json.dumps(page, ensure_ascii=False)}")
    return f"{{\"about\": {json.dumps(about)},\n\"pages\": {{\n" + ",\n".join(lines) + "\n}}\n"


def compare(browsers, results):
    """A Standing for each subtest of the pages in `results` that the browsers' file knows."""
    found = []
    for url, result in results.items():
        for name, fates in browsers.get(url, {}).items():
            subtest = result.subtests.get(name)
            found.append(Standing(url, name, fates[0] == "P", fates[1] == "P", bool(subtest and subtest.status == "PASS")))
    return found


def groups(standings):
    """[(title, [Standing, …]), …] of what differs."""
    def some(test):
        return [standing for standing in standings if test(standing)]

    return [
        ("behind both", some(lambda s: not s.ours and s.chromium and s.firefox)),
        ("behind Firefox only", some(lambda s: not s.ours and not s.chromium and s.firefox)),
        ("behind Chromium only", some(lambda s: not s.ours and s.chromium and not s.firefox)),
        ("ahead of Firefox only", some(lambda s: s.ours and s.chromium and not s.firefox)),
        ("ahead of Chromium only", some(lambda s: s.ours and not s.chromium and s.firefox)),
        ("ahead of both", some(lambda s: s.ours and not s.chromium and not s.firefox)),
        ("failed by all", some(lambda s: not s.ours and not s.chromium and not s.firefox)),
    ]


def summary(standings):
    """Lines for the end of a run."""
    total = len(standings)
    if not total:
        return []
    passing = [(name, sum(test(s) for s in standings))
               for name, test in (("libxhr", lambda s: s.ours), ("Firefox", lambda s: s.firefox),
                                  ("Chromium", lambda s: s.chromium))]
    lines = ["beside the browsers, of the same " + f"{total} subtests: "
             + ", ".join(f"{name} {count} ({100 * count / total:.1f} %)" for name, count in passing)]
    lines.append("  " + ", ".join(f"{title}: {len(found)}" for title, found in groups(standings) if found))
    return lines


def report(standings):
    """The whole list."""
    lines = summary(standings)
    for title, found in groups(standings):
        lines += ["", f"{title}: {len(found)}"]
        lines += [f"  {standing.url}: {standing.name}" for standing in found]
    return "\n".join(lines) + "\n"
