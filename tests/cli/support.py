"""What the tests of the command share: the test server, the command, and a terminal for it.

Each test is a program: tests/cli/test_x.py BUILD-DIR [unittest's arguments]
"""

import os
import pty
import re
import select
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


class Terminal:
    """The command on a terminal of its own: all it prints, and what is typed."""

    def __init__(self, *arguments, columns=80, stdout=None, term="xterm"):
        self.master, slave = pty.openpty()
        import fcntl
        import struct
        import termios
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

        def own_terminal():
            os.setsid()
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen([xhr(), *arguments], stdin=slave, stdout=stdout or slave, stderr=slave,
                                        env=environment(TERM=term), preexec_fn=own_terminal)
        os.close(slave)
        self.text = ""
        self.seen = 0

    def _read(self, seconds):
        if not select.select([self.master], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return False  # the other side is closed
        self.text += data.decode("utf-8", "replace")
        return bool(data)

    def expect(self, pattern, seconds=LIMIT):
        """Waits for what matches behind what was expected before."""
        end = time.monotonic() + seconds
        while True:
            match = re.compile(pattern, re.DOTALL).search(self.text, self.seen)
            if match:
                self.seen = match.end()
                return match
            if time.monotonic() > end or not self._read(0.1):
                raise AssertionError(f"{pattern!r} did not come; there is:\n{self.text[self.seen:]!r}")

    def type(self, text):
        os.write(self.master, text.encode())

    def ctrl_c(self):
        self.type("\x03")

    def wait(self, seconds=LIMIT):
        """Reads to the end; the exit status, of a shell's kind."""
        end = time.monotonic() + seconds
        while self.process.poll() is None:
            if time.monotonic() > end:
                self.process.kill()
                raise AssertionError(f"it does not end; there is:\n{self.text[self.seen:]!r}")
            self._read(0.05)
        while self._read(0.05) and select.select([self.master], [], [], 0)[0]:
            pass
        os.close(self.master)
        return shell_status(self.process.returncode)


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
        stop_server()
