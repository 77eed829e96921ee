#!/usr/bin/env python3
"""xhr URL: every option, and what it ends with."""

import http.server
import json
import os
import ssl
import stat
import subprocess
import tempfile
import threading
import unittest

import support
from support import LIMIT


class Local:
    """A server of Python's own, for what the test server does not do: TLS, authentication, being a proxy."""

    def __init__(self, handler, certificate=None, client_ca=None):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            if client_ca:
                context.verify_mode = ssl.CERT_REQUIRED
                context.load_verify_locations(client_ca)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Answers(http.server.BaseHTTPRequestHandler):
    """Says what it was asked; /secret only to user:pass."""

    def do_GET(self):
        authorization = self.headers.get("Authorization")
        if self.path.endswith("/secret") and not authorization:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="here"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        text = f"{self.path} {authorization} {self.headers.get('Host')}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *arguments):
        pass


class Requests(support.TestCase):
    def echo(self, *arguments, **more):
        """What the server says it was sent."""
        result = self.xhr(*arguments, support.server() + "/echo?a=b", status=0, **more)
        answer = json.loads(result.out)
        answer["headers"] = {name.lower(): value for name, value in answer["headers"]}
        return answer

    def test_get(self):
        answer = self.echo()
        self.assertEqual((answer["method"], answer["query"], answer["body"]), ("GET", "a=b", ""))

    def test_method(self):
        self.assertEqual(self.echo("-X", "PATCH")["method"], "PATCH")
        self.assertEqual(self.echo("-Xdelete")["method"], "DELETE")
        self.assertEqual(self.echo("--request=OPTIONS")["method"], "OPTIONS")

    def test_headers(self):
        headers = self.echo("-H", "X-One: 1", "-H", "X-One:2", "-H", "X-Empty;", "--header", "User-Agent: me")["headers"]
        self.assertEqual((headers["x-one"], headers["x-empty"], headers["user-agent"]), ("1, 2", "", "me"))

    def test_data(self):
        answer = self.echo("-d", "a=1", "--data", "b=2")
        self.assertEqual((answer["method"], answer["body"]), ("POST", "a=1&b=2"))
        self.assertEqual(answer["headers"]["content-type"], "application/x-www-form-urlencoded")
        answer = self.echo("-d", "{}", "-H", "Content-Type: application/json", "-X", "PUT")
        self.assertEqual((answer["method"], answer["headers"]["content-type"]), ("PUT", "application/json"))
        self.assertEqual(self.echo("-d", "")["headers"]["content-length"], "0")

    def test_data_of_files(self):
        self.write("one", b"\x00\n\xff")
        self.assertEqual(self.echo("-d", "@one")["body"], "\x00\n\xff")
        self.assertEqual(self.echo("-d", "@-", stdin=b"typed\n")["body"], "typed\n")
        self.assertEqual(self.echo("-d", "x", "-d", "@one")["body"], "x&\x00\n\xff")
        os.mkfifo(os.path.join(self.directory, "pipe"))
        writer = subprocess.Popen(["sh", "-c", "echo piped > pipe"], cwd=self.directory)
        self.assertEqual(self.echo("-d", "@pipe")["body"], "piped\n")
        writer.wait()

    def test_form(self):
        self.write("a b.txt", "content")
        answer = self.echo("-F", "name=va=lue", "-F", "file=@a b.txt", "-F", "other=@a b.txt;type=text/x;filename=n.x",
                           "--form", "typed=@-", stdin=b"stdin")
        body = answer["body"]
        self.assertEqual(answer["method"], "POST")
        self.assertRegex(answer["headers"]["content-type"], "^multipart/form-data; boundary=")
        self.assertIn('name="name"\r\n\r\nva=lue\r\n', body)
        self.assertIn('name="file"; filename="a b.txt"\r\nContent-Type: application/octet-stream\r\n\r\ncontent\r\n',
                      body)
        self.assertIn('name="other"; filename="n.x"\r\nContent-Type: text/x\r\n\r\ncontent\r\n', body)
        self.assertIn('name="typed"; filename="-"\r\nContent-Type: application/octet-stream\r\n\r\nstdin\r\n', body)

    def test_upload_file(self):
        self.write("body", "whole")
        answer = self.echo("-T", "body")
        self.assertEqual((answer["method"], answer["body"]), ("PUT", "whole"))
        self.assertNotIn("content-type", answer["headers"])
        self.assertEqual(self.echo("--upload-file", "-", stdin=b"in")["body"], "in")

    def test_base(self):
        result = self.xhr("--base", support.server() + "/x/", "../json", status=0)
        self.assertIn("hello", result.out)

    def test_operands(self):
        self.assertIn("hello", self.xhr("-s", "--", support.server() + "/json", status=0).out)
        self.assertIn("hello", self.xhr(support.server() + "/json", "-s", status=0).out)

    def test_redirects_are_followed(self):
        result = self.xhr("-i", support.server() + "/redirect/302?to=/json", status=0)
        self.assertRegex(result.out, r"^HTTP 200 OK\r\n(.*\r\n)*\r\n\{")

    def test_user(self):
        server = Local(Answers)
        self.addCleanup(server.stop)
        url = f"http://127.0.0.1:{server.port}/secret"
        self.xhr("--fail", url, status=4)
        self.assertIn("Basic dXNlcjpwYTpzcw==", self.xhr("-u", "user:pa:ss", url, status=0).out)
        self.assertIn("Basic dXNlcjo=", self.xhr("--user", "user", url, status=0).out)

    def test_resolve(self):
        server = Local(Answers)
        self.addCleanup(server.stop)
        result = self.xhr("--resolve", f"some.example:{server.port}:127.0.0.1",
                          f"http://some.example:{server.port}/a", status=0)
        self.assertEqual(result.out, f"/a None some.example:{server.port}")

    def test_proxy(self):
        server = Local(Answers)
        self.addCleanup(server.stop)
        proxy = f"http://127.0.0.1:{server.port}"
        self.assertTrue(self.xhr("-x", proxy, "http://far.example/a", status=0).out.startswith("http://far.example/a "))
        url = support.server() + "/json"
        self.assertIn("hello", self.xhr("--proxy", "", url, status=0, http_proxy="http://127.0.0.1:2").out)
        self.xhr(url, status=3, http_proxy="http://127.0.0.1:2")
        self.xhr(url, status=0, http_proxy="http://127.0.0.1:2", no_proxy="127.0.0.1")


