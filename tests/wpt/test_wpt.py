#!/usr/bin/env python3
"""The harness of web-platform-tests itself, without the suite: what is expected, what came of a page, and the browsers."""

import asyncio
import json
import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import browsers  # noqa: E402
import expectations as known  # noqa: E402
import pages  # noqa: E402
import suite  # noqa: E402

TEXT = """# Known failures of web-platform-tests' some/folder/: see ../expectations.py for the form. \
scripts/wpt --update some/folder writes it,
# keeping the reasons.
suite 00ff
skip frames: /some/folder/frames/*

3 /a.html
  FAIL documents: one
  PASS/FAIL flaky: two
9 TIMEOUT cors: /b.html?x%20y
  TIMEOUT cors: *
  PASS: three
0 ERROR documents: /c.html
"""


def result(status="OK", **subtests):
    made = pages.Result()
    made.status = status
    made.subtests = {name: pages.Subtest(fate, "") for name, fate in subtests.items()}
    return made


class Expectations(unittest.TestCase):
    def kinds(self, url, made):
        return sorted(difference.kind for difference in known.differences(known.parse(TEXT.splitlines()), url, made))

    def test_text_comes_back(self):
        self.assertEqual(known.write(known.parse(TEXT.splitlines()), "some/folder"), TEXT)

    def test_what_cannot_be_read(self):
        for line in ("what", "  FAIL cors: subtest without a page", "1 FAIL /a.html", "skip /a.html", "3 ok cors: /a"):
            with self.subTest(line), self.assertRaises(known.Bad):
                known.parse([line])

    def test_names(self):
        for name in ("", "*", "a: b", " both ends ", 'quote " and \\ and \\"', "line\nfeed\ttab", "ä 天気", "\ud800", "\x7f"):
            with self.subTest(name):
                text = known.escape(name)
                self.assertNotIn("\n", text)
                self.assertEqual(known.unescape(text), name)
                page = known.Page(1)
                page.named = {name: known.Known(("FAIL",), "cors")}
                written = known.write(known.Expectations("0", (), {"/a": page}))
                self.assertEqual(known.parse(written.split("\n")).pages["/a"].named, page.named)

    def test_as_expected(self):
        self.assertEqual(self.kinds("/a.html", result(one="FAIL", two="PASS", four="PASS")), [])
        self.assertEqual(self.kinds("/a.html", result(one="FAIL", two="FAIL", four="PASS")), [])
        self.assertEqual(self.kinds("/c.html", result("ERROR")), [])

    def test_differences(self):
        self.assertEqual(self.kinds("/a.html", result(one="PASS", two="PASS", four="PASS")), ["passes"])
        self.assertEqual(self.kinds("/a.html", result(one="FAIL", two="PASS", four="FAIL")), ["fails"])
        self.assertEqual(self.kinds("/a.html", result(one="TIMEOUT", two="PASS", four="PASS")), ["changed"])
        self.assertEqual(self.kinds("/a.html", result(two="PASS", four="PASS", five="PASS")), ["missing"])
        self.assertEqual(self.kinds("/a.html", result(one="FAIL", two="PASS")), ["missing"])
        self.assertEqual(self.kinds("/a.html", result(one="FAIL", two="PASS", four="PASS", five="PASS")), ["added"])
        self.assertEqual(self.kinds("/a.html", result("ERROR", one="FAIL", two="PASS", four="PASS")), ["page"])
        self.assertEqual(self.kinds("/c.html", result("OK")), ["page"])
        self.assertEqual(self.kinds("/new.html", result(one="PASS")), ["new"])
        self.assertEqual(self.kinds("/new.html", result(one="FAIL")), ["fails", "new"])

    def test_all_others(self):
        names = {f"n{i}": "TIMEOUT" for i in range(7)}
        self.assertEqual(self.kinds("/b.html?x y", result("TIMEOUT", three="PASS", four="NOTRUN", **names)), [])
        self.assertEqual(self.kinds("/b.html?x y", result("TIMEOUT", three="PASS", four="PASS", **names)), ["passes"])

    def test_skipped(self):
        expected = known.parse(TEXT.splitlines())
        self.assertEqual(expected.skipped("/some/folder/frames/a.html?b c"), "frames")
        self.assertIsNone(expected.skipped("/some/folder/a.html"))
        self.assertEqual(expected.reasons(), {"documents", "cors", "frames", "flaky"})


