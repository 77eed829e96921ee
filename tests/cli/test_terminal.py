#!/usr/bin/env python3
"""The command on a terminal: the prompt, the progress bar, Ctrl-C."""

import os
import re
import subprocess
import time

import support
from support import Terminal


class Prompt(support.TestCase):
    def setUp(self):
        super().setUp()
        self.terminal = Terminal(columns=300)
        self.terminal.expect(r"xhr \d.*\n> ")

    def say(self, line, answer):
        self.terminal.type(line + "\n")
        return self.terminal.expect(re.escape(line) + r"\r\n" + answer + r"\r\n> ")

    def leave(self, status=0):
        self.terminal.type("\x04")
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
        terminal.type("function f(a) {\n")
        terminal.expect(r"\n\.\.\. ")
        terminal.type("return `${a\n")
        terminal.expect(r"\n\.\.\. ")
        terminal.type("} b`; }\n")
        terminal.expect(r"\n> ")
        self.say("f(1)", r"['\"]1 b['\"]")
        terminal.type("/* a\n")
        terminal.expect(r"\n\.\.\. ")
        terminal.type("*/ [1,\n")
        terminal.expect(r"\n\.\.\. ")
        terminal.type("2].length\n")
        terminal.expect(r"\n2\r\n> ")
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
        self.say("setTimeout(() => console.log('tick', 1), 100); 0", "0")
        self.terminal.expect(r"tick 1\r\n> ")
        self.leave()

    def test_typed_ahead(self):
        self.terminal.type("await new Promise(r => setTimeout(r, 200, 'one'))\n'two'\n")
        self.terminal.expect(r"['\"]one['\"].*['\"]two['\"]\r\n> ")
        self.leave()

    def test_ctrl_c_drops_the_line(self):
        terminal = self.terminal
        terminal.type("function half(")
        time.sleep(0.1)
        terminal.ctrl_c()
        terminal.expect(r"\r\n> ")
        terminal.type("function whole() {\n")
        terminal.expect(r"\n\.\.\. ")
        terminal.ctrl_c()
        terminal.expect(r"\r\n> ")
        self.say("2 + 2", "4")
        self.leave()

    def test_ctrl_c_ends_a_loop(self):
        self.terminal.type("for (;;) ;\n")
        self.terminal.expect(r";\r\n")
        time.sleep(0.3)
        self.terminal.ctrl_c()
        self.terminal.expect(r"interrupted\r\n> ")
        self.say("3 + 3", "6")
        self.leave()

    def test_ctrl_c_ends_an_await(self):
        self.terminal.type("await new Promise(() => {})\n")
        self.terminal.expect(r"\)\r\n")
        time.sleep(0.3)
        self.terminal.ctrl_c()
        self.terminal.expect(r"interrupted\r\n> ")
        self.say("4 + 4", "8")
        self.leave()

    def test_ctrl_c_ends_a_synchronous_request(self):
        self.terminal.type(f"x = new XMLHttpRequest(); x.open('GET', '{support.server()}/delay/60000', false); x.send()\n")
        self.terminal.expect(r"x\.send\(\)\r\n")
        time.sleep(0.3)
        self.terminal.ctrl_c()
        self.terminal.expect(r"interrupted\r\n> ")
        self.say(f"x.open('GET', '{support.server()}/status/203', false); x.send(); x.status", "203")
        self.leave()

    def test_editing(self):
        left, right, home, end, delete = "\x1b[D", "\x1b[C", "\x1b[H", "\x1b[F", "\x1b[3~"
        for keys, line in (("13" + left + "2", "123"), ("23" + home + "1" + end + "4", "1234"), ("12x\x7f3", "123"),
                           ("x12" + home + delete + end + "3", "123"), ("99 88\x1799", "99 99".replace(" 99", " 99")),
                           ("abc\x15" + "7", "7"), ("5 + 6" + left + left + "\x0b", "5 +"), ("1\x01" + right + "2", "12"),
                           ("'ä€😀'" + left + left + "\x7f" + "x", "'äx😀'"), ("a.b" + "\x1bb" * 2 + "c", "ca.b"),
                           ("\x1b[99;5u\x1bz" + "8", "8"), ("a\tb", "a  b")):
            with self.subTest(keys):
                self.terminal.type(keys + "\x05\x01`\x05`\n")
                self.terminal.expect(re.escape(f"> `{line}`") + r"\r\n['\"`].*['\"`]\r\n> ")
                self.say("_ === `" + line.replace("`", "") + "`", "true")
        self.leave()

    def test_history(self):
        up, down = "\x1b[A", "\x1b[B"
        self.say("1 + 1", "2")
        self.say("2 + 2", "4")
        self.terminal.type(up + up + "0\n")
        self.terminal.expect(r"1 \+ 10\r\n11\r\n> ")
        self.terminal.type("draft" + up + up + down + down + "\x01'\x05'\n")
        self.terminal.expect(r"> 'draft'\r\n'draft'\r\n> ")
        self.terminal.type(up * 99 + "\n")
        self.terminal.expect(r"1 \+ 1\r\n2\r\n> ")
        self.leave()

    def test_output_does_not_spoil_what_is_typed(self):
        self.say("setTimeout(() => console.log('tick'), 200); 0", "0")
        self.terminal.type("40 +")
        self.terminal.expect(r"\r\x1b\[Ktick\r\n> 40 \+")
        self.terminal.type(" 2\n")
        self.terminal.expect(r"40 \+ 2\r\n42\r\n> ")
        self.leave()

    def test_long_lines(self):
        self.leave()
        self.terminal = Terminal(columns=40)
        self.terminal.expect(r"\n> ")
        self.terminal.type("'" + "x" * 100 + "'.length")
        self.terminal.expect(r"x'\.length")
        for line in re.split(r"[\r\n]", self.terminal.text)[2:]:
            self.assertLess(len(line.replace("\x1b[K", "")), 40)
        self.terminal.type("\x01\x06")
        self.terminal.expect(r"> 'x{36}\x1b\[36D")
        self.terminal.type("\n")
        self.terminal.expect(r"> 'x{100}'\.length\r\n100\r\n> ")
        self.leave()

    def test_the_terminal_is_as_before(self):
        import termios
        for ending in "\x04", ".exit\n", "program.exit(0)\n", "\x0c\x04":
            terminal = Terminal()
            terminal.expect(r"\n> ")
            self.assertFalse(termios.tcgetattr(terminal.master)[3] & termios.ECHO)
            terminal.type(ending)
            terminal.process.wait(support.LIMIT)
            self.assertTrue(termios.tcgetattr(terminal.master)[3] & termios.ECHO)
            self.assertEqual(terminal.wait(), 0)
        terminal = Terminal()
        terminal.expect(r"\n> ")
        terminal.process.terminate()
        terminal.process.wait(support.LIMIT)
        self.assertTrue(termios.tcgetattr(terminal.master)[3] & termios.ECHO)
        self.assertEqual(terminal.wait(), 143)
        self.leave()

    def test_a_dumb_terminal(self):
        terminal = Terminal(term="dumb")
        terminal.expect(r"\n> ")
        terminal.type("1 + 1\n")
        terminal.expect(r"1 \+ 1\r\n2\r\n> ")
        terminal.ctrl_c()
        terminal.expect(r"\^C\r\n> ")
        terminal.type("\x04")
        self.assertEqual(terminal.wait(), 0)
        self.assertNotIn("\x1b", terminal.text)
        self.leave()

    def test_commands(self):
        self.say(".help", r".*\.exit.*")
        self.say(".nothing", r"There is no \.nothing.*")
        self.terminal.type(".exit\n")
        self.assertEqual(self.terminal.wait(), 0)

    def test_ends_with_requests_in_flight(self):
        self.say(f"q = new XMLHttpRequest(); q.open('GET', '{support.server()}/delay/60000'); q.send(); 1", "1")
        self.leave()


