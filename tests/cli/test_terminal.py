#!/usr/bin/env python3
"""The command on a terminal: the prompt, the progress bar, Ctrl-C."""

import os
import re
import signal
import time

import support
from support import Terminal

# The prompt at the end of the screen; tmux leaves out the space behind it.
PROMPT = r"(?:\A|\n)>\Z"


class Prompt(support.TestCase):
    def setUp(self):
        super().setUp()
        self.terminal = Terminal(columns=300)
        self.terminal.expect(r"xhr \d.*" + PROMPT)

    def say(self, line, answer):
        self.terminal.enter(line)
        return self.answered(line, answer)

    def answered(self, line, answer):
        """The screen ends with that line, the answer, and the prompt."""
        return self.terminal.expect(r"\n(?:>|\.\.\.) " + re.escape(line) + r"\n" + answer + PROMPT)

    def leave(self, status=0):
        self.terminal.keys("C-d")
        self.assertEqual(self.terminal.wait(), status)

    def test_values(self):
        self.say("1 + 1", "2")
        self.say("'a' + 1", r"['\"]a1['\"]")
        self.say("{a: 1}", r"\{ ?a: 1 ?\}")
        self.say("const x = 20; x", "20")
        self.say("x + 1", "21")
        self.say("_ * 2", "42")
        self.say("typeof XMLHttpRequest", r"['\"]function['\"]")
        self.leave()

    def test_goes_on_in_the_next_line(self):
        terminal = self.terminal
        for line in "function f(a) {", "return `${a":
            terminal.enter(line)
            terminal.expect(re.escape(line) + r"\n\.\.\.\Z")
        self.say("} b`; }", ".*")
        self.say("f(1)", r"['\"]1 b['\"]")
        for line in "/* a", "*/ [1,":
            terminal.enter(line)
            terminal.expect(re.escape(line) + r"\n\.\.\.\Z")
        self.say("2].length", "2")
        self.leave()

    def test_errors(self):
        self.say("nope", r".*ReferenceError: .*nope.*")
        self.say("1 +* 2", r".*SyntaxError: .*")
        self.say("(() => { throw new TypeError('mine') })()", r".*TypeError: mine.*")
        self.say("await Promise.reject(new Error('later'))", r".*Error: later.*")
        self.say("1", "1")
        self.leave()

    def test_await(self):
        self.say("await new Promise(r => setTimeout(r, 100, 7))", "7")
        self.say(f"let q = new XMLHttpRequest(); q.open('GET', '{support.server()}/json'); q.responseType = 'json'; "
                 "await new Promise(done => { q.onload = done; q.send(); }); q.response.numbers.join()",
                 r"['\"]1,2,3['\"]")
        self.leave()

    def test_events_while_it_waits(self):
        self.say("setTimeout(() => console.log('tick', 1), 300); 0", "0")
        self.terminal.expect(r"\ntick 1" + PROMPT)
        self.leave()

    def test_typed_ahead(self):
        self.terminal.enter("await new Promise(r => setTimeout(r, 300, 'one'))")
        self.terminal.enter("'two'")
        self.terminal.expect(r"\n['\"]one['\"].*\n> 'two'\n['\"]two['\"]" + PROMPT)
        self.leave()

    def test_ctrl_c_drops_the_line(self):
        terminal = self.terminal
        terminal.type("function half(")
        terminal.expect(r"> function half\(\Z")
        terminal.keys("C-c")
        terminal.expect(r"> function half\([^\n]*" + PROMPT)
        terminal.enter("function whole() {")
        terminal.expect(r"\n\.\.\.\Z")
        terminal.keys("C-c")
        terminal.expect(r"\n\.\.\.[^\n]*" + PROMPT)
        self.say("2 + 2", "4")
        self.leave()

    def interrupt(self, line):
        self.terminal.enter(line)
        self.terminal.expect(re.escape(line) + r"\Z")
        time.sleep(0.3)
        self.terminal.keys("C-c")
        self.terminal.expect(re.escape(line) + r"\n[^\n]*interrupted" + PROMPT)

    def test_ctrl_c_ends_a_loop(self):
        self.interrupt("for (;;) ;")
        self.say("3 + 3", "6")
        self.leave()

    def test_ctrl_c_ends_an_await(self):
        self.interrupt("await new Promise(() => {})")
        self.say("4 + 4", "8")
        self.leave()

    def test_ctrl_c_ends_a_synchronous_request(self):
        self.interrupt(f"x = new XMLHttpRequest(); x.open('GET', '{support.server()}/delay/60000', false); x.send()")
        self.say(f"x.open('GET', '{support.server()}/status/203', false); x.send(); x.status", "203")
        self.leave()

    def test_editing(self):
        unknown = "\x1b[99;5u\x1bz"
        for keys, line in ((("13", "Left", "2"), "123"), (("23", "Home", "1", "End", "4"), "1234"),
                           (("12x", "BSpace", "3"), "123"), (("x12", "Home", "DC", "End", "3"), "123"),
                           (("99 88", "C-w", "99"), "99 99"), (("abc", "C-u", "7"), "7"),
                           (("5 + 6", "Left", "Left", "C-k"), "5 +"), (("1", "C-a", "Right", "2"), "12"),
                           (("'ä€😀'", "Left", "Left", "BSpace", "x"), "'äx😀'"), (("a.b", "M-b", "M-b", "c"), "ca.b"),
                           ((unknown, "8"), "8"), (("a", "Tab", "b"), "a  b")):
            with self.subTest(keys):
                for key in keys:
                    (self.terminal.keys if len(key) > 1 and key.isascii() and key not in ("12x", unknown)
                     else self.terminal.type)(key)
                self.terminal.keys("C-e", "C-a", "`", "C-e", "`", "Enter")
                self.answered(f"`{line}`", r"['\"`].*['\"`]")
                self.say("_ === `" + line + "`", "true")
        self.leave()

    def test_history(self):
        self.say("1 + 1", "2")
        self.say("2 + 2", "4")
        self.terminal.keys("Up", "Up", "0", "Enter")
        self.answered("1 + 10", "11")
        self.terminal.type("draft")
        self.terminal.keys("Up", "Up", "Down", "Down", "C-a", "'", "C-e", "'", "Enter")
        self.answered("'draft'", "'draft'")
        self.terminal.keys(*["Up"] * 99, "Enter")
        self.answered("1 + 1", "2")
        self.leave()

    def test_output_does_not_spoil_what_is_typed(self):
        self.say("setTimeout(() => console.log('tick'), 500); 0", "0")
        self.terminal.type("40 +")
        self.terminal.expect(r"\ntick\n> 40 \+\Z")
        self.terminal.type(" 2")
        self.terminal.keys("Enter")
        self.answered("40 + 2", "42")
        self.leave()

    def test_long_lines(self):
        """They scroll sideways while they are typed, and stand whole once they are entered."""
        terminal = Terminal(columns=40)
        terminal.expect(PROMPT)
        terminal.type("'" + "x" * 100 + "'.length")
        terminal.expect(r"\n[^\n]{1,39}x'\.length\Z")
        self.assertNotIn("x\n", terminal.screen())
        terminal.keys("C-a", "C-f")
        terminal.expect(r"\n> 'x{36}\Z")
        self.assertEqual(terminal.get("cursor_x"), "3")
        terminal.keys("Enter")
        terminal.expect(r"\n> 'x{37}\nx{40}\nx{23}'\.length\n100" + PROMPT)
        terminal.keys("C-d")
        self.assertEqual(terminal.wait(), 0)

    def test_the_terminal_is_as_before(self):
        for ending in ("C-d",), (".exit", "Enter"), ("program.exit(0)", "Enter"), ("C-l", "C-d"), ():
            terminal = Terminal(command=["sh", "-c", '"$@"; echo "status $?"; stty -a; cat', "sh", support.xhr()])
            terminal.expect(PROMPT)
            if ending:
                terminal.keys(*ending)
            else:
                with open(f"/proc/{terminal.pid}/task/{terminal.pid}/children", encoding="utf-8") as file:
                    os.kill(int(file.read()), signal.SIGTERM)
            terminal.expect(rf"\nstatus {0 if ending else 143}\n.* icanon .* echo ")
            terminal.keys("C-c")

    def test_a_dumb_terminal(self):
        terminal = Terminal(term="dumb")
        terminal.expect(PROMPT)
        terminal.enter("1 + 1")
        terminal.expect(r"> 1 \+ 1\n2" + PROMPT)
        terminal.keys("C-c")
        terminal.expect(r"> \^C" + PROMPT)
        terminal.keys("C-d")
        self.assertEqual(terminal.wait(), 0)
        self.assertNotIn("\x1b", terminal.expect_printed(r"\^C\r\n> "))

    def test_commands(self):
        self.say(".help", r".*\.exit.*")
        self.say(".nothing", r"There is no \.nothing.*")
        self.terminal.enter(".exit")
        self.assertEqual(self.terminal.wait(), 0)

    def test_ends_with_requests_in_flight(self):
        self.say(f"q = new XMLHttpRequest(); q.open('GET', '{support.server()}/delay/60000'); q.send(); 1", "1")
        self.leave()


