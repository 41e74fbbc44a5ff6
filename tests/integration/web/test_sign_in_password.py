"""Where an installation allows it, staff sign in with a password and a code; nothing is open after one of the two."""

from dataclasses import replace
from datetime import datetime, timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.domain.states import Role, WayIn
from app.models.accounts import Staff, StaffSession
from app.models.audit import AuditEntry
from app.models.ways_in import OneTimeCode, Password, SignInAttempt
from app.settings import Settings
from app.upkeep.privacy.erasure import erase
from app.upkeep.privacy.retention import retain
from tests.builders.bad_input import bad_posts
from tests.builders.issued import staff
from tests.builders.service_requests import CALENDAR
from tests.builders.signing_in import Door, hidden_fields
from tests.conftest import CAROL, HELEN, MALLORY
from tests.servers.databases import Database

PASSWORD = "correct horse battery"
WRONG = "Address and password do not belong together, or no code is set up."


@pytest.fixture
def settings(sqlite: Database) -> Settings:
    return replace(sqlite.settings, passwords=True)


@pytest.fixture
def door(app: Flask, sqlite: Database, now: datetime) -> Door:
    staff(sqlite.session, HELEN.email, Role.HR, now=now, name=HELEN.name)
    staff(sqlite.session, CAROL.email, Role.ADMIN, now=now)
    sqlite.session.commit()
    return Door(app, sqlite, now)


