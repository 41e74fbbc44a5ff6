"""A form where JSON is usual, JSON where a form is, and worse: each kind of hook answers as to any other delivery."""

import json
from collections.abc import Mapping
from urllib.parse import quote, urlencode

import pytest
from sqlalchemy import func, select

from app.connectors import CONNECTORS, find_connector
from app.domain.states import ConnectionSide
from app.foundations import clock
from app.foundations.crypto import Keys
from app.models.deliveries import REFUSED, Delivery
from app.settings import Settings
from app.upkeep.connections.adding import add_connection
from tests.builders.senders import NEEDED, PROOFS, send
from tests.servers.databases import Database

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PARTS = {"Content-Type": "multipart/form-data; boundary=x"}
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ISSUE = {"id": 7, "number": 7, "title": "Toner", "state": "closed"}
HOOKS = sorted(one.kind for one in CONNECTORS if one.read)
TASK = "event=ONTASKUPDATE&data[FIELDS_AFTER][ID]=7&ts=1794907800&auth[application_token]="


@pytest.fixture
def settings(sqlite: Database) -> Settings:
    """What a body is written in does not depend on the database."""
    return sqlite.settings


def _add(sqlite: Database, live: str, kind: str) -> str:
    """Add a connection of this kind; return the address of its hook."""
    side = ConnectionSide.TRACKER if find_connector(ConnectionSide.TRACKER, kind) else ConnectionSide.SCORES
    connector = find_connector(side, kind)
    assert connector is not None
    made = add_connection(
        sqlite.session,
        Keys.of(sqlite.settings),
        slug="tool",
        side=side,
        kind=kind,
        settings={**NEEDED[kind], connector.secret_name: SECRET},
        base_url=live,
        now=clock.now(),
    )
    sqlite.session.commit()
    return f"{live}/hooks/tool/{made.hook_key}"


def _answer(address: str, kind: str, body: bytes, headers: Mapping[str, str]) -> int:
    return send(address, body, {**PROOFS[kind](body, SECRET, address), **headers})


def _stored(sqlite: Database) -> int:
    sqlite.session.rollback()
    return sqlite.session.scalar(select(func.count()).select_from(Delivery).where(~REFUSED)) or 0


def test_every_kind_that_is_called_has_a_sender_here() -> None:
    assert sorted(PROOFS) == sorted(NEEDED) == HOOKS


BODIES: Mapping[str, tuple[bytes, Mapping[str, str]]] = {
    "form": (b"payload=&id=7&event=completed", FORM),
    "payload": (urlencode({"payload": json.dumps({"issue": ISSUE})}).encode() + b"&%zz", FORM),
    "parts": (b'--x\r\nContent-Disposition: form-data; name="event"\r\n\r\ncompleted\r\n--x--\r\n', PARTS),
    "comma": (b'{"event": "completed",}', {}),
    "truncated": (b'{"action": {"id": "5f', {}),
    "empty": (b"", {}),
    "no text": (b"\xff\xfe\x00\xd8", {}),
    "utf-16": (json.dumps(ISSUE).encode("utf-16"), {}),
    "deep": (b'[{"a": [' * 9000, {}),
}


@pytest.mark.parametrize("kind", HOOKS)
def test_whatever_is_no_delivery_of_the_kind_is_refused_and_never_a_failure(
    sqlite: Database, live: str, kind: str
) -> None:
    address = _add(sqlite, live, kind)

    answers = {name: _answer(address, kind, *body) for name, body in BODIES.items()}

    # Bitrix24 proves itself in the body: what cannot be read is not proved either.
    expected = dict.fromkeys(BODIES, 401 if kind == "bitrix24" else 400)
    if kind == "github":
        expected["payload"] = 202  # a hook of GitHub can be set to send such a form
    assert (answers, _stored(sqlite)) == (expected, list(expected.values()).count(202))


def test_bitrix24_may_write_its_event_as_json_as_well(sqlite: Database, live: str) -> None:
    address = _add(sqlite, live, "bitrix24")
    told = {"event": "ONTASKUPDATE", "data": {"FIELDS_AFTER": {"ID": 7}}, "ts": 1794907800}

    def tell(token: str, **more: object) -> int:
        return send(address, json.dumps({**told, "auth": {"application_token": token}, **more}).encode(), {})

    assert [tell(SECRET), tell(SECRET), tell("another"), tell(SECRET, data=[])] == [202, 202, 401, 400]
    kept = json.loads(sqlite.session.scalars(select(Delivery.body).where(~REFUSED)).one())
    assert kept == {**told, "auth": {}}


@pytest.mark.parametrize("body", [TASK, quote(TASK, safe="=&")])
def test_bitrix24s_form_is_read_with_its_brackets_encoded_or_not(sqlite: Database, live: str, body: str) -> None:
    address = _add(sqlite, live, "bitrix24")

    answers = [send(address, (body + token).encode(), FORM) for token in (SECRET, "another")]

    assert (answers, _stored(sqlite)) == ([202, 401], 1)
    assert SECRET.encode() not in sqlite.session.scalars(select(Delivery.body).where(~REFUSED)).one()
