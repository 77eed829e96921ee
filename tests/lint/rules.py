#!/usr/bin/env python3
"""The project's own rules, the ones no other tool knows. `rules.py [ROOT]` prints what breaks them.

Each rule is a function of the tree's root that yields (path, line, text). test_rules.py shows every
rule a tree that breaks it.
"""

import os
import re
import sys

FOLDERS = ("include", "src", "runtime", "cli", "node", "tests", "examples", "bench", "fuzz")
MAX_LINES = 800

# Arrows between rooms go down only. Rooms on one level may include each other, not in a circle.
LEVELS = {
    "infra": 0,
    "url": 1,
    "mime": 1,
    "encoding": 1,
    "file": 2,
    "dom": 2,
    "fetch": 3,
    # Implements the transport that fetch declares; fetch never sees it, session puts it in.
    "net": 4,
    "session": 5,
    "xhr": 6,
    # Beside src/.
    "runtime": 7,
    "cli": 8,
}
CORE = ("src",)
ROOMS = CORE + ("runtime", "cli")

# Whose headers each outside library's are. A library not named here is no dependency of the core.
LIBRARIES = {
    "curl/": ("net",),
    "lexbor/": ("encoding", "url", "dom"),
    "libpsl.h": ("url",),
    "zlib.h": ("fetch",),
    "brotli/": ("fetch",),
    "zstd.h": ("fetch",),
    "nettle/": ("fetch",),
    "expat.h": ("dom",),
    "uv.h": (),
    "glib.h": (),
    "quickjs": ("runtime", "cli"),
}
# Who else may see the engine, or what stands on it.
ENGINE_TESTS = re.compile(
    r"(tests/(js/|scenario/js/|install/|support/runtime_|unit/test_(thread_)?runtime)|bench/quickjs\.c|examples/\w+_quickjs\.c)"
)

BANNED_HEADERS = {
    "ctype.h": "it asks the locale; infra/ has ASCII's own",
    "wctype.h": "it asks the locale",
    "locale.h": "a library leaves the locale alone",
    "setjmp.h": "no jumps over owners",
    "alloca.h": "no allocation of unknown size on the stack",
}

PRINTS = "a library does not print"
ENDS = "a library does not end the program"
BANNED_FUNCTIONS = {
    "unbounded or easily wrong; infra/ has strings with lengths": """
        strcpy strcat stpcpy strncpy strncat sprintf vsprintf gets strtok strtok_r alloca
        scanf sscanf fscanf vsscanf""",
    "takes what no standard allows; infra/ parses integers": """
        atoi atol atoll atof strtol strtoul strtoll strtoull strtod""",
    "asks the locale; infra/ compares ASCII": """
        strcasecmp strncasecmp strcasestr tolower toupper isalpha isdigit isalnum isspace isxdigit
        setlocale""",
    "not safe between threads": "strerror localtime gmtime ctime asctime gethostbyname inet_ntoa rand",
    PRINTS: "printf vprintf puts putchar perror",
    "a library starts no process": """
        system popen fork vfork execl execlp execle execv execvp execvpe posix_spawn posix_spawnp""",
    ENDS: "exit _exit _Exit quick_exit",
    "sharing between threads is unsafe there; the engine alone touches connections": "curl_share_init",
}
# All memory goes through the one replaceable allocator.
ALLOCATOR_ROOM = os.path.join("src", "infra", "alloc.c")
ALLOCATION = "malloc calloc realloc reallocarray free strdup strndup asprintf vasprintf aligned_alloc"

# Public headers of the libraries that stand on libxhr.
OTHER_LIBRARIES = ("quickjs.h",)

TAGS = re.compile(r"\b(TODO|XXX|HACK|WARNING|BUG)\b\s*[:(]")


def files(root, folders=FOLDERS, endings=(".c", ".h")):
    """Paths below root, sorted."""
    found = []
    for folder in folders:
        for directory, subdirectories, names in os.walk(os.path.join(root, folder)):
            subdirectories[:] = [d for d in subdirectories if d not in ("node_modules", "__pycache__")]
            for name in names:
                if name.endswith(endings):
                    found.append(os.path.relpath(os.path.join(directory, name), root))
    return sorted(found)


