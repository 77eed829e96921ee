#!/usr/bin/env python3
"""Compares what the libraries export with exported-symbols.txt and with the public headers."""

import argparse
import os
import subprocess
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import rules  # noqa: E402

LIST = os.path.join(HERE, "exported-symbols.txt")
# What the linker puts there by itself.
LINKER = {"_init", "_fini", "_edata", "_end", "__bss_start"}


def nm(*arguments):
    """Names of defined global symbols."""
    output = subprocess.run(
        ["nm", "--defined-only", "--format=posix", *arguments], check=True, capture_output=True, text=True
    ).stdout
    return {line.split()[0].split("@")[0] for line in output.splitlines() if len(line.split()) >= 2} - LINKER


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", help="libxhr.so")
    parser.add_argument("static", nargs="?", help="libxhr.a: its global names must be the project's")
    parser.add_argument("--quickjs", metavar="FILE", help="libxhr-quickjs.a: its public names must be quickjs.h's")
    parser.add_argument("--write", action="store_true", help="write the list anew")
    arguments = parser.parse_args()

    exported = nm("--dynamic", "--extern-only", arguments.shared)
    if arguments.write:
        with open(LIST, "w", encoding="utf-8") as file:
            file.writelines(f"{name}\n" for name in sorted(exported))
        print(f"{len(exported)} symbols written to {os.path.relpath(LIST)}")
        return 0

    with open(LIST, encoding="utf-8") as file:
        listed = set(file.read().split())
    declared = rules.declared_names(os.path.join(HERE, "..", ".."))
    findings = [f"{name}: exported, but not in exported-symbols.txt" for name in exported - listed]
    findings += [f"{name}: in exported-symbols.txt, but not exported" for name in listed - exported]
    findings += [f"{name}: declared in include/, but not exported" for name in declared - exported]
    findings += [f"{name}: exported, but not declared in include/" for name in exported - declared]
    findings += [f"{name}: exported, but hidden by its name" for name in exported if name.startswith("xhr__")]
    if arguments.static:
        inside = nm("--extern-only", arguments.static)
        findings += [f"{name}: global in the static library without xhr_" for name in inside
                     if not name.startswith("xhr_")]
        findings += [f"{name}: exported, but not in the static library" for name in exported - inside]
    if arguments.quickjs:
        inside = nm("--extern-only", arguments.quickjs)
        public = {name for name in inside if not name.startswith("xhr__")}
        declared = rules.declared_names(os.path.join(HERE, "..", ".."), "quickjs.h")
        findings += [f"{name}: declared in quickjs.h, but not in libxhr-quickjs" for name in declared - public]
        findings += [f"{name}: global in libxhr-quickjs, but not in quickjs.h" for name in public - declared]
    for finding in sorted(findings):
        print(finding)
    if findings:
        print("(make symbols writes the list anew)")
        return 1
    print(f"{len(exported)} symbols, as listed and declared")
    return 0


if __name__ == "__main__":
    sys.exit(main())