class Prompts(support.TestCase):
    def test_xhr_run_starts_it_too(self):
        terminal = Terminal("run", "--base", support.server())
        terminal.expect(PROMPT)
        terminal.enter("1")
        terminal.expect(r"\n1" + PROMPT)
        terminal.enter(".exit")
        self.assertEqual(terminal.wait(), 0)

    def test_timeout(self):
        terminal = Terminal("run", "--timeout", "0.3")
        terminal.expect(r"--timeout of 0\.3 s")
        self.assertEqual(terminal.wait(), 3)

    def test_idles(self):
        terminal = Terminal()
        terminal.expect(PROMPT)
        terminal.enter("setTimeout(() => {}, 60000); 1")
        terminal.expect(r"\n1" + PROMPT)
        before = self.cpu_ticks(terminal)
        time.sleep(0.5)
        self.assertLess(self.cpu_ticks(terminal) - before, 5)
        terminal.enter(".exit")
        self.assertEqual(terminal.wait(), 0)

    @staticmethod
    def cpu_ticks(terminal):
        with open(f"/proc/{terminal.pid}/stat", encoding="utf-8") as file:
            return sum(map(int, file.read().rsplit(")", 1)[1].split()[11:13]))


class Progress(support.TestCase):
    def test_download(self):
        path = os.path.join(self.directory, "out")
        terminal = Terminal("-o", path, support.server() + "/bytes/67108864", columns=100)
        self.assertEqual(terminal.wait(), 0)
        # One line, drawn over and over.
        terminal.expect(r"\Adownload 100 % \[#+\] 64\.0 MiB  [\d.]+ \w+/s  in 0:\d\d\Z")
        terminal.expect_printed(r"\rdownload +\d+ % \[#* *\] [\d.]+ \w+ of 64\.0 MiB +[\d.]+ \w+/s +\d+:\d\d")
        self.assertEqual(os.path.getsize(path), 67108864)

    def test_upload(self):
        body = self.write("body", b"x" * (4 << 20))
        terminal = Terminal("-T", body, "-o", os.devnull, support.server() + "/upload?slow=5", columns=100)
        terminal.expect(r"\Aupload +\d+ % \[#* *\] [\d.]+ \w+ of 4\.0 MiB +[\d.]+ \w+/s +\d+:\d\d left\Z")
        self.assertEqual(terminal.wait(), 0)
        terminal.expect_printed(r"\rupload +100 %")

    def test_unknown_length(self):
        terminal = Terminal("-o", os.devnull, support.server() + "/drip?n=8&ms=80")
        terminal.expect(r"\Adownload +\d+ bytes  \d+ bytes/s  0:00\Z")
        self.assertEqual(terminal.wait(), 0)

    def test_narrow(self):
        terminal = Terminal("-o", os.devnull, support.server() + "/bytes/8000000", columns=30)
        self.assertEqual(terminal.wait(), 0)
        for line in re.split(r"[\r\n]", terminal.expect_printed(r"100 %[^\n]*\n")):
            self.assertLess(len(line.replace("\x1b[K", "")), 30, line)

    def test_none_where_it_would_disturb(self):
        for more in ("-s",), ("-v",):
            terminal = Terminal(*more, "-o", os.devnull, support.server() + "/bytes/100000")
            self.assertEqual(terminal.wait(), 0)
            self.assertNotIn("download ", terminal.printed())

    def test_gone_before_a_body_that_is_shown(self):
        terminal = Terminal("-T", self.write("body", b"x" * 100000), support.server() + "/upload")
        self.assertEqual(terminal.wait(), 0)
        terminal.expect(r'\A\{"received": 100000\}\Z')

    def test_body_into_a_pipe(self):
        terminal = Terminal(command=["sh", "-c", 'exec "$@" >/dev/null', "sh", support.xhr(),
                                     support.server() + "/bytes/1000000"])
        terminal.expect(r"\Adownload 100 %")
        self.assertEqual(terminal.wait(), 0)