class Prompts(support.TestCase):
    def test_xhr_run_starts_it_too(self):
        terminal = Terminal("run", "--base", support.server())
        terminal.expect(r"\n> ")
        terminal.type("1\n")
        terminal.expect(r"\n1\r\n> ")
        terminal.type(".exit\n")
        self.assertEqual(terminal.wait(), 0)

    def test_timeout(self):
        terminal = Terminal("run", "--timeout", "0.3")
        terminal.expect(r"--timeout of 0\.3 s")
        self.assertEqual(terminal.wait(), 3)

    def test_idles(self):
        terminal = Terminal()
        terminal.expect(r"\n> ")
        terminal.type("setTimeout(() => {}, 60000); 1\n")
        terminal.expect(r"\n1\r\n> ")
        before = self.cpu_ticks(terminal)
        time.sleep(0.5)
        self.assertLess(self.cpu_ticks(terminal) - before, 5)
        terminal.type(".exit\n")
        self.assertEqual(terminal.wait(), 0)

    @staticmethod
    def cpu_ticks(terminal):
        with open(f"/proc/{terminal.process.pid}/stat", encoding="utf-8") as file:
            return sum(map(int, file.read().rsplit(")", 1)[1].split()[11:13]))

    def test_a_signal_ends_it(self):
        terminal = Terminal()
        terminal.expect(r"\n> ")
        terminal.process.terminate()
        self.assertEqual(terminal.wait(), 143)


