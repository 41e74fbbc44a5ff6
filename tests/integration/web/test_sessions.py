"""Staff see where they are signed in and end it; what was typed when a session ended is there after signing in."""

import re
from datetime import datetime
from io import BytesIO
from typing import ClassVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse
from wtforms import StringField

from app.domain.states import Role, WayIn
from app.models.accounts import KeptForm, StaffSession
from app.models.audit import AuditEntry
from app.models.base import db
from app.upkeep.privacy.retention import retain
from app.web.frame.forms import StaffForm, shown
from app.web.frame.kept_forms import forget, kept_values
from tests.builders.issued import staff
from tests.builders.signing_in import Door, form_token
from tests.conftest import CAROL, HELEN
from tests.servers.databases import Database

FIREFOX = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
ROW = re.compile(r'<th scope="row">([^<]+)')
NAME = re.compile(r'name="public_id" value="([0-9a-f]{32})"')


@pytest.fixture
def door(sqlite_app: Flask, sqlite: Database, now: datetime) -> Door:
    return a_door(sqlite_app, sqlite, now)


@pytest.fixture
def either_door(app: Flask, database: Database, now: datetime) -> Door:
    return a_door(app, database, now)


def a_door(app: Flask, database: Database, now: datetime) -> Door:
    for role, email in ((Role.HR, HELEN.email), (Role.AUDITOR, HELEN.email), (Role.ADMIN, CAROL.email)):
        staff(database.session, email, role, now=now)
    database.session.commit()
    return Door(app, database, now)


def post(client: FlaskClient, **fields: str) -> TestResponse:
    return client.post("/sessions", data={"csrf_token": form_token(client.get("/sessions")), **fields})


def test_sessions_are_listed_by_device_the_newest_first(door: Door) -> None:
    firefox = door.app.test_client()
    firefox.environ_base.update(FIREFOX)
    door.ask(firefox, HELEN.email)
    door.use(firefox, door.mailed()[0])
    door.wait(minutes=5)
    other = door.signed_in(HELEN.email)

    page = other.get("/sessions")

    assert [row.strip() for row in ROW.findall(page.text)] == ["another browser", "Firefox, Linux"]
    assert page.text.count("this one") == 1
    assert "17 November, 21:30" in page.text.replace("\N{NO-BREAK SPACE}", " ")
    with door.database.sessions() as session:
        ways = session.scalars(select(StaffSession.way).order_by(StaffSession.created_at)).all()
    assert ways == [WayIn.LINK, WayIn.PRINTED]