class Responses(support.TestCase):
    def test_binary_into_a_pipe(self):
        result = self.xhr(support.server() + "/bytes/1000", status=0, binary=True)
        self.assertEqual(result.out, bytes(i % 251 for i in range(1000)))

    def test_arrives_as_it_comes(self):
        process = self.start(support.server() + "/drip?n=40&ms=100")
        self.assertEqual(process.stdout.readline(), "drip\n")
        self.assertIsNone(process.poll())

    def test_output(self):
        self.write("there", "something longer than that")
        result = self.xhr("-o", "there", support.server() + "/text?bytes=9", status=0)
        self.assertEqual((self.read("there"), result.out), (b"The quick", ""))
        self.xhr("--output", "new", "-i", support.server() + "/text?bytes=9", status=0)
        self.assertRegex(self.read("new"), rb"^HTTP 200 OK\r\n(.*\r\n)+\r\nThe quick$")
        self.assertEqual(self.xhr("-o", "-", support.server() + "/text?bytes=9", status=0).out, "The quick")
        self.xhr("-o", "there", support.server() + "/text?bytes=0", status=0)
        self.assertEqual(self.read("there"), b"")

    def test_output_of_a_failure(self):
        self.write("there", "as it was")
        self.xhr("-o", "there", "http://127.0.0.1:2/", status=3)
        self.xhr("-f", "-o", "there", support.server() + "/status/404", status=4)
        self.assertEqual(self.read("there"), b"as it was")
        self.xhr("-o", "new", "http://127.0.0.1:2/", status=3)
        self.xhr("-f", "-o", "new", support.server() + "/status/500", status=4)
        self.assertEqual(os.listdir(self.directory), ["there"])

    def test_remote_name(self):
        self.xhr("-O", support.server() + "/text?bytes=9#f", status=0)
        self.assertEqual(self.read("text"), b"The quick")
        self.xhr("--remote-name", "--base", support.server() + "/a/b", "../bytes/%41", status=0)
        self.assertEqual(sorted(os.listdir(self.directory)), ["%41", "text"])
        self.assertIn("-o FILE", self.xhr("-O", support.server() + "/", status=2).err)

    def test_include(self):
        result = self.xhr("-i", support.server() + "/headers?X-A=1&x-a=2&Y=3", status=0)
        self.assertRegex(result.out, r"^HTTP 200 OK\r\ncontent-length: \d+\r\nx-a: 1, 2\r\ny: 3\r\n\r\nsee the headers\n$")

    def test_fail(self):
        self.assertEqual(self.xhr(support.server() + "/status/404", status=0).out, "as asked\n")
        result = self.xhr("--fail", support.server() + "/status/404?reason=Gone+away", status=4)
        self.assertEqual(result.out, "")
        self.assertIn("404 Gone away", result.err)
        self.xhr("-f", support.server() + "/status/399", status=0)

    def test_nothing_written_to_a_full_device(self):
        result = self.xhr("-o", "/dev/full", support.server() + "/json", status=1)
        self.assertIn("No space left", result.err)

    def test_closed_streams(self):
        done = subprocess.run(["sh", "-c", f"{support.xhr()} {support.server()}/json <&- >&-"], stderr=subprocess.PIPE,
                              timeout=LIMIT)
        self.assertEqual((done.returncode, done.stderr), (1, b"xhr: standard output: Bad file descriptor\n"))
        self.xhr("-d", "@-", support.server() + "/echo", status=0)
        done = subprocess.run(["sh", "-c", f"{support.xhr()} run -e 'console.log(1); setTimeout(() => {{}}, 50)' >&- 2>&-"],
                              timeout=LIMIT)
        self.assertEqual(done.returncode, 1)

    def test_nobody_reads(self):
        process = subprocess.run(["sh", "-c", f"{support.xhr()} {support.server()}/drip?n=100\\&ms=20 | head -1"],
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=LIMIT)
        self.assertEqual((process.stdout, process.stderr), (b"drip\n", b""))

    def test_verbose(self):
        err = self.xhr("-v", "-d", "x=1", "-H", "X-A: 1", support.server() + "/echo", status=0).err
        for pattern in (r"^\* +[\d.]+ ms  open: POST http", r"readyState 1, OPENED$", r"  loadstart$",
                        r"^\* .*connection: Connected to 127\.0\.0\.1 ", r"^> POST /echo HTTP/1\.1$", r"^> X-A: 1$",
                        r"upload load: 3 bytes of 3 bytes$", r"readyState 2, HEADERS_RECEIVED: 200, http",
                        r"^< HTTP/1\.1 200 OK$", r"^< Content-Type: application/json$", r"readyState 4, DONE$",
                        r"  load: \d+ bytes", r"  loadend$"):
            self.assertRegex(err, "(?m)" + pattern)
        err = self.xhr("-v", "http://127.0.0.1:2/", status=3).err
        self.assertNotIn("\x1b", self.xhr("-v", support.server() + "/garbage", status=3).err)
        self.assertRegex(err, r"(?m)^\* +[\d.]+ ms  why: CONNECT_REFUSED in phase connect, host 127.0.0.1: ")

    def test_no_bar_without_a_terminal(self):
        self.assertEqual(self.xhr("-o", "out", support.server() + "/bytes/1000000", status=0).err, "")


