"""The worker asks: everything due is decided, however much it is, and a clock that runs ahead does no harm."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.foundations.crypto import Keys
from app.jobs.installation import Installation
from app.jobs.invitations import run_invitations
from app.jobs.steps import Step, sweep
from app.models.invitations import Invitation
from app.models.messages import Message
from app.models.people import Person
from app.models.policies import PolicyVersion
from tests.builders.departments import department
from tests.builders.people import person
from tests.builders.service_requests import completed_request
from tests.servers.databases import Database

TUESDAY_NINE = datetime(2026, 3, 3, 9, tzinfo=UTC)


@pytest.fixture
def installation(database: Database) -> Installation:
    return Installation(database.settings, Keys.of(database.settings), database.sessions)


def fill(database: Database, people: int) -> None:
    desk = department(database.session, "IT")
    for number in range(people):
        who = person(database.session, f"p{number}@example.com")
        completed_request(database.session, desk, who, TUESDAY_NINE - timedelta(hours=20))
    database.session.commit()


def test_it_goes_on_until_nothing_is_due(
    database: Database, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.pipeline.invitations.deciding.MOST_A_RUN", 2)
    fill(database, 5)

    assert run_invitations(installation, now=TUESDAY_NINE) == 5
    assert run_invitations(installation, now=TUESDAY_NINE) == 0


def test_it_waits_quietly_while_its_clock_is_behind(database: Database, installation: Installation) -> None:
    fill(database, 1)
    run_invitations(installation, now=TUESDAY_NINE - timedelta(hours=1))

    assert run_invitations(installation, now=TUESDAY_NINE - timedelta(hours=2)) == 0


def test_it_asks_by_the_policy_in_force(database: Database, installation: Installation) -> None:
    rules = {"sending_hour": 10}
    database.session.add(
        PolicyVersion(version=1, rules=rules, author="carol", reason="late risers", created_at=TUESDAY_NINE)
    )
    fill(database, 1)

    early = run_invitations(installation, now=TUESDAY_NINE)
    run_invitations(installation, now=TUESDAY_NINE + timedelta(hours=1))

    assert early == 0
    assert database.session.scalars(select(Invitation.planned_at)).all() == [TUESDAY_NINE + timedelta(hours=1)]


def test_a_clock_that_was_ahead_once_asks_nobody_twice_and_keeps_nobody_waiting(
    database: Database, installation: Installation
) -> None:
    steps = (Step("invitations", run_invitations),)
    fill(database, 1)
    sweep(installation, steps, TUESDAY_NINE + timedelta(days=2))
    desk = department(database.session, "HR")
    for name in ("p0@example.com", "p7@example.com"):
        who = database.session.scalar(select(Person).where(Person.email == name)) or person(database.session, name)
        completed_request(database.session, desk, who, TUESDAY_NINE - timedelta(hours=20))
    database.session.commit()

    for minutes in (0, 1):
        sweep(installation, steps, TUESDAY_NINE + timedelta(minutes=minutes))

    invited = database.session.scalars(select(Message.recipient).order_by(Message.id)).all()
    assert invited == ["p0@example.com", "p7@example.com"]
