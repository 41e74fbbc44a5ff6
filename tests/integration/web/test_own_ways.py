"""A way in is added or taken away only after a sign-in of this quarter of an hour, and its owner hears of it."""

from dataclasses import replace
from datetime import datetime

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, text
from sqlalchemy.exc import OperationalError

from app.domain.states import Role
from app.mail.outbox.composing import COMPOSERS, compose
from app.models.accounts import StaffSession
from app.models.messages import Message
from app.models.ways_in import OneTimeCode, Passkey, Password
from app.settings import Settings
from app.upkeep.signing_in.ways_in import may_try_from
from tests.builders.issued import staff
from tests.builders.signing_in import Door, hidden_fields
from tests.conftest import HELEN
from tests.servers.databases import Database

PASSWORD = "correct horse battery"
TWICE = {"password": PASSWORD, "again": PASSWORD}
PAGES = ("/account/password", "/account/codes", "/account/passkeys")
ONCE_MORE = "Sign in once more first"


@pytest.fixture
def settings(sqlite: Database) -> Settings:
    return replace(sqlite.settings, passwords=True, base_url="http://parity.localhost:8000")


@pytest.fixture
def door(app: Flask, sqlite: Database, now: datetime) -> Door:
    staff(sqlite.session, HELEN.email, Role.HR, now=now, name=HELEN.name)
    row = {"public_key": b"key", "sign_count": 1, "name": "Chrome, Linux", "created_at": now}
    sqlite.session.add(Passkey(credential_id=b"helen", email=HELEN.email, **row))
    sqlite.session.commit()
    return Door(app, sqlite, now)


def mails(door: Door) -> list[tuple[str | None, str]]:
    """Return who is told of a change, and of which."""
    with door.database.sessions() as session:
        rows = session.scalars(select(Message).where(Message.name == "way_in_changed").order_by(Message.id)).all()
        return [(row.recipient, (row.params or {})["change"]) for row in rows]


def app_code(door: Door, client: FlaskClient) -> str:
    """Begin with codes and return the first one that the app shows."""
    door.post(client, "/account/codes", {"act": "begin"})
    key = client.get("/account/codes").text.split('<span class="mono">')[1].split("<")[0].replace(" ", "")
    return pyotp.TOTP(key).at(door.moment)


@pytest.mark.parametrize("path", PAGES)
def test_an_old_session_signs_in_once_more_and_comes_back(door: Door, path: str) -> None:
    client = door.signed_in(HELEN.email)
    door.wait(minutes=15)

    asked = client.get(path)
    sent = door.ask(client, HELEN.email)
    mail = client.get(sent.location)
    entered = door.use(client, door.mailed()[-1])

    assert (asked.status_code, ONCE_MORE in asked.text, "<form class" in asked.text) == (403, True, False)
    assert "Look into your mailbox" in mail.text
    assert (entered.location, client.get(path).status_code) == (path, 200)
    with door.database.sessions() as session:
        ended = session.scalars(select(StaffSession.ended_at).order_by(StaffSession.created_at)).all()
    assert ended == [door.moment, None]


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/account/password", TWICE),
        ("/account/codes", {"act": "begin"}),
        ("/account/passkeys", {"act": "remove", "passkey": b"helen".hex()}),
    ],
)
def test_what_is_shown_in_time_and_sent_too_late_changes_nothing(door: Door, path: str, data: dict[str, str]) -> None:
    client = door.signed_in(HELEN.email)
    fields = hidden_fields(client.get(path))
    door.wait(minutes=15)

    sent = client.post(path, data={**fields, **data})

    assert (sent.status_code, sent.location, mails(door)) == (303, path, [])
    with door.database.sessions() as session:
        left = [session.scalars(select(table.email)).all() for table in (Password, OneTimeCode, Passkey)]
    assert left == [[], [], [HELEN.email]]


def test_whoever_is_signed_in_for_hours_still_sees_the_account(door: Door) -> None:
    client = door.signed_in(HELEN.email)
    door.wait(hours=11)

    assert client.get("/account").status_code == 200
    assert client.get("/sign-in").location == "/"


def test_the_owner_is_told_of_every_way_in_that_opens_or_closes(door: Door) -> None:
    client = door.signed_in(HELEN.email)

    code = app_code(door, client)
    begun = mails(door)
    door.post(client, "/account/codes", {"act": "confirm", "code": code})
    door.post(client, "/account/password", TWICE)
    for path in ("/account/password", "/account/codes"):
        door.post(client, path, {"act": "remove"})
        door.post(client, path, {"act": "remove"})
    door.post(client, "/account/passkeys", {"act": "remove", "passkey": b"helen".hex()})

    changes = ("code_set", "password_set", "password_removed", "code_removed", "passkey_removed")
    assert (begun, mails(door)) == ([], [(HELEN.email, change) for change in changes])


def test_the_mail_names_the_change_and_leads_to_the_account(door: Door) -> None:
    door.post(door.signed_in(HELEN.email), "/account/password", TWICE)

    with door.database.sessions() as session:
        row = session.scalars(select(Message).where(Message.name == "way_in_changed")).one()
        mail = compose(session, row, door.links, COMPOSERS)

    assert mail.subject == "Your way to sign in to Parity has changed"
    assert f"A password was set at {door.moment:%Y-%m-%d %H:%M} UTC." in mail.text
    assert mail.text.endswith("\nhttp://parity.localhost:8000/account\n")


def test_without_the_mail_nothing_changes(door: Door) -> None:
    client = door.signed_in(HELEN.email)
    fields = hidden_fields(client.get("/account/password"))
    with door.database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE messages RENAME TO elsewhere"))

    with pytest.raises(OperationalError):
        client.post("/account/password", data={**fields, **TWICE})

    with door.database.sessions() as session:
        assert session.scalars(select(Password)).all() == []


def test_a_session_without_its_row_is_nobody(door: Door) -> None:
    client = door.signed_in(HELEN.email)
    with door.database.sessions() as session, session.begin():
        session.execute(delete(StaffSession))

    assert client.get("/account/password").location == "/sign-in"


@pytest.mark.parametrize("password", ["", "wrong horse battery"])
def test_who_does_not_get_in_is_told_so(door: Door, password: str) -> None:
    refused = door.post(door.app.test_client(), "/sign-in/password", {"email": HELEN.email, "password": password})

    assert refused.status_code == 422
    assert "<b>You are not signed in yet.</b>" in refused.text
    assert "Nothing was saved yet." not in refused.text


def test_many_addresses_tried_from_one_network_close_it_for_passwords_only(door: Door) -> None:
    client = door.app.test_client()
    fields = hidden_fields(client.get("/sign-in/password"))
    with door.database.sessions() as session, session.begin():
        tried = [may_try_from(session, door.links.keys, "127.0.0.1", now=door.moment) for _ in range(99)]

    answers = [
        client.post("/sign-in/password", data={**fields, "email": f"p{n}@example.com", "password": PASSWORD})
        for n in range(2)
    ]
    elsewhere = {"environ_base": {"REMOTE_ADDR": "192.0.2.1"}}
    other = client.post("/sign-in/password", data={**fields, "email": HELEN.email, "password": PASSWORD}, **elsewhere)

    assert all(tried)
    assert [answer.status_code for answer in answers] == [422, 429]
    assert (other.status_code, door.ask(client, HELEN.email).location) == (422, "/sign-in?sent=1")
