#!/usr/bin/env python3
"""Shows every rule of rules.py a tree that breaks it, and one that does not."""

import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import rules  # noqa: E402


class Rules(unittest.TestCase):
    def findings(self, rule, **tree):
        """What the rule finds in a tree given as path=text, with _ for / and __ for the dot."""
        with tempfile.TemporaryDirectory() as root:
            for name, text in tree.items():
                path = os.path.join(root, name.replace("__", ".").replace("_", "/"))
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
            return [(path, line) for path, line, _ in rule(root)]

    def finds(self, rule, line, text, path="src_infra_a__c"):
        name = path.replace("__", ".").replace("_", "/")
        self.assertEqual(self.findings(rule, **{path: text}), [(name, line)], text)

    def passes(self, rule, text, path="src_infra_a__c"):
        self.assertEqual(self.findings(rule, **{path: text}), [], text)

    def test_arrows_between_rooms(self):
        arrows = rules.arrows
        self.finds(arrows, 1, '#include "url/url.h"\n')
        self.finds(arrows, 2, '\n#  include "xhr/request.h"\n', "src_fetch_a__c")
        self.finds(arrows, 1, '#include "net/curl.h"\n', "src_fetch_a__c")
        self.finds(arrows, 1, '#include "fetch/params.h"\n', "src_dom_a__c")
        self.finds(arrows, 1, '#include "xhr/object.h"\n', "src_net_a__c")
        self.finds(arrows, 1, '#include "local.h"\n')
        self.finds(arrows, 1, "int a;\n", "src_attic_a__c")
        self.passes(arrows, '#include "infra/b.h"\n')
        self.passes(arrows, '#include "fetch/transport.h"\n', "src_net_a__c")
        self.passes(arrows, '#include "net/curl.h"\n', "src_xhr_a__c")
        self.passes(arrows, '/* #include "url/url.h" */\n// #include "xhr/a.h"\n')
        self.finds(arrows, 1, '#include "session/loop.h"\n', "src_net_a__c")
        tree = {"src_xhr_a__h": "", "include_xhr_a__h": ""}
        self.assertEqual(self.findings(arrows, **tree), [("src/xhr/a.h", 1)])
        tree = {"src_infra_a__c": '#include "xhr/status.h"\n', "include_xhr_status__h": ""}
        self.assertEqual(self.findings(arrows, **tree), [])

    def test_arrows_in_a_circle(self):
        one, other = '#include "mime/a.h"\n', '#include "url/a.h"\n'
        self.assertEqual(
            self.findings(rules.arrows, src_url_a__c=one, src_mime_a__c=other),
            [("src/mime/a.c", 1), ("src/url/a.c", 1)],
        )
        self.passes(rules.arrows, one, "src_url_a__c")

    def test_arrows_to_libraries(self):
        arrows = rules.arrows
        self.finds(arrows, 1, "#include <curl/curl.h>\n", "src_fetch_a__c")
        self.finds(arrows, 1, "#include <curl/multi.h>\n", "src_xhr_a__c")
        self.finds(arrows, 1, "#include <lexbor/core/base.h>\n", "src_mime_a__c")
        self.finds(arrows, 1, "#include <uv.h>\n", "src_net_a__c")
        self.finds(arrows, 1, "#include <zlib.h>\n", "src_net_a__c")
        self.passes(arrows, "#include <curl/curl.h>\n", "src_net_a__c")
        self.passes(arrows, "#include <lexbor/encoding/encoding.h>\n", "src_encoding_a__c")
        self.passes(arrows, "#include <stdio.h>\n")

    def test_arrows_of_what_stands_on_the_core(self):
        arrows = rules.arrows
        self.passes(arrows, '#include <quickjs.h>\n#include "xhr/a.h"\n#include "runtime/b.h"\n', "runtime_a__c")
        self.passes(arrows, '#include "runtime/b.h"\n#include "infra/a.h"\n#include "cli/a.h"\n', "cli_a__c")
        self.finds(arrows, 1, '#include "cli/a.h"\n', "runtime_a__c")
        self.finds(arrows, 1, '#include "runtime/a.h"\n', "src_xhr_a__c")
        self.finds(arrows, 1, "#include <quickjs.h>\n", "src_xhr_a__c")
        self.finds(arrows, 1, "#include <curl/curl.h>\n", "runtime_a__c")
        self.finds(arrows, 1, "#include <uv.h>\n", "cli_a__c")

    def test_engine(self):
        engine = rules.engine
        with_engine = "#include <quickjs.h>\n"
        for path in ("tests_unit_test-url__c", "examples_a__c", "bench_a__c", "tests_scenario_a__c"):
            self.finds(engine, 1, with_engine, path)
        self.finds(engine, 1, '#include "runtime/realm.h"\n', "fuzz_a__c")
        self.passes(engine, with_engine, "tests_js_a__c")
        self.passes(engine, with_engine, "tests_install_a__c")
        self.passes(engine, with_engine, "tests_scenario_js_a__c")
        self.passes(engine, with_engine, "bench_quickjs__c")
        self.assertEqual(rules.ENGINE_TESTS.match("examples/embed_quickjs.c") is None, False)
        self.assertIsNone(rules.ENGINE_TESTS.match("examples/embed.c"))
        self.passes(engine, with_engine, "runtime_a__c")
        self.passes(engine, "#include <xhr/quickjs.h>\n", "tests_install_a__c")

    def test_public_headers(self):
        self.finds(rules.public_headers, 1, "#include <curl/curl.h>\n", "include_xhr__h")
        self.finds(rules.public_headers, 1, '#include "infra/str.h"\n', "include_xhr__h")
        self.passes(rules.public_headers, "#include <stdint.h>\n", "include_xhr__h")

    def test_documented(self):
        documented = rules.documented
        self.finds(documented, 1, "XHR_API int xhr_a(void);\n", "include_xhr__h")
        self.finds(documented, 2, "/* a */\nXHR_API int xhr_a(void);\n", "include_xhr__h")
        self.finds(documented, 3, "/** a */\n\nXHR_API int xhr_a(void);\n", "include_xhr__h")
        self.passes(documented, "/**\n * a\n */\nXHR_API int xhr_a(void);\n", "include_xhr__h")
        self.passes(documented, "#define XHR_API\n", "include_xhr__h")

    def test_declared_names(self):
        text = "#define XHR_API x\n/** a */\nXHR_API const char *xhr_a(\n  int b);\nint xhr_c(void);\n"
        with tempfile.TemporaryDirectory() as root:
            os.mkdir(os.path.join(root, "include"))
            with open(os.path.join(root, "include", "xhr.h"), "w", encoding="utf-8") as file:
                file.write(text)
            with open(os.path.join(root, "include", "quickjs.h"), "w", encoding="utf-8") as file:
                file.write("/** b */\nXHR_API int xhr_b(void);\n")
            self.assertEqual(rules.declared_names(root), {"xhr_a"})
            self.assertEqual(rules.declared_names(root, "quickjs.h"), {"xhr_b"})

    def test_banned(self):
        banned = rules.banned
        for names in rules.BANNED_FUNCTIONS.values():
            for name in names.split():
                self.finds(banned, 2, f"void f(void) {{\n  {name} (x);\n}}\n")
        for name in rules.ALLOCATION.split():
            self.finds(banned, 1, f"void *p = ({name}(x));\n")
            self.passes(banned, f"void *p = {name}(x);\n", "src_infra_alloc__c")
        for name in rules.BANNED_HEADERS:
            self.finds(banned, 1, f"#include <{name}>\n")
        self.passes(banned, "a->free(p);\ncurrent.malloc(3);\nxhr__free(p);\nint fork_count(void);\n")
        self.passes(banned, '/* strcpy(a, b) */ const char *s = "gets(x)\\" gets(y)";\n')
        self.passes(banned, "int f(void) { return 1; } // system(x)\n")
        self.finds(banned, 1, "void *p = (malloc(x));\n", "runtime_a__c")
        self.finds(banned, 1, "int f = (printf(x));\n", "runtime_a__c")
        self.passes(banned, "int f = (printf(x));\n", "cli_a__c")
        self.finds(banned, 1, "int f = (atoi(x));\n", "cli_a__c")

    def test_length(self):
        self.finds(rules.length, 801, "\n" * 801)
        self.passes(rules.length, "\n" * 800)
        self.passes(rules.length, "/* Made by scripts/x from y. */" + "\n" * 801)

    def test_tags(self):
        self.finds(rules.tags, 1, "/* TODO: more */\n")
        self.finds(rules.tags, 1, "// XXX(me) more\n")
        self.passes(rules.tags, 'puts("WARNING: so");\n')
        self.passes(rules.tags, "/* FIXME: more. NOTE: so. DEVIATION: why. */\n")

    def test_guards(self):
        self.finds(rules.guards, 1, "int a;\n", "src_infra_a__h")
        self.finds(rules.guards, 1, "int a;\n", "runtime_a__h")
        self.finds(rules.guards, 1, "#ifndef A_H\n#define B_H\n#endif\n", "src_infra_a__h")
        self.passes(rules.guards, "/* a */\n#ifndef A_H\n#define A_H\n#endif\n", "src_infra_a__h")

    def test_readme(self):
        tree = {"examples_hello__c": "int a;\n"}
        self.assertEqual(
            self.findings(rules.readme, README__md="```c\nint b;\n```\n", **tree), [("README.md", 1)]
        )
        self.assertEqual(self.findings(rules.readme, README__md="a\n```c\nint a;\n```\n", **tree), [])

    def test_every_rule_is_shown(self):
        shown = " ".join(name for name in dir(self) if name.startswith("test_"))
        for rule in rules.RULES:
            self.assertIn(rule.__name__, shown)


if __name__ == "__main__":
    unittest.main()
