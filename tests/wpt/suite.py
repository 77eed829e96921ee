"""The suite itself: its folders in the cache, and the list of its pages."""

import hashlib
import os
import subprocess
import sys
from collections import namedtuple

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

# What `scripts/wpt` runs by itself.
FOLDERS = ("xhr", "FileAPI", "url", "encoding", "mimesniff", "dom/events", "dom/abort")
# Nothing runs without these.
NEEDED = ("resources", "common", "interfaces", "tools")
# Pages load from these; a version of the suite that lacks one can still be run. No folder here contains another of any
# list: one that is there counts as whole.
USEFUL = ("cors", "dom/constants.js", "dom/nodes", "feature-policy", "fetch/api", "html/anonymous-iframe",
          "html/cross-origin-embedder-policy", "html/semantics/forms", "images", "media",
          "service-workers/service-worker")

Page = namedtuple("Page", "url scheme host seconds")
Page.__doc__ = """A page of the list. url: path and query, as browsers.json has it; scheme: http, https or h2 (the key of
the server's ports); host: a label before the main host, or ''; seconds: the suite's time limit."""


class Unavailable(Exception):
    """The suite cannot be had here."""


def fetch(folders):
    """The cache's path, with all the folders in it that are needed to run these."""
    command = [os.path.join(ROOT, "scripts", "wpt-data"), *folders, *NEEDED, "--optional", *USEFUL]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise Unavailable()
    return done.stdout.strip()


def use(root):
    """Makes the suite's own Python modules importable, from its copies of what they need."""
    sys.dont_write_bytecode = True
    if root not in sys.path:
        sys.path.insert(0, root)
        from tools import localpaths  # noqa: F401


def pages(root, folder, skipped=lambda url: None):
    """The pages of a folder with tests of testharness.js in them, by the suite's own rules. Files whose own address is
    skipped are not even looked into: that takes long."""
    use(root)
    from manifest.sourcefile import SourceFile
    found = []
    for directory, subdirectories, names in os.walk(os.path.join(root, folder)):
        subdirectories.sort()
        for name in sorted(names):
            path = os.path.relpath(os.path.join(directory, name), root)
            if skipped("/" + path):
                continue
            kind, items = SourceFile(root, path, "/").manifest_items()
            if kind == "testharness":
                found += [page(item) for item in items]
    return sorted(set(found))


def page(item):
    scheme = "h2" if item.h2 else "https" if item.https else "http"
    return Page(item.url, scheme, item.subdomain and "www", 60 if item.timeout == "long" else 10)


def digest(root, folder):
    """What tells one version of a folder's tests from another."""
    whole = hashlib.sha256()
    for directory, subdirectories, names in os.walk(os.path.join(root, folder)):
        subdirectories[:] = sorted(name for name in subdirectories if name != "__pycache__")
        for name in sorted(names):
            path = os.path.join(directory, name)
            whole.update(os.path.relpath(path, root).encode() + b"\0")
            with open(path, "rb") as file:
                whole.update(hashlib.sha256(file.read()).digest())
    return whole.hexdigest()[:16]
