"""Who finds the names of those who asked to be contacted, and what the button beside a name does."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.domain.periods import Calendar
from app.domain.states import FollowUpState, Role
from app.models.departments import Department
from app.models.follow_ups import FollowUp
from app.upkeep import audit
from tests.builders.departments import department
from tests.builders.invitations import invitation
from tests.builders.issued import issue, staff
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.builders.signing_in import Door, form_token
from tests.conftest import BOB, CAROL, HELEN, MALLORY, Person
from tests.servers.databases import Database

CALENDAR = Calendar(ZoneInfo("UTC"))
NAME = "Ines Varga"


@pytest.fixture
def door(app: Flask, database: Database, now: datetime) -> Door:
    """Mallory heads OPS; below it Bob heads IT, and DESK below IT has no head. Ines waits for an answer of DESK."""
    session = database.session
    ops = department(session, "OPS", head_email=MALLORY.email)
    it = department(session, "IT", parent=ops, head_email=BOB.email)
    desk = department(session, "DESK", parent=it, name="Service Desk")
    for one in (ops, it, desk):
        issue(session, one, posted=now, calendar=CALENDAR)
    staff(session, HELEN.email, Role.HR, now=now)
    staff(session, CAROL.email, Role.ADMIN, now=now)
    _case(database, desk, now - timedelta(days=6))
    session.commit()
    return Door(app, database, now)


def _case(database: Database, provider: Department, asked_at: datetime) -> None:
    session = database.session
    cycle = completed_request(session, provider, person(session, "ines@example.com", name=NAME), asked_at)
    invited = invitation(session, cycle, sent_at=asked_at)
    told = {"invitation_id": invited.id, "person_id": invited.person_id, "department_id": provider.id}
    session.add(FollowUp(**told, period=invited.period, created_at=asked_at))
    session.flush()


def _states(door: Door) -> list[tuple[FollowUpState, datetime | None]]:
    with door.database.sessions() as session:
        return list(session.execute(select(FollowUp.state, FollowUp.contacted_at)).tuples())


def _press(client: FlaskClient, back: str, *, number: int = 1) -> TestResponse:
    token = form_token(client.get("/scorecards"))
    return client.post(f"/contacts/{number}", data={"csrf_token": token, "back": back})


@pytest.mark.parametrize(
    ("who", "path", "named"),
    [
        (BOB, "/scorecards", True),
        (BOB, "/scorecards/2026-Q3/DESK", True),
        (BOB, "/scorecards/2026-Q3/IT", True),  # DESK has no head, so its cases are Bob's
        (MALLORY, "/scorecards", False),
        (MALLORY, "/scorecards/2026-Q3/OPS", False),
        (MALLORY, "/scorecards/2026-Q3/DESK", False),
        (HELEN, "/scorecards", False),
        (HELEN, "/scorecards/2026-Q3/DESK", False),
    ],
)
def test_the_nearest_head_sees_the_name_and_nobody_else(door: Door, who: Person, path: str, named: bool) -> None:
    page = door.signed_in(who.email).get(path)

    assert page.status_code == 200
    assert (NAME in page.text, "A new badge" in page.text) == (named, named)


def test_the_button_notes_the_contact_once_and_leads_back(door: Door) -> None:
    client = door.signed_in(BOB.email)
    back = "/scorecards/2026-Q3/DESK"

    pressed = _press(client, back)
    first = _states(door)
    door.wait(hours=1)
    _press(client, back)

    assert pressed.location == f"{back}?contacted=1#contacts"
    assert first == _states(door) == [(FollowUpState.CONTACTED, first[0][1])]
    assert first[0][1] == door.moment - timedelta(hours=1)
    page = client.get(back + "?contacted=1").text
    assert "Nobody else waits." in page
    assert NAME not in page
    with door.database.sessions() as session:
        entries = list(audit.entries(session))
    assert [(entry.action, entry.subject) for entry in entries] == [("follow_up.contacted", "follow-up:1")]


@pytest.mark.parametrize(("who", "status"), [(MALLORY, 404), (HELEN, 403)])
def test_nobody_else_can_press_it(door: Door, who: Person, status: int) -> None:
    client = door.signed_in(who.email)

    assert _press(client, "/scorecards").status_code == status
    assert _states(door) == [(FollowUpState.WAITING, None)]


def test_a_foreign_form_changes_nothing(door: Door) -> None:
    client = door.signed_in(BOB.email)

    answer = client.post("/contacts/1", data={"back": "/scorecards"})

    assert answer.status_code == 400
    assert _states(door) == [(FollowUpState.WAITING, None)]


@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "/scorecards//evil", "/sign-out", ""])
def test_it_leads_back_to_our_pages_only(door: Door, back: str) -> None:
    assert _press(door.signed_in(BOB.email), back).location == "/scorecards?contacted=1#contacts"
