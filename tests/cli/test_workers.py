#!/usr/bin/env python3
"""xhr run with workers: where their scripts lie, what they print, how a script with workers ends, what many cost."""

import json
import os
import re
import time

import support

ENDLESS = "new Worker('data:text/javascript,for(;;);')"
STALLED = "new Worker('data:text/javascript,x=new XMLHttpRequest;x.open(`GET`,`%s/delay/60000`,false);x.send()')"

# As many requests as the first argument says, by workers that make ten each and then end.
MANY = """
const server = program.args[0], code = `
  const send = (i) => {
    const xhr = new XMLHttpRequest();
    xhr.open("GET", "${server}/bytes/10000");
    xhr.onload = () => { if (xhr.response.length !== 10000) throw 1; i < 9 ? send(i + 1) : (postMessage(1), close()) };
    xhr.send();
  };
  send(0);`;
const url = "data:text/javascript," + encodeURIComponent(code);
const run = () => new Promise((resolve) => (new Worker(url).onmessage = resolve));
async function runs(count) {
  const lane = async () => { while (count-- > 0) await run() };
  await Promise.all([lane(), lane(), lane(), lane()]);
}
const memory = (name) => console.log(name);
(async () => {
  await runs(+program.args[1] / 10);
  console.log("warm");
  await new Promise((resolve) => setTimeout(resolve, 100));
  await runs(+program.args[2] / 10);
  console.log("done");
  await new Promise((resolve) => setTimeout(resolve, 1000));
})();
"""


