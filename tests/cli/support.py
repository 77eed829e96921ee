"""What the tests of the command share: the test server, the command, and a terminal for it.

Each test is a program: tests/cli/test_x.py BUILD-DIR [unittest's arguments]
"""

import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LIMIT = float(os.environ.get("XHR_TEST_LIMIT", "20"))  # seconds that any one command may take

_build = os.path.join(ROOT, "build")
_xhr = None
_server = None


def xhr():
    return _xhr or os.path.join(_build, "xhr")


def environment(**more):
    """The tests', without what would lead requests elsewhere."""
    kept = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    kept.update({"TERM": "xterm", "LC_ALL": "C", **more})
    return kept


def server():
    """The address of the test server, which lives as long as the tests."""
    global _server
    if not _server:
        _server = subprocess.Popen([os.path.join(_build, "tests", "test-server")], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, text=True)
        line = _server.stdout.readline()
        if not line.startswith("listening "):
            raise RuntimeError("the test server did not start")
        _server.address = "http://" + line.split()[1]
    return _server.address


def stop_server():
    global _server
    if _server:
        _server.stdin.close()
        _server.wait()
        _server.stdout.close()
    _server = None


def use_build(directory):
    global _build, _xhr
    _build = os.path.abspath(directory)
    _xhr = os.environ.get("XHR_COMMAND")


class Result:
    def __init__(self, status, out, err):
        self.status = status
        self.out = out
        self.err = err

    def __repr__(self):
        return f"status {self.status}\n--- out\n{self.out[:2000]}\n--- err\n{self.err[:4000]}"


class Tmux:
    """A tmux of the tests' own, which ends with them; should they be killed, it ends by itself."""

    sessions = 0
    _directory = None

    @classmethod
    def run(cls, *arguments):
        command = ["tmux", "-u", "-S", os.path.join(cls._directory.name, "socket"), "-f", os.devnull, *arguments]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment(), text=True,
                              timeout=LIMIT).stdout

    @staticmethod
    def quote(text):
        """An argument that tmux does not take for two of its commands."""
        return text[:-1] + "\\;" if text.endswith(";") else text

    @classmethod
    def start(cls, columns, rows, *command):
        """Runs a command in a window of its own: tmux's name for it, and the file that gets what is printed."""
        first = []
        if not cls.sessions:
            cls._directory = tempfile.TemporaryDirectory()
            first = ["set", "-g", "remain-on-exit", "on", ";", "set", "-g", "remain-on-exit-format", "", ";",
                     "set", "-g", "status", "off", ";", "run-shell", "-b", "-C", "-d", "600", "kill-server", ";"]
        cls.sessions += 1
        name = f"s{cls.sessions}"
        output = os.path.join(cls._directory.name, name)
        # The window shows nothing yet while the pipe is laid.
        cls.run("start-server", ";", *first, "new-session", "-d", "-s", name, "-x", str(columns), "-y", str(rows), "cat",
                ";", "pipe-pane", "-t", name, f"cat > {shlex.quote(output)}", ";",
                "respawn-pane", "-k", "-t", name, "-c", os.getcwd(), *map(cls.quote, command))
        return name, output

    @classmethod
    def stop(cls):
        if cls.sessions:
            cls.run("kill-server")
            cls._directory.cleanup()
        cls.sessions = 0


