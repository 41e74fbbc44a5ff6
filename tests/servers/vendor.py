"""Somebody else's server on loopback: a tracker or score tool whose answers a test writes, over real HTTP."""

import json
import re
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request, as it stood on the wire."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]  # under lower-case names
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def one(self, name: str, default: str = "") -> str:
        """The first value of a query parameter."""
        return self.query.get(name, [default])[0]


@dataclass(frozen=True)
class Reply:
    """What to answer: `content` is bytes, or becomes JSON. `delay` in seconds; `hang_up` closes without a word."""

    content: Any = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    hang_up: bool = False


Answering = Callable[[Asked], Reply]


class Vendor:
    """The running server: what it was asked, and what it answers. The last rule that fits wins."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[Asked] = []
        self.leaving = threading.Event()
        self._rules: list[tuple[str, re.Pattern[str], Answering]] = []

    def answer(self, method: str, path: str, *replies: Reply | Answering) -> None:
        """Answer this method and path (a regular expression): the replies in turn, the last one from then on."""
        waiting = list(replies)

        def in_turn(asked: Asked) -> Reply:
            reply = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            return reply if isinstance(reply, Reply) else reply(asked)

        self._rules.append((method, re.compile(path), in_turn))

    def count(self, path: str) -> int:
        """How often a path (a regular expression) was asked for."""
        return sum(1 for asked in self.asked if re.fullmatch(path, asked.path))

    def reply_to(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        for method, path, answering in reversed(self._rules):
            if method == asked.method and path.fullmatch(asked.path):
                return answering(asked)
        return Reply({"error": "no such thing"}, status=404)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    vendor: Vendor

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = parse_qs(parts.query, keep_blank_values=True)
        reply = self.vendor.reply_to(Asked(self.command, parts.path, query, headers, body))
        if reply.delay:
            self.vendor.leaving.wait(reply.delay)
        if reply.hang_up:
            self.close_connection = True
            return
        content = reply.content if isinstance(reply.content, bytes) else json.dumps(reply.content).encode()
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = _serve  # noqa: N815


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, _request: Any, _client_address: Any) -> None:
        """A client that hung up is what some tests are about."""


@contextmanager
def running(certificate: ssl.SSLContext | None = None) -> Iterator[Vendor]:
    """Run a vendor on a free port of 127.0.0.1, over TLS where a certificate is given."""
    handler = type("Handler", (_Handler,), {})
    with _Server(("127.0.0.1", 0), handler) as server:
        if certificate is not None:
            server.socket = certificate.wrap_socket(server.socket, server_side=True)
        scheme = "https" if certificate else "http"
        vendor = Vendor(f"{scheme}://127.0.0.1:{server.server_address[1]}")
        handler.vendor = vendor  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield vendor
        finally:
            vendor.leaving.set()
            server.shutdown()
            thread.join()
