"""The outgoing client against servers that mean harm, over raw sockets: they drip, swell and lead astray."""

import gzip
import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from app.foundations.http import AddressRefused, Client, Doors, Throttled, Trouble, Unreachable, UnreadableAnswer
from app.foundations.http.client import LARGEST_ANSWER, retry_at
from tests.servers.vendor import Reply, Vendor

OPEN = Doors(frozenset({"127.0.0.1"}))
WHOLE, READ = 0.6, 0.4  # seconds

Pieces = Callable[[], Iterable[bytes]]


@contextmanager
def saying(pieces: Pieces, certificate: ssl.SSLContext | None = None) -> Iterator[str]:
    """Run a server that sends these pieces as they come, and closes; yield its address."""

    def serve() -> None:
        with suppress(OSError):
            while True:
                accepted, _ = listening.accept()
                threading.Thread(target=answer, args=(accepted,), daemon=True).start()

    def answer(accepted: socket.socket) -> None:
        with suppress(OSError):
            sock = certificate.wrap_socket(accepted, server_side=True) if certificate else accepted
            with sock:
                sock.recv(65_536)
                for piece in pieces():
                    sock.sendall(piece)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, daemon=True).start()
        yield f"{'https' if certificate else 'http'}://127.0.0.1:{listening.getsockname()[1]}/x"


def _dripping(before: bytes, drop: bytes, after: bytes = b"") -> Pieces:
    def pieces() -> Iterator[bytes]:
        yield before
        for _ in range(100):
            time.sleep(0.05)
            yield drop
        yield after

    return pieces


DRIPS = {
    "headers": _dripping(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", b"\r\n"),
    "one header": _dripping(b"HTTP/1.1 200 OK\r\nX: ", b"y", b"\r\n\r\n"),
    "status": _dripping(b"HTTP/1.1 200 ", b"O", b"\r\n\r\n"),
    "body": _dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 102\r\n\r\n{", b" ", b"}"),
    "body without a length": _dripping(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}", b" "),
    "chunks": _dripping(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n", b"0\r\n\r\n"),
}


@pytest.mark.parametrize("pieces", DRIPS.values(), ids=DRIPS.keys())
def test_an_answer_that_drips_is_given_up_when_its_time_is_over(pieces: Pieces) -> None:
    client = Client(OPEN, read_seconds=READ, whole_seconds=WHOLE)

    began = time.monotonic()
    with saying(pieces) as url, pytest.raises(Unreachable, match="too slowly"):
        client.call("POST", url)

    assert time.monotonic() - began < 3 * WHOLE


def test_an_answer_that_drips_over_tls_is_given_up_too(tmp_path: Path) -> None:
    authority, context, bundle = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), tmp_path / "ca.pem"
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(bundle))
    client = Client(OPEN, certificates=bundle, read_seconds=READ, whole_seconds=WHOLE)

    began = time.monotonic()
    with saying(DRIPS["body"], context) as url, pytest.raises(Unreachable, match="too slowly"):
        client.call("POST", url)

    assert time.monotonic() - began < 3 * WHOLE


def test_a_connection_that_is_used_again_has_its_time_anew(vendor: Vendor) -> None:
    client = Client(OPEN, whole_seconds=WHOLE)
    vendor.answer("GET", "/x", Reply({"id": 1}, delay=0.4))

    assert [client.get(f"{vendor.url}/x").json() for _ in range(3)] == [{"id": 1}] * 3


@pytest.mark.parametrize("status", ["200 OK", "302 Found\r\nLocation: /x"])
@pytest.mark.parametrize("encoding", ["gzip", "gzip, gzip"])
def test_what_swells_when_it_is_unpacked_is_too_long(encoding: str, status: str) -> None:
    body = b" " * (4 * LARGEST_ANSWER)
    for _ in encoding.split(","):
        body = gzip.compress(body)
    head = f"HTTP/1.1 {status}\r\nContent-Encoding: {encoding}\r\nContent-Length: {len(body)}\r\n\r\n".encode()

    with saying(lambda: [head, body]) as url, pytest.raises(UnreadableAnswer, match="too long"):
        Client(OPEN).get(url)


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data",
        "//169.254.169.254/latest/meta-data",
        "http://127.0.0.1:1/x",
        "https://127.0.0.1/x",
        "http://2130706433/x",
        "http://0177.0.0.1/x",
        "http://[::ffff:169.254.169.254]/x",
        "http://user@127.0.0.1/x",
        "http://127.0.0.1\\@169.254.169.254/x",
        "file:///etc/passwd",
        "http://[",
    ],
)
def test_no_redirect_leads_anywhere_else(vendor: Vendor, location: str) -> None:
    vendor.answer("GET", "/x", Reply(status=302, headers={"Location": location}))

    with pytest.raises(AddressRefused):
        Client(OPEN).get(f"{vendor.url}/x")


def test_a_name_that_leads_into_the_own_network_a_moment_later_leads_nowhere(
    vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(vendor.url.rsplit(":", 1)[1])
    answers = iter(["93.184.216.34", "127.0.0.1", "169.254.169.254"])

    def rebinding(host: str, *_more: object, **_named: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    doors = Doors()
    list(doors.addresses("tracker.example.com", port))

    for _ in range(2):
        with pytest.raises(AddressRefused, match="private network"):
            Client(doors).get(f"https://tracker.example.com:{port}/x")

    assert vendor.asked == []


@pytest.mark.parametrize(
    "host", ["jira..example.com", f"{'a' * 64}.example.com", "xn--\u20ac.example.com", "*.example"]
)
def test_a_host_that_cannot_exist_is_trouble_and_nothing_else(host: str) -> None:
    with pytest.raises(Trouble):
        Client(sleep=lambda _seconds: None).get(f"https://{host}/x")


@pytest.mark.parametrize("token", ["пароль", "first line\nsecond line", "\ufeffkey", "key\r\nX-Injected: yes"])
def test_a_key_that_cannot_be_sent_is_named_so_and_not_shown(
    vendor: Vendor, caplog: pytest.LogCaptureFixture, token: str
) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(Trouble, match="copy it once more") as trouble:
        Client(OPEN).get(f"{vendor.url}/x", headers={"Authorization": f"Bearer {token}"})

    assert vendor.asked == []
    assert token not in f"{trouble.value!r}{trouble.value.__cause__!r}{caplog.text}"


def test_a_password_of_any_letters_is_sent_in_utf_8(vendor: Vendor) -> None:
    vendor.answer("GET", "/x", Reply({}))

    Client(OPEN).get(f"{vendor.url}/x", auth=("parity", "пароль"))

    assert vendor.asked[0].headers["authorization"] == "Basic cGFyaXR5OtC/0LDRgNC+0LvRjA=="


@pytest.mark.parametrize(
    "header",
    ["99999999", "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 99999999999 00:00:00 GMT", "86400000"],
)
def test_no_server_stops_us_for_longer_than_a_day(vendor: Vendor, header: str) -> None:
    vendor.answer("GET", "/x", Reply(status=429, headers={"Retry-After": header}))

    with pytest.raises(Throttled) as throttled:
        Client(OPEN, sleep=lambda _seconds: None).get(f"{vendor.url}/x")

    assert throttled.value.until - datetime.now(UTC) <= timedelta(days=1)


@pytest.mark.parametrize(
    "header", ["", "soon", "-5", "1e9", "٣", "Mon, 99 Jan 2026 00:00:00 +99999999999999", "x" * 9000]
)
def test_a_time_that_cannot_be_read_is_none(header: str) -> None:
    assert retry_at(header) is None
