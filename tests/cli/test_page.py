#!/usr/bin/env python3
"""xhr page: where pages come from, what is printed, exit statuses, how it ends."""

import os
import signal
import time

import support


class Pages(support.TestCase):
    def page(self, html, *arguments, status=0, name="page.html"):
        return self.xhr("page", *arguments, self.write(name, html), status=status)

    def test_where_pages_come_from(self):
        self.write("page.html", "<!doctype html><script>console.log(location.protocol, origin)</script>")
        self.assertEqual(self.xhr("page", "page.html", status=0).out, "file: null\n")
        url = "file://" + os.path.join(self.directory, "page.html")
        self.assertEqual(self.xhr("page", url, status=0).out, "file: null\n")
        self.assertEqual(self.xhr("page", support.server() + "/pages/window.html", status=0).out, "ok\n")
        self.assertEqual(self.xhr("page", "data:text/html,<script>console.log(location.protocol)</script>",
                                  status=0).out, "data:\n")
        self.assertEqual(self.page("<script>console.log(decodeURIComponent(location.pathname).split('/').pop())</script>",
                                   name="100% odd? #1.html").out, "100% odd? #1.html\n")
        redirected = f"{support.server()}/redirect/302?to=/pages/location.html#there"
        self.xhr("page", redirected.replace("location", "window"), status=0)

    def test_local_scripts(self):
        self.write("beside.js", "console.log('beside', document.currentScript.src.split('/').pop())")
        self.assertEqual(self.page("<script src=beside.js></script>").out, "beside beside.js\n")
        # It runs what lies beside it, and reads nothing.
        result = self.page("<script>const x = new XMLHttpRequest(); x.open('GET', 'beside.js');"
                           "x.onloadend = () => console.log(x.status, x.responseText); x.send()</script>")
        self.assertEqual(result.out, "0 \n")
        self.assertIn("(SCHEME)", result.err)

    def test_what_is_no_page(self):
        for address, status, words in (
                (support.server() + "/json", 3, "application/json"),
                ("http://127.0.0.1:1/", 3, "connect"),
                ("nowhere.html", 2, "No such file"),
                ("http://[", 2, "no URL"),
                ("file:///nowhere/at/all.html", 3, "does not exist")):
            result = self.xhr("page", "--proxy=", address, status=status)
            self.assertIn(words, result.err)
            self.assertTrue(result.err.startswith("xhr: " + address), result)
        # An error that comes as a page is one.
        self.assertEqual(self.xhr("page", support.server() + "/pages/window.html?status=404", status=0).out, "ok\n")

    def test_usage(self):
        self.assertIn("xhr page has no option --data", self.xhr("page", "--data", "x", "y", status=2).err)
        self.assertIn("a URL is missing", self.xhr("page", status=2).err)
        self.assertIn("one URL at a time", self.xhr("page", "a", "b", status=2).err)
        self.assertIn("xhr page", self.xhr("page", "--help", status=0).out)

    def test_a_deep_page_ends_in_time(self):
        began = time.monotonic()
        result = self.page("<div>" * 400000, "--timeout", "1", status=3)
        self.assertIn("--timeout", result.err)
        self.assertLess(time.monotonic() - began, 15)

        result = self.page("<body><script>document.body.innerHTML = '<div>'.repeat(400000)</script>", "--timeout", "1", status=3)
        self.assertIn("--timeout", result.err)
        self.assertLess(time.monotonic() - began, 30)

    def test_what_workers_print_goes_out_at_once(self):
        self.write("page.html", "<script>new Worker('data:text/javascript,setTimeout(()=>console.log(1),300)')</script>")
        process = self.start("page", "--timeout", "60", "page.html")
        begin = time.monotonic()
        self.assertEqual(process.stdout.readline(), "1\n")
        self.assertLess(time.monotonic() - begin, 15)
        self.interrupt(process)

    def test_workers_and_their_page_report_together(self):
        code = "for(let i=0;i<300;i++)Promise.reject(`a line that is to stay whole`);setTimeout(close,10)"
        result = self.page(f"<script>for (let i = 0; i < 4; i++) new Worker('data:text/javascript,{code}');"
                           "for (let i = 0; i < 300; i++) Promise.reject('a line that is to stay whole')</script>",
                           status=1)
        self.assertEqual(result.err.splitlines(), ["Uncaught (in promise) a line that is to stay whole"] * 1500)

    def test_errors(self):
        result = self.page("<script>console.log(1); throw new Error('no')</script><script>console.log(2)</script>",
                           status=1)
        self.assertEqual(result.out, "1\n2\n")
        self.assertRegex(result.err, r"^Uncaught Error: no\n +at .*page\.html:1")
        self.assertIn("Uncaught (in promise) 5", self.page("<script>Promise.reject(5)</script>", status=1).err)
        self.page("<script>onerror = () => true; throw 1</script>")
        self.assertIn("the server answered with status 404",
                      self.xhr("page", support.server() + "/pages/errors.html", status=0).err)

    def test_it_ends_when_nothing_is_pending(self):
        self.assertEqual(self.page("<script>setTimeout(() => console.log('late'), 50)</script>").out, "late\n")
        began = time.monotonic()
        self.assertEqual(self.page("<script>setInterval(() => 0, 10); setTimeout(() => { close(); console.log(closed) },"
                                   "50)</script>").out, "true\n")
        self.assertLess(time.monotonic() - began, 10)

    # Each has something under way that never comes to its end.
    ENDLESS = {
        "script": "<script>for (;;);</script><script>console.log('not to be run')</script>",
        "timer": "<script>setInterval(() => 0, 10)</script>",
        "frames": "<script>(function again() { requestAnimationFrame(again) })()</script>",
        "blocking": "<script src=SERVER/delay/60000></script><script>console.log('not to be run')</script>",
        "async": "<script async src=SERVER/delay/60000></script><script defer src=SERVER/delay/60000></script>",
        "module": "<script type=module src=SERVER/delay/60000></script>",
        "import": "<script type=module>import 'SERVER/delay/60000?cors';</script>",
        "dynamic import": "<script>import('SERVER/delay/60000')</script>",
        "written": "<script>document.write('<script src=SERVER/delay/60000></scr' + 'ipt>rest')</script>",
        "request": "<script>const x = new XMLHttpRequest(); x.open('GET', 'SERVER/delay/60000'); x.send()</script>",
        "synchronous": "<script>const x = new XMLHttpRequest(); x.open('GET', 'SERVER/delay/60000', false); x.send();"
                       "</script><script>console.log('not to be run')</script>",
        "load": "<script>onload = () => { for (;;); }</script>",
        "microtask": "<script>(function again() { Promise.resolve().then(again) })()</script>",
    }

    def test_timeout(self):
        for name, html in self.ENDLESS.items():
            with self.subTest(name):
                result = self.page(html.replace("SERVER", support.server()), "--proxy=", "--timeout", "0.3", status=3)
                self.assertIn("--timeout of 0.3 s", result.err)
                self.assertEqual(result.out, "")
        result = self.xhr("page", "--timeout", "0.3", support.server() + "/delay/60000", status=3)
        self.assertIn("--timeout of 0.3 s", result.err)
        self.page("", "--timeout", "10")

    def test_interrupt(self):
        for name, html in self.ENDLESS.items():
            with self.subTest(name):
                process = self.start("page", "--proxy=", self.write("page.html", html.replace("SERVER", support.server())))
                self.assertEqual(self.interrupt(process), 130)
                self.assertEqual(process.stdout.read(), "")
        process = self.start("page", "--proxy=", support.server() + "/delay/60000")
        self.assertEqual(self.interrupt(process, signal.SIGTERM), 143)


if __name__ == "__main__":
    support.main()
