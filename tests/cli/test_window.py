#!/usr/bin/env python3
"""What scripts with a web origin are told of synchronous requests, which they may make as a page's."""

import json
import time

import support

PRELUDE = """
const log = [];
const note = (call) => { try { log.push(String(call())); } catch (error) { log.push(error.name); } };
const make = () => new XMLHttpRequest();
"""


class Window(support.TestCase):
    def run_code(self, code, *arguments, origin=None, status=0):
        code = PRELUDE + f"const server = '{support.server()}';" + code + "\nconsole.log(JSON.stringify(log));"
        result = self.xhr("run", "--origin", origin or support.server(), *arguments, "-e", code, status=status)
        self.err = result.err
        return json.loads(result.out)

    def test_what_open_refuses(self):
        self.assertEqual(self.run_code("""
            for (const [timeout, type] of [[1, ""], [0, "text"], [0, "json"], [0, "blob"], [0, "arraybuffer"], [0, "document"], [0, ""]]) {
              const xhr = make();
              xhr.timeout = timeout;
              xhr.responseType = type;
              note(() => xhr.open("GET", "/text", false));
              note(() => xhr.readyState);
              note(() => xhr.open("GET", "/text", true));
            }
            """), ["InvalidAccessError", "0", "undefined"] * 6 + ["undefined", "1", "undefined"])

    def test_open_in_order(self):
        """The method and the URL are looked at before; what was opened stays as it was."""
        self.assertEqual(self.run_code("""
            const xhr = make();
            xhr.timeout = 1;
            note(() => xhr.open("G T", "http://[", false));
            note(() => xhr.open("TRACE", "http://[", false));
            note(() => xhr.open("GET", "http://[", false));
            xhr.open("POST", "/echo");
            note(() => xhr.open("GET", "/text", false));
            note(() => xhr.readyState);
            note(() => xhr.setRequestHeader("X-Still", "asynchronous"));
            """), ["SyntaxError", "SecurityError", "SyntaxError", "InvalidAccessError", "1", "undefined"])

    def test_what_the_setters_refuse(self):
        self.assertEqual(self.run_code("""
            const xhr = make();
            xhr.open("GET", "/text", false);
            for (const value of [0, 1]) note(() => xhr.timeout = value);
            for (const value of ["", "text", "json", "document"]) note(() => xhr.responseType = value);
            for (const value of ["nonsense", null]) note(() => xhr.responseType = value);
            note(() => xhr.withCredentials = true);
            note(() => xhr.timeout + xhr.responseType);
            xhr.send();
            note(() => xhr.responseText.length > 0);
            // The state is looked at before.
            note(() => xhr.responseType = "text");
            note(() => xhr.timeout = 1);
            // Asynchronous again, all of it may be set.
            xhr.open("GET", "/text");
            note(() => xhr.timeout = 1);
            note(() => xhr.responseType = "text");
            note(() => xhr.open("GET", "/text", false));
            """), ["InvalidAccessError"] * 6 + ["nonsense", "null", "true", "0", "true", "InvalidStateError", "InvalidAccessError",
                                                "1", "text", "InvalidAccessError"])

    def test_events(self):
        self.assertEqual(self.run_code("""
            const xhr = make();
            for (const type of ["readystatechange", "loadstart", "progress", "load", "loadend"]) xhr.addEventListener(type, () => log.push(type));
            setTimeout(() => log.push("timer"));
            xhr.open("POST", "/echo?raw", false);
            xhr.send("body");
            log.push(xhr.responseText);
            """), ["readystatechange", "readystatechange", "load", "loadend", "body"])

    def test_failures_stay_opaque(self):
        """Scripts are told that it failed; why it did stands in the console."""
        other = support.server().replace("127.0.0.1", "localhost")
        for url, words in (("/close", "(EMPTY_REPLY)"), (other + "/text", "(CORS_ORIGIN)"), ("http://127.0.0.1:1/", "("),
                           ("file:///etc/passwd", "(")):
            with self.subTest(url):
                log = self.run_code(f"""
                    const xhr = make();
                    xhr.open("GET", "{url}", false);
                    xhr.onerror = xhr.onloadend = () => log.push("event");
                    try {{ xhr.send(); }} catch (error) {{ log.push(error.name, error.message, error.code); }}
                    log.push(xhr.readyState, xhr.status, xhr.responseText, "failure" in xhr);
                    """)
                self.assertEqual(log, ["NetworkError", "send: the request failed", 19, 4, 0, "", False])
                self.assertIn(words, self.err)
                self.assertIn("GET ", self.err)

    def test_system_is_told_why(self):
        code = "const x = new XMLHttpRequest(); x.open('GET', 'http://127.0.0.1:1/', false); try { x.send() } catch (e) { console.log(e.message) }"
        self.assertRegex(self.xhr("run", "-e", code, status=0).out, "^send: .*127.0.0.1")

    def test_timeout_of_the_command(self):
        """The only end there is to a window's wait."""
        began = time.monotonic()
        code = f"const x = new XMLHttpRequest(); x.open('GET', '{support.server()}/delay/60000', false); x.send(); console.log(1)"
        result = self.xhr("run", "--origin", support.server(), "--timeout", "0.3", "-e", code, status=3)
        self.assertEqual(result.out, "")
        self.assertIn("--timeout of 0.3 s", result.err)
        self.assertLess(time.monotonic() - began, 10)


if __name__ == "__main__":
    support.main()