class Terminal:
    """The command in a window of tmux: what is typed, what the screen shows, and every byte that was printed."""

    def __init__(self, *arguments, columns=80, rows=50, term="screen", command=None):
        self.target, self.output = Tmux.start(columns, rows, "env", f"TERM={term}", *(command or [xhr(), *arguments]))

    def get(self, variable):
        """What tmux knows of the window, such as cursor_x."""
        return Tmux.run("display-message", "-p", "-t", self.target, "#{" + variable + "}").rstrip("\n")

    @property
    def pid(self):
        return int(self.get("pane_pid"))

    def screen(self):
        """What it shows, and what has left it at the top: lines without the spaces at their ends."""
        return Tmux.run("capture-pane", "-p", "-t", self.target, "-S", "-").rstrip("\n")

    def printed(self):
        """All that was printed to it, escape sequences and all."""
        try:
            with open(self.output, encoding="utf-8", errors="replace", newline="") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    @staticmethod
    def _wait_for(pattern, look, seconds):
        end = time.monotonic() + seconds
        while True:
            text = look()
            match = re.compile(pattern, re.DOTALL).search(text)
            if match:
                return match
            if time.monotonic() > end:
                raise AssertionError(f"{pattern!r} did not come; there is:\n{text}")
            time.sleep(0.02)

    def expect(self, pattern, seconds=LIMIT):
        """Waits until the screen matches."""
        return self._wait_for(pattern, self.screen, seconds)

    def expect_printed(self, pattern, seconds=LIMIT):
        """Waits until what was printed matches; all of that."""
        return self._wait_for(pattern, self.printed, seconds).string

    def type(self, text):
        Tmux.run("send-keys", "-t", self.target, "-l", "--", Tmux.quote(text))

    def keys(self, *names):
        """Presses keys: names such as Left and C-c, or text."""
        Tmux.run("send-keys", "-t", self.target, "--", *map(Tmux.quote, names))

    def enter(self, line):
        self.type(line)
        self.keys("Enter")

    def wait(self, seconds=LIMIT):
        """Its exit status, of a shell's kind, once it has ended."""
        end = time.monotonic() + seconds
        while True:
            number = self.get("pane_dead_signal")
            status = self.get("pane_dead_status")
            if number or status:
                return 128 + int(number) if number else int(status)
            if time.monotonic() > end:
                raise AssertionError(f"it does not end; there is:\n{self.screen()}")
            # Now and then tmux misses that a child has ended, until the next one does: nobody may wait for that one.
            Tmux.run("run-shell", "-b", "true")
            time.sleep(0.02)


def shell_status(returncode):
    return 128 - returncode if returncode < 0 else returncode


class TestCase(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self._directory = tempfile.TemporaryDirectory()
        self.addCleanup(self._directory.cleanup)
        self.directory = self._directory.name

    def write(self, name, text):
        """A file in the test's own directory."""
        path = os.path.join(self.directory, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        return path

    def read(self, name):
        with open(os.path.join(self.directory, name), "rb") as file:
            return file.read()

    def xhr(self, *arguments, stdin=b"", status=None, binary=False, **more):
        """Runs the command in the test's own directory; `status` is what it has to end with."""
        done = subprocess.run([xhr(), *arguments], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=LIMIT, cwd=self.directory, env=environment(**more))
        result = Result(shell_status(done.returncode), done.stdout if binary else done.stdout.decode(),
                        done.stderr.decode())
        if status is not None:
            self.assertEqual(result.status, status, result)
        return result

    def start(self, *arguments, **more):
        """The command, running."""
        process = subprocess.Popen([xhr(), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, cwd=self.directory, env=environment(), **more)
        self.addCleanup(lambda: (process.stdout.close(), process.stderr.close()))
        self.addCleanup(lambda: process.poll() is None and (process.kill(), process.wait()))
        return process

    def interrupt(self, process, number=signal.SIGINT, after=0.4):
        """Sends a signal; the exit status."""
        time.sleep(after)
        self.assertIsNone(process.poll(), "it ended by itself")
        began = time.monotonic()
        process.send_signal(number)
        process.wait(LIMIT)
        self.assertLess(time.monotonic() - began, 10, "it was slow to end")
        return shell_status(process.returncode)


def main():
    if len(sys.argv) < 2:
        sys.exit(f"usage: {sys.argv[0]} BUILD-DIR [TEST...]")
    use_build(sys.argv.pop(1))
    try:
        unittest.main(verbosity=1)
    finally:
        Tmux.stop()
        stop_server()