class Output(support.TestCase):
    def test_binary_is_kept_off_the_terminal(self):
        terminal = Terminal(support.server() + "/bytes/1000")
        self.assertEqual(terminal.wait(), 2)
        self.assertNotIn("\x01", terminal.expect_printed("the response is binary"))

    def test_unless_asked_for(self):
        terminal = Terminal("-o", "-", support.server() + "/bytes/1000")
        self.assertEqual(terminal.wait(), 0)
        terminal.expect_printed("\x01")

    def test_text(self):
        terminal = Terminal(support.server() + "/json")
        terminal.expect("hello from")
        self.assertEqual(terminal.wait(), 0)


class CtrlC(support.TestCase):
    def test_one_shot(self):
        terminal = Terminal("-v", support.server() + "/delay/60000")
        terminal.expect("loadstart")
        terminal.keys("C-c")
        self.assertEqual(terminal.wait(10), 130)
        terminal.expect("abort")

    def test_download(self):
        path = os.path.join(self.directory, "out")
        terminal = Terminal("-o", path, support.server() + "/drip?n=1000&ms=50")
        terminal.expect(r"\Adownload")
        terminal.keys("C-c")
        self.assertEqual(terminal.wait(10), 130)

    def test_script(self):
        terminal = Terminal("run", "-e", "console.log('there'); setTimeout(() => {}, 60000)")
        terminal.expect(r"\Athere")
        terminal.keys("C-c")
        self.assertEqual(terminal.wait(10), 130)

    def test_synchronous_request(self):
        terminal = Terminal("run", "--base", support.server(), "-e",
                            "let x = new XMLHttpRequest(); x.open('GET', '/delay/60000', false);"
                            "console.log('there'); x.send()")
        terminal.expect(r"\Athere")
        time.sleep(0.3)
        terminal.keys("C-c")
        self.assertEqual(terminal.wait(10), 130)
        self.assertNotIn("Uncaught", terminal.screen())

    def test_endless_loop(self):
        terminal = Terminal("run", "-e", "console.error('there'); for (;;) ;")
        terminal.expect(r"\Athere")
        terminal.keys("C-c")
        self.assertEqual(terminal.wait(10), 130)
        self.assertNotIn("Uncaught", terminal.screen())

    def test_what_a_shell_says(self):
        terminal = Terminal(command=["env", "PS1=[$?] ", "sh", "-i"])
        terminal.expect(r"\[0\]\Z")
        terminal.enter(f"{support.xhr()} {support.server()}/delay/60000")
        time.sleep(0.5)
        terminal.keys("C-c")
        terminal.expect(r"\[130\]\Z")


if __name__ == "__main__":
    support.main()