class Failures(support.TestCase):
    def test_network(self):
        for path, code in (("/close", "EMPTY_REPLY"), ("/short", "BODY_INCOMPLETE"),
                           ("/garbage", "RESPONSE_INVALID"), ("/redirect-chain/30", "REDIRECT_LIMIT")):
            with self.subTest(path):
                result = self.xhr(support.server() + path, status=3)
                self.assertIn(f"({code}, phase ", result.err)
        self.assertIn("CONNECT_REFUSED", self.xhr("http://127.0.0.1:2/", status=3).err)
        self.assertIn("SCHEME", self.xhr("gopher://127.0.0.1/", status=3).err)

    def test_timeout(self):
        self.assertIn("TIMEOUT", self.xhr("--timeout", "0.2", support.server() + "/delay/60000", status=3).err)
        self.assertIn("TIMEOUT", self.xhr("-m.2", support.server() + "/drip?n=1000&ms=50", status=3).err)
        self.xhr("--timeout", "10", support.server() + "/json", status=0)

    def test_signals(self):
        url = support.server() + "/delay/60000"
        self.assertEqual(self.interrupt(self.start(url)), 130)
        self.assertEqual(self.interrupt(self.start(url), number=15), 143)

    def test_interrupted_file_is_kept(self):
        path = os.path.join(self.directory, "out")
        self.assertEqual(self.interrupt(self.start("-o", path, support.server() + "/drip?n=1000&ms=50")), 130)
        self.assertTrue(self.read("out").startswith(b"drip\n"))

    def test_wrong_usage(self):
        url = support.server() + "/json"
        for arguments, words in (
                ((), "a URL is missing"),
                (("-X",), "-X needs a value"),
                (("--nonsense", url), "has no option --nonsense"),
                (("-vQ", url), "has no option -Q"),
                (("--verbose=1", url), "--verbose takes no value"),
                ((url, url), "one URL at a time"),
                (("-d", "a", "-F", "a=b", url), "use one of them"),
                (("-T", "a", "-d", "b", url), "use one of them"),
                (("-o", "a", "-O", url), "use one of them"),
                (("-F", "novalue", url), "NAME=VALUE"),
                (("-H", "nocolon", url), "'NAME: VALUE'"),
                (("-H", "a b: c", url), "'NAME: VALUE'"),
                (("-H", "a: b\nc", url), "'NAME: VALUE'"),
                (("--timeout", "soon", url), "seconds"),
                (("--timeout", "0", url), "seconds"),
                (("--timeout", "-1", url), "seconds"),
                (("--timeout", "99999999999", url), "seconds"),
                (("-X", "a b", url), "is no method"),
                (("-X", "TRACE", url), "does not send that method"),
                (("-X", "", url), "is no method"),
                (("example.org",), "https://example.org"),
                (("http://a b/",), "is no URL"),
                (("",), "is no URL"),
                (("--base", "nonsense", url), "--base nonsense"),
                (("--proxy", "http://", url), "--proxy http://"),
                (("--resolve", "a:b:c", url), "--resolve a:b:c"),
                (("--resolve", "a:80", url), "--resolve a:80"),
                (("--key", "k", url), "--cert"),
                (("--origin", "a.example", url), "--origin a.example"),
                (("--origin", "file:///", url), "is no origin"),
                (("--origin", "https://a.example", "--base", "nonsense", url), "--base nonsense"),
                (("--origin", "http://a.example", "-X", "TRACK", url), "does not send that method")):
            with self.subTest(arguments):
                result = self.xhr(*arguments, status=2)
                self.assertIn(words, result.err)
                self.assertEqual(result.out, "")

    def test_local_schemes(self):
        self.assertEqual(self.xhr("data:,a%20b", status=0).out, "a b")
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"of the file")
            file.flush()
            self.assertEqual(self.xhr("file://" + file.name, status=0).out, "of the file")
        result = self.xhr("-v", "file:///no/such/file", status=3)
        self.assertIn("why: FILE_OPEN in phase connect: /no/such/file: the file does not exist", result.err)

    def test_origin_refused(self):
        result = self.xhr("--origin", "http://app.example", support.server() + "/json", status=3)
        self.assertEqual(result.out, "")
        self.assertIn("Access-Control-Allow-Origin is missing; the server has to answer with "
                      "Access-Control-Allow-Origin: http://app.example (CORS_ORIGIN, phase cors)", result.err)

    def test_origin_allowed(self):
        url = support.server() + "/headers?Access-Control-Allow-Origin=http%3A%2F%2Fapp.example"
        self.assertIn("see the headers", self.xhr("--origin", "http://app.example/page", url, status=0).out)
        # The same permission for all methods and headers but Authorization.
        url = support.server() + "/headers?Access-Control-Allow-Origin=*&Access-Control-Allow-Methods=*" \
            "&Access-Control-Allow-Headers=*"
        self.xhr("--origin", "http://app.example", "-X", "PUT", "-H", "X-Mine: 1", "-d", "x", url, status=0)
        result = self.xhr("--origin", "http://app.example", "-H", "Authorization: Bearer x", url, status=3)
        self.assertIn("the header Authorization; the server has to add it", result.err)

    def test_origin_policies(self):
        for arguments, words in ((("https://app.example", "http://127.0.0.2.example/"), "(MIXED_CONTENT, phase policy)"),
                                 (("http://app.example", "http://127.0.0.1:25/"), "(BAD_PORT, phase policy)"),
                                 (("http://app.example", "file:///etc/hostname"), "(SCHEME, phase url)"),
                                 (("null", support.server() + "/json"), "Access-Control-Allow-Origin: null")):
            with self.subTest(arguments):
                self.assertIn(words, self.xhr("--origin", *arguments, status=3).err)

    def test_same_origin(self):
        server = support.server()
        result = self.xhr("--origin", server, "-H", "Cookie: a=b", "-H", "X-Mine: 1", "/echo", status=0)
        self.assertIn("-H 'Cookie: a=b' is left out", result.err)
        headers = dict(json.loads(result.out)["headers"])
        self.assertNotIn("Cookie", headers)
        self.assertEqual(headers["X-Mine"], "1")
        self.assertEqual(headers["Referer"], server + "/")
        self.assertEqual(headers["Sec-Fetch-Site"], "same-origin")

    def test_files_that_cannot_be_used(self):
        url = support.server() + "/echo"
        for arguments in (("-d", "@none"), ("-d", "a", "-d", "@none"), ("-T", "none"), ("-F", "a=@none"),
                          ("--cacert", "none"), ("--cert", "none"), ("-o", "none/out"), ("-F", "a=@")):
            with self.subTest(arguments):
                self.assertIn("No such file or directory", self.xhr(*arguments, url, status=2).err)
        self.assertIn("Is a directory", self.xhr("-T", ".", url, status=2).err)
        self.assertIn("Is a directory", self.xhr("-o", ".", url, status=2).err)
        if os.geteuid() != 0:
            os.chmod(self.write("secret", "x"), 0)
            self.assertIn("Permission denied", self.xhr("-d", "@secret", url, status=2).err)