class Update(unittest.TestCase):
    def updated(self, results, again=None, ran_all=True):
        new = known.updated(known.parse(TEXT.splitlines()), "11", results, again or {}, ran_all)
        for url, made in results.items():
            self.assertEqual(known.differences(new, url, made), [])
        return known.write(known.parse(known.write(new).splitlines())).split("\n\n")[1]

    def test_reasons_stay(self):
        self.assertEqual(self.updated({"/a.html": result(one="NOTRUN", two="PASS", four="PASS"), "/c.html": result("ERROR")}),
                         "3 /a.html\n  NOTRUN documents: one\n  PASS/FAIL flaky: two\n0 ERROR documents: /c.html\n")

    def test_passing_ones_go(self):
        self.assertEqual(self.updated({"/a.html": result(one="PASS", two="PASS"), "/c.html": result("OK", x="PASS")}),
                         "2 /a.html\n  PASS/FAIL flaky: two\n1 /c.html\n")

    def test_new_ones_are_unexplained(self):
        self.assertEqual(self.updated({"/d.html": result("ERROR", one="FAIL", two="PASS")}),
                         "2 ERROR unexplained: /d.html\n  FAIL unexplained: one\n")

    def test_flaky_ones_keep_both(self):
        self.assertEqual(self.updated({"/d.html": result(one="PASS")}, {"/d.html": [result(one="FAIL")]}),
                         "1 /d.html\n  PASS/FAIL flaky: one\n")

    def test_part_of_the_pages(self):
        text = self.updated({"/d.html": result(one="PASS")}, ran_all=False)
        self.assertIn("9 TIMEOUT cors: /b.html?x%20y\n", text)
        self.assertIn("1 /d.html\n", text)

    def test_many_of_one_fate(self):
        names = {f"n{i}": "FAIL" for i in range(20)}
        self.assertEqual(self.updated({"/d.html": result(one="PASS", two="TIMEOUT", **names)}),
                         "22 /d.html\n  FAIL unexplained: *\n  PASS: one\n  TIMEOUT unexplained: two\n")