def read(root, path):
    # A script of the tests may be in another encoding on purpose.
    with open(os.path.join(root, path), encoding="utf-8", errors="surrogateescape") as file:
        return file.read()


LEXEME = re.compile(
    r"//[^\n]*|/\*.*?\*/" r"|\"(?:\\.|[^\"\\\n])*\"" r"|'(?:\\.|[^'\\\n])*'", re.DOTALL
)


def code(text, strings=False, comments=False):
    """The text without comments and what literals hold, unless asked for; lines stay."""

    def blank(match):
        lexeme = match.group()
        if lexeme.startswith("/"):
            return lexeme if comments else " " + "\n" * lexeme.count("\n")
        return lexeme if strings else lexeme[0] * 2 + "\n" * lexeme.count("\n")

    return LEXEME.sub(blank, text)


def includes(root, path):
    for number, line in enumerate(code(read(root, path), strings=True).split("\n"), 1):
        match = re.match(r"\s*#\s*include\s*([<\"])([^>\"]+)[>\"]", line)
        if match:
            yield number, match.group(1), match.group(2)


def room_of(path):
    parts = path.split(os.sep)
    if parts[0] in CORE:
        return parts[1] if len(parts) > 2 else None
    return parts[0]


def arrows(root):
    """src/, runtime/, cli/: a room includes the rooms below it, and its own outside libraries."""
    graph = {}
    for path in files(root, ROOMS):
        room = room_of(path)
        if room not in LEVELS:
            yield path, 1, f"'{room}' is no room of the design"
            continue
        if path.startswith("src") and os.path.exists(
                os.path.join(root, "include", os.path.relpath(path, "src"))):
            yield path, 1, "a public header has the same name and hides it"
        for line, kind, name in includes(root, path):
            if kind == '"':
                target = name.split("/")[0]
                if name.startswith("xhr/") and os.path.exists(os.path.join(root, "include", name)):
                    continue
                if name == "xhr.h":
                    continue
                if "/" not in name or target not in LEVELS:
                    yield path, line, f'"{name}": write it as "room/file.h"'
                elif LEVELS[target] > LEVELS[room]:
                    yield path, line, f"{room} may not include {target} ({name})"
                elif target != room:
                    graph.setdefault(room, {}).setdefault(target, (path, line))
            else:
                for library, rooms in LIBRARIES.items():
                    if name.startswith(library) and room not in rooms:
                        who = " and ".join(rooms) if rooms else "no room"
                        yield path, line, f"<{name}>: {who} may include it, not {room}"
    # With the levels kept, a circle can only be among rooms of one level.
    for room, targets in sorted(graph.items()):
        for target, (path, line) in sorted(targets.items()):
            if room in graph.get(target, {}):
                yield path, line, f"{room} and {target} include each other"


def engine(root):
    """QuickJS and what stands on it are for runtime/, cli/, their own tests, bench and examples."""
    others = [folder for folder in FOLDERS if folder not in ROOMS]
    for path in files(root, others):
        if ENGINE_TESTS.match(path.replace(os.sep, "/")):
            continue
        for line, _, name in includes(root, path):
            if name.startswith(("quickjs", "runtime/", "cli/")):
                yield path, line, f"{name}: only runtime/, cli/ and their tests may include it"


def public_headers(root):
    """include/: nothing but C's own headers and each other."""
    standard = re.compile(r"(std(bool|int|def|arg|atomic)|string|limits|sys/types|time)\.h$")
    for path in files(root, ("include",)):
        for line, kind, name in includes(root, path):
            if kind == "<" and not standard.match(name):
                yield path, line, f"<{name}> in a public header"
            elif kind == '"' and not os.path.exists(os.path.join(root, "include", name)):
                yield path, line, f'"{name}" is no public header'


def documented(root):
    """include/: a doc comment right above every public function."""
    for path in files(root, ("include",)):
        lines = read(root, path).split("\n")
        for number, line in enumerate(lines, 1):
            if not line.startswith("XHR_API"):
                continue
            above = number - 2
            if above < 0 or not lines[above].rstrip().endswith("*/"):
                yield path, number, "a public function without a doc comment right above it"
                continue
            while above >= 0 and "/*" not in lines[above]:
                above -= 1
            if above < 0 or not lines[above].lstrip().startswith("/**"):
                yield path, number, "the comment above a public function starts with /**"