def send(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    return client.post(path, data={**hidden_fields(client.get(path)), **fields})


def code_of(door: Door, secret: str) -> str:
    return pyotp.TOTP(secret).at(door.moment)


def set_up(door: Door, email: str = HELEN.email) -> tuple[str, list[str]]:
    """Set up codes and a password through the pages; return the app's secret and the recovery codes."""
    client = door.signed_in(email)
    send(client, "/account/codes", act="begin")
    page = client.get("/account/codes").text
    secret = page.split('<span class="mono">')[1].split("<")[0].replace(" ", "")
    shown = send(client, "/account/codes", act="confirm", code=code_of(door, secret))
    recovery = [part.split("<")[0] for part in shown.text.split('<li class="mono">')[1:]]
    assert send(client, "/account/password", password=PASSWORD, again=PASSWORD).location == "/account"
    door.wait(minutes=1)
    return secret, recovery


def first_step(client: FlaskClient, email: str = HELEN.email, password: str = PASSWORD) -> TestResponse:
    return send(client, "/sign-in/password", email=email, password=password)


def test_password_and_code_lead_to_the_page_that_was_wanted(door: Door) -> None:
    secret, recovery = set_up(door)
    client = door.app.test_client()
    client.get("/scorecards?before=2026-Q1")

    half = first_step(client, f" {HELEN.email.upper()}")
    between = client.get("/sessions").location
    entered = send(client, "/sign-in/code", code=f" {code_of(door, secret)[:3]} {code_of(door, secret)[3:]}")

    assert (half.location, between) == ("/sign-in/code", "/sign-in")
    assert entered.location == "/sessions"  # asked for in between
    assert len(recovery) == len(set(recovery)) == 10
    assert "password and code" in client.get("/sessions").text
    with door.database.sessions() as session:
        ways = session.scalars(select(StaffSession.way).order_by(StaffSession.created_at)).all()
        noted = [entry.details for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert ways == [WayIn.PRINTED, WayIn.PASSWORD]
    assert noted == [
        {"way": "code", "change": "begun"},
        {"way": "code", "change": "set"},
        {"way": "password", "change": "set"},
    ]


def test_a_code_is_taken_once_and_a_recovery_code_too(door: Door) -> None:
    secret, recovery = set_up(door)
    answers = []

    for code in (code_of(door, secret), code_of(door, secret), recovery[3].upper(), recovery[3]):
        client = door.app.test_client()
        first_step(client)
        answers.append(send(client, "/sign-in/code", code=code).status_code)

    assert answers == [303, 422, 303, 422]


@pytest.mark.parametrize("minutes", [-1, 1])
def test_a_code_of_another_minute_is_wrong(door: Door, minutes: int) -> None:
    secret, _ = set_up(door)
    client, code = door.app.test_client(), pyotp.TOTP(secret).at(door.moment + timedelta(minutes=minutes))
    first_step(client)

    refused = send(client, "/sign-in/code", code=code)

    assert refused.status_code == 422
    assert "This code is wrong, or was used before." in refused.text


def test_a_stranger_a_wrong_password_and_an_address_without_codes_get_the_same_answer(door: Door) -> None:
    set_up(door)
    send(door.signed_in(CAROL.email), "/account/password", password=PASSWORD, again=PASSWORD)
    tried = [(MALLORY.email, PASSWORD), (HELEN.email, "wrong horse battery"), (CAROL.email, PASSWORD)]

    answers = [first_step(door.app.test_client(), *one) for one in tried]

    assert [(answer.status_code, WRONG in answer.text) for answer in answers] == [(422, True)] * 3


def test_after_ten_wrong_tries_only_time_or_a_link_helps(door: Door) -> None:
    secret, _ = set_up(door)
    client = door.app.test_client()

    wrong = [first_step(client, password="wrong horse battery").status_code for _ in range(10)]
    late = first_step(client)
    door.wait(minutes=15)
    first_step(client)

    assert (wrong, late.status_code, late.headers["Retry-After"]) == ([422] * 10, 429, "900")
    assert "Too many tries." in late.text
    assert send(client, "/sign-in/code", code=code_of(door, secret)).status_code == 303
    assert door.signed_in(HELEN.email).get("/sessions").status_code == 200


def test_the_right_password_excuses_no_wrong_codes(door: Door) -> None:
    secret, _ = set_up(door)
    client, answers = door.app.test_client(), []

    for _ in range(11):
        first_step(client)
        answers.append(send(client, "/sign-in/code", code="000000").status_code)

    assert answers == [422] * 10 + [429]
    assert send(client, "/sign-in/code", code=code_of(door, secret)).status_code == 429


def test_the_code_is_asked_for_within_five_minutes_of_the_password(door: Door) -> None:
    secret, _ = set_up(door)
    client = door.app.test_client()
    first_step(client)
    fields = {**hidden_fields(client.get("/sign-in/code")), "code": code_of(door, secret)}
    door.wait(minutes=6)

    assert client.post("/sign-in/code", data=fields).location == "/sign-in/password"
    assert client.get("/sign-in/code").location == "/sign-in/password"


def test_nothing_that_was_typed_can_be_read_back(door: Door) -> None:
    secret, recovery = set_up(door)

    with door.database.sessions() as session:
        password, code = session.scalars(select(Password)).one(), session.scalars(select(OneTimeCode)).one()

    assert password.hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert secret.encode() not in code.secret
    assert not set(recovery) & set(code.recovery)
    assert len(code.recovery) == 10


def test_a_confirmed_key_is_shown_no_more(door: Door) -> None:
    secret, _ = set_up(door)
    client = door.signed_in(HELEN.email)

    send(client, "/account/codes", act="begin")
    page = client.get("/account/codes").text

    assert "10 recovery codes are left." in page
    assert "<svg" not in page.split("<main")[1]
    assert secret[:4] not in page


@pytest.mark.parametrize("act", ["codes", "password"])
def test_what_is_switched_off_opens_nothing(door: Door, act: str) -> None:
    set_up(door)
    client = door.signed_in(HELEN.email)

    send(client, f"/account/{act}", act="remove")

    assert first_step(door.app.test_client()).status_code == 422


@pytest.mark.parametrize("change", [{"password": f"new {PASSWORD}", "again": f"new {PASSWORD}"}, {"act": "remove"}])
def test_a_code_follows_no_password_that_was_changed_meanwhile(door: Door, change: dict[str, str]) -> None:
    secret, _ = set_up(door)
    thief, helen = door.app.test_client(), door.signed_in(HELEN.email)
    assert first_step(thief).location == "/sign-in/code"

    send(helen, "/account/password", **change)

    assert thief.get("/sign-in/code").location == "/sign-in/password"
    token = hidden_fields(thief.get("/sign-in/password"))
    answer = thief.post("/sign-in/code", data=token | {"code": code_of(door, secret)})
    assert (answer.location, thief.get("/sessions").location) == ("/sign-in/password", "/sign-in")


def test_a_password_without_a_role_opens_nothing(door: Door) -> None:
    set_up(door)
    with door.database.sessions() as session, session.begin():
        session.scalars(select(Staff).where(Staff.email == HELEN.email)).one().is_active = False

    assert first_step(door.app.test_client()).status_code == 422


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [
        ("short", "short", "7 characters more, please."),
        ("", "", "12 characters more, please."),
        (PASSWORD, "another horse", "This is not the same as above."),
        ("x" * 129, "x" * 129, "This is 1 character too long"),
    ],
)
def test_a_password_that_is_no_good_is_sent_back_and_not_shown(
    door: Door, password: str, again: str, sentence: str
) -> None:
    refused = send(door.signed_in(HELEN.email), "/account/password", password=password, again=again)

    assert refused.status_code == 422
    assert sentence in refused.text
    assert f'value="{password}"' not in refused.text or not password


@pytest.mark.parametrize("field", ["email", "password"])
def test_whatever_is_typed_to_sign_in_is_answered(door: Door, field: str) -> None:
    client = door.app.test_client()
    good = {**hidden_fields(client.get("/sign-in/password")), "email": HELEN.email, "password": PASSWORD}

    answers = bad_posts(client, "/sign-in/password", good, field)

    assert {answer.status_code for answer in answers.values()} == {422}


def test_who_is_erased_keeps_no_way_in_and_tries_are_kept_for_a_day(door: Door) -> None:
    set_up(door)
    first_step(door.app.test_client(), password="wrong horse battery")
    with door.database.sessions() as session, session.begin():
        erase(session, door.links.keys, CALENDAR, HELEN.email, now=door.moment)
    door.wait(days=1, seconds=1)

    with door.database.sessions() as session, session.begin():
        retain(session, now=door.moment)
        left = [session.scalars(select(table)).all() for table in (Password, OneTimeCode, SignInAttempt)]

    assert left == [[], [], []]


def test_without_the_setting_there_are_no_such_pages(sqlite_app: Flask, sqlite: Database, now: datetime) -> None:
    staff(sqlite.session, HELEN.email, Role.HR, now=now)
    sqlite.session.commit()
    client = Door(sqlite_app, sqlite, now).signed_in(HELEN.email)

    paths = ("/sign-in/password", "/sign-in/code", "/account/password", "/account/codes")
    assert [client.get(path).status_code for path in paths] == [404] * 4
    assert "Codes" not in client.get("/account").text
