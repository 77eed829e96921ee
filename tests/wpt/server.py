#!/usr/bin/env python3
"""The suite's own server, on free ports of loopback, with certificates of its own making.

usage: server.py SETTINGS    a file of JSON: suite and certificates (folders), marker, limits (a file of JSON that is read
                             anew for every page: multiplier, pages: {url: multiplier})

When all its ports answer, it prints one line of JSON: ports ({scheme: [port, …]}), ca (a file), hosts. It ends when its
standard input does. Beside the suite's files it serves two of the project's: testharnessreport.js instead of the
suite's, and behind its testharness.js our stand_ins.js.
"""

import json
import logging
import multiprocessing
import os
import socket
import ssl
import sys
import time
import urllib.parse
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import suite  # noqa: E402

ADDRESS = "127.0.0.1"
# Nobody here needs WebSocket, but some scripts name its ports.
PORTS = {"http": ["auto", "auto"], "https": ["auto", "auto"], "h2": ["auto"], "ws": ["auto"], "wss": ["auto"]}
SERVED = ("http", "https", "h2")
MAIN_HOST = "web-platform.test"
OTHER_HOST = "not-web-platform.test"


def report_handler(settings):
    """testharnessreport.js with the run's marker, and the time limit's multiplier of the page that asks for it."""
    from wptserve.handlers import handler
    with open(os.path.join(HERE, "testharnessreport.js"), encoding="utf-8") as file:
        text = file.read()

    @handler
    def answer(request, response):
        page = urllib.parse.urlsplit(request.headers.get("Referer", b"").decode("latin-1"))
        url = page.path + ("?" + page.query if page.query else "")
        with open(settings["limits"], encoding="utf-8") as file:
            limits = json.load(file)
        multiplier = limits["pages"].get(url, limits["multiplier"])
        body = text.replace("%MARKER%", settings["marker"]).replace("%MULTIPLIER%", str(multiplier))
        return [("Content-Type", "text/javascript; charset=utf-8"), ("Cache-Control", "no-store")], body

    return answer


def configuration(serve, settings, logger):
    class Builder(serve.ConfigBuilder):
        _default = {**serve.ConfigBuilder._default, "ports": PORTS}

    builder = serve.build_config(logger, config_cls=Builder, h2=False)
    builder.update({
        "browser_host": MAIN_HOST,
        "alternate_hosts": {"alt": OTHER_HOST},
        "server_host": ADDRESS,
        "check_subdomains": False,
        "ssl": {"type": "openssl", "openssl": {"base_path": settings["certificates"]}},
        "logging": {"level": "warning"},
    })
    return builder


def say_goodbye(server_class):
    """Has its connections say that they end, as TLS asks: a body without a length that just breaks off is refused."""
    plain = server_class.shutdown_request

    def shutdown_request(self, request):
        if isinstance(request, ssl.SSLSocket):
            try:
                request.settimeout(1)
                request.unwrap()
            except (OSError, ValueError):
                pass  # the other side is gone
        plain(self, request)

    server_class.shutdown_request = shutdown_request


def wait_until_up(ports, servers, serve):
    deadline = time.monotonic() + 60
    for port in ports:
        while True:
            try:
                socket.create_connection((ADDRESS, port), 1).close()
                break
            except OSError:
                if time.monotonic() > deadline or not all(s.is_alive() for s in serve.iter_servers(servers)):
                    raise
                time.sleep(0.05)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        settings = json.load(file)
    suite.use(settings["suite"])
    from serve import serve
    from wptserve import stash
    from wptserve.server import WebTestServer
    say_goodbye(WebTestServer)
    out, sys.stdout = sys.stdout, sys.stderr
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    logger = logging.getLogger()
    with configuration(serve, settings, logger) as config:
        builder = serve.get_route_builder(logger, config.aliases, config)
        harness = [os.path.join(settings["suite"], "resources", "testharness.js"), os.path.join(HERE, "stand_ins.js")]
        builder.add_static(harness, None, "text/javascript; charset=utf-8", "/resources/testharness.js")
        builder.add_handler("GET", "/resources/testharnessreport.js", report_handler(settings))
        routes = builder.get_routes()
        with stash.StashServer((ADDRESS, serve.get_port(ADDRESS)), authkey=str(uuid.uuid4())):
            ports = {scheme: config.ports[scheme] for scheme in SERVED}
            servers = serve.start_servers(logger, ADDRESS, ports, config.paths, routes, config.bind_address, config,
                                          multiprocessing.get_context("fork"), None)
            wait_until_up([port for some in ports.values() for port in some], servers, serve)
            print(json.dumps({"ports": ports, "ca": config.ssl_config["ca_cert_path"],
                              "hosts": sorted(config.domains_set)}), file=out, flush=True)
            sys.stdin.read()
            for server in serve.iter_servers(servers):
                server.proc.terminate()


if __name__ == "__main__":
    main()
