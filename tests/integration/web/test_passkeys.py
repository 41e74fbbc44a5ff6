"""What a browser sends in place of a passkey opens nothing, and what it sent once opens nothing again.

Passkeys of a real browser are tried in tests/browser.
"""

import json
from dataclasses import replace
from datetime import datetime
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.states import Role
from app.foundations.passkeys import House
from app.models.ways_in import Passkey
from app.settings import Settings
from app.upkeep.privacy.retention import retain
from app.upkeep.signing_in.ways_in import forget_ways_in
from tests.builders.bad_input import BAD
from tests.builders.issued import staff
from tests.builders.passkeys import Device
from tests.builders.signing_in import Door, form_token
from tests.conftest import CAROL, HELEN
from tests.servers.databases import Database

DATA = "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0"
SHAPED = {
    "id": "aGVsZW4",
    "rawId": "aGVsZW4",
    "type": "public-key",
    "response": {
        "clientDataJSON": DATA,
        "authenticatorData": "AA",
        "signature": "AA",
        "attestationObject": "oA",
    },
}


@pytest.fixture
def settings(sqlite: Database) -> Settings:
    return replace(sqlite.settings, base_url="http://parity.localhost:8000")


@pytest.fixture
def door(app: Flask, sqlite: Database, now: datetime) -> Door:
    for email in (HELEN.email, CAROL.email):
        staff(sqlite.session, email, Role.HR, now=now)
    row = {"public_key": b"key", "sign_count": 1, "name": "Chrome, Linux", "created_at": now}
    sqlite.session.add(Passkey(credential_id=b"helen", email=HELEN.email, **row))
    sqlite.session.commit()
    return Door(app, sqlite, now)


def left(door: Door) -> list[bytes]:
    with door.database.sessions() as session:
        return list(session.scalars(select(Passkey.credential_id)))


@pytest.mark.parametrize(
    "sent", [*BAD.values(), json.dumps(SHAPED), json.dumps({**SHAPED, "rawId": "b3RoZXI"}), "[]", "{}"]
)
def test_what_is_no_signature_signs_nobody_in(door: Door, sent: str) -> None:
    client = door.app.test_client()
    token = form_token(client.get("/sign-in/passkey"))

    refused = client.post("/sign-in/passkey", data={"csrf_token": token, "credential": sent})

    assert refused.status_code == 422
    assert "This passkey is not known here" in refused.text
    assert client.get("/sessions").location == "/sign-in"


def test_an_answer_signs_in_once_whoever_holds_a_copy_of_it_and_of_the_cookie(door: Door) -> None:
    device = Device("parity.localhost", "http://parity.localhost:8000", b"carol")
    row = {"public_key": device.public_key, "sign_count": 0, "name": "Phone", "created_at": door.moment}
    with door.database.sessions.begin() as session:
        session.add(Passkey(credential_id=b"carol", email=CAROL.email, **row))
    carol, thief = door.app.test_client(), door.app.test_client()
    page = carol.get("/sign-in/passkey")
    cookie = carol.get_cookie("parity")
    assert cookie
    thief.set_cookie("parity", cookie.value)
    options = unescape(page.text.split('data-options="')[1].split('"')[0])
    sent = {"csrf_token": form_token(page), "credential": device.sign(options)}

    entered, copied = (client.post("/sign-in/passkey", data=sent) for client in (carol, thief))
    door.wait(minutes=5, seconds=1)
    with door.database.sessions.begin() as session:
        forgotten = retain(session, now=door.moment)["used_challenges"]

    assert (entered.status_code, copied.status_code, forgotten) == (303, 422, 1)
    assert thief.get("/sessions").location == "/sign-in"


@pytest.mark.parametrize("sent", [*BAD.values(), json.dumps(SHAPED), "[]"])
def test_what_is_no_passkey_is_not_stored(door: Door, sent: str) -> None:
    client = door.signed_in(HELEN.email)
    token = form_token(client.get("/account/passkeys"))

    refused = client.post("/account/passkeys", data={"csrf_token": token, "credential": sent})

    assert (refused.status_code, left(door)) == (422, [b"helen"])
    assert "The passkey was not made" in refused.text


@pytest.mark.parametrize("path", ["/sign-in/passkey", "/account/passkeys"])
def test_a_form_without_its_token_does_nothing(door: Door, path: str) -> None:
    client = door.signed_in(HELEN.email)

    assert client.post(path, data={"act": "remove", "passkey": b"helen".hex()}).status_code in {400, 422}
    assert left(door) == [b"helen"]


@pytest.mark.parametrize(("email", "after"), [(HELEN.email, []), (CAROL.email, [b"helen"])])
def test_only_ones_own_passkey_can_be_taken_away(door: Door, email: str, after: list[bytes]) -> None:
    client = door.signed_in(email)
    token = form_token(client.get("/account/passkeys"))

    answer = client.post("/account/passkeys", data={"csrf_token": token, "act": "remove", "passkey": b"helen".hex()})

    assert (answer.status_code, left(door)) == (303, after)


def test_a_passkey_without_a_name_is_404(door: Door) -> None:
    client = door.signed_in(HELEN.email)
    token = form_token(client.get("/account/passkeys"))

    assert (
        client.post("/account/passkeys", data={"csrf_token": token, "act": "remove", "passkey": "x"}).status_code == 404
    )


def test_who_is_erased_keeps_no_passkey(door: Door) -> None:
    with door.database.sessions() as session, session.begin():
        forget_ways_in(session, HELEN.email)

    assert left(door) == []


@pytest.mark.parametrize(
    ("base_url", "origin"),
    [
        ("https://parity.example.com/x", "https://parity.example.com"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://127.0.0.1:8000", None),
        ("http://[::1]:8000", None),
    ],
)
def test_passkeys_are_for_a_site_with_a_name(base_url: str, origin: str | None) -> None:
    house = House.at(base_url, "Parity")

    assert (house and house.origin) == origin