class Progress(support.TestCase):
    def test_download(self):
        path = os.path.join(self.directory, "out")
        terminal = Terminal("-o", path, support.server() + "/bytes/67108864", columns=100)
        terminal.expect(r"\rdownload +\d+ % \[#* *\] [\d.]+ \w+ of 64\.0 MiB +[\d.]+ \w+/s +\d+:\d\d")
        terminal.expect(r"\rdownload 100 % \[#+\] 64\.0 MiB  [\d.]+ \w+/s  in 0:\d\d\x1b\[K\r\n")
        self.assertEqual(terminal.wait(), 0)
        self.assertEqual(os.path.getsize(path), 67108864)

    def test_upload(self):
        body = self.write("body", b"x" * (4 << 20))
        terminal = Terminal("-T", body, "-o", os.devnull, support.server() + "/upload?slow=5", columns=100)
        terminal.expect(r"\rupload +\d+ % \[#* *\] [\d.]+ \w+ of 4\.0 MiB +[\d.]+ \w+/s +\d+:\d\d left")
        terminal.expect(r"\rupload +100 %")
        self.assertEqual(terminal.wait(), 0)

    def test_unknown_length(self):
        terminal = Terminal("-o", os.devnull, support.server() + "/drip?n=8&ms=80")
        terminal.expect(r"\rdownload +\d+ bytes  \d+ bytes/s  0:00")
        self.assertEqual(terminal.wait(), 0)

    def test_narrow(self):
        terminal = Terminal("-o", os.devnull, support.server() + "/bytes/8000000", columns=30)
        self.assertEqual(terminal.wait(), 0)
        for line in re.split(r"[\r\n]", terminal.text):
            self.assertLess(len(line.replace("\x1b[K", "")), 30, line)

    def test_none_where_it_would_disturb(self):
        for more in ("-s",), ("-v",):
            terminal = Terminal(*more, "-o", os.devnull, support.server() + "/bytes/100000")
            self.assertEqual(terminal.wait(), 0)
            self.assertNotIn("download ", terminal.text)

    def test_gone_before_a_body_that_is_shown(self):
        terminal = Terminal("-T", self.write("body", b"x" * 100000), support.server() + "/upload")
        terminal.expect(r'\{"received": 100000\}')
        self.assertEqual(terminal.wait(), 0)

    def test_body_into_a_pipe(self):
        terminal = Terminal(support.server() + "/bytes/1000000", stdout=subprocess.DEVNULL)
        terminal.expect(r"download 100 %")
        self.assertEqual(terminal.wait(), 0)


class Output(support.TestCase):
    def test_binary_is_kept_off_the_terminal(self):
        terminal = Terminal(support.server() + "/bytes/1000")
        self.assertEqual(terminal.wait(), 2)
        self.assertIn("the response is binary", terminal.text)
        self.assertNotIn("\x01", terminal.text)

    def test_unless_asked_for(self):
        terminal = Terminal("-o", "-", support.server() + "/bytes/1000")
        self.assertEqual(terminal.wait(), 0)
        self.assertIn("\x01", terminal.text)

    def test_text(self):
        terminal = Terminal(support.server() + "/json")
        terminal.expect("hello from")
        self.assertEqual(terminal.wait(), 0)


class CtrlC(support.TestCase):
    def test_one_shot(self):
        terminal = Terminal("-v", support.server() + "/delay/60000")
        terminal.expect("loadstart")
        terminal.ctrl_c()
        self.assertEqual(terminal.wait(10), 130)
        self.assertIn("abort", terminal.text)

    def test_download(self):
        path = os.path.join(self.directory, "out")
        terminal = Terminal("-o", path, support.server() + "/drip?n=1000&ms=50")
        terminal.expect("download")
        terminal.ctrl_c()
        self.assertEqual(terminal.wait(10), 130)

    def test_script(self):
        terminal = Terminal("run", "-e", "console.log('there'); setTimeout(() => {}, 60000)")
        terminal.expect("there")
        terminal.ctrl_c()
        self.assertEqual(terminal.wait(10), 130)

    def test_endless_loop(self):
        terminal = Terminal("run", "-e", "console.log('there'); for (;;) ;")
        time.sleep(0.5)
        terminal.ctrl_c()
        self.assertEqual(terminal.wait(10), 130)
        self.assertNotIn("Uncaught", terminal.text)


if __name__ == "__main__":
    support.main()