class Pages(unittest.TestCase):
    """The runner, with a script in place of the command."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.margin, pages.MARGIN = pages.MARGIN, 0

    def tearDown(self):
        pages.MARGIN = self.margin

    def run_script(self, script, seconds=20):
        path = os.path.join(self.folder.name, "page")
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\nfor address; do :; done\n" + script)
        os.chmod(path, 0o755)
        server = {"ports": {"http": [1, 2], "https": [3, 4], "h2": [5]}, "ca": "ca", "hosts": ["web-platform.test"]}
        runner = pages.Runner([path], server, "mark:")
        return asyncio.run(runner.run(suite.Page("/a.html?b c", "https", "www", seconds), 1))

    def told(self, *lines):
        return "".join(f"echo 'noise mark:{json.dumps(line)}'\n" for line in lines)

    def test_result(self):
        made = self.run_script("echo before\n" + self.told(
            {"name": "one", "status": 0, "message": None}, {"name": "one", "status": 1, "message": "why"},
            {"harness": 1, "message": "what"}) + 'echo "$address" >&2\n')
        self.assertEqual((made.status, made.message), ("ERROR", "what"))
        self.assertEqual(made.subtests, {"one": ("PASS", ""), "one (2)": ("FAIL", "why")})
        self.assertEqual(made.passed(), 1)

    def test_names(self):
        made = self.run_script(self.told({"name": "http://a:1/ and :4", "status": 0, "message": None},
                                         {"name": "http://a:7/", "status": 0, "message": None},
                                         {"name": "Unexpected error: TimeoutError: x", "status": 0, "message": None}))
        self.assertEqual(list(made.subtests), ["http://a:8000/ and :8444", "http://a:7/",
                                               "Unexpected error: TimeoutError: …"])

    def test_address(self):
        made = self.run_script('echo "$address" >&2')
        self.assertEqual(made.errors, "https://www.web-platform.test:3/a.html?b c\n")

    def test_a_page_that_goes_on_is_ended(self):
        made = self.run_script(self.told({"harness": 0, "message": None}) + "exec sleep 60")
        self.assertEqual(made.status, "OK")
        self.assertLess(made.seconds, 30)

    def test_silent(self):
        made = self.run_script("echo 'not mark:' >/dev/null; echo oops >&2; exit 3")
        self.assertEqual((made.status, made.message, made.errors), ("SILENT", "exit status 3", "oops\n"))

    def test_hangs(self):
        made = self.run_script(self.told({"name": "one", "status": 0, "message": None}) + "exec sleep 60", seconds=1)
        self.assertEqual((made.status, list(made.subtests)), ("HANG", ["one"]))

    def test_crashes(self):
        made = self.run_script("kill -SEGV $$")
        self.assertEqual((made.status, made.message), ("CRASH", "SIGSEGV"))
        made = self.run_script(self.told({"harness": 0, "message": None}) + "kill -ABRT $$")
        self.assertEqual((made.status, made.message), ("CRASH", "SIGABRT"))

    def test_sanitizers(self):
        for line in ("==7==ERROR: AddressSanitizer: x", "a.c:1:2: runtime error: x", "WARNING: ThreadSanitizer: x"):
            made = self.run_script(self.told({"harness": 0, "message": None}) + f"echo '{line}' >&2")
            self.assertEqual(made.status, "CRASH")
            self.assertIn(line, made.errors)


class Browsers(unittest.TestCase):
    def test_file(self):
        whole = {"about": "what; form", "pages": {"/a": {
            "one": ["PASS", "PASS"], "two": ["FAIL", "PASS"], "ä": [None, "TIMEOUT"],
            "Unexpected error: TimeoutError: b": ["PASS", None], "Unexpected error: TimeoutError: a": [None, "FAIL"]}}}
        with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
            file.write(browsers.reduced(whole))
            file.flush()
            self.assertEqual(browsers.load(file.name),
                             {"/a": {"one": "PP", "two": "FP", "ä": "-T", "Unexpected error: TimeoutError: …": "PF"}})

    def test_compare(self):
        fates = {"both": "PP", "firefox": "FP", "chromium": "PF", "none": "FF", "good": "PP", "ahead": "FF"}
        made = result(both="FAIL", chromium="TIMEOUT", none="FAIL", good="PASS", ahead="PASS")
        standings = browsers.compare({"/a": fates}, {"/a": made, "/b": made})
        found = {title: [standing.name for standing in some] for title, some in browsers.groups(standings) if some}
        self.assertEqual(found, {"behind both": ["both"], "behind Firefox only": ["firefox"],
                                 "behind Chromium only": ["chromium"], "ahead of both": ["ahead"], "failed by all": ["none"]})
        self.assertIn("libxhr 2 (33.3 %), Firefox 3 (50.0 %), Chromium 3 (50.0 %)", browsers.summary(standings)[0])

    def test_the_projects_own(self):
        self.assertEqual(len(browsers.load()), 422)


class Committed(unittest.TestCase):
    """The expectations of the project: each can be read, and each has its reason."""

    def test_reasons(self):
        reasons = known.load_reasons()
        self.assertTrue(all(reasons.values()))
        used = set()
        for folder in suite.FOLDERS:
            with self.subTest(folder):
                used |= known.load(folder).reasons()
        self.assertEqual(used - set(reasons), set(), "reasons that reasons.txt does not explain")
        self.assertEqual(set(reasons) - used, set(), "reasons that nothing has")


if __name__ == "__main__":
    unittest.main()
