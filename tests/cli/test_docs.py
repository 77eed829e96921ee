#!/usr/bin/env python3
"""--help, the manual page and the completions tell of the same options and exit statuses."""

import os
import re
import shlex
import shutil
import subprocess
import unittest

import support

COMPLETIONS = os.path.join(support.ROOT, "cli", "completions")
PAGE = os.path.join(support.ROOT, "docs", "xhr.1")
OPTION = r"(?<![\w-])(--[a-z][a-z-]*|-[A-Za-z])(?![\w-])"


def text_of(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


class Docs(support.TestCase):
    def setUp(self):
        super().setUp()
        self.help = self.xhr("--help", status=0).out
        self.options = set()
        for line in self.help.split("\n"):
            match = re.match(r"(?:  (-\w), |      )(--[\w-]+)", line)
            if match:
                self.options.update(filter(None, match.groups()))

    def test_there_are_options(self):
        self.assertLessEqual({"-X", "--request", "--base", "-e", "--module"}, self.options)

    def test_manual_page(self):
        page = text_of(PAGE).replace("\\-", "-")
        told = set()
        for line in re.findall(r"^\.TP\n\.BR? (-.*)$", page, re.MULTILINE):
            told.update(re.findall(OPTION, line))
        self.assertEqual(told, self.options)

    def test_arguments_in_the_manual_page(self):
        page = re.sub(r"\\f[IR]|\\", "", text_of(PAGE))
        for name, argument in re.findall(r"^ .*(--[\w-]+) (\S.*?)(?:  |$)", self.help, re.MULTILINE):
            if re.match("['A-Z]", argument):
                self.assertIn(f'{name} " {argument}"', page)

    def test_exit_statuses(self):
        page = text_of(PAGE)
        told = re.findall(r"^  (\d)   (.*)$", self.help, re.MULTILINE)
        self.assertEqual([int(number) for number, _ in told], [0, 1, 2, 3, 4])
        section = page[page.index(".SH EXIT STATUS"):page.index(".SH ENVIRONMENT")]
        self.assertEqual(re.findall(r"^\.B (\d)$", section, re.MULTILINE), [number for number, _ in told])
        words = " ".join(re.sub(r"^\.(TP|BR?)\b", "", section, flags=re.MULTILINE).replace("\\-", "-").split())
        for number, text in told:
            self.assertIn(f"{number} {text}", words.replace(" :", ":"))
        header = text_of(os.path.join(support.ROOT, "cli", "exit_codes.h"))
        self.assertEqual(re.findall(r"CLI_\w+ = (\d)", header), [number for number, _ in told])

    def test_bash_names_all(self):
        self.assertEqual(set(re.findall(OPTION, " ".join(re.findall(
            r"local (?:all|both|fetch|run)=\"([^\"]*)\"", text_of(os.path.join(COMPLETIONS, "xhr.bash")))))), self.options)

    def test_zsh_names_all(self):
        text = text_of(os.path.join(COMPLETIONS, "_xhr"))
        arrays = "\n".join(re.findall(r"^  (?:all|both|fetch|run)=\(\n(.*?)^  \)$", text, re.DOTALL | re.MULTILINE))
        names = set()
        for line in arrays.split("\n"):
            spec = re.sub(r"\[.*", "", re.sub(r"^\s*'\([^)]*\)'", "", line))
            names.update(name.rstrip("=+") for name in re.findall(r"--?[\w-]+[=+]?", spec))
        self.assertEqual(names, self.options)


class Completion(support.TestCase):
    def setUp(self):
        super().setUp()
        for name in "app.js", "mod.mjs", "ca.pem", "dir/x", "index.html":
            self.write(name, "")

    def bash(self, *words):
        """What bash offers for the last word, sorted."""
        script = ('. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE=$*; COMP_POINT=${#COMP_LINE}; '
                  '_xhr xhr; printf "%s\\n" "${COMPREPLY[@]}"')
        done = subprocess.run(["bash", "--norc", "-c", script, "bash", os.path.join(COMPLETIONS, "xhr.bash"), "xhr",
                               *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self.directory)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return sorted(done.stdout.split())

    @unittest.skipUnless(shutil.which("bash"), "there is no bash")
    def test_bash(self):
        self.assertEqual(self.bash("--he"), ["--header", "--help"])
        self.assertEqual(self.bash("r"), ["run"])
        self.assertEqual(self.bash("-X", "P"), ["PATCH", "POST", "PUT"])
        self.assertEqual(self.bash("run", "--m"), ["--module"])
        self.assertEqual(self.bash("run", ""), ["app.js", "dir", "mod.mjs"])
        self.assertEqual(self.bash("run", "--base", "x", "a"), ["app.js"])
        self.assertEqual(self.bash("run", "app.js", "c"), ["ca.pem"])
        self.assertEqual(self.bash("--base", "a"), [])
        rc = self.write("bashrc", f"PS1='% '; cd {shlex.quote(self.directory)}; . {COMPLETIONS}/xhr.bash")
        for typed, shown in (("run --mo", "run --module"), ("--cacert c", "--cacert ca.pem"), ("--cacert=c", "--cacert=ca.pem"),
                             ("-d @m", "-d @mod.mjs"), ("-F a=@m", "-F a=@mod.mjs"), ("--form=a=@m", "--form=a=@mod.mjs"),
                             ("--data=@", r"--data=@\n[^\n]*@mod.mjs.*"), ("https:", "https://"), ("--request=PU", "--request=PUT"),
                             ("run --base=http://x ap", "run --base=http://x app.js"), ("-o d", "-o dir/")):
            self.complete(["bash", "--rcfile", rc, "-i"], "xhr " + typed, "xhr " + shown)

    def complete(self, shell, typed, shown):
        """What a shell shows once Tab is pressed, a second time where it has nothing to add, behind what is typed."""
        terminal = support.Terminal(columns=120, command=shell)
        terminal.expect(r"%\Z")
        terminal.type(typed)
        terminal.keys("Tab")
        if "\\n" in shown and shell[0] == "bash":
            terminal.keys("Tab")
        terminal.expect(rf"% {shown}\Z")

    def zsh(self, typed, shown):
        self.write(".zshrc", f"""PS1='%% '; LISTMAX=1000; cd {shlex.quote(self.directory)}
                                 fpath=({shlex.quote(COMPLETIONS)} $fpath); autoload -Uz compinit && compinit -u -D""")
        self.complete(["env", f"ZDOTDIR={self.directory}", "zsh", "-i"], typed, shown)

    @unittest.skipUnless(shutil.which("zsh") and shutil.which("bash"), "there is no zsh, or no bash")
    def test_zsh(self):
        for words in [], ["run"], ["page"]:
            offered = self.bash(*words, "--")
            self.assertIn("--cacert", offered)
            # The same names, each with its explanation, one to a line.
            self.zsh(" ".join(["xhr", *words, "--"]), r"[^\n]*" + "".join(rf"\n{name} +-- [^\n]+" for name in offered))
        self.zsh("xhr run --mo", "xhr run --module")
        self.zsh("xhr r", "xhr run")
        self.zsh("xhr -X P", r"xhr -X P\nPATCH +POST +PUT")
        self.zsh("xhr run ", r"xhr run\napp.js +dir/? +mod.mjs")
        self.zsh("xhr --cacert=c", "xhr --cacert=ca.pem")
        self.zsh("xhr -d @m", "xhr -d @mod.mjs")
        self.zsh("xhr -F a=@m", "xhr -F a=@mod.mjs")


@unittest.skipUnless(shutil.which("man"), "there is no man")
class Man(support.TestCase):
    def test_it_is_well_formed(self):
        done = subprocess.run(["man", "--warnings", "-l", PAGE], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, env=support.environment(MANWIDTH="100"))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("EXIT STATUS", re.sub(".\x08", "", done.stdout))


if __name__ == "__main__":
    support.main()