def test_one_session_is_ended_from_another_browser_and_noted_once(either_door: Door) -> None:
    here, there = either_door.signed_in(HELEN.email), either_door.signed_in(HELEN.email)
    (name,) = NAME.findall(here.get("/sessions").text)

    answers = [post(here, act="end", public_id=name).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert there.get("/sessions").location == "/sign-in"
    with either_door.database.sessions() as session:
        noted = session.execute(select(AuditEntry.action, AuditEntry.details)).tuples().all()
    assert noted == [("staff.sessions_ended", {"sessions": 1})]


def test_all_others_are_ended_and_this_one_stays(door: Door) -> None:
    here, others = door.signed_in(HELEN.email), [door.signed_in(HELEN.email) for _ in range(2)]
    carol = door.signed_in(CAROL.email)

    post(here, act="end_others")

    assert [one.get("/sessions").location for one in others] == ["/sign-in", "/sign-in"]
    assert [one.get("/sessions").status_code for one in (here, carol)] == [200, 200]
    assert "End all others" not in here.get("/sessions").text


@pytest.mark.parametrize("public_id", ["", "zz", "00" * 16])
def test_a_session_that_is_nobodys_is_not_there(door: Door, public_id: str) -> None:
    assert post(door.signed_in(HELEN.email), act="end", public_id=public_id).status_code == 404


def test_the_session_of_somebody_else_cannot_be_ended(door: Door) -> None:
    carol, helen = door.signed_in(CAROL.email), door.signed_in(HELEN.email)
    with door.database.sessions() as session:
        carols = session.scalars(select(StaffSession.public_id).order_by(StaffSession.staff_id.desc())).first()
    assert carols is not None

    answer = post(helen, act="end", public_id=carols.hex())

    assert answer.status_code == 404
    assert carol.get("/sessions").status_code == 200


def typed_too_late(door: Door, client: FlaskClient, **fields: str | tuple[BytesIO, str]) -> TestResponse:
    """Open a form, let the session end, and send it."""
    token = form_token(client.get("/sessions"))
    door.wait(hours=12)
    return client.post("/sessions", data={"csrf_token": token, **fields})


def test_what_was_typed_when_the_session_ended_is_there_after_signing_in(door: Door) -> None:
    client = door.signed_in(HELEN.email)

    sent = typed_too_late(door, client, words="Café — 部門")

    assert sent.location == "/sign-in?kept=1"
    assert "What you typed is kept for an hour." in client.get(sent.location).text
    assert door.use(client, door.printed(HELEN.email)).location == "/sessions"
    with client:
        client.get("/sessions")
        assert kept_values("/sessions") == MultiDict({"words": "Café — 部門"})
        assert kept_values("/elsewhere") is None


def test_what_was_typed_beside_a_file_is_there_without_the_file(door: Door) -> None:
    client = door.signed_in(HELEN.email)

    sent = typed_too_late(door, client, words="Café — 部門", table=(BytesIO(b"code;name\n" * 40_000), "table.csv"))

    assert sent.location == "/sign-in?kept=1"
    door.use(client, door.printed(HELEN.email))
    with client:
        client.get("/sessions")
        assert kept_values("/sessions") == MultiDict({"words": "Café — 部門"})


def test_what_was_typed_is_sealed_and_ends_after_an_hour(door: Door) -> None:
    client = door.signed_in(HELEN.email)
    typed_too_late(door, client, words="what nobody else reads")
    with door.database.sessions() as session:
        body = session.scalars(select(KeptForm.body)).one()
    door.wait(hours=1)
    door.use(client, door.printed(HELEN.email))

    with client:
        client.get("/sessions")
        assert kept_values("/sessions") is None
    assert b"nobody" not in body
    with door.database.sessions() as session, session.begin():
        door.wait(seconds=1)
        assert retain(session, now=door.moment)["kept_forms"] == 1


def test_what_was_typed_is_not_there_for_somebody_else_in_the_same_browser(door: Door) -> None:
    client = door.signed_in(HELEN.email)
    typed_too_late(door, client, words="mine")
    door.use(client, door.printed(CAROL.email))

    with client:
        client.get("/sessions")
        assert kept_values("/sessions") is None


def test_what_was_typed_last_is_what_is_kept_and_it_can_be_forgotten(either_door: Door) -> None:
    client = either_door.signed_in(HELEN.email)
    token = form_token(client.get("/sessions"))
    either_door.wait(hours=12)
    for words in ("first", "second"):
        client.post("/sessions", data={"csrf_token": token, "words": words})
    either_door.use(client, either_door.printed(HELEN.email))

    with client:
        client.get("/sessions")
        kept = kept_values("/sessions")
    with client:
        client.post("/sessions")
        forget("/elsewhere")
        assert kept_values("/sessions") is not None
        forget("/sessions")
        db.session.commit()

    assert kept == MultiDict({"words": "second"})
    with either_door.database.sessions() as session:
        assert session.scalar(select(func.count()).select_from(KeptForm)) == 0


class NoteForm(StaffForm):
    """Words, and something that nobody may find again."""

    secret: ClassVar[frozenset[str]] = frozenset({"pin"})
    words = StringField("Words")
    pin = StringField("Pin")


def test_a_form_stands_as_it_was_typed_and_shown_but_for_its_secrets(door: Door) -> None:
    client = door.signed_in(HELEN.email)
    with client:
        token = form_token(client.get("/sessions"))
        before = shown(NoteForm, {"words": "as stored"}).signed
    door.wait(hours=12)
    client.post("/sessions", data={"csrf_token": token, "shown": before, "words": "typed", "pin": "1234"})
    door.use(client, door.printed(HELEN.email))

    with client:
        client.get("/sessions")
        form = shown(NoteForm, {"words": "saved by somebody else"})

    assert (form.is_kept, form.signed, form.told()) == (True, before, {"words": "typed", "pin": None})


@pytest.mark.parametrize(
    ("path", "options"),
    [
        ("/sessions", {"data": {"words": "without the token"}}),
        ("/posting/2026-Q3", {"data": {"act": "stop"}}),  # no page stands at this address
    ],
    ids=["forged", "button"],
)
def test_what_cannot_be_kept_is_said_to_be_lost(door: Door, path: str, options: dict[str, dict[str, str]]) -> None:
    client = door.signed_in(HELEN.email)
    door.wait(hours=12)

    sent = client.post(path, **options)

    assert sent.location == "/sign-in?ended=1"
    assert "Nothing was sent." in client.get(sent.location).text
    with door.database.sessions() as session:
        assert session.scalar(select(func.count()).select_from(KeptForm)) == 0


def test_a_stranger_keeps_nothing_here(door: Door) -> None:
    sent = door.app.test_client().post("/sessions", data={"words": "x"})

    assert sent.location == "/sign-in"