class Tls(support.TestCase):
    @classmethod
    def setUpClass(cls):
        import tempfile
        cls.certificates = tempfile.TemporaryDirectory()
        done = subprocess.run([os.path.join(support.ROOT, "tests", "support", "test-ca"), cls.certificates.name],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            raise unittest.SkipTest("no certificates: " + done.stdout.decode())
        cls.server = Local(Answers, (cls.file("server.pem"), cls.file("server.key")))
        cls.asking = Local(Answers, (cls.file("server.pem"), cls.file("server.key")), cls.file("ca.pem"))

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.asking.stop()
        cls.certificates.cleanup()

    @classmethod
    def file(cls, name):
        return os.path.join(cls.certificates.name, name)

    def url(self, server=None):
        return f"https://localhost:{(server or self.server).port}/a"

    def test_not_trusted(self):
        self.assertIn("TLS_CERTIFICATE", self.xhr(self.url(), status=3).err)

    def test_cacert(self):
        result = self.xhr("--cacert", self.file("ca.pem"), self.url(), status=0)
        self.assertEqual((result.out[:2], result.err), ("/a", ""))

    def test_verbose(self):
        err = self.xhr("-v", "--cacert", self.file("ca.pem"), self.url(), status=0).err
        self.assertRegex(err, r"(?m)^\* +[\d.]+ ms  connection: .*TLS ?v?1\.[23]")
        self.assertRegex(self.xhr("-v", self.url(), status=3).err, "why: TLS_CERTIFICATE in phase tls")

    def test_insecure(self):
        for option in "--insecure", "-k":
            result = self.xhr(option, self.url(), status=0)
            self.assertEqual(result.out[:2], "/a")
            self.assertIn("WARNING", result.err)

    def test_client_certificate(self):
        self.xhr("--cacert", self.file("ca.pem"), self.url(self.asking), status=3)
        result = self.xhr("--cacert", self.file("ca.pem"), "--cert", self.file("client.pem"), "--key",
                          self.file("client.key"), self.url(self.asking), status=0)
        self.assertEqual(result.out[:2], "/a")


class About(support.TestCase):
    def test_version(self):
        for option in "--version", "-V":
            out = self.xhr(option, status=0).out
            self.assertRegex(out, r"^xhr \d+\.\d+\.\d+\ntransport: libcurl/\d.*(SSL|TLS)/\d.*\nengine: QuickJS .*\n")
        self.assertEqual(self.xhr("run", "--version", status=0).out, out)

    def test_help(self):
        out = self.xhr("--help", status=0).out
        self.assertEqual(self.xhr("run", "-h", status=0).out, out)
        for line in out.split("\n"):
            self.assertLessEqual(len(line), 100, line)

    def test_is_a_program(self):
        self.assertTrue(os.stat(support.xhr()).st_mode & stat.S_IXUSR)


if __name__ == "__main__":
    support.main()
