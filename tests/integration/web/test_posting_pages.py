"""The list shows HR a posting that has not ended, with a button that stops its mails and one that lets them go on."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app.domain.asking_policy import AskingPolicy
from app.domain.periods import Calendar, Period
from app.domain.states import MessageState, Role
from app.models.messages import Message
from app.models.releases import PeriodRecord
from app.pipeline import scorecards
from app.upkeep.audit import log as audit
from app.upkeep.policy.versions import set_policy
from tests.builders.departments import department
from tests.builders.issued import issue, staff
from tests.builders.signing_in import Door, form_token
from tests.builders.statements import counting
from tests.conftest import BOB, CAROL, HELEN, MALLORY, Person
from tests.servers.databases import Database

CALENDAR = Calendar(ZoneInfo("UTC"))
Q3 = Period(2026, 3)
NOT_ALL_LEFT = "The mails of this quarter have not all left yet."
STOPPED = "The mails of this quarter are stopped."


@pytest.fixture
def door(app: Flask, database: Database, now: datetime) -> Door:
    """Bob heads IT and HR has a head of its own; the scorecards of both are frozen, and none is mailed."""
    session = database.session
    for code, head in (("IT", BOB.email), ("HR", "hr@example.com")):
        issue(session, department(session, code, head_email=head), posted=None, calendar=CALENDAR)
    staff(session, HELEN.email, Role.HR, now=now)
    staff(session, CAROL.email, Role.ADMIN, now=now)
    staff(session, MALLORY.email, Role.AUDITOR, now=now)
    session.commit()
    return Door(app, database, now)


def post(door: Door) -> int:
    with door.database.sessions.begin() as session:
        return scorecards.post(
            session,
            Q3,
            calendar=CALENDAR,
            policy=AskingPolicy(),
            languages=("en",),
            now=door.moment,
            draw=lambda _session, _row, _language: None,
        )


def press(client: FlaskClient, act: str, period: str = "2026-Q3") -> TestResponse:
    token = form_token(client.get("/scorecards", follow_redirects=True))
    return client.post(f"/posting/{period}", data={"csrf_token": token, "act": act})


def is_stopped(door: Door) -> Sequence[bool]:
    with door.database.sessions() as session:
        return session.scalars(select(PeriodRecord.posting_stopped)).all()


def mails(door: Door) -> int:
    with door.database.sessions() as session:
        return len(session.scalars(select(Message.id).where(Message.name == "scorecard")).all())


def test_hr_stops_the_mails_and_lets_them_go_on(door: Door) -> None:
    client = door.signed_in(HELEN.email)
    post(door)

    before = client.get("/scorecards").text
    pressed = press(client, "stop")
    stopped, left = client.get("/scorecards").text, mails(door)
    press(client, "resume")
    resumed = client.get("/scorecards").text

    assert (NOT_ALL_LEFT in before, "Stop them" in before) == (True, True)
    assert pressed.location == "/scorecards#posting-2026-Q3"
    assert (STOPPED in stopped, "Let them go on" in stopped, left) == (True, True, 0)
    assert NOT_ALL_LEFT in resumed
    assert post(door) == 2
    with door.database.sessions() as session:
        noted = [(entry.action, entry.subject, entry.actor) for entry in audit.entries(session)]
    assert noted == [
        ("scorecards.posting_stopped", "2026-Q3", "staff:1"),
        ("scorecards.posting_resumed", "2026-Q3", "staff:1"),
    ]


def test_the_page_says_how_many_cannot_be_taken_back(door: Door) -> None:
    client = door.signed_in(HELEN.email)
    post(door)
    first = select(Message.id).where(Message.name == "scorecard").order_by(Message.id).limit(1).scalar_subquery()
    door.database.session.execute(update(Message).where(Message.id == first).values(state=MessageState.SENT))
    door.database.session.commit()

    press(client, "stop")

    assert "1 has left and cannot be taken back." in client.get("/scorecards").text


def test_where_hr_has_to_send_them_the_list_leads_to_the_close(door: Door) -> None:
    with door.database.sessions.begin() as session:
        set_policy(session, {"posting": "after_review"}, author="a", reason="", now=door.moment)

    page = door.signed_in(HELEN.email).get("/scorecards").text

    assert "The scorecards wait for you to send them." in page
    assert ('href="/close/2026-Q3#send"' in page, NOT_ALL_LEFT in page, "Stop them" in page) == (True, False, False)


def test_nothing_is_said_of_a_posting_that_has_ended(door: Door) -> None:
    client = door.signed_in(HELEN.email)
    post(door)
    door.database.session.execute(update(Message).values(state=MessageState.SENT))
    door.database.session.commit()

    page = client.get("/scorecards").text

    assert (NOT_ALL_LEFT in page, "/posting/" in page) == (False, False)


def test_a_second_press_changes_and_notes_nothing(door: Door) -> None:
    client = door.signed_in(HELEN.email)

    statuses = [press(client, act).status_code for act in ("stop", "stop", "resume", "resume")]

    assert statuses == [303, 303, 303, 303]
    with door.database.sessions() as session:
        assert len(list(audit.entries(session))) == 2


@pytest.mark.parametrize("who", [BOB, CAROL, MALLORY])
def test_only_hr_may(door: Door, who: Person) -> None:
    client = door.signed_in(who.email)

    assert press(client, "stop").status_code == 403
    assert is_stopped(door) == [False]
    assert "/posting/" not in client.get("/scorecards").text


def test_a_stranger_is_led_to_the_sign_in(door: Door) -> None:
    answer = press(door.app.test_client(), "stop")

    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert is_stopped(door) == [False]


def test_a_foreign_form_changes_nothing(door: Door) -> None:
    answer = door.signed_in(HELEN.email).post("/posting/2026-Q3", data={"act": "stop"})

    assert (answer.status_code, is_stopped(door)) == (400, [False])


@pytest.mark.parametrize(("period", "act"), [("2026-Q3", "burn"), ("2026-Q9", "stop"), ("2031-Q1", "stop")])
def test_what_is_no_act_or_no_quarter_is_not_found(door: Door, period: str, act: str) -> None:
    assert press(door.signed_in(HELEN.email), act, period).status_code == 404
    assert is_stopped(door) == [False]


@pytest.mark.parametrize("quarters", [1, 3])
def test_the_list_costs_hr_the_same_however_many_quarters_have_ended(
    door: Door, quarters: int, database: Database
) -> None:
    place = department(database.session, "OPS")
    for period in ("2025-Q4", "2026-Q1", "2026-Q2")[:quarters]:
        issue(database.session, place, period, posted=door.moment - timedelta(days=40), calendar=CALENDAR)
    database.session.commit()
    client = door.signed_in(HELEN.email)

    with counting(door.app) as statements:
        client.get("/scorecards")

    assert len(statements) == 10, statements