def declared_names(root, other=None):
    """The names of all public functions, by include/: libxhr's, or those of one of OTHER_LIBRARIES."""
    names = set()
    for path in files(root, ("include",)):
        name = os.path.basename(path)
        if name != other if other else name in OTHER_LIBRARIES:
            continue
        text = re.sub(r"^\s*#.*(\\\n.*)*", "", code(read(root, path)), flags=re.MULTILINE)
        for declaration in re.findall(r"XHR_API([^;{]*)", text):
            match = re.search(r"\b(xhr_\w+)\s*\(", declaration)
            if match:
                names.add(match.group(1))
    return names


def banned(root):
    """src/, runtime/, cli/: functions and headers that have no place there."""
    reasons = {name: why for why, names in BANNED_FUNCTIONS.items() for name in names.split()}
    own = {name: "memory goes through infra/alloc" for name in ALLOCATION.split()}
    for path in files(root, ROOMS):
        here = dict(reasons)
        if path not in (ALLOCATOR_ROOM, ALLOCATOR_ROOM[:-1] + "h"):
            here.update(own)
        if room_of(path) == "cli":
            # It is a program, with one thread of its own, and frees what realpath gives.
            here = {name: why for name, why in here.items()
                    if why not in (PRINTS, ENDS) and name not in ("strerror", "free")}
        # Not a member's name: `allocator->free(` is somebody's own.
        call = re.compile(r"(?<![\w.>])(" + "|".join(here) + r")\s*\(")
        for number, line in enumerate(code(read(root, path)).split("\n"), 1):
            for match in call.finditer(line):
                yield path, number, f"{match.group(1)}: {here[match.group(1)]}"
        for number, _, name in includes(root, path):
            if name in BANNED_HEADERS:
                yield path, number, f"<{name}>: {BANNED_HEADERS[name]}"


def length(root):
    """No file over MAX_LINES lines, but for tables that a script makes."""
    endings = (".c", ".h", ".py", ".js", ".cmake")
    for path in files(root, FOLDERS + ("cmake", "scripts"), endings):
        text = read(root, path)
        count = text.count("\n")
        if count > MAX_LINES and not text.startswith("/* Made by scripts/"):
            yield path, count, f"{count} lines; a file over {MAX_LINES} is two files"


def tags(root):
    """NOTE, DEVIATION and FIXME are the comments' tags, and no others."""
    for path in files(root):
        for number, line in enumerate(code(read(root, path), comments=True).split("\n"), 1):
            match = TAGS.search(line)
            if match:
                yield path, number, f"{match.group(1)}: the tags are NOTE, DEVIATION and FIXME"


def guards(root):
    """Every header has an include guard named after its path."""
    for path in files(root, ("include", "tests") + ROOMS, (".h",)):
        match = re.search(r"^#ifndef (\w+)\n#define (\w+)$", code(read(root, path)), re.MULTILINE)
        if not match or match.group(1) != match.group(2):
            yield path, 1, "no include guard"


def readme(root):
    """The README's program is examples/hello.c, which is built and run by the tests."""
    if not os.path.exists(os.path.join(root, "README.md")):
        return
    example = read(root, "examples/hello.c")
    if "```c\n" + example + "```" not in read(root, "README.md"):
        yield "README.md", 1, "does not show examples/hello.c as it is"


RULES = (arrows, engine, public_headers, documented, banned, length, tags, guards, readme)


def check(root):
    return [(rule.__name__, *finding) for rule in RULES for finding in rule(root)]


def main():
    if len(sys.argv) > 2 or "--help" in sys.argv:
        print("usage: rules.py [ROOT]   prints what breaks the project's own rules:")
        for rule in RULES:
            print(f"  {rule.__name__:15} {rule.__doc__}")
        return 0 if "--help" in sys.argv else 2
    default = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    root = os.path.abspath(sys.argv[1] if len(sys.argv) == 2 else default)
    findings = check(root)
    for rule, path, line, text in findings:
        print(f"{path}:{line}: [{rule}] {text}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
