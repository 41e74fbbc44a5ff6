"""The outgoing client against a real server on its bad days."""

import logging
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme

from app.foundations.http import (
    AddressRefused,
    Broken,
    Client,
    Doors,
    Pace,
    Refused,
    Throttled,
    Unreachable,
    UnreadableAnswer,
)
from app.foundations.http.addresses import is_public
from tests.servers.vendor import Reply, Vendor, running

OPEN = Doors(frozenset({"127.0.0.1"}))


class Sleeps(list[float]):
    """Remembers how long the client wanted to sleep, and does not."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def sleeps() -> Sleeps:
    return Sleeps()


@pytest.fixture
def client(sleeps: Sleeps) -> Client:
    return Client(OPEN, sleep=sleeps, read_seconds=0.3)


def test_it_waits_as_long_as_the_server_asks(client: Client, vendor: Vendor, sleeps: Sleeps) -> None:
    vendor.answer("GET", "/issue", Reply(status=429, headers={"Retry-After": "7"}), Reply({"id": 1}))

    answer = client.get(f"{vendor.url}/issue")

    assert answer.json() == {"id": 1}
    assert [round(seconds) for seconds in sleeps] == [7]


def test_it_backs_off_with_jitter_where_the_server_names_no_time(
    client: Client, vendor: Vendor, sleeps: Sleeps
) -> None:
    vendor.answer("GET", "/issue", Reply(status=429), Reply(status=500), Reply({"id": 1}))

    client.get(f"{vendor.url}/issue")

    assert len(sleeps) == 2
    assert 0.5 <= sleeps[0] <= 1.5
    assert 0.5 <= sleeps[1] <= 1.5


def test_a_long_wait_is_handed_to_the_caller(client: Client, vendor: Vendor, sleeps: Sleeps) -> None:
    vendor.answer("GET", "/issue", Reply(status=429, headers={"Retry-After": "3600"}))

    with pytest.raises(Throttled) as throttled:
        client.get(f"{vendor.url}/issue")

    assert timedelta(minutes=59) < throttled.value.until - datetime.now(UTC) <= timedelta(hours=1)
    assert sleeps == []


def test_it_gives_up_on_a_server_that_stays_broken(client: Client, vendor: Vendor) -> None:
    vendor.answer("GET", "/issue", Reply(status=502))

    with pytest.raises(Broken) as broken:
        client.get(f"{vendor.url}/issue")

    assert (broken.value.status, vendor.count("/issue")) == (502, 4)


def test_it_does_not_repeat_a_post_unless_told_that_it_may(client: Client, vendor: Vendor) -> None:
    vendor.answer("POST", "/hooks", Reply(status=500))

    for may_repeat in (None, True):
        with pytest.raises(Broken):
            client.call("POST", f"{vendor.url}/hooks", json={}, repeatable=may_repeat)

    assert vendor.count("/hooks") == 1 + 4


def test_a_connection_that_hangs_ends(client: Client, vendor: Vendor) -> None:
    vendor.answer("GET", "/issue", Reply(delay=30))

    with pytest.raises(Unreachable):
        client.get(f"{vendor.url}/issue")

    assert vendor.count("/issue") == 4


def test_a_connection_cut_in_the_middle_is_tried_again(client: Client, vendor: Vendor) -> None:
    vendor.answer("GET", "/issue", Reply(hang_up=True), Reply({"id": 1}))

    assert client.get(f"{vendor.url}/issue").json() == {"id": 1}


def test_a_refusal_tells_its_status_and_what_was_said(client: Client, vendor: Vendor) -> None:
    vendor.answer("GET", "/issue", Reply({"sync": "fresh"}, status=412))

    with pytest.raises(Refused) as refused:
        client.get(f"{vendor.url}/issue")

    assert (refused.value.status, refused.value.body) == (412, b'{"sync": "fresh"}')


def test_an_answer_that_is_no_json_is_named_so(client: Client, vendor: Vendor) -> None:
    vendor.answer("GET", "/issue", Reply(b"<html>sign in</html>"))

    with pytest.raises(UnreadableAnswer):
        client.get(f"{vendor.url}/issue").json()


def test_it_follows_a_redirect_on_the_same_host_only(client: Client, vendor: Vendor) -> None:
    with running() as other:
        vendor.answer("GET", "/old", Reply(status=302, headers={"Location": "/new"}))
        vendor.answer("GET", "/new", Reply({"id": 1}))
        vendor.answer("GET", "/away", Reply(status=302, headers={"Location": f"{other.url}/issue"}))

        here = client.get(f"{vendor.url}/old", headers={"Authorization": "Bearer key"})
        with pytest.raises(AddressRefused):
            client.get(f"{vendor.url}/away", headers={"Authorization": "Bearer key"})

    assert (here.json(), other.asked) == ({"id": 1}, [])


def test_a_circle_of_redirects_ends(client: Client, vendor: Vendor) -> None:
    vendor.answer("GET", "/round", Reply(status=302, headers={"Location": "/round"}))

    with pytest.raises(Refused):
        client.get(f"{vendor.url}/round")

    assert vendor.count("/round") == 4


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/x",
        "https://127.0.0.1:9/x",
        "https://localhost/x",
        "https://[::1]/x",
        "https://2130706433/x",
        "http://example.com/x",
        "ftp://example.com/x",
        "https://user:password@example.com/x",
        "file:///etc/passwd",
        "https://",
        "https://[",
    ],
)
def test_it_calls_nothing_private_and_nothing_in_the_clear(url: str) -> None:
    with pytest.raises((AddressRefused, Unreachable)) as refused:
        Client(sleep=lambda _seconds: None).get(url)

    assert isinstance(refused.value, AddressRefused) or "2130706433" in url


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:7f00:1::", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("fec0::1", False),
        ("::127.0.0.1", False),
        ("::ffff:0:127.0.0.1", False),
        ("64:ff9b:1::a00:1", False),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
    ],
)
def test_it_knows_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_a_name_is_allowed_with_its_port(vendor: Vendor) -> None:
    port = urlsplit(vendor.url).port
    vendor.answer("GET", "/issue", Reply({"id": 1}))

    answer = Client(Doors(frozenset({f"127.0.0.1:{port}"}))).get(f"{vendor.url}/issue")

    with pytest.raises(AddressRefused):
        Client(Doors(frozenset({"127.0.0.1:1"}))).get(f"{vendor.url}/issue")
    assert answer.status == 200


def test_it_checks_certificates(tmp_path: Path) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))

    with running(context) as vendor:
        vendor.answer("GET", "/issue", Reply({"id": 1}))
        trusted = Client(OPEN, certificates=bundle).get(f"{vendor.url}/issue")
        with pytest.raises(Unreachable):
            Client(OPEN, sleep=lambda _seconds: None).get(f"{vendor.url}/issue")

    assert (trusted.status, len(vendor.asked)) == (200, 1)


def test_neither_its_words_nor_its_logs_hold_a_secret(
    client: Client, vendor: Vendor, caplog: pytest.LogCaptureFixture
) -> None:
    vendor.answer("GET", "/rest/1/s3cret/task", Reply(status=404), Reply(hang_up=True))
    caplog.set_level(logging.INFO)

    said = []
    for _ in range(2):
        with pytest.raises((Refused, Unreachable)) as trouble:
            client.get(f"{vendor.url}/rest/1/s3cret/task", params={"key": "s3cret"}, auth=("me", "s3cret"))
        said.append(f"{trouble.value!r} {trouble.value.__cause__!r}")

    assert vendor.asked != []
    assert "s3cret" not in caplog.text + "".join(said)


def test_callers_of_one_account_share_its_pace(vendor: Vendor, sleeps: Sleeps) -> None:
    vendor.answer("GET", "/issue", Reply({}))
    client = Client(OPEN, sleep=sleeps, monotonic=lambda: 0.0)
    pace = Pace(per_second=2, burst=3)

    callers = [
        threading.Thread(target=client.get, args=(f"{vendor.url}/issue",), kwargs={"pace": pace}) for _ in range(6)
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()

    assert sorted(sleeps) == [0.5, 1.0, 1.5]


def test_the_environments_proxy_is_not_used(client: Client, vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    vendor.answer("GET", "/issue", Reply({"id": 1}))

    assert client.get(f"{vendor.url}/issue").status == 200