class Workers(support.TestCase):
    def test_scripts_beside_the_script(self):
        self.write("worker.js", "console.log(location.href.replace(/.*[/]/, '')); close()")
        self.write("app.js", "new Worker('worker.js')")
        self.assertEqual(self.xhr("run", "app.js", status=0).out, "worker.js\n")
        self.assertEqual(self.xhr("run", "-e", "new Worker('./worker.js')", status=0).out, "worker.js\n")
        self.write("module.mjs", "import { x } from './x.mjs'; console.log(x, typeof importScripts); close()")
        self.write("x.mjs", "export const x = import.meta.url.split('/').pop()")
        self.write("app.mjs", "new Worker(new URL('module.mjs', import.meta.url), { type: 'module' })")
        self.assertEqual(self.xhr("run", "app.mjs", status=0).out, "x.mjs function\n")

    def test_a_web_origin_has_its_own_scripts_only(self):
        code = ("const w = new Worker('%s/script?code=console.log(origin,isSecureContext);close()');"
                "w.onerror = (e) => { console.log(e.type); w.terminate() }" % support.server())
        self.assertEqual(self.xhr("run", "--origin", support.server(), "-e", code, status=0).out,
                         support.server() + " true\n")
        self.assertEqual(self.xhr("run", "--origin", "https://other.example", "-e", code, status=0).out, "error\n")
        data = "new Worker('data:text/javascript,console.log(origin); close()')"
        self.assertEqual(self.xhr("run", "--origin", support.server(), "-e", data, status=0).out, "null\n")
        result = self.xhr("run", "--origin", "https://other.example", "-e", "new Worker('worker.js').terminate()",
                          status=0)
        self.assertEqual(result.out + result.err, "")

    def test_what_comes_from_other_origins(self):
        """localhost is another origin than 127.0.0.1: its scripts can be imported, but say nothing of what they throw."""
        other = support.server().replace("127.0.0.1", "localhost")
        script = ("const name = (...urls) => { try { importScripts(...urls) } catch (error) { return error.name ?? error } };"
                  f"console.log(name('{other}/script?code=var+a=1'), a, name('{other}/script?code=throw+1'),"
                  f"name('{other}/script?code=no+script'), name('/script?code=throw+1')); close()")
        self.write("app.js", f"const w = new Worker('/script?code=' + encodeURIComponent({json.dumps(script)}));"
                             "w.onerror = (e) => { console.log('error'); w.terminate() }")
        self.assertEqual(self.xhr("run", "--proxy=", "--origin", support.server(), "app.js", status=0).out,
                         "undefined 1 NetworkError NetworkError 1\n")
        # Its own script must not come from there, nor be redirected to there.
        for options in ("", ", { type: 'module' }"):
            self.write("app.js", f"const w = new Worker('/redirect/302?to={other}/script?code=close()'{options});"
                                 "w.onerror = (e) => { console.log('error'); w.terminate() }")
            self.assertEqual(self.xhr("run", "--proxy=", "--origin", support.server(), "app.js", status=0).out,
                             "error\n")

    def test_errors_are_told(self):
        result = self.xhr("run", "-e", "new Worker('nowhere.js')", status=1)
        self.assertRegex(result.err, r"^Uncaught \(in worker\) NetworkError: the script file:.*/nowhere\.js could not be"
                                     r" loaded: .*\n$")
        self.write("bad.js", "let a;\nlet b = = 1;\n")
        self.assertRegex(self.xhr("run", "-e", "new Worker('bad.js')", status=1).err,
                         r"^Uncaught \(in worker\) SyntaxError: .*\n +at file://.*/bad\.js:2")
        self.write("throws.js", "close();\nthrow new TypeError('thrown')")
        self.assertRegex(self.xhr("run", "-e", "new Worker('throws.js')", status=1).err,
                         r"^Uncaught TypeError: thrown\n +at .*file://.*/throws\.js:2")
        self.assertRegex(self.xhr("run", "-e", "new Worker('data:text/javascript,Promise.reject(5);setTimeout(close)')",
                                  status=1).err, r"^Uncaught \(in promise\) 5\n$")
        self.assertEqual(self.xhr("run", "-e", "new Worker('nowhere.js').onerror = () => {}", status=0).err, "")

    def test_a_worker_keeps_the_script_running(self):
        code = "new Worker('data:text/javascript,setTimeout(()=>{console.log(1);close()},300)'); console.log(0)"
        self.assertEqual(self.xhr("run", "-e", code, status=0).out, "0\n1\n")
        code = "const w = new Worker('data:text/javascript,'); setTimeout(() => w.terminate(), 50)"
        self.xhr("run", "-e", code, status=0)

    def test_what_many_print_is_whole_lines(self):
        code = ("for (let i = 0; i < 8; i++) new Worker('data:text/javascript,for(let i=0;i<500;i++)"
                "console.log(`a line of text that is to stay whole`);close()')")
        lines = self.xhr("run", "-e", code, status=0).out.splitlines()
        self.assertEqual(len(lines), 4000)
        self.assertEqual(set(lines), {"a line of text that is to stay whole"})

    def test_signals_and_timeouts_end_workers(self):
        for code in (ENDLESS, STALLED % support.server(), ENDLESS.replace("for(;;);", "") + ";for(;;);"):
            process = self.start("run", "--proxy=", "-e", code)
            begin = time.monotonic()
            self.assertEqual(support.shell_status(self.interrupt(process)), 130, code)
            self.assertLess(time.monotonic() - begin, 5)
            result = self.xhr("run", "--proxy=", "--timeout", "0.3", "-e", code, status=3)
            self.assertIn("--timeout", result.err)
        self.xhr("run", "-e", ENDLESS + "; setTimeout(() => program.exit(7), 100)", status=7)

    def test_ten_thousand_requests_leave_memory_flat(self):
        self.write("many.js", MANY)
        process = self.start("run", "--proxy=", "many.js", support.server(), "1000", "10000")
        used = {}
        for line in process.stdout:
            with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
                used[line.strip()] = int(re.search(r"VmRSS:\s*(\d+) kB", file.read()).group(1))
        self.assertEqual(process.wait(support.LIMIT), 0)
        process.stdout.close()
        process.stderr.close()
        if "ASAN_OPTIONS" in os.environ:
            return  # AddressSanitizer keeps what is freed for a while
        # A worker is more than 300 KiB: of a thousand none stays.
        self.assertLess(used["done"], used["warm"] + 8 * 1024, used)


if __name__ == "__main__":
    support.main()
